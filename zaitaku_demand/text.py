"""Sentences that a user reads, in Japanese and English.

Every user-facing string is a :class:`Text`; which of its two halves is shown is decided once, at
the edge of the program (terminal, page, workbook), never inside a calculation.
"""

from __future__ import annotations

import os
from typing import Literal, NamedTuple

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")


class Text(NamedTuple):
    """One sentence or label in both languages."""

    ja: str
    en: str

    def to(self, language: Language) -> str:
        """Return the half in `language`."""
        return self.ja if language == "ja" else self.en

    def format(self, **values: object) -> Text:
        """Fill the placeholders of both halves."""
        return Text(self.ja.format(**values), self.en.format(**values))


def language_of_terminal() -> Language:
    """Language of the terminal: ``ZAITAKU_LANG`` (ja or en); Japanese where it is not set."""
    return "en" if os.environ.get("ZAITAKU_LANG", "ja").lower().startswith("en") else "ja"

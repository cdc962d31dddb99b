"""Which municipality an address lies in, by the name with which it begins."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping


def locate(text: str, names: Mapping[str, str], prefecture: str) -> str | None:
    """Code of the municipality with which an address of a prefecture begins, or None.

    Addresses begin with or without the prefecture and the 郡, and write ケ for ヶ. A name cut short before its
    own 町 (大町 for 大町町) is read as well.

    Parameters
    ----------
    text : str
        An address or a municipality's name.
    names : mapping
        Folded name (:func:`folded`) → code of the prefecture's municipalities and wards.
    prefecture : str
        The prefecture's name.
    """
    whole = folded(text).removeprefix(folded(prefecture))
    for candidate in (whole, re.sub(r"^.+?郡(?=.+?[町村])", "", whole), re.sub(r"^.+?郡", "", whole)):
        for length in range(min(len(candidate), max(map(len, names))), 1, -1):
            code = names.get(candidate[:length])
            if code is not None:
                return code
        if candidate + "町" in names:
            return names[candidate + "町"]
    return None


def folded(name: str) -> str:
    """A place name without blanks and with the variants of a character made one."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", name))
    return text.replace("ヶ", "ケ").replace("檮", "梼")

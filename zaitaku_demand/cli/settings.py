"""Options that hold for the whole process: language and data folder."""

from __future__ import annotations

import os
from pathlib import Path

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text


def settle(lang: str | None, data: Path | None) -> None:
    """Put `--lang` and `--data` where the rest of the program looks for them."""
    if lang is not None:
        if lang not in ("ja", "en"):
            raise InputError(
                Text(f"言語「{lang}」はない", f"there is no language '{lang}'"),
                Text("ja または en を指定してください", "choose ja or en"),
            )
        os.environ["ZAITAKU_LANG"] = lang
    if data is not None:
        os.environ["ZAITAKU_DATA"] = str(data)

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


def refused(name: Text, value: object, values: Text) -> InputError:
    """That an option, called `name`, cannot have a value, and which `values` it can have."""
    return InputError(
        Text(f"{name.ja}に「{value}」は使えない", f"{name.en} cannot be '{value}'"),
        values,
    )


def require_folder(folder: Path) -> None:
    """InputError if nothing can be written into the output folder."""
    action = Text(
        "--out に書き込めるフォルダを指定してください", "give a folder that can be written to with --out"
    )
    if folder.exists() and not folder.is_dir():
        raise InputError(
            Text("出力先が同名のファイルである", "the output folder is a file"), action, file=folder
        )
    parent = next(each for each in [folder, *folder.absolute().parents] if each.exists())
    if not os.access(parent, os.W_OK):
        raise InputError(
            Text("出力先に書き込めない", "the output folder cannot be written to"), action, file=folder
        )

"""Options that hold for the whole process: language and data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    from zaitaku_demand.parameters import RunParameters


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


def read_parameters(
    *, services: list[str] | None = None, scenarios: list[str] | None = None, **given: Any
) -> RunParameters:
    """Check the options; the first that cannot be used is named in one sentence."""
    from pydantic import ValidationError

    from zaitaku_demand.parameters import PARAMETER_NAMES, PARAMETER_VALUES, RunParameters
    from zaitaku_demand.rates.services import services as declared

    if services:
        given["services"] = tuple(declared()) if services == ["all"] else tuple(services)
    if scenarios:
        given["scenarios"] = tuple(scenarios)
    try:
        return RunParameters(**given)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else "ratio_95plus"
        value = given.get(key)
        shown = "、".join(value) if isinstance(value, tuple) else value
        raise refused(PARAMETER_NAMES[key], shown, PARAMETER_VALUES[key]) from None

"""Files of settings (TOML) read and checked, with one sentence on the first thing that is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

_T = TypeVar("_T", bound=BaseModel)

_WANTED: Mapping[str, Text] = {
    "missing": Text("項目がない", "it is missing"),
    "extra_forbidden": Text("そのような項目はない", "there is no such item"),
    "greater_than": Text("{gt}より大きい値", "it must be above {gt}"),
    "greater_than_equal": Text("{ge}以上の値", "it must be at least {ge}"),
    "less_than": Text("{lt}より小さい値", "it must be below {lt}"),
    "less_than_equal": Text("{le}以下の値", "it must be at most {le}"),
    "too_short": Text("{min_length}個以上", "it must have at least {min_length}"),
    "too_long": Text("{max_length}個以下", "it must have at most {max_length}"),
    "int_type": Text("整数", "it must be a whole number"),
    "int_parsing": Text("整数", "it must be a whole number"),
    "int_from_float": Text("整数", "it must be a whole number"),
    "float_type": Text("数", "it must be a number"),
    "float_parsing": Text("数", "it must be a number"),
    "bool_type": Text("true か false", "it must be true or false"),
    "bool_parsing": Text("true か false", "it must be true or false"),
    "string_type": Text("文字列", "it must be a text"),
    "tuple_type": Text("[ ] で囲んだ並び", "it must be a list in brackets"),
    "dict_type": Text("表", "it must be a table"),
    "model_type": Text("表", "it must be a table"),
    "date_type": Text("日付（2026-12-01 の形）", "it must be a date such as 2026-12-01"),
    "date_from_datetime_parsing": Text("日付（2026-12-01 の形）", "it must be a date such as 2026-12-01"),
}
"""What an item must be, by the kind of the checker's finding."""
_NO_VALUE = frozenset({"missing", "extra_forbidden"})


def read_toml(path: Path, called: Text) -> dict[str, Any]:
    """The tables of a TOML file; `called` is what a reader calls the file.

    Raises
    ------
    InputError
        If the file cannot be opened or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError:
        raise InputError(
            Text(f"{called.ja}のファイルを開けない", f"the {called.en} file cannot be opened"),
            Text("ファイル名を確かめてください", "check its name"),
            file=path,
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            Text(f"TOMLとして読めない（{error}）", f"this is not TOML ({error})"),
            Text("引用符と括弧を確かめてください", "check quotation marks and brackets"),
            file=path,
        ) from None


def checked(model: type[_T], given: Mapping[str, Any], path: Path, called: Text, action: Text) -> _T:
    """The settings of a file as `model`; `action` says where the fields are described.

    Raises
    ------
    InputError
        If a field is unknown or out of its range (the field is named).
    """
    try:
        return model.model_validate(given)
    except ValidationError as error:
        field, why = first_wrong(error)
        raise InputError(
            Text(
                f"{called.ja}の項目「{field}」が正しくない（{why.ja}）",
                f"the {called.en} '{field}' is not right ({why.en})",
            ),
            action,
            file=path,
        ) from None


def first_wrong(error: ValidationError) -> tuple[str, Text]:
    """Name of the first wrong field, and what is wrong with it."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or "-"
    kind, context = first["type"], dict(first.get("ctx", {}))
    if kind == "literal_error":
        # The checker's list is English: 'prefecture' or 'area'.
        either = str(context["expected"])
        return field, Text(f"使えるのは{either.replace(' or ', '、')}のいずれか", f"it must be {either}")
    if kind not in _WANTED:
        said = str(context.get("error", first["msg"]))
        return field, Text(said, said)
    why = _WANTED[kind].format(**context)
    return field, why if kind in _NO_VALUE else Text(f"使えるのは{why.ja}", why.en)

"""Reading a scenario file (TOML); whatever is wrong with it is one sentence that names the file and the key."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zaitaku_demand.errors import InputError
from zaitaku_demand.scenarios.schema import YEARS, Scenario
from zaitaku_demand.text import Text

KEY_LIST = Text(
    "docs/scenarios.ja.md の項目一覧に合わせてください", "follow the list of keys in docs/scenarios.md"
)
_NUMBER = Text("数値を引用符なしで書いてください", "write a number, without quotation marks")
_KINDS = {
    "float_type": _NUMBER,
    "int_type": _NUMBER,
    "finite_number": _NUMBER,
    "string_type": Text("文字を引用符で囲んで書いてください", "write a text in quotation marks"),
    "bool_type": Text("true または false を書いてください", "write true or false"),
    "tuple_type": Text("[[ ]] で囲む表にしてください", "make it a table in [[ ]]"),
    "dict_type": Text("[ ] で囲む表にしてください", "make it a table in [ ]"),
    "model_type": Text("[ ] で囲む表にしてください", "make it a table in [ ]"),
}
_FILE_KEYS = {"beds": ("file",), "population": ("file", "multipliers")}


def read_scenario(path: Path) -> Scenario:
    """The scenario of a TOML file.

    Raises
    ------
    InputError
        If the file cannot be read, is not TOML, or a key is unknown, missing or has a value it cannot have.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError:
        raise InputError(
            Text("シナリオのファイルを開けない", "the scenario file cannot be opened"),
            Text("ファイル名を確かめてください", "check its name"),
            file=path,
        ) from None
    except UnicodeDecodeError:
        raise InputError(
            Text("文字コードがUTF-8でない", "the text is not UTF-8"),
            Text("UTF-8で保存し直してください", "save it again as UTF-8"),
            file=path,
        ) from None
    return parse_scenario(text, path)


def parse_scenario(text: str, path: Path) -> Scenario:
    """The scenario of a text; files it names are looked for beside `path`."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            Text(f"TOMLとして読めない（{error}）", f"this is not TOML ({error})"),
            Text("引用符と括弧を確かめてください", "check quotation marks and brackets"),
            file=path,
        ) from None
    return checked(_beside(given, path.parent), path)


def checked(given: dict[str, Any], file: Path | None = None) -> Scenario:
    """The scenario that a dictionary describes; InputError for the first key that is wrong."""
    try:
        return Scenario.model_validate(given)
    except ValidationError as error:
        raise InputError(*_sentence(error), file=file) from None


def _beside(given: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Names of files made independent of the folder the program runs in."""
    out = dict(given)
    for table, keys in _FILE_KEYS.items():
        parts = out.get(table)
        several = isinstance(parts, list)
        changed = []
        for part in parts if isinstance(parts, list) else [parts]:
            if isinstance(part, dict):
                named = {key: str(folder / part[key]) for key in keys if isinstance(part.get(key), str)}
                part = {**part, **named}
            changed.append(part)
        if parts is not None:
            out[table] = changed if several else changed[0]
    return out


def _sentence(error: ValidationError) -> tuple[Text, Text]:
    """What is wrong with the first key, and what to do."""
    first = error.errors()[0]
    key = _key(first["loc"])
    kind, context = first["type"], first.get("ctx", {})
    if kind == "zaitaku":
        where = Text(f"「{key}」：", f"'{key}': ") if key else Text("", "")
        return Text(where.ja + context["ja"], where.en + context["en"]), KEY_LIST
    if kind == "extra_forbidden":
        return Text(f"知らない項目「{key}」がある", f"the key '{key}' is not known"), KEY_LIST
    if kind == "missing":
        return Text(f"項目「{key}」がない", f"the key '{key}' is missing"), KEY_LIST
    shown = str(first["input"])[:40]
    return Text(f"項目「{key}」に「{shown}」は使えない", f"the key '{key}' cannot be '{shown}'"), _possible(
        first["loc"], kind, context
    )


def _possible(place: tuple[int | str, ...], kind: str, context: dict[str, Any]) -> Text:
    """Which values a key can have."""
    if place and place[-1] in ("from", "to"):
        return Text(
            f"{YEARS[0]}～{YEARS[1]} の年を書いてください", f"give a year from {YEARS[0]} to {YEARS[1]}"
        )
    if "target" in place:
        return Text(
            "national、best_fifth、または0より大きい数を書いてください",
            "write national, best_fifth or a number above 0",
        )
    if "ge" in context:
        return Text(f"{context['ge']:g} 以上にしてください", f"give {context['ge']:g} or more")
    if "gt" in context:
        return Text(f"{context['gt']:g} より大きくしてください", f"give more than {context['gt']:g}")
    if "le" in context:
        return Text(f"{context['le']:g} 以下にしてください", f"give {context['le']:g} at most")
    if "expected" in context:
        expected = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return Text(f"{expected} のいずれかにしてください", f"choose one of {expected}")
    return _KINDS.get(kind, KEY_LIST)


def _key(place: tuple[int | str, ...]) -> str:
    """Such as ``rate[2].factor``: tables that repeat are counted from 1."""
    out = ""
    for part in place:
        if isinstance(part, int):
            out += f"[{part + 1}]"
        elif part == "float" or part.startswith(("literal[", "constrained")):  # members of a union
            continue
        else:
            out += f".{part}" if out else part
    return out

"""Differences written on the command line: ``rate: factor=0.9, ages=75-84, to=2035``.

The word before the colon is a table of the scenario file, the keys are those of that table; values of a list are
separated by slashes (``areas=松江/出雲``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from zaitaku_demand.errors import InputError
from zaitaku_demand.scenarios.read import checked
from zaitaku_demand.scenarios.schema import Scenario
from zaitaku_demand.text import Text

WRITTEN = "set"
"""Id of a difference that was written on the command line."""

_KINDS = ("trend", "rate", "converge", "beds", "place", "population", "supply")
_SINGLE = ("trend", "population")
_LISTS = ("areas", "service")
_WORDS = (*_LISTS, "ages", "sex", "profile", "file", "multipliers", "kind", "direction")
_HEAD = re.compile(r"\s*([A-Za-z_]+)\s*[:：](.*)", re.DOTALL)


def is_inline(text: str) -> bool:
    """Whether a text is a difference written out, not the name of a scenario or of a file."""
    match = _HEAD.fullmatch(text)
    return match is not None and match[1] in _KINDS


def read_inline(text: str) -> Scenario:
    """The scenario that consists of one written difference.

    Raises
    ------
    InputError
        If the table or a key is not known, a pair has no equals sign, a key stands twice, or a value is wrong.
    """
    match = _HEAD.fullmatch(text)
    if match is None or match[1] not in _KINDS:
        raise InputError(
            Text(f"「{text.strip()}」を読み取れない", f"'{text.strip()}' is not understood"),
            Text(
                f"「rate: factor=0.9, ages=75-84, to=2035」のように書いてください（表は {'・'.join(_KINDS)}）",
                f"write it as 'rate: factor=0.9, ages=75-84, to=2035' (tables: {', '.join(_KINDS)})",
            ),
        )
    kind, given = match[1], _pairs(match[2])
    shown = f"{kind}: " + ", ".join(part.strip() for part in re.split("[,、]", match[2]) if part.strip())
    return checked(
        {
            "id": WRITTEN,
            "name": {"ja": shown, "en": shown},
            "note": {
                "ja": f"コマンドで指定した変更（{shown}）。",
                "en": f"Given on the command line ({shown}).",
            },
            kind: given if kind in _SINGLE else [given],
        }
    )


def _pairs(text: str) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for part in re.split("[,、]", text):
        if not part.strip():
            continue
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not key or not value:
            raise InputError(
                Text(f"「{part.strip()}」は「項目=値」の形でない", f"'{part.strip()}' is not key=value"),
                Text("「factor=0.9」のように書いてください", "write it as factor=0.9"),
            )
        if key in out:
            raise InputError(
                Text(f"項目「{key}」が2回ある", f"the key '{key}' stands twice"),
                Text("1つにしてください", "give it once"),
            )
        out[key] = _value(key, value)
    return out


def _value(key: str, text: str) -> Any:
    """The value in the type of TOML: list, text, truth, whole number, number."""
    if key in _LISTS:
        return [part.strip() for part in text.split("/") if part.strip()]
    if key in ("file", "multipliers"):
        return str(Path(text).absolute())
    if key in _WORDS:
        return text
    if text in ("true", "false"):
        return text == "true"
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    return text

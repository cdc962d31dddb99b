"""All declared indicators, checked against their folders and against the measures that sources provide."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from pathlib import Path

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.declaration import FUNCTIONS, TYPES, Indicator
from zaitaku_demand.indicators.home import declarations_folder
from zaitaku_demand.indicators.measures import Measure, measures, parse_declaration, read_toml
from zaitaku_demand.sources.reading import shorten
from zaitaku_demand.text import Text


def indicators(folder: Path | None = None) -> dict[str, Indicator]:
    """All indicators by id: by type, function and number, each followed by its supplements.

    Parameters
    ----------
    folder : Path, optional
        Folder of declarations; by default the one in use (`declarations_folder`).

    Raises
    ------
    InputError
        If a declaration has an unknown, missing or wrong field, names a measure that no source provides, has an
        id that stands twice or is not its file's name, or lies in the folder of another type or function, or if the
        folder holds no declaration.
    """
    return _indicators(folder or declarations_folder())


def indicator(identifier: str, folder: Path | None = None) -> Indicator:
    """One indicator by its id, in capitals or not; InputError with ids like it if it is not declared."""
    known = indicators(folder)
    found = known.get(identifier.upper())
    if found is None:
        near = get_close_matches(identifier.upper(), known, n=5)
        raise InputError(
            Text(f"指標「{shorten(identifier)}」はない", f"there is no indicator '{shorten(identifier)}'"),
            Text(
                "「zaitaku indicators list」でIDを確かめてください"
                + (f"（近いID：{', '.join(near)}）" if near else ""),
                "look it up with `zaitaku indicators list`"
                + (f" (similar: {', '.join(near)})" if near else ""),
            ),
        )
    return found


def set_of_indicators(folder: Path | None = None) -> dict[str, Indicator]:
    """The indicators of the common set, without supplements."""
    return {name: each for name, each in indicators(folder).items() if each.supplement_of is None}


@cache
def _indicators(folder: Path) -> dict[str, Indicator]:
    known_measures = measures(folder)
    found: dict[str, Indicator] = {}
    where: dict[str, Path] = {}
    paths = [path for path in sorted(folder.rglob("*.toml")) if path.parent != folder / "measures"]
    if not paths:
        raise InputError(
            Text("フォルダに指標の宣言がない", "the folder holds no declaration of an indicator"),
            Text(
                "indicators/ を写して宣言を加え、そのフォルダを指定してください",
                "copy indicators/, add declarations and name that folder",
            ),
            file=folder,
        )
    for path in paths:
        entry: dict[str, object] = dict(read_toml(path))
        declared = parse_declaration(Indicator, entry, path)
        if declared.id in found:
            raise InputError(
                Text(
                    f"指標「{declared.id}」が2回宣言されている（{where[declared.id].parent.name}と{path.parent.name}）",
                    f"the indicator '{declared.id}' is declared twice (in {where[declared.id].parent.name} and {path.parent.name})",
                ),
                Text("どちらかを消してください", "remove one of them"),
                file=path,
            )
        _require_place(declared, path, folder)
        _require_measures(declared, known_measures, path)
        found[declared.id] = declared
        where[declared.id] = path
    _require_parents(found, where)
    return {name: found[name] for name in sorted(found, key=_order)}


def _require_place(declared: Indicator, path: Path, folder: Path) -> None:
    wanted = Path(declared.type) / declared.function / f"{declared.id}.toml"
    if path.relative_to(folder) != wanted:
        raise InputError(
            Text(
                f"指標「{declared.id}」（{TYPES[declared.type].ja}・{FUNCTIONS[declared.function].ja}）が別の場所「{path.relative_to(folder)}」にある",
                f"the indicator '{declared.id}' ({declared.type}, {declared.function}) lies at '{path.relative_to(folder)}'",
            ),
            Text(f"「{wanted}」に移してください", f"move it to '{wanted}'"),
            file=path,
        )


def _require_measures(declared: Indicator, known: dict[str, Measure], path: Path) -> None:
    unknown = [name for name in declared.measures if name not in known]
    if unknown:
        raise InputError(
            Text(
                f"指標「{declared.id}」の材料「{unknown[0]}」をどの出典も提供していない",
                f"no source provides the measure '{unknown[0]}' of the indicator '{declared.id}'",
            ),
            Text(
                "indicators/measures/ に宣言してから使ってください",
                "declare it in indicators/measures/ or name one that stands there",
            ),
            file=path,
        )
    without_ages = [name for name in declared.numerator if known[name].source != "ndb"]
    if declared.adjustment == "indirect" and without_ages:
        raise InputError(
            Text(
                f"指標「{declared.id}」の材料「{without_ages[0]}」には性・年齢別の全国値がなく、間接法で調整できない",
                f"'{declared.id}' cannot be adjusted: '{without_ages[0]}' has no national counts by sex and age",
            ),
            Text("adjustment を none にしてください", "set adjustment to none"),
            file=path,
        )


def _require_parents(found: dict[str, Indicator], where: dict[str, Path]) -> None:
    for declared in found.values():
        parent = declared.supplement_of
        if parent is not None and (parent not in found or found[parent].supplement_of is not None):
            raise InputError(
                Text(
                    f"指標「{declared.id}」が補う指標「{parent}」が共通指標にない",
                    f"'{declared.id}' supplements '{parent}', which is no indicator of the set",
                ),
                Text("supplement_of を直してください", "correct supplement_of"),
                file=where[declared.id],
            )


def _order(identifier: str) -> tuple[int, int, int, str]:
    kind, function, number, *rest = identifier.split("-")
    return "SPO".index(kind), "DCAEX".index(function), int(number), "-".join(rest)

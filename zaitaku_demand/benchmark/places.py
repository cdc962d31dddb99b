"""Which places a benchmark compares, which it is about, and who their peers are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

import pandas as pd

from zaitaku_demand.benchmark.parameters import AREA_TYPE_NAMES
from zaitaku_demand.benchmark.peers import area_types, chosen_peers, nearest_peers, same_type_peers
from zaitaku_demand.benchmark.request import BenchmarkRequest, listed_places
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.facts import NATION
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text


@dataclass(frozen=True)
class Places:
    """Places of the level.

    Attributes
    ----------
    names : dict
        Name by code; areas of the same name are told apart by their prefecture, such as 県北（福島県）.
    types : DataFrame
        As `area_types` gives them.
    focus : tuple of str
        Codes the report is about.
    """

    names: dict[str, str]
    types: pd.DataFrame
    focus: tuple[str, ...]


def chosen_places(values: pd.DataFrame, request: BenchmarkRequest) -> Places:
    """Places of the level and those the report is about; InputError if the prefecture is unknown."""
    listed = values[values["area_code"] != NATION].drop_duplicates("area_code")
    names = _told_apart(dict(zip(listed["area_code"], listed["area_name"], strict=True)))
    features = read_table("area_features")
    types = area_types(features, request.parts.types)
    if request.prefecture is None:
        return Places(names, types, _one_of_each_type(types, features, request.level))
    code = prefecture_code(request.prefecture)
    focus = tuple(sorted(place for place in names if place[:2] == code))
    return Places(names, types, focus)


def peers_of(request: BenchmarkRequest, places: Places) -> pd.DataFrame:
    """Peers of every place (of the focus where the user lists them); InputError if a listed one is unknown."""
    focus = None
    if request.peers == "type":
        return same_type_peers(places.types, places.names, request.level, focus)
    if request.peers == "nearest":
        features = read_table("area_features")
        return nearest_peers(features, places.names, request.level, request.parts.peers, focus)
    listed = [_place_code(name, places.names) for name in listed_places(request.peers)]
    return chosen_peers(places.focus, listed, places.names, request.level)


def groups_of(request: BenchmarkRequest, places: Places) -> pd.DataFrame:
    """Peers of every place of the level, for scores in which all places are ranked together.

    The user's list holds for the focus alone; with nobody but themselves to be compared with, all other places
    would have the same score. So a list leaves the scores those of the nearest places.
    """
    everyone = (
        request if request.peers in ("nearest", "type") else request.model_copy(update={"peers": "nearest"})
    )
    return peers_of(everyone, places)


def prefecture_code(asked: str) -> str:
    """Code of a prefecture given by name (with or without its suffix) or code; InputError if there is none."""
    wanted = normalize("NFKC", asked).strip()
    for code, name in prefecture_names().items():
        if wanted in (name, _short(name), code) or (wanted.isdigit() and wanted.zfill(2) == code):
            return code
    raise InputError(
        Text(f"都道府県「{asked}」が見つからない", f"there is no prefecture '{asked}'"),
        Text(
            "「島根県」のような名称か「32」のようなコードを指定してください",
            "give a name such as 島根県 or a code such as 32",
        ),
    )


def prefecture_names() -> dict[str, str]:
    """Name of every prefecture by its code."""
    units = read_table("area_units")
    pairs = zip(units["prefecture_code"], units["prefecture_name"], strict=True)
    return {str(code): str(name) for code, name in pairs}


def _one_of_each_type(types: pd.DataFrame, features: pd.DataFrame, level: str) -> tuple[str, ...]:
    """The place that stands most clearly for each type: the purest prefecture, the area of median population."""
    here = types[(types["level"] == level) & (types["type"] != "")].merge(
        features[["level", "area_code", "population"]], on=["level", "area_code"]
    )
    chosen = []
    for kind in AREA_TYPE_NAMES:
        members = here[here["type"] == kind].sort_values(["population", "area_code"])
        if members.empty:
            continue
        if level == "prefecture":
            members = members.sort_values(["share", "area_code"], ascending=[False, True])
            chosen.append(str(members["area_code"].iloc[0]))
        else:
            chosen.append(str(members["area_code"].iloc[len(members) // 2]))
    return tuple(sorted(chosen))


def _place_code(asked: str, names: Mapping[str, str]) -> str:
    wanted = normalize("NFKC", asked)
    code = wanted.zfill(max(map(len, names))) if wanted.isdigit() else ""
    if code in names:
        return code
    known = {code: normalize("NFKC", name) for code, name in names.items()}
    found = [code for code, name in known.items() if wanted in (name, name.partition("(")[0], _short(name))]
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(
            Text(
                f"比較対象「{asked}」が{len(found)}か所ある", f"there are {len(found)} places named '{asked}'"
            ),
            Text(
                f"{'・'.join(found)}のうちからコードで指定してください",
                f"give one of the codes {', '.join(found)}",
            ),
        )
    raise InputError(
        Text(f"比較対象「{asked}」が見つからない", f"the peer '{asked}' was not found"),
        Text(
            "--level の地域の名称かコードで指定してください", "give a name or code of the places of --level"
        ),
    )


def _told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Names with the prefecture added where several places have the same."""
    shared = {name for name, number in Counter(names.values()).items() if number > 1}
    prefectures = prefecture_names()
    return {
        code: f"{name}（{prefectures[code[:2]]}）" if name in shared else name for code, name in names.items()
    }


def _short(prefecture: str) -> str:
    """A prefecture's name as it is said, without its suffix; other names as they are."""
    return prefecture[:-1] if prefecture[-1:] in ("都", "府", "県") else prefecture

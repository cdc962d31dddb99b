"""Which places a benchmark compares, which it is about, and who their peers are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from zaitaku_demand.benchmark.parameters import AREA_TYPE_NAMES
from zaitaku_demand.benchmark.peers import area_types, chosen_peers, nearest_peers, same_type_peers
from zaitaku_demand.benchmark.request import BenchmarkRequest
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
        Name by code.
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
    names = dict(zip(listed["area_code"], listed["area_name"], strict=True))
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
    listed = [_place_code(name, places.names) for name in request.peers.split(",") if name.strip()]
    own = chosen_peers(places.focus, listed, places.names, request.level)
    return own


def prefecture_code(asked: str) -> str:
    """Code of a prefecture given by name (with or without its suffix) or code; InputError if there is none."""
    units = read_table("area_units")
    known = dict(zip(units["prefecture_name"], units["prefecture_code"], strict=True))
    wanted = asked.strip()
    for name, code in known.items():
        if wanted in (name, name[:-1], code) or (wanted.isdigit() and wanted.zfill(2) == code):
            return str(code)
    raise InputError(
        Text(f"都道府県「{asked}」が見つからない", f"there is no prefecture '{asked}'"),
        Text(
            "「島根県」のような名称か「32」のようなコードを指定してください",
            "give a name such as 島根県 or a code such as 32",
        ),
    )


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
    wanted = asked.strip()
    if wanted in names:
        return wanted
    found = [code for code, name in names.items() if wanted in (name, name[:-1])]
    if len(found) == 1:
        return found[0]
    raise InputError(
        Text(
            f"比較対象「{asked}」が{'複数ある' if found else '見つからない'}",
            f"the peer '{asked}' {'is not unique' if found else 'was not found'}",
        ),
        Text("コードで指定してください", "give its code"),
    )

"""Compact tables of areas: units common to the editions, municipal codes, boundaries, the ministry's projection."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from zaitaku_demand.areas.municipalities import FUKUSHIMA, WHOLE_FUKUSHIMA, parent_city
from zaitaku_demand.areas.system import OFFICIAL_EDITIONS, AreaSystem, system_from_units
from zaitaku_demand.sources import boundaries as boundary_source
from zaitaku_demand.sources import membership as membership_source
from zaitaku_demand.sources import ministry_projection
from zaitaku_demand.sources.registry import verified_path

MEMBERSHIP = "areas/membership/muni_to_area_all_editions.csv"
CITY_LEVEL = "areas/membership/city_level_1741_to_area.csv"
CROSSWALK = "areas/changes/muni_code_crosswalk_2000-2024.csv"
MINISTRY = "mhlw_projection/001728462.xlsx"
BOUNDARIES = {
    "330": "areas/boundaries/area330_s0001.topojson",
    "335": "areas/boundaries/area335_s0001.topojson",
    "339": "areas/boundaries/area339_kosokuiki_s0001.topojson",
    "344": "areas/boundaries/area344_s0001.topojson",
}
FUKUSHIMA_UNIT = "07-whole"
_AREA_COLUMNS = [f"area{edition}" for edition in OFFICIAL_EDITIONS]


def membership(raw: Path) -> membership_source.Membership:
    """Municipalities and areas of the four editions."""
    return membership_source.load_membership(verified_path(MEMBERSHIP, raw))


def units(given: membership_source.Membership) -> pd.DataFrame:
    """Smallest common units: unit_code, prefecture, and code and name of the area in every edition.

    A unit's code is that of its 344 area and its 339 area, such as ``0101-0101``.
    """
    pieces = (
        given.municipalities[["prefecture_code", *_AREA_COLUMNS]].drop_duplicates().reset_index(drop=True)
    )
    pieces.insert(0, "unit_code", _unit_code(pieces))
    if pieces["unit_code"].duplicated().any():
        raise ValueError("the 344 and 339 areas do not tell the units apart")
    names = given.areas.assign(edition=given.areas["edition"].astype(str)).set_index(["edition", "area_code"])
    prefectures = given.areas.drop_duplicates("prefecture_code").set_index("prefecture_code")[
        "prefecture_name"
    ]
    out = pieces[["unit_code", "prefecture_code"]].copy()
    out["prefecture_name"] = out["prefecture_code"].map(prefectures)
    for edition in OFFICIAL_EDITIONS:
        out[f"area{edition}_code"] = pieces[f"area{edition}"]
        out[f"area{edition}_name"] = pieces[f"area{edition}"].map(
            names["area_name"].xs(edition, level="edition")
        )
    whole = {"unit_code": FUKUSHIMA_UNIT, "prefecture_code": "07", "prefecture_name": "福島県"}
    for edition in OFFICIAL_EDITIONS:
        whole[f"area{edition}_code"], whole[f"area{edition}_name"] = WHOLE_FUKUSHIMA
    out = pd.concat([out, pd.DataFrame([whole])], ignore_index=True)
    return out.sort_values("unit_code", ignore_index=True)


def codes(raw: Path) -> pd.DataFrame:
    """Municipal codes since 2000: code, name, kind, valid_from, valid_to, code_2024, areas, parent, children."""
    table = membership_source.load_crosswalk(verified_path(CROSSWALK, raw))
    table = table.rename(columns={"successors_2024": "code_2024"})
    for column in ("valid_from", "valid_to"):
        table[column] = table[column].astype(str).str[:10]
    table = table[table["area335"] != ""].reset_index(drop=True)
    cities = sorted(table.loc[table["kind"] == "designated_city", "code"])
    wards = table["kind"] == "designated_city_ward"
    table["parent"] = [
        (parent_city(code, cities) or "") if ward else ""
        for code, ward in zip(table["code"], wards, strict=True)
    ]
    in_force = table[wards & (table["valid_to"] > "2024-01-01")]
    children = in_force.groupby("parent")["code"].agg(";".join)
    table["children"] = table["code"].map(children).fillna("")
    keep = [
        "code",
        "name",
        "kind",
        "valid_from",
        "valid_to",
        "code_2024",
        *_AREA_COLUMNS,
        "parent",
        "children",
    ]
    return table[keep].sort_values(["code", "valid_from"], ignore_index=True)


def unit_of_code(given: membership_source.Membership, table: pd.DataFrame) -> pd.Series[str]:
    """Unit of every municipal code that lies in one unit (wards, cities, towns, and Fukushima as a whole)."""
    single = table[~table[_AREA_COLUMNS].apply(lambda column: column.str.contains(";")).any(axis=1)]
    single = single.sort_values("valid_to").drop_duplicates("code", keep="last")
    known: pd.Series[str] = pd.Series(_unit_code(single).to_numpy(), index=single["code"])
    listed = given.municipalities
    known = pd.concat([known, pd.Series(_unit_code(listed).to_numpy(), index=listed["code"])])
    known = known[~known.index.duplicated(keep="last")]
    known[FUKUSHIMA] = FUKUSHIMA_UNIT
    return known


def system_330(table: pd.DataFrame) -> AreaSystem:
    """The 330 areas."""
    return system_from_units(table, "330")


def aged_75plus_335(oldest: pd.DataFrame, table: pd.DataFrame) -> pd.Series[float]:
    """Population of 75 and over in 2020 by the 335 areas."""
    pairs = table[["area335_code", "area339_code"]].drop_duplicates()
    both = oldest[oldest["sex"] == "both"].set_index("area_code")["aged_75plus"]
    return (
        pairs.assign(persons=pairs["area339_code"].map(both))
        .groupby("area335_code")["persons"]
        .sum()
        .astype(float)
    )


def ministry(raw: Path) -> pd.DataFrame:
    """The ministry's R7 projection: area_code (339), area_name, prefecture_name, year, receipts_per_month, kind."""
    return ministry_projection.load_home_visits(verified_path(MINISTRY, raw))


def boundaries(raw: Path) -> pd.DataFrame:
    """Boundaries of the four editions: area_edition, area_code, geometry (well-known binary, EPSG:4326)."""
    parts = []
    for edition, path in BOUNDARIES.items():
        shapes = boundary_source.load_topojson(verified_path(path, raw))
        parts.append(
            pd.DataFrame(
                {
                    "area_edition": edition,
                    "area_code": shapes["area_code"],
                    "geometry": shapes.geometry.to_wkb(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _unit_code(table: pd.DataFrame) -> pd.Series[str]:
    return table["area344"] + "-" + table["area339"]

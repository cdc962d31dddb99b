"""Facts from the SSDS and from points in areas; features of places and their neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.indicators.facts import FACT_COLUMNS, NATION
from zaitaku_demand.indicators.measures import Measure
from zaitaku_demand.sources import area_types, points, ssds
from zaitaku_demand.sources.registry import verified_path
from zaitaku_demand.store.build_population import OLDEST

SSDS = "ssds/ssds_pref_IJ_and_related_all_years.csv.gz"
SSDS_CATALOGUE = "ssds/ssds_item_catalogue.csv"
MUNICIPAL_SHAPES = "areas/boundaries/municipalities_2021_s0010.topojson"
AREA_TYPES = "areas/stats/area_type_335.csv"
ADJACENCY_AREAS = "areas/boundaries/adjacency_area339.csv"
ADJACENCY_PREFECTURES = "areas/boundaries/adjacency_prefecture.csv"
POINT_LAYERS = ("houkan_st_points", "zaishi_clinic_hospital_points", "houkatsu_center_points")

FIRST_YEAR = 2010
POINTS_YEAR = 2026
FEATURE_YEAR = 2020
PREFECTURES = 47

FEATURE_COLUMNS = (
    "level",
    "area_code",
    "population",
    "km2",
    "density",
    "share_65",
    "share_75",
    "older_single_share",
    "care_home_places_per_1000_75",
    "physicians_per_100k",
    "type",
)


def point_path(layer: str) -> str:
    """Registered path of a layer of points."""
    return f"points/{layer}.csv"


def ssds_facts(raw: Path, declared: Iterable[Measure]) -> pd.DataFrame:
    """Facts of the measures with source ``ssds``: prefectures from 2010, and Japan where all 47 are there.

    A measure of several items has a value only where each of them has one: a missing part is not zero.

    Raises
    ------
    InputError
        If a raw file is absent, altered or inconsistent, or an item a measure names does not exist.
    """
    chosen = [measure for measure in declared if measure.source == "ssds"]
    codes = sorted({code for measure in chosen for code in measure.columns})
    catalogue = ssds.load_catalogue(verified_path(SSDS_CATALOGUE, raw))
    table = ssds.load_items(verified_path(SSDS, raw), codes, catalogue, first_year=FIRST_YEAR)
    wide = table.pivot(index=["prefecture_code", "year"], columns="code", values="value")
    parts = []
    for measure in chosen:
        # Without skipna=False the sum would count a missing item as zero.
        value = wide[list(measure.columns)].sum(axis=1, skipna=False).dropna()
        part = value.rename("value").reset_index().rename(columns={"prefecture_code": "area_code"})
        parts.append(part.assign(measure=measure.id, level="prefecture"))
    return _with_japan(pd.concat(parts, ignore_index=True))


def located_points(raw: Path, layer: str, codes: pd.DataFrame) -> pd.DataFrame:
    """Places of one layer with the 335 area each lies in (:func:`zaitaku_demand.sources.points.locate`)."""
    path = verified_path(MUNICIPAL_SHAPES, raw)
    current = codes.sort_values("valid_to").drop_duplicates("code", keep="last").set_index("code")
    shapes = points.shapes_by_area(points.load_municipal_shapes(path), current["area335"], path)
    return points.locate(points.load_points(verified_path(point_path(layer), raw)), shapes)


def point_facts(
    raw: Path, declared: Iterable[Measure], codes: pd.DataFrame, areas: Iterable[str]
) -> pd.DataFrame:
    """Facts of the measures with source ``points``: places counted into the 335 areas, prefectures and Japan.

    The lists cover the country, so an area with no place in it has the observed count 0. Places too far from any
    shape are in no count, Japan's included.
    """
    every = pd.Index(sorted(areas), name="area_code")
    parts = []
    for measure in declared:
        if measure.source != "points":
            continue
        counted = sum(
            (
                points.count_by_area(located_points(raw, layer, codes)).reindex(every, fill_value=0)
                for layer in measure.columns
            ),
            start=pd.Series(0, index=every),
        )
        by_area = counted.rename("value").astype(float).reset_index().assign(level="area")
        by_prefecture = by_area.assign(area_code=by_area["area_code"].str[:2], level="prefecture")
        by_prefecture = by_prefecture.groupby(["area_code", "level"])["value"].sum().reset_index()
        both = pd.concat([by_prefecture, by_area], ignore_index=True)
        parts.append(both.assign(measure=measure.id, year=POINTS_YEAR))
    return _with_japan(pd.concat(parts, ignore_index=True))


def statistics_facts(
    raw: Path, declared: Iterable[Measure], codes: pd.DataFrame, areas: Iterable[str]
) -> pd.DataFrame:
    """All facts of the SSDS and of points in the layout of facts."""
    given = list(declared)
    table = pd.concat([ssds_facts(raw, given), point_facts(raw, given, codes, areas)], ignore_index=True)
    return table.astype({"year": "int16"})


def area_features(raw: Path, denominators: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Features of prefectures and of the 335 areas by which peers are found.

    Parameters
    ----------
    raw : Path
    denominators : DataFrame
        Table `area_population_335`.
    facts : DataFrame
        :func:`ssds_facts`.

    Returns
    -------
    DataFrame
        Columns `FEATURE_COLUMNS`, of 2020: population (persons, census), km2, density (persons per km2), shares of
        65+ and 75+, and for prefectures single households of 65+ among households with members of 65+, places in
        care homes per 1,000 of 75+, and physicians per 100,000. A prefecture's type is the one in which most of its
        people of 75 and over live.
    """
    table = area_types.load_area_types(verified_path(AREA_TYPES, raw)).set_index("area_code")
    aged = _aged(denominators)
    area = table[["population", "km2"]].join(aged, how="left")
    area["type"] = area_types.classify(
        area["population"].to_numpy(dtype=np.float64), (area["population"] / area["km2"]).to_numpy()
    )
    prefecture = area.drop(columns="type").groupby(area.index.str[:2]).sum()
    prefecture["type"] = (
        area.groupby([area.index.str[:2], "type"])["aged_75"]
        .sum()
        .unstack("type", fill_value=0)
        .idxmax(axis=1)
    )
    of_2020 = facts[(facts["year"] == FEATURE_YEAR) & (facts["level"] == "prefecture")]
    fact = of_2020.pivot(index="area_code", columns="measure", values="value")
    single, households = fact["ssds_older_single_households"], fact["ssds_older_households"]
    prefecture["older_single_share"] = single / households
    prefecture["care_home_places_per_1000_75"] = fact["ssds_care_home_places"] / prefecture["aged_75"] * 1000
    prefecture["physicians_per_100k"] = fact["ssds_physicians"] / prefecture["persons"] * 100_000
    both = pd.concat([prefecture.assign(level="prefecture"), area.assign(level="area")])
    both["density"] = both["population"] / both["km2"]
    both["share_65"] = both["aged_65"] / both["persons"]
    both["share_75"] = both["aged_75"] / both["persons"]
    out = both.rename_axis("area_code").reset_index()[list(FEATURE_COLUMNS)]
    return out.astype({"population": "int64"})


def area_neighbours(raw: Path, units: pd.DataFrame) -> pd.DataFrame:
    """Neighbours: level, area_code, neighbour_code; prefectures and the 335 areas, each pair in both directions.

    Islands without a land border have none. Areas border on each other if any of their 構想区域 (339) do.
    """
    nested = (
        units[["area339_code", "area335_code"]].drop_duplicates().set_index("area339_code")["area335_code"]
    )
    areas = area_types.merge_neighbours(
        area_types.load_adjacency(verified_path(ADJACENCY_AREAS, raw)), nested
    )
    prefectures = area_types.load_adjacency(verified_path(ADJACENCY_PREFECTURES, raw))
    both = pd.concat([prefectures.assign(level="prefecture"), areas.assign(level="area")], ignore_index=True)
    return both.rename(columns={"code": "area_code"})[["level", "area_code", "neighbour_code"]]


def _aged(denominators: pd.DataFrame) -> pd.DataFrame:
    """Persons, 65+ and 75+ of 2020 by area."""
    table = denominators[denominators["year"] == FEATURE_YEAR]
    wide = table.groupby(["area_code", "age"])["persons"].sum().unstack("age")
    bands = AgeBands.of([*AgeBands.five_year(90).labels[:-1], *OLDEST])
    ordered = wide[list(bands.labels)]
    return pd.DataFrame(
        {
            "persons": ordered.sum(axis=1),
            "aged_65": ordered.iloc[:, bands.index_from(65) :].sum(axis=1),
            "aged_75": ordered.iloc[:, bands.index_from(75) :].sum(axis=1),
        }
    )


def _with_japan(table: pd.DataFrame) -> pd.DataFrame:
    """The table in the layout of facts with Japan as the sum of the prefectures where all 47 are there."""
    prefectures = table[table["level"] == "prefecture"]
    sums = prefectures.groupby(["measure", "year"])["value"].agg(["sum", "size"])
    japan = sums.loc[sums["size"] == PREFECTURES, "sum"].rename("value").reset_index()
    japan = japan.assign(level="national", area_code=NATION)
    out = pd.concat([japan, table], ignore_index=True)
    out = out.assign(lower=out["value"], upper=out["value"], state="observed")
    # Levels from Japan down, as in the other tables of facts.
    out["order"] = out["level"].map({"national": 0, "prefecture": 1, "area": 2})
    out = out.sort_values(["measure", "order", "area_code", "year"], ignore_index=True)
    return out[list(FACT_COLUMNS)]

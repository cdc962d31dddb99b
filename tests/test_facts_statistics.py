"""Facts of the SSDS and of points; features of places; neighbours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.conftest import CHECKOUT
from tests.tolerances import FLOAT
from zaitaku_demand.indicators.facts import FACT_COLUMNS
from zaitaku_demand.indicators.measures import Measure, parse_declaration, read_toml
from zaitaku_demand.store import build_areas
from zaitaku_demand.store import build_facts_statistics as build
from zaitaku_demand.store.recipes_statistics import STATISTICS_RECIPES
from zaitaku_demand.store.tables import read_table

STATIONS_BY_PREFECTURE = (0.75, 1.40)
"""Locations of 2026 over stations of the SSDS 2023, prefecture by prefecture."""
NOTIFIED = 0.07
"""Relative: locations of support facilities against notifications of October 2025, by prefecture."""
PHYSICIANS = (170, 345)
"""Physicians per 100,000 of 2020 by prefecture: 埼玉県 to 徳島県 (令和2年医師統計: 177.8 to 338.4)."""


@pytest.fixture(scope="module")
def declared() -> list[Measure]:
    folder = CHECKOUT / "indicators" / "measures"
    return [
        parse_declaration(Measure, entry, folder / f"{name}.toml")
        for name in ("ssds", "points", "population")
        for entry in read_toml(folder / f"{name}.toml")["measure"]
    ]


@pytest.fixture(scope="module")
def areas() -> list[str]:
    return sorted(set(read_table("area_units")["area335_code"]) - {"0700"})


@pytest.fixture(scope="module")
def facts_table(raw: Path, declared: list[Measure], areas: list[str]) -> pd.DataFrame:
    return build.statistics_facts(raw, declared, build_areas.codes(raw), areas)


@pytest.fixture(scope="module")
def value(facts_table: pd.DataFrame) -> pd.Series:
    return facts_table.set_index(["measure", "level", "area_code", "year"])["value"].sort_index()


def test_layout(facts_table: pd.DataFrame, declared: list[Measure]) -> None:
    assert tuple(facts_table.columns) == FACT_COLUMNS
    assert not facts_table.duplicated(["measure", "level", "area_code", "year"]).any()
    assert set(facts_table["measure"]) == {each.id for each in declared if each.source in ("ssds", "points")}
    assert facts_table["value"].notna().all() and (facts_table["value"] >= 0).all()
    assert set(facts_table["state"]) == {"observed"}


def test_levels_add_up(facts_table: pd.DataFrame) -> None:
    sums = facts_table.groupby(["measure", "level", "year"])["value"].sum().unstack("level")
    whole = sums.dropna(subset="national")
    assert (whole["national"] == whole["prefecture"]).all()
    points = whole[whole["area"].notna()]
    assert len(points) == 3 and (points["area"] == points["prefecture"]).all()


def test_published_national_figures(value: pd.Series) -> None:
    published = {
        ("ssds_hospitals", 2023): 8_122,  # 令和5年医療施設調査
        ("ssds_clinics", 2023): 104_894,  # 令和5年医療施設調査
        ("ssds_physicians", 2022): 327_444,  # 令和4年医師・歯科医師・薬剤師統計
        ("ssds_ambulance_dispatches", 2023): 7_638_558,  # 消防庁 令和6年版 救急・救助の現況
        ("ssds_older_single_households", 2020): 6_716_806,  # 令和2年国勢調査
    }
    assert {key: value[key[0], "national", "00", key[1]] for key in published} == published


def test_sums_of_items(value: pd.Series) -> None:
    men, women, both = (
        value[f"ssds_deaths_65{end}", "national", "00", 2023] for end in ("_male", "_female", "")
    )
    assert men + women == both == 1_445_511
    # SSDS, basic form 2023: 597,973 + 369,365 + 686,128 + 95,693 places.
    assert value["ssds_care_home_places", "national", "00", 2023] == 1_749_159
    # SSDS 2023: 11,905 + 4,169 + 326 providers.
    assert value["ssds_short_stay_providers", "national", "00", 2023] == 16_400


def test_missing_is_no_row_and_leaves_japan_out(value: pd.Series) -> None:
    for measure, year, prefecture in (
        ("ssds_clinic_physicians", 2011, "07"),
        ("ssds_pharmacies", 2010, "04"),
    ):
        assert (measure, "prefecture", prefecture, year) not in value.index
        assert (measure, "prefecture", "13", year) in value.index
        assert (measure, "national", "00", year) not in value.index
    years = value["ssds_older_households", "national", "00"].index
    assert list(years) == [2010, 2015, 2020]
    assert value["ssds_care_home_places", "national", "00"].index.min() == 2018


def test_a_sum_is_missing_where_a_part_is(raw: Path) -> None:
    text = {"ja": "材料", "en": "measure"}
    both = Measure.model_validate(
        {
            "id": "both",
            "name": text,
            "unit": text,
            "source": "ssds",
            "place": "institution",
            "columns": ("I7102", "I5101"),
        }
    )
    table = build.ssds_facts(raw, [both]).query("year == 2010")
    assert len(table) == 46 and "04" not in set(table["area_code"])


def test_stations_by_location_and_by_statistics(value: pd.Series) -> None:
    located = value["points_nurse_stations", "prefecture"].droplevel("year")
    counted = value["ssds_nurse_stations", "prefecture"].xs(2023, level="year")
    ratio = located / counted
    assert ratio.between(*STATIONS_BY_PREFECTURE).all()
    assert located.sum() == 17_877 and counted.sum() == 16_423
    assert np.corrcoef(located, counted[located.index])[0, 1] > 0.98


def test_support_facilities_by_location_and_by_notification(raw: Path, value: pd.Series) -> None:
    notices = pd.read_csv(raw / "facility_notices/todokede_counts_by_pref_34_2025-10.csv").set_index("pref")
    names = read_table("area_units").drop_duplicates("prefecture_code").set_index("prefecture_code")
    located = value["points_support_facilities", "prefecture"].droplevel("year")
    located.index = located.index.map(names["prefecture_name"])
    notified = notices.filter(regex="^在支[診病][123]").sum(axis=1)
    assert len(notified) == 34
    assert (located[notified.index] / notified - 1).abs().max() < NOTIFIED
    assert (located[notified.index].sum(), notified.sum()) == (8_393, 8_386)


def test_an_area_without_places_has_an_observed_zero(value: pd.Series, areas: list[str]) -> None:
    for measure in ("points_nurse_stations", "points_support_facilities", "points_support_centres"):
        assert sorted(value[measure, "area"].droplevel("year").index) == areas
    assert (value["points_support_facilities", "area"] == 0).any()


def test_features(raw: Path, facts_table: pd.DataFrame, areas: list[str]) -> None:
    ages = [f"{age}-{age + 4}" for age in range(0, 95, 5)] + ["95+"]
    # Every area 1,000 persons in each of 20 ages and two sexes: shares are known.
    index = pd.MultiIndex.from_product(
        [areas, [2019, 2020], ["male", "female"], ages], names=["area_code", "year", "sex", "age"]
    )
    denominators = pd.Series(1000.0, index=index, name="persons").reset_index()
    table = build.area_features(raw, denominators, facts_table)
    assert list(table.columns) == list(build.FEATURE_COLUMNS)
    assert table["level"].value_counts().to_dict() == {"area": 335, "prefecture": 47}
    np.testing.assert_allclose(table["share_65"], 7 / 20, rtol=FLOAT)
    np.testing.assert_allclose(table["share_75"], 5 / 20, rtol=FLOAT)
    by_level = table.groupby("level")["population"].sum()
    # 令和2年国勢調査: 126,146,099 persons.
    assert by_level["area"] == by_level["prefecture"] == 126_146_099
    prefecture = table[table["level"] == "prefecture"].set_index("area_code")
    area = table[table["level"] == "area"].set_index("area_code")
    # 令和2年国勢調査 (SSDS A8301, A8111), 東京都: 811,408 of 2,131,483 households with members of 65+ are single.
    assert prefecture["older_single_share"].idxmax() == "13"
    assert prefecture.at["13", "older_single_share"] == pytest.approx(811_408 / 2_131_483, rel=FLOAT)
    assert area[["older_single_share", "physicians_per_100k"]].isna().all(axis=None)
    np.testing.assert_allclose(table["density"], table["population"] / table["km2"], rtol=FLOAT)
    assert prefecture.at["13", "type"] == "大都市型" and area.at["0102", "type"] == "人口の少ない地域"


def test_features_of_real_populations(raw: Path, facts_table: pd.DataFrame) -> None:
    denominators = read_table("area_population_335")
    table = build.area_features(raw, denominators, facts_table).query("level == 'prefecture'")
    physicians = table.set_index("area_code")["physicians_per_100k"]
    assert physicians.between(*PHYSICIANS).all()
    # 令和2年医師・歯科医師・薬剤師統計: 徳島県 338.4, 埼玉県 177.8 per 100,000.
    assert physicians.idxmax() == "36" and round(physicians.max(), 1) == 338.4
    assert physicians.idxmin() == "11" and round(physicians.min(), 1) == 177.8
    share = table.set_index("area_code")["share_65"]
    # 令和2年国勢調査（不詳補完値）: 秋田県 37.5 %, 沖縄県 22.6 %.
    assert (share.idxmax(), round(share.max() * 100, 1)) == ("05", 37.5)
    assert (share.idxmin(), round(share.min() * 100, 1)) == ("47", 22.6)


def test_neighbours(raw: Path) -> None:
    table = build.area_neighbours(raw, read_table("area_units"))
    pairs = set(table.itertuples(index=False, name=None))
    assert all((level, right, left) in pairs for level, left, right in pairs)
    assert not (table["area_code"] == table["neighbour_code"]).any() and len(pairs) == len(table)
    area = table[table["level"] == "area"]
    # 2402 of Mie holds several of the 339 areas; its neighbours are those of all of them.
    assert {"2401", "2403"} <= set(area.loc[area["area_code"] == "2402", "neighbour_code"])
    islands = set(read_table("area_units")["area335_code"]) - {"0700"} - set(area["area_code"])
    assert {"1507", "1313", "4704"} <= islands and len(islands) == 14


def test_recipes_are_complete() -> None:
    assert [recipe.name for recipe in STATISTICS_RECIPES] == [
        "area_population_335",
        "facts_population",
        "facts_statistics",
        "area_features",
        "area_neighbours",
    ]
    from zaitaku_demand.sources.registry import registry

    for recipe in STATISTICS_RECIPES:
        assert set(recipe.sources()) <= set(registry()) and recipe.steps

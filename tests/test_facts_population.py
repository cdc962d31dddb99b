"""Populations of the 335 areas: they add up to the prefectures, and agree with what is published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.areas.system import official_system
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.facts import FACT_COLUMNS
from zaitaku_demand.store import build_areas, build_population
from zaitaku_demand.store import build_facts_population as build
from zaitaku_demand.store.area_censuses import census_2020
from zaitaku_demand.store.tables import read_table

HUNDREDTHS = 0.005 * 335
"""Persons: areas are rounded to hundredths before they are added up to Japan."""
INTERPOLATION = 0.001
"""Relative: the official estimate of 65+ and of all ages of 2022 against the interpolated one."""
BABY_BOOM = 0.04
"""Relative: how much interpolation by five-year age overstates 75+ of 2022 (the baby boomers reach 75)."""
OLDEST_PARTS = 0.006
"""Relative: population_reference interpolates 90+ and its two parts apart."""
WARDS = 0.002
"""Relative: shares of the wards within a city, census 2015 with unknown ages against the base population."""


@pytest.fixture(scope="module")
def areas(raw: Path) -> build.AreaPopulations:
    return build.area_populations(
        raw,
        build_population.municipal_2018(raw),
        read_table("population_2023_area330"),
        read_table("population_reference"),
        build_areas.codes(raw),
        read_table("area_units"),
        official_system("330"),
    )


@pytest.fixture(scope="module")
def facts_table(areas: build.AreaPopulations) -> pd.DataFrame:
    return build.population_facts(areas, read_table("population_2023_area330"), official_system("330"))


def by_prefecture(values: np.ndarray, areas: build.AreaPopulations) -> np.ndarray:
    return np.stack([values[areas.prefectures == number].sum(axis=0) for number in range(47)])


def published_reference() -> np.ndarray:
    wide = read_table("population_reference").pivot_table(
        index="prefecture_code", columns=["year", "sex", "age"], values="persons"
    )
    labels = [*build.AGES.labels, *build.OLDEST]
    order = pd.MultiIndex.from_product([build.YEARS, build.SEXES, labels])
    return wide[order].to_numpy().reshape(47, len(build.YEARS), 2, len(labels))


def test_areas_add_up_to_the_prefectures_in_every_year_sex_and_age(areas: build.AreaPopulations) -> None:
    reference = published_reference()
    np.testing.assert_allclose(by_prefecture(areas.values, areas), reference[..., :19], rtol=FLOAT)
    oldest = by_prefecture(areas.oldest, areas)
    np.testing.assert_allclose(oldest.sum(axis=-1), reference[..., 18], rtol=FLOAT)
    np.testing.assert_allclose(oldest, reference[..., -2:], rtol=OLDEST_PARTS)


def test_the_two_oldest_bands_add_up_to_90_and_over_in_every_area(areas: build.AreaPopulations) -> None:
    np.testing.assert_allclose(areas.oldest.sum(axis=-1), areas.values[..., -1], rtol=FLOAT)
    assert (areas.values >= 0).all() and (areas.oldest > 0).all()


def test_both_sexes_of_2020_are_the_official_base_population_of_the_330_areas(
    areas: build.AreaPopulations,
) -> None:
    official = read_table("population_2023_area330").query("year == 2020")
    wide = official.pivot(index="area_code", columns="age", values="persons")[list(build.AGES.labels)]
    both = areas.values[:, build.YEARS.index(2020)].sum(axis=1)
    found = pd.DataFrame(both, index=list(areas.parents)).groupby(level=0).sum()
    np.testing.assert_allclose(found.loc[wide.index].to_numpy(), wide.to_numpy(), rtol=FLOAT)
    # 令和2年国勢調査: 126,146,099 persons.
    assert both.sum() == pytest.approx(126_146_099, rel=FLOAT)


def test_areas_of_2015_are_near_the_base_population_of_the_2018_edition(areas: build.AreaPopulations) -> None:
    units = read_table("population_2018_units").query("year == 2015")
    area_of = read_table("area_units").set_index("unit_code")["area335_code"]
    official = units.groupby(units["code"].map(area_of))["persons"].sum().drop(build.WHOLE_FUKUSHIMA)
    found = pd.Series(areas.values[:, build.YEARS.index(2015)].sum(axis=(1, 2)), index=list(areas.areas))
    np.testing.assert_allclose(found[official.index], official, rtol=WARDS)
    # 川崎北部 and 川崎南部: one city in the census.
    assert {"1404", "1405"} <= set(official.index)


def test_denominators_have_every_area_year_sex_and_age_once(areas: build.AreaPopulations) -> None:
    table = build.denominators(areas)
    assert len(table) == 335 * 4 * 2 * 20
    assert not table.duplicated(["area_code", "year", "sex", "age"]).any()
    assert sorted(table["year"].unique()) == [2019, 2020, 2021, 2022]
    assert {"90-94", "95+"} < set(table["age"]) and "90+" not in set(table["age"])
    sums = table.groupby("year")["persons"].sum()
    assert sums[2020] == pytest.approx(126_146_099, rel=FLOAT)


def test_levels_of_the_facts_add_up_exactly(facts_table: pd.DataFrame) -> None:
    assert tuple(facts_table.columns) == FACT_COLUMNS
    assert not facts_table.duplicated(["measure", "level", "area_code", "year"]).any()
    wide = facts_table.assign(cents=(facts_table["value"] * 100).round().astype("int64"))
    area = wide[wide["level"] == "area"]
    prefecture = wide[wide["level"] == "prefecture"].set_index(["measure", "area_code", "year"])["cents"]
    from_areas = area.groupby(["measure", area["area_code"].str[:2], "year"])["cents"].sum()
    assert (from_areas.sort_index() == prefecture.sort_index()).all() and len(prefecture) == 5 * 47 * 13
    nation = wide[wide["level"] == "national"].set_index(["measure", "year"])["cents"]
    from_prefectures = prefecture.groupby(level=["measure", "year"]).sum()
    assert (nation.sort_index() == from_prefectures.sort_index()).all() and len(nation) == 5 * 13


def test_facts_agree_with_the_tables_they_stand_for(facts_table: pd.DataFrame) -> None:
    value = facts_table.set_index(["measure", "level", "area_code", "year"])["value"]
    reference = published_reference()
    for year in build.YEARS:
        expected = reference[:, build.YEARS.index(year), :, 15:19].sum()
        found = value["population_75", "national", "00", year]
        assert found == pytest.approx(expected, abs=HUNDREDTHS)
    # 令和5年推計: 123,261,703 persons and 21,546,558 of 75 and over in 2025 (sums of the 330 areas).
    areas_2025 = read_table("population_2023_area330").query("year == 2025")
    for measure, ages in (("population_total", build.AGES.labels), ("population_75", build.AGES.labels[15:])):
        expected = areas_2025.loc[areas_2025["age"].isin(ages), "persons"].sum()
        assert value[measure, "national", "00", 2025] == pytest.approx(expected, abs=HUNDREDTHS)


def test_facts_of_2022_against_the_official_population_estimate(facts_table: pd.DataFrame) -> None:
    # 総務省統計局「人口推計」2022年10月1日現在: 124,947 / 36,236 / 19,364 thousand.
    nation = facts_table[(facts_table["level"] == "national") & (facts_table["year"] == 2022)]
    value = nation.set_index("measure")["value"]
    assert value["population_total"] == pytest.approx(124_947_000, rel=INTERPOLATION)
    assert value["population_65"] == pytest.approx(36_236_000, rel=INTERPOLATION)
    assert 1 < value["population_75"] / 19_364_000 < 1 + BABY_BOOM


def test_no_jump_where_the_editions_meet(facts_table: pd.DataFrame) -> None:
    wide = facts_table[facts_table["level"] == "area"].pivot(
        index=["measure", "area_code"], columns="year", values="value"
    )
    step = wide[2023] / wide[2022]
    before, after = wide[2022] / wide[2021], wide[2024] / wide[2023]
    middle = (before + after) / 2
    # Growth from 2022 to 2023 lies near that of the years on either side, area by area.
    assert (step - middle).abs().max() < 0.01


def test_an_absent_raw_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="census2020_area339_sex_age5"):
        census_2020(tmp_path, read_table("area_units"), ("0101",))


@given(
    values=st.lists(st.floats(0.01, 1e6), min_size=6, max_size=6),
    factors=st.lists(st.floats(0.1, 10), min_size=2, max_size=2),
)
def test_scaling_keeps_shares_within_a_group(values: list[float], factors: list[float]) -> None:
    group = np.array([0, 0, 0, 1, 1, 1])
    given_values = np.array(values)[:, None]
    totals = np.array([[given_values[:3].sum() * factors[0]], [given_values[3:].sum() * factors[1]]])
    scaled = build.scale_to_groups(given_values, totals, group)
    np.testing.assert_allclose(scaled / given_values, np.array(factors)[group][:, None], rtol=FLOAT)


def test_a_total_without_cells_to_stand_on_is_refused() -> None:
    with pytest.raises(ValueError, match="all zero"):
        build.scale_to_groups(np.zeros((2, 1)), np.array([[5.0]]), np.array([0, 0]))
    nothing = build.scale_to_groups(np.zeros((2, 1)), np.array([[0.0]]), np.array([0, 0]))
    assert (nothing == 0).all()


@given(
    st.lists(st.floats(1, 1e4), min_size=24, max_size=24),
    st.lists(st.floats(1, 1e4), min_size=24, max_size=24),
)
def test_raking_meets_both_margins_and_leaves_a_fitting_table_alone(
    seed: list[float], other: list[float]
) -> None:
    start, truth = (np.array(each).reshape(6, 2, 2) for each in (seed, other))
    row_of, column_of = np.array([0, 0, 1, 2, 3, 3]), np.array([0, 0, 0, 1, 1, 1])
    rows = np.stack([truth[row_of == row].sum(axis=(0, 1)) for row in range(4)])
    columns = np.stack([truth[column_of == column].sum(axis=0) for column in range(2)])
    fitted = build.rake_two_ways(start, rows, row_of, columns, column_of, iterations=20_000)
    np.testing.assert_allclose(
        np.stack([fitted[column_of == column].sum(axis=0) for column in range(2)]), columns, rtol=FLOAT
    )
    np.testing.assert_allclose(
        np.stack([fitted[row_of == row].sum(axis=(0, 1)) for row in range(4)]), rows, rtol=FLOAT
    )
    again = build.rake_two_ways(truth, rows, row_of, columns, column_of)
    np.testing.assert_allclose(again, truth, rtol=FLOAT)
    # Odds ratios within a column group survive (Deming & Stephan 1940).
    odds = [table[2, 0] * table[0, 1] / (table[2, 1] * table[0, 0]) for table in (start, fitted)]
    np.testing.assert_allclose(odds[1], odds[0], rtol=1e-6)


def test_margins_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="contradict"):
        build.rake_two_ways(
            np.ones((2, 2, 1)),
            np.array([[3.0], [3.0]]),
            np.array([0, 1]),
            np.array([[[5.0], [5.0]]]),
            np.array([0, 0]),
        )

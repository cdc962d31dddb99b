"""Certified persons: raking (Deming & Stephan 1940), margins, prefecture counts, double need."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import YEARS, population, rates
from zaitaku_demand.ages import AgeBands
from zaitaku_demand.errors import InputError
from zaitaku_demand.open_band import split_open_band
from zaitaku_demand.population import load_population
from zaitaku_demand.projection.certified import Certified, double_need, project_certified
from zaitaku_demand.projection.project import project
from zaitaku_demand.rates.certification import CARE_AGES, LEVELS, certification_rates, rake, read_certified
from zaitaku_demand.store.tables import read_table


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_raking_meets_both_margins_and_keeps_known_cells(seed: int, with_known: bool) -> None:
    generator = np.random.default_rng(seed)
    truth = generator.random((5, 7)) * 1000 + 1
    fixed = np.full(truth.shape, np.nan)
    if with_known:
        fixed[0] = truth[0]
        fixed[1, 2] = truth[1, 2]
    found = rake(generator.random(truth.shape) + 0.1, truth.sum(axis=1), truth.sum(axis=0), fixed)
    assert np.allclose(found.sum(axis=0), truth.sum(axis=0))
    assert np.allclose(found.sum(axis=1), truth.sum(axis=1))
    assert (found >= 0).all()
    assert np.array_equal(found[~np.isnan(fixed)], fixed[~np.isnan(fixed)])


def test_raking_keeps_the_odds_ratio_of_the_seed() -> None:
    seed = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = rake(seed, np.array([30.0, 70.0]), np.array([40.0, 60.0]))
    odds = found[0, 0] * found[1, 1] / (found[0, 1] * found[1, 0])
    assert odds == pytest.approx(4 / 6)


def test_margins_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="grand total"):
        rake(np.ones((2, 2)), np.array([1.0, 1.0]), np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="known cells"):
        rake(
            np.ones((2, 2)),
            np.array([1.0, 1.0]),
            np.array([1.0, 1.0]),
            np.array([[5.0, np.nan], [np.nan, np.nan]]),
        )


def test_published_margins_of_march_2023() -> None:
    """介護保険事業状況報告 令和4年度: men 2,133,133, women 4,681,211; women 65-69 92,030; women 要介護5 419,326."""
    table = read_table("certification_national")
    sums = table.groupby("sex")["persons"].sum()
    assert sums["male"] == 2_133_133
    assert sums["female"] == pytest.approx(4_681_211)
    women = table[table["sex"] == "female"].set_index(["age", "level"])
    assert women.loc["65-69", "persons"].sum() == 92_030
    assert women.loc[("70-74", "要支援1"), "persons"] == 46_790
    assert women.xs("要介護5", level="level")["persons"].sum() == pytest.approx(419_326)
    assert set(women.loc["65-69", "state"]) == {"observed"}
    assert set(women.loc["80-84", "state"]) == {"estimated"}
    assert set(table[table["sex"] == "male"]["state"]) == {"observed"}


def test_women_by_age_follow_the_estimate_from_the_official_population() -> None:
    """Rates × official population estimate of October 2022, less men; only scaled to the published total."""
    given_estimate = {"70-74": 285007, "75-79": 499859, "80-84": 984788, "85-89": 1364298, "90+": 1455229}
    table = read_table("certification_national")
    women = table[table["sex"] == "female"].groupby("age")["persons"].sum()
    for age, persons in given_estimate.items():
        assert women[age] == pytest.approx(persons, rel=1e-4), age
    level_1 = table[(table["sex"] == "female") & (table["level"] == "要支援1")].set_index("age")["persons"]
    # The share of 要支援1 that the one published cell of 70-74 implies is that of the published row 65-69.
    assert level_1["70-74"] / women["70-74"] == pytest.approx(level_1["65-69"] / women["65-69"], abs=0.01)


def test_rates_by_sex_and_level_give_back_the_published_rates() -> None:
    """Published 2022-09: 2.8, 5.7, 11.9, 25.4, 47.7 (derived), 73.2 %."""
    both = certification_rates("2022-09")[0].sum(axis=1)
    assert (100 * both).round(1).tolist() == [2.8, 5.7, 11.9, 25.4, 47.7, 73.2]
    people = read_table("population_reference")
    people = (
        people[(people["year"] == 2022) & people["age"].isin(CARE_AGES.labels)]
        .groupby(["sex", "age"])["persons"]
        .sum()
    )
    by_sex = certification_rates("2022-09", ("male", "female")).sum(axis=2)
    for place, age in enumerate(CARE_AGES.labels):
        persons = sum(by_sex[row, place] * people[(sex, age)] for row, sex in enumerate(("male", "female")))
        assert persons / people[("both", age)] == pytest.approx(both[place])
    assert certification_rates("2020-09").shape == (1, 6, 1)


@pytest.mark.parametrize("edition", ["2023", "2018"])
def test_areas_give_back_the_prefectures_counts(edition: str) -> None:
    people = split_open_band(load_population(edition))
    reference = people.at_years((2023, 2024))
    found = project_certified(reference, reference)
    counts = read_table("certification_prefectures").set_index(["prefecture_code", "level"])["persons"]
    for code in ("01", "07", "32", "47"):
        inside = (people.areas["prefecture_code"] == code).to_numpy()
        mean = found.values[inside].sum(axis=(0, 2)).mean(axis=0)
        assert mean == pytest.approx([counts[(code, level)] for level in LEVELS])
    frame = found.tidy()
    assert set(frame["state"]) == {"estimated"}
    assert frame["value"].sum() == pytest.approx(found.values.sum())


@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.floats(0, 1))
def test_bounds_of_double_need(seed: int, use: float, certified_share: float) -> None:
    people = np.random.default_rng(seed).integers(0, 9999, (3, len(YEARS), 1, 19)).astype(float)
    given_population = population(people)
    patients = project(given_population, rates(np.full((1, 1, 19), use), given_population))
    old = people[:, :, 0, 13:]
    values = np.repeat((old * certified_share / 7)[..., None], 7, axis=3)
    certified = Certified(values, AgeBands.five_year(90, 65), given_population, np.ones((3, 7)))
    need = double_need(patients, certified)
    assert (need.lower <= need.independent + 1e-6).all()
    assert (need.independent <= need.upper + 1e-6).all()
    assert (need.lower >= 0).all()
    assert np.allclose(need.independent, use * certified_share * old.sum(axis=2))


def test_levels_are_in_order() -> None:
    assert LEVELS[0] == "要支援1" and LEVELS[-1] == "要介護5"
    assert isinstance(read_table("certification_rates"), pd.DataFrame)


def official_table(folder: Path, edit: Callable[[str], str] = lambda text: text) -> Path:
    """Men as published; the same figures stand in for women."""
    table = read_table("certification_national")
    men = table[table["sex"] == "male"].pivot(index="age", columns="level", values="persons")[list(LEVELS)]
    rows = [",".join(["性別", "年齢", *LEVELS])]
    for sex in "男女":
        rows += [
            ",".join([sex, age, *(f"{value:.0f}" for value in men.loc[age])]) for age in CARE_AGES.labels
        ]
    path = folder / "認定者.csv"
    path.write_text(edit("\n".join(rows)), encoding="utf-8-sig")
    return path


def test_an_official_table_replaces_the_estimate(tmp_path: Path) -> None:
    counts = read_certified(official_table(tmp_path))
    assert counts.sum() == 2 * 2_133_133
    rates = certification_rates("2022-09", ("both",), counts)[0]
    published = certification_rates("2022-09")[0].sum(axis=1)
    assert np.allclose(rates.sum(axis=1), published)
    assert np.allclose(
        rates / rates.sum(axis=1, keepdims=True), counts[0] / counts[0].sum(axis=1, keepdims=True)
    )
    by_sex = certification_rates("2022-09", ("male", "female"), counts)
    assert (by_sex[0] > by_sex[1]).all()  # as many men as women certified, but fewer men


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("性別", "区分", "性別"),
        ("女,90+", "女,95+", "年齢階級"),
        ("女,90+", "女,85-89", "2つ"),
        ("14961", "14961.5", "整数"),
        ("14961", "-", "数値"),
        ("女,70-74,33531", "#", "読み取れない"),
    ],
)
def test_faults_of_an_official_table_are_named(tmp_path: Path, old: str, new: str, found: str) -> None:
    with pytest.raises(InputError) as error:
        read_certified(official_table(tmp_path, lambda text: text.replace(old, new)))
    assert found in error.value.sentence("ja") and "認定者.csv" in error.value.sentence("en")


def test_a_missing_row_of_an_official_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"女の90\+歳の行がない"):
        read_certified(official_table(tmp_path, lambda text: "\n".join(text.splitlines()[:-1])))

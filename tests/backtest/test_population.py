"""Backtest of the population projections: measures, classes, coverage in areas not seen, and both languages."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.backtest.population import (
    AGES,
    COMPARISONS,
    error_measures,
    population_backtest,
    population_backtest_content,
    population_backtest_json,
    population_backtest_rows,
    population_coverage,
)
from zaitaku_demand.store.revision_rounds import GROUPS
from zaitaku_demand.store.tables import read_table

WITHIN = 0.03
"""Coverage may be off by three points out of sample."""
TWO_DECIMALS = 0.005


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return population_backtest()


def one(table: pd.DataFrame, comparison: str, age: str, horizon: float, **given: str) -> pd.Series:
    wanted = {"level": "area", "area_type": "all", "size_class": "all", **given}
    chosen = (table["comparison"] == comparison) & (table["age_group"] == age) & (table["horizon"] == horizon)
    for name, value in wanted.items():
        chosen &= table[name] == value
    (row,) = [row for _, row in table[chosen].iterrows()]
    return row


def test_measures_by_hand() -> None:
    projected, actual = pd.Series([110.0, 95.0, 100.0]), pd.Series([100.0, 100.0, 100.0])
    n, mape, median, bias, spread = error_measures(projected, actual, 0.0)
    assert (n, mape, median, bias) == (3, pytest.approx(5.0), pytest.approx(5.0), pytest.approx(5 / 3))
    assert spread == pytest.approx(100 * np.sqrt((np.log(1.1) ** 2 + np.log(0.95) ** 2) / 3))


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(1, 1e6)), min_size=1, max_size=20))
def test_measures_keep_their_order(pairs: list[tuple[float, float]]) -> None:
    projected, actual = (pd.Series([pair[side] for pair in pairs]) for side in (0, 1))
    n, mape, median, bias, _ = error_measures(projected, actual, 0.0)
    assert n == len(pairs) and abs(bias) <= mape * (1 + FLOAT) + FLOAT and median >= 0
    same = error_measures(actual, actual, 0.0)
    assert same[1:] == (0.0, 0.0, 0.0, 0.0)


def test_classes_divide_the_areas(table: pd.DataFrame) -> None:
    for comparison, horizon in (("census_2020", 5.0), ("register_2025_edition_2018", 9.25)):
        chosen = table[
            (table["comparison"] == comparison) & (table["age_group"] == "75+") & (table["level"] == "area")
        ]
        types = chosen[chosen["area_type"] != "all"]
        sizes = chosen[chosen["size_class"] != "all"]
        # 335 areas without the six of Fukushima.
        assert one(table, comparison, "75+", horizon)["n"] == 329
        assert types["n"].sum() == 329 and sizes["n"].sum() == 329
    shift = table[(table["comparison"] == "edition_shift") & (table["age_group"] == "75+")]
    at_2030 = shift[(shift["horizon"] == 15) & (shift["area_type"] != "all")]
    assert at_2030["n"].sum() == 324 - 3


def test_the_nation_is_the_sum_of_all_places(table: pd.DataFrame) -> None:
    errors = read_table("population_errors").query("comparison == 'census_2020'")
    aged = errors[errors["age"].isin(GROUPS[3:])][["projected", "actual"]].sum()
    by_hand = 100 * (aged["projected"] / aged["actual"] - 1)
    row = one(table, "census_2020", "75+", 5.0, level="nation")
    assert row["bias"] == pytest.approx(by_hand, rel=FLOAT)
    # 2018 edition: 75+ of 2020 too high by 0.63 %; of areas by 0.52 % on average, 1.28 % either way.
    assert row["bias"] == pytest.approx(0.63, abs=TWO_DECIMALS)
    area = one(table, "census_2020", "75+", 5.0)
    assert area["bias"] == pytest.approx(0.52, abs=TWO_DECIMALS)
    assert area["mape"] == pytest.approx(1.28, abs=TWO_DECIMALS)


def test_errors_are_larger_later_and_at_higher_ages(table: pd.DataFrame) -> None:
    spread = {age: one(table, "census_2020", age, 5.0)["spread"] for age in GROUPS[2:]}
    assert list(spread.values()) == sorted(spread.values())
    for age in AGES:
        at = [one(table, "edition_shift", age, h)["spread"] for h in (5.0, 15.0, 30.0)]
        assert at == sorted(at)


def test_intervals_cover_areas_that_the_model_has_not_seen() -> None:
    coverage = population_coverage()
    assert set(coverage["age_group"]) == set(GROUPS)
    for comparison, part in coverage.groupby("comparison"):
        for name, nominal in (("coverage_80", 0.80), ("coverage_95", 0.95)):
            found = float(np.average(part[name], weights=part["n"]))
            assert found == pytest.approx(nominal, abs=WITHIN), (comparison, name, found)


def test_the_report_and_the_json_hold_the_same_figures(table: pd.DataFrame) -> None:
    row = one(table, "census_2020", "75+", 5.0, area_type="大都市型")
    for language, comparison, kind in (
        ("ja", "平成30年推計と2020年国勢調査（5年）", "大都市型"),
        ("en", "2018 edition and the census of 2020 (5 years)", "metropolitan areas"),
    ):
        content = population_backtest_content()
        chosen = content[
            (content[f"comparison_{language}"] == comparison)
            & (content[f"area_type_{language}"] == kind)
            & (content["age_group"] == "75+")
        ]
        assert chosen[["n", "mape", "bias"]].to_numpy().tolist() == [[row["n"], row["mape"], row["bias"]]]
        assert not content.isna().any(axis=None)
    rows = population_backtest_json()
    assert len(rows) == len(table) and json.loads(json.dumps(rows)) == rows
    covered = [each for each in rows if each["coverage_80"] is not None]
    assert len(covered) == 7 * 7 and all(each["n"] in (324, 329) for each in covered)


def test_the_view_speaks_both_languages() -> None:
    headings, rows = population_backtest_rows()
    assert all(len(row) == len(headings) for row in rows)
    assert {row[0] for row in rows} == set(COMPARISONS.values())
    assert {"nation", "all areas", "metropolitan areas", "75+ under 10,000"} <= {row[2].en for row in rows}
    assert all(text.ja and text.en for row in rows for text in row)

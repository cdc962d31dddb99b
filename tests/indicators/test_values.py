"""The values table from the built tables: counts reached, sums that must hold, published totals."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from tests.tolerances import FLOAT, PRINTED_PERCENT
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.catalogue import indicators, set_of_indicators
from zaitaku_demand.indicators.compute import VALUE_COLUMNS, indicator_values
from zaitaku_demand.indicators.coverage import coverage, coverage_counts, years_in_hand
from zaitaku_demand.indicators.facts import read_facts
from zaitaku_demand.indicators.home import declarations_folder
from zaitaku_demand.indicators.measures import read_toml
from zaitaku_demand.store.tables import read_table

SECONDS_PREFECTURES = 1.5
"""All indicators, 47 prefectures, all years, on two cores."""


def _covered(values: pd.DataFrame, count: int, states: tuple[str, ...]) -> set[str]:
    """Indicators of the set that have one of `states` in all places in some year."""
    rows = values[(values["level"] != "national") & values["indicator_id"].isin(set_of_indicators())]
    reached = rows["state"].isin(states).groupby([rows["indicator_id"], rows["year"]]).sum()
    return set(reached[reached == count].index.get_level_values(0))


_SHOWN = ("observed", "estimated")
_COMPUTED = (*_SHOWN, "suppressed")


def test_at_least_32_indicators_for_all_prefectures(prefectures: pd.DataFrame) -> None:
    assert len(_covered(prefectures, 47, _COMPUTED)) >= 32
    # With a figure in every prefecture; P-C-2, P-C-5, P-C-7 and P-E-2 are hidden in some by the publisher.
    assert len(_covered(prefectures, 47, _SHOWN)) >= 29


def test_at_least_16_indicators_for_all_areas(areas: pd.DataFrame) -> None:
    assert len(_covered(areas, 335, _COMPUTED)) >= 16


def test_process_indicators_are_a_series(prefectures: pd.DataFrame) -> None:
    rows = prefectures[(prefectures["level"] == "prefecture") & (prefectures["state"] != "no_data")]
    later = {
        "P-C-2",
        "P-C-4",
        "P-A-2",
        "P-E-1",
        "P-E-2",
        "P-E-3",
    }  # additions and dental: published from FY2015
    for name, each in set_of_indicators().items():
        if each.type == "process":
            years = set(rows.loc[rows["indicator_id"] == name, "year"])
            first = 2016 if name == "P-D-5" else 2015 if name in later else 2014
            assert years == set(range(first, 2023)), name


def test_expected_counts_add_up_to_the_published_national_count(
    prefectures: pd.DataFrame, areas: pd.DataFrame
) -> None:
    adjusted = [name for name, each in indicators().items() if each.adjustment == "indirect"]
    for values in (prefectures, areas):
        rows = values[values["indicator_id"].isin(adjusted)]
        nation = rows[rows["level"] == "national"].set_index(["indicator_id", "year"])
        places = (
            rows[rows["level"] != "national"].groupby(["indicator_id", "year"])["expected"].sum(min_count=1)
        )
        assert len(nation) > 80 and nation["numerator"].notna().all()
        np.testing.assert_allclose(places.loc[nation.index], nation["numerator"], rtol=FLOAT)
        np.testing.assert_allclose(nation["expected"], nation["numerator"], rtol=FLOAT)


def test_national_counts_are_the_published_ones(prefectures: pd.DataFrame) -> None:
    nation = prefectures[prefectures["level"] == "national"].set_index(["indicator_id", "year"])["numerator"]
    assert nation["S-C-2", 2023] == 14725  # 令和5年医療施設調査 T108, national row
    assert nation["O-A-1", 2023] == 6641420  # 令和6年版 救急・救助の現況, transported in 2023
    facts = read_facts()
    published = facts[(facts["level"] == "national") & (facts["measure"] == "ndb_home_visit_patients")]
    total = published.set_index("year")["value"][2022]
    assert (
        nation["P-C-1", 2022] == total and round(total / 12 / 1000) == 848
    )  # NDB FY2022: 848 thousand a month


def test_share_of_deaths_at_home_in_2016(prefectures: pd.DataFrame) -> None:
    row = prefectures[(prefectures["indicator_id"] == "O-E-1") & (prefectures["year"] == 2016)].iloc[0]
    assert row["level"] == "national"
    # 人口動態統計 2016: 13.0 % of deaths at home
    assert 100 * row["numerator"] / row["denominator"] == pytest.approx(13.0, abs=PRINTED_PERCENT)


def test_states_and_figures_agree(prefectures: pd.DataFrame, areas: pd.DataFrame) -> None:
    for values, count in ((prefectures, 48), (areas, 336)):
        assert list(values.columns) == list(VALUE_COLUMNS)
        assert not values.duplicated(["indicator_id", "area_code", "year"]).any()
        assert (values.groupby(["indicator_id", "year"]).size() == count).all()
        assert set(values["indicator_id"]) == set(indicators())
        shown = values["state"].isin(_SHOWN)
        assert (
            values.loc[shown, ["numerator", "denominator", "expected", "event_size"]].notna().all(axis=None)
        )
        assert (values.loc[shown, "event_size"] >= 1).all() and (values.loc[shown, "denominator"] > 0).all()
        assert values.loc[~shown, "numerator"].isna().all()
        assert values.loc[values["state"] == "no_data", "numerator_lower":].isna().all(axis=None)
        inside = values[shown]
        assert (inside["numerator"] >= inside["numerator_lower"] * (1 - FLOAT)).all()
        assert (inside["numerator"] <= inside["numerator_upper"] * (1 + FLOAT)).all()


def test_japan_is_one(prefectures: pd.DataFrame) -> None:
    nation = prefectures[(prefectures["level"] == "national") & prefectures["numerator"].notna()]
    np.testing.assert_allclose(nation["numerator"], nation["expected"], rtol=FLOAT)


def test_prefectures_whose_lists_are_missing_are_not_zero(prefectures: pd.DataFrame) -> None:
    rows = prefectures[(prefectures["indicator_id"] == "S-C-4") & (prefectures["level"] == "prefecture")]
    states = rows.set_index("area_code")["state"]
    assert states["13"] == "no_data" and states["32"] == "observed"
    assert (states == "no_data").sum() == 13 and (states == "observed").sum() == 34


def test_declared_levels_are_those_with_data(prefectures: pd.DataFrame) -> None:
    found = years_in_hand()
    # The ministry's present workbook and the user's own files are not shipped.
    given = {"user.toml", "home_care_workbook.toml"}
    paths = [path for path in (declarations_folder() / "measures").glob("*.toml") if path.name in given]
    of_the_user = {entry["id"] for path in paths for entry in read_toml(path)["measure"]}
    assert len(paths) == len(given)
    for name, each in indicators().items():
        if not of_the_user & set(each.numerator):
            assert set(found[name]) == set(each.levels), name
        else:
            assert found[name] == {}, name


def test_coverage_is_a_full_grid(prefectures: pd.DataFrame) -> None:
    table = coverage(prefectures)
    years = table["year"].nunique()
    assert len(table) == len(indicators()) * 47 * years
    counts = coverage_counts(table).set_index(["indicator_id", "year"])
    assert (counts.sum(axis=1) == 47).all()
    assert counts.loc[("S-C-4", 2025)].tolist() == [34, 0, 0, 13]
    assert counts.loc[("S-D-1", 2022)].tolist() == [0, 0, 0, 47]
    assert counts.loc[("S-C-1", 2022), "missing"] == 47 and counts.loc[("S-C-1", 2023), "observed"] == 47


def test_chosen_years_are_given_for_every_indicator(prefectures: pd.DataFrame) -> None:
    values = indicator_values("prefecture", years=(2021, 2022))
    assert set(values["year"]) == {2021, 2022} and len(values) == len(indicators()) * 2 * 48
    keys = ["indicator_id", "area_code", "year"]
    both = values.merge(prefectures, on=keys, suffixes=("", "_all"))
    pd.testing.assert_series_equal(both["expected"], both["expected_all"], check_names=False, rtol=FLOAT)


def test_time(prefectures: pd.DataFrame) -> None:
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        indicator_values("prefecture")
        taken.append(time.perf_counter() - start)
    assert min(taken) <= SECONDS_PREFECTURES


def test_unknown_level() -> None:
    with pytest.raises(InputError):
        indicator_values("city")


def test_hand_calculation_of_one_ratio(prefectures: pd.DataFrame) -> None:
    """島根県 (32), house calls FY2022: expected counts added up cell by cell."""
    ages = read_table("ndb_measure_ages")
    ages = ages[(ages["measure"] == "ndb_house_calls") & (ages["year"] == 2022)]
    people = read_table("population_reference")
    people = people[(people["year"] == 2022) & people["sex"].isin(["male", "female"])]
    expected = 0.0
    for row in ages.itertuples():
        cells = people[(people["sex"] == row.sex) & (people["age"] == row.age)]
        here = float(cells.loc[cells["prefecture_code"] == "32", "persons"].iloc[0])
        expected += here * row.value / cells["persons"].sum()
    found = prefectures[
        (prefectures["indicator_id"] == "P-A-1")
        & (prefectures["area_code"] == "32")
        & (prefectures["year"] == 2022)
    ]["expected"].iloc[0]
    assert found == pytest.approx(expected, rel=FLOAT)

"""Outcomes of the user's own: read, protected, joined to the panel; every bad cell is one sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.research.reliability_real import QUICK
from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.parameters import DisclosureParameters
from zaitaku_demand.errors import InputError
from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.judgement import judge_use
from zaitaku_demand.research.own import OwnOutcome, own_outcomes, protected, read_own
from zaitaku_demand.research.reliability.run import reliability_table

_CODES = np.array([f"{number:02d}" for number in range(1, 48)], dtype=object)


def _file(folder: Path, text: str, name: str = "readmission.csv") -> OwnOutcome:
    path = folder / name
    path.write_text(text, "utf-8")
    return OwnOutcome(path)


def test_it_joins_the_panel_as_an_outcome(tmp_path: Path) -> None:
    text = "地域コード,地域名,年,分子,分母\n32,島根県,2021,120,1000\n32,,2022,150,1000\n1,,2022,50,400\n31,,2022,,100\n13,,2022,秘匿,900\n"
    own = _file(tmp_path, text, "計画外 入院.csv")
    panel = build_panel("prefecture", own=[own])
    series = panel["own_計画外_入院"]
    assert own.name in panel.names("outcome") and series.kind == "binomial" and series.years == (2021, 2022)
    assert series.value[31].tolist() == pytest.approx([12, 15], rel=FLOAT)
    assert series.value[0, 1] == pytest.approx(12.5, rel=FLOAT) and np.isnan(series.value[0, 0])
    assert series.state[30, 1] == 0 and series.state[12, 1] == 3 and np.isnan(series.numerator[12, 1])
    row = panel.variables.loc[own.name]
    assert row["unit_ja"] == "％" and "計画外 入院.csv" in row["source_ja"] and row["place"] == ""
    # A file of prefectures has nothing to say about areas.
    assert own.name not in build_panel("area", own=[own]).series


def test_a_ratio_may_exceed_one(tmp_path: Path) -> None:
    text = "area_code,year,numerator,denominator\n01,2020,300,100\n02,2020,50,100\n"
    own = _file(tmp_path, text)
    with pytest.raises(InputError) as raised:
        read_own(own)
    assert raised.value.row == 2 and raised.value.column == "C"
    assert "ratio" in raised.value.sentence("en") and "ratio" in raised.value.sentence("ja")
    ((series, row),) = own_outcomes("prefecture", _CODES, [OwnOutcome(own.path, "ratio")])
    assert series.kind == "poisson" and series.value[0, 0] == 3 and row["statistic"] == "ratio"


def test_levels_follow_from_the_code_or_the_column(tmp_path: Path) -> None:
    text = "level,area_code,year,numerator,denominator\n,0101,2020,30,100\n,101,2021,30,100\n,1,2020,30,100\n全国,00,2020,30,100\narea,0101,2022,30,100\n"
    table = read_own(_file(tmp_path, text))
    assert table["level"].tolist() == ["area", "area", "prefecture", "national", "area"]
    assert table["area_code"].tolist() == ["0101", "0101", "01", "00", "0101"]


def test_small_counts_stay_hidden_and_cannot_be_subtracted(tmp_path: Path) -> None:
    """4 is hidden for its size; with the total of Japan it would be 1,004 - 1,000, so another one goes."""
    rows = [f"{number:02d},2020,{40 if number > 1 else 4},1000" for number in range(1, 48)]
    text = "area_code,year,numerator,denominator\n00,2020,1844,47000\n" + "\n".join(rows) + "\n"
    ((series, _),) = own_outcomes("prefecture", _CODES, [_file(tmp_path, text)])
    hidden = np.flatnonzero(series.state[:, 0] == 3)
    assert 0 in hidden and len(hidden) == 2
    assert np.isnan(series.numerator[hidden]).all() and np.isnan(series.exposure[hidden]).all()
    open_to_all = DisclosureParameters(enabled=False)
    ((series, _),) = own_outcomes("prefecture", _CODES, [_file(tmp_path, text)], open_to_all)
    assert (series.state == 1).all() and series.numerator[0, 0] == 4


@pytest.mark.parametrize(
    ("text", "row", "column", "found"),
    [
        ("area_code,year,numerator\n01,2020,30\n", 1, None, "denominator"),
        ("area_code,year,numerator,denominator,colour\n01,2020,30,100,red\n", 1, "E", "colour"),
        ("area_code,area_code,year,numerator,denominator\n01,01,2020,30,100\n", 1, None, "area_code"),
        ("area_code,year,numerator,denominator,level,level\n01,2020,30,100,area,area\n", 1, "F", "level"),
        ("area_code,year,numerator,denominator\n99,2020,30,100\n", 2, "A", "99"),
        ("area_code,year,numerator,denominator\n0199,2020,30,100\n", 2, "A", "0199"),
        ("area_code,year,numerator,denominator\n01,R2,30,100\n", 2, "B", "R2"),
        ("area_code,year,numerator,denominator\n01,2020,many,100\n", 2, "C", "many"),
        ("area_code,year,numerator,denominator\n01,2020,-3,100\n", 2, "C", "-3"),
        ("area_code,year,numerator,denominator\n01,2020,30,\n", 2, "D", "number"),
        ("area_code,year,numerator,denominator\n01,2020,0,0\n", 2, "D", "0"),
        ("area_code,year,numerator,denominator\n01,2020,30,100\n1,2020,40,100\n", 3, "A", "row 2"),
        ("level,area_code,year,numerator,denominator\ntown,01,2020,30,100\n", 2, "A", "town"),
        ("area_code,year,numerator,denominator\n01,2020,,\n", None, None, "no value"),
    ],
)
def test_a_bad_cell_is_one_sentence(
    tmp_path: Path, text: str, row: int | None, column: str | None, found: str
) -> None:
    with pytest.raises(InputError) as raised:
        read_own(_file(tmp_path, text))
    error = raised.value
    assert (error.file, error.row, error.column) == ("readmission.csv", row, column)
    assert found in error.sentence("en") and error.sentence("ja").endswith("。")


def test_a_missing_file_and_two_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_own(OwnOutcome(tmp_path / "nothing.csv"))
    text = "area_code,year,numerator,denominator\n01,2020,30,100\n"
    first, second = _file(tmp_path, text, "a b.csv"), _file(tmp_path, text, "a_b.csv")
    with pytest.raises(InputError) as raised:
        own_outcomes("prefecture", _CODES, [first, second])
    assert "own_a_b" in raised.value.sentence("en")


def test_two_years_are_protected_apart() -> None:
    table = pd.DataFrame(
        {
            "level": "prefecture",
            "area_code": ["01", "01", "02"],
            "year": [2020, 2021, 2020],
            "numerator": [5.0, 50.0, 60.0],
            "denominator": 100.0,
            "state": "observed",
        }
    )
    shown = protected(table, "own_x", DisclosureParameters())
    assert shown["state"].tolist() == ["suppressed", "observed", "observed"]


@settings(max_examples=30)
@given(st.lists(st.integers(0, 40), min_size=3, max_size=12))
def test_no_count_of_one_to_nine_is_shown_in_any_order(counts: list[int]) -> None:
    codes = [f"{number:02d}" for number in range(1, len(counts) + 1)]
    table = pd.DataFrame(
        {
            "level": ["national"] + ["prefecture"] * len(counts),
            "area_code": ["00", *codes],
            "year": 2020,
            "numerator": [float(sum(counts)), *map(float, counts)],
            "denominator": 1000.0,
            "state": "observed",
        }
    )
    shown = protected(table, "own_x", DisclosureParameters())
    assert not shown["numerator"].between(1, 9).any()
    prefectures = shown[shown["level"] == "prefecture"]
    if shown["state"].iloc[0] == "observed" and prefectures["state"].eq("suppressed").any():
        assert prefectures["state"].eq("suppressed").sum() > 1
    again = protected(table.iloc[::-1].reset_index(drop=True), "own_x", DisclosureParameters())
    assert again["numerator"].isna().sum() == shown["numerator"].isna().sum()


def test_a_known_reliability_comes_back_through_the_whole_path(tmp_path: Path) -> None:
    """A file of simulated deaths with the real areas' unequal sizes: file, panel, reliability, misclassification."""
    panel = build_panel("area")
    random = np.random.default_rng(0)
    deaths = np.rint(np.nan_to_num(panel["O-E-1"].exposure[:, -1], nan=500.0)).astype(int)
    prior, mean = 800.0, 0.15
    true = random.beta(mean * prior, (1 - mean) * prior, len(deaths))
    rows = [
        f"{code},{year},{random.binomial(count, share)},{count}"
        for year in (2019, 2020, 2021)
        for code, count, share in zip(panel.places["area_code"], deaths, true, strict=True)
    ]
    path = tmp_path / "simulated.csv"
    path.write_text("\n".join(["area_code,year,numerator,denominator", *rows]), "utf-8")
    made = build_panel("area", own=[OwnOutcome(path)])
    roles = made.variables.copy()
    roles.loc[(roles["role"] == "outcome") & (roles.index != "own_simulated"), "role"] = "exposure"
    table = reliability_table(replace(made, variables=roles), QUICK)
    assert set(table["outcome"]) == {"own_simulated"}
    figures = table[table["term"] == ""].set_index(["statistic", "method"])
    core = figures.loc[("reliability", "beta_binomial_ml")]
    assert core["lower"] < np.median(deaths) / (np.median(deaths) + prior) < core["upper"]
    needed = figures.loc[("cases_for_0.7", "beta_binomial_ml")]
    assert needed["lower"] < prior * 0.7 / 0.3 < needed["upper"]
    # No place changes from year to year: all that is not lasting is chance.
    assert figures.loc[("variance_place_year", "components"), "estimate"] < 0.03
    quarter = round(0.25 * len(true))
    seen = made["own_simulated"].rate[:, -1]
    wrong = (seen >= np.sort(seen)[-quarter]) != (true >= np.sort(true)[-quarter])
    assert figures.loc[("misclassified_top", "simulation"), "estimate"] == pytest.approx(
        wrong.mean(), abs=0.03
    )
    judged = judge_use(table).iloc[0]
    assert "not_stable" not in judged["reasons_areas"].split()
    assert "reliability_low" in judged["reasons_areas"].split()

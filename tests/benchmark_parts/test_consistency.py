"""Consistency: each rule on a small table that breaks it and on one that does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaitaku_demand.benchmark.consistency import check_consistency, indicator_findings
from zaitaku_demand.benchmark.parameters import ConsistencyParameters
from zaitaku_demand.indicators.measures import Measure, SeriesBreak
from zaitaku_demand.text import Text

NAMES = {"00": "全国", "01": "北海道", "02": "青森県", "0101": "南渡島"}


def _fact(
    measure: str, code: str, year: int, value: float, lower: float | None = None, upper: float | None = None
) -> tuple[object, ...]:
    level = "national" if code == "00" else "prefecture" if len(code) == 2 else "area"
    state = "suppressed" if np.isnan(value) else "observed" if lower is None else "estimated"
    low, high = value if lower is None else lower, value if upper is None else upper
    return measure, level, code, year, value, low, high, state


def _facts(*rows: tuple[object, ...]) -> pd.DataFrame:
    columns = ["measure", "level", "area_code", "year", "value", "lower", "upper", "state"]
    return pd.DataFrame(list(rows), columns=columns)


def _check(
    *rows: tuple[object, ...],
    measures: dict[str, Measure] | None = None,
    parameters: ConsistencyParameters | None = None,
) -> pd.DataFrame:
    return check_consistency(_facts(*rows), measures or {}, NAMES, parameters)


def test_parts_above_the_whole_for_certain_and_by_estimates() -> None:
    findings = _check(
        _fact("ndb_house_calls", "01", 2022, 100),
        _fact("ndb_urgent_calls", "01", 2022, 120),
        _fact("ndb_house_calls", "02", 2022, 100),
        _fact("ndb_urgent_calls", "02", 2022, 120, 60, 130),
    )
    assert findings["severity"].tolist() == ["error", "note"]
    assert findings["area_name"].tolist() == ["北海道", "青森県"]
    assert findings[["found", "expected"]].to_numpy().tolist() == [[120, 100], [120, 100]]
    assert "（120）が、全体である" in findings["finding_ja"][0]


def test_several_parts_are_added_and_equal_is_no_finding() -> None:
    home, facility, whole = (f"ndb_home_visit_patients{end}" for end in ("_home", "_facility", ""))
    assert _check(
        _fact(home, "01", 2022, 60), _fact(facility, "01", 2022, 40), _fact(whole, "01", 2022, 100)
    ).empty
    over = _check(_fact(home, "01", 2022, 61), _fact(facility, "01", 2022, 40), _fact(whole, "01", 2022, 100))
    assert over["measure"].tolist() == [f"{home} + {facility}"]


def test_suppressed_is_not_zero() -> None:
    # A hidden whole of 0-500 contradicts no part of 400; a hidden activity is no idle institution.
    assert _check(
        _fact("ndb_house_calls", "01", 2022, np.nan, 0, 500),
        _fact("ndb_urgent_calls", "01", 2022, 400),
        _fact("survey_support_clinics", "0101", 2023, 3),
        _fact("ndb_home_visit_patients", "0101", 2022, np.nan, 0, 800),
        _fact("survey_home_visit_facilities", "0101", 2023, 0),
    ).empty
    # But a whole hidden below 100 cannot hold 400.
    assert _check(
        _fact("ndb_house_calls", "01", 2022, np.nan, 0, 99), _fact("ndb_urgent_calls", "01", 2022, 400)
    )["severity"].tolist() == ["error"]


def test_areas_above_their_prefecture() -> None:
    findings = _check(
        _fact("ndb_house_calls", "0101", 2022, 70),
        _fact("ndb_house_calls", "0102", 2022, 40),
        _fact("ndb_house_calls", "01", 2022, 100),
        _fact("ndb_house_calls", "00", 2022, 100),
    )
    assert findings[["check", "level", "area_code"]].to_numpy().tolist() == [["places", "prefecture", "01"]]
    assert (findings["found"][0], findings["expected"][0]) == (110, 100)


def test_facilities_without_patients_and_patients_without_facilities() -> None:
    findings = _check(
        _fact("survey_home_visit_facilities", "01", 2023, 0),
        _fact("survey_home_visit_facilities", "02", 2023, 5),
        _fact("ndb_home_visit_patients", "01", 2022, 300),
        _fact("ndb_home_visit_patients", "02", 2022, 0),
        _fact("ndb_home_visit_patients", "02", 2019, 900),
        _fact("survey_support_clinics", "01", 2023, 0),
    ).set_index("measure")
    both = findings.loc["survey_home_visit_facilities + ndb_home_visit_patients"]
    assert both["area_code"].tolist() == ["01", "02"]
    assert both["severity"].tolist() == ["warning", "warning"]
    # Clinics without the notification may visit, so this is said and called no contradiction.
    allowed = findings.loc["survey_support_clinics + ndb_home_visit_patients"]
    assert allowed["severity"] == "note"
    assert "矛盾ではない" in allowed["finding_ja"]


def test_a_place_without_rows_is_missing_and_not_zero() -> None:
    assert _check(
        _fact("survey_home_visit_facilities", "01", 2023, 5),
        _fact("ndb_home_visit_patients", "02", 2022, 300),
    ).empty


def test_two_sources_that_disagree() -> None:
    # Ratios 1, 1.1, 1.2 and 3: median sqrt(1.1 * 1.2) = 1.149; log distances .139 .044 .044 .96, MAD .0914.
    ratio = {"01": 1.0, "02": 1.1, "03": 1.2, "04": 3.0}
    rows = [_fact("survey_home_visit_cases", code, 2023, 1000 * r) for code, r in ratio.items()]
    rows += [_fact("ndb_home_visits", code, 2022, 12_000) for code in ratio]
    rows += [_fact("survey_home_visit_cases", "00", 2023, 6300), _fact("ndb_home_visits", "00", 2022, 48_000)]
    rows += [_fact("ndb_home_visits", code, 2014, 1) for code in ratio]
    findings = _check(*rows)
    assert findings[["severity", "area_code"]].to_numpy().tolist() == [["warning", "04"], ["note", "00"]]
    assert findings["found"].tolist() == pytest.approx([3.0, 6300 / 4000])
    assert findings["expected"].tolist() == pytest.approx([(1.1 * 1.2) ** 0.5] * 2)
    assert "誤りとは限らない" in findings["finding_ja"][0]
    few = [_fact(row[0], str(row[2]), int(str(row[3])), float(str(row[4])) / 200) for row in rows]
    assert _check(*few)["severity"].tolist() == ["note"]


def _series(code: str, values: list[float]) -> list[tuple[object, ...]]:
    return [_fact("ndb_nursing_orders", code, 2014 + i, value) for i, value in enumerate(values)]


STEADY = [10_000.0, 10_500, 10_200, 10_800, 10_400, 10_900, 10_600, 11_000, 10_700]


def test_a_jump_is_found_once_and_japan_is_taken_out() -> None:
    # 01 doubles from 2019 on; all else moves by 3-6 % a year.
    doubled = [value * (2 if i >= 5 else 1) for i, value in enumerate(STEADY)]
    findings = _check(
        *_series("00", [v * 20 for v in STEADY]), *_series("01", doubled), *_series("02", STEADY)
    )
    assert findings[["check", "severity", "area_code", "year"]].to_numpy().tolist() == [
        ["jump", "warning", "01", 2019]
    ]
    assert findings["found"][0] == pytest.approx(2.0)
    # Relative to Japan only the doubling moves: seven ranges are 0 and one log 2, which is screened out (log 2 is more
    # than 3.267 times the mean log 2 / 8), so the limit is a factor of 1.
    assert findings["expected"][0] == pytest.approx(1.0)
    # All prefectures and Japan double together: a national jump, no prefecture's.
    together = _check(
        *_series("00", [v * 20 for v in doubled]), *_series("01", doubled), *_series("02", doubled)
    )
    assert together[["area_code", "year"]].to_numpy().tolist() == [["00", 2019]]


def test_the_limit_of_a_jump_is_3_267_mean_ranges() -> None:
    # log2 of the nation: ranges 1 1 1 1 1 1 1 x; with x = 3 the mean is 10/8, the screen 4.08: nothing is left out, and
    # 3 lies within 4.08. With x = 6 the screen is 3.267 x 13/8 = 5.3, so x is left out and lies beyond 3.267 x 1.
    steps = [1, -1, 1, -1, 1, -1, 1]
    for last, flagged in ((3, []), (6, [2022])):
        exponents = np.cumsum([10, *steps, last])
        findings = _check(*_series("00", (2.0**exponents).tolist()))
        assert findings["year"].tolist() == flagged
        if flagged:
            assert findings["expected"][0] == pytest.approx(2**3.267)


def test_a_gap_in_the_years_is_no_jump() -> None:
    gap = [
        row
        for row in _series("00", [v * (3 if i >= 6 else 1) for i, v in enumerate(STEADY)])
        if row[3] != 2020
    ]
    assert _check(*gap).empty


def test_a_jump_at_a_declared_break_is_a_note_and_the_break_is_told() -> None:
    measure = Measure(
        id="ndb_nursing_orders",
        name=Text("訪問看護指示", "nursing orders"),
        unit=Text("件", "claims"),
        source="population",
        place="institution",
        columns=("x",),
        breaks=(
            SeriesBreak(year=2019, reason=Text("改定", "reform")),
            SeriesBreak(year=2023, reason=Text("次", "next")),
        ),
    )
    doubled = [value * (2 if i >= 5 else 1) for i, value in enumerate(STEADY)]
    findings = _check(*_series("00", doubled), measures={"ndb_nursing_orders": measure})
    assert findings[["check", "severity", "year"]].to_numpy().tolist() == [
        ["jump", "note", 2019],
        ["break", "note", 2019],
    ]
    assert findings["finding_ja"][1] == "「訪問看護指示」は2019年を境に前後を比べるとき注意が要る：改定。"


def test_proportions_above_one() -> None:
    values = pd.DataFrame(
        {
            "indicator_id": ["O-E-1", "O-E-1", "P-C-1"],
            "level": "prefecture",
            "area_code": ["01", "02", "01"],
            "year": 2022,
            "numerator_lower": [11.0, 9.0, 50.0],
            "denominator": [10.0, 10.0, 1.0],
        }
    )
    findings = check_consistency(_facts(), {}, NAMES, values=values, proportions=["O-E-1"])
    assert findings[["check", "measure", "area_code"]].to_numpy().tolist() == [["proportion", "O-E-1", "01"]]


def test_findings_by_indicator_leave_notes_out() -> None:
    findings = _check(
        _fact("ndb_house_calls", "01", 2022, 100),
        _fact("ndb_urgent_calls", "01", 2022, 120),
        _fact("ndb_house_calls", "02", 2022, 100),
        _fact("ndb_urgent_calls", "02", 2022, 120, 60, 130),
    )
    found = indicator_findings(findings, {"P-A-2": ("ndb_urgent_calls",), "P-C-1": ("ndb_home_visits",)})
    assert found.to_numpy().tolist() == [["P-A-2", "01"]]


def test_nothing_to_check_gives_an_empty_table() -> None:
    assert _check().empty


@settings(max_examples=10)
@given(st.permutations(range(27)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    doubled = [value * (2 if i >= 5 else 1) for i, value in enumerate(STEADY)]
    rows = [*_series("00", [v * 20 for v in STEADY]), *_series("01", doubled), *_series("02", STEADY)]
    pd.testing.assert_frame_equal(_check(*(rows[i] for i in order)), _check(*rows))


@settings(max_examples=10)
@given(st.floats(0.2, 9))
def test_a_series_times_a_factor_jumps_in_the_same_year(factor: float) -> None:
    doubled = [value * (2 if i >= 5 else 1) for i, value in enumerate(STEADY)]
    rows = [*_series("00", [v * 20 for v in STEADY]), *_series("01", [v * factor for v in doubled])]
    assert _check(*rows)[["area_code", "year"]].to_numpy().tolist() == [["01", 2019]]

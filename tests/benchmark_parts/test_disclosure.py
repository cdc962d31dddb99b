"""Disclosure control: nothing hidden can be had by subtraction, whatever the table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaitaku_demand.benchmark.disclosure import (
    Sum,
    area_sums,
    audit,
    blank_derived,
    hidden_intervals,
    primary_suppression,
    protect_values,
    round_counts,
    secondary_suppression,
)
from zaitaku_demand.benchmark.parameters import DisclosureParameters
from zaitaku_demand.errors import InputError

WIDTH = 9.0
COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 500))


def test_counts_1_to_9_are_hidden_and_zero_is_not() -> None:
    hidden = primary_suppression(np.array([0, 1, 9, 10, np.nan]))
    assert hidden.tolist() == [False, True, True, False, False]


def test_one_hidden_part_takes_the_smallest_other_with_it() -> None:
    # 100 = 4 + 12 + 84: the 4 alone could be had as 100 - 96.
    counts = np.array([100.0, 4, 12, 84])
    sums = [Sum(0, (1, 2, 3))]
    alone = primary_suppression(counts)
    low, high = hidden_intervals(counts, alone, sums)
    assert (low[1], high[1]) == (4, 4)
    hidden = secondary_suppression(counts, alone, sums)
    assert hidden.tolist() == [False, True, True, False]
    low, high = hidden_intervals(counts, hidden, sums)
    assert low.tolist() == [100, 0, 0, 84]
    assert high.tolist() == [100, 16, 16, 84]


def test_two_hidden_ones_with_a_small_sum_are_not_enough() -> None:
    # 52 - 50 = 2 leaves 0-2 for each of the two ones, so the 50 goes too.
    counts = np.array([52.0, 1, 1, 50])
    hidden = secondary_suppression(counts, primary_suppression(counts), [Sum(0, (1, 2, 3))])
    assert hidden.tolist() == [False, True, True, True]


def test_a_zero_protects_nobody_so_the_total_is_hidden() -> None:
    counts = np.array([12.0, 5, 7, 0, 30, 42])
    sums = [Sum(0, (1, 2, 3)), Sum(5, (0, 4))]
    hidden = secondary_suppression(
        np.array([5.0, 5, 0, 0, 30, 35]), np.array([True, True] + [False] * 4), sums
    )
    assert hidden.tolist() == [True, True, False, False, True, False]
    # 5 + 7 = 12: both hidden below a shown 12 leave 0-12 each, which is wide enough.
    assert secondary_suppression(counts, primary_suppression(counts), sums).tolist() == [
        False,
        True,
        True,
        False,
        False,
        False,
    ]


def test_rows_and_columns_are_solved_as_linear_programmes() -> None:
    # Hidden cells at the corners of a square form a cycle: subtraction within one sum finds nothing, and the
    # interval is that of the square: x can move between 0 and min(row rest, column rest).
    #   x y | 10        cells: 0 1 | 4
    #   z w | 20               2 3 | 5      column totals 6, 7
    counts = np.array([3.0, 7, 12, 8, 10, 20, 15, 15])
    sums = [Sum(4, (0, 1)), Sum(5, (2, 3)), Sum(6, (0, 2)), Sum(7, (1, 3))]
    hidden = np.array([True] * 4 + [False] * 4)
    low, high = hidden_intervals(counts, hidden, sums)
    assert low[:4] == pytest.approx([0, 0, 5, 5])
    assert high[:4] == pytest.approx([10, 10, 15, 15])


@given(st.lists(st.lists(COUNTS, min_size=1, max_size=5), min_size=1, max_size=5))
def test_no_cell_of_a_hierarchy_can_be_narrowed(areas: list[list[int]]) -> None:
    counts, sums = _hierarchy(areas)
    hidden = secondary_suppression(counts, primary_suppression(counts), sums, WIDTH)
    assert not audit(counts, hidden, sums, WIDTH).any()
    assert hidden[primary_suppression(counts)].all()
    low, high = hidden_intervals(counts, hidden, sums)
    assert (low <= counts + 1e-6).all() and (counts <= high + 1e-6).all()


@settings(max_examples=12)
@given(st.lists(st.lists(COUNTS, min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_cell_of_a_crossed_table_can_be_narrowed(rows: list[list[int]]) -> None:
    table = np.array(rows, dtype=float)
    full = np.block([[table, table.sum(axis=1, keepdims=True)], [table.sum(axis=0), table.sum()]])
    height, width = full.shape
    at = np.arange(full.size).reshape(full.shape)
    sums = [Sum(int(at[i, -1]), tuple(at[i, :-1].tolist())) for i in range(height)]
    sums += [Sum(int(at[-1, j]), tuple(at[:-1, j].tolist())) for j in range(width)]
    counts = full.ravel()
    hidden = secondary_suppression(counts, primary_suppression(counts), sums, WIDTH)
    low, high = hidden_intervals(counts, hidden, sums)
    assert (high - low)[hidden].min(initial=np.inf) >= WIDTH - 1e-5
    assert (low <= counts + 1e-5).all() and (counts <= high + 1e-5).all()


@settings(max_examples=12)
@given(st.lists(st.lists(COUNTS, min_size=1, max_size=4), min_size=1, max_size=3), st.data())
def test_propagation_equals_the_linear_programme_where_it_is_used(
    areas: list[list[int]], data: st.DataObject
) -> None:
    from zaitaku_demand.benchmark import disclosure_audit

    counts, sums = _hierarchy(areas)
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=counts.size, max_size=counts.size)))
    active = [one for one in sums if hidden[[one.total, *one.parts]].any()]
    if not active or not disclosure_audit._is_forest(hidden, active):
        return
    by_steps = hidden_intervals(counts, hidden, sums)
    by_programme = disclosure_audit._optimised(counts, hidden, active)
    for found, wanted in zip(by_steps, by_programme, strict=True):
        assert found == pytest.approx(wanted, abs=1e-5)


@given(st.lists(st.lists(COUNTS, min_size=1, max_size=4), min_size=1, max_size=4), st.data())
def test_cells_suppressed_by_the_source_stay_so(areas: list[list[int]], data: st.DataObject) -> None:
    counts, sums = _hierarchy(areas)
    lost = np.array(data.draw(st.lists(st.booleans(), min_size=counts.size, max_size=counts.size)))
    known = np.where(lost, np.nan, counts)
    hidden = secondary_suppression(known, primary_suppression(known), sums, WIDTH)
    assert hidden[lost].all()


def test_published_cells_cannot_be_hidden_and_the_audit_says_what_stays_open() -> None:
    counts = np.array([100.0, 4, 96])
    sums = [Sum(0, (1, 2))]
    fixed = np.array([True, False, True])
    hidden = secondary_suppression(counts, primary_suppression(counts), sums, WIDTH, fixed)
    assert hidden.tolist() == [False, True, False]
    assert audit(counts, hidden, sums, WIDTH).tolist() == [False, True, False]


def test_rounding_goes_to_the_nearest_multiple_and_halves_up() -> None:
    assert round_counts(np.array([0, 2, 2.5, 12.5, 13, np.nan]), 5).tolist()[:5] == [0, 0, 5, 15, 15]
    assert np.isnan(round_counts(np.array([np.nan]), 5)).all()


def test_sums_of_places() -> None:
    level = np.array(["national", "prefecture", "prefecture", "area", "area", "area"])
    code = np.array(["00", "01", "02", "0101", "0102", "0201"])
    assert area_sums(level, code) == [Sum(1, (3, 4)), Sum(2, (5,)), Sum(0, (1, 2))]
    assert area_sums(level[[0, 3, 4, 5]], code[[0, 3, 4, 5]]) == [Sum(0, (1, 2, 3))]


def _values(numbers: dict[str, float], indicator: str = "U-1") -> pd.DataFrame:
    level = {2: "prefecture", 4: "area"}
    rows = [
        (indicator, "national" if code == "00" else level[len(code)], code, 2024, "observed", number)
        for code, number in numbers.items()
    ]
    table = pd.DataFrame(rows, columns=["indicator_id", "level", "area_code", "year", "state", "numerator"])
    return table.assign(
        numerator_lower=table["numerator"], numerator_upper=table["numerator"], value=table["numerator"] / 7
    )


TREE = {"00": 100.0, "01": 60.0, "02": 40.0, "0101": 4.0, "0102": 16.0, "0103": 40.0, "0201": 40.0}


def test_the_users_values_are_protected_and_the_derived_figures_with_them() -> None:
    table = _values(TREE)
    protected = protect_values(table, ["U-1"])
    hidden = protected.set_index("area_code")["state"] == "suppressed"
    assert hidden[hidden].index.tolist() == ["0101", "0102"]
    shown = protected.set_index("area_code").loc["0101"]
    assert np.isnan(shown["numerator"])
    assert (shown["numerator_lower"], shown["numerator_upper"]) == (0, 20)
    blank = blank_derived(protected).set_index("area_code")
    assert blank["value"].isna().tolist() == hidden.loc[blank.index].tolist()
    assert blank.loc["0103", "value"] == pytest.approx(40 / 7)


def test_open_data_and_disabled_protection_leave_the_table_as_it_is() -> None:
    table = _values(TREE)
    pd.testing.assert_frame_equal(protect_values(table, []), table)
    pd.testing.assert_frame_equal(protect_values(table, ["U-1"], DisclosureParameters(enabled=False)), table)


def test_a_component_cannot_be_had_from_whole_and_other_part() -> None:
    whole = _values({"01": 50.0}, "T")
    home, facility = _values({"01": 46.0}, "H"), _values({"01": 4.0}, "F")
    table = pd.concat([whole, home, facility], ignore_index=True)
    protected = protect_values(table, ["T", "H", "F"], components={"T": ("H", "F")})
    assert protected["state"].tolist() == ["observed", "suppressed", "suppressed"]


def test_the_order_of_rows_does_not_matter() -> None:
    table = _values(TREE)
    shuffled = table.sample(frac=1, random_state=1)
    first = protect_values(table, ["U-1"]).sort_values("area_code", ignore_index=True)
    second = protect_values(shuffled, ["U-1"]).sort_values("area_code", ignore_index=True)
    pd.testing.assert_frame_equal(first, second)


def test_rounding_touches_protected_figures_only() -> None:
    table = pd.concat([_values(TREE), _values({"01": 33.0}, "OPEN")], ignore_index=True)
    rounded = protect_values(table, ["U-1"], DisclosureParameters(rounding=5))
    of = rounded.set_index(["indicator_id", "area_code"])["numerator"]
    assert of["OPEN", "01"] == 33
    assert set(of["U-1"].dropna() % 5) == {0.0}


def test_a_place_that_stands_twice_is_an_error() -> None:
    table = pd.concat([_values(TREE), _values({"01": 3.0})], ignore_index=True)
    with pytest.raises(InputError, match="地域「01」が2行"):
        protect_values(table, ["U-1"])


def _hierarchy(areas: list[list[int]]) -> tuple[np.ndarray, list[Sum]]:
    """Nation, its prefectures, and their areas, with their sums."""
    prefectures = [float(sum(group)) for group in areas]
    counts = [sum(prefectures), *prefectures]
    sums = [Sum(0, tuple(range(1, len(areas) + 1)))]
    for number, group in enumerate(areas, start=1):
        start = len(counts)
        counts += [float(count) for count in group]
        sums.append(Sum(number, tuple(range(start, start + len(group)))))
    return np.array(counts), sums


def test_a_total_that_is_off_by_one_does_not_switch_protection_off() -> None:
    table = values_of_places({"00": 1001.0, "01": 4.0, "02": 496.0, "03": 500.0})
    protected = protect_values(table, ["X"])
    hidden = protected.loc[protected["state"] == "suppressed", "area_code"]
    assert "01" in set(hidden) and len(hidden) >= 2


def test_a_total_that_is_far_off_is_no_sum_of_the_parts() -> None:
    table = values_of_places({"00": 5000.0, "01": 4.0, "02": 496.0, "03": 500.0})
    protected = protect_values(table, ["X"])
    assert protected.loc[protected["state"] == "suppressed", "area_code"].tolist() == ["01"]


def values_of_places(counts: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator_id": "X",
            "level": ["national" if code == "00" else "prefecture" for code in counts],
            "area_code": list(counts),
            "year": 2022,
            "state": "observed",
            "numerator": list(counts.values()),
            "numerator_lower": list(counts.values()),
            "numerator_upper": list(counts.values()),
            "denominator": 1000.0,
            "expected": 10.0,
        }
    )

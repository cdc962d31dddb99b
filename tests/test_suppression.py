"""Suppressed cells: every table that the publisher's rules could have hidden lies inside the bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.suppression import Bounded, bound_rows, hidden_row_bounds

ROWS = st.lists(st.one_of(st.integers(0, 30), st.integers(0, 100_000)), min_size=3, max_size=40)


def publish(row: list[int], edition: int) -> tuple[np.ndarray, np.ndarray]:
    """What the publisher prints of a row of true counts, by the rules of docs/suppression.md."""
    true = np.array(row, dtype=float)
    prints_zeros = edition >= 9
    hidden = (true < 10) & ((true > 0) | (not prints_zeros))
    if (hidden & (true > 0)).sum() == 1:
        if edition <= 4:
            hidden = np.ones(true.size, dtype=bool)
        elif (true >= 10).any():
            hidden |= true == true[true >= 10].min()
    return np.where(hidden, np.nan, true), hidden


@given(ROWS, st.sampled_from([1, 4, 5, 8, 9]))
def test_bounds_hold_for_every_row_the_publisher_could_print(row: list[int], edition: int) -> None:
    values, hidden = publish(row, edition)
    whole = hidden.all()
    floor = np.array([1.0 if edition >= 9 and not whole else 0.0])
    lower, upper = hidden_row_bounds(values[None], hidden[None], floor)
    secret = float(np.array(row, dtype=float)[hidden].sum())
    assert lower[0] <= secret <= upper[0] or (whole and secret >= lower[0])

    total = float(sum(row))
    published = np.array([total if total >= 10 or (edition >= 9 and total == 0) else np.nan])
    bounded = bound_rows(values[None], hidden[None], published, floor)
    true = np.array(row, dtype=float)[None]
    assert (bounded.lower <= true + 1e-9).all()
    assert (bounded.upper >= true - 1e-9).all()
    assert np.array_equal(bounded.suppressed, hidden[None].astype(int))
    if not np.isnan(published[0]):
        assert bounded.value.sum() == pytest.approx(total)


@given(ROWS)
def test_nothing_hidden_changes_nothing(row: list[int]) -> None:
    true = np.array(row, dtype=float)[None] + 10
    bounded = bound_rows(true, np.zeros(true.shape, dtype=bool), true.sum(axis=1), np.array([0.0]))
    for found in (bounded.value, bounded.lower, bounded.upper):
        assert np.array_equal(found, true)
    assert bounded.suppressed.sum() == 0


@given(
    st.lists(ROWS.filter(lambda row: len(row) >= 5).map(lambda row: row[:5]), min_size=2, max_size=6),
    st.sampled_from([2, 6, 9]),
)
def test_sums_of_bounds_bound_the_sum(rows: list[list[int]], edition: int) -> None:
    values, hidden = map(np.vstack, zip(*(publish(row, edition) for row in rows), strict=True))
    true = np.array(rows, dtype=float)
    floor = np.where(hidden.all(axis=1), 0.0, 1.0 if edition >= 9 else 0.0)
    bounded = bound_rows(values, hidden, true.sum(axis=1), floor).sum(axis=0)
    assert (bounded.lower <= true.sum(axis=0) + 1e-9).all()
    assert (bounded.upper >= true.sum(axis=0) - 1e-9).all()


def test_suppressed_is_not_zero() -> None:
    values = np.array([[np.nan, np.nan, 50.0]])
    bounded = bound_rows(values, np.isnan(values), np.array([57.0]), np.array([1.0]))
    assert bounded.value[0].tolist() == [3.5, 3.5, 50.0]
    assert bounded.lower[0].tolist() == [1.0, 1.0, 50.0]
    assert bounded.upper[0].tolist() == [6.0, 6.0, 50.0]
    assert isinstance(bounded, Bounded)


def test_second_suppression_can_exceed_nine() -> None:
    # FY2018, item 114033210 by prefecture: two "-" hold 21.
    values = np.array([[np.nan, np.nan, 40.0, 900.0]])
    bounded = bound_rows(values, np.isnan(values), np.array([961.0]), np.array([0.0]))
    assert bounded.upper[0, 0] == 21.0
    assert bounded.value[0, 0] == 10.5

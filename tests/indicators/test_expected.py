"""Formulas of expected counts and states."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.tolerances import FLOAT
from zaitaku_demand.indicators.expected import (
    ESTIMATED,
    MISSING,
    OBSERVED,
    SUPPRESSED,
    expected_crude,
    expected_indirect,
    national_rate,
    pooled_event_size,
    settled_state,
    shown_upper,
)

_COUNTS = st.floats(0, 1e6).map(lambda value: round(value))


@given(arrays(float, (2, 2, 3), elements=_COUNTS), arrays(float, (2, 4, 2, 3), elements=st.floats(1, 1e6)))
def test_expected_counts_add_up_to_the_national_count(events: np.ndarray, persons: np.ndarray) -> None:
    expected = expected_indirect(events, persons)
    np.testing.assert_allclose(expected.sum(axis=1), events.sum(axis=(1, 2)), rtol=FLOAT, atol=FLOAT)
    assert (expected >= 0).all()


def test_a_cell_without_inhabitants() -> None:
    persons = np.array([[[[10.0, 0.0]], [[30.0, 0.0]]]])
    np.testing.assert_allclose(expected_indirect(np.array([[[8.0, 0.0]]]), persons), [[2.0, 6.0]])
    assert np.isnan(expected_indirect(np.array([[[8.0, 1.0]]]), persons)).all()


def test_rate_of_the_nation_or_of_the_places_with_a_value() -> None:
    numerator = np.array([[12.0, 6.0, np.nan], [np.nan, 6.0, np.nan], [np.nan, np.nan, np.nan]])
    denominator = np.array([[4.0, 3.0, 1.0], [4.0, 3.0, 1.0], [4.0, 3.0, 1.0]])
    rate = national_rate(numerator, denominator)
    np.testing.assert_allclose(rate, [3.0, 2.0, np.nan])
    np.testing.assert_allclose(expected_crude(denominator, rate)[:2], [[12.0, 9.0, 3.0], [8.0, 6.0, 2.0]])


@pytest.mark.parametrize(
    ("value", "lower", "upper", "state", "settled"),
    [
        (100, 100, 100, OBSERVED, OBSERVED),
        (0, 0, 0, OBSERVED, OBSERVED),
        (100, 90, 110, ESTIMATED, ESTIMATED),
        (100, 90, 110.1, ESTIMATED, ESTIMATED),
        (100, 95, 5000, ESTIMATED, ESTIMATED),
        (100, 89, 112, ESTIMATED, SUPPRESSED),
        (100, 100, 100, ESTIMATED, ESTIMATED),
        (0, 0, 5, ESTIMATED, SUPPRESSED),
        (np.nan, 1, 9, SUPPRESSED, SUPPRESSED),
        (100, 100, 100, SUPPRESSED, SUPPRESSED),
        (np.nan, np.nan, np.nan, MISSING, MISSING),
    ],
)
def test_settled_state(value: float, lower: float, upper: float, state: int, settled: int) -> None:
    figures = [np.array([each], dtype=float) for each in (value, lower, upper)]
    assert settled_state(*figures, np.array([state], dtype=np.int8), 0.10)[0] == settled


@pytest.mark.parametrize(
    ("value", "lower", "upper", "shown"),
    [
        # narrow: half of 20 is at most 10 % of 100, so the certain bound stays
        (100, 90, 110, 110),
        # 5 hidden by estimate, at most three times that above the lower bound
        (100, 95, 5000, 110),
        # the certain bound is the nearer one
        (100, 80, 125, 125),
    ],
)
def test_upper_bound_that_is_shown(value: float, lower: float, upper: float, shown: float) -> None:
    figures = [np.array([each], dtype=float) for each in (value, lower, upper)]
    assert shown_upper(*figures, 0.10)[0] == pytest.approx(shown, rel=FLOAT)


def test_pooled_event_size() -> None:
    # 60 claims of 60 patients and 60 claims of 20 patients: 120 / 80
    assert pooled_event_size(np.array([60.0, 60.0]), np.array([1.0, 3.0])) == pytest.approx(1.5, rel=FLOAT)

"""Limits of agreement: the peak-flow readings of Bland & Altman 1986, Lancet 327:307, table 1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.research.validity.agreement import bland_altman

# Bland & Altman 1986, table 1: first reading by the Wright and by the mini Wright meter, l/min.
WRIGHT = np.array([494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427.0])
MINI = np.array([512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451.0])
ONE_DECIMAL = 0.051
TWICE_ROUNDED = 0.15
"""l/min: the paper computes the limits from a mean and a standard deviation that are themselves rounded."""
INTERVAL_ROUNDED = 0.5
"""l/min: its intervals from a rounded standard error and t value on top of that."""
TWO_STANDARD_DEVIATIONS = 0.9544997361036416


def test_the_printed_limits() -> None:
    found = bland_altman(WRIGHT, MINI, coverage=TWO_STANDARD_DEVIATIONS, interval="approximate")
    assert found.pairs == 17
    assert found.bias.value == pytest.approx(-2.1, abs=ONE_DECIMAL)  # p. 308
    assert found.standard_deviation == pytest.approx(38.8, abs=ONE_DECIMAL)  # p. 308
    assert found.lower.value == pytest.approx(-79.7, abs=TWICE_ROUNDED)  # p. 308
    assert found.upper.value == pytest.approx(75.5, abs=TWICE_ROUNDED)  # p. 308
    assert found.bias[1:] == pytest.approx((-22.0, 17.8), abs=INTERVAL_ROUNDED)  # p. 309
    assert found.lower[1:] == pytest.approx((-114.3, -45.1), abs=INTERVAL_ROUNDED)  # p. 309
    assert found.upper[1:] == pytest.approx((40.9, 110.1), abs=INTERVAL_ROUNDED)  # p. 309


def test_the_exact_intervals_enclose_the_limits_and_reach_further_out() -> None:
    exact = bland_altman(WRIGHT, MINI)
    approximate = bland_altman(WRIGHT, MINI, interval="approximate")
    for each in (exact.lower, exact.upper):
        assert each.lower < each.value < each.upper
    assert exact.upper.upper > approximate.upper.upper
    assert exact.lower.lower < approximate.lower.lower
    assert exact.bias == approximate.bias


@settings(max_examples=30)
@given(st.permutations(range(17)), st.floats(0.1, 50), st.floats(-100, 100))
def test_order_scale_and_shift(order: list[int], scale: float, shift: float) -> None:
    plain = bland_altman(WRIGHT, MINI)
    changed = bland_altman(scale * WRIGHT[order] + shift, scale * MINI[order] + shift)
    for before, after in zip(plain[:3], changed[:3], strict=True):
        np.testing.assert_allclose(after, np.array(before) * scale, rtol=1e-7, atol=1e-6)
    missing = bland_altman(np.append(WRIGHT, np.nan), np.append(MINI, 400.0))
    np.testing.assert_allclose(missing[0], plain[0], rtol=FLOAT)


def test_exchanging_the_sources_mirrors_the_limits() -> None:
    one, other = bland_altman(WRIGHT, MINI), bland_altman(MINI, WRIGHT)
    np.testing.assert_allclose(one.upper, -np.array(other.lower)[[0, 2, 1]], rtol=FLOAT)


def test_fewer_than_three_pairs_have_no_limits() -> None:
    assert np.isnan(bland_altman([1, 2], [1, 3]).bias.value)

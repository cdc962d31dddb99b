"""Moran's I and its moments: Cliff & Ord 1981, on the Columbus data (Anselin 1988)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.research.columbus import BORDERS, CRIME, RESIDUALS, X
from tests.tolerances import FLOAT
from zaitaku_demand.errors import InputError
from zaitaku_demand.research.association.moran import (
    adjacency,
    moran_i,
    moran_permuted,
    moran_randomised,
    moran_residuals,
    weights,
)

PRINTED = 5e-9
"""Absolute: spdep prints nine decimals."""
PRINTED_Z = 5e-4
"""Absolute: z printed to three or four decimals."""
ERRORS = 4.0
"""Standard errors by which a simulated moment may miss."""

ROW = weights(BORDERS)


def test_columbus_has_the_published_neighbours() -> None:
    # Anselin 2003 (R tutorial): 230 nonzero links among 49 regions.
    assert BORDERS.sum() == 230
    assert (BORDERS == BORDERS.T).all()


def test_residuals_of_the_crime_regression() -> None:
    # Anselin 2003, p. 11: lm.morantest, I 0.212374153, E -0.033268284, V 0.008394853, z 2.681, one-sided p 0.00367.
    found = moran_residuals(RESIDUALS, X, ROW)
    assert found.statistic == pytest.approx(0.212374153, abs=PRINTED)
    assert found.expected == pytest.approx(-0.033268284, abs=PRINTED)
    assert found.variance == pytest.approx(0.008394853, abs=PRINTED)
    assert found.z == pytest.approx(2.681, abs=PRINTED_Z)
    assert found.p_value / 2 == pytest.approx(0.00367, abs=5e-6)


def test_crime_itself_under_randomisation() -> None:
    # Bivand, spdep (moran.test, two-sided): I 0.485770914, E -0.020833333, V 0.008991121, z 5.3427, p 9.157e-08.
    found = moran_randomised(CRIME, ROW)
    assert found.statistic == pytest.approx(0.485770914, abs=PRINTED)
    assert found.expected == pytest.approx(-0.020833333, abs=PRINTED)
    assert found.variance == pytest.approx(0.008991121, abs=PRINTED)
    assert found.z == pytest.approx(5.3427, abs=PRINTED_Z)
    assert found.p_value == pytest.approx(9.157e-08, rel=1e-3)


def test_crime_itself_under_normality_is_the_regression_on_a_constant() -> None:
    # lm.morantest of CRIME ~ 1: V 0.008860962, z 5.3818 (spdep).
    found = moran_residuals(CRIME - CRIME.mean(), np.ones((49, 1)), ROW)
    assert found.variance == pytest.approx(0.008860962, abs=PRINTED)
    assert found.z == pytest.approx(5.3818, abs=PRINTED_Z)


def test_permutations_have_the_moments_of_randomisation() -> None:
    draws = 4000
    exact = moran_randomised(CRIME, ROW)
    found = moran_permuted(CRIME, ROW, draws, seed=5)
    assert found.statistic == exact.statistic
    assert found.expected == pytest.approx(exact.expected, abs=ERRORS * (exact.variance / draws) ** 0.5)
    assert found.p_value == pytest.approx(1 / (draws + 1))


def test_permutation_p_is_that_of_counting() -> None:
    random = np.random.default_rng(11)
    values = random.normal(size=49)
    shuffled = np.random.default_rng(3).permuted(np.broadcast_to(values, (99, 49)), axis=1)
    drawn = np.array([float(moran_i(each, ROW)) for each in shuffled])
    far = (np.abs(drawn - drawn.mean()) >= abs(float(moran_i(values, ROW)) - drawn.mean())).sum()
    assert moran_permuted(values, ROW, 99, seed=3).p_value == pytest.approx((1 + far) / 100)


def test_same_seed_same_p_value() -> None:
    assert moran_permuted(RESIDUALS, ROW, 199, 7) == moran_permuted(RESIDUALS, ROW, 199, 7)


@given(st.integers(0, 10_000), st.floats(0.1, 100.0), st.floats(-50.0, 50.0))
def test_order_and_scale_of_the_places_do_not_matter(seed: int, scale: float, shift: float) -> None:
    order = np.random.default_rng(seed).permutation(49)
    moved = moran_randomised(CRIME[order] * scale + shift, ROW[np.ix_(order, order)])
    there = moran_randomised(CRIME, ROW)
    assert moved.statistic == pytest.approx(there.statistic, rel=1e-7)
    assert moved.variance == pytest.approx(there.variance, rel=1e-7)


def test_place_without_a_figure_and_place_without_neighbours_change_nothing() -> None:
    wide = np.zeros((51, 51))
    wide[:49, :49] = BORDERS
    wide[49, 0] = wide[0, 49] = 1.0
    values = np.append(CRIME, [np.nan, 30.0])
    found = moran_randomised(values, weights(wide))
    assert found.places == 49
    assert found.statistic == pytest.approx(moran_randomised(CRIME, ROW).statistic, rel=FLOAT)


def test_too_few_places_or_equal_values_have_none() -> None:
    assert np.isnan(moran_randomised(CRIME[:3], ROW[:3, :3]).statistic)
    assert np.isnan(moran_permuted(np.ones(49), ROW, 99, 1).p_value)


def test_adjacency_of_the_prefectures() -> None:
    codes = np.array([f"{number:02d}" for number in range(1, 48)], dtype=object)
    borders = adjacency("prefecture", codes)
    assert (borders == borders.T).all()
    assert borders.diagonal().sum() == 0
    # Nagano (20) borders on eight prefectures: 10, 11, 15, 16, 19, 21, 22, 23.
    assert list(np.flatnonzero(borders[19]) + 1) == [10, 11, 15, 16, 19, 21, 22, 23]
    assert borders[46].sum() == 0, "Okinawa"
    assert np.allclose(weights(borders).sum(axis=1)[borders.sum(axis=1) > 0], 1.0)


def test_unknown_level_is_said() -> None:
    with pytest.raises(InputError):
        adjacency("village", np.array(["01"], dtype=object))


@pytest.mark.long
def test_residual_moments_hold_in_simulation() -> None:
    # Independent errors: mean and variance of I of residuals, and rejection in 5 % (1,000 replications and more).
    random = np.random.default_rng(2)
    errors = random.normal(size=(4000, 49))
    left = errors - errors @ X @ np.linalg.pinv(X)
    expected = moran_residuals(RESIDUALS, X, ROW)
    found = 49 / ROW.sum() * ((left @ ROW) * left).sum(axis=1) / (left * left).sum(axis=1)
    assert found.mean() == pytest.approx(expected.expected, abs=ERRORS * (expected.variance / 4000) ** 0.5)
    assert found.var() == pytest.approx(expected.variance, rel=0.1)
    rejected = np.mean([moran_residuals(each, X, ROW).p_value < 0.05 for each in left[:2000]])
    assert 0.03 < rejected < 0.07

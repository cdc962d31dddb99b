"""Spatial error and lag by maximum likelihood: Ord 1975; Columbus estimates of Anselin 2003 (R tutorial, p. 13-15)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.research.columbus import BORDERS, CRIME, X
from zaitaku_demand.research.association.moran import weights
from zaitaku_demand.research.association.spatial import spatial_error, spatial_lag

PRINTED = 6e-7
"""Absolute: six decimals printed."""
PRINTED_FIVE = 6e-6
"""Absolute: five decimals printed."""
PRINTED_FOUR = 6e-5
"""Absolute: four decimals printed."""
BIAS = 0.02
"""Relative bias allowed in simulation."""
COVERAGE = (0.93, 0.97)
"""Band of the 95 % intervals in simulation."""

ROW = weights(BORDERS)


def test_spatial_error_of_columbus() -> None:
    # Anselin 2003, p. 15 (errorsarlm).
    fit = spatial_error(CRIME, X, ROW)
    assert fit.coefficients == pytest.approx([61.053618, -0.995473, -0.307979], abs=PRINTED)
    assert fit.standard_errors == pytest.approx([5.314875, 0.337025, 0.092584], abs=PRINTED)
    assert fit.dependence == pytest.approx(0.52089, abs=PRINTED_FIVE)
    assert fit.dependence_error == pytest.approx(0.14129, abs=PRINTED_FIVE)
    assert fit.log_likelihood == pytest.approx(-184.1552, abs=PRINTED_FOUR)
    assert 2 * (fit.log_likelihood - fit.log_likelihood_without) == pytest.approx(6.4441, abs=PRINTED_FOUR)
    assert fit.variance == pytest.approx(99.98, abs=5e-3)


def test_spatial_lag_of_columbus() -> None:
    # Anselin 2003, p. 13 (lagsarlm).
    fit = spatial_lag(CRIME, X, ROW)
    assert fit.coefficients == pytest.approx([46.851431, -1.073533, -0.269997], abs=PRINTED)
    assert fit.standard_errors == pytest.approx([7.314754, 0.310872, 0.090128], abs=PRINTED)
    assert fit.dependence == pytest.approx(0.40389, abs=PRINTED_FIVE)
    assert fit.dependence_error == pytest.approx(0.12071, abs=PRINTED_FIVE)
    assert fit.log_likelihood == pytest.approx(-183.1683, abs=PRINTED_FOUR)
    assert 2 * (fit.log_likelihood - fit.log_likelihood_without) == pytest.approx(8.4179, abs=PRINTED_FOUR)
    assert fit.variance == pytest.approx(99.164, abs=5e-4)


def test_without_the_coefficient_it_is_least_squares() -> None:
    # AIC of the linear model 382.75 with four parameters (Anselin 2003, p. 13).
    assert 2 * 4 - 2 * spatial_error(CRIME, X, ROW).log_likelihood_without == pytest.approx(382.75, abs=5e-3)


@given(st.integers(0, 10_000), st.floats(0.01, 100.0))
def test_order_of_the_places_and_unit_of_the_figure_do_not_matter(seed: int, scale: float) -> None:
    order = np.random.default_rng(seed).permutation(49)
    moved = spatial_error(CRIME[order] * scale, X[order], ROW[np.ix_(order, order)])
    there = spatial_error(CRIME, X, ROW)
    assert moved.dependence == pytest.approx(there.dependence, abs=1e-5)
    assert moved.coefficients == pytest.approx(there.coefficients * scale, rel=1e-4)


def test_place_without_neighbours_is_a_place_without_dependence() -> None:
    wide = np.zeros((50, 50))
    wide[:49, :49] = ROW
    y, x = np.append(CRIME, 30.0), np.vstack([X, [1.0, 15.0, 30.0]])
    fit = spatial_error(y, x, wide)
    assert np.isfinite(fit.coefficients).all()
    assert abs(fit.dependence - spatial_error(CRIME, X, ROW).dependence) < 0.1


@pytest.mark.long
@pytest.mark.parametrize("true", [0.0, 0.6])
def test_known_coefficient_is_recovered_in_a_thousand_replications(true: float) -> None:
    random = np.random.default_rng(20)
    b = np.array([1.0, 0.5, -0.3])
    x = np.column_stack([np.ones(49), random.normal(size=(49, 2))])
    spread = np.linalg.inv(np.eye(49) - true * ROW)
    estimates, inside = [], []
    for _ in range(1000):
        fit = spatial_error(x @ b + spread @ random.normal(size=49), x, ROW)
        lower, upper = fit.limits()
        estimates.append(fit.coefficients[1])
        inside.append(lower[1] <= b[1] <= upper[1])
    assert np.mean(estimates) == pytest.approx(b[1], rel=BIAS)
    assert COVERAGE[0] <= np.mean(inside) <= COVERAGE[1]


@pytest.mark.long
def test_least_squares_intervals_are_too_narrow_where_neighbours_are_alike() -> None:
    random = np.random.default_rng(21)
    spread = np.linalg.inv(np.eye(49) - 0.7 * ROW)
    x = np.column_stack([np.ones(49), spread @ random.normal(size=49)])
    bread = np.linalg.inv(x.T @ x)
    plain, spatial = [], []
    for _ in range(500):
        y = spread @ random.normal(size=49)
        coefficient = bread @ x.T @ y
        residual = y - x @ coefficient
        error = (residual @ residual / 47 * bread[1, 1]) ** 0.5
        plain.append(abs(coefficient[1]) < 2.01 * error)
        lower, upper = spatial_error(y, x, ROW).limits()
        spatial.append(lower[1] <= 0 <= upper[1])
    assert np.mean(plain) < 0.90
    assert np.mean(spatial) > np.mean(plain) + 0.03

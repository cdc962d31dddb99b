"""Prais & Winsten 1954, Cowles Commission discussion paper 383: regression with first-order autocorrelated errors."""

from __future__ import annotations

import numpy as np
import pytest

from tests.research.designs_data import BIAS, COVERAGE, REPLICATIONS, SIX_DIGITS, covered
from zaitaku_demand.research.designs.autocorrelation import autocorrelation_of_errors, ljung_box
from zaitaku_demand.research.designs.interrupted_time_series import contrast, prais_winsten
from zaitaku_demand.research.designs.segmented import Design, segmented_design


def series(
    months: int, autocorrelation: float, replications: int, seed: int, noise: float = 0.03
) -> np.ndarray:
    generator = np.random.default_rng(seed)
    shock = generator.standard_normal((replications, months + 100)) * noise
    for month in range(1, months + 100):
        shock[:, month] += autocorrelation * shock[:, month - 1]
    return shock[:, 100:]


def level_design(months: int, phase_in: int = 0) -> Design:
    return segmented_design(np.arange(months), [("new", months / 2)], phase_in=phase_in)


def test_is_generalised_least_squares_with_its_own_autocorrelation() -> None:
    sm = pytest.importorskip("statsmodels.api")
    design = level_design(60)
    error = series(60, 0.5, 1, 3)[0]
    value = 2.0 + 0.01 * np.arange(60) + error
    fit = prais_winsten(np.exp(value), 1.0, design, corrected=False)
    rho = float(fit.autocorrelation)
    lag = np.abs(np.subtract.outer(np.arange(60), np.arange(60)))
    model = sm.GLS(value, design.matrix, sigma=rho**lag / (1 - rho**2)).fit()
    assert fit.coefficient == pytest.approx(model.params, rel=SIX_DIGITS, abs=1e-9)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(model.bse, rel=SIX_DIGITS)
    residual = value - design.matrix @ fit.coefficient
    # The fixed point: the autocorrelation is that of the residuals it leaves.
    assert rho == pytest.approx((residual[1:] @ residual[:-1]) / (residual[:-1] @ residual[:-1]), abs=1e-7)


def test_gaps_are_generalised_least_squares_too() -> None:
    sm = pytest.importorskip("statsmodels.api")
    design = level_design(80, phase_in=4)
    value = 1.0 + series(80, 0.6, 1, 9)[0]
    fit = prais_winsten(np.exp(value), 1.0, design)
    month = np.flatnonzero(design.used)
    rho = float(fit.autocorrelation)
    sigma = rho ** np.abs(np.subtract.outer(month, month)) / (1 - rho**2)
    model = sm.GLS(value[design.used], design.matrix[design.used], sigma=sigma).fit()
    assert fit.coefficient == pytest.approx(model.params, rel=SIX_DIGITS, abs=1e-9)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(model.bse, rel=SIX_DIGITS)


def test_exposure_is_divided_by_and_series_do_not_touch_each_other() -> None:
    design = level_design(48)
    error = series(48, 0.3, 2, 5)
    both = prais_winsten(np.exp(error) * 7.0, 7.0, design)
    alone = prais_winsten(np.exp(error[1]), 1.0, design)
    assert both.coefficient[1] == pytest.approx(alone.coefficient, abs=1e-7)
    assert both.autocorrelation[1] == pytest.approx(float(alone.autocorrelation), abs=1e-7)


def test_correction_without_a_design_is_small_and_with_many_columns_large() -> None:
    """Least squares residuals of independent errors: expected autocorrelation -1/(n - 1) with a constant only."""
    ones = np.ones((50, 1))
    assert float(autocorrelation_of_errors(np.array(-1 / 49), ones, np.arange(50))) == pytest.approx(
        0.0, abs=0.002
    )
    wide = np.random.default_rng(1).standard_normal((50, 15))
    assert float(autocorrelation_of_errors(np.array(0.3), wide, np.arange(50))) > 0.3


@pytest.mark.long
@pytest.mark.parametrize("autocorrelation", [0.0, 0.5])
def test_simulated_level_change(autocorrelation: float) -> None:
    months = 240
    design = level_design(months)
    at = design.names.index("level:new")
    true = np.zeros(len(design.names))
    true[at] = 0.3
    value = design.matrix @ true + series(months, autocorrelation, REPLICATIONS, 61)
    fit = prais_winsten(np.exp(value), 1.0, design)
    found = contrast(fit, np.eye(len(design.names))[at])
    assert abs(found.estimate.mean() / 0.3 - 1) < BIAS
    assert COVERAGE[0] <= covered(found.lower, found.upper, 0.3) <= COVERAGE[1]
    assert fit.autocorrelation.mean() == pytest.approx(autocorrelation, abs=0.04)
    assert (ljung_box(fit.residual, 6, 1)[1] < 0.05).mean() < 0.09

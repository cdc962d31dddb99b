"""Newey & West 1987, Econometrica 55:703; Durbin & Watson 1950; Ljung & Box 1978: autocorrelation of a series."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.research.designs_data import EXACT, SIX_DIGITS
from tests.research.test_designs_bernal import BAN, EVENTS, POPULATION, TIME
from zaitaku_demand.research.designs.autocorrelation import durbin_watson, ljung_box
from zaitaku_demand.research.designs.interrupted_time_series import (
    SegmentedFit,
    prais_winsten,
    segmented_poisson,
)
from zaitaku_demand.research.designs.segmented import segmented_design


@pytest.mark.parametrize("lags", [1, 3, 6])
def test_same_variance_as_statsmodels(lags: int) -> None:
    sm = pytest.importorskip("statsmodels.api")
    design = segmented_design(TIME, [BAN], season=(TIME - 1) % 12 + 1, harmonics=2)
    fit = segmented_poisson(EVENTS, POPULATION, design, lags=lags)
    model = sm.GLM(EVENTS, design.matrix, family=sm.families.Poisson(), offset=np.log(POPULATION)).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}
    )
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(model.bse, rel=SIX_DIGITS)


def test_statistics_of_residuals_are_those_of_statsmodels() -> None:
    tools = pytest.importorskip("statsmodels.stats.stattools")
    diagnostic = pytest.importorskip("statsmodels.stats.diagnostic")
    generator = np.random.default_rng(4)
    residual = generator.standard_normal(60)
    residual[1:] += 0.5 * residual[:-1]
    residual -= residual.mean()
    assert float(durbin_watson(residual)) == pytest.approx(float(tools.durbin_watson(residual)), rel=EXACT)
    expected = diagnostic.acorr_ljungbox(residual, lags=[5], model_df=1)
    statistic, p_value = ljung_box(residual, 5, fitted=1)
    assert float(statistic) == pytest.approx(float(expected["lb_stat"].iloc[0]), rel=EXACT)
    assert float(p_value) == pytest.approx(float(expected["lb_pvalue"].iloc[0]), rel=EXACT)


def test_no_autocorrelation_gives_two_and_alternation_four() -> None:
    assert float(durbin_watson(np.tile([1.0, -1.0], 500))) == pytest.approx(4.0, abs=0.01)
    assert float(durbin_watson(np.random.default_rng(1).standard_normal(20_000))) == pytest.approx(
        2.0, abs=0.05
    )


def test_months_left_out_take_no_part() -> None:
    residual = np.random.default_rng(2).standard_normal(40)
    longer = np.concatenate([residual, [np.nan] * 3])
    assert ljung_box(longer, 4)[0] == pytest.approx(ljung_box(residual, 4)[0])
    assert durbin_watson(longer) == pytest.approx(durbin_watson(residual))


def shocks(months: int, autocorrelation: float, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    shock = generator.standard_normal((1000, months + 60)) * 0.05
    for month in range(1, months + 60):
        shock[:, month] += autocorrelation * shock[:, month - 1]
    return shock[:, 60:]


def covers(fit: SegmentedFit, at: int) -> float:
    error = np.sqrt(fit.covariance[:, at, at])
    return float((np.abs(fit.coefficient[:, at]) < stats.t.isf(0.025, fit.degrees) * error).mean())


@pytest.mark.long
def test_simulated_errors_allow_for_autocorrelation() -> None:
    """Autocorrelation 0.4, 600 months: errors that ignore it are far too small, those of Newey & West nearly right."""
    design = segmented_design(np.arange(600), [("new", 300.0)])
    at = design.names.index("level:new")
    count = np.exp(8.0 + shocks(600, 0.4, 6))
    assert covers(segmented_poisson(count, 1.0, design), at) < 0.85
    assert 0.90 <= covers(segmented_poisson(count, 1.0, design, lags=15), at) <= 0.97


@pytest.mark.long
def test_in_48_months_its_intervals_are_too_narrow_and_those_of_prais_winsten_are_not() -> None:
    """Why the note ``narrow_interval`` stands at its rows: the design is that of the national months."""
    design = segmented_design(np.arange(48), [("one", 12.0), ("two", 36.0)], phase_in=1, harmonics=2)
    at = design.names.index("level:one")
    count = np.exp(8.0 + shocks(48, 0.2, 7))
    assert covers(segmented_poisson(count, 1.0, design, lags=3), at) < 0.86
    assert 0.90 <= covers(prais_winsten(count, 1.0, design), at) <= 0.97

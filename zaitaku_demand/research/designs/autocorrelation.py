"""Autocorrelation of the residuals of a series: tests, and what it says of the errors; times are the last axis."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from zaitaku_demand.benchmark.intervals import FloatArray, divide

_GRID = np.linspace(-0.95, 0.95, 96)


def durbin_watson(residual: npt.ArrayLike) -> FloatArray:
    """``sum (e_t - e_(t-1))^2 / sum e_t^2`` of neighbouring residuals; 2 without autocorrelation; array (...).

    References
    ----------
    Durbin & Watson 1950, Biometrika 37:409.
    """
    e = np.asarray(residual, np.float64)
    return divide(np.nansum(np.diff(e, axis=-1) ** 2, axis=-1), np.nansum(e**2, axis=-1))


def ljung_box(residual: npt.ArrayLike, lags: int, fitted: int = 0) -> tuple[FloatArray, FloatArray]:
    """Ljung-Box statistic of the first autocorrelations and its p-value; arrays (...).

    Parameters
    ----------
    residual : array (..., times)
        NaN (times left out) take no part.
    lags : int
    fitted : int
        Autocorrelations fitted, taken off the degrees of freedom.

    References
    ----------
    Ljung & Box 1978, Biometrika 65:297.
    """
    e = np.asarray(residual, np.float64)
    number = np.isfinite(e).sum(axis=-1)
    e = np.where(np.isfinite(e), e - np.nanmean(e, axis=-1, keepdims=True), 0.0)
    whole = (e**2).sum(axis=-1)
    total = np.zeros(whole.shape)
    for lag in range(1, lags + 1):
        total += divide((e[..., lag:] * e[..., :-lag]).sum(axis=-1), whole) ** 2 / (number - lag)
    statistic = number * (number + 2) * total
    return np.asarray(statistic), np.asarray(stats.chi2.sf(statistic, max(lags - fitted, 1)))


def autocorrelation_of_errors(seen: FloatArray, x: FloatArray, position: npt.NDArray[np.int64]) -> FloatArray:
    """Autocorrelation of the errors whose least squares residuals are expected to show the one seen.

    The expectation of the ratio is taken as the ratio of expectations; the inverse is read off a grid from -0.95 to 0.95.

    Parameters
    ----------
    seen : array (...)
        First-order autocorrelation of the residuals.
    x : array (times, columns)
        Design matrix.
    position : array (times,) of int
        Number of each time; neighbours differ by 1.

    References
    ----------
    Cheang & Reinsel 2000, J Am Stat Assoc 95:1173 (the bias).
    """
    maker = np.eye(len(x)) - x @ np.linalg.pinv(x)
    lag = np.abs(np.subtract.outer(position, position))
    near = np.flatnonzero(np.diff(position) == 1)
    expected = np.empty(len(_GRID))
    for at, rho in enumerate(_GRID):
        half = maker @ rho**lag
        own = (half[near] * maker[near]).sum()
        expected[at] = (half[near] * maker[near + 1]).sum() / own
    return np.asarray(np.interp(seen, np.maximum.accumulate(expected), _GRID))

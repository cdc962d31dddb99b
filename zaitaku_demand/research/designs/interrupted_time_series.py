"""Interrupted time series: segmented regression of counts and of logarithms, with autocorrelation.

One series has no control: whatever else happened at the same time is part of the change. Any number of series may be
fitted at once (leading axes); times are the last axis.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from zaitaku_demand.benchmark.intervals import FloatArray, divide, tail
from zaitaku_demand.research.designs.autocorrelation import autocorrelation_of_errors
from zaitaku_demand.research.designs.segmented import Design

_ITERATIONS = 50
_CLOSE = 1e-10
_LARGEST = 0.99


class SegmentedFit(NamedTuple):
    """A fitted segmented regression on the logarithmic scale; arrays (..., columns) and (..., times).

    Attributes
    ----------
    coefficient : array (..., columns)
    covariance : array (..., columns, columns)
    dispersion : array (...)
        Pearson chi-squared / degrees of freedom (quasi-Poisson), or residual variance of the logarithms.
    linear : array (..., times)
        Logarithm of the fitted rate (without exposure).
    residual : array (..., times)
        Standardised (Pearson) residuals or, with autocorrelation fitted, those of the transformed series; NaN in times
        left out.
    autocorrelation : array (...)
        Fitted first-order autocorrelation; 0 where none is fitted.
    degrees : int
    """

    coefficient: FloatArray
    covariance: FloatArray
    dispersion: FloatArray
    linear: FloatArray
    residual: FloatArray
    autocorrelation: FloatArray
    degrees: int


class Estimate(NamedTuple):
    """Estimate with interval on the logarithmic scale; arrays (...)."""

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    p_value: FloatArray


def segmented_poisson(
    count: npt.ArrayLike,
    exposure: npt.ArrayLike,
    design: Design,
    *,
    lags: int = 0,
    overdispersion: bool = True,
) -> SegmentedFit:
    """Quasi-Poisson regression of counts with log link and offset ``log(exposure)``.

    Parameters
    ----------
    count : array (..., times)
        At least 0.
    exposure : array broadcastable to `count`
        Persons, person-days …; above 0.
    design : Design
    lags : int
        Times of autocorrelation allowed for: the covariance is then that of Newey & West with Bartlett weights
        ``1 - l / (lags + 1)`` and the factor n / (n - columns); else the one of the model.
    overdispersion : bool
        Whether the variance is dispersion × mean (quasi-Poisson) or the mean (Poisson); without effect if `lags`.

    References
    ----------
    McCullagh & Nelder 1989, ch. 6; Newey & West 1987, Econometrica 55:703.
    """
    offset = np.log(np.asarray(exposure, np.float64))
    x = design.matrix[design.used]
    y, shift = np.broadcast_arrays(np.asarray(count, np.float64), offset)
    y, shift = y[..., design.used], shift[..., design.used]
    coefficient, mean = _poisson(y, shift, x)
    degrees = int(design.used.sum()) - x.shape[1]
    pearson = (y - mean) / np.sqrt(mean)
    dispersion = (pearson**2).sum(axis=-1) / max(degrees, 1)
    bread = np.linalg.inv(np.einsum("...t,ta,tb->...ab", mean, x, x))
    if lags:
        score = np.zeros((*y.shape[:-1], len(design.used), x.shape[1]))
        score[..., design.used, :] = (y - mean)[..., None] * x
        meat = _newey_west(score, lags) * (int(design.used.sum()) / max(degrees, 1))
        covariance = bread @ meat @ bread
    else:
        covariance = bread * (dispersion if overdispersion else np.ones_like(dispersion))[..., None, None]
    residual = np.full((*y.shape[:-1], len(design.used)), np.nan)
    residual[..., design.used] = pearson / np.sqrt(np.maximum(dispersion, 1e-300))[..., None]
    return SegmentedFit(
        coefficient,
        covariance,
        dispersion,
        np.asarray(coefficient @ design.matrix.T),
        residual,
        np.zeros(y.shape[:-1]),
        degrees,
    )


def prais_winsten(
    count: npt.ArrayLike, exposure: npt.ArrayLike, design: Design, *, corrected: bool = True
) -> SegmentedFit:
    """Least squares of ``log(count / exposure)`` with first-order autocorrelated errors, the first time kept.

    A gap of d times (phase-in) counts as the d-th power of the autocorrelation.

    Parameters
    ----------
    count : array (..., times)
        Above 0.
    exposure : array broadcastable to `count`
    design : Design
    corrected : bool
        Residuals of a regression are less autocorrelated than its errors, the more so the shorter the series, and intervals
        become too narrow. If True, the autocorrelation is the one for which the expected autocorrelation of least squares
        residuals (ratio of expectations) is the one seen. If False, that of the residuals, iterated (the published method).

    References
    ----------
    Prais & Winsten 1954, Cowles Commission discussion paper 383; Savin & White 1978, Econometrica 46:59 (gaps);
    Cheang & Reinsel 2000, J Am Stat Assoc 95:1173 (the bias).
    """
    value = np.log(np.asarray(count, np.float64)) - np.log(np.asarray(exposure, np.float64))
    y = value[..., design.used]
    x = design.matrix[design.used]
    position = np.flatnonzero(design.used)
    gap = np.diff(position)
    degrees = len(x) - x.shape[1]
    rho = np.zeros(y.shape[:-1])
    if corrected:
        rho = autocorrelation_of_errors(_residual_autocorrelation(y, x, rho, gap), x, position)
    else:
        for _ in range(_ITERATIONS):
            new = _residual_autocorrelation(y, x, rho, gap)
            moved = float(np.max(np.abs(new - rho), initial=0.0))
            rho = new
            if moved < _CLOSE:
                break
    transformed_y, transformed_x = _transformed(y, x, rho, gap)
    coefficient = _least_squares(transformed_y, transformed_x)
    white = transformed_y - np.einsum("...ta,...a->...t", transformed_x, coefficient)
    variance = (white**2).sum(axis=-1) / max(degrees, 1)
    bread = np.linalg.inv(np.einsum("...ta,...tb->...ab", transformed_x, transformed_x))
    residual = np.full((*y.shape[:-1], len(design.used)), np.nan)
    residual[..., design.used] = white / np.sqrt(np.maximum(variance, 1e-300))[..., None]
    return SegmentedFit(
        coefficient,
        bread * variance[..., None, None],
        variance,
        np.asarray(coefficient @ design.matrix.T),
        residual,
        rho,
        degrees,
    )


def contrast(
    fit: SegmentedFit, weight: npt.ArrayLike, confidence: float = 0.95, *, normal: bool = False
) -> Estimate:
    """A linear combination of coefficients with Student's t interval (normal if asked for).

    Parameters
    ----------
    fit : SegmentedFit
    weight : array (columns,) or (k, columns)
        One entry for a single coefficient; ``matrix rows`` for fitted lines.
    """
    rows = np.asarray(weight, np.float64)
    centre = np.einsum("...a,ka->...k", fit.coefficient, np.atleast_2d(rows))
    error = np.sqrt(np.einsum("ka,...ab,kb->...k", np.atleast_2d(rows), fit.covariance, np.atleast_2d(rows)))
    spread = stats.norm if normal else stats.t(max(fit.degrees, 1))
    half = float(spread.isf(tail(confidence))) * error
    p_value = 2 * spread.sf(np.abs(divide(centre, error)))
    parts = (centre, centre - half, centre + half, p_value)
    if rows.ndim == 1:
        parts = tuple(part[..., 0] for part in parts)
    return Estimate(*(np.asarray(part, np.float64) for part in parts))


def rate_line(
    fit: SegmentedFit, matrix: npt.ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Fitted rate and its interval at the rows of a design matrix; arrays (..., rows)."""
    line = contrast(fit, np.atleast_2d(np.asarray(matrix, np.float64)), confidence)
    return np.exp(line.estimate), np.exp(line.lower), np.exp(line.upper)


def counterfactual(design: Design) -> FloatArray:
    """Design matrix as if nothing had been interrupted: level and slope changes set to 0; array (times, columns)."""
    matrix = design.matrix.copy()
    matrix[:, design.columns("level", "slope")] = 0.0
    return matrix


def _poisson(y: FloatArray, offset: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Iteratively reweighted least squares for all series at once."""
    mean = y + 0.5
    coefficient = np.zeros((*y.shape[:-1], x.shape[1]))
    for _ in range(_ITERATIONS):
        working = np.log(mean) - offset + (y - mean) / mean
        left = np.einsum("...t,ta,tb->...ab", mean, x, x)
        right = np.einsum("...t,...t,ta->...a", mean, working, x)
        new = np.linalg.solve(left, right[..., None])[..., 0]
        moved = float(np.max(np.abs(new - coefficient), initial=0.0))
        coefficient = new
        mean = np.exp(coefficient @ x.T + offset)
        if moved < _CLOSE:
            break
    return coefficient, mean


def _newey_west(score: FloatArray, lags: int) -> FloatArray:
    """Long-run sum of squares of scores, array (..., columns, columns)."""
    total = np.einsum("...ta,...tb->...ab", score, score)
    for lag in range(1, lags + 1):
        cross = np.einsum("...ta,...tb->...ab", score[..., lag:, :], score[..., :-lag, :])
        total = total + (1 - lag / (lags + 1)) * (cross + np.swapaxes(cross, -1, -2))
    return np.asarray(total)


def _residual_autocorrelation(
    y: FloatArray, x: FloatArray, rho: FloatArray, gap: npt.NDArray[np.int64]
) -> FloatArray:
    """Autocorrelation of neighbouring residuals of the fit with autocorrelation `rho`."""
    coefficient = _least_squares(*_transformed(y, x, rho, gap))
    error = y - coefficient @ x.T
    near = gap == 1
    before, after = error[..., :-1][..., near], error[..., 1:][..., near]
    found = divide((before * after).sum(axis=-1), (before**2).sum(axis=-1))
    return np.asarray(np.clip(np.nan_to_num(found), -_LARGEST, _LARGEST))


def _transformed(
    y: FloatArray, x: FloatArray, rho: FloatArray, gap: npt.NDArray[np.int64]
) -> tuple[FloatArray, FloatArray]:
    """Series and design with independent errors of one variance."""
    power = rho[..., None] ** gap
    scale = np.sqrt((1 - rho[..., None] ** 2) / (1 - power**2))
    first = np.sqrt(1 - rho**2)
    z = np.concatenate([(first * y[..., 0])[..., None], scale * (y[..., 1:] - power * y[..., :-1])], axis=-1)
    rest = scale[..., None] * (x[1:] - power[..., None] * x[:-1])
    return z, np.concatenate([(first[..., None] * x[0])[..., None, :], rest], axis=-2)


def _least_squares(y: FloatArray, x: FloatArray) -> FloatArray:
    left = np.einsum("...ta,...tb->...ab", x, x)
    right = np.einsum("...ta,...t->...a", x, y)
    return np.asarray(np.linalg.solve(left, right[..., None])[..., 0])

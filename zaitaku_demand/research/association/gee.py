"""Generalised estimating equations: log-linear model, rows of a prefecture equally correlated, corrected variance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.research.association.clustered import cluster_grams, cluster_sums, robust_from_sums
from zaitaku_demand.research.association.design import Design
from zaitaku_demand.research.association.estimate import Estimate, made, none
from zaitaku_demand.research.association.glm import pearson_dispersion, poisson_fit
from zaitaku_demand.research.panel import FloatArray

_ITERATIONS = 200
_TOLERANCE = 1e-9
_LARGEST_STEP = 0.5
_MOST_CORRELATION = 0.999
_DIVERGED = 1000.0
"""Growth of the scale from which on the equations have no solution to be reached."""


class GeeFit(NamedTuple):
    """A Poisson GEE with exchangeable working correlation.

    Attributes
    ----------
    coefficients : array (columns,)
    covariance : array (columns, columns)
        With the correction of Mancl and DeRouen.
    degrees : float
        Satterthwaite degrees of freedom of the first coefficient.
    correlation : float
        Between two rows of a cluster.
    scale : float
        Variance over the Poisson variance.
    mean : array (rows,)
    converged : bool
    """

    coefficients: FloatArray
    covariance: FloatArray
    degrees: float
    correlation: float
    scale: float
    mean: FloatArray
    converged: bool


def gee(design: Design, confidence: float = 0.95) -> Estimate:
    """Poisson GEE with year effects, clusters of prefectures, exchangeable correlation.

    Limits by t with Satterthwaite degrees of freedom under the working correlation.

    References
    ----------
    Liang & Zeger 1986, Biometrika 73:13; Mancl & DeRouen 2001, Biometrics 57:126 (variance for few clusters); Pan & Wall
    2002, Stat Med 21:1429 (degrees of freedom).
    """
    x = design.matrix()
    note = design.problem(x)
    if note:
        return none("gee", design.n_rows, design.n_places, note)
    fit = exchangeable_poisson_fit(x, design.events, design.size, design.prefecture)
    return made(
        "gee",
        float(fit.coefficients[0]),
        float(np.sqrt(fit.covariance[0, 0])),
        fit.degrees,
        n_rows=design.n_rows,
        n_places=design.n_places,
        dispersion=pearson_dispersion(design.events, fit.mean, x.shape[1]),
        converged=fit.converged,
        confidence=confidence,
    )


def exchangeable_poisson_fit(
    x: npt.ArrayLike, events: npt.ArrayLike, size: npt.ArrayLike, clusters: npt.ArrayLike
) -> GeeFit:
    """Solve the estimating equations, the correlation by moments of the Pearson residuals.

    Parameters
    ----------
    x : array (rows, columns)
    events, size : arrays (rows,)
    clusters : array (rows,)
    """
    rows, y, n = (np.asarray(part, np.float64) for part in (x, events, size))
    codes = np.unique(np.asarray(clusters), return_inverse=True)[1]
    coefficients = poisson_fit(rows, y, n).coefficients
    correlation, scale, converged, first_scale = 0.0, 1.0, False, 0.0
    for _ in range(_ITERATIONS):
        mean = n * np.exp(rows @ coefficients)
        residual = (y - mean) / np.sqrt(mean)
        correlation, scale = _moments(residual, codes, rows.shape[1])
        first_scale = first_scale or scale
        if scale > _DIVERGED * first_scale:
            break
        gram, score = _sums(rows, mean, residual, codes, correlation)
        step = np.linalg.solve(gram.sum(axis=0), score.sum(axis=0))
        step = step * min(1.0, _LARGEST_STEP / max(float(np.abs(step).max()), 1e-300))
        coefficients = coefficients + step
        converged = bool(np.abs(step).max() < _TOLERANCE)
        if converged:
            break
    if not converged:
        unknown = np.full((rows.shape[1], rows.shape[1]), np.nan)
        return GeeFit(coefficients, unknown, float("nan"), correlation, scale, mean, False)
    mean = n * np.exp(rows @ coefficients)
    residual = (y - mean) / np.sqrt(mean)
    gram, score = _sums(rows, mean, residual, codes, correlation)
    robust = robust_from_sums(gram, score, len(y), "CR3")
    return GeeFit(coefficients, robust.covariance, float(robust.degrees), correlation, scale, mean, converged)


def _moments(residual: FloatArray, codes: npt.NDArray[np.intp], columns: int) -> tuple[float, float]:
    """Working correlation and scale, both with degrees of freedom taken off for the coefficients."""
    count = np.bincount(codes)
    scale = float((residual**2).sum() / (len(residual) - columns))
    pairs = count * (count - 1) / 2
    products = (np.bincount(codes, residual) ** 2 - np.bincount(codes, residual**2)) / 2
    if pairs.sum() <= columns:
        return 0.0, scale
    correlation = float(products.sum() / (scale * (pairs.sum() - columns)))
    # The working matrix of the largest cluster must stay positive definite.
    least = -_MOST_CORRELATION / max(float(count.max()) - 1, 1.0)
    return float(np.clip(correlation, least, _MOST_CORRELATION)), scale


def _sums(
    rows: FloatArray, mean: FloatArray, residual: FloatArray, codes: npt.NDArray[np.intp], correlation: float
) -> tuple[FloatArray, FloatArray]:
    """Cross products and scores of each cluster under the working correlation, without the scale.

    The inverse of an exchangeable matrix is ``(I - r / (1 + (n - 1) r) 11') / (1 - r)``.
    """
    scaled = rows * np.sqrt(mean)[:, None]
    count = np.bincount(codes).astype(np.float64)
    shared = correlation / (1 + (count - 1) * correlation)
    total, whole = cluster_sums(scaled, codes), np.bincount(codes, residual)
    gram = cluster_grams(scaled, codes) - shared[:, None, None] * total[:, :, None] * total[:, None, :]
    score = cluster_sums(scaled * residual[:, None], codes) - (shared * whole)[:, None] * total
    return gram / (1 - correlation), score / (1 - correlation)

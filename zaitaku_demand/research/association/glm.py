"""Maximum likelihood of count models with an offset: Poisson, negative binomial and logistic regression.

Leading axes of the arrays are carried through (replications), so a thousand fits cost one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from zaitaku_demand.research.panel import FloatArray

ITERATIONS = 60
TOLERANCE = 1e-10
"""Largest change of a coefficient at which the iteration ends."""
_LARGEST_STEP = 5.0
_BRACKET = 6.0
"""Distance of log alpha within which the likelihood is searched first, should secant steps fail."""
_SECANT_TURNS = 30
_SECANT_WIDTH = 1e-4
_ALPHA_TOLERANCE = 1e-9


class Fit(NamedTuple):
    """A fitted generalised linear model.

    Attributes
    ----------
    coefficients : array (..., columns)
    mean : array (..., rows)
        Expected events.
    weight : array (..., rows)
        Working weight at convergence.
    working : array (..., rows)
        Working residual on the scale of the linear predictor.
    alpha : float
        Dispersion of the negative binomial (variance ``mu + alpha mu^2``); 0 otherwise.
    converged : array (...) of bool
    """

    coefficients: FloatArray
    mean: FloatArray
    weight: FloatArray
    working: FloatArray
    alpha: float
    converged: npt.NDArray[np.bool_]


def poisson_fit(
    x: npt.ArrayLike,
    events: npt.ArrayLike,
    size: npt.ArrayLike,
    alpha: float = 0.0,
    start: npt.ArrayLike | None = None,
) -> Fit:
    """Log-linear model ``E = size exp(x b)`` by iteratively reweighted least squares (Newton's steps).

    Parameters
    ----------
    x : array (..., rows, columns)
    events, size : arrays (..., rows)
        Events may be fractions; sizes are above 0.
    alpha : float
        Known dispersion of a negative binomial (NB2); 0 gives Poisson.
    start : array (..., columns), optional
        Coefficients to start from.

    References
    ----------
    McCullagh & Nelder 1989, Generalized Linear Models, section 2.5; Cameron & Trivedi 2013, section 3.3 (NB2).
    """
    rows = np.asarray(x, np.float64)
    y, offset = np.asarray(events, np.float64), np.log(np.asarray(size, np.float64))
    if start is None:
        total = (y.sum(axis=-1) / np.exp(offset).sum(axis=-1))[..., None]
        eta = np.log((y + total * np.exp(offset)) / 2) - offset
        coefficients = np.zeros((*eta.shape[:-1], rows.shape[-1]))
    else:
        coefficients = np.array(start, np.float64)
        eta = (rows @ coefficients[..., None])[..., 0]
    converged = np.zeros(eta.shape[:-1], dtype=bool)
    for turn in range(ITERATIONS):
        mean = np.exp(offset + eta)
        # Newton's weights (observed information): Fisher's need hundreds of turns where alpha is large.
        spread = 1 + alpha * mean
        weight = mean * (1 + alpha * y) / spread**2
        found = weighted_least_squares(rows, eta + (y - mean) / spread / weight, weight)
        step = found - coefficients
        if turn > 0 or start is not None:
            largest = np.abs(step).max(axis=-1, keepdims=True)
            step = step * np.minimum(1.0, _LARGEST_STEP / np.maximum(largest, 1e-300))
        coefficients = coefficients + step
        eta = (rows @ coefficients[..., None])[..., 0]
        converged = np.abs(step).max(axis=-1) < TOLERANCE
        if converged.all():
            break
    mean = np.exp(offset + eta)
    return Fit(coefficients, mean, mean / (1 + alpha * mean), (y - mean) / mean, alpha, converged)


def negative_binomial_fit(
    x: npt.ArrayLike, events: npt.ArrayLike, size: npt.ArrayLike, poisson: Fit | None = None
) -> Fit:
    """Negative binomial (variance ``mu + alpha mu^2``) by maximum likelihood, alpha profiled.

    Events that are fractions enter through the gamma function. One data set (no leading axes).

    Parameters
    ----------
    x : array (rows, columns)
    events, size : arrays (rows,)
    poisson : Fit, optional
        The Poisson fit of the same data, where it is at hand.

    References
    ----------
    Lawless 1987, Can J Stat 15:209; Cameron & Trivedi 2013, section 3.3.
    """
    rows, y, n = (np.asarray(part, np.float64) for part in (x, events, size))
    fit, previous = poisson or poisson_fit(rows, y, n), -1.0
    alpha = best_alpha(y, fit.mean)
    for _ in range(ITERATIONS):
        if abs(alpha - previous) <= 1e-7 * alpha or alpha == 0.0:
            return fit if np.isfinite(alpha) else fit._replace(converged=np.array(False))
        fit, previous = poisson_fit(rows, y, n, alpha, fit.coefficients), alpha
        alpha = best_alpha(y, fit.mean, alpha)
    return fit._replace(converged=np.array(False))


def best_alpha(events: FloatArray, mean: FloatArray, start: float | None = None) -> float:
    """Alpha of highest negative-binomial likelihood at these means; 0 where no overdispersion is seen.

    Parameters
    ----------
    events, mean : array (rows,)
    start : float, optional
        Where to begin; the moment estimate by default.

    Returns
    -------
    float
        NaN if no highest point is found.
    """
    excess = float(((events - mean) ** 2 - events).sum())
    if excess <= 0:
        return 0.0

    def slope(log_alpha: float) -> float:
        shape = float(np.exp(-log_alpha))
        gammas = special.digamma(events + shape) - special.digamma(shape)
        return float((np.log1p(mean / shape) + (events - mean) / (mean + shape) - gammas).sum()) * shape

    at = float(np.log(start or excess / (mean**2).sum()))
    here = slope(at)
    curve = (slope(at + _SECANT_WIDTH) - here) / _SECANT_WIDTH
    for _ in range(_SECANT_TURNS):
        # Uphill where the likelihood is not concave; never by more than a factor e.
        step = float(np.clip(-here / curve if curve < 0 else np.sign(here), -1.0, 1.0))
        at += step
        if abs(step) < _ALPHA_TOLERANCE:
            return float(np.exp(at))
        there, here = here, slope(at)
        curve = (here - there) / step
    for width in (_BRACKET, 2 * _BRACKET, 4 * _BRACKET):
        if slope(at - width) > 0 > slope(at + width):
            return float(np.exp(optimize.brentq(slope, at - width, at + width, xtol=1e-12)))
    return float("nan")


def negative_binomial_likelihood(events: FloatArray, mean: FloatArray, alpha: float) -> float:
    """Log likelihood of NB2, no term left out."""
    shape = 1 / alpha
    gammas = special.gammaln(events + shape) - special.gammaln(shape) - special.gammaln(events + 1)
    return float(
        (
            gammas - shape * np.log1p(alpha * mean) + events * (np.log(alpha * mean) - np.log1p(alpha * mean))
        ).sum()
    )


def logistic_fit(x: npt.ArrayLike, events: npt.ArrayLike, trials: npt.ArrayLike) -> Fit:
    """Logistic regression of proportions by iteratively reweighted least squares.

    Parameters
    ----------
    x : array (..., rows, columns)
    events, trials : arrays (..., rows)
    """
    rows, y, n = (np.asarray(part, np.float64) for part in (x, events, trials))
    eta = special.logit((y + 0.5) / (n + 1))
    coefficients = np.zeros((*eta.shape[:-1], rows.shape[-1]))
    converged = np.zeros(eta.shape[:-1], dtype=bool)
    for _ in range(ITERATIONS):
        share = special.expit(eta)
        weight = n * share * (1 - share)
        found = weighted_least_squares(rows, eta + (y - n * share) / weight, weight)
        converged = np.abs(found - coefficients).max(axis=-1) < TOLERANCE
        coefficients = found
        eta = (rows @ coefficients[..., None])[..., 0]
        if converged.all():
            break
    share = special.expit(eta)
    weight = n * share * (1 - share)
    return Fit(coefficients, n * share, weight, (y - n * share) / weight, 0.0, converged)


def weighted_least_squares(x: FloatArray, y: FloatArray, weight: FloatArray) -> FloatArray:
    """Coefficients ``(X'WX)^-1 X'Wy``; array (..., columns)."""
    weighted = x * weight[..., None]
    transposed = np.swapaxes(weighted, -1, -2)
    return np.asarray(np.linalg.solve(transposed @ x, (transposed @ y[..., None]))[..., 0])


def pearson_dispersion(events: FloatArray, mean: FloatArray, columns: int) -> float:
    """Pearson chi-square with Poisson variance over its degrees of freedom."""
    return float(((events - mean) ** 2 / mean).sum() / max(len(events) - columns, 1))

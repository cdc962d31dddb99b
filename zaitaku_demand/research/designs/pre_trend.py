"""Were the paths parallel before the event, and would the test have seen it if not?

A test that finds nothing says little where few places or years stand before the event. So it always comes with the
drift it would have found with a given probability, and with what such a drift would do to the estimate.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from zaitaku_demand.benchmark.intervals import FloatArray, divide, tail, z_value

_DRAWS = 20_000
"""Draws of the probability that any estimate is significant; the same for all slopes, so that it rises smoothly."""


class WaldTest(NamedTuple):
    """Joint test that all estimates are 0; arrays (...).

    Attributes
    ----------
    statistic : array
        ``b' V^-1 b``.
    numerator_degrees : int
        Number of estimates; 0 if there is nothing to test.
    p_value : array
    """

    statistic: FloatArray
    numerator_degrees: int
    p_value: FloatArray


def joint_test(estimate: npt.ArrayLike, covariance: npt.ArrayLike, degrees: int | None = None) -> WaldTest:
    """Wald test that all estimates are 0.

    Parameters
    ----------
    estimate : array (..., k)
    covariance : array (..., k, k)
    degrees : int, optional
        Degrees of freedom of the covariance: with d of them and k estimates, ``(d - k + 1) / (d k) W`` is held against
        F(k, d - k + 1) (Hotelling); chi-squared without. NaN where d < k.

    References
    ----------
    Callaway & Sant'Anna 2021, J Econometrics 225:200 (pre-test); Hotelling 1931.
    """
    b, v = np.asarray(estimate, np.float64), np.asarray(covariance, np.float64)
    number = b.shape[-1]
    lead = b.shape[:-1]
    if not number or not np.isfinite(v).all() or (np.linalg.matrix_rank(v) < number).any():
        return WaldTest(np.full(lead, np.nan), number, np.full(lead, np.nan))
    statistic = np.einsum("...k,...k->...", b, np.linalg.solve(v, b[..., None])[..., 0])
    if degrees is None:
        return WaldTest(statistic, number, np.asarray(stats.chi2.sf(statistic, number)))
    rest = degrees - number + 1
    if rest < 1:
        return WaldTest(statistic, number, np.full(lead, np.nan))
    return WaldTest(
        statistic, number, np.asarray(stats.f.sf(statistic * rest / (degrees * number), number, rest))
    )


def rejection_probability(
    slope: float,
    time: npt.ArrayLike,
    covariance: npt.ArrayLike,
    *,
    reference: float = -1.0,
    confidence: float = 0.95,
    seed: int = 0,
    degrees: int | None = None,
) -> float:
    """Probability that at least one estimate before the event is significant if the paths drift apart linearly.

    Estimates are taken as normal with mean ``slope × (time - reference)``. One estimate: exact; several: simulated.

    Parameters
    ----------
    slope : float
        Drift a year.
    time : array (k,)
        Years since the event of the estimates before it.
    covariance : array (k, k)
    reference : float
        Year compared with.
    degrees : int, optional
        Degrees of freedom of the covariance: an estimate is then significant by Student's t. With few of them more drift
        goes unnoticed than the normal distribution, which the published method takes, has it.

    References
    ----------
    Roth 2022, Am Econ Rev: Insights 4:305, section I.
    """
    moved, error, draws = _standardised(time, covariance, reference, seed)
    return _any_significant(
        slope * moved / error, draws, _limits(len(draws), confidence, degrees, seed), degrees
    )


def detectable_slope(
    power: float,
    time: npt.ArrayLike,
    covariance: npt.ArrayLike,
    *,
    reference: float = -1.0,
    confidence: float = 0.95,
    seed: int = 0,
    degrees: int | None = None,
) -> float:
    """Linear drift that the estimates before the event would show as significant with probability `power`.

    Parameters
    ----------
    power : float
        Above ``1 - confidence``.
    time, covariance, reference, confidence, seed, degrees
        As in :func:`rejection_probability`.

    Returns
    -------
    float
        Drift a year (its sign does not matter); NaN without an estimate before the event, its variance or a degree of
        freedom.

    References
    ----------
    Roth 2022, Am Econ Rev: Insights 4:305 (``slope_for_power`` of the package pretrends).
    """
    matrix = np.asarray(covariance, np.float64)
    if not matrix.size or not np.isfinite(matrix).all() or (np.diag(matrix) <= 0).any():
        return float("nan")
    if degrees is not None and degrees < 1:
        return float("nan")
    moved, error, draws = _standardised(time, matrix, reference, seed)
    limit = _limits(len(draws), confidence, degrees, seed)
    unit = float((error / np.abs(moved)).min())

    def missing(slope: float) -> float:
        return _any_significant(slope * moved / error, draws, limit, degrees) - power

    if missing(0.0) >= 0:
        return 0.0
    most = 20 * unit
    while missing(most) < 0:
        most *= 2
    return float(optimize.brentq(missing, 0.0, most, xtol=1e-6 * unit))


def bias_of_drift(
    slope: float, time: npt.ArrayLike, weight: npt.ArrayLike, *, reference: float = -1.0
) -> float:
    """What a linear drift alone adds to a weighted mean of the estimates after the event.

    Parameters
    ----------
    slope : float
    time, weight : arrays (k,)
        Years since the event and weight of each estimate.
    """
    moved = np.asarray(time, np.float64) - reference
    share = np.asarray(weight, np.float64)
    return float(slope * divide((share * moved).sum(), share.sum()))


def _standardised(
    time: npt.ArrayLike, covariance: npt.ArrayLike, reference: float, seed: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    matrix = np.asarray(covariance, np.float64)
    error = np.sqrt(np.diag(matrix))
    values, vectors = np.linalg.eigh(matrix / np.outer(error, error))
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    normal = np.random.default_rng(seed).standard_normal((_DRAWS if len(error) > 1 else 0, len(error)))
    return np.asarray(time, np.float64) - reference, error, np.asarray(normal @ root.T)


def _limits(draws: int, confidence: float, degrees: int | None, seed: int) -> FloatArray:
    """Standardised size from which on an estimate is significant: one, or one a draw of the estimated variance."""
    if degrees is None:
        return np.array(z_value(confidence))
    critical = float(stats.t.isf(tail(confidence), degrees))
    if not draws:
        return np.array(critical)
    squares = np.random.default_rng([seed, degrees]).chisquare(degrees, (draws, 1))
    return np.asarray(critical * np.sqrt(squares / degrees))


def _any_significant(shift: FloatArray, draws: FloatArray, limit: FloatArray, degrees: int | None) -> float:
    if len(shift) > 1:
        return float((np.abs(draws + shift) > limit).any(axis=1).mean())
    if degrees is None:
        return float(stats.norm.sf(limit - shift[0]) + stats.norm.cdf(-limit - shift[0]))
    return float(stats.nct.sf(limit, degrees, shift[0]) + stats.nct.cdf(-limit, degrees, shift[0]))

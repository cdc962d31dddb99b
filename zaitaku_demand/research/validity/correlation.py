"""Rank correlations with intervals, also where rows come in clusters, and the correction for attenuation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray, z_value
from zaitaku_demand.research.validity.ranking import mid_ranks, pearson


class Correlation(NamedTuple):
    """A correlation with its interval and the number of rows it rests on."""

    value: float
    lower: float
    upper: float
    rows: int


def rank_correlation(first: npt.ArrayLike, second: npt.ArrayLike, confidence: float = 0.95) -> Correlation:
    """Spearman's correlation of independent rows; NaN pairs are left out.

    ``tanh(atanh r -+ z sqrt((1 + r^2 / 2) / (n - 3)))``

    Parameters
    ----------
    first, second : arrays (rows,)

    References
    ----------
    Spearman 1904, Am J Psychol 15:72; interval: Bonett & Wright 2000, Psychometrika 65:23.
    """
    a, b, _ = _known(first, second)
    n = len(a)
    if n < 4:
        return Correlation(float("nan"), float("nan"), float("nan"), n)
    r = float(pearson(mid_ranks(a), mid_ranks(b)))
    return _with_limits(r, float(np.sqrt((1 + r * r / 2) / (n - 3))), n, confidence)


def clustered_rank_correlation(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    clusters: npt.ArrayLike,
    draws: int,
    seed: int,
    confidence: float = 0.95,
) -> Correlation:
    """Spearman's correlation of rows that come in clusters (areas of a prefecture, years of a place).

    Whole clusters are resampled; the ranks are those among all rows. The interval is the normal one of the inverse
    hyperbolic tangent with the standard deviation of the resamples.

    Parameters
    ----------
    first, second : arrays (rows,)
    clusters : array (rows,)
        Name or number of the cluster of each row.
    draws, seed : int

    References
    ----------
    Field & Welsh 2007, J R Stat Soc B 69:369 (cluster bootstrap).
    """
    a, b, known = _known(first, second)
    n = len(a)
    member = np.asarray(clusters)[known]
    if n < 4 or len(np.unique(member)) < 4:
        return Correlation(float("nan"), float("nan"), float("nan"), n)
    drawn = resampled_rank_correlations(a, b, member, draws, seed)
    error = float(np.nanstd(np.arctanh(np.clip(drawn, -1 + 1e-9, 1 - 1e-9)), ddof=1))
    return _with_limits(float(pearson(mid_ranks(a), mid_ranks(b))), error, n, confidence)


def resampled_rank_correlations(
    first: npt.ArrayLike, second: npt.ArrayLike, clusters: npt.ArrayLike, draws: int, seed: int
) -> FloatArray:
    """Spearman's correlation in resamples of whole clusters, ranks as among all rows; array (draws,).

    The clusters drawn depend on `clusters` and `seed` alone, so correlations of other variables with the same
    `clusters` are drawn jointly. Rows with a NaN count for nothing.
    """
    a, b, known = _known(first, second)
    names, member = np.unique(np.asarray(clusters), return_inverse=True)
    x, y = mid_ranks(a), mid_ranks(b)
    x, y = x - x.mean(), y - y.mean()
    moments = np.column_stack([np.ones(len(x)), x, y, x * x, y * y, x * y])
    sums = np.zeros((len(names), 6))
    np.add.at(sums, member[known], moments)
    taken = resampled(len(names), draws, seed) @ sums
    count = np.maximum(taken[:, 0], 1.0)
    mean_x, mean_y = taken[:, 1] / count, taken[:, 2] / count
    spread_x, spread_y = taken[:, 3] - count * mean_x**2, taken[:, 4] - count * mean_y**2
    spread = np.sqrt(np.maximum(spread_x, 0) * np.maximum(spread_y, 0))
    both = taken[:, 5] - count * mean_x * mean_y
    return np.asarray(np.divide(both, spread, out=np.full(draws, np.nan), where=spread > 0), np.float64)


def resampled(units: int, draws: int, seed: int) -> FloatArray:
    """How often each unit is drawn when as many as there are are drawn with replacement; array (draws, units)."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(units, np.full(units, 1 / units), size=draws).astype(np.float64)


def disattenuated(found: Correlation, reliability_first: float, reliability_second: float) -> Correlation:
    """The correlation corrected for unreliability, ``r / sqrt(r_xx r_yy)``; its limits likewise.

    The reliabilities are taken as known, so the interval is a little narrow. A value above 1 is returned as it is: it
    says that errors are not independent or that a reliability is underestimated.

    References
    ----------
    Spearman 1904, Am J Psychol 15:72, p. 90.
    """
    product = reliability_first * reliability_second
    if not product > 0:
        return Correlation(float("nan"), float("nan"), float("nan"), found.rows)
    root = float(np.sqrt(product))
    return Correlation(found.value / root, found.lower / root, found.upper / root, found.rows)


def without_cluster_means(values: npt.ArrayLike, clusters: npt.ArrayLike) -> FloatArray:
    """Deviations from the mean of the cluster, array (rows,); NaN in clusters with fewer than two figures."""
    x = np.asarray(values, np.float64)
    _, member = np.unique(np.asarray(clusters), return_inverse=True)
    known = np.isfinite(x)
    number = np.bincount(member, known)
    total = np.bincount(member, np.where(known, x, 0.0))
    mean = np.divide(total, number, out=np.full(len(number), np.nan), where=number > 1)
    return np.asarray(x - mean[member])


def without_place_and_year_means(values: npt.ArrayLike) -> FloatArray:
    """Deviations from the means of place and year, array (places, years); NaN for places with a year missing."""
    x = np.asarray(values, np.float64)
    whole = np.isfinite(x).all(axis=1)
    out = np.full(x.shape, np.nan)
    if whole.any():
        part = x[whole]
        out[whole] = part - part.mean(axis=1, keepdims=True) - part.mean(axis=0) + part.mean()
    return out


def _with_limits(r: float, error: float, rows: int, confidence: float) -> Correlation:
    if not np.isfinite(r) or not np.isfinite(error):
        return Correlation(r, float("nan"), float("nan"), rows)
    if abs(r) >= 1:
        return Correlation(r, r, r, rows)
    half = z_value(confidence) * error
    return Correlation(r, float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half)), rows)


def _known(
    first: npt.ArrayLike, second: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    known = np.isfinite(a) & np.isfinite(b)
    return a[known], b[known], known

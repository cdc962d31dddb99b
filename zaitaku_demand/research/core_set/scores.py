"""From what was measured to scores between 0 and 1, and from scores to one value.

Every scale is fixed (no minimum or maximum of the candidates at hand), so that a further candidate changes no other's
score and no order (Dodgson et al. 2009, ch. 6: a global scale).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray, divide
from zaitaku_demand.benchmark.overdispersion import pooled
from zaitaku_demand.benchmark.shrinkage import normal_normal
from zaitaku_demand.research.panel import Kind

LOWEST_GRADE, HIGHEST_GRADE = 1.0, 5.0


def grade_score(grade: npt.ArrayLike) -> FloatArray:
    """Grades 1 to 5 as 0 to 1, ``(g - 1) / 4``; grades outside are taken as the nearest end."""
    inside = np.clip(np.asarray(grade, np.float64), LOWEST_GRADE, HIGHEST_GRADE)
    return np.asarray((inside - LOWEST_GRADE) / (HIGHEST_GRADE - LOWEST_GRADE))


def chance_variance(rate: npt.ArrayLike, size: npt.ArrayLike, kind: Kind) -> FloatArray:
    """Variance of places' rates by chance around a common rate.

    ``m / n`` (Poisson) or ``m (1 - m) / n`` (binomial); NaN for figures without counts.

    Parameters
    ----------
    rate : array (..., 1)
        Common rate.
    size : array (..., places)
    """
    m, n = np.asarray(rate, np.float64), np.asarray(size, np.float64)
    if kind == "normal":
        return np.full(np.broadcast_shapes(m.shape, n.shape), np.nan)
    return divide(m * (1 - m) if kind == "binomial" else m + 0.0 * n, n)


def one_year_reliability(
    events: npt.ArrayLike, size: npt.ArrayLike, kind: Kind, least_places: int
) -> FloatArray:
    """Median over the places of the reliability of one year's figure, array (years,).

    ``tau2 / (tau2 + v)`` of :func:`~zaitaku_demand.benchmark.shrinkage.normal_normal` (Efron & Morris 1975).

    Parameters
    ----------
    events, size : arrays (years, places)
        Independent cases, and what they are divided by on the same scale; NaN where not shown.
    least_places : int
        Fewer places with a figure give NaN.
    """
    o, n = np.asarray(events, np.float64), np.asarray(size, np.float64)
    rate = divide(o, n)
    weight = normal_normal(rate, chance_variance(pooled(o, n)[..., None], n, kind)).weight
    return _median(weight, least_places)


def change_reliability(events: npt.ArrayLike, size: npt.ArrayLike, kind: Kind, least_places: int) -> float:
    """Median over the places of the reliability of the change from a first to a last year.

    Both years' rates are taken relative to all places of that year, so that what all places share is no change of
    one of them. 1 where the changes differ far beyond chance, 0 where they do not. The two years are taken as
    independent: for institutions or patients that are the same in both years this is strict.

    Parameters
    ----------
    events, size : arrays (2, places)
        The two years.
    """
    o, n = np.asarray(events, np.float64), np.asarray(size, np.float64)
    common = pooled(o, n)[..., None]
    relative = divide(divide(o, n), common)
    variance = divide(chance_variance(common, n, kind), common * common)
    weight = normal_normal(relative[1] - relative[0], variance[0] + variance[1]).weight
    return float(_median(weight, least_places))


def recency_score(latest_year: int, plan_year: int, oldest_years: int) -> float:
    """1 for a figure of the plan year, falling evenly to 0 for one `oldest_years` before."""
    return float(np.clip(1 - (plan_year - latest_year) / oldest_years, 0, 1))


def regularity_score(years: tuple[int, ...], plan_year: int, oldest_years: int) -> float:
    """Share of the `oldest_years` before the plan year that have a figure."""
    return sum(plan_year - oldest_years <= year < plan_year for year in set(years)) / oldest_years


def normalised(weights: npt.ArrayLike) -> FloatArray:
    """Weights that add up to 1 along the last axis."""
    given = np.asarray(weights, np.float64)
    return np.asarray(given / given.sum(axis=-1, keepdims=True), np.float64)


def weighted_value(scores: npt.ArrayLike, weights: npt.ArrayLike) -> FloatArray:
    """Weighted mean of the scores that are known, array (..., candidates).

    Parameters
    ----------
    scores : array (..., candidates, criteria)
        0 to 1; NaN where a criterion could not be measured (its weight is then left out for that candidate).
    weights : array (..., criteria)

    References
    ----------
    Dodgson, Spackman, Pearman & Phillips 2009, Multi-criteria analysis: a manual, ch. 6 (linear additive model).
    """
    s = np.asarray(scores, np.float64)
    w = np.broadcast_to(np.asarray(weights, np.float64)[..., None, :], s.shape)
    known = ~np.isnan(s)
    return divide(np.where(known, s * w, 0.0).sum(axis=-1), np.where(known, w, 0.0).sum(axis=-1))


def topsis(figures: npt.ArrayLike, weights: npt.ArrayLike, more_is_better: npt.ArrayLike) -> FloatArray:
    """Relative closeness to the ideal solution, array (candidates,), 0 to 1.

    Columns are divided by the root of their sum of squares and weighted; closeness is the distance from the worst
    over the sum of the distances from worst and best. A second opinion only: unlike the weighted value it
    depends on which candidates are at hand.

    Parameters
    ----------
    figures : array (candidates, criteria)
    weights : array (criteria,)
    more_is_better : array (criteria,) of bool

    References
    ----------
    Hwang & Yoon 1981, Multiple Attribute Decision Making, Springer, section III.
    """
    x = np.asarray(figures, np.float64)
    length = np.sqrt((x * x).sum(axis=0))
    v = np.nan_to_num(divide(x, length)) * normalised(weights)
    signed = np.where(np.asarray(more_is_better, bool), v, -v)
    best = np.sqrt(((signed - signed.max(axis=0)) ** 2).sum(axis=1))
    worst = np.sqrt(((signed - signed.min(axis=0)) ** 2).sum(axis=1))
    return divide(worst, best + worst)


def _median(weight: FloatArray, least_places: int) -> FloatArray:
    known = ~np.isnan(weight)
    enough = known.sum(axis=-1) >= least_places
    filled = np.where(enough[..., None], weight, 0.0)
    return np.where(enough, np.nanmedian(filled, axis=-1), np.nan)

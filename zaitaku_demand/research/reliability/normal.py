"""Variance between units of figures with known chance variance, overall or within groups of units (prefectures).

Sets of units are done at once (axes before the last); groups are the same in all sets.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.benchmark.intervals import FloatArray, Limits, divide, tail

_ROUNDS = 200
_BISECTIONS = 60
_DOUBLINGS = 80


def reml_variance(
    values: npt.ArrayLike, variances: npt.ArrayLike, groups: npt.ArrayLike | None = None
) -> FloatArray:
    """Variance between units by restricted maximum likelihood; array (...), not below 0.

    Fixed point of ``tau2 = (sum w^2 ((y - m)^2 - v) + sum over groups of sum w^2 / sum w) / sum w^2, w = 1/(v + tau2)``,
    with m the weighted mean of the unit's group.

    Parameters
    ----------
    values, variances : arrays (..., units)
    groups : array (units,), optional
        Group of each unit; its mean is removed. Without it there is one group.

    References
    ----------
    Viechtbauer 2005, J Educ Behav Stat 30:261 (equation of the REML estimator).
    """
    y, v, member = _prepare(values, variances, groups)
    tau2 = np.zeros(y.shape[:-1])
    for _ in range(_ROUNDS):
        w = _weights(v, tau2)
        residual = y - _group_means(y, w, member)
        square = w * w
        own = _by_group_ratio(square, w, member)
        above = np.nansum(square * (residual**2 - v), axis=-1) + own
        moved = np.maximum(np.nan_to_num(divide(above, np.nansum(square, axis=-1))), 0.0)
        done = np.allclose(moved, tau2, rtol=1e-10, atol=0.0)
        tau2 = moved
        if done:
            break
    return np.where(_free(v, member) > 0, tau2, np.nan)


def q_profile_limits(
    values: npt.ArrayLike,
    variances: npt.ArrayLike,
    confidence: float = 0.95,
    groups: npt.ArrayLike | None = None,
) -> Limits:
    """Limits of the variance between units: where Q(tau2) equals the quantiles of chi-square; arrays (...).

    ``Q(tau2) = sum (y - m)^2 / (v + tau2)`` has k - (number of groups) degrees of freedom.

    References
    ----------
    Viechtbauer 2007, Stat Med 26:37.
    """
    y, v, member = _prepare(values, variances, groups)
    free = _free(v, member)
    p = tail(confidence)

    def q(tau2: FloatArray) -> FloatArray:
        w = _weights(v, tau2)
        return np.asarray(np.nansum(w * (y - _group_means(y, w, member)) ** 2, axis=-1))

    known = free > 0
    number = np.where(known, free, 1.0)
    lower = _root(q, special.chdtri(number, p))
    upper = _root(q, special.chdtri(number, 1 - p))
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def logit_and_variance(events: npt.ArrayLike, trials: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Empirical logits ``ln((x + 1/2)/(n - x + 1/2))`` and their variance ``1/(n p (1-p))`` at the pooled share.

    The variance is that of a unit with the common share, so that units without events do not seem exact.

    Parameters
    ----------
    events, trials : arrays (..., units)

    References
    ----------
    Cox & Snell 1989, Analysis of Binary Data, p. 32.
    """
    x, n = np.broadcast_arrays(np.asarray(events, np.float64), np.asarray(trials, np.float64))
    share = divide(np.nansum(x, axis=-1), np.nansum(n, axis=-1))[..., None]
    return np.log((x + 0.5) / (n - x + 0.5)), divide(1.0, n * share * (1 - share))


def _prepare(
    values: npt.ArrayLike, variances: npt.ArrayLike, groups: npt.ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    y, v = np.broadcast_arrays(np.asarray(values, np.float64), np.asarray(variances, np.float64))
    known = ~np.isnan(y) & (v > 0)
    y, v = np.where(known, y, np.nan), np.where(known, v, np.nan)
    labels = np.zeros(y.shape[-1]) if groups is None else np.asarray(groups)
    member = (labels[:, None] == np.unique(labels)[None, :]).astype(np.float64)
    return y, v, member


def _weights(v: FloatArray, tau2: FloatArray) -> FloatArray:
    return np.nan_to_num(divide(1.0, v + tau2[..., None]))


def _group_means(y: FloatArray, w: FloatArray, member: FloatArray) -> FloatArray:
    means = np.nan_to_num(divide((w * np.nan_to_num(y)) @ member, w @ member))
    return np.asarray(means @ member.T)


def _by_group_ratio(above: FloatArray, below: FloatArray, member: FloatArray) -> FloatArray:
    return np.asarray(np.nan_to_num(divide(above @ member, below @ member)).sum(axis=-1))


def _free(v: FloatArray, member: FloatArray) -> FloatArray:
    present = (v > 0).astype(np.float64)
    return np.asarray(present.sum(axis=-1) - ((present @ member) > 0).sum(axis=-1))


def _root(q: Callable[[FloatArray], FloatArray], goal: FloatArray) -> FloatArray:
    """tau2 with Q(tau2) = goal; 0 where Q is below it from the start (Q falls with tau2)."""
    low = np.zeros(goal.shape)
    start = q(low)
    high = np.full(goal.shape, 1e-12)
    for _ in range(_DOUBLINGS):
        more = q(high) > goal
        if not more.any():
            break
        high = np.where(more, high * 4, high)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        more = q(middle) > goal
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.where(start <= goal, 0.0, (low + high) / 2)

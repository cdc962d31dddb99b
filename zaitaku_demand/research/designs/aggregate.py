"""Averages of differences by group and year, with variance, band and degrees of freedom (Callaway & Sant'Anna 2021)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.research.designs.group_time import BoolArray, GroupTime


class Aggregate(NamedTuple):
    """Differences in changes, averaged.

    Attributes
    ----------
    label : array (k,)
        Event time, group or calendar year.
    estimate : array (..., k)
    influence : array (..., places, k)
    """

    label: FloatArray
    estimate: FloatArray
    influence: FloatArray


def overall(result: GroupTime) -> Aggregate:
    """One figure: all years from the event on, each weighted by the size of its group (*simple* aggregation).

    References
    ----------
    Callaway & Sant'Anna 2021, eq. 3.10.
    """
    after = result.year >= result.group
    return _weighted(result, np.zeros(1), after[:, None])


def by_event_time(result: GroupTime) -> Aggregate:
    """By years since the event (negative: before), groups weighted by size (Callaway & Sant'Anna 2021, eq. 3.4)."""
    since = result.year - result.group
    times = np.unique(since)
    return _weighted(result, times, since[:, None] == times)


def by_year(result: GroupTime) -> Aggregate:
    """By calendar year, groups that have had the event weighted by size (Callaway & Sant'Anna 2021, eq. 3.8)."""
    years = np.unique(result.year[result.year >= result.group])
    return _weighted(result, years, (result.year[:, None] == years) & (result.year >= result.group)[:, None])


def by_group(result: GroupTime) -> Aggregate:
    """By group: plain mean over its years from the event on (Callaway & Sant'Anna 2021, eq. 3.7)."""
    groups = np.unique(result.group[result.year >= result.group])
    member = (result.group[:, None] == groups) & (result.year >= result.group)[:, None]
    share = member / np.maximum(member.sum(axis=0), 1)
    return Aggregate(groups, result.estimate @ share, result.influence @ share)


def over_groups(result: GroupTime) -> Aggregate:
    """Mean of :func:`by_group` over the groups, weighted by their size (Callaway & Sant'Anna 2021, eq. 3.11)."""
    each = by_group(result)
    return _combine(
        result, each.label, each.estimate, each.influence, np.ones((len(each.label), 1)), np.zeros(1)
    )


def mean_over(part: Aggregate, chosen: BoolArray) -> Aggregate:
    """Plain mean over some of the labels, e.g. the event times from 0 on (overall *dynamic* figure)."""
    share = (chosen / max(int(chosen.sum()), 1))[:, None]
    return Aggregate(np.zeros(1), part.estimate @ share, part.influence @ share)


def covariance(influence: npt.ArrayLike, places: int, clusters: npt.ArrayLike | None = None) -> FloatArray:
    """Covariance of estimates from the influence of the places, ``sum over clusters of s s' / places^2``.

    Parameters
    ----------
    influence : array (..., all places, k)
    places : int
        Places used (those left out have no influence).
    clusters : array (all places,), optional
        What is independent; each place without.

    Returns
    -------
    array (..., k, k)
    """
    summed = _by_cluster(np.asarray(influence, np.float64), clusters)
    return np.asarray(np.einsum("...ik,...il->...kl", summed, summed) / places**2)


def standard_error(part: Aggregate, places: int, clusters: npt.ArrayLike | None = None) -> FloatArray:
    """Standard errors of an aggregate; array (..., k)."""
    summed = _by_cluster(part.influence, clusters)
    return np.asarray(np.sqrt((summed * summed).sum(axis=-2)) / places)


def band_quantile(
    influence: FloatArray,
    places: int,
    clusters: npt.ArrayLike | None,
    confidence: float,
    draws: int,
    seed: int,
) -> float:
    """Multiple of the standard error by which a band covers all estimates at once (multiplier bootstrap).

    Parameters
    ----------
    influence : array (places, k)
    draws, seed : int

    References
    ----------
    Callaway & Sant'Anna 2021, Algorithm 1, with the two-point multipliers of Mammen 1993.
    """
    summed = _by_cluster(influence, clusters)
    error = np.sqrt((summed * summed).sum(axis=0))
    summed = summed[:, error > 0] / error[error > 0]
    if not summed.shape[1] or not np.isfinite(summed).all():
        return float("nan")
    root = np.sqrt(5.0)
    generator = np.random.default_rng(seed)
    low = generator.random((draws, len(summed))) < (root + 1) / (2 * root)
    multiplier = np.where(low, (1 - root) / 2, (1 + root) / 2)
    return float(np.quantile(np.abs(multiplier @ summed).max(axis=1), confidence))


def degrees_of_freedom(
    first: npt.ArrayLike, weight: npt.ArrayLike, clusters: npt.ArrayLike | None = None
) -> int:
    """Clusters with an event, or clusters without, whichever are fewer, less one.

    A cautious choice: a difference of two means has at least so many degrees of freedom (Welch), and the number
    of clusters *with* the event is what limits the interval (MacKinnon & Webb 2018).
    """
    start = np.asarray(first, np.float64)
    used = np.asarray(weight, np.float64) > 0
    label = np.arange(len(start)) if clusters is None else np.asarray(clusters)
    having = np.unique(label[used & np.isfinite(start)]).size
    free = np.unique(label[used & np.isinf(start)]).size
    return max((min(having, free) if free else having) - 1, 0)


def _weighted(result: GroupTime, label: FloatArray, member: BoolArray) -> Aggregate:
    return _combine(result, result.group, result.estimate, result.influence, member.astype(float), label)


def _combine(
    result: GroupTime,
    group: FloatArray,
    estimate: FloatArray,
    influence: FloatArray,
    member: FloatArray,
    label: FloatArray,
) -> Aggregate:
    """Averages weighted by the share of each group, with the influence of the shares being estimated."""
    used = result.weight > 0
    belongs = result.weight[:, None] * (result.first[:, None] == group)
    share = belongs.sum(axis=0) / max(int(used.sum()), 1)
    total = np.where(share @ member > 0, share @ member, np.nan)
    combined = member * share[:, None] / total
    off = np.where(used[:, None], belongs - share, 0.0)
    # Derivative of (sum a p x / sum a p) with respect to the shares p.
    contrast = member * (estimate[..., :, None] - (estimate @ combined)[..., None, :]) / total
    return Aggregate(label, estimate @ combined, influence @ combined + off @ contrast)


def _by_cluster(influence: FloatArray, clusters: npt.ArrayLike | None) -> FloatArray:
    if clusters is None:
        return influence
    _, position = np.unique(np.asarray(clusters), return_inverse=True)
    member = np.zeros((position.max() + 1, len(position)))
    member[position, np.arange(len(position))] = 1.0
    return np.asarray(member @ influence)

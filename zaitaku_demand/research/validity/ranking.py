"""How far an order of places changes when the same thing is measured in another way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.benchmark.quantiles import quantile_groups
from zaitaku_demand.benchmark.ranks import point_ranks


class RankChange(NamedTuple):
    """Change between two orders of the same places; arrays (...).

    Attributes
    ----------
    spearman : array
    mean_change : array
        Mean absolute change of the rank, in ranks.
    group_change : dict of int to array
        Number of groups (5: fifths) → share of places whose group changes.
    top_overlap : array
        Share of the leading places of the first order that lead in the second too.
    places : int
    """

    spearman: FloatArray
    mean_change: FloatArray
    group_change: dict[int, FloatArray]
    top_overlap: FloatArray
    places: int


def rank_change(first: npt.ArrayLike, second: npt.ArrayLike, groups: tuple[int, ...], top: int) -> RankChange:
    """Compare one order with another, or with many at once.

    Parameters
    ----------
    first : array (places,)
    second : array (..., places)
        Places without a figure in `first` or in any of `second` are left out.
    groups : tuple of int
        Numbers of equal groups.
    top : int
        Number of leading places (highest figures).

    Returns
    -------
    RankChange
        NaN with fewer than three places; `top_overlap` NaN unless there are more places than `top`.

    References
    ----------
    Mean absolute change of ranks: Spearman's footrule divided by n (Diaconis & Graham 1977, J R Stat Soc B 39:262).
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    known = np.isfinite(a) & np.isfinite(b).reshape(-1, b.shape[-1]).all(axis=0)
    a, b = a[known], b[..., known]
    n = len(a)
    nothing = np.full(b.shape[:-1], np.nan)
    if n < 3:
        return RankChange(nothing, nothing, dict.fromkeys(groups, nothing), nothing, n)
    change = {
        number: np.asarray((quantile_groups(a, number) != quantile_groups(b, number)).mean(axis=-1))
        if n >= number
        else nothing
        for number in groups
    }
    leads = point_ranks(a) <= top
    still = leads & (point_ranks(b) <= top)
    overlap = np.asarray(still.sum(axis=-1) / leads.sum()) if n > top else nothing
    ranks_a, ranks_b = mid_ranks(a), mid_ranks(b)
    return RankChange(
        pearson(ranks_a, ranks_b), np.asarray(np.abs(ranks_a - ranks_b).mean(axis=-1)), change, overlap, n
    )


def mid_ranks(values: npt.ArrayLike) -> FloatArray:
    """Ranks of the last axis from 1, equal values sharing their mean rank; no NaN."""
    return np.asarray(stats.rankdata(np.asarray(values, np.float64), axis=-1), np.float64)


def pearson(first: npt.ArrayLike, second: npt.ArrayLike) -> FloatArray:
    """Product-moment correlation over the last axis; NaN where either does not vary."""
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    a, b = a - a.mean(axis=-1, keepdims=True), b - b.mean(axis=-1, keepdims=True)
    size = np.sqrt((a * a).sum(axis=-1) * (b * b).sum(axis=-1))
    both = (a * b).sum(axis=-1)
    found = np.divide(both, size, out=np.full(np.shape(both), np.nan), where=size > 0)
    return np.asarray(np.clip(found, -1.0, 1.0), np.float64)

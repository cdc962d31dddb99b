"""Difference in changes by group and year (Callaway & Sant'Anna 2021), without covariates.

A group is the places whose event falls into one year. Each is compared with places that have not had the event by then,
never with places that had it earlier; that is what two-way fixed effects get wrong. Arrays may have any number
of leading axes (replications); places and years are the last two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.research.designs.settings import Control

BoolArray = npt.NDArray[np.bool_]
Base = Literal["varying", "universal"]
Pair = tuple[float, int, int]
"""Group (first year), position of the year, position of the year compared with."""


class GroupTime(NamedTuple):
    """Differences in changes by group and year.

    Attributes
    ----------
    group, year, base : arrays (pairs,)
        First year with the event, year looked at, and year it is compared with.
    estimate : array (..., pairs)
        Change of the group minus change of its controls.
    influence : array (..., places, pairs)
        Influence of each place, so that its mean square / places is the variance; 0 for places left out.
    first : array (places,)
        First year of each place (inf: never).
    weight : array (places,)
        Weight of each place, mean 1 over those used and 0 for the others.
    """

    group: FloatArray
    year: FloatArray
    base: FloatArray
    estimate: FloatArray
    influence: FloatArray
    first: FloatArray
    weight: FloatArray

    @property
    def places(self) -> int:
        """Places used."""
        return int((self.weight > 0).sum())


def usable(outcome: npt.ArrayLike, first: npt.ArrayLike, years: Sequence[int]) -> BoolArray:
    """Places with all years of the outcome whose event did not happen in or before the first year; array (places,).

    Parameters
    ----------
    outcome : array (..., places, years)
    first : array (places,)
        First year with the event; inf: never; NaN: not known or lost again.
    """
    y, start = np.asarray(outcome, np.float64), np.asarray(first, np.float64)
    complete = np.isfinite(y).all(axis=-1).reshape(-1, y.shape[-2]).all(axis=0)
    return np.asarray(complete & ~np.isnan(start) & (start > years[0]))


def year_pairs(first: npt.ArrayLike, years: Sequence[int], base: Base = "varying") -> list[Pair]:
    """Which year of which group is compared with which.

    From the event on, with the last year before it. Before it: with the year just before (``varying``) or with the
    last year before the event, too (``universal``, as an event-study figure needs it).
    """
    start = np.asarray(first, np.float64)
    groups = np.unique(start[(start > years[0]) & (start <= years[-1])])
    out: list[Pair] = []
    for group in groups:
        last_before = int(np.searchsorted(years, group)) - 1
        for position in range(len(years)):
            if base == "universal":
                reference = last_before
            else:
                reference = last_before if years[position] >= group else position - 1
            if reference >= 0 and position != reference:
                out.append((float(group), position, reference))
    return out


def group_time(
    outcome: npt.ArrayLike,
    first: npt.ArrayLike,
    years: Sequence[int],
    *,
    weights: npt.ArrayLike | None = None,
    control: Control = "not_yet",
    base: Base = "varying",
    pairs: Sequence[Pair] | None = None,
    corrected: bool = True,
) -> GroupTime:
    """Difference in changes of every group and year.

    ``mean of (Y_t - Y_base) in the group - the same mean among its controls``; the controls have had no event up to the
    later of the two years.

    Parameters
    ----------
    outcome : array (..., places, years)
        Shares or logarithms of rates. Places with a missing year are left out (see :func:`usable`).
    first : array (places,)
        First year with the event; inf: never; NaN: left out. Places with it in the first year are left out.
    years : sequence of int
        Ascending.
    weights : array (places,), optional
        Size of the places; equal without.
    control : {"not_yet", "never"}
    base : {"varying", "universal"}
        See :func:`year_pairs`.
    pairs : sequence, optional
        Instead of all that :func:`year_pairs` gives.
    corrected : bool
        Whether influences are widened by ``sqrt(n / (n - 1))`` for the n places of a group (the unpooled variance of a
        difference of means). The published estimator has no such factor and is too narrow in small groups.

    Returns
    -------
    GroupTime
        Pairs without a control are left out; a group of one place has an estimate but no variance (NaN)
        if `corrected`.

    References
    ----------
    Callaway & Sant'Anna 2021, J Econometrics 225:200, eq. 2.8 and 2.9 without covariates.
    """
    y, start = np.asarray(outcome, np.float64), np.asarray(first, np.float64)
    used = usable(y, start, years)
    weight = np.where(used, 1.0 if weights is None else np.asarray(weights, np.float64), 0.0)
    weight = weight / weight[used].mean() if used.any() else weight
    start = np.where(used, start, np.nan)
    wanted = year_pairs(start, years, base) if pairs is None else pairs
    kept, estimates, influences = [], [], []
    for group, position, reference in wanted:
        treated = start == group
        late = years[max(position, reference)]
        free = start == np.inf if control == "never" else (start > late) & ~treated
        if not treated.any() or not free.any():
            continue
        change = np.where(used, y[..., position] - y[..., reference], 0.0)
        one, with_event = _mean(change, treated, weight, used, corrected)
        other, without = _mean(change, free, weight, used, corrected)
        kept.append((group, years[position], years[reference]))
        estimates.append(one - other)
        influences.append(with_event - without)
    lead, places = y.shape[:-2], y.shape[-2]
    described = np.array(kept, dtype=np.float64).reshape(-1, 3)
    return GroupTime(
        described[:, 0],
        described[:, 1],
        described[:, 2],
        np.stack(estimates, axis=-1) if kept else np.empty((*lead, 0)),
        np.stack(influences, axis=-1) if kept else np.empty((*lead, places, 0)),
        start,
        weight,
    )


def _mean(
    change: FloatArray, member: BoolArray, weight: FloatArray, used: BoolArray, corrected: bool
) -> tuple[FloatArray, FloatArray]:
    """Weighted mean of the members and the influence of every place on it."""
    share = np.where(member, weight, 0.0)
    total = share.sum()
    mean = change @ share / total
    number = int(member.sum())
    factor = 1.0
    if corrected:
        factor = np.sqrt(number / (number - 1)) if number > 1 else np.nan
    influence = np.where(member, share * (change - mean[..., None]) * (used.sum() / total) * factor, 0.0)
    return np.asarray(mean), np.asarray(influence)

"""Difference in differences: two groups and two times, two-way fixed effects, and what the latter weighs.

Two-way fixed effects compare places that just had the event with places that had it earlier, too. Where changes differ
between groups or grow with time, that is no average of them; the weights below say how much of the estimate rests
on such comparisons. The group-time estimates of ``group_time`` are free of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray, divide
from zaitaku_demand.research.designs.group_time import usable


class Difference(NamedTuple):
    """A difference in changes; arrays as the means given.

    Attributes
    ----------
    change_with, change_without : array
        After minus before, in the group with the event and in the one without.
    estimate, standard_error : array
    """

    change_with: FloatArray
    change_without: FloatArray
    estimate: FloatArray
    standard_error: FloatArray


class FixedEffects(NamedTuple):
    """Two-way fixed effects; arrays (...).

    Attributes
    ----------
    estimate, standard_error : array
    clusters : int
    """

    estimate: FloatArray
    standard_error: FloatArray
    clusters: int


class Comparisons(NamedTuple):
    """The comparisons of two groups that make up two-way fixed effects; arrays (k,) but `estimate` (..., k).

    Attributes
    ----------
    group : array
        First year of the group whose event is looked at.
    control : array
        First year of the group it is compared with; inf: never.
    kind : array of str
        ``never`` (controls without the event), ``later`` (before their own event), ``earlier`` (after it: the comparison
        that goes wrong where changes grow with time).
    estimate, weight : array
        The weights add up to 1.
    """

    group: FloatArray
    control: FloatArray
    kind: npt.NDArray[np.str_]
    estimate: FloatArray
    weight: FloatArray


def two_by_two(means: npt.ArrayLike, standard_errors: npt.ArrayLike) -> Difference:
    """Difference in changes from four independent means.

    Parameters
    ----------
    means, standard_errors : arrays (..., 2, 2)
        Group (with the event, without) × time (before, after).

    References
    ----------
    Card & Krueger 1994, Am Econ Rev 84:772, table 3, rows 1-3.
    """
    mean, error = np.asarray(means, np.float64), np.asarray(standard_errors, np.float64)
    change = mean[..., 1] - mean[..., 0]
    return Difference(
        change[..., 0],
        change[..., 1],
        change[..., 0] - change[..., 1],
        np.sqrt((error * error).sum(axis=(-2, -1))),
    )


def two_way_fixed_effects(
    outcome: npt.ArrayLike,
    first: npt.ArrayLike,
    years: Sequence[int],
    *,
    weights: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
) -> FixedEffects:
    """Coefficient of "has had the event" with an effect for every place and every year.

    By the residual of the indicator D on both effects (Frisch & Waugh): ``sum w D~ Y / sum w D~^2``; the variance
    is clustered with the factor ``G/(G-1) (N-1)/(N-K)``, K counting the years and the coefficient, as places
    lie within clusters.

    Parameters
    ----------
    outcome : array (..., places, years)
    first : array (places,)
        First year with the event; inf: never; NaN: left out.
    weights : array (places,), optional
    clusters : array (places,), optional
        What is independent; each place without.
    """
    y, start = np.asarray(outcome, np.float64), np.asarray(first, np.float64)
    used = usable(y, start, years)
    y, start = y[..., used, :], start[used]
    weight = np.ones(len(start)) if weights is None else np.asarray(weights, np.float64)[used]
    label = np.arange(len(start)) if clusters is None else np.asarray(clusters)[used]
    residual = event_residual(start, years, weight)
    total = float((weight[:, None] * residual**2).sum())
    lead = y.shape[:-2]
    if not total > 0:
        nothing = np.full(lead, np.nan)
        return FixedEffects(nothing, nothing, int(np.unique(label).size))
    estimate = np.einsum("p,pt,...pt->...", weight, residual, y) / total
    event = np.asarray(years) >= start[:, None]
    rest = _both_effects_removed(y - estimate[..., None, None] * event, weight)
    score = np.einsum("p,pt,...pt->...p", weight, residual, rest)
    _, position = np.unique(label, return_inverse=True)
    groups = int(position.max()) + 1
    member = (position[:, None] == np.arange(groups)).astype(float)
    summed = score @ member
    rows = event.size
    factor = divide(groups, groups - 1) * divide(rows - 1, rows - len(years) - 1)
    error = np.sqrt(factor * (summed**2).sum(axis=-1)) / total
    return FixedEffects(np.asarray(estimate), np.asarray(error), groups)


def event_residual(
    first: npt.ArrayLike, years: Sequence[int], weights: npt.ArrayLike | None = None
) -> FloatArray:
    """Indicator of having had the event, with the effects of place and year removed; array (places, years)."""
    start = np.asarray(first, np.float64)
    weight = np.ones(len(start)) if weights is None else np.asarray(weights, np.float64)
    event = (np.asarray(years) >= start[:, None]).astype(np.float64)
    return _both_effects_removed(event, weight)


def two_way_weights(
    first: npt.ArrayLike, years: Sequence[int], weights: npt.ArrayLike | None = None
) -> FloatArray:
    """Weight of each place and year with the event in two-way fixed effects; array (places, years), sum 1.

    The coefficient is ``sum of weight × difference of that place and year`` under parallel paths; a negative weight
    can turn its sign. 0 where there is no event.

    References
    ----------
    de Chaisemartin & D'Haultfoeuille 2020, Am Econ Rev 110:2964, theorem 1.
    """
    start = np.asarray(first, np.float64)
    weight = np.ones(len(start)) if weights is None else np.asarray(weights, np.float64)
    event = np.asarray(years) >= start[:, None]
    part = np.where(event, weight[:, None] * event_residual(start, years, weight), 0.0)
    return divide(part, part.sum())


def comparisons(
    outcome: npt.ArrayLike, first: npt.ArrayLike, years: Sequence[int], weights: npt.ArrayLike | None = None
) -> Comparisons:
    """Two-way fixed effects as a weighted mean of comparisons of two groups.

    With share n of the places and share D of the years after the event, the weights are proportional to
    ``n_k n_U D_k (1 - D_k)`` (never), ``n_k n_l (D_k - D_l) (1 - D_k)`` (k earlier than l, before l's event) and
    ``n_k n_l D_l (D_k - D_l)`` (l later than k, after k's event).

    Parameters
    ----------
    outcome : array (..., places, years)
    first : array (places,)
    weights : array (places,), optional

    References
    ----------
    Goodman-Bacon 2021, J Econometrics 225:254, theorem 1.
    """
    y, start = np.asarray(outcome, np.float64), np.asarray(first, np.float64)
    used = usable(y, start, years)
    y = y[..., used, :]
    calendar = np.asarray(years, np.float64)
    # An event after the last year is none in these data.
    start = np.where(start[used] > calendar[-1], np.inf, start[used])
    weight = np.ones(len(start)) if weights is None else np.asarray(weights, np.float64)[used]
    rows: list[tuple[float, float, str, FloatArray, float]] = []
    groups = np.unique(start)
    share = {group: weight[start == group].sum() / weight.sum() for group in groups}
    after = {group: float((calendar >= group).mean()) for group in groups}
    mean = {group: _group_mean(y, weight, start == group) for group in groups}
    for one in groups[np.isfinite(groups)]:
        for other in groups[groups != one]:
            both = share[one] * share[other]
            here, there = after[one], after[other]
            if np.isinf(other):
                kind, inside, size = "never", np.full(len(calendar), True), both * here * (1 - here)
            elif other > one:
                kind, inside, size = "later", calendar < other, both * (here - there) * (1 - here)
            else:
                kind, inside, size = "earlier", calendar >= other, both * here * (there - here)
            difference = mean[one] - mean[other]
            late, early = inside & (calendar >= one), inside & (calendar < one)
            change = difference[..., late].mean(axis=-1) - difference[..., early].mean(axis=-1)
            rows.append((float(one), float(other), kind, change, float(size)))
    size_of = np.array([row[4] for row in rows])
    return Comparisons(
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows], dtype=np.str_),
        np.stack([row[3] for row in rows], axis=-1) if rows else np.empty((*y.shape[:-2], 0)),
        divide(size_of, size_of.sum()),
    )


def _both_effects_removed(values: FloatArray, weight: FloatArray) -> FloatArray:
    """Values minus the means of place and year (plus the whole mean); exact for a full table and weights by place."""
    by_year = np.einsum("p,...pt->...t", weight, values) / weight.sum()
    by_place = values.mean(axis=-1, keepdims=True)
    whole = by_year.mean(axis=-1)[..., None, None]
    return np.asarray(values - by_place - by_year[..., None, :] + whole)


def _group_mean(outcome: FloatArray, weight: FloatArray, member: npt.NDArray[np.bool_]) -> FloatArray:
    part = weight * member
    return np.asarray(np.einsum("p,...pt->...t", part, outcome) / part.sum())

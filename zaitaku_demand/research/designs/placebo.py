"""What the same method finds where there is nothing to find: earlier dates, and the event given to other places.

With few places that have the event, intervals by formula are not to be trusted. Handing the event out to other
places at random says how large a difference comes about by chance, and needs no formula (Fisher's test).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.research.designs.group_time import GroupTime, Pair, group_time, usable, year_pairs
from zaitaku_demand.research.designs.settings import Control

_CELLS_AT_ONCE = 20_000_000


class Randomisation(NamedTuple):
    """Randomisation test of one difference in changes.

    Attributes
    ----------
    estimate : float
    p_value : float
        Share of reassignments with a difference at least as large in size, the real one included.
    lower, upper : float
        Differences (the same in all places) that the test does not reject.
    distribution : array (replications,)
        Differences of the reassignments.
    """

    estimate: float
    p_value: float
    lower: float
    upper: float
    distribution: FloatArray


def placebo_pairs(first: npt.ArrayLike, years: Sequence[int], shift: int) -> list[Pair]:
    """Pairs of an event put `shift` years earlier, with the years before the real event only.

    Groups without two years before the real event have none.
    """
    calendar = list(years)
    out: list[Pair] = []
    for group, _, last in year_pairs(first, years):
        positions = [at for at in range(len(calendar)) if group - shift <= calendar[at] < group]
        earlier = [at for at in range(len(calendar)) if calendar[at] < group - shift]
        if not positions or not earlier:
            continue
        out.extend((group, at, earlier[-1]) for at in positions if at <= last)
    return sorted(set(out))


def placebo_dates(
    outcome: npt.ArrayLike,
    first: npt.ArrayLike,
    years: Sequence[int],
    shift: int = 1,
    *,
    weights: npt.ArrayLike | None = None,
    control: Control = "not_yet",
) -> GroupTime:
    """Differences in changes as if the event had come `shift` years earlier; near 0 if paths were parallel.

    Parameters
    ----------
    outcome : array (..., places, years)
    first : array (places,)
    shift : int
    weights : array (places,), optional
    control : {"not_yet", "never"}

    Returns
    -------
    GroupTime
        `group` is the group of the *shifted* event, so that the averages of ``aggregate`` count its years as after.
    """
    pairs = placebo_pairs(first, years, shift)
    found = group_time(outcome, first, years, weights=weights, control=control, pairs=pairs)
    return found._replace(group=found.group - shift, first=found.first - shift)


def randomisation(
    outcome: npt.ArrayLike,
    first: npt.ArrayLike,
    years: Sequence[int],
    *,
    weights: npt.ArrayLike | None = None,
    control: Control = "not_yet",
    strata: npt.ArrayLike | None = None,
    replications: int = 1999,
    seed: int = 0,
    confidence: float = 0.95,
) -> Randomisation:
    """Difference in changes (all groups and years after, by group size) against random reassignments of the event.

    First years are permuted among the places used (within `strata`), so as many places have the event in each year as in
    truth. The interval holds the differences that the test does not reject when they are taken off the places with
    the event; the statistic is linear in the outcome, so each reassignment is computed once.

    Parameters
    ----------
    outcome : array (places, years)
    first : array (places,)
    weights : array (places,), optional
    control : {"not_yet", "never"}
    strata : array (places,), optional
        Places exchange the event only within a stratum (type of area, say).
    replications, seed : int
    confidence : float

    References
    ----------
    Fisher 1935; Rosenbaum 2002, Stat Sci 17:286 (intervals by inversion); MacKinnon & Webb 2020, J Econometrics 218:435.
    """
    y, start = np.asarray(outcome, np.float64), np.asarray(first, np.float64)
    used = usable(y, start, years)
    y, start = y[used], start[used]
    weight = np.ones(len(start)) if weights is None else np.asarray(weights, np.float64)[used]
    stratum = np.zeros(len(start), np.int64)
    if strata is not None:
        _, stratum = np.unique(np.asarray(strata)[used].astype(str), return_inverse=True)
    event = (np.asarray(years) >= start[:, None]).astype(np.float64)
    both = np.stack([y, event])
    pairs = [pair for pair in year_pairs(start, years) if years[pair[1]] >= pair[0]]
    real = _statistic(both, start[None], years, weight, pairs, control)[:, 0]
    if not np.isfinite(real).all() or real[1] == 0:
        nothing = float("nan")
        return Randomisation(nothing, nothing, nothing, nothing, np.empty(0))
    generator = np.random.default_rng(seed)
    parts = []
    step = max(_CELLS_AT_ONCE // max(len(start), 1), 1)
    for begin in range(0, replications, step):
        drawn = _reassigned(start, stratum, min(step, replications - begin), generator)
        parts.append(_statistic(both, drawn, years, weight, pairs, control))
    outcome_part, event_part = np.concatenate(parts, axis=1)
    estimate = float(real[0] / real[1])

    def p_value(difference: float) -> float:
        moved = np.abs(outcome_part - difference * event_part)
        # A hair below, as equal sums in another order differ in the last digit.
        size = abs(real[0] - difference * real[1]) * (1 - 1e-9)
        return float((1 + (moved >= size).sum()) / (1 + replications))

    spread = float(np.nanstd(outcome_part)) or 1.0
    lower = _edge(p_value, estimate, -spread, 1 - confidence)
    upper = _edge(p_value, estimate, spread, 1 - confidence)
    return Randomisation(estimate, p_value(0.0), lower, upper, outcome_part)


def _statistic(
    outcome: FloatArray,
    first: FloatArray,
    years: Sequence[int],
    weight: FloatArray,
    pairs: Sequence[Pair],
    control: Control,
) -> FloatArray:
    """Difference in changes over all pairs, weighted by group size; array (outcomes, reassignments)."""
    total = np.zeros((len(outcome), len(first)))
    weights = np.zeros(len(first))
    for group, position, reference in pairs:
        change = (outcome[..., position] - outcome[..., reference]).T
        treated = first == group
        late = years[max(position, reference)]
        free = first == np.inf if control == "never" else (first > late) & ~treated
        size, other = treated @ weight, free @ weight
        if not (other > 0).all():
            continue
        one = (treated * weight) @ change / size[:, None]
        two = (free * weight) @ change / other[:, None]
        total += size * (one - two).T
        weights += size
    return np.asarray(np.divide(total, weights, out=np.full(total.shape, np.nan), where=weights > 0))


def _reassigned(
    first: FloatArray, stratum: npt.NDArray[np.int64], number: int, generator: np.random.Generator
) -> FloatArray:
    """First years permuted within the strata, array (number, places)."""
    out = np.empty((number, len(first)))
    for each in np.unique(stratum):
        inside = np.flatnonzero(stratum == each)
        out[:, inside] = generator.permuted(np.tile(first[inside], (number, 1)), axis=1)
    return out


def _edge(p_value: Callable[[float], float], start: float, step: float, level: float) -> float:
    """Where the test begins to reject when going from `start` in the direction of `step` (bisection)."""
    inside, outside = start, start + step
    for _ in range(60):
        if p_value(outside) <= level:
            break
        inside, outside = outside, start + 2 * (outside - start)
    else:
        return float(np.copysign(np.inf, step))
    for _ in range(50):
        middle = (inside + outside) / 2
        if p_value(middle) > level:
            inside = middle
        else:
            outside = middle
    return outside

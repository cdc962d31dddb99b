"""Counts of several years put together, and which years two variables share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from zaitaku_demand.benchmark.intervals import FloatArray, divide
from zaitaku_demand.benchmark.overdispersion import pooled
from zaitaku_demand.research.panel import Panel, Series

_ROUNDS = 100
_CLOSE = 1e-10


class Pooled(NamedTuple):
    """One variable over some years put together; arrays (places,), NaN where no year has a figure.

    Attributes
    ----------
    events, size : array
        Independent cases and their exposure on the same scale, at the level of the years together.
    rate : array
        events / size.
    relative : array
        Rate as a ratio to that of all places together (for a figure without counts, to its mean).
    years : tuple of int
    """

    events: FloatArray
    size: FloatArray
    rate: FloatArray
    relative: FloatArray
    years: tuple[int, ...]


def pool(series: Series, years: Sequence[int]) -> Pooled:
    """Put years together: sum of counts over sum of exposures of the years a place has.

    A place whose figure is hidden in one of the years is represented by the others. What all places share in a year must
    not become a difference between a place shown in all years and one shown in the latest only, so the exposures of counts
    are first multiplied by the level of their year (see :func:`year_levels`). Proportions are put together as they are:
    their cases must not exceed their trials.
    """
    chosen = series.in_years(years)
    known = np.isfinite(chosen.events) & np.isfinite(chosen.size)
    some = known.any(axis=1)
    counted = np.where(known, chosen.events, 0.0)
    exposed = np.where(known, chosen.size, 0.0)
    if chosen.kind == "poisson":
        exposed = exposed * year_levels(counted, exposed)
    events = np.where(some, counted.sum(axis=1), np.nan)
    size = np.where(some, exposed.sum(axis=1), np.nan)
    rate = divide(events, size)
    return Pooled(events, size, rate, divide(rate, pooled(events, size)), chosen.years)


def year_levels(events: FloatArray, exposure: FloatArray) -> FloatArray:
    """Level of each year relative to all years, told apart from which places have a figure in it; array (years,).

    Two-way fit ``ln(events / exposure) = place + year`` by weighted least squares with weights ``1 / (s2 + 1 / events)``: what
    a place does differently from the others in a year (variance s2, by moments) is error as much as chance is, so
    that a few large places do not set the level of all. Scaled so that the exposures keep their sum.

    Parameters
    ----------
    events, exposure : arrays (places, years)
        0 in both where there is no figure. Cells without events do not count; years without any keep the level 1.

    References
    ----------
    Yates 1934, J Am Stat Assoc 29:51 (two-way fit with unequal numbers); the moments as in DerSimonian & Laird 1986,
    Control Clin Trials 7:177.
    """
    level = np.ones(events.shape[1])
    used = (events > 0) & (exposure > 0)
    used &= used.sum(axis=1, keepdims=True) > 1
    if bool((exposure > 0).all(axis=1).all()) or not used.any():
        # Where every place has every year, their sum compares like with like already.
        return level
    y = np.where(used, np.log(np.where(used, events, 1.0) / np.where(used, exposure, 1.0)), 0.0)
    chance = np.where(used, 1 / np.where(used, events, 1.0), 0.0)
    places, years = int(used.any(axis=1).sum()), int(used.any(axis=0).sum())
    free = int(used.sum()) - places - years + 1
    own = 0.0
    effect = np.zeros(events.shape[1])
    for _ in range(_ROUNDS):
        weight = np.where(used, 1 / (own + np.where(used, chance, 1.0)), 0.0)
        effect, residual = _two_way(y, weight)
        square = weight * weight
        beyond = residual**2 * used.sum() / max(free, 1) - chance
        moved = max(float((square * beyond).sum() / square.sum()), 0.0) if free > 0 else 0.0
        near = abs(moved - own) <= _CLOSE
        own = moved
        if near:
            break
    level = np.where(used.any(axis=0), np.exp(effect), 1.0)
    return np.asarray(level * exposure.sum() / (exposure.sum(axis=0) @ level), np.float64)


def _two_way(y: FloatArray, weight: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Effects of the columns, with mean 0, and residuals of a weighted fit of rows and columns."""
    total = weight.sum(axis=1)
    share = divide(weight, total[:, None])
    share = np.where(np.isnan(share), 0.0, share)
    centred = y - (share * y).sum(axis=1, keepdims=True)
    equations = np.diag(weight.sum(axis=0)) - weight.T @ share
    effect = np.linalg.lstsq(equations, (weight * centred).sum(axis=0), rcond=1e-10)[0]
    residual = centred - effect + (share * effect).sum(axis=1, keepdims=True)
    return effect, np.where(weight > 0, residual, 0.0)


def latest_years(series: Series, number: int) -> tuple[int, ...]:
    """The latest years that have a figure."""
    return series.years[-number:]


def common_years(first: Series, second: Series, number: int) -> tuple[int, ...]:
    """The latest years in which both have a figure; a figure known in one year only stands for all."""
    if second.kind == "normal" and len(second.years) == 1:
        return latest_years(first, number)
    shared = [year for year in first.years if year in second.years]
    return tuple(shared[-number:])


def pooled_pair(one: Series, other: Series, number: int) -> tuple[Pooled, Pooled, tuple[int, ...], bool]:
    """Both over the latest common years, or each over its own latest if there is none; the years; whether they differ."""
    years = common_years(one, other, number)
    first = pool(one, years or latest_years(one, number))
    second = pool(other, years or latest_years(other, number))
    return first, second, tuple(sorted({*first.years, *second.years})), not years


def same_counts(panel: Panel, first: str, second: str) -> bool:
    """Whether two variables have a measure of their numerators in common."""
    parts = [set(str(panel.variables.loc[name, "numerator"]).split("+")) - {""} for name in (first, second)]
    return bool(parts[0] & parts[1])


def same_denominator(panel: Panel, first: str, second: str) -> bool:
    """Whether two variables are divided by the same measure, so that its errors are in both."""
    one, other = (str(panel.variables.loc[name, "denominator"]) for name in (first, second))
    return one == other and one not in ("", "nan")

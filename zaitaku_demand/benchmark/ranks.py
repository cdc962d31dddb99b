"""Ranks and how little they often say: interval of the rank and probability of the best and worst fifth.

A rank is a statement about all units at once, so its uncertainty is found by simulation: every unit is drawn from
its own distribution, all are ranked, many times. Units are the last axis; sets of units are ranked independently
of each other and all at once.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray, divide, tail

Better = Literal["more", "less", "neutral"]
DRAWS = 1000
FIFTH = 0.2
_CELLS_AT_ONCE = 4_000_000
"""Drawn cells held in memory at once."""


class Ranks(NamedTuple):
    """Ranks of units; arrays (..., units), NaN for units without a value.

    Attributes
    ----------
    rank : array
        1 = best; equal values share the better rank.
    lower, upper : array
        Interval of the rank at `confidence`.
    best, worst : array
        Probability of being in the best or the worst fifth.
    """

    rank: FloatArray
    lower: FloatArray
    upper: FloatArray
    best: FloatArray
    worst: FloatArray


def rank_intervals(
    values: npt.ArrayLike,
    means: npt.ArrayLike,
    standard_errors: npt.ArrayLike,
    *,
    better: Better = "more",
    draws: int = DRAWS,
    seed: int = 0,
    confidence: float = 0.95,
    share: float = FIFTH,
) -> Ranks:
    """Ranks with their uncertainty.

    Parameters
    ----------
    values : array (..., units)
        What the rank itself is taken from (the raw or the shrunken figure).
    means, standard_errors : arrays (..., units)
        Normal distribution of each unit's true figure on any scale that keeps the order; for gamma
        distributions see :func:`cube_root_normal`.
    better : {"more", "less", "neutral"}
        Which end is rank 1; neutral: the largest.
    draws, seed : int
        The same seed gives the same ranks.
    confidence : float
    share : float
        What counts as best and worst; 0.2 for fifths. The number of units in it is rounded up.

    References
    ----------
    Goldstein & Spiegelhalter 1996, J R Stat Soc A 159:385.
    """
    figures, centres, errors = np.broadcast_arrays(
        *(np.asarray(part, np.float64) for part in (values, means, standard_errors))
    )
    shape = figures.shape
    known = ~(np.isnan(figures) | np.isnan(centres) | np.isnan(errors))
    sign = 1.0 if better == "less" else -1.0
    counts = _rank_counts(
        np.where(known, sign * centres, np.nan).reshape(-1, shape[-1]),
        np.where(known, errors, np.nan).reshape(-1, shape[-1]),
        draws,
        seed,
    )
    cumulated = (counts.cumsum(axis=-1) / draws).reshape(*shape, shape[-1])
    units = known.sum(axis=-1, keepdims=True)
    size = np.ceil(share * units)
    p = tail(confidence)
    # A hair below, since a sum of draws over their number is not exact.
    lower = (cumulated < p * (1 - 1e-9)).sum(axis=-1) + 1.0
    upper = (cumulated < (1 - p) * (1 - 1e-9)).sum(axis=-1) + 1.0
    best = _up_to(cumulated, size)
    worst = 1.0 - _up_to(cumulated, units - size)
    rank = point_ranks(np.where(known, figures, np.nan), better=better)
    return Ranks(rank, *(np.where(known, part, np.nan) for part in (lower, upper, best, worst)))


def cube_root_normal(shape: npt.ArrayLike, rate: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Normal distribution of the cube root of a gamma variable: its mean and standard error.

    ``(a/b)^(1/3) (1 - 1/(9 a))`` and ``(a/b)^(1/3) / (3 sqrt a)``. The cube root keeps the order, so ranks are
    those of the gamma variables.

    References
    ----------
    Wilson & Hilferty 1931, Proc Natl Acad Sci 17:684.
    """
    a = np.asarray(shape, np.float64)
    root = np.cbrt(divide(a, rate))
    return root * (1 - divide(1.0, 9 * a)), root * divide(1.0, 3 * np.sqrt(a))


def point_ranks(values: npt.ArrayLike, *, better: Better = "more") -> FloatArray:
    """Rank of each value in the last axis, 1 = best; equal values share the better rank, NaN have none."""
    sign = 1.0 if better == "less" else -1.0
    figures = sign * np.asarray(values, np.float64)
    order = figures.argsort(axis=-1, kind="stable")
    ordered = np.take_along_axis(figures, order, axis=-1)
    place = np.broadcast_to(np.arange(1.0, figures.shape[-1] + 1), figures.shape)
    new = np.concatenate(
        [np.ones_like(ordered[..., :1], dtype=bool), ordered[..., 1:] != ordered[..., :-1]], axis=-1
    )
    first = np.maximum.accumulate(np.where(new, place, 1.0), axis=-1)
    ranks = np.empty_like(figures)
    np.put_along_axis(ranks, order, first, axis=-1)
    return np.where(np.isnan(figures), np.nan, ranks)


def _rank_counts(centres: FloatArray, errors: FloatArray, draws: int, seed: int) -> npt.NDArray[np.int64]:
    """How often each unit took each rank (smallest first); array (sets, units, ranks).

    Sorting numbers is several times faster than finding the order that sorts them, so each unit's number
    is written into the last bits of its draws and read back after sorting.
    """
    sets, units = centres.shape
    bits = max(int(units - 1).bit_length(), 1)
    mask = np.int64((1 << bits) - 1)
    generator = np.random.default_rng(seed)
    # Equal values without error are ordered by chance, not by their place in the table.
    finite = np.abs(np.where(np.isnan(centres), 0.0, centres))
    smallest = 1e-6 * np.maximum(finite.max(axis=-1, keepdims=True, initial=0.0), 1e-100)
    spread = np.maximum(np.where(np.isnan(errors), 0.0, errors), smallest)[:, None, :]
    middle = np.where(np.isnan(centres), 1e300, centres)[:, None, :]
    number = np.arange(units, dtype=np.int64)
    counts = np.zeros((sets, units, units), np.int64)
    step = max(_CELLS_AT_ONCE // max(draws * units, 1), 1)
    for start in range(0, sets, step):
        part = slice(start, min(start + step, sets))
        here = part.stop - start
        drawn = (
            generator.standard_normal((here, draws, units), dtype=np.float32) * spread[part] + middle[part]
        )
        keyed = drawn.view(np.int64)
        keyed &= ~mask
        keyed |= number
        drawn.sort(axis=-1)
        who = keyed & mask
        place = (np.arange(here)[:, None, None] * units + who) * units + number
        counts[part] = np.bincount(place.ravel(), minlength=here * units * units).reshape(here, units, units)
    return counts


def _up_to(cumulated: FloatArray, rank: FloatArray) -> FloatArray:
    """Probability of the given rank or a better one."""
    place = np.clip(rank.astype(np.intp) - 1, 0, cumulated.shape[-1] - 1)
    index = np.broadcast_to(place[..., None], (*cumulated.shape[:-1], 1))
    found = np.take_along_axis(cumulated, index, axis=-1)[..., 0]
    return np.asarray(np.where(rank > 0, found, 0.0))

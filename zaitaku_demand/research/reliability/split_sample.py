"""Split-sample reliability: the cases of every unit are halved at random, and the halves compared.

A count is all that is known of the cases, so a random half of them is drawn exactly: of x events among n trials a half of
the trials holds a hypergeometric number, of x Poisson events a half of the exposure holds a binomial number.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray, divide
from zaitaku_demand.research.reliability.likelihood import CountKind


def split_halves(
    kind: CountKind,
    events: npt.ArrayLike,
    size: npt.ArrayLike,
    splits: int,
    generator: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Rates of both halves of every unit, arrays (splits, units).

    Parameters
    ----------
    kind : {"binomial", "poisson"}
    events, size : arrays (units,)
        Fractions are rounded to whole cases. NaN, and units with fewer than two trials, are NaN.
    splits : int
    generator : numpy Generator
    """
    x, n = (np.asarray(part, np.float64) for part in (events, size))
    known = ~(np.isnan(x) | np.isnan(n))
    if kind == "binomial":
        known &= np.rint(n) >= 2
        trials = np.where(known, np.rint(n), 2).astype(np.int64)
        happened = np.minimum(np.where(known, np.rint(x), 0).astype(np.int64), trials)
        half = trials // 2
        first = generator.hypergeometric(happened, trials - happened, half, size=(splits, len(x)))
        parts = divide(first, half), divide(happened - first, trials - half)
    else:
        known &= n > 0
        happened = np.where(known, np.rint(x), 0).astype(np.int64)
        first = generator.binomial(happened, 0.5, size=(splits, len(x)))
        parts = divide(first, n / 2), divide(happened - first, n / 2)
    return np.where(known, parts[0], np.nan), np.where(known, parts[1], np.nan)


def split_sample_reliability(first: npt.ArrayLike, second: npt.ArrayLike) -> FloatArray:
    """Spearman-Brown of the one-way ICC between two halves, over the last axis (units); not below 0.

    ``icc = (MSB - MSW) / (MSB + MSW)``, reliability of the whole ``2 icc / (1 + icc)``. Averaged over many random
    splits it is the permutation split-sample reliability.

    Parameters
    ----------
    first, second : arrays (..., units)

    References
    ----------
    Nieser & Harris 2024, Stat Med 43:4575 (SSR, PSSR); Spearman 1910 and Brown 1910, Br J Psychol 3:271 and 296.
    """
    a, b = np.broadcast_arrays(np.asarray(first, np.float64), np.asarray(second, np.float64))
    known = ~(np.isnan(a) | np.isnan(b))
    units = known.sum(axis=-1)
    centre = np.where(known, (a + b) / 2, 0.0)
    mean = divide(centre.sum(axis=-1), units)
    between = divide(2 * np.where(known, (centre - mean[..., None]) ** 2, 0.0).sum(axis=-1), units - 1)
    within = divide(np.where(known, (a - b) ** 2 / 2, 0.0).sum(axis=-1), units)
    icc = divide(between - within, between + within)
    return np.maximum(spearman_brown(icc, 2.0), 0.0)


def spearman_brown(reliability: npt.ArrayLike, factor: npt.ArrayLike) -> FloatArray:
    """Reliability of a measurement `factor` times as long, ``f r / (1 + (f - 1) r)``."""
    r, f = np.asarray(reliability, np.float64), np.asarray(factor, np.float64)
    return divide(f * r, 1 + (f - 1) * r)

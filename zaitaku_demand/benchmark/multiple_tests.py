"""Tests that are read together: with 47 or 335 units some lie outside 95 % limits by chance alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.benchmark.intervals import FloatArray


def benjamini_hochberg(p_values: npt.ArrayLike) -> FloatArray:
    """Adjusted p-values: those below q hold a share of false findings of at most q.

    ``p_(i) -> min over j >= i of p_(j) n / j`` over the last axis, NaN left out.

    Parameters
    ----------
    p_values : array (..., tests)

    References
    ----------
    Benjamini & Hochberg 1995, J R Stat Soc B 57:289.
    """
    p = np.asarray(p_values, np.float64)
    order = p.argsort(axis=-1)
    tests = (~np.isnan(p)).sum(axis=-1, keepdims=True)
    position = np.arange(1, p.shape[-1] + 1)
    scaled = np.take_along_axis(p, order, axis=-1) * tests / position
    from_the_top = np.flip(np.fmin.accumulate(np.flip(scaled, axis=-1), axis=-1), axis=-1)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(from_the_top, 1.0), axis=-1)
    return np.where(np.isnan(p), np.nan, adjusted)


def normal_p_value(z: npt.ArrayLike) -> FloatArray:
    """Two-sided probability of so large a standard normal z by chance."""
    return np.asarray(2 * special.ndtr(-np.abs(np.asarray(z, np.float64))))


def poisson_p_value(observed: npt.ArrayLike, expected: npt.ArrayLike) -> FloatArray:
    """Two-sided exact probability of a count, twice the smaller tail (at most 1).

    It is below 0.05 just where the exact 95 % limits leave out the expected number. Counts may be fractions.
    """
    x, e = np.broadcast_arrays(np.asarray(observed, np.float64), np.asarray(expected, np.float64))
    known = (x >= 0) & (e > 0)
    count, mean = np.where(known, x, 1.0), np.where(known, e, 1.0)
    at_most = special.gammaincc(count + 1, mean)
    at_least = np.where(count > 0, special.gammainc(np.where(count > 0, count, 1.0), mean), 1.0)
    return np.where(known, np.minimum(2 * np.minimum(at_most, at_least), 1.0), np.nan)

"""Covariance of nested random intercepts: inverse, determinant and traces as sums over groups.

``V = diag(v + s_0) + sum_k s_k Z_k Z_k'`` with groups nested in one another is inverted level by level (Woodbury), in
time proportional to the rows. Leading axes of the arrays are carried through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.research.panel import FloatArray


class Grouping(NamedTuple):
    """A grouping of sorted rows: number of the group by row, first row of each group."""

    codes: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]

    def sums(self, values: FloatArray, axis: int) -> FloatArray:
        """Sum over the rows of each group along `axis`."""
        return np.asarray(np.add.reduceat(values, self.starts, axis=axis))


def ordered(groupings: Sequence[npt.ArrayLike], count: int) -> tuple[npt.NDArray[np.intp], list[Grouping]]:
    """Order in which the rows of every group lie together, and the groupings of the rows in that order.

    Parameters
    ----------
    groupings : sequence of arrays (rows,)
        Codes, fine to coarse, each nested in the next.
    count : int
        Rows.
    """
    arrays = [np.asarray(codes) for codes in groupings]
    order = np.lexsort(arrays) if arrays else np.arange(count)
    nested = []
    for codes in arrays:
        change = np.diff(codes[order], prepend=codes[order][0]) != 0
        nested.append(Grouping(np.cumsum(change), np.flatnonzero(np.r_[True, change[1:]])))
    return np.asarray(order), nested


def unordered(values: FloatArray, order: npt.NDArray[np.intp]) -> FloatArray:
    """Values of ordered rows (last axis) put back where the rows were."""
    out = np.empty_like(values)
    out[..., order] = values
    return out


def inverse_times(
    values: FloatArray, weight: FloatArray, nested: Sequence[Grouping], variances: FloatArray
) -> FloatArray:
    """``V^-1 M``.

    Parameters
    ----------
    values : array (..., rows, columns)
        M, rows in the order of the groupings.
    weight : array (..., rows)
        One over the variance of a single row.
    nested : sequence of Grouping
    variances : array (..., 1 + groupings)
        Between rows (already in `weight`), then of each grouping.
    """
    out, ones = weight[..., None] * values, weight
    for level, grouping in enumerate(nested, start=1):
        total = grouping.sums(ones, -1)
        factor = variances[..., level, None] / (1 + variances[..., level, None] * total)
        shared = factor[..., None] * grouping.sums(out, -2)
        out = out - shared[..., grouping.codes, :] * ones[..., None]
        ones = ones * (1 - factor * total)[..., grouping.codes]
    return out


def determinant_and_traces(
    weight: FloatArray, nested: Sequence[Grouping], variances: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """``log det V`` and the trace of ``V^-1 Z_k Z_k'`` of every level; arrays (...), (..., 1 + groupings)."""
    ones, logarithm = weight, -np.log(weight).sum(axis=-1)
    # By level the sums of 1_g' V^-1 1_g over its groups, rows being the groups of the first.
    traces = [weight.sum(axis=-1)]
    for level, grouping in enumerate(nested, start=1):
        total = grouping.sums(ones, -1)
        factor = variances[..., level, None] / (1 + variances[..., level, None] * total)
        logarithm = logarithm + np.log1p(variances[..., level, None] * total).sum(axis=-1)
        traces[0] = traces[0] - (factor * grouping.sums(ones**2, -1)).sum(axis=-1)
        for finer in range(1, level):
            parts = nested[finer - 1].sums(ones, -1) ** 2
            of_parts = factor[..., grouping.codes[nested[finer - 1].starts]]
            traces[finer] = traces[finer] - (of_parts * parts).sum(axis=-1)
        traces.append((total - factor * total**2).sum(axis=-1))
        ones = ones * (1 - factor * total)[..., grouping.codes]
    return logarithm, np.stack(traces, axis=-1)

"""What published cells reveal of hidden ones: the narrowest interval of every hidden count.

The audit knows what an attacker knows: the shown cells, which sums hold, and that no count is negative.

Reference: Hundepool et al. (2012), Statistical Disclosure Control, chapter 4 (audit by linear programming).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

ROUNDING_ERROR = 1e-6
"""Counts: closer bounds than that are the same."""


@dataclass(frozen=True)
class Sum:
    """One sum that everybody knows to hold: cell `total` = sum of the cells `parts` (positions in the table)."""

    total: int
    parts: tuple[int, ...]


def hidden_intervals(
    counts: FloatArray, hidden: BoolArray, sums: Sequence[Sum]
) -> tuple[FloatArray, FloatArray]:
    """Narrowest interval of every cell that the shown cells, the sums and counts >= 0 allow.

    Parameters
    ----------
    counts : array (cells,)
        Only the shown cells are looked at.
    hidden : array (cells,) of bool
    sums : sequence of Sum

    Returns
    -------
    lower, upper : arrays (cells,)
        Shown cells: their count twice. `upper` is inf where nothing bounds a cell. Where the hidden cells form a
        forest (no cycle through the sums), bounds are propagated, which is exact there; else each bound is the
        optimum of a linear programme.
    """
    lower = np.where(hidden, 0.0, counts)
    upper = np.where(hidden, np.inf, counts)
    active = [one for one in sums if hidden[[one.total, *one.parts]].any()]
    if not active:
        return lower, upper
    if _is_forest(hidden, active):
        return _propagated(lower, upper, active)
    return _optimised(counts, hidden, active)


def audit(
    counts: FloatArray, hidden: BoolArray, sums: Sequence[Sum], protection_width: float = 9
) -> BoolArray:
    """Hidden cells that what is published narrows below the protection width (none in a table made here)."""
    lower, upper = hidden_intervals(counts, hidden, sums)
    return np.asarray(hidden & (upper - lower < protection_width - ROUNDING_ERROR))


def _is_forest(hidden: BoolArray, sums: Sequence[Sum]) -> bool:
    """Whether hidden cells and the sums they stand in form no cycle."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    cells, rows = [], []
    for row, one in enumerate(sums):
        inside = [cell for cell in (one.total, *one.parts) if hidden[cell]]
        cells += inside
        rows += [row] * len(inside)
    names, place = np.unique(cells, return_inverse=True)
    nodes = names.size + len(sums)
    graph = coo_array((np.ones(len(cells)), (place, names.size + np.array(rows))), shape=(nodes, nodes))
    trees, _ = connected_components(graph, directed=False)
    return len(cells) == nodes - int(trees)


def _propagated(lower: FloatArray, upper: FloatArray, sums: Sequence[Sum]) -> tuple[FloatArray, FloatArray]:
    """Bounds by repeated subtraction within each sum, until nothing narrows any more."""
    lower, upper = lower.copy(), upper.copy()
    changed = True
    while changed:
        changed = False
        for one in sums:
            cells = np.array([*one.parts, one.total])
            sign = np.append(np.ones(len(one.parts)), -1.0)
            least = np.where(sign > 0, lower[cells], -upper[cells])
            most = np.where(sign > 0, upper[cells], -lower[cells])
            # sum of signed cells is 0: each is minus the sum of the others.
            new_most, new_least = -_sum_of_others(least), -_sum_of_others(most)
            tighter_least, tighter_most = np.maximum(least, new_least), np.minimum(most, new_most)
            low = np.where(sign > 0, tighter_least, -tighter_most)
            high = np.where(sign > 0, tighter_most, -tighter_least)
            if (low > lower[cells] + ROUNDING_ERROR).any() or (high < upper[cells] - ROUNDING_ERROR).any():
                lower[cells], upper[cells] = low, np.maximum(high, low)
                changed = True
    return lower, upper


def _sum_of_others(x: FloatArray) -> FloatArray:
    """Sum of all other elements, with infinite elements handled."""
    finite = np.isfinite(x)
    infinite = int((~finite).sum())
    total = x[finite].sum()
    if infinite == 0:
        return np.asarray(total - x)
    sign = x[~finite][0]
    return np.asarray(np.where(~finite & (infinite == 1), total, sign))


def _optimised(counts: FloatArray, hidden: BoolArray, sums: Sequence[Sum]) -> tuple[FloatArray, FloatArray]:
    """Bounds of every hidden cell by linear programming (two programmes a cell)."""
    from scipy.optimize import linprog
    from scipy.sparse import lil_array

    cells = np.flatnonzero(hidden)
    place = {int(cell): i for i, cell in enumerate(cells)}
    matrix = lil_array((len(sums), cells.size))
    right = np.zeros(len(sums))
    for row, one in enumerate(sums):
        for cell, sign in [*((part, 1.0) for part in one.parts), (one.total, -1.0)]:
            if cell in place:
                matrix[row, place[cell]] += sign
            else:
                right[row] -= sign * counts[cell]
    lower = np.where(hidden, 0.0, counts)
    upper = np.where(hidden, np.inf, counts)
    for cell, i in place.items():
        for sign, bounds in ((1.0, lower), (-1.0, upper)):
            goal = np.zeros(cells.size)
            goal[i] = sign
            solved = linprog(goal, A_eq=matrix.tocsr(), b_eq=right, bounds=(0, None), method="highs")
            if solved.status == 0:
                bounds[cell] = sign * solved.fun
    return lower, upper

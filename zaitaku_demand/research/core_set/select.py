"""Which candidates, given their values, the cells to be covered and the groups of which one is enough.

An integer programme, solved exactly. In falling order of weight: every cell that has a candidate is covered; no two
of a group; at least the smallest size; the largest sum of (value - least value). The size is never above the largest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.errors import InputError
from zaitaku_demand.research.core_set.redundancy import IntArray
from zaitaku_demand.text import Text

BoolArray = npt.NDArray[np.bool_]
_REDUNDANT, _TOO_FEW = 1000.0, 10.0
"""Price of a second member of a group, and of each member short of the smallest size; values lie between 0 and 1."""
_TOGETHER = 50
"""Problems solved in one linear programme."""
_WHOLE = 1e-6


class Demands(NamedTuple):
    """What a set must look like.

    Attributes
    ----------
    cells : array (candidates,) of int
        Cell (function and type) of each candidate, -1 for none that must be covered.
    groups : sequence of arrays of int
        Candidates of which at most one is to be chosen.
    minimum, maximum : int
        Members.
    least_value : float
        Value above which a candidate is taken beyond the minimum.
    """

    cells: IntArray
    groups: Sequence[IntArray]
    minimum: int
    maximum: int
    least_value: float


def best_sets(values: npt.ArrayLike, demands: Demands) -> BoolArray:
    """The best set for each row of values, array (draws, candidates).

    Parameters
    ----------
    values : array (draws, candidates)
        0 to 1; NaN for a candidate that cannot be chosen (its cell then need not be covered by it).
    demands : Demands

    Raises
    ------
    InputError
        If more cells must be covered than the set may have members.

    Notes
    -----
    The linear relaxation of many draws is solved at once; where its solution is not whole, that draw is solved as
    an integer programme (HiGHS, through scipy). Candidates that lose to another of the same cell and groups are
    left out beforehand. Of equal values the earlier candidate is taken.
    """
    given = np.atleast_2d(np.asarray(values, np.float64))
    needed = _needed_cells(given, demands)
    if len(needed) > demands.maximum:
        raise InputError(
            Text(
                f"指標のある機能と種類の組が{len(needed)}あり、指標群の上限{demands.maximum}を超える",
                f"{len(needed)} cells of function and type have candidates, more than the {demands.maximum} members allowed",
            ),
            Text("指標群の上限（maximum_size）を大きくしてください", "allow more members (maximum_size)"),
        )
    count = given.shape[1]
    # A difference far below any that matters, so that equal values are not decided by the solver's path.
    gain = given - demands.least_value - 1e-9 * np.arange(count)
    possible = ~np.isnan(given) & ~_beaten(gain, demands)
    matrix, lower, upper, price = _programme(count, needed, demands)
    chosen = np.zeros(given.shape, dtype=bool)
    for start in range(0, len(given), _TOGETHER):
        rows = slice(start, start + _TOGETHER)
        found = _relaxed(gain[rows], possible[rows], matrix, lower, upper, price)
        whole = (np.abs(found - np.round(found)) < _WHOLE).all(axis=1)
        for row in np.flatnonzero(~whole):
            found[row] = _whole(gain[rows][row], possible[rows][row], matrix, lower, upper, price)
        chosen[rows] = found > 0.5
    return chosen


def _needed_cells(values: FloatArray, demands: Demands) -> IntArray:
    known = ~np.isnan(values).all(axis=0)
    return np.asarray(np.unique(demands.cells[known & (demands.cells >= 0)]), dtype=np.intp)


def _beaten(gain: FloatArray, demands: Demands) -> BoolArray:
    """Candidates that a better one of the same cell can take the place of in every set, array (draws, candidates)."""
    count = gain.shape[1]
    member = np.zeros((len(demands.groups), count), dtype=bool)
    for number, group in enumerate(demands.groups):
        member[number, group] = True
    together = (member[:, :, None] & member[:, None, :]).any(axis=0)
    # i stands in no group in which j does not.
    inside = ~(member[:, :, None] & ~member[:, None, :]).any(axis=0)
    able = together & inside & (demands.cells[:, None] == demands.cells[None, :]) & ~np.eye(count, dtype=bool)
    beaten = np.zeros(gain.shape, dtype=bool)
    for better, worse in zip(*np.nonzero(able), strict=True):
        beaten[:, worse] |= gain[:, better] > gain[:, worse]
    return beaten


def _programme(
    count: int, needed: IntArray, demands: Demands
) -> tuple[sparse.csr_array, FloatArray, FloatArray, FloatArray]:
    """Rows ``lower <= A [x, second members, shortfall] <= upper`` and the prices of the last two."""
    extra = len(demands.groups) + 1
    rows: list[FloatArray] = []
    lower: list[float] = []
    upper: list[float] = []

    def add(
        members: IntArray, least: float, most: float, help_column: int | None = None, sign: float = 0.0
    ) -> None:
        row = np.zeros(count + extra)
        row[members] = 1.0
        if help_column is not None:
            row[count + help_column] = sign
        rows.append(row)
        lower.append(least)
        upper.append(most)

    for cell in needed:
        add(np.flatnonzero(demands.cells == cell), 1.0, np.inf)
    for number, group in enumerate(demands.groups):
        add(group, -np.inf, 1.0, number, -1.0)
    everyone = np.arange(count)
    add(everyone, -np.inf, demands.maximum)
    add(everyone, demands.minimum, np.inf, extra - 1, 1.0)
    price = np.append(np.full(extra - 1, _REDUNDANT), _TOO_FEW)
    return sparse.csr_array(np.array(rows)), np.array(lower), np.array(upper), price


def _relaxed(
    gain: FloatArray,
    possible: BoolArray,
    matrix: sparse.csr_array,
    lower: FloatArray,
    upper: FloatArray,
    price: FloatArray,
) -> FloatArray:
    draws, count = gain.shape
    cost = np.hstack([-np.nan_to_num(gain), np.tile(price, (draws, 1))]).ravel()
    most = np.hstack([possible.astype(float), np.full((draws, len(price)), np.inf)]).ravel()
    least = np.isfinite(lower)
    below = sparse.vstack([matrix[~least], -matrix[least]])
    limit = np.append(upper[~least], -lower[least])
    found = optimize.linprog(
        cost,
        A_ub=sparse.kron(sparse.eye_array(draws), below, format="csr"),
        b_ub=np.tile(limit, draws),
        bounds=np.column_stack([np.zeros_like(most), most]),
        method="highs-ds",
    )
    return np.asarray(found.x.reshape(draws, -1)[:, :count])


def _whole(
    gain: FloatArray,
    possible: BoolArray,
    matrix: sparse.csr_array,
    lower: FloatArray,
    upper: FloatArray,
    price: FloatArray,
) -> FloatArray:
    count = len(gain)
    found = optimize.milp(
        np.append(-np.nan_to_num(gain), price),
        integrality=np.append(np.ones(count), np.zeros(len(price))),
        bounds=optimize.Bounds(0, np.append(possible.astype(float), np.full(len(price), np.inf))),
        constraints=optimize.LinearConstraint(matrix, lower, upper),
        options={"mip_rel_gap": 0.0},
    )
    return np.asarray(found.x[:count])

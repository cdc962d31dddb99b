"""Sums of suppressed counts: three states of a cell and the bounds of what is hidden.

A cell of the NDB Open Data is *observed* (a number), *suppressed* ("-" or blank: a number the
publisher hides) or *missing* (the item or place is not in the table at all). A suppressed cell is
never zero and never dropped: it is carried as an interval.

What a "-" can hold was read off the rounds 1-9 themselves (see ``docs/suppression.md``):

* it hides a count below 10. Rounds 1-8 print no zero, so there it may also stand for 0; round 9
  prints 0 and "-" starts at 1 (area tables excepted);
* where one cell alone of a row would be hidden, a second rule hides more, so that it cannot be
  had by subtraction: rounds 1-4 then hide the whole row, rounds 5-9 hide the smallest other
  count of 10 or more (all of them if several are equal). Such a cell can exceed 9, but not
  the smallest count still shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LARGEST_HIDDEN = 9.0


@dataclass(frozen=True)
class Bounded:
    """Counts with what suppression leaves open; all arrays have one shape.

    Attributes
    ----------
    value : array
        Best single figure: the shown count, plus the hidden rest of the row divided equally among
        its suppressed cells (an estimate wherever `suppressed` is not 0).
    lower, upper : array
        Bounds that hold for certain; `upper` is inf where nothing bounds the cell.
    suppressed : array of int
        Number of suppressed cells inside the figure.
    """

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    suppressed: npt.NDArray[np.int64]

    def sum(self, axis: int) -> Bounded:
        """Sum along `axis`; bounds and numbers of suppressed cells add up."""
        return Bounded(
            self.value.sum(axis=axis),
            self.lower.sum(axis=axis),
            self.upper.sum(axis=axis),
            self.suppressed.sum(axis=axis),
        )


def hidden_row_bounds(
    values: FloatArray, suppressed: BoolArray, floors: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Bounds of the sum of the suppressed cells of each row, without using the row's total.

    Parameters
    ----------
    values : array (rows, cells)
        Counts, NaN where suppressed.
    suppressed : array (rows, cells) of bool
    floors : array (rows,)
        Smallest count that a "-" of the row can stand for (0 or 1).

    Returns
    -------
    lower, upper : arrays (rows,)
        ``upper = max(9 n, 9 + (n - 1) m)`` with n suppressed cells and m the smallest count of 10
        or more that is shown (inf if none is).
    """
    count = suppressed.sum(axis=1).astype(np.float64)
    largest = _largest_hidden(values, suppressed)
    upper = np.where(count > 1, LARGEST_HIDDEN + np.maximum(count - 1, 0) * largest, LARGEST_HIDDEN * count)
    upper = np.where(count == 0, 0.0, upper)
    return floors * count, upper


def bound_rows(values: FloatArray, suppressed: BoolArray, totals: FloatArray, floors: FloatArray) -> Bounded:
    """Bounds and best figure of every cell of an additive table (rows add up to `totals`).

    Parameters
    ----------
    values : array (rows, cells)
        Counts, NaN where suppressed.
    suppressed : array (rows, cells) of bool
    totals : array (rows,)
        Published totals, NaN where the total itself is suppressed (then it is below 10).
    floors : array (rows,)
        Smallest count that a "-" of the row can stand for (0 or 1).

    Returns
    -------
    Bounded
        Arrays (rows, cells).
    """
    count = suppressed.sum(axis=1).astype(np.float64)[:, None]
    floor = floors[:, None]
    shown = np.where(suppressed, 0.0, values).sum(axis=1)[:, None]
    total_known = ~np.isnan(totals)[:, None]
    hidden_most = np.where(total_known, np.nan_to_num(totals)[:, None], LARGEST_HIDDEN) - shown
    hidden_least = np.where(total_known, np.nan_to_num(totals)[:, None], 0.0) - shown
    hidden_most = np.maximum(hidden_most, 0.0)
    hidden_least = np.maximum(hidden_least, 0.0)
    single = _largest_hidden(values, suppressed)[:, None]
    single = np.where(count > 1, single, LARGEST_HIDDEN)
    upper = np.minimum(single, np.maximum(hidden_most - (count - 1) * floor, 0.0))
    # `single` may be inf: the others can then hold all of the hidden rest and this cell the floor.
    others = np.where(count > 1, single * np.maximum(count - 1, 0), 0.0)
    lower = np.clip(hidden_least - others, np.where(total_known, floor, 0.0), None)
    lower = np.minimum(lower, upper)
    hidden = np.where(total_known, hidden_least, 0.5 * (hidden_most + hidden_least))
    share = np.divide(hidden, count, out=np.zeros_like(hidden), where=count > 0)
    return Bounded(
        np.where(suppressed, np.clip(share, lower, upper), values),
        np.where(suppressed, lower, values),
        np.where(suppressed, upper, values),
        suppressed.astype(np.int64),
    )


def _largest_hidden(values: FloatArray, suppressed: BoolArray) -> FloatArray:
    """Largest count one suppressed cell of the row can hold when others are suppressed with it."""
    open_cells = np.where(suppressed | (values < LARGEST_HIDDEN + 1), np.inf, values)
    smallest_shown = open_cells.min(axis=1, initial=np.inf)
    return np.asarray(np.maximum(smallest_shown, LARGEST_HIDDEN))

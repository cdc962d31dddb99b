"""Checks on the rows and sums of a sheet; each names the row, the cell or every key that fails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.reading import CORRECT_CELL, FETCH_AGAIN, Sheet
from zaitaku_demand.text import Text


def require_unique(sheet: Sheet, rows: Sequence[int], keys: Sequence[Any], column: int | None = None) -> None:
    """InputError at the second row with the same key."""
    seen: dict[Any, int] = {}
    for row, key in zip(rows, keys, strict=True):
        if key in seen:
            shown = "・".join(map(str, key)) if isinstance(key, tuple) else str(key)
            raise sheet.error(
                Text(
                    f"「{shown}」が{seen[key] + 1}行目に続いて2度ある",
                    f"'{shown}' stands a second time (first in row {seen[key] + 1})",
                ),
                Text("重複した行を取り除いてください", "remove the row that is there twice"),
                row,
                column,
            )
        seen[key] = row


def require_grid(sheet: Sheet, present: Iterable[tuple[str, Any]], wanted: Sequence[Any], what: Text) -> None:
    """InputError that names the keys for which not every item of `wanted` is present."""
    have: dict[str, set[Any]] = {}
    for key, item in present:
        have.setdefault(key, set()).add(item)
    gaps = [
        f"{key} ({', '.join(str(item) for item in wanted if item not in items)})"
        for key, items in have.items()
        if not items.issuperset(wanted)
    ]
    if gaps:
        raise sheet.error(
            Text(f"{what.ja}がそろわない：{listed(gaps)}", f"not every {what.en} is there: {listed(gaps)}"),
            FETCH_AGAIN,
        )


def require_equal(
    sheet: Sheet,
    rows: Sequence[int],
    columns: Sequence[int],
    found: npt.NDArray[Any],
    expected: npt.NDArray[Any],
    what: Text,
    tolerance: float = 0,
) -> None:
    """InputError at the first cell where `found` is further than `tolerance` from `expected`.

    Parameters
    ----------
    rows, columns : sequence of int
        Cells of the sheet in which the values of `found` stand.
    found, expected : array (rows, columns)
        Values to compare.
    what : Text
        What should agree, such as "男女の和 / male + female".
    """
    difference = np.abs(np.asarray(found, dtype=np.float64) - expected)
    # NaN compares false with everything, so the test is on what is near enough, not on what is too far.
    bad = np.argwhere(~(difference <= tolerance))
    if len(bad):
        row, column = bad[0]
        left, right = found[row, column], expected[row, column]
        raise sheet.error(
            Text(
                f"{what.ja}が合わない（{_shown(left)}のはずが{_shown(right)}になる）",
                f"{what.en}: the cell says {_shown(left)} but {_shown(right)} follows",
            ),
            FETCH_AGAIN,
            rows[row],
            columns[column],
        )


def require_number(sheet: Sheet, found: int, expected: int, what: Text) -> None:
    """InputError where a complete file has another number of `what`."""
    if found != expected:
        raise sheet.error(
            Text(
                f"{what.ja}が{found:,}あり、{expected:,}と合わない",
                f"there are {found:,} {what.en} instead of {expected:,}",
            ),
            FETCH_AGAIN,
        )


def problems_error(sheet: Sheet, problems: Sequence[str], what: Text, row: int | None = None) -> InputError:
    """One InputError that lists every problem found."""
    return sheet.error(
        Text(f"{what.ja}：{listed(problems, 40)}", f"{what.en}: {listed(problems, 40)}"), CORRECT_CELL, row
    )


def listed(items: Sequence[str], limit: int = 12) -> str:
    """The items in one line; beyond `limit` their number only."""
    rest = len(items) - limit
    return ", ".join(items[:limit]) + (f" … (+{rest})" if rest > 0 else "")


def _shown(value: Any) -> str:
    number = float(value)
    return f"{int(number):,}" if number.is_integer() else f"{number:.10g}"

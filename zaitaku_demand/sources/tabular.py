"""Blocks of cells to arrays and the checks that every loader makes on them.

Numbers are converted in bulk; only where the bulk conversion fails is the block gone through cell by
cell, so that a good file is read fast and a bad one is answered with the very cell.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.reading import (
    CORRECT_CELL,
    FETCH_AGAIN,
    OFFICIAL_LAYOUT,
    Sheet,
    read_csv,
    read_workbook,
    shorten,
    tidy_text,
)
from zaitaku_demand.text import Text

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

NO_END = "9999-12-31"
"""Date that lists of codes give as the end of what is still in force."""

LARGEST_COUNT = 200_000_000
"""No count of persons in Japan exceeds it; a larger one is two cells run together or a wrong unit."""


def read_any(path: Path) -> list[Sheet]:
    """The sheets of a workbook, or the one sheet of a CSV file, by the ending of the file's name."""
    return [read_csv(path)] if path.suffix.lower() in {".csv", ".gz", ".txt"} else read_workbook(path)


def sheet_with(path: Path, headings: Sequence[str]) -> tuple[Sheet, int]:
    """The one sheet that holds a row with all `headings`, and that row.

    Raises
    ------
    InputError
        If no sheet holds such a row, or more than one does.
    """
    sheet, head = _sheet_with(path, headings)
    sheet.require_no_figures_above(head)
    return sheet, head


def _sheet_with(path: Path, headings: Sequence[str]) -> tuple[Sheet, int]:
    sheets = read_any(path)
    found = []
    for sheet in sheets:
        if len(sheets) == 1:
            return sheet, sheet.find_row(headings)
        try:
            found.append((sheet, sheet.find_row(headings)))
        except InputError:
            continue
    if len(found) != 1:
        wanted = "、".join(headings)
        raise InputError(
            Text(
                f"見出し「{wanted}」のあるシートが{len(found)}枚ある（1枚のはず）",
                f"{len(found)} sheets instead of one hold the headings {', '.join(headings)}",
            ),
            OFFICIAL_LAYOUT,
            file=path,
        )
    return found[0]


def read_copy(path: Path, headings: Sequence[str]) -> tuple[Sheet, dict[str, int]]:
    """A CSV file whose first row holds exactly `headings` in any order; also the column of each.

    Raises
    ------
    InputError
        If a heading is missing, stands twice or is unknown, a row has more or fewer cells than the
        first, or there is no row below the first.
    """
    sheet = read_csv(path)
    columns = sheet.columns_named(0, headings)
    require_even_rows(sheet)
    for position, cell in enumerate(sheet.rows[0]):
        if tidy_text(cell) not in columns:
            raise sheet.error(
                Text(
                    f"知らない見出し「{shorten(cell)}」がある",
                    f"there is an unknown heading '{shorten(cell)}'",
                ),
                OFFICIAL_LAYOUT,
                0,
                position,
            )
    if len(sheet.rows) < 2:
        raise sheet.error(
            Text("見出しの下にデータがない", "there is no data below the headings"), FETCH_AGAIN
        )
    return sheet, columns


def require_even_rows(sheet: Sheet, first: int = 0) -> None:
    """InputError at the first row of a CSV sheet that has more or fewer cells than row `first`."""
    width = len(sheet.rows[first])
    for row in range(first, len(sheet.rows)):
        cells = len(sheet.rows[row])
        if cells != width:
            raise sheet.error(
                Text(
                    f"セルが{cells}個あり、見出しの{width}個と合わない",
                    f"there are {cells} cells under {width} headings",
                ),
                FETCH_AGAIN,
                row,
            )


def blank_row(sheet: Sheet, row: int) -> bool:
    """Whether no cell of the row holds anything."""
    return not any(tidy_text(cell) for cell in sheet.rows[row])


def data_rows(sheet: Sheet, first: int) -> range:
    """Rows from `first` to the last that is not blank; InputError if there is none."""
    last = len(sheet.rows)
    while last > first and blank_row(sheet, last - 1):
        last -= 1
    if last <= first:
        raise sheet.error(
            Text("見出しの下にデータがない", "there is no data below the headings"), FETCH_AGAIN
        )
    return range(first, last)


def counts(sheet: Sheet, rows: Sequence[int], columns: Sequence[int]) -> IntArray:
    """Whole numbers that are not negative, as an array (rows, columns).

    Raises
    ------
    InputError
        At the first cell that is blank, text, negative, a fraction, or larger than any population.
    """
    block = _block(sheet, rows, columns)
    values = _bulk_counts(block)
    if values is None or (values.size and int(values.max()) > LARGEST_COUNT):
        values = np.array(
            [[_count(sheet, row, column) for column in columns] for row in rows], dtype=np.int64
        )
    return values.reshape(len(rows), len(columns))


def numbers(
    sheet: Sheet, rows: Sequence[int], columns: Sequence[int], *, largest: float | None = None
) -> FloatArray:
    """Finite numbers from 0 to `largest` (`LARGEST_COUNT` unless given), as an array (rows, columns).

    Raises
    ------
    InputError
        At the first other cell.
    """
    values = np.array([[sheet.number(row, column) for column in columns] for row in rows], dtype=np.float64)
    values = values.reshape(len(rows), len(columns))
    limit = LARGEST_COUNT if largest is None else largest
    if (values > limit).any():
        row, column = np.argwhere(values > limit)[0]
        raise sheet.error(
            Text(
                f"上限{limit:g}を超える値「{values[row, column]:g}」がある",
                f"{values[row, column]:g} is more than {limit:g}",
            ),
            CORRECT_CELL,
            rows[row],
            columns[column],
        )
    return values


def counts_or_blank(
    sheet: Sheet, row: int, columns: Sequence[int], blanks: Iterable[str]
) -> list[int | None]:
    """Whole numbers of one row; None where the cell is one of the marks `blanks` for a value withheld."""
    marks = set(blanks)
    return [None if sheet.text(row, column) in marks else _count(sheet, row, column) for column in columns]


def texts(sheet: Sheet, rows: Iterable[int], column: int) -> list[str]:
    """The cells of one column as tidy text."""
    return [sheet.text(row, column) for row in rows]


def require_text(sheet: Sheet, rows: Iterable[int], column: int, allowed: Iterable[str]) -> list[str]:
    """The cells of one column; InputError at the first that is not among `allowed`."""
    known = set(allowed)
    result = []
    for row in rows:
        text = sheet.text(row, column)
        if text not in known:
            raise sheet.error(
                Text(
                    f"知らない値「{shorten(text)}」がある", f"the value '{shorten(text)}' is not known here"
                ),
                CORRECT_CELL,
                row,
                column,
            )
        result.append(text)
    return result


def filled_texts(sheet: Sheet, rows: Iterable[int], column: int) -> list[str]:
    """The cells of one column; InputError at the first that is blank."""
    result = []
    for row in rows:
        text = sheet.text(row, column)
        if not text:
            raise sheet.error(Text("空白のセルがある", "the cell is blank"), CORRECT_CELL, row, column)
        result.append(text)
    return result


def year_of(sheet: Sheet, row: int, column: int) -> int:
    """The year in a cell: ``2040``, ``2040年`` or ``令和22年（2040年）`` in a heading."""
    text = sheet.text(row, column)
    match = re.fullmatch(r"(\d{4})年?(?:度)?", text) or re.fullmatch(
        r"\D+\d+年?[（(](\d{4})年?[）)]年?", text
    )
    if not match or not 1900 <= int(match[1]) <= 2150:
        raise sheet.error(
            Text(f"年を「{shorten(text)}」から読み取れない", f"no year can be read from '{shorten(text)}'"),
            CORRECT_CELL,
            row,
            column,
        )
    return int(match[1])


def iso_date(sheet: Sheet, row: int, column: int) -> str:
    """A date written as 2024-01-31; InputError where the cell is no such date."""
    cell = sheet.cell(row, column)
    text = cell.isoformat()[:10] if isinstance(cell, datetime.date) else sheet.text(row, column)
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)
        year = datetime.date.fromisoformat(text).year
        if text != NO_END and not 1900 <= year <= 2150:
            raise ValueError(text)
    except ValueError:
        raise sheet.error(
            Text(
                f"日付を「{shorten(text)}」から読み取れない",
                f"'{shorten(text)}' is no date of the form 2024-01-31",
            ),
            CORRECT_CELL,
            row,
            column,
        ) from None
    return text


@contextmanager
def naming(sheet: Sheet, row: int | None = None) -> Iterator[None]:
    """Give an InputError raised inside, such as one about age bands, the file and sheet it belongs to."""
    try:
        yield
    except InputError as error:
        if error.file is not None:
            raise
        raise sheet.error(error.found, error.action, row) from error


def _block(sheet: Sheet, rows: Sequence[int], columns: Sequence[int]) -> list[list[Any]]:
    low, high = (min(columns), max(columns) + 1) if columns else (0, 0)
    if list(columns) == list(range(low, high)):
        return [sheet.rows[row][low:high] for row in rows]
    return [[sheet.cell(row, column) for column in columns] for row in rows]


def _bulk_counts(block: list[list[Any]]) -> IntArray | None:
    width = len(block[0]) if block else 0
    if any(len(row) != width for row in block):
        return None
    kinds = {type(cell) for row in block for cell in row}
    if kinds == {str}:
        # int() also reads '1_000' and full-width digits; only plain digits take this path.
        for row in block:
            joined = "".join(row)
            if not (joined.isascii() and joined.isdecimal()):
                return None
        try:
            return np.array([[int(cell) for cell in row] for row in block], dtype=np.int64)
        except (ValueError, OverflowError):
            return None
    if kinds <= {int, float}:
        values = np.array(block, dtype=np.float64)
        if np.isfinite(values).all() and (values >= 0).all() and (values < 2**53).all():
            whole = values.astype(np.int64)
            return whole if (whole == values).all() else None
    return None


def _count(sheet: Sheet, row: int, column: int) -> int:
    value = sheet.count(row, column)
    if value > LARGEST_COUNT:
        raise sheet.error(
            Text(f"日本の人口を超える値「{value}」がある", f"{value} is more than the population of Japan"),
            CORRECT_CELL,
            row,
            column,
        )
    return value

"""Small files for the tests of the loaders, and copies of official files with one thing changed."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from zaitaku_demand.errors import InputError

Rows = list[list[Any]]


def write_csv(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """Write rows as UTF-8 CSV (compressed where the name ends in .gz)."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    data = text.getvalue().encode("utf-8")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def read_rows(path: Path) -> Rows:
    """Rows of a CSV file."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    return [list(row) for row in csv.reader(io.StringIO(text, newline=""))]


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    """Write worksheets."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell != "":
                        sheet.write(row, column, cell)
    return path


def read_xlsx(path: Path) -> dict[str, Rows]:
    """Cells of every worksheet."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    return {
        name: [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        for name in book.sheet_names
    }


def refuses(load: Callable[[Path], object], path: Path, *parts: str) -> InputError:
    """The InputError of a load that must fail, with `parts` in its English or Japanese sentence."""
    with pytest.raises(InputError) as caught:
        load(path)
    both = caught.value.sentence("en") + caught.value.sentence("ja")
    for part in (path.name, *parts):
        assert part in both, f"{part} is not in: {both}"
    return caught.value


def delete_column(rows: Rows, column: int) -> Rows:
    return [row[:column] + row[column + 1 :] for row in rows]


def swap_columns(rows: Rows, left: int, right: int) -> Rows:
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    order = list(range(width))
    order[left], order[right] = order[right], order[left]
    return [[row[place] for place in order] for row in rows]


def with_cell(rows: Rows, row: int, column: int, value: Any) -> Rows:
    changed = [list(cells) for cells in rows]
    changed[row][column] = value
    return changed


def refuses_bad_files(load: Callable[[Path], object], folder: Path, suffix: str) -> None:
    """Missing, empty, HTML and truncated files all give an InputError that names the file."""
    refuses(load, folder / f"absent{suffix}")
    for name, content in {
        "empty": b"",
        "page": b"<!DOCTYPE html><html><body>404</body></html>",
        "cut": b"PK\x03\x04\x14\x00",
    }.items():
        path = folder / f"{name}{suffix}"
        path.write_bytes(content)
        refuses(load, path)

"""A workbook of plain sheets, each one table with title, unit, legend and source, ready to be printed."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any, Literal

from zaitaku_demand.report.figure_style import width_of
from zaitaku_demand.report.labels_workbook import BACK, PAGE_FOOT
from zaitaku_demand.text import Language

Kind = Literal[
    "text", "long", "count", "year", "percent", "share", "decimal", "hundredth", "tenth", "centred"
]
Cell = str | float | int | None

_FORMATS: dict[Kind, dict[str, Any]] = {
    "text": {},
    "long": {"text_wrap": True},
    "count": {"num_format": "#,##0"},
    "year": {"num_format": "0", "align": "center"},
    "percent": {"num_format": "+0.0%;-0.0%;0.0%"},
    "share": {"num_format": "0.0%"},
    "decimal": {"num_format": "0.000"},
    "hundredth": {"num_format": "0.00"},
    "centred": {"align": "center"},
    "tenth": {"num_format": "0.0"},
}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
MOST_WIDTH = 120
PAGE_WIDTH = 190
# Letters are a little narrower than the digits that column widths count.
LETTER = 0.92
ROW_POINTS = 14.5
# A workbook notes when it was made; a fixed moment keeps the same run the same file.
_MADE = datetime(2000, 1, 1)


@dataclass(frozen=True)
class Column:
    """Heading, kind of its cells and width in half-width characters."""

    heading: str
    kind: Kind
    width: float


class Book:
    """Open a workbook; text never becomes a formula or a link.

    Parameters
    ----------
    path : Path
    language : str
    title : str
    """

    def __init__(self, path: Path, language: Language, title: str) -> None:
        import xlsxwriter

        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": title, "created": _MADE})
        self._language = language
        font = {"font_name": "游ゴシック" if language == "ja" else "Calibri", "font_size": 10}
        self._font = font
        add = self._book.add_format
        self._title = add({**font, "font_size": 14, "bold": True})
        self._wrapped = add({**font, "text_wrap": True, "valign": "top"})
        self._plain = add(font)
        self._strong = add({**font, "bold": True, "text_wrap": True, "valign": "top"})
        self._link = add({**font, "font_color": "#0563C1", "underline": 1})
        self._heading = add(
            {
                **font,
                "bold": True,
                "text_wrap": True,
                "valign": "vcenter",
                "align": "center",
                "bg_color": "#DCE6F1",
                "border": 1,
            }
        )
        edge = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter"}
        self._cells = {kind: add({**font, **edge, **extra}) for kind, extra in _FORMATS.items()}
        self._names: list[str] = []

    def close(self) -> None:
        """Write the file."""
        self._book.close()

    def sheet(self, name: str) -> tuple[str, Any]:
        """Add an empty sheet; its name is shortened and made unique as spreadsheet programs ask."""
        clean = _FORBIDDEN.sub("_", name).strip() or "_"
        unique, number = clean[:LONGEST_NAME], 2
        while unique.casefold() in {known.casefold() for known in self._names}:
            tail = f"_{number}"
            unique, number = clean[: LONGEST_NAME - len(tail)] + tail, number + 1
        self._names.append(unique)
        sheet = self._book.add_worksheet(unique)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        # An ampersand starts a code in a footer.
        sheet.set_footer(f"&L{unique.replace('&', '&&')}&R{PAGE_FOOT.to(self._language)}")
        return unique, sheet

    def lines(
        self, sheet: Any, row: int, lines: Sequence[tuple[str, str]], widths: tuple[float, float]
    ) -> int:
        """Two columns of wrapped text from `row`; returns the next free row."""
        sheet.set_column(0, 0, widths[0])
        sheet.set_column(1, 1, widths[1])
        for left, right in lines:
            needed = max(_lines(left, widths[0]), _lines(right, widths[1]))
            sheet.set_row(row, ROW_POINTS * needed + 3)
            sheet.write_string(row, 0, left, self._strong)
            sheet.write_string(row, 1, right, self._wrapped)
            row += 1
        return row

    def title(self, sheet: Any, row: int, text: str) -> None:
        """A title line."""
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, text, self._title)

    def link(self, sheet: Any, row: int, column: int, target: str, text: str) -> None:
        """A link to another sheet."""
        quoted = target.replace("'", "''")
        sheet.write_url(row, column, f"internal:'{quoted}'!A1", self._link, text)

    def plain(self, sheet: Any, row: int, column: int, text: str) -> None:
        """One cell of text."""
        sheet.write_string(row, column, text, self._plain)

    def table(
        self,
        sheet: Any,
        contents: str,
        title: str,
        remarks: Sequence[str],
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        frozen: int = 0,
    ) -> None:
        """Title, remarks and one table.

        Parameters
        ----------
        sheet : worksheet
        contents : str
            Name of the sheet with the table of contents.
        title : str
        remarks : sequence of str
            Unit, basis, legend and source, one merged line each.
        columns : sequence of Column
        rows : sequence of sequences
            None and NaN become blank cells.
        frozen : int
            Columns that stay in sight.
        """
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        self.title(sheet, 0, title)
        self.link(sheet, 1, 0, contents, BACK.to(self._language))
        width = min(sum(column.width for column in columns), MOST_WIDTH)
        span = _span(columns, width)
        row = 2
        for remark in remarks:
            sheet.set_row(row, ROW_POINTS * _lines(remark, width) + 2)
            if span > 0:
                sheet.merge_range(row, 0, row, span, "", self._wrapped)
            sheet.write_string(row, 0, remark, self._wrapped)
            row += 1
        head = row
        tallest = max(_lines(column.heading, column.width - 2) for column in columns)
        sheet.set_row(head, ROW_POINTS * tallest + 6)
        for place, column in enumerate(columns):
            sheet.write_string(head, place, column.heading, self._heading)
        long = [place for place, column in enumerate(columns) if column.kind == "long"]
        for number, cells in enumerate(rows, start=head + 1):
            if long:
                needed = max(_lines(str(cells[place] or ""), columns[place].width) for place in long)
                sheet.set_row(number, ROW_POINTS * needed + 3)
            for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
                self._write(sheet, number, place, cell, column.kind)
        sheet.freeze_panes(head + 1, frozen)
        sheet.repeat_rows(head)
        across = ceil(sum(column.width for column in columns) / PAGE_WIDTH)
        sheet.fit_to_pages(across, 0)
        if across > 1 and frozen:
            sheet.repeat_columns(0, frozen - 1)
        last = head + len(rows)
        if rows:
            sheet.autofilter(head, 0, last, len(columns) - 1)
        sheet.print_area(0, 0, last, max(len(columns) - 1, span))

    def _write(self, sheet: Any, row: int, place: int, cell: Cell, kind: Kind) -> None:
        style = self._cells[kind]
        if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
            sheet.write_blank(row, place, None, style)
        elif isinstance(cell, str):
            sheet.write_string(row, place, cell, style)
        else:
            sheet.write_number(row, place, cell, style)


def _lines(text: str, width: float) -> int:
    return sum(max(ceil(LETTER * width_of(part) / max(width, 1.0)), 1) for part in text.split("\n"))


def _span(columns: Sequence[Column], width: float) -> int:
    """Last column of the merged remarks: as many as make up `width`."""
    total = 0.0
    for place, column in enumerate(columns):
        total += column.width
        if total >= width:
            return place
    return len(columns) - 1

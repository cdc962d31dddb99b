"""Reading workbooks and CSV files cell by cell, so that an error can name the cell.

A :class:`Sheet` is the one shape in which every loader sees its raw file: rows of plain Python
values with the file and sheet they come from. CSV files are sheets whose cells are text.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

Cell = Any

FETCH_AGAIN = Text(
    "公式サイトからファイルを取り直してください",
    "download the file again from its official address",
)
OFFICIAL_LAYOUT = Text(
    "公式の様式のままのファイルを使ってください",
    "use the file in the layout in which it was published",
)
CORRECT_CELL = Text("セルの値を直してください", "correct the cell")


@dataclass(frozen=True)
class Sheet:
    """Rows of one worksheet or CSV file; `rows[i][j]` is the cell in row i + 1, column j + 1."""

    file: Path
    name: str | None
    rows: list[list[Cell]]

    def error(
        self, found: Text, action: Text, row: int | None = None, column: int | None = None
    ) -> InputError:
        """An InputError at (row, column), both counted from 0 as in `rows`."""
        return InputError(
            found,
            action,
            file=self.file,
            sheet=self.name,
            row=None if row is None else row + 1,
            column=None if column is None else column_letters(column),
        )

    def cell(self, row: int, column: int) -> Cell:
        """The cell, or an empty text where the row is shorter."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def text(self, row: int, column: int) -> str:
        """The cell as text without surrounding blanks or line breaks; whole numbers without '.0'."""
        return tidy_text(self.cell(row, column))

    def number(self, row: int, column: int, *, non_negative: bool = True) -> float:
        """The cell as a finite number.

        Raises
        ------
        InputError
            If the cell is blank, is text that is no number, or is negative although counts are expected.
        """
        value = parse_number(self.cell(row, column))
        if value is None:
            shown = shorten(self.cell(row, column))
            raise self.error(
                Text(
                    f"数値のはずのセルに「{shown}」がある", f"a number was expected but '{shown}' was found"
                ),
                CORRECT_CELL,
                row,
                column,
            )
        if non_negative and value < 0:
            raise self.error(
                Text(f"負の値「{value:g}」がある", f"the negative value {value:g} was found"),
                CORRECT_CELL,
                row,
                column,
            )
        return value

    def count(self, row: int, column: int) -> int:
        """The cell as a whole number that is not negative (persons, claims)."""
        value = self.number(row, column)
        if value != int(value):
            raise self.error(
                Text(
                    f"整数のはずのセルに「{value:g}」がある",
                    f"a whole number was expected but {value:g} was found",
                ),
                CORRECT_CELL,
                row,
                column,
            )
        return int(value)

    def find_row(self, needles: Sequence[str], within: int = 30) -> int:
        """First row that holds every text of `needles` (blanks and line breaks ignored)."""
        for index, row in enumerate(self.rows[:within]):
            cells = {tidy_text(cell) for cell in row}
            if all(needle in cells for needle in needles):
                return index
        wanted = "、".join(needles)
        raise self.error(
            Text(
                f"見出し「{wanted}」のある行が見つからない", f"no row holds the headings {', '.join(needles)}"
            ),
            OFFICIAL_LAYOUT,
        )

    def require_no_figures_above(self, heading: int) -> None:
        """InputError at the first number above the row `heading`, where only titles and notes belong."""
        for row in range(heading):
            for column in range(len(self.rows[row])):
                if parse_number(self.cell(row, column)) is not None:
                    raise self.error(
                        Text("見出しより上に数値がある", "there is a figure above the headings"),
                        OFFICIAL_LAYOUT,
                        row,
                        column,
                    )

    def columns_named(self, row: int, names: Iterable[str]) -> dict[str, int]:
        """Position of each heading in `row`; InputError for one that is missing or stands twice."""
        found: dict[str, int] = {}
        cells = [tidy_text(cell) for cell in self.rows[row]]
        for name in names:
            positions = [position for position, cell in enumerate(cells) if cell == name]
            if not positions:
                raise self.error(
                    Text(f"見出し「{name}」の列がない", f"there is no column headed '{name}'"),
                    OFFICIAL_LAYOUT,
                    row,
                )
            if len(positions) > 1:
                raise self.error(
                    Text(
                        f"見出し「{name}」の列が{len(positions)}つある",
                        f"the heading '{name}' stands {len(positions)} times",
                    ),
                    OFFICIAL_LAYOUT,
                    row,
                    positions[1],
                )
            found[name] = positions[0]
        return found

    def columns_among(self, row: int, accepted: dict[str, tuple[str, str]], action: Text) -> dict[str, int]:
        """Position of each heading of a user's own table, which may be written in either of two ways.

        Parameters
        ----------
        row : int
        accepted : dict
            Key → the English and the Japanese heading.
        action : Text
            What to do about a heading that does not stand exactly once.
        """
        cells = [tidy_text(cell) for cell in self.rows[row]]
        found: dict[str, int] = {}
        for key, (english, japanese) in accepted.items():
            positions = [position for position, cell in enumerate(cells) if cell in (english, japanese)]
            if len(positions) != 1:
                raise self.error(
                    Text(
                        f"見出し「{japanese}」の列がちょうど1つない",
                        f"there is not exactly one column headed '{english}'",
                    ),
                    action,
                    row,
                )
            found[key] = positions[0]
        return found


def tidy_text(cell: Cell) -> str:
    """Text of a cell: blanks and line breaks removed at the ends and inside line breaks, '01.0' -> '1'."""
    if cell is None:
        return ""
    if isinstance(cell, float) and abs(cell) < 1e15 and cell == int(cell):
        return str(int(cell))
    return re.sub(r"[\r\n]+", "", str(cell)).strip(" \t　﻿")


def parse_number(cell: Cell) -> float | None:
    """The finite number a cell holds, or None. Full-width digits and thousands separators are read."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        value = float(cell)
    else:
        text = unicodedata.normalize("NFKC", str(cell)).strip()
        if not re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?([eE][+-]?\d+)?", text):
            return None
        value = float(text.replace(",", ""))
    return value if abs(value) < float("inf") else None


def shorten(cell: Cell, limit: int = 24) -> str:
    """The cell as it may be quoted in a message."""
    text = tidy_text(cell)
    return text if len(text) <= limit else text[:limit] + "…"


def column_letters(column: int) -> str:
    """Excel's name of the column at position `column` (0 -> A)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def require_file(path: Path) -> Path:
    """The path, or an InputError that says the file is missing."""
    if not path.is_file():
        raise InputError(
            Text("ファイルがない", "the file does not exist"),
            Text(
                "ファイル名と置き場所を確かめてください（公的統計の元データは「zaitaku data fetch」で取得できます）",
                "check its name and where it is (raw official files come with `zaitaku data fetch`)",
            ),
            file=path,
        )
    return path


def read_workbook(path: Path, *, only: Iterable[str] | None = None) -> list[Sheet]:
    """All worksheets (or those in `only`) of an .xlsx or .xls workbook.

    Raises
    ------
    InputError
        If the file is missing, is HTML or text with a workbook's name, is truncated, cannot be
        read, or lacks a sheet of `only`.
    """
    from python_calamine import CalamineWorkbook

    head = require_file(path).read_bytes()[:512]
    if re.match(rb"\s*<(!doctype|html|\?xml|head|body)", head, re.IGNORECASE):
        raise InputError(
            Text("拡張子はExcelだが中身はHTMLである", "the file is named as a workbook but holds HTML"),
            FETCH_AGAIN,
            file=path,
        )
    if not head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError(
            Text("Excelブックとして読めない", "the file is not an Excel workbook"), FETCH_AGAIN, file=path
        )
    try:
        if head.startswith(b"PK"):
            with zipfile.ZipFile(path) as archive:
                broken = archive.testzip()
            if broken:
                raise zipfile.BadZipFile(broken)
        workbook = CalamineWorkbook.from_path(str(path))
        names = workbook.sheet_names
        wanted = list(names) if only is None else list(only)
        missing = [name for name in wanted if name not in names]
        if missing:
            raise InputError(
                Text(
                    f"シート「{missing[0]}」がない（あるのは「{'」「'.join(names)}」）",
                    f"there is no sheet '{missing[0]}' (it has {', '.join(names)})",
                ),
                OFFICIAL_LAYOUT,
                file=path,
            )
        return [
            Sheet(path, name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in wanted
        ]
    except InputError:
        raise
    except (
        Exception
    ) as error:  # zipfile, zlib and calamine raise many kinds; each means that the file is unusable.
        raise InputError(
            Text("途中で切れているか壊れていて読めない", "the workbook is truncated or damaged"),
            FETCH_AGAIN,
            file=path,
        ) from error


def read_csv(path: Path) -> Sheet:
    """A CSV file (UTF-8 with or without BOM, or Shift_JIS as Excel saves it; .gz too) as a sheet of text.

    Raises
    ------
    InputError
        If the file is missing, empty, HTML, damaged, or in another encoding.
    """
    raw = require_file(path).read_bytes()
    if path.suffix == ".gz":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise InputError(
                Text("途中で切れているか壊れていて読めない", "the compressed file is truncated or damaged"),
                FETCH_AGAIN,
                file=path,
            ) from error
    if re.match(rb"\s*<(!doctype|html|\?xml|head|body)", raw[:512], re.IGNORECASE):
        raise InputError(
            Text("拡張子はCSVだが中身はHTMLである", "the file is named as CSV but holds HTML"),
            FETCH_AGAIN,
            file=path,
        )
    text = _decode(raw, path)
    try:
        rows: list[list[Cell]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""))]
    except csv.Error as error:
        raise InputError(
            Text("CSVとして読めない", "the file cannot be read as CSV"), FETCH_AGAIN, file=path
        ) from error
    while rows and not any(tidy_text(cell) for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise InputError(Text("中身が空である", "the file is empty"), FETCH_AGAIN, file=path)
    return Sheet(path, None, rows)


def _decode(raw: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError(
        Text("文字コードがUTF-8でもShift_JISでもない", "the text is neither UTF-8 nor Shift_JIS"),
        Text("UTF-8のCSVで保存し直してください", "save it again as UTF-8 CSV"),
        file=path,
    )

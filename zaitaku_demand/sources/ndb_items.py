"""Rows of items of the NDB Open Data: codes, names, points, counts, each checked where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.sources.ndb_headings import Section, is_addition, is_class_code
from zaitaku_demand.sources.reading import (
    CORRECT_CELL,
    FETCH_AGAIN,
    OFFICIAL_LAYOUT,
    Sheet,
    parse_number,
    shorten,
    tidy_text,
)
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

LARGEST_CLAIMS = 1e10
"""No item is claimed so often in a year; a larger count is two cells run together or a damaged cell."""

WITHOUT_CLASS_CODE = frozenset({"113023890"})
"""オンライン医学管理料 (FY2018-2019) stands first of its sheet and has no class code."""

TWO_ROWS = {
    ("A", 2015, "sex_age"): frozenset({"190149110", "190149210", "190149310", "190149410", "190149510"})
}
"""Items that one workbook gives in two rows, by section, fiscal year and breakdown: 病棟薬剤業務実施加算 and
データ提出加算1・2, whose rows add up to the one row of the workbook by prefecture (known issue)."""

_HYPHENS = {"-", "－", "‐", "―", "–", "−", "ー", ""}


@dataclass(frozen=True)
class ItemRows:
    """The items of one sheet as they stand there.

    Attributes
    ----------
    items : DataFrame
        item_code, item_name, class_code, points, total (NaN where suppressed).
    values : array (items, keys)
        Counts, NaN where suppressed.
    rows : array (items,) of int
        Row of the sheet of each item, counted from 0.
    """

    items: pd.DataFrame
    values: npt.NDArray[np.float64]
    rows: npt.NDArray[np.int64]


def read_items(
    sheet: Sheet,
    section: Section,
    columns: dict[str, int],
    total_column: int,
    first_row: int,
    width: int,
    two_rows: frozenset[str] = frozenset(),
) -> ItemRows:
    """Read the rows of items below the headings.

    Parameters
    ----------
    sheet : Sheet
    section : str
        Section whose class codes are expected.
    columns : dict
        Columns of class, code, name and points.
    total_column : int
        Column of the total; the counts follow it.
    first_row : int
        First row below the headings.
    width : int
        Number of columns of counts.
    two_rows : frozenset of str
        Items that the publisher gave in two rows (`TWO_ROWS`); both rows are kept.

    Raises
    ------
    InputError
        If an item code is malformed, missing or stands twice, a class code is not of the section, there is a
        figure without heading, or a cell is neither a publishable count nor "-".
    """
    import pandas as pd

    first = total_column + 1
    records: list[dict[str, object]] = []
    values: list[npt.NDArray[np.float64]] = []
    class_code = ""
    seen: dict[str, int] = {}
    rows: list[int] = []
    for row in range(first_row, len(sheet.rows)):
        class_code = sheet.text(row, columns["class"]) or class_code
        code = sheet.text(row, columns["code"])
        if not code:
            if any(tidy_text(cell) for cell in sheet.rows[row][total_column : first + width]):
                raise sheet.error(
                    Text("診療行為コードが空の行に数値がある", "a row without an item code holds figures"),
                    FETCH_AGAIN,
                    row,
                    columns["code"],
                )
            continue
        _require_item_code(sheet, row, columns["code"], code, {} if code in two_rows else seen)
        two_rows = two_rows - {code} if code in seen else two_rows
        missing = not is_addition(sheet.name) and not class_code and code not in WITHOUT_CLASS_CODE
        if missing or (class_code and not is_class_code(class_code, section)):
            raise sheet.error(
                Text(
                    f"分類コード「{shorten(class_code)}」を読み取れない",
                    f"the class code '{shorten(class_code)}' is not understood",
                ),
                OFFICIAL_LAYOUT,
                row,
                columns["class"],
            )
        seen[code] = row
        rows.append(row)
        if any(tidy_text(cell) for cell in sheet.rows[row][first + width :]):
            raise sheet.error(
                Text("見出しのない列に値がある", "there are figures in a column without heading"),
                OFFICIAL_LAYOUT,
                row,
                first + width,
            )
        values.append(_counts(sheet, row, first, width))
        records.append(
            {
                "item_code": code,
                "item_name": sheet.text(row, columns["name"]),
                "class_code": class_code,
                "points": parse_number(sheet.cell(row, columns["points"])),
                "total": _counts(sheet, row, total_column, 1)[0],
            }
        )
    if not records:
        raise sheet.error(
            Text("診療行為の行がない", "there is no row of items"), FETCH_AGAIN, max(first_row - 2, 0)
        )
    return ItemRows(pd.DataFrame.from_records(records), np.vstack(values), np.array(rows, dtype=np.int64))


def _require_item_code(sheet: Sheet, row: int, column: int, code: str, seen: dict[str, int]) -> None:
    if not re.fullmatch(r"\d{9}", code):
        raise sheet.error(
            Text(
                f"診療行為コード「{shorten(code)}」が9桁の数字でない",
                f"the item code '{shorten(code)}' is not nine digits",
            ),
            OFFICIAL_LAYOUT,
            row,
            column,
        )
    if code in seen:
        raise sheet.error(
            Text(
                f"診療行為コード「{code}」が{seen[code] + 1}行目にもある",
                f"the item code {code} also stands in row {seen[code] + 1}",
            ),
            FETCH_AGAIN,
            row,
            column,
        )


def _counts(sheet: Sheet, row: int, first: int, width: int) -> npt.NDArray[np.float64]:
    cells = sheet.rows[row][first : first + width]
    cells = [*cells, *([""] * (width - len(cells)))]
    out = np.empty(width)
    for position, cell in enumerate(cells):
        if type(cell) is float and not np.isnan(cell):
            out[position] = cell
        elif isinstance(cell, str) and tidy_text(cell) in _HYPHENS:
            out[position] = np.nan
        else:
            out[position] = sheet.count(row, first + position)
    bad = (out < 0) | ((out > 0) & (out < 10)) | (out != np.floor(out)) | (out > LARGEST_CLAIMS)
    bad &= ~np.isnan(out)
    if bad.any():
        column = first + int(np.flatnonzero(bad)[0])
        sheet.count(row, column)
        value = out[column - first]
        if value > LARGEST_CLAIMS:
            raise sheet.error(
                Text(
                    f"あり得ない大きさの値「{value:g}」がある",
                    f"the impossibly large value {value:g} was found",
                ),
                CORRECT_CELL,
                row,
                column,
            )
        raise sheet.error(
            Text(
                f"公表されないはずの10未満の値「{value:g}」がある",
                f"a count below 10 ({value:g}) is shown, which is never published",
            ),
            FETCH_AGAIN,
            row,
            column,
        )
    return out

"""NDB Open Data, section C (在宅医療), medical and dental, rounds 1-9 (FY2014-FY2022).

Source: 厚生労働省「NDBオープンデータ」, C 在宅医療: 性年齢別, 都道府県別, 二次医療圏別 and 診療月別,
算定回数 and (round 9) 患者数. The layout moved from round to round; everything (fiscal year, kind of
breakdown, measure, places of the columns) is therefore read from the headings, not from positions
or from the file's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from zaitaku_demand.sources.ndb_headings import (
    ADDITION_SHEET,
    BASE_SHEET,
    FIRST_FISCAL_YEAR,
    Breakdown,
    fiscal_year,
    heading_row,
    item_columns,
    read_keys,
)
from zaitaku_demand.sources.reading import (
    CORRECT_CELL,
    FETCH_AGAIN,
    OFFICIAL_LAYOUT,
    Sheet,
    parse_number,
    read_workbook,
    shorten,
    tidy_text,
)
from zaitaku_demand.suppression import Bounded, bound_rows, hidden_row_bounds
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

Measure = Literal["claims", "patients"]

FIRST_ROUND_WITH_ZEROS = 9
LARGEST_CLAIMS = 1e10
"""No item is claimed so often in a year; a larger count is two cells run together or a damaged cell."""

_HYPHENS = {"-", "－", "‐", "―", "–", "−", "ー", ""}


@dataclass(frozen=True)
class NdbTable:
    """One sheet of an NDB workbook: items by places, ages or months.

    Attributes
    ----------
    fiscal_year : int
        Year of the claims (April to March).
    kind : str
        ``medical`` or ``dental``.
    measure : str
        ``claims`` (算定回数) or ``patients`` (患者数; not additive over items, places or months).
    breakdown : str
        ``sex_age``, ``prefecture``, ``area`` or ``month``.
    part : str
        ``base`` or ``addition`` (加算).
    items : DataFrame
        One row an item: item_code, item_name, class_code, points, total (NaN where suppressed).
    keys : DataFrame
        One row a column of `values`: sex and age, or code and name.
    values : array (items, keys)
        Counts, NaN where suppressed.
    suppressed : array (items, keys) of bool
    """

    file: Path
    fiscal_year: int
    kind: str
    measure: Measure
    breakdown: Breakdown
    part: str
    items: pd.DataFrame
    keys: pd.DataFrame
    values: npt.NDArray[np.float64]
    suppressed: npt.NDArray[np.bool_]

    @property
    def round(self) -> int:
        """Round of the NDB Open Data (FY2014 is round 1)."""
        return self.fiscal_year - FIRST_FISCAL_YEAR + 1

    @property
    def additive(self) -> bool:
        """Whether a row adds up to its total.

        Patients are counted once in the total but once in every place or month in which they were seen.
        """
        return self.measure == "claims" or self.breakdown == "sex_age"

    @property
    def floors(self) -> npt.NDArray[np.float64]:
        """Smallest count that a "-" can stand for, by row.

        Round 9 prints its zeros, except in area tables and in rows that are hidden whole.
        """
        whole = self.suppressed.all(axis=1)
        prints_zeros = self.round >= FIRST_ROUND_WITH_ZEROS and self.breakdown != "area"
        return np.where(whole | (not prints_zeros), 0.0, 1.0)

    def row_bounds(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Bounds of each row's sum, from the cells alone (not from the published total)."""
        lower, upper = hidden_row_bounds(self.values, self.suppressed, self.floors)
        if self.breakdown == "area":
            upper = np.where(self.suppressed.any(axis=1), np.inf, 0.0)
        shown = np.nansum(self.values, axis=1)
        return shown + lower, shown + upper

    def bounded(self) -> Bounded:
        """Bounds and best figure of every cell; only for tables whose rows add up to the total."""
        totals = self.items["total"].to_numpy(dtype=np.float64)
        return bound_rows(self.values, self.suppressed, totals, self.floors)

    def tidy(self) -> pd.DataFrame:
        """One row a cell: item_code, the keys, value (NaN where suppressed) and state."""
        import pandas as pd

        n_items, n_keys = self.values.shape
        rows = np.repeat(np.arange(n_items), n_keys)
        columns = np.tile(np.arange(n_keys), n_items)
        frame = pd.concat(
            [
                self.items[["item_code", "class_code"]].iloc[rows].reset_index(drop=True),
                self.keys.iloc[columns].reset_index(drop=True),
            ],
            axis=1,
        )
        frame.insert(0, "part", self.part)
        frame.insert(0, "breakdown", self.breakdown)
        frame.insert(0, "measure", self.measure)
        frame.insert(0, "kind", self.kind)
        frame.insert(0, "fiscal_year", self.fiscal_year)
        frame["value"] = self.values.ravel()
        frame["state"] = np.where(self.suppressed.ravel(), "suppressed", "observed")
        return frame


def load(path: Path) -> list[NdbTable]:
    """Read every sheet of one workbook of section C.

    Parameters
    ----------
    path : Path
        Workbook as published (any of rounds 1-9, medical or dental).

    Returns
    -------
    list of NdbTable
        The base sheet 全体 and, from round 2 on, the sheet of additions 全体（加算）.

    Raises
    ------
    InputError
        If a heading has moved, a place, age or month is missing or stands twice, an item stands twice, a
        cell is neither a count nor "-", a count of 1-9 is shown, or a row does not add up to its
        published total within what its suppressed cells can hold.
    """
    sheets = [sheet for sheet in read_workbook(path) if sheet.name in (BASE_SHEET, ADDITION_SHEET)]
    sheets.sort(key=lambda sheet: sheet.name != BASE_SHEET)
    if not sheets or sheets[0].name != BASE_SHEET:
        read_workbook(path, only=[BASE_SHEET])
    tables = [_load_sheet(sheet) for sheet in sheets]
    first = tables[0]
    for table, sheet in zip(tables, sheets, strict=True):
        same = (table.fiscal_year, table.breakdown, table.kind, table.measure) == (
            first.fiscal_year,
            first.breakdown,
            first.kind,
            first.measure,
        )
        if not same or not table.keys.equals(first.keys):
            raise sheet.error(
                Text("シートごとに年度や集計区分が異なる", "the sheets differ in fiscal year or breakdown"),
                OFFICIAL_LAYOUT,
            )
    return tables


def _load_sheet(sheet: Sheet) -> NdbTable:
    import pandas as pd

    heading = heading_row(sheet)
    if len(sheet.rows) < heading + 3:
        raise sheet.error(Text("診療行為の行がない", "there is no row of items"), FETCH_AGAIN, heading)
    sheet.require_no_figures_above(heading)
    total_column = next(
        column for column, cell in enumerate(sheet.rows[heading]) if tidy_text(cell).startswith("総計")
    )
    first = total_column + 1
    breakdown, keys, data_row = read_keys(sheet, heading, first)
    width = len(keys)
    columns = item_columns(sheet, heading, total_column)
    for row in range(heading + 1, data_row):
        if sheet.text(row, columns["code"]):
            raise sheet.error(
                Text("見出しの行に診療行為コードがある", "a row of headings holds an item code"),
                OFFICIAL_LAYOUT,
                row,
                columns["code"],
            )
    records: list[dict[str, object]] = []
    values: list[npt.NDArray[np.float64]] = []
    class_code = ""
    seen: dict[str, int] = {}
    for row in range(data_row, len(sheet.rows)):
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
        if not re.fullmatch(r"\d{9}", code):
            raise sheet.error(
                Text(
                    f"診療行為コード「{shorten(code)}」が9桁の数字でない",
                    f"the item code '{shorten(code)}' is not nine digits",
                ),
                OFFICIAL_LAYOUT,
                row,
                columns["code"],
            )
        if code in seen:
            raise sheet.error(
                Text(
                    f"診療行為コード「{code}」が{seen[code] + 1}行目にもある",
                    f"the item code {code} also stands in row {seen[code] + 1}",
                ),
                FETCH_AGAIN,
                row,
                columns["code"],
            )
        missing = sheet.name == BASE_SHEET and not class_code
        if missing or not re.fullmatch(r"(C\d{3}(-\d+)*)?", class_code):
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
                "_row": row,
            }
        )
    if not records:
        raise sheet.error(Text("診療行為の行がない", "there is no row of items"), FETCH_AGAIN, heading)
    items = pd.DataFrame.from_records(records)
    counts = np.vstack(values)
    table = NdbTable(
        file=sheet.file,
        fiscal_year=fiscal_year(sheet),
        kind="medical" if items["item_code"].str.startswith("1").all() else "dental",
        measure="patients" if "患者数" in sheet.text(heading, total_column) else "claims",
        breakdown=breakdown,
        part="base" if sheet.name == BASE_SHEET else "addition",
        items=items.drop(columns="_row"),
        keys=keys,
        values=counts,
        suppressed=np.isnan(counts),
    )
    if table.kind == "dental" and not items["item_code"].str.startswith("3").all():
        row = int(items.loc[~items["item_code"].str.startswith("3"), "_row"].iloc[0])
        raise sheet.error(
            Text("医科と歯科の診療行為コードが混在している", "medical and dental item codes are mixed"),
            FETCH_AGAIN,
            row,
            columns["code"],
        )
    _check_rows(sheet, table, items["_row"].to_numpy(), total_column)
    return table


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


def _check_rows(sheet: Sheet, table: NdbTable, rows: npt.NDArray[np.int64], total_column: int) -> None:
    totals = table.items["total"].to_numpy(dtype=np.float64)
    lower, upper = table.row_bounds()
    if table.additive:
        most = np.where(np.isnan(totals), 9.0, totals)
        bad = (lower > most) | (~np.isnan(totals) & (upper < totals))
        if table.breakdown == "area":
            bad = np.nansum(table.values, axis=1) > most
    else:
        largest = np.nanmax(np.where(table.suppressed, 0.0, table.values), axis=1)
        bad = (largest > np.where(np.isnan(totals), np.inf, totals)) | (upper < np.nan_to_num(totals))
    if bad.any():
        position = int(np.flatnonzero(bad)[0])
        raise sheet.error(
            Text(
                f"内訳の合計（{lower[position]:,.0f}～{upper[position]:,.0f}）と総計{totals[position]:,.0f}が合わない",
                f"the parts ({lower[position]:,.0f} to {upper[position]:,.0f}) do not add up"
                f" to the total {totals[position]:,.0f}",
            ),
            CORRECT_CELL if table.measure == "claims" else FETCH_AGAIN,
            int(rows[position]),
            total_column,
        )

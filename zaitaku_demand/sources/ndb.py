"""NDB Open Data, sections A, B and C, rounds 1-9 (FY2014-FY2022).

Source: 厚生労働省「NDBオープンデータ」, A 入院基本料等加算, B 医学管理等 and C 在宅医療 (medical, C also
dental): 性年齢別, 都道府県別, 二次医療圏別 and 診療月別, 算定回数 and (round 9) 患者数. The layout moved from round to round; everything (fiscal year, kind of
breakdown, measure, places of the columns) is therefore read from the headings, not from positions
or from the file's name. Only the section has to be said: it decides which sheets and class codes
are right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from zaitaku_demand.sources.ndb_headings import (
    ADDITION_SHEET,
    BASE_SHEET,
    FIRST_FISCAL_YEAR,
    FIRST_YEAR_OF_ADDITIONS,
    SETTINGS_OF,
    Breakdown,
    Section,
    fiscal_year,
    heading_row,
    is_addition,
    item_columns,
    read_keys,
    setting_of,
    sheet_names,
)
from zaitaku_demand.sources.ndb_items import TWO_ROWS, read_items
from zaitaku_demand.sources.reading import (
    CORRECT_CELL,
    FETCH_AGAIN,
    OFFICIAL_LAYOUT,
    Sheet,
    read_workbook,
    tidy_text,
)
from zaitaku_demand.suppression import Bounded, bound_rows, hidden_row_bounds
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ADDITION_SHEET", "BASE_SHEET", "Measure", "NdbTable", "load"]

Measure = Literal["claims", "patients"]

FIRST_ROUND_WITH_ZEROS = 9


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
        One row an item (two for the items of ``ndb_items.TWO_ROWS``): item_code, item_name, class_code, points, total (NaN where suppressed).
    keys : DataFrame
        One row a column of `values`: sex and age, or code and name.
    values : array (items, keys)
        Counts, NaN where suppressed.
    suppressed : array (items, keys) of bool
    section : str
        ``A``, ``B`` or ``C``.
    setting : str
        ``all`` (section C), ``outpatient`` or ``inpatient``.
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
    section: Section = "C"
    setting: str = "all"

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

    def take(self, rows: npt.NDArray[np.int64]) -> NdbTable:
        """The table with the items at the positions `rows` only."""
        return replace(
            self,
            items=self.items.iloc[rows].reset_index(drop=True),
            values=self.values[rows],
            suppressed=self.suppressed[rows],
        )

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


def load(path: Path, section: Section = "C") -> list[NdbTable]:
    """Read every sheet of one workbook.

    Parameters
    ----------
    path : Path
        Workbook as published (any of rounds 1-9; section C medical or dental).
    section : str
        ``A`` 入院基本料等加算, ``B`` 医学管理等 or ``C`` 在宅医療: it decides which sheets and class codes belong
        into the workbook.

    Returns
    -------
    list of NdbTable
        Every base sheet (C 全体, A 入院, B 外来 and 入院) and, from round 2 on, its sheet of additions （加算）.

    Raises
    ------
    InputError
        If a sheet is missing, a heading has moved, a place, age or month is missing or stands twice, an item
        stands twice, a cell is neither a count nor "-", a count of 1-9 is shown, or a row does not add up to its
        published total within what its suppressed cells can hold.
    """
    names = sheet_names(section)
    sheets = [sheet for sheet in read_workbook(path) if sheet.name in names]
    sheets.sort(key=lambda sheet: names.index(sheet.name or ""))
    found = {sheet.name for sheet in sheets}
    if not found.issuperset(SETTINGS_OF[section]):
        read_workbook(path, only=SETTINGS_OF[section])
    tables = [_load_sheet(sheet, section) for sheet in sheets]
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
    additions_expected = first.kind == "medical" and first.fiscal_year >= FIRST_YEAR_OF_ADDITIONS
    if additions_expected and len(found) < len(names):
        read_workbook(path, only=names)
    return tables


def _load_sheet(sheet: Sheet, section: Section) -> NdbTable:
    heading = heading_row(sheet)
    if len(sheet.rows) < heading + 3:
        raise sheet.error(Text("診療行為の行がない", "there is no row of items"), FETCH_AGAIN, heading)
    sheet.require_no_figures_above(heading)
    total_column = next(
        column for column, cell in enumerate(sheet.rows[heading]) if tidy_text(cell).startswith("総計")
    )
    breakdown, keys, data_row = read_keys(sheet, heading, total_column + 1)
    columns = item_columns(sheet, heading, total_column)
    for row in range(heading + 1, data_row):
        if sheet.text(row, columns["code"]):
            raise sheet.error(
                Text("見出しの行に診療行為コードがある", "a row of headings holds an item code"),
                OFFICIAL_LAYOUT,
                row,
                columns["code"],
            )
    year = fiscal_year(sheet)
    found = read_items(
        sheet,
        section,
        columns,
        total_column,
        data_row,
        len(keys),
        TWO_ROWS.get((section, year, breakdown), frozenset()),
    )
    table = NdbTable(
        file=sheet.file,
        fiscal_year=year,
        kind="medical" if found.items["item_code"].str.startswith("1").all() else "dental",
        measure="patients" if "患者数" in sheet.text(heading, total_column) else "claims",
        breakdown=breakdown,
        part="addition" if is_addition(sheet.name) else "base",
        items=found.items,
        keys=keys,
        values=found.values,
        suppressed=np.isnan(found.values),
        section=section,
        setting=setting_of(sheet.name),
    )
    if table.kind == "dental" and not found.items["item_code"].str.startswith("3").all():
        mixed = int(np.flatnonzero(~found.items["item_code"].str.startswith("3"))[0])
        raise sheet.error(
            Text("医科と歯科の診療行為コードが混在している", "medical and dental item codes are mixed"),
            FETCH_AGAIN,
            int(found.rows[mixed]),
            columns["code"],
        )
    _check_rows(sheet, table, found.rows, total_column)
    return table


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

"""在宅医療にかかる地域別データ集 in the ministry's present workbook (``001681907.xlsx`` and later ones, 厚生労働省).

The workbook is not shipped; a planner who has it gives it. One sheet a year. Counted from the sheet's first row and
column as 0: row 0 numbers the items from column 7 on, row 6 is the nation, rows from 8 on are municipalities; column 1
holds the prefecture, 2 the area, 3 the municipality. Columns are found by their item number, never by position.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.checks import require_unique
from zaitaku_demand.sources.national_rows import code_of_name
from zaitaku_demand.sources.places import PREFECTURES, require_all_prefectures
from zaitaku_demand.sources.reading import (
    CORRECT_CELL,
    FETCH_AGAIN,
    OFFICIAL_LAYOUT,
    Sheet,
    parse_number,
    read_workbook,
    shorten,
)
from zaitaku_demand.sources.tabular import FloatArray, counts_or_blank, filled_texts
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

ITEMS: Mapping[str, tuple[int, ...]] = {
    "population": (1,),
    "population_over65": (2,),
    "zaitaku_shien_hospitals": (5, 6, 7),
    "zaitaku_shien_clinics": (9, 10, 11),
    "hospital_home_visit_facilities": (13,),
    "hospital_home_visit_cases": (14,),
    "clinic_home_visit_facilities": (19,),
    "clinic_home_visit_cases": (20,),
    "house_call_cases": (26, 32),
    "attendance_facilities": (37, 43),
    "attendance_cases": (38, 44),
    "houmon_kango_stations": (58,),
}
"""Column of the table → numbers of the items that are added up."""

ALWAYS_GIVEN = ("population", "population_over65")
NOT_PUBLISHED = frozenset({"", "-", "－", "―", "‐", "…", "***", "x", "X", "・"})
"""Marks of a cell that is not published; they are missing, never zero."""

_NUMBER_ROW, _NATION_ROW, _FIRST_ROW, _FIRST_ITEM = 0, 6, 8, 7
_PREFECTURE, _AREA, _MUNICIPALITY = 1, 2, 3
_ERAS = {"平成": 1988, "H": 1988, "令和": 2018, "R": 2018}


def load_home_care_workbook(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Population and home-care facilities by municipality and year.

    Parameters
    ----------
    path : path
        The ministry's workbook.
    nationwide : bool
        Require every prefecture and the sums of the nation's row; switch off for an extract.

    Returns
    -------
    DataFrame
        `year`, `prefecture_code`, `prefecture_name`, `area_name`, `municipality` and, as Int64 and missing where a
        part of it is not published, the columns of `ITEMS` (persons, facilities, and cases of a month).

    Raises
    ------
    InputError
        If a sheet's name tells no year or two tell the same, an item number is missing or stands twice, a prefecture
        or municipality is blank, unknown, missing or there twice, a cell is neither a count nor a mark of
        `NOT_PUBLISHED`, or the municipalities do not add up to the nation.
    """
    import pandas as pd

    parts: dict[int, pd.DataFrame] = {}
    for sheet in read_workbook(path):
        year = _year(sheet)
        if year in parts:
            raise sheet.error(
                Text(f"{year}年のシートが2枚ある", f"there are two sheets of {year}"), OFFICIAL_LAYOUT
            )
        parts[year] = _sheet_table(sheet, year, nationwide)
    if not parts:
        raise InputError(Text("シートがない", "there is no sheet"), FETCH_AGAIN, file=path)
    return pd.concat([parts[year] for year in sorted(parts)], ignore_index=True)


def _sheet_table(sheet: Sheet, year: int, nationwide: bool) -> pd.DataFrame:
    import pandas as pd

    if len(sheet.rows) <= _FIRST_ROW:
        raise sheet.error(Text("市区町村の行がない", "there is no row of a municipality"), OFFICIAL_LAYOUT)
    columns = _item_columns(sheet)
    rows = _municipal_rows(sheet, list(columns.values()))
    prefectures = [code_of_name(sheet, row, _PREFECTURE, {}) for row in rows]
    if "00" in prefectures:
        raise sheet.error(
            Text("全国の行が市区町村の中にある", "the nation stands among the municipalities"),
            OFFICIAL_LAYOUT,
            rows[prefectures.index("00")],
            _PREFECTURE,
        )
    names = filled_texts(sheet, rows, _MUNICIPALITY)
    require_unique(sheet, rows, list(zip(prefectures, names, strict=True)))
    numbers = sorted(columns)
    cells = _cells(sheet, [_NATION_ROW, *rows], [columns[number] for number in numbers])
    if nationwide:
        require_all_prefectures(sheet, prefectures)
        _require_nation(sheet, cells, [columns[number] for number in numbers])
    of = {number: place for place, number in enumerate(numbers)}
    frame = pd.DataFrame(
        {
            "year": year,
            "prefecture_code": prefectures,
            "prefecture_name": [PREFECTURES[int(code) - 1] for code in prefectures],
            "area_name": filled_texts(sheet, rows, _AREA),
            "municipality": names,
        }
    ).astype(dict.fromkeys(("prefecture_code", "prefecture_name", "area_name", "municipality"), "str"))
    for column, items in ITEMS.items():
        values = cells[1:, [of[number] for number in items]].sum(axis=1)
        if column in ALWAYS_GIVEN and np.isnan(values).any():
            row = rows[int(np.flatnonzero(np.isnan(values))[0])]
            raise sheet.error(
                Text("人口が空白である", "the population is blank"), CORRECT_CELL, row, columns[items[0]]
            )
        frame[column] = pd.array([None if np.isnan(value) else int(value) for value in values], dtype="Int64")
    return frame


def _year(sheet: Sheet) -> int:
    """The year that a sheet's name tells: 2019, 令和元年, R2 and the like."""
    name = unicodedata.normalize("NFKC", sheet.name or "")
    plain = re.search(r"(?<!\d)(20\d{2})(?!\d)", name)
    era = re.search(r"(平成|令和|H|R)\s*(\d{1,2}|元)(?!\d)", name)
    if not plain and not era:
        raise sheet.error(
            Text(
                f"シート名「{shorten(name)}」から年が分からない",
                f"the sheet's name '{shorten(name)}' tells no year",
            ),
            Text(
                "1年1シートの公式の様式のまま使ってください", "use the official layout with one sheet a year"
            ),
        )
    if plain:
        return int(plain[1])
    assert era is not None
    return _ERAS[era[1]] + (1 if era[2] == "元" else int(era[2]))


def _item_columns(sheet: Sheet) -> dict[int, int]:
    """Column of each item number that `ITEMS` needs."""
    wanted = {number for items in ITEMS.values() for number in items}
    found: dict[int, int] = {}
    for column in range(_FIRST_ITEM, len(sheet.rows[_NUMBER_ROW])):
        number = parse_number(sheet.cell(_NUMBER_ROW, column))
        if number is None or number not in wanted:
            continue
        if int(number) in found:
            raise sheet.error(
                Text(f"項目番号{number:g}が2度ある", f"the item number {number:g} stands twice"),
                OFFICIAL_LAYOUT,
                _NUMBER_ROW,
                column,
            )
        found[int(number)] = column
    absent = sorted(wanted - set(found))
    if absent:
        shown = ", ".join(map(str, absent))
        raise sheet.error(
            Text(f"項目番号{shown}の列がない", f"there is no column of the item numbers {shown}"),
            OFFICIAL_LAYOUT,
            _NUMBER_ROW,
        )
    return found


def _municipal_rows(sheet: Sheet, columns: Sequence[int]) -> range:
    """Rows from the first municipality to the last row with figures; below are notes only."""
    last = len(sheet.rows)
    while last > _FIRST_ROW and not any(sheet.text(last - 1, column) for column in columns):
        last -= 1
    if last == _FIRST_ROW:
        raise sheet.error(Text("市区町村の行がない", "there is no row of a municipality"), OFFICIAL_LAYOUT)
    return range(_FIRST_ROW, last)


def _cells(sheet: Sheet, rows: Sequence[int], columns: Sequence[int]) -> FloatArray:
    """Counts as an array (rows, columns); NaN where a cell is not published."""
    cells = [counts_or_blank(sheet, row, columns, NOT_PUBLISHED) for row in rows]
    return np.array([[np.nan if cell is None else cell for cell in row] for row in cells], dtype=np.float64)


def _require_nation(sheet: Sheet, cells: FloatArray, columns: Sequence[int]) -> None:
    """Municipalities add up to the nation; where some are not published, to no more than it."""
    nation, added = cells[0], np.nansum(cells[1:], axis=0)
    hidden = np.isnan(cells[1:]).any(axis=0)
    wrong = np.isnan(nation) | np.where(hidden, added > nation, added != nation)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise sheet.error(
            Text(
                f"全国の値「{shorten(sheet.cell(_NATION_ROW, columns[place]))}」が市区町村の和{added[place]:,.0f}と合わない",
                f"the nation has '{shorten(sheet.cell(_NATION_ROW, columns[place]))}', "
                f"but the municipalities add up to {added[place]:,.0f}",
            ),
            FETCH_AGAIN,
            _NATION_ROW,
            columns[place],
        )

"""Demand projected by the ministry for the 339 構想区域: 将来の在宅（訪問診療）需要推計 and 外来需要推計.

厚生労働省 「構想区域の医療需要推計について」. The values are claims (レセプト件数) a month, not patients;
2024 is observed, later years hold today's rates constant (現状投影).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.sources.checks import require_unique
from zaitaku_demand.sources.frames import as_object
from zaitaku_demand.sources.places import (
    area_code,
    require_all_prefectures,
    require_prefecture,
)
from zaitaku_demand.sources.reading import FETCH_AGAIN, OFFICIAL_LAYOUT, Sheet, read_workbook, shorten
from zaitaku_demand.sources.schemas import validated
from zaitaku_demand.sources.tabular import data_rows, filled_texts, numbers
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

YEARS = (2024, 2030, 2035, 2040, 2045, 2050)
OBSERVED_YEAR = 2024
AREAS = 339
HOME_VISITS = "将来の在宅（訪問診療）需要推計"
OUTPATIENTS = "将来の外来需要推計"

_PLACE_HEADINGS = ("都道府県", "構想区域コード", "構想区域名")
_UNIT = "レセプト件数/月"
_PROJECTED = "現状投影"


def load_home_visits(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Claims for 在宅（訪問診療） a month by 構想区域 and fiscal year.

    Parameters
    ----------
    path : path
        The ministry's workbook (``001728462.xlsx``).
    nationwide : bool
        Require all 339 areas; switch off for an extract.

    Returns
    -------
    DataFrame
        `area_code` (edition 339), `area_name`, `prefecture_name`, `year` (2024, 2030 to 2050),
        `receipts_per_month` (float), `kind` (observed in 2024, projected later).

    Raises
    ------
    InputError
        If the sheet or a heading is missing, years or units differ, an area stands twice or is
        missing, or a cell is no number.
    """
    return _load(path, HOME_VISITS, nationwide)


def load_outpatients(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Outpatient claims a month by 構想区域 and fiscal year; the table of :func:`load_home_visits`."""
    return _load(path, OUTPATIENTS, nationwide)


def _load(path: Path, title: str, nationwide: bool) -> pd.DataFrame:
    import pandas as pd

    (sheet,) = read_workbook(path, only=[title])
    head = sheet.find_row(_PLACE_HEADINGS)
    sheet.require_no_figures_above(head)
    if not any(sheet.text(row, 0) == title for row in range(head)):
        raise sheet.error(
            Text(f"表題が「{title}」ではない", f"the title is not '{title}'"), OFFICIAL_LAYOUT, 0, 0
        )
    columns = sheet.columns_named(head, _PLACE_HEADINGS)
    values_in = _year_columns(sheet, head)
    rows = data_rows(sheet, head + 1)
    codes = [area_code(sheet, row, columns["構想区域コード"]) for row in rows]
    require_unique(sheet, rows, codes, columns["構想区域コード"])
    names = filled_texts(sheet, rows, columns["構想区域名"])
    prefectures = [
        require_prefecture(sheet, row, columns["都道府県"], code)
        for row, code in zip(rows, codes, strict=True)
    ]
    values = numbers(sheet, rows, values_in)
    if nationwide:
        require_all_prefectures(sheet, codes)
        if len(codes) != AREAS:
            raise sheet.error(
                Text(
                    f"{AREAS}区域のはずが{len(codes)}区域ある",
                    f"there are {len(codes)} areas instead of {AREAS}",
                ),
                FETCH_AGAIN,
            )
    repeat = np.repeat(np.arange(len(rows)), len(YEARS))
    kinds = ["observed" if year == OBSERVED_YEAR else "projected" for year in YEARS]
    frame = pd.DataFrame(
        {
            "area_code": as_object(codes)[repeat],
            "area_name": as_object(names)[repeat],
            "prefecture_name": as_object(prefectures)[repeat],
            "year": np.tile(np.array(YEARS, dtype=np.int64), len(rows)),
            "receipts_per_month": values.reshape(-1),
            "kind": np.tile(as_object(kinds), len(rows)),
        }
    ).astype({name: "str" for name in ("area_code", "area_name", "prefecture_name", "kind")})
    return validated(frame, "receipts", path)


def _year_columns(sheet: Sheet, head: int) -> Sequence[int]:
    """Columns of the values, whose heading row gives the unit and the row above it the fiscal year."""
    found: list[int] = []
    for column in range(len(sheet.rows[head])):
        if sheet.text(head, column) != _UNIT:
            continue
        heading = sheet.text(head - 1, column) if head else ""
        match = re.match(r"(\d{4})年度(.*)$", heading)
        expected = YEARS[len(found)] if len(found) < len(YEARS) else None
        marked = _PROJECTED in heading
        if not match or int(match[1]) != expected or marked != (expected != OBSERVED_YEAR):
            raise sheet.error(
                Text(
                    f"見出し「{shorten(heading)}」が{expected or '予定外の'}年度のものではない",
                    f"the heading '{shorten(heading)}' is not that of {expected or 'any expected year'}",
                ),
                OFFICIAL_LAYOUT,
                head - 1,
                column,
            )
        found.append(column)
    if len(found) != len(YEARS):
        raise sheet.error(
            Text(
                f"「{_UNIT}」の列が{len(found)}列しかない", f"only {len(found)} columns are headed '{_UNIT}'"
            ),
            OFFICIAL_LAYOUT,
            head,
        )
    return found

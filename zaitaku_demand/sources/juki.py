"""Resident register population of 1 January 2025 (住民基本台帳に基づく人口, 総務省), all residents.

Ages of foreign residents are withheld where there are few, so the ages of an area fall short of its
total; persons whose sex is blank count in the total of both sexes only. Districts (郡, 島しょ) are
subtotals and are kept with kind ``d``; the nation has the code 00000 and kind ``n``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.sources.checks import require_grid, require_unique
from zaitaku_demand.sources.frames import as_object
from zaitaku_demand.sources.juki_areas import PLACE_HEADINGS, SEXES, check_areas, read_areas
from zaitaku_demand.sources.places import (
    NORTHERN_TERRITORIES,
    Places,
)
from zaitaku_demand.sources.reading import FETCH_AGAIN, OFFICIAL_LAYOUT, Sheet, shorten
from zaitaku_demand.sources.schemas import validated
from zaitaku_demand.sources.tabular import (
    IntArray,
    counts,
    counts_or_blank,
    naming,
    require_text,
    sheet_with,
)
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

BANDS = AgeBands.five_year(100)

_WITHHELD_MARKS = frozenset({"", "X", "x", "Ｘ", "-", "－", "***", "＊＊＊"})
_ALL_RESIDENTS = "総計"


def load_ages(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Residents by municipality, sex and five-year age up to 100 and over.

    Parameters
    ----------
    path : path
        年齢階級別人口（市区町村別）【総計】 (``juki_age_muni_2025.xlsx``).
    nationwide : bool
        Require the nation's row and all prefectures; switch off for an extract.

    Returns
    -------
    DataFrame
        `code` (five digits, without the check digit), `kind`, `prefecture_name`, `name`, `year`, `sex`
        (both, male, female), `age` (0-4 to 95-99, 100+), `persons` (Int64, missing where withheld),
        `withheld` (int64: total less the ages given, the same on every age row of an area and sex).

    Raises
    ------
    InputError
        If a heading or code is wrong, an area lacks a sex or stands twice, the ages exceed the total,
        male + female exceeds both, or municipalities do not add up to their prefecture.
    """
    import pandas as pd

    sheet, head = sheet_with(path, (*PLACE_HEADINGS, "性別"))
    columns = sheet.columns_named(head, (*PLACE_HEADINGS, "性別"))
    year = _year(sheet, head)
    total_column, age_columns = _age_columns(sheet, head, set(columns.values()))
    rows, places = read_areas(sheet, head, columns)
    sexes = require_text(sheet, rows, columns["性別"], SEXES)
    require_unique(sheet, rows, list(zip(places.code, sexes, strict=True)))
    require_grid(
        sheet, zip(places.code, sexes, strict=True), tuple(SEXES), Text("地域の性別", "sex of an area")
    )
    totals = counts(sheet, rows, [total_column])
    ages = _ages_or_withheld(sheet, rows, age_columns)
    given = np.where(ages < 0, 0, ages)
    withheld = totals[:, 0] - given.sum(axis=1)
    if (withheld < 0).any():
        row = int(np.flatnonzero(withheld < 0)[0])
        raise sheet.error(
            Text(
                f"年齢階級の和が総数を{-withheld[row]:,}人上回る",
                f"the ages exceed the total by {-withheld[row]:,}",
            ),
            FETCH_AGAIN,
            rows[row],
            total_column,
        )
    values = np.hstack([totals, given])
    check_areas(sheet, rows, places, sexes, values, [total_column, *age_columns], nationwide)
    kept = np.array([code not in NORTHERN_TERRITORIES for code in places.code])
    frame = _frame(places, year, [SEXES[sex] for sex in sexes], kept, repeat=len(BANDS))
    frame["age"] = pd.Series(np.tile(as_object(BANDS.labels), int(kept.sum())), dtype="str")
    flat = ages[kept].reshape(-1)
    frame["persons"] = pd.array(np.where(flat < 0, 0, flat), dtype="Int64")
    frame.loc[flat < 0, "persons"] = pd.NA
    frame["withheld"] = np.repeat(withheld[kept], len(BANDS))
    return validated(frame, "register_ages", path)


def load_totals(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Residents by municipality and sex.

    Parameters
    ----------
    path : path
        人口、世帯数、人口動態（市区町村別）【総計】 (``juki_pop_muni_2025.xlsx``).
    nationwide : bool
        Require the nation's row and all prefectures; switch off for an extract.

    Returns
    -------
    DataFrame
        `code`, `kind`, `prefecture_name`, `name`, `year`, `sex` (both, male, female), `persons` (int64).
        Both sexes may exceed male + female by persons whose sex is blank.

    Raises
    ------
    InputError
        As :func:`load_ages`.
    """
    sheet, head = sheet_with(path, PLACE_HEADINGS)
    columns = sheet.columns_named(head, PLACE_HEADINGS)
    year = _year(sheet, head)
    population = _population_columns(sheet, head)
    rows, places = read_areas(sheet, head, columns)
    require_unique(sheet, rows, places.code)
    values = counts(sheet, rows, population)
    repeated = Places(*([cell for cell in column for _ in SEXES] for column in places))
    sexes = [sex for _ in rows for sex in SEXES]
    rows_of = [row for row in rows for _ in SEXES]
    check_areas(sheet, rows_of, repeated, sexes, values.reshape(-1, 1), [population[0]], nationwide)
    kept = np.array([code not in NORTHERN_TERRITORIES for code in repeated.code])
    frame = _frame(repeated, year, [SEXES[sex] for sex in sexes], kept, repeat=1)
    frame["persons"] = values.reshape(-1)[kept]
    return validated(frame, "register_totals", path)


def _year(sheet: Sheet, head: int) -> int:
    title = next((sheet.text(row, 0) for row in range(head) if sheet.text(row, 0)), "")
    match = re.search(r"令和(\d+|元)年1月1日", title)
    if not match or _ALL_RESIDENTS not in title:
        raise sheet.error(
            Text(
                f"表題「{shorten(title, 40)}」が1月1日の総計の表のものではない",
                f"the title '{shorten(title, 40)}' is not that of all residents (総計) on 1 January",
            ),
            OFFICIAL_LAYOUT,
            0,
        )
    return 2018 + (1 if match[1] == "元" else int(match[1]))


def _age_columns(sheet: Sheet, head: int, named: set[int]) -> tuple[int, list[int]]:
    """Column of the total and of the ages; their headings stand in the row above the place headings."""
    columns = [
        column
        for column in range(len(sheet.rows[head]))
        if column not in named and (sheet.text(head - 1, column) or sheet.text(head, column))
    ]
    labels = [sheet.text(head - 1, column) for column in columns]
    if not labels or labels[0] != "総数":
        raise sheet.error(
            Text("見出し「総数」の列がない", "there is no column headed '総数'"), OFFICIAL_LAYOUT, head - 1
        )
    with naming(sheet, head - 1):
        bands = AgeBands.of(labels[1:])
    if bands != BANDS:
        raise sheet.error(
            Text(
                "年齢階級が0～4歳から100歳以上までの21階級ではない",
                "the ages are not the 21 bands from 0-4 to 100+",
            ),
            OFFICIAL_LAYOUT,
            head - 1,
        )
    return columns[0], columns[1:]


def _population_columns(sheet: Sheet, head: int) -> list[int]:
    """Columns of 人口 計・男・女, in the order of the keys of `SEXES`."""
    found: dict[str, int] = {}
    for column in range(len(sheet.rows[head])):
        if sheet.text(head - 2, column) == "人口" and sheet.text(head, column) == "人":
            label = sheet.text(head - 1, column)
            if label in found or label not in SEXES:
                raise sheet.error(
                    Text(
                        f"人口の見出し「{label}」を読み取れない",
                        f"the heading '{label}' of 人口 is not understood",
                    ),
                    OFFICIAL_LAYOUT,
                    head - 1,
                    column,
                )
            found[label] = column
    if set(found) != set(SEXES):
        raise sheet.error(
            Text("人口の「計」「男」「女」の列がそろわない", "人口 lacks a column of 計, 男 or 女"),
            OFFICIAL_LAYOUT,
            head - 1,
        )
    return [found[label] for label in SEXES]


def _ages_or_withheld(sheet: Sheet, rows: Sequence[int], columns: Sequence[int]) -> IntArray:
    """Persons by age; -1 where the cell says that the value is withheld."""
    marked = [
        position
        for position, row in enumerate(rows)
        if any(isinstance(sheet.cell(row, column), str) for column in columns)
    ]
    if not marked:
        return counts(sheet, rows, columns)
    result = np.empty((len(rows), len(columns)), dtype=np.int64)
    marked_rows = set(marked)
    plain = [position for position in range(len(rows)) if position not in marked_rows]
    if plain:
        result[plain] = counts(sheet, [rows[position] for position in plain], columns)
    for position in marked:
        cells = counts_or_blank(sheet, rows[position], columns, _WITHHELD_MARKS)
        result[position] = [-1 if cell is None else cell for cell in cells]
    return result


def _frame(places: Places, year: int, sexes: Sequence[str], kept: np.ndarray, repeat: int) -> pd.DataFrame:
    import pandas as pd

    chosen = np.repeat(np.flatnonzero(kept), repeat)
    frame = pd.DataFrame(
        {
            "code": as_object(places.code)[chosen],
            "kind": as_object(places.kind)[chosen],
            "prefecture_name": as_object(places.prefecture_name)[chosen],
            "name": as_object(places.name)[chosen],
            "year": np.full(len(chosen), year, dtype=np.int64),
            "sex": as_object(sexes)[chosen],
        }
    )
    return frame.astype({name: "str" for name in ("code", "kind", "prefecture_name", "name", "sex")})

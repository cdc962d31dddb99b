"""Regional population projection of 2023 (日本の地域別将来推計人口 令和5年推計, 社人研).

Thirteen coastal municipalities of Fukushima are pooled in the block 浜通り地域 (code 07999, kind 9).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.ages import AgeBands, ordered_bands
from zaitaku_demand.sources.checks import require_equal, require_grid, require_unique
from zaitaku_demand.sources.frames import as_object
from zaitaku_demand.sources.ipss_tables import Measure, ResultTable, read_table
from zaitaku_demand.sources.ipss_wide import load_wide
from zaitaku_demand.sources.places import (
    PREFECTURE,
    area_code,
    require_all_prefectures,
    require_national_total,
    require_sums,
)
from zaitaku_demand.sources.reading import FETCH_AGAIN, OFFICIAL_LAYOUT, read_csv
from zaitaku_demand.sources.schemas import validated
from zaitaku_demand.sources.tabular import IntArray, counts, data_rows, naming, require_even_rows, year_of
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

YEARS = (2020, 2025, 2030, 2035, 2040, 2045, 2050)
NATIONAL_TOTALS = (126_146_099, 123_262_450, 120_115_783, 116_638_900, 112_837_404, 108_801_339, 104_686_386)
"""Sums of the 47 prefectures in 結果表1, one for each of `YEARS`."""

_BANDS = AgeBands.five_year(90)
_INDEX_TOLERANCE = 1e-6
_PERSON_TOLERANCE = 1e-4


def load_municipality_ages(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Population by municipality, year, sex and five-year age, 2020 to 2050.

    Parameters
    ----------
    path : path
        将来の地域別男女5歳階級別人口 of the 2023 edition, workbook or CSV, in the layouts of the 2018 one.
    nationwide : bool
        Require all 47 prefectures; switch off for an extract.

    Returns
    -------
    DataFrame
        `code`, `kind` (also 9 for the block 浜通り地域), `prefecture_name`, `name`, `year`, `sex` (male,
        female), `age` (0-4 to 90+), `persons` (int64).

    Raises
    ------
    InputError
        See :func:`zaitaku_demand.sources.ipss_wide.load_wide`.
    """
    return load_wide(path, YEARS, nationwide=nationwide)


def load_table(path: Path) -> pd.DataFrame:
    """One of the published 結果表 of this edition (a measure by municipality and year).

    Returns
    -------
    DataFrame
        `code`, `kind`, `prefecture_name`, `name`, `year`, `value` (float), `measure` (heading), `unit`
        (persons, percent, index), `title` (title of the table).

    Raises
    ------
    InputError
        See :func:`zaitaku_demand.sources.ipss_tables.read_table`.
    """
    return read_table(path, YEARS).tidy()


def load_totals(table1: Path, table3_3: Path, table3_4: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Total population and persons aged 65 and over and 75 and over, as whole numbers.

    The tables give the old only as shares; a share times the total is a whole number to the
    precision of the workbook, so the count is recovered exactly.

    Parameters
    ----------
    table1, table3_3, table3_4 : path
        結果表1 (総人口), 結果表3-3 (65歳以上) and 結果表3-4 (75歳以上).
    nationwide : bool
        Require all 47 prefectures; switch off for an extract.

    Returns
    -------
    DataFrame
        `code`, `kind`, `prefecture_name`, `name`, `year`, `total`, `aged_65plus`, `aged_75plus` (int64).

    Raises
    ------
    InputError
        If a table is another one, the tables differ in their areas, the index contradicts the totals,
        share x total is no whole number, 75+ exceeds 65+, or municipalities do not add up.
    """
    totals, aged_65, aged_75 = (read_table(path, YEARS) for path in (table1, table3_3, table3_4))
    persons = totals.measure("総人口", unit="persons")
    total = persons.values.astype(np.int64)
    index = totals.measure("指数", unit="index")
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = persons.values / persons.values[:, :1] * 100
    # A total of 0 in the base year has no index; require_equal then points at its cell.
    require_equal(
        totals.sheet,
        totals.rows,
        index.columns,
        index.values,
        expected,
        Text("総人口とその指数", "index of the total population"),
        _INDEX_TOLERANCE,
    )
    share_65, share_75 = (
        table.measure(words, unit="percent")
        for table, words in ((aged_65, "65歳以上"), (aged_75, "75歳以上"))
    )
    old_65, old_75 = _persons(totals, aged_65, share_65, total), _persons(totals, aged_75, share_75, total)
    over = np.argwhere(old_75 > old_65)
    if len(over):
        row, column = over[0]
        raise aged_75.sheet.error(
            Text("75歳以上が65歳以上より多い", "more persons are 75 and over than 65 and over"),
            FETCH_AGAIN,
            aged_75.rows[row],
            share_75.columns[column],
        )
    if nationwide:
        require_all_prefectures(
            totals.sheet,
            [c for c, k in zip(totals.places.code, totals.places.kind, strict=True) if k == PREFECTURE],
        )
    for table, measure, values in (
        (totals, persons, total),
        (aged_65, share_65, old_65),
        (aged_75, share_75, old_75),
    ):
        require_sums(table.sheet, table.rows, table.places.code, table.places.kind, values, measure.columns)
    return _totals_frame(totals, total, old_65, old_75)


def load_area_ages(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Population of the 330 secondary medical areas by year and five-year age, both sexes.

    Parameters
    ----------
    path : path
        ``area330_year_age5_bothsexes.csv``: 令和5年推計 added up to the areas of the eighth medical plan.
        Of 0706 相双 and 0707 いわき only the sum is official.
    nationwide : bool
        Require the published national total of every year; switch off for an extract.

    Returns
    -------
    DataFrame
        `area_code` (edition 330), `year`, `sex` (both), `age` (0-4 to 90+), `persons` (int64).

    Raises
    ------
    InputError
        If ages leave a gap or overlap, an area has a year twice or not at all, a cell is no count,
        or the areas do not add up to the nation.
    """
    import pandas as pd

    sheet = read_csv(path)
    columns = sheet.columns_named(0, ("area_code", "year"))
    require_even_rows(sheet)
    others = [column for column in range(len(sheet.rows[0])) if column not in columns.values()]
    with naming(sheet, 0):
        bands, order = ordered_bands([sheet.text(0, column) for column in others])
    if bands != _BANDS:
        raise sheet.error(
            Text(
                "年齢階級が0～4歳から90歳以上までの19階級ではない",
                "the ages are not the 19 bands from 0-4 to 90+",
            ),
            OFFICIAL_LAYOUT,
            0,
        )
    rows = data_rows(sheet, 1)
    codes = [area_code(sheet, row, columns["area_code"]) for row in rows]
    years = [year_of(sheet, row, columns["year"]) for row in rows]
    keys = list(zip(codes, years, strict=True))
    require_unique(sheet, rows, keys)
    require_grid(sheet, keys, YEARS, Text("圏域の年", "year of an area"))
    persons = counts(sheet, rows, [others[position] for position in order])
    unknown = [row for row, year in zip(rows, years, strict=True) if year not in YEARS]
    if unknown:
        raise sheet.error(
            Text("この推計にない年がある", "the year is not in this edition"),
            OFFICIAL_LAYOUT,
            unknown[0],
            columns["year"],
        )
    if nationwide:
        require_all_prefectures(sheet, codes)
        for year, expected in zip(YEARS, NATIONAL_TOTALS, strict=True):
            chosen = [position for position, each in enumerate(years) if each == year]
            require_national_total(
                sheet,
                Text(f"{year}年の総人口", f"the population of {year}"),
                int(persons[chosen].sum()),
                expected,
            )
    repeat = np.repeat(np.arange(len(rows)), len(bands))
    frame = pd.DataFrame(
        {
            "area_code": as_object(codes)[repeat],
            "year": np.array(years, dtype=np.int64)[repeat],
            "sex": "both",
            "age": np.tile(as_object(bands.labels), len(rows)),
            "persons": persons.reshape(-1),
        }
    ).astype({"area_code": "str", "sex": "str", "age": "str"})
    return validated(frame, "area_population", path)


def _persons(totals: ResultTable, table: ResultTable, share: Measure, total: IntArray) -> IntArray:
    """Whole persons behind a share; the table must list the areas in the order of 結果表1."""
    for position, row in enumerate(table.rows):
        same = position < len(totals.rows) and all(
            mine[position] == theirs[position]
            for mine, theirs in zip(table.places, totals.places, strict=True)
        )
        if not same:
            raise table.sheet.error(
                Text(
                    "地域の並びが結果表1と異なる",
                    "the areas are not those of result table 1 in the same order",
                ),
                FETCH_AGAIN,
                row,
            )
    if len(table.rows) != len(totals.rows):
        raise table.sheet.error(
            Text(
                f"地域が{len(table.rows)}あり、結果表1の{len(totals.rows)}と異なる",
                f"there are {len(table.rows)} areas but {len(totals.rows)} in result table 1",
            ),
            FETCH_AGAIN,
        )
    exact = share.values * total / 100
    persons = np.rint(exact)
    require_equal(
        table.sheet,
        table.rows,
        share.columns,
        exact,
        persons,
        Text("割合×総人口と整数", "share x total and a whole number"),
        _PERSON_TOLERANCE,
    )
    return persons.astype(np.int64)


def _totals_frame(table: ResultTable, total: IntArray, aged_65: IntArray, aged_75: IntArray) -> pd.DataFrame:
    import pandas as pd

    years = len(YEARS)
    frame = pd.DataFrame(
        {
            "code": np.repeat(as_object(table.places.code), years),
            "kind": np.repeat(as_object(table.places.kind), years),
            "prefecture_name": np.repeat(as_object(table.places.prefecture_name), years),
            "name": np.repeat(as_object(table.places.name), years),
            "year": np.tile(np.array(YEARS, dtype=np.int64), len(table.rows)),
            "total": total.reshape(-1),
            "aged_65plus": aged_65.reshape(-1),
            "aged_75plus": aged_75.reshape(-1),
        }
    ).astype({name: "str" for name in ("code", "kind", "prefecture_name", "name")})
    return validated(frame, "ipss_totals", table.sheet.file)

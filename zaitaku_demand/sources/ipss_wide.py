"""将来の地域別男女5歳階級別人口 of the National Institute (社人研): one row for an area and a year.

The same table comes as the official workbook (two or three rows of headings, the sexes above the
ages), as a CSV copy with one row of headings (``0～4歳/a`` both sexes, ``/m`` male, ``/f`` female) and as
a tidy CSV copy with a row for each sex. All three give the same frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from zaitaku_demand.ages import band_label
from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.checks import require_equal, require_grid, require_unique
from zaitaku_demand.sources.frames import population_frame
from zaitaku_demand.sources.ipss_headings import (
    BANDS,
    PLACE_HEADINGS,
    TIDY_HEADINGS,
    age_columns,
    in_order_of_age,
    wide_columns,
)
from zaitaku_demand.sources.places import (
    PREFECTURE,
    Places,
    read_places,
    require_all_prefectures,
    require_sums,
)
from zaitaku_demand.sources.reading import FETCH_AGAIN, OFFICIAL_LAYOUT, Sheet
from zaitaku_demand.sources.schemas import validated
from zaitaku_demand.sources.tabular import (
    IntArray,
    counts,
    data_rows,
    require_even_rows,
    require_text,
    sheet_with,
    year_of,
)
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

HEADING_ROWS_BELOW = 3


class _Block(NamedTuple):
    """Persons of one sex: the sheet's rows and columns they stand in, and the numbers."""

    rows: Sequence[int]
    columns: list[int]
    persons: IntArray


def load_wide(
    path: Path, years: Sequence[int], *, incomplete: frozenset[str] = frozenset(), nationwide: bool = True
) -> pd.DataFrame:
    """Population by municipality, year, sex and five-year age.

    Parameters
    ----------
    path : path
        Workbook or CSV file in one of the three layouts.
    years : sequence of int
        Years of the edition; every area must have each of them once.
    incomplete : frozenset of str
        Codes of prefectures for which the edition has no municipalities.
    nationwide : bool
        Require all 47 prefectures; switch off for an extract.

    Returns
    -------
    DataFrame
        `code`, `kind`, `prefecture_name`, `name`, `year`, `sex` (male, female), `age` (0-4 to 90+),
        `persons` (int64).

    Raises
    ------
    InputError
        If a heading is missing or moved, the ages leave a gap or overlap, an area has a year twice
        or not at all, male + female is not both, the ages do not add up to the total, wards do not add
        up to their city or municipalities to their prefecture, or a cell is not a count.
    """
    sheet, row = _find(path)
    if "code" in {sheet.text(row, column) for column in range(len(sheet.rows[row]))}:
        places, when, male, female = _read_tidy(sheet, row)
    else:
        places, when, male, female = _read_wide(sheet, row)
    _require_years(sheet, male.rows, places.code, when, years)
    if nationwide:
        prefectures = [c for c, k in zip(places.code, places.kind, strict=True) if k == PREFECTURE]
        require_all_prefectures(sheet, prefectures)
    for year in years:
        chosen = [position for position, each in enumerate(when) if each == year]
        for block in (male, female):
            require_sums(
                sheet,
                [block.rows[position] for position in chosen],
                [places.code[position] for position in chosen],
                [places.kind[position] for position in chosen],
                block.persons[chosen],
                block.columns,
                incomplete=incomplete,
            )
    return validated(_tidy(places, when, male.persons, female.persons), "population", path)


def _find(path: Path) -> tuple[Sheet, int]:
    try:
        return sheet_with(path, PLACE_HEADINGS)
    except InputError as error:
        if error.row is not None or path.suffix.lower() not in {".csv", ".gz", ".txt"}:
            raise
        try:
            return sheet_with(path, ("code", "sex"))
        except InputError:
            raise error from None


def _read_tidy(sheet: Sheet, head: int) -> tuple[Places, list[int], _Block, _Block]:
    columns = sheet.columns_named(head, TIDY_HEADINGS)
    require_even_rows(sheet, head)
    ages = age_columns(sheet, head, {c for c in range(len(sheet.rows[head])) if c not in columns.values()})
    rows = data_rows(sheet, head + 1)
    place_columns = [columns[name] for name in ("code", "kind", "pref", "municipality")]
    places = read_places(sheet, rows, place_columns)
    years = [year_of(sheet, row, columns["year"]) for row in rows]
    sexes = require_text(sheet, rows, columns["sex"], ("male", "female"))
    keys = list(zip(places.code, years, sexes, strict=True))
    require_unique(sheet, rows, keys, columns["year"])
    require_grid(
        sheet,
        [(f"{code} {year}", sex) for code, year, sex in keys],
        ("male", "female"),
        Text("地域と年の男女", "sex of an area and year"),
    )
    persons = counts(sheet, rows, ages)
    _require_total(sheet, rows, columns["total"], persons)
    of = {key: position for position, key in enumerate(keys)}
    order_male = [position for position, key in enumerate(keys) if key[2] == "male"]
    order_female = [of[(*keys[position][:2], "female")] for position in order_male]
    kept = Places(*([column[position] for position in order_male] for column in places))
    _require_same_places(sheet, rows, places, order_male, order_female)
    return (
        kept,
        [years[position] for position in order_male],
        _Block([rows[p] for p in order_male], ages, persons[order_male]),
        _Block([rows[p] for p in order_female], ages, persons[order_female]),
    )


def _require_same_places(
    sheet: Sheet, rows: Sequence[int], places: Places, males: Sequence[int], females: Sequence[int]
) -> None:
    for left, right in zip(males, females, strict=True):
        if (places.kind[left], places.name[left]) != (places.kind[right], places.name[right]):
            raise sheet.error(
                Text(
                    f"コード{places.code[left]}の種別か名称が男女の行で異なる",
                    f"kind or name of {places.code[left]} differ between the rows of the sexes",
                ),
                FETCH_AGAIN,
                rows[right],
            )


def _read_wide(sheet: Sheet, head: int) -> tuple[Places, list[int], _Block, _Block]:
    columns = sheet.columns_named(head, [*PLACE_HEADINGS, "年"])
    first = next(
        (
            row
            for row in range(head + 1, min(head + 2 + HEADING_ROWS_BELOW, len(sheet.rows)))
            if sheet.text(row, columns["コード"])
        ),
        len(sheet.rows),
    )
    rows = data_rows(sheet, first)
    ages, totals, age_row = wide_columns(sheet, head, first, set(columns.values()))
    if sheet.name is None:
        require_even_rows(sheet, head)
    places = read_places(sheet, rows, [columns[name] for name in PLACE_HEADINGS])
    years = [year_of(sheet, row, columns["年"]) for row in rows]
    ordered = {
        sex: in_order_of_age(sheet, age_row, [band_label(band) for band in found], list(found.values()))
        for sex, found in ages.items()
    }
    persons = {sex: counts(sheet, rows, found) for sex, found in ordered.items()}
    require_equal(
        sheet,
        rows,
        ordered["both"],
        persons["both"],
        persons["male"] + persons["female"],
        Text("男女の和", "male + female"),
    )
    for sex, column in totals.items():
        _require_total(sheet, rows, column, persons[sex])
    return (
        places,
        years,
        _Block(rows, ordered["male"], persons["male"]),
        _Block(rows, ordered["female"], persons["female"]),
    )


def _require_total(sheet: Sheet, rows: Sequence[int], column: int, persons: IntArray) -> None:
    require_equal(
        sheet,
        rows,
        [column],
        counts(sheet, rows, [column]),
        persons.sum(axis=1, keepdims=True),
        Text("年齢階級の和と総数", "sum of the ages and the total"),
    )


def _require_years(
    sheet: Sheet, rows: Sequence[int], codes: Sequence[str], when: Sequence[int], years: Sequence[int]
) -> None:
    for row, year in zip(rows, when, strict=True):
        if year not in years:
            raise sheet.error(
                Text(
                    f"この推計にない年「{year}」がある（{years[0]}～{years[-1]}年）",
                    f"the year {year} is not in this edition ({years[0]}-{years[-1]})",
                ),
                OFFICIAL_LAYOUT,
                row,
            )
    require_unique(sheet, rows, list(zip(codes, when, strict=True)))
    require_grid(sheet, list(zip(codes, when, strict=True)), years, Text("地域の年", "year of an area"))


def _tidy(places: Places, when: Sequence[int], male: IntArray, female: IntArray) -> pd.DataFrame:
    twice = Places(*([cell for cell in column for _ in range(2)] for column in places))
    return population_frame(
        twice.code,
        twice.kind,
        twice.prefecture_name,
        twice.name,
        [year for year in when for _ in range(2)],
        ["male", "female"] * len(when),
        BANDS.labels,
        np.stack([male, female], axis=1).reshape(-1, len(BANDS)),
    )

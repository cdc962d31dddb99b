"""Population census (国勢調査, 総務省統計局): 2020 by area and prefecture, 1980 to 2015 by municipality.

Persons of unknown age (年齢不詳) are kept apart as rows with age ``unknown``; nothing is spread over
the ages here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.sources.census_history import UNKNOWN, load_history
from zaitaku_demand.sources.checks import require_equal, require_grid, require_unique
from zaitaku_demand.sources.frames import as_object, population_frame, with_text
from zaitaku_demand.sources.places import (
    area_code,
    prefecture_code,
    prefecture_of,
    require_all_prefectures,
    require_national_total,
    require_prefecture,
)
from zaitaku_demand.sources.reading import CORRECT_CELL, Sheet, shorten
from zaitaku_demand.sources.schemas import validated
from zaitaku_demand.sources.tabular import IntArray, counts, data_rows, filled_texts, read_copy, require_text
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

BANDS_2020 = AgeBands.five_year(100)

__all__ = ["BANDS_2020", "UNKNOWN", "load_areas_2020", "load_history", "load_prefectures_2020"]

NATIONAL_2020 = {"male": 61_349_581, "female": 64_796_518}


def load_areas_2020(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Census 2020 by 構想区域 (339), sex and five-year age up to 100 and over.

    Parameters
    ----------
    path : path
        ``census2020_area339_sex_age5.csv``.
    nationwide : bool
        Require the published national total of each sex; switch off for an extract.

    Returns
    -------
    DataFrame
        `area_code` (edition 339), `area_name`, `prefecture_code`, `prefecture_name`, `year` (2020), `sex`
        (male, female), `age` (0-4 to 95-99, 100+, unknown), `persons` (int64).

    Raises
    ------
    InputError
        If a heading is missing, an area lacks a sex or stands twice, the ages and 年齢不詳 do not add
        up to the total, 65+ disagrees, or the national total does.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ["area_code", "area_name", *_HEADINGS_2020])
    rows = data_rows(sheet, 1)
    codes = [area_code(sheet, row, columns["area_code"]) for row in rows]
    names = filled_texts(sheet, rows, columns["area_name"])
    for row, code in zip(rows, codes, strict=True):
        _require_prefecture_code(sheet, row, columns["pref_code"], code[:2])
        require_prefecture(sheet, row, columns["pref_name"], code)
    sexes, persons = _persons_2020(sheet, rows, columns, codes, nationwide)
    repeat, labels = np.repeat(np.arange(len(rows)), len(BANDS_2020) + 1), (*BANDS_2020.labels, UNKNOWN)
    frame = pd.DataFrame(
        {
            "area_code": as_object(codes)[repeat],
            "area_name": as_object(names)[repeat],
            "prefecture_code": as_object([code[:2] for code in codes])[repeat],
            "prefecture_name": as_object([prefecture_of(code) or "" for code in codes])[repeat],
            "year": np.full(len(repeat), 2020, dtype=np.int64),
            "sex": as_object(sexes)[repeat],
            "age": np.tile(as_object(labels), len(rows)),
            "persons": persons.reshape(-1),
        }
    )
    texts = ("area_code", "area_name", "prefecture_code", "prefecture_name", "sex", "age")
    return validated(with_text(frame, texts), "census_areas", path)


def load_prefectures_2020(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Census 2020 by prefecture, sex and five-year age up to 100 and over.

    Parameters
    ----------
    path : path
        ``census2020_prefecture_sex_age5.csv``.
    nationwide : bool
        Require all prefectures and the published national totals; switch off for an extract.

    Returns
    -------
    DataFrame
        `code` (01000 to 47000), `kind` (a), `prefecture_name`, `name`, `year` (2020), `sex` (male, female),
        `age` (0-4 to 95-99, 100+, unknown), `persons` (int64).

    Raises
    ------
    InputError
        As :func:`load_areas_2020`.
    """
    sheet, columns = read_copy(path, _HEADINGS_2020)
    rows = data_rows(sheet, 1)
    codes = [prefecture_code(sheet, row, columns["pref_code"]) + "000" for row in rows]
    names = [
        require_prefecture(sheet, row, columns["pref_name"], code)
        for row, code in zip(rows, codes, strict=True)
    ]
    sexes, persons = _persons_2020(sheet, rows, columns, codes, nationwide)
    frame = population_frame(
        codes,
        ["a"] * len(codes),
        names,
        names,
        [2020] * len(codes),
        sexes,
        (*BANDS_2020.labels, UNKNOWN),
        persons,
    )
    return validated(frame, "population", path)


_HEADINGS_2020 = [
    "pref_code",
    "pref_name",
    "sex",
    *(f"pop_{age}_{age + 4}" for age in range(0, 100, 5)),
    "pop_100plus",
    "pop_65plus",
    "pop_age_unknown",
    "pop_total_census",
]


def _persons_2020(
    sheet: Sheet, rows: Sequence[int], columns: dict[str, int], codes: Sequence[str], nationwide: bool
) -> tuple[list[str], IntArray]:
    """Sex of each row and persons by age with 年齢不詳 last, after the checks that both files share."""
    sexes = require_text(sheet, rows, columns["sex"], ("male", "female"))
    require_unique(sheet, rows, list(zip(codes, sexes, strict=True)))
    require_grid(
        sheet, zip(codes, sexes, strict=True), ("male", "female"), Text("地域の男女", "sex of an area")
    )
    ages = [columns[name] for name in _HEADINGS_2020[3:24]]
    persons = counts(sheet, rows, ages)
    others = {name: counts(sheet, rows, [columns[name]]) for name in _HEADINGS_2020[24:]}
    of_65 = persons[:, BANDS_2020.index_from(65) :].sum(axis=1, keepdims=True)
    require_equal(
        sheet, rows, [columns["pop_65plus"]], others["pop_65plus"], of_65, Text("65歳以上", "65 and over")
    )
    with_unknown = np.hstack([persons, others["pop_age_unknown"]])
    require_equal(
        sheet,
        rows,
        [columns["pop_total_census"]],
        others["pop_total_census"],
        with_unknown.sum(axis=1, keepdims=True),
        Text("年齢別と不詳の和", "ages + unknown"),
    )
    if nationwide:
        require_all_prefectures(sheet, codes)
        for sex, expected in NATIONAL_2020.items():
            chosen = [position for position, each in enumerate(sexes) if each == sex]
            found = int(with_unknown[chosen].sum())
            require_national_total(
                sheet, Text(f"2020年国勢調査（{sex}）", f"the census of 2020 ({sex})"), found, expected
            )
    return sexes, with_unknown


def _require_prefecture_code(sheet: Sheet, row: int, column: int, expected: str) -> None:
    found = sheet.text(row, column).zfill(2)
    if found != expected:
        raise sheet.error(
            Text(
                f"都道府県コード「{shorten(found)}」が圏域コードの先頭{expected}と異なる",
                f"the prefecture code '{shorten(found)}' is not the beginning {expected} of the area code",
            ),
            CORRECT_CELL,
            row,
            column,
        )

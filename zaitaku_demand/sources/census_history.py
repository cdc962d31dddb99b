"""Population censuses of 1980 to 2015 (国勢調査, 総務省統計局) by prefecture or municipality."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.ages import AgeBands, parse_band
from zaitaku_demand.sources.checks import require_equal, require_grid, require_unique
from zaitaku_demand.sources.frames import population_frame
from zaitaku_demand.sources.places import (
    municipality_code,
    prefecture_code,
    prefecture_of,
    require_all_prefectures,
    require_national_total,
)
from zaitaku_demand.sources.reading import CORRECT_CELL, FETCH_AGAIN, OFFICIAL_LAYOUT, Sheet, shorten
from zaitaku_demand.sources.schemas import validated
from zaitaku_demand.sources.tabular import IntArray, counts, data_rows, filled_texts, read_copy, require_text
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

YEARS = (1980, 1985, 1990, 1995, 2000, 2005, 2010, 2015)
BANDS = AgeBands.five_year(90)
UNKNOWN = "unknown"

NATIONAL = (
    117_060_396,
    121_048_923,
    123_611_167,
    125_570_246,
    126_925_843,
    127_767_994,
    128_057_352,
    127_094_745,
)
MUNICIPALITIES = 1741
UNASSIGNED_1980 = 37
"""Persons of Tokyo in 1980 who are in the prefecture's figure but in no municipality of today."""

OFF_BY_ONE = frozenset({"19201", "19430"})
"""甲府市 and 富士河口湖町 share the former 上九一色村; its persons were split and rounded sex by sex."""

_SEXES = ("both", "male", "female")
_HISTORY_SEXES = {"total": "both", "male": "male", "female": "female"}
_TOTAL_LABEL, _UNKNOWN_LABEL, _ODD_LABEL = "総数", "年齢不詳", "85～89歳以上"


def load_history(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Censuses of 1980 to 2015 by prefecture or municipality, sex and five-year age up to 90 and over.

    The file's label ``85～89歳以上`` holds the ages 85 to 89 in every year: together with the row
    ``90歳以上`` the ages add up to the total for each area, sex and year, which the loader requires.
    Municipalities are those of today (1,741); prefectures have the borders of each census.

    Parameters
    ----------
    path : path
        ``census_1980_2015_prefecture_age5_sex.csv`` or ``census_1980_2015_municipality_age5_sex.csv.gz``.
    nationwide : bool
        Require every prefecture or municipality and the published national totals; switch off for an
        extract.

    Returns
    -------
    DataFrame
        `code`, `kind` (a, 0 for Tokyo's wards, 1, 2, 3), `prefecture_name`, `name`, `year`, `sex` (both,
        male, female), `age` (0-4 to 90+, unknown), `persons` (int64). For 甲府市 and 富士河口湖町 both
        sexes may differ by 1 from male + female, as published.

    Raises
    ------
    InputError
        If a heading is missing, a row is missing or stands twice, the ages do not add up to the total,
        or the sexes not to both.
    """
    sheet, columns = read_copy(path, ["code", "name", "sex", "age_group", *map(str, YEARS)])
    rows = data_rows(sheet, 1)
    prefectures = all(len(sheet.text(row, columns["code"])) <= 2 for row in rows)
    read = _prefecture_code if prefectures else municipality_code
    codes = [read(sheet, row, columns["code"]) for row in rows]
    names = filled_texts(sheet, rows, columns["name"])
    sexes = require_text(sheet, rows, columns["sex"], _HISTORY_SEXES)
    labels = list(dict.fromkeys(sheet.text(row, columns["age_group"]) for row in rows))
    ages = _history_ages(sheet, labels, columns["age_group"])
    groups = [sheet.text(row, columns["age_group"]) for row in rows]
    keys = list(zip(codes, sexes, groups, strict=True))
    require_unique(sheet, rows, keys)
    wanted = [(sex, label) for sex in _HISTORY_SEXES for label in labels]
    require_grid(
        sheet,
        [(code, (sex, label)) for code, sex, label in keys],
        wanted,
        Text("地域の性別と年齢", "sex and age of an area"),
    )
    year_columns = [columns[str(year)] for year in YEARS]
    values = counts(sheet, rows, year_columns)
    position = {key: index for index, key in enumerate(keys)}
    places = list(dict.fromkeys(codes))
    name_of = _names(sheet, rows, codes, names, columns["name"], prefectures)

    def of(code: str, sex: str, label: str) -> int:
        return position[code, sex, label]

    order = np.array(
        [[[of(code, sex, label) for label in labels] for sex in _HISTORY_SEXES] for code in places],
        dtype=np.int64,
    )
    cube = values[order]
    _check_history(sheet, rows, year_columns, places, labels, cube, order)
    if nationwide:
        _check_nation(sheet, places, cube[:, 0, labels.index(_TOTAL_LABEL)].sum(axis=0), prefectures)
    kept = cube[:, :, ages].transpose(0, 3, 1, 2)
    stacked = kept.reshape(-1, len(ages))
    per_place = [code for code in places for _ in range(len(YEARS) * len(_SEXES))]
    frame = population_frame(
        per_place,
        [_kind(code) for code in per_place],
        [prefecture_of(code) or "" for code in per_place],
        [name_of[code] for code in per_place],
        [year for _ in places for year in YEARS for _ in _SEXES],
        [sex for _ in places for _ in YEARS for sex in _SEXES],
        (*BANDS.labels, UNKNOWN),
        stacked,
    )
    return validated(frame, "population", path)


def _history_ages(sheet: Sheet, labels: Sequence[str], column: int) -> list[int]:
    """Positions in `labels` of the ages 0-4 to 90+ and of 年齢不詳; InputError if the labels are others."""
    bands = {label: parse_band("85～89歳" if label == _ODD_LABEL else label) for label in labels}
    where = {band: labels.index(label) for label, band in bands.items() if band is not None}
    others = {label for label, band in bands.items() if band is None}
    if set(where) != set(BANDS.bands) or others != {_TOTAL_LABEL, _UNKNOWN_LABEL}:
        raise sheet.error(
            Text(
                f"年齢区分が総数・0～4歳から90歳以上・年齢不詳ではない（{'、'.join(labels[-4:])}）",
                f"the ages are not the total, 0-4 to 90+ and unknown ({', '.join(labels[-4:])})",
            ),
            OFFICIAL_LAYOUT,
            column=column,
        )
    return [*(where[band] for band in BANDS.bands), labels.index(_UNKNOWN_LABEL)]


def _names(
    sheet: Sheet,
    rows: Sequence[int],
    codes: Sequence[str],
    names: Sequence[str],
    column: int,
    prefectures: bool,
) -> dict[str, str]:
    found: dict[str, str] = {}
    for row, code, name in zip(rows, codes, names, strict=True):
        if found.setdefault(code, name) != name or (prefectures and name != prefecture_of(code)):
            raise sheet.error(
                Text(
                    f"コード{code}の名称「{shorten(name)}」が合わない",
                    f"the name '{shorten(name)}' does not fit {code}",
                ),
                CORRECT_CELL,
                row,
                column,
            )
    return found


def _check_history(
    sheet: Sheet,
    rows: Sequence[int],
    columns: Sequence[int],
    places: Sequence[str],
    labels: Sequence[str],
    cube: IntArray,
    order: IntArray,
) -> None:
    total = labels.index(_TOTAL_LABEL)
    others = [position for position in range(len(labels)) if position != total]
    stated = cube[:, :, total].reshape(-1, len(YEARS))
    added = cube[:, :, others].sum(axis=2).reshape(-1, len(YEARS))
    places_of_total = [rows[position] for position in order[:, :, total].reshape(-1).tolist()]
    require_equal(sheet, places_of_total, columns, stated, added, Text("年齢別と不詳の和", "ages + unknown"))
    loose = np.array([code in OFF_BY_ONE for code in places])
    for chosen, tolerance in ((~loose, 0), (loose, 1)):
        both = cube[chosen][:, 0].reshape(-1, len(YEARS))
        sexes = (cube[chosen][:, 1] + cube[chosen][:, 2]).reshape(-1, len(YEARS))
        where = [rows[position] for position in order[chosen][:, 0].reshape(-1).tolist()]
        require_equal(sheet, where, columns, both, sexes, Text("男女の和", "male + female"), tolerance)


def _check_nation(sheet: Sheet, places: Sequence[str], totals: IntArray, prefectures: bool) -> None:
    require_all_prefectures(sheet, places)
    if not prefectures and len(places) != MUNICIPALITIES:
        raise sheet.error(
            Text(
                f"市区町村が{len(places)}あり、{MUNICIPALITIES}と合わない",
                f"there are {len(places)} municipalities instead of {MUNICIPALITIES}",
            ),
            FETCH_AGAIN,
        )
    for year, found, published in zip(YEARS, totals, NATIONAL, strict=True):
        missing = UNASSIGNED_1980 if year == 1980 and not prefectures else 0
        require_national_total(
            sheet, Text(f"{year}年国勢調査", f"the census of {year}"), int(found), published - missing
        )


def _kind(code: str) -> str:
    if code.endswith("000"):
        return "a"
    if code[2] == "1":
        return "0" if code[:2] == "13" else "1"
    return "2" if code[2] == "2" else "3"


def _prefecture_code(sheet: Sheet, row: int, column: int) -> str:
    return prefecture_code(sheet, row, column) + "000"

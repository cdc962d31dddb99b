"""Areas of the resident register: reading their codes, and the sums that hold between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from zaitaku_demand.sources.places import (
    DISTRICT,
    NATION,
    NORTHERN_TERRITORIES,
    PREFECTURE,
    Places,
    check_digit,
    prefecture_of,
    require_all_prefectures,
    require_prefecture,
    require_sums,
)
from zaitaku_demand.sources.reading import CORRECT_CELL, FETCH_AGAIN, Sheet, shorten
from zaitaku_demand.sources.tabular import (
    IntArray,
    data_rows,
)
from zaitaku_demand.text import Text

PLACE_HEADINGS = ("団体コード", "都道府県名", "市区町村名")
NATION_CODE = "00000"

SEXES = {"計": "both", "男": "male", "女": "female"}


def read_areas(sheet: Sheet, head: int, columns: dict[str, int]) -> tuple[list[int], Places]:
    """Rows of areas, without the notes below them, and the code, kind, prefecture and name of each."""
    of_code, of_prefecture, of_name = (columns[name] for name in PLACE_HEADINGS)
    rows = list(data_rows(sheet, head + 1))
    while rows and sheet.text(rows[-1], of_code).startswith("注"):
        rows.pop()
    places = Places([], [], [], [])
    for row in rows:
        code, kind, prefecture = NATION_CODE, NATION, sheet.text(row, of_prefecture)
        name = sheet.text(row, of_name)
        if sheet.text(row, of_code) == "-":
            if (prefecture, name) != ("合計", "-"):
                raise sheet.error(
                    Text("団体コードのない行がある", "a row has no 団体コード"), CORRECT_CELL, row, of_code
                )
            name = prefecture
        else:
            code = _code(sheet, row, of_code)
            prefecture = require_prefecture(sheet, row, of_prefecture, code)
            kind = _kind(code, name)
            if (kind == PREFECTURE) != (name == "-") or not name:
                raise sheet.error(
                    Text(
                        f"市区町村名「{shorten(name)}」がコード{code}に合わない",
                        f"the name '{shorten(name)}' does not fit the code {code}",
                    ),
                    CORRECT_CELL,
                    row,
                    of_name,
                )
            name = prefecture if kind == PREFECTURE else name
        for column, value in zip(places, (code, kind, prefecture, name), strict=True):
            column.append(value)
    return rows, places


def _code(sheet: Sheet, row: int, column: int) -> str:
    # A code stored as a number has lost its leading zero.
    text = sheet.text(row, column).zfill(6)
    known = re.fullmatch(r"[0-9]{6}", text) and prefecture_of(text)
    if not known or check_digit(text[:5]) != text[5]:
        raise sheet.error(
            Text(
                f"「{shorten(text)}」は検査数字の合う6桁の団体コードではない",
                f"'{shorten(text)}' is no code of six digits with the right check digit",
            ),
            CORRECT_CELL,
            row,
            column,
        )
    return text[:5]


def _kind(code: str, name: str) -> str:
    if code.endswith("000"):
        return PREFECTURE
    if name.endswith(("郡", "島しょ")):
        return DISTRICT
    if code[2] == "1":
        return "0" if name.endswith("区") else "1"
    return "2" if code[2] == "2" else "3"


def check_areas(
    sheet: Sheet,
    rows: Sequence[int],
    places: Places,
    sexes: Sequence[str],
    values: IntArray,
    columns: Sequence[int],
    nationwide: bool,
) -> None:
    """Sums over areas and sexes. A prefecture leaves out what its municipalities withhold (note 2)."""
    position = {key: index for index, key in enumerate(zip(places.code, sexes, strict=True))}
    for (code, sex), index in position.items():
        if sex == "計":
            parts = values[position[code, "男"]] + values[position[code, "女"]]
            bad = np.flatnonzero(parts > values[index])
            if len(bad):
                first = int(bad[0])
                raise sheet.error(
                    Text(
                        f"男女の和{parts[first]:,}が計{values[index, first]:,}より多い",
                        f"male + female {parts[first]:,} exceeds both {values[index, first]:,}",
                    ),
                    FETCH_AGAIN,
                    rows[index],
                    columns[first],
                )
        if code in NORTHERN_TERRITORIES and values[index].any():
            raise sheet.error(
                Text("北方領土の村に人口がある", "a village of the Northern Territories has residents"),
                CORRECT_CELL,
                rows[index],
            )
    for sex in SEXES:
        chosen = [index for index, each in enumerate(sexes) if each == sex]
        codes = [places.code[index] for index in chosen]
        kinds = [places.kind[index] for index in chosen]
        require_sums(sheet, [rows[index] for index in chosen], codes, kinds, values[chosen], columns)
        if nationwide:
            prefectures = [index for index in chosen if places.kind[index] == PREFECTURE]
            require_all_prefectures(sheet, [places.code[index] for index in prefectures])
            _check_nation(sheet, rows, position.get((NATION_CODE, sex)), prefectures, values, columns)


def _check_nation(
    sheet: Sheet,
    rows: Sequence[int],
    nation: int | None,
    prefectures: Sequence[int],
    values: IntArray,
    columns: Sequence[int],
) -> None:
    if nation is None:
        raise sheet.error(Text("「合計」の行がない", "there is no row 合計"), FETCH_AGAIN)
    added = values[prefectures].sum(axis=0)
    # The nation's row counts the ages that a prefecture's row withholds, so only the total must agree.
    bad = [
        c
        for c in range(len(columns))
        if added[c] > values[nation, c] or (c == 0 and added[c] != values[nation, c])
    ]
    if bad:
        raise sheet.error(
            Text(
                f"都道府県の合計{added[bad[0]]:,}が全国の{values[nation, bad[0]]:,}と合わない",
                f"the prefectures add up to {added[bad[0]]:,}, the nation has {values[nation, bad[0]]:,}",
            ),
            FETCH_AGAIN,
            rows[nation],
            columns[bad[0]],
        )

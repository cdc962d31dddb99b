"""Tables with a row for the nation, one for each prefecture and perhaps some for large cities.

Publishers write 青森 as often as 青森県; both are read. Large cities lie inside their prefecture, so they are
kept apart from it and never added to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from zaitaku_demand.sources.checks import require_equal, require_unique
from zaitaku_demand.sources.places import PREFECTURES, require_all_prefectures
from zaitaku_demand.sources.reading import CORRECT_CELL, FETCH_AGAIN, Sheet, shorten
from zaitaku_demand.sources.tabular import IntArray
from zaitaku_demand.text import Text

NATION_CODE, NATION_NAME = "00", "全国"
LEVELS = ("national", "prefecture", "city")

_PREFECTURE_SUMS = Text("都道府県の和", "sum of the prefectures")
_CODES = {
    NATION_NAME: NATION_CODE,
    **{name: f"{number:02d}" for number, name in enumerate(PREFECTURES, 1)},
    **{re.sub(r"(?<=.)[都府県]$", "", name): f"{number:02d}" for number, name in enumerate(PREFECTURES, 1)},
}


def code_of_name(sheet: Sheet, row: int, column: int, cities: Mapping[str, str]) -> str:
    """The code of the place named in a cell: ``00``, two digits of a prefecture or the code of a city.

    Parameters
    ----------
    cities : mapping
        Name → code of the cities the table may hold.

    Raises
    ------
    InputError
        If the place is not known.
    """
    name = sheet.text(row, column)
    code = _CODES.get(name) or cities.get(name)
    if code is None:
        raise sheet.error(
            Text(f"知らない地域「{shorten(name)}」がある", f"the place '{shorten(name)}' is not known here"),
            CORRECT_CELL,
            row,
            column,
        )
    return code


def name_of_code(code: str, cities: Mapping[str, str]) -> str:
    """全国, the full name of a prefecture, or the name of a city."""
    if code == NATION_CODE:
        return NATION_NAME
    by_code = {found: name for name, found in cities.items()}
    return by_code[code] if code in by_code else PREFECTURES[int(code) - 1]


def level_of_code(code: str) -> str:
    """An item of `LEVELS`."""
    return "national" if code == NATION_CODE else "prefecture" if len(code) == 2 else "city"


def require_nation(
    sheet: Sheet,
    rows: Sequence[int],
    codes: Sequence[str],
    values: IntArray,
    columns: Sequence[int],
    cities: Mapping[str, str],
    *,
    place_column: int,
) -> None:
    """Check that every place stands once, the prefectures add up to the nation and contain their cities.

    Parameters
    ----------
    rows : sequence of int
        Sheet row of each row of `values`.
    codes : sequence of str
        Code of each row.
    values : array (rows, n)
        Counts that can be added over places.
    columns : sequence of int
        Sheet column of each column of `values`, to point at.
    cities : mapping
        Name → code of the cities that must be there.

    Raises
    ------
    InputError
        If a place is missing or stands twice, or a sum does not hold (at the cell).
    """
    require_unique(sheet, rows, codes, place_column)
    if NATION_CODE not in codes:
        raise sheet.error(Text("全国の行がない", "there is no row 全国 for the nation"), FETCH_AGAIN)
    require_all_prefectures(sheet, [code for code in codes if level_of_code(code) == "prefecture"])
    absent = [name for name, code in cities.items() if code not in codes]
    if absent:
        raise sheet.error(
            Text(f"行のない市がある：{', '.join(absent)}", f"cities without a row: {', '.join(absent)}"),
            FETCH_AGAIN,
        )
    levels = np.array([level_of_code(code) for code in codes])
    nation = int(np.flatnonzero(levels == "national")[0])
    added = values[levels == "prefecture"].sum(axis=0, keepdims=True)
    require_equal(sheet, [rows[nation]], columns, values[[nation]], added, _PREFECTURE_SUMS)
    for position in np.flatnonzero(levels == "prefecture").tolist():
        inside = [
            index
            for index, code in enumerate(codes)
            if levels[index] == "city" and code[:2] == codes[position]
        ]
        more = np.flatnonzero(values[inside].sum(axis=0) > values[position])
        if len(more):
            raise sheet.error(
                Text(
                    f"市の和{values[inside].sum(axis=0)[more[0]]:,}が都道府県の値{values[position, more[0]]:,}を上回る",
                    f"the cities have {values[inside].sum(axis=0)[more[0]]:,} "
                    f"and their prefecture {values[position, more[0]]:,}",
                ),
                FETCH_AGAIN,
                rows[position],
                columns[int(more[0])],
            )

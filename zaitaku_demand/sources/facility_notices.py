"""Notices of facility standards for home care (届出受理医療機関名簿, 地方厚生局), October 2025, 34 prefectures.

Three files: counts by prefecture, counts by municipality, and the list of notices they were made from. An institution
counts once for a standard, however many notices of it stand in the list. Prefectures of `ABSENT` are
missing in all three: that says nothing about their institutions.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.sources.checks import listed, require_unique
from zaitaku_demand.sources.frames import with_text
from zaitaku_demand.sources.places import PREFECTURES
from zaitaku_demand.sources.reading import CORRECT_CELL, FETCH_AGAIN, Sheet, shorten
from zaitaku_demand.sources.tabular import counts, data_rows, filled_texts, read_copy, texts
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

YEAR = 2025

STANDARDS: Mapping[str, str] = {
    "在支診1(機能強化単独)": "支援診１",
    "在支診2(機能強化連携)": "支援診２",
    "在支診3(従来型)": "支援診３",
    "在支病1": "支援病１",
    "在支病2": "支援病２",
    "在支病3": "支援病３",
    "在宅療養後方支援病院": "在後病",
    "在医総管・施設総管": "在医総管１",
    "在宅がん医療総合診療料": "在総",
    "在宅療養実績加算1": "在診実１",
    "在宅療養実績加算2": "在診実２",
    "在宅緩和ケア充実(診療所)": "在緩診実",
    "在宅緩和ケア充実(病院)": "在緩診病",
    "在宅患者訪問看護指導料の注2": "在看",
    "介護保険施設等連携往診加算": "介保連",
    "在医総管注14": "在医総管２",
    "在宅医療情報連携加算": "医情連",
    "在宅医療DX情報活用加算": "在宅ＤＸ",
    "地域包括診療料": "地包診",
    "地域包括診療加算": "地包加",
    "機能強化加算": "機能強化",
}
"""Heading of the two tables of counts → symbol (受理記号) in the list."""

ABSENT = frozenset({"02", "03", "04", "05", "06", "07", "13", "14", "23", "27", "28", "34", "40"})
"""Prefectures whose lists were not in reach; they are missing, not without institutions."""

UNPLACED = "不明"
"""What the table of municipalities says where the name could not be read out of the address."""

_INSTITUTION = re.compile(r"[0-9]{7}")
_START = re.compile(r"(明治|大正|昭和|平成|令和)\s*(\d+|元)年\s*(\d+)月\s*(\d+)日")
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_CODE_OF = {name: f"{number:02d}" for number, name in enumerate(PREFECTURES, 1)}
_LIST = ("pref", "code", "name", "zip", "address", "beds", "standard", "symbol", "number", "start")


def load_by_prefecture(path: Path, *, complete: bool = True) -> pd.DataFrame:
    """Institutions with each standard by prefecture.

    Parameters
    ----------
    path : path
        ``todokede_counts_by_pref_34_2025-10.csv``.
    complete : bool
        Require every prefecture but those of `ABSENT`; switch off for an extract.

    Returns
    -------
    DataFrame
        `prefecture_code`, `prefecture_name` and, as int64, a column for each of `STANDARDS`.

    Raises
    ------
    InputError
        If a heading or prefecture is missing, unknown or there twice, or a cell is no count.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ("pref", *STANDARDS))
    rows = data_rows(sheet, 1)
    codes = _prefectures(sheet, rows, columns["pref"], complete=complete)
    require_unique(sheet, rows, codes, columns["pref"])
    frame = pd.DataFrame({"prefecture_code": codes, "prefecture_name": texts(sheet, rows, columns["pref"])})
    frame[list(STANDARDS)] = counts(sheet, rows, [columns[heading] for heading in STANDARDS])
    return with_text(frame, ("prefecture_code", "prefecture_name"))


def load_by_municipality(path: Path, *, complete: bool = True) -> pd.DataFrame:
    """Institutions with each standard by municipality, as its name was read out of the address.

    Parameters
    ----------
    path : path
        ``todokede_counts_by_municipality_34pref_2025-10.csv``.
    complete : bool
        As in :func:`load_by_prefecture`.

    Returns
    -------
    DataFrame
        `prefecture_code`, `prefecture_name`, `municipality` (with 郡; may be cut short or `UNPLACED`) and, as int64,
        a column for each of `STANDARDS`.

    Raises
    ------
    InputError
        As :func:`load_by_prefecture`.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ("pref", "municipality", *STANDARDS))
    rows = data_rows(sheet, 1)
    codes = _prefectures(sheet, rows, columns["pref"], complete=complete)
    names = filled_texts(sheet, rows, columns["municipality"])
    require_unique(sheet, rows, list(zip(codes, names, strict=True)))
    frame = pd.DataFrame(
        {
            "prefecture_code": codes,
            "prefecture_name": texts(sheet, rows, columns["pref"]),
            "municipality": names,
        }
    )
    frame[list(STANDARDS)] = counts(sheet, rows, [columns[heading] for heading in STANDARDS])
    return with_text(frame, ("prefecture_code", "prefecture_name", "municipality"))


def load_notices(path: Path, *, complete: bool = True) -> pd.DataFrame:
    """The list: one row for each notice of an institution.

    Parameters
    ----------
    path : path
        ``todokede_homecare_facilities_34pref_2025-10.csv.gz``.
    complete : bool
        As in :func:`load_by_prefecture`.

    Returns
    -------
    DataFrame
        `prefecture_code`, `institution` (seven digits, unique within a prefecture), `name`, `address`, `beds` (text;
        blank for institutions without), `standard`, `symbol`, `number`, `start` (2024-06-01), and `row` (of the file, from 1).

    Raises
    ------
    InputError
        If a heading or prefecture is missing or unknown, a code is not of seven digits, a cell is blank, a date is
        none, a row stands twice, or an institution has two names or addresses.
    """
    import pandas as pd

    sheet, columns = read_copy(path, _LIST)
    rows = data_rows(sheet, 1)
    codes = _prefectures(sheet, rows, columns["pref"], complete=complete)
    institutions = filled_texts(sheet, rows, columns["code"])
    for row, code in zip(rows, institutions, strict=True):
        if not _INSTITUTION.fullmatch(code):
            raise sheet.error(
                Text(
                    f"医療機関コード「{shorten(code)}」が7桁の数字ではない",
                    f"the institution code '{shorten(code)}' is not of seven digits",
                ),
                CORRECT_CELL,
                row,
                columns["code"],
            )
    filled = {
        name: filled_texts(sheet, rows, columns[name]) for name in ("name", "address", "standard", "symbol")
    }
    numbers = filled_texts(sheet, rows, columns["number"])
    require_unique(
        sheet,
        rows,
        list(zip(codes, institutions, filled["symbol"], filled["standard"], numbers, strict=True)),
    )
    _require_one_address(sheet, rows, codes, institutions, filled, columns)
    frame = pd.DataFrame(
        {
            "prefecture_code": codes,
            "institution": institutions,
            "name": filled["name"],
            "address": filled["address"],
            "beds": texts(sheet, rows, columns["beds"]),
            "standard": filled["standard"],
            "symbol": filled["symbol"],
            "number": numbers,
            "start": [_start(sheet, row, columns["start"]) for row in rows],
        },
        dtype="str",
    )
    frame["row"] = [row + 1 for row in rows]
    return frame


def institutions_by(notices: pd.DataFrame, place: pd.Series[str]) -> pd.DataFrame:
    """Number of institutions with each standard by place, each institution once.

    Parameters
    ----------
    notices : DataFrame
        What :func:`load_notices` gives.
    place : Series
        Place of each row of `notices`.

    Returns
    -------
    DataFrame
        Index: place; an int64 column for each of `STANDARDS`.
    """
    import pandas as pd

    heading_of = {symbol: heading for heading, symbol in STANDARDS.items()}
    table = notices.assign(place=place, heading=notices["symbol"].map(heading_of))
    table = table.drop_duplicates(["prefecture_code", "institution", "symbol"])
    found = pd.crosstab(table["place"], table["heading"])
    places = sorted(set(place))
    return found.reindex(index=places, columns=list(STANDARDS), fill_value=0).astype("int64")


def _prefectures(sheet: Sheet, rows: Sequence[int], column: int, *, complete: bool) -> list[str]:
    codes = []
    for row in rows:
        name = sheet.text(row, column)
        if name not in _CODE_OF:
            raise sheet.error(
                Text(f"「{shorten(name)}」は都道府県名ではない", f"'{shorten(name)}' is no prefecture"),
                CORRECT_CELL,
                row,
                column,
            )
        codes.append(_CODE_OF[name])
    absent = [name for name, code in _CODE_OF.items() if code not in ABSENT and code not in set(codes)]
    if complete and absent:
        raise sheet.error(
            Text(
                f"行のない都道府県がある：{listed(absent, 34)}",
                f"prefectures without a row: {listed(absent, 34)}",
            ),
            FETCH_AGAIN,
        )
    return codes


def _require_one_address(
    sheet: Sheet,
    rows: Sequence[int],
    codes: Sequence[str],
    institutions: Sequence[str],
    filled: Mapping[str, Sequence[str]],
    columns: Mapping[str, int],
) -> None:
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for row, code, institution, name, address in zip(
        rows, codes, institutions, filled["name"], filled["address"], strict=True
    ):
        known = seen.setdefault((code, institution), (name, address))
        if known != (name, address):
            raise sheet.error(
                Text(
                    f"医療機関コード{institution}に名称または所在地が2通りある",
                    f"the institution {institution} has two names or addresses",
                ),
                CORRECT_CELL,
                row,
                columns["name"] if known[0] != name else columns["address"],
            )


def _start(sheet: Sheet, row: int, column: int) -> str:
    text = unicodedata.normalize("NFKC", sheet.text(row, column))
    match = _START.fullmatch(text)
    try:
        if not match:
            raise ValueError(text)
        year = _ERAS[match[1]] + (1 if match[2] == "元" else int(match[2]))
        return datetime.date(year, int(match[3]), int(match[4])).isoformat()
    except ValueError:
        raise sheet.error(
            Text(
                f"算定開始日「{shorten(text)}」を読み取れない",
                f"'{shorten(text)}' is no date of the form 令和6年6月1日",
            ),
            CORRECT_CELL,
            row,
            column,
        ) from None

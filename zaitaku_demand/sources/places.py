"""Codes of prefectures and municipalities: reading them and the sums that must hold between them.

Codes are the five digits of the Ministry of Internal Affairs' standard area codes without the check
digit: two for the prefecture, three for the municipality (``000`` for the prefecture itself).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from zaitaku_demand.sources.checks import listed
from zaitaku_demand.sources.reading import CORRECT_CELL, FETCH_AGAIN, Sheet, shorten
from zaitaku_demand.sources.tabular import IntArray, filled_texts
from zaitaku_demand.text import Text

# fmt: off
PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県",
    "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県",
    "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県",
    "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)
# fmt: on
"""Names of the 47 prefectures; the one with code 01 stands first."""

PREFECTURE, WARD, DESIGNATED_CITY, CITY, TOWN, BLOCK = "a", "0", "1", "2", "3", "9"
"""Kinds of area as the National Institute (社人研) marks them in the column 市などの別."""

NATION, DISTRICT = "n", "d"
"""Kinds that only the resident register has: the nation, and the subtotal of a 郡 or of the Tokyo islands."""

EDITIONS = {344: "a344", 335: "a335", 330: "a330", 339: "kosokuiki"}
"""Number of areas of an edition (6th, 7th, 8th medical plan, 構想区域) and its columns in the file."""

NORTHERN_TERRITORIES = frozenset({"01695", "01696", "01697", "01698", "01699", "01700"})
"""Six villages that lists of municipalities carry with nobody in them; no medical area contains them."""

KINDS = (PREFECTURE, WARD, DESIGNATED_CITY, CITY, TOWN, BLOCK)
TOKYO_WARDS = re.compile(r"131(0[1-9]|1\d|2[0-3])")


class Places(NamedTuple):
    """The first columns of a population table, row by row."""

    code: list[str]
    kind: list[str]
    prefecture_name: list[str]
    name: list[str]


def prefecture_of(code: str) -> str | None:
    """Name of the prefecture with which `code` begins; None where there is no such prefecture."""
    number = int(code[:2]) if code[:2].isascii() and code[:2].isdecimal() else 0
    return PREFECTURES[number - 1] if 1 <= number <= len(PREFECTURES) else None


def municipality_code(sheet: Sheet, row: int, column: int, *, digits: tuple[int, ...] = (4, 5)) -> str:
    """A municipality or prefecture code as five digits.

    A spreadsheet stores ``01202`` as the number 1202, so a code of four digits gets its zero back.

    Raises
    ------
    InputError
        If the cell is no code or begins with no prefecture.
    """
    text = sheet.text(row, column)
    code = text.zfill(5)
    if not re.fullmatch(r"[0-9]+", text) or len(text) not in digits or prefecture_of(code) is None:
        raise sheet.error(
            Text(
                f"「{shorten(text)}」は市区町村コードではない", f"'{shorten(text)}' is no municipality code"
            ),
            CORRECT_CELL,
            row,
            column,
        )
    return code


def prefecture_code(sheet: Sheet, row: int, column: int) -> str:
    """The two digits of a prefecture; InputError if the cell is no such code."""
    text = sheet.text(row, column)
    if not re.fullmatch(r"[0-9]{1,2}", text) or prefecture_of(text.zfill(2)) is None:
        raise sheet.error(
            Text(f"「{shorten(text)}」は都道府県コードではない", f"'{shorten(text)}' is no prefecture code"),
            CORRECT_CELL,
            row,
            column,
        )
    return text.zfill(2)


def area_code(sheet: Sheet, row: int, column: int) -> str:
    """The code of a secondary medical area or 構想区域: four digits, of which two for the prefecture."""
    text = sheet.text(row, column)
    if not re.fullmatch(r"[0-9]{3,4}", text) or prefecture_of(text.zfill(4)) is None:
        raise sheet.error(
            Text(f"「{shorten(text)}」は圏域コードではない", f"'{shorten(text)}' is no area code"),
            CORRECT_CELL,
            row,
            column,
        )
    return text.zfill(4)


def require_prefecture(sheet: Sheet, row: int, column: int, code: str) -> str:
    """The prefecture's name in the cell; InputError if `code` belongs to another prefecture."""
    text = sheet.text(row, column)
    expected = prefecture_of(code)
    if text != expected:
        raise sheet.error(
            Text(
                f"コード{code}は{expected}だが「{shorten(text)}」とある",
                f"code {code} is in {expected} but the cell says '{shorten(text)}'",
            ),
            CORRECT_CELL,
            row,
            column,
        )
    return text


def read_places(sheet: Sheet, rows: Sequence[int], columns: Sequence[int]) -> Places:
    """Code, kind, prefecture and name of each row, in the way of the institute's tables.

    Parameters
    ----------
    columns : sequence of int
        Columns of code (コード), kind (市などの別), prefecture (都道府県) and municipality (市区町村).

    Raises
    ------
    InputError
        If a code, kind or prefecture is wrong, or the kind does not fit the code.
    """
    of_code, of_kind, of_prefecture, of_name = columns
    codes, kinds, prefectures, names = [], [], [], []
    for row in rows:
        code = municipality_code(sheet, row, of_code)
        kind = sheet.text(row, of_kind)
        if kind not in KINDS or (kind == PREFECTURE) != code.endswith("000") or not _fits(code, kind):
            raise sheet.error(
                Text(
                    f"市などの別「{shorten(kind)}」がコード{code}に合わない",
                    f"the kind of area '{shorten(kind)}' does not fit the code {code}",
                ),
                CORRECT_CELL,
                row,
                of_kind,
            )
        prefecture = require_prefecture(sheet, row, of_prefecture, code)
        # The 2018 edition writes 札幌市 中央区 and the 2023 edition 札幌市中央区.
        name = sheet.text(row, of_name).replace(" ", "").replace("　", "")
        if bool(name) == (kind == PREFECTURE) and name != prefecture:
            filled_texts(sheet, [row], of_name)
            raise sheet.error(
                Text(
                    f"都道府県の行に市区町村名「{name}」がある",
                    f"a prefecture's row has the municipality '{name}'",
                ),
                CORRECT_CELL,
                row,
                of_name,
            )
        codes.append(code)
        kinds.append(kind)
        prefectures.append(prefecture)
        names.append(name or prefecture)
    return Places(codes, kinds, prefectures, names)


def check_digit(code: str) -> str:
    """The sixth digit of a 団体コード, computed from the first five (modulus 11)."""
    total = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10 if total >= 11 else 11 - total)


def require_sums(
    sheet: Sheet,
    rows: Sequence[int],
    codes: Sequence[str],
    kinds: Sequence[str],
    values: IntArray,
    columns: Sequence[int],
    *,
    incomplete: frozenset[str] = frozenset(),
) -> None:
    """Check that wards add up to their city, districts to their towns, and all of them to the prefecture.

    Parameters
    ----------
    rows : sequence of int
        Sheet row of each row of `values`.
    values : array (rows, n)
        Counts that can be added over areas.
    columns : sequence of int
        Sheet column of each column of `values`, to point at.
    incomplete : frozenset of str
        Codes of prefectures whose municipalities the statistic does not have.

    Raises
    ------
    InputError
        At the prefecture, city or district whose parts do not add up to it.
    """
    positions = {code: position for position, code in enumerate(codes)}
    city_of, district_of = _parents(codes, kinds)
    parts: dict[str, list[int]] = defaultdict(list)
    for position, (code, kind) in enumerate(zip(codes, kinds, strict=True)):
        base = kind in (DESIGNATED_CITY, CITY, TOWN, BLOCK) or TOKYO_WARDS.fullmatch(code)
        for parent in (city_of.get(code), district_of.get(code), code[:2] + "000" if base else None):
            if parent is not None:
                parts[parent].append(position)
    for parent, children in parts.items():
        if parent not in positions or parent in incomplete:
            continue
        position = positions[parent]
        total = values[children].sum(axis=0)
        bad = np.flatnonzero(total != values[position])
        if len(bad):
            first = int(bad[0])
            raise sheet.error(
                Text(
                    f"コード{parent}の値{values[position, first]:,}が内訳の合計{total[first]:,}と合わない",
                    f"{parent} has {values[position, first]:,}, but its parts add up to {total[first]:,}",
                ),
                FETCH_AGAIN,
                rows[position],
                columns[first],
            )
    lonely = [
        code
        for code, kind in zip(codes, kinds, strict=True)
        if kind in (PREFECTURE, DISTRICT) and code not in parts and code not in incomplete
    ]
    if lonely and len(parts) > 0:
        raise sheet.error(
            Text(
                f"内訳の市区町村がない：{listed(lonely)}", f"areas without any municipality: {listed(lonely)}"
            ),
            FETCH_AGAIN,
        )


def require_all_prefectures(sheet: Sheet, codes: Sequence[str]) -> None:
    """InputError that names the prefectures of which no row is there."""
    have = {code[:2] for code in codes}
    absent = [name for number, name in enumerate(PREFECTURES, 1) if f"{number:02d}" not in have]
    if absent:
        raise sheet.error(
            Text(
                f"行のない都道府県がある：{listed(absent, 47)}",
                f"prefectures without a row: {listed(absent, 47)}",
            ),
            FETCH_AGAIN,
        )


def require_national_total(
    sheet: Sheet, what: Text, found: int, expected: int, column: int | None = None
) -> None:
    """InputError where the sum over the country is not the published one."""
    if found != expected:
        raise sheet.error(
            Text(
                f"{what.ja}の全国計{found:,}が公表値{expected:,}と合わない",
                f"the national sum {found:,} of {what.en} is not the published {expected:,}",
            ),
            FETCH_AGAIN,
            column=column,
        )


def _fits(code: str, kind: str) -> bool:
    if kind in (WARD, DESIGNATED_CITY):
        return code[2] == "1"
    if kind == CITY:
        return code[2] == "2"
    return kind in (PREFECTURE, BLOCK) or code[2] >= "3"


def _parents(codes: Sequence[str], kinds: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The designated city of each ward and the district of each town, by the order of the codes."""
    result: list[dict[str, str]] = []
    for parent_kind, child_kind in ((DESIGNATED_CITY, WARD), (DISTRICT, TOWN)):
        parents = sorted(code for code, kind in zip(codes, kinds, strict=True) if kind == parent_kind)
        found: dict[str, str] = {}
        for code, kind in zip(codes, kinds, strict=True):
            place = bisect_right(parents, code) - 1
            if kind == child_kind and place >= 0 and parents[place][:2] == code[:2]:
                found[code] = parents[place]
        result.append(found)
    return result[0], result[1]

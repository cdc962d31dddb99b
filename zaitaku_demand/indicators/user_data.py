"""The user's own values of an indicator, one CSV an indicator, named after it (``S-D-1.csv``).

Columns: level (national, prefecture, area), area_code, area_name, year, numerator and, where no source in hand gives
it, denominator. A blank figure is missing; ``-`` or ``秘匿`` is suppressed; neither is zero.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.arrays import places_of
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.declaration import Indicator
from zaitaku_demand.indicators.facts import NATION, read_facts
from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.sources.reading import CORRECT_CELL, Sheet, parse_number, read_csv, shorten, tidy_text
from zaitaku_demand.sources.tabular import blank_row
from zaitaku_demand.text import Text

HEADINGS: dict[str, tuple[str, str]] = {
    "level": ("level", "地域の単位"),
    "area_code": ("area_code", "地域コード"),
    "area_name": ("area_name", "地域名"),
    "year": ("year", "年"),
    "numerator": ("numerator", "分子"),
}
DENOMINATOR = ("denominator", "分母")
SUPPRESSED_MARKS = frozenset({"-", "－", "−", "‐", "秘匿"})
SUPPLIED_COLUMNS = ("indicator_id", "level", "area_code", "year", "numerator", "denominator", "suppressed")

_LEVELS = {
    "national": "national",
    "全国": "national",
    "prefecture": "prefecture",
    "都道府県": "prefecture",
    "area": "area",
    "二次医療圏": "area",
}
CODE_DIGITS = {"national": 2, "prefecture": 2, "area": 4}
YEARS = (1975, 2100)
_WRITE_TEMPLATE = Text(
    "「zaitaku indicators template 指標ID」で様式を書き出してください",
    "write the file with `zaitaku indicators template ID` first",
)


def read_values(files: Sequence[Path]) -> pd.DataFrame:
    """The values of all files in one table.

    Returns
    -------
    DataFrame
        indicator_id, level, area_code, year, numerator, denominator (NaN where none is given), suppressed.

    Raises
    ------
    InputError
        If a file's name is no indicator, a heading is missing or unknown, a cell is wrong (row and column named), or
        no denominator is given or in hand.
    """
    tables = [_read(path) for path in files]
    given = pd.concat([_blank(), *tables], ignore_index=True) if tables else _blank()
    twice = given.duplicated(["indicator_id", "level", "area_code", "year"])
    if twice.any():
        row = given[twice].iloc[0]
        raise InputError(
            Text(
                f"「{row['indicator_id']}」の地域{row['area_code']}、{row['year']}年の値が2つのファイルにある",
                f"two files hold '{row['indicator_id']}' of {row['area_code']} in {row['year']}",
            ),
            Text("どちらかのファイルを外してください", "leave one of the files out"),
        )
    return given


def indicator_of(path: Path) -> Indicator:
    """The indicator a file is named after: ``S-D-1.csv``, ``S-D-1_島根県.csv``.

    Raises
    ------
    InputError
        If the name begins with no declared id, or the indicator is adjusted for age.
    """
    declared = indicators()
    match = re.match(r"[A-Za-z]-[A-Za-z]-[0-9]+(-[A-Za-z0-9]+)?(?![A-Za-z0-9])", path.stem)
    identifier = match[0].upper() if match else ""
    if identifier not in declared:
        raise InputError(
            Text(
                "ファイル名が指標のIDで始まっていない",
                "the file's name does not begin with an indicator's id",
            ),
            Text("「S-D-1.csv」のように名前を付けてください", "name it like 'S-D-1.csv'"),
            file=path,
        )
    found = declared[identifier]
    if found.adjustment == "indirect":
        raise InputError(
            Text(
                f"「{found.id}」は性・年齢別の全国値で調整する指標で、利用者の値を入れられない",
                f"'{found.id}' is adjusted with national counts by sex and age, so values of a user do not fit",
            ),
            Text("このファイルを外してください", "leave this file out"),
            file=path,
        )
    return found


def known_codes() -> dict[str, set[str]]:
    """Codes of the nation, the prefectures and the 335 areas, by level."""
    codes = {level: set(places_of(level)["area_code"][1:]) for level in ("prefecture", "area")}
    return codes | {"national": {NATION}}


def level_at(sheet: Sheet, row: int, column: int) -> str:
    """Level that a cell names in either language; InputError at the cell otherwise."""
    text = sheet.text(row, column)
    if text not in _LEVELS:
        raise sheet.error(
            Text(
                f"地域の単位「{shorten(text)}」を読み取れない",
                f"the level '{shorten(text)}' is not understood",
            ),
            Text("全国・都道府県・二次医療圏のいずれかにしてください", "use national, prefecture or area"),
            row,
            column,
        )
    return _LEVELS[text]


def code_at(sheet: Sheet, row: int, column: int, level: str, known: set[str]) -> str:
    """Code of a place with the zeros that spreadsheets drop; InputError at the cell if it is not among `known`."""
    code = sheet.text(row, column).zfill(CODE_DIGITS[level])
    if code not in known:
        raise sheet.error(
            Text(
                f"地域コード「{shorten(code)}」はない", f"there is no place with the code '{shorten(code)}'"
            ),
            Text(
                "都道府県は01～47、圏域は第7次医療計画の335圏域のコードにしてください",
                "use 01-47 for prefectures and the codes of the 335 areas of the 7th plan",
            ),
            row,
            column,
        )
    return code


def year_at(sheet: Sheet, row: int, column: int) -> int:
    """Year of a cell in four digits; InputError at the cell otherwise."""
    value = parse_number(sheet.cell(row, column))
    if value is None or value != int(value) or not YEARS[0] <= value <= YEARS[1]:
        raise sheet.error(
            Text(
                f"年「{shorten(sheet.cell(row, column))}」を西暦として読み取れない",
                f"'{shorten(sheet.cell(row, column))}' is not a year",
            ),
            Text("西暦4桁で入れてください", "give four digits"),
            row,
            column,
        )
    return int(value)


def _read(path: Path) -> pd.DataFrame:
    declared = indicator_of(path)
    sheet = read_csv(path)
    columns = sheet.columns_among(0, HEADINGS, _WRITE_TEMPLATE)
    headings = [tidy_text(cell) for cell in sheet.rows[0]]
    below = [position for position, cell in enumerate(headings) if cell in DENOMINATOR]
    stray = [
        at for at, cell in enumerate(headings) if cell and at not in columns.values() and at not in below
    ]
    if stray or len(below) > 1:
        at = (stray or below)[-1]
        raise sheet.error(
            Text(
                f"見出し「{shorten(headings[at])}」は様式にない",
                f"the heading '{shorten(headings[at])}' is not in the layout",
            ),
            _WRITE_TEMPLATE,
            0,
            at,
        )
    if below:
        columns["denominator"] = below[0]
    codes = known_codes()
    records: list[tuple[object, ...]] = []
    seen: dict[tuple[str, str, int], int] = {}
    for row in range(1, len(sheet.rows)):
        if blank_row(sheet, row) or not sheet.text(row, columns["numerator"]):
            continue
        level = level_at(sheet, row, columns["level"])
        code = code_at(sheet, row, columns["area_code"], level, codes[level])
        year = year_at(sheet, row, columns["year"])
        once(sheet, row, columns["area_code"], (level, code, year), seen)
        hidden = sheet.text(row, columns["numerator"]) in SUPPRESSED_MARKS
        above = float("nan") if hidden else sheet.number(row, columns["numerator"])
        records.append(
            (declared.id, level, code, year, above, _divisor(sheet, row, columns, declared, above), hidden)
        )
    if not records:
        return _blank()
    table = pd.DataFrame(records, columns=list(SUPPLIED_COLUMNS)).astype(_blank().dtypes.to_dict())
    _require_denominators(sheet, declared, table, list(seen.values()), columns.get("denominator"))
    return table


def once(
    sheet: Sheet, row: int, column: int, key: tuple[str, str, int], seen: dict[tuple[str, str, int], int]
) -> None:
    """Note the row of a level, place and year in `seen`; InputError if an earlier row has the same."""
    if key in seen:
        raise sheet.error(
            Text(
                f"{seen[key] + 1}行目と同じ地域・年の行である",
                f"the row repeats the place and year of row {seen[key] + 1}",
            ),
            Text("どちらかの行を消してください", "remove one of the rows"),
            row,
            column,
        )
    seen[key] = row


def _require_denominators(
    sheet: Sheet, declared: Indicator, table: pd.DataFrame, rows: Sequence[int], column: int | None
) -> None:
    """InputError at the first row without a denominator of its own whose place and year have none in hand."""
    without = table["denominator"].isna().to_numpy()
    if not without.any():
        return
    facts = read_facts()
    for level, part in table[without].groupby("level", sort=False):
        name = declared.denominator_at(str(level))
        held = facts[(facts["measure"] == name) & facts["level"].isin((level, "prefecture"))]
        # Where the nation has no count of its own, prefectures add up to it.
        places = held["area_code"].where((held["level"] == level) | (level != "national"), NATION)
        known = set(zip(places, held["year"], strict=True))
        for position, code, year in zip(part.index, part["area_code"], part["year"], strict=True):
            if (code, year) not in known:
                below = measures()[name].name
                raise sheet.error(
                    Text(
                        f"地域{code}の{year}年の分母（{below.ja}）が手元にない",
                        f"no denominator ({below.en}) of {code} in {year} is in hand",
                    ),
                    Text(
                        "見出し「denominator」の列を設けて分母も入れてください",
                        "give it too, in a column with the heading 'denominator'",
                    ),
                    rows[position],
                    column,
                )


def _divisor(sheet: Sheet, row: int, columns: dict[str, int], declared: Indicator, above: float) -> float:
    """The row's denominator; NaN where the one in hand is to be used."""
    at = columns.get("denominator")
    if at is None or not sheet.text(row, at):
        own = [name for name in declared.measures if measures()[name].source == "user"]
        if any(name not in declared.numerator for name in own):
            raise sheet.error(
                Text("分子があるのに分母がない", "there is a numerator without a denominator"),
                Text("分母を入れるか、分子も空欄にしてください", "give the denominator or leave both blank"),
                row,
                at,
            )
        return float("nan")
    value = sheet.number(row, at)
    if value == 0:
        raise sheet.error(Text("分母が0である", "the denominator is 0"), CORRECT_CELL, row, at)
    if declared.statistic == "proportion" and np.isfinite(above) and above > value:
        raise sheet.error(
            Text(
                f"分子{above:g}が分母{value:g}を超える",
                f"the numerator {above:g} exceeds the denominator {value:g}",
            ),
            CORRECT_CELL,
            row,
            columns["numerator"],
        )
    return value


def _blank() -> pd.DataFrame:
    kinds = dict(
        zip(SUPPLIED_COLUMNS, ("str", "str", "str", "int64", "float64", "float64", "bool"), strict=True)
    )
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})

"""Headings of the NDB Open Data workbooks: where the figures are and what they are broken down by.

The layout moved from round to round, so every place is found by its heading, and a heading that is not
the published one is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from zaitaku_demand.ages import AgeBands, parse_band
from zaitaku_demand.sources.places import PREFECTURES
from zaitaku_demand.sources.reading import OFFICIAL_LAYOUT, Sheet, shorten, tidy_text
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

Breakdown = Literal["sex_age", "prefecture", "area", "month"]
Section = Literal["A", "B", "C"]

BASE_SHEET = "全体"
ADDITION_SHEET = "全体（加算）"
SETTINGS = {"全体": "all", "外来": "outpatient", "入院": "inpatient"}
"""Names of base sheets and what they hold; ``（加算）`` is appended for the additions."""
SETTINGS_OF: dict[Section, tuple[str, ...]] = {"A": ("入院",), "B": ("外来", "入院"), "C": ("全体",)}
FIRST_FISCAL_YEAR = 2014
FIRST_YEAR_OF_ADDITIONS = 2015
UNIDENTIFIED_AREA = "unidentified"

_ADDITIONS = "（加算）"
# Section B numbers its subdivisions with an underscore (B001_1 ... B001_37).
_CLASS_CODES: dict[Section, str] = {
    "A": r"A\d{3}(-\d+)*",
    "B": r"B\d{3}(_\d+)?(-\d+)*",
    "C": r"C\d{3}(-\d+)*",
}
_MONTHS = [*range(4, 13), 1, 2, 3]
_SEXES = {"男": "male", "男性": "male", "女": "female", "女性": "female"}


def sheet_names(section: Section) -> list[str]:
    """Sheets of a workbook of `section`: every base sheet followed by its additions."""
    return [name for base in SETTINGS_OF[section] for name in (base, base + _ADDITIONS)]


def is_addition(name: str | None) -> bool:
    """Whether a sheet of this name holds additions (加算)."""
    return (name or "").endswith(_ADDITIONS)


def setting_of(name: str | None) -> str:
    """``all``, ``outpatient`` or ``inpatient`` by the sheet's name."""
    return SETTINGS[(name or "").removesuffix(_ADDITIONS)]


def is_class_code(text: str, section: Section) -> bool:
    """Whether `text` is a class code (分類コード) of the section."""
    return re.fullmatch(_CLASS_CODES[section], text) is not None


def heading_row(sheet: Sheet) -> int:
    for row, cells in enumerate(sheet.rows[:12]):
        texts = [tidy_text(cell) for cell in cells]
        if "診療行為コード" in texts and any(text.startswith("総計") for text in texts):
            return row
    raise sheet.error(
        Text(
            "見出し「診療行為コード」「総計」の行が見つからない",
            "no row holds the headings 診療行為コード and 総計",
        ),
        OFFICIAL_LAYOUT,
    )


def item_columns(sheet: Sheet, heading: int, total_column: int) -> dict[str, int]:
    named = sheet.columns_named(heading, ["診療行為コード", "診療行為", "点数"])
    if not named["診療行為コード"] < named["診療行為"] < named["点数"] < total_column:
        raise sheet.error(
            Text(
                "項目の列の順が公式の様式と異なる", "the columns of the items are not in the published order"
            ),
            OFFICIAL_LAYOUT,
            heading,
        )
    # Addition sheets put the kind of addition first and the class code, often without a heading, second.
    class_column = int(is_addition(sheet.name))
    first_headings = [sheet.text(heading, column) for column in range(named["診療行為コード"])]
    if not is_addition(sheet.name):
        moved = first_headings[0] != "分類コード" or len(first_headings) != 2
    else:
        moved = (
            first_headings[0] != "加算"
            or first_headings[1] not in ("", "分類コード")
            or first_headings[3:] not in ([], ["加算コード"])
        )
    if moved:
        raise sheet.error(
            Text("分類コードの列が公式の様式の位置にない", "the class code is not in the published column"),
            OFFICIAL_LAYOUT,
            heading,
            class_column,
        )
    return {
        "class": class_column,
        "code": named["診療行為コード"],
        "name": named["診療行為"],
        "points": named["点数"],
    }


def fiscal_year(sheet: Sheet) -> int:
    title = sheet.text(0, 0)
    match = re.search(r"(?:H|平成)\s*(\d{1,2})年0?4月", title)
    year = 1988 + int(match[1]) if match else None
    if year is None:
        match = re.search(r"(20\d\d)年0?4月", title)
        year = int(match[1]) if match else None
    if year is None or year < FIRST_FISCAL_YEAR:
        raise sheet.error(
            Text(
                f"表題「{shorten(title)}」から診療年度を読み取れない",
                f"the fiscal year cannot be read from the title '{shorten(title)}'",
            ),
            OFFICIAL_LAYOUT,
            0,
            0,
        )
    return year


def read_keys(sheet: Sheet, heading: int, first: int) -> tuple[Breakdown, pd.DataFrame, int]:
    top = [tidy_text(cell) for cell in sheet.rows[heading][first:]]
    below = (
        [tidy_text(cell) for cell in sheet.rows[heading + 1][first:]] if heading + 1 < len(sheet.rows) else []
    )
    label = top[0] if top else ""
    if label in _SEXES:
        return "sex_age", _sex_age_keys(sheet, heading, first, top, below), heading + 2
    if re.fullmatch(r"0?1", label):
        return "prefecture", _prefecture_keys(sheet, heading, first, top, below), heading + 2
    if label == "4月":
        return "month", _month_keys(sheet, heading, first, top), heading + 2
    if re.fullmatch(r"0?1\s*北海道", label):
        return "area", _area_keys(sheet, heading, first, top, below), heading + 3
    raise sheet.error(
        Text(
            f"集計区分の見出し「{shorten(label)}」を読み取れない",
            f"the breakdown heading '{shorten(label)}' is not understood",
        ),
        OFFICIAL_LAYOUT,
        heading,
        first,
    )


def _sex_age_keys(sheet: Sheet, heading: int, first: int, top: list[str], below: list[str]) -> pd.DataFrame:
    import pandas as pd

    while below and not below[-1]:
        below.pop()
    sexes: list[str] = []
    sex = ""
    for column, cell in enumerate(top[: len(below)]):
        if cell and cell not in _SEXES:
            raise sheet.error(
                Text(
                    f"男女の見出し「{shorten(cell)}」を読み取れない",
                    f"the sex heading '{shorten(cell)}' is not understood",
                ),
                OFFICIAL_LAYOUT,
                heading,
                first + column,
            )
        sex = _SEXES.get(cell, sex)
        sexes.append(sex)
    bands = [parse_band(cell) for cell in below]
    if any(band is None for band in bands):
        column = bands.index(None)
        raise sheet.error(
            Text(
                f"年齢階級「{shorten(below[column])}」を読み取れない",
                f"the age band '{shorten(below[column])}' is not understood",
            ),
            OFFICIAL_LAYOUT,
            heading + 1,
            first + column,
        )
    expected = AgeBands.five_year(90).bands
    for name in ("male", "female"):
        got = tuple(band for band, of in zip(bands, sexes, strict=True) if of == name)
        if got != expected:
            raise sheet.error(
                Text(
                    "年齢階級が0～4歳から90歳以上までの19階級になっていない",
                    "the age bands are not the 19 bands from 0-4 to 90 and over",
                ),
                OFFICIAL_LAYOUT,
                heading + 1,
                first,
            )
    labels = AgeBands.five_year(90).labels
    return pd.DataFrame({"sex": sexes, "age": [labels[expected.index(band)] for band in bands if band]})


def _prefecture_keys(
    sheet: Sheet, heading: int, first: int, top: list[str], below: list[str]
) -> pd.DataFrame:
    import pandas as pd

    codes = [cell.zfill(2) for cell in top if cell]
    if codes != [f"{number:02d}" for number in range(1, 48)]:
        raise sheet.error(
            Text(
                "都道府県の見出しが01から47まで並んでいない",
                "the prefecture headings do not run from 01 to 47",
            ),
            OFFICIAL_LAYOUT,
            heading,
            first,
        )
    names = below[:47]
    if names != list(PREFECTURES):
        raise sheet.error(
            Text(
                "都道府県名が北海道から沖縄県まで並んでいない",
                "the prefecture names do not run from 北海道 to 沖縄県",
            ),
            OFFICIAL_LAYOUT,
            heading + 1,
            first,
        )
    return pd.DataFrame({"code": codes, "name": names})


def _month_keys(sheet: Sheet, heading: int, first: int, top: list[str]) -> pd.DataFrame:
    import pandas as pd

    labels = [cell for cell in top if cell]
    if labels != [f"{month}月" for month in _MONTHS]:
        raise sheet.error(
            Text(
                "診療月の見出しが4月から3月まで並んでいない",
                "the month headings do not run from April to March",
            ),
            OFFICIAL_LAYOUT,
            heading,
            first,
        )
    return pd.DataFrame({"code": [f"{month:02d}" for month in _MONTHS], "name": labels})


def _area_keys(sheet: Sheet, heading: int, first: int, top: list[str], below: list[str]) -> pd.DataFrame:
    import pandas as pd

    width = max((column + 1 for column, cell in enumerate(top) if cell), default=0)
    width = max(width, max((column + 1 for column, cell in enumerate(below) if cell), default=0))
    names = [sheet.text(heading + 2, first + column) for column in range(width)]
    codes: list[str] = []
    prefecture = ""
    for column in range(width):
        group = re.match(r"(\d{1,2})\s*\D+", top[column]) if column < len(top) else None
        if group:
            prefecture = group[1].zfill(2)
        if column < len(top) and top[column].startswith("二次医療圏判別"):
            codes.append(UNIDENTIFIED_AREA)
            names[column] = top[column]
            continue
        code = below[column].zfill(4) if column < len(below) else ""
        if not re.fullmatch(r"\d{4}", code) or not code.startswith(prefecture) or not names[column]:
            raise sheet.error(
                Text(
                    f"二次医療圏の見出し「{shorten(code)} {shorten(names[column])}」を読み取れない",
                    f"the area heading '{shorten(code)} {shorten(names[column])}' is not understood",
                ),
                OFFICIAL_LAYOUT,
                heading + 1,
                first + column,
            )
        codes.append(code)
    if len(set(codes)) != len(codes) or sorted(codes[:-1]) != codes[:-1] or codes[-1] != UNIDENTIFIED_AREA:
        raise sheet.error(
            Text(
                "二次医療圏の見出しが重複しているか並びが異なる", "area headings stand twice or out of order"
            ),
            OFFICIAL_LAYOUT,
            heading + 1,
            first,
        )
    if {code[:2] for code in codes[:-1]} != {f"{number:02d}" for number in range(1, 48)}:
        raise sheet.error(
            Text("47都道府県の二次医療圏がそろっていない", "areas of some of the 47 prefectures are missing"),
            OFFICIAL_LAYOUT,
            heading + 1,
            first,
        )
    return pd.DataFrame({"code": codes, "name": names})

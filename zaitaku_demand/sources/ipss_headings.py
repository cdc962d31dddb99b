"""Headings of 将来の地域別男女5歳階級別人口 (社人研): which column holds which sex and age."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zaitaku_demand.ages import AgeBands, ordered_bands, parse_band
from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.reading import OFFICIAL_LAYOUT, Sheet, shorten
from zaitaku_demand.sources.tabular import (
    naming,
)
from zaitaku_demand.text import Text

PLACE_HEADINGS = ("コード", "市などの別", "都道府県", "市区町村")
TIDY_HEADINGS = ("code", "kind", "pref", "municipality", "year", "sex", "total")
BANDS = AgeBands.five_year(90)

_SEXES = {
    "総数": "both",
    "計": "both",
    "男女計": "both",
    "男": "male",
    "女": "female",
    "男性": "male",
    "女性": "female",
}
_SUFFIXES = {"a": "both", "m": "male", "f": "female"}
_TOTALS = {"総数", "総人口", "計"}
_HEADING_ROWS_ABOVE = 2


def age_columns(sheet: Sheet, head: int, candidates: set[int]) -> list[int]:
    """The `candidates` in the order of the ages in their headings; InputError where one is no age band."""
    columns = sorted(candidates)
    labels = [sheet.text(head, column) for column in columns]
    for label, column in zip(labels, columns, strict=True):
        if parse_band(label) is None:
            raise sheet.error(
                Text(
                    f"見出し「{shorten(label)}」は年齢階級ではない",
                    f"the heading '{shorten(label)}' is no age band",
                ),
                OFFICIAL_LAYOUT,
                head,
                column,
            )
    return in_order_of_age(sheet, head, labels, columns)


def in_order_of_age(sheet: Sheet, head: int, labels: Sequence[str], columns: Sequence[int]) -> list[int]:
    """The `columns` in the order of the ages `labels`; InputError unless these are 0-4 to 90+."""
    with naming(sheet, head):
        bands, order = ordered_bands(labels)
    if bands != BANDS:
        raise sheet.error(
            Text(
                f"年齢階級が0～4歳から90歳以上までの{len(BANDS)}階級ではない（{bands.labels[0]}から{bands.labels[-1]}）",
                f"the ages are {bands.labels[0]} to {bands.labels[-1]}, not the {len(BANDS)} from 0-4 to 90+",
            ),
            OFFICIAL_LAYOUT,
            head,
        )
    return [columns[position] for position in order]


def wide_columns(
    sheet: Sheet, head: int, first: int, named: set[int]
) -> tuple[dict[str, dict[tuple[int, int | None], int]], dict[str, int], int]:
    """Columns of the ages of each sex and of the totals, from one to six rows of headings."""
    block = range(max(0, head - _HEADING_ROWS_ABOVE), first)
    width = max(len(sheet.rows[row]) for row in block)
    split = {
        (row, column): re.fullmatch(r"(.*?)(?:/([amf]))?", sheet.text(row, column))
        for row in block
        for column in range(width)
        if column not in named
    }
    cells = {place: (match[1], match[2]) for place, match in split.items() if match}
    bands = {place: parse_band(label) for place, (label, _) in cells.items()}
    age_row = max(block, key=lambda row: sum(band is not None for (r, _), band in bands.items() if r == row))
    ages: dict[str, dict[tuple[int, int | None], int]] = {"both": {}, "male": {}, "female": {}}
    totals: dict[str, int] = {}
    group: str | None = None
    for column in range(width):
        if column in named:
            group = None
            continue
        label, suffix = cells[age_row, column]
        above = [cells[row, column][0] for row in block if row < age_row]
        group = next((_SEXES[_plain(text)] for text in reversed(above) if _plain(text) in _SEXES), group)
        sex = _SUFFIXES[suffix] if suffix else group
        band = bands[age_row, column]
        if band is not None and sex is not None:
            if band in ages[sex]:
                raise _twice(sheet, age_row, column, label)
            ages[sex][band] = column
        elif band is None and _is_total(label, above):
            if (sex or "both") in totals:
                raise _twice(sheet, age_row, column, label or "総数")
            totals[sex or "both"] = column
        elif label or any(above) or band is not None:
            raise sheet.error(
                Text(
                    f"見出し「{shorten(label or ''.join(above))}」の意味を読み取れない",
                    f"the heading '{shorten(label or ''.join(above))}' is not understood",
                ),
                OFFICIAL_LAYOUT,
                age_row,
                column,
            )
    if "both" not in totals:
        raise sheet.error(
            Text("見出し「総数」の列がない", "there is no column headed '総数'"), OFFICIAL_LAYOUT, head
        )
    return ages, totals, age_row


def _is_total(label: str, above: Sequence[str]) -> bool:
    return _plain(label) in _TOTALS or (not label and any(_plain(text) in _TOTALS for text in above))


def _plain(label: str) -> str:
    return re.sub(r"[\s　]|[（(]人[）)]", "", label)


def _twice(sheet: Sheet, row: int, column: int, label: str) -> InputError:
    return sheet.error(
        Text(f"見出し「{label}」の列が2つある", f"the heading '{label}' stands twice"),
        OFFICIAL_LAYOUT,
        row,
        column,
    )

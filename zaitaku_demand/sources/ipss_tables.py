"""結果表 of the regional projections of the National Institute (社人研): a measure by area and year.

A table has the headings コード, 市などの別, 都道府県, 市区町村 and then one or more measures, each with the
years of the edition below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.sources.checks import require_unique
from zaitaku_demand.sources.frames import as_object
from zaitaku_demand.sources.places import Places, read_places
from zaitaku_demand.sources.reading import OFFICIAL_LAYOUT, Sheet, shorten
from zaitaku_demand.sources.schemas import validated
from zaitaku_demand.sources.tabular import (
    FloatArray,
    data_rows,
    numbers,
    require_even_rows,
    sheet_with,
    year_of,
)
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

PLACE_HEADINGS = ("コード", "市などの別", "都道府県", "市区町村")
_UNITS = (
    ("指数", "index"),
    ("％", "percent"),
    ("%", "percent"),
    ("割合", "percent"),
    ("人）", "persons"),
    ("人)", "persons"),
)


@dataclass(frozen=True)
class Measure:
    """One measure of a table: its heading, unit, columns and values (areas, years)."""

    heading: str
    unit: str
    columns: tuple[int, ...]
    values: FloatArray


@dataclass(frozen=True)
class ResultTable:
    """A 結果表 as read."""

    sheet: Sheet
    title: str
    years: tuple[int, ...]
    rows: range
    places: Places
    measures: tuple[Measure, ...]

    def measure(self, *words: str, unit: str) -> Measure:
        """The one measure whose heading holds all `words`; InputError if this table has none or several."""
        found = [
            each
            for each in self.measures
            if each.unit == unit and all(word in each.heading for word in words)
        ]
        if len(found) != 1:
            wanted = "・".join(words)
            have = "」「".join(each.heading for each in self.measures)
            raise self.sheet.error(
                Text(
                    f"「{wanted}」の表ではない（あるのは「{have}」）",
                    f"this is not the table of {wanted} (it has {have})",
                ),
                Text("正しい番号の結果表を指定してください", "give the result table with the right number"),
            )
        return found[0]

    def tidy(self) -> pd.DataFrame:
        """One row for each area, measure and year."""
        import pandas as pd

        frames = []
        areas, years = len(self.rows), len(self.years)
        for measure in self.measures:
            frames.append(
                pd.DataFrame(
                    {
                        "code": np.repeat(as_object(self.places.code), years),
                        "kind": np.repeat(as_object(self.places.kind), years),
                        "prefecture_name": np.repeat(as_object(self.places.prefecture_name), years),
                        "name": np.repeat(as_object(self.places.name), years),
                        "year": np.tile(np.array(self.years, dtype=np.int64), areas),
                        "value": measure.values.reshape(-1),
                        "measure": measure.heading,
                        "unit": measure.unit,
                        "title": self.title,
                    }
                )
            )
        texts = ("code", "kind", "prefecture_name", "name", "measure", "unit", "title")
        frame = pd.concat(frames, ignore_index=True).astype({name: "str" for name in texts})
        return validated(frame, "ipss_table", self.sheet.file)


def read_table(path: Path, years: Sequence[int]) -> ResultTable:
    """Read a 結果表.

    Parameters
    ----------
    path : path
        The workbook (``kekkahyo1.xlsx`` and the like).
    years : sequence of int
        Years of the edition; each measure must have exactly these in this order.

    Raises
    ------
    InputError
        If the headings are missing, a measure has other years, an area stands twice, a value is no
        number or negative, a share exceeds 100 or a count of persons has a fraction.
    """
    sheet, head = sheet_with(path, PLACE_HEADINGS)
    columns = sheet.columns_named(head, PLACE_HEADINGS)
    if sheet.name is None:
        require_even_rows(sheet, head)
    title = next(
        (sheet.text(row, column) for row in range(head) for column in range(3) if sheet.text(row, column)), ""
    )
    rows = data_rows(sheet, head + 2)
    groups = _groups(sheet, head, set(columns.values()), tuple(years))
    places = read_places(sheet, rows, [columns[name] for name in PLACE_HEADINGS])
    require_unique(sheet, rows, places.code, columns["コード"])
    measures = []
    for heading, of_years in groups:
        unit = _unit(sheet, head, of_years[0], heading)
        values = numbers(sheet, rows, of_years, largest=100.0 if unit == "percent" else None)
        if unit == "persons" and (values != np.floor(values)).any():
            row, column = np.argwhere(values != np.floor(values))[0]
            sheet.count(rows[row], of_years[column])
        measures.append(Measure(heading, unit, of_years, values))
    return ResultTable(sheet, title, tuple(years), rows, places, tuple(measures))


def _groups(
    sheet: Sheet, head: int, named: set[int], years: tuple[int, ...]
) -> list[tuple[str, tuple[int, ...]]]:
    """Heading and columns of each measure: a heading is valid until the next one to its right."""
    width = max(len(sheet.rows[head]), len(sheet.rows[head + 1]))
    groups: list[tuple[str, list[int]]] = []
    for column in range(width):
        heading = sheet.text(head, column)
        if column in named or not (heading or sheet.text(head + 1, column)):
            continue
        if heading:
            groups.append((heading, []))
        if not groups:
            raise sheet.error(
                Text("年の上に指標の見出しがない", "a year stands below no measure"),
                OFFICIAL_LAYOUT,
                head,
                column,
            )
        groups[-1][1].append(column)
    for heading, columns in groups:
        found = tuple(year_of(sheet, head + 1, column) for column in columns)
        if found != years:
            raise sheet.error(
                Text(
                    f"「{shorten(heading)}」の年が{years[0]}～{years[-1]}年の{len(years)}時点ではない",
                    f"'{shorten(heading)}' does not have the {len(years)} years {years[0]} to {years[-1]}",
                ),
                OFFICIAL_LAYOUT,
                head + 1,
                columns[0],
            )
    if not groups:
        raise sheet.error(Text("指標の見出しがない", "there is no measure"), OFFICIAL_LAYOUT, head)
    return [(heading, tuple(columns)) for heading, columns in groups]


def _unit(sheet: Sheet, head: int, column: int, heading: str) -> str:
    for mark, unit in _UNITS:
        if mark in re.sub(r"\s", "", heading):
            return unit
    raise sheet.error(
        Text(
            f"「{shorten(heading)}」の単位を読み取れない", f"the unit of '{shorten(heading)}' cannot be read"
        ),
        OFFICIAL_LAYOUT,
        head,
        column,
    )

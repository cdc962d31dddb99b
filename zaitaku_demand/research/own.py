"""Outcomes of the user's own: one CSV each, declared nowhere, studied beside the declared indicators.

Headings: area_code (地域コード), year (年), numerator (分子), denominator (分母); level (地域の単位) and area_name (地域名) may
be there. Without a level it follows from the code: two digits are a prefecture, four an area. A blank numerator is missing,
``-`` or ``秘匿`` is suppressed; neither is zero. Counts of 1-9 are hidden, and further ones with them, as in a benchmark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.disclosure import protect_values
from zaitaku_demand.benchmark.parameters import DisclosureParameters
from zaitaku_demand.benchmark.sets import SHOWN_STATES
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.indicators.user_data import (
    DENOMINATOR,
    HEADINGS,
    SUPPRESSED_MARKS,
    code_at,
    known_codes,
    level_at,
    once,
    year_at,
)
from zaitaku_demand.research.panel import Series, variable_row
from zaitaku_demand.sources.reading import CORRECT_CELL, Sheet, read_csv, shorten, tidy_text
from zaitaku_demand.sources.tabular import blank_row
from zaitaku_demand.text import Text

Statistic = Literal["proportion", "ratio"]

PREFIX = "own_"
_REQUIRED = {
    **{name: HEADINGS[name] for name in ("area_code", "year", "numerator")},
    "denominator": DENOMINATOR,
}
_OPTIONAL = {name: HEADINGS[name] for name in ("level", "area_name")}
_LAYOUT = Text(
    "見出しを「地域コード、年、分子、分母」とした表にしてください",
    "use the headings area_code, year, numerator and denominator",
)
_UNITS = {
    "proportion": Text("％", "%"),
    "ratio": Text("分母1当たりの分子", "numerator per unit of the denominator"),
}
_KINDS: dict[str, Literal["binomial", "poisson"]] = {"proportion": "binomial", "ratio": "poisson"}
_MULTIPLIERS = {"proportion": 100.0, "ratio": 1.0}
_COLUMNS = ("level", "area_code", "year", "numerator", "denominator", "state")


@dataclass(frozen=True)
class OwnOutcome:
    """A file of the user's own outcome.

    Attributes
    ----------
    path : Path
    statistic : str
        ``proportion`` (the numerator is a part of the denominator) or ``ratio`` (two counts).
    """

    path: Path
    statistic: Statistic = "proportion"

    @property
    def name(self) -> str:
        """Name of the variable: ``own_`` and the file's name without what no variable may hold."""
        return PREFIX + re.sub(r"\W+", "_", unicodedata.normalize("NFKC", self.path.stem)).strip("_")


def own_outcomes(
    level: str,
    codes: npt.NDArray[np.object_],
    given: Sequence[OwnOutcome],
    disclosure: DisclosureParameters | None = None,
) -> list[tuple[Series, dict[str, object]]]:
    """The user's own outcomes at a level, each with its row of `Panel.variables`.

    Parameters
    ----------
    level : str
        ``prefecture`` or ``area``.
    codes : array (places,)
        Order of the places.
    given : sequence of OwnOutcome
    disclosure : DisclosureParameters, optional

    Returns
    -------
    list
        A file without rows at this level is left out.

    Raises
    ------
    InputError
        If a file cannot be read, a heading is missing or unknown, a cell is wrong (row and column named), it holds no
        value, or two files would have the same name.
    """
    seen: dict[str, Path] = {}
    found = []
    for each in given:
        if each.name in seen:
            raise InputError(
                Text(
                    f"変数名「{each.name}」が「{seen[each.name].name}」と同じになる",
                    f"its variable '{each.name}' has the name of that of {seen[each.name].name}",
                ),
                Text("どちらかのファイル名を変えてください", "rename one of the files"),
                file=each.path,
            )
        seen[each.name] = each.path
        table = protected(read_own(each), each.name, disclosure or DisclosureParameters())
        table = table[table["level"] == level]
        if len(table):
            series = _series(table, each, codes)
            found.append((series, _row(series, each)))
    return found


def read_own(given: OwnOutcome) -> pd.DataFrame:
    """The rows of a file: level, area_code, year, numerator, denominator, state (observed, suppressed).

    Raises
    ------
    InputError
        As `own_outcomes`.
    """
    sheet = read_csv(given.path)
    columns = _columns(sheet)
    codes = known_codes()
    records: list[tuple[object, ...]] = []
    seen: dict[tuple[str, str, int], int] = {}
    for row in range(1, len(sheet.rows)):
        if blank_row(sheet, row) or not sheet.text(row, columns["numerator"]):
            continue
        level = _level(sheet, row, columns)
        code = code_at(sheet, row, columns["area_code"], level, codes[level])
        year = year_at(sheet, row, columns["year"])
        once(sheet, row, columns["area_code"], (level, code, year), seen)
        hidden = sheet.text(row, columns["numerator"]) in SUPPRESSED_MARKS
        above = np.nan if hidden else sheet.number(row, columns["numerator"])
        below = _denominator(sheet, row, columns, above, given.statistic)
        records.append((level, code, year, above, below, "suppressed" if hidden else "observed"))
    if not records:
        raise sheet.error(Text("値が1つもない", "it holds no value"), _LAYOUT)
    return pd.DataFrame(records, columns=list(_COLUMNS)).astype({"numerator": float, "denominator": float})


def protected(table: pd.DataFrame, name: str, disclosure: DisclosureParameters) -> pd.DataFrame:
    """The rows with small counts hidden, and further ones until none can be had by subtraction.

    Parameters
    ----------
    table : DataFrame
        As `read_own` gives it.
    name : str
        Name of the variable.
    disclosure : DisclosureParameters
        The same as for the user's values in a benchmark.
    """
    known = table["state"] == "observed"
    bounds = table["numerator"].where(known)
    values = table.assign(indicator_id=name, numerator_lower=bounds.fillna(0.0), numerator_upper=bounds)
    shown = protect_values(values, [name], disclosure)
    return shown[list(_COLUMNS)]


def _columns(sheet: Sheet) -> dict[str, int]:
    columns = sheet.columns_among(0, _REQUIRED, _LAYOUT)
    headings = [tidy_text(cell) for cell in sheet.rows[0]]
    optional = {
        name: [at for at, cell in enumerate(headings) if cell in either] for name, either in _OPTIONAL.items()
    }
    allowed = {*columns.values(), *(at for places in optional.values() for at in places[:1])}
    for at, cell in enumerate(headings):
        if cell and at not in allowed:
            raise sheet.error(
                Text(
                    f"見出し「{shorten(cell)}」は様式にない",
                    f"the heading '{shorten(cell)}' is not in the layout",
                ),
                _LAYOUT,
                0,
                at,
            )
    return columns | {name: places[0] for name, places in optional.items() if places}


def _level(sheet: Sheet, row: int, columns: dict[str, int]) -> str:
    if "level" in columns and sheet.text(row, columns["level"]):
        return level_at(sheet, row, columns["level"])
    code = sheet.text(row, columns["area_code"])
    if code == "00":
        return "national"
    # Spreadsheets drop a leading zero, so a prefecture has one or two digits and an area three or four.
    return "prefecture" if len(code) <= 2 else "area"


def _denominator(
    sheet: Sheet, row: int, columns: dict[str, int], above: float, statistic: Statistic
) -> float:
    value = sheet.number(row, columns["denominator"])
    if value == 0:
        raise sheet.error(
            Text("分母が0である", "the denominator is 0"), CORRECT_CELL, row, columns["denominator"]
        )
    if statistic == "proportion" and above > value:
        raise sheet.error(
            Text(
                f"分子{above:g}が分母{value:g}を超え、割合にならない",
                f"the numerator {above:g} exceeds the denominator {value:g}, so this is no proportion",
            ),
            Text(
                "セルの値を直すか、2つの数の比（ratio）として与えてください",
                "correct the cell, or give the file as a ratio of two counts (ratio)",
            ),
            row,
            columns["numerator"],
        )
    return value


def _series(table: pd.DataFrame, given: OwnOutcome, codes: npt.NDArray[np.object_]) -> Series:
    years = tuple(sorted(int(year) for year in table["year"].unique()))
    place = pd.Index(codes).get_indexer(pd.Index(table["area_code"]))
    year = pd.Index(years).get_indexer(pd.Index(table["year"]))
    shape = (len(codes), len(years))
    numerator, exposure = np.full(shape, np.nan), np.full(shape, np.nan)
    shown = table["state"].isin(SHOWN_STATES).to_numpy()
    numerator[place[shown], year[shown]] = table["numerator"].to_numpy()[shown]
    exposure[place[shown], year[shown]] = table["denominator"].to_numpy()[shown]
    state = np.zeros(shape, dtype=np.int8)
    state[place, year] = pd.Index(STATE_NAMES).get_indexer(pd.Index(table["state"]))
    return Series(
        given.name,
        _KINDS[given.statistic],
        years,
        numerator,
        exposure,
        1.0,
        _MULTIPLIERS[given.statistic],
        state,
    )


def _row(series: Series, given: OwnOutcome) -> dict[str, object]:
    file = given.path.name
    return variable_row(
        series,
        "outcome",
        label=Text(f"利用者の値「{given.path.stem}」", f"the user's own '{given.path.stem}'"),
        unit=_UNITS[given.statistic],
        definition=Text(
            f"利用者のファイル「{file}」の分子を分母で割った値。",
            f"Numerator over denominator of the user's file '{file}'.",
        ),
        source=Text(f"利用者のファイル「{file}」", f"the user's file '{file}'"),
        caveats=Text(
            "定義と誰の地域で数えたかは利用者だけが知る。1～9の値と、引き算で分かる値は伏せてある。"
            "1つの件数を独立な1例とみなす。",
            "What is counted, and by whose place, only the user knows. Counts of 1-9, and those that subtraction would "
            "give away, are hidden. Each count is taken as an independent case.",
        ),
        type="outcome",
        statistic=given.statistic,
        place="",
    )

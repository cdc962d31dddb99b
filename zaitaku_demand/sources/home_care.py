"""Home care by municipality, 2014-2017: 在宅医療にかかる地域別データ集 (厚生労働省).

The share of deaths at home (自宅死の割合) is of residents' deaths in the calendar year and includes sudden and lonely
deaths; blank is not published, never zero. Population is the Japanese residents of the register on 1 January.
Visiting-nurse stations run 9-11 % above those of 社会・人口統計体系: two definitions, not to be mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.sources.checks import require_number, require_unique
from zaitaku_demand.sources.frames import with_text
from zaitaku_demand.sources.places import (
    municipality_code,
    prefecture_code,
    require_all_prefectures,
    require_national_total,
)
from zaitaku_demand.sources.reading import CORRECT_CELL, Sheet
from zaitaku_demand.sources.tabular import (
    FloatArray,
    IntArray,
    counts,
    data_rows,
    numbers,
    read_copy,
    year_of,
)
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

YEARS = (2014, 2015, 2016, 2017)
MUNICIPALITIES = 1741
COUNT_ITEMS = (
    "population",
    "population_over65",
    "zaitaku_shien_hospitals",
    "zaitaku_shien_clinics",
    "houmon_kango_stations",
)
SHARE = "home_death_pct"

NATIONAL_POPULATION = {2014: 126_434_634, 2015: 126_163_576, 2016: 125_891_742, 2017: 125_583_658}
"""Japanese residents of the register on 1 January (住民基本台帳に基づく人口, 総務省)."""


def load_home_care(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Share of deaths at home, population and home-care facilities by municipality and year.

    Parameters
    ----------
    path : path
        ``home_death_pct_by_municipality_2014_2017.csv``.
    nationwide : bool
        Require the 1,741 municipalities of every year and the published national populations; switch off for
        an extract.

    Returns
    -------
    DataFrame
        `year`, `code` (five digits, of the municipality as it was in that year), `home_death_pct` (per cent with one
        decimal; NaN where not published) and, as int64, `COUNT_ITEMS`.

    Raises
    ------
    InputError
        If a heading is missing, a code is none or of another prefecture, a municipality stands twice in a year or is
        missing, a cell but the share is blank or no count, the share is no percentage with one decimal, or more
        people are old than there are.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ("year", "city_code", "pref_code", SHARE, *COUNT_ITEMS))
    rows = data_rows(sheet, 1)
    years = [_year(sheet, row, columns["year"]) for row in rows]
    codes = [_code(sheet, row, columns) for row in rows]
    require_unique(sheet, rows, list(zip(years, codes, strict=True)))
    values = counts(sheet, rows, [columns[item] for item in COUNT_ITEMS])
    _require_fewer_old(sheet, rows, columns, values)
    shares = _shares(sheet, rows, columns[SHARE])
    if nationwide:
        _require_nation(sheet, years, codes, values[:, 0])
    frame = pd.DataFrame({"year": years, "code": codes, SHARE: shares})
    frame[list(COUNT_ITEMS)] = values
    return with_text(frame, ("code",))


def _year(sheet: Sheet, row: int, column: int) -> int:
    year = year_of(sheet, row, column)
    if year not in YEARS:
        raise sheet.error(
            Text(f"2014～2017年ではない年「{year}」がある", f"the year {year} is none of 2014-2017"),
            CORRECT_CELL,
            row,
            column,
        )
    return year


def _code(sheet: Sheet, row: int, columns: dict[str, int]) -> str:
    code = municipality_code(sheet, row, columns["city_code"])
    prefecture = prefecture_code(sheet, row, columns["pref_code"])
    if code[:2] != prefecture or code.endswith("000"):
        raise sheet.error(
            Text(
                f"「{code}」は都道府県{prefecture}の市区町村コードではない",
                f"{code} is no municipality of the prefecture {prefecture}",
            ),
            CORRECT_CELL,
            row,
            columns["city_code"],
        )
    return code


def _shares(sheet: Sheet, rows: Sequence[int], column: int) -> FloatArray:
    published = [row for row in rows if sheet.text(row, column)]
    given = numbers(sheet, published, [column], largest=100)[:, 0]
    odd = np.flatnonzero(np.abs(given * 10 - np.round(given * 10)) > 1e-6)
    if len(odd):
        raise sheet.error(
            Text(
                f"小数第1位までのはずの割合に「{given[odd[0]]:g}」がある",
                f"a share with one decimal was expected but {given[odd[0]]:g} was found",
            ),
            CORRECT_CELL,
            published[odd[0]],
            column,
        )
    shares = np.full(len(rows), np.nan)
    shares[[row - rows[0] for row in published]] = given
    return shares


def _require_fewer_old(sheet: Sheet, rows: Sequence[int], columns: dict[str, int], values: IntArray) -> None:
    more = np.flatnonzero(values[:, 1] > values[:, 0])
    if len(more):
        old, everybody = values[more[0], 1], values[more[0], 0]
        raise sheet.error(
            Text(
                f"65歳以上人口{old:,}が総人口{everybody:,}を上回る",
                f"{old:,} residents of 65 and over exceed the {everybody:,} residents",
            ),
            CORRECT_CELL,
            rows[more[0]],
            columns["population_over65"],
        )


def _require_nation(sheet: Sheet, years: Sequence[int], codes: Sequence[str], population: IntArray) -> None:
    require_all_prefectures(sheet, codes)
    of_year = np.array(years)
    for year in YEARS:
        chosen = of_year == year
        require_number(
            sheet,
            int(chosen.sum()),
            MUNICIPALITIES,
            Text(f"{year}年の市区町村", f"municipalities of {year}"),
        )
        require_national_total(
            sheet,
            Text(f"{year}年の住民基本台帳人口", f"the register's population of {year}"),
            int(population[chosen].sum()),
            NATIONAL_POPULATION[year],
        )

"""Regional population projection of 2018 (日本の地域別将来推計人口 平成30年推計, 社人研).

Fukushima has the prefecture only: this edition gives none of its municipalities. Eight designated
cities stand without their wards (さいたま, 相模原, 新潟, 静岡, 浜松, 堺, 岡山, 熊本).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.sources.ipss_tables import read_table
from zaitaku_demand.sources.ipss_wide import load_wide

if TYPE_CHECKING:
    import pandas as pd

YEARS = (2015, 2020, 2025, 2030, 2035, 2040, 2045)
WITHOUT_MUNICIPALITIES = frozenset({"07000"})
"""Fukushima: the projection was made for the whole prefecture only."""


def load_municipalities(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Population by municipality, year, sex and five-year age, 2015 to 2045.

    Parameters
    ----------
    path : path
        将来の地域別男女5歳階級別人口 as the official workbook, as its CSV copy
        (``all_areas_sex_age5_wide.csv``) or as the tidy copy (``municipality_year_sex_age5.csv``).
    nationwide : bool
        Require all 47 prefectures; switch off for an extract.

    Returns
    -------
    DataFrame
        `code` (five digits), `kind` (a prefecture, 0 ward, 1 designated city, 2 city, 3 town or
        village), `prefecture_name`, `name`, `year`, `sex` (male, female), `age` (0-4 to 90+),
        `persons` (int64).

    Raises
    ------
    InputError
        See :func:`zaitaku_demand.sources.ipss_wide.load_wide`.
    """
    return load_wide(path, YEARS, incomplete=WITHOUT_MUNICIPALITIES, nationwide=nationwide)


def load_table(path: Path) -> pd.DataFrame:
    """One of the published 結果表 of this edition (a measure by municipality and year).

    Returns
    -------
    DataFrame
        `code`, `kind`, `prefecture_name`, `name`, `year`, `value` (float), `measure` (heading), `unit`
        (persons, percent, index), `title` (title of the table).

    Raises
    ------
    InputError
        See :func:`zaitaku_demand.sources.ipss_tables.read_table`.
    """
    return read_table(path, YEARS).tidy()

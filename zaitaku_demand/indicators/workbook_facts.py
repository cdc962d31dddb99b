"""Facts from the user's copy of 在宅医療にかかる地域別データ集 (厚生労働省, ``001681907.xlsx`` and later ones).

The workbook is official open data, so no disclosure control is applied to it. Municipalities are added up to the
nation, to prefectures, and to the 335 areas by the area's name; no edition of the areas uses a name of the 335 for
other municipalities of the same prefecture, so a name is enough.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from zaitaku_demand.indicators.arrays import places_of
from zaitaku_demand.indicators.facts import FACT_COLUMNS, NATION
from zaitaku_demand.indicators.measures import Measure, measures
from zaitaku_demand.sources.home_care_workbook import ITEMS, load_home_care_workbook
from zaitaku_demand.text import Text

SPLIT_CITIES: Mapping[tuple[str, str], tuple[str, ...]] = {("14", "川崎市"): ("1404", "1405")}
"""Cities of one row that lie in several of the 335 areas: prefecture and name → areas (川崎北部, 川崎南部)."""


@dataclass(frozen=True)
class PlacedWorkbook:
    """A workbook added up by place.

    Attributes
    ----------
    facts : DataFrame
        In the layout of :mod:`zaitaku_demand.indicators.facts`.
    unplaced : tuple of str
        Prefecture and area name, such as ``秋田県 県北``, of the areas that are none of the 335, by prefecture.
    """

    facts: pd.DataFrame
    unplaced: tuple[str, ...]


def workbook_facts(path: Path) -> pd.DataFrame:
    """Facts of every measure that the workbook holds, at all three levels.

    Parameters
    ----------
    path : Path
        The ministry's workbook.

    Returns
    -------
    DataFrame
        measure, level, area_code, year, value, lower, upper, state. A sum with a cell that is not published is
        ``suppressed``: value NaN, lower the sum of what is published (0 for the cell), upper inf, as nothing bounds
        the cell from above. So is an area's part of a city that lies in two areas, between 0 and all of the city.
        An area that no row of the workbook names has no row here.

    Raises
    ------
    InputError
        If the workbook cannot be read or is not as published (see `load_home_care_workbook`), or the table
        ``area_units`` has not been built.
    """
    return placed_workbook(path).facts


def placed_workbook(path: Path) -> PlacedWorkbook:
    """The same with the names of the areas that could not be placed; raises as `workbook_facts`."""
    stamp = path.stat().st_mtime_ns if path.is_file() else None
    return _placed(path.absolute(), stamp)


def with_workbook(facts: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Facts with those of the workbook; it replaces a measure, level and year that it holds as a whole.

    Parameters
    ----------
    facts : DataFrame
        Table of facts (see `zaitaku_demand.indicators.facts`).
    path : Path

    Raises
    ------
    InputError
        As `workbook_facts`.
    """
    keys = ["measure", "level", "year"]
    own = workbook_facts(path)
    held = pd.MultiIndex.from_frame(own[keys].drop_duplicates())
    may = facts["measure"].isin(own["measure"].unique()).to_numpy()
    replaced = may.copy()
    replaced[may] = pd.MultiIndex.from_frame(facts.loc[may, keys]).isin(held)
    return pd.concat([facts[~replaced], own], ignore_index=True)


def workbook_notes(path: Path | None) -> list[Text]:
    """What a reader is told of the workbook: which years it gave, and which areas could not be placed."""
    if path is None:
        return []
    placed = placed_workbook(path)
    years = ", ".join(str(year) for year in sorted(placed.facts["year"].unique()))
    notes = [
        Text(
            f"在宅医療にかかる地域別データ集の値（{years}年）は利用者のファイル「{path.name}」による。"
            "公表されないセルを含む和は秘匿とし、0とはしない。2つの圏域にまたがる市の値は圏域に分けられないため秘匿とする。",
            f"Figures of the regional data collection on home care ({years}) come from the user's file '{path.name}'. Sums "
            "with a cell that is not published are shown as suppressed, never as zero, and so are areas that share a city.",
        )
    ]
    if placed.unplaced:
        notes.append(
            Text(
                f"地域別データ集の圏域名のうち335圏域にないもの（{'、'.join(placed.unplaced)}）の市区町村は、"
                "都道府県と全国にだけ含め、圏域の値には含めていない。",
                f"Areas of the regional data collection that are none of the 335 ({', '.join(placed.unplaced)}): their "
                "municipalities are in the prefecture and the nation only, not in any area.",
            )
        )
    return notes


@lru_cache(maxsize=2)
def _placed(path: Path, stamp: int | None) -> PlacedWorkbook:
    # Values and notes ask for the same workbook; `stamp` tells a changed file from the one read before.
    table = load_home_care_workbook(path)
    wanted = [
        each for each in measures().values() if each.source == "home_care" and set(each.columns) <= set(ITEMS)
    ]
    in_areas, unplaced = _by_area(table)
    levels = {
        "national": table.assign(area_code=NATION, shared=False),
        "prefecture": table.assign(area_code=table["prefecture_code"], shared=False),
        "area": in_areas,
    }
    facts = pd.concat(
        [
            _sums(pieces, measure).assign(level=level)
            for level, pieces in levels.items()
            for measure in wanted
        ],
        ignore_index=True,
    )
    return PlacedWorkbook(facts[list(FACT_COLUMNS)], unplaced)


def _by_area(table: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Rows with `area_code` and `shared` (part of a city in several areas), and the names not among the 335."""
    areas = places_of("area").iloc[1:]
    code_of = {
        (str(prefecture), _tidy(name)): str(code)
        for prefecture, name, code in zip(
            areas["prefecture_code"], areas["area_name"], areas["area_code"], strict=True
        )
    }
    places: list[Sequence[str]] = []
    unplaced: dict[tuple[str, str], str] = {}
    for code, prefecture, area, municipality in zip(
        table["prefecture_code"],
        table["prefecture_name"],
        table["area_name"],
        table["municipality"],
        strict=True,
    ):
        found = SPLIT_CITIES.get((code, _tidy(municipality)))
        if found is None:
            key = (str(code), _tidy(area))
            found = (code_of[key],) if key in code_of else ()
            if not found:
                unplaced[key] = f"{prefecture} {area}"
        places.append(found)
    placed = table.assign(
        area_code=pd.Series(places, index=table.index), shared=[len(found) > 1 for found in places]
    )
    placed = placed[[len(found) > 0 for found in places]].explode("area_code", ignore_index=True)
    return placed, tuple(unplaced[key] for key in sorted(unplaced, key=lambda key: key[0]))


def _sums(pieces: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Sums of a measure by place and year with the bounds that hold for certain."""
    cells = pieces[list(measure.columns)].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    published = np.nansum(cells, axis=1)
    bounds = pieces[["area_code", "year"]].assign(
        lower=np.where(pieces["shared"], 0.0, published),
        upper=np.where(np.isnan(cells).any(axis=1), np.inf, published),
    )
    found = bounds.groupby(["area_code", "year"], as_index=False)[["lower", "upper"]].sum()
    exact = found["lower"] == found["upper"]
    return found.assign(
        measure=measure.id,
        value=found["lower"].where(exact),
        state=np.where(exact, "observed", "suppressed"),
    )


def _tidy(name: object) -> str:
    """A name without differences of width and without spaces."""
    return "".join(unicodedata.normalize("NFKC", str(name)).split())

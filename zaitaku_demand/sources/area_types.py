"""Population, area and type of the secondary medical areas, and which places border on each other.

The three types are those of the ministry's working group on the regional medical vision (厚生労働省
新たな地域医療構想等に関する検討会): 大都市型, 地方都市型, and areas of few people. The file's own column of types
calls the third 過疎地域型.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.sources.checks import problems_error, require_equal, require_number, require_unique
from zaitaku_demand.sources.places import area_code, prefecture_code, prefecture_of, require_prefecture
from zaitaku_demand.sources.reading import CORRECT_CELL, shorten
from zaitaku_demand.sources.tabular import counts, data_rows, filled_texts, numbers, read_copy, require_text
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

METROPOLITAN, PROVINCIAL, SPARSE = "大都市型", "地方都市型", "人口の少ない地域"
TYPES = (METROPOLITAN, PROVINCIAL, SPARSE)
SOURCE_NAMES = {"大都市型": METROPOLITAN, "地方都市型": PROVINCIAL, "過疎地域型": SPARSE}
PRINTED_DENSITY = 0.05 + 1e-9
"""Persons per km2: the file prints densities to one decimal."""

_HEADINGS = (
    "area_code",
    "area_name",
    "pref_code",
    "pref_name",
    "population_2020",
    "area_2020_km2",
    "density_2020",
    "type",
)


@dataclass(frozen=True)
class TypeThresholds:
    """Thresholds of the types; persons and persons per km2.

    Attributes
    ----------
    metropolitan_population, metropolitan_density : float
        大都市型 from either of these.
    provincial_population : float
        地方都市型 from this population,
    provincial_smaller_population, provincial_density : float
        or from both of these.
    """

    metropolitan_population: float = 1_000_000
    metropolitan_density: float = 2_000
    provincial_population: float = 200_000
    provincial_smaller_population: float = 100_000
    provincial_density: float = 200


def classify(
    population: npt.NDArray[np.float64],
    density: npt.NDArray[np.float64],
    thresholds: TypeThresholds | None = None,
) -> npt.NDArray[np.str_]:
    """Type of each place from its population and density (arrays of one shape)."""
    given = thresholds or TypeThresholds()
    metropolitan = (population >= given.metropolitan_population) | (density >= given.metropolitan_density)
    provincial = (population >= given.provincial_population) | (
        (population >= given.provincial_smaller_population) & (density >= given.provincial_density)
    )
    return np.select([metropolitan, provincial], [METROPOLITAN, PROVINCIAL], SPARSE)


def load_area_types(path: Path, *, areas: int | None = 335) -> pd.DataFrame:
    """Population, area and the file's own type of each area.

    Parameters
    ----------
    path : path
        ``area_type_335.csv`` or ``area_type_330.csv``.
    areas : int, optional
        Number of areas required; None for an extract.

    Returns
    -------
    DataFrame
        area_code, area_name, prefecture_code, prefecture_name, population (2020), km2, density, type (one of
        `TYPES`).

    Raises
    ------
    InputError
        If a heading is missing or unknown, an area stands twice or has another prefecture's code, a value is no
        number from 0 up, or the density is not population over area.
    """
    import pandas as pd

    sheet, columns = read_copy(path, _HEADINGS)
    rows = data_rows(sheet, 1)
    codes = [area_code(sheet, row, columns["area_code"]) for row in rows]
    require_unique(sheet, rows, codes, columns["area_code"])
    for row, code in zip(rows, codes, strict=True):
        found = prefecture_code(sheet, row, columns["pref_code"])
        if found != code[:2]:
            raise sheet.error(
                Text(
                    f"都道府県コード「{shorten(found)}」が圏域コード{code}と合わない",
                    f"the prefecture code '{shorten(found)}' does not fit the area code {code}",
                ),
                CORRECT_CELL,
                row,
                columns["pref_code"],
            )
        require_prefecture(sheet, row, columns["pref_name"], code)
    population = counts(sheet, rows, [columns["population_2020"]])
    km2 = numbers(sheet, rows, [columns["area_2020_km2"]])
    printed = numbers(sheet, rows, [columns["density_2020"]])
    if (km2 == 0).any():
        row = rows[int(np.flatnonzero(km2[:, 0] == 0)[0])]
        raise sheet.error(
            Text("面積が0である", "the area is 0 km2"), CORRECT_CELL, row, columns["area_2020_km2"]
        )
    require_equal(
        sheet,
        rows,
        [columns["density_2020"]],
        printed,
        population / km2,
        Text("人口÷面積", "population over area"),
        PRINTED_DENSITY,
    )
    if areas is not None:
        require_number(sheet, len(codes), areas, Text("圏域", "areas"))
    types = require_text(sheet, rows, columns["type"], SOURCE_NAMES)
    frame = pd.DataFrame(
        {
            "area_code": codes,
            "area_name": filled_texts(sheet, rows, columns["area_name"]),
            "prefecture_code": [code[:2] for code in codes],
            "prefecture_name": [prefecture_of(code) or "" for code in codes],
            "population": population[:, 0],
            "km2": km2[:, 0],
            "density": population[:, 0] / km2[:, 0],
            "type": [SOURCE_NAMES[name] for name in types],
        }
    )
    return frame.sort_values("area_code", ignore_index=True)


def load_adjacency(path: Path) -> pd.DataFrame:
    """Pairs of places that share a border, in both directions: code, neighbour_code.

    Parameters
    ----------
    path : path
        ``adjacency_area339.csv`` (four digits) or ``adjacency_prefecture.csv`` (two).

    Raises
    ------
    InputError
        If a heading is missing or unknown, a code is none, or a pair stands twice, has no way back or joins a
        place with itself.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ["area_code", "neighbor_code"])
    rows = data_rows(sheet, 1)
    whole = all(len(sheet.text(row, columns["area_code"])) <= 2 for row in rows)
    read = prefecture_code if whole else area_code
    pairs = [
        (read(sheet, row, columns["area_code"]), read(sheet, row, columns["neighbor_code"])) for row in rows
    ]
    require_unique(sheet, rows, pairs)
    known = set(pairs)
    wrong = [f"{left}-{right}" for left, right in pairs if left == right or (right, left) not in known]
    if wrong:
        raise problems_error(
            sheet,
            wrong,
            Text(
                "自分自身との隣接、または逆向きの行がない",
                "a place next to itself, or a pair without its way back",
            ),
        )
    return pd.DataFrame(sorted(pairs), columns=["code", "neighbour_code"]).astype("str")


def merge_neighbours(pairs: pd.DataFrame, area_of: pd.Series[str]) -> pd.DataFrame:
    """Neighbours of coarser areas: two areas border on each other if any of their parts do.

    Parameters
    ----------
    pairs : DataFrame
        :func:`load_adjacency`.
    area_of : Series
        Coarser area by code.

    Returns
    -------
    DataFrame
        code, neighbour_code; in both directions.
    """
    merged = pairs.assign(
        code=pairs["code"].map(area_of), neighbour_code=pairs["neighbour_code"].map(area_of)
    )
    merged = merged[merged["code"] != merged["neighbour_code"]].drop_duplicates()
    return merged.sort_values(["code", "neighbour_code"], ignore_index=True)

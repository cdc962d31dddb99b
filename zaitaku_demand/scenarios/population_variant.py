"""Another course of the population: multipliers of the published one by year and age.

A CSV with the columns year, age, factor and, if it differs by place, area_code. Ages that are not listed keep the factor
1, as do the years before the first one listed; between listed years the factor runs in a straight line over the published
years, after the last one it stays. Such a file can hold what a low or high assumption on mortality does to each age.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import parse_band
from zaitaku_demand.population import Population
from zaitaku_demand.scenarios.places import area_mask
from zaitaku_demand.sources.reading import CORRECT_CELL, Sheet, read_csv
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

HEADINGS = {"year": ("year", "年"), "age": ("age", "年齢"), "factor": ("factor", "倍率")}
AREA = {"area_code": ("area_code", "圏域コード")}
LARGEST = 10.0
_Row = tuple[int, str, int, str, float]


def multiplied_population(population: Population, path: Path) -> Population:
    """The population times the factors of a file.

    Raises
    ------
    InputError
        If a heading is missing, a cell cannot be read, a year lies outside the projection, an age range cuts through a
        band of the population, an area is not known, or a factor stands twice.
    """
    sheet = read_csv(path)
    factor = np.ones(population.values.shape[:2] + population.values.shape[3:])
    listed: dict[tuple[str, str], dict[int, float]] = {}
    for row, area, year, age, value in _rows(sheet, population):
        years = listed.setdefault((area, age), {})
        if year in years:
            raise sheet.error(
                Text(f"{year}年の「{age}」の倍率が2回ある", f"the factor of {year}, '{age}' stands twice"),
                Text("1つにしてください", "give it once"),
                row,
            )
        years[year] = value
    seen = np.zeros((len(population.areas), len(population.ages)), dtype=bool)
    for (area, age), years in listed.items():
        inside = area_mask((area,) if area else (), population)[:, None] & _ages(age, population)
        if (seen & inside).any():
            raise sheet.error(
                Text(f"年齢「{age}」の倍率が重なる", f"the factors of the ages '{age}' overlap"),
                Text("年齢と圏域が重ならないようにしてください", "let ages and areas not overlap"),
            )
        seen |= inside
        course = course_of_factor(np.array(population.years), years)
        factor = np.where(inside[:, None, :], course[None, :, None], factor)
    return replace(population, values=population.values * factor[:, :, None, :])


def course_of_factor(years: npt.NDArray[np.int64], given: dict[int, float]) -> FloatArray:
    """Factor of every year: 1 before the first one given, straight between them, the last one after it."""
    known = sorted(given)
    course = np.interp(years, known, [given[year] for year in known])
    return np.where(years < known[0], 1.0, course)


def _rows(sheet: Sheet, population: Population) -> list[_Row]:
    action = Text(
        "見出しを「年」「年齢」「倍率」（任意で「圏域コード」）にしてください",
        "head the columns year, age and factor (optionally area_code)",
    )
    heading = {sheet.text(0, column) for column in range(len(sheet.rows[0]))}
    by_area = bool(heading & set(AREA["area_code"]))
    columns = sheet.columns_among(0, {**HEADINGS, **AREA} if by_area else HEADINGS, action)
    out: list[_Row] = []
    for row in range(1, len(sheet.rows)):
        if not any(sheet.text(row, column) for column in columns.values()):
            continue
        year = sheet.count(row, columns["year"])
        if not population.years[0] < year <= population.years[-1]:
            raise sheet.error(
                Text(f"{year}年は推計の期間にない", f"{year} lies outside the projection"),
                Text(
                    f"{population.years[0] + 1}～{population.years[-1]}年にしてください",
                    f"give {population.years[0] + 1} to {population.years[-1]}",
                ),
                row,
                columns["year"],
            )
        age = sheet.text(row, columns["age"])
        if parse_band(age) is None or not _ages(age, population).any():
            raise sheet.error(
                Text(
                    f"年齢「{age}」が人口の年齢階級（最高 {population.open_band}）に合わない",
                    f"the ages '{age}' are not bands of the population (open band {population.open_band})",
                ),
                CORRECT_CELL,
                row,
                columns["age"],
            )
        value = sheet.number(row, columns["factor"])
        if value > LARGEST:
            raise sheet.error(
                Text(f"倍率「{value:g}」が大きすぎる", f"the factor {value:g} is too large"),
                Text("％ではなく倍率（1.05 など）にしてください", "give a factor such as 1.05, not per cent"),
                row,
                columns["factor"],
            )
        out.append((row, _area(sheet, row, columns.get("area_code")), year, age, value))
    if not out:
        raise sheet.error(Text("倍率の行がない", "there is no row of factors"), action)
    return out


def _area(sheet: Sheet, row: int, column: int | None) -> str:
    if column is None:
        return ""
    code = sheet.text(row, column)
    if not code:
        raise sheet.error(Text("圏域コードが空である", "the area code is blank"), CORRECT_CELL, row, column)
    return f"0{code}" if code.isdigit() and len(code) in (1, 3) else code


def _ages(age: str, population: Population) -> npt.NDArray[np.bool_]:
    """Bands inside a range; none if the range cuts through one."""
    band = parse_band(age)
    if band is None:
        return np.zeros(len(population.ages), dtype=bool)
    lower, upper = band[0], np.inf if band[1] is None else band[1]
    ends = [np.inf if end is None else end for _, end in population.ages.bands]
    starts = [start for start, _ in population.ages.bands]
    if lower not in starts or upper not in ends:
        return np.zeros(len(population.ages), dtype=bool)
    return np.array([lower <= start and end <= upper for start, end in zip(starts, ends, strict=True)])

"""Populations of the 335 areas by sex and age, and the population facts of all levels.

The areas are those in which the NDB Open Data count (7th medical plan). Their population is never published
year by year; it is put together from official figures only:

* 2010 and 2015: census by municipality, unknown ages distributed in proportion by area and sex;
* 2020-2022: census 2020 by 構想区域 (each lies in one of the 335 areas), raked to two official margins:
  both sexes by the 330 areas (2023 edition of the IPSS, interpolated) and sex by prefecture;
* years between: straight lines, as in the prefectures' table `population_reference`;
* from 2023: the 330 areas of the 2023 edition; the parts of an area keep their shares of 2022 at every age.

Areas add up to `population_reference` in every prefecture, year, sex and age.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.areas.system import AreaSystem
from zaitaku_demand.population import from_table
from zaitaku_demand.store.area_censuses import census_2010_2015, census_2020
from zaitaku_demand.store.build_population import AGES, OLDEST, SEXES

FloatArray = npt.NDArray[np.float64]

YEARS = tuple(range(2014, 2023))
DENOMINATOR_YEARS = (2019, 2020, 2021, 2022)
EDITION_YEARS = (2020, 2021, 2022)
PROJECTED_YEARS = (2023, 2024, 2025, 2026)
WHOLE_FUKUSHIMA = "0700"
TOLERANCE = 1e-12
"""Relative: raking stops where the margins are met that closely."""

BANDS: dict[str, tuple[int, int | None]] = {
    "population_total": (0, None),
    "population_0_14": (0, 15),
    "population_65": (65, None),
    "population_75": (75, None),
    "population_85": (85, None),
}


@dataclass(frozen=True)
class AreaPopulations:
    """Persons of 1 October by the 335 areas.

    Attributes
    ----------
    areas : tuple of str
        Codes of the 335 areas, ascending.
    parents : tuple of str
        Code of the 330 area each lies in.
    values : array (335, 9, 2, 19)
        2014-2022, men and women, five-year ages to 90 and over.
    oldest : array (335, 9, 2, 2)
        90-94 and 95+; they add up to the last band of `values`.
    """

    areas: tuple[str, ...]
    parents: tuple[str, ...]
    values: FloatArray
    oldest: FloatArray

    @property
    def prefectures(self) -> npt.NDArray[np.int64]:
        """Position (0-46) of each area's prefecture."""
        return np.array([int(code[:2]) - 1 for code in self.areas])


def area_populations(
    raw: Path,
    municipal_2018: pd.DataFrame,
    areas_2023: pd.DataFrame,
    reference: pd.DataFrame,
    codes: pd.DataFrame,
    units: pd.DataFrame,
    system_330: AreaSystem,
) -> AreaPopulations:
    """Populations of the 335 areas 2014-2022 by sex and age.

    Parameters
    ----------
    raw : Path
        Folder of the raw files.
    municipal_2018, areas_2023, reference : DataFrame
        Municipalities of the 2018 edition (they divide the one city that lies in two areas), 330 areas of the
        2023 edition, and the prefectures' table.
    codes, units : DataFrame
        Municipal codes with their areas; area units.
    system_330 : AreaSystem

    Raises
    ------
    InputError
        If a raw file is absent, altered or inconsistent.
    """
    pairs = units.loc[units["area335_code"] != WHOLE_FUKUSHIMA, ["area335_code", "area330_code"]]
    pairs = pairs.drop_duplicates().sort_values("area335_code")
    areas = tuple(pairs["area335_code"])
    prefecture = np.array([int(code[:2]) - 1 for code in areas])
    target = reference_array(reference)
    history = census_2010_2015(raw, municipal_2018, codes, areas)
    seed_2020 = census_2020(raw, units, areas)

    population = from_table(areas_2023, system_330, "2023", by_area=True).at_years(EDITION_YEARS)
    row_of = population.areas["area_code"].searchsorted(pairs["area330_code"].to_numpy())
    both = population.values[:, :, 0]

    values = np.empty((len(areas), len(YEARS), len(SEXES), len(AGES)))
    of = {year: place for place, year in enumerate(YEARS)}
    values[:, of[2014]] = scale_to_groups(
        history[0] + (2014 - 2010) / 5 * (history[1] - history[0]),
        target[:, of[2014], :, : len(AGES)],
        prefecture,
    )
    values[:, of[2015]] = scale_to_groups(history[1], target[:, of[2015], :, : len(AGES)], prefecture)
    for place, year in enumerate(EDITION_YEARS):
        values[:, of[year]] = rake_two_ways(
            seed_2020[..., : len(AGES)],
            both[:, place],
            row_of,
            target[:, of[year], :, : len(AGES)],
            prefecture,
        )
    for year in range(2016, 2020):
        weight = (year - 2015) / 5
        values[:, of[year]] = (1 - weight) * values[:, of[2015]] + weight * values[:, of[2020]]
    oldest = np.stack(
        [
            _oldest(values[:, place, :, -1], seed_2020[..., -2:], target[:, place, :, -2:], prefecture)
            for place in range(len(YEARS))
        ],
        axis=1,
    )
    return AreaPopulations(areas, tuple(pairs["area330_code"]), values, oldest)


def area_codes(units: pd.DataFrame) -> list[str]:
    """Codes of the 335 areas, ascending."""
    return sorted(set(units["area335_code"]) - {WHOLE_FUKUSHIMA})


def denominators(given: AreaPopulations) -> pd.DataFrame:
    """Denominators of the ratios by area: area_code, year (2019-2022), sex, age (20 bands to 95+), persons."""
    place = [YEARS.index(year) for year in DENOMINATOR_YEARS]
    stacked = np.concatenate([given.values[:, place, :, :-1], given.oldest[:, place]], axis=-1)
    index = pd.MultiIndex.from_product(
        [given.areas, DENOMINATOR_YEARS, SEXES, [*AGES.labels[:-1], *OLDEST]],
        names=["area_code", "year", "sex", "age"],
    )
    table = pd.Series(stacked.ravel(), index=index, name="persons").reset_index()
    return table.astype({"year": "int16"})


def reference_array(reference: pd.DataFrame) -> FloatArray:
    """Men and women of `population_reference` as an array (47, 9, 2, 21): 19 bands, 90-94 and 95+.

    90-94 and 95+ are scaled to their 90+: the table interpolates the three apart, and they differ by up
    to 0.6 % in some prefectures and years.
    """
    labels = [*AGES.labels, *OLDEST]
    wide = reference.set_index(["prefecture_code", "year", "sex", "age"])["persons"]
    order = pd.MultiIndex.from_product([[f"{number:02d}" for number in range(1, 48)], YEARS, SEXES, labels])
    values: FloatArray = wide.reindex(order).to_numpy(dtype=np.float64).copy()
    values = values.reshape(47, len(YEARS), len(SEXES), len(labels))
    values[..., -2:] *= (values[..., -3] / values[..., -2:].sum(axis=-1))[..., None]
    return values


def scale_to_groups(values: FloatArray, totals: FloatArray, group_of: npt.NDArray[np.int64]) -> FloatArray:
    """Multiply `values` (n, ...) within each group so that they add up to `totals` (groups, ...).

    Cells of a group that add up to zero stay zero; its total must then be zero.

    Raises
    ------
    ValueError
        If a total above zero has no cell above zero to be put on.
    """
    sums = _by_group(values, group_of, len(totals))
    if ((sums == 0) & (totals > 0)).any():
        raise ValueError("a total above zero falls on cells that are all zero")
    factor = np.divide(totals, sums, out=np.ones_like(totals), where=sums > 0)
    return np.asarray(values * factor[group_of])


def rake_two_ways(
    seed: FloatArray,
    rows: FloatArray,
    row_of: npt.NDArray[np.int64],
    columns: FloatArray,
    column_of: npt.NDArray[np.int64],
    iterations: int = 500,
) -> FloatArray:
    """Iterative proportional fitting (Deming & Stephan 1940) to row groups and to column groups by sex.

    Parameters
    ----------
    seed : array (n, s, a)
    rows : array (r, a)
        Totals over the s of each row group; `row_of` (n,) names the group.
    columns : array (c, s, a)
        Totals of each column group; `column_of` (n,) names the group.

    Returns
    -------
    array (n, s, a)
        Column totals are met exactly, row totals to `TOLERANCE`.

    Raises
    ------
    ValueError
        If the margins contradict each other.
    """
    fitted = scale_to_groups(seed, columns, column_of)
    for _ in range(iterations):
        sums = _by_group(fitted.sum(axis=1), row_of, len(rows))
        if (np.abs(sums - rows) <= TOLERANCE * np.maximum(rows, 1)).all():
            return fitted
        fitted = scale_to_groups(fitted * _ratio(rows, sums)[row_of][:, None], columns, column_of)
    raise ValueError("raking does not converge: the margins contradict each other")


def population_facts(
    given: AreaPopulations, areas_2023: pd.DataFrame, system_330: AreaSystem
) -> pd.DataFrame:
    """Population by broad age for Japan, prefectures and the 335 areas, 2014-2026, in the layout of facts.

    Prefectures are the sums of their areas and Japan that of the prefectures. Persons are rounded to
    hundredths in the areas before they are added up.
    """
    ages = np.concatenate([given.values.sum(axis=2), _projected(given, areas_2023, system_330)], axis=1)
    years = (*YEARS, *PROJECTED_YEARS)
    levels = {"area": list(given.areas), "prefecture": [f"{n:02d}" for n in range(1, 48)], "national": ["00"]}
    parts = []
    for measure, (lower, upper) in BANDS.items():
        stop = None if upper is None else AGES.index_from(upper)
        by_area = np.rint(ages[..., AGES.index_from(lower) : stop].sum(axis=-1) * 100)
        by_prefecture = _by_group(by_area, given.prefectures, 47)
        by_level = {
            "area": by_area,
            "prefecture": by_prefecture,
            "national": by_prefecture.sum(axis=0, keepdims=True),
        }
        for level in ("national", "prefecture", "area"):
            index = pd.MultiIndex.from_product([levels[level], years], names=["area_code", "year"])
            value = by_level[level].ravel() / 100
            part = pd.DataFrame({"value": value}, index=index).reset_index()
            parts.append(part.assign(measure=measure, level=level))
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(lower=table["value"], upper=table["value"], state="observed")
    return table[["measure", "level", "area_code", "year", "value", "lower", "upper", "state"]].astype(
        {"year": "int16"}
    )


def _projected(given: AreaPopulations, areas_2023: pd.DataFrame, system_330: AreaSystem) -> FloatArray:
    """Both sexes of the 335 areas 2023-2026, array (335, 4, 19)."""
    population = from_table(areas_2023, system_330, "2023", by_area=True).at_years(PROJECTED_YEARS)
    row_of = population.areas["area_code"].searchsorted(list(given.parents))
    last = given.values[:, -1].sum(axis=1)
    share = last / _by_group(last, row_of, len(population.areas))[row_of]
    return np.asarray(population.values[row_of, :, 0] * share[:, None])


def _oldest(
    top: FloatArray, seed: FloatArray, target: FloatArray, prefecture: npt.NDArray[np.int64]
) -> FloatArray:
    """90-94 and 95+ (n, s, 2) from the areas' 90+ (n, s), census shares and the prefectures' parts (47, s, 2)."""
    parts = seed * _ratio(top, seed.sum(axis=-1))[..., None]
    moved = np.moveaxis(parts, 1, -1)
    fitted = rake_two_ways(moved, top, np.arange(len(top)), np.moveaxis(target, 1, -1), prefecture)
    return np.moveaxis(fitted, -1, 1)


def _by_group(values: FloatArray, group_of: npt.NDArray[np.int64], groups: int) -> FloatArray:
    """Sums of `values` (n, ...) by group, array (groups, ...)."""
    member = (np.arange(groups)[:, None] == group_of[None]).astype(np.float64)
    return np.tensordot(member, values, axes=1)


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.divide(above, below, out=np.ones_like(below), where=below > 0)

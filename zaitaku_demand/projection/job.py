"""The main job: parameters in, projections on the five-year grid and on annual steps out.

Path of a figure, in order: `population` (edition, areas) → `open_band` (90+ split) → `rates` (national
profile × ratio) → `projection.project` → `projection.peak` → `report`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.open_band import CENSUS_YEAR, SPLIT_AGE, split_open_band
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.population import Population, load_population, read_population
from zaitaku_demand.projection.project import Projection, project
from zaitaku_demand.rates.build import utilisation_rates
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.rates.user import read_rates
from zaitaku_demand.text import Text

BAND_VARIANTS = (75, 85, 90, 95)


@dataclass(frozen=True)
class MainJob:
    """The computed objects behind a report, for whoever works in Python.

    Attributes
    ----------
    grid, annual : Projection
        On the five-year grid, and on annual steps.
    population : Population
        As published: before the open band is split or merged, all years of the edition.
    """

    parameters: RunParameters
    population: Population
    grid: Projection
    annual: Projection


def main_job(parameters: RunParameters) -> MainJob:
    """Population, rates and both projections of a run."""
    population = _population(parameters)
    horizon = _horizon(parameters.horizon, population)
    shaped = shape_ages(
        population, parameters.open_band, tuple(year for year in population.years if year <= horizon)
    )
    rates = _rates(parameters, shaped)
    grid = project(shaped, rates)
    every_year = tuple(range(population.years[0], horizon + 1))
    annual = project(shape_ages(population, parameters.open_band, every_year), rates)
    return MainJob(parameters, population, grid, annual)


def shape_ages(population: Population, open_band: int, years: tuple[int, ...]) -> Population:
    """The population in other years and with another open band.

    Splitting comes before interpolating (its shares are known on the grid), merging after it.
    """
    if open_band == SPLIT_AGE:
        return split_open_band(population).at_years(years)
    return population.at_years(years).merge_open_band(open_band)


def peak_years_with_band(job: MainJob, band: int) -> npt.NDArray[np.float64]:
    """Peak years on the grid if the open band were `band`, array (services × areas).

    NaN where that cannot be had: the user's own rates have their own bands.
    """
    size = job.grid.values.shape[0] * job.grid.values.shape[1]
    if job.parameters.own_rates is not None or (
        band == SPLIT_AGE and CENSUS_YEAR not in job.population.years
    ):
        return np.full(size, np.nan)
    shaped = shape_ages(job.population, band, job.grid.years)
    rates = utilisation_rates(
        shaped, job.grid.rates.services, year=job.grid.rates.base_year, level="national"
    )
    values = project(shaped, rates).values
    years = np.array(job.grid.years, dtype=np.float64)
    return np.asarray(years[values.argmax(axis=2)].ravel())


def _population(parameters: RunParameters) -> Population:
    if parameters.population_file is not None:
        areas = parameters.areas or {"2023": "330", "2018": "335"}[parameters.edition]
        population = read_population(parameters.population_file, parameters.edition, areas)
    else:
        population = load_population(parameters.edition, parameters.areas)
    if parameters.prefecture is None:
        return population
    return population.select(_inside(population, parameters.prefecture))


def _horizon(horizon: int | None, population: Population) -> int:
    if horizon is None:
        return population.years[-1]
    if horizon not in population.years or horizon == population.years[0]:
        years = ", ".join(str(year) for year in population.years[1:])
        raise InputError(
            Text(f"{horizon}年は推計の最終年にできない", f"{horizon} cannot be the horizon"),
            Text(f"{years} から選んでください", f"choose one of {years}"),
        )
    return horizon


def _inside(population: Population, prefecture: str) -> npt.NDArray[np.bool_]:
    names = population.areas["prefecture_name"]
    wanted = prefecture.strip()
    inside = (names == wanted) | (population.areas["prefecture_code"] == wanted.zfill(2))
    if not inside.any():
        inside = names.str[:-1] == wanted
    if not inside.any():
        raise InputError(
            Text(f"都道府県「{prefecture}」が見つからない", f"there is no prefecture '{prefecture}'"),
            Text(
                "「島根県」のような名称か「32」のようなコードを指定してください",
                "give a name such as 島根県 or a code such as 32",
            ),
        )
    return inside.to_numpy()


def _rates(parameters: RunParameters, population: Population) -> Rates:
    if parameters.own_rates is not None:
        return read_rates(parameters.own_rates, population, parameters.rate_year)
    return utilisation_rates(
        population,
        parameters.services,
        year=parameters.rate_year,
        level=parameters.rates,
        ratio_95plus=parameters.ratio_95plus,
    )

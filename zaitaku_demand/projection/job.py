"""The main job: parameters in, projections on the five-year grid and on annual steps out.

Path of a figure, in order: `population` (edition, areas, variant of the scenario) → `open_band` (90+ split) → `rates`
(national profile × ratio) → `scenarios` (how the rates go on) → `projection.project` → `projection.peak` → `report`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from zaitaku_demand.areas.system import inside_prefecture
from zaitaku_demand.errors import InputError
from zaitaku_demand.open_band import CENSUS_YEAR, SPLIT_AGE, split_open_band
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.population import Population, load_population, read_population
from zaitaku_demand.projection.project import Projection, project
from zaitaku_demand.rates.build import utilisation_rates
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.rates.user import read_rates
from zaitaku_demand.scenarios.apply import scenario_path
from zaitaku_demand.scenarios.resolve import resolve
from zaitaku_demand.scenarios.schema import PopulationVariant, Scenario
from zaitaku_demand.text import Text

BAND_VARIANTS = (75, 85, 90, 95)


@dataclass(frozen=True)
class JobInputs:
    """Population and rates of a run, before any scenario of the rates.

    Attributes
    ----------
    population : Population
        As published (or as the scenario varies it): before the open band is split or merged, all years of the edition.
    grid, annual : Population
        With the open band of the run, on the five-year grid and on annual steps.
    rates : Rates
    """

    parameters: RunParameters
    population: Population
    grid: Population
    annual: Population
    rates: Rates


@dataclass(frozen=True)
class MainJob:
    """The computed objects behind a report, for whoever works in Python.

    Attributes
    ----------
    grid, annual : Projection
        On the five-year grid, and on annual steps.
    population : Population
        As published (or as the scenario varies it): before the open band is split or merged, all years of the edition.
    scenario : Scenario
        All scenarios of the run together; 現状投影 if there is none.
    """

    parameters: RunParameters
    population: Population
    grid: Projection
    annual: Projection
    scenario: Scenario


def main_job(parameters: RunParameters) -> MainJob:
    """Population, rates and both projections of a run.

    Raises
    ------
    InputError
        If a parameter, file, table or scenario cannot be used.
    """
    scenario = resolve(parameters.scenarios)
    inputs = job_inputs(parameters, scenario.population)
    grid, annual = project_scenario(inputs, scenario)
    return MainJob(parameters, inputs.population, grid, annual, scenario)


def job_inputs(parameters: RunParameters, variant: PopulationVariant | None = None) -> JobInputs:
    """Population and rates of a run, whatever its scenarios of the rates.

    Parameters
    ----------
    parameters : RunParameters
    variant : PopulationVariant, optional
        Another course of the population.
    """
    population = _population(parameters, variant)
    horizon = _horizon(parameters.horizon, population)
    shaped = shape_ages(
        population, parameters.open_band, tuple(year for year in population.years if year <= horizon)
    )
    every_year = tuple(range(population.years[0], horizon + 1))
    annual = shape_ages(population, parameters.open_band, every_year)
    return JobInputs(parameters, population, shaped, annual, _rates(parameters, shaped))


def project_scenario(inputs: JobInputs, scenario: Scenario) -> tuple[Projection, Projection]:
    """Projections of one scenario on the five-year grid and on annual steps.

    The path is made once, on annual steps; the grid takes its years from it. The population variant of the scenario is
    part of `inputs` already.
    """
    if not scenario.changes_rates:
        return project(inputs.grid, inputs.rates), project(inputs.annual, inputs.rates)
    path = scenario_path(scenario, inputs.annual, inputs.rates)
    places = [inputs.annual.years.index(year) for year in inputs.grid.years]
    return project(inputs.grid, inputs.rates, path.at(places)), project(inputs.annual, inputs.rates, path)


def shape_ages(population: Population, open_band: int, years: tuple[int, ...]) -> Population:
    """The population in other years and with another open band.

    Splitting comes before interpolating (its shares are known on the grid), merging after it.
    """
    if open_band == SPLIT_AGE:
        return split_open_band(population).at_years(years)
    return population.at_years(years).merge_open_band(open_band)


def peak_years_with_band(job: MainJob, band: int) -> npt.NDArray[np.float64]:
    """Peak years on the grid if the open band were `band`, array (services × areas).

    NaN where that cannot be had: the user's own rates have their own bands, and ages that a scenario names may not be
    bands of that population.
    """
    size = job.grid.values.shape[0] * job.grid.values.shape[1]
    if job.parameters.own_rates is not None or (
        band == SPLIT_AGE and CENSUS_YEAR not in job.population.years
    ):
        return np.full(size, np.nan)
    shaped = shape_ages(job.population, band, job.grid.years)
    # Constant rates peak in the same year whatever the ratio of the area; patients added by a scenario do not.
    level = job.parameters.rates if job.scenario.changes_rates else "national"
    rates = utilisation_rates(shaped, job.grid.rates.services, year=job.grid.rates.base_year, level=level)
    try:
        path = scenario_path(job.scenario, shaped, rates) if job.scenario.changes_rates else None
    except InputError:
        return np.full(size, np.nan)
    values = project(shaped, rates, path).values
    years = np.array(job.grid.years, dtype=np.float64)
    return np.asarray(years[values.argmax(axis=2)].ravel())


def _population(parameters: RunParameters, variant: PopulationVariant | None) -> Population:
    file = parameters.population_file
    if variant is not None and variant.file is not None:
        file = Path(variant.file)
    if file is not None:
        areas = parameters.areas or {"2023": "330", "2018": "335"}[parameters.edition]
        population = read_population(file, parameters.edition, areas)
    else:
        population = load_population(parameters.edition, parameters.areas)
    if variant is not None and variant.multipliers is not None:
        from zaitaku_demand.scenarios.population_variant import multiplied_population

        population = multiplied_population(population, Path(variant.multipliers))
    if parameters.prefecture is None:
        return population
    return population.select(inside_prefecture(population.areas, parameters.prefecture))


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

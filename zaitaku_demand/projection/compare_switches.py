"""One choice of the projection turned into another, to see what it does to the gap from the ministry's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.population import Population
from zaitaku_demand.projection.compare import OBSERVED_YEAR, BesideMinistry, relative_difference
from zaitaku_demand.projection.job import MainJob, shape_ages
from zaitaku_demand.projection.project import Projection, project
from zaitaku_demand.rates.build import utilisation_rates
from zaitaku_demand.rates.local import AREA_YEARS
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.rates.national import RATE_YEARS, national_profile
from zaitaku_demand.rates.services import HOME_VISIT_PATIENTS

FloatArray = npt.NDArray[np.float64]

PUBLISHED_BAND = 90
SPLIT_BAND = 95
YEARS_BACK = 2
HOME, FACILITY = "home_visit_patients_home", "home_visit_patients_facility"


def switched_values(
    job: MainJob, base: Projection, both: BesideMinistry, service: int, local: Projection | None
) -> Mapping[str, FloatArray]:
    """Values (areas, years of `both`) with one choice turned; choices that this run does not have are left out."""
    out: dict[str, FloatArray] = {}

    def keep(name: str, projection: Projection, services: list[int]) -> None:
        columns = np.array([projection.years.index(year) for year in both.years])
        out[name] = projection.values[services].sum(axis=0)[np.ix_(both.places, columns)]

    population, rates = base.population, base.rates
    identifier = rates.services[service]
    if job.parameters.own_rates is None:
        band = PUBLISHED_BAND if population.ages.open_from == SPLIT_BAND else SPLIT_BAND
        # Rates of areas need the population of their own year too.
        shaped = shape_ages(job.population, band, base.years)
        keep("open_band", project(shaped, _rates(shaped, (identifier,), rates)), [0])
        carried = _carried_forward(rates, service, population.ages, population.sexes)
        if carried is not None:
            keep("base_year", project(population, carried), [service])
        if identifier == HOME_VISIT_PATIENTS and rates.base_year in AREA_YEARS:
            by_place = utilisation_rates(population, (HOME, FACILITY), year=rates.base_year, level="area")
            keep("facility", project(population, by_place), [0, 1])
    if local is not None:
        keep("local_profile", local, [service])
    return out


def _rates(population: Population, services: tuple[str, ...], like: Rates) -> Rates:
    return utilisation_rates(population, services, year=like.base_year, level=like.level)


def _carried_forward(rates: Rates, service: int, ages: AgeBands, sexes: tuple[str, ...]) -> Rates | None:
    """Rates at their ministry's year: each age goes on as it went over the last two years (log-linear)."""
    earlier = rates.base_year - YEARS_BACK
    if earlier not in RATE_YEARS:
        return None
    old = national_profile((rates.services[service],), earlier, sexes, ages.open_from)[0]
    new = rates.profile[service, 0]
    power = (OBSERVED_YEAR - rates.base_year) / YEARS_BACK
    ratio = np.divide(new, old, out=np.ones_like(new), where=old > 0)
    profile = rates.profile.copy()
    profile[service, 0] = new * ratio**power
    return replace(rates, profile=profile)


def gap_of_unions(
    projection: Projection, both: BesideMinistry, gap: FloatArray, pair: tuple[int, int]
) -> FloatArray:
    """Gap of the published block that an area was split from; the area's own gap where it was not split."""
    areas = projection.population.areas.iloc[both.places]
    split = (areas["population_state"] == "estimated").to_numpy()
    out = gap.copy()
    columns = [both.at(year) for year in pair]
    for code in sorted(set(areas["prefecture_code"][split])):
        block = split & (areas["prefecture_code"] == code).to_numpy()
        ours, theirs = (values[block][:, columns].sum(axis=0) for values in (both.ours, both.theirs))
        out[block] = relative_difference(ours[1] / ours[0], theirs[1] / theirs[0])
    return out


def chance_error(
    projection: Projection, both: BesideMinistry, service: int, pair: tuple[int, int]
) -> FloatArray:
    """How far chance alone moves an index if its rates by age are those of the area itself, per cent (areas,).

    Delta method: with w the shares of the ages in the value of a year and n the patients by age behind the rates,
    ``var(ln index) = sum over ages of (w[last] - w[first])^2 / n``. n is the ministry's monthly number of 2024, spread over
    the ages as ours is: patients stay for months, so a year holds hardly more information than a month. One
    standard error.
    """
    parts = projection.parts(service).sum(axis=2)[both.places]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = parts / parts.sum(axis=2, keepdims=True)
        first, last, now = (share[:, projection.years.index(year)] for year in (*pair, OBSERVED_YEAR))
        counts = both.theirs[:, both.at(OBSERVED_YEAR)][:, None] * now
        terms = np.where(counts > 0, (last - first) ** 2 / counts, 0.0)
    return np.asarray(100 * np.sqrt(terms.sum(axis=1)))

"""What the NDB offers to estimate age gradients from, and what they make of the profile of an area."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import divide
from zaitaku_demand.population import Population
from zaitaku_demand.rates.age_gradient import (
    Gradients,
    Steps,
    age_scale,
    fit_gradients,
    gradient_of,
    mean_age,
    tilt,
)
from zaitaku_demand.rates.area_counts import area_counts, area_people, claims_per_patient
from zaitaku_demand.rates.local import AREA_YEARS, PREFECTURES
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.rates.national import (
    LATEST_RATE_YEAR,
    MONTHS,
    SPLIT_AGES,
    national_profile,
    reference_population,
)
from zaitaku_demand.store.tables import read_table

FloatArray = npt.NDArray[np.float64]

Design = Literal["prefecture_time", "area_time", "between_areas"]
REFORM_YEARS = (2016, 2017)
"""Fiscal years whose step from the year before mixes in the reform of C002 and C002-2."""
BOTH = ("both",)
HOME, FACILITY = "_home", "_facility"


@cache
def estimated_gradients(service: str, design: Design, last: int = LATEST_RATE_YEAR) -> Gradients:
    """Gradients by prefecture, from the fiscal years up to `last`.

    Parameters
    ----------
    service : str
    design : {"prefecture_time", "area_time", "between_areas"}
        Prefectures over time (an effect of every year for the nation), areas over time (an effect of every year and
        prefecture), or areas of a prefecture side by side in the year `last`, which is confounded.
    last : int
    """
    steps = {"prefecture_time": prefecture_steps, "area_time": area_steps, "between_areas": between_areas}
    return fit_gradients(steps[design](service, last))


def prefecture_steps(service: str, last: int = LATEST_RATE_YEAR) -> Steps:
    """Yearly steps of the prefectures from FY2014 to `last` without those into the reform years."""
    years = [year for year in published_years(service) if year <= last]
    scale = age_scale(SPLIT_AGES)
    claims = np.stack([prefecture_claims(service, year) for year in years], axis=1)
    weighted = np.stack([prefecture_people(year) * both_profile(service, year) for year in years], axis=1)
    return _steps(service, years, claims, weighted, scale, np.zeros(47, np.int64), np.arange(47))


def area_steps(service: str, last: int = LATEST_RATE_YEAR) -> Steps:
    """Yearly steps of the areas from FY2019 to `last`; steps from or to a hidden count are not known."""
    years = [year for year in AREA_YEARS if year <= last]
    counts = [area_counts(service, year) for year in years]
    claims = np.stack([np.where(each.known, each.observed, np.nan) for each in counts], axis=1)
    weighted = np.stack([both_people(year) * both_profile(service, year) for year in years], axis=1)
    place = counts[0].prefecture
    return _steps(service, years, claims, weighted, age_scale(SPLIT_AGES), place, place)


def between_areas(service: str, year: int = LATEST_RATE_YEAR) -> Steps:
    """Areas of a prefecture side by side: the slope that the ecological fallacy would take for a gradient."""
    counts = area_counts(service, year)
    weighted = both_people(year) * both_profile(service, year)
    known = counts.known & (counts.observed > 0)
    level = np.log(np.where(known, counts.observed / MONTHS, np.nan) / weighted.sum(axis=1))
    noise = np.where(known, divide(counts.event_size, counts.observed), np.nan)
    shift = mean_age(weighted, age_scale(SPLIT_AGES))
    return Steps(level[:, None], shift[:, None], noise[:, None], counts.prefecture, counts.prefecture)


def gradient_factor(
    population: Population, rates: Rates, design: Design = "area_time", *, service: int = 0
) -> FloatArray:
    """What gradients by prefecture would make of the age profile, relative to the national one.

    The expected patients of the base year (or the first year of the population) stay as many as they are.

    Parameters
    ----------
    population : Population
    rates : Rates
    design : str
        What the gradients are estimated from, see `estimated_gradients`.
    service : int
        Place of the service in the rates.

    Returns
    -------
    array (1, areas, 1, sexes, ages)
    """
    found = estimated_gradients(rates.services[service], design)
    place = [PREFECTURES.index(code) for code in population.areas["prefecture_code"]]
    return factor_of(found.value[place], population, rates, service=service)


def factor_of(gradient: FloatArray, population: Population, rates: Rates, *, service: int = 0) -> FloatArray:
    """The factor of given gradients (areas,), array (1, areas, 1, sexes, ages)."""
    base = min(max(rates.base_year, population.years[0]), population.years[-1])
    people = population.at_years((base,)).values[:, 0]
    weighted = people * rates.profile[service][rates.group]
    n_sexes, n_ages = weighted.shape[1:]
    scale = np.tile(age_scale(population.ages), n_sexes)
    flat = tilt(gradient, scale, weighted.reshape(len(weighted), -1))
    return np.asarray(flat.reshape(1, len(weighted), 1, n_sexes, n_ages))


@cache
def mixed_profiles(service: str, year: int, by: Literal["prefecture", "area"]) -> FloatArray:
    """Local profiles as the mix of home and facility visits makes them, array (places, 20 ages).

    Each kind has its national profile; how much of each an area has is counted. What this leaves out is not known.
    """
    people = prefecture_people(year) if by == "prefecture" else both_people(year)
    out = np.zeros_like(people)
    for part in (service + HOME, service + FACILITY):
        claims = prefecture_claims(part, year) if by == "prefecture" else area_counts(part, year).observed
        profile = both_profile(part, year)
        out += (claims / MONTHS / (people @ profile))[:, None] * profile
    return out


def has_mix(service: str) -> bool:
    """Whether the NDB tells home from facility visits of the service."""
    from zaitaku_demand.rates.services import services

    return service + HOME in services() and service + FACILITY in services()


@cache
def gradient_spread(service: str, year: int = LATEST_RATE_YEAR) -> float | None:
    """Standard deviation of the areas' gradients as far as the data show it, per decade; None where they do not.

    That of the mix of home and facility visits. Gradients over time do not give one: their standard error by
    prefecture is many times larger than any plausible difference.
    """
    if not has_mix(service):
        return None
    if year not in AREA_YEARS:
        year = LATEST_RATE_YEAR
    profiles = mixed_profiles(service, year, "area")
    weighted = both_people(year) * profiles
    gradient = gradient_of(profiles, both_profile(service, year), weighted, age_scale(SPLIT_AGES))
    weight = weighted.sum(axis=1)
    return float(np.sqrt(np.average((gradient - np.average(gradient, weights=weight)) ** 2, weights=weight)))


@cache
def both_profile(service: str, year: int) -> FloatArray:
    """National rates of both sexes together, array (20 ages,)."""
    return np.asarray(national_profile((service,), year, BOTH, SPLIT_AGES.open_from)[0, 0])


@cache
def prefecture_people(year: int) -> FloatArray:
    """Population of the prefectures, array (47, 20 ages)."""
    return reference_population(year, BOTH, SPLIT_AGES)[:, 0]


def both_people(year: int) -> FloatArray:
    """Population of the 335 areas, array (areas, 20 ages)."""
    return np.asarray(area_people(year).sum(axis=1))


@cache
def prefecture_claims(service: str, year: int) -> FloatArray:
    """Claims of the prefectures in a fiscal year, array (47,)."""
    table = read_table("ndb_prefecture")
    table = table[(table["service"] == service) & (table["fiscal_year"] == year)]
    return table.set_index("prefecture_code")["value"].loc[PREFECTURES].to_numpy(dtype=np.float64)


@cache
def published_years(service: str) -> tuple[int, ...]:
    """Fiscal years with counts of the service by prefecture."""
    table = read_table("ndb_prefecture")
    return tuple(int(year) for year in sorted(table.loc[table["service"] == service, "fiscal_year"].unique()))


def _steps(
    service: str,
    years: list[int],
    claims: FloatArray,
    weighted: FloatArray,
    scale: FloatArray,
    common: npt.NDArray[np.int64],
    group: npt.NDArray[np.int64],
) -> Steps:
    """Differences between neighbouring years of claims (places, years) and weighted (places, years, ages)."""
    claims = np.where(claims > 0, claims, np.nan)
    level = np.log(claims / MONTHS / weighted.sum(axis=2))
    noise = claims_per_patient(service) / claims
    kept = [
        place
        for place in range(1, len(years))
        if years[place] == years[place - 1] + 1 and years[place] not in REFORM_YEARS
    ]
    before = [place - 1 for place in kept]
    shift = mean_age(weighted, scale)
    return Steps(
        level[:, kept] - level[:, before],
        shift[:, kept] - shift[:, before],
        noise[:, kept] + noise[:, before],
        common,
        group,
    )

"""Uncertainty of the population: what the coming editions of the projection may change.

The covariance of one revision (`store.fit_population_error`) is added up over the rounds from the census of the
edition to each year, and what has come true by the base year of the rates is taken off: the ratio of observed to
expected patients holds it already. The nation's part moves ages (`AgeFactors`); those of prefecture and area move
the total of an area, first order in the logarithm::

    d ln demand[area, year] = sum over ages of share[area, year, age] × error[age, year - census]

The many random revisions of rounds, horizons and ages are put together to `FACTORS` principal ones a level; what
is left out is given back by scaling, so that the variance in every year is that of the model.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.population import Population, load_population
from zaitaku_demand.projection.draws.factors import AgeFactors, PlaceFactors, Principal, RandomSource
from zaitaku_demand.store.fit_population_error import factor_of
from zaitaku_demand.store.revision_rounds import COMPONENTS, GROUPS, HORIZONS, accumulated
from zaitaku_demand.store.tables import read_table

FloatArray = npt.NDArray[np.float64]

FACTORS = 3
CENSUS_OF = {"2018": 2015, "2023": 2020}
LATEST_CENSUS = 2020
"""Of a population with another label; and the year whose 75+ give the size of an area."""
AGED = 75
EIGENVALUE_FLOOR = 1e-10
GROUP_BANDS = AgeBands.of(GROUPS)


def population_error_source(principal: Principal) -> RandomSource:
    """Factors of the population's error.

    Parameters
    ----------
    principal : Principal

    Returns
    -------
    RandomSource
        ``population``: three factors of the nation by age, three of each prefecture and three of each area.
    """
    population = principal.projection.population
    years = np.array(population.years, dtype=np.float64)
    base = float(principal.projection.rates.base_year)
    at_base = int(np.abs(years - base).argmin())
    later = years > base
    horizons = np.append(years, base) - CENSUS_OF.get(population.edition, LATEST_CENSUS)
    errors = {name: accumulated(one, horizons) for name, one in revision_covariances().items()}
    belongs = groups_of_bands(population)
    shares = demand_shares(principal.parts(), belongs)
    extended = np.concatenate([shares, shares[:, at_base : at_base + 1]], axis=1)
    weights = extended * _sizes(population)[:, None]
    nation = age_loadings(errors["nation"], extended.mean(axis=0), later)
    by_band = np.einsum("kyg,yag->kya", nation, belongs)[:, :, None]
    loadings = np.repeat(by_band, len(population.sexes), axis=2)
    return RandomSource(
        "population",
        age=AgeFactors(_names("nation"), loadings),
        place=(
            PlaceFactors(
                _names("prefecture"), "prefecture", shared_loadings(weights, errors["prefecture"], later)
            ),
            PlaceFactors(_names("area"), "area", own_loadings(weights, errors["area"], later)),
        ),
    )


def revision_covariances() -> dict[str, FloatArray]:
    """Covariance of one revision by component, arrays (6, groups, 6, groups)."""
    table = read_table("population_error_model")
    shape = (len(HORIZONS), len(GROUPS)) * 2
    keys = ["horizon", "age", "other_horizon", "other_age"]
    order = pd.MultiIndex.from_product([HORIZONS, GROUPS, HORIZONS, GROUPS], names=keys)
    out = {}
    for name in COMPONENTS:
        one = table[table["component"] == name].set_index(keys)["covariance"].reindex(order)
        out[name] = one.to_numpy(dtype=np.float64).reshape(shape)
    return out


def demand_shares(parts: FloatArray, belongs: FloatArray) -> FloatArray:
    """Share of each age group in the demand, array (areas, years, groups); 0 where there is no demand.

    Parameters
    ----------
    parts : array (areas, years, sexes, ages)
    belongs : array (years, ages, groups)
    """
    demand = np.einsum("ayb,ybg->ayg", parts.sum(axis=2), belongs)
    total = demand.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(demand, total, out=np.zeros_like(demand), where=total > 0))


def groups_of_bands(population: Population) -> FloatArray:
    """Share of each group of the model in the persons of a band, array (years, ages, groups).

    1 for the group that a band lies in; an open band below 90 is divided as the nation is in the 2023 edition.
    """
    fine = AgeBands.five_year(GROUP_BANDS.open_from)
    group_of = fine.merge_matrix(GROUP_BANDS)
    starts = np.array([lower for lower, _ in population.ages.bands])
    band_of = np.searchsorted(starts, [lower for lower, _ in fine.bands], side="right") - 1
    member = (np.arange(len(starts))[:, None] == band_of).astype(np.float64)
    persons = np.ones((len(population.years), len(fine)))
    if population.ages.open_from < GROUP_BANDS.open_from:
        known = load_population("2023")
        years = tuple(int(np.clip(year, known.years[0], known.years[-1])) for year in population.years)
        every = known.at_years(tuple(range(known.years[0], known.years[-1] + 1)))
        persons = every.values.sum(axis=(0, 2))[[every.years.index(year) for year in years]]
    inside = np.einsum("yf,bf,fg->ybg", persons, member, group_of)
    total = inside.sum(axis=2, keepdims=True)
    # Bands inside the model's open group (95+, and 90-94 beside it) hold none of its five-year bands.
    inside[..., -1] = np.where(total[..., 0] > 0, inside[..., -1], 1.0)
    return np.asarray(inside / np.where(total > 0, total, 1.0))


def age_loadings(covariance: FloatArray, shares: FloatArray, later: npt.NDArray[np.bool_]) -> FloatArray:
    """Principal factors of the error by age since the base year, array (factors, years, groups).

    Parameters
    ----------
    covariance : array (years + 1, groups, years + 1, groups)
        Of the accumulated error; the last row is the base year.
    shares : array (years + 1, groups)
        Of the demand: which errors matter.
    later : array (years,) of bool
        Years after the base year; all others get 0.
    """
    full = _root(covariance)
    moved = np.where(later[:, None, None], full[:-1] - full[-1], 0.0)
    deviation = np.sqrt((moved**2).sum(axis=-1))
    of_year = np.sqrt(((shares[:-1] * deviation) ** 2).sum(axis=1, keepdims=True))
    return _principal(moved, np.divide(shares[:-1], of_year, out=np.zeros_like(deviation), where=of_year > 0))


def shared_loadings(weights: FloatArray, covariance: FloatArray, later: npt.NDArray[np.bool_]) -> FloatArray:
    """Principal factors of the error of areas that share their z, array (factors, areas, years).

    Parameters
    ----------
    weights : array (areas, years + 1, groups)
        Share of the demand times relative standard deviation; the last year is the base year.
    covariance : array (years + 1, groups, years + 1, groups)
    later : array (years,) of bool
    """
    moved = np.einsum("ayg,ygk->ayk", weights, _root(covariance))
    moved = np.where(later[:, None], moved[:, :-1] - moved[:, -1:], 0.0)
    deviation = np.sqrt((moved**2).sum(axis=-1))
    return _principal(moved, np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > 0))


def own_loadings(weights: FloatArray, covariance: FloatArray, later: npt.NDArray[np.bool_]) -> FloatArray:
    """Principal factors of the error of areas each with a z of its own, array (factors, areas, years).

    Parameters as in `shared_loadings`.
    """
    half = np.einsum("ayg,ygzh->ayzh", weights, covariance, optimize=True)
    both = np.einsum("ayzh,azh->ayz", half, weights, optimize=True)
    gram = both[:, :-1, :-1] - both[:, :-1, -1:] - both[:, -1:, :-1] + both[:, -1:, -1:]
    gram = np.where(later[:, None] & later, gram, 0.0)
    variance = np.maximum(np.diagonal(gram, axis1=1, axis2=2), 0.0)
    # Correlations, not covariances: the first years vary little, and must go with the later ones all the same.
    scale = np.sqrt(variance[:, :, None] * variance[:, None])
    correlation = np.divide(gram, scale, out=np.zeros_like(gram), where=scale > 0)
    values, vectors = np.linalg.eigh(correlation)
    largest = np.sqrt(np.maximum(values[:, ::-1][:, :FACTORS], 0.0))
    kept = _upright(vectors[:, :, ::-1][:, :, :FACTORS]) * largest[:, None, :]
    return np.moveaxis(_restored(kept, variance), -1, 0)


def _root(covariance: FloatArray) -> FloatArray:
    """Matrix square root as independent factors, array (times, groups, factors)."""
    times, groups = covariance.shape[:2]
    values, vectors = np.linalg.eigh(covariance.reshape(times * groups, -1))
    keep = values > values[-1] * EIGENVALUE_FLOOR
    return np.asarray((vectors[:, keep] * np.sqrt(values[keep])).reshape(times, groups, -1))


def _principal(moved: FloatArray, importance: FloatArray) -> FloatArray:
    """The leading factors of many, array (factors, n, m), from `moved` (n, m, many); variances are kept."""
    flat = (moved * importance[..., None]).reshape(-1, moved.shape[-1])
    vectors = np.linalg.eigh(flat.T @ flat)[1][:, ::-1][:, :FACTORS]
    kept = moved @ vectors
    kept = kept * np.where(kept.sum(axis=(0, 1)) < 0, -1.0, 1.0)
    return np.moveaxis(_restored(kept, (moved**2).sum(axis=-1)), -1, 0)


def _restored(kept: FloatArray, variance: FloatArray) -> FloatArray:
    """Loadings (..., factors) scaled so that their squares add up to `variance` (...)."""
    have = (kept**2).sum(axis=-1)
    scale = np.sqrt(np.divide(variance, have, out=np.zeros_like(have), where=have > 0))
    return np.asarray(kept * scale[..., None])


def _upright(vectors: FloatArray) -> FloatArray:
    """Eigenvectors (areas, years, factors) with a sum above zero: their sign is free."""
    return np.asarray(vectors * np.where(vectors.sum(axis=1, keepdims=True) < 0, -1.0, 1.0))


def _sizes(population: Population) -> FloatArray:
    """Relative standard deviation by size of the area, array (areas, groups)."""
    table = read_table("population_error_size").pivot(index="persons_75", columns="age", values="factor")
    at = int(np.abs(np.array(population.years) - LATEST_CENSUS).argmin())
    return factor_of(
        population.aged(AGED)[:, at],
        table.index.to_numpy(dtype=np.float64),
        table[list(GROUPS)].to_numpy(dtype=np.float64),
    )


def _names(level: str) -> tuple[str, ...]:
    return tuple(f"population_{level}_{number}" for number in range(1, FACTORS + 1))

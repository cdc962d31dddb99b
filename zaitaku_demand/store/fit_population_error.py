"""Model of the error of the population projections, estimated from `population_errors`.

Every five years a new edition revises all later years of the one before. What a projection will be off by is then the
sum of the revisions to come, and revisions of different rounds are independent as long as each edition uses what is
known (checked: the error of the 2018 edition at the census of 2020 is uncorrelated over areas with that of the 2023
edition at the register of 2025). The one revision that can be seen, from the 2018 to the 2023 edition, shows for each
area seven age groups at six horizons; their covariance is the model of every round.

The revision of an area has three independent parts: of the nation, of its prefecture, and its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.store.build_facts_population import WHOLE_FUKUSHIMA
from zaitaku_demand.store.build_population_error import AGED
from zaitaku_demand.store.revision_rounds import COMPONENTS, GROUPS, HORIZONS, ROUND, accumulated

FloatArray = npt.NDArray[np.float64]

AGED_75 = slice(3, None)
CLASSES = 5
DECIMALS = 12
"""Of the shipped figures: linear algebra differs in the last bits from machine to machine, the tables must not."""
REGISTER_ROUND = 4.25
REGISTER_HORIZON = 9.25
"""Years from the censuses of 2020 and 2015 to 1 January 2025."""
BROAD: tuple[tuple[str, ...], ...] = (("0-14",), ("15-64",), ("65-74",), ("75-79", "80-84"), ("85-89", "90+"))
"""Groups of which the register's national error is taken together: interpolating the narrow cohorts of the war years
within five years shifts persons between neighbouring bands."""


@dataclass(frozen=True)
class Revisions:
    """The shift from one edition to the next.

    Attributes
    ----------
    areas : tuple of str
        Without Fukushima, which is a prefecture and no area.
    persons_75 : array (areas,)
        75 and over in the year of the new census.
    local : array (areas, horizons, groups)
        Log of new over old edition, less that of the nation.
    national : array (horizons, groups)
    """

    areas: tuple[str, ...]
    persons_75: FloatArray
    local: FloatArray
    national: FloatArray


def revisions(errors: pd.DataFrame) -> Revisions:
    """The comparison ``edition_shift`` of `population_errors` as arrays."""
    shift = errors[errors["comparison"] == "edition_shift"]
    order = pd.MultiIndex.from_product([[float(h) for h in HORIZONS], GROUPS])
    keys = ["horizon", "age"]
    projected: pd.DataFrame = shift.pivot(index="area_code", columns=keys, values="projected")[order]
    actual: pd.DataFrame = shift.pivot(index="area_code", columns=keys, values="actual")[order]
    shape = (len(HORIZONS), len(GROUPS))
    national = _log_of_sums(actual, projected)
    inside = actual.index != WHOLE_FUKUSHIMA
    came = actual[inside].to_numpy(dtype=np.float64)
    local = np.log(came / projected[inside].to_numpy(dtype=np.float64)) - national
    persons = came.reshape(-1, *shape)[:, 0, AGED_75].sum(axis=1)
    return Revisions(tuple(actual.index[inside]), persons, local.reshape(-1, *shape), national.reshape(shape))


def error_model(errors: pd.DataFrame) -> pd.DataFrame:
    """Covariance of one revision: component, age, horizon, other_age, other_horizon, covariance.

    Parameters
    ----------
    errors : DataFrame
        See `build_population_error.population_errors`.

    Returns
    -------
    DataFrame
        Covariances of logarithms for the components ``nation``, ``prefecture`` and ``area``; those of prefecture and
        area are for an area of average size and are scaled by `size_factors`.
    """
    given = revisions(errors)
    knots, factors = size_factors(given.persons_75, given.local)
    scaled = given.local / factor_of(given.persons_75, knots, factors)[:, None]
    prefecture = np.array([int(code[:2]) for code in given.areas])
    flat = scaled.reshape(len(scaled), -1)
    between, within = nested_covariance(flat, prefecture)
    # Areas as a whole miss the nation's error, which the largest of them make: that is an error of theirs too.
    within = within + np.outer(flat.mean(axis=0), flat.mean(axis=0))
    shape = (*given.national.shape, *given.national.shape)
    seen = register_spread(errors, knots, factors)
    scale = calibration((between + within).reshape(shape), seen)
    local = np.multiply.outer(np.tile(scale, len(HORIZONS)), np.tile(scale, len(HORIZONS)))
    between, within = between * local, within * local
    nation = national_covariance(given.national, register_error(errors))
    index = pd.MultiIndex.from_product(
        [HORIZONS, GROUPS, HORIZONS, GROUPS], names=["horizon", "age", "other_horizon", "other_age"]
    )
    parts = [
        pd.DataFrame({"covariance": one.ravel().round(DECIMALS)}, index=index)
        .reset_index()
        .assign(component=name)
        for name, one in zip(COMPONENTS, (nation, between, within), strict=True)
    ]
    columns = ["component", "age", "horizon", "other_age", "other_horizon", "covariance"]
    return pd.concat(parts, ignore_index=True)[columns].astype({"horizon": "int16", "other_horizon": "int16"})


def error_size(errors: pd.DataFrame) -> pd.DataFrame:
    """Standard deviation by size of the area relative to the average: age, persons_75, factor."""
    given = revisions(errors)
    knots, factors = size_factors(given.persons_75, given.local)
    index = pd.MultiIndex.from_product([knots, GROUPS], names=["persons_75", "age"])
    return pd.DataFrame({"factor": factors.ravel().round(DECIMALS)}, index=index).reset_index()[
        ["age", "persons_75", "factor"]
    ]


def size_factors(persons: FloatArray, local: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Relative standard deviation by size class, pooled over horizons.

    Classes instead of s0² + s1²/persons: errors are larger in small areas, by chance, and again in the largest ones,
    where people move more.

    Parameters
    ----------
    persons : array (areas,)
    local : array (areas, horizons, groups)

    Returns
    -------
    knots : array (classes,)
        Median persons of each class.
    factors : array (classes, groups)
        Root mean square over that of all areas.
    """
    rank = persons.argsort(kind="stable").argsort(kind="stable")
    of_class = rank * CLASSES // len(persons)
    square = local**2 / (local**2).mean(axis=0)
    factors = np.stack([square[of_class == k].mean(axis=(0, 1)) for k in range(CLASSES)])
    knots = np.array([np.median(persons[of_class == k]) for k in range(CLASSES)])
    return knots, np.sqrt(factors)


def factor_of(persons: FloatArray, knots: FloatArray, factors: FloatArray) -> FloatArray:
    """Relative standard deviation of areas of any size, array (areas, groups).

    Straight lines in the logarithm of persons between the knots, constant beyond the first and the last.
    """
    at = np.log(np.maximum(persons, 1.0))
    return np.stack([np.interp(at, np.log(knots), column) for column in factors.T], axis=1)


def nested_covariance(values: FloatArray, group_of: npt.NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """Covariance between and within groups: moment estimators of the one-way random-effects model.

    Searle, Casella & McCulloch (1992), Variance Components, section 3.6, for several variables at once. Negative
    eigenvalues of the covariance between groups are set to zero.

    Parameters
    ----------
    values : array (n, variables)
    group_of : array (n,)

    Returns
    -------
    between, within : arrays (variables, variables)
    """
    _, place = np.unique(group_of, return_inverse=True)
    size = np.bincount(place).astype(np.float64)
    member = (np.arange(len(size))[:, None] == place).astype(np.float64)
    means = (member @ values) / size[:, None]
    inside = values - means[place]
    within = inside.T @ inside / (len(values) - len(size))
    across = means - values.mean(axis=0)
    typical = (len(values) - (size**2).sum() / len(values)) / (len(size) - 1)
    between = ((across * size[:, None]).T @ across / (len(size) - 1) - within) / typical
    return _nearest_semidefinite(between), np.asarray(within)


def calibration(covariance: FloatArray, seen: FloatArray) -> FloatArray:
    """Factor of the local standard deviations, array (groups,): at most 1.

    Where the accumulated revisions spread more than the areas did at the register of 2025, an edition has moved
    too far and the next takes part of it back; the register, which counts differently too, bounds what is left.

    Parameters
    ----------
    covariance : array (6, groups, 6, groups)
    seen : array (groups,)
        Root mean square of the local error after 9.25 years.
    """
    expected = accumulated(covariance, np.array([REGISTER_HORIZON]))[0, :, 0]
    return np.minimum(1.0, seen / np.sqrt(np.diag(expected)))


def register_spread(errors: pd.DataFrame, knots: FloatArray, factors: FloatArray) -> FloatArray:
    """Local error of the 2018 edition at the register of 2025 for an area of average size, array (groups,)."""
    one = errors[errors["comparison"] == "register_2025_edition_2018"]
    projected: pd.DataFrame = one.pivot(index="area_code", columns="age", values="projected")[list(GROUPS)]
    actual: pd.DataFrame = one.pivot(index="area_code", columns="age", values="actual")[list(GROUPS)]
    nation = _log_of_sums(actual, projected)
    inside = actual.index != WHOLE_FUKUSHIMA
    came = actual[inside].to_numpy(dtype=np.float64)
    local = np.log(came / projected[inside].to_numpy(dtype=np.float64)) - nation
    scaled = local / factor_of(came[:, AGED_75].sum(axis=1), knots, factors)
    return np.asarray(np.sqrt((scaled**2).mean(axis=0)))


def register_error(errors: pd.DataFrame) -> FloatArray:
    """National log error of the 2023 edition at the register of 2025, array (groups,).

    By the broad groups `BROAD`. From 65 on, less what the register counted differently in 2016 (known for 65+ only).
    """
    one = errors[errors["comparison"] == "register_2025_edition_2023"]
    sums = one.groupby("age")[["projected", "actual"]].sum()
    out = np.empty(len(GROUPS))
    for broad in BROAD:
        whole = sums.loc[list(broad)].sum()
        places = [GROUPS.index(name) for name in broad]
        out[places] = np.log(whole["actual"] / whole["projected"])
    out[2:] -= definition_offset(errors)
    return out


def definition_offset(errors: pd.DataFrame) -> float:
    """Log of register over projection for 65+ nine months after the census: what is counted differently.

    The register has Japanese residents only here, and the base population of 2015 distributes unknown ages evenly.
    """
    known = errors[(errors["comparison"] == "register_2016") & (errors["age"] == AGED)]
    return float(np.log(known["actual"].sum() / known["projected"].sum()))


def national_covariance(shift: FloatArray, register: FloatArray) -> FloatArray:
    """Covariance of a national revision from the two rounds there have been, array (h, groups, h, groups).

    The mean of two squares, so of two degrees of freedom: round 2015-2020 is the shift between the editions as it
    is; round 2020-2025 is known after 4.25 years only (`register`), brought to five years in proportion to time and
    to the later years as the shift of the 65+ went on (root mean square over the groups).
    """
    reach = np.sqrt((shift[:, 2:] ** 2).mean(axis=1))
    later = (reach / reach[0])[:, None] * register * (ROUND / REGISTER_ROUND)
    return np.asarray((np.multiply.outer(shift, shift) + np.multiply.outer(later, later)) / 2)


def _log_of_sums(actual: pd.DataFrame, projected: pd.DataFrame) -> FloatArray:
    sums = [one.to_numpy(dtype=np.float64).sum(axis=0) for one in (actual, projected)]
    return np.asarray(np.log(sums[0] / sums[1]))


def _nearest_semidefinite(matrix: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((vectors * np.maximum(values, 0)) @ vectors.T)

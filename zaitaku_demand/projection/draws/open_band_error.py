"""Uncertainty of the open band: the rate of the 95+ over that of the 90-94, and how many of the 90+ are 95+.

Neither is published. The rate ratio goes on with the age gradient (`rates.national.split_top_rate`); how far that is
off is seen where the truth is known, by splitting the 80+ and the 85+ of the same counts. The share of the 95+ follows
cohorts with the survival of 2015-2020 (`open_band`); how far that is off is seen at the resident register of 2025.
Both factors are the nation's. What is known stays known: the national count of the base year, and the 90+.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands, merge_ages
from zaitaku_demand.open_band import CENSUS_YEAR, SPLIT_AGE
from zaitaku_demand.projection.draws.factors import PlaceFactors, Principal, RandomSource
from zaitaku_demand.rates.national import (
    NDB_AGES,
    RATE_YEARS,
    SPLIT_AGES,
    national_counts,
    reference_population,
    split_top_rate,
)
from zaitaku_demand.store.tables import read_table

FloatArray = npt.NDArray[np.float64]

SEXES = ("male", "female")
KNOWN_SPLITS = (80, 85)
"""Ages from which the counts are split once more, although they are published, to see what the gradient is worth."""
METHODS = ("gradient", "same", "constant_gradient")


def open_band_source(principal: Principal) -> RandomSource:
    """Factors of the open band; none where it does not begin at 95.

    The rate ratio of the user's own rates is the user's: only the share of the 95+ is random there.

    Parameters
    ----------
    principal : Principal

    Returns
    -------
    RandomSource
        ``open_band``
    """
    population = principal.projection.population
    rates = principal.projection.rates
    if population.ages.open_from != SPLIT_AGE:
        return RandomSource("open_band")
    years = np.array(population.years, dtype=np.float64)
    at_base = int(np.abs(years - rates.base_year).argmin())
    later = years > rates.base_year
    parts = principal.parts()
    total = parts.sum(axis=(2, 3))
    shares = np.divide(
        parts[..., -2:],
        total[..., None, None],
        out=np.zeros_like(parts[..., -2:]),
        where=(total > 0)[..., None, None],
    )
    oldest = population.values[..., -1]
    top = population.values[..., -2:].sum(axis=-1)
    share = np.divide(oldest, top, out=np.zeros_like(top), where=top > 0)
    elapsed = np.sqrt(np.maximum(years - CENSUS_YEAR, 0))[None]
    moved = {"open_band_share": share_effect(shares, share) * share_error() * elapsed}
    if rates.level != "user":
        weight = _weight_95plus(principal)
        moved["open_band_ratio"] = ratio_effect(shares, weight) * ratio_error(principal.service_id)
    loadings = np.stack([np.where(later, one - one[:, at_base : at_base + 1], 0.0) for one in moved.values()])
    return RandomSource("open_band", place=(PlaceFactors(tuple(moved), "nation", loadings),))


def ratio_effect(shares: FloatArray, weight: FloatArray) -> FloatArray:
    """d ln demand / d ln(rate 95+ / rate 90-94) with the national count of the 90+ held, array (areas, years).

    Parameters
    ----------
    shares : array (areas, years, sexes, 2)
        Share of the 90-94 and 95+ in the demand of an area.
    weight : array (sexes,)
        Share of the 95+ in the national count of the 90+ in the base year.
    """
    return np.asarray((shares[..., 1] * (1 - weight) - shares[..., 0] * weight).sum(axis=-1))


def share_effect(shares: FloatArray, share: FloatArray) -> FloatArray:
    """d ln demand / d logit(share of the 95+ in the 90+) with the 90+ held, array (areas, years).

    Parameters
    ----------
    shares : array (areas, years, sexes, 2)
        Share of the 90-94 and 95+ in the demand of an area.
    share : array (areas, years, sexes)
        Persons of 95+ over persons of 90+.
    """
    return np.asarray((shares[..., 1] * (1 - share) - shares[..., 0] * share).sum(axis=-1))


def ratio_error(service: str) -> float:
    """Standard deviation of ln(rate 95+ / rate 90-94): root mean square of `known_split_errors` by gradient."""
    return float(np.sqrt((known_split_errors(service)["gradient"] ** 2).mean()))


@cache
def known_split_errors(service: str) -> dict[str, FloatArray]:
    """Log error of the rate ratio where it is published, by method: arrays (splits × years × sexes,).

    The counts of the 80+ (85+) are split at 85 (90) as those of the 90+ are at 95, and compared with the rates
    published on both sides.

    Returns
    -------
    dict
        ``gradient`` (in use), ``same`` (both parts take the rate of the open band) and ``constant_gradient``
        (the gradient below the open band goes on unchanged).
    """
    table = read_table("ndb_sex_age")
    published = set(table.loc[table["service"] == service, "fiscal_year"])
    out: dict[str, list[FloatArray]] = {name: [] for name in METHODS}
    for year in RATE_YEARS:
        if year not in published:
            continue
        counts = national_counts((service,), year, SEXES)
        people = reference_population(year, SEXES, NDB_AGES).sum(axis=0)
        for age in KNOWN_SPLITS:
            at = NDB_AGES.index_from(age)
            bands = AgeBands((*NDB_AGES.bands[: at + 1], (age + 5, None)))
            known = merge_ages(counts, NDB_AGES, bands)
            persons = merge_ages(people, NDB_AGES, bands)
            with np.errstate(divide="ignore", invalid="ignore"):
                rate = np.log(known / persons)[0]
                found = np.log(
                    split_top_rate(
                        np.exp(rate[None, :, :-2]),
                        known[..., -2:].sum(axis=-1),
                        persons[:, -2],
                        persons[:, -1],
                    )
                )[0]
                truth = rate[:, -1] - rate[:, -2]
                gradient = rate[:, -3] - rate[:, -4]
            usable = np.isfinite(truth) & np.isfinite(gradient)
            out["gradient"].append((found[:, 1] - found[:, 0] - truth)[usable])
            out["same"].append(-truth[usable])
            out["constant_gradient"].append((gradient - truth)[usable])
    return {name: np.concatenate(values) for name, values in out.items()}


def share_error() -> float:
    """Standard deviation of the logit of the share of the 95+ after one year; it grows with the root of time.

    Root mean square over the prefectures of the error at the register of 2025: the part common to all is seen once
    only, so that the prefectures' own errors stand in for its chance. The official 90+ and 85-89 enter the split of
    every step anew: errors of survival do not add up, they drift.
    """
    table = read_table("oldest_share_errors")
    square = (_logit(table["actual"].to_numpy()) - _logit(table["projected"].to_numpy())) ** 2
    return float(np.sqrt((square / table["horizon"].to_numpy()).mean()))


def _weight_95plus(principal: Principal) -> FloatArray:
    """Share of the 95+ in the national count of the 90+ in the base year, array (sexes,)."""
    rates = principal.projection.rates
    persons = reference_population(rates.base_year, rates.sexes, SPLIT_AGES).sum(axis=0)[:, -2:]
    counts = rates.profile[principal.service, 0, :, -2:] * persons
    total = counts.sum(axis=-1)
    return np.asarray(np.divide(counts[:, 1], total, out=np.zeros_like(total), where=total > 0))


def _logit(share: FloatArray) -> FloatArray:
    return np.asarray(np.log(share / (1 - share)))

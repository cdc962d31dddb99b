"""Uncertainty of the present level: chance in the counts, areas that differ from their prefecture, local age profiles.

What is not known depends on the rates the projection uses:

* prefecture: how far each area lies from its prefecture (`rates.area_deviation`); the prefecture's total but for chance;
* national: how far each prefecture lies from the nation, and each area from its prefecture;
* area: the chance in the area's own count, and what suppression hides of it;
* the user's own rates: nothing can be estimated.

A level is wrong in all years alike, so these loadings are not 0 in the base year. What a local age profile would
change grows from 0 in the base year with the mean age of the patients.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import divide
from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.draws.factors import LevelFactor, PlaceFactors, Principal, RandomSource
from zaitaku_demand.projection.draws.table import base_place
from zaitaku_demand.rates.age_gradient import age_scale, mean_age
from zaitaku_demand.rates.age_gradient_data import gradient_spread
from zaitaku_demand.rates.area_counts import area_counts
from zaitaku_demand.rates.area_deviation import (
    Deviation,
    area_deviation,
    free_share,
    hidden_variance,
    prefecture_deviation,
    prefecture_noise,
)
from zaitaku_demand.rates.local import PREFECTURES, common_unions
from zaitaku_demand.rates.national import MONTHS
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

USER_RATES = Text(
    "利用者が与えた率については、水準の不確実性を推定できない（圏域差・件数の偶然変動は区間に含まれない）。",
    "Of the user's own rates the uncertainty of the level cannot be estimated: intervals hold no differences between "
    "areas and no chance in the counts.",
)
RARE_SERVICE = Text(
    "算定回数が秘匿されている圏域が多く、圏域差を推定できない。区間には都道府県の件数の偶然変動だけが含まれる。",
    "The counts of too many areas are suppressed to estimate how areas differ: intervals hold the chance in the counts only.",
)
LEVEL_NOTES: dict[str, Text] = {
    "prefecture": Text(
        "都道府県比を用いるため、圏域の水準は都道府県の中での圏域差の分だけ不確かである。小さい圏域は都道府県の水準より低いことが多い。",
        "With the prefecture's ratio an area's level is uncertain by how areas of a prefecture differ. Small areas are "
        "more often below the level of their prefecture than above.",
    ),
    "national": Text(
        "全国率を用いるため、地域の水準は都道府県差と圏域差の分だけ不確かである。",
        "With national rates a place's level is uncertain by how prefectures and areas differ.",
    ),
    "area": Text(
        "圏域比を用いるため、圏域の水準の不確かさは件数の偶然変動と秘匿された件数の分だけである。",
        "With the area's ratio its level is uncertain only by chance in its count and by what suppression hides.",
    ),
}
PROFILE = "age_profile"


def level_source(principal: Principal) -> RandomSource:
    """Factors of the level of areas.

    Parameters
    ----------
    principal : Principal

    Returns
    -------
    RandomSource
        ``level``; without any factor where the rates are the user's own (see `level_notes`).
    """
    kind = principal.projection.rates.level
    if kind == "user":
        return RandomSource("level")
    profile = _profile_factor(principal)
    places = [] if profile is None else [profile]
    if kind == "area":
        return RandomSource("level", place=tuple(places), level=LevelFactor(_own_shape(principal), False))
    shared = np.inf
    if kind == "national":
        spread = prefecture_deviation(principal.service_id, principal.projection.rates.base_year)
        # The gamma of the same coefficient of variation as a log-normal of this standard deviation.
        shared = float(1 / np.expm1(spread**2))
    else:
        places.append(_prefecture_factor(principal))
    deviation = _deviation(principal)
    level = None
    if deviation is not None or kind == "national":
        nothing = np.full(len(principal.projection.population.areas), np.inf)
        own = nothing if deviation is None else divide(1.0, deviation.at(_yearly_claims(principal)))
        level = LevelFactor(own, True, shared)
    return RandomSource("level", place=tuple(places), level=level)


def level_notes(principal: Principal) -> tuple[Text, ...]:
    """What the source means for these rates, and what of it cannot be estimated."""
    kind = principal.projection.rates.level
    if kind == "user":
        return (USER_RATES,)
    rare = () if kind == "area" or _deviation(principal) is not None else (RARE_SERVICE,)
    return (LEVEL_NOTES[kind], *rare)


def own_count_variance(
    events: FloatArray, variance: FloatArray, value: FloatArray, lower: FloatArray, upper: FloatArray
) -> FloatArray:
    """Relative variance of a level given the own count, array (areas,).

    That of the gamma posterior, ``1 / (O + nu)``, and of what suppression hides relative to the count.

    Parameters
    ----------
    events : array (areas,)
        Independent persons counted.
    variance : array (areas,)
        Of levels before the count is known; infinite where nothing is.
    value, lower, upper : arrays (areas,)
        Claims and their bounds.
    """
    chance = divide(1.0, events + 1 / variance)
    hidden = np.nan_to_num(divide(hidden_variance(lower, upper, value), value**2))
    return np.asarray(chance + hidden)


def _own_shape(principal: Principal) -> FloatArray:
    """Shape of the level given the own count; areas smaller than those of the NDB also differ from their union."""
    projection, service = principal.projection, principal.service_id
    counts = area_counts(service, projection.rates.base_year)
    codes, labels = common_unions(projection.population)
    of_area, of_335 = labels[: len(projection.population.areas)], labels[len(projection.population.areas) :]
    place = {code: position for position, code in enumerate(counts.codes)}
    chosen = np.array([place[code] for code in codes])

    def by_union(values: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(of_335, weights=values[chosen], minlength=int(labels.max()) + 1))

    deviation = _deviation(principal)
    expected = by_union(counts.expected)
    nothing = np.full(len(expected), np.inf)
    variance = own_count_variance(
        by_union(counts.observed) / counts.event_size,
        nothing if deviation is None else deviation.at(expected),
        by_union(counts.observed),
        by_union(counts.lower),
        by_union(counts.upper),
    )[of_area]
    if deviation is not None:
        claims = _yearly_claims(principal)
        variance = variance + deviation.at(claims) * free_share(claims, of_area)
    return np.where(variance > 0, divide(1.0, variance), np.inf)


def _prefecture_factor(principal: Principal) -> PlaceFactors:
    rates, service = principal.projection.rates, principal.service_id
    loading = prefecture_noise(service, rates.base_year)
    codes = principal.projection.population.areas["prefecture_code"]
    own = loading[[PREFECTURES.index(code) for code in codes]]
    years = len(principal.projection.years)
    return PlaceFactors(
        ("prefecture_count",), "prefecture", np.repeat(np.nan_to_num(own)[None, :, None], years, axis=2)
    )


def _profile_factor(principal: Principal) -> PlaceFactors | None:
    """First order in the gradient: ``d ln demand / d beta`` is the mean age of the patients."""
    rates = principal.projection.rates
    spread = gradient_spread(principal.service_id, rates.base_year)
    if spread is None:
        return None
    weighted = principal.parts().sum(axis=2)
    age = np.nan_to_num(mean_age(weighted, age_scale(rates.ages)))
    base = base_place(principal)
    loading = spread * (age - age[:, base : base + 1])
    loading[:, : base + 1] = 0.0
    return PlaceFactors((PROFILE,), "area", loading[None])


def _deviation(principal: Principal) -> Deviation | None:
    """Spread of areas from the year whose tables hide least; None where too few areas are known."""
    try:
        return area_deviation(principal.service_id)
    except InputError:
        return None


def _yearly_claims(principal: Principal) -> FloatArray:
    values = principal.projection.values[principal.service][:, base_place(principal)]
    return np.asarray(np.nan_to_num(values) * MONTHS)

"""Candidate age profiles of places, each made from what was known at the origin of a forecast."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from zaitaku_demand.rates.age_gradient import age_scale, margin_profile, tilt
from zaitaku_demand.rates.age_gradient_data import (
    both_people,
    both_profile,
    estimated_gradients,
    has_mix,
    mixed_profiles,
    prefecture_claims,
    prefecture_people,
)
from zaitaku_demand.rates.area_counts import area_counts
from zaitaku_demand.rates.local import AREA_YEARS
from zaitaku_demand.rates.national import MONTHS, SPLIT_AGES, national_counts
from zaitaku_demand.rates.services import HOME_VISIT_PATIENTS
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
By = Literal["prefecture", "area"]
Profiles = Callable[[int], FloatArray]

CANDIDATES: dict[str, Text] = {
    "national": Text("全国の年齢構造（現行）", "national profile (in use)"),
    "margins": Text(
        "地域別・年齢別の件数に同時に合わせた全国の年齢構造",
        "one profile fitted to the counts by place and by age",
    ),
    "mix": Text("在宅と施設の構成による年齢構造", "profile from the local mix of home and facility visits"),
    "over_time": Text("経年変化から推定した年齢勾配", "gradients by prefecture estimated over time"),
    "deviations": Text(
        "経年変化から推定した年齢勾配（全国平均0）", "gradients over time, their national mean held at 0"
    ),
    "within_areas": Text(
        "圏域の経年変化から推定した年齢勾配（都道府県ごとの動きを除く）",
        "gradients of areas over time, apart from what their prefecture shares",
    ),
    "between_areas": Text(
        "圏域間の比較から推定した年齢勾配（交絡あり）", "gradients from comparing areas (confounded)"
    ),
}


def candidates(service: str, by: By) -> dict[str, Profiles]:
    """Functions from the origin to the profiles (places, 20 ages) of every candidate.

    ``within_areas`` is not among them: it needs all years of the area tables, and none would be left to forecast.
    """

    def national(origin: int) -> FloatArray:
        return both_profile(service, origin)[None]

    def tilted(origin: int, gradient: Callable[[int], FloatArray]) -> FloatArray:
        flat = national(origin)
        slope = gradient(origin)
        place = place_of(by)
        return flat * tilt(slope[place], age_scale(SPLIT_AGES), people_of(by, origin) * flat)

    def over_time(origin: int) -> FloatArray:
        return estimated_gradients(service, "prefecture_time", origin).value

    def deviations(origin: int) -> FloatArray:
        return centred(over_time(origin), service, origin)

    def between(origin: int) -> FloatArray:
        return estimated_gradients(service, "between_areas", origin).value

    out: dict[str, Profiles] = {"national": national, "margins": lambda origin: margins(service, by, origin)}
    if has_mix(service):
        out["mix"] = lambda origin: mixed_profiles(service, origin, by)
    out["over_time"] = partial(tilted, gradient=over_time)
    out["deviations"] = partial(tilted, gradient=deviations)
    if by == "area":
        out["between_areas"] = partial(tilted, gradient=between)
    return out


def centred(gradient: FloatArray, service: str, year: int) -> FloatArray:
    """Gradients around a mean of 0, weighted by claims: the national profile is known."""
    return np.asarray(gradient - np.average(gradient, weights=prefecture_claims(service, year)))


@cache
def margins(service: str, by: By, year: int) -> FloatArray:
    """The profile fitted to the counts by place and by age, array (1, 20 ages)."""
    counts = prefecture_claims(service, year) if by == "prefecture" else area_counts(service, year).observed
    ages = national_counts((service,), year, ("both",))[0, 0]
    return margin_profile(people_of(by, year), counts / MONTHS, ages / MONTHS)[None]


def people_of(by: By, year: int) -> FloatArray:
    """Population of the places, array (places, 20 ages)."""
    return prefecture_people(year) if by == "prefecture" else both_people(year)


def claims_of(service: str, by: By, year: int) -> FloatArray:
    """Claims of the places in a fiscal year, NaN where suppression hides them, array (places,)."""
    if by == "prefecture":
        return prefecture_claims(service, year)
    counts = area_counts(service, year)
    return np.where(counts.known & (counts.observed > 0), counts.observed, np.nan)


def place_of(by: By) -> npt.NDArray[np.int64]:
    """Place of every place's prefecture, array (places,)."""
    if by == "prefecture":
        return np.arange(47)
    return area_counts(HOME_VISIT_PATIENTS, AREA_YEARS[0]).prefecture

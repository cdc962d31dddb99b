"""The ratio to which areas converge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.open_band import SPLIT_AGE, split_open_band
from zaitaku_demand.population import Population, load_population
from zaitaku_demand.rates.local import PREFECTURES, area_ratio, prefecture_ratio
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.scenarios.schema import Convergence
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

BEST_FIFTH = 0.8
"""Quantile of the places that is reached or exceeded by the best fifth of them."""


def target_ratio(convergence: Convergence, population: Population, rates: Rates) -> FloatArray:
    """Target by service, array (services, 1).

    ``national`` is 1, ``best_fifth`` the 80th percentile of the ratios of all prefectures or areas of the country
    (linear interpolation, each place counted once), whatever part of the country the run covers.

    Raises
    ------
    InputError
        If the rates have no ratios by place.
    """
    if rates.level not in ("prefecture", "area"):
        raise InputError(
            Text(
                "地域差のない率（全国率・利用者の率）では地域差の縮小を計算できない",
                "rates without differences between places (national or a user's own) cannot converge",
            ),
            Text("--rates prefecture または area を指定してください", "use --rates prefecture or area"),
        )
    count = len(rates.services)
    if convergence.target == "national":
        return np.ones((count, 1))
    if convergence.target == "best_fifth":
        return np.quantile(national_ratios(population, rates), BEST_FIFTH, axis=1)[:, None]
    return np.full((count, 1), float(convergence.target))


def national_ratios(population: Population, rates: Rates) -> FloatArray:
    """Ratios of all places of the country, each once, array (services, places)."""
    profile = rates.profile[:, 0]
    if rates.level == "prefecture":
        areas = pd.DataFrame({"prefecture_code": PREFECTURES})
        shape = (len(PREFECTURES), *population.values.shape[1:])
        every = replace(population, areas=areas, values=np.zeros(shape))
        return prefecture_ratio(rates.services, rates.base_year, profile, every)[0]
    if population.areas["prefecture_code"].nunique() == len(PREFECTURES):
        return rates.ratio
    whole = load_population(population.edition, population.system)
    if population.ages.open_from == SPLIT_AGE:
        whole = split_open_band(whole)
    else:
        whole = whole.merge_open_band(population.ages.open_from)
    return area_ratio(rates.services, rates.base_year, profile, whole)[0]

"""From a scenario to the path of the rates: every difference is a `RatePath`, and all of them are combined.

Factors multiply, added patients add up and the lowest ceiling holds, so the order of the differences does not matter; what
the supply can serve limits the outcome of all the others.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import parse_band
from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.rates.path import PathBuilder, RatePath, combine
from zaitaku_demand.scenarios import changes
from zaitaku_demand.scenarios.base_year import base_values, service_mask
from zaitaku_demand.scenarios.moves import beds_path, place_path
from zaitaku_demand.scenarios.places import area_mask, is_prefecture
from zaitaku_demand.scenarios.schema import Convergence, RateChange, Scenario, SupplyLimit
from zaitaku_demand.scenarios.targets import target_ratio
from zaitaku_demand.scenarios.timing import require_after_base, weights
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def path_builder(scenario: Scenario) -> PathBuilder:
    """The function that makes the scenario's path for a population and its rates."""
    return lambda population, rates: scenario_path(scenario, population, rates)


def scenario_path(scenario: Scenario, population: Population, rates: Rates) -> RatePath:
    """The path of one scenario.

    Parameters
    ----------
    scenario : Scenario
    population : Population
        Its areas, years, sexes and ages are those of the path.
    rates : Rates
        Of the base year, for the same areas, sexes and ages.

    Returns
    -------
    RatePath
        1, 0 and infinity up to the base year; the constant path if the scenario changes no rates.

    Raises
    ------
    InputError
        If a place, service or age is not known or does not fit, a year lies before the base year, or rates or tables
        that a difference needs are not there.
    """
    paths: list[RatePath] = []
    if scenario.follows_trend and scenario.trend is not None:
        from zaitaku_demand.rates.trend import trend_path

        trend = scenario.trend
        paths.append(trend_path(rates, population, damping=trend.damping, method=trend.method))
    paths += [rate_path(each, population, rates) for each in scenario.rate]
    paths += [convergence_path(each, population, rates) for each in scenario.converge]
    paths += [place_path(each, population, rates) for each in scenario.place]
    paths += [beds_path(each, population, rates) for each in scenario.beds]
    paths += [supply_path(each, population, rates) for each in scenario.supply]
    return combine(paths)


def without_limits(path: RatePath) -> RatePath:
    """The path as if the supply could serve everybody."""
    return replace(path, ceiling=RatePath.constant().ceiling)


def rate_path(change: RateChange, population: Population, rates: Rates) -> RatePath:
    """Rates of the chosen services, areas, sexes and ages times a factor; all others untouched."""
    weight = weights(change, population, rates)
    factor = changes.gradual_factor(weight, change.size)[None, None, :, None, None]
    chosen = np.ones((1, 1, 1, 1, 1), dtype=bool)
    if change.service:
        chosen = chosen & service_mask(change.service, rates)[:, None, None, None, None]
    if change.areas:
        chosen = chosen & area_mask(change.areas, population)[:, None, None, None]
    if change.sex is not None:
        chosen = chosen & _sex_mask(change.sex, population)[:, None]
    if change.ages is not None:
        chosen = chosen & age_mask(change.ages, population)
    return replace(RatePath.constant(), factor=np.where(chosen, factor, 1.0))


def age_mask(ages: str, population: Population) -> BoolArray:
    """Age bands of the population inside a range such as ``75-84`` or ``85+``, array (ages,).

    Raises
    ------
    InputError
        If the range cuts through a band or starts inside the open one.
    """
    band = parse_band(ages)
    bands = population.ages.bands
    lowers, uppers = [lower for lower, _ in bands], [upper for _, upper in bands]
    if band is None or band[0] not in lowers or band[1] not in uppers:
        raise InputError(
            Text(
                f"年齢「{ages}」が人口の年齢階級（最高 {population.open_band}）の境に合わない",
                f"the ages '{ages}' do not start and end with age bands of the population (open band {population.open_band})",
            ),
            Text(
                "5歳階級の境に合わせる（例：75-84、85+）か、--open-band を変えてください",
                "let them start and end with five-year bands (75-84, 85+) or change --open-band",
            ),
        )
    first, last = lowers.index(band[0]), uppers.index(band[1])
    return np.array([first <= place <= last for place in range(len(bands))])


def convergence_path(convergence: Convergence, population: Population, rates: Rates) -> RatePath:
    """Ratios of the chosen services and areas on their way to the target.

    Where the ratio is nothing no factor can raise it, so the national rates times the gap closed are added.
    """
    weight = weights(convergence, population, rates) * convergence.share
    target = target_ratio(convergence, population, rates)
    goal = changes.converging_ratio(rates.ratio, target, weight, convergence.only_below)
    chosen = (
        service_mask(convergence.service, rates)[:, None] & area_mask(convergence.areas, population)[None, :]
    )
    start = np.broadcast_to(rates.ratio[:, :, None], goal.shape)
    used = start > 0
    factor = np.divide(goal, start, out=np.ones_like(goal), where=used & chosen[:, :, None])
    added = np.zeros((1, 1, 1))
    unused = ~used & chosen[:, :, None]
    if unused.any():
        profile = rates.profile[:, rates.group]
        added = np.where(unused, goal * np.einsum("aysg,kasg->kay", population.values, profile), 0.0)
    return replace(RatePath.constant(), factor=factor[..., None, None], added=added)


def supply_path(limit: SupplyLimit, population: Population, rates: Rates) -> RatePath:
    """A ceiling for the chosen services and areas from a year on.

    Raises
    ------
    InputError
        If a number is given for whole prefectures or for every area, or the year is not after the base year.
    """
    require_after_base(limit.start, rates)
    if limit.number is not None:
        if not limit.areas or any(is_prefecture(name, population) for name in limit.areas):
            raise InputError(
                Text(
                    "supply の number に圏域の指定がない",
                    "the number of a table [[supply]] names no single areas",
                ),
                Text(
                    "areas に圏域のコードを書くか、per_cent（基準年の値に対する％）を使ってください",
                    "give codes of areas in areas, or use per_cent of the base year's value",
                ),
            )
        top = np.full((len(rates.services), len(population.areas)), limit.number)
    else:
        top = base_values(population, rates) * (limit.per_cent or 0.0) / 100
    chosen = service_mask(limit.service, rates)[:, None] & area_mask(limit.areas, population)[None, :]
    holds = chosen[:, :, None] & (np.array(population.years) >= limit.start)
    ceiling = np.where(holds, top[:, :, None], np.inf)
    return replace(RatePath.constant(), ceiling=ceiling, ceiling_moves=limit.number is None)


def _sex_mask(sex: str, population: Population) -> BoolArray:
    if sex not in population.sexes:
        raise InputError(
            Text(
                "人口が男女計のため、男女別の率の変更を計算できない",
                "the population is of both sexes together, so rates of one sex cannot be changed",
            ),
            Text(
                "--edition 2018 を使うか、男女別の人口を --population で渡してください",
                "use --edition 2018 or pass a population by sex with --population",
            ),
        )
    return np.array([each == sex for each in population.sexes])

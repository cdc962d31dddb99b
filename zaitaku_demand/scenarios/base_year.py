"""What a population and its rates give in the base year, on which shares and limits are based."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.rates.build import utilisation_rates
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.rates.services import services
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]


def base_population(population: Population, rates: Rates) -> Population:
    """The population of the base year of the rates, or of the nearest year it reaches."""
    year = max(min(rates.base_year, population.years[-1]), population.years[0])
    return population.at_years((year,))


def base_values(population: Population, rates: Rates) -> FloatArray:
    """Numbers a month by service and area in the base year, array (services, areas)."""
    people = base_population(population, rates).values[:, 0]
    profile = rates.profile[:, rates.group]
    return np.asarray(np.einsum("asg,kasg->ka", people, profile) * rates.ratio)


def with_services(population: Population, rates: Rates, needed: tuple[str, ...]) -> Rates:
    """Rates of the services `needed`: from `rates` where they are all there, else from the NDB at the same level.

    Raises
    ------
    InputError
        If the rates are a user's own and lack one.
    """
    if all(name in rates.services for name in needed):
        places = [rates.services.index(name) for name in needed]
        return replace(
            rates,
            services=needed,
            names=tuple(rates.names[place] for place in places),
            units=tuple(rates.units[place] for place in places),
            profile=rates.profile[places],
            ratio=rates.ratio[places],
            estimated_share=rates.estimated_share[places],
        )
    if rates.level == "user":
        lacking = [name for name in needed if name not in rates.services]
        raise InputError(
            Text(
                f"利用者の率にサービス「{lacking[0]}」がなく、このシナリオを計算できない",
                f"the user's rates lack the service '{lacking[0]}' that this scenario needs",
            ),
            Text(
                "率のCSVの「サービス」列にそのサービスを加えるか、NDBの率を使ってください",
                "add the service to the CSV of rates, or use rates of the NDB",
            ),
        )
    return utilisation_rates(population, needed, year=rates.base_year, level=rates.level)


def cell_rates(rates: Rates, place: int) -> FloatArray:
    """Rates of one service in every area, array (areas, sexes, ages)."""
    return np.asarray(rates.profile[place][rates.group] * rates.ratio[place][:, None, None])


def service_mask(names: tuple[str, ...], rates: Rates) -> npt.NDArray[np.bool_]:
    """Services of the rates that are named, all if none is.

    Raises
    ------
    InputError
        If a name is neither a service of the toolkit nor one of the rates.
    """
    for name in names:
        if name not in rates.services and name not in services():
            raise InputError(
                Text(f"サービス「{name}」はない", f"there is no service '{name}'"),
                Text("`zaitaku services` の一覧から選んでください", "choose from `zaitaku services`"),
            )
    return np.array([not names or name in names for name in rates.services])

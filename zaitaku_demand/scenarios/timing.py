"""When a difference starts and ends, checked against the base year of the rates."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.scenarios.profiles import time_weight
from zaitaku_demand.scenarios.schema import Timed
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]


def weights(timed: Timed, population: Population, rates: Rates) -> FloatArray:
    """Share of the change that has come about in every year of the population, array (years,).

    Raises
    ------
    InputError
        If the change starts before the base year, which is observed, or ends in it.
    """
    start = rates.base_year if timed.start is None else timed.start
    if start < rates.base_year:
        raise _observed_years(start, rates, least=rates.base_year)
    require_after_base(timed.end, rates)
    return time_weight(population.years, start, timed.end, timed.profile)


def require_after_base(year: int, rates: Rates) -> None:
    """InputError if a year is not after the base year of the rates."""
    if year <= rates.base_year:
        raise _observed_years(year, rates, least=rates.base_year + 1)


def _observed_years(year: int, rates: Rates, least: int) -> InputError:
    return InputError(
        Text(
            f"シナリオの年（{year}年）が率の基準年（{rates.base_year}年度）より後でない",
            f"the year {year} of the scenario does not come after the base year of the rates (FY{rates.base_year})",
        ),
        Text(f"{least}年以降にしてください", f"give {least} or later"),
    )

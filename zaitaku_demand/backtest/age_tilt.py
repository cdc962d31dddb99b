"""How much the ages part company: the yearly wandering of the age gradient of the rates about its forecast."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.backtest.errors import known_origins
from zaitaku_demand.backtest.panel import Panel
from zaitaku_demand.rates.national import NDB_AGES
from zaitaku_demand.rates.trend import damped_sum
from zaitaku_demand.rates.trend_breaks import first_comparable_year

FloatArray = npt.NDArray[np.float64]

CENTRE = 80.0
YOUNGEST = 40.0
"""Younger ages take the tilt of this age: their few patients say little, and a line would run away there."""


def decades(ages: AgeBands) -> FloatArray:
    """Middle of each age band in decades from 80, not below that of 40; the open band counts as one of five years."""
    middle = np.array([low + 2.5 for low, _ in ages.bands])
    return np.asarray((np.maximum(middle, YOUNGEST) - CENTRE) / 10)


def tilt_variance(panel: Panel, damping: FloatArray) -> FloatArray:
    """Variance a year of the slope of the error of ln rate over age, per decade; array (services,).

    From every origin the national rates of all ages are forecast (damped trend, or constant where `damping` is 0); the error
    is regressed on age, weighted by the patients of the origin. A slope wanders, so its square is divided by the
    horizon; every horizon has the same weight. Reforms are left out.
    """
    from zaitaku_demand.backtest.damping import horizon_mean

    known = known_origins(panel)
    rates = panel.national_counts / panel.national_people
    pairs = [(a, b) for a in panel.years for b in panel.years if a < b]
    slopes = np.full((len(panel.services), len(pairs), 1), np.nan)
    place = decades(NDB_AGES)
    for column, (origin, target) in enumerate(pairs):
        for row, service in enumerate(panel.services):
            if origin < (first_comparable_year(service) or panel.rate_years[0]):
                continue
            drift = known[origin].drift[row] if damping[row] > 0 else 0.0
            step = damped_sum(target - origin, damping[row])
            with np.errstate(divide="ignore", invalid="ignore"):
                error = np.log(known[origin].rate[row] / rates[row, panel.rate_years.index(target)])
            slopes[row, column, 0] = _slope(
                error + step * drift, place, panel.national_counts[row, panel.rate_years.index(origin)]
            )
    horizon = np.array([target - origin for origin, target in pairs])
    return horizon_mean(slopes**2 / horizon[:, None], horizon)


def _slope(error: FloatArray, place: FloatArray, weight: FloatArray) -> float:
    seen = np.isfinite(error) & (weight > 0)
    if seen.sum() < 3:
        return float("nan")
    share = weight[seen] / weight[seen].sum()
    centred = place[seen] - share @ place[seen]
    return float((share * centred) @ error[seen] / ((share * centred) @ centred))

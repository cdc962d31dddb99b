"""Values as arrays (sets, places), a set being one indicator in one year, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.intervals import (
    BYAR_FROM,
    FloatArray,
    divide,
    poisson_limits,
    usual_ratio_of_counts_limits,
    wilson_limits,
)
from zaitaku_demand.indicators.declaration import Indicator

SHOWN_STATES = ("observed", "estimated")
FIGURES = ("numerator", "numerator_lower", "numerator_upper", "denominator", "expected", "event_size")


@dataclass(frozen=True)
class Sets:
    """Values as arrays (sets, places).

    Attributes
    ----------
    indicator : tuple of Indicator
        One a set.
    year : array (sets,)
    places : DataFrame
        area_code, area_name; the places compared, without the nation.
    figures : dict
        numerator, numerator_lower, numerator_upper, denominator, expected, event_size,
        denominator_event_size; NaN where not shown.
    state : array (sets, places) of str
    judged : array (sets, places) of bool
        Shown, and with at least the declared number of events expected.
    set_of, place_of : arrays (rows,)
        Set and place of every row the values were read from.
    """

    indicator: tuple[Indicator, ...]
    year: npt.NDArray[np.int64]
    places: pd.DataFrame
    figures: dict[str, FloatArray]
    state: npt.NDArray[np.object_]
    judged: npt.NDArray[np.bool_]
    set_of: npt.NDArray[np.intp]
    place_of: npt.NDArray[np.intp]


def read_sets(values: pd.DataFrame, declared: Mapping[str, Indicator]) -> Sets:
    """Values as arrays (sets, places), by indicator and year and by code, whatever the order of the rows.

    A fixed order keeps the simulated ranks of the same values the same.
    """
    keys = pd.MultiIndex.from_frame(values[["indicator_id", "year"]])
    set_of, unique = pd.factorize(keys, sort=True)
    place_of, codes = pd.factorize(values["area_code"], sort=True)
    shape = (len(unique), len(codes))

    def dense(column: str) -> FloatArray:
        out = np.full(shape, np.nan)
        out[set_of, place_of] = values[column].to_numpy(dtype=np.float64)
        return out

    state = np.full(shape, "no_data", dtype=object)
    state[set_of, place_of] = values["state"].to_numpy(dtype=object)
    shown = np.isin(state, SHOWN_STATES)
    figures = {name: np.where(shown, dense(name), np.nan) for name in FIGURES}
    own = "denominator_event_size"
    # A table without them (one made by hand) counts denominators in the same events as numerators.
    figures[own] = np.where(shown, dense(own if own in values else "event_size"), np.nan)
    indicator = tuple(declared[name] for name, _ in unique)
    least = np.array([each.minimum_count for each in indicator], dtype=np.float64)[:, None]
    events = divide(figures["expected"], figures["event_size"])
    names = values.drop_duplicates("area_code").sort_values("area_code", ignore_index=True)
    return Sets(
        indicator,
        np.array([year for _, year in unique], dtype=np.int64),
        names[["area_code", "area_name"]],
        figures,
        state,
        events >= least,
        set_of,
        place_of,
    )


def _statistic(sets: Sets, *names: str) -> npt.NDArray[np.intp]:
    return np.flatnonzero([each.statistic in names for each in sets.indicator])


def _multiplier(sets: Sets) -> FloatArray:
    return np.array([each.multiplier for each in sets.indicator], dtype=np.float64)[:, None]


def intervals(
    sets: Sets, confidence: float
) -> tuple[FloatArray, FloatArray, FloatArray, npt.NDArray[np.object_]]:
    """Value and limits of every cell; where hidden parts leave bounds, the limits are those of the bounds."""
    x, low, high, d, e, size = (sets.figures[name] for name in FIGURES)
    value, lower, upper = (np.full(x.shape, np.nan) for _ in range(3))
    method = np.full(x.shape, "", dtype=object)
    for names, below in ((("rate",), d), (("scr",), e)):
        at = _statistic(sets, *names)
        value[at] = divide(x[at], below[at])
        lower[at] = divide(poisson_limits(low[at], confidence, size[at])[0], below[at])
        upper[at] = divide(poisson_limits(high[at], confidence, size[at])[1], below[at])
        few = divide(x[at], size[at]) < BYAR_FROM
        method[at] = np.where(few, f"{names[0]}_poisson_exact", f"{names[0]}_byar_breslow_day")
    at = _statistic(sets, "proportion")
    trials = divide(d[at], size[at])
    value[at] = divide(x[at], d[at])
    lower[at] = wilson_limits(divide(low[at], size[at]), trials, confidence)[0]
    upper[at] = wilson_limits(divide(high[at], size[at]), trials, confidence)[1]
    method[at] = "proportion_wilson"
    at = _statistic(sets, "ratio")
    size_below = sets.figures["denominator_event_size"][at]
    below, per_event = divide(d[at], size_below), divide(size[at], size_below)
    value[at] = divide(x[at], d[at])
    lower[at] = per_event * usual_ratio_of_counts_limits(divide(low[at], size[at]), below, confidence)[0]
    upper[at] = per_event * usual_ratio_of_counts_limits(divide(high[at], size[at]), below, confidence)[1]
    few = np.fmin(divide(x[at], size[at]), below) < BYAR_FROM
    method[at] = np.where(few, "ratio_of_counts_exact", "ratio_of_counts_score")
    scale = _multiplier(sets)
    method[np.isnan(value)] = ""
    return value * scale, lower * scale, upper * scale, method


def ratio_per_value(sets: Sets) -> FloatArray:
    """Factor from the value to the ratio to Japan: 1 / multiplier for an SCR, else the inverse of Japan's value."""
    indirect = np.array([each.statistic == "scr" for each in sets.indicator])[:, None]
    per_count = np.where(indirect, 1.0, divide(sets.figures["denominator"], sets.figures["expected"]))
    factor = per_count / _multiplier(sets)
    return np.where(np.isnan(sets.figures["numerator"]), np.nan, factor)

"""From values to the benchmark table: intervals, funnel, shrinkage, ranks and trend of every indicator, place and year.

Everything is done on arrays (sets, places), a set being one indicator in one year, so that 47 prefectures or 335 areas
over nine years cost a few array operations and no loop over places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.comparison import (
    funnel_of_sets,
    funnel_table,
    ranks_of_sets,
    shrunken_ratios,
    trends_of_sets,
)
from zaitaku_demand.benchmark.intervals import divide
from zaitaku_demand.benchmark.sets import SHOWN_STATES, Sets, intervals, ratio_per_value, read_sets
from zaitaku_demand.indicators.declaration import Indicator
from zaitaku_demand.indicators.facts import NATION

COLUMNS = (
    "indicator_id",
    "type",
    "function",
    "level",
    "area_edition",
    "area_code",
    "area_name",
    "year",
    "state",
    "numerator",
    "denominator",
    "expected",
    "value",
    "lower",
    "upper",
    "ratio",
    "ratio_lower",
    "ratio_upper",
    "shrunk",
    "funnel_status",
    "rank",
    "rank_lower",
    "rank_upper",
    "trend",
    "method",
    "confidence",
)


@dataclass(frozen=True)
class Benchmark:
    """The benchmark table and the funnel that its status comes from.

    Attributes
    ----------
    table : DataFrame
        `COLUMNS`.
    funnel : DataFrame
        indicator_id, year, area_code, expected, lower_95, upper_95, lower_998, upper_998 (ratios, 1 = Japan or, within
        peers, the place's type), z, significant (exact
        Poisson test against Japan, Benjamini-Hochberg over the places of the set), n_places (places ranked together).
    """

    table: pd.DataFrame
    funnel: pd.DataFrame


def benchmark_table(
    values: pd.DataFrame,
    declared: Mapping[str, Indicator],
    *,
    breaks: Mapping[str, tuple[int, ...]] | None = None,
    types: Mapping[str, str] | None = None,
    neighbours: Mapping[str, Sequence[str]] | None = None,
    confidence: float = 0.95,
    draws: int = 1000,
    seed: int = 20240401,
) -> Benchmark:
    """Benchmark of every indicator, place and year of one level.

    Parameters
    ----------
    values : DataFrame
        Values table (see `zaitaku_demand.indicators.compute`), with or without the national rows.
    declared : mapping
        Declarations by id.
    breaks : mapping, optional
        Indicator → first years of a new series; a trend does not reach across one.
    types : mapping, optional
        area_code → type of place. Indicators declared ``comparison = "peers"`` are judged and ranked within the
        type; the others, and all without `types`, over all places.
    neighbours : mapping, optional
        area_code → codes it borders on: values are shrunk to the mean of the neighbourhood instead of that of all.
    confidence : float
        Of the intervals of values, ratios and ranks. Funnel limits are at 95 % and 99.8 %.
    draws, seed : int
        Simulation of the ranks.

    Returns
    -------
    Benchmark
        Rows in the order of `values`. Suppressed rows and rows without data have no figures; the national row,
        with which all are compared, has no ratio, status or rank.
    """
    nation = (values["area_code"] == NATION).to_numpy()
    sets = read_sets(values[~nation], declared)
    value, lower, upper, method = intervals(sets, confidence)
    to_ratio = ratio_per_value(sets)
    funnel = funnel_of_sets(sets, types)
    ranks = ranks_of_sets(sets, value, types, confidence, draws, seed)
    columns: dict[str, npt.NDArray[np.generic]] = {
        "value": value,
        "lower": lower,
        "upper": upper,
        "ratio": value * to_ratio,
        "ratio_lower": lower * to_ratio,
        "ratio_upper": upper * to_ratio,
        "shrunk": divide(shrunken_ratios(sets, neighbours), to_ratio),
        "funnel_status": funnel.status,
        "rank": ranks[0],
        "rank_lower": ranks[1],
        "rank_upper": ranks[2],
        "trend": trends_of_sets(sets, breaks or {}),
        "method": method,
    }
    parts = [_long(values[~nation], sets, columns)]
    if nation.any():
        parts.append(_national(values[nation], declared, confidence))
    # Back in the order of `values`, whatever its index.
    table = pd.concat(parts).iloc[np.argsort(np.argsort(nation, kind="stable"))]
    table["confidence"] = np.where(table["value"].notna(), confidence, np.nan)
    table["type"] = table["indicator_id"].map({name: each.type for name, each in declared.items()})
    table["function"] = table["indicator_id"].map({name: each.function for name, each in declared.items()})
    return Benchmark(table[list(COLUMNS)], funnel_table(sets, funnel, types))


def _long(values: pd.DataFrame, sets: Sets, columns: Mapping[str, npt.NDArray[np.generic]]) -> pd.DataFrame:
    """The rows of `values` with the computed columns; figures of rows that are not shown are NaN."""
    frame = values.drop(
        columns=[
            "numerator_lower",
            "numerator_upper",
            "event_size",
            "denominator_event_size",
            "prefecture_code",
        ],
        errors="ignore",
    )
    frame = frame.assign(**{name: array[sets.set_of, sets.place_of] for name, array in columns.items()})
    hidden = ~frame["state"].isin(SHOWN_STATES)
    frame.loc[hidden, ["numerator", "denominator", "expected"]] = np.nan
    return frame


def _national(values: pd.DataFrame, declared: Mapping[str, Indicator], confidence: float) -> pd.DataFrame:
    """Japan's own value with its interval; never compared with itself."""
    sets = read_sets(values, declared)
    value, lower, upper, method = intervals(sets, confidence)
    nothing = np.full(value.shape, np.nan)
    blank = np.full(value.shape, "", dtype=object)
    return _long(
        values,
        sets,
        {
            "value": value,
            "lower": lower,
            "upper": upper,
            "ratio": nothing,
            "ratio_lower": nothing,
            "ratio_upper": nothing,
            "shrunk": nothing,
            "funnel_status": blank,
            "rank": nothing,
            "rank_lower": nothing,
            "rank_upper": nothing,
            "trend": blank,
            "method": method,
        },
    )

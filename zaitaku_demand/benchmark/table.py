"""From values to the benchmark table: intervals, funnel, shrinkage, ranks and trend of every indicator, place and year.

Everything is done on arrays (sets, places), a set being one indicator in one year, so that 47 prefectures or 335 areas
over nine years cost a few array operations and no loop over places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.funnel import NO_STATUS, Funnel, Kind, funnel_limits
from zaitaku_demand.benchmark.intervals import FloatArray, divide
from zaitaku_demand.benchmark.multiple_tests import benjamini_hochberg, poisson_p_value
from zaitaku_demand.benchmark.ranks import cube_root_normal, rank_intervals
from zaitaku_demand.benchmark.sets import SHOWN_STATES, Sets, intervals, ratio_per_value, read_sets
from zaitaku_demand.benchmark.shrinkage import gamma_poisson
from zaitaku_demand.benchmark.trend import NONE, POINTS, recent_trend
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
FALSE_FINDINGS = 0.05
"""Share of false findings that Benjamini-Hochberg allows among the places of one indicator and year."""


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
    funnel = _funnel(sets, types)
    ranks = _ranks(sets, value, types, confidence, draws, seed)
    columns: dict[str, npt.NDArray[np.generic]] = {
        "value": value,
        "lower": lower,
        "upper": upper,
        "ratio": value * to_ratio,
        "ratio_lower": lower * to_ratio,
        "ratio_upper": upper * to_ratio,
        "shrunk": divide(_shrunk(sets), to_ratio),
        "funnel_status": funnel.status,
        "rank": ranks[0],
        "rank_lower": ranks[1],
        "rank_upper": ranks[2],
        "trend": _trends(sets, value, lower, upper, breaks or {}),
        "method": method,
    }
    table = pd.concat(
        [
            _long(values[~nation], sets, columns),
            _national(values[nation], declared, confidence),
        ]
    ).sort_index(kind="stable")
    table["confidence"] = np.where(table["value"].notna(), confidence, np.nan)
    table["type"] = table["indicator_id"].map({name: each.type for name, each in declared.items()})
    table["function"] = table["indicator_id"].map({name: each.function for name, each in declared.items()})
    return Benchmark(table[list(COLUMNS)], _funnel_table(sets, funnel, types))


def _groups(
    sets: Sets, types: Mapping[str, str] | None
) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]]:
    """Which sets are compared over which places: all, or type by type where declared so."""
    within = np.array(
        [each.comparison == "peers" and types is not None for each in sets.indicator], dtype=bool
    )
    everywhere = np.ones(len(sets.places), dtype=bool)
    groups = [(np.flatnonzero(~within), everywhere)]
    if within.any() and types is not None:
        label = sets.places["area_code"].map(dict(types)).to_numpy(dtype=object)
        groups += [(np.flatnonzero(within), label == name) for name in sorted({*types.values()})]
    return [(rows, places) for rows, places in groups if rows.size and places.any()]


def _funnel(sets: Sets, types: Mapping[str, str] | None) -> Funnel:
    """Funnel in ratios to Japan; `target` is an array (sets, places) here, as types have targets of their own."""
    shape = sets.judged.shape
    filled = {
        name: np.full(shape, np.nan)
        for name in ("value", "lower_95", "upper_95", "lower_998", "upper_998", "z", "target")
    }
    status = np.full(shape, NO_STATUS, dtype=object)
    spread = {name: np.full(shape[0], np.nan) for name in ("phi", "tau2")}
    for rows, places in _groups(sets, types):
        proportions = np.array([sets.indicator[row].statistic == "proportion" for row in rows])
        forms: tuple[tuple[Kind, npt.NDArray[np.intp]], ...] = (
            ("proportion", rows[proportions]),
            ("ratio", rows[~proportions]),
        )
        for kind, chosen in forms:
            if not chosen.size:
                continue
            at = np.ix_(chosen, np.flatnonzero(places))
            judged = sets.judged[at]
            x, d, e, size = (
                np.where(judged, sets.figures[name][at], np.nan)
                for name in ("numerator", "denominator", "expected", "event_size")
            )
            whole = places.all()
            target = np.ones(len(chosen)) if whole else divide(np.nansum(x, axis=1), np.nansum(e, axis=1))
            goal = target[:, None]
            if kind == "ratio":
                made = funnel_limits("ratio", x, e * goal, target=np.ones(len(chosen)), event_size=size)
                factor = goal + 0.0 * x
            else:
                japan = np.nanmax(divide(e, d), axis=1, initial=-np.inf)
                japan = np.where(np.isfinite(japan), japan, np.nan)
                made = funnel_limits("proportion", x, d, target=target * japan, event_size=size)
                factor = divide(1.0, japan)[:, None] + 0.0 * x
            for name in ("value", "lower_95", "upper_95", "lower_998", "upper_998"):
                filled[name][at] = getattr(made, name) * factor
            filled["z"][at] = made.z
            filled["target"][at] = np.where(np.isnan(made.value), np.nan, goal)
            status[at] = made.status
            spread["phi"][chosen], spread["tau2"][chosen] = made.phi, made.tau2
    return Funnel(status=status, **filled, **spread)


def _shrunk(sets: Sets) -> FloatArray:
    """Gamma-Poisson shrunken ratio to Japan of every shown cell."""
    size = sets.figures["event_size"]
    return gamma_poisson(
        divide(sets.figures["numerator"], size), divide(sets.figures["expected"], size)
    ).value


def _ranks(
    sets: Sets, value: FloatArray, types: Mapping[str, str] | None, confidence: float, draws: int, seed: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    rank, low, high = (np.full(value.shape, np.nan) for _ in range(3))
    better = np.array([each.better for each in sets.indicator])
    size = sets.figures["event_size"]
    # Half an event more keeps a place without any from being certain of its rank.
    events = divide(sets.figures["numerator"], size) + 0.5
    means, errors = cube_root_normal(events, divide(sets.figures["expected"], size))
    shown = np.where(sets.judged, value, np.nan)
    for rows, places in _groups(sets, types):
        for direction in ("more", "less", "neutral"):
            chosen = rows[better[rows] == direction]
            if not chosen.size:
                continue
            at = np.ix_(chosen, np.flatnonzero(places))
            found = rank_intervals(
                shown[at],
                means[at],
                errors[at],
                better=direction,
                draws=draws,
                seed=seed,
                confidence=confidence,
            )
            rank[at], low[at], high[at] = found.rank, found.lower, found.upper
    # A simulated interval need not hold the rank of the raw figure where many are equal.
    return rank, np.fmin(low, rank), np.fmax(high, rank)


def _trends(
    sets: Sets, value: FloatArray, lower: FloatArray, upper: FloatArray, breaks: Mapping[str, tuple[int, ...]]
) -> npt.NDArray[np.object_]:
    """Trend of the last five years of every cell; none across a break of series or a year without figures."""
    place = {
        (each.id, int(year)): row
        for row, (each, year) in enumerate(zip(sets.indicator, sets.year, strict=True))
    }
    steps = range(POINTS - 1, -1, -1)
    index = np.array(
        [
            [place.get((each.id, int(year) - step), -1) for step in steps]
            for each, year in zip(sets.indicator, sets.year, strict=True)
        ]
    )
    unbroken = np.array(
        [
            not any(year - POINTS + 1 < first <= year for first in breaks.get(each.id, ()))
            for each, year in zip(sets.indicator, sets.year, strict=True)
        ]
    )
    usable = (index >= 0).all(axis=1) & unbroken
    index[~usable] = 0
    series = (np.moveaxis(part[index], 1, -1) for part in (value, lower, upper))
    words = recent_trend(*series).trend.astype(object)
    words[~usable] = NONE
    return np.where(np.isnan(value), "", words)


def _long(values: pd.DataFrame, sets: Sets, columns: Mapping[str, npt.NDArray[np.generic]]) -> pd.DataFrame:
    """The rows of `values` with the computed columns; figures of rows that are not shown are NaN."""
    set_of, _ = pd.factorize(pd.MultiIndex.from_frame(values[["indicator_id", "year"]]))
    place_of, _ = pd.factorize(values["area_code"])
    frame = values.drop(
        columns=["numerator_lower", "numerator_upper", "event_size", "prefecture_code"], errors="ignore"
    )
    frame = frame.assign(**{name: array[set_of, place_of] for name, array in columns.items()})
    hidden = ~frame["state"].isin(SHOWN_STATES)
    frame.loc[hidden, ["numerator", "denominator", "expected"]] = np.nan
    return frame


def _national(values: pd.DataFrame, declared: Mapping[str, Indicator], confidence: float) -> pd.DataFrame:
    """Japan's own value with its interval; never compared with itself."""
    if values.empty:
        return values
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


def _ranked_together(sets: Sets, types: Mapping[str, str] | None) -> FloatArray:
    """How many places each judged place is ranked among."""
    number = np.full(sets.judged.shape, np.nan)
    for rows, places in _groups(sets, types):
        at = np.ix_(rows, np.flatnonzero(places))
        number[at] = sets.judged[at].sum(axis=1, keepdims=True)
    return number


def _funnel_table(sets: Sets, funnel: Funnel, types: Mapping[str, str] | None) -> pd.DataFrame:
    """Limits of every judged cell in one long table."""
    size = sets.figures["event_size"]
    counted, at_japan = (divide(sets.figures[name], size) for name in ("numerator", "expected"))
    p_value = np.where(sets.judged, poisson_p_value(counted, at_japan), np.nan)
    significant = benjamini_hochberg(p_value) < FALSE_FINDINGS
    rows, places = np.nonzero(~np.isnan(funnel.value))
    frame = pd.DataFrame(
        {
            "indicator_id": np.array([each.id for each in sets.indicator], dtype=object)[rows],
            "year": sets.year[rows],
            "area_code": sets.places["area_code"].to_numpy()[places],
            "expected": sets.figures["expected"][rows, places],
            "significant": significant[rows, places],
        }
    )
    frame["n_places"] = _ranked_together(sets, types)[rows, places]
    for name in ("target", "lower_95", "upper_95", "lower_998", "upper_998", "z"):
        frame[name] = getattr(funnel, name)[rows, places]
    return frame

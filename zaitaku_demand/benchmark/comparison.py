"""How the places of every set compare: funnel, shrinkage, ranks and trend on arrays (sets, places)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.funnel import INNER, NO_STATUS, Funnel, Kind, funnel_limits
from zaitaku_demand.benchmark.intervals import FloatArray, divide
from zaitaku_demand.benchmark.multiple_tests import benjamini_hochberg, poisson_p_value
from zaitaku_demand.benchmark.ranks import cube_root_normal, rank_intervals
from zaitaku_demand.benchmark.sets import Sets, intervals
from zaitaku_demand.benchmark.shrinkage import gamma_poisson, marshall_local
from zaitaku_demand.benchmark.trend import NONE, POINTS, recent_trend

FALSE_FINDINGS = 0.05
"""Share of false findings that Benjamini-Hochberg allows among the places of one indicator and year."""


def funnel_of_sets(sets: Sets, types: Mapping[str, str] | None) -> Funnel:
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
                # No event in Japan: no target and no limits.
                japan = np.where(np.isfinite(japan) & (japan > 0), japan, np.nan)
                made = funnel_limits("proportion", x, d, target=target * japan, event_size=size)
                factor = divide(1.0, japan)[:, None] + 0.0 * x
            for name in ("value", "lower_95", "upper_95", "lower_998", "upper_998"):
                filled[name][at] = getattr(made, name) * factor
            filled["z"][at] = made.z
            filled["target"][at] = np.where(np.isnan(made.value), np.nan, goal)
            status[at] = made.status
            spread["phi"][chosen], spread["tau2"][chosen] = made.phi, made.tau2
    return Funnel(status=status, **filled, **spread)


def shrunken_ratios(sets: Sets, neighbours: Mapping[str, Sequence[str]] | None = None) -> FloatArray:
    """Shrunken ratio to Japan of every shown cell.

    Gamma-Poisson towards the mean of all places; with `neighbours` (area_code → codes) Marshall's local estimator,
    towards the mean of the place and those it borders on.
    """
    size = sets.figures["event_size"]
    events, expected = (divide(sets.figures[name], size) for name in ("numerator", "expected"))
    if neighbours is None:
        return gamma_poisson(events, expected).value
    position = {str(code): place for place, code in enumerate(sets.places["area_code"])}
    near = [[position[other] for other in neighbours.get(code, ()) if other in position] for code in position]
    return marshall_local(events, expected, near)[0]


def ranks_of_sets(
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


def trends_of_sets(sets: Sets, breaks: Mapping[str, tuple[int, ...]]) -> npt.NDArray[np.object_]:
    """Trend of the last five years of every cell; none across a break of series or a year without figures."""
    # The test is made for 95 % limits, whatever the confidence of those that are shown.
    value, lower, upper, _ = intervals(sets, INNER)
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


def funnel_table(sets: Sets, funnel: Funnel, types: Mapping[str, str] | None) -> pd.DataFrame:
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


def _ranked_together(sets: Sets, types: Mapping[str, str] | None) -> FloatArray:
    """How many places each judged place is ranked among."""
    number = np.full(sets.judged.shape, np.nan)
    for rows, places in _groups(sets, types):
        at = np.ix_(rows, np.flatnonzero(places))
        number[at] = sets.judged[at].sum(axis=1, keepdims=True)
    return number


def _groups(
    sets: Sets, types: Mapping[str, str] | None
) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]]:
    """Which sets are compared over which places: all, or type by type where declared so.

    A place of unknown type is then compared with nobody.
    """
    within = np.array(
        [each.comparison == "peers" and types is not None for each in sets.indicator], dtype=bool
    )
    everywhere = np.ones(len(sets.places), dtype=bool)
    groups = [(np.flatnonzero(~within), everywhere)]
    if within.any() and types is not None:
        label = sets.places["area_code"].map(dict(types)).to_numpy(dtype=object)
        groups += [(np.flatnonzero(within), label == name) for name in sorted({*types.values()} - {""})]
    return [(rows, places) for rows, places in groups if rows.size and places.any()]

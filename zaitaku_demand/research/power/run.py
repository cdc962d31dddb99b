"""Power of future studies for the candidate outcomes of a panel, as a tidy table."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.overdispersion import pooled
from zaitaku_demand.research.panel import FloatArray, Kind, Panel, Series
from zaitaku_demand.research.power.changes import change_variances
from zaitaku_demand.research.power.components import (
    bootstrap_components,
    bootstrap_limits,
    variance_components,
)
from zaitaku_demand.research.power.response import study_response
from zaitaku_demand.research.power.settings import PowerSettings, Study
from zaitaku_demand.research.power.simulate import Cell, Found, World, simulated, with_limits
from zaitaku_demand.research.result import result_row, result_table
from zaitaku_demand.text import Text

NOTES: dict[str, Text] = {
    "one_year": Text(
        "データが1年分しかなく、年々の変動が分からないため求められない",
        "one year of data only: how places vary from year to year is not known",
    ),
    "few_places": Text("値のある地域が少なく求められない", "too few places have a figure"),
    "two_years": Text(
        "データが2年分のため、長く続く差と数年の変動を区別できない",
        "two years of data: lasting differences and those of some years cannot be told apart",
    ),
    "beyond_grid": Text(
        "調べた範囲の外にある（範囲の端を区間の限界に示す）",
        "outside the range that was tried (its end is given as a limit)",
    ),
    "more_than_exist": Text("実在する地域の数を超える", "more places than there are"),
    "not_reached": Text(
        "調べた地域数のどれでも目標の検出力に届かない",
        "no number of places that was tried reaches the target",
    ),
    "beyond_years": Text(
        "研究の年数が手元のデータの年数を超えるため、離れた年の間の相関は外挿による",
        "the study spans more years than the data: how years further apart go together is extrapolated",
    ),
}
LEAST_PLACES = 10
LEAST_OTHERS = 3
_RATIOS = np.exp(np.linspace(np.log(1.005), np.log(3.0), 220))
_COMPONENT_NAMES = ("place", "shared", "place_year", "correlation", "chance")


def components_table(panel: Panel, settings: PowerSettings, outcomes: Sequence[str] = ()) -> pd.DataFrame:
    """Variance components of every outcome with bootstrap intervals (analysis ``components``).

    statistic: place, shared, place_year, correlation, chance (see :class:`Components`).
    """
    rows = []
    for name in outcomes or panel.names("outcome"):
        series = panel[name]
        reason = _why_not(series)
        common = _common(panel, series) | {"analysis": "components", "method": "cross_products"}
        if reason:
            rows.append(result_row(_parameters(settings), **common, note=reason))
            continue
        found = variance_components(*_arguments(panel, series))
        drawn = bootstrap_components(*_arguments(panel, series), settings.resamples, settings.seed)
        for part in _COMPONENT_NAMES:
            estimate = float(getattr(found, part))
            # A correlation is no variance: its percentile limits stay in 0 to 1.
            centre = 0.0 if part == "correlation" else estimate
            low, high = bootstrap_limits(centre, getattr(drawn, part), settings.confidence)
            rows.append(
                result_row(
                    _parameters(settings) | {"resamples": settings.resamples},
                    **common,
                    statistic=part,
                    estimate=estimate,
                    lower=low,
                    upper=high,
                    confidence=settings.confidence,
                    note="two_years" if len(series.years) == 2 and part in ("place", "correlation") else "",
                )
            )
    return result_table(rows)


def power_table(panel: Panel, settings: PowerSettings, outcomes: Sequence[str] = ()) -> pd.DataFrame:
    """Power over the grid of studies, the smallest ratio found at the target, and the places needed.

    statistic: ``power`` and ``size`` (share found where there is no difference; lower, upper: Monte Carlo limits),
    ``detectable_ratio`` and ``places_needed`` (designated places for `ratio_needed`). Outside the grid the estimate is
    NaN and the end of the grid stands as a limit. A study never has more places than have a figure.

    Studies without a difference are simulated once for each number of places; a true ratio moves their estimates by
    ``response.log_response`` (method ``simulation_shifted``).
    """
    rows = []
    for name in outcomes or panel.names("outcome"):
        series = panel[name]
        reason = _why_not(series)
        common = _common(panel, series) | {"analysis": "power", "method": "simulation"}
        if reason:
            rows.append(result_row(_parameters(settings), **common, note=reason))
            continue
        world = fitted_world(panel, series, settings)
        random = np.random.default_rng([settings.seed, zlib.crc32(f"{panel.level} {name}".encode())])
        for study in settings.studies:
            rows += _study_rows(study, world, settings, common, _with_figure(series), random)
    return result_table(rows)


def fitted_world(panel: Panel, series: Series, settings: PowerSettings) -> World:
    """The world of simulated studies: spread and changes of the real panel, cases of its places times `settings.cases`.

    The spread of a year is that of the variance components; how places go together over the years follows from the
    variance of their relative changes (:func:`changes.change_variances`).
    """
    spread = np.log1p(variance_components(*_arguments(panel, series)).by_lag[0])
    changes = change_variances(series.events, series.size, series.kind)
    by_lag = np.expm1(spread - changes / 2)
    rate = pooled(series.events.T, series.size.T)
    known = np.isfinite(series.size).any(axis=1)
    expected = np.nanmean(series.size[known] * rate[None, :], axis=1)
    return World(by_lag, expected * settings.cases, float(np.nanmean(rate)), series.kind)


def _study_rows(
    study: Study,
    world: World,
    settings: PowerSettings,
    common: dict[str, object],
    at_hand: int,
    random: np.random.Generator,
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    alpha = 1 - settings.confidence
    shared = common | {"term": study}
    moved = study_response(world, study)
    note = "" if _years_of_study(study, settings) <= len(world.covariance) else "beyond_years"
    reached: dict[int, float] = {}
    for places in settings.places:
        others = _others(study, places, settings, at_hand)
        if others is None:
            rows.append(
                result_row(_parameters(settings) | {"places": places}, **shared, note="more_than_exist")
            )
            continue
        # One set of studies without a difference serves all ratios: a difference moves their estimates.
        cell = Cell(study, places, others, settings.years, 1.0)
        null = simulated(world, cell, settings.replications, random)
        shares = null.share_found(moved(np.array([*settings.ratios, 1.0])), alpha)
        for ratio, share in zip((*settings.ratios, 1.0), shares, strict=True):
            found, low, high = with_limits(float(share), settings.replications, settings.confidence)
            rows.append(
                result_row(
                    _cell_parameters(replace(cell, ratio=ratio), settings),
                    **shared | {"method": "simulation" if ratio == 1.0 else "simulation_shifted"},
                    statistic="size" if ratio == 1.0 else "power",
                    estimate=found,
                    lower=low,
                    upper=high,
                    confidence=settings.confidence,
                    note=note,
                )
            )
        estimate, low, high, end = detectable(null, moved, settings)
        rows.append(
            result_row(
                _cell_parameters(cell, settings, without=("ratio",)) | {"target": settings.target},
                **shared | {"method": "simulation_shifted"},
                statistic="detectable_ratio",
                estimate=estimate,
                lower=low,
                upper=high,
                note=end or note,
            )
        )
        needed = moved(np.array([settings.ratio_needed]))
        reached[places] = float(null.share_found(needed, alpha)[0])
    if len(reached) > 1:
        # Where the others run out, more designated places leave fewer to compare with: the curve may fall again.
        estimate, low, high, end = crossing(
            np.log(list(reached)), list(reached.values()), settings.target, "not_reached"
        )
        rows.append(
            result_row(
                _cell_parameters(cell, settings, without=("places", "others"))
                | {
                    "ratio": settings.ratio_needed,
                    "target": settings.target,
                    "others_per_place": settings.others_per_place,
                    "best_power": round(max(reached.values()), 4),
                    "places_at_hand": at_hand,
                },
                **shared | {"method": "simulation_shifted"},
                statistic="places_needed",
                estimate=float(np.exp(estimate)),
                lower=float(np.exp(low)),
                upper=float(np.exp(high)),
                note=end or note,
            )
        )
    return rows


def detectable(
    null: Found, moved: Callable[[FloatArray], FloatArray], settings: PowerSettings
) -> tuple[float, float, float, str]:
    """Smallest ratio found with the target power: the simulated null studies moved by what it adds.

    Returns
    -------
    estimate, lower, upper : float
        As :func:`crossing` gives them, as ratios.
    note : str
    """
    reached = null.share_found(_interpolated(moved), 1 - settings.confidence)
    estimate, low, high, note = crossing(np.log(_RATIOS), reached, settings.target)
    return float(np.exp(estimate)), float(np.exp(low)), float(np.exp(high)), note


def _interpolated(moved: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """The response at all ratios of the grid, from that at some of them (it is smooth in the logarithm)."""
    some = _RATIOS[:: len(_RATIOS) // 12]
    some = np.append(some, _RATIOS[-1])
    return np.asarray(np.interp(np.log(_RATIOS), np.log(some), moved(some)))


def crossing(
    x: Sequence[float] | FloatArray,
    reached: Sequence[float] | FloatArray,
    target: float,
    not_reached: str = "beyond_grid",
) -> tuple[float, float, float, str]:
    """Where a curve of power first reaches the target, by linear interpolation.

    Parameters
    ----------
    x, reached : array (points,)
    target : float
    not_reached : str
        Note where the whole curve lies below the target.

    Returns
    -------
    estimate, lower, upper : float
        Outside the grid the estimate is NaN, and its end stands as lower (not reached) or upper (reached at its
        beginning) limit.
    note : str
    """
    at, share = np.asarray(x, np.float64), np.maximum.accumulate(np.asarray(reached, np.float64))
    if share[-1] < target:
        return np.nan, float(at[-1]), np.nan, not_reached
    if share[0] >= target:
        return np.nan, np.nan, float(at[0]), "beyond_grid"
    right = int(np.argmax(share >= target))
    step = (target - share[right - 1]) / (share[right] - share[right - 1])
    return float(at[right - 1] + step * (at[right] - at[right - 1])), np.nan, np.nan, ""


def _others(study: Study, places: int, settings: PowerSettings, at_hand: int) -> int | None:
    """Places without designation; None where there are not enough places with a figure."""
    if study == "slope":
        return 0 if places <= at_hand else None
    others = min(round(settings.others_per_place * places), at_hand - places)
    return others if others >= LEAST_OTHERS else None


def _arguments(panel: Panel, series: Series) -> tuple[FloatArray, FloatArray, npt.NDArray[np.int64], Kind]:
    return series.events, series.size, panel.clusters, series.kind


def _with_figure(series: Series) -> int:
    return int(np.isfinite(series.rate).any(axis=1).sum())


def _why_not(series: Series) -> str:
    if len(series.years) < 2:
        return "one_year"
    if _with_figure(series) < LEAST_PLACES:
        return "few_places"
    return ""


def _common(panel: Panel, series: Series) -> dict[str, object]:
    return {
        "level": panel.level,
        "outcome": series.name,
        "n_places": _with_figure(series),
        "n_years": len(series.years),
        "first_year": min(series.years, default=None),
        "last_year": max(series.years, default=None),
    }


def _years_of_study(study: Study, settings: PowerSettings) -> int:
    return settings.years * (2 if study == "difference_in_differences" else 1)


def _parameters(settings: PowerSettings) -> dict[str, object]:
    return {"seed": settings.seed}


def _cell_parameters(cell: Cell, settings: PowerSettings, without: Sequence[str] = ()) -> dict[str, object]:
    values: dict[str, object] = {
        "seed": settings.seed,
        "replications": settings.replications,
        "study": cell.study,
        "places": cell.places,
        "others": cell.others,
        "years": cell.years,
        "cases": settings.cases,
        "ratio": cell.ratio,
        "alpha": round(1 - settings.confidence, 6),
    }
    return {name: value for name, value in values.items() if name not in without}

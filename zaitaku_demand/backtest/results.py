"""The two tables of the backtest: what was missed by whom, and the parameters of future errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.backtest.age_tilt import tilt_variance
from zaitaku_demand.backtest.coverage import ErrorSet, coverage
from zaitaku_demand.backtest.damping import (
    GRID,
    best_damping,
    cross_fitted_damping,
    damping_scores,
    horizon_mean,
    resampled_damping,
)
from zaitaku_demand.backtest.errors import Errors, PopulationKind, known_origins, rolling_errors
from zaitaku_demand.backtest.methods import known_at
from zaitaku_demand.backtest.panel import Panel, Tables, area_panel, prefecture_panel
from zaitaku_demand.backtest.variance import PARTS, normal_scale, widths

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

ELIGIBLE = ("constant", "damped", "damped_place")
"""Methods that may become the default, simplest first: they project rates by age and stay finite over decades. An
undamped trend is judged too, but nothing measured over eight years bears it for 28; growth of totals knows no ages."""

MODELLED = ("constant", "damped")
"""Methods whose future errors are modelled; `damped_place` takes those of `damped` (see docs/backtest.md)."""

LEAST_GAIN = 0.02
"""Share by which the error of a more complex method has to be smaller. One step of phi on its grid moves the error of the
damped trend by this much and more in most services, so a smaller gain is none that was measured."""

SIZES = {"small": (0.0, 20_000.0), "medium": (20_000.0, 50_000.0), "large": (50_000.0, np.inf)}
"""Size classes of areas by persons of 75 and over in the year of the origin; each about a third of the 335."""

ALL = "all"
DECIMALS = 6


@dataclass(frozen=True)
class BacktestTables:
    """Tables `backtest_errors` and `rate_forecast_error`."""

    errors: pd.DataFrame
    parameters: pd.DataFrame


def backtest_tables(tables: Tables) -> BacktestTables:
    """Run the whole backtest.

    Returns
    -------
    BacktestTables
        errors: method, level, service (or all), horizon (0: all), size_class, population (``edition``, ``observed``), origins
        (``all``; ``published``: the 2018 edition was at hand), compared (``own``: all forecasts of the method; ``common``:
        those that every method has), n, mape, median_ape, bias (per cent), coverage_80, coverage_95 (parameters from
        other places), coverage_80_years, coverage_95_years (from other target years).
        parameters: parameter, service, method, level, value.
    """
    prefectures, areas = prefecture_panel(tables), area_panel(tables)
    scores = damping_scores(prefectures)
    judged = error_set(prefectures, areas, cross_fitted_damping(scores, prefectures.services), "edition")
    frames = [summary(judged)]
    rates_only = error_set(prefectures, areas, judged.damping, "observed")
    frames.append(summary(rates_only, covered=False))
    phi = best_damping(scores, prefectures.services)
    parameters = _parameters(prefectures, areas, judged, phi, resampled_damping(scores, prefectures.services))
    return BacktestTables(pd.concat(frames, ignore_index=True), parameters)


def error_set(prefectures: Panel, areas: Panel, damping: FloatArray, population: PopulationKind) -> ErrorSet:
    """Errors of nation, prefectures and areas with one damping a service."""
    known = known_origins(prefectures)
    inside = {year: known_at(areas.until(year), known[year]) for year in areas.years[:-1]}
    places, nation = rolling_errors(prefectures, damping, population, known)
    smaller, _ = rolling_errors(areas, damping, population, inside)
    return ErrorSet(nation, places, smaller, damping)


def summary(errors: ErrorSet, *, covered: bool = True) -> pd.DataFrame:
    """Summary rows of all levels and methods; `covered` False leaves the coverage out."""
    rows: list[dict[str, object]] = []
    for level in errors.levels():
        common = level.common()
        for method in level.methods:
            log_error = level.log_error[level.place(method)]
            held = coverage(errors, level.level, method) if covered else None
            inside = (
                np.full((4, *log_error.shape), np.nan)
                if held is None
                else np.concatenate([held.places, held.years])
            )
            for compared, kept in (("own", np.isfinite(log_error)), ("common", common)):
                rows += _method_rows(level, method, compared, np.where(kept, log_error, np.nan), inside)
    return pd.DataFrame(rows)


def default_scores(errors: ErrorSet) -> FloatArray:
    """Score of the eligible methods by service, array (eligible, services).

    Mean absolute percentage error of prefectures on the common set, every horizon with the same weight.
    """
    level = errors.prefecture
    common = level.common()
    size = np.abs(np.expm1(level.log_error)) * 100
    return np.stack(
        [horizon_mean(np.where(common, size[level.place(name)], np.nan), level.horizon) for name in ELIGIBLE]
    )


def simplest_of_the_best(scores: FloatArray, methods: tuple[str, ...]) -> str:
    """The method with the smallest error; a more complex one only if it gains at least `LEAST_GAIN`.

    Parameters
    ----------
    scores : array (methods,)
        NaN where a method cannot be judged.
    methods : tuple of str
        Simplest first.
    """
    chosen = 0
    for place, score in enumerate(scores):
        if score < (1 - LEAST_GAIN) * scores[chosen]:
            chosen = place
    return methods[chosen]


def longest_horizon(errors: ErrorSet) -> npt.NDArray[np.int64]:
    """Years ahead up to which the methods were compared on prefectures, by service, array (services,)."""
    judged = errors.prefecture.common().any(axis=2)
    return np.asarray(np.where(judged, errors.prefecture.horizon, 0).max(axis=1))


def _method_rows(
    level: Errors, method: str, compared: str, log_error: FloatArray, inside: FloatArray
) -> list[dict[str, object]]:
    rows = []
    groups: list[tuple[str, str, BoolArray]] = [(ALL, ALL, np.ones(level.size.shape, dtype=bool))]
    if compared == "common" and level.population == "edition":
        groups.append((ALL, "published", np.broadcast_to(level.published[:, None], level.size.shape)))
        if level.level == "area":
            groups += [
                (name, ALL, (level.size >= low) & (level.size < high)) for name, (low, high) in SIZES.items()
            ]
    for size_class, origins, chosen in groups:
        for horizon in (0, *np.unique(level.horizon)):
            pairs = chosen & ((level.horizon == horizon) | (horizon == 0))[:, None]
            if not pairs.any():
                continue
            for service, which in (
                *((name, slice(row, row + 1)) for row, name in enumerate(level.services)),
                (ALL, slice(None)),
            ):
                kept = pairs & np.isfinite(log_error[which])
                if not kept.any():
                    continue
                error = np.expm1(log_error[which][kept]) * 100
                shares = [_mean(each[which][kept]) for each in inside]
                rows.append(
                    {
                        "method": method,
                        "level": level.level,
                        "service": service,
                        "horizon": int(horizon),
                        "size_class": size_class,
                        "population": level.population,
                        "origins": origins,
                        "compared": compared,
                        "n": int(kept.sum()),
                        "mape": round(float(np.abs(error).mean()), DECIMALS),
                        "median_ape": round(float(np.median(np.abs(error))), DECIMALS),
                        "bias": round(float(error.mean()), DECIMALS),
                        "coverage_80": shares[0],
                        "coverage_95": shares[1],
                        "coverage_80_years": shares[2],
                        "coverage_95_years": shares[3],
                    }
                )
    return rows


def _parameters(
    prefectures: Panel, areas: Panel, judged: ErrorSet, phi: float, resampled: FloatArray
) -> pd.DataFrame:
    """Parameters with the phi that is used, from errors with the population as it came: those of the rates alone."""
    services = prefectures.services
    rows: list[tuple[str, str, str, str, float]] = [("damping", ALL, "damped", "", phi)]
    rows += [
        ("damping_resampled", ALL, "damped", f"{each:.2f}", share)
        for each, share in zip(GRID, resampled, strict=True)
    ]
    rows += [
        ("damping_of_others", name, "damped", "", value)
        for name, value in zip(services, judged.damping, strict=True)
    ]
    rows += _decisions(judged)
    damping = np.full(len(services), phi)
    used = error_set(prefectures, areas, damping, "observed")
    for method in MODELLED:
        model = used.model(method)
        for level in used.levels():
            parts = {
                "nation": np.stack([model.walk, model.drift, np.zeros(len(services))], axis=1),
                "prefecture": model.prefecture,
                "area": model.area,
            }[level.level]
            standardised = level.log_error[level.place(method)] / np.sqrt(model.variance(level))
            for row, name in enumerate(services):
                width = widths(standardised if level.level == "nation" else standardised[row])
                for column, part in enumerate(PARTS):
                    rows.append((part, name, method, level.level, parts[row, column]))
                rows.append(("normal_scale", name, method, level.level, float(normal_scale(width))))
        tilt = tilt_variance(prefectures, damping if method == "damped" else np.zeros(len(services)))
        rows += [
            ("age_tilt", name, method, "nation", value) for name, value in zip(services, tilt, strict=True)
        ]
    frame = pd.DataFrame(rows, columns=["parameter", "service", "method", "level", "value"])
    frame["value"] = [float(f"{value:.8g}") for value in frame["value"]]
    return frame


def _decisions(judged: ErrorSet) -> list[tuple[str, str, str, str, float]]:
    """Scores of the eligible methods, how far ahead they were compared, and what was chosen."""
    rows: list[tuple[str, str, str, str, float]] = []
    scores, longest = default_scores(judged), longest_horizon(judged)
    for row, name in enumerate(judged.prefecture.services):
        for place, method in enumerate(ELIGIBLE):
            rows.append(("score", name, method, "prefecture", scores[place, row]))
        rows.append(("longest_horizon", name, "", "prefecture", float(longest[row])))
        rows.append(("default", name, simplest_of_the_best(scores[:, row], ELIGIBLE), "", 1.0))
        trend = simplest_of_the_best(scores[1:, row], ELIGIBLE[1:])
        rows.append(("default_trend", name, trend, "", 1.0))
    return rows


def _mean(values: FloatArray) -> float:
    seen = values[np.isfinite(values)]
    return round(float(seen.mean()), DECIMALS) if len(seen) else float("nan")

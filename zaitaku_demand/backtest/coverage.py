"""Do the intervals hold what came? Counted only where the interval did not see it.

Two ways of keeping an interval from its own error:

places   variances and half-widths come from prefectures of other folds (areas go with their prefecture), for the nation
         from other families of services. This is the calibration that is used.
years    they come from forecasts of other target years, for a shock of a year hits all places at once. This is what
         a planner may expect of a year that nobody has seen; it is reported beside the first.

Half-width in standard deviations = quantile of the standardised errors of the same service and horizon; where these are
few, that of the service × a correction for the horizon that all services share. The nation has one error a pair and so
takes both from all services.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zaitaku_demand.backtest.damping import family
from zaitaku_demand.backtest.errors import Errors
from zaitaku_demand.backtest.variance import COVERAGES, ErrorModel, fit_error_model, widths

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

FOLDS = 5
LEAST_ERRORS = 30
"""Standardised errors of a service and horizon that tell their own quantiles."""


@dataclass(frozen=True)
class Coverage:
    """Whether each error lay inside its interval: arrays (coverages, services, pairs, places), NaN without one."""

    places: FloatArray
    years: FloatArray


@dataclass(frozen=True)
class ErrorSet:
    """Errors of the three levels, made with the same damping and population.

    Attributes
    ----------
    nation, prefecture, area : Errors
    damping : array (services,)
    """

    nation: Errors
    prefecture: Errors
    area: Errors
    damping: FloatArray

    def levels(self) -> tuple[Errors, Errors, Errors]:
        """From the nation down."""
        return self.nation, self.prefecture, self.area

    def model(self, method: str, area_method: str | None = None, **kept: BoolArray) -> ErrorModel:
        """`fit_error_model` on these errors."""
        return fit_error_model(
            self.nation, self.prefecture, self.area, method, self.damping, area_method=area_method, **kept
        )


def base_method(method: str) -> str:
    """Method of the prefectures that an area method leans on: the same without its ratio or the area's own change."""
    if method == "damped_own_change":
        return "damped"
    return method.removesuffix("_prefecture_ratio").removesuffix("_shrunk_ratio")


def coverage(errors: ErrorSet, level: str, method: str) -> Coverage:
    """Whether the errors of one method and level lie inside their intervals.

    Parameters
    ----------
    errors : ErrorSet
    level : str
        ``nation``, ``prefecture`` or ``area``.
    method : str
    """
    own = {each.level: each for each in errors.levels()}[level]
    base = base_method(method)
    area_method = method if level == "area" else None
    log_error = own.log_error[own.place(method)]
    by_places = np.full((len(COVERAGES), *log_error.shape), np.nan)
    if level == "nation":
        model = errors.model(base, area_method)
        standardised = _standardised(log_error, model.variance(own))
        families = np.array([family(name) for name in own.services])
        for name in np.unique(families):
            inside = families == name
            pooled = _half_widths(standardised[~inside], own.horizon, by_service=False)[:, :1]
            by_places[:, inside] = _held(standardised[inside], pooled)
    else:
        fold_of = {each.level: _folds(each) for each in (errors.prefecture, errors.area)}
        for fold in range(FOLDS):
            model = errors.model(
                base,
                area_method,
                places_prefecture=fold_of["prefecture"] != fold,
                places_area=fold_of["area"] != fold,
            )
            standardised = _standardised(log_error, model.variance(own))
            inside = fold_of[level] == fold
            half = _half_widths(standardised[:, :, ~inside], own.horizon)
            by_places[..., inside] = _held(standardised[:, :, inside], half)
    by_years = np.full_like(by_places, np.nan)
    for year in np.unique(own.target):
        now = own.target == year
        model = errors.model(
            base,
            area_method,
            pairs_prefecture=errors.prefecture.target != year,
            pairs_area=errors.area.target != year,
        )
        standardised = _standardised(log_error, model.variance(own))
        half = _half_widths(
            standardised[:, ~now],
            own.horizon[~now],
            own.horizon[now],
            by_service=level != "nation",
            by_horizon=False,
        )
        by_years[:, :, now] = _held(standardised[:, now], half)
    return Coverage(by_places, by_years)


def _folds(errors: Errors) -> npt.NDArray[np.int64]:
    """Fold of every place by the code of its prefecture, so that the order of places does not matter."""
    return np.array([int(code[:2]) % FOLDS for code in errors.codes])


def _standardised(log_error: FloatArray, variance: FloatArray) -> FloatArray:
    return np.divide(
        log_error, np.sqrt(variance), out=np.full_like(log_error, np.nan), where=np.nan_to_num(variance) > 0
    )


def _half_widths(
    standardised: FloatArray,
    horizon: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.int64] | None = None,
    *,
    by_service: bool = True,
    by_horizon: bool = True,
) -> FloatArray:
    """Half-widths, array (coverages, services, pairs wanted).

    `by_horizon`: a service whose horizon has `LEAST_ERRORS` takes their own quantile; any other its overall quantile
    times the correction for that horizon. A horizon not seen takes the correction of the longest one seen.
    """
    asked = horizon if wanted is None else wanted
    steps = [step for step in np.unique(horizon) if np.isfinite(standardised[:, horizon == step]).any()]
    position = np.clip(np.searchsorted(steps, asked), 0, len(steps) - 1)
    pooled = np.repeat(widths(standardised)[:, None], len(standardised), axis=1)
    own = np.stack([widths(row) for row in standardised], axis=1) if by_service else pooled
    out = np.empty((len(COVERAGES), len(standardised), len(asked)))
    for place in range(len(COVERAGES)):
        relative = standardised / own[place][:, None, None]
        correction = np.array([widths(relative[:, horizon == step])[place] for step in steps])
        out[place] = own[place][:, None] * correction[position]
    if by_service and by_horizon:
        for row, each in enumerate(standardised):
            for column, step in enumerate(asked):
                block = each[horizon == step]
                if np.isfinite(block).sum() >= LEAST_ERRORS:
                    out[:, row, column] = widths(block)
    return out


def _held(standardised: FloatArray, half: FloatArray) -> FloatArray:
    inside = np.abs(standardised) <= half[..., None]
    known = np.isfinite(standardised) & np.isfinite(half[..., None])
    return np.where(known, inside, np.nan)

"""Rolling origins: every forecast from every origin, and how far it was from what came.

A forecast error is ln(forecast / observed). Errors are kept as one array (methods, services, pairs, places), a pair
being an origin and a later year; NaN where there is no forecast or nothing to judge it by: suppressed counts and
places with fewer than `LEAST_A_MONTH` claims a month are not judged, since an estimate is no truth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from zaitaku_demand.backtest.methods import AREA_METHODS, METHODS, Known, forecast, known_at
from zaitaku_demand.backtest.panel import PUBLISHED_FROM, Panel
from zaitaku_demand.rates.trend_breaks import first_comparable_year

FloatArray = npt.NDArray[np.float64]
PopulationKind = Literal["edition", "observed"]

LEAST_A_MONTH = 10.0
MOST_HIDDEN = 0.2
"""A count of which suppressed cells are more than this share is neither an origin nor a truth."""


@dataclass(frozen=True)
class Errors:
    """Errors of all methods at one level.

    Attributes
    ----------
    level : str
        ``nation``, ``prefecture`` or ``area``.
    population : str
        ``edition``: growth of the 2018 edition from the origin on. ``observed``: as it came, so that errors are of rates.
    methods, services, codes : tuple of str
    parent : array (places,) of int
    origin, horizon : arrays (pairs,) of int
    log_error : array (methods, services, pairs, places)
    counting : array (services, pairs, places)
        Variance of ln(observed) + ln(count of the origin) due to counting alone.
    size : array (pairs, places)
        Persons of 75 and over in the year of the origin.
    """

    level: str
    population: PopulationKind
    methods: tuple[str, ...]
    services: tuple[str, ...]
    codes: tuple[str, ...]
    parent: npt.NDArray[np.int64]
    origin: npt.NDArray[np.int64]
    horizon: npt.NDArray[np.int64]
    log_error: FloatArray
    counting: FloatArray
    size: FloatArray

    @property
    def target(self) -> npt.NDArray[np.int64]:
        """Year that is forecast, array (pairs,)."""
        return self.origin + self.horizon

    @property
    def published(self) -> npt.NDArray[np.bool_]:
        """Whether the 2018 edition was at hand at the origin, array (pairs,)."""
        return np.asarray(self.origin >= PUBLISHED_FROM)

    def common(self) -> npt.NDArray[np.bool_]:
        """Where every method has an error, array (services, pairs, places)."""
        return np.asarray(np.isfinite(self.log_error).all(axis=0))

    def place(self, method: str) -> int:
        """Row of a method."""
        return self.methods.index(method)


def known_origins(panel: Panel) -> dict[int, Known]:
    """What is estimated at every origin of a panel, from the counts up to it."""
    return {year: known_at(panel.until(year)) for year in panel.years[:-1]}


def rolling_errors(
    panel: Panel,
    damping: FloatArray,
    population: PopulationKind = "edition",
    known: dict[int, Known] | None = None,
) -> tuple[Errors, Errors]:
    """Errors of the places of a panel, and of the nation as their sum.

    Parameters
    ----------
    panel : Panel
    damping : array (services,)
    population : str
    known : dict, optional
        `known_origins` of the panel, if at hand.

    Returns
    -------
    places, nation : Errors
    """
    methods = tuple(METHODS if panel.level == "prefecture" else AREA_METHODS)
    pairs = [(a, b) for a in panel.years for b in panel.years if a < b]
    shape = (len(methods), len(panel.services), len(pairs), len(panel.codes))
    forecasts, known = np.full(shape, np.nan), known or known_origins(panel)
    for column, (origin, target) in enumerate(pairs):
        people = projected_people(panel, origin, target, population)
        given = forecast(known[origin], people, target - origin, damping)
        forecasts[:, :, column] = [given[name] for name in methods]
    starts = np.array([panel.years.index(origin) for origin, _ in pairs])
    ends = np.array([panel.years.index(target) for _, target in pairs])
    before, after = panel.observed[:, starts], panel.observed[:, ends]
    fits = (before >= LEAST_A_MONTH) & (after > 0)
    fits &= (panel.hidden[:, starts] <= MOST_HIDDEN) & (panel.hidden[:, ends] <= MOST_HIDDEN)
    fits &= _comparable(panel, np.array([origin for origin, _ in pairs]))[:, :, None]
    base = Errors(
        level=panel.level,
        population=population,
        methods=methods,
        services=panel.services,
        codes=panel.codes,
        parent=panel.parent,
        origin=np.array([origin for origin, _ in pairs]),
        horizon=np.array([target - origin for origin, target in pairs]),
        log_error=np.where(fits, _log_ratio(forecasts, after), np.nan),
        counting=_counting(before, after, panel.event_size),
        size=np.stack([panel.aged_75plus(origin) for origin, _ in pairs]),
    )
    whole = before.sum(axis=2, keepdims=True), after.sum(axis=2, keepdims=True)
    errors = _log_ratio(forecasts.sum(axis=3, keepdims=True), whole[1])
    nation = replace(
        base,
        level="nation",
        codes=("00",),
        parent=np.zeros(1, dtype=np.int64),
        log_error=np.where(_comparable(panel, base.origin)[:, :, None], errors, np.nan),
        counting=_counting(*whole, panel.event_size),
        size=base.size.sum(axis=1, keepdims=True),
    )
    return base, nation


def projected_people(panel: Panel, origin: int, target: int, population: PopulationKind) -> FloatArray:
    """Population of a target year on the level of the origin's observed one, array (places, ages).

    The edition enters by its growth of every age group only: its level differs from the denominators of the rates.
    """
    start, end = panel.years.index(origin), panel.years.index(target)
    if population == "observed":
        return np.asarray(panel.people[end])
    growth = np.divide(
        panel.edition[end],
        panel.edition[start],
        out=np.ones_like(panel.edition[0]),
        where=panel.edition[start] > 0,
    )
    return np.asarray(panel.people[start] * growth)


def _comparable(panel: Panel, origins: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    firsts = [first_comparable_year(service) or panel.rate_years[0] for service in panel.services]
    return origins >= np.array(firsts)[:, None]


def _log_ratio(forecasts: FloatArray, observed: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        out = np.log(forecasts / observed)
    return np.asarray(np.where(np.isfinite(out), out, np.nan))


def _counting(before: FloatArray, after: FloatArray, event_size: FloatArray) -> FloatArray:
    """Variance of the logarithm of both counts: claims per patient over claims a year, for each of the two years."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(event_size[:, None, None] / 12 * (1 / before + 1 / after))

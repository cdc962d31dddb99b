"""How fast the drift of the rates fades: phi by the smallest out-of-sample error.

One phi for all services. A service has seven to nine years, so its own phi would be chosen on two or three independent
forecasts. Services that share their patients form a family and count once. What judges a method of a service takes the
phi of the *other* families, so that no service has a say in the phi it is judged with.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.backtest.errors import known_origins, rolling_errors
from zaitaku_demand.backtest.panel import Panel

FloatArray = npt.NDArray[np.float64]

GRID = np.round(np.linspace(0.0, 1.0, 21), 2)
_RESAMPLES = 10_000
_SEED = 20_220_401

FAMILIES = {
    "home_visit_patients": "home visits",
    "home_visit_patients_home": "home visits",
    "home_visit_patients_facility": "home visits",
    "home_visits": "home visits",
    "home_visits_home": "home visits",
    "home_visits_facility": "home visits",
    "terminal_care": "end of life",
    "terminal_care_nursing": "end of life",
    "death_attendance": "end of life",
    "death_certification": "end of life",
}
"""Services whose patients overlap; any other is a family of its own."""


def family(service: str) -> str:
    """Family of a service."""
    return FAMILIES.get(service, service)


def damping_scores(panel: Panel) -> FloatArray:
    """Mean absolute error of the damped trend by service and phi of `GRID`, array (services, grid); in per cent.

    Over prefectures and pairs, every horizon with the same weight; NaN where a service has no forecast.
    """
    known = known_origins(panel)
    out = np.full((len(panel.services), len(GRID)), np.nan)
    for column, phi in enumerate(GRID):
        errors, _ = rolling_errors(panel, np.full(len(panel.services), phi), known=known)
        size = np.abs(np.expm1(errors.log_error[errors.place("damped")])) * 100
        out[:, column] = horizon_mean(size, errors.horizon)
    return out


def horizon_mean(size: FloatArray, horizon: npt.NDArray[np.int64]) -> FloatArray:
    """Mean over places and pairs of each horizon, then over horizons; array (services,) from (services, pairs, places)."""
    means = []
    for step in np.unique(horizon):
        block = size[:, horizon == step].reshape(len(size), -1)
        number = np.isfinite(block).sum(axis=1)
        total = np.nansum(block, axis=1)
        means.append(np.divide(total, number, out=np.full(len(size), np.nan), where=number > 0))
    table = np.stack(means, axis=1)
    seen = np.isfinite(table).sum(axis=1)
    whole = np.nansum(table, axis=1)
    return np.asarray(np.divide(whole, seen, out=np.full(len(size), np.nan), where=seen > 0))


def best_damping(scores: FloatArray, services: tuple[str, ...], without: str | None = None) -> float:
    """Median over resampled families of the phi with the smallest score.

    The score is flat about its minimum; the median (bagging, Breiman 1996, Machine Learning 24:123) does not jump when a
    drift changes in its third digit, as the minimum itself does.

    Parameters
    ----------
    scores : array (services, grid)
    services : tuple of str
    without : str, optional
        Family that has no say.
    """
    kept = [row for row, name in enumerate(services) if family(name) != without]
    shares = resampled_damping(scores[kept], tuple(services[row] for row in kept))
    return float(GRID[int(np.searchsorted(np.cumsum(shares), 0.5))])


def family_scores(scores: FloatArray, services: tuple[str, ...]) -> tuple[list[str], FloatArray]:
    """Families and their mean logarithmic scores, array (families, grid); services without forecasts left out."""
    groups: dict[str, list[FloatArray]] = {}
    for name, row in zip(services, scores, strict=True):
        if np.isfinite(row).all():
            groups.setdefault(family(name), []).append(np.log(row))
    return list(groups), np.stack([np.mean(rows, axis=0) for rows in groups.values()])


def resampled_damping(scores: FloatArray, services: tuple[str, ...]) -> FloatArray:
    """How often each phi of `GRID` is best if other families had been at hand, array (grid,) with sum 1.

    Bootstrap of families (Efron 1979, Ann. Statist. 7:1): what the choice of phi owes to the services in hand. A drift
    that goes on for decades is uncertain above all because of it. Scores of families are averaged in the logarithm, so
    that a service with errors of 50 % does not decide for one with errors of 3 %.
    """
    _, logs = family_scores(scores, services)
    random = np.random.default_rng(_SEED)
    weights = random.multinomial(len(logs), np.full(len(logs), 1 / len(logs)), size=_RESAMPLES)
    best = np.argmin(weights @ logs, axis=1)
    return np.asarray(np.bincount(best, minlength=len(GRID)) / _RESAMPLES)


def cross_fitted_damping(scores: FloatArray, services: tuple[str, ...]) -> FloatArray:
    """phi of the other families for every service, array (services,)."""
    names = {family(name) for name in services}
    of = {name: best_damping(scores, services, name) for name in names}
    return np.array([of[family(name)] for name in services])

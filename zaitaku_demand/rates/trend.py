"""Trend of the national utilisation rates by age, damped.

The logarithm of a rate drifts, and the drift fades (Gardner & McKenzie 1985, Management Science 31:1237, damped
trend; Lee & Carter 1992, JASA 87:659, random walk with drift for the logarithm of rates by age)::

    ln r(g, t0 + h) = ln r(g, t0) + b(g) (phi + phi^2 + ... + phi^h)

b(g) is the mean yearly change of ln r(g, t) over the usable fiscal years up to the origin, smoothed over ages. Years of a
reform and of the epidemic are declared in ``trend_breaks.toml`` and do not count. phi is estimated by the backtest
(smallest out-of-sample error), one for all services: a single series of at most nine years does not tell its own.

With the method ``damped_place`` the change of a prefecture against the nation goes on and fades in the same way
(`rates.trend_place`). The backtest decides for each service whether constant rates, the trend, or the trend with these
changes is its default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands, merge_ages
from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.rates.local import PREFECTURES
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.rates.national import NDB_AGES, RATE_YEARS
from zaitaku_demand.rates.path import RatePath
from zaitaku_demand.rates.trend_ages import LEAST_STEPS, age_drift
from zaitaku_demand.rates.trend_breaks import break_notes, usable_steps
from zaitaku_demand.rates.trend_place import prefecture_change
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

TrendMethod = Literal["damped", "damped_place", "best_trend", "best"]
"""``best``: what the backtest chose, constant rates included; ``best_trend``: the better of the two trends."""

_DECISIONS = {"best": "default", "best_trend": "default_trend"}


@dataclass(frozen=True)
class Trend:
    """Drift of the national rates of some services.

    Attributes
    ----------
    services : tuple of str
    drift : array (services, sexes, ages)
        Yearly change of the logarithm of the rate at the origin; 0 where no rate was observed at any age.
    damping : float
        phi, from 0 (constant rates) to 1 (undamped).
    origin : int
        Last fiscal year whose counts were used.
    notes : tuple of Text
    """

    services: tuple[str, ...]
    drift: FloatArray
    damping: float
    origin: int
    notes: tuple[Text, ...]


def trend_path(
    rates: Rates,
    population: Population,
    damping: float | None = None,
    origin: int | None = None,
    method: TrendMethod = "damped",
) -> RatePath:
    """How the rates go on if their trend does, damped.

    Parameters
    ----------
    rates : Rates
        Of services of the NDB; `base_year` is t0. National rates have no part by place, whatever the method.
    population : Population
        Its areas, years, sexes and ages are those of the path.
    damping : float, optional
        phi; estimated by the backtest if not given.
    origin : int, optional
        Last fiscal year used for the drift; the base year of the rates if not given.
    method : str
        ``damped``: national trend by age. ``damped_place``: also the own change of the prefecture an area lies in.
        ``best``: what the backtest chose for each service, which may be constant rates; the user's own rates stay
        constant, as nothing can test them. ``best_trend``: the better of ``damped`` and ``damped_place``.

    Returns
    -------
    RatePath
        Factor (services, areas, years, sexes, ages), exactly 1 in the base year and before; one row for all areas if no
        service has a part by place, and the constant path if no service has a trend.

    Raises
    ------
    InputError
        If there is no such method, `damping` is outside 0 to 1, a service is not one of the NDB, or there are too few
        comparable years.
    """
    methods = service_methods(rates, method)
    moving = [row for row, name in enumerate(methods) if name != "constant"]
    constant = RatePath.constant()
    if not moving:
        return constant
    start = rates.base_year if origin is None else origin
    chosen = tuple(rates.services[row] for row in moving)
    trend = read_trend(chosen, population.sexes, population.ages, start, damping)
    horizon = np.maximum(np.array(population.years, dtype=np.float64) - rates.base_year, 0.0)
    fade = damped_sum(horizon, trend.damping)[:, None, None]
    exponent = np.zeros((len(methods), 1, len(horizon), *trend.drift.shape[1:]))
    exponent[moving] = trend.drift[:, None, None] * fade
    placed = [row for row in moving if methods[row] == "damped_place"]
    if placed:
        parent = [PREFECTURES.index(code) for code in population.areas["prefecture_code"]]
        own = np.zeros((len(methods), len(parent)))
        own[placed] = prefecture_change(tuple(rates.services[row] for row in placed), start)[:, parent]
        exponent = exponent + own[:, :, None, None, None] * fade
    follows = np.array([name != "constant" for name in methods])
    return RatePath(np.exp(exponent), constant.added, constant.ceiling, follows)


def service_methods(rates: Rates, method: TrendMethod) -> tuple[str, ...]:
    """``constant``, ``damped`` or ``damped_place`` for every service of the rates: the method that `trend_path` follows.

    ``damped_place`` becomes ``damped`` for rates that do not differ by the places of the NDB: national ones and the
    user's own.

    Raises
    ------
    InputError
        If there is no such method.
    """
    if method not in get_args(TrendMethod):
        raise InputError(
            Text(f"趨勢の方法「{method}」はない", f"there is no method of the trend '{method}'"),
            Text(
                f"{'・'.join(get_args(TrendMethod))} から選んでください",
                f"choose one of {', '.join(get_args(TrendMethod))}",
            ),
        )
    chosen: tuple[str, ...] = (method,) * len(rates.services)
    if method == "best" and rates.level == "user":
        chosen = ("constant",) * len(rates.services)
    elif method in _DECISIONS:
        untested = "constant" if method == "best" else "damped"
        chosen = tuple(decided_method(name, _DECISIONS[method]) or untested for name in rates.services)
    if rates.level in ("prefecture", "area"):
        return chosen
    return tuple("damped" if name == "damped_place" else name for name in chosen)


def decided_method(service: str, decision: str = "default") -> str | None:
    """What the backtest decided for a service (table `rate_forecast_error`); None if it was not tested.

    Parameters
    ----------
    service : str
    decision : str
        ``default``: of all three methods; ``default_trend``: of the two trends.
    """
    table = read_table("rate_forecast_error")
    rows = table.loc[(table["parameter"] == decision) & (table["service"] == service), "method"]
    return None if rows.empty else str(rows.iloc[0])


def read_trend(
    services: tuple[str, ...],
    sexes: tuple[str, ...],
    ages: AgeBands,
    origin: int = RATE_YEARS[-1],
    damping: float | None = None,
) -> Trend:
    """Drift by sex and age from the NDB counts of fiscal years up to `origin`.

    The 90-94 and the 95+ share the drift of the 90+: nothing is observed about them apart.

    Raises
    ------
    InputError
        As `trend_path`.
    """
    phi = estimated_damping() if damping is None else damping
    if not 0 <= phi <= 1:
        raise InputError(
            Text(f"減衰係数 {phi} は0から1の間にない", f"the damping {phi} does not lie between 0 and 1"),
            Text(
                "0（一定）から1（減衰なし）までの値を指定してください",
                "choose a value from 0 (constant) to 1 (undamped)",
            ),
        )
    coarse = NDB_AGES.with_open_band(min(ages.open_from, NDB_AGES.open_from))
    claims = read_table("ndb_sex_age", ["service", "fiscal_year", "sex", "age", "value"])
    persons = read_table("population_reference", ["year", "sex", "age", "persons"])
    drift = np.stack([_service_drift(name, sexes, coarse, origin, claims, persons) for name in services])
    if len(ages) > len(coarse):
        drift = np.concatenate([drift, drift[..., -1:]], axis=-1)
    notes = (
        *dict.fromkeys(note for name in services for note in break_notes(name)),
        Text(
            f"率の趨勢は{origin}年度までのNDBの年次変化から年齢階級別に求め、減衰係数{phi:.2f}で弱める。",
            f"The trend of the rates is the yearly change in the NDB up to FY{origin} by age, damped by {phi:.2f} a year.",
        ),
    )
    return Trend(services, drift, phi, origin, notes)


def estimated_damping() -> float:
    """phi as the backtest estimated it (table `rate_forecast_error`)."""
    table = read_table("rate_forecast_error")
    return float(table.loc[table["parameter"] == "damping", "value"].iloc[0])


def damped_sum(horizon: npt.ArrayLike, damping: float) -> FloatArray:
    """phi + phi^2 + ... + phi^h of each horizon h; h itself for phi = 1 (Gardner & McKenzie 1985)."""
    years = np.asarray(horizon, dtype=np.float64)
    if damping == 1:
        return years.copy()
    return np.asarray(damping * (1 - damping**years) / (1 - damping))


def _service_drift(
    service: str,
    sexes: tuple[str, ...],
    ages: AgeBands,
    origin: int,
    claims: pd.DataFrame,
    persons: pd.DataFrame,
) -> FloatArray:
    table = claims[(claims["service"] == service) & (claims["fiscal_year"] <= origin)]
    if table.empty:
        raise InputError(
            Text(f"「{service}」の全国の率の推移がない", f"there is no national series of '{service}'"),
            Text(
                "趨勢を使わないか、`zaitaku services` の一覧のサービスを使ってください",
                "do without the trend, or use a service listed by `zaitaku services`",
            ),
        )
    years = tuple(int(year) for year in sorted(table["fiscal_year"].unique()))
    usable = usable_steps(service, years)
    if usable.sum() < LEAST_STEPS:
        raise InputError(
            Text(
                f"「{service}」は{origin}年度までに比べられる年度が足りず、率の趨勢を求められない",
                f"'{service}' has too few comparable years up to FY{origin} for a trend",
            ),
            Text(
                "より新しい --rate-year か、率を一定とする --scenario base を指定してください",
                "choose a later --rate-year, or constant rates with --scenario base",
            ),
        )
    counts = _by_year(table, "fiscal_year", "value", years)
    people = _by_year(persons, "year", "persons", years)
    if sexes == ("both",):
        counts, people = counts.sum(axis=1, keepdims=True), people.sum(axis=1, keepdims=True)
    counts, people = merge_ages(counts, NDB_AGES, ages), merge_ages(people, NDB_AGES, ages)
    return np.stack([age_drift(counts[:, sex], people[:, sex], usable) for sex in range(len(sexes))])


def _by_year(table: pd.DataFrame, year: str, value: str, years: tuple[int, ...]) -> FloatArray:
    """Array (years, male and female, ages)."""
    sums = table[table[year].isin(years)].groupby([year, "sex", "age"])[value].sum().unstack("age")
    wide = sums.reindex([(each, sex) for each in years for sex in ("male", "female")])[list(NDB_AGES.labels)]
    return wide.to_numpy(dtype=np.float64).reshape(len(years), 2, len(NDB_AGES))

"""The forecasting methods: how a count of the origin year becomes one of a later year.

Every method sees `Panel.until(origin)` and the projected population, nothing else. N is the count of a place, r the
national rate by age, P the population, E = sum r P the expected count, D(h) = phi + ... + phi^h::

    last_value            N(t0)
    total_growth          N(t0) exp(h G)          G = mean yearly change of ln N, national
    total_growth_damped   N(t0) exp(D(h) G)
    constant              (N(t0) / E(t0)) sum r(g, t0) P(g, t1)
    trend                 the same with r(g, t0) exp(h b(g))
    damped                the same with r(g, t0) exp(D(h) b(g))
    damped_place          damped, and exp(D(h) c), c = the own change of ln(N / E) of the prefecture, shrunk

For areas c is that of their prefecture, as in the projection; ``damped_own_change`` takes the area's own instead. Their
N(t0) / E(t0) is the area's own ratio; `..._prefecture_ratio` takes the prefecture's, `..._shrunk_ratio` one
between the two. A method that needs history gives NaN where the origin has too little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zaitaku_demand.backtest.panel import Panel, sum_by
from zaitaku_demand.rates.trend import damped_sum
from zaitaku_demand.rates.trend_ages import LEAST_STEPS, age_drift
from zaitaku_demand.rates.trend_breaks import first_comparable_year, usable_steps
from zaitaku_demand.rates.trend_place import place_change
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

METHODS: dict[str, Text] = {
    "constant": Text("率を一定とする方法", "constant rates"),
    "trend": Text("率の趨勢（減衰なし）", "trend of the rates, undamped"),
    "damped": Text("率の趨勢（減衰あり）", "trend of the rates, damped"),
    "damped_place": Text(
        "率の趨勢（減衰あり、都道府県ごとの変化を縮小して加える）",
        "damped trend with the prefecture's own shrunk change",
    ),
    "last_value": Text("直近の件数のまま", "last value"),
    "total_growth": Text("総数の伸び（減衰なし）", "growth of the total, undamped"),
    "total_growth_damped": Text("総数の伸び（減衰あり）", "growth of the total, damped"),
}
AREA_METHODS: dict[str, Text] = METHODS | {
    "damped_own_change": Text(
        "率の趨勢（減衰あり、圏域ごとの変化を縮小して加える）",
        "damped trend with the area's own shrunk change",
    ),
    "constant_prefecture_ratio": Text(
        "率を一定とし都道府県比を使う", "constant rates, ratio of the prefecture"
    ),
    "damped_prefecture_ratio": Text("減衰する趨勢と都道府県比", "damped trend, ratio of the prefecture"),
    "constant_shrunk_ratio": Text(
        "率を一定とし縮小した圏域比を使う", "constant rates, shrunk ratio of the area"
    ),
    "damped_shrunk_ratio": Text("減衰する趨勢と縮小した圏域比", "damped trend, shrunk ratio of the area"),
}


@dataclass(frozen=True)
class Known:
    """What is estimated at an origin from the counts up to it.

    Attributes
    ----------
    origin : int
    rate : array (services, ages)
        National rates of the origin year.
    drift : array (services, ages)
        NaN where there is too little history.
    growth : array (services,)
        Mean yearly change of the logarithm of the national count.
    count : array (services, places)
    ratio : array (services, places)
        Count over expected count.
    prefecture_ratio, shrunk_ratio : arrays (services, places)
    own_change : array (services, places)
        Shrunk mean yearly change of ln(count / expected) (`rates.trend_place`).
    prefecture_change : array (services, places)
        The same of the prefecture a place lies in; for prefectures their own.
    people : array (places, ages)
    """

    origin: int
    rate: FloatArray
    drift: FloatArray
    growth: FloatArray
    count: FloatArray
    ratio: FloatArray
    prefecture_ratio: FloatArray
    shrunk_ratio: FloatArray
    own_change: FloatArray
    prefecture_change: FloatArray
    people: FloatArray


def known_at(panel: Panel, prefectures: Known | None = None) -> Known:
    """Estimates from a panel that ends at its origin (`Panel.until`); series start after their last reform.

    Parameters
    ----------
    panel : Panel
    prefectures : Known, optional
        What is known of the 47 prefectures, in the order of their codes, at the same origin. Without it nothing is known
        of the changes of the prefectures of areas (NaN).
    """
    rates = panel.national_counts / panel.national_people
    national = panel.national_counts.sum(axis=2)
    drift = np.full((len(panel.services), rates.shape[2]), np.nan)
    growth = np.full(len(panel.services), np.nan)
    for place, service in enumerate(panel.services):
        there = np.isfinite(national[place])
        usable = usable_steps(service, panel.rate_years) & there[1:] & there[:-1]
        if usable.sum() < LEAST_STEPS:
            continue
        # Years without counts are no usable steps, so what stands in for them never enters.
        counts = np.where(there[:, None], panel.national_counts[place], 1.0)
        drift[place] = age_drift(counts, panel.national_people, usable)
        growth[place] = np.diff(np.log(counts.sum(axis=1)))[usable].mean()
    expected = np.einsum("kyg,ypg->kyp", rates[:, -len(panel.years) :], panel.people)
    own = np.stack(
        [
            place_change(counts, each, usable_steps(service, panel.years))
            for service, counts, each in zip(panel.services, panel.observed, expected, strict=True)
        ]
    )
    above = own if panel.level == "prefecture" else np.full_like(own, np.nan)
    if prefectures is not None:
        above = prefectures.own_change[:, panel.parent]
    count = panel.observed[:, -1].copy()
    for place, service in enumerate(panel.services):
        first = first_comparable_year(service)
        if first is not None and panel.years[-1] < first:
            count[place] = np.nan
    return Known(
        origin=panel.years[-1],
        rate=rates[:, -1],
        drift=drift,
        growth=growth,
        count=count,
        ratio=_divide(count, expected[:, -1]),
        prefecture_ratio=_prefecture_ratio(count, expected[:, -1], panel.parent),
        shrunk_ratio=shrunk_ratio(count, expected[:, -1], panel.parent, panel.event_size),
        own_change=own,
        prefecture_change=above,
        people=panel.people[-1],
    )


def forecast(known: Known, people: FloatArray, horizon: int, damping: FloatArray) -> dict[str, FloatArray]:
    """Forecasts of all methods.

    Parameters
    ----------
    known : Known
    people : array (places, ages)
        Population of the target year, on the level of the origin's.
    horizon : int
        Years from the origin to the target.
    damping : array (services,)

    Returns
    -------
    dict of arrays (services, places)
    """
    fade = np.array([float(damped_sum(horizon, phi)) for phi in damping])[:, None]
    constant = known.rate @ people.T
    trend = (known.rate * np.exp(horizon * known.drift)) @ people.T
    damped = (known.rate * np.exp(fade * known.drift)) @ people.T
    growth = known.growth[:, None]
    return {
        "constant": known.ratio * constant,
        "trend": known.ratio * trend,
        "damped": known.ratio * damped,
        "damped_place": known.ratio * damped * np.exp(fade * known.prefecture_change),
        "damped_own_change": known.ratio * damped * np.exp(fade * known.own_change),
        "last_value": known.count,
        "total_growth": known.count * np.exp(horizon * growth),
        "total_growth_damped": known.count * np.exp(fade * growth),
        "constant_prefecture_ratio": known.prefecture_ratio * constant,
        "damped_prefecture_ratio": known.prefecture_ratio * damped,
        "constant_shrunk_ratio": known.shrunk_ratio * constant,
        "damped_shrunk_ratio": known.shrunk_ratio * damped,
    }


def shrunk_ratio(
    count: FloatArray, expected: FloatArray, parent: npt.NDArray[np.int64], event_size: FloatArray
) -> FloatArray:
    """Ratio of a place drawn towards that of its prefecture, as little as counting allows.

    Gamma-Poisson (Clayton & Kaldor 1987, Biometrics 43:671): ratio = (N + a R) / (E + a), with R the prefecture's ratio and
    a = R / variance of the ratios about R (moments, counting removed; claims of a patient come together). Counts are a
    month; twelve of them are a year's claims.

    Parameters
    ----------
    count, expected : arrays (services, places)
    parent : array (places,)
    event_size : array (services,)

    Returns
    -------
    array (services, places)
    """
    mean = _prefecture_ratio(count, expected, parent)
    cases = 12 * expected / event_size[:, None]
    ratio = _divide(count, expected)
    relative = ratio / mean
    weight = cases * mean
    scatter = np.nansum(weight * (relative - 1) ** 2, axis=1) - np.isfinite(relative).sum(axis=1)
    between = np.maximum(scatter / np.maximum(np.nansum(weight, axis=1), 1e-9), 1e-9)[:, None]
    own = weight / (weight + 1 / between)
    return np.asarray(mean * (1 + own * (relative - 1)))


def _prefecture_ratio(count: FloatArray, expected: FloatArray, parent: npt.NDArray[np.int64]) -> FloatArray:
    size = int(parent.max()) + 1
    return _divide(sum_by(count, parent, size), sum_by(expected, parent, size))[:, parent]


def _divide(over: FloatArray, under: FloatArray) -> FloatArray:
    return np.asarray(np.divide(over, under, out=np.full(np.shape(over), np.nan), where=under > 0))

"""Uncertainty of future rates: how the rates of the nation, a prefecture and an area may leave their path.

Parameters come from the backtest (table `rate_forecast_error`), from the errors of the method the projection follows:
constant rates, or the damped trend. Where the own changes of prefectures go on too, those of the damped trend count: a path
does not tell these changes from those of a scenario, and the trend without them missed more where they are used.
In logarithms, h years after the base year::

    nation      random walk, variance w h                              walk_1 … walk_3
                error of the drift, variance d D(h)^2                  drift
                error of the damping, b(g) × sd of D(h) over phi       damping     (by age; damped trend only)
                wandering age gradient, variance t h a decade of age   age_tilt
    prefecture  own walk and drift, p1 h + p2 D(h)^2 + p3 h u          path_1, path_2
    area        the same with its own parameters                      path_1, path_2

u = 10,000 / persons of 75 and over of the base year: small places wander more.

Random walks are written as their leading Karhunen-Loève functions sin((k - 1/2) pi h / H) and rescaled so that the
variance of every year is exact; only the correlation of years far apart is a little too smooth. Errors were measured
up to eight years ahead; the form of the variances carries them further (see docs/backtest.md).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.backtest.age_tilt import decades
from zaitaku_demand.backtest.judge import forecast_error
from zaitaku_demand.backtest.variance import PARTS, smallness
from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.draws.factors import AgeFactors, PlaceFactors, Principal, RandomSource
from zaitaku_demand.projection.project import Projection
from zaitaku_demand.rates.trend import damped_sum, read_trend
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

NATION_WALKS = 3
LARGEST_SPREAD = 1.0
"""Standard deviation of the logarithm: from a third to three times the value."""
PLACE_PATHS = 2

NOTE = Text(
    "率の将来の不確実性は2014～2022年度の検証の誤差（最長8年先）から推計し、それより先は年々の変動が独立に積み重なり趨勢の誤差が減衰するものとして延長した。",
    "The uncertainty of future rates is estimated from backtest errors of FY2014-22 (up to eight years ahead) and carried further as independent yearly shocks plus a fading error of the drift.",
)


def future_rates_source(principal: Principal) -> RandomSource:
    """The source `future_rates` of one service.

    Parameters
    ----------
    principal : Principal
        Where the path follows the trend, the errors of the damped trend count, on any other path (changes that a
        scenario sets on constant rates, too) those of constant rates.

    Returns
    -------
    RandomSource
        Loadings are standard deviations of the logarithm; 0 in the base year and before.

    Raises
    ------
    InputError
        If the service is not one of the backtest, or its errors give no spread that says anything.
    """
    source = _source(principal)
    if principal.projection.rates.level == "user" or not _says_anything(source):
        raise InputError(
            Text(
                f"「{principal.service_id}」は秘匿や変動が大きく、将来の率の誤差を推計できない",
                f"too much of '{principal.service_id}' is suppressed or unsteady to estimate the error of its future rates",
            ),
            Text(
                "この不確実性（future_rates）を外してください",
                "leave the source future_rates out",
            ),
        )
    return source


def _source(principal: Principal) -> RandomSource:
    projection = principal.projection
    method = "damped" if projection.path.follows_trend(principal.service) else "constant"
    given = parameters(principal.service_id, method)
    years = np.array(projection.years, dtype=np.float64)
    horizon = np.maximum(years - projection.rates.base_year, 0.0)
    fade = damped_sum(horizon, given["damping"])
    return RandomSource(
        id="future_rates",
        age=_nation(principal, given, horizon, fade, damped=method == "damped"),
        place=(
            _place("prefecture", given, horizon, fade, _aged(projection, whole=True)),
            _place("area", given, horizon, fade, _aged(projection, whole=False)),
        ),
    )


def parameters(service: str, method: str) -> dict[str, float]:
    """Variances of one service and method: ``nation_walk``, ``prefecture_drift``, ... and ``age_tilt``, ``damping``.

    ``longest_horizon`` is the number of years ahead up to which the errors were measured.

    Those of a level are scaled so that a normal distribution comes closest to the half-widths that held 80 and 95 % of
    the standardised errors. NaN where the counts of areas are too few to be judged.
    """
    table = forecast_error()
    phi = float(table.loc[table["parameter"] == "damping", "value"].iloc[0])
    chosen = table[(table["service"] == service) & (table["method"] == method)]
    if chosen.empty:
        raise InputError(
            Text(
                f"「{service}」の将来の率の誤差は推計されていない",
                f"the error of future rates of '{service}' has not been estimated",
            ),
            Text(
                "NDBのサービスを使うか、この不確実性（future_rates）を外してください",
                "use a service of the NDB, or leave the source future_rates out",
            ),
        )
    value = chosen.set_index(["parameter", "level"])["value"]
    tested = table[(table["parameter"] == "longest_horizon") & (table["service"] == service)]
    out = {"damping": phi, "age_tilt": float(value["age_tilt", "nation"])}
    out["longest_horizon"] = float(tested["value"].iloc[0])
    for level in ("nation", "prefecture", "area"):
        scale = float(value["normal_scale", level]) ** 2
        for part in PARTS:
            out[f"{level}_{part}"] = float(value[part, level]) * scale
    return out


def estimated_future_rates(principal: Principal) -> RandomSource | None:
    """The source if the errors of the past give it a spread that says anything, else None.

    There is none for the user's own rates, for services that are not of the backtest or whose counts of areas could not
    be judged, and where the own path of the typical area reaches a standard deviation above `LARGEST_SPREAD` within the
    projection: then the range would run from nothing to several times the value.
    """
    if principal.projection.rates.level == "user" or principal.service_id not in set(
        forecast_error()["service"]
    ):
        return None
    source = _source(principal)
    return source if _says_anything(source) else None


def _says_anything(source: RandomSource) -> bool:
    spread = [np.sqrt((factors.loadings[:, :, -1] ** 2).sum(axis=0)) for factors in source.place]
    return all(np.isfinite(each).all() and np.median(each) <= LARGEST_SPREAD for each in spread)


def walk_functions(horizon: FloatArray, number: int) -> FloatArray:
    """Leading Karhunen-Loève functions of a random walk, rescaled to variance h; array (number, years).

    Parameters
    ----------
    horizon : array (years,)
        Years after the base year; 0 before.
    number : int
    """
    longest = max(float(horizon.max(initial=0.0)), 1.0)
    order = np.arange(1, number + 1)[:, None] - 0.5
    raw = np.sin(order * np.pi * horizon / longest) / order
    length = np.sqrt((raw**2).sum(axis=0))
    return np.asarray(np.divide(raw, length, out=np.zeros_like(raw), where=length > 0) * np.sqrt(horizon))


def damping_deviation(horizon: FloatArray, tested: float) -> FloatArray:
    """How much farther D(h) is from that of the estimated phi than at the longest horizon tested; array (years,).

    The root mean square distance over the resampled phi. Up to `tested` years ahead the measured errors hold what a
    wrong phi does, so nothing is added there.
    """
    distance = _damping_distance(np.maximum(horizon, tested))
    return np.asarray(distance - _damping_distance(np.array([tested])))


def _damping_distance(horizon: FloatArray) -> FloatArray:
    table = forecast_error()
    phi = float(table.loc[table["parameter"] == "damping", "value"].iloc[0])
    drawn = table[table["parameter"] == "damping_resampled"]
    shares = drawn["value"].to_numpy(dtype=np.float64)
    sums = np.stack([damped_sum(horizon, float(level)) for level in drawn["level"]])
    return np.asarray(np.sqrt(shares @ (sums - damped_sum(horizon, phi)) ** 2 / shares.sum()))


def _nation(
    principal: Principal, given: dict[str, float], horizon: FloatArray, fade: FloatArray, *, damped: bool
) -> AgeFactors:
    population = principal.projection.population
    shape = (len(horizon), len(population.sexes), len(population.ages))
    walks = walk_functions(horizon, NATION_WALKS) * np.sqrt(given["nation_walk"])
    names = [f"walk_{order + 1}" for order in range(NATION_WALKS)]
    loadings = [np.broadcast_to(row[:, None, None], shape) for row in walks]
    names.append("drift")
    loadings.append(np.broadcast_to((np.sqrt(given["nation_drift"]) * fade)[:, None, None], shape))
    if damped:
        trend = read_trend(
            (principal.service_id,), population.sexes, population.ages, principal.projection.rates.base_year
        )
        names.append("damping")
        beyond = damping_deviation(horizon, given["longest_horizon"])
        loadings.append(beyond[:, None, None] * trend.drift[0])
    names.append("age_tilt")
    place = _centred(principal)
    loadings.append(np.broadcast_to(np.sqrt(given["age_tilt"] * horizon)[:, None, None] * place, shape))
    return AgeFactors(tuple(names), np.stack(loadings))


def _centred(principal: Principal) -> FloatArray:
    """Decades of age from the mean age of the patients of the base year, so that a tilt leaves their number alone."""
    projection = principal.projection
    years = np.array(projection.years)
    base = int(np.argmin(np.abs(years - projection.rates.base_year)))
    patients = principal.parts()[:, base].sum(axis=(0, 1))
    place = decades(projection.population.ages)
    total = patients.sum()
    return np.asarray(place - (patients @ place / total if total > 0 else 0.0))


def _aged(projection: Projection, *, whole: bool) -> FloatArray:
    """Persons of 75 and over in the base year, of every area or of the whole prefecture it lies in; array (areas,)."""
    years = np.array(projection.years)
    base = int(np.argmin(np.abs(years - projection.rates.base_year)))
    persons = projection.population.aged(75)[:, base]
    if not whole:
        return persons
    _, parent = np.unique(projection.population.areas["prefecture_code"], return_inverse=True)
    return np.asarray(np.bincount(parent, weights=persons)[parent])


def _place(
    level: str, given: dict[str, float], horizon: FloatArray, fade: FloatArray, aged: FloatArray
) -> PlaceFactors:
    yearly = given[f"{level}_walk"] + given[f"{level}_small"] * smallness(aged)
    variance = yearly[:, None] * horizon + given[f"{level}_drift"] * fade**2
    shape = walk_functions(horizon, PLACE_PATHS)
    unit = np.divide(shape, np.sqrt(horizon), out=np.zeros_like(shape), where=horizon > 0)
    loadings = unit[:, None, :] * np.sqrt(variance)
    names = tuple(f"path_{order + 1}" for order in range(PLACE_PATHS))
    if level == "prefecture":
        return PlaceFactors(names, "prefecture", loadings)
    return PlaceFactors(names, "area", loadings, within_prefecture=True)

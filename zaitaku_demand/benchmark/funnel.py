"""Funnel limits: how far a unit of its size may lie from the target by chance alone.

Two forms for counts. FunnelPlotR's draws limits against the expected number. The English public health
form inverts the test: for each possible count it gives the expected number at which that count is just on the
limit. Overdispersion (:mod:`.overdispersion`) widens the limits of chance on its scale, never narrows them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from zaitaku_demand.benchmark.intervals import FloatArray, Limits, divide, poisson_limits, tail, z_value
from zaitaku_demand.benchmark.overdispersion import (
    PROPORTION_ARCSINE,
    RATE_SQUARE_ROOT,
    RATIO_SQUARE_ROOT,
    DataType,
    Treatment,
    overdispersion,
    scale_and_error,
)
from zaitaku_demand.benchmark.rates import Column, name_methods, read_columns, with_results

INNER, OUTER = 0.95, 0.998
STATUSES = ("low_998", "low_95", "inside", "high_95", "high_998")
NO_STATUS = ""
Kind = Literal["proportion", "ratio", "rate"]


class Funnel(NamedTuple):
    """Funnel of many sets of units; arrays (..., units) unless said otherwise.

    Attributes
    ----------
    value : array
    lower_95, upper_95, lower_998, upper_998 : array
    z : array
        Deviation from the target over its standard error with tau2, for tests read together.
    status : array of str
        One of `STATUSES`, blank where there is no figure or the unit is the reference.
    target, phi, tau2 : array (...)
    """

    value: FloatArray
    lower_95: FloatArray
    upper_95: FloatArray
    lower_998: FloatArray
    upper_998: FloatArray
    z: FloatArray
    status: npt.NDArray[np.str_]
    target: FloatArray
    phi: FloatArray
    tau2: FloatArray


@dataclass(frozen=True)
class FunnelKind:
    """Chance limits of (target, denominator, confidence), and the scale on which overdispersion is measured."""

    limits: Callable[[npt.ArrayLike, npt.ArrayLike, float], Limits]
    data_type: DataType
    method: str


def proportion_limits(target: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = INNER) -> Limits:
    """Funnel limits of proportions, ``m -+ z sqrt(m (1 - m) / n)`` within 0 and 1.

    References
    ----------
    Spiegelhalter 2005, Stat Med 24:1185; PHEindicatormethods (``calculate_funnel_limits``).
    """
    m, n = np.broadcast_arrays(np.asarray(target, np.float64), np.asarray(trials, np.float64))
    m = np.where((m >= 0) & (m <= 1), m, np.nan)
    half = z_value(confidence) * np.sqrt(divide(m * (1 - m), n))
    return np.clip(m - half, 0.0, 1.0), np.clip(m + half, 0.0, 1.0)


def ratio_limits(expected: npt.ArrayLike, confidence: float = INNER) -> Limits:
    """Funnel limits of observed / expected by the expected number.

    ``chi2(p; 2 E) / 2 E`` and ``chi2(1 - p; 2 (E + 1)) / 2 E``.

    References
    ----------
    Spiegelhalter 2005, Stat Med 24:1185; FunnelPlotR.
    """
    e = np.asarray(expected, np.float64)
    e = np.where(e > 0, e, np.nan)
    p = tail(confidence)
    return special.gammaincinv(e, p) / e, special.gammainccinv(e + 1, p) / e


def rate_limits(target: npt.ArrayLike, persons: npt.ArrayLike, confidence: float = INNER) -> Limits:
    """Funnel limits of rates: those of the ratio at ``target x persons`` expected events, times the target."""
    rate = np.asarray(target, np.float64)
    lower, upper = ratio_limits(rate * np.asarray(persons, np.float64), confidence)
    return rate * lower, rate * upper


def inverted_ratio_limits(
    observed: npt.ArrayLike, confidence: float = INNER
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Points of the funnel by inverting the test at each possible count.

    Returns
    -------
    expected_low, ratio_low, expected_high, ratio_high : arrays
        A count O is just on the lower limit where ``chi2(1 - p; 2 O + 2) / 2`` are expected, just on the
        upper one where ``chi2(p; 2 O) / 2`` are; the ratios are O over that (NaN for the upper one at 0).

    References
    ----------
    PHEindicatormethods (``calculate_funnel_limits``, ratios and rates).
    """
    count = np.asarray(observed, np.float64)
    count = np.where(count >= 0, count, np.nan)
    p = tail(confidence)
    at_low = special.gammainccinv(count + 1, p)
    some = np.where(count > 0, count, np.nan)
    at_high = special.gammaincinv(some, p)
    return at_low, count / at_low, at_high, some / at_high


def inverted_ratio_status(observed: npt.ArrayLike, expected: npt.ArrayLike) -> npt.NDArray[np.str_]:
    """Status by the inverted test: whether the interval of the count holds the expected number.

    References
    ----------
    PHEindicatormethods (``assign_funnel_significance``): exact below 10 events, Byar above.
    """
    e = np.asarray(expected, np.float64)
    (low, high), (far_low, far_high) = (poisson_limits(observed, level) for level in (INNER, OUTER))
    # A count is high where even its lower limit is above the expected number.
    return _status([e > far_high, e > high, e < far_low, e < low], np.isnan(low + e))


KINDS: dict[Kind, FunnelKind] = {
    "proportion": FunnelKind(proportion_limits, PROPORTION_ARCSINE, "funnel_proportion"),
    "ratio": FunnelKind(
        lambda _, expected, level: ratio_limits(expected, level), RATIO_SQUARE_ROOT, "funnel_ratio"
    ),
    "rate": FunnelKind(rate_limits, RATE_SQUARE_ROOT, "funnel_rate"),
}


def funnel_limits(
    kind: Kind,
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    *,
    target: npt.ArrayLike | None = None,
    reference: npt.ArrayLike = False,
    treatment: Treatment | None = "truncated",
    consistent: bool = True,
    event_size: npt.ArrayLike = 1.0,
) -> Funnel:
    """Funnel of units in the last axis, many sets at once.

    Parameters
    ----------
    kind : {"proportion", "ratio", "rate"}
    numerator, denominator : arrays (..., units)
        Events over trials, expected events or persons; NaN where not known.
    target : array (...), optional
        Without it 1 for ratios, else the pooled figure of the units without the reference.
    reference : array (..., units) of bool
        Units that are what the others are compared with (Japan): they count neither for the target nor for the
        overdispersion, and have no status.
    treatment : {"truncated", "winsorised", "none"} or None
        Of the ends when overdispersion is estimated; None for limits of chance alone. Truncation is the default:
        its estimate does not depend on where the quantiles of small whole counts happen to fall.
    consistent : bool
        See :func:`~zaitaku_demand.benchmark.overdispersion.overdispersion`.
    event_size : array (..., units)
        Counted things that come together; chance works on ``denominator / event_size``.
    """
    x, n, size, is_reference = np.broadcast_arrays(
        np.asarray(numerator, np.float64),
        np.asarray(denominator, np.float64),
        np.asarray(event_size, np.float64),
        np.asarray(reference, bool),
    )
    form = KINDS[kind]
    x, n = np.where(x >= 0, x, np.nan), np.where(n > 0, n, np.nan)
    compared = np.where(is_reference, np.nan, x)
    goal = form.data_type.target(compared, n) if target is None else np.asarray(target, np.float64)
    goal = np.broadcast_to(goal, x.shape[:-1])
    effective = divide(n, size)
    deviation, error = scale_and_error(form.data_type, divide(compared, size), effective, goal)
    dispersion = overdispersion(
        divide(deviation, error), error, treatment=treatment or "none", consistent=consistent
    )
    tau2 = dispersion.tau2 if treatment else np.zeros_like(dispersion.tau2)
    inner, outer = (_wider_limits(form, goal, effective, tau2, level) for level in (INNER, OUTER))
    value = divide(x, n)
    unknown = np.isnan(value) | np.isnan(inner[0]) | is_reference
    status = _status([value < outer[0], value < inner[0], value > outer[1], value > inner[1]], unknown)
    z = divide(deviation, np.sqrt(error * error + tau2[..., None]))
    return Funnel(value, *inner, *outer, z, status, goal, dispersion.phi, tau2)


def funnel(
    data: pd.DataFrame | None = None,
    *,
    kind: Kind,
    numerator: Column,
    denominator: Column,
    multiplier: float = 1.0,
    target: float | None = None,
    reference: Column | None = None,
    treatment: Treatment | None = "truncated",
    consistent: bool = True,
    event_size: Column = 1.0,
) -> pd.DataFrame:
    """Funnel of one set of units as a table.

    Parameters are those of :func:`funnel_limits`, as arrays (units,) or names of columns of `data`.

    Returns
    -------
    DataFrame
        Columns of results (lower and upper are the 95 % limits), target, lower_998, upper_998, z, phi, tau2 and
        funnel_status.
    """
    frame, columns = read_columns(
        data,
        numerator=numerator,
        denominator=denominator,
        event_size=event_size,
        reference=0.0 if reference is None else reference,
    )
    made = funnel_limits(
        kind,
        columns["numerator"],
        columns["denominator"],
        target=target,
        reference=columns["reference"] == 1,
        treatment=treatment,
        consistent=consistent,
        event_size=columns["event_size"],
    )
    name = KINDS[kind].method + (f"_{treatment}" if treatment else "")
    expected = made.target * columns["denominator"]
    table = with_results(
        frame,
        value=multiplier * made.value,
        lower=multiplier * made.lower_95,
        upper=multiplier * made.upper_95,
        confidence=INNER,
        method=name_methods(made.lower_95, (name,)),
        numerator=columns["numerator"],
        denominator=columns["denominator"],
        expected=expected,
    )
    return table.assign(
        target=multiplier * float(made.target),
        lower_998=multiplier * made.lower_998,
        upper_998=multiplier * made.upper_998,
        z=made.z,
        phi=float(made.phi),
        tau2=float(made.tau2),
        funnel_status=made.status,
    )


def _wider_limits(
    form: FunnelKind, target: FloatArray, denominator: FloatArray, tau2: FloatArray, confidence: float
) -> Limits:
    """Limits of chance, their distance from the target on the scale widened by ``sqrt(1 + tau2 / se^2)``."""
    # Where numbers are large this is target -+ z sqrt(se^2 + tau2); where they are small it keeps the shape of the
    # exact limits, which the scale only approximates, and tau2 = 0 gives just these.
    scale = form.data_type
    goal = np.where(target > 0, target, np.nan)[..., None]
    chance = form.limits(target[..., None], denominator, confidence)
    error = scale.standard_error(denominator, goal)
    wider = np.sqrt(1 + divide(tau2[..., None], error * error))
    centre = scale.transform(goal)
    lower, upper = (scale.inverse(centre + wider * (scale.transform(limit) - centre)) for limit in chance)
    over = (tau2 > 0)[..., None]
    return np.where(over, lower, chance[0]), np.where(over, upper, chance[1])


def _status(conditions: list[npt.NDArray[np.bool_]], unknown: npt.NDArray[np.bool_]) -> npt.NDArray[np.str_]:
    words = np.select(conditions, ["low_998", "low_95", "high_998", "high_95"], default="inside")
    return np.where(unknown, NO_STATUS, words)

"""Overdispersion: how far units differ beyond chance, and limits that allow for it.

Kinds of data differ by a small record of functions (:class:`DataType`), not by branches. Units are the last axis of
every array, so that many indicators and years are done at once; NaN marks a unit without figure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.benchmark.intervals import FloatArray, Limits, divide, z_value

Treatment = Literal["none", "winsorised", "truncated"]
TAIL_SHARE = 0.1
"""Share of units at either end that is winsorised (Spiegelhalter 2005) or truncated (SHMI)."""


@dataclass(frozen=True)
class DataType:
    """A kind of figure on the scale where its chance variation does not depend on its size.

    Attributes
    ----------
    transform, inverse : function of array
        From the figure to the scale, and back.
    standard_error : function of (denominator, target)
        Chance standard error on the scale.
    target : function of (numerator, denominator)
        What all units are compared with, in units of the figure; array (...) from arrays (..., units).
    smallest : function of denominator
        Smallest figure that has a place on the scale; smaller ones (no events) are put there.
    """

    transform: Callable[[FloatArray], FloatArray]
    inverse: Callable[[FloatArray], FloatArray]
    standard_error: Callable[[FloatArray, FloatArray], FloatArray]
    target: Callable[[FloatArray, FloatArray], FloatArray]
    smallest: Callable[[FloatArray], FloatArray]


class Dispersion(NamedTuple):
    """Overdispersion of a set of units; arrays (...).

    Attributes
    ----------
    phi : array
        Mean squared z, 1 where the units differ by chance alone.
    tau2 : array
        Variance between units beyond chance, on the scale of the data type, not below 0.
    units : array
        Number of units it rests on.
    p_value : array
        Probability of so large a phi by chance, ``units x phi`` against chi2 with `units` degrees of freedom.
    """

    phi: FloatArray
    tau2: FloatArray
    units: FloatArray
    p_value: FloatArray


def pooled(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Sum over sum of the units that have both; array (...) from arrays (..., units)."""
    both = ~(np.isnan(numerator) | np.isnan(denominator))
    return divide(np.where(both, numerator, 0.0).sum(axis=-1), np.where(both, denominator, 0.0).sum(axis=-1))


def _one(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    return np.ones(np.broadcast_shapes(numerator.shape, denominator.shape)[:-1])


def _square(scaled: FloatArray) -> FloatArray:
    return np.asarray(np.maximum(scaled, 0.0) ** 2)


def _square_of_sine(scaled: FloatArray) -> FloatArray:
    return np.asarray(np.sin(np.clip(scaled, 0.0, np.pi / 2)) ** 2)


def _arc_sine_of_root(share: FloatArray) -> FloatArray:
    return np.asarray(np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0))))


def _half_inverse_root(denominator: FloatArray, target: FloatArray) -> FloatArray:
    return divide(0.5, np.sqrt(denominator)) + 0.0 * target


def _inverse_root_of_expected(denominator: FloatArray, target: FloatArray) -> FloatArray:
    return divide(1.0, np.sqrt(denominator * target))


def _half_an_event(denominator: FloatArray) -> FloatArray:
    return divide(0.5, denominator)


RATIO_SQUARE_ROOT = DataType(np.sqrt, _square, _half_inverse_root, _one, np.zeros_like)
"""Observed / expected on the square-root scale, standard error ``1 / (2 sqrt E)`` (Spiegelhalter 2005; CQC)."""
RATIO_LOGARITHM = DataType(np.log, np.exp, _inverse_root_of_expected, _one, _half_an_event)
"""Observed / expected on the log scale, standard error ``1 / sqrt E`` (SHMI)."""
PROPORTION_ARCSINE = DataType(_arc_sine_of_root, _square_of_sine, _half_inverse_root, pooled, np.zeros_like)
"""Proportions on the scale arcsin sqrt, standard error ``1 / (2 sqrt n)``."""
RATE_SQUARE_ROOT = DataType(np.sqrt, _square, _half_inverse_root, pooled, np.zeros_like)
"""Events per unit of the denominator on the square-root scale, standard error ``1 / (2 sqrt n)``."""


def scale_and_error(
    data_type: DataType, numerator: FloatArray, denominator: FloatArray, target: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Deviation of each unit from the target on the scale, and its chance standard error; arrays (..., units)."""
    goal = np.asarray(target, np.float64)[..., None]
    value = np.maximum(divide(numerator, denominator), data_type.smallest(denominator))
    possible = np.where(goal > 0, goal, np.nan)
    deviation = data_type.transform(value) - data_type.transform(possible)
    return deviation, data_type.standard_error(denominator, possible)


def winsorise(z: npt.ArrayLike, share: float = TAIL_SHARE) -> FloatArray:
    """Draw z beyond the `share` and ``1 - share`` quantiles of its units in to them.

    References
    ----------
    Spiegelhalter 2005, Qual Saf Health Care 14:347. Quantiles by linear interpolation.
    """
    values = np.asarray(z, np.float64)
    return np.clip(values, _quantile(values, share)[..., None], _quantile(values, 1 - share)[..., None])


def truncate(z: npt.ArrayLike, share: float = TAIL_SHARE) -> FloatArray:
    """Leave out (NaN) the lowest and highest ``floor(share x units)`` z.

    References
    ----------
    NHS Digital, Summary Hospital-level Mortality Indicator (SHMI), methodology.
    """
    values = np.asarray(z, np.float64)
    rank = values.argsort(axis=-1, kind="stable").argsort(axis=-1, kind="stable")
    units = _count(values)[..., None]
    cut = np.floor(share * units)
    return np.where((rank >= cut) & (rank < units - cut), values, np.nan)


def consistency_factor(treatment: Treatment, share: float = TAIL_SHARE) -> float:
    """What phi becomes under `treatment` where every z is standard normal (1 without treatment).

    Winsorising at 10 % leaves 0.68, truncation 0.44 of the mean squared z, so that limits made from it are too
    narrow; divided by this, phi is right for normal z and still resists outliers.
    """
    cut = float(special.ndtri(1 - share))
    inside = 1 - 2 * share - 2 * cut * np.exp(-cut * cut / 2) / np.sqrt(2 * np.pi)
    factors = {
        "none": 1.0,
        "winsorised": inside + 2 * share * cut * cut,
        "truncated": inside / (1 - 2 * share),
    }
    return float(factors[treatment])


def between_variance(q: npt.ArrayLike, standard_error: npt.ArrayLike) -> FloatArray:
    """Moment estimate of the variance between units, one formula for funnels and for meta-analysis.

    ``tau2 = max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w)), w = 1 / se^2``; 0 for a single unit.

    Parameters
    ----------
    q : array (...)
        Sum of squared z of the k units.
    standard_error : array (..., units)
        NaN for units left out.

    References
    ----------
    DerSimonian & Laird 1986, Control Clin Trials 7:177; Spiegelhalter 2005.
    """
    error = np.asarray(standard_error, np.float64)
    weight = np.nan_to_num(divide(1.0, error * error))
    units = (weight > 0).sum(axis=-1)
    total = weight.sum(axis=-1)
    below = total - np.nan_to_num(divide((weight * weight).sum(axis=-1), total))
    # One unit: the difference is rounding.
    below = np.where(units > 1, below, 0.0)
    return np.maximum(np.nan_to_num(divide(np.asarray(q, np.float64) - (units - 1), below)), 0.0)


def overdispersion(
    z: npt.ArrayLike,
    standard_error: npt.ArrayLike,
    *,
    treatment: Treatment = "winsorised",
    share: float = TAIL_SHARE,
    consistent: bool = False,
) -> Dispersion:
    """Overdispersion phi and additive variance tau2 of the units.

    Parameters
    ----------
    z : array (..., units)
        Deviation from the target over its chance standard error.
    standard_error : array (..., units)
    treatment : {"none", "winsorised", "truncated"}
        What is done with the ends, so that true outliers do not widen the limits that should show them.
    share : float
    consistent : bool
        Divide phi by :func:`consistency_factor`. Without it the published estimators.

    Returns
    -------
    Dispersion
        After truncation `units` is the number kept. Without units phi and p_value are NaN and tau2 is 0.
    """
    values = np.asarray(z, np.float64)
    error = np.broadcast_to(np.asarray(standard_error, np.float64), values.shape)
    treatments: dict[Treatment, Callable[[FloatArray], FloatArray]] = {
        "none": lambda every: every,
        "winsorised": lambda every: winsorise(every, share),
        "truncated": lambda every: truncate(every, share),
    }
    treated = treatments[treatment](np.where(np.isnan(error), np.nan, values))
    units = _count(treated)
    squares = np.nansum(treated * treated, axis=-1)
    if consistent:
        squares = squares / consistency_factor(treatment, share)
    phi = divide(squares, units)
    tau2 = between_variance(squares, np.where(np.isnan(treated), np.nan, error))
    p_value = np.where(units > 0, special.chdtrc(np.maximum(units, 1.0), squares), np.nan)
    return Dispersion(phi, tau2, units, p_value)


def dersimonian_laird(
    values: npt.ArrayLike, variances: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean, its standard error and tau2 of estimates with known variances.

    Parameters
    ----------
    values, variances : arrays (..., units)

    Returns
    -------
    mean, standard_error, tau2 : arrays (...)

    References
    ----------
    DerSimonian & Laird 1986, Control Clin Trials 7:177.
    """
    y, v = (np.asarray(part, np.float64) for part in (values, variances))
    error = np.where(np.isnan(y), np.nan, np.sqrt(v))
    fixed, _ = _weighted_mean(y, divide(1.0, error * error))
    tau2 = between_variance(np.nansum(divide(y - fixed[..., None], error) ** 2, axis=-1), error)
    centre, total = _weighted_mean(y, divide(1.0, error * error + tau2[..., None]))
    return centre, np.sqrt(divide(1.0, total)), tau2


def overdispersed_limits(
    data_type: DataType,
    denominator: npt.ArrayLike,
    target: npt.ArrayLike,
    tau2: npt.ArrayLike,
    confidence: float = 0.95,
) -> Limits:
    """Limits ``target -+ z sqrt(se^2 + tau2)`` on the scale, transformed back.

    For ratios on the square-root scale ``(1 -+ z sqrt(1/(4 E) + tau2))^2``.

    Parameters
    ----------
    data_type : DataType
    denominator : array (..., units)
        Expected events, trials or persons.
    target, tau2 : arrays (...)
    """
    goal, between = (np.asarray(part, np.float64)[..., None] for part in (target, tau2))
    possible = np.where(goal > 0, goal, np.nan)
    error = data_type.standard_error(np.asarray(denominator, np.float64), possible)
    half = z_value(confidence) * np.sqrt(error * error + between)
    centre = data_type.transform(possible)
    return data_type.inverse(centre - half), data_type.inverse(centre + half)


def _weighted_mean(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    used = np.where(np.isnan(values), 0.0, np.nan_to_num(weights))
    total = used.sum(axis=-1)
    return divide((used * np.nan_to_num(values)).sum(axis=-1), total), total


def _count(values: FloatArray) -> FloatArray:
    return np.asarray((~np.isnan(values)).sum(axis=-1), np.float64)


def _quantile(values: FloatArray, share: float) -> FloatArray:
    """Quantile of the last axis without its NaN, by linear interpolation (as numpy's default)."""
    ordered = np.sort(values, axis=-1)
    last = np.maximum(_count(values) - 1, 0)
    place = share * last
    low = np.floor(place).astype(np.intp)
    high = np.minimum(low + 1, last.astype(np.intp))
    below, above = (np.take_along_axis(ordered, at[..., None], axis=-1)[..., 0] for at in (low, high))
    return np.asarray(below + (place - low) * (above - below), np.float64)

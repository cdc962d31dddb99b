"""Empirical Bayes: how much of a unit's deviation is to be believed, given its size and how far units differ.

Every shrunken figure is ``mean + weight (raw - mean)`` with a weight from 0 to 1 (the reliability), so it lies
between the unit's own figure and the mean. Units are the last axis; NaN marks a unit without figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse, special

from zaitaku_demand.benchmark.intervals import FloatArray, Limits, divide, tail, z_value
from zaitaku_demand.benchmark.overdispersion import dersimonian_laird, pooled


class Shrunk(NamedTuple):
    """Shrunken figures; arrays (..., units).

    Attributes
    ----------
    value, lower, upper : array
        Shrunken figure and its credible limits.
    weight : array
        Share of the unit's own deviation that is kept (reliability), 0 to 1.
    mean : array
        What it is shrunk to.
    """

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    weight: FloatArray
    mean: FloatArray


class GammaPrior(NamedTuple):
    """Gamma distribution of the units' true ratios; arrays (...).

    Attributes
    ----------
    mean : array
    variance : array
        0 where units do not differ beyond chance.
    """

    mean: FloatArray
    variance: FloatArray


def shrink(
    raw: FloatArray, mean: FloatArray, between: FloatArray, within: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Shrunken figure ``m + w (raw - m)`` and its weight ``w = between / (between + within)``.

    Without any variance the weight is 0. Clipped to lie between raw and mean against rounding.
    """
    weight = np.where(between > 0, divide(between, between + within), 0.0 * within)
    value = mean + weight * (raw - mean)
    return np.clip(value, np.fmin(raw, mean), np.fmax(raw, mean)) + 0.0 * raw, weight


def marshall_prior(events: npt.ArrayLike, persons: npt.ArrayLike) -> GammaPrior:
    """Mean and variance of the units' true rates by moments.

    ``m = sum o / sum n``, ``s2 = sum n (o/n - m)^2 / sum n``, ``A = max(0, s2 - m / nbar)``.

    Parameters
    ----------
    events, persons : arrays (..., units)
        Persons, or expected events for ratios.

    References
    ----------
    Marshall 1991, Appl Stat 40:283.
    """
    o, n = _together(events, persons)
    mean = pooled(o, n)
    size = np.nan_to_num(n)
    total = size.sum(axis=-1)
    deviation = np.nan_to_num(divide(o, n) - mean[..., None])
    spread = divide((size * deviation**2).sum(axis=-1), total)
    chance = divide(mean * (size > 0).sum(axis=-1), total)
    return GammaPrior(mean, np.maximum(np.nan_to_num(spread - chance), 0.0))


def maximum_likelihood_prior(events: npt.ArrayLike, expected: npt.ArrayLike) -> GammaPrior:
    """Gamma prior of one set of units by maximum likelihood of the negative binomial counts.

    Parameters
    ----------
    events, expected : arrays (units,)

    References
    ----------
    Clayton & Kaldor 1987, Biometrics 43:671. Counts that come together and are divided by their size are
    fractions; the likelihood is then that of its continuous form.
    """
    o, e = _together(events, expected)
    o, e = o[~np.isnan(o)], e[~np.isnan(e)]
    start = marshall_prior(o, e)
    if o.size < 2 or not start.mean > 0:
        return GammaPrior(start.mean, np.zeros_like(start.variance))

    def minus_log_likelihood(logarithms: npt.NDArray[np.float64]) -> float:
        shape, rate = np.exp(logarithms)
        terms = special.gammaln(o + shape) - special.gammaln(shape)
        terms += shape * np.log(rate / (e + rate)) - o * np.log(e + rate)
        return -float(terms.sum())

    first_variance = max(float(start.variance), 1e-3 * float(start.mean) ** 2)
    guess = np.log([float(start.mean) ** 2 / first_variance, float(start.mean) / first_variance])
    found = optimize.minimize(
        minus_log_likelihood, guess, method="L-BFGS-B", bounds=[(-10.0, 14.0), (-10.0, 14.0 + 5.0)]
    )
    shape, rate = np.exp(found.x)
    # At the bound of the shape the ratios do not differ: the likelihood rises towards no variance.
    none = found.x[0] > 14.0 - 1e-6
    return GammaPrior(np.asarray(shape / rate), np.asarray(0.0 if none else shape / rate**2))


def gamma_poisson(
    events: npt.ArrayLike, expected: npt.ArrayLike, prior: GammaPrior | None = None, confidence: float = 0.95
) -> Shrunk:
    """Shrunken ratio ``(O + nu) / (E + alpha)`` with credible limits by gamma quantiles.

    With a prior of mean m and variance A, ``nu = m^2 / A`` and ``alpha = m / A``. With Marshall's moments (the
    default prior) the figure is Marshall's; of indirectly standardised ratios it is the EBSMR of the Japanese
    vital statistics.

    Parameters
    ----------
    events, expected : arrays (..., units)
        Divided by the event size where counts come together. Expected events or persons.
    prior : GammaPrior (...), optional
    confidence : float

    Returns
    -------
    Shrunk
        The posterior variance ``(O + nu) / (E + alpha)^2`` is increased by ``(1 - w)^2 m / sum E``, what the
        estimate of the mean adds (after Morris 1983), and the limits are those of the gamma distribution
        with that variance. Where units do not differ beyond chance they are those of the common ratio.

    References
    ----------
    Clayton & Kaldor 1987, Biometrics 43:671; 厚生労働省「人口動態保健所・市区町村別統計」; Morris 1983, J Am Stat
    Assoc 78:47.
    """
    o, e = _together(events, expected)
    found = marshall_prior(o, e) if prior is None else prior
    mean, between = found.mean[..., None], found.variance[..., None]
    value, weight = shrink(divide(o, e), mean, between, divide(mean, e))
    total = np.nan_to_num(e).sum(axis=-1)[..., None]
    # weight / E x value is the posterior variance, (O + nu) / (E + alpha)^2, also where A is 0.
    variance = value * divide(weight, e) + (1 - weight) ** 2 * divide(mean, total)
    shape, rate = divide(value * value, variance), divide(value, variance)
    lower, upper = gamma_limits(shape, rate, confidence)
    # No event anywhere: the limits of no event among all expected.
    nothing = (mean == 0) & ~np.isnan(value)
    upper = np.where(nothing, divide(-np.log(tail(confidence)), total), upper)
    return Shrunk(value, np.where(nothing, 0.0, lower), upper, weight, np.broadcast_to(mean, value.shape))


def gamma_parameters(shrunk: Shrunk, expected: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Shape and rate of the gamma distributions behind :func:`gamma_poisson`, to simulate ranks from."""
    e = np.asarray(expected, np.float64)
    total = np.nansum(np.where(e > 0, e, np.nan), axis=-1, keepdims=True)
    variance = shrunk.value * divide(shrunk.weight, e) + (1 - shrunk.weight) ** 2 * divide(shrunk.mean, total)
    return divide(shrunk.value**2, variance), divide(shrunk.value, variance)


def gamma_limits(shape: npt.ArrayLike, rate: npt.ArrayLike, confidence: float = 0.95) -> Limits:
    """Quantiles of a gamma distribution with shape and rate above 0."""
    p = tail(confidence)
    a = np.asarray(shape, np.float64)
    a = np.where(a > 0, a, np.nan)
    return divide(special.gammaincinv(a, p), rate), divide(special.gammainccinv(a, p), rate)


def normal_normal(values: npt.ArrayLike, variances: npt.ArrayLike, confidence: float = 0.95) -> Shrunk:
    """Shrunken estimates with known variances, ``w = tau2 / (tau2 + v)``, tau2 by DerSimonian & Laird.

    Parameters
    ----------
    values, variances : arrays (..., units)

    Returns
    -------
    Shrunk
        Credible limits with the posterior variance ``w v`` and ``(1 - w)^2`` times that of the mean.

    References
    ----------
    Efron & Morris 1975, J Am Stat Assoc 70:311; Morris 1983, J Am Stat Assoc 78:47.
    """
    y, v = (np.asarray(part, np.float64) for part in (values, variances))
    v = np.where(v >= 0, v, np.nan) + 0.0 * y
    centre, error, tau2 = (part[..., None] for part in dersimonian_laird(y, v))
    value, weight = shrink(y, centre + 0.0 * y, tau2 + 0.0 * y, v)
    half = z_value(confidence) * np.sqrt(weight * v + ((1 - weight) * error) ** 2)
    return Shrunk(value, value - half, value + half, weight, np.broadcast_to(centre, value.shape))


def james_stein(values: npt.ArrayLike, variance: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Shrunken estimates of equal known variance, ``c = max(0, 1 - (k - 3) s2 / SS)`` around their mean.

    Parameters
    ----------
    values : array (..., units)
    variance : array (...)
        Known variance s2 of each value.

    Returns
    -------
    shrunk : array (..., units)
    c : array (...)
        1 for fewer than four units or if all are equal (nothing to shrink).

    References
    ----------
    Efron & Morris 1977, Scientific American 236(5):119.
    """
    y = np.asarray(values, np.float64)
    known = ~np.isnan(y)
    k = known.sum(axis=-1)
    mean = divide(np.where(known, y, 0.0).sum(axis=-1), k)
    squares = np.nansum((y - mean[..., None]) ** 2, axis=-1)
    share = np.nan_to_num(divide(np.maximum(k - 3, 0) * np.asarray(variance, np.float64), squares))
    c = np.clip(1 - share, 0.0, 1.0)
    return mean[..., None] + c[..., None] * (y - mean[..., None]), c


def marshall_local(
    events: npt.ArrayLike, persons: npt.ArrayLike, neighbours: Sequence[Sequence[int]]
) -> tuple[FloatArray, FloatArray]:
    """Rates shrunk to the mean of the unit's neighbourhood (the unit and its neighbours).

    Parameters
    ----------
    events, persons : arrays (..., units)
    neighbours : one sequence of unit numbers a unit
        Without the unit itself, or with it. A unit without neighbours keeps its own rate.

    Returns
    -------
    shrunk, neighbourhood_mean : arrays (..., units)

    References
    ----------
    Marshall 1991, Appl Stat 40:283 (the local estimator).
    """
    o, n = _together(events, persons)
    known = ~np.isnan(o)
    units = o.shape[-1]
    rows = np.repeat(np.arange(units), [len(set(near) | {unit}) for unit, near in enumerate(neighbours)])
    columns = np.concatenate([sorted(set(near) | {unit}) for unit, near in enumerate(neighbours)])
    around = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(units, units))

    def near_sum(values: FloatArray) -> FloatArray:
        flat = np.where(known, values, 0.0).reshape(-1, units)
        return np.asarray((around @ flat.T).T).reshape(values.shape)

    rate = divide(o, n)
    total = near_sum(n)
    mean = divide(near_sum(o), total)
    spread = divide(near_sum(n * rate**2) - 2 * mean * near_sum(o) + mean**2 * total, total)
    chance = divide(mean * near_sum(np.ones_like(n)), total)
    between = np.maximum(np.nan_to_num(spread - chance), 0.0)
    value, _ = shrink(rate, mean, between, divide(mean, n))
    alone = around.sum(axis=1).A1 == 1
    return np.where(alone, rate, value), mean


def reliability(between: npt.ArrayLike, within: npt.ArrayLike) -> FloatArray:
    """Share of the variance of unit figures that is not chance, ``between / (between + within)``."""
    return divide(between, np.asarray(between, np.float64) + np.asarray(within, np.float64))


def _together(events: npt.ArrayLike, persons: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Both arrays, NaN where either is not known or there is nothing to divide by."""
    o, n = np.broadcast_arrays(np.asarray(events, np.float64), np.asarray(persons, np.float64))
    usable = (o >= 0) & (n > 0)
    return np.where(usable, o, np.nan), np.where(usable, n, np.nan)

"""Slope and relative index of inequality: how a figure changes from the lowest to the highest area of a gradient."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.benchmark.intervals import FloatArray, divide, tail


class Inequality(NamedTuple):
    """Indices of inequality; arrays (...).

    Attributes
    ----------
    slope_index, slope_lower, slope_upper : array
        Predicted figure at the upper end of the gradient less that at its lower end (SII).
    relative_index, relative_lower, relative_upper : array
        The former over the latter (RII); NaN where either prediction is not above 0.
    units : array
    """

    slope_index: FloatArray
    slope_lower: FloatArray
    slope_upper: FloatArray
    relative_index: FloatArray
    relative_lower: FloatArray
    relative_upper: FloatArray
    units: FloatArray


def cumulative_midpoints(gradient: npt.ArrayLike, population: npt.ArrayLike) -> FloatArray:
    """Place of each unit between 0 and 1: the share of the population below it and half of its own.

    Units of equal gradient share the middle of their common stretch.

    Parameters
    ----------
    gradient, population : arrays (..., units)
        NaN units have no place and count for nothing.
    """
    by, people = np.broadcast_arrays(np.asarray(gradient, np.float64), np.asarray(population, np.float64))
    usable = ~np.isnan(by) & (people > 0)
    size = np.where(usable, people, 0.0)
    key = np.where(usable, by, np.nan)
    order = key.argsort(axis=-1, kind="stable")
    ordered, people_in_order = (np.take_along_axis(part, order, axis=-1) for part in (key, size))
    upto = people_in_order.cumsum(axis=-1)
    same = ordered[..., 1:] == ordered[..., :-1]
    edge = np.zeros((*same.shape[:-1], 1), bool)
    before = upto - people_in_order
    start = np.maximum.accumulate(np.where(np.concatenate([edge, same], axis=-1), 0.0, before), axis=-1)
    stop = np.flip(
        np.minimum.accumulate(
            np.flip(np.where(np.concatenate([same, edge], axis=-1), np.inf, upto), axis=-1), axis=-1
        ),
        axis=-1,
    )
    middle = divide((start + stop) / 2, upto[..., -1:])
    places = np.empty_like(middle)
    np.put_along_axis(places, order, middle, axis=-1)
    return np.where(usable, places, np.nan)


def inequality(
    values: npt.ArrayLike, gradient: npt.ArrayLike, population: npt.ArrayLike, confidence: float = 0.95
) -> Inequality:
    """Slope and relative index of inequality across units, by regression weighted with the population.

    The figure is regressed on the cumulative midpoint of the population ordered by the gradient: ``value = a + b
    x``. ``SII = b`` with t limits; ``RII = (a + b) / a`` with limits by the delta method on the log scale.

    Parameters
    ----------
    values : array (..., units)
        Figure of each unit.
    gradient : array (..., units)
        What the units are ordered by, from low to high (share of older people, density, physicians).
    population : array (..., units)
    confidence : float

    Returns
    -------
    Inequality
        NaN with fewer than two units of different gradient; limits need three.

    References
    ----------
    Wagstaff, Paci & van Doorslaer 1991, Soc Sci Med 33:545; Mackenbach & Kunst 1997, Soc Sci Med 44:757.
    """
    y, by, people = np.broadcast_arrays(
        *(np.asarray(part, np.float64) for part in (values, gradient, population))
    )
    usable = ~(np.isnan(y) | np.isnan(by)) & (people > 0)
    place = cumulative_midpoints(np.where(usable, by, np.nan), people)
    units = usable.sum(axis=-1).astype(np.float64)
    raw_weight = np.where(usable, people, 0.0)
    weight = raw_weight * divide(units, raw_weight.sum(axis=-1))[..., None]
    x, figure = np.where(usable, place, 0.0), np.where(usable, y, 0.0)
    x_mean, y_mean = (divide((weight * part).sum(axis=-1), units) for part in (x, figure))
    away = np.where(usable, x - x_mean[..., None], 0.0)
    squares = (weight * away * away).sum(axis=-1)
    squares = np.where(squares > 1e-12, squares, 0.0)
    slope = divide((weight * away * figure).sum(axis=-1), squares)
    intercept = y_mean - slope * x_mean
    rest = np.where(usable, figure - intercept[..., None] - slope[..., None] * x, 0.0)
    freedom = np.where(units > 2, units - 2, np.nan)
    variance = divide((weight * rest * rest).sum(axis=-1), freedom)
    t = special.stdtrit(freedom, 1 - tail(confidence))
    half = t * np.sqrt(divide(variance, squares))
    low, high = intercept, intercept + slope
    both = (low > 0) & (high > 0)
    low, high = np.where(both, low, np.nan), np.where(both, high, np.nan)
    relative = divide(high, low)
    # Gradient of ln((a + b)/a) at the predictions of the mean and the slope, which are not correlated.
    by_mean = 1 / high - 1 / low
    by_slope = (1 - x_mean) / high + x_mean / low
    error = np.sqrt(divide(by_mean**2 * variance, units) + by_slope**2 * divide(variance, squares))
    factor = np.exp(t * error)
    return Inequality(
        slope, slope - half, slope + half, relative, relative / factor, relative * factor, units
    )

"""Recent trend of five points, and change against a base year.

A trend is shown only where it is beyond chance and does not hang on one point. Time is the last axis.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray, divide

POINTS = 5
CRITICAL = 9.54953570608324
"""chi2 with one degree of freedom at p = 0.002 (99.8 %)."""
WIDTH_IN_ERRORS = 3.92
"""Width of a 95 % interval in standard errors."""
UP, DOWN, FLAT, NONE = "up", "down", "flat", "none"


class Trend(NamedTuple):
    """Trend of series; arrays (...).

    Attributes
    ----------
    trend : array of str
        ``up``, ``down``, ``flat`` (no significant change) or ``none`` (cannot be told).
    slope : array
        Change a point.
    chi2 : array
    """

    trend: npt.NDArray[np.str_]
    slope: FloatArray
    chi2: FloatArray


class Change(NamedTuple):
    """Change against the base year; arrays as the values.

    Attributes
    ----------
    difference, lower, upper : array
        Blank (NaN) at the base year itself.
    change : array of str
        ``up``, ``down``, ``flat``, or blank where there is nothing to compare.
    """

    difference: FloatArray
    lower: FloatArray
    upper: FloatArray
    change: npt.NDArray[np.str_]


def recent_trend(
    values: npt.ArrayLike,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    *,
    without_limits: Literal["none", "flat"] = "none",
) -> Trend:
    """Trend of the last five points by weighted regression.

    Weights ``1 / ((U - L) / 3.92)^2``; significant if ``(slope / se)^2 > 9.5495`` (p = 0.002) and the slopes of
    all points and without each one point have one sign.

    Parameters
    ----------
    values, lower, upper : arrays (..., points)
        In time order, evenly spaced, with 95 % limits; the last five are used.
    without_limits : {"none", "flat"}
        What five values without limits are. Fingertips prints "no change" although nothing was tested;
        here that is ``none`` unless asked for.

    Returns
    -------
    Trend
        ``none`` for fewer than five points, an unknown one, or an interval of no width.

    References
    ----------
    Fingertips, recent trends (OHID technical guide).
    """
    y, low, high = np.broadcast_arrays(*(np.asarray(part, np.float64) for part in (values, lower, upper)))
    y, low, high = (part[..., -POINTS:] for part in (y, low, high))
    series = y.shape[:-1]
    if y.shape[-1] < POINTS:
        unknown = np.full(series, np.nan)
        return Trend(np.full(series, NONE), unknown, unknown)
    error = (high - low) / WIDTH_IN_ERRORS
    weight = divide(1.0, error * error)
    place = np.arange(1.0, POINTS + 1)
    slope, precision = _slope(place, y, weight)
    chi2 = slope * slope * precision
    kept = ~np.eye(POINTS, dtype=bool)
    without_one = np.stack([_slope(place[keep], y[..., keep], weight[..., keep])[0] for keep in kept])
    every = np.concatenate([slope[None], without_one])
    one_sign = (every < 0).all(axis=0) | (every >= 0).all(axis=0)
    significant = (chi2 > CRITICAL) & one_sign
    words = np.where(significant, np.where(slope > 0, UP, DOWN), FLAT)
    known = ~np.isnan(slope)
    no_limits = (np.isnan(low) | np.isnan(high)).all(axis=-1) & ~np.isnan(y).any(axis=-1)
    words = np.where(known, words, np.where(no_limits, without_limits, NONE))
    return Trend(words, slope, chi2)


def change_from_base(
    values: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike, *, base: int = 0
) -> Change:
    """Difference of every point from the base point, with limits from the limits of both.

    ``d - sqrt((v - l)^2 + (u0 - v0)^2)`` and ``d + sqrt((u - v)^2 + (v0 - l0)^2)``: intervals need not be
    symmetric. Significant where the limits of the difference leave out 0, at the confidence of the inputs.

    Parameters
    ----------
    values, lower, upper : arrays (..., points)
    base : int
        Place of the base year in the last axis. It is not compared with itself.

    References
    ----------
    Zou & Donner 2008, Stat Med 27:1693 (MOVER); Newcombe 1998, Stat Med 17:873.
    """
    v, low, high = np.broadcast_arrays(*(np.asarray(part, np.float64) for part in (values, lower, upper)))
    at = np.arange(v.shape[-1]) == base % v.shape[-1]
    v0, low0, high0 = (part[..., base, None] for part in (v, low, high))
    difference = np.where(at, np.nan, v - v0)
    below = difference - np.hypot(v - low, high0 - v0)
    above = difference + np.hypot(high - v, v0 - low0)
    words = np.where(below > 0, UP, np.where(above < 0, DOWN, FLAT))
    return Change(difference, below, above, np.where(np.isnan(below) | np.isnan(above), "", words))


def _slope(place: FloatArray, values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weighted slope, and 1 over its variance."""
    total = weights.sum(axis=-1)
    centre = divide((weights * place).sum(axis=-1), total)
    away = place - centre[..., None]
    precision = (weights * away * away).sum(axis=-1)
    return divide((weights * away * values).sum(axis=-1), precision), precision

"""XmR chart: which points of a series lie outside what its own month-to-month or year-to-year noise explains."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray, divide

LIMIT_PER_RANGE = 2.66
"""3 / 1.128: natural process limits in mean moving ranges (Shewhart; Wheeler 1993)."""
RANGE_SCREEN = 3.267
"""Moving ranges of this many mean ranges or more are left out of the mean (Wheeler 1993)."""


class ControlChart(NamedTuple):
    """Limits of series; arrays (...).

    Attributes
    ----------
    mean, lower, upper : array
    mean_range : array
        Mean moving range after the screen.
    """

    mean: FloatArray
    lower: FloatArray
    upper: FloatArray
    mean_range: FloatArray


def control_chart(values: npt.ArrayLike, *, screen: bool = True) -> ControlChart:
    """Mean and natural process limits ``mean -+ 2.66 x mean moving range`` of series in the last axis.

    Parameters
    ----------
    values : array (..., points)
        In time order. A range next to an unknown point (NaN) is left out.
    screen : bool
        Leave out ranges of 3.267 times their mean or more, once.

    References
    ----------
    Wheeler 1993, Understanding Variation; NHSRplotthedots.
    """
    points = np.asarray(values, np.float64)
    centre = _mean(points)
    ranges = np.abs(np.diff(points, axis=-1))
    mean_range = _mean(ranges)
    if screen:
        kept = np.where(ranges < RANGE_SCREEN * mean_range[..., None], ranges, np.nan)
        mean_range = np.where(mean_range > 0, _mean(kept), mean_range)
    half = LIMIT_PER_RANGE * mean_range
    return ControlChart(centre, centre - half, centre + half, mean_range)


def _mean(values: FloatArray) -> FloatArray:
    known = ~np.isnan(values)
    return divide(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1))

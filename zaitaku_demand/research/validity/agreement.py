"""Do two sources give the same figure? Bias and limits of agreement.

A correlation only asks whether two sources put places in the same order; agreement asks whether they say the
same. Concordance and intraclass correlation stand in :mod:`zaitaku_demand.research.reliability.years`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from zaitaku_demand.benchmark.intervals import FloatArray, student_t_limits, tail, z_value

LimitInterval = Literal["exact", "approximate"]


class Estimate(NamedTuple):
    """An estimate with its interval."""

    value: float
    lower: float
    upper: float


class BlandAltman(NamedTuple):
    """Bias and limits of agreement of first - second.

    Attributes
    ----------
    bias, lower, upper : Estimate
        Mean difference and the limits between which differences lie, each with its interval.
    standard_deviation : float
        Of the differences.
    pairs : int
    """

    bias: Estimate
    lower: Estimate
    upper: Estimate
    standard_deviation: float
    pairs: int


_NOTHING = Estimate(float("nan"), float("nan"), float("nan"))


def bland_altman(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    confidence: float = 0.95,
    coverage: float = 0.95,
    interval: LimitInterval = "exact",
) -> BlandAltman:
    """Mean difference and limits of agreement, ``mean -+ z s``.

    Parameters
    ----------
    first, second : arrays (pairs,)
        In the same unit; logarithms where they are compared as ratios.
    confidence : float
        Of the three intervals.
    coverage : float
        Share of normal differences between the limits; 0.9545 gives two standard deviations.
    interval : {"exact", "approximate"}
        Intervals of the limits from the noncentral t distribution, or ``s sqrt(3 / n)`` as standard error
        (the paper of 1986), which is a little narrow with few pairs.

    References
    ----------
    Bland & Altman 1986, Lancet 327:307; exact intervals: Carkeet 2015, Optom Vis Sci 92:e71.
    """
    a, b = _pairs(first, second)
    n = len(a)
    if n < 3:
        return BlandAltman(_NOTHING, _NOTHING, _NOTHING, float("nan"), n)
    difference = a - b
    mean, spread = float(difference.mean()), float(difference.std(ddof=1))
    bias = Estimate(mean, *(float(limit) for limit in student_t_limits(mean, spread, n, confidence)))
    z = z_value(coverage)
    if interval == "exact":
        p = tail(confidence)
        quantiles = stats.nct.ppf([p, 1 - p], n - 1, z * np.sqrt(n)) * spread / np.sqrt(n)
        # The lower limit is the mirror image of the upper one.
        low = (mean - float(quantiles[1]), mean - float(quantiles[0]))
        high = (mean + float(quantiles[0]), mean + float(quantiles[1]))
    else:
        half = float(stats.t.ppf(1 - tail(confidence), n - 1)) * spread * np.sqrt(3 / n)
        low = (mean - z * spread - half, mean - z * spread + half)
        high = (mean + z * spread - half, mean + z * spread + half)
    return BlandAltman(bias, Estimate(mean - z * spread, *low), Estimate(mean + z * spread, *high), spread, n)


def _pairs(first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    known = np.isfinite(a) & np.isfinite(b)
    return a[known], b[known]

"""Ceiling and floor: how many places stand at the end of the scale, where no difference can be seen any more."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from zaitaku_demand.benchmark.intervals import wilson_limits


class BoundShare(NamedTuple):
    """Share of places at a bound with its interval (Wilson) and the number of places with a figure."""

    value: float
    lower: float
    upper: float
    places: int


def floor_share(events: npt.ArrayLike, confidence: float = 0.95) -> BoundShare:
    """Share of the places shown that have no case at all.

    Parameters
    ----------
    events : array (places,)
        NaN where not shown.

    References
    ----------
    Terwee et al. 2007, J Clin Epidemiol 60:34: a floor or ceiling is present from 15 % on.
    """
    o = np.asarray(events, np.float64)
    known = np.isfinite(o)
    return _share(int((o[known] == 0).sum()), int(known.sum()), confidence)


def ceiling_share(events: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = 0.95) -> BoundShare:
    """Share of the places shown in which every trial is a case (proportions only); see :func:`floor_share`."""
    o, n = np.asarray(events, np.float64), np.asarray(trials, np.float64)
    known = np.isfinite(o) & (n > 0)
    return _share(int((o[known] >= n[known]).sum()), int(known.sum()), confidence)


def skewness(values: npt.ArrayLike) -> tuple[float, float]:
    """Skewness ``m3 / m2^(3/2)`` and the p-value of its being 0 under a normal distribution.

    Parameters
    ----------
    values : array (places,)
        NaN left out.

    Returns
    -------
    skewness, p_value : float
        NaN for fewer than 8 places (the least for the test) or without variation.

    References
    ----------
    D'Agostino 1970, Biometrika 57:679.
    """
    x = np.asarray(values, np.float64)
    x = x[np.isfinite(x)]
    if len(x) < 8 or not np.ptp(x) > 0:
        return float("nan"), float("nan")
    return float(stats.skew(x)), float(stats.skewtest(x).pvalue)


def _share(count: int, places: int, confidence: float) -> BoundShare:
    if places == 0:
        return BoundShare(float("nan"), float("nan"), float("nan"), 0)
    lower, upper = wilson_limits(float(count), float(places), confidence)
    return BoundShare(count / places, float(lower), float(upper), places)

"""How much places change relative to each other between two years, beyond chance.

A study of changes rests on this alone. Covariances of ratios averaged by distance understate it: they weigh places of
high ratio most and take the spread of all years as alike. Here each place is measured by its own mean ratio, and only
the two years of a pair are compared, so that lasting differences of any size drop out.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import optimize

from zaitaku_demand.benchmark.intervals import divide
from zaitaku_demand.benchmark.overdispersion import pooled
from zaitaku_demand.research.panel import FloatArray, Kind

_LEAST_RATIO = 0.2
"""Mean ratio below which a place is not measured by its own: with few cases it may be 0 by chance."""


def change_variances(events: npt.ArrayLike, size: npt.ArrayLike, kind: Kind = "poisson") -> FloatArray:
    """Variance of the relative change of places between two years, by their distance, chance left out.

    ``V(k) = sum w [(r_t - g r_s)^2 - r_t / m_t - g^2 r_s / m_s] / g / sum w r_t r_s`` over places and years with ``t - s = k``;
    r is the ratio of cases to expected m (mean 1 a year), g the change that the places shown in both years share, ``w``
    the place's weight over the square of its mean ratio. For small changes it is the variance of the difference of
    logarithms (a variogram).

    Parameters
    ----------
    events, size : arrays (places, years)
        Independent cases and what they are divided by; NaN where not shown.
    kind : str
        ``poisson`` or ``binomial`` (chance then shrinks by one less the share).

    Returns
    -------
    array (years,)
        From distance 0 (which is 0) on, never falling.

    References
    ----------
    Cressie 1993, Statistics for Spatial Data, section 2.4 (variogram).
    """
    o, n = (np.asarray(each, np.float64) for each in (events, size))
    known = np.isfinite(o) & (n > 0)
    o, n = np.where(known, o, np.nan), np.where(known, n, np.nan)
    expected = n * pooled(o.T, n.T)[None, :]
    mean = np.nan_to_num(divide(np.nansum(expected, axis=1), known.sum(axis=1)))
    weight = mean / (1 + 0.1 * mean)
    shown = weight[:, None] * known
    expected = expected * divide((shown * np.nan_to_num(divide(o, expected))).sum(axis=0), shown.sum(axis=0))
    ratio = divide(o, expected)
    own = np.nan_to_num(divide(np.nansum(ratio, axis=1), known.sum(axis=1)))
    weight = weight / np.maximum(own, _LEAST_RATIO) ** 2
    chance = divide(ratio, expected) * (1 - divide(o, n) if kind == "binomial" else 1.0)
    years = o.shape[1]
    above, below, pairs = np.zeros(years), np.zeros(years), np.full(years, 1e-12)
    for early in range(years - 1):
        for late in range(early + 1, years):
            both = known[:, early] & known[:, late]
            w, one, other = weight[both], ratio[both, early], ratio[both, late]
            if not (w * one).sum() > 0 or not (w * other).sum() > 0:
                continue
            # The places shown differ from year to year; what all of a pair share is no difference between them.
            common = (w * other).sum() / (w * one).sum()
            beyond = (other - common * one) ** 2 - chance[both, late] - common**2 * chance[both, early]
            above[late - early] += (w * beyond).sum() / common
            below[late - early] += (w * one * other).sum()
            pairs[late - early] += both.sum()
    found = np.divide(above, below, out=np.zeros(years), where=below > 0)[1:]
    rising = optimize.isotonic_regression(found, weights=pairs[1:]).x
    return np.concatenate([[0.0], np.maximum(rising, 0.0)])

"""E-value: how strongly an unmeasured confounder would have to be associated to account for an association alone.

The E-value is read on the scale of risk or rate ratios: a confounder that is associated with both the exposure and
the outcome by ratios of at least the E-value each, beyond the measured confounders, could account for the estimate;
a weaker one could not. It says nothing of whether such a confounder exists, and it is a statement about the units
of the analysis (places), not about persons.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray, divide

MEAN_DIFFERENCE_FACTOR = 0.91
"""Turns a standardised mean difference into the logarithm of a risk ratio (VanderWeele & Ding 2017, table 2)."""
MEAN_DIFFERENCE_LIMIT = 1.78
"""The same for a standard error and the 95 % interval (VanderWeele & Ding 2017, table 2)."""


class EValue(NamedTuple):
    """E-values; arrays (...).

    Attributes
    ----------
    estimate : array
        E-value of the point estimate.
    limit : array
        E-value of the limit that is nearer to 1; 1 where the interval holds 1.
    """

    estimate: FloatArray
    limit: FloatArray


def e_value(ratio: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike) -> EValue:
    """E-values of a risk or rate ratio and its interval.

    ``E = R + sqrt(R (R - 1))`` with ``R`` the ratio, or one over it where it is below 1.

    Parameters
    ----------
    ratio, lower, upper : array (...)
        Risk or rate ratio and its limits, above 0.

    Returns
    -------
    EValue
        NaN where a ratio is not above 0 or not known.

    References
    ----------
    VanderWeele & Ding 2017, Ann Intern Med 167:268, box and table 2.
    """
    point, low, high = (np.asarray(each, np.float64) for each in (ratio, lower, upper))
    nearer = np.where(low > 1, low, np.where(high < 1, high, 1.0))
    unknown = ~(low > 0) | ~(high > 0)
    return EValue(_one_ratio(point), np.where(unknown, np.nan, _one_ratio(nearer)))


def ratio_of_odds(odds_ratio: npt.ArrayLike) -> FloatArray:
    """Risk ratio that an odds ratio of a common outcome (above 15 %) stands for, about ``sqrt(OR)``.

    References
    ----------
    VanderWeele 2017, Stat Med 36:4166; VanderWeele & Ding 2017, table 2.
    """
    odds = np.asarray(odds_ratio, np.float64)
    return np.sqrt(np.where(odds > 0, odds, np.nan))


def ratio_of_hazards(hazard_ratio: npt.ArrayLike) -> FloatArray:
    """Risk ratio that a hazard ratio of a common outcome stands for.

    ``(1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR))``.

    References
    ----------
    VanderWeele & Ding 2017, table 2.
    """
    hazard = np.asarray(hazard_ratio, np.float64)
    root = np.sqrt(np.where(hazard > 0, hazard, np.nan))
    return divide(1 - 0.5**root, 1 - 0.5 ** (1 / root))


def e_value_of_difference(difference: npt.ArrayLike, standard_error: npt.ArrayLike) -> EValue:
    """E-values of a standardised mean difference (in standard deviations of the outcome).

    ``R = exp(0.91 d)`` with limits ``exp(0.91 d -+ 1.78 se)``.

    Parameters
    ----------
    difference, standard_error : array (...)

    References
    ----------
    Chinn 2000, Stat Med 19:3127; VanderWeele & Ding 2017, table 2.
    """
    d, error = np.asarray(difference, np.float64), np.asarray(standard_error, np.float64)
    middle, half = MEAN_DIFFERENCE_FACTOR * d, MEAN_DIFFERENCE_LIMIT * error
    return e_value(np.exp(middle), np.exp(middle - half), np.exp(middle + half))


def bias_factor(with_exposure: npt.ArrayLike, with_outcome: npt.ArrayLike) -> FloatArray:
    """Largest factor by which a confounder of given associations can move a ratio.

    ``B = a b / (a + b - 1)``; the ratio divided by B is the least that remains.

    Parameters
    ----------
    with_exposure, with_outcome : array (...)
        Ratios (at least 1) by which the confounder is associated with exposure and outcome.

    References
    ----------
    Ding & VanderWeele 2016, Epidemiology 27:368.
    """
    a, b = np.asarray(with_exposure, np.float64), np.asarray(with_outcome, np.float64)
    return np.where((a >= 1) & (b >= 1), divide(a * b, a + b - 1), np.nan)


def _one_ratio(ratio: FloatArray) -> FloatArray:
    known = np.where(ratio > 0, ratio, np.nan)
    above = np.where(known < 1, 1 / known, known)
    return np.asarray(above + np.sqrt(above * (above - 1)), np.float64)

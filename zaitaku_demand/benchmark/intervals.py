"""Confidence intervals of counts, proportions, means and ratios of counts: one formula, one function.

Arrays in, arrays out, broadcasting. The confidence is that of the two-sided interval, as a fraction (0.95); half
of the rest lies on either side. Where the inputs are not known (NaN), negative, or divide by nothing, the limits
are NaN. Counts may be fractions (estimates): the exact limits then use the gamma distribution, of
which the Poisson limits of whole counts are the special case.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
Limits = tuple[FloatArray, FloatArray]

BYAR_FROM = 10.0
"""Events from which Byar's approximation is used; below, the exact limits."""


def z_value(confidence: float) -> float:
    """Normal quantile of a two-sided confidence, ``z = Phi^-1((1 + confidence) / 2)``."""
    return float(-special.ndtri(tail(confidence)))


def tail(confidence: float) -> float:
    """Probability on either side, ``(1 - confidence) / 2``.

    Raises
    ------
    InputError
        If the confidence is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise InputError(
            Text(f"信頼係数が{confidence}である", f"the confidence is {confidence}"),
            Text(
                "0.95のように0と1の間の値を指定してください", "give a fraction between 0 and 1, such as 0.95"
            ),
        )
    return (1 - confidence) / 2


def divide(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> FloatArray:
    """Quotient, NaN where the denominator is not above 0."""
    above, below = np.broadcast_arrays(np.asarray(numerator, np.float64), np.asarray(denominator, np.float64))
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0), np.float64)


def poisson_limits(
    events: npt.ArrayLike, confidence: float = 0.95, event_size: npt.ArrayLike = 1.0
) -> Limits:
    """Limits of a count: exact below 10 events, Byar's approximation (Breslow & Day) from 10 on.

    Parameters
    ----------
    events : array
        Counts, also fractions.
    confidence : float
    event_size : array
        Counted things that come together (claims of one patient, say). They are not independent, so the
        interval is that of ``events / event_size`` events, times `event_size`.

    References
    ----------
    The rule of PHEindicatormethods (``phe_rate``).
    """
    count, size = np.broadcast_arrays(np.asarray(events, np.float64), np.asarray(event_size, np.float64))
    independent = divide(count, size)
    lower, upper = byar_breslow_day_limits(independent, confidence)
    few = independent < BYAR_FROM
    if few.any():
        # The quantiles cost far more than everything else, and small counts repeat.
        different, place = np.unique(independent[few], return_inverse=True)
        exact_lower, exact_upper = poisson_exact_limits(different, confidence)
        lower[few], upper[few] = exact_lower[place], exact_upper[place]
    return lower * size, upper * size


def poisson_exact_limits(events: npt.ArrayLike, confidence: float = 0.95) -> Limits:
    """Exact limits of a count (Garwood 1936).

    ``lower = Gamma^-1(p; x), upper = Gamma^-1(1 - p; x + 1)``, that is ``chi2(p; 2 x) / 2`` and
    ``chi2(1 - p; 2 x + 2) / 2``.
    """
    count = _not_negative(events)
    p = tail(confidence)
    # Below 1e-3 the quantile is under 1e-300 at any usual confidence, and scipy gives none for the smallest.
    some = count > 1e-3
    lower = np.where(some, special.gammaincinv(np.where(some, count, 1.0), p), 0.0)
    return np.where(np.isnan(count), np.nan, lower), special.gammainccinv(count + 1, p)


def byar_breslow_day_limits(events: npt.ArrayLike, confidence: float = 0.95) -> Limits:
    """Byar's approximation of the exact limits of a count, in the form of Breslow & Day.

    ``lower = x (1 - 1/(9 x) - z/(3 sqrt x))^3`` (0 where that is negative), ``upper = (x+1) (1 - 1/(9 (x+1)) +
    z/(3 sqrt(x+1)))^3``.

    Notes
    -----
    Another formula of that name centres on x + 0.5 and gives other limits.

    References
    ----------
    Breslow & Day 1987, Statistical Methods in Cancer Research II, p. 69.
    """
    count = _not_negative(events)
    z = z_value(confidence)
    one = np.where(count > 0, count, 1.0)
    low = 1 - 1 / (9 * one) - z / (3 * np.sqrt(one))
    more = count + 1
    high = 1 - 1 / (9 * more) + z / (3 * np.sqrt(more))
    lower = np.where(count > 0, count * np.maximum(low, 0) ** 2 * low, np.minimum(count, 0.0))
    return np.maximum(lower, 0.0), more * high * high * high


def poisson_score_limits(events: npt.ArrayLike, confidence: float = 0.95) -> Limits:
    """Score limits of a count, ``x + z^2/2 -+ z sqrt(x + z^2/4)`` (for comparison; not used by the benchmark).

    References
    ----------
    Barker 2002, Am Stat 56:85; statsmodels ``confint_poisson(method="score")``.
    """
    count, z = _not_negative(events), z_value(confidence)
    half = z * np.sqrt(count + z * z / 4)
    return count + z * z / 2 - half, count + z * z / 2 + half


def poisson_wald_limits(events: npt.ArrayLike, confidence: float = 0.95) -> Limits:
    """Wald limits of a count, ``x -+ z sqrt x``, which cover too little at small counts (for comparison only).

    References
    ----------
    statsmodels ``confint_poisson(method="wald")``.
    """
    count = _not_negative(events)
    half = z_value(confidence) * np.sqrt(count)
    return count - half, count + half


def wilson_limits(events: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = 0.95) -> Limits:
    """Score limits of a proportion.

    ``(2 x + z^2 -+ z sqrt(z^2 + 4 x (1 - x/n))) / (2 (n + z^2))``

    References
    ----------
    Wilson 1927, J Am Stat Assoc 22:209.
    """
    z = z_value(confidence)
    share, n = np.broadcast_arrays(divide(events, trials), np.asarray(trials, np.float64))
    share = np.where((share >= 0) & (share <= 1), share, np.nan)
    root = z * np.sqrt(z * z + 4 * n * share * (1 - share))
    middle, below = 2 * n * share + z * z, 2 * (n + z * z)
    lower, upper = divide(middle - root, below), divide(middle + root, below)
    return np.where(share == 0, 0.0, lower), np.where(share == 1, 1.0, upper)


def binomial_exact_limits(events: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = 0.95) -> Limits:
    """Exact limits of a proportion (Clopper & Pearson 1934): quantiles of Beta(x, n-x+1) and Beta(x+1, n-x)."""
    p = tail(confidence)
    x, n = np.broadcast_arrays(_not_negative(events), _not_negative(trials))
    x = np.where((x <= n) & (n > 0), x, np.nan)
    rest = n - x
    lower = np.where(x == 0, 0.0, special.betaincinv(np.where(x == 0, 1.0, x), rest + 1, p))
    upper = np.where(rest == 0, 1.0, special.betainccinv(x + 1, np.where(rest == 0, 1.0, rest), p))
    return lower, upper


def student_t_limits(
    mean: npt.ArrayLike, standard_deviation: npt.ArrayLike, units: npt.ArrayLike, confidence: float = 0.95
) -> Limits:
    """Limits of a mean, ``mean -+ t(1 - p; n - 1) s / sqrt n``; NaN for fewer than two units.

    Parameters
    ----------
    mean, standard_deviation : array
        Of the values (standard deviation with n - 1).
    units : array
        Number of values.
    """
    n = np.asarray(units, np.float64)
    enough = n > 1
    number = np.where(enough, n, 2.0)
    half = (
        special.stdtrit(number - 1, 1 - tail(confidence)) * np.asarray(standard_deviation) / np.sqrt(number)
    )
    half = np.where(enough, half, np.nan)
    return np.asarray(mean - half), np.asarray(mean + half)


def ratio_of_counts_limits(
    above: npt.ArrayLike,
    below: npt.ArrayLike,
    confidence: float = 0.95,
    method: Literal["exact", "score"] = "exact",
) -> Limits:
    """Limits of the ratio of two Poisson means from their counts.

    Given the sum x + y, x is binomial with the share ``R / (1 + R)``, so limits of the share are limits of R.
    ``exact`` takes those of Clopper & Pearson (with whole counts the F form ``x / ((y+1) F)``),
    ``score`` those of Wilson.

    Parameters
    ----------
    above, below : array
        Counts x and y, also fractions. The upper limit is inf where y is 0.

    References
    ----------
    Przyborowski & Wilenski 1940, Biometrika 31:313; Barker & Cadwell 2008, Stat Med 27:4030 (score).
    """
    x, y = np.broadcast_arrays(_not_negative(above), _not_negative(below))
    limits = binomial_exact_limits if method == "exact" else wilson_limits
    lower, upper = limits(x, x + y, confidence)
    bounded = np.where(upper < 1, upper, 0.5)
    return lower / (1 - np.where(lower < 1, lower, np.nan)), np.where(
        upper < 1, bounded / (1 - bounded), np.where(np.isnan(upper), np.nan, np.inf)
    )


def usual_ratio_of_counts_limits(
    above: npt.ArrayLike, below: npt.ArrayLike, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.bool_]]:
    """Limits of the ratio of two counts, exact where either is below 10, score limits from there on.

    Returns
    -------
    lower, upper : arrays
    few : array of bool
        Where the exact limits are used.
    """
    x, y = np.broadcast_arrays(_not_negative(above), _not_negative(below))
    few = np.fmin(x, y) < BYAR_FROM
    lower, upper = ratio_of_counts_limits(x, y, confidence, "score")
    lower[few], upper[few] = ratio_of_counts_limits(x[few], y[few], confidence, "exact")
    return lower, upper, few


def _not_negative(values: npt.ArrayLike) -> FloatArray:
    array = np.asarray(values, np.float64)
    return np.where(array >= 0, array, np.nan)

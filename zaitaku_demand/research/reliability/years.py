"""Whether differences between places last: ICC over years, agreement of halves of the years, components of variance.

Places are rows and years columns. A one-year reliability near 1 only says that a year's figure is not chance; a place may
still differ from itself a year later. The components tell the lasting difference, the one that
belongs to a single year, and chance apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.benchmark.intervals import FloatArray, divide, tail, z_value


class Interval(NamedTuple):
    """An estimate with its limits; scalars or arrays."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray


class YearComponents(NamedTuple):
    """Components of variance of figures of places in single years; arrays (...).

    Attributes
    ----------
    place : array
        Lasting differences between places (mean covariance of two years).
    place_year : array
        Differences that belong to a single year, beyond chance.
    chance : array
        Mean chance variance of a figure of one year.
    """

    place: FloatArray
    place_year: FloatArray
    chance: FloatArray


def icc_agreement(table: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """ICC(2,1): share of the variance of single years that is between places, general changes counted as error.

    ``(MSR - MSE) / (MSR + (k-1) MSE + k (MSC - MSE) / n)`` with the F limits of Shrout & Fleiss.

    Parameters
    ----------
    table : array (..., places, years)
        Without NaN.

    References
    ----------
    Shrout & Fleiss 1979, Psychol Bull 86:420 (case 2); McGraw & Wong 1996, Psychol Methods 1:30 (ICC(A,1)).
    """
    rows, columns, error, n, k = _mean_squares(table)
    value = divide(rows - error, rows + (k - 1) * error + k * (columns - error) / n)
    r = np.clip(value, 0.0, 1.0 - 1e-12)
    ratio = divide(columns, error)
    slope = n * (1 + (k - 1) * r) - k * r
    above = (n - 1) * (k - 1) * (k * r * ratio + slope) ** 2
    below = (n - 1) * k**2 * r**2 * ratio**2 + slope**2
    free = divide(above, below)
    p = tail(confidence)
    from_below, from_above = _f_quantile(n - 1, free, 1 - p), _f_quantile(free, n - 1, 1 - p)
    total = k * columns + (k * n - k - n) * error
    lower = divide(n * (rows - from_below * error), from_below * total + n * rows)
    upper = divide(n * (from_above * rows - error), total + n * from_above * rows)
    return Interval(value, lower, upper)


def icc_consistency(table: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """ICC(3,1): the same with changes common to all places left out, ``(MSR - MSE) / (MSR + (k-1) MSE)``.

    Parameters
    ----------
    table : array (..., places, years)
        Without NaN.

    References
    ----------
    Shrout & Fleiss 1979, Psychol Bull 86:420 (case 3); McGraw & Wong 1996, Psychol Methods 1:30 (ICC(C,1)).
    """
    rows, _, error, n, k = _mean_squares(table)
    p = tail(confidence)
    f = divide(rows, error)
    low = f / _f_quantile(n - 1, (n - 1) * (k - 1), 1 - p)
    high = f * _f_quantile((n - 1) * (k - 1), n - 1, 1 - p)
    return Interval(*((ratio - 1) / (ratio + k - 1) for ratio in (f, low, high)))


def concordance(first: npt.ArrayLike, second: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Lin's concordance correlation, ``2 s_xy / (s_x^2 + s_y^2 + (mean_x - mean_y)^2)``, limits by Fisher's z.

    Parameters
    ----------
    first, second : arrays (units,)
        Pairs with NaN are left out. Variances with divisor n. Without limits where agreement is perfect or none.

    References
    ----------
    Lin 1989, Biometrics 45:255, variance as corrected in Lin 2000, Biometrics 56:324.
    """
    x, y = (np.asarray(part, np.float64) for part in (first, second))
    both = ~(np.isnan(x) | np.isnan(y))
    x, y, n = x[both], y[both], int(both.sum())
    if n < 3:
        return Interval(*(np.asarray(np.nan) for _ in range(3)))
    variances = x.var(), y.var()
    shift = (x.mean() - y.mean()) ** 2
    covariance = ((x - x.mean()) * (y - y.mean())).mean()
    spread = np.sqrt(variances[0] * variances[1])
    c = divide(2 * covariance, variances[0] + variances[1] + shift)
    r = divide(covariance, spread)
    u = divide(shift, spread)
    if abs(c) > 1 - 1e-12 or r == 0 or np.isnan(r):
        return Interval(c, *(np.asarray(np.nan) for _ in range(2)))
    square = (1 - r**2) * c**2 / ((1 - c**2) * r**2)
    square = square + 2 * c**3 * (1 - c) * u / (r * (1 - c**2) ** 2)
    square = square - c**4 * u**2 / (2 * r**2 * (1 - c**2) ** 2)
    half = z_value(confidence) * np.sqrt(np.maximum(square, 0.0) / (n - 2))
    z = np.arctanh(c)
    return Interval(c, np.tanh(z - half), np.tanh(z + half))


def correlation(first: npt.ArrayLike, second: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Pearson's correlation with limits by Fisher's z; pairs with NaN are left out.

    Parameters
    ----------
    first, second : arrays (units,)
        Ranks give Spearman's.
    """
    x, y = (np.asarray(part, np.float64) for part in (first, second))
    both = ~(np.isnan(x) | np.isnan(y))
    n = int(both.sum())
    if n < 4 or x[both].std() == 0 or y[both].std() == 0:
        return Interval(*(np.asarray(np.nan) for _ in range(3)))
    r = np.asarray(np.corrcoef(x[both], y[both])[0, 1])
    z = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
    half = z_value(confidence) / np.sqrt(n - 3)
    return Interval(r, np.tanh(z - half), np.tanh(z + half))


def year_components(values: npt.ArrayLike, variances: npt.ArrayLike) -> YearComponents:
    """Components of variance place, place x year and chance, by moments.

    Each pair of years gives the covariance of the places known in both; the lasting component is their mean, weighted by
    places - 1. What the variance of a year holds beyond that and beyond chance is place x year. General changes
    from year to year are in none of them.

    Parameters
    ----------
    values, variances : arrays (..., places, years)
        Figures on a scale on which chance variance is known, and that variance. NaN where not known.

    Notes
    -----
    Unbiased where a place is missing irrespective of its figure; components are cut at 0. A place's slow drift counts as
    lasting the more, the closer the years lie.
    """
    y, v = np.broadcast_arrays(np.asarray(values, np.float64), np.asarray(variances, np.float64))
    known = (~np.isnan(y) & (v >= 0)).astype(np.float64)
    years = y.shape[-1]
    # Differences are all that counts: without the mean, squares of large figures do not swallow them.
    general = divide(
        np.where(known > 0, y, 0.0).sum(axis=(-1, -2), keepdims=True), known.sum(axis=(-1, -2), keepdims=True)
    )
    filled = np.where(known > 0, y - general, 0.0)
    count = np.swapaxes(known, -1, -2) @ known
    sums = np.swapaxes(filled, -1, -2) @ known
    products = np.swapaxes(filled, -1, -2) @ filled
    covariance = divide(products - divide(sums * np.swapaxes(sums, -1, -2), count), count - 1)
    weight = np.maximum(count - 1, 0.0)
    apart = ~np.eye(years, dtype=bool)
    pairs = np.where(apart, weight, 0.0)
    place = divide(np.nansum(pairs * np.nan_to_num(covariance), axis=(-1, -2)), pairs.sum(axis=(-1, -2)))
    own = np.where(apart, 0.0, weight)
    total = divide(np.nansum(own * np.nan_to_num(covariance), axis=(-1, -2)), own.sum(axis=(-1, -2)))
    used = known.sum(axis=(-1, -2))
    chance = divide((np.nan_to_num(v) * known).sum(axis=(-1, -2)), used)
    lasting = np.maximum(place, 0.0)
    return YearComponents(lasting, np.maximum(total - chance - lasting, 0.0), chance)


def lasting_reliability(components: YearComponents, years: npt.ArrayLike = 1.0) -> FloatArray:
    """Share of the variance of a mean of some years that is a lasting difference between places.

    ``place / (place + (place_year + chance) / years)``
    """
    rest = (components.place_year + components.chance) / np.asarray(years, np.float64)
    return divide(components.place, components.place + rest)


def years_needed(components: YearComponents, target: float) -> FloatArray:
    """Years whose mean has the reliability `target`, ``r/(1-r) (place_year + chance) / place``; inf if nothing lasts."""
    rest = components.place_year + components.chance
    none = (components.place == 0) & (rest > 0)
    return np.where(none, np.inf, target / (1 - target) * divide(rest, components.place))


def _mean_squares(table: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray, int, int]:
    y = np.asarray(table, np.float64)
    n, k = y.shape[-2:]
    mean = y.mean(axis=(-1, -2), keepdims=True)
    rows, columns = y.mean(axis=-1, keepdims=True), y.mean(axis=-2, keepdims=True)
    between = k * ((rows - mean) ** 2).sum(axis=(-1, -2)) / (n - 1)
    across = n * ((columns - mean) ** 2).sum(axis=(-1, -2)) / (k - 1)
    error = ((y - rows - columns + mean) ** 2).sum(axis=(-1, -2)) / ((n - 1) * (k - 1))
    return between, across, error, n, k


def _f_quantile(above: npt.ArrayLike, below: npt.ArrayLike, p: float) -> FloatArray:
    return np.asarray(special.fdtri(above, below, p), np.float64)

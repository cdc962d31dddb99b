"""Reliability by moments: Kleinman's weights, the analysis of variance of binary outcomes and of rates.

All return the prior size M (see `likelihood`), so that every estimator reads ``n / (n + M)``. Units are the last axis.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray, divide
from zaitaku_demand.benchmark.shrinkage import marshall_prior


def kleinman_size(
    events: npt.ArrayLike, trials: npt.ArrayLike, rounds: int = 2
) -> tuple[FloatArray, FloatArray]:
    """Mean share and prior size of the beta-binomial by weighted moments.

    With weights w, ``p = sum w p_i / sum w``, ``S = sum w (p_i - p)^2`` and ``c_i = w_i (1 - w_i / sum w)``, the
    intra-unit correlation is ``g = (S - p q sum c/n) / (p q (sum c - sum c/n))``; M = 1/g - 1. The first round
    weighs by n, the following by ``n / (1 + g (n - 1))``.

    Parameters
    ----------
    events, trials : arrays (..., units)
    rounds : int
        Rounds of weighting.

    Returns
    -------
    mean, prior_size : arrays (...)
        The size is inf where the shares differ no more than by chance.

    References
    ----------
    Kleinman 1973, J Am Stat Assoc 68:46.
    """
    x, n = _together(events, trials)
    share = divide(x, n)
    weight = np.nan_to_num(n)
    for _ in range(rounds):
        total = weight.sum(axis=-1, keepdims=True)
        mean = divide(np.nansum(weight * share, axis=-1), total[..., 0])
        spread = np.nansum(weight * (share - mean[..., None]) ** 2, axis=-1)
        part = weight * (1 - divide(weight, total))
        chance = np.nansum(divide(part, n), axis=-1)
        variance = mean * (1 - mean)
        correlation = divide(spread - variance * chance, variance * (np.nansum(part, axis=-1) - chance))
        bounded = np.clip(np.nan_to_num(correlation), 0.0, 1.0)[..., None]
        weight = np.nan_to_num(divide(n, 1 + bounded * np.maximum(n - 1, 0)))
    return mean, size_of_correlation(correlation)


def anova_correlation(events: npt.ArrayLike, trials: npt.ArrayLike) -> FloatArray:
    """Intra-unit correlation of binary outcomes by the analysis of variance; array (...).

    ``(MSB - MSW) / (MSB + (n0 - 1) MSW)``, ``n0 = (N - sum n^2 / N) / (k - 1)``. Not below 0 here.

    Parameters
    ----------
    events, trials : arrays (..., units)

    References
    ----------
    Ridout, Demetrio & Firth 1999, Biometrics 55:137 (estimator AOV); Searle 1971, Linear Models, p. 474.
    """
    x, n = _together(events, trials)
    units = (~np.isnan(x)).sum(axis=-1)
    cases = np.nansum(n, axis=-1)
    between = np.nansum(divide(x * x, n), axis=-1) - divide(np.nansum(x, axis=-1) ** 2, cases)
    within = np.nansum(x - divide(x * x, n), axis=-1)
    mean_between, mean_within = divide(between, units - 1), divide(within, cases - units)
    size = divide(cases - divide(np.nansum(n * n, axis=-1), cases), units - 1)
    found = divide(mean_between - mean_within, mean_between + (size - 1) * mean_within)
    return np.maximum(found, 0.0)


def anova_size_of_rates(events: npt.ArrayLike, exposure: npt.ArrayLike) -> FloatArray:
    """Prior size of rates by the analysis of variance; array (...).

    With weights E the mean square between units has expectation ``m + n0 A``, chance is m itself, so ``A = (MSB - m) /
    n0`` and M = m / A. inf where there is no variance beyond chance.

    Parameters
    ----------
    events, exposure : arrays (..., units)

    References
    ----------
    The principle of Searle 1971 with the Poisson variance as the known mean square within.
    """
    x, e = _together(events, exposure)
    units = (~np.isnan(x)).sum(axis=-1)
    total = np.nansum(e, axis=-1)
    mean = divide(np.nansum(x, axis=-1), total)
    square = divide(np.nansum(e * (divide(x, e) - mean[..., None]) ** 2, axis=-1), units - 1)
    size = divide(total - divide(np.nansum(e * e, axis=-1), total), units - 1)
    return _ratio_or_inf(mean, divide(square - mean, size))


def marshall_size(events: npt.ArrayLike, exposure: npt.ArrayLike) -> FloatArray:
    """Prior size of rates by Marshall's moments, mean over variance of :func:`marshall_prior`; array (...)."""
    prior = marshall_prior(events, exposure)
    return _ratio_or_inf(prior.mean, prior.variance)


def size_of_correlation(correlation: npt.ArrayLike) -> FloatArray:
    """Prior size of an intra-unit correlation, ``(1 - g) / g``; inf where g is not above 0."""
    g = np.asarray(correlation, np.float64)
    return _ratio_or_inf(1 - np.minimum(g, 1.0), g)


def _ratio_or_inf(above: FloatArray, below: FloatArray) -> FloatArray:
    none = ~(below > 0) & ~np.isnan(below)
    return np.where(none, np.inf, divide(above, below))


def _together(events: npt.ArrayLike, trials: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    x, n = np.broadcast_arrays(np.asarray(events, np.float64), np.asarray(trials, np.float64))
    usable = (x >= 0) & (n > 0)
    return np.where(usable, x, np.nan), np.where(usable, n, np.nan)

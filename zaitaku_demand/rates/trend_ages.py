"""Drift by age: the mean yearly change of the logarithm of rates, smoothed over ages."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

LEAST_STEPS = 2
"""Yearly changes that a drift needs at least."""

_VARIANCE_GRID = np.concatenate([[0.0], 10.0 ** np.linspace(-7, 0, 29)])


def age_drift(counts: FloatArray, people: FloatArray, usable: npt.NDArray[np.bool_]) -> FloatArray:
    """Mean yearly change of the logarithm of rates, smoothed over ages.

    Parameters
    ----------
    counts, people : arrays (years, ages)
        Claims and population of consecutive fiscal years.
    usable : array (years - 1,) of bool
        Steps that count.

    Returns
    -------
    array (ages,)
        NaN if fewer than `LEAST_STEPS` steps count.
    """
    if usable.sum() < LEAST_STEPS:
        return np.full(counts.shape[1], np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(counts / people)
    change = np.diff(logs, axis=0)[usable]
    seen = np.isfinite(change).all(axis=0)
    if not seen.any():
        return np.zeros(counts.shape[1])
    change = change[:, seen]
    mean = change.mean(axis=0)
    # What a single age does in a year besides what all ages do: counting, interpolated populations, cohorts.
    size = counts[-1, seen]
    common = (change * size).sum(axis=1, keepdims=True) / size.sum()
    rest = change - common - (mean - (mean * size).sum() / size.sum())
    spread = (rest**2).sum(axis=0) / (len(change) - 1) / len(change)
    spread = spread * _persistence(rest, np.flatnonzero(usable))
    variance = _steadied(spread, size)
    out = np.empty(counts.shape[1])
    out[seen] = smooth_over_ages(mean, variance)
    places = np.arange(counts.shape[1])
    out[~seen] = np.interp(places[~seen], places[seen], out[seen])
    return out


def smooth_over_ages(mean: FloatArray, variance: FloatArray) -> FloatArray:
    """Best linear prediction of drifts that follow a random walk over neighbouring ages.

    mean[g] = b[g] + error of `variance`[g]; b[g + 1] - b[g] has a variance that maximises the likelihood of
    `mean` (restricted, the level being free; Whittaker 1923 graduation with its weight estimated). Ages with few
    patients lean on their neighbours.

    Parameters
    ----------
    mean, variance : arrays (ages,)

    Returns
    -------
    array (ages,)
    """
    if len(mean) == 1 or not (variance > 0).any():
        return mean.copy()
    noise = np.maximum(variance, variance.max() * 1e-9)
    places = np.arange(len(mean))
    walk = np.minimum(places[:, None], places).astype(np.float64)
    best, best_fit = -np.inf, mean
    for step in _VARIANCE_GRID:
        whole = np.diag(noise) + step * walk
        inverse = np.linalg.inv(whole)
        weight = inverse.sum()
        level = (inverse @ mean).sum() / weight
        rest = mean - level
        likelihood = -0.5 * (np.linalg.slogdet(whole)[1] + np.log(weight) + rest @ inverse @ rest)
        if likelihood > best:
            best, best_fit = likelihood, level + step * walk @ inverse @ rest
    return np.asarray(best_fit)


def _persistence(rest: FloatArray, steps: npt.NDArray[np.int64]) -> float:
    """Variance of a mean of the steps over that of independent ones, from the correlation of neighbouring steps.

    What misses a level in one year comes back in the next, so errors of counting cancel in the mean: their correlation is
    -1/2 and the factor 1/n. One for all ages; the mean taken out of n steps lowers the correlation by 1/n, put back.
    """
    number = len(rest)
    joined = np.diff(steps) == 1
    square = float((rest**2).mean())
    if square == 0 or not joined.any():
        return 1.0
    correlation = float((rest[:-1] * rest[1:])[joined].mean()) / square + 1 / number
    return float(np.clip(1 + 2 * correlation * (number - 1) / number, 1 / number, 1.0))


def _steadied(spread: FloatArray, size: FloatArray) -> FloatArray:
    """Variances of the ages from a fit on their counts: a constant part plus a part falling with the count.

    A variance estimated from a handful of years is too unsteady to weigh by. The share of the two parts follows from
    non-negative least squares on the relative errors.
    """
    from scipy.optimize import nnls

    positive = np.maximum(spread, spread.mean() * 1e-3)
    if not (positive > 0).all():
        return np.zeros_like(spread)
    design = np.stack([np.ones_like(size), size.max() / size], axis=1)
    # Two rounds of weights: variances scatter in proportion to themselves.
    fitted = np.full_like(positive, positive.mean())
    for _ in range(2):
        parts, _ = nnls(design / fitted[:, None], positive / fitted)
        fitted = np.maximum(design @ parts, positive.mean() * 1e-6)
    return np.asarray(fitted)

"""Beta-binomial and gamma-Poisson models of units by maximum likelihood, with profile likelihood intervals.

Both models have a mean and a *prior size* M: the number of cases (trials, or exposure) at which half of the variance
of a unit's figure is signal. Reliability is ``size / (size + M)`` in either model, so one machine serves both.
Units are the last axis, sets of units the axes before; NaN marks a unit without figure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.benchmark.intervals import FloatArray, divide

CountKind = Literal["binomial", "poisson"]

_LOWEST, _HIGHEST = -9.0, 14.0
"""Ends of the search: logit of the reliability at the median size."""
_STEP = 1.0
_ZOOMS = 6
_AROUND = np.linspace(-1.0, 1.0, 5)
_NEWTON = 12
_CLOSE = 1e-6
_BISECTIONS = 12
_CELLS_AT_ONCE = 100_000


class CountPrior(NamedTuple):
    """Distribution of the units' true figures; arrays (...).

    Attributes
    ----------
    mean : array
        Mean of the true shares or rates.
    size : array
        Prior size M: alpha + beta of the beta distribution, rate parameter of the gamma distribution. inf where the
        units do not differ beyond chance.
    size_lower, size_upper : array
        Profile likelihood limits of M; inf where no difference beyond chance is compatible with the data, 0
        where the data set no limit.
    log_likelihood : array
        At the maximum, without the constant that depends on the data alone.
    """

    mean: FloatArray
    size: FloatArray
    size_lower: FloatArray
    size_upper: FloatArray
    log_likelihood: FloatArray


def count_log_likelihood(
    kind: CountKind, events: FloatArray, size: FloatArray, mean: FloatArray, prior_size: FloatArray
) -> FloatArray:
    """Log likelihood of the counts of all units, summed over the last axis.

    Binomial: ``ln B(x + mM, n - x + (1-m)M) - ln B(mM, (1-m)M)``; Poisson: ``ln G(x + mM) - ln G(mM) + mM ln(M/(E+M))
    - x ln(E + M)``. Terms of the data alone (binomial coefficient, ``x ln E - ln x!``) are left out.

    Parameters
    ----------
    kind : {"binomial", "poisson"}
    events, size : arrays (..., units)
        Events and trials, or events and exposure. NaN are left out.
    mean, prior_size : arrays (...)

    References
    ----------
    Griffiths 1973, Biometrics 29:637 (beta-binomial); Clayton & Kaldor 1987, Biometrics 43:671 (gamma-Poisson).
    """
    m, big = np.asarray(mean)[..., None], np.asarray(prior_size)[..., None]
    shape = m * big
    terms = special.gammaln(events + shape) - special.gammaln(shape)
    if kind == "binomial":
        other = (1 - m) * big
        terms = terms + special.gammaln(size - events + other) - special.gammaln(other)
        terms = terms - special.gammaln(size + big) + special.gammaln(big)
    else:
        terms = terms + shape * -np.log1p(size / big) - events * np.log(size + big)
    return np.asarray(np.nansum(terms, axis=-1))


def maximum_likelihood(
    kind: CountKind, events: npt.ArrayLike, size: npt.ArrayLike, confidence: float = 0.95
) -> CountPrior:
    """Mean and prior size of the units by maximum likelihood, with profile limits of the prior size.

    Parameters
    ----------
    kind : {"binomial", "poisson"}
    events, size : arrays (..., units)
        Independent cases and trials (or exposure, expected cases). Fractions are allowed.
    confidence : float
        Of the profile likelihood interval (chi-square with one degree of freedom).

    Returns
    -------
    CountPrior
        NaN where fewer than two units have a figure or there is no event at all.

    Notes
    -----
    The mean is maximised out by Newton's method (the likelihood is concave in it), the prior size found on a grid of the
    logit of the reliability at the median size, refined around the maximum, at last by a parabola.
    """
    x, n = np.broadcast_arrays(np.asarray(events, np.float64), np.asarray(size, np.float64))
    usable = (n > 0) & (x >= 0) & ((x <= n) if kind == "binomial" else True)
    x, n = np.where(usable, x, np.nan), np.where(usable, n, np.nan)
    total = np.nansum(x, axis=-1)
    possible = (usable.sum(axis=-1) > 1) & (total > 0)
    if kind == "binomial":
        possible &= total < np.nansum(n, axis=-1)
    median = _median(n)

    def profile(logit: FloatArray) -> tuple[FloatArray, FloatArray]:
        prior_size = median * np.exp(-logit)
        mean = _best_mean(kind, x, n, prior_size)
        return count_log_likelihood(kind, x, n, mean, prior_size), mean

    def heights(logits: FloatArray) -> FloatArray:
        """Profile at several logits (first axis): in one go where the sets are few, as calls then cost most."""
        if logits.size * n.shape[-1] <= _CELLS_AT_ONCE:
            return profile(logits)[0]
        return np.stack([profile(each)[0] for each in logits])

    every = (-1, *([1] * total.ndim))
    grid = np.arange(_LOWEST, _HIGHEST + _STEP / 2, _STEP)
    values = heights(np.broadcast_to(grid.reshape(every), (len(grid), *total.shape)))
    best = np.asarray(grid[np.argmax(values, axis=0)])
    step = _STEP
    for _ in range(_ZOOMS):
        near = np.clip(best + step * _AROUND.reshape(every), _LOWEST, _HIGHEST)
        found = heights(near)
        at = np.clip(np.argmax(found, axis=0), 1, len(_AROUND) - 2)[None]
        before, middle, after = (np.take_along_axis(found, at + shift, axis=0)[0] for shift in (-1, 0, 1))
        step *= _AROUND[1] - _AROUND[0]
        bend = before - 2 * middle + after
        off = np.clip(np.where(bend < 0, (before - after) / np.where(bend < 0, 2 * bend, 1.0), 0.0), -1, 1)
        best = np.clip(np.take_along_axis(near, at, axis=0)[0] + step * off, _LOWEST, _HIGHEST)
    top, mean = profile(best)
    height = top - special.chdtri(1, 1 - confidence) / 2
    lower, upper = _crossings(heights, height, best)
    nothing = best <= _LOWEST + _STEP

    def as_size(logit: FloatArray) -> FloatArray:
        made = np.asarray(median * np.exp(-logit), np.float64)
        return np.where(logit <= _LOWEST, np.inf, np.where(logit >= _HIGHEST, 0.0, made))

    parts = (mean, np.where(nothing, np.inf, as_size(best)), as_size(upper), as_size(lower), top)
    return CountPrior(*(np.where(possible, part, np.nan) for part in parts))


def reliability_at(size: npt.ArrayLike, prior_size: npt.ArrayLike) -> FloatArray:
    """Reliability of a unit's figure, ``n / (n + M)``; 0 where M is inf (no difference beyond chance).

    Parameters
    ----------
    size : array
        Trials or exposure of the unit.
    prior_size : array
        M; for the beta distribution alpha + beta.

    References
    ----------
    Adams 2009, RAND TR-653, with the within variance at the mean of the distribution (``est.BB`` of the R package
    QualityMeasure 2.0.1, Nieser & Harris 2024, Stat Med 43:4575).
    """
    n, big = np.broadcast_arrays(np.asarray(size, np.float64), np.asarray(prior_size, np.float64))
    return np.where(np.isinf(big), 0.0 * n, divide(n, n + np.where(np.isinf(big), 0.0, big)))


def true_variance(kind: CountKind, prior: CountPrior) -> FloatArray:
    """Variance of the units' true figures: beta ``m(1-m)/(M+1)``, gamma ``m/M``; array (...)."""
    if kind == "binomial":
        return np.asarray(prior.mean * (1 - prior.mean) / (prior.size + 1))
    return np.asarray(prior.mean / np.where(prior.size > 0, prior.size, np.nan))


def own_share_reliability(events: npt.ArrayLike, trials: npt.ArrayLike, between: npt.ArrayLike) -> FloatArray:
    """Reliability with each unit's own share in the chance variance, ``V / (V + p(1-p)/n)``; for comparison only.

    It is 1 wherever no or all trials are events, however few they are, and too high near the ends.

    Parameters
    ----------
    events, trials : arrays (..., units)
    between : array (...)
        Variance of the true shares.

    References
    ----------
    Adams 2009, RAND TR-653; criticised in Nieser & Harris 2024, Stat Med 43:4575.
    """
    share = divide(events, trials)
    variance = np.asarray(between, np.float64)[..., None]
    return divide(variance, variance + divide(share * (1 - share), trials))


def _best_mean(kind: CountKind, x: FloatArray, n: FloatArray, prior_size: FloatArray) -> FloatArray:
    """Mean that maximises the likelihood at a prior size, by Newton's method from the weighted mean of the figures."""
    big = prior_size[..., None]
    weight = n / (n + big)
    weighted = divide(np.nansum(weight * x / n, axis=-1), np.nansum(weight, axis=-1))
    mean = np.where(weighted > 0, weighted, np.nan)
    for _ in range(_NEWTON):
        m = mean[..., None]
        shape = m * big
        slope = special.digamma(x + shape) - special.digamma(shape)
        curve = _trigamma(x + shape) - _trigamma(shape)
        if kind == "binomial":
            other = (1 - m) * big
            slope = slope - special.digamma(n - x + other) + special.digamma(other)
            curve = curve + _trigamma(n - x + other) - _trigamma(other)
        else:
            slope = slope - np.log1p(n / big)
        bend = prior_size * np.nansum(curve, axis=-1)
        moved = mean - np.where(bend < 0, np.nansum(slope, axis=-1) / np.where(bend < 0, bend, 1.0), 0.0)
        # A step beyond the ends is halved towards them, so that the mean stays possible.
        moved = np.where(moved <= 0, mean / 2, moved)
        if kind == "binomial":
            moved = np.where(moved >= 1, (1 + mean) / 2, moved)
        done = not (np.abs(moved / mean - 1) > _CLOSE).any()
        mean = moved
        if done:
            break
    return np.asarray(mean)


def _trigamma(x: FloatArray) -> FloatArray:
    """Second derivative of ln gamma, to 1e-9 relative: the asymptotic series after four steps of the recurrence."""
    y = 1 / (x + 4)
    square = y * y
    series = y + square / 2 + square * y * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square / 30)))
    return np.asarray(series + sum(1 / (x + step) ** 2 for step in range(4)))


def _crossings(
    heights: Callable[[FloatArray], FloatArray], height: FloatArray, inside: FloatArray
) -> FloatArray:
    """Where the profile falls to `height` on either side of the maximum (first axis); an end where it stays above."""
    far = np.stack([np.full(inside.shape, _LOWEST), np.full(inside.shape, _HIGHEST)])
    ends, near = far, np.stack([inside, inside])
    stays = heights(ends) >= height
    for _ in range(_BISECTIONS):
        middle = (near + far) / 2
        above = heights(middle) >= height
        near, far = np.where(above, middle, near), np.where(above, far, middle)
    return np.where(stays, ends, (near + far) / 2)


def _median(values: FloatArray) -> FloatArray:
    """Median of the last axis without its NaN; 1 where there is none."""
    none = np.asarray(np.isnan(values).all(axis=-1))
    return np.asarray(np.nanmedian(np.where(none[..., None], 1.0, values), axis=-1))

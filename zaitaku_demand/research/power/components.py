"""Variance components of counts by place and year, by moments that need no logarithm of small counts.

With m the expected count (size × rate of the year) and θ the true ratio of a place in a year, with mean 1, ``E[o] = m θ``.
Chance is independent between years, so products of two different years hold none of it::

    E[(o_t / m_t - 1)(o_s / m_s - 1)] = C(|t - s|)         the covariance of the ratios of two years
    E[o_t (o_t - 1) / (m_t^2 c_t)] - 1 = C(0)              c = 1 (Poisson), (n - 1) / n (binomial)

Products of different places of one prefecture give the part of C that the places of a prefecture share.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize

from zaitaku_demand.benchmark.intervals import divide
from zaitaku_demand.benchmark.overdispersion import pooled
from zaitaku_demand.research.panel import FloatArray, Kind


class Components(NamedTuple):
    """Variances of ratios (mean 1), arrays (...,) over bootstrap samples or scalars.

    Attributes
    ----------
    place : array
        Between places, lasting over the years; never below 0.
    shared : array
        The part of `place` that places of one prefecture have in common; NaN where each prefecture is one place.
    place_year : array
        What passes: between the years of a place, beyond chance and beyond the change of all.
    correlation : array
        Of `place_year` from one year to the next (0 to 1); NaN with fewer than three years.
    chance : array
        Of one place in one year, at the harmonic mean of the expected counts.
    by_lag : array (..., years)
        Covariance of a place's ratios in two years by their distance, from 0 (chance left out) on, made never to rise
        with the distance. `place` is the mean over the far half of the distances as they were estimated.
    """

    place: FloatArray
    shared: FloatArray
    place_year: FloatArray
    correlation: FloatArray
    chance: FloatArray
    by_lag: FloatArray


def variance_components(
    events: npt.ArrayLike, size: npt.ArrayLike, prefecture: npt.ArrayLike, kind: Kind = "poisson"
) -> Components:
    """Variance components of one outcome.

    Parameters
    ----------
    events, size : arrays (places, years)
        Independent cases and what they are divided by; NaN where not shown.
    prefecture : array (places,)
    kind : str
        ``poisson`` or ``binomial``.

    Raises
    ------
    ValueError
        If there are fewer than two years or three places.
    """
    moments = _moments(events, size, prefecture, kind)
    return _components(moments, np.ones((1, moments.weight.size)), one=True)


def bootstrap_components(
    events: npt.ArrayLike,
    size: npt.ArrayLike,
    prefecture: npt.ArrayLike,
    kind: Kind,
    resamples: int,
    seed: int,
) -> Components:
    """The same for samples of prefectures drawn with replacement (of places where each prefecture is one).

    Returns
    -------
    Components
        Arrays (resamples,).
    """
    moments = _moments(events, size, prefecture, kind)
    _, cluster = np.unique(np.asarray(prefecture), return_inverse=True)
    clusters = int(cluster.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(clusters, np.full(clusters, 1 / clusters), resamples)
    return _components(moments, drawn[:, cluster].astype(float), one=False)


def bootstrap_limits(estimate: float, sample: npt.ArrayLike, confidence: float) -> tuple[float, float]:
    """Limits of a variance from its bootstrap sample: the basic ones on the logarithm, ``estimate² / quantile``.

    Percentile limits of a variance of skewed effects lie too low. Where the sample reaches 0 its quantiles are taken.

    References
    ----------
    Davison & Hinkley 1997, Bootstrap Methods and their Application, section 5.2.
    """
    tail = (1 - confidence) / 2
    values = np.asarray(sample, np.float64)
    if np.isnan(values).all():
        return np.nan, np.nan
    low, high = (float(each) for each in np.nanquantile(values, (tail, 1 - tail)))
    if low <= 0 or estimate <= 0:
        return low, high
    return estimate**2 / high, estimate**2 / low


class _Moments(NamedTuple):
    """Per place: products by lag, second factorial moments, prefecture products; arrays (places, ...)."""

    weight: FloatArray
    same: FloatArray
    same_pairs: FloatArray
    lagged: FloatArray
    lagged_pairs: FloatArray
    neighbours: FloatArray
    neighbour_pairs: FloatArray
    inverse: FloatArray
    shown: FloatArray


def _moments(events: npt.ArrayLike, size: npt.ArrayLike, prefecture: npt.ArrayLike, kind: Kind) -> _Moments:
    o, n = (np.asarray(each, np.float64) for each in (events, size))
    known = np.isfinite(o) & (n > 0)
    o, n = np.where(known, o, np.nan), np.where(known, n, np.nan)
    places, years = o.shape
    if years < 2 or places < 3:
        raise ValueError("variance components need two years and three places")
    expected = n * pooled(o.T, n.T)[None, :]
    # A place's ratio varies by A + 1/m: with A of the order of a tenth, small places weigh less, large ones alike.
    mean_expected = np.nan_to_num(divide(np.nansum(expected, axis=1), known.sum(axis=1)))
    weight = mean_expected / (1 + 0.1 * mean_expected)
    # The mean of the year is one over places, not over persons: the largest would else be compared with themselves.
    shown = weight[:, None] * known
    expected *= divide((shown * np.nan_to_num(divide(o, expected))).sum(axis=0), shown.sum(axis=0))
    deviation = np.where(known, divide(o, expected) - 1, 0.0)
    correction = divide(n - 1, n) if kind == "binomial" else np.ones_like(n)
    factorial = np.where(
        known, divide(o * (o - 1), expected**2 * correction) - 2 * divide(o, expected) + 1, 0.0
    )
    here = known.astype(float)
    lags = np.arange(1, years)
    lagged = np.stack([(deviation[:, lag:] * deviation[:, :-lag]).sum(axis=1) for lag in lags], axis=1)
    pairs = np.stack([(here[:, lag:] * here[:, :-lag]).sum(axis=1) for lag in lags], axis=1)
    codes = np.asarray(prefecture)
    together = (codes[:, None] == codes[None, :]).astype(float)
    np.fill_diagonal(together, 0.0)
    # Different places of a prefecture in different years: neither chance nor a year that all its places share.
    total, count = deviation.sum(axis=1), here.sum(axis=1)
    near = total * (together @ total) - (deviation * (together @ deviation)).sum(axis=1)
    near_pairs = count * (together @ count) - (here * (together @ here)).sum(axis=1)
    inverse = np.where(known, divide(np.ones_like(n), expected), 0.0)
    return _Moments(
        weight,
        factorial.sum(axis=1),
        count,
        lagged,
        pairs,
        near,
        near_pairs,
        inverse.sum(axis=1),
        count,
    )


def _components(moments: _Moments, times: FloatArray, *, one: bool) -> Components:
    w = times * moments.weight

    pairs = np.concatenate([moments.same_pairs[:, None], moments.lagged_pairs], axis=1)
    products = np.concatenate([moments.same[:, None], moments.lagged], axis=1)
    weights = w @ pairs
    # Deviations from an estimated mean of n places are too small by (n - 1) / n.
    effective = w.sum(axis=1) ** 2 / (w**2).sum(axis=1)
    raw = divide(w @ products, weights) * (effective / np.maximum(effective - 1, 1))[:, None]
    distances = raw.shape[1] - 1
    far = slice(1 + distances // 2, None)
    place = np.maximum(divide((raw * weights)[:, far].sum(axis=1), weights[:, far].sum(axis=1)), 0.0)
    passing = np.maximum(raw[:, 0] - place, 0.0)
    correlation = np.full(len(w), np.nan)
    if distances >= 2:
        correlation = np.clip(divide(raw[:, 1] - place, passing), 0.0, 1.0)
    shared = divide(w @ moments.neighbours, w @ moments.neighbour_pairs)
    parts = (
        place,
        np.minimum(np.maximum(shared, 0.0), place) + 0.0 * shared,
        passing,
        correlation,
        divide(times @ moments.inverse, times @ moments.shown),
        _falling(raw, weights),
    )
    return Components(*(np.asarray(part[0]) if one else part for part in parts))


def _falling(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Rows as the nearest sequences that never rise and never fall below 0 (pool adjacent violators)."""
    fitted = [
        optimize.isotonic_regression(row, weights=weight, increasing=False).x
        for row, weight in zip(values, np.maximum(weights, 1e-12), strict=True)
    ]
    return np.maximum(np.array(fitted, dtype=np.float64), 0.0)

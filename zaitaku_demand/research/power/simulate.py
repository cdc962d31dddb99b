"""Power by simulation: studies are drawn from fitted variance components and analysed as they would be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.benchmark.intervals import wilson_limits
from zaitaku_demand.research.panel import FloatArray, Kind
from zaitaku_demand.research.power.settings import Study


@dataclass(frozen=True)
class World:
    """What future studies are drawn from.

    Attributes
    ----------
    covariance : array (distances,)
        Of a place's true ratios (mean 1) in two years by their distance, from 0 on.
    expected : array (places,)
        Expected cases of a place in a year.
    rate : float
        Cases per trial, used for ``binomial`` only.
    kind : str
    """

    covariance: FloatArray
    expected: FloatArray
    rate: float
    kind: Kind


@dataclass(frozen=True)
class Cell:
    """One simulated study: who is compared, over how many years, with which true ratio."""

    study: Study
    places: int
    others: int
    years: int
    ratio: float


class Found(NamedTuple):
    """What each simulated study finds: log rate ratio, standard error, degrees of freedom; arrays (replications,)."""

    estimate: FloatArray
    standard_error: FloatArray
    degrees: FloatArray

    def p_values(self, shift: float = 0.0) -> FloatArray:
        """Two-sided p values if every estimate were larger by `shift`."""
        t = np.abs(self.estimate + shift) / self.standard_error
        return np.asarray(2 * special.stdtr(self.degrees, -t))

    def share_found(self, shifts: npt.ArrayLike, alpha: float) -> FloatArray:
        """Share of studies with p below `alpha` if every estimate were larger by each shift; array (...) as `shifts`."""
        limit = -special.stdtrit(self.degrees, alpha / 2) * self.standard_error
        moved = np.abs(self.estimate + np.asarray(shifts, np.float64)[..., None])
        return np.asarray((moved > limit).mean(axis=-1))


def simulated(world: World, cell: Cell, replications: int, random: np.random.Generator) -> Found:
    """What simulated studies find.

    ``two_groups``: t test of mean log rates of places, unequal variances. ``difference_in_differences``: the same of the
    differences of mean log rates after and before, which for equal periods is the two-way fixed-effects estimate with errors
    clustered by place. ``slope``: regression of mean log rates on a standard normal exposure (HC3 errors). Rates are
    (cases + 1/2) / expected.

    References
    ----------
    Bertrand, Duflo & Mullainathan 2004, Q J Econ 119:249 (collapsing to before and after).
    """
    treated, all_places = cell.places, cell.places + cell.others
    periods = 2 if cell.study == "difference_in_differences" else 1
    years = cell.years * periods
    log_ratio = np.log(cell.ratio)
    shift = np.zeros((replications, all_places, years))
    x = np.zeros((replications, all_places))
    if cell.study == "slope":
        x = random.standard_normal((replications, all_places))
        shift += log_ratio * x[:, :, None]
    else:
        shift[:, :treated, years - cell.years :] = log_ratio
    expected = random.choice(world.expected, (replications, all_places))
    log_rates = _log_rates(world, shift, expected, random)
    outcome = log_rates[..., years - cell.years :].mean(axis=-1)
    if periods == 2:
        outcome = outcome - log_rates[..., : cell.years].mean(axis=-1)
    if cell.study == "slope":
        return _slope(outcome, x)
    return _difference(outcome[:, :treated], outcome[:, treated:])


def power(p: FloatArray, alpha: float, confidence: float) -> tuple[float, float, float]:
    """Share of studies with p below `alpha`, and its Wilson limits (Monte Carlo error)."""
    return with_limits(float((p < alpha).mean()), len(p), confidence)


def with_limits(share: float, replications: int, confidence: float) -> tuple[float, float, float]:
    """A share of simulated studies and its Wilson limits (Monte Carlo error)."""
    lower, upper = wilson_limits(np.array(share * replications), np.array(float(replications)), confidence)
    return share, float(lower), float(upper)


def covariance_matrix(by_lag: FloatArray, years: int) -> FloatArray:
    """Covariance of the logarithms of a place's ratios in `years` successive years, array (years, years).

    Of log-normal ratios with covariance C the logarithms have covariance ln(1 + C). Beyond the distances at hand the
    covariance goes on falling as it fell on average from a distance of one year on, not below 0; what is not
    positive definite is replaced by the nearest matrix that is (eigenvalues clipped at 0).
    """
    known = np.asarray(by_lag, np.float64)
    last = len(known) - 1
    step = (known[1] - known[last]) / (last - 1) if last > 1 else 0.0
    beyond = np.maximum(known[last] - step * np.arange(1, years + 1), 0.0)
    values = np.log1p(np.concatenate([known, beyond])[:years])
    distance = np.abs(np.subtract.outer(np.arange(years), np.arange(years)))
    eigenvalues, vectors = np.linalg.eigh(values[distance])
    return np.asarray((vectors * np.maximum(eigenvalues, 0.0)) @ vectors.T)


def _log_rates(
    world: World, shift: FloatArray, expected: FloatArray, random: np.random.Generator
) -> FloatArray:
    covariance = covariance_matrix(world.covariance, shift.shape[-1])
    eigenvalues, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(eigenvalues, 0.0))
    ratio = shift - np.diag(covariance) / 2 + random.standard_normal(shift.shape) @ root.T
    mean = expected[:, :, None] * np.exp(ratio)
    if world.kind == "binomial":
        trials = np.maximum(np.rint(expected / world.rate), 1).astype(np.int64)[:, :, None]
        cases = random.binomial(trials, np.minimum(mean / trials, 1.0)).astype(float)
    else:
        cases = random.poisson(mean).astype(float)
    return np.asarray(np.log((cases + 0.5) / expected[:, :, None]))


def _difference(one: FloatArray, other: FloatArray) -> Found:
    """Welch 1947: difference of means with unequal variances."""
    n, m = one.shape[-1], other.shape[-1]
    v, w = one.var(axis=-1, ddof=1) / n, other.var(axis=-1, ddof=1) / m
    degrees = (v + w) ** 2 / (v**2 / (n - 1) + w**2 / (m - 1))
    return Found(one.mean(axis=-1) - other.mean(axis=-1), np.sqrt(v + w), degrees)


def _slope(y: FloatArray, x: FloatArray) -> Found:
    """Slope with HC3 errors (MacKinnon & White 1985)."""
    n = x.shape[-1]
    xc = x - x.mean(axis=-1, keepdims=True)
    yc = y - y.mean(axis=-1, keepdims=True)
    squares = (xc**2).sum(axis=-1)
    slope = (xc * yc).sum(axis=-1) / squares
    leverage = 1 / n + xc**2 / squares[..., None]
    residual = (yc - slope[..., None] * xc) / (1 - leverage)
    variance = ((xc * residual) ** 2).sum(axis=-1) / squares**2
    return Found(slope, np.sqrt(variance), np.full(len(slope), n - 2.0))

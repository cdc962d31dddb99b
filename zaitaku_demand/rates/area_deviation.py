"""How far an area's use of a service lies from what its prefecture's rate says, and how sure its own ratio is.

Counts of an area are gamma-Poisson: given the area's level they are Poisson in persons (claims over claims per
patient, because the claims of one patient come together), and levels differ between areas as a gamma distribution
with mean 1. Its variance depends on the size of the area.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from zaitaku_demand.benchmark.intervals import divide, tail
from zaitaku_demand.benchmark.overdispersion import dersimonian_laird
from zaitaku_demand.errors import InputError
from zaitaku_demand.rates.area_counts import AreaCounts, area_counts, prefecture_counts
from zaitaku_demand.rates.local import AREA_YEARS
from zaitaku_demand.rates.national import LATEST_RATE_YEAR
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NOMINAL = (0.80, 0.95)
LEAST_AREAS = 200
"""Fewer known areas than that say nothing about how the spread depends on size."""
WIDENINGS = np.arange(1.0, 3.0001, 0.05)
"""Factors on the variance that are tried until the coverage of prefectures left out is nominal."""


@dataclass(frozen=True)
class Deviation:
    """Spread of the areas' levels around their prefectures', of one service and year.

    Attributes
    ----------
    variance : float
        Of the level of an area of median size, by moments.
    elasticity : float
        ``d ln variance / d ln size``; negative: large areas deviate less.
    size : float
        Median expected claims of a year.
    smallest, largest : float
        Range of the sizes seen.
    widening : float
        What the variance is multiplied by so that intervals cover as they say. Above 1 because small areas lie
        below their prefecture on average, which a distribution with mean 1 cannot say.
    coverage, moment_coverage, log_normal_coverage : tuples of two floats
        Of the 80 and 95 % intervals, each prefecture left out of the estimate: with widening, without, and without by
        a log-normal distribution of the same mean and variance.
    n : int
        Areas.
    """

    variance: float
    elasticity: float
    size: float
    smallest: float
    largest: float
    widening: float
    coverage: tuple[float, float]
    moment_coverage: tuple[float, float]
    log_normal_coverage: tuple[float, float]
    n: int

    def at(self, expected: npt.ArrayLike) -> FloatArray:
        """Widened variance of the level at other sizes (expected claims of a year), same shape.

        Beyond the sizes seen it is that at the end of their range: nothing is extrapolated.
        """
        sizes = np.clip(np.asarray(expected, np.float64), self.smallest, self.largest)
        return np.asarray(self.widening * self.variance * (sizes / self.size) ** self.elasticity)


class Posterior(NamedTuple):
    """Gamma distributions of the areas' levels given their own counts; arrays (areas,)."""

    shape: FloatArray
    rate: FloatArray


@cache
def area_deviation(service: str, year: int = LATEST_RATE_YEAR) -> Deviation:
    """Spread of the areas around their prefectures, estimated from the NDB.

    Areas whose count suppression hides are left out, not taken as zero (see `AreaCounts.known`).

    Parameters
    ----------
    service : str
    year : int
        Fiscal year 2019 to 2022. The tables of FY2022 hide least.

    Raises
    ------
    InputError
        If the NDB has no counts of the service by area for the year, or hides too many.

    References
    ----------
    Clayton & Kaldor 1987, Biometrics 43:671 (gamma-Poisson).
    """
    return fit_deviation(area_counts(service, year))


def fit_deviation(counts: AreaCounts) -> Deviation:
    """Variance of the level by size of the area, and its widening; errors as `area_deviation`."""
    share = free_share(counts.expected, counts.prefecture)
    used = counts.known & (share > 0)
    if used.sum() < LEAST_AREAS:
        raise InputError(
            Text(
                f"算定回数が分かる圏域が{used.sum()}しかなく、圏域差を推定できない",
                f"the counts of only {used.sum()} areas are known: their differences cannot be estimated",
            ),
            Text("より広い範囲のサービスを指定してください", "choose a broader service"),
        )
    ratio, noise, size = counts.ratio[used], counts.noise[used], counts.expected[used]
    place, free = counts.prefecture[used], share[used]
    logs = np.log(size / np.median(size))
    level, slope = moment_variance(ratio, free, noise, logs)
    left_out = np.empty_like(ratio)
    for each in np.unique(place):
        inside = place == each
        parts = moment_variance(ratio[~inside], free[~inside], noise[~inside], logs[~inside])
        left_out[inside] = parts[0] * np.exp(parts[1] * logs[inside])
    inside_limits = np.array(
        [covered(ratio, factor * left_out * free + noise) for factor in WIDENINGS]
    )  # (factors, limits, areas)
    every = inside_limits.mean(axis=2)
    # The widening is chosen without the prefecture too: the coverage reported is out of sample throughout.
    nested = np.empty((len(NOMINAL), len(ratio)))
    for each in np.unique(place):
        inside = place == each
        chosen = _nominal(inside_limits[..., ~inside].mean(axis=2))
        nested[:, inside] = inside_limits[chosen][:, inside]
    other = log_normal_covered(ratio, left_out * free + noise)
    return Deviation(
        variance=level,
        elasticity=slope,
        size=float(np.median(size)),
        smallest=float(size.min()),
        largest=float(size.max()),
        widening=float(WIDENINGS[_nominal(every)]),
        coverage=_shares(nested),
        moment_coverage=_shares(inside_limits[0]),
        log_normal_coverage=_shares(other),
        n=int(used.sum()),
    )


def moment_variance(
    ratio: FloatArray, free: FloatArray, noise: FloatArray, log_size: FloatArray
) -> tuple[float, float]:
    """Variance of the level at log size 0 and its elasticity, by gamma quasi-likelihood of the squares.

    Solves ``sum_a (s_a - noise_a - f_a v_a) / (f_a v_a) (1, ln size_a) = 0`` with ``s = (ratio - 1)^2``,
    ``v_a = exp(c + d ln size_a)`` and f the free share (`free_share`).

    Parameters
    ----------
    ratio, free, noise, log_size : arrays (areas,)

    References
    ----------
    McCullagh & Nelder 1989, Generalized Linear Models, 2nd ed., ch. 10 (joint modelling of dispersion).
    """
    design = np.stack([np.ones_like(log_size), log_size], axis=1)
    surplus = (ratio - 1) ** 2 - noise
    start = max(float(surplus.sum() / free.sum()), 1e-6)
    found = np.array([np.log(start), 0.0])
    information = design.T @ design
    for _ in range(200):
        mean = free * np.exp(np.clip(design @ found, -30, 30))
        step = np.linalg.solve(information, design.T @ ((surplus - mean) / mean))
        found = found + np.clip(step, -0.5, 0.5)
        if np.abs(step).max() < 1e-10:
            break
    return float(np.exp(found[0])), float(found[1])


def free_share(expected: FloatArray, prefecture: IntArray) -> FloatArray:
    """Share of the variance of a level that shows in a ratio to the prefecture's own mean.

    ``1 - 2 w + sum w^2`` with w the share of the area in the expected count of its prefecture: 0 for the only area
    of a prefecture.
    """
    total = np.bincount(prefecture, weights=expected)[prefecture]
    share = np.nan_to_num(divide(expected, total))
    squares = np.bincount(prefecture, weights=share**2)[prefecture]
    return np.asarray(np.maximum(1 - 2 * share + squares, 0.0))


def covered(ratio: FloatArray, variance: FloatArray) -> npt.NDArray[np.bool_]:
    """Whether the 80 and 95 % intervals of a gamma distribution with mean 1 hold the ratio, array (2, areas)."""
    rank = special.gammainc(1 / variance, np.maximum(ratio, 0.0) / variance)
    return np.stack([(rank > tail(level)) & (rank < 1 - tail(level)) for level in NOMINAL])


def log_normal_covered(ratio: FloatArray, variance: FloatArray) -> npt.NDArray[np.bool_]:
    """The same for a log-normal distribution with mean 1: the alternative that covers worse."""
    square = np.log1p(variance)
    z = (np.log(np.maximum(ratio, 1e-12)) + square / 2) / np.sqrt(square)
    return np.stack([np.abs(z) < -special.ndtri(tail(level)) for level in NOMINAL])


def posterior(events: FloatArray, expected: FloatArray, variance: FloatArray) -> Posterior:
    """Level given the own count, gamma with shape ``O + nu`` and rate ``E + nu``, ``nu = 1 / variance``.

    Parameters
    ----------
    events, expected : arrays (areas,)
        Independent persons: claims over claims per patient.
    variance : array (areas,)
        Of the level before the count is known.
    """
    nu = divide(1.0, variance)
    return Posterior(events + nu, expected + nu)


def hidden_variance(lower: npt.ArrayLike, upper: npt.ArrayLike, mean: npt.ArrayLike) -> FloatArray:
    """Variance of a count that is only known to lie between bounds and to be `mean` on average.

    That of the distribution with most entropy under these three, an exponential cut at both bounds (uniform if the
    mean is in the middle). 0 where both bounds are equal.

    References
    ----------
    Jaynes 1957, Phys Rev 106:620.
    """
    low, high, centre = (np.asarray(part, np.float64) for part in (lower, upper, mean))
    width = high - low
    place = np.clip(divide(centre - low, width), 0.0, 1.0)
    near = np.nan_to_num(np.minimum(place, 1 - place))
    smallest, largest = np.full(near.shape, -7.0), np.full(near.shape, 12.0)
    for _ in range(60):
        middle = 0.5 * (smallest + largest)
        k = np.exp(middle)
        above = 1 / k - 1 / np.expm1(np.minimum(k, 700.0)) > near
        smallest, largest = np.where(above, middle, smallest), np.where(above, largest, middle)
    k = np.minimum(np.exp(0.5 * (smallest + largest)), 700.0)
    # Near the middle the closed form loses its digits; the variance is 1/12 - k^2 / 240 there.
    square = np.where(
        k < 0.05, 1 / 12 - k**2 / 240, 1 / k**2 - 1 / (4 * np.sinh(np.minimum(k, 700) / 2) ** 2)
    )
    return np.asarray(np.where(width > 0, np.where(near > 0, square, 0.0) * width**2, 0.0))


@cache
def prefecture_deviation(service: str, year: int = LATEST_RATE_YEAR) -> float:
    """Standard deviation of the prefectures' log ratios to the nation beyond counting noise (DerSimonian & Laird)."""
    observed, expected, event_size = prefecture_counts(service, year)
    observed = np.where(observed > 0, observed, np.nan)
    _, _, variance = dersimonian_laird(np.log(observed / expected), event_size / observed)
    return float(np.sqrt(variance))


def prefecture_noise(service: str, year: int) -> FloatArray:
    """Standard error of the log ratio of each prefecture, ``sqrt(event size / claims)``, array (47,)."""
    observed, _, event_size = prefecture_counts(service, year)
    return np.sqrt(divide(event_size, observed))


def size_elasticity(service: str, year: int = LATEST_RATE_YEAR) -> float:
    """The systematic part: b in ``ratio ~ expected^b`` within prefectures (0: size does not matter).

    Minimises the gamma quasi-deviance ``sum t/m + ln m`` with m scaled to a mean of 1 in every prefecture.
    """
    counts = area_counts(service, year)
    used, place = counts.known, counts.prefecture
    sizes = np.where(counts.expected > 0, counts.expected, np.nan)
    logs = np.nan_to_num(np.log(sizes / np.nanmedian(sizes)))
    total = np.bincount(place, weights=counts.expected)

    def deviance(b: float) -> float:
        raw = np.exp(b * logs)
        mean = raw / divide(np.bincount(place, weights=raw * counts.expected), total)[place]
        return float((counts.ratio[used] / mean[used] + np.log(mean[used])).sum())

    return float(optimize.minimize_scalar(deviance, bounds=(-2.0, 3.0), method="bounded").x)


def persistence(service: str) -> FloatArray:
    """Correlation of the areas' log ratios between the fiscal years 2019 to 2022, array (4, 4).

    Over the areas whose count is known in all four years.
    """
    years = [area_counts(service, year) for year in AREA_YEARS]
    known = np.logical_and.reduce([each.known & (each.observed > 0) for each in years])
    return np.asarray(np.corrcoef([np.log(each.ratio[known]) for each in years]))


def _shares(inside: FloatArray | npt.NDArray[np.bool_]) -> tuple[float, float]:
    low, high = inside.mean(axis=1)
    return float(low), float(high)


def _nominal(coverage: FloatArray) -> int:
    """Place of the widening whose coverage is nearest to nominal at both levels; array (factors, 2)."""
    return int(np.abs(coverage - np.array(NOMINAL)).max(axis=1).argmin())

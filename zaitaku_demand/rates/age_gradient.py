"""Does the use of a service rise with age faster in some places than in others? A hierarchical model of gradients.

    ln rate_a(g) = ln national(g) + alpha_a + beta_p (x_g - mean),   beta_p ~ N(mu, tau^2)

with x the age in decades from 65 on (0 below, where few are visited). The NDB shows no ages by place, so beta must
come from counts and age structures. To first order ``ln O_a - ln E_a = alpha_a + beta_p m_a`` with m the mean x
of the expected patients. Across areas alpha and m go together (old areas have few clinics): the slope between
areas is not a gradient (ecological fallacy). Within an area over time alpha stays, and what remains is how much
faster an area's patients grow as its people grow older. The national counts by age bind the mean: `margin_profile`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.benchmark.intervals import divide
from zaitaku_demand.benchmark.overdispersion import dersimonian_laird
from zaitaku_demand.benchmark.shrinkage import shrink
from zaitaku_demand.rates.national import split_top_rate

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FIRST_AGE = 65
_OPEN_BAND_MIDDLE = 2.5
"""Years above the start of the open band: its members are taken to be in the middle of five years."""


class Gradients(NamedTuple):
    """Estimated gradients of the groups (prefectures) and their distribution.

    Attributes
    ----------
    slope, error : arrays (groups,)
        Own estimate of each group and its standard error; NaN where the data say nothing.
    mean, mean_error, tau : float
        Of the distribution of true gradients.
    value, deviation : arrays (groups,)
        Posterior mean and standard deviation.
    drift : float
        Standard deviation of a step of ln (observed / expected) beyond counting noise.
    """

    slope: FloatArray
    error: FloatArray
    mean: float
    mean_error: float
    tau: float
    value: FloatArray
    deviation: FloatArray
    drift: float


@dataclass(frozen=True)
class Steps:
    """What gradients are estimated from: steps over time of places, or one cross-section (a single step).

    Attributes
    ----------
    change : array (places, steps)
        Of ln (observed / expected); NaN where not known.
    ageing : array (places, steps)
        Of the mean x of the expected patients.
    noise : array (places, steps)
        Variance of `change` by counting.
    common : array (places,) of int
        Places with the same number share an effect of every step, which is taken out.
    group : array (places,) of int
        Whose gradient a place has.
    """

    change: FloatArray
    ageing: FloatArray
    noise: FloatArray
    common: IntArray
    group: IntArray


def age_scale(ages: AgeBands) -> FloatArray:
    """Decades of age above 65 at the middle of each band, 0 below, array (ages,)."""
    middle = [(start + _OPEN_BAND_MIDDLE) if end is None else (start + end) / 2 for start, end in ages.bands]
    return np.asarray(np.maximum(np.array(middle) - FIRST_AGE, 0.0) / 10)


def mean_age(weighted: FloatArray, scale: FloatArray) -> FloatArray:
    """Mean x of expected patients, array (...) from (..., ages)."""
    return divide(weighted @ scale, weighted.sum(axis=-1))


def fit_gradients(steps: Steps) -> Gradients:
    """Gradients by quasi-likelihood within groups, their distribution by DerSimonian & Laird, and the posterior.

    A step's variance is its counting noise plus that of a common drift (gamma-Poisson with levels that move on).

    References
    ----------
    DerSimonian & Laird 1986, Control Clin Trials 7:177; Morris 1983, J Am Stat Assoc 78:47; Wakefield 2004, J R Stat
    Soc A 167:385 (what counts and structures of areas can say about persons).
    """
    groups = int(steps.group.max()) + 1
    drift = 0.0
    for _ in range(20):
        weight = np.where(np.isnan(steps.change), 0.0, divide(1.0, steps.noise + drift))
        y = _without_common(np.nan_to_num(steps.change), weight, steps.common)
        x = _without_common(steps.ageing, weight, steps.common)
        information = _grouped((weight * x * x).sum(axis=1), steps.group, groups)
        slope = divide(_grouped((weight * x * y).sum(axis=1), steps.group, groups), information)
        rest = (y - np.nan_to_num(slope)[steps.group][:, None] * x) ** 2
        known = weight > 0
        free = known.sum() - np.isfinite(slope).sum() - _effects(known, steps.common)
        # Scaled so that the squares of the degrees of freedom used up are not missed.
        drift = max(float((rest[known] * known.sum() / max(free, 1) - steps.noise[known]).mean()), 0.0)
    error = np.sqrt(divide(1.0, information))
    mean, mean_error, variance = dersimonian_laird(slope, error**2)
    value, share = shrink(np.nan_to_num(slope), np.full(groups, mean), np.full(groups, variance), error**2)
    value = np.where(np.isnan(slope), mean, value)
    share = np.nan_to_num(share)
    deviation = np.sqrt(
        np.where(np.isnan(slope), variance, share * np.nan_to_num(error**2))
        + ((1 - share) * float(mean_error)) ** 2
    )
    return Gradients(
        slope,
        error,
        float(mean),
        float(mean_error),
        float(np.sqrt(variance)),
        value,
        deviation,
        float(np.sqrt(drift)),
    )


def margin_profile(people: FloatArray, by_place: FloatArray, by_age: FloatArray) -> FloatArray:
    """The one age profile that fits the counts by place and the counts by age together.

    The national profile divides counts by all people, but more old people live where little is offered; with
    ``rate = theta_place x rho_age`` both margins determine rho. Maximum likelihood of the Poisson model without
    interaction, by raking. It needs no assumption on how level and age structure go together.

    Parameters
    ----------
    people : array (places, 20 ages)
        With 90-94 and 95+ apart.
    by_place : array (places,)
    by_age : array (19 ages,)
        The national counts, 90+ in one; `by_place` is raked to their sum.

    Returns
    -------
    array (20 ages,)

    References
    ----------
    Deming & Stephan 1940, Ann Math Stat 11:427; Breslow & Day 1987, IARC Sci Publ 82, ch. 4.
    """
    target = by_place * by_age.sum() / by_place.sum()
    level = np.ones(len(people))
    profile = np.zeros(people.shape[1])
    for _ in range(500):
        exposed = level @ people
        closed = by_age[:-1] / exposed[:-2]
        top = split_top_rate(closed[None, None], by_age[None, None, -1], exposed[None, -2], exposed[None, -1])
        profile = np.concatenate([closed, top[0, 0]])
        new = divide(target, people @ profile)
        if np.abs(new - level).max() < 1e-12:
            break
        level = new
    return profile


def tilt(gradient: FloatArray, scale: FloatArray, weighted: FloatArray) -> FloatArray:
    """Factors ``exp(beta x)`` of the ages that leave the expected patients of each place as many as they are.

    Parameters
    ----------
    gradient : array (places,)
    scale : array (ages,)
    weighted : array (places, ages)
        Expected patients of the base year.

    Returns
    -------
    array (places, ages)
    """
    raw = np.exp(gradient[:, None] * scale)
    return np.asarray(raw * divide(weighted.sum(axis=1), (weighted * raw).sum(axis=1))[:, None])


def gradient_of(
    profile: FloatArray, against: FloatArray, weighted: FloatArray, scale: FloatArray
) -> FloatArray:
    """Gradient of the log ratio of profiles, least squares weighted by patients; array (...) from (..., ages)."""
    usable = (profile > 0) & (against > 0)
    weight = np.where(usable, weighted, 0.0)
    ratio = np.log(np.where(usable, profile, 1.0) / np.where(usable, against, 1.0))
    centred = scale - mean_age(weight, scale)[..., None]
    return divide((weight * centred * ratio).sum(axis=-1), (weight * centred**2).sum(axis=-1))


def _grouped(values: FloatArray, group: IntArray, size: int) -> FloatArray:
    return np.asarray(np.bincount(group, weights=values, minlength=size))


def _without_common(values: FloatArray, weight: FloatArray, common: IntArray) -> FloatArray:
    """Deviations from the weighted mean of the places that share an effect, step by step."""
    size = int(common.max()) + 1
    out = np.empty_like(values)
    for step in range(values.shape[1]):
        total = _grouped(weight[:, step], common, size)
        mean = divide(_grouped(weight[:, step] * values[:, step], common, size), total)
        out[:, step] = values[:, step] - np.nan_to_num(mean)[common]
    return out


def _effects(known: npt.NDArray[np.bool_], common: IntArray) -> int:
    """Number of common effects that were taken out."""
    return int(sum(len(np.unique(common[column])) for column in known.T))

"""Reliability of one year's figures by several estimators side by side.

All read at the median size of the units, but for the split-sample estimator, which is an average over the units.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.benchmark.overdispersion import (
    PROPORTION_ARCSINE,
    RATE_SQUARE_ROOT,
    RATIO_LOGARITHM,
    dersimonian_laird,
    pooled,
    scale_and_error,
)
from zaitaku_demand.benchmark.shrinkage import reliability
from zaitaku_demand.research.reliability.bootstrap import percentile_limits, resamples
from zaitaku_demand.research.reliability.likelihood import (
    CountKind,
    CountPrior,
    maximum_likelihood,
    own_share_reliability,
    reliability_at,
    true_variance,
)
from zaitaku_demand.research.reliability.moments import (
    anova_correlation,
    anova_size_of_rates,
    kleinman_size,
    marshall_size,
    size_of_correlation,
)
from zaitaku_demand.research.reliability.normal import logit_and_variance, q_profile_limits, reml_variance
from zaitaku_demand.research.reliability.settings import ReliabilitySettings
from zaitaku_demand.research.reliability.split_sample import split_halves, split_sample_reliability

CORE: dict[CountKind, str] = {"binomial": "beta_binomial_ml", "poisson": "gamma_poisson_ml"}
"""The estimator the results are read from; the others stand beside it."""


_Moments = Callable[[FloatArray, FloatArray], FloatArray]


def _beta_binomial_moments(events: FloatArray, trials: FloatArray) -> FloatArray:
    return kleinman_size(events, trials)[1]


def _anova(events: FloatArray, trials: FloatArray) -> FloatArray:
    return size_of_correlation(anova_correlation(events, trials))


_MOMENTS: dict[CountKind, tuple[tuple[str, _Moments], ...]] = {
    "binomial": (("beta_binomial_moments", _beta_binomial_moments), ("anova_correlation", _anova)),
    "poisson": (("gamma_poisson_moments", marshall_size), ("anova_rates", anova_size_of_rates)),
}


class Estimate(NamedTuple):
    """Estimate of one method with its limits; `note` is a code of `words.NOTES`."""

    method: str
    value: float
    lower: float
    upper: float
    note: str = ""


def estimates_side_by_side(
    kind: CountKind,
    events: npt.ArrayLike,
    size: npt.ArrayLike,
    settings: ReliabilitySettings,
    prior: CountPrior | None = None,
) -> list[Estimate]:
    """Reliability of one year's figures by every estimator of the kind.

    Parameters
    ----------
    kind : {"binomial", "poisson"}
    events, size : arrays (units,)
        Independent cases and trials (or exposure). NaN for units without a figure.
    settings : ReliabilitySettings
    prior : CountPrior, optional
        By maximum likelihood, where it is at hand.

    Returns
    -------
    list of Estimate
        First the core estimator with profile likelihood limits. Normal ones have Q-profile limits, the others
        percentile limits over resampled units.
    """
    x, n = (np.asarray(part, np.float64) for part in (events, size))
    known = ~(np.isnan(x) | np.isnan(n))
    x, n = x[known], n[known]
    again = resamples(len(x), settings.bootstrap, settings.seed)
    several_x, several_n = x[again], n[again]
    if prior is None:
        prior = maximum_likelihood(kind, x, n, settings.confidence)
    found = [core_estimate(kind, prior, float(np.median(n)))]
    for name, estimator in _MOMENTS[kind]:
        value = reliability_at(np.median(n), estimator(x, n))
        spread = reliability_at(np.median(several_n, axis=-1), estimator(several_x, several_n))
        found.append(Estimate(name, float(value), *percentile_limits(spread, settings.confidence)))
    found += [
        estimate for scale in scales(kind) for estimate in normal_estimates(kind, scale, x, n, settings)
    ]
    found.append(_split_sample(kind, x, n, again, settings))
    if kind == "binomial":
        own = np.nanmedian(own_share_reliability(x, n, true_variance(kind, prior)))
        found.append(Estimate("own_share", float(own), np.nan, np.nan, "own_share_overstates"))
    return found


def core_estimate(kind: CountKind, prior: CountPrior, at: float) -> Estimate:
    """Reliability at one size from the fitted distribution, with its profile likelihood limits."""
    value, lower, upper = (
        float(reliability_at(at, size)) for size in (prior.size, prior.size_upper, prior.size_lower)
    )
    note = "no_variance" if np.isinf(prior.size) else ""
    return Estimate(CORE[kind], value, lower, upper, note)


def scales(kind: CountKind) -> tuple[str, ...]:
    """Scales on which figures of a kind are taken as normal, the one with constant chance variance first."""
    return ("arcsine", "logit") if kind == "binomial" else ("root", "log")


def on_scale(
    kind: CountKind, scale: str, events: FloatArray, size: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Figures on a scale and their chance variance, arrays as the input.

    Parameters
    ----------
    kind : {"binomial", "poisson"}
    scale : str
        One of :func:`scales`. The chance variance is that of a unit with the pooled figure.
    events, size : arrays (..., units)
    """
    if scale == "logit":
        return logit_and_variance(events, size)
    target = pooled(events, size)
    if scale == "log":
        value, error = scale_and_error(
            RATIO_LOGARITHM, events, size * target[..., None], np.ones(target.shape)
        )
    else:
        data_type = PROPORTION_ARCSINE if kind == "binomial" else RATE_SQUARE_ROOT
        value, error = scale_and_error(data_type, events, size, target)
    return value, error * error


def normal_estimates(
    kind: CountKind,
    scale: str,
    events: FloatArray,
    size: FloatArray,
    settings: ReliabilitySettings,
    groups: npt.ArrayLike | None = None,
    extra: FloatArray | float = 0.0,
) -> list[Estimate]:
    """Reliability ``tau2 / (tau2 + v)`` at the median chance variance v, by REML and by DerSimonian & Laird.

    Parameters
    ----------
    kind, scale : str
    events, size : arrays (units,)
    settings : ReliabilitySettings
    groups : array (units,), optional
        Group whose mean is removed (REML only).
    extra : array (units,) or float
        Further error variance on the scale.
    """
    values, variances = on_scale(kind, scale, events, size)
    variances = variances + extra
    middle = float(np.nanmedian(variances))
    lower, upper = (
        float(reliability(limit, middle))
        for limit in q_profile_limits(values, variances, settings.confidence, groups)
    )
    tau2 = reml_variance(values, variances, groups)
    found = [Estimate(f"normal_reml_{scale}", float(reliability(tau2, middle)), lower, upper)]
    if groups is None and scale == scales(kind)[0]:
        moments = dersimonian_laird(values, variances)[2]
        found.append(Estimate(f"normal_dl_{scale}", float(reliability(moments, middle)), lower, upper))
    return found


def _split_sample(
    kind: CountKind,
    x: FloatArray,
    n: FloatArray,
    again: npt.NDArray[np.int64],
    settings: ReliabilitySettings,
) -> Estimate:
    first, second = split_halves(kind, x, n, settings.splits, np.random.default_rng(settings.seed))
    value = split_sample_reliability(first, second).mean()
    replicates = np.zeros(len(again))
    for one, other in zip(first, second, strict=True):
        replicates += split_sample_reliability(one[again], other[again]) / len(first)
    lower, upper = percentile_limits(replicates, settings.confidence)
    return Estimate("split_sample", float(value), lower, upper, "average_over_places")

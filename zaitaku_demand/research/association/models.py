"""The models of an association, each from a :class:`Design` to the log rate ratio per unit of x.

Outcomes that are proportions are modelled by the same log-linear models: the estimate is a ratio of shares, which
readers understand, and the cluster-robust variance does not rely on the Poisson variance (Zou 2004, Am J Epidemiol
159:702). :func:`logistic` gives the odds ratio beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from zaitaku_demand.research.association.clustered import Correction, cluster_robust, cluster_sums
from zaitaku_demand.research.association.design import Design
from zaitaku_demand.research.association.estimate import NOTES, Estimate, made, none
from zaitaku_demand.research.association.fixed_effects import fixed_effects
from zaitaku_demand.research.association.gee import gee
from zaitaku_demand.research.association.glm import (
    Fit,
    logistic_fit,
    negative_binomial_fit,
    pearson_dispersion,
    poisson_fit,
)
from zaitaku_demand.research.association.mixed import mixed, mixed_between, mixed_within
from zaitaku_demand.research.panel import FloatArray

__all__ = [
    "MODELS",
    "NOTES",
    "SHARE_MODELS",
    "Estimate",
    "between",
    "logistic",
    "negative_binomial",
    "poisson",
    "residuals",
]


def poisson(design: Design, confidence: float = 0.95, correction: Correction = "CR2") -> Estimate:
    """Poisson regression with offset, year effects and variance robust to clusters of prefectures.

    CR2 (Bell-McCaffrey) with Satterthwaite degrees of freedom, as 47 clusters of unequal size are few.
    """
    return _robust("poisson", design, confidence, correction)


def negative_binomial(design: Design, confidence: float = 0.95, correction: Correction = "CR2") -> Estimate:
    """Negative binomial regression (variance ``mu + alpha mu^2``), otherwise as :func:`poisson`.

    Large places weigh less than in the Poisson model, as their counts vary between places far beyond chance.
    """
    return _robust("negative_binomial", design, confidence, correction)


def logistic(design: Design, confidence: float = 0.95, correction: Correction = "CR2") -> Estimate:
    """Logistic regression of a proportion; the estimate is the logarithm of an odds ratio."""
    return _robust("logistic", design, confidence, correction)


def between(design: Design, confidence: float = 0.95, correction: Correction = "CR2") -> Estimate:
    """Association between places alone: one row a place, events of all its years, x and z averaged over them.

    Sizes are multiplied by the pooled rate of their year, so that a place known in other years is not compared on
    their level.
    """
    note = design.problem(design.matrix())
    if note == "no_events":
        return none("between", design.n_rows, design.n_places, note)
    means = _means(design)
    if np.ptp(means.x) <= _NO_VARIATION:
        return none("between", design.n_rows, design.n_places, "no_between_variation")
    return _robust("between", means, confidence, correction)._replace(n_rows=design.n_rows)


def residuals(design: Design, model: str = "poisson") -> FloatArray:
    """Pearson residuals by row, ``(events - mean) / sqrt(variance)``, of the Poisson or negative binomial model.

    Raises
    ------
    KeyError
        If the model is neither ``poisson`` nor ``negative_binomial``.
    """
    fit = _FITS[model](design.matrix(), design.events, design.size)
    variance = fit.mean * (1 + fit.alpha * fit.mean)
    return np.asarray((design.events - fit.mean) / np.sqrt(variance))


_NO_VARIATION = 1e-12
_FITS: Mapping[str, Callable[[FloatArray, FloatArray, FloatArray], Fit]] = {
    "poisson": poisson_fit,
    "between": poisson_fit,
    "negative_binomial": negative_binomial_fit,
    "logistic": logistic_fit,
}

MODELS: Mapping[str, Callable[..., Estimate]] = {
    "poisson": poisson,
    "negative_binomial": negative_binomial,
    "mixed": mixed,
    "fixed_effects": fixed_effects,
    "gee": gee,
    "between": between,
    "mixed_within": mixed_within,
    "mixed_between": mixed_between,
}
"""Key → model; every estimate is the logarithm of a rate ratio."""

SHARE_MODELS: Mapping[str, Callable[..., Estimate]] = {"logistic": logistic}
"""Models of proportions only; the estimate is the logarithm of an odds ratio."""


def _robust(method: str, design: Design, confidence: float, correction: Correction) -> Estimate:
    x = design.matrix()
    note = design.problem(x)
    if note:
        return none(method, design.n_rows, design.n_places, note)
    fit = _FITS[method](x, design.events, design.size)
    if not bool(fit.converged):
        return none(method, design.n_rows, design.n_places, "not_converged")
    root = np.sqrt(fit.weight)
    robust = cluster_robust(x * root[:, None], fit.working * root, design.prefecture, correction)
    return made(
        method,
        float(fit.coefficients[0]),
        float(np.sqrt(robust.covariance[0, 0])),
        float(robust.degrees),
        n_rows=design.n_rows,
        n_places=design.n_places,
        dispersion=pearson_dispersion(design.events, fit.mean, x.shape[1]),
        confidence=confidence,
    )


def _means(design: Design) -> Design:
    """One row a place: sums of events and of sizes at the pooled rate of their year, means of x and z."""
    years, when = np.unique(design.year, return_inverse=True)
    rate = np.bincount(when, design.events) / np.bincount(when, design.size)
    counts = np.column_stack(
        [design.events, design.size * rate[when], np.ones(design.n_rows), design.x, design.z]
    )
    sums = cluster_sums(counts, design.place)
    first = np.unique(design.place, return_index=True)[1]
    means = sums[:, 3:] / sums[:, 2:3]
    return Design(
        outcome=design.outcome,
        exposure=design.exposure,
        confounders=design.confounders,
        level=design.level,
        events=sums[:, 0],
        size=sums[:, 1],
        kind=design.kind,
        x=means[:, 0],
        z=means[:, 1:],
        place=design.place[first],
        prefecture=design.prefecture[first],
        year=np.full(len(first), years[0], dtype=np.int64),
        scale=design.scale,
    )

"""Adjustment of a figure for who lives in a place: expected counts from a regression on the places' characteristics.

The characteristics are those of places, not of persons, so an adjusted figure says how a place differs from places like it;
it is no risk adjustment of patients. Places count by their number of cases, as in indirect standardisation, so the
coefficients are mostly those of the large places.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.benchmark.intervals import FloatArray, divide
from zaitaku_demand.benchmark.overdispersion import pooled

Family = Literal["poisson", "binomial"]
_MOST_STEPS = 50
_PRECISION = 1e-10


class Fit(NamedTuple):
    """Coefficients of many regressions at once.

    Attributes
    ----------
    coefficients : array (draws, covariates + 1)
        The constant first; covariates in standard deviations.
    converged : array (draws,) of bool
    """

    coefficients: FloatArray
    converged: npt.NDArray[np.bool_]


def expected_counts(
    events: npt.ArrayLike,
    exposure: npt.ArrayLike,
    covariates: npt.ArrayLike,
    family: Family,
    weights: npt.ArrayLike | None = None,
) -> tuple[FloatArray, Fit]:
    """Counts that each place would have, given its characteristics, if all places were alike otherwise.

    Poisson regression with the logarithm of the exposure as offset, or binomial regression with the exposure as
    number of trials. The fit with all weights 1 has the same total of observed and expected counts.

    Parameters
    ----------
    events, exposure : arrays (places,)
        Places without count, exposure or a covariate get NaN and are left out of the fit.
    covariates : array (places, covariates)
    family : {"poisson", "binomial"}
    weights : array (draws, places), optional
        Weight of each place in each fit (how often it was drawn); one fit with weights 1 if not given.

    Returns
    -------
    expected : array (draws, places)
        NaN in draws whose regression did not converge.
    fit : Fit

    References
    ----------
    McCullagh & Nelder 1989, Generalized Linear Models, 2.5 (iteratively reweighted least squares).
    """
    o, n = np.asarray(events, np.float64), np.asarray(exposure, np.float64)
    z = np.asarray(covariates, np.float64)
    known = np.isfinite(o) & (n > 0) & np.isfinite(z).all(axis=1)
    w = np.ones((1, len(o))) if weights is None else np.asarray(weights, np.float64)
    expected = np.full((len(w), len(o)), np.nan)
    design = _design(z[known])
    if known.sum() <= design.shape[1] or np.linalg.matrix_rank(design) < design.shape[1]:
        nothing = np.full((len(w), design.shape[1]), np.nan)
        return expected, Fit(nothing, np.zeros(len(w), dtype=bool))
    fit = weighted_fits(o[known], n[known], design, family, w[:, known])
    mean = _mean(fit.coefficients @ design.T, family) * n[known]
    expected[:, known] = np.where(fit.converged[:, None], mean, np.nan)
    return expected, fit


def weighted_fits(
    events: FloatArray, exposure: FloatArray, design: FloatArray, family: Family, weights: FloatArray
) -> Fit:
    """Maximum-likelihood coefficients for each row of weights, all at once.

    Parameters
    ----------
    events, exposure : arrays (places,)
    design : array (places, coefficients)
        The constant first.
    weights : array (draws, places)

    Returns
    -------
    Fit
        A draw that has not converged after 50 steps is marked.
    """
    draws, size = len(weights), design.shape[1]
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    rate = pooled(events, exposure)
    start = np.log(rate) if family == "poisson" else special.logit(np.clip(rate, 1e-9, 1 - 1e-9))
    found = np.zeros((draws, size))
    found[:, 0] = start
    open_draws = np.ones(draws, dtype=bool)
    for _ in range(_MOST_STEPS):
        now = np.flatnonzero(open_draws)
        if not len(now):
            break
        share = _mean(found[now] @ design.T, family)
        spread = share * exposure * (1 - share if family == "binomial" else 1.0)
        score = (weights[now] * (events - share * exposure)) @ design
        information = ((weights[now] * spread) @ squares).reshape(-1, size, size)
        step = _solved(information, score)
        found[now] += np.clip(step, -2.0, 2.0)
        open_draws[now] = ~(np.abs(step).max(axis=1) < _PRECISION)
    return Fit(found, ~open_draws)


def observed_over_expected(events: npt.ArrayLike, expected: npt.ArrayLike) -> FloatArray:
    """Observed / expected counts; arrays (..., places)."""
    return divide(events, expected)


def _design(covariates: FloatArray) -> FloatArray:
    """Constant and covariates in standard deviations, which keeps the equations well conditioned."""
    spread = covariates.std(axis=0)
    scaled = (covariates - covariates.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.column_stack([np.ones(len(covariates)), scaled])


def _mean(predictor: FloatArray, family: Family) -> FloatArray:
    bounded = np.clip(predictor, -500.0, 500.0)
    return np.asarray(np.exp(bounded) if family == "poisson" else special.expit(bounded), np.float64)


def _solved(information: FloatArray, score: FloatArray) -> FloatArray:
    """Newton steps; NaN for a draw whose equations have no unique solution."""
    usable = np.linalg.cond(information) < 1e12
    step = np.full(score.shape, np.nan)
    step[usable] = np.linalg.solve(information[usable], score[usable][..., None])[..., 0]
    return step

"""Poisson regression with an effect of every place and every year: only changes within places are compared.

The place effects are absorbed. Poisson maximum likelihood with dummies, the likelihood conditional on each place's
total, and Poisson pseudo maximum likelihood (PPML) have the same solution, so no incidental-parameter bias arises.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.research.association.clustered import Correction, cluster_robust, cluster_sums
from zaitaku_demand.research.association.design import Design, place_means
from zaitaku_demand.research.association.estimate import Estimate, made, none
from zaitaku_demand.research.association.glm import ITERATIONS, TOLERANCE, pearson_dispersion
from zaitaku_demand.research.panel import FloatArray

_NO_VARIATION = 1e-8
"""Change within places, in units of the standardised columns, below which a column counts as constant."""


class AbsorbedFit(NamedTuple):
    """A Poisson model with absorbed place effects.

    Attributes
    ----------
    coefficients : array (..., columns)
    mean : array (..., rows)
        Expected events; they add up to the observed ones in every place.
    rows : array (..., rows, columns)
        Columns minus their mean within the place, weighted by the expected events.
    converged : array (...) of bool
    """

    coefficients: FloatArray
    mean: FloatArray
    rows: FloatArray
    converged: npt.NDArray[np.bool_]


def fixed_effects(design: Design, confidence: float = 0.95, correction: Correction = "CR2") -> Estimate:
    """Two-way fixed effects: Poisson with effects of places and years, robust to clusters of prefectures.

    Places with one year or no events say nothing and are left out; confounders that stay the same over the years are
    absorbed by the place effects.

    References
    ----------
    Hausman, Hall & Griliches 1984, Econometrica 52:909; Santos Silva & Tenreyro 2006, Rev Econ Stat 88:641; Wooldridge
    1999, J Econometrics 90:77 (consistent for any variance).
    """
    kept = design.subset(_informative(design))
    if kept.n_rows == 0 or not _varies(kept.x, kept):
        return none("fixed_effects", design.n_rows, design.n_places, "no_within_variation")
    varying = [column for column in kept.z.T if _varies(column, kept)]
    x = np.column_stack([kept.x, kept.year_columns()[:, 1:], *varying])
    centred = x - np.column_stack([_place_mean(column, kept) for column in x.T])
    note = kept.problem(np.column_stack([centred, np.ones(len(x))]))
    if note:
        return none("fixed_effects", kept.n_rows, kept.n_places, note)
    fit = absorbed_poisson_fit(x, kept.events, kept.size, kept.place)
    if not bool(fit.converged):
        return none("fixed_effects", kept.n_rows, kept.n_places, "not_converged")
    root = np.sqrt(fit.mean)
    robust = cluster_robust(
        fit.rows * root[:, None], (kept.events - fit.mean) / root, kept.prefecture, correction
    )
    return made(
        "fixed_effects",
        float(fit.coefficients[0]),
        float(np.sqrt(robust.covariance[0, 0])),
        float(robust.degrees),
        n_rows=kept.n_rows,
        n_places=kept.n_places,
        dispersion=pearson_dispersion(kept.events, fit.mean, x.shape[1] + kept.n_places),
        confidence=confidence,
    )


def absorbed_poisson_fit(
    x: npt.ArrayLike, events: npt.ArrayLike, size: npt.ArrayLike, place: npt.ArrayLike
) -> AbsorbedFit:
    """Log-linear model ``E = size exp(a_place + x b)`` by Newton steps on the likelihood conditional on place totals.

    Parameters
    ----------
    x : array (..., rows, columns)
        Without constant.
    events, size : arrays (..., rows)
    place : array (rows,)
        Code of the place; each should have at least two rows and an event.
    """
    rows = np.asarray(x, np.float64)
    y, n = np.asarray(events, np.float64), np.asarray(size, np.float64)
    codes = np.unique(place, return_inverse=True)[1]
    total = cluster_sums(y[..., None], codes)[..., 0]
    coefficients = np.zeros((*np.broadcast_shapes(y.shape, rows.shape[:-1])[:-1], rows.shape[-1]))
    converged = np.zeros(coefficients.shape[:-1], dtype=bool)
    mean, away = _expected(rows, n, codes, total, coefficients)
    for _ in range(ITERATIONS):
        transposed = np.swapaxes(away, -1, -2)
        score = transposed @ (y - mean)[..., None]
        step = np.linalg.solve(transposed @ (away * mean[..., None]), score)[..., 0]
        coefficients = coefficients + step
        mean, away = _expected(rows, n, codes, total, coefficients)
        converged = np.abs(step).max(axis=-1) < TOLERANCE
        if converged.all():
            break
    return AbsorbedFit(coefficients, mean, away, converged)


def _expected(
    rows: FloatArray,
    size: FloatArray,
    codes: npt.NDArray[np.intp],
    total: FloatArray,
    coefficients: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Expected events given the place totals, and columns minus their weighted mean within the place."""
    weight = size * np.exp((rows @ coefficients[..., None])[..., 0])
    sums = cluster_sums(np.concatenate([weight[..., None], rows * weight[..., None]], axis=-1), codes)
    mean = weight * (total / sums[..., 0])[..., codes]
    return mean, rows - (sums[..., 1:] / sums[..., :1])[..., codes, :]


def _informative(design: Design) -> npt.NDArray[np.bool_]:
    _, at = np.unique(design.place, return_inverse=True)
    return np.asarray((np.bincount(at) > 1)[at] & (np.bincount(at, design.events) > 0)[at])


def _place_mean(values: FloatArray, design: Design) -> FloatArray:
    at, means = place_means(values, design.place)
    return means[at]


def _varies(values: FloatArray, design: Design) -> bool:
    return bool(np.abs(values - _place_mean(values, design)).max() > _NO_VARIATION)

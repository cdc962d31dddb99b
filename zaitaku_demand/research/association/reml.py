"""Linear mixed model with nested random intercepts and known sampling variances, by restricted maximum likelihood.

``y = X b + u_prefecture + u_place + u_row + e``, the u normal with unknown variances, e with known variance by row. The
covariance is nested, so its inverse, determinant and traces are sums over groups (Woodbury, level by level): a fit
costs what a regression costs. Leading axes of the arrays are carried through (replications).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.research.association.glm import weighted_least_squares
from zaitaku_demand.research.association.nested import (
    Grouping,
    determinant_and_traces,
    inverse_times,
    ordered,
    unordered,
)
from zaitaku_demand.research.panel import FloatArray

_ITERATIONS = 200
_TOLERANCE = 1e-7
_VARIANCE_TOLERANCE = 1e-5
"""Relative change of the variances at which the iteration ends."""
_LARGEST_FACTOR = 10.0
"""A variance changes at most by this factor in one step."""
_ZERO = 1e-6
"""Share of the total variance below which a component counts as 0."""
_SMALLEST_MEAN = 1e-6


class MixedFit(NamedTuple):
    """A fitted linear mixed model.

    Attributes
    ----------
    coefficients : array (..., columns)
    covariance : array (..., columns, columns)
    variances : array (..., 1 + groupings)
        Between rows, then of each grouping from fine to coarse.
    information : array (..., 1 + groupings, 1 + groupings)
        Average information of the variances.
    degrees : array (..., columns of interest)
        Satterthwaite degrees of freedom.
    fitted : array (..., rows)
        Fixed part and predicted effects.
    likelihood : array (...)
        Restricted log likelihood, with its constant.
    converged : array (...) of bool
    """

    coefficients: FloatArray
    covariance: FloatArray
    variances: FloatArray
    information: FloatArray
    degrees: FloatArray
    fitted: FloatArray
    likelihood: FloatArray
    converged: npt.NDArray[np.bool_]


class CountFit(NamedTuple):
    """A fitted log-linear mixed model of counts: as :class:`MixedFit`, with expected events by row.

    Attributes
    ----------
    coefficients, covariance, variances, information, degrees, converged
        As in :class:`MixedFit`.
    mean : array (..., rows)
        Expected events given the predicted effects.
    fixed_mean : array (..., rows)
        Expected events of the fixed part, scaled to the observed total.
    weighted_rows, weighted_residual : arrays (..., rows, columns), (..., rows)
        ``V^-1 X`` and ``V^-1 (y - X b)``, for a variance robust to clusters.
    """

    coefficients: FloatArray
    covariance: FloatArray
    variances: FloatArray
    information: FloatArray
    degrees: FloatArray
    mean: FloatArray
    fixed_mean: FloatArray
    weighted_rows: FloatArray
    weighted_residual: FloatArray
    converged: npt.NDArray[np.bool_]


def reml_fit(
    x: npt.ArrayLike,
    response: npt.ArrayLike,
    sampling_variance: npt.ArrayLike,
    groupings: Sequence[npt.ArrayLike],
    columns_of_interest: Sequence[int] = (0,),
    row_variance: bool = True,
) -> MixedFit:
    """Fit the model by average-information steps.

    Parameters
    ----------
    x : array (..., rows, columns)
    response, sampling_variance : arrays (..., rows)
    groupings : sequence of arrays (rows,)
        Codes, fine to coarse, each nested in the next.
    columns_of_interest : sequence of int
        Coefficients whose degrees of freedom are computed.
    row_variance : bool
        Whether rows differ beyond the sampling variance.

    References
    ----------
    Patterson & Thompson 1971, Biometrika 58:545 (REML); Gilmour, Thompson & Cullis 1995, Biometrics 51:1440 (average
    information); Satterthwaite 1946, Biometrics Bull 2:110; Fay & Cordero 2003 in meta-analytic use.
    """
    order, nested = ordered(groupings, np.asarray(response).shape[-1])
    rows = np.asarray(x, np.float64)[..., order, :]
    y, v = (np.asarray(part, np.float64)[..., order] for part in (response, sampling_variance))
    variances = _start(rows, y, v, len(nested), row_variance)
    converged = np.zeros(y.shape[:-1], dtype=bool)
    state = _state(rows, y, v, nested, variances)
    for _ in range(_ITERATIONS):
        updated = _updated(state, variances, row_variance)
        converged = _settled(updated, variances)
        variances = updated
        state = _state(rows, y, v, nested, variances)
        if converged.all():
            break
    return MixedFit(
        state.coefficients,
        state.covariance,
        variances,
        state.information,
        _satterthwaite(state, variances, columns_of_interest),
        unordered(y - v * state.weighted, order),
        state.likelihood,
        converged,
    )


def count_mixed_fit(
    x: npt.ArrayLike,
    events: npt.ArrayLike,
    size: npt.ArrayLike,
    groupings: Sequence[npt.ArrayLike],
    columns_of_interest: Sequence[int] = (0,),
) -> CountFit:
    """Log-linear mixed model of counts by penalised quasi-likelihood.

    Each turn takes the working response ``eta + (events - mean) / mean`` with sampling variance ``1 / mean`` at the
    present fit, and one average-information step for the variances.

    Parameters
    ----------
    x : array (..., rows, columns)
    events, size : arrays (..., rows)
    groupings : sequence of arrays (rows,)
    columns_of_interest : sequence of int

    References
    ----------
    Breslow & Clayton 1993, J Am Stat Assoc 88:9.
    """
    order, nested = ordered(groupings, np.asarray(events).shape[-1])
    rows = np.asarray(x, np.float64)[..., order, :]
    counts, exposure = (np.asarray(part, np.float64)[..., order] for part in (events, size))
    overall = (counts.sum(axis=-1) / exposure.sum(axis=-1))[..., None]
    eta = np.log((counts + 0.5) / (exposure + 0.5 / overall))
    mean = np.maximum(exposure * np.exp(eta), _SMALLEST_MEAN)
    response, v = eta + (counts - mean) / mean, 1 / mean
    variances = _start(rows, response, v, len(nested), True)
    state = _state(rows, response, v, nested, variances)
    converged = np.zeros(counts.shape[:-1], dtype=bool)
    for _ in range(_ITERATIONS):
        before = state.coefficients
        updated = _updated(state, variances, True)
        settled = _settled(updated, variances)
        variances = updated
        eta = response - v * state.weighted
        mean = np.maximum(exposure * np.exp(eta), _SMALLEST_MEAN)
        response, v = eta + (counts - mean) / mean, 1 / mean
        state = _state(rows, response, v, nested, variances)
        converged = settled & (np.abs(state.coefficients - before).max(axis=-1) < _TOLERANCE)
        if converged.all():
            break
    fixed = exposure * np.exp(np.einsum("...ij,...j->...i", rows, state.coefficients))
    fixed = fixed * (counts.sum(axis=-1) / fixed.sum(axis=-1))[..., None]
    return CountFit(
        state.coefficients,
        state.covariance,
        variances,
        state.information,
        _satterthwaite(state, variances, columns_of_interest),
        unordered(exposure * np.exp(response - v * state.weighted), order),
        unordered(fixed, order),
        np.take(state.weighted_rows, np.argsort(order), axis=-2),
        unordered(state.weighted, order),
        converged,
    )


class _State(NamedTuple):
    """Everything about the fit at given variances."""

    coefficients: FloatArray
    covariance: FloatArray
    weighted: FloatArray
    weighted_rows: FloatArray
    gradient: FloatArray
    information: FloatArray
    slope: FloatArray
    likelihood: FloatArray


def _start(x: FloatArray, y: FloatArray, v: FloatArray, groupings: int, row_variance: bool) -> FloatArray:
    """Moment estimate of the total variance beyond sampling, in equal parts."""
    residual = y - np.einsum("...ij,...j->...i", x, weighted_least_squares(x, y, np.ones_like(y)))
    free = y.shape[-1] - x.shape[-1]
    total = (residual**2).sum(axis=-1) / free
    beyond = np.maximum(total - v.mean(axis=-1), 0.1 * total)
    parts = np.broadcast_to(beyond[..., None] / (groupings + 1), (*beyond.shape, groupings + 1)).copy()
    if not row_variance:
        parts[..., 0] = 0.0
    return parts


def _state(
    x: FloatArray, y: FloatArray, v: FloatArray, nested: Sequence[Grouping], variances: FloatArray
) -> _State:
    columns = x.shape[-1]
    weight = 1 / (v + variances[..., :1])
    solved = inverse_times(np.concatenate([x, y[..., None]], axis=-1), weight, nested, variances)
    vx, vy = solved[..., :columns], solved[..., columns]
    cross = np.swapaxes(x, -1, -2) @ vx
    covariance = np.asarray(np.linalg.inv(cross), np.float64)
    coefficients = (covariance @ (np.swapaxes(x, -1, -2) @ vy[..., None]))[..., 0]
    py = vy - (vx @ coefficients[..., None])[..., 0]
    logarithm, traces = determinant_and_traces(weight, nested, variances)
    # Z_k' V^-1 X and Z_k' P y of every level; f_k = Z_k Z_k' P y.
    of_x = [vx, *(grouping.sums(vx, -2) for grouping in nested)]
    of_y = [py, *(grouping.sums(py, -1) for grouping in nested)]
    spread = np.stack(
        [py, *(each[..., grouping.codes] for each, grouping in zip(of_y[1:], nested, strict=True))], axis=-1
    )
    through = [each @ covariance for each in of_x]
    lost = [(each * by).sum(axis=(-1, -2)) for each, by in zip(of_x, through, strict=True)]
    squares = np.stack([(each**2).sum(axis=-1) for each in of_y], axis=-1)
    gradient = 0.5 * (squares - traces + np.stack(lost, axis=-1))
    inverse_spread = inverse_times(spread, weight, nested, variances)
    through_x = np.swapaxes(x, -1, -2) @ inverse_spread
    information = 0.5 * (
        np.swapaxes(spread, -1, -2) @ inverse_spread - np.swapaxes(through_x, -1, -2) @ covariance @ through_x
    )
    slope = np.stack([(each**2).sum(axis=-2) for each in through], axis=-2)
    free = y.shape[-1] - columns
    likelihood = -0.5 * (
        logarithm + np.asarray(np.linalg.slogdet(cross)[1]) + (y * py).sum(axis=-1) + free * np.log(2 * np.pi)
    )
    return _State(
        coefficients, covariance, py, vx, gradient, information, slope, np.asarray(likelihood, np.float64)
    )


def _updated(state: _State, variances: FloatArray, row_variance: bool) -> FloatArray:
    """One average-information step, kept inside the positive variances; a component at 0 whose slope is negative stays."""
    free = (variances > 0) | (state.gradient > 0)
    if not row_variance:
        free[..., 0] = False
    identity = np.eye(variances.shape[-1])
    both = free[..., :, None] & free[..., None, :]
    matrix = np.where(both, state.information, identity)
    step = np.linalg.solve(matrix, np.where(free, state.gradient, 0.0)[..., None])[..., 0]
    total = variances.sum(axis=-1, keepdims=True)
    base = np.where(variances > 0, variances, 0.01 * total)
    new = np.clip(
        variances + step, np.where(variances > 0, variances / _LARGEST_FACTOR, 0.0), base * _LARGEST_FACTOR
    )
    new = np.where(free, new, variances)
    return np.where(new < _ZERO * total, 0.0, new)


def _settled(new: FloatArray, old: FloatArray) -> npt.NDArray[np.bool_]:
    total = np.maximum(old.sum(axis=-1, keepdims=True), 1e-300)
    return np.asarray((np.abs(new - old) / total).max(axis=-1) < _VARIANCE_TOLERANCE)


def _satterthwaite(state: _State, variances: FloatArray, columns: Sequence[int]) -> FloatArray:
    """``2 c^2 / (g' A^-1 g)``: c the variance of the coefficient, g its slope by the variances, A their information."""
    free = variances > 0
    both = free[..., :, None] & free[..., None, :]
    inverse = np.linalg.inv(np.where(both, state.information, np.eye(variances.shape[-1])))
    out = []
    for column in columns:
        slope = np.where(free, state.slope[..., column], 0.0)
        spread = np.einsum("...i,...ij,...j->...", slope, inverse, slope)
        variance = state.covariance[..., column, column]
        out.append(2 * variance**2 / np.maximum(spread, 1e-300))
    return np.stack(out, axis=-1)

"""Cluster-robust variances that hold with few clusters: CR1, CR2 (Bell-McCaffrey) and CR3 (Mancl-DeRouen).

All act on a least-squares problem with independent working errors, to which generalised linear models (working
response times the root of its weight) and generalised least squares (whitened rows) are reduced first. Only the
scores and cross products of each cluster are needed, so nothing of the size of a cluster is ever inverted, and
leading axes (replications) are carried through.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.research.panel import FloatArray

Correction = Literal["CR0", "CR1", "CR2", "CR3"]
_LEVERAGE_OF_ONE = 1.0 - 1e-9
"""From this leverage on a direction is fitted by its cluster alone and carries no residual."""


class Robust(NamedTuple):
    """Cluster-robust variance.

    Attributes
    ----------
    covariance : array (..., columns, columns)
    degrees : array (...)
        Degrees of freedom of the t statistic of the first coefficient: Satterthwaite with CR2 and CR3, clusters - 1
        otherwise.
    """

    covariance: FloatArray
    degrees: FloatArray


def cluster_sums(values: npt.ArrayLike, clusters: npt.ArrayLike) -> FloatArray:
    """Sum over the rows of each cluster; array (..., clusters, columns) from arrays (..., rows, columns) and (rows,)."""
    array, codes = np.asarray(values, np.float64), np.asarray(clusters)
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=codes[order[0]] - 1))
    return np.asarray(np.add.reduceat(array[..., order, :], starts, axis=-2))


def cluster_robust(
    rows: npt.ArrayLike,
    residuals: npt.ArrayLike,
    clusters: npt.ArrayLike,
    correction: Correction = "CR2",
) -> Robust:
    """Covariance of least-squares coefficients when rows of a cluster go together.

    ``B (sum_g X_g' A_g r_g r_g' A_g X_g) B`` with ``B = (X'X)^-1``; A_g is the identity (CR0), the root of
    ``G/(G-1) (N-1)/(N-p)`` (CR1), ``(I - H_gg)^(-1/2)`` (CR2) or ``(I - H_gg)^(-1)`` (CR3).

    Parameters
    ----------
    rows : array (..., rows, columns)
        Regressors, the coefficient of interest first.
    residuals : array (..., rows)
    clusters : array (rows,)
        Code of the cluster.
    correction : {"CR0", "CR1", "CR2", "CR3"}

    References
    ----------
    Bell & McCaffrey 2002, Survey Methodology 28:169 (CR2 and its degrees of freedom); Pustejovsky & Tipton 2018, J Bus
    Econ Stat 36:672 (generalised inverse, absorbed effects); Mancl & DeRouen 2001, Biometrics 57:126 (CR3 as used in GEE);
    Cameron & Miller 2015, J Hum Resour 50:317 (CR1).
    """
    x, r = np.asarray(rows, np.float64), np.asarray(residuals, np.float64)
    return robust_from_sums(
        cluster_grams(x, clusters), cluster_sums(x * r[..., None], clusters), x.shape[-2], correction
    )


def robust_from_sums(gram: FloatArray, score: FloatArray, count: int, correction: Correction) -> Robust:
    """The same from what each cluster adds to the cross products and to the score.

    Parameters
    ----------
    gram : array (..., clusters, columns, columns)
    score : array (..., clusters, columns)
    count : int
        Rows in all.
    correction : {"CR0", "CR1", "CR2", "CR3"}
    """
    bread = np.linalg.inv(gram.sum(axis=-3))
    groups, columns = gram.shape[-3], gram.shape[-1]
    few = np.full(gram.shape[:-3], groups - 1.0)
    if correction in ("CR0", "CR1"):
        factor = groups / (groups - 1) * (count - 1) / (count - columns) if correction == "CR1" else 1.0
        return Robust(factor * _sandwich(bread, score), few)
    power = 0.5 if correction == "CR2" else 1.0
    adjusted, leverage, turn = _adjustment(gram, bread, power)
    raised = score + np.einsum("...ij,...j->...i", gram @ adjusted, score)
    covariance = _sandwich(bread, raised)
    squared = _through(turn, _raised(leverage, 2 * power))
    first = np.eye(columns)[0]
    return Robust(covariance, _satterthwaite(gram, bread, adjusted, squared, first))


def contrast_degrees(gram: FloatArray, contrast: npt.ArrayLike) -> float:
    """Satterthwaite degrees of freedom of one contrast of coefficients with its CR2 variance.

    Parameters
    ----------
    gram : array (clusters, columns, columns)
    contrast : array (columns,)
    """
    bread = np.linalg.inv(gram.sum(axis=-3))
    adjusted, leverage, turn = _adjustment(gram, bread, 0.5)
    squared = _through(turn, _raised(leverage, 1.0))
    return float(_satterthwaite(gram, bread, adjusted, squared, np.asarray(contrast, np.float64)))


def cluster_grams(x: FloatArray, clusters: npt.ArrayLike) -> FloatArray:
    """Cross products X_g'X_g of each cluster, array (..., clusters, columns, columns)."""
    columns = x.shape[-1]
    products = (x[..., :, None] * x[..., None, :]).reshape(*x.shape[:-1], columns * columns)
    sums = cluster_sums(products, clusters)
    return sums.reshape(*sums.shape[:-1], columns, columns)


def _sandwich(bread: FloatArray, scores: FloatArray) -> FloatArray:
    return np.asarray(bread @ (np.swapaxes(scores, -1, -2) @ scores) @ bread)


def _adjustment(
    gram: FloatArray, bread: FloatArray, power: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What A_g adds to a cluster's score, through the eigenvectors of its leverage.

    With ``B = LL'`` the leverage H_gg has the eigenvalues of ``L' Gram_g L``, so ``X_g' A_g = (I + Gram_g K) X_g'``
    with K = L V diag(((1 - s)^-power - 1) / s) V' L'.
    """
    root = np.linalg.cholesky(bread)[..., None, :, :]
    leverage, vectors = np.linalg.eigh(np.swapaxes(root, -1, -2) @ gram @ root)
    turn = root @ vectors
    return _through(turn, _raised(leverage, power)), leverage, turn


def _raised(leverage: FloatArray, power: float) -> FloatArray:
    """``((1 - s)^-power - 1) / s``; directions of leverage 1 are left as they are (generalised inverse)."""
    free = leverage < _LEVERAGE_OF_ONE
    s = np.where(free & (leverage > 1e-8), leverage, 0.5)
    value = ((1 - s) ** -power - 1) / s
    # A leverage of 1 has A = 0 in the generalised inverse: (0 - 1) / 1.
    return np.where(free, np.where(leverage > 1e-8, value, power), -1.0)


def _through(turn: FloatArray, values: FloatArray) -> FloatArray:
    return np.asarray((turn * values[..., None, :]) @ np.swapaxes(turn, -1, -2))


def _satterthwaite(
    gram: FloatArray, bread: FloatArray, adjusted: FloatArray, squared: FloatArray, contrast: FloatArray
) -> FloatArray:
    """Degrees of freedom of a contrast c: ``(tr P)^2 / tr(P P)``, P the quadratic form of its variance.

    ``P_gh = a_g' (I - H)_gh a_h`` with ``a_g = A_g X_g B c``, expected under independent working errors.
    """
    first = (bread @ contrast)[..., None, :]
    base = np.einsum("...ij,...j->...i", gram, np.broadcast_to(first, gram.shape[:-1]))
    weighted = base + np.einsum("...ij,...j->...i", gram @ adjusted, base)
    twice = base + np.einsum("...ij,...j->...i", gram @ squared, base)
    own = np.einsum("...i,...i->...", twice, np.broadcast_to(first, gram.shape[:-1]))
    form = -weighted @ bread @ np.swapaxes(weighted, -1, -2)
    diagonal = np.arange(form.shape[-1])
    form[..., diagonal, diagonal] += own
    trace = form[..., diagonal, diagonal].sum(axis=-1)
    return np.asarray(trace**2 / (form * form).sum(axis=(-1, -2)))

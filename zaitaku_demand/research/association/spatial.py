"""Regression when neighbours resemble each other: spatial error, spatial lag, and Moran eigenvectors.

The first two are for a figure of the place that is about normal (the logarithm of a rate); the eigenvectors are
columns that can be added to any model, that for counts among them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from zaitaku_demand.benchmark.intervals import FloatArray, Limits, tail
from zaitaku_demand.research.association.moran import Moran, moran_i, moran_residuals

_EDGE = 1e-6
_LEAST_EIGENVALUE = 1e-4
"""Eigenvectors with eigenvalues nearer to 0 carry no spatial pattern (Bivand & Piras 2015)."""


class SpatialFit(NamedTuple):
    """A spatial regression by maximum likelihood.

    Attributes
    ----------
    coefficients, standard_errors : array (k,)
        In the order of the regressors; standard errors from the information matrix.
    dependence, dependence_error : float
        Spatial coefficient (lambda of the error, rho of the lag) and its standard error.
    variance : float
        Of the independent errors, by maximum likelihood (divided by n).
    log_likelihood, log_likelihood_without : float
        With and without the spatial coefficient.
    places : int
    """

    coefficients: FloatArray
    standard_errors: FloatArray
    dependence: float
    dependence_error: float
    variance: float
    log_likelihood: float
    log_likelihood_without: float
    places: int

    def limits(self, confidence: float = 0.95) -> Limits:
        """Limits of the coefficients by Student's t with n - k degrees, the variance divided by n - k for n."""
        freedom = self.places - len(self.coefficients)
        t = -float(special.stdtrit(freedom, tail(confidence)))
        half = t * self.standard_errors * (self.places / freedom) ** 0.5
        return self.coefficients - half, self.coefficients + half

    def p_values(self) -> FloatArray:
        """Two-sided p-values of the coefficients, of the same t distribution as the limits."""
        freedom = self.places - len(self.coefficients)
        t = self.coefficients / (self.standard_errors * (self.places / freedom) ** 0.5)
        return np.asarray(2 * special.stdtr(freedom, -np.abs(t)))


class Filter(NamedTuple):
    """Moran eigenvectors chosen one after the other.

    Attributes
    ----------
    vectors : array (places, chosen)
    numbers : tuple of int
        Which eigenvectors, 1 the one with the largest eigenvalue.
    steps : tuple of Moran
        Moran's I of the residuals before the first and after each.
    """

    vectors: FloatArray
    numbers: tuple[int, ...]
    steps: tuple[Moran, ...]


def spatial_error(figure: npt.ArrayLike, regressors: npt.ArrayLike, weight: npt.ArrayLike) -> SpatialFit:
    """Regression with errors that resemble those of the neighbours: ``y = Xb + u``, ``u = lambda W u + e``.

    The likelihood is concentrated on lambda, ``ln|I - lambda W|`` being the sum over the eigenvalues of W.

    Parameters
    ----------
    figure : array (places,)
    regressors : array (places, k)
        With the constant.
    weight : array (places, places)
        Row-standardised weights of a symmetric adjacency (their eigenvalues are real).

    References
    ----------
    Ord 1975, J Am Stat Assoc 70:120; Anselin 1988, Spatial Econometrics, ch. 6 and 8.
    """
    y, x, w = (np.asarray(part, np.float64) for part in (figure, regressors, weight))
    n, roots = len(y), _roots(w)
    wy, wx = w @ y, w @ x

    def rest(value: float) -> tuple[FloatArray, FloatArray]:
        filtered = x - value * wx
        own = y - value * wy
        b = np.asarray(np.linalg.lstsq(filtered, own, rcond=None)[0], np.float64)
        return b, own - filtered @ b

    def minus(value: float) -> float:
        e = rest(value)[1]
        return -_log_likelihood(float(e @ e), n, value, roots)

    value = _best(minus, roots)
    b, e = rest(value)
    variance = float(e @ e) / n
    filtered = x - value * wx
    errors = np.sqrt(variance * np.diag(np.linalg.inv(filtered.T @ filtered)))
    product = w @ np.linalg.inv(np.eye(n) - value * w)
    of_value = np.trace(product @ product) + (product * product).sum()
    information = np.array(
        [
            [of_value, np.trace(product) / variance],
            [np.trace(product) / variance, n / (2 * variance**2)],
        ]
    )
    spread = float(np.linalg.inv(information)[0, 0]) ** 0.5
    return SpatialFit(b, errors, value, spread, variance, -minus(value), -minus(0.0), n)


def spatial_lag(figure: npt.ArrayLike, regressors: npt.ArrayLike, weight: npt.ArrayLike) -> SpatialFit:
    """Regression in which the figure itself goes with that of the neighbours: ``y = rho W y + Xb + e``.

    A coefficient is here the association within the place at given neighbours, not the whole (Anselin 1988).

    Parameters
    ----------
    figure, regressors, weight
        As of :func:`spatial_error`.

    References
    ----------
    Ord 1975, J Am Stat Assoc 70:120; Anselin 1988, Spatial Econometrics, ch. 6.
    """
    y, x, w = (np.asarray(part, np.float64) for part in (figure, regressors, weight))
    n, k, roots = len(y), x.shape[1], _roots(w)
    wy = w @ y
    both = np.linalg.lstsq(x, np.column_stack([y, wy]), rcond=None)[0]
    own, lagged = y - x @ both[:, 0], wy - x @ both[:, 1]

    def minus(value: float) -> float:
        e = own - value * lagged
        return -_log_likelihood(float(e @ e), n, value, roots)

    value = _best(minus, roots)
    e = own - value * lagged
    b, variance = both[:, 0] - value * both[:, 1], float(e @ e) / n
    product = w @ np.linalg.inv(np.eye(n) - value * w)
    expected = product @ (x @ b)
    information = np.zeros((k + 2, k + 2))
    information[:k, :k] = x.T @ x / variance
    information[:k, k] = information[k, :k] = x.T @ expected / variance
    trace = np.trace(product)
    information[k, k] = (
        np.trace(product @ product) + (product * product).sum() + expected @ expected / variance
    )
    information[k, k + 1] = information[k + 1, k] = trace / variance
    information[k + 1, k + 1] = n / (2 * variance**2)
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    return SpatialFit(b, errors[:k], value, float(errors[k]), variance, -minus(value), -minus(0.0), n)


def moran_eigenvectors(weight: npt.ArrayLike, regressors: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Map patterns that regressors leave free, from the most to the least alike between neighbours.

    Eigenvectors of ``M W M`` with ``M = I - X (X'X)^-1 X'`` and W made symmetric.

    Parameters
    ----------
    weight : array (places, places)
    regressors : array (places, k)
        With the constant; the constant alone gives Griffith's eigenvectors, which suit any model.

    Returns
    -------
    eigenvalues : array (places,)
    vectors : array (places, places)
        One column an eigenvector.

    References
    ----------
    Griffith 2003, Spatial Autocorrelation and Spatial Filtering; Tiefelsdorf & Griffith 2007,
    Environ Plan A 39:1193.
    """
    w, x = np.asarray(weight, np.float64), np.asarray(regressors, np.float64)
    symmetric = (w + w.T) / 2
    free = np.eye(len(w)) - x @ np.linalg.pinv(x)
    values, vectors = np.linalg.eigh(free @ symmetric @ free)
    return values[::-1], vectors[:, ::-1]


def eigenvector_filter(
    figure: npt.ArrayLike,
    regressors: npt.ArrayLike,
    weight: npt.ArrayLike,
    alpha: float = 0.05,
    most: int | None = None,
) -> Filter:
    """Eigenvectors added until Moran's I of the least-squares residuals is no longer significant.

    Each step takes the eigenvector after which the standardised I is nearest to 0, among those that point the same
    way as the pattern that is there (positive eigenvalues for neighbours that are alike).

    Parameters
    ----------
    figure : array (places,)
    regressors : array (places, k)
        With the constant.
    weight : array (places, places)
    alpha : float
        Two-sided p of Moran's I above which no more is added.
    most : int, optional
        Largest number of eigenvectors (default: a quarter of the places).

    References
    ----------
    Tiefelsdorf & Griffith 2007, Environ Plan A 39:1193.
    """
    y, x, w = (np.asarray(part, np.float64) for part in (figure, regressors, weight))
    values, vectors = moran_eigenvectors(w, x)
    e = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    now = moran_residuals(e, x, w)
    same_way = values * np.sign(now.z) > _LEAST_EIGENVALUE
    left = [int(each) for each in np.flatnonzero(same_way)]
    chosen: list[int] = []
    steps = [now]
    limit = len(y) // 4 if most is None else most
    while left and len(chosen) < limit and now.p_value <= alpha:
        best, now = min(
            ((each, _after(e, x, w, vectors[:, [*chosen, each]])) for each in left),
            key=lambda pair: abs(pair[1].z),
        )
        if abs(now.z) >= abs(steps[-1].z):
            break
        left.remove(best)
        chosen.append(best)
        steps.append(now)
    return Filter(vectors[:, chosen], tuple(each + 1 for each in chosen), tuple(steps))


def best_of_patterns(residuals: npt.ArrayLike, weight: npt.ArrayLike, vectors: npt.ArrayLike) -> int:
    """Column of `vectors` whose removal leaves residuals with the least Moran's I in absolute value.

    Parameters
    ----------
    residuals : array (places,)
    weight : array (places, places)
    vectors : array (places, candidates)
    """
    e, v = np.asarray(residuals, np.float64), np.asarray(vectors, np.float64)
    scale = (e @ v) / (v * v).sum(axis=0)
    return int(np.abs(moran_i((e[:, None] - v * scale).T, weight)).argmin())


def _after(e: FloatArray, x: FloatArray, w: FloatArray, added: FloatArray) -> Moran:
    return moran_residuals(e - added @ (added.T @ e), np.column_stack([x, added]), w)


def _roots(w: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.eigvals(w).real, np.float64)


def _log_likelihood(squares: float, n: int, value: float, roots: FloatArray) -> float:
    return float(-n / 2 * (np.log(2 * np.pi) + np.log(squares / n) + 1) + np.log1p(-value * roots).sum())


def _best(minus: Callable[[float], float], roots: FloatArray) -> float:
    bounds = (1 / roots.min() + _EDGE, 1 / roots.max() - _EDGE)
    found = optimize.minimize_scalar(minus, bounds=bounds, method="bounded", options={"xatol": 1e-9})
    return float(found.x)

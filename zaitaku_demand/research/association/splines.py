"""Non-linear association: restricted cubic splines with Harrell's knots, tested against a straight line."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.benchmark.intervals import tail
from zaitaku_demand.errors import InputError
from zaitaku_demand.research.association.clustered import cluster_grams, cluster_robust, contrast_degrees
from zaitaku_demand.research.association.design import Design
from zaitaku_demand.research.association.glm import negative_binomial_fit
from zaitaku_demand.research.panel import FloatArray
from zaitaku_demand.text import Text

KNOT_QUANTILES: dict[int, tuple[float, ...]] = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
}
"""Quantiles of the exposure at which the knots lie (Harrell 2015, Regression Modeling Strategies, table 2.3)."""


class Curve(NamedTuple):
    """Fitted curve of one association, and its test against a straight line.

    Attributes
    ----------
    x : array (points,)
        On the scale of the design, from the 5th to the 95th percentile.
    log_ratio, lower, upper : arrays (points,)
        Logarithm of the rate ratio against the median of x.
    knots : array (knots,)
    p_nonlinear : float
        Probability of so large a departure from a straight line by chance; NaN with `note`.
    note : str
        Empty, or a code of ``estimate.NOTES``.
    """

    x: FloatArray
    log_ratio: FloatArray
    lower: FloatArray
    upper: FloatArray
    knots: FloatArray
    p_nonlinear: float
    note: str


def harrell_knots(x: npt.ArrayLike, count: int) -> FloatArray:
    """Knots at fixed quantiles.

    Raises
    ------
    InputError
        If `count` is not 3, 4 or 5.
    """
    if count not in KNOT_QUANTILES:
        raise InputError(
            Text(f"節点の数が{count}である", f"the number of knots is {count}"),
            Text("3、4、5のいずれかを指定してください", "choose 3, 4 or 5"),
        )
    return np.asarray(np.quantile(np.asarray(x, np.float64), KNOT_QUANTILES[count]))


def restricted_cubic_basis(x: npt.ArrayLike, knots: npt.ArrayLike) -> FloatArray:
    """Linear term and ``knots - 2`` cubic terms that are linear beyond the outer knots.

    ``[(x - t_j)+^3 - (x - t_{k-1})+^3 (t_k - t_j)/(t_k - t_{k-1}) + (x - t_k)+^3 (t_{k-1} - t_j)/(t_k - t_{k-1})] /
    (t_k - t_1)^2``

    Parameters
    ----------
    x : array (rows,)
    knots : array (knots,)
        At least three, increasing.

    Returns
    -------
    array (rows, knots - 1)

    References
    ----------
    Harrell 2015, Regression Modeling Strategies, 2nd ed., section 2.4.5 (equations 2.25-2.26).
    """
    values, t = np.asarray(x, np.float64), np.asarray(knots, np.float64)
    cubes = np.maximum(values[:, None] - t, 0.0) ** 3
    gap = t[-1] - t[-2]
    inner = t[:-2]
    terms = (
        cubes[:, :-2] - cubes[:, -2:-1] * (t[-1] - inner) / gap + cubes[:, -1:] * (t[-2] - inner) / gap
    ) / (t[-1] - t[0]) ** 2
    return np.column_stack([values, terms])


def spline_curve(design: Design, knots: int = 3, points: int = 41, confidence: float = 0.95) -> Curve:
    """Negative binomial curve (the declared main model) with year effects, confounders and CR2 variance by prefecture.

    The test is Wald's, as an F with the denominator shortened by the Satterthwaite degrees of freedom (the smallest of
    the cubic terms); with three knots it is the t test of the one cubic term.

    References
    ----------
    Tipton & Pustejovsky 2015, J Educ Behav Stat 40:604 (approximate Hotelling test).
    """
    at = harrell_knots(design.x, knots)
    low, high = np.quantile(design.x, (0.05, 0.95))
    grid = np.linspace(float(low), float(high), points)
    # The fit is made in standard units, so that no unit of x makes the cubic terms collinear with the years.
    centre, width = float(np.median(design.x)), float(design.x.std()) or 1.0
    standard, inner = (design.x - centre) / width, (at - centre) / width
    blank = np.full(points, np.nan)
    if np.diff(at).min() <= 0:
        return Curve(grid, blank, blank, blank, at, float("nan"), "few_values")
    basis = restricted_cubic_basis(standard, inner)
    matrix = np.column_stack([basis, design.year_columns(), design.z])
    note = design.problem(matrix)
    if note:
        return Curve(grid, blank, blank, blank, at, float("nan"), note)
    fit = negative_binomial_fit(matrix, design.events, design.size)
    if not bool(fit.converged):
        return Curve(grid, blank, blank, blank, at, float("nan"), "not_converged")
    root = np.sqrt(fit.weight)
    rows = matrix * root[:, None]
    covariance = cluster_robust(rows, fit.working * root, design.prefecture).covariance
    gram = cluster_grams(rows, design.prefecture)
    terms = basis.shape[1]
    middle = restricted_cubic_basis([0.0], inner)
    contrasts = np.zeros((points, matrix.shape[1]))
    contrasts[:, :terms] = restricted_cubic_basis((grid - centre) / width, inner) - middle
    ratio = contrasts @ fit.coefficients
    error = np.sqrt(np.einsum("ij,jk,ik->i", contrasts, covariance, contrasts))
    degrees = np.array([contrast_degrees(gram, each) if each.any() else np.inf for each in contrasts])
    half = -special.stdtrit(np.minimum(degrees, 1e9), tail(confidence)) * error
    p_value = _departure(fit.coefficients, covariance, gram, terms)
    return Curve(grid, ratio, ratio - half, ratio + half, at, p_value, "")


def _departure(coefficients: FloatArray, covariance: FloatArray, gram: FloatArray, terms: int) -> float:
    cubic = slice(1, terms)
    count = terms - 1
    wald = float(coefficients[cubic] @ np.linalg.solve(covariance[cubic, cubic], coefficients[cubic]))
    identity = np.eye(len(coefficients))
    degrees = min(contrast_degrees(gram, identity[position]) for position in range(1, terms))
    below = degrees - count + 1
    if below <= 0:
        return float("nan")
    return float(special.fdtrc(count, below, wald * below / (degrees * count)))

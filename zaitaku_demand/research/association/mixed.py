"""Mixed models: log-linear, with normal effects of prefecture, place and row beside the Poisson variation.

Counts are fitted by penalised quasi-likelihood: the working response of the log rate has the known sampling variance
1 / mean, and the variances between prefectures, places and years within places are estimated from it by restricted
maximum likelihood. That is a linear mixed model of log rates with known sampling variance which also takes places
without events. A Laplace approximation would matter only where most rows hold fewer than about five events; the
panel's rows hold tens to thousands. Proportions are fitted as counts too: their sampling variance is then
overstated by the share itself (about a tenth for deaths at home), which the variance between rows takes up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from zaitaku_demand.research.association.clustered import (
    Robust,
    cluster_sums,
    contrast_degrees,
    robust_from_sums,
)
from zaitaku_demand.research.association.design import Design, IntArray, place_means
from zaitaku_demand.research.association.estimate import Estimate, made, none
from zaitaku_demand.research.association.glm import pearson_dispersion
from zaitaku_demand.research.association.reml import CountFit, count_mixed_fit
from zaitaku_demand.research.panel import FloatArray

Variance = Literal["robust", "model"]
_NO_VARIATION = 1e-8


def mixed(design: Design, confidence: float = 0.95, variance: Variance = "robust") -> Estimate:
    """Log-linear mixed model with effects of prefecture, place and place-year.

    The variance is by default robust to clusters of prefectures (CR2 with the fitted covariance as working model),
    as years of one place also differ in ways no independent row effect describes; ``model`` trusts the fitted
    variances, with Satterthwaite degrees of freedom.

    References
    ----------
    Breslow & Clayton 1993, J Am Stat Assoc 88:9 (penalised quasi-likelihood); Pustejovsky & Tipton 2018, J Bus Econ
    Stat 36:672 (CR2 with a working covariance).
    """
    return _coefficients({"mixed": 0}, design, design.matrix(), confidence, variance)["mixed"]


def mixed_within(design: Design, confidence: float = 0.95, variance: Variance = "robust") -> Estimate:
    """Part of the hybrid model: change of the exposure within a place, its level between places held apart.

    References
    ----------
    Mundlak 1978, Econometrica 46:69; Neuhaus & Kalbfleisch 1998, Biometrics 54:638.
    """
    return mixed_hybrid(design, confidence, variance)["mixed_within"]


def mixed_between(design: Design, confidence: float = 0.95, variance: Variance = "robust") -> Estimate:
    """Part of the hybrid model: average exposure of a place, its change over the years held apart."""
    return mixed_hybrid(design, confidence, variance)["mixed_between"]


def mixed_hybrid(
    design: Design, confidence: float = 0.95, variance: Variance = "robust"
) -> dict[str, Estimate]:
    """Both parts of the hybrid model from one fit, by the key of their model."""
    within, level = _split(design.x, design)
    varies = {
        "mixed_within": bool(np.abs(within).max() > _NO_VARIATION),
        "mixed_between": bool(np.ptp(level) > _NO_VARIATION),
    }
    matrix = _hybrid(design)
    columns = {"mixed_within": 0, "mixed_between": int(varies["mixed_within"])}
    wanted = [name for name, there in varies.items() if there]
    made_of = _coefficients({name: columns[name] for name in wanted}, design, matrix, confidence, variance)
    return {
        name: made_of[name]
        if varies[name]
        else none(name, design.n_rows, design.n_places, name.replace("mixed", "no") + "_variation")
        for name in varies
    }


def _hybrid(design: Design) -> FloatArray:
    """Columns of the hybrid model: x within (where it varies), x between, years, confounders within and between."""
    within, level = _split(design.x, design)
    parts = [within, level] if np.abs(within).max() > _NO_VARIATION else [level]
    parts.append(design.year_columns())
    for column in design.z.T:
        within, level = _split(column, design)
        parts += [level, within] if np.abs(within).max() > _NO_VARIATION else [level]
    return np.column_stack(parts)


def _split(values: FloatArray, design: Design) -> tuple[FloatArray, FloatArray]:
    at, means = place_means(values, design.place)
    return np.asarray(values - means[at]), means[at]


def _coefficients(
    positions: Mapping[str, int],
    design: Design,
    matrix: FloatArray,
    confidence: float,
    variance: Variance,
) -> dict[str, Estimate]:
    """Method → estimate of the coefficient at its position, all of one fit."""
    note = design.problem(matrix)
    if note:
        return {name: none(name, design.n_rows, design.n_places, note) for name in positions}
    fit = count_mixed_fit(
        matrix, design.events, design.size, design.levels(), tuple(positions.values()) or (0,)
    )
    gram, score = _cluster_parts(fit, matrix, design.prefecture)
    robust = robust_from_sums(gram, score, design.n_rows, "CR2")
    out = {}
    for order, (name, at) in enumerate(positions.items()):
        squared, degrees = float(fit.covariance[at, at]), float(fit.degrees[order])
        if variance == "robust":
            squared = float(robust.covariance[at, at])
            degrees = contrast_degrees(gram, np.eye(matrix.shape[1])[at]) if at else float(robust.degrees)
        out[name] = made(
            name,
            float(fit.coefficients[at]),
            float(np.sqrt(squared)),
            degrees,
            n_rows=design.n_rows,
            n_places=design.n_places,
            dispersion=pearson_dispersion(design.events, fit.fixed_mean, matrix.shape[1]),
            converged=bool(fit.converged),
            confidence=confidence,
        )
    return out


def robust_variance(fit: CountFit, matrix: FloatArray, clusters: IntArray) -> Robust:
    """CR2 variance of the coefficients by cluster, the fitted covariance as working model.

    Parameters
    ----------
    fit : CountFit
    matrix : array (..., rows, columns)
    clusters : array (rows,)
        No grouping of the fit may reach over two clusters.
    """
    return robust_from_sums(*_cluster_parts(fit, matrix, clusters), matrix.shape[-2], "CR2")


def _cluster_parts(fit: CountFit, matrix: FloatArray, clusters: IntArray) -> tuple[FloatArray, FloatArray]:
    """What each cluster adds to the cross products and to the score, under the fitted covariance."""
    columns = matrix.shape[-1]
    products = matrix[..., :, None] * fit.weighted_rows[..., None, :]
    sums = cluster_sums(products.reshape(*products.shape[:-2], columns * columns), clusters)
    score = cluster_sums(matrix * fit.weighted_residual[..., None], clusters)
    return sums.reshape(*sums.shape[:-1], columns, columns), score

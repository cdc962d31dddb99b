"""GEE with exchangeable correlation (Liang & Zeger 1986) and the variance of Mancl & DeRouen 2001."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels
from statsmodels.genmod import cov_struct, families
from statsmodels.genmod.generalized_estimating_equations import GEE

from tests.research.association_data import design
from zaitaku_demand.research.association.clustered import cluster_grams, cluster_sums, robust_from_sums
from zaitaku_demand.research.association.gee import exchangeable_poisson_fit, gee

OTHER_PROGRAM = 1e-4
"""Relative: statsmodels stops when its equations are nearly solved."""
R_GEE = 2e-3
"""Relative: R's gee estimates the correlation with the scale fixed at 1."""


def file_of_statsmodels(name: str) -> Path:
    path = Path(statsmodels.__file__).parent / "genmod" / "tests" / "results" / name
    if not path.is_file():
        pytest.skip(
            "This build of statsmodels does not ship its test data, so the published example is skipped."
        )
    return path


def test_epilepsy() -> None:
    # Thall & Vail 1990, Biometrics 46:657; statsmodels documentation, Generalized Estimating Equations.
    data = pd.read_csv(file_of_statsmodels("epil.csv"))
    x = np.column_stack([data["trt"] == "progabide", np.ones(len(data)), data["age"], data["base"]]).astype(
        float
    )
    y, ones = data["y"].to_numpy(float), np.ones(len(data))
    fit = exchangeable_poisson_fit(x, y, ones, data["subject"])
    assert fit.converged
    assert [round(float(each), 4) for each in fit.coefficients] == [-0.1519, 0.5730, 0.0223, 0.0226]  # coef
    errors = [round(float(each), 3) for each in uncorrected_errors(x, y, data["subject"].to_numpy(), fit)]
    assert errors == [0.171, 0.361, 0.011, 0.001]  # std err (robust)


def uncorrected_errors(x: np.ndarray, y: np.ndarray, codes: np.ndarray, fit) -> np.ndarray:
    """Standard errors of the plain sandwich, with dense working matrices."""
    bread, meat = np.zeros((x.shape[1],) * 2), np.zeros((x.shape[1],) * 2)
    for code in np.unique(codes):
        own = codes == code
        root = np.sqrt(fit.mean[own])
        count = int(own.sum())
        working = fit.correlation * np.ones((count, count)) + (1 - fit.correlation) * np.eye(count)
        inverse = np.linalg.inv(root[:, None] * working * root)
        slope = fit.mean[own, None] * x[own]
        score = slope.T @ inverse @ (y[own] - fit.mean[own])
        bread += slope.T @ inverse @ slope
        meat += np.outer(score, score)
    inside = np.linalg.inv(bread)
    return np.sqrt(np.diag(inside @ meat @ inside))


def test_r_gee() -> None:
    data = np.loadtxt(file_of_statsmodels("gee_poisson_1.csv"), delimiter=",")
    codes, y, x = data[:, 0], data[:, 1], np.column_stack([np.ones(len(data)), data[:, 2:]])
    fit = exchangeable_poisson_fit(x, y, np.ones(len(y)), codes)
    # R gee, corstr = "exchangeable", printed in statsmodels' test_gee.
    published = [-0.0315615554826533, -0.0562589480840004, 0.0178419412298561, 0.571512795340481]
    np.testing.assert_allclose(fit.coefficients[:4], published, rtol=R_GEE)
    errors = uncorrected_errors(x, y, codes, fit)
    published_errors = [0.0610840153582275, 0.0376887268649102, 0.0325168379415177, 0.0369786751362213]
    np.testing.assert_allclose(errors[:4], published_errors, rtol=R_GEE)


def test_corrected_variance_is_that_of_statsmodels() -> None:
    made = design(1, places=30, areas=3, years=4)
    x = made.matrix()
    fit = exchangeable_poisson_fit(x, made.events, made.size, made.prefecture)
    other = GEE(
        made.events,
        x,
        made.prefecture,
        offset=np.log(made.size),
        family=families.Poisson(),
        cov_struct=cov_struct.Exchangeable(),
    ).fit(cov_type="bias_reduced", maxiter=200, ctol=1e-9)
    np.testing.assert_allclose(fit.coefficients, other.params, rtol=1e-3)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), other.bse, rtol=1e-3)


def test_estimate_of_a_design() -> None:
    found = gee(design(3))
    assert found.method == "gee"
    assert found.lower < found.estimate < found.upper
    assert 5 < found.degrees < 47


def test_independent_rows_are_poisson_regression() -> None:
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.normal(size=40), np.ones(40)])
    y = rng.poisson(np.exp(x @ [0.2, 1.0])).astype(float)
    fit = exchangeable_poisson_fit(x, y, np.ones(40), np.arange(40))
    assert fit.correlation == 0.0
    score = x * (y - fit.mean)[:, None]
    np.testing.assert_allclose(score.sum(axis=0), 0.0, atol=1e-6)
    rows = x * np.sqrt(fit.mean)[:, None]
    same = robust_from_sums(cluster_grams(rows, np.arange(40)), cluster_sums(score, np.arange(40)), 40, "CR3")
    np.testing.assert_allclose(fit.covariance, same.covariance, rtol=1e-6)

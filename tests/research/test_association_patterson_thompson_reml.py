"""REML with nested effects and known sampling variances: three-level meta-analysis (Konstantopoulos 2011), BCG
trials, and the panel of Grunfeld."""

from __future__ import annotations

import time

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.regression.mixed_linear_model import MixedLM

from tests.benchmark.test_published_dersimonian_laird import log_risk_ratios
from zaitaku_demand.research.association.reml import count_mixed_fit, reml_fit

PUBLISHED = 1e-5
"""Relative: metafor stops its optimiser at about that."""
OTHER_OPTIMISER = 1e-4
"""Relative: two programs that both maximise the restricted likelihood."""
OTHER_ERROR = 2e-3
"""Relative: statsmodels takes standard errors from the curvature in all parameters, ours are those of least squares."""
LARGE_COUNTS = 2e-3
"""Relative: with counts of a million the working response is the log rate."""

# metadat dat.konstantopoulos2011: district, then difference and sampling variance of its schools.
SCHOOLS = {
    11: "-0.18 0.118 -0.22 0.118 0.23 0.144 -0.30 0.144",
    12: "0.13 0.014 -0.26 0.014 0.19 0.015 0.32 0.024",
    18: "0.45 0.023 0.38 0.043 0.29 0.012",
    27: "0.16 0.020 0.65 0.004 0.36 0.004 0.60 0.007",
    56: "0.08 0.019 0.04 0.007 0.19 0.005 -0.06 0.004",
    58: "-0.18 0.020 0 0.018 0 0.019 -0.28 0.022 -0.04 0.020 -0.30 0.021 0.07 0.006 0 0.007 0.05 0.007 -0.08 0.007"
    " -0.09 0.007",
    71: "0.30 0.015 0.98 0.011 1.19 0.010",
    86: "-0.07 0.001 -0.05 0.001 -0.01 0.001 0.02 0.001 -0.03 0.001 0 0.001 0.01 0.001 -0.10 0.001",
    91: "0.50 0.010 0.66 0.011 0.20 0.010 0 0.009 0.05 0.013 0.07 0.013",
    108: "-0.52 0.031 0.70 0.031 -0.03 0.030 0.27 0.030 -0.34 0.030",
    644: "0.12 0.087 0.61 0.082 0.04 0.067 -0.05 0.067",
}


def schools() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    parts = {code: np.array(text.split(), float).reshape(-1, 2) for code, text in SCHOOLS.items()}
    every = np.concatenate(list(parts.values()))
    return every[:, 0], every[:, 1], np.repeat(list(parts), [len(part) for part in parts.values()])


def test_three_levels() -> None:
    y, v, district = schools()
    fit = reml_fit(np.ones((len(y), 1)), y, v, [district])
    assert bool(fit.converged)
    # metafor rma.mv(yi, vi, random = ~ 1 | district/school), all five.
    assert fit.coefficients[0] == pytest.approx(0.1847131637, rel=PUBLISHED)
    assert np.sqrt(fit.covariance[0, 0]) == pytest.approx(0.0845559188, rel=PUBLISHED)
    assert fit.variances[1] == pytest.approx(0.0650619443, rel=10 * PUBLISHED)
    assert fit.variances[0] == pytest.approx(0.0327365170, rel=10 * PUBLISHED)
    # metafor adds half the logarithm of det X'X.
    assert fit.likelihood + 0.5 * np.log(len(y)) == pytest.approx(-7.9587240337, rel=PUBLISHED)


def test_one_level() -> None:
    y, v = log_risk_ratios()
    fit = reml_fit(np.ones((len(y), 1)), y, v, [])
    # metafor rma(yi, vi, method = "REML") on dat.bcg, printed to four decimals.
    assert round(float(fit.variances[0]), 4) == 0.3132
    assert round(float(fit.coefficients[0]), 4) == -0.7145
    assert round(float(np.sqrt(fit.covariance[0, 0])), 4) == 0.1798


def test_grunfeld_random_effects() -> None:
    data = sm.datasets.grunfeld.load_pandas().data
    # Baltagi's ten firms.
    data = data[data["firm"] != "American Steel"]
    x = np.column_stack([data["value"], data["capital"], np.ones(len(data))]).astype(float)
    y = data["invest"].to_numpy(float)
    firm = np.unique(data["firm"], return_inverse=True)[1]
    fit = reml_fit(x, y, np.zeros(len(y)), [firm])
    # Baltagi, Econometric Analysis of Panel Data, table 2.1 (maximum likelihood), three decimals.
    assert [round(float(each), 3) for each in fit.coefficients[:2]] == [0.110, 0.308]
    other = MixedLM(y, x, groups=firm).fit(reml=True)
    np.testing.assert_allclose(fit.coefficients, other.fe_params, rtol=OTHER_OPTIMISER)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), other.bse_fe, rtol=OTHER_ERROR)
    assert fit.variances[0] == pytest.approx(other.scale, rel=OTHER_OPTIMISER)
    assert fit.likelihood == pytest.approx(other.llf, rel=OTHER_OPTIMISER)


def nested(seed: int = 5) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    prefecture = np.repeat(np.arange(15), 12)
    place = np.repeat(np.arange(60), 3)
    x = np.column_stack([rng.normal(size=180), np.ones(180)])
    effects = rng.normal(0, 0.3, 15)[prefecture] + rng.normal(0, 0.2, 60)[place] + rng.normal(0, 0.1, 180)
    return x, x @ [0.2, -1.0] + effects, place, prefecture


def test_three_nested_effects_against_dense_algebra() -> None:
    x, y, place, prefecture = nested()
    v = np.linspace(0.001, 0.02, 180)
    fit = reml_fit(x, y, v, [place, prefecture])
    same = [np.equal.outer(codes, codes).astype(float) for codes in (np.arange(180), place, prefecture)]
    v_matrix = sum(s2 * z for s2, z in zip(fit.variances, same, strict=True)) + np.diag(v)
    inverse = np.linalg.inv(v_matrix)
    covariance = np.linalg.inv(x.T @ inverse @ x)
    np.testing.assert_allclose(fit.covariance, covariance, rtol=1e-9)
    np.testing.assert_allclose(fit.coefficients, covariance @ x.T @ inverse @ y, rtol=1e-9)
    p = inverse - inverse @ x @ covariance @ x.T @ inverse
    gradient = [0.5 * (y @ p @ z @ p @ y - np.trace(p @ z)) for z in same]
    np.testing.assert_allclose(gradient, 0.0, atol=1e-2)
    information = [[0.5 * y @ p @ a @ p @ b @ p @ y for b in same] for a in same]
    np.testing.assert_allclose(fit.information, information, rtol=1e-8)
    # Satterthwaite by numerical derivative of the variance of the first coefficient.
    slope = np.array([(covariance @ x.T @ inverse @ z @ inverse @ x @ covariance)[0, 0] for z in same])
    degrees = 2 * covariance[0, 0] ** 2 / (slope @ np.linalg.inv(information) @ slope)
    assert fit.degrees[0] == pytest.approx(degrees, rel=1e-6)


def test_counts_of_a_million_agree_with_the_linear_model_of_log_rates() -> None:
    x, eta, place, prefecture = nested()
    size = np.full(180, 3e6)
    events = np.round(size * np.exp(eta))
    counts = count_mixed_fit(x, events, size, [place, prefecture])
    linear = reml_fit(x, np.log(events / size), 1 / events, [place, prefecture])
    assert bool(counts.converged)
    np.testing.assert_allclose(counts.coefficients, linear.coefficients, rtol=LARGE_COUNTS)
    np.testing.assert_allclose(counts.variances, linear.variances, rtol=LARGE_COUNTS)


def test_a_component_that_is_not_there_is_zero() -> None:
    x, _, place, prefecture = nested()
    rng = np.random.default_rng(1)
    y = x @ [0.2, -1.0] + rng.normal(0, 0.3, 180)
    within = y - (np.bincount(prefecture, y) / np.bincount(prefecture))[prefecture]
    fit = reml_fit(x, within, np.zeros(180), [place, prefecture])
    assert bool(fit.converged)
    assert fit.variances[2] == 0.0


def test_order_of_rows_and_speed() -> None:
    x, eta, place, prefecture = nested()
    size = np.linspace(500, 5000, 180)
    events = np.random.default_rng(3).poisson(size * np.exp(eta)).astype(float)
    order = np.random.default_rng(4).permutation(180)
    begun = time.perf_counter()
    fit = count_mixed_fit(x, events, size, [place, prefecture])
    assert time.perf_counter() - begun < 1.0
    other = count_mixed_fit(x[order], events[order], size[order], [place[order], prefecture[order]])
    np.testing.assert_allclose(other.coefficients, fit.coefficients, rtol=1e-8)
    np.testing.assert_allclose(other.mean, fit.mean[order], rtol=1e-8)

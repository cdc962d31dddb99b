"""Cluster-robust variances: CR2 of Bell & McCaffrey 2002 with its degrees of freedom, CR1, CR3."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import linalg

from zaitaku_demand.research.association.clustered import (
    cluster_grams,
    cluster_robust,
    cluster_sums,
    contrast_degrees,
)

DENSE = 1e-7
"""Relative: the same formula with matrices of the size of the clusters."""


def data(seed: int = 0, clusters: int = 12) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(clusters), rng.integers(2, 9, clusters))
    x = np.column_stack(
        [rng.normal(size=len(codes)) + codes / 6, np.ones(len(codes)), rng.normal(size=len(codes))]
    )
    y = x @ [0.5, 1.0, -0.3] + rng.normal(size=clusters)[codes] + rng.normal(size=len(codes))
    return x, y, codes


def dense(x: np.ndarray, r: np.ndarray, codes: np.ndarray, power: float) -> tuple[np.ndarray, float]:
    """CR2 (power 1/2) or CR3 (power 1) by its definition, and the degrees of freedom of the first coefficient."""
    bread = np.linalg.inv(x.T @ x)
    residual_maker = np.eye(len(x)) - x @ bread @ x.T
    meat, columns = np.zeros_like(bread), []
    for code in np.unique(codes):
        own = codes == code
        adjust = linalg.fractional_matrix_power(residual_maker[np.ix_(own, own)], -power).real
        score = x[own].T @ adjust @ r[own]
        meat += np.outer(score, score)
        columns.append(residual_maker[:, own] @ adjust @ x[own] @ bread[:, 0])
    form = np.array(columns) @ np.array(columns).T
    return bread @ meat @ bread, np.trace(form) ** 2 / (form**2).sum()


@pytest.mark.parametrize(("correction", "power"), [("CR2", 0.5), ("CR3", 1.0)])
def test_definition(correction: str, power: float) -> None:
    x, y, codes = data()
    r = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    found = cluster_robust(x, r, codes, correction)  # type: ignore[arg-type]
    covariance, degrees = dense(x, r, codes, power)
    np.testing.assert_allclose(found.covariance, covariance, rtol=DENSE)
    assert found.degrees == pytest.approx(degrees, rel=DENSE)


def test_degrees_of_a_contrast() -> None:
    x, y, codes = data()
    r = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    found = contrast_degrees(cluster_grams(x, codes), [1.0, 0.0, 0.0])
    assert found == pytest.approx(float(cluster_robust(x, r, codes).degrees), rel=DENSE)


def test_cr1_is_that_of_statsmodels() -> None:
    x, y, codes = data()
    fit = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": codes, "use_correction": True})
    found = cluster_robust(x, fit.resid, codes, "CR1")
    np.testing.assert_allclose(found.covariance, fit.cov_params(), rtol=DENSE)
    assert float(found.degrees) == len(np.unique(codes)) - 1


def test_two_groups_of_single_rows() -> None:
    # Imbens & Kolesar 2016, Rev Econ Stat 98:701, table 1: 3 treated and 27 controls have 2.5 degrees of freedom.
    treated = np.r_[np.ones(3), np.zeros(27)]
    x = np.column_stack([treated, np.ones(30)])
    y = np.random.default_rng(2).normal(size=30)
    r = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    found = cluster_robust(x, r, np.arange(30))
    assert round(float(found.degrees), 1) == 2.5
    # HC2 of a difference of means is Welch's variance (the same paper, section II).
    welch = y[:3].var(ddof=1) / 3 + y[3:].var(ddof=1) / 27
    assert found.covariance[0, 0] == pytest.approx(welch, rel=DENSE)


def test_absorbed_effects_change_nothing() -> None:
    # Pustejovsky & Tipton 2018, theorem 2: effects nested in clusters may be absorbed before CR2.
    x, y, codes = data(3)
    dummies = (codes[:, None] == np.unique(codes)).astype(float)
    slopes = x[:, [0, 2]]
    full = np.column_stack([slopes, dummies])
    r = y - full @ np.linalg.lstsq(full, y, rcond=None)[0]
    centred = slopes - (cluster_sums(slopes, codes) / np.bincount(codes)[:, None])[codes]
    absorbed = cluster_robust(centred, r, codes)
    whole = cluster_robust(full, r, codes)
    np.testing.assert_allclose(absorbed.covariance, whole.covariance[:2, :2], rtol=1e-6)
    assert absorbed.degrees == pytest.approx(float(whole.degrees), rel=1e-6)


@given(st.integers(0, 40))
def test_order_and_scale(seed: int) -> None:
    x, y, codes = data(seed)
    r = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    order = np.random.default_rng(seed).permutation(len(y))
    found = cluster_robust(x, r, codes)
    moved = cluster_robust(x[order], r[order], codes[order])
    np.testing.assert_allclose(moved.covariance, found.covariance, rtol=1e-8)
    scaled = cluster_robust(x * [10.0, 1.0, 1.0], r, codes)
    assert scaled.covariance[0, 0] == pytest.approx(found.covariance[0, 0] / 100, rel=1e-8)
    assert scaled.degrees == pytest.approx(float(found.degrees), rel=1e-6)


def test_replications_at_once() -> None:
    sets = [data(seed) for seed in (1, 1)]
    x = np.stack([each[0] for each in sets]) * np.array([1.0, 2.0])[:, None, None]
    r = np.stack([each[1] for each in sets])
    both = cluster_robust(x, r, sets[0][2])
    one = cluster_robust(x[1], r[1], sets[0][2])
    np.testing.assert_allclose(both.covariance[1], one.covariance)
    assert both.degrees[1] == pytest.approx(float(one.degrees))

"""Correlation of rows in clusters: resampling whole clusters, Field & Welsh 2007, J R Stat Soc B 69:369."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.research.validity.correlation import (
    clustered_rank_correlation,
    rank_correlation,
    resampled_rank_correlations,
    without_cluster_means,
    without_place_and_year_means,
)

CENTRAL = (0.93, 0.97)
BIAS = 0.02
CLUSTERS, SIZE = 47, 7


def _clustered(
    random: np.random.Generator, true: float, share: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    covariance = [[1, true], [true, 1]]
    between = random.multivariate_normal([0, 0], covariance, CLUSTERS)
    within = random.multivariate_normal([0, 0], covariance, (CLUSTERS, SIZE))
    both = np.sqrt(share) * between[:, None, :] + np.sqrt(1 - share) * within
    return both[..., 0].ravel(), both[..., 1].ravel(), np.repeat(np.arange(CLUSTERS), SIZE)


def test_independent_rows_have_nearly_the_interval_of_bonett_and_wright() -> None:
    random = np.random.default_rng(3)
    x = random.standard_normal(335)
    y = 0.5 * x + random.standard_normal(335)
    plain, resampled = rank_correlation(x, y), clustered_rank_correlation(x, y, np.arange(335), 4000, 1)
    assert resampled.value == plain.value
    assert resampled.upper - resampled.lower == pytest.approx(plain.upper - plain.lower, rel=0.1)


def test_rows_that_repeat_do_not_narrow_the_interval() -> None:
    random = np.random.default_rng(3)
    x, y = random.standard_normal((2, 40))
    once = clustered_rank_correlation(x, y, np.arange(40), 1000, 1)
    five = clustered_rank_correlation(np.repeat(x, 5), np.repeat(y, 5), np.repeat(np.arange(40), 5), 1000, 1)
    np.testing.assert_allclose(five[:3], once[:3], rtol=1e-6)


@settings(max_examples=30)
@given(st.permutations(range(CLUSTERS * SIZE)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    x, y, cluster = _clustered(np.random.default_rng(5), 0.4, 0.4)
    plain = resampled_rank_correlations(x, y, cluster, 50, 2)
    np.testing.assert_allclose(
        resampled_rank_correlations(x[order], y[order], cluster[order], 50, 2), plain, rtol=FLOAT
    )


def test_deviations_leave_no_means() -> None:
    values = np.array([1.0, 3, np.nan, 5, 9, 7])
    deviations = without_cluster_means(values, [1, 1, 1, 2, 2, 3])
    np.testing.assert_allclose(deviations, [-1, 1, np.nan, -2, 2, np.nan])
    table = np.random.default_rng(1).normal(size=(6, 4)) + np.arange(4) + 10 * np.arange(6)[:, None]
    table[2, 1] = np.nan
    moved = without_place_and_year_means(table)
    assert np.isnan(moved[2]).all()
    kept = moved[[0, 1, 3, 4, 5]]
    np.testing.assert_allclose(kept.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(kept.mean(axis=1), 0, atol=1e-12)


@pytest.mark.long
def test_coverage_and_bias() -> None:
    true = 0.5
    population = 6 / np.pi * np.arcsin(true / 2)
    random = np.random.default_rng(20250401)
    found, naive = [], 0
    for _ in range(1000):
        x, y, cluster = _clustered(random, true, 0.5)
        found.append(clustered_rank_correlation(x, y, cluster, 300, 1))
        plain = rank_correlation(x, y)
        naive += plain.lower <= population <= plain.upper
    covered = np.mean([each.lower <= population <= each.upper for each in found])
    assert CENTRAL[0] <= covered <= CENTRAL[1]
    assert np.mean([each.value for each in found]) == pytest.approx(population, rel=BIAS)
    assert naive / 1000 < CENTRAL[0]

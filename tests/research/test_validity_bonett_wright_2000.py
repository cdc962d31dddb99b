"""Interval of Spearman's correlation: Bonett & Wright 2000, Psychometrika 65:23."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.research.validity.correlation import rank_correlation

# R package statpsych (D. G. Bonett), help page of ci.spear: data and result of the example.
Y = [21, 4, 9, 12, 35, 18, 10, 22, 24, 1, 6, 8, 13, 16, 19]
X = [67, 28, 30, 28, 52, 40, 25, 37, 44, 10, 14, 20, 28, 40, 51]
SEVEN_DECIMALS = 5.1e-8
CENTRAL = (0.93, 0.97)
BIAS = 0.02


def test_the_example_of_statpsych() -> None:
    found = rank_correlation(Y, X)
    assert found.value == pytest.approx(0.8699639, abs=SEVEN_DECIMALS)
    assert found.lower == pytest.approx(0.5840951, abs=SEVEN_DECIMALS)
    assert found.upper == pytest.approx(0.9638297, abs=SEVEN_DECIMALS)
    assert found.rows == 15


@settings(max_examples=30)
@given(st.permutations(range(15)), st.floats(0.01, 100))
def test_order_and_increasing_transformations_change_nothing(order: list[int], scale: float) -> None:
    y, x = np.array(Y, float)[order], np.array(X, float)[order]
    np.testing.assert_allclose(
        rank_correlation(np.exp(y / 10), scale * x), rank_correlation(Y, X), rtol=FLOAT
    )
    with_gap = rank_correlation(np.append(y, np.nan), np.append(x, 3.0))
    np.testing.assert_allclose(with_gap, rank_correlation(Y, X), rtol=FLOAT)


def test_three_rows_have_no_interval() -> None:
    assert np.isnan(rank_correlation([1, 2, 3], [1, 3, 2]).value)


@pytest.mark.long
@pytest.mark.parametrize("true", [0.0, 0.3, 0.6])
def test_coverage_and_bias(true: float) -> None:
    random = np.random.default_rng(20250401)
    population = 6 / np.pi * np.arcsin(true / 2)
    drawn = random.multivariate_normal([0, 0], [[1, true], [true, 1]], (1000, 47))
    found = [rank_correlation(each[:, 0], each[:, 1]) for each in drawn]
    covered = np.mean([each.lower <= population <= each.upper for each in found])
    assert CENTRAL[0] <= covered <= CENTRAL[1]
    # Spearman's coefficient of a sample of 47 falls short of the population's by about 1/n of it.
    assert np.mean([each.value for each in found]) == pytest.approx(population, rel=BIAS + 1 / 47, abs=0.01)

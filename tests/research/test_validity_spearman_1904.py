"""Correlation corrected for unreliability: Spearman 1904, Am J Psychol 15:72, p. 90."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.research.validity.correlation import Correlation, disattenuated
from zaitaku_demand.research.validity.ranking import pearson

BIAS = 0.02


def test_perfect_reliability_changes_nothing() -> None:
    found = Correlation(0.4, 0.1, 0.6, 47)
    assert disattenuated(found, 1.0, 1.0) == found


def test_a_value_above_one_is_not_hidden() -> None:
    assert disattenuated(Correlation(0.6, 0.5, 0.7, 30), 0.5, 0.5).value == pytest.approx(1.2, rel=FLOAT)


def test_no_reliability_no_correction() -> None:
    assert np.isnan(disattenuated(Correlation(0.6, 0.5, 0.7, 30), 0.0, 0.5).value)
    assert np.isnan(disattenuated(Correlation(0.6, 0.5, 0.7, 30), float("nan"), 0.5).value)


@settings(max_examples=30)
@given(st.floats(-0.99, 0.99), st.floats(0.05, 1), st.floats(0.05, 1))
def test_it_only_moves_away_from_zero(r: float, first: float, second: float) -> None:
    found = disattenuated(Correlation(r, r - 0.1, r + 0.1, 40), first, second)
    assert abs(found.value) >= abs(r) * (1 - FLOAT)
    assert found.value * r >= 0
    assert found.lower <= found.value <= found.upper


@pytest.mark.long
def test_the_true_correlation_is_recovered() -> None:
    true, reliability = 0.5, (0.7, 0.4)
    random = np.random.default_rng(20250401)
    scores = random.multivariate_normal([0, 0], [[1, true], [true, 1]], (1000, 335))
    noise = random.standard_normal(scores.shape) * np.sqrt([1 / each - 1 for each in reliability])
    observed = scores + noise
    r = pearson(observed[..., 0], observed[..., 1])
    corrected = [disattenuated(Correlation(float(each), 0, 0, 335), *reliability).value for each in r]
    assert np.mean(corrected) == pytest.approx(true, rel=BIAS)
    assert np.mean(r) < 0.6 * true

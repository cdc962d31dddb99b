"""Change of ranks: Spearman's footrule, Diaconis & Graham 1977, J R Stat Soc B 39:262."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.research.validity.ranking import rank_change

BIAS = 0.02


def test_orders_at_random_have_the_expected_footrule() -> None:
    # Diaconis & Graham 1977, table 1: the mean of the footrule of n things is (n^2 - 1) / 3.
    n = 47
    random = np.random.default_rng(1).permuted(np.tile(np.arange(float(n)), (20000, 1)), axis=1)
    found = rank_change(np.arange(float(n)), random, (5, 10), 10)
    assert found.mean_change.mean() * n == pytest.approx((n * n - 1) / 3, rel=BIAS)
    assert found.spearman.mean() == pytest.approx(0, abs=0.01)
    assert found.top_overlap.mean() == pytest.approx(10 / n, rel=BIAS)


def test_the_largest_footrule_is_that_of_the_reversed_order() -> None:
    # Diaconis & Graham 1977, p. 263: its maximum is n^2 / 2 for even n.
    n = 40
    found = rank_change(np.arange(n), -np.arange(n), (5,), 10)
    assert float(found.mean_change) * n == n * n / 2
    assert float(found.spearman) == pytest.approx(-1, rel=FLOAT)
    assert float(found.top_overlap) == 0


@settings(max_examples=30)
@given(st.integers(12, 60), st.integers(0, 1000))
def test_the_same_order_changes_nothing(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.standard_normal(n)
    values[random.integers(n)] = np.nan
    found = rank_change(values, np.exp(values), (5, 10), 10)
    assert float(found.mean_change) == 0
    assert float(found.group_change[5]) == 0
    assert float(found.top_overlap) == 1
    assert found.places == n - 1


def test_too_few_places() -> None:
    assert np.isnan(rank_change([1, 2], [2, 1], (5,), 10).mean_change)
    few = rank_change([1, 2, 3, 4], [1, 3, 2, 4], (5,), 10)
    assert np.isnan(few.group_change[5])
    assert np.isnan(few.top_overlap)

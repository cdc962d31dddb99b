"""de Chaisemartin & D'Haultfoeuille 2020, Am Econ Rev 110:2964: weights of two-way fixed effects."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.research.designs_data import EXACT
from zaitaku_demand.research.designs.difference_in_differences import two_way_fixed_effects, two_way_weights


def test_published_example() -> None:
    """Two groups, three periods; group 1 from period 3 on, group 2 from period 2 on: 1/2, 1 and -1/2 (section I of the paper)."""
    weight = two_way_weights([3.0, 2.0], [1, 2, 3])
    assert weight == pytest.approx(np.array([[0, 0, 0.5], [0, 1.0, -0.5]]), abs=EXACT)


@settings(max_examples=30)
@given(st.integers(0, 2**20))
def test_coefficient_is_the_weighted_sum_of_differences(seed: int) -> None:
    generator = np.random.default_rng(seed)
    first = generator.choice([2.0, 3.0, 4.0, 5.0, np.inf], 15)
    first[:3] = [2.0, 5.0, np.inf]
    years = [1, 2, 3, 4, 5]
    difference = generator.standard_normal((15, 5)) * (np.array(years) >= first[:, None])
    parallel = generator.standard_normal((15, 1)) + generator.standard_normal(5)
    size = generator.uniform(0.5, 3, 15)
    weight = two_way_weights(first, years, size)
    assert weight.sum() == pytest.approx(1.0, rel=EXACT)
    found = two_way_fixed_effects(parallel + difference, first, years, weights=size)
    assert float(found.estimate) == pytest.approx(float((weight * difference).sum()), rel=1e-7, abs=1e-10)


def test_all_weights_positive_with_one_date() -> None:
    weight = two_way_weights([3.0, 3.0, np.inf], [1, 2, 3, 4])
    assert (weight >= 0).all()

"""Moran's I of deviations from group means: by construction below 0, so judged by orders within the groups (Good 2005)."""

from __future__ import annotations

import numpy as np
import pytest

from zaitaku_demand.research.association.moran import moran_permuted, weights
from zaitaku_demand.research.validity.correlation import without_cluster_means
from zaitaku_demand.research.validity.signature import moran_within

GROUPS, SIZE = 15, 6


def _map() -> tuple[np.ndarray, np.ndarray]:
    """Rings of six areas, each ring a prefecture."""
    ring = np.roll(np.eye(SIZE), 1, axis=1)
    return np.kron(np.eye(GROUPS), ring + ring.T), np.repeat(np.arange(GROUPS), SIZE)


def test_no_pattern_is_not_taken_for_one() -> None:
    near, group = _map()
    random = np.random.default_rng(7)
    within, over_all = [], []
    for _ in range(150):
        deviations = without_cluster_means(random.standard_normal(GROUPS * SIZE), group)
        found = moran_within(deviations, near, group, 99, 1)
        within.append(found.p_value)
        over_all.append(moran_permuted(deviations, weights(near), 99, 1).p_value)
        # Each deviation has correlation -1 / (6 - 1) with each other one of its group.
        assert found.expected == pytest.approx(-0.2, abs=0.08)
    assert 0.02 <= np.mean(np.array(within) <= 0.05) <= 0.10
    assert np.mean(np.array(over_all) <= 0.05) > 0.2


def test_a_centre_that_takes_from_its_neighbours_is_found() -> None:
    near, group = _map()
    random = np.random.default_rng(7)
    values = random.normal(0, 0.3, GROUPS * SIZE) + np.tile([1.0, -1.0], GROUPS * SIZE // 2)
    found = moran_within(without_cluster_means(values, group), near, group, 999, 1)
    assert found.statistic < found.expected
    assert found.p_value < 0.01


def test_missing_places_and_no_neighbours() -> None:
    near, group = _map()
    assert np.isnan(moran_within(np.full(GROUPS * SIZE, np.nan), near, group, 99, 1).statistic)
    assert np.isnan(
        moran_within(np.arange(float(GROUPS * SIZE)), np.zeros_like(near), group, 99, 1).statistic
    )

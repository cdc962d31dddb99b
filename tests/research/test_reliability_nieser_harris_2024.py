"""Estimators side by side: Nieser & Harris 2024 (Stat Med 43:4575) compare split-sample, beta-binomial and hierarchical ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.research.reliability.likelihood import CountKind, reliability_at
from zaitaku_demand.research.reliability.one_year import CORE, estimates_side_by_side
from zaitaku_demand.research.reliability.settings import ReliabilitySettings
from zaitaku_demand.research.reliability.split_sample import (
    spearman_brown,
    split_halves,
    split_sample_reliability,
)

SETTINGS = ReliabilitySettings(bootstrap=100, splits=20)
CLOSE = 0.04
"""Absolute: estimators of one quantity on one data set of 150 units."""


def _data(kind: CountKind, seed: int = 4, units: int = 150) -> tuple[np.ndarray, np.ndarray, float]:
    random = np.random.default_rng(seed)
    size = np.full(units, 300.0)
    if kind == "binomial":
        return random.binomial(300, random.beta(20, 80, units)).astype(float), size, 100.0
    return random.poisson(size * random.gamma(20, 1 / 100, units)).astype(float), size, 100.0


@pytest.mark.parametrize("kind", ["binomial", "poisson"])
def test_estimators_of_one_quantity_agree(kind: CountKind) -> None:
    events, size, prior = _data(kind)
    found = {one.method: one for one in estimates_side_by_side(kind, events, size, SETTINGS)}
    assert len(found) >= 7
    core = found[CORE[kind]]
    assert next(iter(found)) == CORE[kind]
    assert core.lower < reliability_at(300.0, prior) < core.upper
    for estimate in found.values():
        assert estimate.value == pytest.approx(core.value, abs=CLOSE), estimate.method
        assert estimate.method == "own_share" or estimate.lower < estimate.value < estimate.upper


def test_halves_make_up_the_whole() -> None:
    events, size, _ = _data("binomial")
    size = size - np.arange(150) % 2  # odd numbers too
    first, second = split_halves("binomial", events, size, 5, np.random.default_rng(1))
    half = size // 2
    np.testing.assert_allclose(first * half + second * (size - half), np.broadcast_to(events, (5, 150)))
    first, second = split_halves("poisson", events, size, 5, np.random.default_rng(1))
    np.testing.assert_allclose((first + second) * size / 2, np.broadcast_to(events, (5, 150)))


def test_spearman_brown_of_a_doubled_test() -> None:
    assert spearman_brown(0.5, 2.0) == pytest.approx(2 / 3, rel=FLOAT)
    assert spearman_brown(spearman_brown(0.3, 4.0), 0.25) == pytest.approx(0.3, rel=FLOAT)


@given(st.permutations(range(10)), st.floats(0.1, 10))
def test_order_unit_and_unknown_units_change_nothing(order: list[int], factor: float) -> None:
    first = np.array([1.0, 4, 2, 8, 5, 7, 3, 9, 6, 10])
    second = first[::-1] * 0.3 + first
    plain = split_sample_reliability(first, second)
    moved = split_sample_reliability(
        np.append(first[order] * factor, np.nan), np.append(second[order] * factor, 1.0)
    )
    assert moved == pytest.approx(float(plain), rel=1e-9)
    assert split_sample_reliability(first, first) == pytest.approx(1.0)


def test_a_unit_with_one_trial_cannot_be_split() -> None:
    first, second = split_halves("binomial", [1.0, 3.0], [1.0, 6.0], 4, np.random.default_rng(0))
    assert np.isnan(first[:, 0]).all()
    assert np.isnan(second[:, 0]).all()
    assert not np.isnan(first[:, 1]).any()


@pytest.mark.long
@pytest.mark.parametrize("kind", ["binomial", "poisson"])
def test_bias_of_the_split_sample(kind: CountKind) -> None:
    values = []
    for seed in range(1000):
        events, size, prior = _data(kind, seed)
        halves = split_halves(kind, events, size, 4, np.random.default_rng(seed))
        values.append(split_sample_reliability(*halves).mean())
    assert np.mean(values) == pytest.approx(float(reliability_at(300.0, prior)), rel=0.02)

"""Variances are recovered and calibrated intervals cover nominally where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.backtest.panels import error_set
from tests.tolerances import FLOAT
from zaitaku_demand.backtest.coverage import base_method, coverage
from zaitaku_demand.backtest.variance import COVERAGES, nation_scale, normal_scale, own_variance, widths
from zaitaku_demand.rates.trend import damped_sum

COVERED = 0.02
"""Points of coverage on simulated panels."""
RECOVERED = 0.15
"""Relative: standard deviations from simulated panels."""


def test_the_random_walks_are_recovered() -> None:
    errors = error_set(np.random.default_rng(1), services=40, walk=0.02, own_walk=0.03, area_walk=0.05)
    model = errors.model("constant")
    assert np.sqrt(model.walk + model.drift).mean() == pytest.approx(0.02, rel=0.3)
    own = model.prefecture @ np.array([1.0, 0.8**2, 1 / 3])
    assert np.sqrt(own.mean()) == pytest.approx(0.03, rel=RECOVERED)
    assert np.sqrt((model.area @ np.array([1.0, 0.8**2, 1 / 3])).mean()) == pytest.approx(0.05, rel=RECOVERED)


@pytest.mark.parametrize("level", ["nation", "prefecture", "area"])
def test_calibrated_intervals_cover_nominally(level: str) -> None:
    services = 150 if level == "nation" else 40
    errors = error_set(np.random.default_rng(4), services=services, walk=0.02, own_walk=0.03, area_walk=0.05)
    held = coverage(errors, level, "constant")
    for place, nominal in enumerate(COVERAGES):
        assert np.nanmean(held.places[place]) == pytest.approx(nominal, abs=COVERED)
        # Years that were not seen: shocks are shared, so the services' own widths are less sure.
        assert np.nanmean(held.years[place]) == pytest.approx(nominal, abs=2 * COVERED)


def test_a_wild_service_and_a_calm_one_have_their_own_scale() -> None:
    random = np.random.default_rng(3)
    horizon = np.array([b - a for a in range(9) for b in range(a + 1, 9)])
    scales = np.array([0.01] * 10 + [0.1] * 10)
    paths = np.cumsum(random.normal(0, 1, (20, 9)) * scales[:, None], axis=1)
    errors = np.stack([paths[:, a] - paths[:, b] for a in range(9) for b in range(a + 1, 9)], axis=1)
    walk, drift = nation_scale(errors, horizon, np.tile(horizon * 0.8, (20, 1)))
    ratio = np.sqrt((walk + drift)[10:].mean() / (walk + drift)[:10].mean())
    assert 5 < ratio < 20


def test_counting_is_taken_out_of_the_own_variance() -> None:
    random = np.random.default_rng(8)
    horizon = np.repeat(np.arange(1, 5), 6)
    counting = np.full((1, 24, 400), 0.01)
    deviation = random.normal(0, np.sqrt(0.01 + 0.004 * horizon)[None, :, None], counting.shape)
    faded = np.tile(horizon**0.5, (1, 1)).astype(float)
    parts = own_variance(deviation, counting, horizon, faded, np.full((24, 400), 1e4))[0]
    # D(h)^2 = h and u = 1 here, so all parts mean the same and their sum is 0.004 a year.
    assert parts.sum() == pytest.approx(0.004, rel=RECOVERED)


def test_small_places_wander_more() -> None:
    random = np.random.default_rng(9)
    horizon = np.repeat(np.arange(1, 5), 6)
    size = np.tile(random.uniform(5e3, 2e5, 400), (24, 1))
    spread = np.sqrt(horizon[:, None] * (0.001 + 0.003 * 1e4 / size))
    deviation = random.normal(0, spread)[None]
    faded = damped_sum(horizon, 0.8)[None]
    walk, drift, small = own_variance(deviation, np.zeros_like(deviation), horizon, faded, size)[0]
    assert small == pytest.approx(0.003, rel=2 * RECOVERED)
    assert walk + drift == pytest.approx(0.001, rel=3 * RECOVERED)


@given(arrays(float, st.integers(40, 200), elements=st.floats(-5, 5)))
def test_half_widths_hold_their_share(values: np.ndarray) -> None:
    eighty, ninety_five = widths(values)
    for width, share in ((eighty, COVERAGES[0]), (ninety_five, COVERAGES[1])):
        assert (np.abs(values) <= width).mean() >= share - 1 / len(values)
    assert eighty <= ninety_five


def test_a_normal_sample_needs_no_rescaling() -> None:
    # Two-sided normal quantiles: 1.2816 and 1.9600.
    assert normal_scale(np.array([1.2815515655446004, 1.959963984540054])) == pytest.approx(1.0, rel=FLOAT)


def test_methods_of_areas_lean_on_those_of_prefectures() -> None:
    assert base_method("damped_shrunk_ratio") == "damped"
    assert base_method("constant_prefecture_ratio") == "constant"
    assert base_method("total_growth_damped") == "total_growth_damped"

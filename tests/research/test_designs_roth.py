"""Roth 2022, Am Econ Rev: Insights 4:305: what a test of the years before the event can see; and its size."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.research.designs_data import BIAS, REPLICATIONS, staggered
from zaitaku_demand.research.designs.event_study import event_study
from zaitaku_demand.research.designs.pre_trend import (
    bias_of_drift,
    detectable_slope,
    joint_test,
    rejection_probability,
)

HE_WANG_ERRORS = np.array([0.12228981, 0.10185069, 0.07761490])
"""Standard errors 4, 3 and 2 years before the event in He & Wang 2017 (README of the R package pretrends)."""
HE_WANG_SLOPE = 0.06991527
"""Slope with power 50 % in the same README."""
SIMULATED = 0.01


def test_published_slope_lies_between_independent_and_equal_estimates() -> None:
    """The covariances are not printed; the published slope must lie between those of no and of full correlation."""
    time = [-4, -3, -2]
    slopes = [
        detectable_slope(
            0.5, time, np.outer(HE_WANG_ERRORS, HE_WANG_ERRORS) * (share + (1 - share) * np.eye(3))
        )
        for share in (0.0, 0.6, 0.9999)
    ]
    assert slopes[0] < slopes[1] < slopes[2]
    assert slopes[0] < HE_WANG_SLOPE < slopes[2] * 1.02
    # With the correlation of differences against one common year (about 0.5 or more) it is met closely.
    assert slopes[1] == pytest.approx(HE_WANG_SLOPE, rel=0.06)


def test_one_estimate_in_closed_form() -> None:
    slope = detectable_slope(0.8, [-3.0], [[0.25]])
    # Power 80 % of a two-sided 5 % test needs 1.959964 + 0.841621 standard errors (any table of the normal distribution).
    assert slope * 2 / 0.5 == pytest.approx(1.959964 + 0.841621, abs=1e-4)
    assert rejection_probability(slope, [-3.0], [[0.25]]) == pytest.approx(0.8, abs=1e-6)


def test_independent_estimates_in_closed_form() -> None:
    slope, time, error = 0.3, np.array([-4.0, -3.0, -2.0]), np.array([0.5, 0.4, 0.3])
    shift = slope * (time + 1) / error
    single = stats.norm.sf(1.959964 - shift) + stats.norm.cdf(-1.959964 - shift)
    found = rejection_probability(slope, time, np.diag(error**2))
    assert found == pytest.approx(1 - np.prod(1 - single), abs=SIMULATED)


def test_few_degrees_of_freedom_let_more_drift_pass() -> None:
    matrix = np.array([[0.04, 0.01], [0.01, 0.09]])
    known, many, few = (
        detectable_slope(0.8, [-3, -2], matrix, degrees=degrees) for degrees in (None, 100_000, 8)
    )
    assert many == pytest.approx(known, rel=SIMULATED)
    # Student's t with 8 degrees of freedom: 2.306 in place of 1.960, and a variance that is itself estimated.
    assert 1.1 < few / known < 1.3
    assert np.isnan(detectable_slope(0.8, [-3, -2], matrix, degrees=0))
    assert detectable_slope(0.8, [-3, -2], matrix, degrees=1) > 2 * few


def test_probability_with_few_degrees_is_that_of_simulated_tests() -> None:
    """Estimates with covariance V and a variance estimated with d degrees: the share that Student's t calls significant."""
    random = np.random.default_rng(5)
    matrix, time, degrees = np.array([[0.04, 0.01], [0.01, 0.09]]), np.array([-3.0, -2.0]), 8
    drawn = random.multivariate_normal(0.25 * (time + 1), matrix, 200_000)
    error = np.sqrt(np.diag(matrix) * random.chisquare(degrees, (200_000, 1)) / degrees)
    share = (np.abs(drawn / error) > stats.t.isf(0.025, degrees)).any(axis=1).mean()
    assert rejection_probability(0.25, time, matrix, degrees=degrees) == pytest.approx(share, abs=SIMULATED)
    single = rejection_probability(0.25, time[:1], matrix[:1, :1], degrees=degrees)
    alone = (np.abs(drawn[:, 0] / error[:, 0]) > stats.t.isf(0.025, degrees)).mean()
    assert single == pytest.approx(alone, abs=SIMULATED)


def test_more_power_needs_more_drift_and_scale_carries_over() -> None:
    matrix = np.array([[0.04, 0.01], [0.01, 0.09]])
    low, high = (detectable_slope(power, [-3, -2], matrix) for power in (0.5, 0.8))
    assert 0 < low < high
    assert detectable_slope(0.5, [-3, -2], matrix * 100) == pytest.approx(low * 10, rel=1e-4)
    assert detectable_slope(0.04, [-3, -2], matrix) == 0.0


def test_no_years_before_and_no_variance_give_nothing() -> None:
    assert np.isnan(detectable_slope(0.5, [], np.empty((0, 0))))
    assert np.isnan(detectable_slope(0.5, [-2], [[np.nan]]))
    assert np.isnan(joint_test(np.empty(0), np.empty((0, 0))).p_value)
    assert np.isnan(joint_test([1.0, 2.0], np.eye(2), degrees=1).p_value)


def test_joint_test_is_hotelling() -> None:
    """One sample of n: with the covariance of the mean, (n - k) / (k (n - 1)) T^2 is F(k, n - k) (Hotelling 1931)."""
    found = joint_test([1.0, 2.0], [[0.5, 0.1], [0.1, 0.8]], degrees=11)
    squared = np.array([1.0, 2.0]) @ np.linalg.inv([[0.5, 0.1], [0.1, 0.8]]) @ [1.0, 2.0]
    assert float(found.statistic) == pytest.approx(squared)
    assert float(found.p_value) == pytest.approx(stats.f.sf(squared * 10 / (2 * 11), 2, 10))


def test_bias_of_a_drift() -> None:
    assert bias_of_drift(0.5, [0, 1, 2], [1, 1, 2]) == pytest.approx(0.5 * (1 + 2 + 2 * 3) / 4)


@pytest.mark.long
@pytest.mark.parametrize(("places", "degrees"), [(150, None), (12, "few")])
def test_simulated_size_and_power(places: int, degrees: str | None) -> None:
    groups = {4.0: places, np.inf: places}
    calm = staggered(groups, 6, {}, replications=REPLICATIONS, seed=41)
    study = event_study(calm.outcome, calm.first, calm.years)
    before = study.before
    matrix = study.covariance[:, before][:, :, before]
    found = joint_test(study.estimate[:, before], matrix, study.degrees if degrees else None)
    # 5 % of 1,000: standard error 0.7 %. The degrees of freedom are those of one arm, so few places reject less.
    assert (0.03 if degrees is None else 0.005) <= (found.p_value < 0.05).mean() <= 0.07
    average = matrix.mean(axis=0)
    slope = detectable_slope(0.5, study.time[before], average)
    moving = staggered(groups, 6, {}, replications=REPLICATIONS, seed=42, drift=slope)
    study = event_study(moving.outcome, moving.first, moving.years)
    z = study.estimate[:, before] / np.sqrt(np.diag(average)[: int(before.sum())])
    assert (np.abs(z) > 1.959964).any(axis=1).mean() == pytest.approx(0.5, abs=0.06)
    after = ~before
    added = bias_of_drift(slope, study.time[after], np.ones(int(after.sum())))
    assert study.estimate[:, after].mean() == pytest.approx(added, rel=BIAS, abs=0.02)

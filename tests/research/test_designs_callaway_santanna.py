"""Callaway & Sant'Anna 2021, J Econometrics 225:200: differences in changes by group and year."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.research.designs_data import (
    BIAS,
    COVERAGE,
    EXACT,
    REPLICATIONS,
    TEEN_YEARS,
    covered,
    staggered,
    teen_employment,
)
from zaitaku_demand.research.designs.aggregate import (
    band_quantile,
    by_event_time,
    by_group,
    by_year,
    covariance,
    degrees_of_freedom,
    mean_over,
    over_groups,
    overall,
    standard_error,
)
from zaitaku_demand.research.designs.group_time import GroupTime, group_time
from zaitaku_demand.research.designs.pre_trend import joint_test

EIGHT_DECIMALS = 5e-9
TEN_DECIMALS = 5e-11
FOUR_DECIMALS = 5e-5
BOOTSTRAP = 0.15
"""Relative: the published errors are bootstrap ones."""


@pytest.fixture(scope="module")
def teens() -> GroupTime:
    outcome, first = teen_employment()
    return group_time(outcome, first, TEEN_YEARS, control="never", corrected=False)


def test_published_differences_by_group_and_year(teens: GroupTime) -> None:
    published = {  # R package did 2.3.0, att_gt(xformla = ~1) on mpdta, without bootstrap
        (2004, 2004): -0.01050325,
        (2004, 2005): -0.07042316,
        (2004, 2006): -0.13725874,
        (2004, 2007): -0.10081136,
        (2006, 2004): 0.00652011,
        (2006, 2005): -0.00275082,
        (2006, 2006): -0.00459461,
        (2006, 2007): -0.04122447,
        (2007, 2004): 0.03050666,
        (2007, 2005): -0.00272589,
        (2007, 2006): -0.03108712,
        (2007, 2007): -0.02605441,
    }
    found = dict(zip(zip(teens.group, teens.year, strict=True), teens.estimate, strict=True))
    assert found.keys() == published.keys()
    for pair, value in published.items():
        assert found[pair] == pytest.approx(value, abs=EIGHT_DECIMALS), pair


def test_published_averages_and_their_errors(teens: GroupTime) -> None:
    event, year = by_event_time(teens), by_year(teens)
    published = [  # R package did 2.3.0, aggte(type = simple, group, dynamic, calendar), analytical errors
        (overall(teens), -0.0399512752, 0.0120340128),
        (over_groups(teens), -0.0310182822, 0.0124460593),
        (mean_over(event, event.label >= 0), -0.0772398215, 0.0199649891),
        (mean_over(year, year.label > 0), -0.0417004321, 0.0159718519),
    ]
    for part, estimate, error in published:
        assert float(part.estimate[0]) == pytest.approx(estimate, abs=TEN_DECIMALS)
        assert float(standard_error(part, teens.places)[0]) == pytest.approx(error, abs=TEN_DECIMALS)


def test_published_event_times_and_groups(teens: GroupTime) -> None:
    event = by_event_time(teens)
    assert list(event.label) == [-3, -2, -1, 0, 1, 2, 3]
    # README of the R package did: aggte(type = "dynamic"), estimates and bootstrap errors.
    assert event.estimate == pytest.approx(
        [0.0305, -0.0006, -0.0245, -0.0199, -0.0510, -0.1373, -0.1008], abs=FOUR_DECIMALS
    )
    errors = [0.0153, 0.0136, 0.0138, 0.0115, 0.0174, 0.0356, 0.0354]
    assert standard_error(event, teens.places) == pytest.approx(errors, rel=BOOTSTRAP)
    assert by_group(teens).estimate == pytest.approx(
        [-0.0797, -0.0229, -0.0261], abs=FOUR_DECIMALS
    )  # the same


def test_published_test_of_the_years_before(teens: GroupTime) -> None:
    before = teens.year < teens.group
    matrix = covariance(teens.influence, teens.places)[np.ix_(before, before)]
    # README of the R package did: P-value for pre-test of parallel trends assumption: 0.16812
    assert float(joint_test(teens.estimate[before], matrix).p_value) == pytest.approx(0.16812, abs=5e-6)


def test_published_band(teens: GroupTime) -> None:
    """README of the R package did: the band of ATT(2004,2004) is -0.0749 to 0.0539 with error 0.0241, that is 2.672 errors."""
    found = band_quantile(teens.influence, teens.places, None, 0.95, 20_000, seed=1)
    assert found == pytest.approx((0.0539 + 0.0749) / 2 / 0.0241, abs=0.25)
    assert 1.96 < found < stats.norm.isf(0.025 / len(teens.group)) * 1.02


def test_small_groups_get_the_variance_of_a_difference_of_means() -> None:
    outcome = np.array([[0.0, 1.0], [0.0, 3.0], [0.0, 0.0], [0.0, 1.0], [0.0, 5.0]])
    first = np.array([2.0, 2.0, np.inf, np.inf, np.inf])
    found = group_time(outcome, first, [1, 2])
    expected = np.sqrt(np.var([1, 3], ddof=1) / 2 + np.var([0, 1, 5], ddof=1) / 3)
    assert float(standard_error(overall(found), found.places)[0]) == pytest.approx(expected, rel=EXACT)
    assert float(overall(found).estimate[0]) == 0.0
    assert degrees_of_freedom(found.first, found.weight) == 1


def test_a_group_of_one_place_has_an_estimate_but_no_error() -> None:
    outcome = np.array([[0.0, 1.0], [0.0, 3.0], [0.0, 5.0]])
    found = group_time(outcome, [2.0, np.inf, np.inf], [1, 2])
    assert found.estimate[0] == -3.0
    assert np.isnan(standard_error(overall(found), found.places)[0])


@st.composite
def panels(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    places = draw(st.integers(8, 25))
    seed = draw(st.integers(0, 2**20))
    generator = np.random.default_rng(seed)
    first = generator.choice([3.0, 4.0, np.inf], places)
    first[:6] = [3.0, 3.0, 4.0, 4.0, np.inf, np.inf]
    return generator.standard_normal((places, 5)), first


def summary(outcome: np.ndarray, first: np.ndarray, **given_: object) -> np.ndarray:
    found = group_time(outcome, first, [1, 2, 3, 4, 5], **given_)  # type: ignore[arg-type]
    part = overall(found)
    return np.array([part.estimate[0], standard_error(part, found.places)[0]])


@settings(max_examples=25)
@given(panels(), st.floats(-5, 5), st.floats(0.1, 5))
def test_contract(panel: tuple[np.ndarray, np.ndarray], shift: float, scale: float) -> None:
    outcome, first = panel
    plain = summary(outcome, first)
    order = np.random.default_rng(1).permutation(len(first))
    assert summary(outcome[order], first[order]) == pytest.approx(plain, rel=1e-7, abs=1e-12)
    levels = np.arange(len(first))[:, None] * shift + np.array([0.0, 2.0, -1.0, 4.0, 3.0])
    assert summary(outcome + levels, first) == pytest.approx(plain, rel=1e-6, abs=1e-9)
    assert summary(outcome * scale, first) == pytest.approx(plain * scale, rel=1e-7, abs=1e-12)
    more = np.concatenate([outcome, [[1, 2, np.nan, 4, 5], [9, 9, 9, 9, 9], [1, 7, 1, 7, 1]]])
    left_out = np.concatenate([first, [np.inf, np.nan, 1.0]])
    assert summary(more, left_out) == pytest.approx(plain, rel=1e-9)
    assert summary(outcome, first, weights=np.full(len(first), 7.0)) == pytest.approx(plain, rel=1e-9)


def test_controls_have_had_no_event() -> None:
    """The change of a place that had the event earlier must not enter the comparison of a later one."""
    outcome = np.zeros((7, 5))
    first = np.array([2.0, 2.0, 4.0, 4.0, np.inf, np.inf, np.inf])
    outcome[:2, 1:] = [10.0, 20.0, 500.0, 900.0]
    found = group_time(outcome, first, [1, 2, 3, 4, 5], control="not_yet")
    later = found.estimate[(found.group == 4) & (found.year >= 4)]
    assert later == pytest.approx([0.0, 0.0])


ALIKE = {3.0: [1.0, 1.0, 1.0, 1.0], 5.0: [1.0, 1.0]}
UNLIKE = {3.0: [1.0, 2.0, 3.0, 4.0], 5.0: [0.5, 1.0]}
GROUPS = {3.0: 45, 5.0: 45, np.inf: 90}
RANDOM_SHARES = 0.015
"""The published variance takes the sizes of the groups as random. They are fixed here, so where differences are unlike the
interval covers somewhat more than it says."""


@pytest.mark.long
@pytest.mark.parametrize("control", ["never", "not_yet"])
@pytest.mark.parametrize("difference", [ALIKE, UNLIKE])
def test_simulated_differences_are_found(control: str, difference: dict[float, list[float]]) -> None:
    panel = staggered(GROUPS, 6, difference, replications=REPLICATIONS, seed=12)
    found = group_time(panel.outcome, panel.first, panel.years, control=control)  # type: ignore[arg-type]
    part = overall(found)
    after = np.array(panel.years) >= panel.first[:, None]
    truth = float(panel.true[after].mean())
    degrees = degrees_of_freedom(found.first, found.weight)
    half = stats.t.isf(0.025, degrees) * standard_error(part, found.places)[:, 0]
    estimate = part.estimate[:, 0]
    assert abs(estimate.mean() / truth - 1) < BIAS
    share = covered(estimate - half, estimate + half, truth)
    assert COVERAGE[0] <= share <= COVERAGE[1] + (0.0 if difference is ALIKE else RANDOM_SHARES)


@pytest.mark.long
def test_simulated_coverage_with_few_places() -> None:
    """7 places with the event: the correction and Student's t keep the interval honest, the published formula is too narrow."""
    panel = staggered(
        {3.0: 4, 4.0: 3, np.inf: 30}, 4, {3.0: [1.0, 1.0], 4.0: [1.0]}, replications=REPLICATIONS, seed=5
    )
    shares = []
    for corrected in (True, False):
        found = group_time(panel.outcome, panel.first, panel.years, corrected=corrected)
        part = overall(found)
        error = standard_error(part, found.places)[:, 0]
        degrees = degrees_of_freedom(found.first, found.weight)
        quantile = stats.t.isf(0.025, degrees) if corrected else stats.norm.isf(0.025)
        estimate = part.estimate[:, 0]
        shares.append(covered(estimate - quantile * error, estimate + quantile * error, 1.0))
    assert shares[0] >= COVERAGE[0]
    assert shares[1] < COVERAGE[0]


@pytest.mark.long
def test_simulated_coverage_by_cluster() -> None:
    """Shocks shared by the places of a prefecture: errors by place are too small, those by prefecture are not."""
    generator = np.random.default_rng(8)
    prefecture = np.repeat(np.arange(60), 4)
    first = np.where(prefecture < 30, 2.0, np.inf)
    shared = generator.standard_normal((REPLICATIONS, 60, 2))[:, prefecture]
    outcome = (
        shared
        + 0.5 * generator.standard_normal((REPLICATIONS, 240, 2))
        + (first == 2.0)[:, None] * [0.0, 1.0]
    )
    found = group_time(outcome, first, [1, 2])
    part = overall(found)
    shares = []
    for clusters in (prefecture, None):
        degrees = degrees_of_freedom(found.first, found.weight, clusters)
        half = stats.t.isf(0.025, degrees) * standard_error(part, found.places, clusters)[:, 0]
        shares.append(covered(part.estimate[:, 0] - half, part.estimate[:, 0] + half, 1.0))
    assert COVERAGE[0] <= shares[0] <= COVERAGE[1]
    assert shares[1] < 0.75

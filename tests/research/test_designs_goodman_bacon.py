"""Goodman-Bacon 2021, J Econometrics 225:254: what two-way fixed effects compare."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.research.designs_data import BIAS, COVERAGE, EXACT, REPLICATIONS, SIX_DIGITS, covered, staggered
from zaitaku_demand.research.designs.aggregate import overall
from zaitaku_demand.research.designs.difference_in_differences import comparisons, two_way_fixed_effects
from zaitaku_demand.research.designs.group_time import group_time

TIMES = np.arange(1, 11)
FIRST = np.array([np.inf, 5.0, 8.0])
OUTCOME = np.arange(1, 4)[:, None] + TIMES + np.array([0, 2, 4])[:, None] * (FIRST[:, None] <= TIMES)
"""Three places, ten times; the second gains 2 from time 5 on, the third 4 from time 8 on (worked example of A. Naqvi's guide
to difference-in-differences, section on the decomposition)."""


def test_published_coefficient_and_error() -> None:
    found = two_way_fixed_effects(OUTCOME, FIRST, list(TIMES))
    assert float(found.estimate) == pytest.approx(2.90909, abs=5e-6)  # R feols in the same guide
    assert float(found.standard_error) == pytest.approx(0.725719, abs=5e-7)  # the same, clustered by place


def test_published_weights() -> None:
    found = comparisons(OUTCOME, FIRST, list(TIMES))
    rows = {
        (group, control): (estimate, weight, kind)
        for group, control, estimate, weight, kind in zip(
            found.group, found.control, found.estimate, found.weight, found.kind, strict=True
        )
    }
    published = {  # R package bacondecomp in the same guide
        (5.0, np.inf): (2, 0.3636364, "never"),
        (8.0, np.inf): (4, 0.3181818, "never"),
        (8.0, 5.0): (4, 0.1363636, "earlier"),
        (5.0, 8.0): (2, 0.1818182, "later"),
    }
    assert rows.keys() == published.keys()
    for pair, (estimate, weight, kind) in published.items():
        assert rows[pair][0] == pytest.approx(estimate, rel=EXACT)
        assert rows[pair][1] == pytest.approx(weight, abs=5e-8)
        assert rows[pair][2] == kind


@settings(max_examples=40)
@given(st.integers(0, 2**20), st.integers(4, 8), st.booleans())
def test_weighted_comparisons_add_up_to_two_way_fixed_effects(seed: int, years: int, weighted: bool) -> None:
    generator = np.random.default_rng(seed)
    first = generator.choice([*range(2, years + 3), np.inf], 20).astype(float)
    first[:3] = [2.0, years, np.inf]
    outcome = generator.standard_normal((20, years))
    # Within a group the decomposition takes one weight a group, so weights must not differ inside it.
    weights = np.where(first > years, 1.0, 1.0 + np.minimum(first, 99.0) % 3) if weighted else None
    calendar = list(range(1, years + 1))
    found = comparisons(outcome, first, calendar, weights)
    assert found.weight.sum() == pytest.approx(1.0, rel=EXACT)
    assert (found.weight >= 0).all()
    direct = two_way_fixed_effects(outcome, first, calendar, weights=weights).estimate
    assert float(found.estimate @ found.weight) == pytest.approx(float(direct), rel=1e-7, abs=1e-10)


def test_same_as_least_squares_with_dummies() -> None:
    sm = pytest.importorskip("statsmodels.api")
    generator = np.random.default_rng(3)
    first = np.array([2.0, 2.0, 3.0, 4.0, 4.0, np.inf, np.inf, np.inf, 3.0, np.inf])
    outcome = generator.standard_normal((10, 5))
    weights = generator.uniform(1, 4, 10)
    found = two_way_fixed_effects(outcome, first, [1, 2, 3, 4, 5], weights=weights)
    event = (np.arange(1, 6) >= first[:, None]).astype(float)
    place, year = np.repeat(np.arange(10), 5), np.tile(np.arange(5), 10)
    design = np.column_stack([event.ravel(), np.eye(10)[place], np.eye(5)[year][:, 1:]])
    fit = sm.WLS(outcome.ravel(), design, weights=np.repeat(weights, 5)).fit(
        cov_type="cluster", cov_kwds={"groups": place, "use_correction": False}
    )
    assert float(found.estimate) == pytest.approx(fit.params[0], rel=SIX_DIGITS)
    # 10 places, 50 rows, 5 years and one coefficient.
    factor = np.sqrt(10 / 9 * 49 / 44)
    assert float(found.standard_error) == pytest.approx(fit.bse[0] * factor, rel=SIX_DIGITS)


@pytest.mark.long
def test_two_way_fixed_effects_are_right_where_differences_are_alike() -> None:
    panel = staggered({3.0: 40, np.inf: 40}, 6, {3.0: [1.0] * 4}, replications=REPLICATIONS, seed=21)
    found = two_way_fixed_effects(panel.outcome, panel.first, panel.years)
    assert abs(found.estimate.mean() - 1.0) < BIAS
    half = 1.99 * found.standard_error
    assert COVERAGE[0] <= covered(found.estimate - half, found.estimate + half, 1.0) <= COVERAGE[1]


@pytest.mark.long
def test_growing_differences_mislead_two_way_fixed_effects_but_not_group_time() -> None:
    """Differences that grow with time since the event: the wrong estimate even has the wrong sign."""
    growing = [0.2 * (since + 1) for since in range(9)]
    steep = [1.2 * (since + 1) for since in range(9)]
    panel = staggered({2.0: 50, 8.0: 50}, 10, {2.0: steep, 8.0: growing}, replications=200, seed=9)
    naive = two_way_fixed_effects(panel.outcome, panel.first, panel.years).estimate.mean()
    parts = comparisons(panel.outcome[0], panel.first, panel.years)
    assert parts.weight[parts.kind == "earlier"].sum() > 0.1
    # Years 8-10 have no place left without the event; the group-time estimate stops there.
    result = group_time(panel.outcome, panel.first, panel.years)
    right = overall(result).estimate[:, 0].mean()
    truth = np.mean([steep[since] for since in range(6)])
    assert right == pytest.approx(truth, rel=BIAS)
    assert (panel.true >= 0).all()
    assert naive < 0.5 * truth

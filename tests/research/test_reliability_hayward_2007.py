"""Misclassification by normal theory: Hayward et al. 2007 (Health Serv Res 42:1718), and its agreement with simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from zaitaku_demand.research.reliability.likelihood import reliability_at
from zaitaku_demand.research.reliability.misclassification import (
    classified_at_rank,
    classified_at_value,
    simulated_misclassification,
)

PRINTED_2 = 0.005
TRUE_POSITIVES = 0.01
"""Absolute: the printed true positives and false positives do not add up to the printed estimates to a hundredth."""
SIMULATION = 0.01
"""Absolute: normal theory against draws of a beta or gamma distribution that is nearly normal."""

# Table 2, reliability 0.25: true share, true positives, false positives, estimated share ("< 0.01" left out).
TABLE_2 = [
    (0.99, 0.88, None, 0.88),
    (0.95, 0.78, 0.02, 0.79),
    (0.70, 0.49, 0.11, 0.60),
    (0.50, 0.33, 0.17, 0.50),
    (0.30, 0.19, 0.21, 0.40),
    (0.05, 0.02, 0.18, 0.21),
    (0.01, None, 0.12, 0.12),
    (0.005, None, 0.10, 0.10),
]


@pytest.mark.parametrize(("share", "true", "false", "estimated"), TABLE_2)
def test_table_2(share: float, true: float | None, false: float | None, estimated: float) -> None:
    found = classified_at_value(0.25, stats.norm.isf(share))
    assert found.both + found.wrongly_in == pytest.approx(estimated, abs=PRINTED_2)
    assert found.both + found.wrongly_out == pytest.approx(share, abs=1e-9)
    if true is None:
        assert found.both < 0.01
    else:
        assert found.both == pytest.approx(true, abs=TRUE_POSITIVES)
    if false is None:
        assert found.wrongly_in < 0.01
    else:
        assert found.wrongly_in == pytest.approx(false, abs=PRINTED_2)


@given(st.floats(0.01, 0.999), st.floats(0.02, 0.98))
def test_against_the_bivariate_normal_of_scipy(reliability: float, share: float) -> None:
    found = classified_at_rank(reliability, share)
    cut = stats.norm.isf(share)
    root = np.sqrt(reliability)
    both = stats.multivariate_normal([0, 0], [[1, root], [root, 1]]).cdf([-cut, -cut])
    assert found.both == pytest.approx(both, abs=2e-5)
    # By rank as many are wrongly in as wrongly out.
    assert found.wrongly_in == pytest.approx(float(found.wrongly_out), abs=1e-9)


def test_at_the_mean_there_is_a_closed_form() -> None:
    # arccos(sqrt r) / pi (Sheppard 1899): a third at reliability 0.25, nothing at 1.
    found = classified_at_value(np.array([0.25, 0.5, 0.7, 0.9, 1.0]), 0.0).wrong
    np.testing.assert_allclose(found, np.arccos(np.sqrt([0.25, 0.5, 0.7, 0.9, 1.0])) / np.pi, atol=1e-6)


@given(st.floats(0.05, 0.45))
def test_more_reliability_less_misclassification(share: float) -> None:
    wrong = classified_at_rank(np.linspace(0.05, 0.99, 30), share).wrong
    assert (np.diff(wrong) < 0).all()


def test_simulation_agrees_where_distributions_are_nearly_normal() -> None:
    size = np.full(200, 800.0)
    cases = (("binomial", 0.5, 400.0, 400.0), ("poisson", 0.5, 600.0, 600.0))
    for kind, mean, prior, shown_prior in cases:
        found = simulated_misclassification(kind, mean, prior, size, draws=400, seed=3)  # type: ignore[arg-type]
        reliability = reliability_at(800.0, shown_prior)
        by_theory = classified_at_rank(reliability, 0.25)
        assert found.top == pytest.approx(float(by_theory.wrong), abs=SIMULATION)
        assert found.wrongly_in_top == pytest.approx(float(by_theory.wrongly_in) / 0.25, abs=2 * SIMULATION)
        assert found.mean == pytest.approx(float(classified_at_value(reliability, 0.0).wrong), abs=SIMULATION)
        assert found.quarters > found.top


def test_the_same_seed_gives_the_same_and_ties_are_broken_by_chance() -> None:
    size = np.full(40, 3.0)
    one, other, third = (
        simulated_misclassification("poisson", 0.1, 5.0, size, draws=200, seed=seed) for seed in (1, 1, 2)
    )
    assert one == other
    assert one != third
    # Nearly all figures are 0, so the top quarter is drawn by lot: three quarters of it are wrong at the most.
    assert 0.4 < one.wrongly_in_top < 0.75

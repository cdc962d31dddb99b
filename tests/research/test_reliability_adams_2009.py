"""Beta-binomial reliability: Adams 2009 (RAND TR-653) as in the R package QualityMeasure (Nieser & Harris 2024)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.research.reliability.likelihood import (
    CountPrior,
    own_share_reliability,
    reliability_at,
    true_variance,
)
from zaitaku_demand.research.reliability.misclassification import cases_needed, share_reaching

PRINTED_3 = 0.0005
PRINTED_4 = 0.00005
PARAMETERS_ROUNDED = 0.00005
"""Absolute: alpha and beta are printed to three decimals only."""

# QualityMeasure 2.0.1, vignette "Colonoscopy follow-up measure example" (CMS measure OP-29, 2023).
ALPHA, BETA = 4.516, 0.43


def test_variance_between_hospitals() -> None:
    mean, size = np.array(ALPHA / (ALPHA + BETA)), np.array(ALPHA + BETA)
    prior = CountPrior(mean, size, size, size, size)
    assert true_variance("binomial", prior) == pytest.approx(0.013, abs=PRINTED_3)


def test_published_distribution_of_reliability() -> None:
    # The vignette prints the distribution over hospitals: 11 cases is the least that CMS publishes, 75 the median.
    published = {11: 0.6898, 45: 0.9010, 75: 0.9381, 104: 0.9546}
    found = reliability_at(np.array(list(published)), ALPHA + BETA)
    np.testing.assert_allclose(found, list(published.values()), atol=PRINTED_4 + PARAMETERS_ROUNDED)


def test_the_units_own_share_makes_sure_of_nothing() -> None:
    # Two of two and two hundred of two hundred: both are "perfectly reliable" with the unit's own share.
    own = own_share_reliability([2.0, 200.0], [2.0, 200.0], 0.013)
    np.testing.assert_array_equal(own, [1.0, 1.0])
    assert reliability_at(2.0, ALPHA + BETA) < 0.3
    # Adams' example of the formula: V / (V + p (1 - p) / n).
    assert own_share_reliability([5.0], [10.0], 0.025)[0] == pytest.approx(0.5, rel=FLOAT)


@given(st.floats(0.05, 0.99), st.floats(1e-3, 1e9))
def test_cases_needed_give_that_reliability(target: float, prior_size: float) -> None:
    needed = cases_needed(prior_size, target)
    assert reliability_at(needed, prior_size) == pytest.approx(target, rel=FLOAT)


def test_no_difference_is_never_reliable() -> None:
    np.testing.assert_array_equal(reliability_at(np.array([1.0, 1e9, np.nan]), np.inf), [0.0, 0.0, np.nan])
    assert cases_needed(np.inf, 0.7) == np.inf


def test_places_that_are_hidden_do_not_reach_it() -> None:
    assert share_reaching(np.array([10.0, 50.0, np.nan, np.nan]), 20.0) == 0.25

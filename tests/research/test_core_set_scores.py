"""Scores from measurements: known reliabilities are recovered, scales are fixed, and what is unknown changes nothing.

The estimator is that of Efron & Morris 1975 (J Am Stat Assoc 70:311) with the moments of DerSimonian & Laird 1986.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.research.core_set.scores import (
    chance_variance,
    change_reliability,
    grade_score,
    normalised,
    one_year_reliability,
    recency_score,
    regularity_score,
)

ROUNDING = 1e-12
LEAST_BIAS = 0.02
"""Relative bias allowed of an estimator in 1,000 replications."""
REPLICATIONS, PLACES, LEAST = 1000, 335, 20


def _counts(seed: int, years: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    size = rng.uniform(200, 2000, (years, 60))
    return rng.poisson(size * rng.gamma(20, 0.1 / 20, (years, 60))).astype(float), size


@pytest.mark.long
@pytest.mark.parametrize("truth", [0.4, 0.7, 0.9])
def test_known_reliability_of_counts_is_recovered(truth: float) -> None:
    """Gamma-Poisson counts of equal size: reliability is between over between plus ``m / n``."""
    rng = np.random.default_rng(20271122)
    mean, size = 0.1, 1000.0
    between = mean / size * truth / (1 - truth)
    rates = rng.gamma(mean**2 / between, between / mean, (REPLICATIONS, PLACES))
    events = rng.poisson(rates * size).astype(float)
    found = one_year_reliability(events, np.full(events.shape, size), "poisson", LEAST)
    assert found.mean() == pytest.approx(truth, rel=LEAST_BIAS)


@pytest.mark.long
def test_known_reliability_of_proportions_is_recovered() -> None:
    """Beta-binomial proportions of equal size: chance has ``E[p (1 - p)] / n``."""
    rng = np.random.default_rng(20271123)
    size, a, b = 500, 30.0, 170.0
    p = rng.beta(a, b, (REPLICATIONS, PLACES))
    mean = a / (a + b)
    between = mean * (1 - mean) / (a + b + 1)
    truth = between / (between + mean * (1 - mean) / size)
    events = rng.binomial(size, p).astype(float)
    found = one_year_reliability(events, np.full(p.shape, float(size)), "binomial", LEAST)
    assert found.mean() == pytest.approx(truth, rel=LEAST_BIAS)


@pytest.mark.long
def test_known_reliability_of_change_is_recovered() -> None:
    """Ratios that change by a known spread, beside a rise of 30 per cent that all places share.

    Relative to all places the variance by chance is ``1 / n`` in the first and ``1 / (1.3 n)`` in the second year.
    """
    rng = np.random.default_rng(20271124)
    size, spread, rise = 400.0, 0.08, 1.3
    truth = spread**2 / (spread**2 + 1 / size + 1 / (rise * size))
    ratio = np.maximum(1 + rng.normal(0, spread, (REPLICATIONS, PLACES)), 0.0)
    events = rng.poisson(np.stack([np.ones_like(ratio), rise * ratio], axis=1) * size).astype(float)
    both = np.full((2, PLACES), size)
    found = [change_reliability(two, both, "poisson", LEAST) for two in events]
    assert np.mean(found) == pytest.approx(truth, rel=LEAST_BIAS)


@given(st.integers(0, 1000), st.floats(0.01, 100))
def test_scale_of_the_denominator_and_units_without_figure_change_nothing(seed: int, factor: float) -> None:
    """Per thousand or per person, with or without places that have no figure: the same reliability."""
    events, size = _counts(seed, 2)
    expected = one_year_reliability(events, size, "poisson", LEAST)
    assert one_year_reliability(events, size * factor, "poisson", LEAST) == pytest.approx(expected, rel=1e-6)
    gap = np.full((2, 5), np.nan)
    more = one_year_reliability(np.hstack([gap, events]), np.hstack([gap, size]), "poisson", LEAST)
    assert more == pytest.approx(expected, rel=1e-9)
    order = np.random.default_rng(seed).permutation(60)
    assert one_year_reliability(events[:, order], size[:, order], "poisson", LEAST) == pytest.approx(expected)


@given(st.integers(0, 1000), st.floats(0.2, 5))
def test_change_common_to_all_places_is_no_change(seed: int, growth: float) -> None:
    """A rise everywhere by the same factor leaves no difference in change."""
    events, size = _counts(seed, 1)
    both = np.vstack([events, events * growth])
    assert change_reliability(both, np.vstack([size, size]), "poisson", LEAST) == pytest.approx(0.0, abs=1e-9)


def test_too_few_places_and_figures_without_counts_have_no_reliability() -> None:
    """Nineteen places are fewer than asked for; a figure without counts has no chance variance."""
    events, size = _counts(1, 1)
    assert np.isnan(one_year_reliability(events[:, :19], size[:, :19], "poisson", LEAST)).all()
    assert np.isnan(one_year_reliability(events, size, "normal", LEAST)).all()


def test_chance_variance_of_the_two_kinds() -> None:
    """``m / n`` and ``m (1 - m) / n``."""
    assert chance_variance(0.2, 100.0, "poisson") == pytest.approx(0.002)
    assert chance_variance(0.2, 100.0, "binomial") == pytest.approx(0.0016)


def test_fixed_scales() -> None:
    """Grades, years since the latest figure, years with a figure in ten."""
    assert list(grade_score([1, 2, 3, 4, 5, 6, 0])) == [0, 0.25, 0.5, 0.75, 1, 1, 0]
    assert recency_score(2022, 2027, 10) == pytest.approx(0.5)
    assert recency_score(2014, 2027, 10) == 0
    assert recency_score(2030, 2027, 10) == 1
    assert regularity_score((2014, 2016, 2017, 2022, 2027), 2027, 10) == pytest.approx(0.2)
    assert normalised([3.0, 1.0]) == pytest.approx([0.75, 0.25], abs=ROUNDING)

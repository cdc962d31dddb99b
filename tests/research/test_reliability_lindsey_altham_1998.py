"""Maximum likelihood of counts: boys among twelve children in Saxony (Geissler 1889; Lindsey & Altham 1998), and agreement
with the gamma-Poisson prior of the benchmark (Clayton & Kaldor 1987).
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special, stats

from zaitaku_demand.benchmark.shrinkage import maximum_likelihood_prior
from zaitaku_demand.research.reliability.likelihood import (
    CountKind,
    count_log_likelihood,
    maximum_likelihood,
    reliability_at,
    true_variance,
)
from zaitaku_demand.research.reliability.moments import kleinman_size, marshall_size

# Families with 0 to 12 boys among 12 children (Lindsey & Altham 1998, Appl Stat 47:149).
FAMILIES = np.array([3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7])
BOYS = np.repeat(np.arange(13.0), FAMILIES)
TWELVE = np.full(BOYS.shape, 12.0)
PUBLISHED_DIGITS = 5e-4
"""Relative: the likelihood is so flat that published maxima differ in the fourth digit."""
SEARCH = 2e-3
"""Relative: our search against another optimiser."""


def test_parameters_and_likelihood_of_the_saxon_families() -> None:
    found = maximum_likelihood("binomial", BOYS, TWELVE)
    # Wikipedia, "Beta-binomial distribution", after Lindsey & Altham: alpha 34.09558, beta 31.5715, AIC 24989.74.
    assert found.mean * found.size == pytest.approx(34.09558, rel=PUBLISHED_DIGITS)
    assert (1 - found.mean) * found.size == pytest.approx(31.5715, rel=PUBLISHED_DIGITS)
    constant = (special.gammaln(13) - special.gammaln(BOYS + 1) - special.gammaln(13 - BOYS)).sum()
    assert 4 - 2 * (float(found.log_likelihood) + constant) == pytest.approx(24989.74, abs=0.005)


def test_moments_of_the_saxon_families() -> None:
    # The same article: moments alpha 34.1350, beta 31.6085, from m1 = 6.23 and m2 = 42.31 rounded to two decimals.
    mean, size = kleinman_size(BOYS, TWELVE)
    assert mean * size == pytest.approx(34.1350, rel=0.005)
    assert (1 - mean) * size == pytest.approx(31.6085, rel=0.005)


def test_profile_limits_are_where_the_likelihood_falls_by_half_of_chi_square() -> None:
    found = maximum_likelihood("binomial", BOYS, TWELVE)

    def at(size: float) -> float:
        best = optimize.minimize_scalar(
            lambda mean: (
                -float(count_log_likelihood("binomial", BOYS, TWELVE, np.asarray(mean), np.asarray(size)))
            ),
            bounds=(0.4, 0.6),
            method="bounded",
            options={"xatol": 1e-10},
        )
        return -float(best.fun)

    drop = stats.chi2.ppf(0.95, 1) / 2
    for limit in (found.size_lower, found.size_upper):
        assert float(found.log_likelihood) - at(float(limit)) == pytest.approx(drop, rel=0.01)


def test_gamma_poisson_is_the_prior_of_the_benchmark() -> None:
    random = np.random.default_rng(3)
    expected = random.uniform(1, 40, 60)
    counts = random.poisson(expected * random.gamma(2, 0.5, 60)).astype(float)
    ours, other = maximum_likelihood("poisson", counts, expected), maximum_likelihood_prior(counts, expected)
    assert ours.mean == pytest.approx(float(other.mean), rel=SEARCH)
    assert true_variance("poisson", ours) == pytest.approx(float(other.variance), rel=5 * SEARCH)


def test_a_distribution_with_most_units_at_zero() -> None:
    # Very skewed: the mean must be found although scoring steps from the weighted mean go far astray.
    random = np.random.default_rng(5)
    exposure = random.uniform(200, 4000, 96)
    counts = random.poisson(exposure * random.gamma(0.15, 0.02, 96)).astype(float)
    found = maximum_likelihood("poisson", counts, exposure)

    def minus(logs: np.ndarray) -> float:
        mean, size = np.exp(logs)
        return -float(count_log_likelihood("poisson", counts, exposure, np.asarray(mean), np.asarray(size)))

    best = optimize.minimize(minus, np.log([0.003, 50.0]), method="Nelder-Mead", options={"xatol": 1e-6})
    assert found.mean == pytest.approx(np.exp(best.x[0]), rel=SEARCH)
    assert found.size == pytest.approx(np.exp(best.x[1]), rel=5 * SEARCH)
    assert found.size_lower < found.size * 0.85
    assert found.size_upper > found.size * 1.15


def test_units_that_do_not_differ() -> None:
    found = maximum_likelihood("binomial", [10.0, 10, 10, 10], [100.0, 100, 100, 100])
    assert found.size == np.inf
    assert found.mean == pytest.approx(0.1, rel=1e-4)
    assert found.size_upper == np.inf
    assert np.isfinite(found.size_lower)


def test_nothing_to_fit_gives_nothing() -> None:
    assert np.isnan(maximum_likelihood("poisson", [0.0, 0, 0], [1.0, 2, 3]).size)
    assert np.isnan(maximum_likelihood("binomial", [5.0, np.nan], [10.0, np.nan]).size)


@settings(max_examples=12)
@given(
    st.sampled_from(["binomial", "poisson"]),
    st.lists(st.integers(0, 30), min_size=6, max_size=20).filter(lambda counts: len(set(counts)) > 2),
    st.randoms(use_true_random=False),
)
def test_order_and_unknown_units_change_nothing(kind: CountKind, counts: list[int], random: object) -> None:
    x = np.array(counts, float)
    n = np.full(x.shape, 40.0)
    order = np.arange(len(x))
    random.shuffle(order)  # type: ignore[attr-defined]
    plain = maximum_likelihood(kind, x, n)
    moved = maximum_likelihood(kind, np.append(x[order], np.nan), np.append(n[order], 40.0))
    at = reliability_at(40.0, plain.size), reliability_at(40.0, moved.size)
    assert at[0] == pytest.approx(float(at[1]), abs=1e-6)


def test_the_unit_of_the_exposure_does_not_matter() -> None:
    random = np.random.default_rng(9)
    exposure = random.uniform(10, 90, 40)
    counts = random.poisson(exposure * random.gamma(4, 0.1, 40)).astype(float)
    for made in (lambda e: maximum_likelihood("poisson", counts, e).size, lambda e: marshall_size(counts, e)):
        np.testing.assert_allclose(
            reliability_at(1000 * exposure, made(1000 * exposure)),
            reliability_at(exposure, made(exposure)),
            rtol=1e-5,
        )


def _simulated(kind: CountKind, units: int, sets: int) -> tuple[np.ndarray, np.ndarray, float]:
    random = np.random.default_rng(20240501)
    size = np.broadcast_to(np.geomspace(40, 900, units), (sets, units))
    if kind == "binomial":
        prior = 105.0
        true = random.beta(0.12 * prior, 0.88 * prior, (sets, units))
        return random.binomial(size.astype(int), true).astype(float), np.floor(size), prior
    prior = 60.0
    return random.poisson(size * random.gamma(6, 1 / prior, (sets, units))).astype(float), size, prior


@pytest.mark.long
@pytest.mark.parametrize("kind", ["binomial", "poisson"])
def test_bias_and_coverage_of_the_core_estimators(kind: CountKind) -> None:
    counts, size, prior = _simulated(kind, 150, 1000)
    found = maximum_likelihood(kind, counts, size)
    middle = np.median(size[0])
    true = reliability_at(middle, prior)
    assert reliability_at(middle, found.size).mean() == pytest.approx(float(true), rel=0.02)
    covered = (found.size_lower <= prior) & (prior <= found.size_upper)
    assert 0.93 <= covered.mean() <= 0.97


@pytest.mark.long
@pytest.mark.parametrize("kind", ["binomial", "poisson"])
def test_bias_of_the_moments(kind: CountKind) -> None:
    counts, size, prior = _simulated(kind, 150, 1000)
    middle = np.median(size[0])
    found = kleinman_size(counts, size)[1] if kind == "binomial" else marshall_size(counts, size)
    assert reliability_at(middle, found).mean() == pytest.approx(
        float(reliability_at(middle, prior)), rel=0.02
    )

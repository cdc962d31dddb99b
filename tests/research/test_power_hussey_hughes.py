"""Designs over places and periods: Hussey & Hughes 2007, Contemp Clin Trials 28:182."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.research.power.closed_form import hussey_hughes_variance, power_of_difference
from zaitaku_demand.research.power.simulate import Cell, World, covariance_matrix, power, simulated

REPLICATIONS = 4000
MONTE_CARLO = 4 * np.sqrt(0.25 / REPLICATIONS)


def generalised_least_squares(design, s2, t2):
    """The same variance by writing the model out: period effects, one difference, random places."""
    places, periods = design.shape
    columns = np.concatenate([np.tile(np.eye(periods), (places, 1)), design.reshape(-1, 1)], axis=1)
    one = s2 * np.eye(periods) + t2
    weights = np.kron(np.eye(places), np.linalg.inv(one))
    return np.linalg.inv(columns.T @ weights @ columns)[-1, -1]


@given(
    steps=st.lists(st.integers(0, 4), min_size=2, max_size=8).filter(lambda each: len(set(each)) > 1),
    s2=st.floats(0.01, 5),
    t2=st.floats(0, 5),
)
def test_formula_is_the_generalised_least_squares_variance(steps, s2, t2):
    design = (np.arange(5)[None, :] > np.array(steps)[:, None]).astype(float)
    if np.linalg.matrix_rank(np.c_[np.tile(np.eye(5), (len(steps), 1)), design.reshape(-1, 1)]) < 6:
        return
    expected = generalised_least_squares(design, s2, t2)
    assert hussey_hughes_variance(design, s2, t2) == pytest.approx(expected, rel=1e-6)


def test_before_and_after_with_others_is_the_difference_of_changes():
    # Two periods, half of the places designated in the second: with a large place variance only changes tell, 4 s² / places.
    design = np.array([[0, 1]] * 10 + [[0, 0]] * 10)
    assert hussey_hughes_variance(design, 1.0, 1e9) == pytest.approx(1.0 * 2 * (1 / 10 + 1 / 10), rel=1e-6)


@pytest.mark.parametrize("kind", ["poisson", "binomial"])
def test_simulated_difference_in_differences_has_the_power_of_the_formula(kind):
    # Lasting variance 0.1, passing 0.004 without memory, 500 cases a year of 5,000: chance of a year 1/500 (0.9/500 binomial).
    by_lag = np.array([0.104, 0.1, 0.1, 0.1])
    world = World(by_lag, np.full(1, 500.0), 0.1, kind)
    found = simulated(
        world,
        Cell("difference_in_differences", 20, 40, 2, 1.06),
        REPLICATIONS,
        np.random.default_rng(2),
    )
    share, _, _ = power(found.p_values(), 0.05, 0.95)
    chance = (0.9 if kind == "binomial" else 1.0) / 500
    passing = np.log1p(0.104) - np.log1p(0.1) + chance
    error = np.sqrt((1 / 20 + 1 / 40) * 2 * passing / 2)
    expected = float(power_of_difference(np.log(1.06), error, degrees=58))
    assert 0.3 < expected < 0.95
    assert abs(share - expected) < MONTE_CARLO


def test_covariance_goes_on_falling_beyond_the_distances_at_hand():
    matrix = covariance_matrix(np.array([0.30, 0.26, 0.22, 0.18]), 6)
    # Falls by 0.04 a year: 0.14 and 0.10 at distances of four and five years.
    assert np.expm1(matrix[0, 4]) == pytest.approx(0.14, abs=1e-9)
    assert np.expm1(matrix[0, 5]) == pytest.approx(0.10, abs=1e-9)


def test_matrix_is_a_covariance_even_where_the_estimates_are_not():
    matrix = covariance_matrix(np.array([0.2, 0.2, 0.0]), 6)
    assert np.linalg.eigvalsh(matrix).min() > -1e-12

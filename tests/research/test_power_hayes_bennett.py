"""Clusters needed: Hayes & Bennett 1999, Int J Epidemiol 28:319, and the simulation against the formula."""

import numpy as np
import pytest

from zaitaku_demand.research.power.closed_form import (
    hayes_bennett_clusters,
    hayes_bennett_proportions,
    power_of_difference,
)
from zaitaku_demand.research.power.simulate import Cell, World, power, simulated

REPLICATIONS = 4000
MONTE_CARLO = 4 * np.sqrt(0.25 / REPLICATIONS)
"""Four standard errors of a simulated share."""


def test_worked_example_of_rates():
    # Documentation of clusterPower 0.6.111, crtpwr.2rate(py = 10, r1 = .1, r2 = .2, cvb = .1): "m of greater than 24", 25 clusters.
    clusters = hayes_bennett_clusters(0.2, 0.1, 10, 0.1)
    assert 24 < clusters < 25


def test_without_variation_between_clusters_one_more_than_the_persons_need():
    # The "1 +" of the formula stands for the lost degree of freedom.
    persons = hayes_bennett_clusters(0.01, 0.005, 1000, 0.0) - 1
    assert hayes_bennett_clusters(0.01, 0.005, 2000, 0.0) - 1 == pytest.approx(persons / 2)


def test_proportions_need_fewer_than_rates():
    assert hayes_bennett_proportions(0.4, 0.3, 100, 0.2) < hayes_bennett_clusters(0.4, 0.3, 100, 0.2)


@pytest.mark.parametrize(("variation", "expected", "ratio"), [(0.05, 200.0, 1.25), (0.01, 60.0, 1.15)])
def test_simulated_two_groups_have_the_power_of_the_formula(variation, expected, ratio):
    # Formula on the logarithm: variance of a place's mean = ln(1 + k²) + 1 / cases.
    world = World(np.array([variation]), np.full(1, expected), 0.1, "poisson")
    cell = Cell("two_groups", 20, 20, 1, ratio)
    found = simulated(world, cell, REPLICATIONS, np.random.default_rng(1))
    share, _, _ = power(found.p_values(), 0.05, 0.95)
    error = np.sqrt((np.log1p(variation) + 1 / expected) * 2 / 20)
    assert abs(share - float(power_of_difference(np.log(ratio), error, degrees=38))) < MONTE_CARLO

"""Average linkage (UPGMA). Sokal & Michener 1958, Univ Kansas Sci Bull 38:1409.

The worked example is the one of five bacteria with distances of 5S ribosomal RNA that the encyclopaedia article "UPGMA"
works through: clusters form at distances 17, 22, 28 and 33.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.research.core_set.redundancy import (
    at_most_one,
    correlation_clusters,
    families,
    rank_correlations,
    shared_counts,
)

DISTANCES = {
    ("a", "b"): 17, ("a", "c"): 21, ("a", "d"): 31, ("a", "e"): 23, ("b", "c"): 30,
    ("b", "d"): 34, ("b", "e"): 21, ("c", "d"): 28, ("c", "e"): 39, ("d", "e"): 43,
}  # fmt: skip
UNIT = 50.0


def _correlation() -> np.ndarray:
    rho = np.eye(5)
    for (one, other), distance in DISTANCES.items():
        i, j = "abcde".index(one), "abcde".index(other)
        rho[i, j] = rho[j, i] = 1 - distance / UNIT
    return rho


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (16.9, [0, 1, 2, 3, 4]),
        (17.1, [0, 0, 1, 2, 3]),
        (21.9, [0, 0, 1, 2, 3]),
        (22.1, [0, 0, 1, 2, 0]),
        (28.1, [0, 0, 1, 1, 0]),
        (33.1, [0, 0, 0, 0, 0]),
    ],
)
def test_clusters_form_at_the_published_distances(cut: float, expected: list[int]) -> None:
    """(a,b) at 17, with e at 22, (c,d) at 28, all at 33."""
    assert list(correlation_clusters(_correlation(), 1 - cut / UNIT)) == expected


def test_sign_does_not_matter_and_unknown_counts_as_none() -> None:
    """A mirror image says the same; a pair never seen together is no cluster."""
    assert list(correlation_clusters(np.array([[1, -0.9], [-0.9, 1]]), 0.8)) == [0, 0]
    assert list(correlation_clusters(np.array([[1, np.nan], [np.nan, 1]]), 0.8)) == [0, 1]


@given(arrays(float, (3, 40), elements=st.floats(-5, 5)))
def test_rank_correlation_is_that_of_scipy(values: np.ndarray) -> None:
    """Spearman's rho of each pair over the places that both have; too few places give none."""
    values = values + np.random.default_rng(1).normal(size=values.shape)
    values[0, :5] = np.nan
    found = rank_correlations(values, 20)
    assert found[0, 1] == pytest.approx(stats.spearmanr(values[0, 5:], values[1, 5:]).statistic)
    assert found[1, 2] == pytest.approx(stats.spearmanr(values[1], values[2]).statistic)
    assert np.isnan(rank_correlations(values, 36)[0, 1])


def test_indicators_of_the_same_cells_are_found() -> None:
    """C002 stands in both; O-E-3 and P-E-3 have one numerator; death attendance and nursing orders share nothing."""
    numerators = [
        ["ndb_home_visit_patients"],
        ["ndb_home_visit_patients_home"],
        ["ndb_death_attendance", "ndb_death_certification"],
        ["ndb_death_certification", "ndb_death_attendance"],
        ["ndb_nursing_orders"],
        ["not_declared"],
        ["not_declared"],
    ]
    found = [tuple(group) for group in shared_counts(numerators, measures())]
    assert found == [(0, 1), (2, 3), (5, 6)]


def test_families_and_groups_of_a_cluster() -> None:
    """Supplements belong to their indicator; only members of the highest importance stand side by side."""
    assert [tuple(group) for group in families(["x", "x", "y", "x"])] == [(0, 1, 3)]
    clusters = np.array([0, 0, 0, 0, 1])
    beside = np.array([True, True, False, False, True])
    assert [tuple(group) for group in at_most_one(clusters, beside)] == [(0, 2, 3), (1, 2, 3)]
    assert [tuple(group) for group in at_most_one(clusters, np.zeros(5, dtype=bool))] == [(0, 1, 2, 3)]
    assert at_most_one(clusters[:2], np.ones(2, dtype=bool)) == []

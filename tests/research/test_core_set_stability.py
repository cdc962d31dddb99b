"""Which members stay: what is varied, by how much, and that nothing else moves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.research.core_set.criteria import CRITERIA, Criteria
from zaitaku_demand.research.core_set.scores import grade_score, weighted_value
from zaitaku_demand.research.core_set.select import Demands, best_sets
from zaitaku_demand.research.core_set.settings import CoreSetSettings
from zaitaku_demand.research.core_set.stability import (
    corner_factors,
    random_factors,
    stability_table,
    varied_values,
    verdict,
)

ROUNDING = 1e-12
WEIGHTS = np.array([30.0, 15, 20, 15, 10, 5, 5])
SHARE_ERROR = 0.05
"""Three standard errors of a share of one half in 1,000 draws."""


def _criteria(others: list[float], grades: list[float]) -> Criteria:
    """Candidates whose criteria other than importance all have one score."""
    ids = [f"P-C-{number}" for number in range(1, len(grades) + 1)]
    scores = np.repeat(np.array(others)[:, None], len(CRITERIA), axis=1)
    scores[:, 0] = grade_score(grades)
    return Criteria(pd.DataFrame({"grade": grades}, index=pd.Index(ids, name="id")), scores, pd.DataFrame())


def _table(criteria: Criteria, size: int, settings: CoreSetSettings) -> pd.DataFrame:
    count = len(criteria.ids)
    demands = Demands(np.full(count, -1), [], size, size, 0.0)
    chosen = best_sets(weighted_value(criteria.scores, WEIGHTS), demands)[0]
    return stability_table(criteria, np.ones(count, dtype=bool), demands, chosen, settings).set_index("id")


def test_far_ahead_always_stays_and_equals_share_the_place() -> None:
    """One member is far ahead; two candidates alike are chosen in half of the draws each."""
    table = _table(_criteria([0.9, 0.5, 0.5, 0.1], [5, 3, 3, 1]), 2, CoreSetSettings())
    assert table.loc["P-C-1", "verdict"] == "always"
    assert table.loc["P-C-4", "verdict"] == "never"
    assert table.loc["P-C-2", "share"] == pytest.approx(0.5, abs=SHARE_ERROR)
    assert table.loc["P-C-2", "share"] + table.loc["P-C-3", "share"] == pytest.approx(1.0)


def test_without_variation_only_the_set_itself_is_found() -> None:
    """A variation of 0 gives shares of 0 and 1, those of the set."""
    table = _table(
        _criteria([0.9, 0.6, 0.5, 0.1], [5, 3, 3, 1]), 2, CoreSetSettings(perturbation=0.0, draws=5)
    )
    assert table["share"].to_list() == table["member"].astype(float).to_list() == [1, 1, 0, 0]
    assert table["corner_share"].to_list() == [1, 1, 0, 0]


def test_criterion_on_which_a_member_depends_is_named() -> None:
    """A member that is in the set by its importance alone leaves it without that criterion."""
    table = _table(_criteria([0.9, 0.3, 0.5], [3, 5, 1]), 2, CoreSetSettings(draws=5))
    assert table["member"].to_list() == [True, True, False]
    assert table.loc["P-C-2", "changes_without"] == table.loc["P-C-3", "changes_without"] == "importance"


def test_corners_are_all_combinations() -> None:
    """Seven criteria at either end: 128 different rows of 0.8 and 1.2."""
    corners = corner_factors(7, 0.2)
    assert len(np.unique(corners, axis=0)) == 128
    assert set(corners.ravel()) == {0.8, 1.2}


def test_factors_are_seeded_within_their_bounds_and_a_candidates_own() -> None:
    """The same seed gives the same draws, and a further candidate changes no other's."""
    of_weights, of_grades = random_factors(["a", "b"], 7, 0.2, 1000, 1)
    more_weights, more_grades = random_factors(["z", "b", "a"], 7, 0.2, 1000, 1)
    assert np.array_equal(of_weights, more_weights)
    assert np.array_equal(of_grades, more_grades[:, [2, 1]])
    for factors in (of_weights, of_grades):
        assert factors.min() >= 0.8
        assert factors.max() <= 1.2
        assert factors.mean() == pytest.approx(1.0, abs=0.01)
    assert not np.array_equal(of_weights, random_factors(["a"], 7, 0.2, 1000, 2)[0])


@given(st.lists(st.floats(1, 5), min_size=3, max_size=3), st.floats(0.01, 100))
def test_varied_values_at_one_are_the_values(grades: list[float], factor: float) -> None:
    """Factors of 1, or one factor for all weights, give back the values."""
    criteria = _criteria([0.2, 0.5, 0.9], grades)
    found = varied_values(
        criteria.scores, np.array(grades), WEIGHTS, np.full((1, 7), factor), np.ones((1, 3))
    )
    assert found[0] == pytest.approx(weighted_value(criteria.scores, WEIGHTS), abs=ROUNDING)


def test_verdicts() -> None:
    """Bounds of the five verdicts with "usually" from 0.8."""
    shares = [1.0, 0.999, 0.8, 0.79, 0.21, 0.2, 0.001, 0.0]
    expected = ["always", "usually", "usually", "borderline", "borderline", "rarely", "rarely", "never"]
    assert [verdict(share, 0.8) for share in shares] == expected

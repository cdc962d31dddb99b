"""Goodwin & Wright, Decision Analysis for Management Judgment (3rd ed. 2004), chapter 3: the office location problem.

The additive model is that of Dodgson et al. 2009, Multi-criteria analysis: a manual, chapter 6.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zaitaku_demand.research.core_set.scores import normalised, weighted_value

PRINTED = 0.05
"""Points: values are printed to one decimal."""
ROUNDING = 1e-12

# Table 3.2: closeness to customers, visibility, image, size, comfort, car parking; offices A to G.
VALUES = np.array(
    [
        [100, 60, 100, 75, 0, 90],
        [20, 80, 10, 30, 100, 30],
        [80, 70, 0, 0, 10, 100],
        [70, 50, 30, 55, 30, 90],
        [40, 60, 90, 100, 60, 70],
        [0, 0, 70, 0, 80, 0],
        [60, 100, 20, 50, 50, 80],
    ],
    dtype=float,
)
SWINGS = np.array([100, 80, 70, 30, 20, 10], dtype=float)
"""Section "Determining the weights of the attributes": swings from worst to best."""
ROUNDED_WEIGHTS = np.array([32, 26, 23, 10, 6, 3], dtype=float)


def test_swing_weights_add_up_as_printed() -> None:
    """The book's normalised weights are the swings over their sum, in per cent and rounded."""
    assert np.array_equal(np.round(100 * normalised(SWINGS)), ROUNDED_WEIGHTS)


def test_aggregate_benefits_are_those_of_the_table() -> None:
    """Table 3.2, last row: Addison Square 80.8 … Filton Village 20.9, Gorton Square 60.2."""
    printed = [80.8, 39.4, 47.4, 52.3, 64.8, 20.9, 60.2]
    assert weighted_value(VALUES, ROUNDED_WEIGHTS) == pytest.approx(printed, abs=PRINTED)


def test_weight_at_which_the_best_office_changes() -> None:
    """Section "Sensitivity analysis": Elton Street is best as long as turnover weighs less than 52.1 per cent.

    Turnover is made of the first three attributes, working conditions of the others; Elton Street has 81.7 without
    and 60.4 with turnover alone.
    """
    turnover, conditions = (
        weighted_value(VALUES[:, :3], SWINGS[:3]),
        weighted_value(VALUES[:, 3:], SWINGS[3:]),
    )
    addison, elton = 0, 4
    assert conditions[elton] == pytest.approx(81.7, abs=PRINTED)
    assert turnover[elton] == pytest.approx(60.4, abs=PRINTED)

    def gap(weight: float) -> float:
        both = weighted_value(np.column_stack([turnover, conditions]), np.array([weight, 100 - weight]))
        return float(both[addison] - both[elton])

    assert gap(52.0) < 0 < gap(52.2)


SHARES = arrays(float, (6, 4), elements=st.floats(0, 1))
WEIGHTS = arrays(float, 4, elements=st.floats(0.1, 10))


@given(SHARES, WEIGHTS, st.floats(0.01, 100))
def test_scaled_weights_change_no_value(scores: np.ndarray, weights: np.ndarray, factor: float) -> None:
    """Only the ratios of the weights count."""
    assert weighted_value(scores, weights * factor) == pytest.approx(
        weighted_value(scores, weights), abs=1e-9
    )


@given(SHARES, WEIGHTS, st.permutations(range(6)))
def test_order_of_candidates_does_not_matter(
    scores: np.ndarray, weights: np.ndarray, order: list[int]
) -> None:
    """Each candidate's value is its own."""
    assert weighted_value(scores[order], weights) == pytest.approx(
        weighted_value(scores, weights)[order], abs=ROUNDING
    )


@given(SHARES, WEIGHTS)
def test_unknown_criterion_leaves_the_mean_of_the_others(scores: np.ndarray, weights: np.ndarray) -> None:
    """A score that is not known is no zero: the value is that of the other criteria."""
    unknown = scores.copy()
    unknown[:, 0] = np.nan
    expected = weighted_value(scores[:, 1:], weights[1:])
    assert weighted_value(unknown, weights) == pytest.approx(expected, abs=ROUNDING)
    assert np.isnan(weighted_value(np.full((1, 4), np.nan), weights)).all()

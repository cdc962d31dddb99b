"""Peaks of many runs and the distribution of the peak year."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zaitaku_demand.projection.draws.draw_peaks import (
    by_year,
    find_tops,
    peak_quantile,
    plateau_share,
    year_probability,
)
from zaitaku_demand.projection.peak import PLATEAU_SHARE

VALUES = arrays(float, (3, 6, 5), elements=st.integers(0, 4).map(float))
"""Few different values: many ties."""
YEARS = (2045, 2046, 2047, 2048)


@settings(max_examples=40)
@given(VALUES)
def test_tops_are_those_of_argmax_the_earliest_of_equals(values: np.ndarray) -> None:
    place, top = find_tops(values)
    assert (place == values.argmax(axis=1)).all()
    assert (top == values.max(axis=1)).all()


@settings(max_examples=40)
@given(VALUES)
def test_probabilities_add_up_and_the_peak_is_in_its_plateau(values: np.ndarray) -> None:
    for one in values:
        place, top = find_tops(one)
        probability = year_probability(place, len(one))
        plateau = plateau_share(one, top)
        assert abs(probability.sum() - 1) < 1e-12
        assert (plateau >= probability - 1e-12).all() and (plateau <= 1).all()
        by_hand = [[run[year] >= PLATEAU_SHARE * run.max() for run in one.T] for year in range(len(one))]
        np.testing.assert_allclose(plateau, np.mean(by_hand, axis=1))
        steps = by_year(probability)
        assert (np.diff(steps) >= 0).all() and abs(steps[-1] - 1) < 1e-12


def test_quantiles_of_the_year_are_years_in_which_runs_peak() -> None:
    probability = np.array([0.1, 0.4, 0.0, 0.5])
    assert by_year(probability).tolist() == [0.1, 0.5, 0.5, 1.0]
    # by 2045 with 10 %, by 2046 with 50 %: reached exactly, in spite of 0.1 + 0.4 in floating point
    assert [peak_quantile(probability, YEARS, share) for share in (0.1, 0.5, 0.51, 0.9)] == [
        2045,
        2046,
        2048,
        2048,
    ]
    assert np.isnan(peak_quantile(np.full(4, np.nan), YEARS, 0.5))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.sampled_from([0.1, 0.5, 0.9]))
def test_quantiles_of_the_year_are_those_of_numpy(places: list[int], share: float) -> None:
    probability = year_probability(np.array(places, dtype=np.int16), 4)
    expected = np.quantile(np.array(YEARS)[places], share, method="inverted_cdf")
    assert peak_quantile(probability, YEARS, share) == expected

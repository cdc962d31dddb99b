"""Fisher 1935 and Rosenbaum 2002, Stat Sci 17:286: the event handed out to other places, and earlier dates."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.research.designs_data import BIAS, COVERAGE, EXACT, covered, staggered
from zaitaku_demand.research.designs.aggregate import overall, standard_error
from zaitaku_demand.research.designs.group_time import group_time
from zaitaku_demand.research.designs.placebo import placebo_dates, placebo_pairs, randomisation

PLANT_DIFFERENCES = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48], float)
"""Darwin's maize, crossed minus self-fertilised, in eighths of an inch (Fisher 1935, The Design of Experiments, table 3)."""
SIMULATED = 0.012


def test_exact_distribution_of_a_small_panel() -> None:
    """Every assignment of two places out of six, counted by hand."""
    change = np.array([3.0, 5.0, 1.0, 0.0, 2.0, -1.0])
    outcome = np.column_stack([np.zeros(6), change])
    first = np.array([2.0, 2.0, *[np.inf] * 4])
    real = change[:2].mean() - change[2:].mean()
    differences = []
    for chosen in combinations(range(6), 2):
        rest = [place for place in range(6) if place not in chosen]
        differences.append(change[list(chosen)].mean() - change[rest].mean())
    exact = np.mean(np.abs(differences) >= abs(real) - 1e-12)
    found = randomisation(outcome, first, [1, 2], replications=19_999, seed=3)
    assert found.estimate == pytest.approx(real, rel=EXACT)
    assert found.p_value == pytest.approx(exact, abs=SIMULATED)
    assert set(np.round(found.distribution, 9)) == set(np.round(differences, 9))


def test_within_strata_places_exchange_only_there() -> None:
    """15 pairs with one event each are Fisher's own test: 863 + 863 of 32,768 assignments (5.27 %) are as large (1935, §21)."""
    outcome = np.zeros((30, 2))
    outcome[::2, 1] = PLANT_DIFFERENCES
    first = np.where(np.arange(30) % 2 == 0, 2.0, np.inf)
    found = randomisation(outcome, first, [1, 2], strata=np.arange(30) // 2, replications=40_000, seed=2)
    assert found.estimate == pytest.approx(PLANT_DIFFERENCES.mean(), rel=EXACT)
    assert found.p_value == pytest.approx(1726 / 32768, abs=0.004)


@settings(max_examples=10)
@given(st.integers(0, 2**20), st.floats(-3, 3), st.floats(0.2, 5))
def test_contract(seed: int, shift: float, scale: float) -> None:
    generator = np.random.default_rng(seed)
    first = np.array([2.0] * 4 + [3.0] * 4 + [np.inf] * 10)
    outcome = generator.standard_normal((18, 4))
    years = [1, 2, 3, 4]
    plain = randomisation(outcome, first, years, replications=299, seed=5)
    event = np.array(years) >= first[:, None]
    moved = randomisation(outcome * scale + shift * event, first, years, replications=299, seed=5)
    assert moved.estimate == pytest.approx(plain.estimate * scale + shift, abs=1e-9)
    assert moved.lower == pytest.approx(plain.lower * scale + shift, abs=1e-5)
    assert moved.upper == pytest.approx(plain.upper * scale + shift, abs=1e-5)
    assert plain.lower <= plain.estimate <= plain.upper
    # The interval is that of the test: it holds 0 just where the test does not reject.
    assert (plain.lower <= 0 <= plain.upper) == (plain.p_value > 0.05)
    assert plain.estimate == pytest.approx(
        float(overall(group_time(outcome, first, years)).estimate[0]), rel=1e-9
    )


def test_nothing_to_compare_gives_nothing() -> None:
    found = randomisation(np.zeros((4, 2)), [np.inf] * 4, [1, 2])
    assert np.isnan(found.estimate) and np.isnan(found.p_value)


def test_placebo_dates_use_years_before_the_event_only() -> None:
    first = np.array([3.0, 3.0, 4.0, 4.0, np.inf, np.inf, np.inf])
    years = [1, 2, 3, 4]
    assert placebo_pairs(first, years, 1) == [(3.0, 1, 0), (4.0, 2, 1)]
    assert placebo_pairs(first, years, 2) == [(4.0, 1, 0), (4.0, 2, 0)]
    generator = np.random.default_rng(8)
    outcome = generator.standard_normal((7, 4))
    changed = outcome + 100.0 * (np.array(years) >= first[:, None])
    parts = [overall(placebo_dates(each, first, years)) for each in (outcome, changed)]
    assert float(parts[0].estimate[0]) == pytest.approx(float(parts[1].estimate[0]), abs=1e-9)
    assert list(placebo_dates(outcome, first, years).group) == [2.0, 3.0]


@pytest.mark.long
def test_simulated_size_and_coverage() -> None:
    panel = staggered(
        {3.0: 8, 4.0: 6, np.inf: 40}, 4, {3.0: [1.0, 1.0], 4.0: [1.0]}, replications=1000, seed=51
    )
    found = [
        randomisation(outcome, panel.first, panel.years, replications=199, seed=number)
        for number, outcome in enumerate(panel.outcome)
    ]
    lower, upper = (np.array([getattr(each, name) for each in found]) for name in ("lower", "upper"))
    assert COVERAGE[0] <= covered(lower, upper, 1.0) <= COVERAGE[1]
    assert abs(np.mean([each.estimate for each in found]) - 1.0) < BIAS


@pytest.mark.long
def test_simulated_placebo_dates_find_nothing_where_nothing_is() -> None:
    panel = staggered({4.0: 40, 5.0: 40, np.inf: 60}, 6, {4.0: [2.0] * 3}, replications=1000, seed=52)
    moved = placebo_dates(panel.outcome, panel.first, panel.years)
    part = overall(moved)
    z = part.estimate[:, 0] / standard_error(part, moved.places)[:, 0]
    assert abs(part.estimate.mean()) < 0.02
    assert 0.03 <= (np.abs(z) > 1.99).mean() <= 0.07

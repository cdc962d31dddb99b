"""Flows between places: the displaced share (Hoover 1936) and smallest flows on networks that can be solved by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from zaitaku_demand.research.validity.flows import edges_of, removable_variance, smallest_flow

SOLVED = 1e-6
PIECEWISE = 0.01
"""The square is made of straight pieces."""


def _path(places: int) -> np.ndarray:
    near = np.zeros((places, places))
    near[np.arange(places - 1), np.arange(1, places)] = 1
    return near + near.T


def test_two_places() -> None:
    found = smallest_flow([30, 10], [100, 100], edges_of(_path(2)))
    assert found == pytest.approx((0.25, 0.0, 0.25), abs=SOLVED)


@settings(max_examples=25)
@given(st.lists(st.floats(50, 150), min_size=3, max_size=12))
def test_on_a_line_it_is_the_sum_of_the_cumulated_surplus(cases: list[float]) -> None:
    # On a line the flow over each border is the surplus of all places on one side of it (Monge 1781; the cases of a place
    # are enough to pass on here, as none has a third of the mean or three times it).
    o = np.array(cases)
    e = np.full(len(o), 100.0)
    found = smallest_flow(o, e, edges_of(_path(len(o))))
    border = np.abs(np.cumsum(o - o.mean())[:-1])
    if border.max() <= o.min():
        assert found.share == pytest.approx(border.sum() / o.sum(), abs=SOLVED)
        assert found.unexplained == pytest.approx(0, abs=SOLVED)
    # Hoover 1936: half the sum of the absolute deviations, as a share.
    assert found.displaced == pytest.approx(np.abs(o - o.mean()).sum() / 2 / o.sum(), abs=SOLVED)


def test_an_island_keeps_its_difference() -> None:
    near = np.zeros((3, 3))
    near[0, 1] = near[1, 0] = 1
    # Common rate 0.2: places 0 and 1 have +10 and -10, the island would have none to give if it had none too many.
    assert smallest_flow([30, 10, 20], [100, 100, 100], edges_of(near)).unexplained == pytest.approx(
        0, abs=SOLVED
    )
    # Now the island has 20 too many: what is left is its 20 and the 20 that the others lack.
    found = smallest_flow([20, 20, 50], [100, 100, 100], edges_of(near))
    assert found.unexplained == pytest.approx(1.0, abs=SOLVED)
    assert found.share == pytest.approx(0.0, abs=SOLVED)


def test_no_place_gives_away_more_than_it_counts() -> None:
    # The middle place counts nothing of its own, so nothing can be passed on through it.
    found = smallest_flow([90, 0, 0], [100, 100, 100], edges_of(_path(3)))
    # 30 each are too few in two places; one gets them, and it does not matter to the answer which.
    assert found.unexplained == pytest.approx(0.5, abs=SOLVED)
    assert found.share == pytest.approx(30 / 90, abs=SOLVED)


def test_within_groups_only_the_groups_own_rate_counts() -> None:
    cases, exposure, group = [30, 10, 5, 15], [100, 100, 100, 100], [1, 1, 2, 2]
    found = smallest_flow(cases, exposure, edges_of(_path(4), group), group)
    assert found == pytest.approx((15 / 60, 0.0, 15 / 60), abs=SOLVED)
    alone = smallest_flow(cases, exposure, edges_of(_path(4), [1, 2, 3, 4]), [1, 2, 3, 4])
    assert alone == (0.0, 0.0, 0.0)


@settings(max_examples=20)
@given(st.integers(0, 300), st.permutations(range(9)), st.floats(0.01, 100))
def test_order_units_and_hidden_places(seed: int, order: list[int], scale: float) -> None:
    random = np.random.default_rng(seed)
    near = np.triu(random.random((9, 9)) < 0.4, 1).astype(float)
    near += near.T
    cases, exposure = random.gamma(3, 10, 9), random.gamma(5, 20, 9)
    cases[0] = np.nan
    plain = smallest_flow(cases, exposure, edges_of(near))
    changed = smallest_flow(scale * cases[order], exposure[order], edges_of(near[np.ix_(order, order)]))
    np.testing.assert_allclose(changed, plain, atol=SOLVED)
    without = smallest_flow(cases[1:], exposure[1:], edges_of(near[1:, 1:]))
    np.testing.assert_allclose(without, plain, atol=SOLVED)
    # What neighbours alone explain needs no less than what any two places could.
    assert plain.share >= (1 - plain.unexplained) * plain.displaced - SOLVED


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_the_removable_variance_against_a_quadratic_programme(share: float) -> None:
    random = np.random.default_rng(4)
    near = _path(8)
    near[0, 4] = near[4, 0] = 1
    cases, exposure = random.gamma(8, 20, 8), random.gamma(20, 50, 8)
    start, end = edges_of(near)
    rate = cases.sum() / exposure.sum()

    def left(flow: np.ndarray) -> float:
        moved = cases - np.bincount(start, flow, 8) + np.bincount(end, flow, 8)
        return float(((moved - rate * exposure) ** 2 / exposure).sum())

    room = {"type": "ineq", "fun": lambda flow: share * cases - np.bincount(start, flow, 8)}
    best = optimize.minimize(
        left,
        np.zeros(len(start)),
        bounds=[(0, None)] * len(start),
        constraints=[room],
        options={"maxiter": 500},
    )
    exact = 1 - best.fun / left(np.zeros(len(start)))
    found = removable_variance(cases, exposure, (start, end), share, 40)
    assert exact - PIECEWISE <= found <= exact + 1e-4


def test_more_flow_removes_no_less_and_none_removes_nothing() -> None:
    random = np.random.default_rng(4)
    cases, exposure, edges = random.gamma(8, 20, 30), random.gamma(20, 50, 30), edges_of(_path(30))
    found = [removable_variance(cases, exposure, edges, share, 20) for share in (0.0, 0.05, 0.1, 0.2, 0.5)]
    assert found[0] == pytest.approx(0, abs=SOLVED)
    assert (np.diff(found) > 0).all()
    assert np.isnan(removable_variance(exposure, exposure, edges, 0.1))


def test_flows_that_made_the_pattern_are_found_to_be_enough() -> None:
    # True rates are equal; a tenth of the cases of every second place is counted next door.
    exposure = np.full(20, 1000.0)
    cases = np.full(20, 100.0)
    cases[::2] -= 10
    cases[1::2] += 10
    found = smallest_flow(cases, exposure, edges_of(_path(20)))
    assert found.share <= 100 / 2000 + SOLVED
    assert found.unexplained == pytest.approx(0, abs=SOLVED)
    assert removable_variance(cases, exposure, edges_of(_path(20)), 0.1, 40) == pytest.approx(
        1, abs=PIECEWISE
    )

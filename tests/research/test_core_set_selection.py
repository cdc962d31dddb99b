"""The exact choice of a set, against all subsets tried one by one; and what must not change it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from zaitaku_demand.errors import InputError
from zaitaku_demand.research.core_set.select import Demands, best_sets

ROUNDING = 1e-6
COUNT = 8


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, Demands]:
    """Eight candidates with values in steps, up to three cells, up to four groups and a size."""
    values = (
        np.array(draw(st.lists(st.integers(0, 1000), min_size=COUNT, max_size=COUNT, unique=True))) / 1000
    )
    cells = np.array(draw(st.lists(st.integers(-1, 2), min_size=COUNT, max_size=COUNT)), dtype=np.intp)
    group = st.lists(st.integers(0, COUNT - 1), min_size=2, max_size=4, unique=True)
    groups = [np.sort(np.array(each, dtype=np.intp)) for each in draw(st.lists(group, max_size=4))]
    minimum = draw(st.integers(1, 4))
    return values, Demands(cells, groups, minimum, minimum + draw(st.integers(0, 3)), 0.4)


def _worth(members: tuple[int, ...], values: np.ndarray, demands: Demands) -> float:
    """Value of a set as the room declares it; minus infinity where a cell stays empty."""
    needed = set(demands.cells[demands.cells >= 0])
    if needed - set(demands.cells[list(members)]) or len(members) > demands.maximum:
        return -np.inf
    second = sum(max(0, len(set(group) & set(members)) - 1) for group in demands.groups)
    short = max(0, demands.minimum - len(members))
    return float(sum(values[list(members)] - demands.least_value) - 1000 * second - 10 * short)


@given(problems())
def test_no_subset_is_better(problem: tuple[np.ndarray, Demands]) -> None:
    """The chosen set is worth as much as the best of all subsets."""
    values, demands = problem
    assume(len(set(demands.cells[demands.cells >= 0])) <= demands.maximum)
    chosen = tuple(np.flatnonzero(best_sets(values, demands)[0]))
    best = max(
        _worth(members, values, demands)
        for size in range(demands.maximum + 1)
        for members in combinations(range(COUNT), size)
    )
    assert _worth(chosen, values, demands) == pytest.approx(best, abs=ROUNDING)


@settings(max_examples=40)
@given(problems(), st.permutations(range(COUNT)))
def test_order_does_not_matter(problem: tuple[np.ndarray, Demands], order: list[int]) -> None:
    """The same candidates in another order give the same members."""
    values, demands = problem
    assume(len(set(demands.cells[demands.cells >= 0])) <= demands.maximum)
    assume(_unique(values, demands))
    place = np.argsort(order)
    moved = demands._replace(
        cells=demands.cells[order], groups=[np.sort(place[group]) for group in demands.groups]
    )
    assert np.array_equal(best_sets(values[order], moved)[0], best_sets(values, demands)[0][order])


@settings(max_examples=40)
@given(problems(), st.integers(0, COUNT - 1), st.floats(0.001, 0.5))
def test_redundant_and_worse_candidate_changes_nothing(
    problem: tuple[np.ndarray, Demands], model: int, loss: float
) -> None:
    """A further candidate of a member's cell and groups with a lower value leaves the set as it was."""
    values, demands = problem
    assume(len(set(demands.cells[demands.cells >= 0])) <= demands.maximum)
    before = best_sets(values, demands)[0]
    assume(_unique(values, demands) and before[model])
    groups = [np.append(group, COUNT) if model in group else group for group in demands.groups]
    more = demands._replace(
        cells=np.append(demands.cells, demands.cells[model]),
        groups=[*groups, np.array([model, COUNT], dtype=np.intp)],
    )
    after = best_sets(np.append(values, values[model] - loss), more)[0]
    assert np.array_equal(after, np.append(before, False))


def _unique(values: np.ndarray, demands: Demands) -> bool:
    """Whether one set alone is the best, so that ties decide nothing."""
    worths = sorted(
        (
            _worth(members, values, demands)
            for size in range(demands.maximum + 1)
            for members in combinations(range(COUNT), size)
        ),
        reverse=True,
    )
    return worths[0] - worths[1] > 1e-4


def test_many_draws_at_once_are_those_one_by_one() -> None:
    """Draws solved together, some of them by the integer programme, are the same as each alone."""
    rng = np.random.default_rng(5)
    cells = rng.integers(0, 9, 40)
    groups = [np.sort(rng.choice(40, 3, replace=False)) for _ in range(25)]
    demands = Demands(cells, groups, 10, 14, 0.5)
    values = rng.random((80, 40))
    together = best_sets(values, demands)
    alone = np.array([best_sets(row, demands)[0] for row in values])
    assert np.array_equal(together, alone)
    assert (together.sum(axis=1) <= demands.maximum).all()
    for cell in range(9):
        assert together[:, cells == cell].any(axis=1).all()


def test_unknown_value_is_never_chosen_and_its_cell_not_asked_for() -> None:
    """A candidate without value stays out, even as the only one of its cell."""
    demands = Demands(np.array([0, 1, 1]), [], 1, 3, 0.0)
    assert list(best_sets(np.array([np.nan, 0.9, 0.2]), demands)[0]) == [False, True, True]


def test_more_cells_than_members_is_said() -> None:
    """Three cells do not fit into two members."""
    with pytest.raises(InputError, match="組が3あり"):
        best_sets(np.ones(3), Demands(np.arange(3), [], 1, 2, 0.0))

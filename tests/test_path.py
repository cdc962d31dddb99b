"""The contracts of a rate path: ones give the same bits, changes touch what they name, order does not matter."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import YEARS, population, rates
from tests.test_projection import N_AREAS, PEOPLE, PROFILE, SEEDS
from tests.tolerances import FLOAT
from zaitaku_demand.projection.project import project
from zaitaku_demand.rates.path import RatePath, combine

WHOLE = (2, N_AREAS, len(YEARS), 2, 19)
SHAPES = [(1, 1, 1, 1, 1), (2, N_AREAS, len(YEARS), 1, 1), (1, 1, len(YEARS), 2, 19), WHOLE]


def some_path(seed: int) -> RatePath:
    generator = np.random.default_rng(seed)
    return RatePath(
        generator.uniform(0.5, 2, SHAPES[seed % len(SHAPES)]),
        generator.uniform(0, 100, (2, N_AREAS, 1)),
        generator.uniform(10, 5000, (1, 1, len(YEARS))),
    )


PATHS = SEEDS.map(some_path)


@given(PEOPLE, PROFILE, st.sampled_from(SHAPES))
def test_factors_of_one_return_the_base_bit_for_bit(
    people: np.ndarray, profile: np.ndarray, shape: tuple[int, ...]
) -> None:
    given_population = population(people, ("male", "female"))
    base = project(given_population, rates(profile, given_population)).values
    ones = RatePath(np.ones(shape), np.zeros(shape[:3]), np.full(shape[:3], np.inf))
    assert np.array_equal(project(given_population, rates(profile, given_population), ones).values, base)


@given(PEOPLE, PROFILE, PATHS)
def test_a_path_is_applied_age_by_age(people: np.ndarray, profile: np.ndarray, path: RatePath) -> None:
    given_population = population(people, ("male", "female"))
    given_rates = rates(profile, given_population)
    found = project(given_population, given_rates, path)
    factor = np.broadcast_to(path.factor, WHOLE)
    counted = np.einsum("aysg,ksg,kaysg->kay", people, profile, factor) + path.added
    assert np.allclose(found.values, np.minimum(counted, path.ceiling), rtol=FLOAT)
    for service in range(2):
        parts = found.parts(service).sum(axis=(2, 3)) + np.broadcast_to(path.added, WHOLE[:3])[service]
        assert np.allclose(np.minimum(parts, path.ceiling[0]), found.values[service], rtol=FLOAT)


@given(PATHS, PATHS, PATHS)
def test_the_order_of_changes_does_not_matter(first: RatePath, second: RatePath, third: RatePath) -> None:
    one, other = combine([first, second, third]), combine([third, first, second])
    assert np.allclose(one.factor, other.factor, rtol=FLOAT)
    assert np.allclose(one.added, other.added, rtol=FLOAT)
    assert np.array_equal(one.ceiling, other.ceiling)


@given(PEOPLE, PROFILE, PATHS)
def test_years_are_taken_out_of_a_path(people: np.ndarray, profile: np.ndarray, path: RatePath) -> None:
    given_population = population(people, ("male", "female"))
    given_rates = rates(profile, given_population)
    places = [1, 4, 6]
    some = given_population.at_years(tuple(YEARS[place] for place in places))
    whole = project(given_population, given_rates, path).values[:, :, places]
    assert np.allclose(project(some, given_rates, path.at(places)).values, whole, rtol=FLOAT)

"""The contracts of a projection: partitions, factors of one and nought, scaling, order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import YEARS, population, rates
from tests.tolerances import FLOAT
from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.project import project

N_AREAS = 7
SEEDS = st.integers(0, 2**32 - 1)


def some_people(seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    people = generator.integers(0, 50_000, (N_AREAS, len(YEARS), 2, 19)).astype(float)
    people[generator.random(people.shape) < 0.1] = 0
    return people


def some_profile(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((2, 2, 19)) ** 3


PEOPLE = SEEDS.map(some_people)
PROFILE = SEEDS.map(some_profile)


@given(PEOPLE)
def test_rate_one_returns_the_population(people: np.ndarray) -> None:
    given_population = population(people, ("male", "female"))
    found = project(given_population, rates(np.ones((1, 2, 19)), given_population))
    assert np.array_equal(found.values[0], people.sum(axis=(2, 3)))


@given(PEOPLE)
def test_rate_nought_returns_nought(people: np.ndarray) -> None:
    given_population = population(people, ("male", "female"))
    assert not project(given_population, rates(np.zeros((1, 2, 19)), given_population)).values.any()


@given(PEOPLE, PROFILE, st.floats(0.1, 10))
def test_scaling_rates_scales_the_result(people: np.ndarray, profile: np.ndarray, factor: float) -> None:
    given_population = population(people, ("male", "female"))
    once = project(given_population, rates(profile, given_population)).values
    scaled = project(given_population, rates(profile * factor, given_population)).values
    assert np.allclose(scaled, once * factor, rtol=FLOAT)


@given(PEOPLE, PROFILE, st.permutations(range(N_AREAS)))
def test_the_order_of_areas_does_not_matter(
    people: np.ndarray, profile: np.ndarray, order: list[int]
) -> None:
    given_population = population(people, ("male", "female"))
    straight = project(given_population, rates(profile, given_population))
    shuffled_population = replace(
        given_population,
        values=given_population.values[order],
        areas=given_population.areas.iloc[order].reset_index(drop=True),
    )
    shuffled = project(shuffled_population, rates(profile, shuffled_population))
    assert np.allclose(shuffled.values, straight.values[:, order], rtol=FLOAT)


@given(PEOPLE, PROFILE)
def test_areas_add_up_to_prefectures_and_the_nation(people: np.ndarray, profile: np.ndarray) -> None:
    given_population = population(people, ("male", "female"))
    found = project(given_population, rates(profile, given_population))
    codes, by_prefecture = found.by_prefecture()
    for place, code in enumerate(codes):
        inside = (given_population.areas["prefecture_code"] == code).to_numpy()
        assert np.array_equal(by_prefecture[:, place], found.values[:, inside].sum(axis=1))
    assert np.array_equal(found.national(), by_prefecture.sum(axis=1))


@given(PEOPLE, PROFILE, st.integers(1, 18))
def test_ages_are_a_partition(people: np.ndarray, profile: np.ndarray, cut: int) -> None:
    """Projecting two parts of the ages apart and adding gives the whole; `by_age` adds up to it."""
    given_population = population(people, ("male", "female"))
    young, old = profile.copy(), profile.copy()
    young[..., cut:] = 0
    old[..., :cut] = 0
    whole = project(given_population, rates(profile, given_population))
    parts = sum(project(given_population, rates(part, given_population)).values for part in (young, old))
    assert np.allclose(parts, whole.values, rtol=FLOAT)
    assert np.allclose(whole.by_age().sum(axis=3), whole.values, rtol=FLOAT)


@given(PEOPLE, PROFILE)
def test_equals_the_plain_sum(people: np.ndarray, profile: np.ndarray) -> None:
    given_population = population(people, ("male", "female"))
    ratio = np.linspace(0.5, 2, 2 * N_AREAS).reshape(2, N_AREAS)
    found = project(given_population, rates(profile, given_population, ratio)).values
    plain = np.einsum("aysg,ksg,ka->kay", people, profile, ratio)
    assert np.allclose(found, plain, rtol=FLOAT)


def test_rates_by_group_of_areas() -> None:
    people = np.ones((4, len(YEARS), 1, 19))
    given_population = population(people)
    given_rates = rates(np.ones((1, 1, 19)), given_population)
    profile = np.stack([np.ones((1, 19)), np.full((1, 19), 3.0)])[None]
    grouped = replace(given_rates, profile=profile, group=np.array([0, 1, 1, 0]))
    found = project(given_population, grouped).values[0, :, 0]
    assert found.tolist() == [19.0, 57.0, 57.0, 19.0]
    assert np.allclose(project(given_population, grouped).by_age()[0].sum(axis=2)[:, 0], found)


def test_a_missing_rate_stays_missing() -> None:
    people = np.ones((2, len(YEARS), 1, 19))
    given_population = population(people)
    profile = np.ones((1, 1, 19))
    profile[0, 0, 5] = np.nan
    assert np.isnan(project(given_population, rates(profile, given_population)).values).all()


def test_populations_and_rates_that_do_not_fit_are_refused() -> None:
    both = population(np.ones((2, len(YEARS), 1, 19)))
    by_sex = population(np.ones((2, len(YEARS), 2, 19)), ("male", "female"))
    with pytest.raises(InputError, match="年齢階級が異なる"):
        project(by_sex, rates(np.ones((1, 1, 19)), both))
    fewer = population(np.ones((1, len(YEARS), 1, 19)))
    with pytest.raises(InputError, match="圏域の数が異なる"):
        project(fewer, rates(np.ones((1, 1, 19)), both))


def test_every_row_carries_its_keys() -> None:
    given_population = population(np.ones((3, len(YEARS), 1, 19)))
    frame = project(given_population, rates(np.ones((2, 1, 19)), given_population)).tidy()
    assert len(frame) == 2 * 3 * len(YEARS)
    assert not frame.isna().to_numpy().any()
    assert set(frame["open_band"]) == {"90+"}
    assert set(frame["state"]) == {"estimated"}
    assert frame["area_code"].str.fullmatch(r"\d{4}").all()

"""Why a projection changes: effects add up for every area, pair of years and scenario, and the sentences with them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import YEARS, population, rates
from tests.tolerances import FLOAT
from zaitaku_demand.decomposition import das_gupta
from zaitaku_demand.errors import InputError
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.change import VIEWS, Change, explain_change
from zaitaku_demand.projection.change_moment import Moment
from zaitaku_demand.projection.change_places import age_groups, group_ids
from zaitaku_demand.projection.change_words import change_names, change_sentences, rounded_parts
from zaitaku_demand.projection.job import MainJob, main_job
from zaitaku_demand.projection.project import Projection, project
from zaitaku_demand.rates.path import RatePath
from zaitaku_demand.scenarios.resolve import shipped_scenarios
from zaitaku_demand.store.home import table_path

AGES = 19
PRINTED_EFFECT = 6e-4
"""Absolute: effects of Das Gupta's example 2.1, printed to three decimals."""


@pytest.fixture(scope="module")
def job() -> MainJob:
    """The run of whoever names no scenario: its rates follow the trend."""
    return main_job(RunParameters())


@pytest.fixture(scope="module")
def constant() -> MainJob:
    return main_job(RunParameters(scenarios=("base",)))


def assert_identity(change: Change) -> None:
    for level in change.levels:
        before, after = change.totals(level)
        size = np.maximum(np.abs(before), np.abs(after))
        for view in VIEWS:
            total = np.sum(list(change.effects(level, view).values()), axis=0)
            assert (np.abs(total - (after - before)) <= FLOAT * size).all(), (level, view)


def made(seed: int, areas: int = 6, services: int = 2, ceiling: bool = True) -> Projection:
    """A projection of random people (with empty ages and places), rates and path."""
    rng = np.random.default_rng(seed)
    people = rng.uniform(0, 1000, (areas, len(YEARS), 1, AGES))
    people[rng.uniform(size=people.shape) < 0.2] = 0
    # A place where nobody lives at first.
    people[0, :2] = 0
    world = population(people)
    ratio = rng.uniform(0.5, 2, (services, areas))
    use = rates(rng.uniform(0, 0.2, (services, 1, AGES)), world, ratio)
    use = replace(use, units=(use.units[0],) * services)
    path = RatePath(
        rng.uniform(0.5, 2, (services, areas, len(YEARS), 1, AGES)),
        rng.uniform(-5, 20, (services, areas, len(YEARS))),
        rng.uniform(200, 1500, (services, areas, len(YEARS)))
        if ceiling
        else np.full((services, areas, len(YEARS)), np.inf),
    )
    return project(world, use, path)


def test_effects_add_up_for_every_area_and_pair_of_years(job: MainJob) -> None:
    for first, last in combinations(job.grid.years, 2):
        assert_identity(explain_change(Moment(job.grid, first), Moment(job.grid, last)))


@pytest.mark.parametrize("scenario", sorted(set(shipped_scenarios()) - {"base"}))
def test_effects_add_up_for_every_scenario(job: MainJob, scenario: str) -> None:
    if scenario == "beds" and table_path("hospital_beds") is None:
        pytest.skip("The table of hospital beds has not been built, so this scenario cannot be run.")
    services = ("home_visit_patients_home", "home_visit_patients_facility")
    base, other = (
        main_job(RunParameters(services=services, scenarios=(each,))) for each in ("base", scenario)
    )
    for chosen in ((services[0],), services):
        for first, last in ((2040, 2040), (2025, 2050), (2050, 2025)):
            before, after = Moment(base.grid, first), Moment(other.grid, last)
            change = explain_change(before, after, chosen)
            assert_identity(change)
            if first == last:
                # In the same year the same people live there: only the rates differ, and they do.
                assert (change.levels["area"].people == 0).all()
                assert len(chosen) > 1 or (change.value_after != change.value_before).any()
    assert np.array_equal(base.grid.population.values, other.grid.population.values)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_effects_add_up_whatever_the_numbers(seed: int, other: int) -> None:
    before, after = made(seed), made(other)
    for services in (("s0",), ("s0", "s1")):
        assert_identity(explain_change(Moment(before, 2020), Moment(after, 2045), services))


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_swapping_the_sides_turns_every_sign(seed: int) -> None:
    projection = made(seed)
    there = explain_change(Moment(projection, 2020), Moment(projection, 2050))
    back = explain_change(Moment(projection, 2050), Moment(projection, 2020))
    for level in there.levels:
        for view in VIEWS:
            for factor, effect in there.effects(level, view).items():
                np.testing.assert_allclose(back.effects(level, view)[factor], -effect, rtol=FLOAT, atol=FLOAT)


@settings(max_examples=15)
@given(st.permutations(range(6)))
def test_the_order_of_areas_does_not_matter(order: list[int]) -> None:
    projection = made(3)
    world, use, path = projection.population, projection.rates, projection.path
    other = population(world.values[order])
    other = type(world)(
        world.values[order],
        world.areas.iloc[order].reset_index(drop=True),
        world.years,
        world.sexes,
        world.ages,
        world.edition,
        world.system,
    )
    shuffled = project(
        other,
        rates(use.profile[:, 0], other, use.ratio[:, order]),
        RatePath(path.factor[:, order], path.added[:, order], path.ceiling[:, order]),
    )
    one, two = (explain_change(Moment(each, 2020), Moment(each, 2050)) for each in (projection, shuffled))
    for view in VIEWS:
        for factor, effect in one.effects("area", view).items():
            np.testing.assert_allclose(
                two.effects("area", view)[factor], effect[order], rtol=FLOAT, atol=FLOAT
            )
        for factor, effect in one.effects("prefecture", view).items():
            np.testing.assert_allclose(
                two.effects("prefecture", view)[factor], effect, rtol=FLOAT, atol=FLOAT
            )


def test_das_guptas_published_example() -> None:
    """Das Gupta 1993, example 2.1: 10,930 × 0.717892 → 16,591 × 0.825974."""
    projections = []
    for people, rate in ((10930.0, 0.717892), (16591.0, 0.825974)):
        values = np.zeros((1, len(YEARS), 1, AGES))
        values[:, :, :, 18] = people
        profile = np.zeros((1, 1, AGES))
        profile[:, :, 18] = rate
        world = population(values)
        projections.append(project(world, rates(profile, world)))
    change = explain_change(*(Moment(each, 2020) for each in projections))
    effects = change.effects("area")
    assert effects["people_90plus"][0] == pytest.approx(4369.913, abs=PRINTED_EFFECT)
    assert effects["rates"][0] == pytest.approx(1487.262, abs=PRINTED_EFFECT)
    assert change.value_before[0] == pytest.approx(7846.56, rel=1e-6)
    assert change.value_after[0] == pytest.approx(13703.73, rel=1e-6)


def test_size_and_mix_at_constant_rates_are_das_guptas(constant: MainJob) -> None:
    """With rates that do not change the nested steps are the plain decomposition into size, mix and rates."""
    grid = constant.grid
    start, end = grid.years.index(2025), grid.years.index(2040)
    sides = []
    for year in (start, end):
        people = grid.population.values[:, year]
        size = people.sum(axis=(1, 2), keepdims=True)
        rate = grid.rates.profile[0][grid.rates.group] * grid.rates.ratio[0][:, None, None]
        sides.append({"size": size, "mix": people / size, "rate": rate})
    expected = das_gupta(sides[0], sides[1], lambda f: (f["size"] * f["mix"] * f["rate"]).sum(axis=(1, 2)))
    found = explain_change(Moment(grid, 2025), Moment(grid, 2040)).effects("area", "factors")
    np.testing.assert_allclose(found["size"], expected["size"].effect, rtol=1e-8)
    np.testing.assert_allclose(found["mix"], expected["mix"].effect, rtol=1e-8)


def test_matsue_by_hand(constant: MainJob) -> None:
    """At constant rates an age group's effect is the difference of its patients."""
    grid = constant.grid
    place = list(grid.population.areas["area_code"]).index("3201")
    start, end = grid.years.index(2025), grid.years.index(2040)
    parts = grid.parts(0)[place].sum(axis=1)
    first_of_90 = grid.population.ages.index_from(90)
    change = explain_change(Moment(grid, 2025), Moment(grid, 2040))
    effect = change.effects("area")["people_90plus"][place]
    assert effect == pytest.approx(
        parts[end, first_of_90:].sum() - parts[start, first_of_90:].sum(), rel=FLOAT
    )
    row = change.frame().query("code == '3201' and factor == 'people_90plus'").iloc[0]
    assert row["per_cent"] == pytest.approx(100 * effect / grid.values[0, place, start], rel=FLOAT)
    assert (row["before"], row["after"]) == (grid.values[0, place, start], grid.values[0, place, end])


def test_rates_of_the_default_by_hand(job: MainJob, constant: MainJob) -> None:
    """A cell of people and rate (n, r) to (N, R): people have (N - n)(r + R) / 2 of the change, rates (R - r)(n + N) / 2."""
    grid = job.grid
    start, end = grid.years.index(2025), grid.years.index(2040)
    people = grid.population.values[:, [start, end]]
    parts = grid.parts(0)[:, [start, end]]
    rate = np.divide(parts, people, out=np.zeros_like(parts), where=people > 0)
    by_hand = ((rate[:, 1] - rate[:, 0]) * people.sum(axis=1) / 2).sum(axis=(1, 2))
    change = explain_change(Moment(grid, 2025), Moment(grid, 2040))
    rates = [effect for name, effect in change.effects("area").items() if name.startswith("rates")]
    np.testing.assert_allclose(np.sum(rates, axis=0), by_hand, rtol=1e-8)
    # The trend rises in every area, and the sum of both effects is the whole change.
    assert (by_hand > 0).all() and (grid.values[0, :, end] > constant.grid.values[0, :, end]).all()


def test_the_views_agree_with_one_another() -> None:
    change = explain_change(Moment(made(1), 2020), Moment(made(2), 2050), ("s0", "s1"))
    for level in change.levels:
        ages, factors, both = (change.effects(level, view) for view in VIEWS)
        people = np.sum([effect for name, effect in ages.items() if name.startswith("people_")], axis=0)
        np.testing.assert_allclose(factors["size"] + factors["mix"], people, rtol=FLOAT, atol=FLOAT)
        by_age, by_service = (
            np.sum([effect for name, effect in view.items() if name.startswith("rates_")], axis=0)
            for view in (both, ages)
        )
        np.testing.assert_allclose(by_age, by_service, rtol=FLOAT, atol=FLOAT)


def test_one_areas_structure_is_nothing_and_equal_growth_has_none() -> None:
    people = np.random.default_rng(5).uniform(1, 100, (6, len(YEARS), 1, AGES))
    people[:, 1:] = people[:, :1] * 1.5
    world = population(people)
    projection = project(world, rates(np.full((1, 1, AGES), 0.1), world, np.linspace(0.5, 2, 6)[None]))
    change = explain_change(Moment(projection, 2020), Moment(projection, 2050))
    np.testing.assert_allclose(change.effects("prefecture")["structure"], 0, atol=FLOAT)
    assert "structure" not in change.effects("area")
    np.testing.assert_allclose(change.effects("area", "factors")["mix"], 0, atol=FLOAT)


def test_people_who_move_to_an_area_of_higher_use_are_structure() -> None:
    """100 people of one age move from an area with rate 0.1 to one with rate 0.3: +20 patients, all of it structure."""
    people = np.zeros((2, len(YEARS), 1, AGES))
    people[0, 0, 0, 10], people[1, 0, 0, 10] = 300, 100
    people[0, 1:, 0, 10], people[1, 1:, 0, 10] = 200, 200
    world = population(people)
    projection = project(world, rates(np.full((1, 1, AGES), 0.1), world, np.array([[1.0, 3.0]])))
    effects = explain_change(Moment(projection, 2020), Moment(projection, 2050)).effects("prefecture")
    assert effects["structure"][0] == pytest.approx(20)
    assert sum(float(effect[0]) for effect in effects.values()) == pytest.approx(20)


def test_the_nation_as_the_sum_of_its_places(job: MainJob) -> None:
    change = explain_change(Moment(job.grid, 2025), Moment(job.grid, 2040))
    before, after = change.totals("nation")
    for part, places in (("prefecture", 47), ("area", 330)):
        table = change.by_place("nation", part)
        assert len(table) == places
        assert table["effect"].sum() == pytest.approx(after[0] - before[0], rel=FLOAT)
        pieces = table[["people", "structure", "rates", "added", "ceiling"]].sum(axis=1)
        np.testing.assert_allclose(pieces, table["effect"], atol=FLOAT * after[0])
        assert table["structure"].sum() == pytest.approx(change.effects("nation")["structure"][0], rel=FLOAT)
    shimane = change.by_place("prefecture").query("code == '32'")
    assert list(shimane["place_code"]) == [f"320{k}" for k in range(1, 8)]
    total = dict(
        zip(change.levels["prefecture"].codes, np.subtract(*change.totals("prefecture")[::-1]), strict=True)
    )
    assert shimane["effect"].sum() == pytest.approx(total["32"], rel=FLOAT)


def test_added_patients_and_the_ceiling_are_their_own_change() -> None:
    people = np.zeros((1, len(YEARS), 1, AGES))
    people[..., 18] = 1000
    world = population(people)
    shape = (1, 1, len(YEARS))
    added = np.zeros(shape)
    added[..., 1:] = 30
    ceiling = np.full(shape, np.inf)
    ceiling[..., 1:] = 110
    path = RatePath(np.ones((1, 1, 1, 1, 1)), added, ceiling)
    projection = project(world, rates(np.full((1, 1, AGES), 0.1), world), path)
    effects = explain_change(Moment(projection, 2020), Moment(projection, 2050)).effects("area")
    # 100 + 30 wanted, 110 served.
    assert effects["added"][0] == pytest.approx(30)
    assert effects["ceiling"][0] == pytest.approx(-20)


def test_what_is_missing_stays_missing_in_its_own_place() -> None:
    projection = made(4, ceiling=False)
    people = projection.population.values.copy()
    people[1, 3, 0, 5] = np.nan
    world = population(people)
    broken = project(world, projection.rates, projection.path)
    change = explain_change(Moment(broken, YEARS[0]), Moment(broken, YEARS[3]))
    area = change.effects("area")
    assert np.isnan(area["people_0_64"][1]) and np.isfinite(area["people_90plus"][1])
    assert all(np.isfinite(np.delete(effect, 1)).all() for effect in area.values())
    # Areas 0-2 are the first prefecture, 3-5 the second.
    total = np.sum(list(change.effects("prefecture").values()), axis=0)
    assert np.isnan(total[0]) and np.isfinite(total[1])
    assert "計算できない" in change_sentences(change)[change.levels["area"].codes[1]].ja


def test_nobody_before_has_no_percentage() -> None:
    people = np.zeros((1, len(YEARS), 1, AGES))
    people[:, 1:] = 10
    world = population(people)
    projection = project(world, rates(np.full((1, 1, AGES), 0.1), world))
    change = explain_change(Moment(projection, 2020), Moment(projection, 2050))
    assert_identity(change)
    assert change.frame()["per_cent"].isna().all()
    assert "割合では示せない" in change_sentences(change)["0101"].ja


@given(st.lists(st.floats(-80, 80), min_size=1, max_size=10), st.integers(0, 1))
def test_rounded_parts_add_up_to_their_rounded_sum(parts: list[float], decimals: int) -> None:
    unit = 10.0**-decimals
    rounded = rounded_parts(np.array(parts), decimals)
    assert abs(rounded.sum() - sum(parts)) <= 0.5 * unit + 1e-6
    assert (np.abs(rounded - parts) < unit + 1e-6).all()
    np.testing.assert_allclose(rounded / unit, np.round(rounded / unit), atol=1e-6)


def test_parts_that_rounding_alone_would_not_add_up() -> None:
    """3 × 33.4 makes 100.2: 34 + 33 + 33; rounding each gives 99."""
    assert rounded_parts(np.array([33.4, 33.4, 33.4])).tolist() == [34, 33, 33]
    assert rounded_parts(np.array([0.0, -1e-17, 2.0])).tolist() == [0, 0, 2]


@pytest.mark.parametrize("view", VIEWS)
def test_what_a_reader_adds_up_is_the_printed_total(job: MainJob, view: str) -> None:
    change = explain_change(Moment(job.annual, 2025), Moment(job.annual, 2040))
    before, after = change.totals("area")
    growth = dict(zip(change.levels["area"].codes, 100 * (after / before - 1), strict=True))
    sentences = change_sentences(change, view)  # type: ignore[arg-type]
    assert len(sentences) == 1 + 47 + 330
    for code, sentence in sentences.items():
        for text in sentence:
            numbers = [float(each.replace("−", "-")) for each in re.findall(r"(?<= |：)[+−][\d.]+", text)]
            assert numbers[0] == pytest.approx(sum(numbers[1:]), abs=0.01), text
            if code in growth:
                assert numbers[0] == pytest.approx(growth[code], abs=0.5), text


def test_the_sentence_of_matsue(job: MainJob, constant: MainJob) -> None:
    """Written out once, so that a change of wording or figures is seen: the default adds the rise of the rates."""
    rising, sentences = (
        change_sentences(explain_change(Moment(each.annual, 2025), Moment(each.annual, 2040)))
        for each in (job, constant)
    )
    assert rising["3201"].ja == (
        "2025年から2040年：+35％。内訳：90歳以上の増加 +21、利用率の上昇 +12、85～89歳の増加 +5、75～84歳の減少 −2、0～64歳の減少 −1（ポイント）。"
    )
    assert sentences["3201"].ja == (
        "2025年から2040年：+22％。内訳：90歳以上の増加 +20、85～89歳の増加 +5、75～84歳の減少 −2、0～64歳の減少 −1（ポイント）。"
    )
    assert sentences["3201"].en.startswith("2025 to 2040: +22 %. Of this: more people aged 90+ +20")


def test_an_age_group_that_grows_older_without_growing_is_not_called_growing() -> None:
    people = np.zeros((1, len(YEARS), 1, AGES))
    # 75-79 lose 100, 80-84 gain 50 at ten times the rate.
    people[:, 0, 0, 15], people[:, 1:, 0, 15] = 200, 100
    people[:, 0, 0, 16], people[:, 1:, 0, 16] = 100, 150
    profile = np.zeros((1, 1, AGES))
    profile[0, 0, 15], profile[0, 0, 16] = 0.01, 0.1
    world = population(people)
    projection = project(world, rates(profile, world))
    change = explain_change(Moment(projection, 2020), Moment(projection, 2050))
    sentence = change_sentences(change)["0101"]
    assert (
        "75～84歳の中の年齢構成 +33" in sentence.ja and "age mix inside those aged 75-84 +33" in sentence.en
    )


def test_scenarios_are_named(job: MainJob) -> None:
    from zaitaku_demand.text import Text

    base, other = Text("現状投影", "constant rates"), Text("別案", "another")
    same_year = explain_change(Moment(job.annual, 2040, base), Moment(job.annual, 2040, other))
    assert change_sentences(same_year)["00"].ja.startswith("2040年の「別案」は「現状投影」に比べて：±0.0％")
    both = explain_change(Moment(job.annual, 2025, base), Moment(job.annual, 2040, other))
    assert change_sentences(both)["00"].en.startswith("2025 (constant rates) to 2040 (another): +")


def test_names_for_every_factor(job: MainJob) -> None:
    change = explain_change(Moment(job.annual, 2025), Moment(job.annual, 2040))
    names = change_names(change)
    for view in VIEWS:
        assert set(change.frame(view)["factor"]) <= set(names)
    assert names["people_90plus"].ja == "90歳以上の人口"


@pytest.mark.parametrize(
    ("band", "expected"),
    [
        (95, ["0_64", "65_74", "75_84", "85_89", "90plus"]),
        (85, ["0_64", "65_74", "75_84", "85plus"]),
        (80, ["0_64", "65_74", "75plus"]),
        (75, ["0_64", "65_74", "75plus"]),
    ],
)
def test_age_groups_follow_the_open_band(band: int, expected: list[str]) -> None:
    projection = main_job(RunParameters(open_band=band)).grid  # type: ignore[arg-type]
    assert group_ids(age_groups(projection.population.ages)) == expected
    assert_identity(explain_change(Moment(projection, 2025), Moment(projection, 2040)))


def test_projections_that_cannot_be_compared(job: MainJob) -> None:
    here = Moment(job.grid, 2025)
    shimane = main_job(RunParameters(prefecture="島根")).grid
    with pytest.raises(InputError, match="圏域・性別または年齢階級が異なる"):
        explain_change(here, Moment(shimane, 2040))
    with pytest.raises(InputError, match="2099年の推計がない"):
        explain_change(here, Moment(job.grid, 2099))
    with pytest.raises(InputError, match="推計に含まれていない"):
        explain_change(here, Moment(job.grid, 2040), ("house_calls",))
    mixed = main_job(RunParameters(services=("home_visit_patients", "house_calls"))).grid
    with pytest.raises(InputError, match="単位の異なる"):
        explain_change(Moment(mixed, 2025), Moment(mixed, 2040), mixed.rates.services)
    assert "nation" not in explain_change(Moment(shimane, 2025), Moment(shimane, 2040)).levels

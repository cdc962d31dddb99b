"""The damped trend of national rates by age."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.tolerances import EXACT, FLOAT
from zaitaku_demand.ages import AgeBands
from zaitaku_demand.errors import InputError
from zaitaku_demand.open_band import split_open_band
from zaitaku_demand.population import Population, load_population
from zaitaku_demand.projection.project import project
from zaitaku_demand.rates.build import utilisation_rates
from zaitaku_demand.rates.services import services
from zaitaku_demand.rates.trend import (
    damped_sum,
    decided_method,
    estimated_damping,
    read_trend,
    service_methods,
    trend_path,
)
from zaitaku_demand.rates.trend_ages import age_drift, smooth_over_ages
from zaitaku_demand.rates.trend_breaks import breaks, first_comparable_year, usable_steps
from zaitaku_demand.rates.trend_place import place_change, prefecture_change

DRIFT_RECOVERED = 0.003
"""Mean over ages: drifts of 3 to 9 % a year from nine simulated years of 3,000 patients an age (one alone: 0.0032)."""
DRIFT_AT_THE_ENDS = 0.008
"""The first and the last age have neighbours on one side only."""
WEIGHTS_ONLY = 0.03
"""Children, whose house calls changed by 70 % in each year that is left out, move by less than this."""
LARGEST_DRIFT = 0.5
"""Logarithm a year: no age of no service may run away further."""
FIRST_ORDER = 0.01
"""Relative: what own changes of prefectures do to the nation after 28 years (they add up to 0 to first order only)."""
ALL_AGES = AgeBands.five_year(90)


@pytest.fixture(scope="module")
def published() -> Population:
    return load_population("2023")


def test_damped_sum_by_hand() -> None:
    # phi = 0.5: 0.5 + 0.25 + 0.125 = 0.875 (Gardner & McKenzie 1985).
    assert damped_sum([0, 1, 3], 0.5) == pytest.approx([0, 0.5, 0.875], rel=FLOAT)
    assert damped_sum([0, 1, 3], 1.0).tolist() == [0, 1, 3]
    assert damped_sum([0, 1, 3], 0.0).tolist() == [0, 0, 0]


@given(st.floats(0, 1), st.integers(1, 40))
def test_damped_sum_grows_by_a_shrinking_step(phi: float, horizon: int) -> None:
    steps = np.diff(damped_sum(np.arange(horizon + 2), phi))
    assert (steps >= -FLOAT).all()
    assert (np.diff(steps) <= FLOAT).all()
    assert steps[0] == pytest.approx(phi, abs=FLOAT)


def test_the_fit_recovers_a_drift_that_differs_by_age() -> None:
    random = np.random.default_rng(7)
    truth = np.linspace(0.09, 0.03, 19)
    people = np.full((9, 19), 1e6)
    expected = people * 0.003 * np.exp(truth * np.arange(9)[:, None])
    fitted = age_drift(random.poisson(expected).astype(float), people, np.ones(8, dtype=bool))
    assert np.abs(fitted - truth).mean() < DRIFT_RECOVERED
    assert np.abs(fitted - truth).max() < DRIFT_AT_THE_ENDS


def test_an_age_with_few_patients_leans_on_its_neighbours() -> None:
    counts = np.tile(1e5 * 1.05 ** np.arange(9)[:, None], 19)
    counts *= np.exp(np.random.default_rng(3).normal(0, 0.002, counts.shape))
    counts[:, 0] = [1, 2, 1, 3, 5, 4, 8, 9, 16]
    raw = np.log(16) / 8
    fitted = age_drift(counts, np.full((9, 19), 1e6), np.ones(8, dtype=bool))
    assert raw > 0.3
    assert abs(fitted[0] - np.log(1.05)) < 0.3 * (raw - np.log(1.05))
    assert fitted[5:] == pytest.approx(np.log(1.05), abs=DRIFT_RECOVERED)


@given(arrays(float, 12, elements=st.floats(-0.2, 0.2)), arrays(float, 12, elements=st.floats(1e-5, 1e-2)))
@settings(max_examples=30)
def test_smoothing_knows_no_direction_and_keeps_the_range(mean: np.ndarray, variance: np.ndarray) -> None:
    fitted = smooth_over_ages(mean, variance)
    assert smooth_over_ages(mean[::-1], variance[::-1])[::-1] == pytest.approx(fitted, abs=1e-5)
    assert fitted.min() >= mean.min() - 1e-6
    assert fitted.max() <= mean.max() + 1e-6


@given(st.floats(0.1, 10))
def test_a_break_year_does_not_leak_into_the_drift(jump: float) -> None:
    counts = 1e4 * 1.04 ** np.arange(9)[:, None] * np.linspace(1, 2, 19)
    counts *= np.exp(np.random.default_rng(1).normal(0, 0.01, counts.shape))
    broken = counts.copy()
    broken[:2] *= jump
    people = np.full((9, 19), 1e6)
    usable = np.ones(8, dtype=bool)
    usable[1] = False
    whole = age_drift(counts, people, usable)
    assert age_drift(broken, people, usable) == pytest.approx(whole, abs=1e-6)


def test_reforms_and_the_epidemic_are_declared() -> None:
    years = tuple(range(2014, 2023))
    assert usable_steps("home_visit_patients", years).tolist() == [False] * 2 + [True] * 6
    assert usable_steps("house_calls", years).tolist() == [True] * 5 + [False] * 3
    assert first_comparable_year("home_visit_patients_home") == 2017
    assert first_comparable_year("house_calls") is None
    assert {name for each in breaks() for name in each.services} <= set(services())


@pytest.mark.parametrize("band", [75, 80, 85, 90, 95])
def test_factors_are_exactly_one_up_to_the_base_year(published: Population, band: int) -> None:
    population = split_open_band(published) if band == 95 else published.merge_open_band(band)
    rates = utilisation_rates(population, ("home_visit_patients", "house_calls"), year=2020)
    path = trend_path(rates, population, 0.8)
    years = np.array(population.years)
    assert path.factor.shape == (2, 1, len(years), 1, len(population.ages))
    assert np.abs(path.factor[:, :, years <= 2020] - 1).max() == EXACT
    assert (path.factor[0, :, years > 2020] > 1).all()
    assert trend_path(rates, population, 0.0).factor.tolist() == np.ones(path.factor.shape).tolist()


def test_both_sexes_of_the_2018_edition() -> None:
    population = load_population("2018")
    rates = utilisation_rates(population, ("home_visit_patients",))
    path = trend_path(rates, population, 0.8)
    assert path.factor.shape[3] == 2
    assert not np.array_equal(path.factor[..., 0, :], path.factor[..., 1, :])


def test_no_service_and_no_age_explodes() -> None:
    trend = read_trend(tuple(services()), ("both",), ALL_AGES, damping=0.8)
    assert np.isfinite(trend.drift).all()
    assert np.abs(trend.drift).max() < LARGEST_DRIFT
    assert trend.origin == 2022


def test_the_parts_of_the_90plus_share_their_drift(published: Population) -> None:
    split = read_trend(("home_visit_patients",), ("both",), split_open_band(published).ages, damping=0.8)
    whole = read_trend(("home_visit_patients",), ("both",), ALL_AGES, damping=0.8)
    assert split.drift[..., -1].tolist() == split.drift[..., -2].tolist() == whole.drift[..., -1].tolist()


def test_an_origin_takes_nothing_from_later_years() -> None:
    # FY2020-22 count as no drift of house calls, so origins 2019 and 2022 agree but for the weights of the ages in the
    # smoothing; of home visits they do not.
    early = read_trend(("house_calls", "home_visits"), ("both",), ALL_AGES, origin=2019, damping=0.8)
    late = read_trend(("house_calls", "home_visits"), ("both",), ALL_AGES, origin=2022, damping=0.8)
    assert np.abs(early.drift[0] - late.drift[0]).max() < WEIGHTS_ONLY
    assert np.abs(early.drift[1] - late.drift[1]).max() > 0.005


def test_what_cannot_be_asked() -> None:
    with pytest.raises(InputError, match="減衰係数"):
        read_trend(("home_visits",), ("both",), ALL_AGES, damping=1.5)
    with pytest.raises(InputError, match="比べられる年度"):
        read_trend(("home_visit_patients",), ("both",), ALL_AGES, origin=2017, damping=0.5)
    with pytest.raises(InputError, match="全国の率の推移"):
        read_trend(("own_service",), ("both",), ALL_AGES, damping=0.5)
    population = load_population("2023")
    rates = utilisation_rates(population, ("home_visits",))
    with pytest.raises(InputError, match="趨勢の方法"):
        trend_path(rates, population, method="undamped")  # type: ignore[arg-type]


STEPS = np.ones(8, dtype=bool)
POSITIVE = st.floats(0.2, 5)


def places(noise: float, drift: float, seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Counts and expected counts of 47 places over nine years with independent yearly errors and lasting drifts."""
    random = np.random.default_rng(seed)
    expected = np.tile(random.uniform(1e3, 1e5, 47), (9, 1))
    own = np.arange(9)[:, None] * random.normal(0, drift, 47)
    return expected * np.exp(own + random.normal(0, noise, (9, 47))), expected


def test_own_changes_that_are_noise_are_dropped() -> None:
    counts, expected = places(noise=0.05, drift=0.0)
    raw = np.diff(np.log(counts / expected), axis=0).mean(axis=0)
    assert np.abs(place_change(counts, expected, STEPS)).max() < np.abs(raw).max() / 2


def test_lasting_own_changes_are_kept_against_the_nation() -> None:
    counts, expected = places(noise=0.0, drift=0.03)
    mean = np.diff(np.log(counts / expected), axis=0).mean(axis=0)
    centred = mean - np.average(mean, weights=counts[-1])
    assert place_change(counts, expected, STEPS) == pytest.approx(centred, abs=FLOAT)


def test_own_change_by_hand() -> None:
    # Two places of 100 in the last year. ln(N/E) changes by +.04, +.02 and by -.04, -.02: nothing common; means .03 and
    # -.03, V = .0009; variance of the steps .0002, of their mean s^2 = .0001; k = 8/9.
    up = 100 * np.exp(np.array([-0.06, -0.02, 0.0]))
    down = 100 * np.exp(np.array([0.06, 0.02, 0.0]))
    found = place_change(np.stack([up, down], axis=1), np.full((3, 2), 50.0), np.ones(2, dtype=bool))
    assert found == pytest.approx([0.03 * 8 / 9, -0.03 * 8 / 9], rel=FLOAT)


@given(
    arrays(float, (9, 1), elements=POSITIVE),
    arrays(float, (1, 47), elements=POSITIVE),
    st.permutations(range(47)),
)
@settings(max_examples=30)
def test_own_changes_are_blind_to_the_nation_the_level_and_the_order(
    years: np.ndarray, levels: np.ndarray, order: list[int]
) -> None:
    counts, expected = places(noise=0.02, drift=0.03)
    before = place_change(counts, expected, STEPS)
    assert np.average(before, weights=counts[-1]) == pytest.approx(0, abs=FLOAT)
    assert place_change(counts * years, expected * levels, STEPS) == pytest.approx(before, abs=FLOAT)
    turned = place_change(counts[:, order], expected[:, order], STEPS)
    assert turned == pytest.approx(before[order], abs=FLOAT)


def test_what_is_not_there_is_no_change() -> None:
    counts, expected = places(noise=0.02, drift=0.03)
    assert place_change(counts[:2], expected[:2], STEPS[:1]).tolist() == [0.0] * 47
    counts[4, 7] = np.nan
    found = place_change(counts, expected, STEPS)
    assert found[7] == EXACT
    assert np.isfinite(found).all()
    without = np.delete(np.arange(47), 7)
    assert np.average(found[without], weights=counts[-1, without]) == pytest.approx(0, abs=FLOAT)


@given(st.floats(0.1, 10))
def test_a_break_year_does_not_leak_into_own_changes(jump: float) -> None:
    counts, expected = places(noise=0.02, drift=0.03)
    usable = STEPS.copy()
    usable[1] = False
    broken = counts.copy()
    broken[:2, ::3] *= jump
    whole = place_change(counts, expected, usable)
    assert place_change(broken, expected, usable) == pytest.approx(whole, abs=FLOAT)


def test_own_changes_of_prefectures_are_small() -> None:
    change = prefecture_change(tuple(services()), 2022)
    assert change.shape == (len(services()), 47)
    assert np.abs(change).max() < LARGEST_DRIFT
    # Nothing but the step into FY2017 is comparable at that origin.
    assert prefecture_change(("home_visit_patients",), 2017).tolist() == [[0.0] * 47]


@pytest.mark.parametrize("level", ["prefecture", "area"])
def test_a_prefecture_keeps_its_own_change(published: Population, level: str) -> None:
    population = published.at_years((2020, 2022, 2030, 2050))
    rates = utilisation_rates(population, ("home_visit_patients", "dental_visits"), level=level)
    plain = trend_path(rates, population)
    path = trend_path(rates, population, method="damped_place")
    assert path.factor.shape == (2, 330, 4, 1, len(population.ages))
    assert np.abs(path.factor[:, :, :2] - 1).max() == EXACT
    change = prefecture_change(("home_visit_patients",), 2022)[0]
    fade = damped_sum(28, estimated_damping())
    for area in (0, 100, 329):
        own = change[int(population.areas["prefecture_code"].iloc[area]) - 1]
        ratio = path.factor[0, area, 3] / plain.factor[0, 0, 3]
        assert ratio == pytest.approx(np.exp(fade * own), rel=FLOAT)
    whole, without = (project(population, rates, each).national() for each in (path, plain))
    assert whole[0, 3] == pytest.approx(without[0, 3], rel=FIRST_ORDER)
    assert whole[0, 3] != without[0, 3]


def test_national_rates_have_no_part_by_place(published: Population) -> None:
    rates = utilisation_rates(published, ("home_visit_patients",), level="national")
    plain, path = (trend_path(rates, published, method=each) for each in ("damped", "damped_place"))
    assert np.array_equal(plain.factor, path.factor)
    assert service_methods(rates, "damped_place") == service_methods(rates, "best") == ("damped",)


def test_each_service_follows_what_the_backtest_chose(published: Population) -> None:
    names = ("dental_visits", "nursing_orders", "home_visit_patients")
    rates = utilisation_rates(published, names)
    assert service_methods(rates, "best") == ("constant", "damped", "damped_place")
    assert service_methods(rates, "best_trend") == ("damped", "damped", "damped_place")
    path = trend_path(rates, published, method="best")
    assert (path.factor[0] == 1).all()
    plain = trend_path(rates, published)
    assert path.factor[1] == pytest.approx(np.broadcast_to(plain.factor[1], path.factor[1].shape), rel=FLOAT)
    place = trend_path(rates, published, method="damped_place")
    assert np.array_equal(path.factor[2], place.factor[2])
    alone = utilisation_rates(published, ("dental_visits",))
    assert trend_path(alone, published, method="best").factor.tolist() == [[[[[1.0]]]]]
    assert trend_path(rates, published, damping=0.0, method="best").factor.max() == 1.0


def test_rates_of_the_users_own_stay_constant(published: Population) -> None:
    rates = utilisation_rates(published, ("home_visit_patients",))
    own = replace(rates, services=("user_service",), level="user")
    assert trend_path(own, published, method="best").factor.tolist() == [[[[[1.0]]]]]
    # A name of the NDB does not make the user's rates those of the NDB.
    assert service_methods(replace(rates, level="user"), "best") == ("constant",)
    with pytest.raises(InputError, match="全国の率の推移"):
        trend_path(own, published, method="best_trend")
    assert decided_method("user_service") is None


def test_whole_fukushima_has_its_prefectures_change() -> None:
    population = load_population("2018")
    rates = utilisation_rates(population, ("home_visit_patients",))
    factor = trend_path(rates, population, method="damped_place").factor
    plain = trend_path(rates, population).factor
    area = list(population.areas["area_code"]).index("0700")
    own = prefecture_change(("home_visit_patients",), 2022)[0][6]
    fade = damped_sum(population.years[-1] - 2022, estimated_damping())
    ratio = factor[0, area, -1] / plain[0, 0, -1]
    assert ratio == pytest.approx(np.exp(fade * own), rel=FLOAT)

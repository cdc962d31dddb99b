"""Age gradients: known truths come back, confounding is seen as such, and the real estimates agree with statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.ages import AgeBands
from zaitaku_demand.backtest.age_gradient import (
    adopted_candidate,
    backtest_profiles,
    clustered_mean,
    gradient_finding,
    growth_error,
)
from zaitaku_demand.backtest.age_gradient_candidates import margins
from zaitaku_demand.open_band import split_open_band
from zaitaku_demand.population import load_population
from zaitaku_demand.rates.age_gradient import (
    Steps,
    age_scale,
    fit_gradients,
    gradient_of,
    margin_profile,
    mean_age,
    tilt,
)
from zaitaku_demand.rates.age_gradient_data import (
    both_people,
    both_profile,
    estimated_gradients,
    gradient_factor,
    gradient_spread,
    mixed_profiles,
    prefecture_claims,
    prefecture_people,
    prefecture_steps,
)
from zaitaku_demand.rates.area_counts import area_counts
from zaitaku_demand.rates.build import utilisation_rates
from zaitaku_demand.rates.national import MONTHS, SPLIT_AGES, national_counts

SERVICE = "home_visit_patients"
SIMULATED_MEAN = 0.05
"""Per decade: three standard errors of the mean over the simulated countries."""
SIMULATED_COVERAGE = 0.02
"""Points: coverage asked for where the truth is known."""
RAKED = 1e-7
"""Relative: margins after raking."""


def country(
    seed: int, mean: float, tau: float, groups: int = 47, each: int = 8, steps: int = 6, drift: float = 0.01
) -> tuple[Steps, np.ndarray]:
    """Areas whose patients grow with their mean age by a gradient of their prefecture, and the true gradients."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), each)
    true = rng.normal(mean, tau, groups)
    ageing = rng.normal(0.02, 0.03, (groups * each, steps))
    noise = np.exp(rng.normal(np.log(1e-4), 0.5, ageing.shape))
    shared = rng.normal(0, 0.05, (groups, steps))[group]
    change = shared + true[group][:, None] * ageing
    change += rng.normal(0, np.sqrt(noise + drift**2))
    return Steps(change, ageing, noise, group, group), true


def test_mean_and_tau_of_simulated_gradients_are_recovered() -> None:
    found = [fit_gradients(country(seed, 0.4, 0.3)[0]) for seed in range(40)]
    assert np.mean([each.mean for each in found]) == pytest.approx(0.4, abs=SIMULATED_MEAN)
    assert np.mean([each.tau**2 for each in found]) == pytest.approx(0.3**2, rel=0.12)
    assert np.mean([each.drift for each in found]) == pytest.approx(0.01, rel=0.05)


def test_posterior_of_gradients_covers_the_simulated_truth() -> None:
    inside = {0.8: [], 0.95: []}
    for seed in range(80):
        steps, true = country(seed, 0.4, 0.3)
        found = fit_gradients(steps)
        for level, z in ((0.8, 1.2815515655446004), (0.95, 1.959963984540054)):
            inside[level].append(np.abs(found.value - true) < z * found.deviation)
    for level, parts in inside.items():
        assert np.mean(parts) == pytest.approx(level, abs=SIMULATED_COVERAGE)


def test_side_by_side_a_provider_effect_looks_like_a_gradient_and_over_time_it_does_not() -> None:
    """Ecological fallacy: levels fall with the mean age of areas, the true gradient is 0."""
    rng = np.random.default_rng(9)
    areas = 600
    age = rng.normal(2.0, 0.2, areas)
    level = -2.0 * (age - 2.0) + rng.normal(0, 0.1, areas)
    nothing = np.zeros(areas, dtype=np.int64)
    noise = np.full((areas, 1), 1e-4)
    side_by_side = fit_gradients(Steps(level[:, None], age[:, None], noise, nothing, nothing))
    ageing = rng.normal(0.02, 0.03, (areas, 4))
    change = rng.normal(0, 0.02, (areas, 4))
    over_time = fit_gradients(Steps(change, ageing, np.full((areas, 4), 1e-4), nothing, nothing))
    assert side_by_side.slope[0] == pytest.approx(-2.0, abs=0.1)
    assert abs(over_time.slope[0]) < 3 * over_time.error[0]


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_order_of_places_and_shared_effects_do_not_matter(seed: int) -> None:
    steps, _ = country(1, 0.2, 0.2, groups=9, each=5)
    order = np.random.default_rng(seed).permutation(45)
    shift = np.random.default_rng(seed).normal(0, 1, (9, steps.change.shape[1]))[steps.group]
    moved = Steps(
        (steps.change + shift)[order],
        steps.ageing[order],
        steps.noise[order],
        steps.common[order],
        steps.group[order],
    )
    first, second = fit_gradients(steps), fit_gradients(moved)
    assert second.value == pytest.approx(first.value, rel=1e-7, abs=1e-9)


def test_slopes_agree_with_statsmodels() -> None:
    """Weighted least squares with an effect of every year, prefecture by prefecture, on the real steps."""
    steps = prefecture_steps("home_visits")
    found = fit_gradients(steps)
    weight = 1 / (steps.noise + found.drift**2)
    years = np.tile(np.arange(steps.change.shape[1]), 47)
    effects = (years[:, None] == np.arange(steps.change.shape[1])).astype(float)
    own = np.repeat(np.eye(47), steps.change.shape[1], axis=0)
    # Common effects are taken out first; with that, each slope is a weighted regression through the origin.
    y, x = steps.change.ravel(), steps.ageing.ravel()
    y, x = (v - sm.WLS(v, effects, weights=weight.ravel()).fit().fittedvalues for v in (y, x))
    expected = sm.WLS(y, own * x[:, None], weights=weight.ravel()).fit().params
    assert found.slope == pytest.approx(expected, rel=1e-6)


def test_margin_profile_recovers_a_known_profile_where_the_national_one_does_not() -> None:
    """Old people live where little is offered: the plain ratio understates the old, raking does not."""
    people = both_people(2022)
    truth = both_profile(SERVICE, 2022)
    level = np.exp(-6.0 * (mean_age(people * truth, age_scale(SPLIT_AGES)) - 2.0))
    counts = level[:, None] * people * truth
    by_age = np.append(counts.sum(axis=0)[:-2], counts[:, -2:].sum())
    found = margin_profile(people, counts.sum(axis=1), by_age)
    ratio = found[13:-2] / truth[13:-2]
    assert ratio / ratio[0] == pytest.approx(1.0, abs=0.002)
    plain = counts.sum(axis=0)[13:-2] / people.sum(axis=0)[13:-2] / truth[13:-2]
    assert abs(plain[-1] / plain[0] - 1) > 0.02


def test_margin_profile_meets_both_margins_of_the_ndb() -> None:
    people, counts = both_people(2022), area_counts(SERVICE, 2022).observed / MONTHS
    ages = national_counts((SERVICE,), 2022, ("both",))[0, 0] / MONTHS
    profile = margins(SERVICE, "area", 2022)[0]
    level = counts * ages.sum() / counts.sum() / (people @ profile)
    fitted = (level[:, None] * people * profile).sum(axis=0)
    assert np.append(fitted[:-2], fitted[-2:].sum()) == pytest.approx(ages, rel=RAKED)


def test_tilt_keeps_the_patients_and_has_its_gradient() -> None:
    scale = age_scale(SPLIT_AGES)
    weighted = prefecture_people(2022) * both_profile(SERVICE, 2022)
    gradient = np.linspace(-0.5, 0.5, 47)
    factor = tilt(gradient, scale, weighted)
    assert (weighted * factor).sum(axis=1) == pytest.approx(weighted.sum(axis=1), rel=FLOAT)
    assert gradient_of(weighted * factor, weighted, weighted, scale) == pytest.approx(
        gradient, rel=1e-6, abs=FLOAT
    )
    assert tilt(np.zeros(47), scale, weighted) == pytest.approx(1.0, rel=FLOAT)


def test_age_scale_starts_at_65_and_takes_the_open_band_in_its_middle() -> None:
    scale = age_scale(AgeBands.five_year(90))
    assert scale[:13].tolist() == [0.0] * 13
    assert scale[13:].tolist() == pytest.approx([0.25, 0.75, 1.25, 1.75, 2.25, 2.75])


def test_gradient_factor_leaves_the_base_year_and_fits_the_projection() -> None:
    population = split_open_band(load_population("2023"))
    rates = utilisation_rates(population, (SERVICE,))
    factor = gradient_factor(population, rates, "prefecture_time")
    assert factor.shape == (1, len(population.areas), 1, 1, 20)
    base = population.at_years((2022,)).values[:, 0] * rates.profile[0, 0]
    assert (base * factor[0, :, 0]).sum(axis=(1, 2)) == pytest.approx(base.sum(axis=(1, 2)), rel=FLOAT)


def test_mixed_profiles_give_the_counts_of_both_kinds() -> None:
    found = mixed_profiles(SERVICE, 2022, "prefecture")
    kinds = sum(prefecture_claims(SERVICE + kind, 2022) for kind in ("_home", "_facility")) / MONTHS
    assert (prefecture_people(2022) * found).sum(axis=1) == pytest.approx(kinds, rel=FLOAT)
    spread = gradient_spread(SERVICE)
    assert spread is not None and 0.02 < spread < 0.1
    assert gradient_spread("home_oxygen") is None


def test_comparing_areas_contradicts_the_national_ages_and_areas_over_time_do_not() -> None:
    """The national gradient of home visits from 65-69 to 95+ is about +1 a decade; -4 would turn it around."""
    between, within = (estimated_gradients(SERVICE, design) for design in ("between_areas", "area_time"))
    rates = both_profile(SERVICE, 2022)
    national = np.log(rates[-1] / rates[-7]) / 3
    assert between.mean < -national - 2 * between.mean_error
    assert abs(within.mean) < 2 * within.mean_error
    # A prefecture's own gradient over time is known to several units only: no local gradients can be had from it.
    assert np.nanmedian(within.error) > 2 * national


def test_growth_error_of_a_perfect_forecast_is_none() -> None:
    """Two candidates that differ by a factor err alike: the growth relative to the nation does not see levels."""
    profile = both_profile(SERVICE, 2019)[None]
    one, double = (growth_error(SERVICE, "prefecture", 2019, 2022, scale * profile) for scale in (1.0, 2.0))
    assert one == pytest.approx(double, rel=1e-7, abs=FLOAT)
    weights = (prefecture_people(2019) * profile).sum(axis=1)
    assert np.average(one, weights=weights) == pytest.approx(0.0, abs=FLOAT)


def test_growth_errors_are_those_of_the_tables() -> None:
    """東京都 FY2019 → FY2022, recomputed step by step."""
    profile = both_profile(SERVICE, 2019)
    claims = [prefecture_claims(SERVICE, year) for year in (2019, 2022)]
    need = [prefecture_people(year) @ profile for year in (2019, 2022)]
    growth = np.log(claims[1] / claims[0] / (need[1] / need[0]))
    expected = growth[12] - np.average(growth, weights=need[0])
    assert growth_error(SERVICE, "prefecture", 2019, 2022, profile[None])[12] == pytest.approx(
        expected, rel=1e-9
    )


def test_clustered_error_of_the_mean_is_the_plain_one_for_single_values() -> None:
    values = np.random.default_rng(2).normal(size=400)
    mean, error = clustered_mean(values, np.arange(400))
    assert mean == pytest.approx(values.mean())
    assert error == pytest.approx(values.std() / 20, rel=FLOAT)
    # Every value twice in its cluster: no more is known than from one each.
    assert clustered_mean(np.repeat(values, 2), np.repeat(np.arange(400), 2))[1] == pytest.approx(
        error, rel=FLOAT
    )


def test_no_local_profile_is_adopted_and_the_report_says_why() -> None:
    found = gradient_finding(SERVICE)
    assert found.adopted is None
    assert adopted_candidate(found.backtest) is None
    error = found.backtest.set_index(["by", "candidate"])
    # Whatever tilts the profile by estimates over time or between areas forecasts worse at both levels.
    for by, name in (("prefecture", "over_time"), ("area", "over_time"), ("area", "between_areas")):
        assert error.loc[(by, name), "difference"] > 2 * error.loc[(by, name), "difference_error"]
    gap = found.ministry.set_index(["candidate", "to_year"])["median_abs"]
    # compare_official on the main job by the same profile: 1.34 and 1.47 %.
    assert gap["national", 2040] == pytest.approx(1.34, abs=0.01)
    assert gap["national", 2050] == pytest.approx(1.47, abs=0.01)
    assert abs(found.ministry.set_index(["candidate", "to_year"])["explained"]["margins", 2050]) < 0.15
    assert "採用しない" in found.sentences[-1].ja
    assert "not adopted" in found.sentences[-1].en


def test_a_candidate_must_improve_at_both_levels_beyond_chance() -> None:
    table = backtest_profiles("home_visits")
    assert adopted_candidate(table) is None
    better = table.assign(
        difference=table["difference"].where(table["candidate"] != "mix", -1.0),
        difference_error=table["difference_error"].where(table["candidate"] != "mix", 0.1),
    )
    assert adopted_candidate(better) == "mix"
    one_level = better.assign(
        difference=better["difference"].where((better["candidate"] != "mix") | (better["by"] == "area"), 0.5)
    )
    assert adopted_candidate(one_level) is None

"""Variance components by products of years: recovered from simulated places, contracts, the real panel."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.power.components import (
    bootstrap_components,
    bootstrap_limits,
    variance_components,
)
from zaitaku_demand.research.power.response import log_response, mean_log_cases, study_response
from zaitaku_demand.research.power.run import components_table, crossing, power_table
from zaitaku_demand.research.power.settings import PowerSettings
from zaitaku_demand.research.power.simulate import Cell, World, power, simulated
from zaitaku_demand.research.power.words import power_sentence, power_sentences
from zaitaku_demand.text import Text

BIAS = 0.02
SMALL = PowerSettings(replications=100, resamples=50, places=(10, 20), ratios=(1.1, 1.3))


def drawn(random, places, years, kind, shared=0.0):
    """Counts with lasting variance 0.09 (part shared by prefectures of five), passing 0.04, small to large places."""
    size = np.exp(random.uniform(np.log(200), np.log(20_000), (places, 1))) * np.ones((1, years))
    prefecture = np.arange(places) // 5
    common = random.gamma(1 / shared, shared, prefecture.max() + 1)[prefecture] if shared else np.ones(places)
    left = (1.09) / (1 + shared) - 1
    lasting = common * random.gamma(1 / left, left, places)
    passing = random.gamma(1 / 0.04, 0.04, (places, years))
    mean = 0.05 * size * lasting[:, None] * passing
    n = np.rint(size)
    events = (
        random.poisson(mean) if kind == "poisson" else random.binomial(n.astype(int), np.minimum(mean / n, 1))
    )
    return events.astype(float), n, prefecture


@pytest.mark.long
@pytest.mark.parametrize("kind", ["poisson", "binomial"])
def test_components_are_recovered(kind):
    random = np.random.default_rng(7)
    found = [variance_components(*drawn(random, 300, 4, kind, shared=0.05), kind) for _ in range(1000)]
    lasting, passing = np.mean([each.place for each in found]), np.mean([each.place_year for each in found])
    assert lasting == pytest.approx(0.09, rel=BIAS)
    # Passing variance stands on the ratio of the place: 0.04 × 1.09.
    assert passing == pytest.approx(0.04 * 1.09, rel=BIAS)
    assert np.mean([each.shared for each in found]) == pytest.approx(0.05, rel=0.05)


@pytest.mark.long
def test_bootstrap_interval_covers_the_lasting_variance():
    random = np.random.default_rng(8)
    inside = 0
    for seed in range(1000):
        events, size, prefecture = (*drawn(random, 200, 4, "poisson")[:2], np.arange(200))
        found = float(variance_components(events, size, prefecture).place)
        sample = bootstrap_components(events, size, prefecture, "poisson", 300, seed).place
        low, high = bootstrap_limits(found, sample, 0.95)
        inside += low <= 0.09 <= high
    assert 0.93 <= inside / 1000 <= 0.97


@given(seed=st.integers(0, 1000))
def test_neither_order_nor_places_without_figure_matter(seed):
    random = np.random.default_rng(seed)
    events, size, prefecture = drawn(random, 20, 3, "poisson")
    order = random.permutation(20)
    first = variance_components(events, size, prefecture)
    turned = variance_components(events[order], size[order], prefecture[order])
    longer = variance_components(
        np.vstack([events, np.full((2, 3), np.nan)]),
        np.vstack([size, np.ones((2, 3))]),
        np.r_[prefecture, 0, 1],
    )
    for one, two, three in zip(first, turned, longer, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(one, three, rtol=1e-9, atol=1e-12)


@given(factor=st.floats(0.1, 10), seed=st.integers(0, 100))
def test_covariance_between_years_does_not_depend_on_the_unit_of_exposure(factor, seed):
    events, size, prefecture = drawn(np.random.default_rng(seed), 20, 3, "poisson")
    one, other = (variance_components(events, size * each, prefecture) for each in (1.0, factor))
    np.testing.assert_allclose(one.by_lag, other.by_lag, rtol=1e-9, atol=1e-12)


def test_one_year_is_refused():
    with pytest.raises(ValueError, match="two years"):
        variance_components(np.ones((5, 1)), np.ones((5, 1)), np.arange(5))


@pytest.mark.parametrize("study", ["two_groups", "difference_in_differences", "slope"])
def test_without_a_difference_one_study_in_twenty_finds_one(study):
    world = World(np.array([0.06, 0.05, 0.045, 0.04]), np.array([50.0, 200.0, 1000.0]), 0.1, "poisson")
    cell = Cell(study, 20, 0 if study == "slope" else 40, 3, 1.0)
    share, low, high = power(simulated(world, cell, 4000, np.random.default_rng(3)).p_values(), 0.05, 0.999)
    assert low <= 0.05 <= high, share


@pytest.mark.parametrize("study", ["two_groups", "difference_in_differences", "slope"])
@pytest.mark.parametrize("cases", [(200.0, 1000.0), (1.0, 3.0, 8.0)], ids=["many", "few"])
@pytest.mark.parametrize("kind", ["poisson", "binomial"])
def test_moving_the_null_studies_gives_the_power_of_studies_with_the_difference(study, cases, kind):
    ratio = 1.1 if min(cases) > 100 else 1.4
    world = World(np.array([0.06, 0.05, 0.045, 0.04]), np.array(cases), 0.1, kind)
    places = (60, 0) if study == "slope" else (20, 40)
    null = simulated(world, Cell(study, *places, 3, 1.0), 3000, np.random.default_rng(4))
    real = simulated(world, Cell(study, *places, 3, ratio), 3000, np.random.default_rng(5))
    moved = study_response(world, study)(np.array([ratio]))
    assert abs(float(null.share_found(moved, 0.05)[0]) - (real.p_values() < 0.05).mean()) < 0.05
    assert real.estimate.mean() == pytest.approx(float(moved[0]), rel=0.04)
    if min(cases) < 10 and study != "slope":
        # Moving by the whole logarithm, as if cases were many, promises a power that such studies do not have.
        naive = float(null.share_found(np.log([ratio]), 0.05)[0])
        assert naive > (real.p_values() < 0.05).mean() + 0.03


def test_mean_log_cases_is_that_of_poisson_counts():
    random = np.random.default_rng(6)
    for mean in (0.2, 1.0, 5.0, 40.0, 400.0):
        drawn_mean = np.log(random.poisson(mean, 200_000) + 0.5).mean()
        assert float(mean_log_cases(mean)) == pytest.approx(drawn_mean, abs=0.01)


@given(ratio=st.floats(1.01, 3), cases=st.floats(0.2, 1e4))
def test_response_falls_short_of_the_logarithm_and_reaches_it_with_many_cases(ratio, cases):
    world = World(np.array([0.05, 0.04]), np.array([cases]), 0.1, "poisson")
    moved = float(log_response(world, ratio))
    # About five cases the mean logarithm of cases + 1/2 lies a little above that of the mean.
    assert 0 < moved <= np.log(ratio) + 0.002
    if cases > 1000:
        assert moved == pytest.approx(np.log(ratio), abs=1e-3)


def test_too_few_others_are_not_hidden_by_a_rising_curve():
    panel = build_panel("prefecture")
    table = power_table(panel, PowerSettings(replications=400, resamples=50), ["O-A-2", "P-E-1-D"])
    power = table[(table["statistic"] == "power") & (table["outcome"] == "O-A-2")]
    given = power["parameters"].map(json.loads)
    at = {
        (each["places"], each["ratio"]): share for each, share in zip(given, power["estimate"], strict=True)
    }
    others = {each["places"]: each["others"] for each in given}
    # 40 of 47 leave 7 to compare with: less power than 20 beside 27.
    assert others[20] == 27
    assert others[40] == 7
    assert at[40, 1.2] < at[20, 1.2]
    needed = table[table["statistic"] == "places_needed"].set_index("outcome")
    assert needed.loc["O-A-2", "note"] == "not_reached"
    parameters = json.loads(needed.loc["O-A-2", "parameters"])
    assert "others" not in parameters
    assert parameters["places_at_hand"] == 47
    rows = needed.loc[["O-A-2"]].reset_index().to_dict("records")
    assert "at most" in power_sentence(rows[0], Text("甲", "A")).en


def test_crossing_says_where_the_grid_ends():
    assert crossing([0.0, 1.0, 2.0], [0.1, 0.5, 0.9], 0.7)[0] == pytest.approx(1.5)
    estimate, low, _, note = crossing([0.0, 1.0], [0.1, 0.5], 0.7)
    assert np.isnan(estimate)
    assert (low, note) == (1.0, "beyond_grid")
    assert crossing([0.0, 1.0], [0.9, 0.95], 0.7)[2] == 0.0


@pytest.fixture(scope="module")
def panel():
    return build_panel("area")


def test_real_panel_has_components_of_every_outcome_or_a_reason(panel):
    table = components_table(panel, SMALL)
    assert set(table["outcome"]) == set(panel.names("outcome"))
    shares = table[(table["outcome"] == "O-E-1")].set_index("statistic")
    # Home-death shares of areas differ lastingly by about a quarter (standard deviation) and hold over four years.
    assert 0.2 < np.sqrt(shares.loc["place", "estimate"]) < 0.3
    assert shares.loc["place_year", "estimate"] < 0.1 * shares.loc["place", "estimate"]


def test_power_rises_with_places_and_ratio_and_is_repeatable(panel):
    table = power_table(panel, SMALL, ["O-E-1"])
    again = power_table(panel, SMALL, ["O-E-1"])
    assert table.equals(again)
    share = table[table["statistic"] == "power"]["estimate"].to_numpy().reshape(2, 2)
    assert (np.diff(share, axis=0) >= -0.1).all()
    assert (np.diff(share, axis=1) >= -0.1).all()
    needed = table[table["statistic"] == "detectable_ratio"]["estimate"]
    assert needed.is_monotonic_decreasing


def test_an_outcome_of_one_year_has_a_reason_and_a_sentence():
    panel = build_panel("prefecture")
    table = power_table(panel, SMALL, ["O-A-1"])
    assert table["note"].tolist() == ["one_year"]
    sentences = power_sentences(table, {"O-A-1": panel.label("O-A-1")})
    assert "1年分" in sentences[0].ja

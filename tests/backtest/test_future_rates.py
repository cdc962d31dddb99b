"""The random source of future rates: 0 up to the base year, and the variances the backtest gave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.tolerances import EXACT, FLOAT
from zaitaku_demand.backtest.age_tilt import decades, tilt_variance
from zaitaku_demand.backtest.panel import Tables, prefecture_panel
from zaitaku_demand.backtest.variance import PARTS
from zaitaku_demand.errors import InputError
from zaitaku_demand.open_band import split_open_band
from zaitaku_demand.population import load_population
from zaitaku_demand.projection.draws.factors import Principal
from zaitaku_demand.projection.draws.future_rates import (
    damping_deviation,
    estimated_future_rates,
    future_rates_source,
    parameters,
    walk_functions,
)
from zaitaku_demand.projection.draws.sources import UNSTEADY, random_sources, source_notes
from zaitaku_demand.projection.project import Projection, project
from zaitaku_demand.rates.build import utilisation_rates
from zaitaku_demand.rates.national import NDB_AGES
from zaitaku_demand.rates.path import RatePath
from zaitaku_demand.rates.services import services
from zaitaku_demand.rates.trend import damped_sum, trend_path


@pytest.fixture(scope="module")
def annual() -> Projection:
    population = split_open_band(load_population("2023")).at_years(tuple(range(2020, 2051)))
    return project(population, utilisation_rates(population))


@pytest.fixture(scope="module")
def trending(annual: Projection) -> Projection:
    return project(annual.population, annual.rates, trend_path(annual.rates, annual.population))


def test_nothing_is_uncertain_up_to_the_base_year(annual: Projection, trending: Projection) -> None:
    for projection in (annual, trending):
        source = future_rates_source(Principal(projection))
        assert source.age is not None
        assert np.abs(source.age.loadings[:, :3]).max() == EXACT
        assert (np.abs(source.age.loadings[:, 3:]).sum(axis=0) > 0).all()
        for factors in source.place:
            assert np.abs(factors.loadings[:, :, :3]).max() == EXACT


def test_the_marginal_variances_are_those_of_the_form(trending: Projection) -> None:
    source = future_rates_source(Principal(trending))
    given = parameters("home_visit_patients", "damped")
    horizon = np.maximum(np.arange(2020, 2051) - 2022.0, 0)
    faded = damped_sum(horizon, given["damping"]) ** 2
    for factors in source.place:
        aged = pd.Series(trending.population.aged(75)[:, 2])
        if factors.level == "prefecture":
            aged = aged.groupby(trending.population.areas["prefecture_code"]).transform("sum")
        for area in (0, 17, 329):
            yearly = given[f"{factors.level}_walk"] + given[f"{factors.level}_small"] * 1e4 / max(
                aged[area], 5e3
            )
            variance = yearly * horizon + given[f"{factors.level}_drift"] * faded
            assert (factors.loadings[:, area] ** 2).sum(axis=0) == pytest.approx(variance, rel=FLOAT)
    assert source.age is not None
    named = dict(zip(source.age.names, source.age.loadings, strict=True))
    walk = sum(named[f"walk_{order}"] ** 2 for order in (1, 2, 3))
    assert walk[:, 0, 0] == pytest.approx(given["nation_walk"] * horizon, rel=FLOAT)
    assert named["drift"][:, 0, 5] ** 2 == pytest.approx(given["nation_drift"] * faded, rel=FLOAT)
    # An older patient's rate moves the other way than a younger one's, and the number of patients stays.
    assert named["age_tilt"][-1, 0, -1] * named["age_tilt"][-1, 0, 10] < 0
    patients = trending.parts(0)[:, 2].sum(axis=0)
    assert (named["age_tilt"][-1] * patients).sum() / patients.sum() == pytest.approx(0, abs=FLOAT)


def test_constant_rates_are_less_sure_than_the_damped_trend(annual: Projection, trending: Projection) -> None:
    # Within the years that could be judged the damped trend missed less, so its nation varies less.
    constant = future_rates_source(Principal(annual)).age
    damped = future_rates_source(Principal(trending)).age
    assert constant is not None
    assert damped is not None
    assert "damping" in damped.names
    assert "damping" not in constant.names
    for year in (3, 6):
        assert (constant.loadings[:, year, 0, 17] ** 2).sum() > (damped.loadings[:, year, 0, 17] ** 2).sum()


@pytest.mark.parametrize("service", list(services()))
def test_every_service_has_its_parameters(service: str) -> None:
    for method in ("constant", "damped"):
        given = parameters(service, method)
        hidden = {name for name, value in given.items() if np.isnan(value)}
        # Of three services too few counts of areas are shown to be judged; nothing stands in for them.
        rare = ("drug_guidance", "nutrition_guidance", "terminal_care_nursing")
        assert hidden == ({f"area_{part}" for part in PARTS} if service in rare else set())
        assert all(value >= 0 for name, value in given.items() if name not in hidden), given
        assert given["nation_walk"] + given["nation_drift"] > 0


def test_walk_functions_add_up_to_the_variance_of_a_walk() -> None:
    horizon = np.arange(29.0)
    walk = walk_functions(horizon, 3)
    assert (walk**2).sum(axis=0) == pytest.approx(horizon, abs=FLOAT)
    # A random walk's correlation of years 14 and 28 is the root of 1/2; three functions come close.
    correlation = walk[:, 14] @ walk[:, 28] / np.sqrt(14 * 28)
    assert correlation == pytest.approx(np.sqrt(0.5), abs=0.05)


def test_what_phi_owes_to_the_services_in_hand_grows_with_the_horizon() -> None:
    deviation = damping_deviation(np.arange(29.0), 4.0)
    # Up to the longest horizon tested the measured errors hold it already.
    assert (deviation[:5] == EXACT).all()
    assert (np.diff(deviation[4:]) > 0).all()


def test_each_service_takes_the_errors_of_its_own_method(annual: Projection) -> None:
    rates = utilisation_rates(annual.population, ("dental_visits", "home_visit_patients"))
    path = trend_path(rates, annual.population, method="best")
    both = project(annual.population, rates, path)
    constant, moving = (future_rates_source(Principal(both, service)).age for service in (0, 1))
    assert constant is not None
    assert moving is not None
    assert "damping" not in constant.names
    assert "damping" in moving.names


def test_own_changes_of_prefectures_take_the_errors_of_the_trend(annual: Projection) -> None:
    sources = [
        future_rates_source(
            Principal(
                project(
                    annual.population,
                    annual.rates,
                    trend_path(annual.rates, annual.population, method=method),
                )
            )
        )
        for method in ("damped", "damped_place")
    ]
    for one, other in zip(sources[0].place, sources[1].place, strict=True):
        assert np.array_equal(one.loadings, other.loadings)


def test_services_without_a_spread_that_says_anything_are_refused_and_said(annual: Projection) -> None:
    """Areas of which too few counts can be judged, or paths that would run from nothing to several times the value."""
    left_out = set()
    for name in services():
        principal = Principal(project(annual.population, utilisation_rates(annual.population, (name,))))
        known = estimated_future_rates(principal) is not None
        sources = random_sources(principal)
        assert ("future_rates" in {source.id for source in sources}) == known
        assert (UNSTEADY in source_notes(principal, sources)) != known
        if not known:
            left_out.add(name)
            with pytest.raises(InputError, match="future_rates"):
                future_rates_source(principal)
    assert "home_visit_patients" not in left_out
    assert {"nutrition_guidance", "drug_guidance"} <= left_out


def test_a_change_that_a_scenario_sets_on_constant_rates_leaves_their_errors(
    annual: Projection, trending: Projection
) -> None:
    """However small the change is: nothing but the trend itself brings the errors of the trend."""
    changed = replace(RatePath.constant(), factor=np.full((1, 1, 1, 1, 1), 0.999))
    loadings = [
        future_rates_source(Principal(project(annual.population, annual.rates, path))).place[0].loadings
        for path in (None, changed, trending.path, trending.path.combine(changed))
    ]
    assert np.array_equal(loadings[0], loadings[1])
    assert np.array_equal(loadings[2], loadings[3])
    assert not np.array_equal(loadings[0], loadings[2])


def test_a_service_of_the_users_own_is_refused(annual: Projection) -> None:
    own = replace(annual, rates=replace(annual.rates, services=("own_service",)))
    with pytest.raises(InputError, match="future_rates"):
        future_rates_source(Principal(own))


def test_the_tilt_is_measured_where_there_is_one() -> None:
    panel = prefecture_panel(Tables.shipped()).select(("nursing_orders",))
    tilted = panel.national_counts * np.exp(
        np.random.default_rng(6).normal(0, 0.05, (1, 9, 1)).cumsum(axis=1) * decades(NDB_AGES)
    )
    none = np.zeros(1)
    before = tilt_variance(panel, none)[0]
    after = tilt_variance(replace(panel, national_counts=tilted), none)[0]
    assert after > before + 0.0005
    assert after < 0.02

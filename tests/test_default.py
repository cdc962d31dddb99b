"""The run of whoever names no scenario: the course of the rates that the backtest chose, and what stays of constant rates."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from tests.test_change import assert_identity
from zaitaku_demand.backtest.judge import default_method
from zaitaku_demand.explanation import run_notes
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.change import explain_change
from zaitaku_demand.projection.change_moment import Moment
from zaitaku_demand.projection.draws.engine import run_alone, simulate
from zaitaku_demand.projection.draws.factors import Principal
from zaitaku_demand.projection.draws.settings import DrawSettings
from zaitaku_demand.projection.draws.sources import random_sources
from zaitaku_demand.projection.draws.table import draw_table
from zaitaku_demand.projection.job import MainJob, main_job
from zaitaku_demand.projection.project import project
from zaitaku_demand.rates.services import services
from zaitaku_demand.rates.trend import trend_path
from zaitaku_demand.scenarios.resolve import DEFAULT, SHIPPED, default_scenario, resolve
from zaitaku_demand.scenarios.summary import describe_scenario
from zaitaku_demand.store.home import table_path

ALL = tuple(services())
EVERY = (DEFAULT, *SHIPPED)
ONE_RUN = DrawSettings(runs=100)


@pytest.fixture(scope="module")
def job() -> MainJob:
    """All services, by the rates of the prefecture."""
    return main_job(RunParameters(services=ALL))


def skip_without_beds(scenario: str) -> None:
    if scenario == "beds" and table_path("hospital_beds") is None:
        pytest.skip("The table of hospital beds has not been built, so this scenario cannot be run.")


def test_no_scenario_is_the_default_by_its_id_and_names() -> None:
    assert RunParameters().scenarios == (DEFAULT,)
    scenario = default_scenario()
    assert resolve(DEFAULT) == resolve(scenario.name.ja) == resolve(scenario.name.en) == scenario
    assert scenario.follows_trend and scenario.trend is not None and scenario.trend.method == "best"
    assert DEFAULT not in SHIPPED


def test_the_default_says_that_the_backtest_may_have_chosen_constant_rates() -> None:
    """Not all services follow a trend, so the sentence must not say so."""
    (sentence,) = describe_scenario(default_scenario())
    assert "検証" in sentence.ja and "一定" in sentence.ja
    assert "backtest" in sentence.en and "constant" in sentence.en


@pytest.mark.parametrize("row", range(len(ALL)), ids=ALL)
def test_every_service_follows_what_the_backtest_chose(job: MainJob, row: int) -> None:
    """constant: bits of constant rates. damped, damped_place: `trend_path` of that method, whatever the other services do."""
    rates, people = job.annual.rates, job.annual.population
    alone = replace(
        rates,
        services=rates.services[row : row + 1],
        names=rates.names[row : row + 1],
        units=rates.units[row : row + 1],
        profile=rates.profile[row : row + 1],
        ratio=rates.ratio[row : row + 1],
    )
    method = default_method(ALL[row])
    found = job.annual.values[row]
    if method == "constant":
        expected = project(people, alone)
    else:
        expected = project(people, alone, trend_path(alone, people, method=method))  # type: ignore[arg-type]
    np.testing.assert_allclose(found, expected.values[0], rtol=1e-12)
    constant = project(people, alone).values[0]
    now = people.years.index(rates.base_year)
    assert np.allclose(found[:, : now + 1], constant[:, : now + 1], rtol=1e-12)
    assert np.allclose(found[:, -1], constant[:, -1], rtol=1e-12) == (method == "constant")


def test_all_three_methods_are_somebodys_default() -> None:
    """Otherwise the test above would not see a default that is always the same."""
    assert {default_method(each) for each in ALL} == {"constant", "damped", "damped_place"}


def test_base_has_the_bits_of_constant_rates(job: MainJob) -> None:
    base = main_job(RunParameters(services=ALL, scenarios=("base",)))
    assert np.array_equal(base.annual.values, project(job.annual.population, job.annual.rates).values)
    assert np.array_equal(base.grid.values, project(job.grid.population, job.grid.rates).values)


def test_figures_of_constant_rates_and_of_the_default() -> None:
    """現状投影 as published in the README since the first version; the default adds the damped rise since the reform."""
    base, default = (main_job(RunParameters(scenarios=(each,))) for each in ("base", DEFAULT))
    for job, total, late in ((base, 1_261_571, 313), (default, default_total(default), 330)):
        years = np.array(job.grid.years)[job.grid.values[0].argmax(axis=1)]
        assert job.annual.national()[0, -1] == pytest.approx(total, abs=1)
        assert (years >= 2040).sum() == late
        # NDB FY2022: 10,172,559 claims (C002, C002-2) of twelve months.
        assert job.annual.national()[0, 2] == pytest.approx(847_713, abs=1)


def default_total(job: MainJob) -> float:
    """Patients of 2050 cell by cell: those of constant rates × exp((drift + own) × (φ + φ² + … + φ²⁸))."""
    from zaitaku_demand.rates.local import PREFECTURES
    from zaitaku_demand.rates.trend import estimated_damping, read_trend
    from zaitaku_demand.rates.trend_place import prefecture_change

    people, rates = job.annual.population, job.annual.rates
    cells = project(people, rates).parts(0)[:, -1]
    drift = read_trend(rates.services, people.sexes, people.ages).drift[0]
    own = dict(zip(PREFECTURES, prefecture_change(rates.services, rates.base_year)[0], strict=True))
    by_area = np.array([own[code] for code in people.areas["prefecture_code"]])[:, None, None]
    fade = sum(estimated_damping() ** step for step in range(1, 29))
    return float((cells * np.exp((drift + by_area) * fade)).sum())


@pytest.mark.parametrize("scenarios", [("convergence",), ("beds", "facility")])
def test_a_scenario_without_the_trend_says_how_to_add_it(scenarios: tuple[str, ...]) -> None:
    def said(given: tuple[str, ...]) -> bool:
        notes = run_notes(main_job(RunParameters(prefecture="島根県", scenarios=given)))
        return any("--scenario default" in note.ja and "--scenario default" in note.en for note in notes)

    assert said(scenarios)
    assert not said((*scenarios, "default"))
    assert not said(("base",))


@pytest.mark.parametrize("supply", ["per_cent=120", "per_cent=80"])
def test_a_ceiling_leaves_the_projection_inside_its_interval(supply: str) -> None:
    """What is unknown of the present level is not unmet demand: a relative ceiling moves with it."""
    scenarios = ("default", f"supply: {supply}, from=2030")
    principal = Principal(main_job(RunParameters(prefecture="島根県", scenarios=scenarios)).annual)
    sources = random_sources(principal)
    result = simulate(principal, sources, draw_table(principal, sources, DrawSettings(runs=1000)))
    for level in (result.area, result.prefecture):
        lowest, highest = level.quantiles[0], level.quantiles[-1]
        assert (level.principal >= lowest).all()
        assert (level.principal <= highest * (1 + 1e-12)).all()


@pytest.mark.parametrize("services", [("home_visit_patients",), ("house_calls", "home_visit_patients")])
def test_a_factor_of_1_in_a_file_returns_the_bits(tmp_path: Path, services: tuple[str, ...]) -> None:
    file = tmp_path / "same.toml"
    file.write_text(
        'id = "same"\nname = { ja = "同じ", en = "same" }\nnote = { ja = "変えない。", en = "Nothing changes." }\n'
        "[[rate]]\nfactor = 1\nto = 2040\n[[rate]]\nper_cent = 0\nages = '85+'\nto = 2035\n",
        "utf-8",
    )
    for before, after in (("base", str(file)), (DEFAULT, f"{DEFAULT}+{file}")):
        one, other = (
            main_job(RunParameters(services=services, scenarios=tuple(each.split("+"))))
            for each in (before, after)
        )
        assert np.array_equal(one.grid.values, other.grid.values)
        assert np.array_equal(one.annual.values, other.annual.values)


@pytest.mark.parametrize("scenario", EVERY)
def test_run_0_has_the_bits_of_every_scenario(scenario: str) -> None:
    skip_without_beds(scenario)
    principal = Principal(main_job(RunParameters(prefecture="島根県", scenarios=(scenario,))).annual)
    projection = principal.projection
    sources = random_sources(principal)
    table = draw_table(principal, sources, ONE_RUN)
    result = simulate(principal, sources, table)
    assert np.array_equal(run_alone(principal, sources, table, 0), projection.values[0])
    assert np.array_equal(result.area.principal, projection.values[0].T)
    assert np.array_equal(result.prefecture.principal, projection.by_prefecture()[1][0].T)
    rows = result.intervals().query("level == 'area'")["principal"].to_numpy()
    assert np.array_equal(rows, projection.values[0].ravel())


@pytest.mark.parametrize("scenario", EVERY)
def test_effects_add_up_for_every_area_and_all_pairs_of_grid_years(scenario: str) -> None:
    """1e-9 of the value, all 330 areas, prefectures and the nation, all views, forwards and backwards."""
    skip_without_beds(scenario)
    job = main_job(RunParameters(scenarios=(scenario,)))
    for first, last in combinations(job.grid.years, 2):
        assert_identity(explain_change(Moment(job.grid, first), Moment(job.grid, last)))
    assert_identity(explain_change(Moment(job.grid, job.grid.years[-1]), Moment(job.grid, job.grid.years[0])))


@pytest.mark.parametrize("scenario", sorted(set(EVERY) - {"base"}))
def test_effects_between_scenarios_add_up_in_every_year(scenario: str) -> None:
    skip_without_beds(scenario)
    base, other = (main_job(RunParameters(scenarios=(each,))) for each in ("base", scenario))
    for year in base.grid.years:
        assert_identity(explain_change(Moment(base.grid, year), Moment(other.grid, year)))

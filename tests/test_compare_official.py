"""The comparison with the ministry's R7 projection (001728462.xlsx), recomputed in other ways; the dots of other projections."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata
from statsmodels.stats.inter_rater import cohens_kappa
from typer.testing import CliRunner

from tests.tolerances import FLOAT
from zaitaku_demand.ages import AgeBands
from zaitaku_demand.cli.app import app
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.population import load_population
from zaitaku_demand.projection.compare import (
    PROJECTED_YEARS,
    agreement,
    agreement_table,
    beside_ministry,
    compare_official,
    ministry_by_areas,
    rank_correlations,
)
from zaitaku_demand.projection.compare_reasons import (
    FIFTH,
    LARGEST,
    OfficialComparison,
    official_comparison,
    removed_share,
)
from zaitaku_demand.projection.compare_switches import chance_error
from zaitaku_demand.projection.dots import DOT_NAMES, edition_dots, ministry_dots
from zaitaku_demand.projection.job import MainJob, main_job
from zaitaku_demand.projection.project import project
from zaitaku_demand.rates.national import national_profile
from zaitaku_demand.rates.path import RatePath

DELTA_METHOD = 0.06
"""Relative: the delta method against a simulation of 20,000 runs in an area of some thousand patients."""
# Code: areas by year of the largest value on the grid 2024, 2030 ... 2050 (facts, peak_grid_R7: counted in the workbook).
MINISTRY_PEAKS = [9, 4, 5, 66, 203, 52]
# National receipts a month in 2024 and 2050 (facts, national_R7: summed over the workbook).
RECEIPTS_2024, RECEIPTS_2050 = 1357201, 1994220


@pytest.fixture(scope="module")
def job() -> MainJob:
    """At constant rates, as the ministry has them."""
    return main_job(RunParameters(scenarios=("base",)))


def test_the_course_of_the_run_plays_no_part(found: OfficialComparison) -> None:
    """Whatever the scenario of the run, both sides are at constant rates."""
    default = official_comparison(main_job(RunParameters()))
    pd.testing.assert_frame_equal(default.pairs, found.pairs)
    pd.testing.assert_frame_equal(default.gaps, found.gaps)
    assert default.summary == found.summary


@pytest.fixture(scope="module")
def found(job: MainJob) -> OfficialComparison:
    return official_comparison(job)


def test_the_ministrys_own_peaks_as_counted_in_its_workbook(facts: Path) -> None:
    published = pd.read_csv(facts / "official_figures.csv", index_col="id").loc["peak_grid_R7", "value"]
    assert [int(each) for each in published.split()] == MINISTRY_PEAKS
    table = ministry_by_areas("339")
    counts = table.idxmax(axis=1).value_counts()
    assert [int(counts[year]) for year in table.columns] == MINISTRY_PEAKS


def test_peaks_beside_the_ministrys(job: MainJob) -> None:
    both = beside_ministry(job.annual)
    ours, theirs = both.peaks(PROJECTED_YEARS)
    official = ministry_by_areas("330").loc[both.codes, list(PROJECTED_YEARS)]
    assert theirs.tolist() == official.idxmax(axis=1).tolist()
    mine = pd.DataFrame(job.grid.values[0], columns=list(job.grid.years))[list(PROJECTED_YEARS)]
    assert ours.tolist() == mine.idxmax(axis=1).tolist()
    table = agreement_table(ours, theirs, PROJECTED_YEARS)
    expected = pd.crosstab(ours, theirs).reindex(index=PROJECTED_YEARS, columns=PROJECTED_YEARS, fill_value=0)
    assert np.array_equal(table.to_numpy(), expected.to_numpy())
    found = agreement(table)
    assert found["exact"] == (ours == theirs).mean()
    assert found["within_one"] == (np.abs(ours - theirs) <= 5).mean()
    assert (found["earlier"], found["later"]) == ((ours < theirs).sum(), (ours > theirs).sum())
    assert found["kappa"] == pytest.approx(cohens_kappa(table.to_numpy(), wt="linear").kappa, rel=FLOAT)


# The standard error of statsmodels' kappa, which is not used, has no value for some tables.
@pytest.mark.filterwarnings("ignore:invalid value encountered in sqrt")
@given(st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=4, max_size=4))
def test_weighted_kappa_as_in_statsmodels(counts: list[list[int]]) -> None:
    table = np.array(counts) + np.eye(4, dtype=int)
    assert agreement(table)["kappa"] == pytest.approx(cohens_kappa(table, wt="linear").kappa, abs=FLOAT)
    assert agreement(np.diag(table.sum(axis=1)))["kappa"] == pytest.approx(1)


def test_rank_correlations_recomputed(job: MainJob) -> None:
    both = beside_ministry(job.annual)
    table = rank_correlations(both).set_index("to_year")
    for year in (2040, 2050):
        ours, theirs = both.indices(2030, year)
        spearman = np.corrcoef(rankdata(ours), rankdata(theirs))[0, 1]
        assert table.loc[year, "spearman"] == pytest.approx(spearman, rel=FLOAT)
        # Without ties tau is the surplus of pairs in the same order.
        signs = np.sign(ours[:, None] - ours) * np.sign(theirs[:, None] - theirs)
        upper = signs[np.triu_indices(len(ours), 1)]
        assert (upper != 0).all()
        assert table.loc[year, "kendall"] == pytest.approx(upper.mean(), rel=FLOAT)
        assert spearman > 0.95


def test_the_switch_of_the_open_band_is_a_run_with_that_band(found: OfficialComparison) -> None:
    other = compare_official(main_job(RunParameters(open_band=90, scenarios=("base",))).grid).set_index(
        ["from_year", "to_year"]
    )
    rows = found.variants.set_index(["variant", "from_year", "to_year"])
    for pair in ((2030, 2040), (2030, 2050)):
        row = rows.loc[("open_band", *pair)]
        for name in ("correlation", "median_abs", "p95_abs"):
            assert row[name] == pytest.approx(other.loc[pair, name], rel=FLOAT)
            expected = found.pairs.set_index(["from_year", "to_year"]).loc[pair, name]
            assert rows.loc[("as_is", *pair), name] == pytest.approx(expected, rel=FLOAT)


def test_the_switch_of_the_service_is_the_sum_of_its_places(found: OfficialComparison) -> None:
    services = ("home_visit_patients_home", "home_visit_patients_facility")
    by_place = main_job(RunParameters(services=services, rates="area", scenarios=("base",))).grid
    together = replace(by_place, values=by_place.values.sum(axis=0, keepdims=True))
    expected = compare_official(together).set_index("to_year").loc[2050, "median_abs"]
    rows = found.variants.set_index(["variant", "to_year"])
    assert rows.loc[("facility", 2050), "median_abs"] == pytest.approx(expected, rel=FLOAT)


def test_the_largest_gaps_and_their_reasons(found: OfficialComparison) -> None:
    gaps, largest = found.gaps, found.largest
    assert len(gaps) == 330 and len(largest) == LARGEST
    sizes = largest["difference"].abs()
    assert sizes.is_monotonic_decreasing and sizes.min() >= gaps["difference"].abs().nlargest(LARGEST).min()
    assert largest["difference"].to_numpy() == pytest.approx(
        (100 * (largest["our_index"] / largest["their_index"] - 1)).to_numpy(), rel=FLOAT
    )
    chance = gaps["reason"] == "small_numbers"
    assert (gaps.loc[chance, "difference"].abs() <= 1.96 * gaps.loc[chance, "chance_error"]).all()
    assert (gaps.loc[~chance, "difference"].abs() > 1.96 * gaps.loc[~chance, "chance_error"]).all()
    switched = ~gaps["reason"].isin(["small_numbers", "unexplained"])
    assert switched.any() and (gaps.loc[switched, "removed"] >= FIFTH).all()
    assert (gaps.loc[gaps["reason"] == "unexplained", "removed"] == 0).all()
    assert (largest["reason_ja"].str.len() > 10).all() and (largest["reason_en"].str.len() > 10).all()
    counts = found.variants.groupby("variant")["reason_of"].sum()
    assert counts["open_band"] == (gaps["reason"] == "open_band").sum()
    assert len(found.summary) == 7


def test_local_profiles_as_one_more_switch(job: MainJob) -> None:
    """Profiles that gave the ministry's own figures would explain every gap that is more than chance."""
    both = beside_ministry(job.annual)
    values = job.annual.values.copy()
    places = [job.annual.years.index(year) for year in both.years]
    values[0][np.ix_(both.places, places)] = both.theirs
    found = official_comparison(job, local_profiles=replace(job.annual, values=values))
    rows = found.variants.set_index(["variant", "to_year"])
    assert rows.loc[("local_profile", 2050), "median_abs"] == pytest.approx(0, abs=FLOAT)
    assert rows.loc[("local_profile", 2050), "helped"] == 1
    assert set(found.gaps["reason"]) == {"small_numbers", "local_profile"}


def test_areas_that_were_split_take_the_gap_of_their_block(job: MainJob, found: OfficialComparison) -> None:
    """相双 and いわき: the population is published for both together only."""
    areas = job.annual.population.areas
    split = areas.index[areas["population_state"] == "estimated"]
    assert set(areas.loc[split, "prefecture_code"]) == {"07"} and len(split) == 2
    rows = found.variants.set_index(["variant", "to_year"])
    others = found.gaps["difference"].abs().drop(index=split)
    ours = job.grid.values[0][split][:, [job.grid.years.index(year) for year in (2030, 2050)]].sum(axis=0)
    official = ministry_by_areas("330").loc[areas.loc[split, "area_code"], [2030, 2050]].sum()
    block = abs(100 * (ours[1] / ours[0] / (official[2050] / official[2030]) - 1))
    expected = np.median([*others, block, block])
    assert rows.loc[("split_area", 2050), "median_abs"] == pytest.approx(expected, rel=FLOAT)


def test_the_error_of_chance_against_a_simulation(job: MainJob) -> None:
    """Counts by age drawn from Poisson distributions move the index as the delta method says."""
    both = beside_ministry(job.annual)
    error = chance_error(job.annual, both, 0, (2030, 2050))
    place = both.codes.index("3201")
    years = job.annual.years
    parts = job.annual.parts(0)[both.places[place]].sum(axis=1)
    share = {year: parts[years.index(year)] for year in (2024, 2030, 2050)}
    counts = both.theirs[place, both.at(2024)] * share[2024] / share[2024].sum()
    drawn = np.random.default_rng(1).poisson(counts, (20_000, len(counts))) / counts
    index = (drawn @ share[2050]) / (drawn @ share[2030])
    assert error[place] == pytest.approx(100 * np.log(index).std(), rel=DELTA_METHOD)


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_the_removed_share(gap: float, left: float) -> None:
    share = float(removed_share(gap, left))
    assert share <= 1
    assert (share > 0) == (abs(left) < abs(gap)) or abs(share) < FLOAT


def test_the_ministrys_dots(job: MainJob) -> None:
    dots = ministry_dots(job.annual).set_index(["level", "code", "year"])["value"]
    now = job.annual.years.index(2024)
    nation = job.annual.values[0][:, now].sum()
    assert dots["nation", "00", 2024] == pytest.approx(nation, rel=FLOAT)
    # The two receipts are rounded to whole numbers.
    assert dots["nation", "00", 2050] == pytest.approx(nation * RECEIPTS_2050 / RECEIPTS_2024, rel=2e-6)
    official = ministry_by_areas("330")
    place = list(job.annual.population.areas["area_code"]).index("3201")
    expected = job.annual.values[0][place, now] * official.loc["3201", 2040] / official.loc["3201", 2024]
    assert dots["area", "3201", 2040] == pytest.approx(expected, rel=FLOAT)
    assert dots.loc["area"].index.get_level_values("code").nunique() == 330
    assert dots.loc["prefecture"].index.get_level_values("code").nunique() == 47
    shimane = official[official.index.str[:2] == "32"].sum()
    inside = (job.annual.population.areas["prefecture_code"] == "32").to_numpy()
    expected = job.annual.values[0][inside, now].sum() * shimane[2040] / shimane[2024]
    assert dots["prefecture", "32", 2040] == pytest.approx(expected, rel=FLOAT)


def test_the_dots_of_the_2018_edition_with_one_band_by_hand() -> None:
    """With the open band 90 nothing is split: published people of both sexes × the rates of the run."""
    job = main_job(RunParameters(open_band=90, scenarios=("base",)))
    dots = edition_dots(job.annual).set_index(["level", "code", "year"])["value"]
    people = load_population("2018", "335")
    assert people.ages == AgeBands.five_year(90)
    assert {year for _, _, year in dots.index} == {2020, 2025, 2030, 2035, 2040, 2045}
    rates = job.annual.rates
    ratio = dict(zip(job.annual.population.areas["area_code"], rates.ratio[0], strict=True))
    by_area = people.values[:, people.years.index(2040)].sum(axis=1) @ rates.profile[0, 0, 0]
    by_code = dict(zip(people.areas["area_code"], by_area, strict=True))
    assert dots["area", "3201", 2040] == pytest.approx(by_code["3201"] * ratio["3201"], rel=FLOAT)
    # Fukushima is published as a whole only; all its areas have the prefecture's ratio.
    assert dots["prefecture", "07", 2040] == pytest.approx(by_code["0700"] * ratio["0701"], rel=FLOAT)
    codes = dots.loc["area"].index.get_level_values("code")
    assert not codes.str.startswith("07").any() and codes.nunique() == 324
    of_prefecture = {code[:2]: value for code, value in ratio.items()}
    nation = sum(value * of_prefecture[code[:2]] for code, value in by_code.items())
    assert dots["nation", "00", 2040] == pytest.approx(nation, rel=FLOAT)


def test_the_dots_of_the_2018_edition_follow_the_path(job: MainJob) -> None:
    annual = job.annual
    shape = (1, len(annual.population.areas), len(annual.years), 1, 1)
    added = np.ones((1, shape[1], shape[2]))
    path = RatePath(np.full(shape, 2.0), added, np.full((1, 1, 1), np.inf))
    keys = ["level", "code", "year"]
    plain = edition_dots(project(annual.population, annual.rates)).set_index(keys)["value"]
    doubled = edition_dots(project(annual.population, annual.rates, path)).set_index(keys)["value"]
    members = {
        "nation": 330,
        "prefecture": (annual.population.areas["prefecture_code"] == "07").sum(),
        "area": 1,
    }
    for level, code in (("nation", "00"), ("prefecture", "07"), ("area", "3201")):
        expected = 2 * plain[level, code, 2040] + members[level]
        assert doubled[level, code, 2040] == pytest.approx(expected, rel=FLOAT)


def test_runs_that_have_no_dots(job: MainJob) -> None:
    earlier = main_job(RunParameters(edition="2018")).annual
    assert edition_dots(earlier).empty
    assert set(ministry_dots(earlier)["level"]) == {"nation", "prefecture"}
    shimane = main_job(RunParameters(prefecture="島根")).annual
    assert (
        set(ministry_dots(shimane)["level"]) == set(edition_dots(shimane)["level"]) == {"prefecture", "area"}
    )
    assert set(ministry_dots(job.annual)["series"]) | set(edition_dots(shimane)["series"]) == set(DOT_NAMES)


def test_the_command_in_both_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZAITAKU_LANG", "ja")
    found = json.loads(CliRunner().invoke(app, ["compare", "official", "--json"]).stdout)
    assert {"open_band", "rate_level", "pairs"} < set(found)
    assert len(found["largest"]) == LARGEST and found["agreement"]["n"] == 330
    assert np.sum(found["peak_classes"]["ours_by_theirs"]) == 330
    printed = CliRunner().invoke(app, ["compare", "official", "--lang", "en"]).stdout
    assert "weighted kappa" in printed and "2050/2030\t330\t" in printed and "\n0103\t" in printed


@pytest.mark.parametrize("year", [2020, 2022])
def test_the_switch_of_the_base_year_goes_on_at_the_pace_of_two_years(year: int) -> None:
    """FY2024 by a log-linear step: rate(y) × (rate(y) / rate(y - 2)) ^ ((2024 - y) / 2)."""
    job = main_job(RunParameters(rate_year=year, rates="national", scenarios=("base",)))
    grid = job.grid
    now, before = (
        national_profile(grid.rates.services, each, grid.population.sexes, 95) for each in (year, year - 2)
    )
    carried = np.exp(np.log(now) + (2024 - year) / 2 * (np.log(now) - np.log(before)))
    people = grid.population.values.reshape(*grid.values.shape[1:], -1)
    other = replace(grid, values=(people @ carried.reshape(-1))[None])
    expected = compare_official(other).set_index("to_year").loc[2050, "median_abs"]
    rows = official_comparison(job).variants.set_index(["variant", "to_year"])
    assert rows.loc[("base_year", 2050), "median_abs"] == pytest.approx(expected, rel=1e-7)

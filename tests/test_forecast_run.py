"""From a run to what its report says about certainty: the parts agree with the projection and with one another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from zaitaku_demand.backtest.judge import default_method
from zaitaku_demand.errors import InputError
from zaitaku_demand.forecast_run import FOCUS_YEAR, SHARE_YEARS, STEPS, Announce, compute_forecast
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.draws.settings import SOURCE_NAMES, DrawSettings
from zaitaku_demand.projection.draws.sources import OWN_RATES
from zaitaku_demand.projection.job import MainJob, main_job
from zaitaku_demand.projection.project import Projection, project
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.scenarios.resolve import SHIPPED
from zaitaku_demand.store.home import table_path
from zaitaku_demand.text import Text

SUMS = 1e-9
"""Relative: sums of doubles in another order."""
SETTINGS = DrawSettings(runs=200, seed=11)
LIMITS = ["lower_95", "lower_80", "median", "upper_80", "upper_95"]

Run = tuple[MainJob, ForecastContent]


def run(**given: Any) -> Run:
    job = main_job(RunParameters.model_validate(given))
    return job, compute_forecast(job, SETTINGS)


@pytest.fixture(scope="module")
def shimane() -> Run:
    return run(prefecture="島根県")


@pytest.fixture(scope="module")
def nation() -> Run:
    return run()


@pytest.fixture(params=["shimane", "nation"])
def either(request: pytest.FixtureRequest) -> Run:
    found: Run = request.getfixturevalue(request.param)
    return found


def by_place(annual: Projection) -> dict[tuple[str, str], np.ndarray]:
    """Values of the first service: (level, code) to array (years,)."""
    areas = annual.population.areas
    out = {("area", code): annual.values[0, k] for k, code in enumerate(areas["area_code"])}
    codes, sums = annual.by_prefecture()
    out |= {("prefecture", code): sums[0, k] for k, code in enumerate(codes)}
    return out | {("nation", "00"): annual.national()[0]}


def assert_rows(frame: pd.DataFrame, column: str, expected: dict[tuple[str, str], np.ndarray]) -> None:
    for key, rows in frame.groupby(["level", "code"], sort=False):
        np.testing.assert_allclose(rows[column].to_numpy(), expected[key], rtol=SUMS)  # type: ignore[index]


def test_row_0_is_the_projection(either: Run) -> None:
    job, content = either
    assert_rows(content.intervals, "principal", by_place(job.annual))
    areas = content.intervals.query("level == 'area'")["principal"].to_numpy()
    assert np.array_equal(areas, job.annual.values[0].ravel())
    assert content.years == job.annual.years and content.base_year == 2022
    assert (content.runs, content.seed) == (200, 11)
    peaks = content.peaks.query("level == 'area'")["principal"].to_numpy()
    assert np.array_equal(peaks, np.array(job.annual.years)[job.annual.values[0].argmax(axis=1)])


def test_limits_are_in_order_and_open_with_the_years(either: Run) -> None:
    content = either[1]
    limits = content.intervals[LIMITS].to_numpy()
    assert (np.diff(limits, axis=1) >= 0).all() and (limits > 0).all()
    wide = content.intervals.assign(width=np.log(limits[:, 4] / limits[:, 0])).pivot_table(
        index=["level", "code"], columns="year", values="width"
    )
    assert (wide[2050] > wide[2025]).all()
    growth = content.growth
    assert (np.diff(growth[LIMITS].to_numpy(), axis=1) >= 0).all()
    now = growth[growth["year"] == content.base_year]
    np.testing.assert_allclose(now[["principal", *LIMITS]], 1, rtol=SUMS)


def test_probabilities_are_probabilities(either: Run) -> None:
    content = either[1]
    frame = content.peak_years
    sums = frame.groupby(["level", "code"])["probability"].sum()
    np.testing.assert_allclose(sums, 1, rtol=SUMS)
    last = frame[frame["year"] == content.years[-1]].set_index(["level", "code"])
    np.testing.assert_allclose(last["by_year"], 1, rtol=SUMS)
    censored = content.peaks.set_index(["level", "code"])["censored"]
    np.testing.assert_allclose(last["probability"], censored.loc[last.index], rtol=SUMS)
    years = content.peaks[["lower_80", "median", "upper_80"]].astype(float).to_numpy()
    assert (np.diff(years, axis=1) >= 0).all()


def test_constant_is_the_base_scenario_and_the_projection_without_a_path(either: Run) -> None:
    job, content = either
    base = content.scenarios[content.scenarios["scenario"] == "base"]
    assert np.array_equal(base["value"].to_numpy(), content.constant["value"].to_numpy())
    assert (base["against_base"] == 0).all()
    plain = project(job.annual.population, job.annual.rates)
    assert_rows(content.constant, "value", by_place(plain))
    shipped = [name for name in SHIPPED if name != "beds" or table_path("hospital_beds") is not None]
    assert list(content.scenario_names) == list(content.scenario_notes) == shipped


def test_changes_add_up_to_the_projection(either: Run) -> None:
    job, content = either
    values = by_place(job.annual)
    start, end = (job.annual.years.index(year) for year in (2022, FOCUS_YEAR))
    assert set(content.changes["from_year"]) == {2022} and set(content.changes["to_year"]) == {FOCUS_YEAR}
    for key, rows in content.changes.groupby(["level", "code"]):
        before, after = values[key][start], values[key][end]  # type: ignore[index]
        assert rows["effect"].sum() == pytest.approx(after - before, rel=SUMS, abs=SUMS * after)
        assert rows["before"].iloc[0] == pytest.approx(before, rel=SUMS)
        assert rows["after"].iloc[0] == pytest.approx(after, rel=SUMS)
    assert set(content.changes["factor"]) <= set(content.change_names)
    assert set(content.changes["code"]) <= set(content.change_sentences)


def test_shares_of_the_sources_add_up(either: Run) -> None:
    job, content = either
    shares = content.shares
    assert set(shares["source"]) == set(content.sources) == set(map(str, SOURCE_NAMES))
    assert set(shares["quantity"]) == {*(f"value_{year}" for year in SHARE_YEARS), "peak_year"}
    sums = shares.groupby(["level", "code", "quantity"])["share"].agg(lambda s: s.sum(min_count=1)).dropna()
    np.testing.assert_allclose(sums, 1, rtol=SUMS)
    values = by_place(job.annual)
    for row in shares[shares["quantity"] == "value_2040"].to_dict("records"):
        principal = values[row["level"], row["code"]][job.annual.years.index(2040)]
        assert row["principal"] == pytest.approx(principal, rel=SUMS) and row["low"] <= row["high"]


def test_every_frame_has_the_same_places(either: Run) -> None:
    job, content = either
    whole = job.parameters.prefecture is None
    places = set(by_place(job.annual)) - (set() if whole else {("nation", "00")})
    for name in ("intervals", "peak_years", "peaks", "growth", "shares", "constant", "scenarios", "changes"):
        frame: pd.DataFrame = getattr(content, name)
        assert set(zip(frame["level"], frame["code"], strict=True)) == places, name
    assert set(zip(content.dots["level"], content.dots["code"], strict=True)) <= places


def test_only_the_nation_is_compared_with_the_ministry(shimane: Run, nation: Run) -> None:
    assert shimane[1].official.empty and not shimane[1].official_summary
    assert set(shimane[1].official.columns) <= set(nation[1].official.columns)
    assert len(nation[1].official) == 20 and nation[1].official_summary
    assert "ministry" in set(nation[1].dots["series"])


@pytest.mark.parametrize(
    ("scenarios", "service", "method"),
    [
        (("default",), "home_visit_patients", None),
        (("default",), "house_calls", None),
        (("base",), "home_visit_patients", "constant"),
        (("trend",), "home_visit_patients", None),
        (("trend: method=damped",), "home_visit_patients", "damped"),
        (("rate: factor=0.9, to=2035",), "home_visit_patients", "constant"),
    ],
)
def test_the_method_is_that_of_the_scenario(
    scenarios: tuple[str, ...], service: str, method: str | None
) -> None:
    job, content = run(prefecture="32", scenarios=scenarios, services=(service,))
    assert content.method_id == (method or default_method(service))
    assert content.method_id in set(content.backtest["method"]) and set(content.backtest["service"]) == {
        service
    }
    assert job.scenario.name.ja in content.method.ja and job.scenario.name.en in content.method.en
    assert content.level_methods["prefecture"] == content.method_id


def own_rates(folder: Path) -> Path:
    path = folder / "rates.csv"
    path.write_text("年齢,人口10万対\n0-64歳,10\n65～74歳,1000\n75～84歳,4000\n85歳以上,20000\n", "utf-8-sig")
    return path


def test_of_the_users_own_rates_neither_level_nor_future_is_drawn(tmp_path: Path) -> None:
    job, content = run(prefecture="島根県", rates=str(own_rates(tmp_path)))
    assert set(content.shares["source"]) <= {"population", "open_band"}
    assert OWN_RATES in content.notes
    assert "一定とする" in content.method.ja and "held constant" in content.method.en
    assert content.method_id == "constant" and content.level_methods == {} and content.backtest.empty
    assert content.official.empty
    assert set(content.scenario_names) | {"trend", "convergence", "beds", "facility"} >= set(SHIPPED)
    left_out = set(SHIPPED) - set(content.scenario_names)
    assert left_out and all(any(name in note.ja for note in content.notes) for name in left_out)
    constant = project(job.annual.population, job.annual.rates)
    assert np.array_equal(job.annual.values, constant.values)


def test_at_national_rates_nothing_converges_and_that_is_said() -> None:
    content = run(prefecture="32", rates="national")[1]
    assert "convergence" not in content.scenario_names
    assert any("convergence" in note.ja and "convergence" in note.en for note in content.notes)
    # National rates have no part by prefecture, whatever the backtest chose.
    assert content.method_id == "damped" and content.level_methods == {"nation": "damped"}


@pytest.mark.parametrize(
    "given",
    [
        {"edition": "2018", "areas": "339", "rates": "area"},
        {"open_band": 75},
        {"rates": "area"},
        {"horizon": 2030},
        {"rate_year": 2019},
        {"services": ("home_visit_patients_home", "home_visit_patients_facility")},
        {"scenarios": ("supply: per_cent=110, from=2030",)},
    ],
    ids=str,
)
def test_every_kind_of_run_has_a_forecast(given: dict[str, Any]) -> None:
    job, content = run(prefecture="島根県", **given)
    assert_rows(content.intervals, "principal", by_place(job.annual))
    limits = content.intervals[LIMITS].to_numpy()
    assert np.isfinite(limits).all() and (np.diff(limits, axis=1) >= 0).all()
    assert content.years[-1] == job.annual.years[-1] and content.service == job.annual.rates.services[0]
    inside = {f"value_{year}" for year in SHARE_YEARS if year in content.years}
    assert set(content.shares["quantity"]) == inside | {"peak_year"}
    for note in content.notes:
        assert note.ja and note.en
    bands = content.shares[content.shares["source"] == "open_band"]["share"].fillna(0)
    if given.get("open_band") == 75:
        # Without a band of 95 and over there is nothing to be unsure about within it.
        assert np.allclose(bands, 0)


def test_fukushima_as_a_whole_is_a_prefecture_and_no_area() -> None:
    """The 2018 edition publishes it as one block (0700); it counts in the nation."""
    job, content = run(edition="2018")
    assert "0700" in set(job.annual.population.areas["area_code"])
    for name in ("intervals", "peak_years", "peaks", "growth", "shares", "changes"):
        frame: pd.DataFrame = getattr(content, name)
        assert "0700" not in set(frame.loc[frame["level"] == "area", "code"]), name
        assert "07" in set(frame.loc[frame["level"] == "prefecture", "code"]), name
    total = content.intervals.query("level == 'nation' and year == 2045")["principal"].iloc[0]
    assert total == pytest.approx(job.annual.national()[0, -1], rel=SUMS)


def test_a_planners_own_areas(tmp_path: Path) -> None:
    if table_path("municipal_population_2018") is None:
        pytest.skip("The table of municipalities is never shipped and has not been built here.")
    from tests.test_areas import own_areas
    from tests.test_areas import shimane as municipalities

    job, content = run(edition="2018", areas=str(own_areas(tmp_path, municipalities())))
    assert_rows(content.intervals, "principal", by_place(job.annual))
    assert set(content.intervals["level"]) == {"prefecture", "area"}
    assert set(content.intervals.query("level == 'area'")["code"]) == {"A", "B"}
    assert content.official.empty


def test_the_same_seed_gives_the_same_figures_and_the_work_is_announced(shimane: Run) -> None:
    job, one = shimane
    steps: list[Text] = []
    counts: list[tuple[int, int]] = []
    announce = Announce(steps.append, lambda done, total: counts.append((done, total)))
    two = compute_forecast(job, SETTINGS, announce)
    assert steps == list(STEPS.values()) and counts[-1] == (7, 7)
    other = compute_forecast(job, DrawSettings(runs=200, seed=12))
    for name in ("intervals", "peak_years", "peaks", "growth", "shares"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name), check_exact=True)
    assert not np.array_equal(one.intervals[LIMITS], other.intervals[LIMITS])
    assert np.array_equal(one.intervals["principal"], other.intervals["principal"])


def test_too_few_comparable_years_are_an_error_at_once() -> None:
    """Up to FY2017 there is no trend of home-visit patients after the reform; constant rates can still be had."""
    with pytest.raises(InputError) as error:
        main_job(RunParameters(rate_year=2016, prefecture="32"))
    assert "too few comparable years" in error.value.sentence("en")
    assert main_job(RunParameters(rate_year=2016, prefecture="32", scenarios=("base",))).scenario.id == "base"

"""All runs of all areas: row 0, quantiles, sums, peaks, what is suppressed or zero."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.draws import worlds
from zaitaku_demand.errors import InputError
from zaitaku_demand.population import load_population
from zaitaku_demand.projection.draws import engine
from zaitaku_demand.projection.draws.draw_peaks import find_tops, year_probability
from zaitaku_demand.projection.draws.engine import draw_values, run_alone, simulate
from zaitaku_demand.projection.draws.factors import PlaceFactors, Principal, RandomSource
from zaitaku_demand.projection.draws.results import QUANTILES, DrawResult, LevelResult
from zaitaku_demand.projection.draws.settings import DrawSettings
from zaitaku_demand.projection.draws.table import draw_table
from zaitaku_demand.projection.job import shape_ages
from zaitaku_demand.projection.peak import find_peaks
from zaitaku_demand.projection.project import project
from zaitaku_demand.rates.build import utilisation_rates
from zaitaku_demand.rates.path import RatePath
from zaitaku_demand.report.forecast_content import ForecastContent

SUMS = 1e-12
"""Relative: sums of doubles in another order."""
RUNS = DrawSettings(runs=200)
PRINCIPAL = worlds.principal()
ALL = worlds.sources(PRINCIPAL)
TABLE = draw_table(PRINCIPAL, ALL, RUNS)


def path(areas: int, years: int, sexes: int, ages: int) -> RatePath:
    """A path that changes everything: rates by age, added patients, a ceiling that binds in some areas."""
    time = np.linspace(0, 1, years)[:, None, None]
    factor = 1 + 0.5 * time * np.linspace(0, 1, ages) * np.ones((sexes, 1))
    added = 3 * np.linspace(0, 1, years) * np.ones((1, areas, 1))
    ceiling = np.where(np.arange(areas) % 2 == 0, 150.0, np.inf)[None, :, None] * np.ones((1, 1, years))
    return RatePath(factor[None, None], added, ceiling)


def check_row_0(principal: Principal, result: DrawResult) -> None:
    projection, service = principal.projection, principal.service
    assert (result.area.principal == projection.values[service].T).all()
    assert (result.prefecture.principal == projection.by_prefecture()[1][service].T).all()
    assert (result.nation.principal[:, 0] == projection.national()[service]).all()
    assert (result.area.principal_peak == find_peaks(projection, projection).year_annual[service]).all()


@pytest.fixture(scope="module")
def shipped() -> Principal:
    people = shape_ages(load_population("2023"), 95, tuple(range(2020, 2051)))
    return Principal(project(people, utilisation_rates(people, level="prefecture")))


def test_row_0_of_the_shipped_projection_has_its_bits(shipped: Principal) -> None:
    sources = worlds.sources(shipped)
    result = simulate(shipped, sources, draw_table(shipped, sources, DrawSettings(runs=100)))
    check_row_0(shipped, result)
    assert [one.level for one in result.levels] == ["nation", "prefecture", "area"]


@pytest.mark.parametrize("part", ["factor", "added", "ceiling", "all"])
def test_row_0_has_the_bits_of_any_path(shipped: Principal, part: str) -> None:
    old = shipped.projection
    areas, years, sexes, ages = old.population.values.shape
    changed = path(areas, years, sexes, ages)
    if part != "all":
        changed = replace(RatePath.constant(), **{part: getattr(changed, part)})
    principal = Principal(project(old.population, old.rates, changed))
    assert (principal.projection.values != old.values).any()
    sources = worlds.sources(principal)
    check_row_0(
        principal, simulate(principal, sources, draw_table(principal, sources, DrawSettings(runs=100)))
    )


def test_row_0_of_the_second_service() -> None:
    principal = Principal(worlds.principal(second_service=True).projection, service=1)
    result = simulate(principal, ALL, draw_table(principal, ALL, RUNS))
    check_row_0(principal, result)
    assert (result.area.principal != worlds.principal(second_service=True).projection.values[0].T).any()


def test_runs_are_those_of_the_definition() -> None:
    """Every run against value = level × exp(place) × sum of part × exp(age), each factor looked up by its name."""
    values = draw_values(PRINCIPAL, ALL, TABLE)
    parts = PRINCIPAL.parts()
    codes = PRINCIPAL.projection.population.areas["area_code"].tolist()
    for run in (0, 1, 77, 200):
        row = TABLE.frame().loc[run].astype(float)
        by_age, by_place = np.zeros(parts.shape[1:]), np.zeros(parts.shape[:2])
        level = np.ones(len(codes))
        for source in ALL:
            if source.age is not None:
                for name, loadings in zip(source.age.names, source.age.loadings, strict=True):
                    by_age += loadings * row[f"{source.id}.age.{name}.00"]
            for factors in source.place:
                for name, loadings in zip(factors.names, factors.loadings, strict=True):
                    own = [{"nation": "00", "prefecture": c[:2], "area": c}[factors.level] for c in codes]
                    z = np.array([row[f"{source.id}.{factors.level}.{name}.{code}"] for code in own])
                    by_place += worlds.moved(PRINCIPAL, factors, loadings, z, random=run > 0)
            if source.level is not None:
                level *= np.array([row[f"level.level.level.{code}"] for code in codes])
        expected = level[:, None] * np.exp(by_place) * (parts * np.exp(by_age)).sum(axis=(2, 3))
        np.testing.assert_allclose(values[:, :, run], expected, rtol=SUMS)


def test_deviations_from_the_prefecture_leave_its_sum_alone() -> None:
    """In first order: the areas move by a fifth, the prefecture by a small part of that; without the mark it moves."""
    horizon = np.maximum(np.array(worlds.YEARS) - 2022, 0) / 28
    spread = []
    for within in (True, False):
        factors = PlaceFactors(("own",), "area", 0.2 * horizon * np.ones((1, 7, 1)), within_prefecture=within)
        source = RandomSource("future_rates", place=(factors,))
        values = draw_values(PRINCIPAL, [source], draw_table(PRINCIPAL, [source], RUNS))[:, -1, 1:]
        assert np.log(values[:6]).std(axis=1).min() > 0.05
        spread.append(np.log(values[:3].sum(axis=0)).std())
        # An area alone in its prefecture is the prefecture.
        assert (np.ptp(values[6]) < 1e-9 * values[6].max()) == within
    assert spread[0] < 0.2 * spread[1]


def test_a_run_alone_gives_its_figures_again() -> None:
    values = draw_values(PRINCIPAL, ALL, TABLE)
    for run in (0, 1, 77, 200):
        np.testing.assert_allclose(run_alone(PRINCIPAL, ALL, TABLE, run), values[:, :, run], rtol=SUMS)
    assert (run_alone(PRINCIPAL, ALL, TABLE, 0) == PRINCIPAL.projection.values[0]).all()


@pytest.mark.parametrize("with_path", [False, True])
def test_quantiles_sums_and_peaks_are_those_of_all_values(with_path: bool) -> None:
    """Against the whole array at once: numpy's own quantiles (linear) and argmax."""
    principal = worlds.principal(path=path(7, 31, 2, 19) if with_path else None)
    table = draw_table(principal, ALL, RUNS)
    result = simulate(principal, ALL, table)
    values = draw_values(principal, ALL, table)
    sums = np.stack([values[:3].sum(axis=0), values[3:6].sum(axis=0), values[6]])
    own = worlds.own_variance(principal, ALL, ("prefecture", "area"))
    # the factors of prefectures are the same for all areas of one
    shared = worlds.own_variance(principal, ALL, ("prefecture",))[[0, 3, 6]]
    for level, cube, taken_off in (
        (result.area, values, own),
        (result.prefecture, sums, shared),
        (result.nation, values.sum(axis=0)[None], np.zeros((1, 31))),
    ):
        runs = cube[:, :, 1:]
        expected = np.quantile(runs, QUANTILES, axis=2).transpose(0, 2, 1)
        np.testing.assert_allclose(level.quantiles, expected, rtol=SUMS)
        for place, one in enumerate(runs * np.exp(taken_off / 2)[:, :, None]):
            tops = find_tops(one)[0]
            assert (tops == one.argmax(axis=0)).all()
            assert (level.peak_probability[:, place] == year_probability(tops, 31)).all()
            assert (level.plateau[:, place] == (one >= 0.99 * one.max(axis=0)).mean(axis=1)).all()
            growth = one.max(axis=0) / one[worlds.YEARS.index(2022)]
            np.testing.assert_allclose(level.growth[:, place], np.quantile(growth, QUANTILES), rtol=SUMS)


def test_added_patients_stay_and_the_ceiling_comes_last() -> None:
    principal = worlds.principal(path=path(7, 31, 2, 19))
    values = draw_values(principal, ALL, TABLE)
    bare = draw_values(
        worlds.principal(path=replace(path(7, 31, 2, 19), added=np.zeros((1, 1, 1)))), ALL, TABLE
    )
    assert (values[::2] <= 150).all() and (values[::2] == 150).any()
    free = np.linspace(0, 3, 31)[:, None] * np.ones((3, 1, 201))
    np.testing.assert_allclose(values[1::2] - bare[1::2], free, rtol=0, atol=1e-9)


def test_same_seed_same_results_whatever_the_threads_and_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(result: DrawResult) -> bytes:
        return b"".join(
            array.tobytes()
            for level in (result.area, result.prefecture, result.nation)
            for array in (
                level.principal,
                level.quantiles,
                level.peak_probability,
                level.plateau,
                level.growth,
            )
        )

    first = everything(simulate(PRINCIPAL, ALL, TABLE, workers=1))
    assert first == everything(simulate(PRINCIPAL, ALL, draw_table(PRINCIPAL, ALL, RUNS), workers=3))
    assert first != everything(
        simulate(PRINCIPAL, ALL, draw_table(PRINCIPAL, ALL, DrawSettings(runs=200, seed=3)))
    )
    before = simulate(PRINCIPAL, ALL, TABLE)
    monkeypatch.setattr(engine, "BLOCK_BYTES", 1)
    one_by_one = simulate(PRINCIPAL, ALL, TABLE)
    np.testing.assert_allclose(one_by_one.nation.quantiles, before.nation.quantiles, rtol=SUMS)
    assert (one_by_one.area.peak_probability == before.area.peak_probability).all()


def test_areas_keep_their_results_in_another_order_and_alone() -> None:
    whole = simulate(PRINCIPAL, ALL, TABLE)
    for places in (np.array([6, 2, 0, 5, 1, 4, 3]), np.array([3, 4, 5])):
        part = worlds.reordered(PRINCIPAL, places)
        sources = worlds.sources_at(ALL, places)
        result = simulate(part, sources, draw_table(part, sources, RUNS))
        assert result.area.codes == tuple(whole.area.codes[place] for place in places)
        # levels in single precision may round differently in their last digit
        np.testing.assert_allclose(result.area.quantiles, whole.area.quantiles[:, :, places], rtol=1e-6)
        at = [whole.prefecture.codes.index(code) for code in result.prefecture.codes]
        np.testing.assert_allclose(
            result.prefecture.quantiles, whole.prefecture.quantiles[:, :, at], rtol=1e-6
        )


def test_without_sources_every_run_is_the_principal() -> None:
    table = draw_table(PRINCIPAL, ALL, DrawSettings(runs=100, sources=()))
    result = simulate(PRINCIPAL, ALL, table)
    assert result.sources == ()
    for quantile in result.area.quantiles:
        assert (quantile == PRINCIPAL.projection.values[0].T).all()
    at = [worlds.YEARS.index(int(year)) for year in result.area.principal_peak]
    assert (result.area.peak_probability[at, range(7)] == 1).all()


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["unknown", "zero", "known"]), min_size=7, max_size=7), st.booleans())
def test_unknown_stays_unknown_and_zero_stays_zero(states: list[str], limited: bool) -> None:
    ratio = np.array([[{"unknown": np.nan, "zero": 0.0, "known": 1.5}[state] for state in states]])
    ceiling = np.full((1, 1, 1), 100.0 if limited else np.inf)
    principal = worlds.principal(ratio=ratio, path=replace(RatePath.constant(), ceiling=ceiling))
    result = simulate(principal, ALL, draw_table(principal, ALL, DrawSettings(runs=100)))
    unknown, zero = ratio[0] != ratio[0], ratio[0] == 0
    for array in (
        result.area.principal,
        result.area.quantiles,
        result.area.peak_probability,
        result.area.plateau,
    ):
        assert (np.isnan(array) == unknown).all()
    assert (result.area.quantiles[..., zero] == 0).all()
    assert (result.area.principal_peak[zero] == 2020).all()
    assert (result.area.peak_probability[0, zero] == 1).all()
    assert (result.area.plateau[:, zero] == 1).all()
    for place, inside in enumerate((slice(0, 3), slice(3, 6), slice(6, 7))):
        assert np.isnan(result.prefecture.quantiles[..., place]).all() == unknown[inside].any()
    assert np.isnan(result.nation.quantiles).all() == unknown.any()
    peaks = result.peaks().query("level == 'area'")
    assert (peaks["median"].isna().to_numpy() == unknown).all()


def test_progress_ends_at_all_areas_and_ctrl_c_leaves_no_thread() -> None:
    seen: list[tuple[int, int]] = []
    simulate(PRINCIPAL, ALL, TABLE, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(3, 7), (6, 7), (7, 7)]

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        simulate(PRINCIPAL, ALL, TABLE, progress=interrupt)
    assert threading.active_count() == before


def test_a_part_of_a_table_is_refused() -> None:
    for part in (TABLE.row(0), TABLE.row(5)):
        with pytest.raises(InputError):
            simulate(PRINCIPAL, ALL, part)


def columns_of(attribute: str) -> list[str]:
    """Columns that the content of the report asks for, from its own description."""
    text = (ForecastContent.__doc__ or "").split(f"{attribute} : DataFrame\n")[1].split(" : ")[0]
    listed = " ".join(text.split("\n")[:-1]).split(". ")[0].rstrip(".")
    names, depth = "", 0
    for letter in listed:
        depth += (letter == "(") - (letter == ")")
        names += letter if depth == 0 and letter != ")" else ""
    return [name.strip() for name in names.split(",")]


def test_tables_are_those_the_report_shows() -> None:
    result = simulate(PRINCIPAL, ALL, TABLE)
    frames = {"intervals": result.intervals(), "peak_years": result.peak_years(), "peaks": result.peaks()}
    for name, frame in frames.items():
        assert frame.columns.tolist() == columns_of(name), name
    # three prefectures are not the country: no row says 全国
    assert set(frames["peaks"]["level"]) == {"prefecture", "area"}
    assert len(frames["intervals"]) == (3 + 7) * 31
    limits = frames["intervals"][["lower_95", "lower_80", "median", "upper_80", "upper_95"]].to_numpy()
    assert (np.diff(limits, axis=1) >= 0).all()
    one = frames["intervals"].query("code == '0203' and year == 2040").iloc[0]
    assert one["principal"] == PRINCIPAL.projection.values[0, 5, 20]
    assert one["upper_80"] == result.area.quantiles[3, 20, 5]
    last = frames["peak_years"].query("year == 2050")
    assert np.allclose(last["by_year"], 1)
    assert (frames["peaks"]["censored"].to_numpy() == last["probability"].to_numpy()).all()
    assert all(
        pd.api.types.is_integer_dtype(frames["peaks"][name]) for name in ("principal", "median", "lower_80")
    )
    growth = result.growth()
    assert (growth["lower_80"] <= growth["upper_80"]).all()


def test_other_quantiles_are_had_as_arrays_but_not_as_the_tables_of_the_report() -> None:
    result = simulate(PRINCIPAL, ALL, TABLE, quantiles=(0.0, 0.25, 1.0))
    runs = draw_values(PRINCIPAL, ALL, TABLE)[:, :, 1:]
    np.testing.assert_allclose(result.area.quantiles[0].T, runs.min(axis=2), rtol=SUMS)
    np.testing.assert_allclose(result.area.quantiles[2].T, runs.max(axis=2), rtol=SUMS)
    with pytest.raises(InputError):
        result.intervals()
    assert isinstance(result.area, LevelResult)

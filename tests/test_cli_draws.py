"""`zaitaku draws`: all tables or none, the same bytes again, one run alone, sentences for bad input, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.command import Done, Zaitaku, zaitaku_here
from tests.conftest import CHECKOUT
from zaitaku_demand.cli import EXIT_INTERRUPTED
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.draws.engine import draw_values
from zaitaku_demand.projection.draws.factors import SOURCES, Principal
from zaitaku_demand.projection.draws.settings import DrawSettings
from zaitaku_demand.projection.draws.sources import random_sources
from zaitaku_demand.projection.draws.table import draw_table
from zaitaku_demand.projection.job import main_job
from zaitaku_demand.scenarios.resolve import DEFAULT, SHIPPED
from zaitaku_demand.store.home import table_path

PRINTED = 1e-9
"""Relative: one run is printed with ten significant digits."""
ROUNDED = 1e-4
"""Absolute: figures in CSV files have four decimals."""
TABLES = ("intervals", "peak_probability", "peak_intervals", "uncertainty_sources")
SHIMANE = ("draws", "--prefecture", "島根県", "--runs", "100")


@pytest.fixture
def zaitaku(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Zaitaku:
    return zaitaku_here(monkeypatch, capsys, tmp_path)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


def printed_run(done: Done) -> pd.DataFrame:
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()[1:]]
    table = pd.DataFrame(rows[1:], columns=rows[0]).set_index(["area_code", "area_name"])
    return table.astype(float)


def test_all_tables_are_written_as_csv_and_parquet(zaitaku: Zaitaku, tmp_path: Path) -> None:
    done = zaitaku(*SHIMANE, "--table", "--out", "不確実性")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "不確実性"
    expected = {f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")}
    assert {path.name for path in folder.iterdir()} == {*expected, "draw_table.parquet", "manifest.json"}
    assert [path.name for path in tmp_path.iterdir()] == ["不確実性"]
    for name in TABLES:
        assert (folder / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        table = pd.read_parquet(folder / f"{name}.parquet")
        twin = pd.read_csv(folder / f"{name}.csv", dtype={"code": str})
        assert list(twin.columns) == list(table.columns) and list(twin["code"]) == list(table["code"])
        for column in table.select_dtypes("number").columns:
            np.testing.assert_allclose(
                twin[column].astype(float), table[column].astype(float), atol=ROUNDED, rtol=0
            )
        for column, value in {"runs": 100, "seed": 2022, "state": "estimated", "open_band": "95+"}.items():
            assert set(table[column]) == {value}
        assert set(table["sources"]) == {"・".join(SOURCES)} and set(table["unit"]) == {"人／月"}
        assert set(table["level"]) == {"prefecture", "area"}
    assert len(pd.read_parquet(folder / "draw_table.parquet")) == 1 + 100
    shares = pd.read_parquet(folder / "uncertainty_sources.parquet")
    sums = shares.groupby(["code", "quantity"])["share"].sum()
    assert np.allclose(sums, 1)
    assert "島根県：2050年" in done.stdout and "80％区間" in done.stdout and "人／月" in done.stdout
    english = zaitaku(*SHIMANE, "--out", "again", language="en").stdout
    assert "島根県: 2050" in english and "80 %" in english and "a month" in english


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(zaitaku: Zaitaku, tmp_path: Path) -> None:
    for folder, seed in (("one", "7"), ("two", "7"), ("other", "8")):
        assert zaitaku(*SHIMANE, "--table", "--seed", seed, "--out", folder).returncode == 0
    one, two, other = (files(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two and set(one) == set(other)
    assert all(one[name] != other[name] for name in one)


def test_a_second_run_replaces_the_first_and_keeps_what_is_not_its_own(
    zaitaku: Zaitaku, tmp_path: Path
) -> None:
    zaitaku(*SHIMANE, "--table", "--out", "r")
    (tmp_path / "r/覚書.txt").write_text("own", "utf-8")
    before = files(tmp_path / "r")
    assert zaitaku(*SHIMANE, "--out", "r", "--seed", "3").returncode == 0
    after = files(tmp_path / "r")
    assert "draw_table.parquet" not in after and after["覚書.txt"] == b"own"
    assert set(before) - set(after) == {"draw_table.parquet"}
    assert zaitaku(*SHIMANE, "--out", "r", "--seed", "-1").returncode == 2
    assert files(tmp_path / "r") == after


@pytest.mark.parametrize("scenario", (DEFAULT, *SHIPPED))
def test_run_0_is_the_projection_itself(zaitaku: Zaitaku, tmp_path: Path, scenario: str) -> None:
    if scenario == "beds" and table_path("hospital_beds") is None:
        pytest.skip("The table of hospital beds has not been built, so this scenario cannot be run.")
    done = zaitaku(*SHIMANE, "--run", "0", "--scenario", scenario)
    annual = main_job(RunParameters(prefecture="島根県", scenarios=(scenario,))).annual
    table = printed_run(done)
    assert [code for code, _ in table.index] == annual.population.areas["area_code"].tolist()
    assert [int(year) for year in table.columns] == list(annual.years)
    np.testing.assert_allclose(table.to_numpy(), annual.values[0], rtol=PRINTED)
    assert "第0試行" in done.stdout and not list(tmp_path.iterdir())


def test_run_k_is_row_k_of_what_the_intervals_are_made_from(zaitaku: Zaitaku, tmp_path: Path) -> None:
    principal = Principal(main_job(RunParameters(prefecture="島根県")).annual)
    sources = random_sources(principal)
    table = draw_table(principal, sources, DrawSettings(runs=100, seed=5))
    values = draw_values(principal, sources, table)
    for run in (1, 100):
        alone = printed_run(zaitaku(*SHIMANE, "--seed", "5", "--run", str(run)))
        np.testing.assert_allclose(alone.to_numpy(), values[:, :, run], rtol=PRINTED)
    assert not list(tmp_path.iterdir())
    zaitaku(*SHIMANE, "--seed", "5", "--out", "r")
    written = pd.read_parquet(tmp_path / "r/intervals.parquet").query("level == 'area'")
    for column, share in {"lower_95": 0.025, "lower_80": 0.1, "median": 0.5, "upper_95": 0.975}.items():
        by_hand = np.quantile(values[:, :, 1:], share, axis=2)
        np.testing.assert_allclose(written[column].to_numpy(), by_hand.ravel(), rtol=PRINTED)


def test_only_the_chosen_sources_vary(zaitaku: Zaitaku, tmp_path: Path) -> None:
    zaitaku(*SHIMANE, "--source", "population", "--source", "open_band", "--out", "r")
    shares = pd.read_parquet(tmp_path / "r/uncertainty_sources.parquet")
    assert set(shares["source"]) == {"population", "open_band"} and len(shares) > 0
    intervals = pd.read_parquet(tmp_path / "r/intervals.parquet")
    now = intervals[intervals["year"] == 2022]
    # Neither source is there in the base year: nothing varies.
    np.testing.assert_allclose(now["lower_95"], now["upper_95"], rtol=PRINTED)
    late = intervals[intervals["year"] == 2050]
    assert (late["upper_95"] > late["lower_95"]).all()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--runs", "99"), "試行回数に「99」は使えない"),
        (("--runs", "20001"), "試行回数に「20001」は使えない"),
        (("--seed", "-1"), "乱数の種に「-1」は使えない"),
        (("--source", "weather"), "「weather」"),
        (("--source", "level", "--source", "level"), "2回書かずに"),
        (("--run", "101"), "101番の試行は表にない"),
        (("--run", "-1"), "-1番の試行は表にない"),
        (("--service", "home_visit"), "サービス「home_visit」はない"),
        (("--scenario", "楽観"), "シナリオ「楽観」はない"),
        (("--set", "rate: to=2030"), "factor・per_cent"),
        (("--rates", "none.csv"), "none.csv"),
        (("--horizon", "2041"), "2041"),
        (("--open-band", "93"), "93"),
        (("--out", "taken"), "taken"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(
    zaitaku: Zaitaku, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "taken").write_text("a file")
    done = zaitaku(*SHIMANE, *arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and done.stderr.endswith("。\n") and words in done.stderr, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
    assert (tmp_path / "taken").read_text() == "a file"


def test_a_difference_moves_the_centre_of_the_draws(zaitaku: Zaitaku) -> None:
    """The same numbers are drawn, so run 4 of half the rates is half of run 4."""
    plain, halved = (
        printed_run(zaitaku(*SHIMANE, "--run", "4", "--scenario", DEFAULT, *extra))
        for extra in ((), ("--set", "rate: factor=0.5, from=2022, to=2030"))
    )
    np.testing.assert_allclose(halved["2050"], 0.5 * plain["2050"], rtol=PRINTED)
    np.testing.assert_allclose(halved["2022"], plain["2022"], rtol=PRINTED)


def test_names_that_a_spreadsheet_would_evaluate(zaitaku: Zaitaku, tmp_path: Path) -> None:
    if table_path("municipal_population_2018") is None:
        pytest.skip("The table of municipalities is never shipped and has not been built here.")
    from tests.test_areas import own_areas, shimane

    rows = [(code, area, "=HYPERLINK(1)" if area == "A" else "@SUM(1)") for code, area, _ in shimane()]
    path = own_areas(tmp_path, rows)
    done = zaitaku("draws", "--edition", "2018", "--areas", str(path), "--runs", "100", "--out", "r")
    assert done.returncode == 0, done.stderr
    for name in TABLES:
        table = pd.read_csv(tmp_path / f"r/{name}.csv", dtype=str)
        texts = table.loc[table["level"] == "area", "name"]
        assert set(texts) == {"'=HYPERLINK(1)", "'@SUM(1)"}


@pytest.mark.parametrize("seconds", [0.3, 1.5, 3.0])
def test_ctrl_c_ends_with_one_sentence_and_leaves_nothing(tmp_path: Path, seconds: float) -> None:
    environment = {
        **os.environ,
        "ZAITAKU_LANG": "ja",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONIOENCODING": "utf-8",
    }
    command = [sys.executable, "-m", "zaitaku_demand", "draws", "--runs", "20000", "--out", "r"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        time.sleep(seconds)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    # Where Ctrl-C falls into a text being evaluated, Python ends by the signal itself; a shell calls both 130.
    assert process.returncode in (EXIT_INTERRUPTED, -signal.SIGINT)
    assert stderr == "中断しました。途中の結果は書き出していません。\n" and stdout == ""
    assert not list(tmp_path.iterdir())

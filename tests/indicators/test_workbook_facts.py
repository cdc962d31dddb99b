"""Facts from the user's workbook: a synthetic one in the published layout, as the official one is not in hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.conftest import CHECKOUT
from tests.sources.files import Rows, with_cell, write_xlsx
from zaitaku_demand.benchmark.request import BenchmarkRequest
from zaitaku_demand.indicators.arrays import places_of
from zaitaku_demand.indicators.compute import indicator_values
from zaitaku_demand.indicators.facts import FACT_COLUMNS, read_facts
from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.indicators.workbook_facts import (
    placed_workbook,
    with_workbook,
    workbook_facts,
    workbook_notes,
)
from zaitaku_demand.sources.places import PREFECTURES

# Layout that the description of the source gives: row 0 item numbers from column 7, row 6 the nation, rows from 8 on
# municipalities; column 1 prefecture, 2 area, 3 municipality. Names of areas are real, all figures are invented.
ITEMS = (1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 19, 20, 26, 32, 37, 38, 43, 44, 58)
FIRST_ITEM, FIRST_ROW, NATION = 7, 8, 6
ITEMS_OF = {
    "homecare_support_clinics": (9, 10, 11),
    "homecare_support_hospitals": (5, 6, 7),
    "homecare_nurse_stations": (58,),
    "homecare_population": (1,),
    "homecare_population_65": (2,),
    "homecare_home_visit_facilities": (13, 19),
    "homecare_home_visit_cases": (14, 20),
    "homecare_house_call_cases": (26, 32),
    "homecare_attendance_facilities": (37, 43),
    "homecare_attendance_cases": (38, 44),
}
KAWASAKI = ("1404", "1405")
AKITA = {"0501": "県北", "0502": "県北", "0503": "県北", "0504": "県央", "0505": "県央"}
"""Areas of Akita as the 330 edition pools them; the others stand for 県南."""


def _figure(item: int, row: int) -> int:
    return {1: 20_000, 2: 6_000}.get(item, 10) + (7 * row + item) % 40


def synthetic_sheet(pooled: bool = False) -> Rows:
    """Two invented municipalities in each of the 335 areas; Kawasaki is one row, its other area has none."""
    blank: list[Any] = [""] * (FIRST_ITEM + len(ITEMS))
    rows: Rows = [list(blank) for _ in range(FIRST_ROW)]
    rows[0][FIRST_ITEM:] = ITEMS
    for area in places_of("area").iloc[1:].itertuples():
        code = str(area.area_code)
        name = AKITA.get(code, "県南") if pooled and code[:2] == "05" else str(area.area_name)
        members = [f"架空市{code}-{part}" for part in range(2)]
        if code in KAWASAKI:
            members = ["川崎市"] if code == KAWASAKI[0] else []
        for municipality in members:
            row = [*blank]
            row[1:4] = [PREFECTURES[int(str(area.prefecture_code)) - 1], name, municipality]
            row[FIRST_ITEM:] = [_figure(item, len(rows)) for item in ITEMS]
            rows.append(row)
    rows[NATION][1] = "全国"
    return with_nation(rows)


def with_nation(rows: Rows) -> Rows:
    """The same with the nation's row as the sum of all figures."""
    for column in range(FIRST_ITEM, FIRST_ITEM + len(ITEMS)):
        figures = [row[column] for row in rows[FIRST_ROW:]]
        rows[NATION][column] = sum(each for each in figures if isinstance(each, int))
    return rows


def column_of(item: int) -> int:
    return FIRST_ITEM + ITEMS.index(item)


def row_of(rows: Rows, municipality: str) -> int:
    return next(at for at, row in enumerate(rows) if row[3] == municipality)


def added(rows: Rows, items: tuple[int, ...], prefecture: str = "", area: str = "") -> int:
    """Figures of the items added up cell by cell."""
    chosen = [row for row in rows[FIRST_ROW:] if prefecture in ("", row[1]) and area in ("", row[2])]
    return sum(row[column_of(item)] for row in chosen for item in items)


def book(folder: Path, **sheets: Rows) -> Path:
    """A workbook with a sheet for each of ``y2021=rows`` and the like."""
    return write_xlsx(
        folder / "架空の地域別データ集.xlsx", {f"{name[1:]}年": rows for name, rows in sheets.items()}
    )


def at(facts: pd.DataFrame, measure: str, level: str, code: str, year: int = 2021) -> pd.Series[Any]:
    found = facts[
        (facts["measure"] == measure)
        & (facts["level"] == level)
        & (facts["area_code"] == code)
        & (facts["year"] == year)
    ]
    assert len(found) == 1, (measure, level, code, year, len(found))
    return found.iloc[0]


@pytest.fixture(scope="module")
def rows(prefectures: pd.DataFrame) -> Rows:
    """The synthetic sheet; it takes the names of areas from the built tables."""
    return synthetic_sheet()


@pytest.fixture(scope="module")
def path(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book(tmp_path_factory.mktemp("book"), y2017=rows, y2021=rows)


@pytest.fixture(scope="module")
def facts(path: Path) -> pd.DataFrame:
    return workbook_facts(path)


def test_layout(facts: pd.DataFrame) -> None:
    assert tuple(facts.columns) == FACT_COLUMNS
    assert not facts.duplicated(["measure", "level", "area_code", "year"]).any()
    assert set(facts["measure"]) == set(ITEMS_OF) <= set(measures())
    sizes = facts.groupby(["measure", "level", "year"]).size().unstack("level")
    assert (
        (sizes["national"] == 1).all() and (sizes["prefecture"] == 47).all() and (sizes["area"] == 335).all()
    )


@pytest.mark.parametrize(("measure", "items"), ITEMS_OF.items())
def test_sums(measure: str, items: tuple[int, ...], facts: pd.DataFrame, rows: Rows) -> None:
    for level, code, prefecture, area in (
        ("national", "00", "", ""),
        ("prefecture", "32", "島根県", ""),
        ("area", "3201", "島根県", "松江"),
    ):
        row = at(facts, measure, level, code)
        expected = added(rows, items, prefecture, area)
        assert row["value"] == row["lower"] == row["upper"] == expected and row["state"] == "observed"


def test_a_city_in_two_areas_is_between_nothing_and_all(facts: pd.DataFrame, rows: Rows) -> None:
    city = sum(rows[row_of(rows, "川崎市")][column_of(item)] for item in (9, 10, 11))
    for code in KAWASAKI:
        row = at(facts, "homecare_support_clinics", "area", code)
        assert (row["lower"], row["upper"], row["state"]) == (0, city, "suppressed")
        assert np.isnan(row["value"])
    assert at(facts, "homecare_support_clinics", "prefecture", "14")["state"] == "observed"


def test_what_is_not_published_is_suppressed_and_never_zero(rows: Rows, tmp_path: Path) -> None:
    first, second = row_of(rows, "架空市3201-0"), row_of(rows, "架空市3201-1")
    # Attendance: the hospitals' figure of one municipality; all home visits of clinics of the area.
    hidden = with_cell(rows, first, column_of(37), "-")
    for row in (first, second):
        hidden = with_cell(with_cell(hidden, row, column_of(13), "…"), row, column_of(19), "***")
    found = workbook_facts(book(tmp_path, y2021=hidden))
    row = at(found, "homecare_attendance_facilities", "area", "3201")
    # The loader gives both items as one column, so the municipality's published half is lost with the other.
    assert row["lower"] == sum(rows[second][column_of(item)] for item in (37, 43))
    row = at(found, "homecare_home_visit_facilities", "area", "3201")
    assert row["lower"] == 0
    for measure in ("homecare_attendance_facilities", "homecare_home_visit_facilities"):
        for level, code in (("area", "3201"), ("prefecture", "32"), ("national", "00")):
            row = at(found, measure, level, code)
            assert row["state"] == "suppressed" and np.isnan(row["value"]) and row["upper"] == np.inf
        assert at(found, measure, "area", "3202")["state"] == "observed"
        assert at(found, measure, "prefecture", "31")["state"] == "observed"


def test_one_item_hidden_leaves_the_other_in_the_lower_bound(rows: Rows, tmp_path: Path) -> None:
    place = row_of(rows, "架空市3201-0")
    found = workbook_facts(book(tmp_path, y2021=with_cell(rows, place, column_of(13), "-")))
    row = at(found, "homecare_home_visit_facilities", "area", "3201")
    assert row["lower"] == added(rows, (13, 19), "島根県", "松江") - rows[place][column_of(13)]


def test_names_are_found_whatever_their_width_and_spaces(
    rows: Rows, facts: pd.DataFrame, tmp_path: Path
) -> None:
    changed = [list(row) for row in rows]
    for row in changed:
        row[2] = {"松江": "松　江", "高崎・安中": "高崎･安中"}.get(row[2], row[2])
    assert changed != rows
    placed = placed_workbook(book(tmp_path, y2017=changed, y2021=changed))
    pd.testing.assert_frame_equal(placed.facts, facts)
    assert placed.unplaced == ()


def test_an_unknown_area_has_no_row_and_is_named(rows: Rows, tmp_path: Path) -> None:
    pooled = synthetic_sheet(pooled=True)
    path = book(tmp_path, y2021=pooled)
    placed = placed_workbook(path)
    areas = placed.facts[placed.facts["level"] == "area"]
    akita = {str(code) for code in places_of("area")["area_code"] if str(code).startswith("05")}
    assert set(places_of("area")["area_code"][1:]) - set(areas["area_code"]) == akita
    assert placed.unplaced == ("秋田県 県北", "秋田県 県央", "秋田県 県南")
    prefecture = at(placed.facts, "homecare_support_clinics", "prefecture", "05")
    assert prefecture["value"] == added(pooled, (9, 10, 11), "秋田県")
    notes = workbook_notes(path)
    assert len(notes) == 2 and "2021" in notes[0].en and path.name in notes[0].ja
    assert "秋田県 県央" in notes[1].ja and "秋田県 県央" in notes[1].en
    assert len(workbook_notes(None)) == 0


def test_a_name_belongs_to_its_prefecture(rows: Rows, facts: pd.DataFrame, tmp_path: Path) -> None:
    changed = [list(row) for row in rows]
    changed[row_of(rows, "架空市3201-0")][2] = "札幌"
    placed = placed_workbook(book(tmp_path, y2021=changed))
    assert placed.unplaced == ("島根県 札幌",)
    sapporo = at(placed.facts, "homecare_population", "area", "0104")["value"]
    assert sapporo == at(facts, "homecare_population", "area", "0104")["value"]


def test_a_changed_file_is_read_again(rows: Rows, tmp_path: Path) -> None:
    before = workbook_facts(book(tmp_path, y2021=rows))
    changed = with_nation(with_cell(rows, row_of(rows, "架空市3201-0"), column_of(58), 500))
    path = book(tmp_path, y2021=changed)
    os.utime(path, ns=(1, 1))
    after = workbook_facts(path)
    assert at(after, "homecare_nurse_stations", "area", "3201")["value"] == added(
        changed, (58,), "島根県", "松江"
    )
    assert not before.equals(after)


def test_the_workbook_replaces_whole_measures_levels_and_years(path: Path, facts: pd.DataFrame) -> None:
    shipped = read_facts()
    both = with_workbook(shipped, path)
    keys = ["measure", "level", "area_code", "year"]
    assert not both.duplicated(keys).any()
    own = both[both["measure"].isin(ITEMS_OF) & both["year"].isin([2017, 2021])]
    order = {"by": keys, "ignore_index": True}
    pd.testing.assert_frame_equal(own.sort_values(**order), facts.sort_values(**order), check_dtype=False)
    rest = both[~(both["measure"].isin(ITEMS_OF) & both["year"].isin([2017, 2021]))]
    kept = shipped[~(shipped["measure"].isin(ITEMS_OF) & (shipped["year"] == 2017))]
    pd.testing.assert_frame_equal(rest.sort_values(**order), kept.sort_values(**order), check_dtype=False)
    assert set(kept.loc[kept["measure"] == "homecare_support_clinics", "year"]) == {2014, 2015, 2016}


@pytest.mark.parametrize("level", ["prefecture", "area"])
def test_later_years_and_new_indicators_are_in_the_values(level: str, path: Path, rows: Rows) -> None:
    values = indicator_values(level, home_care=path).set_index(["indicator_id", "year", "area_code"])
    code, place = ("32", ("島根県", "")) if level == "prefecture" else ("3201", ("島根県", "松江"))
    for identifier, items in {
        "S-C-3": (5, 6, 7),
        "S-C-2-H": (9, 10, 11),
        "S-C-1-M": (13, 19),
        "S-E-1-M": (37, 43),
    }.items():
        for year in (2017, 2021):
            row = values.loc[identifier, year, code]
            assert row["numerator"] == added(rows, items, *place) and row["state"] == "observed"
            assert row["denominator"] > 0
        nation = values.loc[identifier, 2021, "00"]
        assert nation["numerator"] == added(rows, items) == pytest.approx(nation["expected"])
    if level == "area":
        row = values.loc["S-C-1-M", 2021, KAWASAKI[1]]
        assert row["state"] == "suppressed" and np.isnan(row["numerator"]) and row["numerator_upper"] > 0


def test_without_the_workbook_there_are_no_data(prefectures: pd.DataFrame) -> None:
    rows = prefectures[prefectures["indicator_id"].isin(["S-C-1-M", "S-E-1-M"])]
    assert len(rows) == 2 * 48 and (rows["state"] == "no_data").all()
    assert set(prefectures.loc[prefectures["indicator_id"] == "S-C-3", "year"]) == {2014, 2015, 2016, 2017}


def test_the_benchmark_shows_them_and_says_where_they_come_from(rows: Rows, tmp_path: Path) -> None:
    from zaitaku_demand.benchmark_run import compute_benchmark

    # One municipality hidden in 鳥取県: its prefecture is suppressed in all tables of the report.
    path = book(tmp_path, y2021=with_cell(rows, row_of(rows, "架空市3101-0"), column_of(13), "-"))
    request = BenchmarkRequest(prefecture="島根県", home_care_file=path)
    content = compute_benchmark(request)
    table = content.benchmark.set_index(["indicator_id", "year", "area_code"])
    assert table.loc[("S-C-3", 2021, "32"), "numerator"] == added(rows, (5, 6, 7), "島根県")
    assert table.loc[("S-C-1-M", 2021, "32"), "value"] > 0
    hidden = table.loc[("S-C-1-M", 2021, "31")]
    assert hidden["state"] == "suppressed" and hidden[["value", "lower", "upper"]].isna().all()
    assert any(path.name in note.ja for note in content.notes)


@pytest.mark.parametrize("command", [("benchmark", "--out", "report"), ("indicators", "coverage")])
def test_a_damaged_workbook_is_one_sentence_and_exit_2(
    command: tuple[str, ...], rows: Rows, tmp_path: Path
) -> None:
    whole = book(tmp_path, y2021=rows).read_bytes()
    damaged = tmp_path / "damaged.xlsx"
    damaged.write_bytes(whole[: len(whole) // 2])
    done = subprocess.run(
        [sys.executable, "-m", "zaitaku_demand", *command, "--home-care", str(damaged)],
        cwd=tmp_path,
        env={**os.environ, "ZAITAKU_LANG": "en", "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 2, (done.stdout, done.stderr)
    lines = done.stderr.strip().splitlines()
    assert "damaged.xlsx" in lines[-1] and "Traceback" not in done.stderr
    assert len(lines) == 1, done.stderr
    assert not (tmp_path / "report").exists()


def test_coverage_counts_the_workbook(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from zaitaku_demand.cli.indicators import indicators_app

    monkeypatch.setenv("ZAITAKU_LANG", "en")
    done = CliRunner().invoke(
        indicators_app,
        ["coverage", "--level", "area", "--home-care", str(path), "--lang", "en"],
        catch_exceptions=False,
    )
    lines = [line.split("\t")[:6] for line in done.stdout.splitlines()]
    assert ["S-C-1-M", "2021", "333", "0", "2", "0"] in lines
    assert path.name in done.stderr and path.name not in done.stdout

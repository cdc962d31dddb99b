"""Tables and workbook sheets of the forecast: the same numbers, keys and states, no formula, empty frames."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_tables import FORECAST_TITLES, write_forecast_tables
from zaitaku_demand.report.forecast_view import LEVELS
from zaitaku_demand.report.forecast_workbook import forecast_sheets
from zaitaku_demand.report.sheets import Book
from zaitaku_demand.report.workbook_common import BookParts, write_sheets
from zaitaku_demand.text import Language, Text

BOM = b"\xef\xbb\xbf"
HOSTILE = "=cmd|' /C calc'!A0"
SHEETS = [
    "区間推計",
    "ピーク年の確率",
    "不確実性の要因",
    "シナリオ",
    "増減の要因",
    "過去検証",
    "過去検証（人口）",
]
PROBABILITIES_SUM = 1e-9
ERRORS_ALONE = ("backtest", "backtest_population")
WRITTEN = 5e-5
"""Half of the last decimal of a CSV."""


@pytest.fixture(scope="module")
def tables(
    shimane: ReportContent, forecast: ForecastContent, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    paths = write_forecast_tables(forecast, shimane, folder)
    assert len(paths) == 2 * len(FORECAST_TITLES)
    return folder


def _write(
    forecast: ForecastContent, content: ReportContent, path: Path, language: Language = "ja"
) -> openpyxl.Workbook:
    parts = BookParts([], None, forecast_sheets(forecast, language), ["x"], "x", [], True)
    write_sheets(Book(path, language, "x"), content, parts, language)
    return openpyxl.load_workbook(path)


def _rows(book: openpyxl.Workbook, name: str, first: str) -> tuple[list[object], list[list[object]]]:
    rows = [list(row) for row in book[name].iter_rows(values_only=True)]
    head = next(place for place, row in enumerate(rows) if row[0] == first)
    return rows[head], rows[head + 1 :]


@pytest.mark.parametrize("name", list(FORECAST_TITLES))
def test_every_table_is_there_twice(tables: Path, name: str) -> None:
    parquet = pq.read_table(tables / f"{name}.parquet")
    twin = tables / f"{name}.csv"
    assert twin.read_bytes().startswith(BOM)
    rows = list(csv.reader(twin.read_text("utf-8-sig").splitlines()))
    assert rows[0] == parquet.column_names and len(rows) - 1 == parquet.num_rows > 0
    provenance = json.loads(parquet.schema.metadata[b"zaitaku"])
    assert provenance["title"]["ja"] == FORECAST_TITLES[name].ja
    if name not in ERRORS_ALONE:
        assert {"area_edition", "population_edition", "base_year", "service", "unit", "state"} <= set(rows[0])
        assert set(parquet["state"].to_pylist()) == {"estimated"}


def test_tables_hold_the_content(tables: Path, forecast: ForecastContent) -> None:
    kept = pd.read_parquet(tables / "intervals.parquet")
    for name in ("principal", "median", "lower_80", "upper_80", "lower_95", "upper_95"):
        np.testing.assert_array_equal(kept[name], forecast.intervals[name])
    np.testing.assert_array_equal(kept["constant_rates"], forecast.constant["value"])
    assert set(kept["runs"]) == {400} and set(kept["seed"]) == {20}
    probability = pd.read_parquet(tables / "peak_probability.parquet")
    sums = probability.groupby(["level", "code"])["probability"].sum()
    assert sums.to_numpy() == pytest.approx(1.0, abs=PROBABILITIES_SUM)
    shown = pd.read_csv(tables / "changes.csv", dtype={"code": str})
    np.testing.assert_allclose(shown["effect"], forecast.changes["effect"], rtol=0, atol=WRITTEN)
    assert set(shown["factor_ja"]) == {name.ja for name in forecast.change_names.values()}
    lost = pd.read_parquet(tables / "backtest.parquet")
    assert lost.loc[lost["method"] == "last_value", "coverage_80"].isna().all()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_workbook_has_every_sheet_with_runs_and_seed(
    shimane: ReportContent, forecast: ForecastContent, tmp_path: Path, language: Language
) -> None:
    book = _write(forecast, shimane, tmp_path / "x.xlsx", language)
    names = [sheet.name for sheet in forecast_sheets(forecast, language)]
    assert set(names) <= set(book.sheetnames) and len(set(names)) == 8
    if language == "ja":
        assert names == [*SHEETS, "公式推計との比較"]
    for name in names[:3]:
        above = " ".join(str(book[name].cell(row, 1).value) for row in range(1, 8))
        assert "400" in above and "20" in above
        assert ("推計" if language == "ja" else "Estimated") in above


def test_intervals_in_the_workbook(shimane: ReportContent, forecast: ForecastContent, tmp_path: Path) -> None:
    head, rows = _rows(_write(forecast, shimane, tmp_path / "x.xlsx"), "区間推計", "区分")
    kept = forecast.intervals.set_index(["code", "year"])
    assert len(rows) == 8 * 7
    for row in rows:
        own = kept.loc[(str(row[1]), row[3])]
        assert row[head.index("80％区間の下限")] == pytest.approx(own["lower_80"])
        assert row[head.index("推計値")] == pytest.approx(own["principal"])
        assert row[-1] == "推計"


def test_growth_in_the_workbook(shimane: ReportContent, forecast: ForecastContent, tmp_path: Path) -> None:
    head, rows = _rows(_write(forecast, shimane, tmp_path / "x.xlsx"), "区間推計", "区分")
    kept = forecast.growth.set_index(["code", "year"])
    column = head.index("2022年の何倍か")
    for row in rows:
        own = kept.loc[(str(row[1]), row[3])]
        assert row[column : column + 3] == pytest.approx([own["principal"], own["lower_80"], own["upper_80"]])
    written = pd.read_parquet(write_forecast_tables(forecast, shimane, tmp_path / "t")[0])
    np.testing.assert_array_equal(written["growth_principal"], forecast.growth["principal"])


def test_checking_sheets_do_not_rest_on_the_run(
    shimane: ReportContent, forecast: ForecastContent, tmp_path: Path
) -> None:
    book = _write(forecast, shimane, tmp_path / "x.xlsx")
    above = {name: str(book[name].cell(3, 1).value) for name in SHEETS}
    assert above["区間推計"].endswith("　x")
    for name in ("過去検証", "過去検証（人口）"):
        assert above[name].endswith("推計と実績の比較"), above[name]


def test_peak_probabilities_in_the_workbook(
    shimane: ReportContent, forecast: ForecastContent, tmp_path: Path
) -> None:
    head, rows = _rows(_write(forecast, shimane, tmp_path / "x.xlsx"), "ピーク年の確率", "区分")
    first, last = head.index("2022年"), head.index("2050年以降")
    assert last - first == 28
    for row in rows:
        shares = [float(str(cell)) for cell in row[first : last + 1]]
        assert sum(shares) == pytest.approx(1.0, abs=PROBABILITIES_SUM)
        assert row[head.index("2040年以降の確率")] == pytest.approx(sum(shares[18:]))
        assert row[head.index("2035～39年")] == pytest.approx(sum(shares[13:18]))


def test_differences_in_the_workbook_are_shares_of_the_base(
    shimane: ReportContent, forecast: ForecastContent, tmp_path: Path
) -> None:
    head, rows = _rows(_write(forecast, shimane, tmp_path / "x.xlsx"), "シナリオ", "シナリオ")
    column, value = head.index("2040年の現状投影との差"), head.index("2040年")
    base = {row[2]: float(str(row[value])) for row in rows if row[0] == "現状投影"}
    assert len(rows) == 5 * 8
    for row in rows:
        assert row[column] == pytest.approx(float(str(row[value])) / base[row[2]] - 1)


def test_no_text_becomes_a_formula(shimane: ReportContent, forecast: ForecastContent, tmp_path: Path) -> None:
    hostile = Text(HOSTILE, HOSTILE)
    evil = replace(
        forecast,
        scenario_names={id: hostile for id in forecast.scenario_names},
        sources={id: hostile for id in forecast.sources},
        official=forecast.official.assign(area_name=HOSTILE, reason_ja=HOSTILE),
        intervals=forecast.intervals.assign(name=HOSTILE),
        method=hostile,
    )
    book = _write(evil, shimane, tmp_path / "x.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    write_forecast_tables(evil, shimane, tmp_path / "tables")
    for path in (tmp_path / "tables").glob("*.csv"):
        cells = [cell for row in csv.reader(path.read_text("utf-8-sig").splitlines()) for cell in row]
        assert HOSTILE not in cells
    assert any(f"'{HOSTILE}" in p.read_text("utf-8-sig") for p in (tmp_path / "tables").glob("*.csv"))


def test_empty_frames_and_unknown_values(
    shimane: ReportContent, forecast: ForecastContent, tmp_path: Path
) -> None:
    frames = [name for name, value in vars(forecast).items() if isinstance(value, pd.DataFrame)]
    empty = replace(forecast, **{name: getattr(forecast, name).iloc[:0] for name in frames})
    book = _write(empty, shimane, tmp_path / "x.xlsx")
    assert all("該当なし" in [row[0] for row in book[name].iter_rows(values_only=True)] for name in SHEETS)
    paths = write_forecast_tables(empty, shimane, tmp_path / "tables")
    assert pq.read_table(paths[0]).num_rows == 0
    unknown = replace(forecast, intervals=forecast.intervals.assign(lower_80=np.nan))
    head, rows = _rows(_write(unknown, shimane, tmp_path / "y.xlsx"), "区間推計", "区分")
    assert all(row[head.index("80％区間の下限")] is None for row in rows)


def test_levels_have_names() -> None:
    from zaitaku_demand.report import forecast_labels, forecast_labels_book

    assert set(LEVELS) == set(forecast_labels.LEVEL_NAMES) == set(forecast_labels_book.LEVELS)

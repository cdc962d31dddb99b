"""The benchmark workbook and the whole folder: same numbers, no formulas, all of it or nothing."""

from __future__ import annotations

import math
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from benchmark_synthetic import make_benchmark
from python_calamine import CalamineWorkbook

from zaitaku_demand.benchmark.table import COLUMNS
from zaitaku_demand.report import benchmark_write
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figure_worker import BenchmarkFigureWorker, FigureJob
from zaitaku_demand.report.benchmark_workbook import write_benchmark_workbook
from zaitaku_demand.report.benchmark_write import write_benchmark, write_benchmark_into

HOSTILE = "=cmd|' /C calc'!A0"
SHEETS = [
    "表紙",
    "目次",
    "読み方",
    "退院支援",
    "日常の療養支援",
    "急変時の対応",
    "看取り",
    "4機能に共通",
    "全地域の一覧",
    "PDCAシート",
    "機能別の評価点",
    "類似地域",
    "整合性の確認",
    "データのない指標",
    "注記",
    "既知の課題",
    "出典",
]


@pytest.fixture(scope="module")
def content() -> BenchmarkContent:
    return make_benchmark(focus=("26", "32"))


@pytest.fixture(scope="module")
def book(content: BenchmarkContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_benchmark_workbook(content, tmp_path_factory.mktemp("book") / "benchmark.xlsx")


def _table(path: Path, sheet: str, first: str) -> tuple[list[object], list[list[object]]]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    head = next(place for place, row in enumerate(rows) if row[0] == first)
    return rows[head], rows[head + 1 :]


def test_sheets_and_links(book: Path) -> None:
    opened = openpyxl.load_workbook(book)
    assert opened.sheetnames == SHEETS
    linked = {
        row[0].hyperlink.location.split("!")[0].strip("'") for row in opened["目次"].iter_rows(min_row=3)
    }
    assert linked == set(SHEETS[2:])
    for name in SHEETS[3:14]:
        sheet = opened[name]
        lines = "\n".join(str(sheet.cell(row, 1).value) for row in range(1, 7))
        assert "単位：" in lines and "出典：" in lines and "状態：" in lines and "2022年度" in lines, name
        assert sheet.print_title_rows


def test_function_sheets_hold_the_profile(book: Path, content: BenchmarkContent) -> None:
    head, rows = _table(book, "日常の療養支援", "地域")
    profile = content.profile[content.profile["year"] == 2022].set_index(["area_code", "indicator_id"])
    codes = {"京都府": "26", "島根県": "32"}
    assert len(rows) == 2 * 4
    for row in rows:
        expected = profile.loc[(codes[str(row[0])], row[1])]
        state = {"observed": "実績値", "suppressed": "秘匿", "no_data": "データなし", "estimated": "推計"}
        assert row[head.index("状態")] == state[expected["state"]]
        value = row[head.index("値")]
        if math.isnan(expected["value"]):
            assert value == "" and row[head.index("印")] == "－"
        else:
            assert value == pytest.approx(expected["value"], abs=1e-9)
            assert row[head.index("順位")] == expected["rank"]


def test_all_places_hold_the_latest_year(book: Path, content: BenchmarkContent) -> None:
    head, rows = _table(book, "全地域の一覧", "指標番号")
    figures = content.benchmark
    expected = figures[(figures["level"] == "prefecture") & (figures["year"] == 2022)]
    expected = expected[expected["indicator_id"].isin({str(row[0]) for row in rows})]
    assert len(rows) == len(expected) == 47 * 10
    values = expected.set_index(["indicator_id", "area_code"])["value"]
    for row in rows:
        value = values[(row[0], row[2])]
        found = row[head.index("値")]
        assert found == "" if math.isnan(value) else found == pytest.approx(value, abs=1e-9)


def test_no_data_names_the_file(book: Path) -> None:
    _, rows = _table(book, "データのない指標", "指標番号")
    assert [row[0] for row in rows] == ["S-D-2", "O-D-1", "S-X-1"]
    assert all(str(row[5]).startswith(f"submission/{row[0]}.csv") for row in rows)


def test_no_formula_and_no_outer_link(content: BenchmarkContent, tmp_path: Path) -> None:
    evil = replace(
        content,
        focus=[("26", HOSTILE), ("32", "島根県")],
        indicators=content.indicators.assign(name_ja=HOSTILE),
        consistency=content.consistency.assign(finding_ja=HOSTILE),
    )
    path = write_benchmark_workbook(evil, tmp_path / "x.xlsx")
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            text = archive.read(part).decode("utf-8", "replace")
            assert "<f>" not in text, part
            if part.endswith(".rels"):
                assert 'TargetMode="External"' not in text, part
    found = [
        c for row in openpyxl.load_workbook(path)["看取り"].iter_rows() for c in row if c.value == HOSTILE
    ]
    assert found and all(cell.data_type == "s" for cell in found)


def test_empty_tables_say_so(content: BenchmarkContent, tmp_path: Path) -> None:
    bare = replace(
        content,
        pdca=content.pdca.iloc[:0],
        peers=content.peers.iloc[:0],
        consistency=content.consistency.iloc[:0],
        functions=content.functions.iloc[:0],
    )
    opened = openpyxl.load_workbook(write_benchmark_workbook(bare, tmp_path / "x.xlsx"))
    for name in ("PDCAシート", "類似地域", "整合性の確認", "機能別の評価点"):
        assert "該当なし" in {cell.value for row in opened[name].iter_rows() for cell in row}, name


def test_whole_folder_in_both_languages(
    content: BenchmarkContent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One figure is enough here; the others have tests of their own.
    monkeypatch.setattr(
        benchmark_write,
        "benchmark_figure_worker",
        lambda shown, folder, _: BenchmarkFigureWorker(
            shown, [FigureJob("functions", "", "", "ja", "")], folder
        ),
    )
    small = replace(content, focus=content.focus[:1])
    paths = write_benchmark(small, tmp_path / "out", ("ja", "en"))
    names = {path.relative_to(tmp_path / "out").as_posix() for path in paths}
    assert all(path.is_file() for path in paths)
    for name in (
        "benchmark.html",
        "benchmark_en.html",
        "benchmark.xlsx",
        "benchmark_en.xlsx",
        "manifest.json",
    ):
        assert name in names
    table = pd.read_parquet(tmp_path / "out/tables/benchmark.parquet")
    assert list(table.columns) == list(COLUMNS) and len(table) == len(content.benchmark)
    raw = (tmp_path / "out/tables/benchmark.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    twin = pd.read_csv(tmp_path / "out/tables/benchmark.csv", dtype={"area_code": str}, encoding="utf-8-sig")
    assert list(twin.columns) == list(COLUMNS)
    assert twin["area_code"].iloc[0] == "01"
    hidden = table["state"].isin(["suppressed", "no_data"])
    assert (
        hidden.any()
        and table.loc[hidden, "value"].isna().all()
        and twin.loc[hidden.to_numpy(), "value"].isna().all()
    )
    page = (tmp_path / "out/benchmark_en.html").read_text("utf-8")
    for href in ("benchmark_en.xlsx", "tables/benchmark.csv", "tables/benchmark.parquet", "benchmark.html"):
        assert f'href="{href}"' in page


def test_formulas_in_the_csv_are_neutralised(content: BenchmarkContent, tmp_path: Path) -> None:
    evil = replace(content, benchmark=content.benchmark.assign(area_name=HOSTILE))
    benchmark_write._tables(evil, tmp_path)
    text = (tmp_path / "benchmark.csv").read_text("utf-8-sig")
    assert f",'{HOSTILE}," in text and f",{HOSTILE}," not in text


def test_a_failure_leaves_what_was_there(
    content: BenchmarkContent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "benchmark.html").write_text("old")
    monkeypatch.setattr(
        benchmark_write,
        "benchmark_figure_worker",
        lambda shown, folder, _: BenchmarkFigureWorker(shown, [], folder),
    )

    def fail(*_: object) -> None:
        raise RuntimeError("full disk")

    monkeypatch.setattr(benchmark_write, "write_benchmark_page", fail)
    with pytest.raises(RuntimeError):
        write_benchmark(content, target)
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "benchmark.html"]
    assert (target / "benchmark.html").read_text() == "old"


def test_what_cannot_be_written_is_refused(content: BenchmarkContent, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="language"):
        write_benchmark_into(content, tmp_path, ())
    with pytest.raises(ValueError, match="shrunk"):
        write_benchmark_into(replace(content, benchmark=content.benchmark.drop(columns="shrunk")), tmp_path)

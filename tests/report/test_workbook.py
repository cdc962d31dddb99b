"""The workbook: reopened it holds the same numbers, no formula, and what a planner needs around tables."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from synthetic import Places, make_content, small_places

from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.workbook import write_workbook

HOSTILE = "=cmd|' /C calc'!A0"


def _table(path: Path, sheet: str, first: str) -> tuple[list[object], list[list[object]]]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    head = next(place for place, row in enumerate(rows) if row[0] == first)
    return rows[head], rows[head + 1 :]


def test_areas_hold_the_projection(report: Path, content: ReportContent) -> None:
    head, rows = _table(report / "workbook.xlsx", "圏域別_訪問診療患者", "都道府県\nコード".replace("\n", ""))
    expected = content.projection[content.projection["service"] == "home_visit_patients"]
    for row in rows:
        values = expected[expected["area_code"] == row[2]].set_index("year")["value"]
        for year in content.grid_years:
            assert row[head.index(f"{year}年")] == pytest.approx(values[year], abs=1e-9)
        assert row[head.index("基準年\n（2022年）")] == pytest.approx(values[2022], abs=1e-9)
    assert [row[2] for row in rows] == list(expected["area_code"].unique())


def test_prefectures_and_ages_add_up(report: Path, content: ReportContent) -> None:
    head, rows = _table(report / "workbook.xlsx", "都道府県別", "サービス")
    column = head.index("2040年")
    main = [row for row in rows if row[0] == "訪問診療患者"]
    assert main[0][column] == pytest.approx(sum(float(str(row[column])) for row in main[1:]))
    head, rows = _table(report / "workbook.xlsx", "年齢階級別", "サービス")
    assert head[4:] == ["65歳未満", "65～74歳", "75～84歳", "85～89歳", "90～94歳", "95歳以上"]
    for row in rows:
        assert float(str(row[3])) == pytest.approx(sum(float(str(cell)) for cell in row[4:]))


def test_certified_and_overlap(report: Path, content: ReportContent) -> None:
    head, rows = _table(report / "workbook.xlsx", "認定者数", "都道府県コード")
    sums = content.certified.groupby(["area_code", "year"])["value"].sum()
    for row in rows:
        assert row[head.index("2040年")] == pytest.approx(sums[(row[2], 2040)])
    head, rows = _table(report / "workbook.xlsx", "認定者数（要介護度別）", "都道府県コード")
    levels = content.certified_summary.set_index(["area_code", "year", "level"])["value"]
    for row in rows:
        assert row[head.index("2050年\n要介護3")] == pytest.approx(levels[(row[2], 2050, "要介護3")])
    head, rows = _table(report / "workbook.xlsx", "医療介護の重なり", "都道府県コード")
    assert len(rows) == len(content.double_need)
    assert all(row[5] <= row[6] <= row[7] for row in rows)  # type: ignore[operator]


@pytest.mark.parametrize("name", ["workbook.xlsx", "workbook_en.xlsx"])
def test_no_formula_and_no_outer_link(report: Path, name: str) -> None:
    with zipfile.ZipFile(report / name) as archive:
        for part in archive.namelist():
            text = archive.read(part).decode("utf-8", "replace")
            assert "<f>" not in text, part
            if part.endswith(".rels"):
                assert 'TargetMode="External"' not in text, part
    book = openpyxl.load_workbook(report / name)
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    places = small_places()
    areas = places.areas.assign(area_name=HOSTILE)
    path = write_workbook(make_content(Places(areas, None)), tmp_path / "x.xlsx")
    cell = openpyxl.load_workbook(path)["圏域別"]
    found = [c for row in cell.iter_rows() for c in row if c.value == HOSTILE]
    assert len(found) == len(areas)
    assert all(c.data_type == "s" for c in found)


def test_every_table_sheet_says_what_it_is(report: Path) -> None:
    book = openpyxl.load_workbook(report / "workbook.xlsx")
    names = book.sheetnames
    assert names[:2] == ["表紙", "目次"]
    assert names[-3:] == ["注記", "既知の課題", "出典"]
    linked = {row[0].hyperlink.location.split("!")[0].strip("'") for row in book["目次"].iter_rows(min_row=3)}
    assert linked == set(names[2:])
    for name in names[2:-3]:
        sheet = book[name]
        lines = "\n".join(str(sheet.cell(row, 1).value) for row in range(1, 7))
        assert "単位：" in lines and "推計値" in lines and "出典：" in lines and "2022年度" in lines, name
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows
    notes = [str(cell.value) for row in book["注記"].iter_rows() for cell in row]
    assert any("医療機関の所在地" in text for text in notes)
    assert any("推計値" in text for text in notes)
    sources = [cell.value for row in book["出典"].iter_rows() for cell in row]
    assert "ab" * 32 in sources and "https://www.mhlw.go.jp/x.html" in sources and "PDL1.0" in sources


def test_the_same_content_gives_the_same_bytes(tmp_path: Path, content: ReportContent) -> None:
    one = write_workbook(content, tmp_path / "1.xlsx").read_bytes()
    two = write_workbook(content, tmp_path / "2.xlsx").read_bytes()
    assert one == two


def test_long_and_equal_service_names_get_sheets_of_their_own(tmp_path: Path, content: ReportContent) -> None:
    label = content.services["house_calls"]
    long = label.short._replace(ja="訪問/診療:患者*" * 6)
    services = {name: replace(entry, short=long) for name, entry in content.services.items()}
    path = write_workbook(replace(content, services=services), tmp_path / "x.xlsx")
    assert all(len(name) <= 31 for name in openpyxl.load_workbook(path).sheetnames)

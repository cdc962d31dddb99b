"""The ministry's projection of 2025 (R7) for the 339 構想区域."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sources.files import (
    Rows,
    delete_column,
    read_xlsx,
    refuses,
    refuses_bad_files,
    swap_columns,
    with_cell,
    write_xlsx,
)
from zaitaku_demand.sources import ministry_projection as ministry

WORKBOOK = "mhlw_projection/001728462.xlsx"
NATIONAL = [1_357_201, 1_636_382, 1_808_233, 1_940_315, 1_993_448, 1_994_220]


def small() -> Rows:
    years = ["2024年度", *(f"{year}年度（現状投影）" for year in (2030, 2035, 2040, 2045, 2050))]
    return [
        [ministry.HOME_VISITS],
        ["出典"],
        ["", "", "", "", "", *years],
        [
            "都道府県",
            "構想区域コード",
            "構想区域名",
            "人口(2024年度)",
            "人口(2040年)",
            *["レセプト件数/月"] * 6,
        ],
        ["北海道", "0101", "南渡島", 340_005, 259_252, 10.5, 20, 30, 40, 50, 60],
        ["沖縄県", "4705", "八重山", 55_707, 51_528, 1, 2, 3, 4, 5, 6.25],
    ]


def load(path: Path) -> object:
    return ministry.load_home_visits(path, nationwide=False)


def write(folder: Path, rows: Rows) -> Path:
    return write_xlsx(folder / "ministry.xlsx", {ministry.HOME_VISITS: rows})


def test_small_workbook(tmp_path: Path) -> None:
    table = ministry.load_home_visits(write(tmp_path, small()), nationwide=False)
    assert table["receipts_per_month"].tolist() == [10.5, 20, 30, 40, 50, 60, 1, 2, 3, 4, 5, 6.25]
    assert table.loc[table["kind"] == "observed", "year"].unique().tolist() == [2024]


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: with_cell(rows, 4, 6, "x"), ("row 5", "'G'", "x")),
        (lambda rows: with_cell(rows, 4, 6, ""), ("row 5", "'G'")),
        (lambda rows: with_cell(rows, 4, 6, -1), ("row 5", "negative")),
        (lambda rows: with_cell(rows, 4, 1, "0201"), ("row 5", "青森県")),
        (lambda rows: with_cell(rows, 4, 1, "構想"), ("row 5", "構想")),
        (lambda rows: with_cell(rows, 4, 2, ""), ("row 5", "blank")),
        (lambda rows: [*rows, rows[4]], ("row 7", "second time")),
        (lambda rows: swap_columns(rows, 6, 7), ("2035", "2030")),
        (lambda rows: delete_column(rows, 8), ("2040",)),
        (lambda rows: delete_column(rows, 10), ("5",)),
        (lambda rows: delete_column(rows, 1), ("構想区域コード",)),
        (lambda rows: with_cell(rows, 2, 6, "2030年度"), ("row 3", "'G'")),
        (lambda rows: with_cell(rows, 3, 6, "患者数/月"), ("2030",)),
        (lambda rows: with_cell(rows, 0, 0, ministry.OUTPATIENTS), ("title",)),
        (lambda rows: rows[:4], ("no data",)),
    ],
)
def test_changed_workbooks_are_refused(tmp_path: Path, edit: Any, parts: tuple[str, ...]) -> None:
    refuses(load, write(tmp_path, edit(small())), *parts)


def test_the_sheet_must_be_there(tmp_path: Path) -> None:
    refuses(ministry.load_outpatients, write(tmp_path, small()), ministry.OUTPATIENTS)


def test_two_areas_are_no_nation(tmp_path: Path) -> None:
    refuses(ministry.load_home_visits, write(tmp_path, small()), "青森県")


def test_official_home_visits(raw: Path) -> None:
    table = ministry.load_home_visits(raw / WORKBOOK)
    assert table["area_code"].nunique() == 339
    nation = table.groupby("year")["receipts_per_month"].sum().round().astype(int)
    assert nation.tolist() == NATIONAL
    peak = table.loc[table.groupby("area_code")["receipts_per_month"].idxmax(), "year"].value_counts()
    assert peak.sort_index().tolist() == [9, 4, 5, 66, 203, 52]


def test_official_outpatients(raw: Path) -> None:
    table = ministry.load_outpatients(raw / WORKBOOK)
    nation = table.groupby("year")["receipts_per_month"].sum()
    assert nation.is_monotonic_decreasing and round(nation[2024]) == 87_214_601


def test_a_missing_area_is_noticed(raw: Path, tmp_path: Path) -> None:
    sheets = read_xlsx(raw / WORKBOOK)
    del sheets[ministry.HOME_VISITS][50]
    refuses(ministry.load_home_visits, write_xlsx(tmp_path / "ministry.xlsx", sheets), "338")


def test_unusable_files_are_refused(tmp_path: Path) -> None:
    refuses_bad_files(ministry.load_home_visits, tmp_path, ".xlsx")

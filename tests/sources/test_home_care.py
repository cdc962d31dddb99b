"""Home care by municipality: real data of 2014-2017, and the present workbook's layout in a synthetic file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sources.files import (
    Rows,
    delete_column,
    read_rows,
    refuses,
    refuses_bad_files,
    swap_columns,
    with_cell,
    write_csv,
    write_xlsx,
)
from zaitaku_demand.sources import home_care, home_care_workbook
from zaitaku_demand.sources.places import PREFECTURES

NAME = "home_death_pct_by_municipality_2014_2017.csv"


@pytest.fixture(scope="session")
def file(raw: Path) -> Path:
    return raw / "home_care_by_municipality" / NAME


def test_municipalities_of_four_years(file: Path) -> None:
    table = home_care.load_home_care(file)
    assert table.groupby("year").size().to_dict() == dict.fromkeys(home_care.YEARS, 1741)
    # 住民基本台帳に基づく人口 (総務省), Japanese residents of 1 January 2017: 125,583,658.
    assert table.loc[table["year"] == 2017, "population"].sum() == 125_583_658
    # 68 shares are not published: missing, while 22 are a published zero.
    assert table["home_death_pct"].isna().sum() == 68
    assert (table["home_death_pct"] == 0).sum() == 22
    renamed = table[table["code"].isin(["04216", "04423"])]
    assert renamed["code"].tolist() == ["04423", "04423", "04423", "04216"]


CHANGES: list[tuple[Callable[[Rows], Any], tuple[str, ...]]] = [
    (lambda rows: with_cell(rows, 5, 3, "高い"), ("row 6", "'D'", "高い")),
    (lambda rows: with_cell(rows, 5, 3, "-1"), ("row 6", "'D'", "negative")),
    (lambda rows: with_cell(rows, 5, 3, "101"), ("row 6", "'D'", "100")),
    (lambda rows: with_cell(rows, 5, 3, "9.55"), ("row 6", "'D'", "one decimal")),
    (lambda rows: with_cell(rows, 5, 4, ""), ("row 6", "'E'")),
    (lambda rows: with_cell(rows, 5, 5, "999999"), ("row 6", "'F'", "65")),
    (lambda rows: with_cell(rows, 5, 4, str(int(rows[5][4]) + 1)), ("126,434,635", "126,434,634")),
    (lambda rows: with_cell(rows, 5, 1, "02205"), ("row 6", "'B'", "02205")),
    (lambda rows: with_cell(rows, 5, 1, "1000"), ("row 6", "'B'", "01000")),
    (lambda rows: with_cell(rows, 5, 1, "99205"), ("row 6", "'B'", "99205")),
    (lambda rows: with_cell(rows, 5, 0, "2013"), ("row 6", "'A'", "2013")),
    (lambda rows: [*rows, rows[5]], ("second time",)),
    (lambda rows: rows[:5] + rows[6:], ("2014", "1,740")),
    (lambda rows: [row for row in rows if row[2] != "31"], ("鳥取県",)),
    (lambda rows: delete_column(rows, 7), ("zaitaku_shien_clinics",)),
]


@pytest.mark.parametrize(("change", "parts"), CHANGES)
def test_a_changed_file_is_refused(
    change: Callable[[Rows], Any], parts: tuple[str, ...], file: Path, tmp_path: Path
) -> None:
    refuses(home_care.load_home_care, write_csv(tmp_path / NAME, change(read_rows(file))), *parts)


def test_an_extract_needs_no_nation(file: Path, tmp_path: Path) -> None:
    path = write_csv(tmp_path / NAME, read_rows(file)[:5])
    table = home_care.load_home_care(path, nationwide=False)
    assert table["code"].tolist() == ["01100", "01202", "01203", "01204"]


def test_files_that_are_no_tables_are_refused(tmp_path: Path) -> None:
    refuses_bad_files(home_care.load_home_care, tmp_path, ".csv")


# The ministry's present workbook (001681907.xlsx) is not in hand; this synthetic one has the layout that the
# description of the source gives: row 0 item numbers from column 7, row 6 the nation, rows from 8 municipalities.
ITEMS = (1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 19, 20, 26, 32, 37, 38, 43, 44, 58)
FIRST_ITEM, FIRST_ROW, NATION = 7, 8, 6


def synthetic_sheet() -> Rows:
    """Two municipalities of every prefecture; the figure of item n of the k-th is 1000 n + k."""
    blank: list[Any] = [""] * (FIRST_ITEM + len(ITEMS))
    rows: Rows = [list(blank) for _ in range(FIRST_ROW)]
    rows[0][FIRST_ITEM:] = ITEMS
    rows[2][FIRST_ITEM:] = [f"架空の項目{item}" for item in ITEMS]
    for number, name in enumerate(PREFECTURES):
        for part in range(2):
            row = [*blank]
            row[1:4] = [name, f"架空圏域{number}", f"架空市{number}-{part}"]
            row[FIRST_ITEM:] = [1000 * item + 2 * number + part for item in ITEMS]
            rows.append(row)
    rows[NATION][1] = "全国"
    rows[NATION][FIRST_ITEM:] = [
        sum(row[FIRST_ITEM + place] for row in rows[FIRST_ROW:]) for place in range(len(ITEMS))
    ]
    return rows


def _column(item: int) -> int:
    return FIRST_ITEM + ITEMS.index(item)


def _load(folder: Path, sheets: dict[str, Rows], **options: bool) -> Any:
    return home_care_workbook.load_home_care_workbook(
        write_xlsx(folder / "001681907.xlsx", sheets), **options
    )


def test_items_are_found_by_their_number(tmp_path: Path) -> None:
    rows = synthetic_sheet()
    table = _load(tmp_path, {"令和元年": rows, "2021年": swap_columns(rows, _column(13), _column(58))})
    assert table["year"].unique().tolist() == [2019, 2021] and len(table) == 2 * 94
    first = table[table["year"] == 2019].drop(columns="year").reset_index(drop=True)
    second = table[table["year"] == 2021].drop(columns="year").reset_index(drop=True)
    assert first.equals(second)
    row = first.iloc[3]
    assert (row["prefecture_code"], row["municipality"]) == ("02", "架空市1-1")
    assert row["population"] == 1003
    assert row["zaitaku_shien_hospitals"] == 5003 + 6003 + 7003
    assert row["zaitaku_shien_clinics"] == 9003 + 10003 + 11003
    assert (row["hospital_home_visit_facilities"], row["clinic_home_visit_cases"]) == (13003, 20003)
    assert row["house_call_cases"] == 26003 + 32003
    assert row["attendance_facilities"] == 37003 + 43003
    assert row["attendance_cases"] == 38003 + 44003
    assert row["houmon_kango_stations"] == 58003


def test_what_is_not_published_is_missing_and_not_zero(tmp_path: Path) -> None:
    rows = with_cell(synthetic_sheet(), 9, _column(38), "-")
    row = _load(tmp_path, {"2019": rows}).iloc[1]
    assert row.isna().to_dict() == {name: name == "attendance_cases" for name in row.index}


def test_notes_below_the_table_are_left_out(tmp_path: Path) -> None:
    rows = [*synthetic_sheet(), ["", "注　架空の注記"]]
    assert len(_load(tmp_path, {"2019": rows})) == 94


def test_an_extract_of_the_workbook_needs_no_nation(tmp_path: Path) -> None:
    rows = synthetic_sheet()[: FIRST_ROW + 4]
    refuses(
        home_care_workbook.load_home_care_workbook, write_xlsx(tmp_path / "part.xlsx", {"R3": rows}), "沖縄県"
    )
    assert len(_load(tmp_path, {"R3": rows}, nationwide=False)) == 4


WORKBOOK_CHANGES: list[tuple[Callable[[Rows], Any], tuple[str, ...]]] = [
    (lambda rows: with_cell(rows, 0, _column(58), 57), ("2019", "row 1", "58")),
    (lambda rows: with_cell(rows, 0, _column(3), 58), ("2019", "row 1", "58", "twice")),
    (lambda rows: with_cell(rows, 9, _column(13), "多い"), ("row 10", "多い")),
    (lambda rows: with_cell(rows, 9, _column(13), -3), ("row 10", "negative")),
    (lambda rows: with_cell(rows, 9, _column(13), 2.5), ("row 10", "whole")),
    (lambda rows: with_cell(rows, 9, _column(13), 1), ("row 7", "add up")),
    (lambda rows: with_cell(rows, NATION, _column(13), ""), ("row 7",)),
    (lambda rows: with_cell(rows, 9, _column(2), "-"), ("row 10", "population")),
    (lambda rows: with_cell(rows, 9, 1, "蝦夷"), ("row 10", "'B'", "蝦夷")),
    (lambda rows: with_cell(rows, 9, 1, "全国"), ("row 10", "'B'", "nation")),
    (lambda rows: with_cell(rows, 9, 3, ""), ("row 10", "'D'", "blank")),
    (lambda rows: with_cell(rows, 9, 3, "架空市0-0"), ("row 10", "second time")),
    (lambda rows: rows[:12] + rows[14:], ("岩手県",)),
    (lambda rows: rows[:FIRST_ROW], ("municipality",)),
]


@pytest.mark.parametrize(("change", "parts"), WORKBOOK_CHANGES)
def test_a_changed_workbook_is_refused(
    change: Callable[[Rows], Any], parts: tuple[str, ...], tmp_path: Path
) -> None:
    path = write_xlsx(tmp_path / "001681907.xlsx", {"2019年": change(synthetic_sheet())})
    refuses(home_care_workbook.load_home_care_workbook, path, *parts)


@pytest.mark.parametrize(("names", "part"), [(("目次",), "目次"), (("2019", "令和元年"), "two sheets")])
def test_sheets_tell_one_year_each(names: tuple[str, ...], part: str, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "001681907.xlsx", dict.fromkeys(names, synthetic_sheet()))
    refuses(home_care_workbook.load_home_care_workbook, path, part)


def test_files_that_are_no_workbooks_are_refused(tmp_path: Path) -> None:
    refuses_bad_files(home_care_workbook.load_home_care_workbook, tmp_path, ".xlsx")

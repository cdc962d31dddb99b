"""Regional projection of 2018 (社人研): three layouts, one table."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pandas as pd
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
from zaitaku_demand.sources import ipss2018

AGES = [f"{age}～{age + 4}歳" for age in range(0, 90, 5)] + ["90歳以上"]
PLACES = [("1000", "a", "北海道", ""), ("1202", "2", "北海道", "函館市"), ("1303", "3", "北海道", "当別町")]


def extract(path: Path) -> pd.DataFrame:
    return ipss2018.load_municipalities(path, nationwide=False)


def persons(place: int, year: int, sex: int, age: int) -> int:
    base = 100 + 7 * age + 3 * sex + (year - 2015)
    return {0: 5 * base, 1: 3 * base, 2: 2 * base}[place]


def wide_rows() -> Rows:
    rows: Rows = [
        ["コード", "市などの別", "都道府県", "市区町村", "年", "総数"]
        + [f"{a}/{s}" for s in "amf" for a in AGES]
    ]
    for place, cells in enumerate(PLACES):
        for year in ipss2018.YEARS:
            male = [persons(place, year, 0, age) for age in range(19)]
            female = [persons(place, year, 1, age) for age in range(19)]
            both = [m + f for m, f in zip(male, female, strict=True)]
            rows.append([*cells, f"{year}年", str(sum(both)), *map(str, both + male + female)])
    return rows


def workbook_rows(layout: str) -> Rows:
    rows = wide_rows()
    ids = ["コード", "市などの別", "都道府県", "市区町村", "年"]
    data = [
        [int(r[0]), r[1] if r[1] == "a" else int(r[1]), r[2], r[3], int(r[4][:4]), *map(int, r[5:])]
        for r in rows[1:]
    ]
    gap = [""] * 18
    if layout == "two rows":
        head: Rows = [
            [*ids, "総数", "総数", *gap, "男", *gap, "女", *gap],
            ["", "", "", "", "", "", *AGES * 3],
        ]
        return [["将来の地域別男女5歳階級別人口"], *head, *data]
    # Three rows of headings, and each sex begins with its own total.
    blocks = [["", *gap, ""], ["", *gap, ""], ["", *gap, ""]]
    for block, name in zip(blocks, ("総数", "男", "女"), strict=True):
        block[0] = name
    head = [
        [*ids, "将来推計人口（人）", *[""] * 59],
        ["", "", "", "", "", *blocks[0], *blocks[1], *blocks[2]],
        ["", "", "", "", "", *["総数", *AGES] * 3],
    ]
    more = []
    for row in data:
        both, male, female = row[6:25], row[25:44], row[44:63]
        more.append([*row[:5], sum(both), *both, sum(male), *male, sum(female), *female])
    return [*head, *more]


def tidy_rows() -> Rows:
    ages = [f"age_{age}_{age + 4}" for age in range(0, 90, 5)] + ["age_90plus"]
    rows: Rows = [["code", "kind", "pref", "municipality", "year", "sex", "total", *ages]]
    for place, (code, kind, prefecture, name) in enumerate(PLACES):
        for year in ipss2018.YEARS:
            for number, sex in enumerate(("male", "female")):
                cells = [persons(place, year, number, age) for age in range(19)]
                rows.append(
                    [code.zfill(5), kind, prefecture, name, str(year), sex, str(sum(cells)), *map(str, cells)]
                )
    return rows


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return extract(write_csv(tmp_path_factory.mktemp("ipss") / "wide.csv", wide_rows()))


@pytest.fixture(scope="session")
def official(raw: Path) -> pd.DataFrame:
    return ipss2018.load_municipalities(raw / "ipss/2018/all_areas_sex_age5_wide.csv")


def test_small_file_gives_tidy_rows(expected: pd.DataFrame) -> None:
    assert list(expected.columns) == [
        "code",
        "kind",
        "prefecture_name",
        "name",
        "year",
        "sex",
        "age",
        "persons",
    ]
    assert len(expected) == 3 * 7 * 2 * 19
    one = expected.query("code == '01202' and year == 2040 and sex == 'female' and age == '90+'").iloc[0]
    assert (one["name"], one["persons"]) == ("函館市", persons(1, 2040, 1, 18))
    assert set(expected["sex"]) == {"male", "female"}


@pytest.mark.parametrize("layout", ["two rows", "three rows"])
def test_workbook_layouts_give_the_same_table(tmp_path: Path, expected: pd.DataFrame, layout: str) -> None:
    path = write_xlsx(tmp_path / "suikei_kekka.xlsx", {"Sheet1": workbook_rows(layout)})
    pd.testing.assert_frame_equal(extract(path), expected)


def test_tidy_copy_gives_the_same_table(tmp_path: Path, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(extract(write_csv(tmp_path / "tidy.csv", tidy_rows())), expected)


def test_columns_are_found_by_their_headings(tmp_path: Path, expected: pd.DataFrame) -> None:
    moved = swap_columns(swap_columns(wide_rows(), 4, 61), 7, 30)
    pd.testing.assert_frame_equal(extract(write_csv(tmp_path / "moved.csv", moved)), expected)


ROW = 5
"""北海道 in 2035; 函館市 has the positions 8 to 14."""
CHANGES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "text": (lambda rows: with_cell(rows, ROW, 30, "abc"), ("row 6", "'AE'", "abc")),
    "blank": (lambda rows: with_cell(rows, ROW, 30, ""), ("row 6", "'AE'")),
    "negative": (lambda rows: with_cell(rows, ROW, 30, "-5"), ("row 6", "'AE'", "negative")),
    "fraction": (lambda rows: with_cell(rows, ROW, 30, "5.5"), ("row 6", "'AE'", "whole")),
    "underscore": (lambda rows: with_cell(rows, ROW, 30, "1_000"), ("row 6", "'AE'")),
    "huge": (lambda rows: with_cell(rows, ROW, 30, "9" * 30), ("row 6", "'AE'")),
    "another number": (lambda rows: with_cell(rows, ROW, 30, "7"), ("row 6", "male + female")),
    "another both": (lambda rows: with_cell(rows, ROW, 8, "7"), ("row 6", "'I'", "male + female")),
    "another total": (lambda rows: with_cell(rows, ROW, 5, "7"), ("row 6", "'F'", "total")),
    "another year": (lambda rows: with_cell(rows, ROW, 4, "2036年"), ("row 6", "2036")),
    "year without number": (lambda rows: with_cell(rows, ROW, 4, "年"), ("row 6", "'E'")),
    "another code": (lambda rows: with_cell(rows, ROW, 0, "99999"), ("row 6", "99999")),
    "another kind": (lambda rows: with_cell(rows, 9, 1, "3"), ("row 10", "'B'")),
    "another prefecture": (lambda rows: with_cell(rows, ROW, 2, "青森県"), ("row 6", "'C'", "青森県")),
    "a row twice": (lambda rows: [*rows, rows[9]], ("row 23", "01202", "second time")),
    "a row missing": (lambda rows: rows[:9] + rows[10:], ("01202", "2020")),
    "an area missing": (lambda rows: rows[:8] + rows[15:], ("01000", "add up")),
    "no 総数": (lambda rows: delete_column(rows, 5), ("総数",)),
    "no 年": (lambda rows: delete_column(rows, 4), ("年",)),
    "no ages 20-24 of men": (lambda rows: delete_column(rows, 29), ("gap",)),
    "another age heading": (lambda rows: with_cell(rows, 0, 29, "20～25歳/m"), ("overlap",)),
    "an age twice": (lambda rows: with_cell(rows, 0, 29, rows[0][30]), ("twice",)),
    "unknown heading": (lambda rows: with_cell(rows, 0, 29, "備考"), ("備考",)),
    "a shifted row": (lambda rows: [*rows[:9], [*rows[9][:8], "1", *rows[9][8:]], *rows[10:]], ("row 10",)),
    "no data": (lambda rows: rows[:1], ()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_refused_where_it_changed(tmp_path: Path, change: str) -> None:
    edit, parts = CHANGES[change]
    refuses(extract, write_csv(tmp_path / "wide.csv", edit(wide_rows())), *parts)


def test_moved_persons_between_areas_are_refused(tmp_path: Path) -> None:
    rows = wide_rows()
    for column, by in ((5, 10), (6, 10), (25, 10)):
        rows[9][column] = str(int(rows[9][column]) + by)
    refuses(extract, write_csv(tmp_path / "wide.csv", rows), "row 3", "01000", "add up")


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: rows[:3] + rows[4:], ("male",)),
        (lambda rows: with_cell(rows, 3, 6, "9"), ("row 4", "'G'")),
        (lambda rows: with_cell(rows, 3, 5, "both"), ("row 4", "both")),
        (lambda rows: with_cell(rows, 20, 3, "別の市"), ("01202",)),
        (lambda rows: delete_column(rows, 10), ("gap",)),
    ],
)
def test_a_changed_tidy_copy_is_refused(tmp_path: Path, edit: Any, parts: tuple[str, ...]) -> None:
    refuses(extract, write_csv(tmp_path / "tidy.csv", edit(tidy_rows())), *parts)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_unusable_files_are_refused(tmp_path: Path, suffix: str) -> None:
    refuses_bad_files(extract, tmp_path, suffix)


def test_a_prefecture_alone_is_no_national_file(tmp_path: Path) -> None:
    refuses(ipss2018.load_municipalities, write_csv(tmp_path / "wide.csv", wide_rows()), "青森県", "沖縄県")


def test_table_reads_measure_year_and_unit(tmp_path: Path) -> None:
    head = ["コード", "市などの別", "都道府県", "市区町村", "総人口（人）", *[""] * 6]
    years = ["", "", "", "", *(f"{year}年" for year in ipss2018.YEARS)]
    rows = [["結果表1　総人口"], head, years, [1202, 2, "北海道", "函館市", *range(700, 0, -100)]]
    table = ipss2018.load_table(write_xlsx(tmp_path / "kekkahyo1.xlsx", {"Sheet1": rows}))
    assert table["year"].tolist() == list(ipss2018.YEARS)
    assert table["value"].tolist() == list(range(700, 0, -100))
    assert (table["unit"] == "persons").all() and (table["title"] == "結果表1　総人口").all()
    years[5] = "2021年"
    refuses(ipss2018.load_table, write_xlsx(tmp_path / "kekkahyo1.xlsx", {"Sheet1": rows}), "7")


def test_official_file_has_the_published_national_totals(official: pd.DataFrame) -> None:
    nation = official[official["kind"] == "a"].groupby("year")["persons"].sum()
    assert nation[2015] == 127_094_745
    assert nation[2040] == 110_918_555
    assert nation[2045] == 106_421_185


def test_official_file_has_fukushima_as_a_whole(official: pd.DataFrame) -> None:
    assert official.loc[official["code"].str.startswith("07"), "code"].unique().tolist() == ["07000"]


def test_official_copies_agree(raw: Path, official: pd.DataFrame) -> None:
    tidy = ipss2018.load_municipalities(raw / "ipss/2018/municipality_year_sex_age5.csv")
    pd.testing.assert_frame_equal(tidy, official)


def test_official_file_is_read_in_three_seconds(raw: Path, official: pd.DataFrame) -> None:
    start = time.process_time()
    ipss2018.load_municipalities(raw / "ipss/2018/all_areas_sex_age5_wide.csv")
    assert time.process_time() - start < 3


def test_a_municipality_taken_out_of_the_official_file_is_noticed(raw: Path, tmp_path: Path) -> None:
    rows = read_rows(raw / "ipss/2018/all_areas_sex_age5_wide.csv")
    kept = [row for row in rows if row[0] != "13101"]
    assert len(kept) == len(rows) - 7
    refuses(ipss2018.load_municipalities, write_csv(tmp_path / "wide.csv", kept), "13000", "add up")

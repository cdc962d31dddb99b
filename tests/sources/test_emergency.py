"""Ambulances: prefectures that add up to the nation, ages and places that add up to their total."""

from __future__ import annotations

from collections.abc import Callable
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
    with_cell,
    write_csv,
)
from zaitaku_demand.sources import emergency

FILES: dict[str, Callable[[Path], pd.DataFrame]] = {
    "transported_total_by_pref_2023": emergency.load_transported,
    "national_transported_by_age": emergency.load_transported_by_age,
    "national_by_age_extra": emergency.load_transported_by_age,
    "transported_by_place_2022": emergency.load_places,
}
PREFECTURES, AGES, OLDER, PLACES = FILES


@pytest.fixture(scope="session")
def folder(raw: Path) -> Path:
    return raw / "emergency"


def test_prefectures(folder: Path) -> None:
    table = emergency.load_transported(folder / f"{PREFECTURES}.csv").set_index("code")["persons"]
    # 令和6年版 救急・救助の現況 (総務省消防庁): 6,641,420 persons in 2023.
    assert table["00"] == 6_641_420 == table.drop("00").sum()
    assert len(table) == 48


def test_ages_not_published_are_missing(folder: Path) -> None:
    table = emergency.load_transported_by_age(folder / f"{AGES}.csv").set_index(["year", "age"])["persons"]
    # 令和5年版 救急・救助の現況, table 29.
    assert table[2022, "age85plus"] == 1_514_208
    assert pd.isna(table[2023, "age85plus"]) and table[2023, "elderly_65plus"] == 4_093_552
    older = emergency.load_transported_by_age(folder / f"{OLDER}.csv").set_index(["year", "age"])["persons"]
    assert older[2015, "total"] == 5_478_370


def test_places(folder: Path) -> None:
    table = emergency.load_places(folder / f"{PLACES}.csv").set_index(["place", "part"])["persons"]
    # 令和5年版 救急・救助の現況, table 42: 老人ホーム.
    assert table["公衆出入場所", "老人ホーム"] == 537_835


CHANGES: list[tuple[str, Callable[[Rows], Any], tuple[str, ...]]] = [
    (PREFECTURES, lambda rows: with_cell(rows, 3, 2, "x"), ("row 4", "'C'", "x")),
    (PREFECTURES, lambda rows: with_cell(rows, 3, 2, "-5"), ("row 4", "'C'", "negative")),
    (PREFECTURES, lambda rows: with_cell(rows, 3, 2, "54673"), ("row 2", "'C'", "sum of the prefectures")),
    (PREFECTURES, lambda rows: with_cell(rows, 3, 0, "03"), ("row 4", "'A'", "青森県")),
    (PREFECTURES, lambda rows: with_cell(rows, 3, 1, "津軽"), ("row 4", "'B'", "津軽")),
    (PREFECTURES, lambda rows: rows[:3] + rows[4:], ("青森県",)),
    (PREFECTURES, lambda rows: [*rows, rows[3]], ("second time",)),
    (PREFECTURES, lambda rows: with_cell(rows, 0, 2, "transported"), ("transported_total_2023",)),
    (AGES, lambda rows: with_cell(rows, 2, 4, "1"), ("row 3", "ages")),
    (AGES, lambda rows: with_cell(rows, 2, 8, "1257394"), ("row 3", "'F'", "65+")),
    (AGES, lambda rows: with_cell(rows, 2, 1, ""), ("row 3", "'B'")),
    (AGES, lambda rows: [*rows, rows[2]], ("second time", "2021")),
    (AGES, lambda rows: delete_column(rows, 1), ("neonate",)),
    (OLDER, lambda rows: with_cell(rows, 1, 3, "898670"), ("row 2", "65+")),
    (PLACES, lambda rows: with_cell(rows, 2, 2, "3035617"), ("row 2", "'C'", "住宅")),
    (PLACES, lambda rows: with_cell(rows, 15, 2, "139230"), ("row 19", "全体")),
    (PLACES, lambda rows: rows[:1] + rows[2:], ("住宅",)),
]


@pytest.mark.parametrize(("name", "change", "parts"), CHANGES)
def test_a_changed_file_is_refused(
    name: str, change: Callable[[Rows], Any], parts: tuple[str, ...], folder: Path, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / f"{name}.csv", change(read_rows(folder / f"{name}.csv")))
    refuses(FILES[name], path, *parts)


@pytest.mark.parametrize("name", FILES)
def test_files_that_are_no_tables_are_refused(name: str, tmp_path: Path) -> None:
    refuses_bad_files(FILES[name], tmp_path, ".csv")

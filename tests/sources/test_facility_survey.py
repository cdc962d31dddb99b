"""Facility survey: places once, sums that hold, parts within their whole, areas of the 7th plan."""

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
    swap_columns,
    with_cell,
    write_csv,
)
from zaitaku_demand.sources import facility_survey, support_clinics
from zaitaku_demand.sources.membership import load_area_list

CLINICS = "T107_clinics_homecare_services_pref_city"
HOSPITALS = "T68_hospitals_homecare_services_pref_city"
PREFECTURES = "T108_zaishishin_pref"
AREAS = "T24_zaishishin_iryoken2"
CLASSES = "T168_zaishishin_by_patient_class"


@pytest.fixture(scope="session")
def folder(raw: Path) -> Path:
    return raw / "facility_survey"


@pytest.fixture(scope="session")
def loaders(raw: Path, folder: Path) -> dict[str, Callable[[Path], pd.DataFrame]]:
    areas = load_area_list(raw / "areas" / "membership" / "area_list_335.csv")
    names = dict(zip(areas["area_code"], areas["area_name"], strict=True))
    prefectures = support_clinics.load_support_clinics(folder / f"{PREFECTURES}.csv")
    return {
        CLINICS: facility_survey.load_services,
        HOSPITALS: facility_survey.load_services,
        PREFECTURES: support_clinics.load_support_clinics,
        AREAS: lambda path: support_clinics.load_support_clinics_by_area(path, names, prefectures),
        CLASSES: support_clinics.load_patient_classes,
    }


# Figures of the nation: 令和5年(2023)医療施設（静態・動態）調査, tables 107, 68, 108 and 168, row 全国 / 総数.
def test_services_of_the_nation(folder: Path) -> None:
    clinics = facility_survey.load_services(folder / f"{CLINICS}.csv").set_index("code")
    hospitals = facility_survey.load_services(folder / f"{HOSPITALS}.csv").set_index("code")
    assert clinics.loc["00", ["facilities_total", "houmon_shinryo_fac", "houmon_shinryo_cases"]].tolist() == [
        104_894,
        18_906,
        1_498_229,
    ]
    assert hospitals.loc["00", ["facilities_total", "houmon_shinryo_fac", "mitori_cases"]].tolist() == [
        8_122,
        2_904,
        2_146,
    ]
    for table in (clinics, hospitals):
        assert table["level"].value_counts().to_dict() == {"prefecture": 47, "city": 21, "national": 1}
        assert table.loc["01", "name"] == "北海道" and table.loc["13", "name"] == "東京都"
        assert table.loc["13100", "name"] == "東京都の区部"


def test_support_clinics(loaders: dict[str, Callable[[Path], pd.DataFrame]], folder: Path) -> None:
    prefectures = loaders[PREFECTURES](folder / f"{PREFECTURES}.csv").set_index("code")
    areas = loaders[AREAS](folder / f"{AREAS}.csv")
    assert prefectures.loc["00", "zaishishin_notified"] == 14_725
    assert prefectures.loc["00", "homecare_patients_managed"] == 967_975
    assert len(areas) == 335 and areas["zaishishin_notified"].sum() == 14_725
    # Seven areas have no such clinic: a zero that is known.
    nobody = areas.loc[areas["zaishishin_notified"] == 0, "area_name"].tolist()
    assert nobody == ["南檜山", "北渡島檜山", "北空知", "根室", "二戸", "佐渡", "上五島"]


def test_a_third_of_the_clinics_did_not_state_their_patients(folder: Path) -> None:
    table = support_clinics.load_patient_classes(folder / f"{CLASSES}.csv").set_index(["beds", "patients"])
    assert table.loc[("総数", "総数"), "facilities"] == 14_725
    assert table.loc[("総数", "不詳"), "facilities"] == 4_853


def test_without_names_of_the_plan_every_area_is_unknown(folder: Path) -> None:
    path = folder / f"{AREAS}.csv"
    refuses(lambda each: support_clinics.load_support_clinics_by_area(each, {}), path, "0101")


CHANGES: list[tuple[str, Callable[[Rows], Any], tuple[str, ...]]] = [
    (CLINICS, lambda rows: with_cell(rows, 5, 6, "abc"), ("row 6", "'G'", "abc")),
    (CLINICS, lambda rows: with_cell(rows, 5, 6, "-4"), ("row 6", "'G'", "negative")),
    (CLINICS, lambda rows: with_cell(rows, 5, 6, ""), ("row 6", "'G'")),
    (CLINICS, lambda rows: with_cell(rows, 5, 6, "10.5"), ("row 6", "'G'", "whole")),
    (CLINICS, lambda rows: with_cell(rows, 5, 6, "99999"), ("row 2", "'G'", "sum of the prefectures")),
    (CLINICS, lambda rows: with_cell(rows, 1, 6, "1498230"), ("row 2", "'G'", "1,498,229")),
    (CLINICS, lambda rows: with_cell(rows, 0, 6, "visits"), ("houmon_shinryo_cases",)),
    (CLINICS, lambda rows: delete_column(rows, 6), ("houmon_shinryo_cases",)),
    (CLINICS, lambda rows: [[*row, "1"] for row in rows], ("unknown heading",)),
    (CLINICS, lambda rows: rows[:14] + rows[15:], ("東京都",)),
    (CLINICS, lambda rows: rows[:1] + rows[2:], ("全国",)),
    (CLINICS, lambda rows: rows[:-1], ("熊本市",)),
    (CLINICS, lambda rows: [*rows, rows[9]], ("row 71", "second time")),
    (CLINICS, lambda rows: with_cell(rows, 5, 0, "陸奥"), ("row 6", "'A'", "陸奥")),
    (CLINICS, lambda rows: with_cell(rows, 49, 1, "999999"), ("row 15", "'B'", "cities")),
    (CLINICS, lambda rows: with_cell(rows, 50, 2, "100"), ("row 51", "'D'", "oushin_fac")),
    (CLINICS, lambda rows: with_cell(rows, 50, 8, "0"), ("row 51", "dental_visit")),
    (HOSPITALS, lambda rows: with_cell(rows, 50, 4, "0"), ("row 51", "'E'", "oushin")),
    (PREFECTURES, lambda rows: with_cell(rows, 4, 2, "8000"), ("row 2", "sum of the prefectures")),
    (PREFECTURES, lambda rows: rows[:4] + rows[5:], ("岩手県",)),
    (AREAS, lambda rows: with_cell(rows, 4, 3, "182"), ("01", "'D'", "add up")),
    (AREAS, lambda rows: with_cell(rows, 4, 0, "0199"), ("0199",)),
    (AREAS, lambda rows: with_cell(rows, 4, 0, "9904"), ("row 5", "9904")),
    (AREAS, lambda rows: with_cell(rows, 4, 1, "函館"), ("0104 函館",)),
    (AREAS, lambda rows: rows[:4] + rows[5:], ("0104",)),
    (AREAS, lambda rows: [*rows, rows[4]], ("second time", "0104")),
    (AREAS, lambda rows: with_cell(rows, 2, 3, "13"), ("row 3", "'D'", "clinics_total")),
    (CLASSES, lambda rows: with_cell(rows, 2, 3, "1999"), ("row 3", "'C'", "parts")),
    (CLASSES, lambda rows: with_cell(with_cell(rows, 2, 3, "1999"), 2, 2, "4451"), ("row 2", "classes")),
    (CLASSES, lambda rows: rows[:3] + rows[4:], ("26",)),
    (CLASSES, lambda rows: with_cell(rows, 3, 1, "20-59"), ("row 4", "20-59")),
]


@pytest.mark.parametrize(("name", "change", "parts"), CHANGES)
def test_a_changed_file_is_refused(
    name: str,
    change: Callable[[Rows], Any],
    parts: tuple[str, ...],
    loaders: dict[str, Callable[[Path], pd.DataFrame]],
    folder: Path,
    tmp_path: Path,
) -> None:
    path = write_csv(tmp_path / f"{name}.csv", change(read_rows(folder / f"{name}.csv")))
    refuses(loaders[name], path, *parts)


@pytest.mark.parametrize("name", [CLINICS, PREFECTURES, AREAS])
def test_moved_columns_change_nothing(
    name: str, loaders: dict[str, Callable[[Path], pd.DataFrame]], folder: Path, tmp_path: Path
) -> None:
    moved = write_csv(tmp_path / f"{name}.csv", swap_columns(read_rows(folder / f"{name}.csv"), 2, 4))
    pd.testing.assert_frame_equal(loaders[name](moved), loaders[name](folder / f"{name}.csv"))


@pytest.mark.parametrize("name", [CLINICS, PREFECTURES, AREAS, CLASSES])
def test_files_that_are_no_tables_are_refused(
    name: str, loaders: dict[str, Callable[[Path], pd.DataFrame]], tmp_path: Path
) -> None:
    refuses_bad_files(loaders[name], tmp_path, ".csv")

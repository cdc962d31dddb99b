"""Notices: 34 prefectures in three files that must agree; addresses that lead to a municipality."""

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
from zaitaku_demand.sources import facility_notices
from zaitaku_demand.sources.addresses import folded, locate
from zaitaku_demand.sources.facility_notices import STANDARDS

PREFECTURES = "todokede_counts_by_pref_34_2025-10.csv"
MUNICIPALITIES = "todokede_counts_by_municipality_34pref_2025-10.csv"
LIST = "todokede_homecare_facilities_34pref_2025-10.csv.gz"


@pytest.fixture(scope="session")
def folder(raw: Path) -> Path:
    return raw / "facility_notices"


@pytest.fixture(scope="session")
def notices(folder: Path) -> pd.DataFrame:
    return facility_notices.load_notices(folder / LIST)


def test_the_list_gives_the_counts_of_the_prefectures(folder: Path, notices: pd.DataFrame) -> None:
    published = facility_notices.load_by_prefecture(folder / PREFECTURES).set_index("prefecture_code")
    counted = facility_notices.institutions_by(notices, notices["prefecture_code"])
    assert len(notices) == 89_279 and len(published) == 34
    assert not set(published.index) & facility_notices.ABSENT
    pd.testing.assert_frame_equal(counted, published.loc[counted.index, list(STANDARDS)], check_names=False)
    # Clinics of the three kinds in the 34 prefectures.
    assert published[
        ["在支診1(機能強化単独)", "在支診2(機能強化連携)", "在支診3(従来型)"]
    ].sum().tolist() == [137, 1905, 5082]


def test_an_institution_with_two_notices_counts_once(notices: pd.DataFrame) -> None:
    keys = ["prefecture_code", "institution", "symbol"]
    assert notices.duplicated(keys).sum() == 44
    twice = notices[notices.duplicated(keys, keep=False) & (notices["symbol"] == "支援診２")]
    assert sorted(twice["name"].unique()) == sorted(
        ["医療法人社団　阿久津内科医院", "こまくさ診療所南与野", "医療法人社団つかだファミリークリニック"]
    )


def test_municipalities_add_up_to_prefectures(folder: Path) -> None:
    municipalities = facility_notices.load_by_municipality(folder / MUNICIPALITIES)
    prefectures = facility_notices.load_by_prefecture(folder / PREFECTURES).set_index("prefecture_code")
    added = municipalities.groupby("prefecture_code")[list(STANDARDS)].sum()
    pd.testing.assert_frame_equal(added, prefectures.loc[added.index, list(STANDARDS)])
    unplaced = municipalities[municipalities["municipality"] == facility_notices.UNPLACED]
    assert unplaced["prefecture_name"].tolist() == ["岐阜県"]


def test_dates_are_read(notices: pd.DataFrame) -> None:
    assert notices["start"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
    assert notices["start"].max() == "2025-10-01"
    first = notices.iloc[0]
    assert (first["number"], first["start"], first["row"]) == ("第13号", "2014-10-01", 2)


NAMES = {folded(name): code for name, code in {
    "津市": "24201", "四日市市": "24202", "大町町": "41423", "余市町": "01408", "泊村": "01403",
    "山口市": "35203", "鶴ヶ島市": "11241", "檮原町": "39405", "郡上市": "21219", "札幌市中央区": "01101",
}.items()}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "prefecture", "code"),
    [
        ("津市大門１番", "三重県", "24201"),
        ("四日市市芝田二丁目", "三重県", "24202"),
        ("杵島郡大町", "佐賀県", "41423"),
        ("余市郡余市町黒川町", "北海道", "01408"),
        ("古宇郡泊村", "北海道", "01403"),
        ("山口市小郡平成町", "山口県", "35203"),
        ("鶴ケ島市脚折", "埼玉県", "11241"),
        ("高岡郡梼原町川西路", "高知県", "39405"),
        ("郡上市八幡町桜町２７８", "岐阜県", "21219"),
        ("岐阜県郡上市大和町剣", "岐阜県", "21219"),
        ("札幌市　中央区南１条", "北海道", "01101"),
        ("不明", "岐阜県", None),
    ],
)
def test_addresses_lead_to_a_municipality(text: str, prefecture: str, code: str | None) -> None:
    assert locate(text, NAMES, prefecture) == code


COUNT_CHANGES: list[tuple[str, Callable[[Rows], Any], tuple[str, ...]]] = [
    (PREFECTURES, lambda rows: with_cell(rows, 3, 4, "多い"), ("row 4", "'E'", "多い")),
    (PREFECTURES, lambda rows: with_cell(rows, 3, 4, "-2"), ("row 4", "'E'", "negative")),
    (PREFECTURES, lambda rows: with_cell(rows, 3, 0, "佐賀"), ("row 4", "'A'", "佐賀")),
    (PREFECTURES, lambda rows: rows[:3] + rows[4:], ("佐賀県",)),
    (PREFECTURES, lambda rows: [*rows, rows[3]], ("second time",)),
    (PREFECTURES, lambda rows: delete_column(rows, 7), ("在宅療養後方支援病院",)),
    (MUNICIPALITIES, lambda rows: with_cell(rows, 5, 1, ""), ("row 6", "'B'")),
    (MUNICIPALITIES, lambda rows: [*rows, rows[5]], ("second time", "亀山市")),
    (MUNICIPALITIES, lambda rows: with_cell(rows, 0, 4, "在支診4"), ("在支診3(従来型)",)),
]


@pytest.mark.parametrize(("name", "change", "parts"), COUNT_CHANGES)
def test_changed_counts_are_refused(
    name: str, change: Callable[[Rows], Any], parts: tuple[str, ...], folder: Path, tmp_path: Path
) -> None:
    load = {
        PREFECTURES: facility_notices.load_by_prefecture,
        MUNICIPALITIES: facility_notices.load_by_municipality,
    }[name]
    refuses(load, write_csv(tmp_path / name, change(read_rows(folder / name))), *parts)


# Synthetic notices of two clinics that do not exist.
NOTICE = ["岐阜県", "0100001", "仮クリニック", "500-0001", "岐阜市仮町１", "", "在宅療養支援診療所", "支援診１", "第1号", "令和 6年 6月 1日"]  # fmt: skip
HEADINGS = ["pref", "code", "name", "zip", "address", "beds", "standard", "symbol", "number", "start"]
SYNTHETIC: Rows = [HEADINGS, NOTICE, [*NOTICE[:1], "0100002", *NOTICE[2:]]]


def _load_extract(path: Path) -> pd.DataFrame:
    return facility_notices.load_notices(path, complete=False)


LIST_CHANGES: list[tuple[Callable[[Rows], Any], tuple[str, ...]]] = [
    (lambda rows: with_cell(rows, 2, 0, "岐阜"), ("row 3", "'A'", "岐阜")),
    (lambda rows: with_cell(rows, 2, 1, "100002"), ("row 3", "'B'", "100002")),
    (lambda rows: with_cell(rows, 2, 4, ""), ("row 3", "'E'", "blank")),
    (lambda rows: with_cell(rows, 2, 7, ""), ("row 3", "'H'", "blank")),
    (lambda rows: with_cell(rows, 2, 9, "令和6年13月1日"), ("row 3", "'J'", "令和6年13月1日")),
    (
        lambda rows: [*rows, [*NOTICE[:2], "別の名称", *NOTICE[3:8], "第2号", NOTICE[9]]],
        ("row 4", "'C'", "0100001"),
    ),
    (lambda rows: [*rows, NOTICE], ("row 4", "second time")),
    (lambda rows: [*rows, NOTICE[:-1]], ("row 4", "9 cells")),
    (lambda rows: with_cell(rows, 0, 7, "mark"), ("symbol",)),
    (lambda rows: rows[:1], ("data",)),
]


@pytest.mark.parametrize(("change", "parts"), LIST_CHANGES)
def test_a_changed_list_is_refused(
    change: Callable[[Rows], Any], parts: tuple[str, ...], tmp_path: Path
) -> None:
    refuses(_load_extract, write_csv(tmp_path / "list.csv.gz", change(SYNTHETIC)), *parts)


def test_a_list_without_a_prefecture_is_refused_unless_it_is_an_extract(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv.gz", SYNTHETIC)
    assert len(_load_extract(path)) == 2
    refuses(facility_notices.load_notices, path, "北海道", "沖縄県")


def test_institutions_count_once_for_a_standard(tmp_path: Path) -> None:
    again = [*NOTICE[:8], "第9号", NOTICE[9]]
    table = _load_extract(write_csv(tmp_path / "list.csv", [*SYNTHETIC, again]))
    found = facility_notices.institutions_by(table, table["prefecture_code"])
    assert found.loc["21", "在支診1(機能強化単独)"] == 2 and found.loc["21"].sum() == 2


@pytest.mark.parametrize(
    ("load", "suffix"),
    [
        (facility_notices.load_by_prefecture, ".csv"),
        (facility_notices.load_by_municipality, ".csv"),
        (facility_notices.load_notices, ".csv.gz"),
    ],
)
def test_files_that_are_no_tables_are_refused(
    load: Callable[[Path], pd.DataFrame], suffix: str, tmp_path: Path
) -> None:
    refuses_bad_files(load, tmp_path, suffix)

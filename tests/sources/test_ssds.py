"""SSDS: only the items asked for, checked against the catalogue; '-' is missing, never zero."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.sources.files import Rows, delete_column, refuses, refuses_bad_files, with_cell, write_csv
from zaitaku_demand.sources import ssds
from zaitaku_demand.sources.places import PREFECTURES

FILE = "ssds/ssds_pref_IJ_and_related_all_years.csv.gz"
SELECTED = "ssds/ssds_pref_selected_2005on.csv.gz"
CATALOGUE = "ssds/ssds_item_catalogue.csv"

ITEMS = (
    "I5601",
    "I5102",
    "I5101",
    "K1210",
    "I6101",
    "A8301",
    "A8111",
    "I610120",
    "I7102",
    "A4200",
    "I560801",
)
ABROAD = 0.002
"""Relative: deaths with residence abroad or unknown are in the published national total, not in a prefecture."""


def rows_of(codes: tuple[str, ...] = ("I5601",), years: tuple[int, ...] = (2022, 2023)) -> Rows:
    head: Rows = [list(ssds.HEADINGS)]
    return head + [
        [code, f"{code}の名称", "所", "basic", str(year), f"{number:02d}", name, str(number * 10)]
        for code in codes
        for year in years
        for number, name in enumerate(PREFECTURES, 1)
    ]


def written(folder: Path, rows: Rows) -> Path:
    return write_csv(folder / "ssds.csv.gz", rows)


def catalogue_of(*codes: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"code": codes, "name": [f"{code}の名称" for code in codes], "unit": "所", "kind": "basic"}
    )


@pytest.fixture(scope="module")
def national(raw: Path) -> pd.Series:
    catalogue = ssds.load_catalogue(raw / CATALOGUE)
    table = ssds.load_items(raw / FILE, ITEMS, catalogue, first_year=2010)
    return table.groupby(["code", "year"])["value"].sum(min_count=47)


def test_prefectures_add_up_to_published_national_totals(national: pd.Series) -> None:
    published = {
        ("I5101", 2023): 8_122,  # 令和5年医療施設調査, 病院
        ("I5102", 2023): 104_894,  # 令和5年医療施設調査, 一般診療所
        ("I6101", 2022): 327_444,  # 令和4年医師・歯科医師・薬剤師統計, 医療施設の従事者
        ("K1210", 2023): 7_638_558,  # 令和5年中の救急出動件数（消防庁 令和6年版 救急・救助の現況）
        ("A8301", 2020): 6_716_806,  # 令和2年国勢調査, 65歳以上の単独世帯
        ("A8111", 2020): 22_655_031,  # 令和2年国勢調査, 65歳以上世帯員のいる一般世帯
        ("I5601", 2018): 10_884,  # 平成30年介護サービス施設・事業所調査, 訪問看護ステーション
    }
    assert {key: int(national[key]) for key in published} == published


def test_clinics_and_hospitals_agree_with_the_survey_of_medical_facilities(
    raw: Path, national: pd.Series
) -> None:
    clinics = pd.read_csv(raw / "facility_survey/T108_zaishishin_pref.csv").set_index("area")
    hospitals = pd.read_csv(raw / "facility_survey/T68_hospitals_homecare_services_pref_city.csv").set_index(
        "area"
    )
    assert national["I5102", 2023] == clinics.at["全国", "clinics_total"]
    assert national["I5101", 2023] == hospitals.at["全国", "facilities_total"]


def test_deaths_fall_short_of_the_published_total_by_residence_abroad_or_unknown_only(
    national: pd.Series,
) -> None:
    # 人口動態統計（確定数）: 1,569,050 deaths in 2022, 1,576,016 in 2023.
    for year, published in ((2022, 1_569_050), (2023, 1_576_016)):
        assert 0 < 1 - national["A4200", year] / published < ABROAD


def test_missing_is_not_zero(raw: Path) -> None:
    table = ssds.load_items(raw / FILE, ["I610120", "I7102", "I560801"])
    cells = table.set_index(["code", "year", "prefecture_code"])["value"]
    assert np.isnan(cells["I610120", 2011, "07"]) and np.isnan(cells["I7102", 2010, "04"])
    assert cells["I560801", 2023, "05"] == 0
    assert cells.isna().sum() == 2


def test_the_two_copies_of_the_official_file_agree(raw: Path) -> None:
    selected = pd.read_csv(raw / SELECTED, dtype=str)
    numeric = selected[selected["code"].isin(ITEMS)]
    table = ssds.load_items(raw / FILE, sorted(set(numeric["code"])))
    joined = numeric.astype({"year": "int64"}).merge(
        table, left_on=["code", "year", "pref_code"], right_on=["code", "year", "prefecture_code"], how="left"
    )
    assert len(joined) == 4_700
    expected = joined["value_x"].where(joined["value_x"] != "-").astype("float64")
    pd.testing.assert_series_equal(joined["value_y"], expected, check_names=False)


def test_deaths_by_sex_age_prefecture_and_year(raw: Path) -> None:
    deaths = ssds.load_deaths(raw / FILE, ssds.load_catalogue(raw / CATALOGUE))
    assert sorted(deaths["prefecture_code"].unique()) == [f"{number:02d}" for number in range(1, 48)]
    total = deaths.groupby(["year", "sex", "age"])["deaths"].sum()
    # 人口動態統計 2007（確定数）: 1,108,334 deaths.
    assert 0 < 1 - total[2007, "both", "total"] / 1_108_334 < ABROAD
    men_and_women = total[2023, "male", "65+"] + total[2023, "female", "65+"]
    assert men_and_women == total[2023, "both", "65+"] == 1_445_511
    by_age = total[2007, "male"][list(ssds.DEATH_AGES)]
    # 32 men of 2007 have no known age.
    assert by_age.sum() + 32 == total[2007, "male", "total"]
    assert deaths[deaths["age"] == "50-54"]["year"].max() == 2007
    contradicting = deaths[
        (deaths["prefecture_code"] == "03") & (deaths["year"] == 1977) & (deaths["age"] == "total")
    ].set_index("sex")["deaths"]
    # As published: 9,701 deaths but 5,367 men and 4,534 women.
    assert contradicting.to_dict() == {"both": 9_701, "male": 5_367, "female": 4_534}


def test_only_the_wanted_items_and_years_come_back(tmp_path: Path) -> None:
    path = written(tmp_path, rows_of(("I5601", "I5602")))
    table = ssds.load_items(path, ["I5602"], catalogue_of("I5601", "I5602"), first_year=2023)
    assert list(table.columns) == ["code", "unit", "year", "prefecture_code", "value"]
    assert (len(table), set(table["code"]), set(table["year"])) == (47, {"I5602"}, {2023})
    assert table["value"].tolist() == [number * 10.0 for number in range(1, 48)]


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: delete_column(rows, 7), ("row 1", "headings")),
        (lambda rows: with_cell(rows, 0, 2, "単位"), ("row 1", "単位")),
        (lambda rows: with_cell(rows, 5, 7, "-5"), ("row 6", "'value'", "-5")),
        (lambda rows: with_cell(rows, 5, 7, "1,234"), ("row 6", "'value'", "1,234")),
        (lambda rows: with_cell(rows, 5, 7, ""), ("row 6", "'value'")),
        (lambda rows: with_cell(rows, 5, 7, "nan"), ("row 6", "'value'")),
        (lambda rows: with_cell(rows, 5, 7, "１２"), ("row 6", "'value'")),
        (lambda rows: with_cell(rows, 5, 4, "令和4"), ("row 6", "'year'", "令和4")),
        (lambda rows: with_cell(rows, 5, 4, "1950"), ("row 6", "'year'", "1950")),
        (lambda rows: with_cell(rows, 5, 2, "床"), ("row 6", "'unit'", "床")),
        (lambda rows: with_cell(rows, 5, 1, "病院数"), ("row 6", "'name'", "病院数")),
        (lambda rows: with_cell(rows, 5, 6, "東京都"), ("row 6", "'pref'", "東京都")),
        (lambda rows: with_cell(rows, 5, 5, "48"), ("row 6", "'pref'")),
        (lambda rows: [*rows, rows[5]], ("row 96", "I5601・2022・05")),
        (lambda rows: rows[:5] + rows[6:], ("I5601 2022 (46)",)),
    ],
)
def test_a_damaged_file_is_answered_with_the_row_and_column(
    tmp_path: Path, edit: Callable[[Rows], Rows], parts: tuple[str, ...]
) -> None:
    path = written(tmp_path, edit(rows_of()))
    refuses(lambda file: ssds.load_items(file, ["I5601"], catalogue_of("I5601")), path, *parts)


def test_an_item_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, rows_of())
    refuses(lambda file: ssds.load_items(file, ["I5601", "I9999"]), path, "I9999")


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    refuses_bad_files(lambda path: ssds.load_items(path, ["I5601"]), tmp_path, ".csv.gz")
    refuses_bad_files(ssds.load_catalogue, tmp_path, ".csv")
    whole = gzip.compress(b"code,name,unit,kind,year,pref_code,pref,value\n" * 500)
    cut = tmp_path / "half.csv.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    refuses(lambda path: ssds.load_items(path, ["I5601"]), cut)


def death_rows(change: dict[tuple[str, str], int]) -> Rows:
    """Deaths of 2000: one man and two women of each age in every prefecture, with `change` in Hokkaido."""
    figures: dict[str, int] = {}
    for place in range(1, 22):
        figures |= {f"A42{place:02d}01": 1, f"A42{place:02d}02": 2, f"A42{place:02d}": 3}
    old = 8
    figures |= {"A4200": 63, "A420001": 21, "A420002": 42}
    figures |= {"A4231": 3 * old, "A423101": old, "A423102": 2 * old}
    rows: Rows = [list(ssds.HEADINGS)]
    return rows + [
        [code, code, "人", "basic", "2000", f"{n:02d}", name, str(change.get((code, f"{n:02d}"), value))]
        for code, value in figures.items()
        for n, name in enumerate(PREFECTURES, 1)
    ]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({("A420001", "01"): 30}, "men and women"),
        ({("A4205", "01"): 90, ("A420501", "01"): 88}, "the ages and the total"),
        ({("A421501", "01"): 0, ("A4215", "01"): 2}, "65+"),
    ],
)
def test_deaths_that_do_not_add_up_are_refused(
    tmp_path: Path, change: dict[tuple[str, str], int], part: str
) -> None:
    sound = ssds.load_deaths(written(tmp_path, death_rows({})))
    assert len(sound) == 47 * 3 * 23
    refuses(ssds.load_deaths, written(tmp_path, death_rows(change)), part, "01・2000")

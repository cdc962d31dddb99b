"""Population census: ages up to 100+, unknown ages apart, and the odd label of the history."""

from __future__ import annotations

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
from zaitaku_demand.sources import census

AREAS = "census/census2020_area339_sex_age5.csv"
PREFECTURES = "census/census2020_prefecture_sex_age5.csv"
HISTORY = "census/census_1980_2015_prefecture_age5_sex.csv"
MUNICIPAL_HISTORY = "census/census_1980_2015_municipality_age5_sex.csv.gz"


@pytest.fixture(scope="session")
def municipal_history(raw: Path) -> pd.DataFrame:
    return census.load_history(raw / MUNICIPAL_HISTORY)


def history_rows(code: str = "01202", name: str = "函館市") -> Rows:
    ages = [f"{age}～{age + 4}歳" for age in range(0, 85, 5)] + ["85～89歳以上", "90歳以上", "年齢不詳"]
    rows: Rows = [["code", "name", "sex", "age_group", *map(str, range(1980, 2020, 5))]]
    for sex, each in (("total", 5), ("male", 2), ("female", 3)):
        rows.append([code, name, sex, "総数", *[str(each * len(ages))] * 8])
        rows += [[code, name, sex, age, *[str(each)] * 8] for age in ages]
    return rows


def extract(path: Path) -> pd.DataFrame:
    return census.load_history(path, nationwide=False)


def test_census_2020_by_area(raw: Path) -> None:
    table = census.load_areas_2020(raw / AREAS)
    assert table["area_code"].nunique() == 339
    assert table["persons"].sum() == 126_146_099
    assert table.loc[table["age"] == "unknown", "persons"].sum() == 2_931_838
    assert table["age"].unique().tolist()[-4:] == ["90-94", "95-99", "100+", "unknown"]
    by_sex = table.groupby("sex")["persons"].sum()
    assert by_sex.to_dict() == {"female": 64_796_518, "male": 61_349_581}


def test_census_2020_areas_add_up_to_prefectures(raw: Path) -> None:
    areas = census.load_areas_2020(raw / AREAS).groupby(["prefecture_code", "sex", "age"])["persons"].sum()
    table = census.load_prefectures_2020(raw / PREFECTURES)
    prefectures = table.assign(prefecture_code=table["code"].str[:2])
    assert (prefectures.groupby(["prefecture_code", "sex", "age"])["persons"].sum() == areas).all()
    assert (table["kind"] == "a").all() and table["code"].nunique() == 47


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: with_cell(rows, 5, 8, "7"), ("row 6", "ages + unknown")),
        (lambda rows: with_cell(rows, 5, 24, "7"), ("row 6", "65 and over")),
        (lambda rows: with_cell(rows, 5, 28, "7"), ("row 6", "'AC'", "ages + unknown")),
        (lambda rows: with_cell(rows, 5, 8, "X"), ("row 6", "'I'", "X")),
        (lambda rows: with_cell(rows, 5, 8, "-1"), ("row 6", "'I'", "negative")),
        (lambda rows: with_cell(rows, 5, 4, "total"), ("row 6", "'E'")),
        (lambda rows: with_cell(rows, 5, 2, "02"), ("row 6", "02")),
        (lambda rows: with_cell(rows, 5, 3, "青森県"), ("row 6", "青森県")),
        (lambda rows: with_cell(rows, 5, 0, "0101"), ("0101", "second time")),
        (lambda rows: rows[:5] + rows[6:], ("0103", "male")),
        (lambda rows: rows[:5] + rows[7:], ("national",)),
        (lambda rows: [*rows, rows[5]], ("second time",)),
        (lambda rows: delete_column(rows, 8), ("pop_15_19",)),
        (lambda rows: with_cell(rows, 0, 8, "pop_15_20"), ("pop_15_19",)),
    ],
)
def test_a_changed_census_of_2020_is_refused(
    raw: Path, tmp_path: Path, edit: Any, parts: tuple[str, ...]
) -> None:
    rows = edit(read_rows(raw / AREAS))
    refuses(census.load_areas_2020, write_csv(tmp_path / "areas.csv", rows), *parts)


def test_columns_are_found_by_their_headings(raw: Path, tmp_path: Path) -> None:
    moved = swap_columns(swap_columns(read_rows(raw / PREFECTURES), 5, 20), 0, 9)
    table = census.load_prefectures_2020(write_csv(tmp_path / "prefectures.csv", moved))
    pd.testing.assert_frame_equal(table, census.load_prefectures_2020(raw / PREFECTURES))


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: with_cell(rows, 5, 7, "7"), ("row 6", "ages + unknown")),
        (lambda rows: with_cell(rows, 1, 2, "48"), ("48",)),
        (lambda rows: with_cell(rows, 1, 0, "48"), ("row 2", "48")),
        (lambda rows: rows[:1] + rows[3:], ("北海道",)),
    ],
)
def test_a_changed_prefecture_file_is_refused(
    raw: Path, tmp_path: Path, edit: Any, parts: tuple[str, ...]
) -> None:
    rows = edit(read_rows(raw / PREFECTURES))
    refuses(census.load_prefectures_2020, write_csv(tmp_path / "prefectures.csv", rows), *parts)


def test_history_gives_85_to_89_and_90_plus(tmp_path: Path) -> None:
    table = extract(write_csv(tmp_path / "history.csv.gz", history_rows()))
    assert table["age"].unique().tolist()[-3:] == ["85-89", "90+", "unknown"]
    assert len(table) == 8 * 3 * 20
    assert table.query("sex == 'both'")["persons"].unique().tolist() == [5]
    assert table["kind"].unique().tolist() == ["2"]


def test_history_with_85_and_over_in_the_odd_label_is_refused(tmp_path: Path) -> None:
    rows = history_rows()
    odd = next(place for place, row in enumerate(rows) if row[3] == "85～89歳以上")
    rows[odd][4] = "10"
    refuses(extract, write_csv(tmp_path / "history.csv", rows), "row 2", "'E'", "ages + unknown")


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: with_cell(rows, 5, 6, ""), ("row 6", "'G'")),
        (lambda rows: with_cell(rows, 5, 6, "-5"), ("row 6", "'G'", "negative")),
        (lambda rows: with_cell(rows, 5, 3, "15～20歳"), ("15",)),
        (lambda rows: rows[:5] + rows[6:], ("01202",)),
        (lambda rows: rows[:1] + [row for row in rows[1:] if row[2] != "male"], ("01202", "male")),
        (lambda rows: [*rows, rows[5]], ("row 65", "second time")),
        (lambda rows: with_cell(rows, 5, 1, "札幌市"), ("row 6", "札幌市")),
        (lambda rows: delete_column(rows, 7), ("1995",)),
        (lambda rows: [row for row in rows if row[3] != "年齢不詳"], ("85",)),
        (lambda rows: rows[:1], ("no data",)),
    ],
)
def test_a_changed_history_is_refused(tmp_path: Path, edit: Any, parts: tuple[str, ...]) -> None:
    refuses(extract, write_csv(tmp_path / "history.csv", edit(history_rows())), *parts)


def test_sexes_must_add_up_but_for_two_municipalities(tmp_path: Path) -> None:
    for code, name, bad in (("01202", "函館市", True), ("19201", "甲府市", False)):
        rows = history_rows(code, name)
        for place in (1, 2):
            rows[place][4] = str(int(rows[place][4]) + 1)
        path = write_csv(tmp_path / "history.csv", rows)
        if bad:
            refuses(extract, path, "row 2", "male + female")
        else:
            assert (
                extract(path).query("sex == 'both' and year == 1980 and age == '0-4'")["persons"].item() == 6
            )


def test_official_history_of_prefectures(raw: Path) -> None:
    table = census.load_history(raw / HISTORY)
    both = table[table["sex"] == "both"].groupby(["year", "age"])["persons"].sum()
    assert both[1980].sum() == 117_060_396 and both[2015].sum() == 127_094_745
    assert (both[2015, "85-89"], both[2015, "90+"], both[2015, "unknown"]) == (
        3_117_257,
        1_770_230,
        1_453_758,
    )


def test_official_history_of_municipalities(municipal_history: pd.DataFrame) -> None:
    assert municipal_history["code"].nunique() == 1741
    nation = municipal_history[municipal_history["sex"] == "both"].groupby("year")["persons"].sum()
    assert nation[2015] == 127_094_745
    assert nation[1980] == 117_060_396 - 37
    wide = municipal_history.pivot(index=["code", "year", "age"], columns="sex", values="persons")
    gap = wide["both"] - wide["male"] - wide["female"]
    assert set(gap[gap != 0].index.get_level_values("code")) == {"19201", "19430"}
    assert gap.abs().max() == 1


def test_unusable_files_are_refused(tmp_path: Path) -> None:
    for load in (census.load_areas_2020, census.load_prefectures_2020, census.load_history):
        refuses_bad_files(load, tmp_path, ".csv")
    refuses_bad_files(census.load_history, tmp_path, ".csv.gz")

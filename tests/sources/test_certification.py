"""Certified persons: what is observed, derived, estimated and missing stays apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.sources.files import delete_column, read_rows, refuses, refuses_bad_files, with_cell, write_csv
from zaitaku_demand.sources import certification

FILES: dict[str, Callable[[Path], pd.DataFrame]] = {
    "nintei_rate_by_age5_slides": certification.load_rates_by_age,
    "nintei_rate_by_broad_age": certification.load_broad_age_rates,
    "nintei_R4end_national_male_by_age_level": certification.load_by_age_level,
    "nintei_R4end_national_FEMALE_by_age_ESTIMATE": certification.load_women_estimate,
    "nintei_R5end_pref_by_level_from_care_projection": certification.load_by_prefecture,
    "nintei_by_level_national_march_2020_2022": certification.load_national_levels,
}
RATES, BROAD, LEVELS, WOMEN, PREFECTURES, NATION = FILES


@pytest.fixture(scope="session")
def folder(raw: Path) -> Path:
    return raw / "long_term_care"


def load(folder: Path, name: str) -> pd.DataFrame:
    return FILES[name](folder / f"{name}.csv")


def test_rates_mark_the_contradiction_and_the_derived_value(folder: Path) -> None:
    table = load(folder, RATES)
    wrong = table[~table["usable"]]
    assert wrong[["as_of", "age", "rate_percent"]].to_numpy().tolist() == [["2019-09", "85+", 60.6]]
    derived = table[table["state"] == "derived"]
    assert derived[["as_of", "age", "rate_percent"]].to_numpy().tolist() == [["2022-09", "85-89", 47.7]]
    assert not (table["source"] == "same").any()
    five = table[table["age"].isin(certification.AGES.labels)].groupby("as_of")["rate_percent"]
    assert five.apply(lambda rates: rates.is_monotonic_increasing).all()


def test_broad_rates(folder: Path) -> None:
    table = load(folder, BROAD).set_index(["as_of", "denominator", "age", "need"])["rate_percent"]
    assert table["2024-03-31", "第1号被保険者", "75+", "all"] == 31.1
    assert table["2023-03-31", "第1号被保険者", "85+", "care"] == 44.5


def test_men_are_complete_and_women_are_not(folder: Path) -> None:
    table = load(folder, LEVELS).set_index(["sex", "age", "level"]).sort_index()
    assert len(table) == 2 * 9 * 8
    assert table.loc[("male", "65+", "total"), "persons"] == 2_133_133
    assert (table.loc["male", "state"] == "observed").all()
    assert table.loc[("female", "65+", "total"), "persons"] == 4_681_211
    women = table.loc["female"]
    known = women[women["state"] == "observed"]
    assert set(known.index.get_level_values("age")) == {"65+", "65-69", "70-74"}
    assert len(known) == 17 and known.loc[("70-74", "support1"), "persons"] == 46_790
    assert women.loc[women["state"] == "missing", "persons"].isna().all()


def test_the_estimate_of_women_stays_an_estimate(folder: Path) -> None:
    table = load(folder, WOMEN).set_index(["sex", "age"])
    assert (table.loc["male", "state"] == "observed").all()
    assert table.loc["female", "state"].tolist() == ["observed", *["estimated"] * 5, "observed"]


def test_prefectures_add_up_to_the_nation(folder: Path) -> None:
    table = load(folder, PREFECTURES)
    total = table[table["level"] == "total"].set_index("prefecture_code")["persons"]
    assert len(total) == 48 and total["00"] == 6_952_251 == total.drop("00").sum()
    assert (table["state"] == "derived").all()


def test_national_levels(folder: Path) -> None:
    table = load(folder, NATION).set_index(["as_of", "level"])["persons"]
    assert table["2022-03-31", "total"] == 6_895_735


CHANGES: list[tuple[str, Any, tuple[str, ...]]] = [
    (RATES, lambda rows: with_cell(rows, 3, 3, "abc"), ("row 4", "'D'", "abc")),
    (RATES, lambda rows: with_cell(rows, 3, 3, ""), ("row 4", "'D'")),
    (RATES, lambda rows: with_cell(rows, 3, 3, "-2"), ("row 4", "negative")),
    (RATES, lambda rows: with_cell(rows, 3, 3, "125"), ("row 4", "100")),
    (RATES, lambda rows: with_cell(rows, 18, 3, "75"), ("row 19", "48.1-72.7")),
    (RATES, lambda rows: with_cell(rows, 3, 4, "GUESSED"), ("row 4", "GUESSED")),
    (RATES, lambda rows: with_cell(rows, 3, 2, "65-69"), ("row 4", "second time")),
    (RATES, lambda rows: with_cell(rows, 8, 2, "60-64"), ("row 9", "60-64")),
    (RATES, lambda rows: with_cell(rows, 9, 2, "60-64"), ("2019-09", "85+")),
    (RATES, lambda rows: with_cell(rows, 3, 0, "2019"), ("row 4", "2019")),
    (RATES, lambda rows: with_cell(rows, 1, 5, "same"), ("row 2", "same")),
    (RATES, lambda rows: rows[:3] + rows[4:], ("2019-09", "75-79")),
    (RATES, lambda rows: delete_column(rows, 3), ("rate_pct",)),
    (BROAD, lambda rows: with_cell(rows, 2, 3, "介護"), ("row 3", "介護")),
    (BROAD, lambda rows: with_cell(rows, 2, 2, "65歳超"), ("row 3", "65歳超")),
    (BROAD, lambda rows: [*rows, rows[2]], ("second time",)),
    (LEVELS, lambda rows: with_cell(rows, 3, 4, ""), ("row 4", "'E'")),
    (LEVELS, lambda rows: with_cell(rows, 3, 4, "7"), ("row 4", "levels")),
    (LEVELS, lambda rows: with_cell(with_cell(rows, 3, 4, "48873"), 3, 9, "249119"), ("row 2", "ages")),
    (LEVELS, lambda rows: rows[:3] + rows[4:], ("70-74",)),
    (LEVELS, lambda rows: with_cell(rows, 10, 2, ""), ("65-69",)),
    (LEVELS, lambda rows: rows[:10], ("65+",)),
    (LEVELS, lambda rows: with_cell(rows, 3, 1, "70-79"), ("70-74",)),
    (WOMEN, lambda rows: with_cell(rows, 3, 2, "7"), ("row 8", "'C'")),
    (WOMEN, lambda rows: with_cell(rows, 3, 3, "?"), ("row 4", "?")),
    (WOMEN, lambda rows: rows[:3] + rows[4:], ("gap",)),
    (WOMEN, lambda rows: [rows[0], *([r[0], r[2], r[1], *r[3:]] for r in rows[1:])], ("published",)),
    (PREFECTURES, lambda rows: with_cell(rows, 3, 4, "7"), ("row 4", "levels")),
    (PREFECTURES, lambda rows: with_cell(rows, 3, 1, "秋田県"), ("row 4", "秋田県")),
    (PREFECTURES, lambda rows: with_cell(rows, 3, 13, "50"), ("row 4", "rate")),
    (PREFECTURES, lambda rows: with_cell(rows, 3, 12, "0"), ("row 4", "rate")),
    (PREFECTURES, lambda rows: rows[:3] + rows[4:], ("岩手県",)),
    (PREFECTURES, lambda rows: rows[:-1], ("00",)),
    (PREFECTURES, lambda rows: [*rows, rows[3]], ("second time",)),
    (NATION, lambda rows: with_cell(rows, 2, 3, "7"), ("row 3", "levels")),
    (NATION, lambda rows: rows[:2] + rows[3:], ("2021-03-31",)),
    (NATION, lambda rows: with_cell(rows, 2, 0, "2021年3月"), ("row 3", "2021年3月")),
]


@pytest.mark.parametrize(("name", "edit", "parts"), CHANGES)
def test_changed_files_are_refused(
    folder: Path, tmp_path: Path, name: str, edit: Any, parts: tuple[str, ...]
) -> None:
    path = write_csv(tmp_path / f"{name}.csv", edit(read_rows(folder / f"{name}.csv")))
    refuses(FILES[name], path, *parts)


@pytest.mark.parametrize("name", FILES)
def test_unusable_files_are_refused(tmp_path: Path, name: str) -> None:
    refuses_bad_files(FILES[name], tmp_path, ".csv")

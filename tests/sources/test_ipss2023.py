"""Regional projection of 2023 (社人研): result tables, areas of the eighth plan, municipal ages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.sources.files import (
    Rows,
    delete_column,
    read_rows,
    read_xlsx,
    refuses,
    refuses_bad_files,
    swap_columns,
    with_cell,
    write_csv,
    write_xlsx,
)
from zaitaku_demand.errors import InputError
from zaitaku_demand.sources import ipss2023

YEARS = ipss2023.YEARS
NAMES = ("kekkahyo1.xlsx", "kekkahyo3_3.xlsx", "kekkahyo3_4.xlsx")
AREAS = [(7000, "a", "福島県", ""), (7202, 2, "福島県", "会津若松市"), (7999, 9, "福島県", "浜通り地域")]


def tables() -> dict[str, Rows]:
    """Three result tables of a prefecture of one city and the block 浜通り地域."""
    total = [[0] * 7, [1000 + year for year in YEARS], [3000 - year for year in YEARS]]
    total[0] = [a + b for a, b in zip(total[1], total[2], strict=True)]
    old = [[0] * 7, [700 + place for place in range(7)], [300 - place for place in range(7)]]
    old[0] = [a + b for a, b in zip(old[1], old[2], strict=True)]
    very_old = [[value // 100 * 40 for value in row] for row in old[1:]]
    very_old.insert(0, [a + b for a, b in zip(*very_old, strict=True)])
    head = ["コード", "市などの別", "都道府県", "市区町村"]
    years = [f"{year}年" for year in YEARS]
    blank = [""] * 6
    first: Rows = [
        ["結果表1　総人口および指数"],
        [*head, "総人口（人）", *blank, "令和2（2020）年の総人口を100としたときの総人口の指数", *blank],
        ["", "", "", "", *years, *years],
    ]
    for area, row in zip(AREAS, total, strict=True):
        first.append([*area, *row, *(value / row[0] * 100 for value in row)])
    result = {NAMES[0]: first}
    for name, age, values in ((NAMES[1], 65, old), (NAMES[2], 75, very_old)):
        rows: Rows = [
            [f"結果表　{age}歳以上人口"],
            [*head, f"総人口に占める{age}歳以上人口の割合（％）", *blank],
            ["", "", "", "", *years],
        ]
        for area, whole, part in zip(AREAS, total, values, strict=True):
            rows.append([*area, *(p / w * 100 for p, w in zip(part, whole, strict=True))])
        result[name] = rows
    return result


def load_tables(folder: Path, given: dict[str, Rows]) -> pd.DataFrame:
    paths = [write_xlsx(folder / name, {"Sheet1": rows}) for name, rows in given.items()]
    return ipss2023.load_totals(*paths, nationwide=False)


def test_shares_become_whole_persons(tmp_path: Path) -> None:
    table = load_tables(tmp_path, tables())
    assert list(table.columns[-3:]) == ["total", "aged_65plus", "aged_75plus"]
    block = table[table["kind"] == "9"]
    assert block["name"].unique().tolist() == ["浜通り地域"]
    assert block["aged_65plus"].tolist() == [300 - place for place in range(7)]


@pytest.mark.parametrize(
    ("name", "edit", "parts"),
    [
        (NAMES[0], lambda rows: with_cell(rows, 4, 4, 3021), ("row 5", "index")),
        (NAMES[0], lambda rows: with_cell(rows, 4, 12, 50.0), ("row 5", "'M'", "index")),
        (NAMES[0], lambda rows: with_cell(rows, 4, 4, "x"), ("row 5", "'E'", "x")),
        (NAMES[0], lambda rows: with_cell(rows, 4, 5, 3025.5), ("row 5", "'F'", "whole")),
        (NAMES[0], lambda rows: delete_column(rows, 6), ("7",)),
        (NAMES[0], lambda rows: swap_columns(rows, 5, 6), ("7",)),
        (NAMES[0], lambda rows: [*rows, rows[4]], ("second time",)),
        (NAMES[0], lambda rows: rows[:4] + rows[5:], ("areas",)),
        (NAMES[1], lambda rows: with_cell(rows, 4, 5, 24.01), ("row 5", "'F'", "whole number")),
        (NAMES[1], lambda rows: with_cell(rows, 4, 5, 240.0), ("row 5", "'F'", "100")),
        (NAMES[1], lambda rows: with_cell(rows, 4, 5, ""), ("row 5", "'F'")),
        (
            NAMES[1],
            lambda rows: with_cell(rows, 1, 4, "総人口に占める15歳未満人口の割合（％）"),
            ("65歳以上",),
        ),
        (NAMES[2], lambda rows: rows[:-1], ("areas",)),
        (NAMES[2], lambda rows: [*rows[:4], rows[5], rows[4]], ("row 5", "same order")),
    ],
)
def test_changed_tables_are_refused(tmp_path: Path, name: str, edit: Any, parts: tuple[str, ...]) -> None:
    given = tables()
    given[name] = edit(given[name])
    with pytest.raises(InputError) as caught:
        load_tables(tmp_path, given)
    for part in parts:
        assert part in caught.value.sentence("en") + caught.value.sentence("ja")
    assert caught.value.file in NAMES


def test_tables_in_the_wrong_place_are_refused(tmp_path: Path) -> None:
    given = tables()
    given[NAMES[1]], given[NAMES[2]] = given[NAMES[2]], given[NAMES[1]]
    with pytest.raises(InputError, match="65歳以上"):
        load_tables(tmp_path, given)


def test_zero_population_in_the_base_year_is_refused(tmp_path: Path) -> None:
    given = tables()
    for column in range(4, 11):
        given[NAMES[0]][4][column] = 0
    with pytest.raises(InputError):
        load_tables(tmp_path, given)


def test_official_totals_equal_the_recovered_copy(raw: Path) -> None:
    folder = raw / "ipss/2023"
    table = ipss2023.load_totals(*(folder / name for name in NAMES))
    copy = pd.read_csv(
        folder / "municipality_year_total_65plus_75plus.csv",
        dtype={"code": str, "kind": str},
        keep_default_na=False,
    )
    assert table["code"].tolist() == copy["code"].tolist()
    assert table["kind"].tolist() == copy["kind"].tolist()
    assert table["year"].tolist() == copy["year"].tolist()
    for ours, theirs in (
        ("total", "pop_total"),
        ("aged_65plus", "pop_65plus"),
        ("aged_75plus", "pop_75plus"),
    ):
        assert table[ours].tolist() == copy[theirs].tolist()


def test_one_person_more_in_the_official_table_is_noticed(raw: Path, tmp_path: Path) -> None:
    folder = raw / "ipss/2023"
    cells = read_xlsx(folder / NAMES[0])
    cells["Sheet1"][900][7] += 1
    changed = write_xlsx(tmp_path / NAMES[0], cells)
    with pytest.raises(InputError) as caught:
        ipss2023.load_totals(changed, folder / NAMES[1], folder / NAMES[2])
    assert caught.value.row == 901


def test_official_table_as_published(raw: Path) -> None:
    table = ipss2023.load_table(raw / "ipss/2023/kekkahyo1.xlsx")
    assert len(table) == 1951 * 7 * 2
    assert set(table["unit"]) == {"persons", "index"}
    nation = table[(table["kind"] == "a") & (table["unit"] == "persons")].groupby("year")["value"].sum()
    assert tuple(nation.astype(int)) == ipss2023.NATIONAL_TOTALS


def test_official_areas_add_up_to_the_nation(raw: Path) -> None:
    table = ipss2023.load_area_ages(raw / "ipss/2023/area330_year_age5_bothsexes.csv")
    assert table["area_code"].nunique() == 330
    assert (table["sex"] == "both").all()
    nation = table.groupby("year")["persons"].sum()
    assert nation[[2020, 2040, 2050]].tolist() == [126_146_099, 112_837_404, 104_686_386]


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: with_cell(rows, 9, 5, "7"), ("national",)),
        (lambda rows: with_cell(rows, 9, 5, "-7"), ("row 10", "'F'")),
        (lambda rows: with_cell(rows, 9, 1, "2021"), ("2025", "0102")),
        (lambda rows: with_cell(rows, 9, 0, "9902"), ("row 10", "9902")),
        (lambda rows: rows[:9] + rows[10:], ("0102", "2025")),
        (lambda rows: rows[:8] + rows[15:], ("national",)),
        (lambda rows: [*rows, rows[9]], ("second time",)),
        (lambda rows: delete_column(rows, 9), ("gap",)),
        (lambda rows: delete_column(rows, 20), ("85-89", "not open")),
        (lambda rows: with_cell(rows, 0, 9, "age_30_34"), ("overlap",)),
    ],
)
def test_changed_areas_are_refused(raw: Path, tmp_path: Path, edit: Any, parts: tuple[str, ...]) -> None:
    rows = edit(read_rows(raw / "ipss/2023/area330_year_age5_bothsexes.csv"))
    refuses(ipss2023.load_area_ages, write_csv(tmp_path / "areas.csv", rows), *parts)


def test_municipal_ages_know_the_block_and_the_years(tmp_path: Path) -> None:
    ages = [f"{age}～{age + 4}歳" for age in range(0, 90, 5)] + ["90歳以上"]
    rows: Rows = [
        ["コード", "市などの別", "都道府県", "市区町村", "年", "総数"]
        + [f"{a}/{s}" for s in "amf" for a in ages]
    ]
    for area in (("07000", "a", "福島県", ""), ("07999", "9", "福島県", "浜通り地域")):
        for year in YEARS:
            rows.append([*area, f"{year}年", str(19 * 5), *["5"] * 19, *["2"] * 19, *["3"] * 19])
    path = write_csv(tmp_path / "wide.csv", rows)
    table = ipss2023.load_municipality_ages(path, nationwide=False)
    assert set(table["kind"]) == {"a", "9"} and set(table["year"]) == set(YEARS)
    with pytest.raises(InputError, match="2050"):
        from zaitaku_demand.sources import ipss2018

        ipss2018.load_municipalities(path, nationwide=False)


def test_unusable_files_are_refused(tmp_path: Path) -> None:
    refuses_bad_files(ipss2023.load_area_ages, tmp_path, ".csv")
    refuses_bad_files(ipss2023.load_table, tmp_path, ".xlsx")

"""Resident register of January 2025: withheld ages, subtotals, check digits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.sources.files import (
    Rows,
    delete_column,
    read_xlsx,
    refuses,
    refuses_bad_files,
    with_cell,
    write_xlsx,
)
from zaitaku_demand.sources import juki
from zaitaku_demand.sources.places import check_digit

AGES = [f"{age}歳～{age + 4}歳" for age in range(0, 100, 5)] + ["100歳以上"]
TITLE = "令和7年1月1日住民基本台帳年齢階級別人口（市区町村別）（総計）"
PLACES = [
    ("020001", "青森県", "-"),
    ("022012", "青森県", "青森市"),
    ("023001", "青森県", "東津軽郡"),
    ("023019", "青森県", "東津軽郡平内町"),
]


def extract(path: Path) -> pd.DataFrame:
    return juki.load_ages(path, nationwide=False)


def age_rows(mark: str = "") -> Rows:
    """A prefecture of a city and a town, which withholds two ages of women (marked `mark`, if given)."""
    rows: Rows = [
        [TITLE],
        ["", "", "", "", "総数", *AGES],
        ["団体コード", "都道府県名", "市区町村名", "性別", *["人"] * 22],
    ]
    for place, cells in enumerate(PLACES):
        town = place >= 2
        for sex, each in (("計", 5), ("男", 2), ("女", 3)):
            ages: list[Any] = [each * (1 if town else 4)] * 21
            if place == 0:
                ages = [each * 5] * 21
            hidden = 0
            if sex == "女" and place != 1:
                for age in (19, 20):
                    ages[age] -= 3
                    hidden += 3
                    if town and mark:
                        ages[age] = mark
            known = sum(age for age in ages if not isinstance(age, str))
            rows.append([*cells, sex, known + hidden, *ages])
    return [*rows, ["注1：外国人住民の内訳は非公表である"], ["注2：総数と内訳の合計が合わない"]]


def test_check_digits() -> None:
    assert [code + check_digit(code) for code in ("01000", "01100", "47382", "13104")] == [
        "010006",
        "011002",
        "473821",
        "131041",
    ]


def test_withheld_ages_are_kept_apart(tmp_path: Path) -> None:
    table = extract(write_xlsx(tmp_path / "juki.xlsx", {"総計": age_rows()}))
    assert table["year"].unique().tolist() == [2025]
    assert dict(table.drop_duplicates("code")[["code", "kind"]].to_numpy().tolist()) == {
        "02000": "a",
        "02201": "2",
        "02300": "d",
        "02301": "3",
    }
    withheld = table.drop_duplicates(["code", "sex"]).set_index(["code", "sex"])["withheld"]
    assert withheld["02301", "female"] == 6 and withheld["02201", "female"] == 0


@pytest.mark.parametrize("mark", ["X", "-", "***"])
def test_marked_cells_are_missing_and_not_zero(tmp_path: Path, mark: str) -> None:
    table = extract(write_xlsx(tmp_path / "juki.xlsx", {"総計": age_rows(mark)}))
    town = table.query("code == '02301' and sex == 'female'").set_index("age")
    assert town["persons"].isna().sum() == 2 and pd.isna(town.loc["100+", "persons"])
    assert town["withheld"].unique().tolist() == [6]


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: with_cell(rows, 6, 8, 900), ("row 7", "exceed the total")),
        (lambda rows: with_cell(rows, 6, 8, 21), ("row 7", "exceed the total")),
        (lambda rows: with_cell(rows, 6, 8, 19), ("row 7", "male + female")),
        (lambda rows: with_cell(rows, 7, 8, ""), ("row 5", "add up")),
        (lambda rows: with_cell(rows, 6, 8, "abc"), ("row 7", "'I'", "abc")),
        (lambda rows: with_cell(rows, 6, 8, -4), ("row 7", "'I'", "negative")),
        (lambda rows: with_cell(rows, 6, 8, 4.5), ("row 7", "'I'", "whole")),
        (lambda rows: with_cell(rows, 6, 4, ""), ("row 7", "'E'")),
        (lambda rows: with_cell(rows, 7, 4, 900), ("row 7", "male + female")),
        (lambda rows: with_cell(rows, 6, 0, "022013"), ("row 7", "check digit")),
        (lambda rows: with_cell(rows, 6, 0, ""), ("row 7", "'A'")),
        (lambda rows: with_cell(rows, 6, 1, "岩手県"), ("row 7", "岩手県")),
        (lambda rows: with_cell(rows, 6, 3, "不詳"), ("row 7", "不詳")),
        (lambda rows: rows[:6] + rows[7:], ("02201", "計")),
        (lambda rows: rows[:6] + rows[9:], ("add up",)),
        (lambda rows: [*rows[:9], rows[8], *rows[9:]], ("row 10", "second time")),
        (lambda rows: delete_column(rows, 8), ("gap",)),
        (lambda rows: delete_column(rows, 4), ("総数",)),
        (lambda rows: with_cell(rows, 1, 8, "16歳～19歳"), ("gap",)),
        (lambda rows: with_cell(rows, 0, 0, TITLE.replace("総計", "日本人住民")), ("総計",)),
        (lambda rows: rows[:3], ("no data",)),
    ],
)
def test_a_changed_workbook_is_refused(tmp_path: Path, edit: Any, parts: tuple[str, ...]) -> None:
    refuses(extract, write_xlsx(tmp_path / "juki.xlsx", {"総計": edit(age_rows())}), *parts)


@pytest.fixture(scope="session")
def ages(raw: Path) -> pd.DataFrame:
    return juki.load_ages(raw / "juki/juki_age_muni_2025.xlsx")


@pytest.fixture(scope="session")
def totals(raw: Path) -> pd.DataFrame:
    return juki.load_totals(raw / "juki/juki_pop_muni_2025.xlsx")


def test_official_totals(totals: pd.DataFrame) -> None:
    nation = totals[totals["kind"] == "n"].set_index("sex")["persons"]
    assert nation["both"] == 124_330_690
    assert nation["both"] - nation["male"] - nation["female"] == 9
    assert totals.loc[(totals["kind"] == "a") & (totals["sex"] == "both"), "persons"].sum() == 124_330_690
    assert not totals["code"].isin(["01695", "01700"]).any()


def test_official_ages_and_withheld_make_the_totals(ages: pd.DataFrame, totals: pd.DataFrame) -> None:
    by = ages.groupby(["code", "sex"]).agg(known=("persons", "sum"), withheld=("withheld", "first"))
    both = by.join(totals.set_index(["code", "sex"])["persons"])
    assert len(both) == len(totals)
    assert (both["known"] + both["withheld"] == both["persons"]).all()
    assert (both["withheld"] > 0).sum() == 1313
    assert not ages["persons"].isna().any()


def test_official_kinds(ages: pd.DataFrame) -> None:
    kinds = ages.drop_duplicates("code")["kind"].value_counts().to_dict()
    assert kinds == {"3": 926, "2": 772, "d": 308, "0": 194, "a": 47, "1": 20, "n": 1}


def test_a_resident_more_in_the_official_workbook_is_noticed(raw: Path, tmp_path: Path) -> None:
    sheets = read_xlsx(raw / "juki/juki_pop_muni_2025.xlsx")
    (name,) = sheets
    sheets[name][800][5] += 1
    refuses(juki.load_totals, write_xlsx(tmp_path / "juki.xlsx", sheets), "add up")


def test_unusable_files_are_refused(tmp_path: Path) -> None:
    refuses_bad_files(juki.load_ages, tmp_path, ".xlsx")
    refuses_bad_files(juki.load_totals, tmp_path, ".xlsx")

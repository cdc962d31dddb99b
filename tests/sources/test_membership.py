"""Membership of areas, lists of areas, and changes of municipalities."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sources.files import delete_column, read_rows, refuses, refuses_bad_files, with_cell, write_csv
from zaitaku_demand.sources import membership

FOLDER = "areas/membership"
MEMBERS = f"{FOLDER}/muni_to_area_all_editions.csv"
LISTS = {
    330: "area_list_330.csv",
    335: "area_list_335.csv",
    344: "area_list_344.csv",
    339: "area_list_339_kosokuiki.csv",
}
CROSSWALK = "areas/changes/muni_code_crosswalk_2000-2024.csv"
CHANGES = "areas/changes/municipal_changes_structured_1970-2024.csv"


@pytest.fixture(scope="session")
def members(raw: Path) -> membership.Membership:
    return membership.load_membership(raw / MEMBERS)


def test_number_of_areas_of_each_edition(members: membership.Membership) -> None:
    assert members.areas["edition"].value_counts().to_dict() == {344: 344, 339: 339, 335: 335, 330: 330}
    for edition in (344, 335, 330, 339):
        assert members.municipalities[f"area{edition}"].nunique() == edition
    assert len(members.municipalities) == 1899


def test_akita_has_other_areas_in_the_330_edition(members: membership.Membership) -> None:
    names = members.areas.query("area_code == '0501'").set_index("edition")["area_name"]
    assert names[330] != names[335]


def test_lists_name_the_same_areas(raw: Path, members: membership.Membership) -> None:
    for edition, name in LISTS.items():
        listed = membership.load_area_list(raw / FOLDER / name)
        ours = members.areas[members.areas["edition"] == edition].reset_index(drop=True)
        assert listed["edition"].unique().tolist() == [edition]
        assert listed.drop(columns="municipalities").equals(ours.drop(columns="municipalities"))
        # The lists count the wards of 浜松市 once, the membership file before and after 2024.
        other = listed.loc[listed["municipalities"] != ours["municipalities"], "area_code"]
        assert other.tolist() == ["2208"]


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: [*rows, rows[5]], ("01105", "×2")),
        (lambda rows: with_cell(with_cell(rows, 5, 8, ""), 9, 8, ""), ("01105", "01109", "335")),
        (
            lambda rows: with_cell(with_cell(rows, 5, 8, "0201"), 7, 0, rows[6][0]),
            ("01105", "335", "0201", "01106"),
        ),
        (lambda rows: with_cell(rows, 5, 8, "104"), ("01105", "335", "104")),
        (lambda rows: with_cell(rows, 5, 3, "青森県"), ("01105", "青森県")),
        (lambda rows: with_cell(rows, 5, 9, "別名"), ("別名",)),
        (lambda rows: with_cell(rows, 5, 9, ""), ("row 6", "blank")),
        (lambda rows: with_cell(rows, 5, 0, "x"), ("row 6", "'A'")),
        (lambda rows: rows[:5] + rows[6:], ("1,898",)),
        (lambda rows: delete_column(rows, 8), ("a335_code",)),
        (lambda rows: with_cell(rows, 0, 8, "a335"), ("a335_code",)),
        (lambda rows: rows[:1], ("no data",)),
    ],
)
def test_changed_membership_is_refused(raw: Path, tmp_path: Path, edit: Any, parts: tuple[str, ...]) -> None:
    path = write_csv(tmp_path / "members.csv", edit(read_rows(raw / MEMBERS)))
    refuses(membership.load_membership, path, *parts)


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: rows[:5] + rows[6:], ("329", "330")),
        (lambda rows: [*rows, rows[5]], ("second time", "0105")),
        (lambda rows: with_cell(with_cell(rows, 5, 2, "02"), 7, 3, "青森県"), ("0105", "0107")),
        (lambda rows: with_cell(rows, 5, 4, "x"), ("row 6", "'E'")),
        (lambda rows: with_cell(rows, 5, 0, "9901"), ("row 6", "9901")),
        (lambda rows: delete_column(rows, 1), ("area_name",)),
    ],
)
def test_changed_lists_are_refused(raw: Path, tmp_path: Path, edit: Any, parts: tuple[str, ...]) -> None:
    path = write_csv(tmp_path / "area_list_330.csv", edit(read_rows(raw / FOLDER / LISTS[330])))
    refuses(membership.load_area_list, path, *parts)


def test_the_edition_must_be_known(raw: Path, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "areas.csv", read_rows(raw / FOLDER / LISTS[330]))
    refuses(membership.load_area_list, path, "edition")
    assert len(membership.load_area_list(path, 330)) == 330


def test_crosswalk(raw: Path) -> None:
    table = membership.load_crosswalk(raw / CROSSWALK).set_index("code")
    assert len(table) == 3752
    assert table.loc["19341", "successors_2024"] == "19201;19430"
    assert table.loc["22135", "successors_2024"] == "22138;22139"
    assert (table["area330"] == "").sum() == 6
    # 山口村 of Nagano joined 中津川市 of Gifu.
    assert table.loc["20431", "area335"] == "2104"


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: with_cell(rows, 5, 6, "99999"), ("99999",)),
        (lambda rows: with_cell(rows, 5, 7, "2"), ("01104",)),
        (lambda rows: with_cell(rows, 5, 8, "0201"), ("01104", "344")),
        (lambda rows: with_cell(rows, 5, 9, ""), ("01104", "335")),
        (lambda rows: with_cell(rows, 5, 3, "1989-13-01"), ("row 6", "'D'")),
        (lambda rows: with_cell(rows, 5, 4, "1960-01-01"), ("01104", "1960-01-01")),
        (lambda rows: with_cell(rows, 5, 2, "hamlet"), ("row 6", "hamlet")),
        (lambda rows: [*rows, rows[5]], ("second time",)),
        (lambda rows: rows[:5] + rows[6:], ("3,751",)),
        (lambda rows: delete_column(rows, 4), ("valid_to",)),
    ],
)
def test_a_changed_crosswalk_is_refused(raw: Path, tmp_path: Path, edit: Any, parts: tuple[str, ...]) -> None:
    path = write_csv(tmp_path / "crosswalk.csv", edit(read_rows(raw / CROSSWALK)))
    refuses(membership.load_crosswalk, path, *parts)


def test_changes(raw: Path) -> None:
    table = membership.load_changes(raw / CHANGES)
    assert len(table) == 2248
    assert table["date"].is_monotonic_increasing and table["date"].iloc[-1] == "2024-01-01"
    assert (table["old_code"] != table["new_code"]).all()


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: with_cell(rows, 5, 0, "1960-01-01"), ("row 6", "before")),
        (lambda rows: with_cell(rows, 5, 0, "昭和45年"), ("row 6", "昭和45年")),
        (lambda rows: with_cell(rows, 5, 1, "unknown"), ("row 6", "unknown")),
        (lambda rows: with_cell(rows, 5, 4, "x"), ("row 6", "'E'")),
        (lambda rows: with_cell(rows, 5, 3, ""), ("row 6", "blank")),
        (lambda rows: rows[:5] + rows[6:], ("2,247",)),
        (lambda rows: [*rows[:6], rows[5], *rows[7:]], ("second time",)),
    ],
)
def test_changed_changes_are_refused(raw: Path, tmp_path: Path, edit: Any, parts: tuple[str, ...]) -> None:
    path = write_csv(tmp_path / "changes.csv", edit(read_rows(raw / CHANGES)))
    refuses(membership.load_changes, path, *parts)


def test_unusable_files_are_refused(tmp_path: Path) -> None:
    for load in (
        membership.load_membership,
        membership.load_area_list,
        membership.load_crosswalk,
        membership.load_changes,
    ):
        refuses_bad_files(load, tmp_path, ".csv")

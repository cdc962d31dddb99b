"""The user's own values: template, reading, errors that name row and column."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.catalogue import indicator
from zaitaku_demand.indicators.compute import indicator_values
from zaitaku_demand.indicators.template import data_need, template
from zaitaku_demand.indicators.user_data import read_values
from zaitaku_demand.report.csvfile import write_new_csv

_HEAD = "level,area_code,area_name,year,numerator\n"
_WITH = "level,area_code,area_name,year,numerator,denominator\n"


def _file(folder: Path, text: str, name: str = "S-D-1.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8-sig")
    return path


@pytest.mark.parametrize(("level", "rows"), [("prefecture", 48), ("area", 336)])
def test_template_names_every_place_and_is_blank(tmp_path: Path, level: str, rows: int) -> None:
    path = tmp_path / "S-D-1.csv"
    write_new_csv(template(indicator("S-D-1"), level, denominator=False), path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(path, dtype=str)
    assert table.columns.tolist() == ["level", "area_code", "area_name", "year", "numerator"]
    assert len(table) == rows and table["area_code"].is_unique and table["area_name"].notna().all()
    assert table["numerator"].isna().all()
    assert read_values([path]).empty
    with pytest.raises(InputError):
        write_new_csv(table, path)


def test_a_template_needs_a_real_level_and_year() -> None:
    for level, year in (("town", 2024), ("area", 24)):
        with pytest.raises(InputError) as raised:
            template(indicator("S-D-1"), level, year, denominator=False)
        assert ("town" if level == "town" else "24") in raised.value.sentence("en")


def test_values_blank_hidden_and_zero(tmp_path: Path) -> None:
    text = _HEAD + "prefecture,1,北海道,2022,12\n都道府県,02,青森県,2022,0\nprefecture,03,岩手県,2022,\n"
    text += "prefecture,04,宮城県,2022,秘匿\nprefecture,05,秋田県,2022,-\narea,0101,南渡島,2022年,\n"
    values = read_values([_file(tmp_path, text)]).set_index("area_code")
    assert values.index.tolist() == ["01", "02", "04", "05"]
    assert values.loc["01", "numerator"] == 12 and values.loc["02", "numerator"] == 0
    assert values.loc[["04", "05"], "suppressed"].all() and math.isnan(values.loc["04", "numerator"])
    assert not values.loc[["01", "02"], "suppressed"].any() and values["denominator"].isna().all()


def test_excel_in_shift_jis_and_a_name_after_the_id(tmp_path: Path) -> None:
    path = tmp_path / "s-x-1_島根県.csv"
    path.write_bytes(
        '地域の単位,地域コード,地域名,年,分子,分母\r\n都道府県,32,島根県,2024,"1,234",7\r\n'.encode("cp932")
    )
    row = read_values([path]).iloc[0]
    assert (row["indicator_id"], row["area_code"], row["year"]) == ("S-X-1", "32", 2024)
    assert (row["numerator"], row["denominator"]) == (1234, 7)


@pytest.mark.parametrize(
    ("name", "text", "row", "column", "found"),
    [
        ("S-D-1.csv", _HEAD + "prefecture,01,北海道,2022,many\n", 2, "E", "many"),
        ("S-D-1.csv", _HEAD + "prefecture,01,北海道,2022,-3\n", 2, "E", "-3"),
        ("S-D-1.csv", _HEAD + "prefecture,48,異国,2022,3\n", 2, "B", "48"),
        ("S-D-1.csv", _HEAD + "area,0700,福島県,2022,3\n", 2, "B", "0700"),
        ("S-D-1.csv", _HEAD + "city,01,北海道,2022,3\n", 2, "A", "city"),
        ("S-D-1.csv", _HEAD + "prefecture,01,北海道,,3\n", 2, "D", "year"),
        ("S-D-1.csv", _HEAD + "prefecture,01,北海道,令和4,3\n", 2, "D", "令和4"),
        ("S-D-1.csv", _HEAD + "prefecture,01,a,2022,3\nprefecture,1,a,2022,4\n", 3, "B", "row 2"),
        (
            "S-D-1.csv",
            _HEAD.replace("numerator", "number") + "prefecture,01,北海道,2022,3\n",
            1,
            None,
            "numerator",
        ),
        (
            "S-D-1.csv",
            _HEAD.replace("\n", ",colour\n") + "prefecture,01,北海道,2022,3,red\n",
            1,
            "F",
            "colour",
        ),
        ("S-X-1.csv", _HEAD + "prefecture,01,北海道,2022,3\n", 2, None, "denominator"),
        ("S-X-1.csv", _WITH + "prefecture,01,北海道,2022,3,\n", 2, "F", "denominator"),
        ("S-X-1.csv", _WITH + "prefecture,01,北海道,2022,3,0\n", 2, "F", "0"),
        ("O-D-1.csv", _WITH + "prefecture,01,北海道,2022,30,20\n", 2, "E", "exceeds"),
        ("S-Z-1.csv", _HEAD, None, None, "id"),
        ("P-C-1.csv", _HEAD + "prefecture,01,北海道,2022,3\n", None, None, "adjusted"),
    ],
)
def test_a_wrong_cell_is_named(
    tmp_path: Path, name: str, text: str, row: int | None, column: str | None, found: str
) -> None:
    with pytest.raises(InputError) as raised:
        read_values([_file(tmp_path, text, name)])
    error = raised.value
    assert (error.file, error.row, error.column) == (name, row, column)
    assert found in error.sentence("en")


def test_the_same_place_in_two_files(tmp_path: Path) -> None:
    text = _HEAD + "prefecture,01,北海道,2022,3\n"
    with pytest.raises(InputError) as raised:
        read_values([_file(tmp_path, text), _file(tmp_path, text, "S-D-1_2.csv")])
    assert "S-D-1" in raised.value.sentence("ja")


def test_supplied_values_fill_what_is_missing(tmp_path: Path, prefectures: pd.DataFrame) -> None:
    path = _file(tmp_path, _HEAD + "prefecture,13,東京都,2025,700\n", "S-C-4.csv")
    values = indicator_values("prefecture", supplied=[path])
    rows = values[(values["indicator_id"] == "S-C-4") & (values["year"] == 2025)].set_index("area_code")
    before = prefectures[(prefectures["indicator_id"] == "S-C-4")].set_index("area_code")
    assert rows.loc["13", "state"] == "observed" and rows.loc["13", "numerator"] == 700
    assert before.loc["13", "state"] == "no_data"
    assert (rows["state"] == "observed").sum() == 35
    pd.testing.assert_series_equal(rows["numerator"].drop("13"), before["numerator"].drop("13"))
    shown = rows[rows["state"] == "observed"]
    assert shown["expected"].sum() == pytest.approx(shown["numerator"].sum())


def test_what_would_fill_an_indicator_is_said() -> None:
    need = data_need(indicator("O-D-1"))
    for text in need:
        assert "O-D-1.csv" in text and "denominator" in text and "template O-D-1" in text
    assert "denominator," not in data_need(indicator("S-D-1")).en.split(")")[0]


def test_a_denominator_that_is_not_in_hand_must_be_given(tmp_path: Path) -> None:
    # Deaths are in hand by prefecture and up to 2023 only.
    deaths = "area,3201,松江,2022,40\n"
    with pytest.raises(InputError) as raised:
        read_values([_file(tmp_path, _HEAD + deaths, "O-E-2.csv")])
    assert raised.value.row == 2 and "Deaths" in raised.value.sentence("en")
    later = "prefecture,31,鳥取県,2023,40\nprefecture,32,島根県,2035,40\n"
    with pytest.raises(InputError) as raised:
        read_values([_file(tmp_path, _HEAD + later, "O-E-2.csv")])
    assert raised.value.row == 3 and "2035" in raised.value.sentence("ja")
    given = read_values([_file(tmp_path, _WITH + "area,3201,松江,2022,40,900\n", "O-E-2.csv")])
    assert given["denominator"].tolist() == [900]
    nation = read_values([_file(tmp_path, _HEAD + "national,00,全国,2022,40\n", "O-E-2.csv")])
    assert math.isnan(nation.loc[0, "denominator"])

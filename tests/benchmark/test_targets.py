"""The user's targets, and the growth of demand that targets can follow."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.targets import projected_demand, read_targets
from zaitaku_demand.errors import InputError
from zaitaku_demand.store.tables import read_table

IDS = {"P-C-1", "P-E-3"}
PREFECTURES = {"05": "秋田県", "32": "島根県"}
AREAS = {"0101": "南渡島", "3201": "松江"}


def _file(folder: Path, *lines: str, heading: str = "indicator_id,area_code,target") -> Path:
    path = folder / "targets.csv"
    path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8-sig")
    return path


def test_targets_are_read_with_either_headings_and_codes_without_their_zero(tmp_path: Path) -> None:
    path = _file(tmp_path, "P-C-1,5,120", "", "P-E-3,32,95.5", heading="指標ID,地域コード,目標")
    table = read_targets(path, IDS, PREFECTURES)
    assert table.to_numpy().tolist() == [["P-C-1", "05", 120.0], ["P-E-3", "32", 95.5]]
    # A spreadsheet makes 101 of the area 0101.
    areas = read_targets(_file(tmp_path, "P-C-1,101,1", "P-C-1,3201,0"), IDS, AREAS)
    assert areas["area_code"].tolist() == ["0101", "3201"] and areas["target"].tolist() == [1, 0]


def test_a_file_without_rows_sets_no_target(tmp_path: Path) -> None:
    table = read_targets(_file(tmp_path), IDS, PREFECTURES)
    assert table.empty and table.columns.tolist() == ["indicator_id", "area_code", "target"]


@pytest.mark.parametrize(
    ("lines", "row", "column", "found"),
    [
        (["P-C-1,05,120", "P-C-9,05,1"], 3, "A", "P-C-9"),
        (["P-C-1,48,120"], 2, "B", "48"),
        (["P-C-1,3201,120"], 2, "B", "3201"),
        (["P-C-1,05,many"], 2, "C", "many"),
        (["P-C-1,05,"], 2, "C", "「」"),
        (["P-C-1,05,-3"], 2, "C", "-3"),
        (["P-C-1,05,inf"], 2, "C", "inf"),
        (["P-C-1,05,1", "P-E-3,05,1", "P-C-1,5,2"], 4, "A", "2回"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_cell(
    tmp_path: Path, lines: list[str], row: int, column: str, found: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_targets(_file(tmp_path, *lines), IDS, PREFECTURES)
    assert (caught.value.row, caught.value.column) == (row, column)
    assert found in caught.value.sentence("ja") and "targets.csv" in caught.value.sentence("en")


def test_another_layout_or_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="indicator_id"):
        read_targets(_file(tmp_path, "P-C-1,05,1", heading="id,area_code,target"), IDS, PREFECTURES)
    with pytest.raises(InputError, match="nowhere"):
        read_targets(tmp_path / "nowhere.csv", IDS, PREFECTURES)


def test_projected_demand_of_prefectures_and_areas_is_one_projection() -> None:
    prefectures, areas = projected_demand("prefecture"), projected_demand("area")
    units = read_table("area_units")
    assert set(prefectures["area_code"]) == set(units["prefecture_code"])
    assert not prefectures.duplicated(["area_code", "year"]).any()
    assert not areas.duplicated(["area_code", "year"]).any()
    listed = set(units["area335_code"]) - {"0700"}
    assert set(areas["area_code"]) >= {code for code in listed if not code.endswith("00")}
    assert (prefectures["value"] > 0).all() and (areas["value"] > 0).all()
    # But for Akita, whose areas are pooled, a prefecture is the sum of its areas.
    sums = areas.groupby([areas["area_code"].str[:2], "year"])["value"].sum()
    whole = prefectures.set_index(["area_code", "year"])["value"]
    others = whole.drop(index="05")
    pd.testing.assert_series_equal(
        sums.reindex(others.index), others, rtol=FLOAT, check_names=False, check_index_type=False
    )
    pooled = units[units["prefecture_code"] == "05"].groupby("area330_code")["area335_code"].unique()
    several = next(list(codes) for codes in pooled if len(codes) > 1)
    series = areas[areas["area_code"].isin(several)].pivot(index="year", columns="area_code", values="value")
    assert (series.nunique(axis=1) == 1).all()

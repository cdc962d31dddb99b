"""Points in areas: nothing dropped silently, nothing counted twice."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from tests.sources.files import Rows, refuses, refuses_bad_files, with_cell, write_csv
from zaitaku_demand.sources import points

SHAPES = "areas/boundaries/municipalities_2021_s0010.topojson"
ROWS: Rows = [
    ["lat", "lon", "name"],
    ["40.5", "140.5", "甲"],
    ["40.5", "141.5", "乙"],
    ["40.5", "140.5", "甲"],
]
DEGREE = 111_195.0
"""Metres of a degree on a sphere of 6,371 km."""
SPHERE = 0.003
"""Relative: Mercator's sphere against that one."""


def squares() -> gpd.GeoDataFrame:
    """Two areas side by side: 0101 from 140 to 141 degrees east, 0102 from there to 142."""
    return gpd.GeoDataFrame(
        {"code": ["01101", "01202"], "area_code": ["0101", "0102"]},
        geometry=[box(140, 40, 141, 41), box(141, 40, 142, 41)],
        crs="EPSG:4326",
    )


def places(*coordinates: tuple[float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(coordinates, columns=["latitude", "longitude"])
    return frame.assign(name="甲", duplicate=False)


def test_points_are_read_and_repeated_ones_marked(tmp_path: Path) -> None:
    frame = points.load_points(write_csv(tmp_path / "p.csv", ROWS))
    assert frame["duplicate"].tolist() == [False, False, True]
    assert frame["latitude"].tolist() == [40.5, 40.5, 40.5]
    located = points.locate(frame, squares())
    assert points.count_by_area(located).to_dict() == {"0101": 1, "0102": 1}


@pytest.mark.parametrize(
    ("row", "column", "value", "parts"),
    [
        (0, 0, "latitude", ("row 1", "lat")),
        (2, 0, "", ("row 3", "column 'A'")),
        (2, 0, "北緯40度", ("row 3", "column 'A'")),
        (2, 0, "141.5", ("row 3", "column 'A'", "141.5")),
        (2, 1, "40.5", ("row 3", "column 'B'", "40.5")),
        (2, 2, "", ("row 3", "column 'C'")),
    ],
)
def test_a_bad_point_is_answered_with_its_cell(
    tmp_path: Path, row: int, column: int, value: str, parts: tuple[str, ...]
) -> None:
    refuses(points.load_points, write_csv(tmp_path / "p.csv", with_cell(ROWS, row, column, value)), *parts)


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    refuses_bad_files(points.load_points, tmp_path, ".csv")
    refuses_bad_files(points.load_municipal_shapes, tmp_path, ".topojson")


def test_a_point_on_a_common_border_is_counted_once() -> None:
    located = points.locate(places((40.5, 141.0)), squares())
    assert located["area_code"].tolist() == ["0101"] and located["distance"].tolist() == [0.0]


def test_points_off_the_shapes_go_to_the_nearest_within_the_distance() -> None:
    near, far = 0.02, 0.05
    located = points.locate(places((40.5, 142 + near), (40.5, 142 + far), (40.2, 140.1)), squares())
    metres = np.array([near, far]) * DEGREE * np.cos(np.radians(40.5))
    assert located["area_code"].fillna("").tolist() == ["0102", "", "0101"]
    assert located["distance"].iloc[:2].to_numpy() == pytest.approx(metres, rel=SPHERE)
    wider = points.locate(places((40.5, 142 + far)), squares(), nearest_metres=5_000)
    assert wider["area_code"].tolist() == ["0102"]


def test_municipalities_without_area_are_named() -> None:
    area_of = pd.Series({"01101": "0101"})
    refuses(lambda path: points.shapes_by_area(squares(), area_of, path), Path("shapes.topojson"), "01202")


def test_every_official_point_finds_its_area(raw: Path) -> None:
    codes = pd.read_csv(
        raw / "areas/membership/muni_to_area_all_editions.csv", dtype=str, usecols=["muni_code", "a335_code"]
    ).set_index("muni_code")["a335_code"]
    path = raw / SHAPES
    shapes = points.shapes_by_area(points.load_municipal_shapes(path), codes, path)
    assert shapes.is_valid.all() and shapes["area_code"].nunique() == 335
    found = {}
    for layer in ("houkan_st_points", "zaishi_clinic_hospital_points", "houkatsu_center_points"):
        located = points.locate(points.load_points(raw / f"points/{layer}.csv"), shapes)
        found[layer] = (
            len(located),
            int(located["duplicate"].sum()),
            int((located["distance"] > 0).sum()),
            int(located["area_code"].isna().sum()),
        )
        assert located["distance"].max() < 150
        assert points.count_by_area(located).sum() == len(located) - located["duplicate"].sum()
    # Rows, repeated rows, rows off every shape (all within 150 m), rows without area.
    assert found == {
        "houkan_st_points": (17_884, 7, 2, 0),
        "zaishi_clinic_hospital_points": (18_179, 132, 7, 0),
        "houkatsu_center_points": (5_779, 29, 4, 0),
    }

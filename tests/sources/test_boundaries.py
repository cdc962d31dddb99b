"""Boundaries: repaired, complete, in Japan."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.sources.files import refuses, refuses_bad_files
from zaitaku_demand.sources import boundaries, membership

EDITIONS = {
    "area330": "area_list_330.csv",
    "area335": "area_list_335.csv",
    "area339_kosokuiki": "area_list_339_kosokuiki.csv",
    "area344": "area_list_344.csv",
}
SQUARE = [[140, 40], [141, 40], [141, 41], [140, 41], [140, 40]]
BOW_TIE = [[142, 40], [143, 41], [143, 40], [142, 41], [142, 40]]


def topology(*shapes: list[list[float]]) -> dict[str, Any]:
    areas = [
        {
            "type": "Polygon",
            "arcs": [[place]],
            "properties": {"area_code": f"010{2 - place}", "area_name": "甲乙"[place]},
        }
        for place in range(len(shapes))
    ]
    return {
        "type": "Topology",
        "arcs": list(shapes),
        "objects": {"areas": {"type": "GeometryCollection", "geometries": areas}},
    }


def write(folder: Path, content: Any) -> Path:
    path = folder / "areas.topojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_invalid_shapes_are_repaired_and_named(tmp_path: Path) -> None:
    frame = boundaries.load_topojson(write(tmp_path, topology(SQUARE, BOW_TIE)))
    assert frame["area_code"].tolist() == ["0101", "0102"]
    assert frame.attrs["repaired"] == ["0101"]
    assert frame.is_valid.all() and frame.crs == "EPSG:4326"
    assert [round(shape.area, 6) for shape in frame.geometry] == [0.5, 1.0]


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda c: c["objects"].update(areas={}), ("areas",)),
        (lambda c: c["objects"].pop("areas"), ("areas",)),
        (lambda c: c.update(type="FeatureCollection"), ("TopoJSON",)),
        (lambda c: c["objects"]["areas"]["geometries"][1].update(arcs=[[7]]), ("lines",)),
        (lambda c: c["objects"]["areas"]["geometries"][1].pop("arcs"), ("lines",)),
        (lambda c: c["objects"]["areas"]["geometries"][1]["properties"].update(area_code="0102"), ("0102",)),
        (lambda c: c["objects"]["areas"]["geometries"][1]["properties"].update(area_code="9901"), ("9901",)),
        (lambda c: c["objects"]["areas"]["geometries"][1]["properties"].pop("area_name"), ("area_name",)),
        (lambda c: c["arcs"].__setitem__(1, [point[::-1] for point in SQUARE]), ("outside Japan",)),
    ],
)
def test_changed_boundaries_are_refused(
    tmp_path: Path, edit: Callable[[dict[str, Any]], object], parts: tuple[str, ...]
) -> None:
    content = topology(SQUARE, BOW_TIE)
    edit(content)
    refuses(boundaries.load_topojson, write(tmp_path, content), *parts)


def test_areas_must_be_those_of_the_list(tmp_path: Path) -> None:
    path = write(tmp_path, topology(SQUARE, BOW_TIE))
    right = pd.DataFrame({"area_code": ["0101", "0102"], "area_name": ["乙", "甲"]})
    assert len(boundaries.load_topojson(path, right)) == 2
    other = pd.DataFrame({"area_code": ["0102", "0103"], "area_name": ["別", "丙"]})
    refuses(lambda given: boundaries.load_topojson(given, other), path, "0103", "0101", "甲 ≠ 別")


def test_unusable_files_are_refused(tmp_path: Path) -> None:
    refuses_bad_files(boundaries.load_topojson, tmp_path, ".topojson")
    refuses(boundaries.load_topojson, write(tmp_path, [1, 2]), "TopoJSON")


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("detail", ["medium", "s0001"])
def test_official_boundaries_have_the_areas_of_the_list(raw: Path, edition: str, detail: str) -> None:
    listed = membership.load_area_list(raw / "areas/membership" / EDITIONS[edition])
    frame = boundaries.load_topojson(raw / f"areas/boundaries/{edition}_{detail}.topojson", listed)
    assert len(frame) == len(listed) and frame.is_valid.all()
    assert frame.attrs["repaired"] == (["1004"] if detail == "medium" else [])

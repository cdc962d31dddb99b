"""Boundaries of areas for display: 国土数値情報 行政区域 N03-21 (国土交通省), dissolved into areas.

The shapes are simplified; they are drawn, never measured.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.checks import listed
from zaitaku_demand.sources.places import prefecture_of
from zaitaku_demand.sources.reading import FETCH_AGAIN, require_file
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

LAYER = "areas"
CRS = "EPSG:4326"
JAPAN = (122.0, 20.0, 154.5, 46.0)
"""West, south, east and north in degrees; swapped or projected coordinates fall outside."""


def load_topojson(path: Path, area_list: pd.DataFrame | None = None) -> gpd.GeoDataFrame:
    """Boundaries of the areas of one edition.

    Parameters
    ----------
    path : path
        ``area330_s0001.topojson``, ``area339_kosokuiki_medium.topojson`` and the like.
    area_list : DataFrame, optional
        Areas that must be there, with `area_code` and `area_name`
        (:func:`zaitaku_demand.sources.membership.load_area_list`).

    Returns
    -------
    GeoDataFrame
        `area_code`, `area_name`, `prefecture_code`, `geometry` (polygons, EPSG:4326), in the order of the
        codes. ``attrs["repaired"]`` lists the codes whose polygon was invalid and was made valid.

    Raises
    ------
    InputError
        If the file is no TopoJSON, lacks the layer of areas, an area stands twice, has no shape or lies
        outside Japan, or the areas are not those of `area_list`.
    """
    import geopandas as gpd
    import pandas as pd
    import shapely

    _require_topojson(path)
    try:
        read = gpd.read_file(path, layer=LAYER)
    except Exception as error:  # pyogrio and GDAL raise many kinds; each means that the file is unusable.
        raise _error(path, Text("境界ファイルとして読めない", "the boundaries cannot be read")) from error
    if not isinstance(read, gpd.GeoDataFrame):
        raise _error(path, Text("圏域に形がない", "the areas have no shape"))
    for column in ("area_code", "area_name"):
        if column not in read.columns or read[column].isna().any() or (read[column].astype(str) == "").any():
            raise _error(path, Text("圏域に属性がない", "an area lacks an attribute"), column=column)
    codes = read["area_code"].astype("str")
    _require_codes(path, codes.tolist())
    empty = codes[read.geometry.isna() | read.geometry.is_empty].tolist()
    if empty:
        raise _error(
            path, Text(f"形のない圏域がある：{listed(empty)}", f"areas without a shape: {listed(empty)}")
        )
    repaired = sorted(codes[~read.geometry.is_valid].tolist())
    try:
        shapes = [
            _polygons(shape if shape.is_valid else shapely.make_valid(shape)) for shape in read.geometry
        ]
    except shapely.errors.GEOSException as error:
        raise _error(path, Text("形を修復できない", "a shape cannot be repaired")) from error
    west, south, east, north = JAPAN
    for code, shape in zip(codes, shapes, strict=True):
        left, low, right, high = shape.bounds if not shape.is_empty else (0, 0, 0, 0)
        if not (west <= left <= right <= east and south <= low <= high <= north):
            raise _error(
                path, Text(f"圏域{code}が日本の範囲の外にある", f"the area {code} lies outside Japan")
            )
    frame = gpd.GeoDataFrame(
        {
            "area_code": codes,
            "area_name": read["area_name"].astype("str"),
            "prefecture_code": codes.str[:2],
        },
        geometry=shapes,
        crs=CRS,
    )
    if area_list is not None:
        _require_areas(path, pd.Series(frame["area_name"].to_numpy(), index=codes), area_list)
    frame = frame.sort_values("area_code", ignore_index=True)
    frame.attrs["repaired"] = repaired
    return frame


def _require_topojson(path: Path) -> None:
    try:
        content: Any = json.loads(require_file(path).read_bytes())
    except (ValueError, RecursionError) as error:
        raise _error(
            path, Text("途中で切れているかTopoJSONではない", "the file is truncated or no TopoJSON")
        ) from error
    objects = content.get("objects") if isinstance(content, dict) else None
    if not isinstance(objects, dict) or content.get("type") != "Topology":
        raise _error(path, Text("TopoJSONではない", "the file is no TopoJSON"))
    layer = objects.get(LAYER)
    shapes = layer.get("geometries") if isinstance(layer, dict) else None
    if not isinstance(shapes, list) or not shapes:
        raise _error(path, Text(f"層「{LAYER}」がない", f"there is no layer '{LAYER}'"))
    arcs = content.get("arcs")
    number = len(arcs) if isinstance(arcs, list) else 0
    for shape in shapes:
        used = _arc_numbers(shape.get("arcs") if isinstance(shape, dict) else None)
        if not used or any(not -number <= arc < number for arc in used):
            raise _error(path, Text("形の線がそろわない", "lines of a shape are missing"))


def _arc_numbers(arcs: Any) -> list[int]:
    """The numbers of all lines of a shape; a negative number n is line -n - 1 drawn backwards."""
    if isinstance(arcs, int) and not isinstance(arcs, bool):
        return [arcs]
    return [number for part in arcs for number in _arc_numbers(part)] if isinstance(arcs, list) else []


def _require_codes(path: Path, codes: list[str]) -> None:
    wrong = [code for code in codes if len(code) != 4 or not code.isascii() or prefecture_of(code) is None]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if wrong or twice:
        problems = listed(wrong + twice, 40)
        raise _error(
            path,
            Text(
                f"圏域コードが誤りか2度ある：{problems}",
                f"area codes that are wrong or stand twice: {problems}",
            ),
            column="area_code",
        )


def _require_areas(path: Path, names: pd.Series[str], area_list: pd.DataFrame) -> None:
    wanted = dict(zip(area_list["area_code"], area_list["area_name"], strict=True))
    found = dict(zip(names.index, names, strict=True))
    problems = [f"{code} {wanted[code]} (-)" for code in sorted(set(wanted) - set(found))]
    problems += [f"{code} {found[code]} (+)" for code in sorted(set(found) - set(wanted))]
    problems += [
        f"{code} {found[code]} ≠ {wanted[code]}"
        for code in sorted(set(found) & set(wanted))
        if found[code] != wanted[code]
    ]
    if problems:
        raise _error(
            path,
            Text(
                f"圏域一覧と合わない（-は欠け、+は余分）：{listed(problems, 40)}",
                f"the areas are not those of the list (- missing, + extra): {listed(problems, 40)}",
            ),
        )


def _polygons(shape: Any) -> Any:
    """The polygons of a repaired shape: make_valid may leave stray lines and points beside them."""
    import shapely

    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = [part for part in getattr(shape, "geoms", []) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts)


def _error(path: Path, found: Text, *, column: str | None = None) -> InputError:
    return InputError(found, FETCH_AGAIN, file=path, column=column)

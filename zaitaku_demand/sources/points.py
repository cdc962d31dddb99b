"""Places of nurse stations, support facilities and support centres, and the areas they lie in.

Points: 介護サービス情報公表システム and 地方厚生局, collected 2026: latitude, longitude, name. Boundaries:
国土数値情報 行政区域 N03-21 by municipality (国土交通省). Municipal shapes are used because those of areas are
simplified so far that one point in two hundred falls on the wrong side or into the sea.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.boundaries import CRS, JAPAN
from zaitaku_demand.sources.checks import listed
from zaitaku_demand.sources.places import NORTHERN_TERRITORIES
from zaitaku_demand.sources.reading import CORRECT_CELL, FETCH_AGAIN, require_file
from zaitaku_demand.sources.tabular import data_rows, filled_texts, read_copy
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

NEAREST_METRES = 3000.0
"""A point in no shape (piers, reclaimed land, small islands) goes to the nearest one within this distance."""

CODE_COLUMN = "N03_007"


def load_points(path: Path) -> pd.DataFrame:
    """Places of one layer.

    Parameters
    ----------
    path : path
        ``houkan_st_points.csv``, ``zaishi_clinic_hospital_points.csv`` or ``houkatsu_center_points.csv``.

    Returns
    -------
    DataFrame
        latitude, longitude (degrees), name, duplicate (the same place and name stands further up).

    Raises
    ------
    InputError
        If a heading is missing or unknown, a name is blank, or a coordinate is no number inside Japan.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ["lat", "lon", "name"])
    rows = data_rows(sheet, 1)
    west, south, east, north = JAPAN
    degrees = {}
    for key, heading, low, high in (("latitude", "lat", south, north), ("longitude", "lon", west, east)):
        values = np.array([sheet.number(row, columns[heading]) for row in rows])
        outside = np.flatnonzero((values < low) | (values > high))
        if len(outside):
            row = rows[int(outside[0])]
            raise sheet.error(
                Text(
                    f"{values[outside[0]]:g}度は日本の範囲（{low:g}～{high:g}度）の外にある",
                    f"{values[outside[0]]:g} degrees lies outside Japan ({low:g} to {high:g})",
                ),
                CORRECT_CELL,
                row,
                columns[heading],
            )
        degrees[key] = values
    frame = pd.DataFrame({**degrees, "name": filled_texts(sheet, rows, columns["name"])})
    frame["duplicate"] = frame.duplicated(["latitude", "longitude", "name"])
    return frame.astype({"name": "str"})


def load_municipal_shapes(path: Path) -> gpd.GeoDataFrame:
    """Shapes of municipalities and wards: code, geometry (EPSG:4326); invalid ones are made valid.

    Parameters
    ----------
    path : path
        ``municipalities_2021_s0010.topojson``.

    Raises
    ------
    InputError
        If the file holds no shapes with the attribute N03_007.
    """
    import geopandas as gpd

    require_file(path)
    try:
        read = gpd.read_file(path)
    except Exception as error:  # pyogrio and GDAL raise many kinds; each means that the file is unusable.
        raise InputError(
            Text("境界ファイルとして読めない", "the boundaries cannot be read"), FETCH_AGAIN, file=path
        ) from error
    if not isinstance(read, gpd.GeoDataFrame) or CODE_COLUMN not in read.columns:
        raise InputError(
            Text("市区町村コードの付いた形がない", "there are no shapes with municipal codes"),
            FETCH_AGAIN,
            file=path,
            column=CODE_COLUMN,
        )
    # Land that belongs to no municipality yet (所属未定地) has no code.
    read = read[read[CODE_COLUMN].notna() & read.geometry.notna()]
    return gpd.GeoDataFrame(
        {"code": read[CODE_COLUMN].astype("str").to_numpy()},
        geometry=read.geometry.make_valid().to_numpy(),
        crs=CRS,
    )


def shapes_by_area(shapes: gpd.GeoDataFrame, area_of: pd.Series[str], path: Path) -> gpd.GeoDataFrame:
    """The municipal shapes with the area each lies in: code, area_code, geometry.

    Parameters
    ----------
    shapes : GeoDataFrame
        :func:`load_municipal_shapes`.
    area_of : Series
        Area by municipal code.
    path : path
        File of the shapes, for the error.

    Raises
    ------
    InputError
        If a municipality other than the six villages of the northern territories has no area.
    """
    shapes = shapes.assign(area_code=shapes["code"].map(area_of))
    without = shapes["area_code"].isna()
    unknown = sorted(set(shapes.loc[without, "code"]) - NORTHERN_TERRITORIES)
    if unknown:
        raise InputError(
            Text(
                f"圏域の分からない市区町村がある：{listed(unknown)}",
                f"municipalities without an area: {listed(unknown)}",
            ),
            FETCH_AGAIN,
            file=path,
            column=CODE_COLUMN,
        )
    return shapes[~without].reset_index(drop=True)


def locate(
    points: pd.DataFrame, shapes: gpd.GeoDataFrame, *, nearest_metres: float = NEAREST_METRES
) -> pd.DataFrame:
    """The area of every point.

    Parameters
    ----------
    points : DataFrame
        latitude, longitude.
    shapes : GeoDataFrame
        area_code, geometry (EPSG:4326).
    nearest_metres : float
        Points in no shape go to the nearest one within this distance; others stay without area.

    Returns
    -------
    DataFrame
        `points` with area_code (missing where no shape is near enough) and distance (metres to the shape, 0
        inside it).
    """
    import geopandas as gpd

    places = gpd.GeoDataFrame(
        index=points.index, geometry=gpd.points_from_xy(points["longitude"], points["latitude"]), crs=CRS
    )
    inside = gpd.sjoin(places, shapes[["area_code", "geometry"]], how="left", predicate="intersects")
    # A point on a common border lies in both shapes; the one with the lower code takes it.
    inside = inside.sort_values("area_code").groupby(level=0)["area_code"].first().reindex(points.index)
    outside = inside.index[inside.isna()]
    result = points.assign(area_code=inside, distance=np.where(inside.isna(), np.nan, 0.0))
    if len(outside):
        # Mercator keeps angles, so the nearest shape is the right one and a length shrinks by cos(latitude).
        near = gpd.sjoin_nearest(
            places.loc[outside].to_crs(3857),
            shapes[["area_code", "geometry"]].to_crs(3857),
            distance_col="far",
        )
        near = near.sort_values(["far", "area_code"]).groupby(level=0).first().reindex(outside)
        metres = near["far"] * np.cos(np.radians(points.loc[outside, "latitude"]))
        result.loc[outside, "distance"] = metres
        result.loc[outside, "area_code"] = near["area_code"].where(metres <= nearest_metres)
    return result


def count_by_area(located: pd.DataFrame) -> pd.Series[int]:
    """Places by area_code, each once (duplicates and places without an area are left out)."""
    kept = located[~located["duplicate"] & located["area_code"].notna()]
    return kept.groupby("area_code").size()

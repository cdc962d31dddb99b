"""Outlines of official areas as the processed table ``boundaries`` holds them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from zaitaku_demand.store.tables import read_table

if TYPE_CHECKING:
    import geopandas as gpd


def outlines(edition: str, codes: Collection[str] | None = None) -> gpd.GeoDataFrame:
    """Outlines of the areas of an official edition (330, 335, 339, 344), in degrees.

    Parameters
    ----------
    edition : str
    codes : collection of str, optional
        Only these areas.

    Returns
    -------
    GeoDataFrame
        area_code, geometry.
    """
    import geopandas as gpd
    from shapely import from_wkb

    table = read_table("boundaries")
    table = table[table["area_edition"] == edition]
    if codes is not None:
        table = table[table["area_code"].isin(list(codes))]
    return gpd.GeoDataFrame(
        table[["area_code"]].reset_index(drop=True),
        geometry=from_wkb(table["geometry"].to_numpy()),
        crs="EPSG:4326",
    )

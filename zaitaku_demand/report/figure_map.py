"""The map of peak classes, with the southern islands moved into boxes."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.projection.peak import peak_classes
from zaitaku_demand.report import labels
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figure_style import INK, caption, ordinal_colours, save, settings, width_of
from zaitaku_demand.report.view import class_counts, scope, without_peak
from zaitaku_demand.text import Language

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

# South of it lie only islands far from the rest: Amami and Okinawa in the west, Ogasawara in the east.
SOUTHERN_LATITUDE = 30.0
DIVIDING_LONGITUDE = 135.0
MAP_WIDTH = 8.4
MISSING = "#D9D9D9"
BORDER, COAST = "#FFFFFF", "#666666"
LETTERS = 140
NEAR_DEGREES = 0.1
MAINLAND_SHARE = 0.8
MOST_STRETCH = 3.0


def draw_map(content: ReportContent, folder: Path, language: Language, suffix: str) -> list[Path]:
    """Draw ``map_peak_class``; no file where the run has no boundaries."""
    if content.boundaries is None or content.boundaries.empty:
        return []
    import matplotlib
    from matplotlib.figure import Figure

    shapes = _shapes(content)
    parts = _parts(shapes)
    with matplotlib.rc_context(settings()):
        shown = sum(len(part) for part in parts)
        omitted = shown < len(shapes.explode(ignore_index=True))
        text = _caption(content, shapes, len(parts) > 1, omitted, language)
        foot = 0.165 * (text.count("\n") + 1) + 0.25
        west, south, east, north = parts[0].total_bounds
        shrink = cos(radians((south + north) / 2))
        across = MAP_WIDTH if shapes["prefecture_code"].nunique() > 1 else 0.68 * MAP_WIDTH
        high = min(max(across * (north - south) / ((east - west) * shrink), 3.5), 8.2)
        height = high + foot + 0.6
        figure = Figure(figsize=(MAP_WIDTH + 0.4, height))
        title = labels.MAP_TITLE.format(
            service=content.services[content.main_service].short.to(language),
            scope=scope(content).to(language),
        ).to(language)
        figure.text(
            0.02, 1 - 0.16 / height, title, fontsize=13 if width_of(title) < 80 else 10, va="top", color=INK
        )
        figure.text(0.02, (foot - 0.1) / height, text, fontsize=7.5, va="top", color=INK, linespacing=1.4)
        # The sea leaves room on the map of the country; a prefecture gets a column of its own for the rest.
        whole = shapes["prefecture_code"].nunique() > 1
        axes = figure.add_axes((0.02, foot / height, 0.96 if whole else 0.66, high / height))
        _draw_part(axes, parts[0], content)
        corner = (0.985, (foot + 0.2 * high) / height) if whole else (0.70, (foot + high) / height)
        _legend(figure, "lower right" if whole else "upper left", corner, shapes, content, language)
        for part in parts[1:]:
            place = (0.04, 0.66, 0.42, 0.28) if whole else (0.71, 0.02, 0.26, 0.5)
            left, bottom, wide, tall = place
            inset = figure.add_axes((left, (foot + bottom * high) / height, wide, tall * high / height))
            _draw_part(inset, part, content)
            inset.axis("on")
            inset.set(xticks=[], yticks=[], xlabel="", ylabel="")
        return save(figure, folder, f"map_peak_class{suffix}")


def _shapes(content: ReportContent) -> gpd.GeoDataFrame:
    assert content.boundaries is not None
    peaks = content.peaks[content.peaks["service"] == content.main_service].set_index("area_code")
    places = content.projection.drop_duplicates("area_code").set_index("area_code")
    shapes = content.boundaries.copy()
    shapes["geometry"] = shapes.geometry.make_valid()
    shapes["peak_class"] = shapes["area_code"].map(peaks["peak_class"])
    shapes["prefecture_code"] = shapes["area_code"].map(places["prefecture_code"])
    shapes["estimated"] = False
    if "population_state" in peaks:
        shapes["estimated"] = shapes["area_code"].map(peaks["population_state"]).eq("estimated")
    return shapes.dropna(subset=["prefecture_code"])


def _parts(shapes: gpd.GeoDataFrame) -> list[gpd.GeoDataFrame]:
    """The main map and what goes into a box beside it."""
    pieces = shapes.explode(ignore_index=True)
    middle = pieces.geometry.representative_point()
    far = (middle.y < SOUTHERN_LATITUDE) | _far_from_mainland(pieces)
    if not far.any() or far.all():
        return [pieces]
    # Eastern islands are left out where their area is shown anyway: a box of specks shows nothing.
    remote = (middle.y < SOUTHERN_LATITUDE) & (middle.x >= DIVIDING_LONGITUDE)
    shown = pieces["area_code"].isin(pieces.loc[~remote, "area_code"])
    box = pieces[far & ~(remote & shown)]
    return [pieces[~far], *([box] if len(box) else [])]


def _far_from_mainland(pieces: gpd.GeoDataFrame) -> pd.Series[bool]:
    """Islands that would shrink a prefecture's mainland to a corner of the map, as those of Tokyo do."""
    import pandas as pd
    import shapely

    nothing = pd.Series(False, index=pieces.index)
    if pieces["prefecture_code"].nunique() > 1:
        return nothing
    # Degrees are good enough to tell near from far.
    outlines = pieces.geometry.to_numpy()
    size = shapely.area(outlines)
    groups = shapely.get_parts(shapely.union_all(shapely.buffer(outlines, NEAR_DEGREES)))
    member = shapely.contains(groups[:, None], shapely.point_on_surface(outlines)[None, :])
    mainland = member[(member * size).sum(axis=1).argmax()]
    west, south, east, north = shapely.total_bounds(outlines[mainland])
    bounds = pieces.total_bounds
    stretch = max((bounds[2] - bounds[0]) / (east - west), (bounds[3] - bounds[1]) / (north - south))
    if size[mainland].sum() < MAINLAND_SHARE * size.sum() or stretch < MOST_STRETCH:
        return nothing
    return pd.Series(~mainland, index=pieces.index)


def _draw_part(axes: Any, part: gpd.GeoDataFrame, content: ReportContent) -> None:
    classes = [label.ja for label in peak_classes(content.grid_years)]
    colours = dict(zip(classes, ordinal_colours(len(classes)), strict=True))
    fill = part["peak_class"].map(colours).fillna(MISSING)
    part.plot(ax=axes, color=fill, linewidth=0, aspect=None)
    missing = part[part["peak_class"].isna()]
    if len(missing):
        missing.plot(
            ax=axes, facecolor="none", edgecolor="#777777", hatch="/////", linewidth=0.2, aspect=None
        )
    dotted = part[part["estimated"]]
    if len(dotted):
        dotted.plot(ax=axes, facecolor="none", edgecolor="#FFFFFF", hatch="....", linewidth=0.2, aspect=None)
    # White lines on the coast would eat up the small islands, so only borders inside the land are white.
    coast = part.geometry.union_all().boundary
    merged = part[["prefecture_code", "geometry"]].dissolve("prefecture_code")
    for shapes, width in ((part, 0.35), (merged, 1.2)):
        inner = shapes.geometry.boundary.difference(coast)
        inner = inner[~inner.is_empty]
        if len(inner):
            inner.plot(ax=axes, color=BORDER, linewidth=width, aspect=None)
    part.iloc[:1].set_geometry([coast], crs=part.crs).plot(ax=axes, color=COAST, linewidth=0.35, aspect=None)
    frame_map(axes, part.total_bounds, 0.03)


def frame_map(axes: Any, bounds: Sequence[float], margin: float) -> None:
    """Limits around `bounds` (west, south, east, north) in degrees, `margin` a share of the longer side; true to shape."""
    west, south, east, north = bounds
    edge = margin * max(east - west, north - south)
    axes.set(xlim=(west - edge, east + edge), ylim=(south - edge, north + edge))
    axes.set_aspect(1 / cos(radians((south + north) / 2)))
    axes.axis("off")


def _legend(
    figure: Any,
    loc: str,
    corner: tuple[float, float],
    shapes: gpd.GeoDataFrame,
    content: ReportContent,
    language: Language,
) -> None:
    from matplotlib.patches import Patch

    counted = class_counts(content, content.main_service)
    colours = ordinal_colours(len(counted))
    unit = labels.AREAS_UNIT.to(language)
    handles = [
        Patch(
            facecolor=colour,
            edgecolor="#555555",
            linewidth=0.4,
            label=f"{label.ja}（{count}{unit}）" if language == "ja" else f"{label.en} ({count} {unit})",
        )
        for (label, count), colour in zip(counted, colours, strict=True)
    ]
    if shapes["peak_class"].isna().any():
        handles.append(
            Patch(
                facecolor=MISSING, edgecolor="#777777", hatch="/////", label=labels.MAP_MISSING.to(language)
            )
        )
    figure.legend(
        handles=handles,
        title=labels.PEAK_CLASS.to(language),
        loc=loc,
        bbox_to_anchor=corner,
        fontsize=8.5,
        title_fontsize=8.5,
        frameon=False,
        alignment="left",
    )


def _caption(
    content: ReportContent, shapes: gpd.GeoDataFrame, boxed: bool, omitted: bool, language: Language
) -> str:
    peaks = content.peaks[content.peaks["service"] == content.main_service]
    censored = int(peaks["censored"].sum())
    more = []
    if censored:
        more.append(labels.MAP_CENSORED.format(last=content.grid_years[-1], n=censored).to(language))
    remarks = []
    if shapes["estimated"].any():
        remarks.append(labels.MAP_DOTTED.to(language))
    names = without_peak(content)
    if names:
        remarks.append(labels.MAP_WITHOUT.format(names="・".join(names)).to(language))
    if boxed:
        remarks.append(labels.MAP_INSET.to(language))
    if omitted:
        remarks.append(labels.MAP_OMITTED.to(language))
    if remarks:
        more.append(("。" if language == "ja" else ". ").join([*remarks, ""]).strip())
    return caption(content, content.main_service, language, LETTERS, *more)

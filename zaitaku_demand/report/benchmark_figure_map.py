"""Map of the ratio to Japan, with states hatched and the places of the report outlined."""

from __future__ import annotations

from math import cos, inf, radians
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figure_parts import (
    CAPTION_SIZE,
    MARGIN,
    TITLE_SIZE,
    columns_of,
    foot_height,
)
from zaitaku_demand.report.benchmark_view import (
    caption,
    indicator,
    indicator_lines,
    latest,
    name_of,
    titled,
    year_text,
)
from zaitaku_demand.report.figure_map import DIVIDING_LONGITUDE, SOUTHERN_LATITUDE, frame_map
from zaitaku_demand.report.figure_style import INK, save, settings, wrap
from zaitaku_demand.text import Language

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

WIDTH = 8.0
BOUNDS = (0.5, 0.67, 0.8, 0.95, 1.05, 1.25, 1.5, 2.0)
# Purple-orange: apart for every common kind of colour vision, without the meaning of red and green.
COLOURS = ("#8C4A00", "#C9741A", "#EDAE62", "#F9DDB5", "#F4F2F0", "#D5D3E6", "#A69CC9", "#735AA3", "#40186B")
MISSING, SUPPRESSED = "#E3E3E3", "#FFFFFF"
HATCHES = {"suppressed": "xxxx", "no_data": "/////"}
FILLS = {"suppressed": SUPPRESSED, "no_data": MISSING}
TOLERANCE = 0.005


def map_shapes(content: BenchmarkContent) -> gpd.GeoDataFrame | None:
    """Outlines of the places, ready to be drawn: prefectures put together from areas, coasts thinned.

    They are the same for every indicator and language, and putting them together is slow.
    """
    if content.boundaries is None or content.boundaries.empty:
        return None
    shapes = content.boundaries[["area_code", "geometry"]].copy()
    shapes["geometry"] = shapes.geometry.make_valid()
    if content.level == "prefecture" and (shapes["area_code"].str.len() > 2).any():
        shapes["area_code"] = shapes["area_code"].str[:2]
        shapes = shapes.dissolve("area_code").reset_index()
    # Half a kilometre cannot be seen on a page; without it the file is several times as large.
    shapes["geometry"] = shapes.geometry.simplify(TOLERANCE, preserve_topology=True)
    return shapes.explode(ignore_index=True)


def draw_ratio_map(
    content: BenchmarkContent,
    shapes: gpd.GeoDataFrame | None,
    id: str,
    folder: Path,
    language: Language,
    suffix: str,
) -> list[Path]:
    """Draw ``benchmark_map_<id>``; no file where there are no boundaries."""
    if shapes is None:
        return []
    import matplotlib
    from matplotlib.figure import Figure

    every = latest(content, id)
    row = indicator(content, id)
    title = titled(words.MAP_TITLE, name=name_of(row)).to(language)
    text = caption(
        content,
        language,
        columns_of(WIDTH),
        words.RATIO_UNIT.to(language),
        words.MAP_READING.to(language),
        *indicator_lines(row, language),
        year=year_text(row, language, "latest_year"),
        states=every,
    )
    with matplotlib.rc_context(settings()):
        shown = wrap(title, 84)
        foot, head = foot_height(text), 0.3 + 0.24 * (shown.count("\n") + 1)
        pieces = _joined(shapes, every)
        middle = pieces.geometry.representative_point()
        south = middle.y < SOUTHERN_LATITUDE
        main, box = pieces[~south], pieces[south & (middle.x < DIVIDING_LONGITUDE)]
        west, low, east, high = main.total_bounds
        tall = min(WIDTH * (high - low) / ((east - west) * cos(radians((low + high) / 2))), 7.4)
        height = tall + foot + head
        figure = Figure(figsize=(WIDTH, height))
        figure.text(MARGIN / WIDTH, 1 - 0.14 / height, shown, fontsize=TITLE_SIZE, va="top", color=INK)
        figure.text(
            MARGIN / WIDTH,
            (foot - MARGIN) / height,
            text,
            fontsize=CAPTION_SIZE,
            va="top",
            color=INK,
            linespacing=1.4,
        )
        focus = [code for code, _ in content.focus]
        axes = figure.add_axes((0.01, foot / height, 0.98, tall / height))
        _draw(axes, main, focus)
        if len(box):
            inset = figure.add_axes((0.04, (foot + 0.64 * tall) / height, 0.4, 0.3 * tall / height))
            _draw(inset, box, focus)
            inset.axis("on")
            inset.set(xticks=[], yticks=[], xlabel="", ylabel="")
        _legend(figure, content, every, (0.985, (foot + 0.03 * tall) / height), language)
        return save(figure, folder, f"benchmark_map_{id}{suffix}")


def ratio_class(ratio: float) -> int:
    """Number of the colour class of a ratio, from 0 for the lowest."""
    return sum(ratio >= bound for bound in BOUNDS)


def _joined(shapes: gpd.GeoDataFrame, every: pd.DataFrame) -> gpd.GeoDataFrame:
    figures = every.set_index("area_code")
    pieces = shapes.copy()
    pieces["ratio"] = pieces["area_code"].map(figures["ratio"])
    pieces["state"] = pieces["area_code"].map(figures["state"]).fillna("no_data")
    return pieces


def _draw(axes: Any, pieces: gpd.GeoDataFrame, focus: list[str]) -> None:
    fill = [
        FILLS.get(state, MISSING) if ratio != ratio else COLOURS[ratio_class(ratio)]
        for ratio, state in zip(pieces["ratio"], pieces["state"], strict=True)
    ]
    pieces.plot(ax=axes, color=fill, edgecolor="#8A8A8A", linewidth=0.3, aspect=None)
    for state, hatch in HATCHES.items():
        part = pieces[pieces["state"] == state]
        if len(part):
            part.plot(ax=axes, facecolor="none", edgecolor="#777777", hatch=hatch, linewidth=0.3, aspect=None)
    part = pieces[pieces["state"] == "estimated"]
    if len(part):
        part.plot(ax=axes, facecolor="none", edgecolor="#444444", hatch="....", linewidth=0.3, aspect=None)
    part = pieces[pieces["area_code"].isin(focus)]
    if len(part):
        part.plot(ax=axes, facecolor="none", edgecolor="#000000", linewidth=1.3, aspect=None, zorder=5)
    frame_map(axes, pieces.total_bounds, 0.02)


def _legend(
    figure: Any,
    content: BenchmarkContent,
    every: pd.DataFrame,
    corner: tuple[float, float],
    language: Language,
) -> None:
    from matplotlib.patches import Patch

    counts = [0] * len(COLOURS)
    for ratio in every["ratio"].dropna():
        counts[ratio_class(float(ratio))] += 1
    edges = [-inf, *BOUNDS, inf]
    left, right = ("（", "）") if language == "ja" else (" (", ")")
    handles = []
    for place in range(len(COLOURS) - 1, -1, -1):
        lower, upper = edges[place], edges[place + 1]
        text = words.MAP_UNDER if lower == -inf else words.MAP_OVER if upper == inf else words.MAP_BETWEEN
        label = text.format(lower=f"{lower:g}", upper=f"{upper:g}").to(language)
        handles.append(
            Patch(
                facecolor=COLOURS[place],
                edgecolor="#555555",
                linewidth=0.4,
                label=f"{label}{left}{counts[place]}{right}",
            )
        )
    states = every["state"].value_counts()
    for state, hatch in HATCHES.items():
        if states.get(state, 0):
            label = f"{words.STATES[state].to(language)}{left}{states[state]}{right}"
            handles.append(
                Patch(facecolor=FILLS[state], edgecolor="#777777", hatch=hatch, linewidth=0.4, label=label)
            )
    if states.get("estimated", 0):
        label = f"{words.MAP_ESTIMATED.to(language)}{left}{states['estimated']}{right}"
        handles.append(
            Patch(facecolor="#FFFFFF", edgecolor="#444444", hatch="....", linewidth=0.4, label=label)
        )
    unit = words.UNIT_PREFECTURES if content.level == "prefecture" else words.UNIT_AREAS
    figure.legend(
        handles=handles,
        title=words.MAP_LEGEND.format(unit=unit.to(language)).to(language),
        loc="lower right",
        bbox_to_anchor=corner,
        fontsize=8,
        title_fontsize=8,
        frameon=False,
        alignment="left",
    )

"""Reliability: estimators side by side, and how it grows with the cases of a place."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import pandas as pd

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report.figure_style import GREY, INK, PALE, width_of
from zaitaku_demand.report.research_figure_parts import (
    COLOURS,
    DOUBLE,
    ROW,
    SMALL,
    Drawing,
    bar,
    box,
    few_lines,
    grid,
    key,
    legend_below,
    log_ticks,
    new_figure,
    panels,
    point,
    rows_of,
)
from zaitaku_demand.report.research_view import LEVELS, method_name, named, parameters_of
from zaitaku_demand.text import Text

LANDMARKS = (0.7, 0.9)
"""Reliability commonly asked for to compare groups and single places."""
X_RELIABILITY = Text("信頼性（0～1）", "Reliability (0-1)")
X_CASES = Text(
    "1地域の規模（独立な事例の母数、対数目盛）", "Size of a place in independent cases (log scale)"
)
_LONG_NAME = 42
"""Half-width letters beyond which three names do not fit beside each other."""


@dataclass(frozen=True)
class CasesPanel:
    """One candidate at one level: size needed for 0.7 with its limits, and the estimators at the median size."""

    level: str
    outcome: str
    needed: tuple[float, float, float]
    points: list[tuple[str, float, float]]


def estimator_rows(drawing: Drawing) -> pd.DataFrame:
    """Rows of the figure: the reliability by every estimator that gave a figure."""
    frame = drawing.content.reliability
    return frame[(frame["statistic"] == "reliability") & frame["estimate"].notna()]


def cases_panels(drawing: Drawing) -> list[CasesPanel]:
    """Candidates and levels of which the size needed is known."""
    frame = drawing.content.reliability
    needed = frame[(frame["statistic"] == "cases_for_0.7") & (frame["estimate"] > 0)]
    made = []
    for row in needed.drop_duplicates(["level", "outcome"]).to_dict("records"):
        own = estimator_rows(drawing)
        own = own[(own["level"] == row["level"]) & (own["outcome"] == row["outcome"])]
        sizes = [(each, parameters_of(each).get("median_size")) for each in own.to_dict("records")]
        points = [
            (str(each["method"]), float(size), float(each["estimate"]))
            for each, size in sizes
            if size is not None
        ]
        limits = (float(row["estimate"]), float(row["lower"]), float(row["upper"]))
        made.append(CasesPanel(str(row["level"]), str(row["outcome"]), limits, points))
    return made


def draw_reliability(drawing: Drawing) -> Any:
    """A panel a level: candidates down, an estimator a mark with its interval; dotted at 0.7 and 0.9."""
    rows = estimator_rows(drawing)
    levels = [level for level in LEVELS if (rows["level"] == level).any()]
    outcomes = list(dict.fromkeys(rows["outcome"].astype(str)))
    methods = list(dict.fromkeys(rows["method"].astype(str)))
    most = int(rows.groupby(["level", "outcome"])["method"].nunique().max())
    tall = max(1.6 * ROW, 0.075 * most + 0.1)
    columns = _legend_columns(drawing, methods)
    foot = 0.44 + 0.14 * ceil(len(methods) / columns)
    figure = new_figure(DOUBLE, foot + tall * len(outcomes) + 0.22)
    # Where all are high the axis starts below the landmarks, not at no reliability.
    lowest = min(0.65, float(np.floor(10 * rows[["estimate", "lower"]].min().min()) / 10))
    left, gap = 2.0, 0.18
    wide = (DOUBLE - left - 0.1 - gap * (len(levels) - 1)) / len(levels)
    for place, level in enumerate(levels):
        start = left + place * (wide + gap)
        axes = box(figure, start, foot, start + wide, foot + tall * len(outcomes))
        rows_of(axes, [named(drawing.content, name, drawing.language) for name in outcomes], 38)
        if place:
            axes.set_yticklabels([])
        axes.set_xlim(lowest, 1.005)
        for mark in LANDMARKS:
            axes.axvline(mark, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)))
        for line in range(len(outcomes) - 1):
            axes.axhline(line + 0.5, color=PALE, linewidth=0.4)
        axes.set_title(drawing.say(words.LEVELS[level]), loc="left", pad=3)
        axes.set_xlabel(drawing.say(X_RELIABILITY))
        for line, outcome in enumerate(outcomes):
            own = rows[(rows["level"] == level) & (rows["outcome"] == outcome)].to_dict("records")
            for order, row in enumerate(own):
                number = methods.index(str(row["method"]))
                at = line + (order - (len(own) - 1) / 2) * 0.84 / max(most, 1)
                bar(axes, row["lower"], row["upper"], at, COLOURS[number % len(COLOURS)])
                point(axes, row["estimate"], at, number, size=2.6)
    legend_below(figure, _keys(drawing, methods), columns)
    return figure


def draw_reliability_cases(drawing: Drawing) -> Any:
    """A small panel a candidate and level: reliability against size with its band, estimators at the median size."""
    found = cases_panels(drawing)
    methods = list(dict.fromkeys(method for panel in found for method, _, _ in panel.points))
    columns = _legend_columns(drawing, methods)
    foot = 0.3 + 0.14 * ceil(len(methods) / columns)
    figure, boxes = panels(len(found), 3, 1.5, foot, (0.34, 0.26, 0.12, 0.36))
    width, height = figure.get_size_inches()
    for panel, axes in zip(found, boxes, strict=True):
        largest = max([size for _, size, _ in panel.points] + [panel.needed[0] * 30])
        smallest = max(panel.needed[0] / 30, 0.5)
        grid_of = np.geomspace(smallest, largest * 3, 120)
        curve, low, high = (reliability_at(grid_of, needed) for needed in panel.needed)
        if np.isfinite(low).all() or np.isfinite(high).all():
            # A limit without bound leaves the band open towards no reliability.
            axes.fill_between(grid_of, np.nan_to_num(high), np.nan_to_num(low), color=PALE, linewidth=0)
        axes.plot(grid_of, curve, color=INK, linewidth=1.0)
        axes.set(ylim=(0, 1.02), xscale="log", xlim=(grid_of[0], grid_of[-1]))
        powers = range(ceil(np.log10(grid_of[0])), int(np.log10(grid_of[-1])) + 1)
        log_ticks(axes.xaxis, [10.0**power for power in powers][:: max(1, ceil(len(powers) / 3))])
        axes.set_yticks([0, 0.5, *LANDMARKS])
        grid(axes, "y")
        axes.plot([panel.needed[0]], [0.7], "x", markersize=5, color=INK, zorder=6)
        for method, size, value in panel.points:
            point(axes, size, value, methods.index(method), size=3.0)
        title = f"{drawing.say(words.LEVELS[panel.level])}{drawing.colon}{named(drawing.content, panel.outcome, drawing.language)}"
        axes.set_title(few_lines(title, 44), loc="left", fontsize=SMALL, pad=2)
    figure.text(0.5, (foot - 0.14) / height, drawing.say(X_CASES), ha="center")
    legend_below(figure, _keys(drawing, methods), columns if width > DOUBLE - 0.1 else 1)
    return figure


def reliability_at(size: np.ndarray, needed: float) -> np.ndarray:
    """Reliability of a place of `size` where 0.7 is reached at `needed`: size / (size + needed × 3 / 7)."""
    return np.asarray(size / (size + needed * (1 - LANDMARKS[0]) / LANDMARKS[0]))


def _legend_columns(drawing: Drawing, methods: list[str]) -> int:
    longest = max((width_of(method_name(method, drawing.language)) for method in methods), default=0)
    return 3 if longest <= _LONG_NAME else 2


def _keys(drawing: Drawing, methods: list[str]) -> list[Any]:
    return [key(number, method_name(method, drawing.language)) for number, method in enumerate(methods)]

"""Associations: every pair with its interval, and one pair under all reasonable specifications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report import research_terms as terms
from zaitaku_demand.report.benchmark_figure_parts import shortened
from zaitaku_demand.report.figure_style import BLUE, GREY, INK, PALE
from zaitaku_demand.report.research_figure_parts import (
    DOUBLE,
    ROW,
    SMALL,
    Drawing,
    bar,
    box,
    few_lines,
    new_figure,
    panels,
    point,
    ratio_axis,
)
from zaitaku_demand.report.research_view import (
    Curve,
    clear_of,
    estimate_text,
    main_associations,
    named,
    records,
    verdict_of,
)
from zaitaku_demand.text import Text

MOST_PAIRS = 90
"""Pairs of a level in one figure; the table has all."""
X_RATIO = Text("率の比（対数目盛、1＝関連なし）", "Rate ratio (log scale, 1 = no association)")
X_SPECIFICATIONS = Text("分析方法（推定値の小さい順）", "Specifications, from the smallest estimate")
Y_RATIO = Text("率の比", "Rate ratio")
X_EXPOSURE = Text("説明変数（標準偏差を単位とする）", "Exposure (in standard deviations)")
MARKS = {"null": " ‡", "fragile": " †"}


def forest_rows(drawing: Drawing, level: str) -> pd.DataFrame:
    """Pairs of a level that have an estimate, in the declared order, as many as one figure holds."""
    rows = main_associations(drawing.content)
    return rows[(rows["level"] == level) & rows["estimate"].notna()].head(MOST_PAIRS)


def draw_forest(drawing: Drawing, level: str) -> Any:
    """Pairs down, grouped by outcome: adjusted rate ratio with its interval, and the figures beside it."""
    rows = forest_rows(drawing, level).sort_values("outcome", kind="stable", key=_order)
    entries: list[tuple[str, Mapping[str, Any] | None]] = []
    for outcome, part in rows.groupby("outcome", sort=False):
        entries.append((named(drawing.content, outcome, drawing.language), None))
        for row in records(part):
            entries.append((named(drawing.content, row["term"], drawing.language), row))
    tall = ROW * len(entries)
    figure = new_figure(DOUBLE, tall + 0.5)
    axes = box(figure, 3.1, 0.42, DOUBLE - 1.3, 0.42 + tall)
    axes.set_ylim(len(entries) - 0.4, -0.6)
    axes.set_yticks([])
    ratio_axis(axes, "x", [*rows["lower"], *rows["upper"], *rows["estimate"]], clip=True)
    axes.spines["left"].set_visible(False)
    axes.axvline(1, color=INK, linewidth=0.6)
    axes.set_xlabel(drawing.say(X_RATIO))
    for line, (name, found) in enumerate(entries):
        indent = 0.05 if found is None else 0.16
        height = 0.42 + tall - (line + 0.5) * tall / len(entries)
        _write(figure, indent, height, shortened(name, 70 if found is None else 66))
        if found is None:
            continue
        bar(axes, found["lower"], found["upper"], line, BLUE)
        point(axes, found["estimate"], line, 0, filled=clear_of(found, 1))
        kind = verdict_of(drawing.content, level, found["outcome"], found["term"])
        shown = estimate_text(found) + MARKS.get(kind, "")
        _write(figure, DOUBLE - 1.25, height, shown)
    return figure


def draw_specification(drawing: Drawing, curve: Curve) -> Any:
    """All specifications of one pair: estimates in order with intervals above, the choices of each below."""
    rows = curve.rows
    choices = varied_choices(rows)
    lines = [(name, value) for name, values in choices.items() for value in values]
    below = 0.125 * len(lines) + 0.07 * len(choices)
    figure = new_figure(DOUBLE, 2.0 + below)
    left, right = 2.1, DOUBLE - 0.12
    axes = box(figure, left, below + 0.42, right, below + 1.92)
    x = np.arange(len(rows))
    clear = np.array([clear_of(row, 1) for row in records(rows)])
    values = rows["estimate"].to_numpy(dtype=np.float64)
    colours = np.where(clear, BLUE, GREY)
    axes.vlines(x, rows["lower"], rows["upper"], colors=colours, linewidth=0.6)
    axes.plot(x[clear], values[clear], "o", markersize=2.2, color=BLUE, zorder=4)
    hollow = {"markerfacecolor": "white", "markeredgecolor": GREY, "markeredgewidth": 0.6, "zorder": 4}
    axes.plot(x[~clear], values[~clear], "o", markersize=2.4, **hollow)
    ratio_axis(axes, "y", [*rows["lower"], *rows["upper"], *values], clip=True)
    axes.axhline(1, color=INK, linewidth=0.6)
    axes.axhline(float(np.median(values)), color=INK, linewidth=0.6, linestyle=(0, (4, 2)))
    axes.set(xlim=(-1, len(rows)), xticks=[])
    axes.set_ylabel(drawing.say(Y_RATIO))
    matrix = box(figure, left, 0.3, right, below + 0.34)
    matrix.set(xlim=(-1, len(rows)), xticks=[])
    matrix.set_xlabel(drawing.say(X_SPECIFICATIONS), labelpad=2)
    matrix.spines[["left", "bottom"]].set_visible(False)
    levels, level = [], 0.0
    for name, found in choices.items():
        for value in found:
            there = [place for place, own in zip(x, rows["_choices"], strict=True) if own.get(name) == value]
            matrix.plot(there, [level] * len(there), "|", markersize=4, markeredgewidth=0.6, color=INK)
            levels.append(level)
            level += 1
        level += 0.5
    labels = [shortened(_choice(drawing, name, value), 50) for name, value in lines]
    matrix.set_yticks(levels, labels, fontsize=SMALL - 0.5)
    matrix.tick_params(axis="y", length=0)
    matrix.set_ylim(level - 0.5, -0.7)
    return figure


def varied_choices(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Choices that differ between the specifications, with their values in the order they appear."""
    found: dict[str, list[str]] = {}
    for choices in rows["_choices"]:
        for name, value in choices.items():
            values = found.setdefault(name, [])
            if value not in values:
                values.append(value)
    return {
        name: sorted(values, key=lambda value: (len(value), value))
        for name, values in found.items()
        if len(values) > 1
    }


def draw_curves(drawing: Drawing) -> Any:
    """A small panel a declared curve: rate ratio against the median exposure, with its band."""
    frame = curve_rows(drawing)
    keys = ["level", "outcome", "term"]
    found = frame[keys].drop_duplicates().astype(str).to_dict("records")
    figure, boxes = panels(len(found), 3, 1.85, 0.02, (0.42, 0.36, 0.1, 0.5))
    for panel, axes in zip(found, boxes, strict=True):
        own = frame[(frame[keys].astype(str) == panel).all(axis=1)].sort_values("x")
        axes.fill_between(own["x"], own["lower"], own["upper"], color=PALE, linewidth=0)
        axes.plot(own["x"], own["estimate"], color=BLUE, linewidth=1.2)
        axes.axhline(1, color=INK, linewidth=0.6)
        ratio_axis(axes, "y", [*own["lower"], *own["upper"]])
        axes.set_xlabel(drawing.say(X_EXPOSURE), labelpad=1)
        axes.set_ylabel(drawing.say(Y_RATIO), labelpad=1)
        names = [named(drawing.content, panel[name], drawing.language) for name in ("term", "outcome")]
        title = f"{drawing.say(words.LEVELS[panel['level']])}{drawing.colon}{' / '.join(names)}"
        axes.set_title(few_lines(title, 44, 3), loc="left", fontsize=SMALL, pad=2)
    return figure


def curve_rows(drawing: Drawing) -> pd.DataFrame:
    """Points of the declared curves that could be estimated."""
    frame = drawing.content.association_curves
    return frame[frame["estimate"].notna()] if "x" in frame else frame.iloc[:0]


def _order(outcomes: pd.Series[str]) -> pd.Series[int]:
    places = {name: place for place, name in enumerate(dict.fromkeys(outcomes))}
    return outcomes.map(places)


def _write(figure: Any, x: float, y: float, text: str) -> None:
    width, height = figure.get_size_inches()
    figure.text(x / width, y / height, text, fontsize=SMALL, va="center")


def _choice(drawing: Drawing, name: str, value: str) -> str:
    parts = [terms.METHODS.get(part, terms.VALUES.get(part)) for part in [value]]
    if parts[0] is not None:
        said = drawing.say(parts[0])
    elif name in ("confounders", "outcome", "exposure"):
        gap = "＋" if drawing.language == "ja" else " + "
        said = gap.join(_label(drawing, part) for part in value.split("+"))
    else:
        said = value
    colon = "：" if drawing.language == "ja" else ": "
    return drawing.say(terms.CHOICES[name]) + colon + said


def _label(drawing: Drawing, name: str) -> str:
    """Name of a variable without its id, which would not fit."""
    return named(drawing.content, name, drawing.language).replace(f"（{name}）", "").replace(f" ({name})", "")

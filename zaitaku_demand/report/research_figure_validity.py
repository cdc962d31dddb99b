"""Validity: agreement of two sources, and how far flows between places could explain a pattern."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report.figure_style import BLUE, GREY, INK
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
    ratio_axis,
    rows_of,
)
from zaitaku_demand.report.research_view import LEVELS, estimate_text, named
from zaitaku_demand.text import Text

X_MEAN = Text("2つの値の幾何平均（全国＝1）", "Geometric mean of the two (Japan = 1)")
Y_RATIO = Text("2つの値の比", "Ratio of the two")
X_LIMITS = Text("2つの値の比（対数目盛、1＝一致）", "Ratio of the two (log scale, 1 = agree)")
X_SHARE = Text(
    "境界を越える必要のある件数の割合（0～1）", "Share of cases that would have to cross borders (0-1)"
)
CCC = Text("一致相関係数", "Concordance")
LIMITS = {"agreement_bias": "-", "agreement_lower_limit": (0, (4, 2)), "agreement_upper_limit": (0, (4, 2))}
KEYS = ["level", "outcome", "term"]


def institution_rows(drawing: Drawing) -> pd.DataFrame:
    """Rows on the place of the institution that have a figure; one a candidate and level."""
    frame = drawing.content.validity
    rows = frame[(frame["statistic"] == "institution_bias_share") & frame["estimate"].notna()]
    return rows.drop_duplicates(["level", "outcome"])


def limit_rows(drawing: Drawing) -> list[dict[str, Any]]:
    """Declared pairs with the typical ratio, limits of agreement and concordance."""
    frame = drawing.content.validity
    made = []
    for pair, part in frame.groupby(KEYS, sort=False):
        rows = {str(row["statistic"]): row for row in part.to_dict("records")}
        if set(LIMITS) <= set(rows) and pd.notna(rows["agreement_bias"]["estimate"]):
            made.append({"pair": pair, **rows})
    return made


def draw_agreement_limits(drawing: Drawing) -> Any:
    """Pairs of sources down: typical ratio with its interval, limits of agreement, concordance beside it."""
    rows = limit_rows(drawing)
    levels = [level for level in LEVELS if any(row["pair"][0] == level for row in rows)]
    tall = 2.3 * ROW
    figure = new_figure(DOUBLE, 0.62 + tall * len(rows) + 0.2)
    axes = box(figure, 2.75, 0.52, DOUBLE - 1.35, 0.52 + tall * len(rows))
    names = []
    for row in rows:
        shown = [named(drawing.content, each, drawing.language) for each in row["pair"][1:]]
        names.append(" / ".join(shown))
    rows_of(axes, names, 56)
    ends = [row[name]["estimate"] for row in rows for name in LIMITS]
    ratio_axis(axes, "x", ends)
    axes.axvline(1, color=INK, linewidth=0.6)
    axes.set_xlabel(drawing.say(X_LIMITS))
    width, height = figure.get_size_inches()
    right = (DOUBLE - 1.25) / width
    figure.text(right, (0.57 + tall * len(rows)) / height, drawing.say(CCC), fontsize=SMALL)
    for line, row in enumerate(rows):
        place = levels.index(row["pair"][0])
        low, high = (row[name]["estimate"] for name in ("agreement_lower_limit", "agreement_upper_limit"))
        bar(axes, low, high, line, GREY, 0.7)
        for end in (low, high):
            axes.plot([end, end], [line - 0.15, line + 0.15], color=GREY, linewidth=0.7)
        bias = row["agreement_bias"]
        bar(axes, bias["lower"], bias["upper"], line, COLOURS[place], 2.2)
        point(axes, bias["estimate"], line, place)
        if "agreement_ccc" in row:
            at = (0.52 + tall * (len(rows) - line - 0.5)) / height
            figure.text(right, at, estimate_text(row["agreement_ccc"]), fontsize=SMALL, va="center")
    keys = [key(place, drawing.say(words.LEVELS[level])) for place, level in enumerate(levels)]
    legend_below(figure, keys, 2)
    return figure


def agreement_rows(drawing: Drawing) -> pd.DataFrame:
    """Points of the pairs that hold a candidate; where no pair holds one, all."""
    points = drawing.content.agreement_points
    own = points[points["outcome"].isin(set(drawing.content.judgement["outcome"]))]
    return own if len(own) else points


def draw_agreement(drawing: Drawing) -> Any:
    """A small panel a pair and level: ratio against geometric mean (Bland and Altman), bias and limits as lines."""
    frame = agreement_rows(drawing)
    found = frame[KEYS].drop_duplicates().astype(str).to_dict("records")
    figure, boxes = panels(len(found), 3, 1.95, 0.02, (0.48, 0.36, 0.1, 0.55))
    for panel, axes in zip(found, boxes, strict=True):
        own = frame[(frame[KEYS].astype(str) == panel).all(axis=1)]
        first, second = own["first"].to_numpy(np.float64), own["second"].to_numpy(np.float64)
        known = (first > 0) & (second > 0)
        mean, ratio = np.sqrt(first[known] * second[known]), first[known] / second[known]
        axes.plot(mean, ratio, "o", markersize=1.8, color=BLUE, markeredgewidth=0, alpha=0.6)
        rows = drawing.content.validity
        rows = rows[(rows[KEYS].astype(str) == panel).all(axis=1) & rows["statistic"].isin(LIMITS)]
        for row in rows.to_dict("records"):
            axes.axhline(row["estimate"], color=INK, linewidth=0.8, linestyle=LIMITS[str(row["statistic"])])
        axes.axhline(1, color=GREY, linewidth=0.5, linestyle=(0, (1, 2)))
        ratio_axis(axes, "y", [*ratio, *rows["estimate"].dropna()])
        axes.set_xscale("log")
        ticks = [tick for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10) if mean.min() <= tick <= mean.max()]
        log_ticks(axes.xaxis, ticks)
        axes.set_xlabel(drawing.say(X_MEAN), labelpad=1)
        axes.set_ylabel(drawing.say(Y_RATIO), labelpad=1)
        names = [named(drawing.content, panel[name], drawing.language) for name in ("outcome", "term")]
        title = f"{drawing.say(words.LEVELS[panel['level']])}{drawing.colon}{' / '.join(names)}"
        axes.set_title(few_lines(title, 42, 3), loc="left", fontsize=SMALL, pad=2)
    return figure


def draw_institution_bias(drawing: Drawing) -> Any:
    """Candidates down: the share of cases that would have to cross borders for the differences to vanish."""
    rows = institution_rows(drawing)
    outcomes = list(dict.fromkeys(rows["outcome"].astype(str)))
    levels = [level for level in LEVELS if (rows["level"] == level).any()]
    tall = 2 * ROW
    figure = new_figure(DOUBLE, 0.62 + tall * len(outcomes))
    axes = box(figure, 2.75, 0.52, DOUBLE - 0.2, 0.52 + tall * len(outcomes))
    rows_of(axes, [named(drawing.content, name, drawing.language) for name in outcomes], 54)
    grid(axes, "x")
    axes.set_xlim(0, min(1.02, 1.15 * float(rows[["estimate", "upper"]].max().max())))
    axes.set_xlabel(drawing.say(X_SHARE))
    for row in rows.to_dict("records"):
        place = levels.index(str(row["level"]))
        level = outcomes.index(str(row["outcome"])) + 0.26 * (place - (len(levels) - 1) / 2)
        bar(axes, row["lower"], row["upper"], level, COLOURS[place])
        point(axes, row["estimate"], level, place)
    keys = [key(place, drawing.say(words.LEVELS[level])) for place, level in enumerate(levels)]
    legend_below(figure, keys, 2)
    return figure

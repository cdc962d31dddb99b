"""Before and after: differences in changes by years since an event, and interrupted monthly series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report import research_terms as terms
from zaitaku_demand.report.figure_style import BLUE, GREY, INK, PALE, VERMILLION
from zaitaku_demand.report.research_figure_parts import (
    DASHES,
    SMALL,
    Drawing,
    few_lines,
    grid,
    legend_below,
    panels,
    point,
    ratio_axis,
)
from zaitaku_demand.report.research_view import named, unit_of
from zaitaku_demand.text import Text

X_RELATIVE = Text("新たに該当した年からの年数", "Years since a place came to have it")
Y_RATIO = Text("変化の比", "Ratio of changes")
Y_CHANGE = Text("変化の差（{unit}）", "Difference in changes\n({unit})")
POINTS = Text("ポイント", "percentage points")
"""Unit of a difference of percentages."""
Y_DAY = Text("1日あたりの件数", "Count a day")
OBSERVED = Text("実績値", "Observed")
UNUSED = Text("推定に用いない月", "Months left out")
FITTED = Text("当てはめた線", "Fitted")
COUNTERFACTUAL = Text("それまでの傾向が続いた場合", "Had the earlier trend gone on")
_KEYS = ["level", "outcome", "term", "statistic"]


def draw_event_study(drawing: Drawing) -> Any:
    """A panel an outcome, event and scale: estimates by years since the event, with pointwise intervals and the band."""
    frame = drawing.content.event_study
    frame = frame[frame["estimate"].notna()]
    found = frame[_KEYS].drop_duplicates().astype(str).to_dict("records")
    figure, boxes = panels(len(found), 2, 1.85, 0.02, (0.6, 0.36, 0.12, 0.4))
    for panel, axes in zip(found, boxes, strict=True):
        own = frame[(frame[_KEYS].astype(str) == panel).all(axis=1)].sort_values("event_time")
        ratio = panel["statistic"] == "ratio_of_changes"
        if {"band_lower", "band_upper"} <= set(own):
            axes.vlines(own["event_time"], own["band_lower"], own["band_upper"], color=PALE, linewidth=3.5)
        axes.vlines(own["event_time"], own["lower"], own["upper"], color=BLUE, linewidth=0.9)
        for row in own.to_dict("records"):
            # The year compared with is no estimate: hollow.
            point(axes, row["event_time"], row["estimate"], 0, filled=row["note"] != "reference_year")
        axes.axhline(1 if ratio else 0, color=INK, linewidth=0.6)
        axes.axvline(-0.5, color=GREY, linewidth=0.8, linestyle=(0, (4, 2)))
        unit = unit_of(drawing.content, panel["outcome"], drawing.language)
        unit = drawing.say(POINTS) if unit.strip() == "%" else unit
        axes.set_ylabel(drawing.say(Y_RATIO if ratio else Y_CHANGE.format(unit=unit)), labelpad=1)
        if ratio:
            ratio_axis(axes, "y", [*own["lower"], *own["upper"], *own["estimate"]])
        else:
            grid(axes, "y")
        axes.set_xticks(sorted({int(time) for time in own["event_time"]}))
        axes.set_xlabel(drawing.say(X_RELATIVE), labelpad=1)
        names = [named(drawing.content, panel[name], drawing.language) for name in ("term", "outcome")]
        title = f"{drawing.say(words.LEVELS[panel['level']])}{drawing.colon}{' / '.join(names)}"
        axes.set_title(few_lines(title, 66), loc="left", fontsize=SMALL, pad=2)
    return figure


def draw_interrupted(drawing: Drawing) -> Any:
    """A panel a service: months as observed, the fitted line and the line of the earlier trend with its interval."""
    frame = drawing.content.interrupted_lines
    services = list(dict.fromkeys(frame["service"].astype(str)))
    figure, boxes = panels(len(services), 2, 1.75, 0.22, (0.5, 0.22, 0.12, 0.24))
    for service, axes in zip(services, boxes, strict=True):
        own = frame[frame["service"].astype(str) == service]
        own = own.assign(time=own["month"].map(decimal_year)).sort_values("time")
        used = own["used"].astype(bool)
        for lines, bounds in (("counterfactual", "#F3D9C9"), ("fitted", PALE)):
            axes.fill_between(
                own["time"], own[f"{lines}_lower"], own[f"{lines}_upper"], color=bounds, linewidth=0, zorder=1
            )
        axes.plot(own["time"][used], own["observed"][used], "o", markersize=2.0, color=INK, zorder=4)
        hollow = {"markerfacecolor": "white", "markeredgecolor": INK, "markeredgewidth": 0.5, "zorder": 4}
        axes.plot(own["time"][~used], own["observed"][~used], "o", markersize=2.2, **hollow)
        axes.plot(own["time"], own["counterfactual"], color=VERMILLION, linewidth=1.0, linestyle=DASHES[1])
        axes.plot(own["time"], own["fitted"], color=BLUE, linewidth=1.2, zorder=3)
        grid(axes, "y")
        for _, month in drawing.content.interruptions:
            axes.axvline(decimal_year(month) - 0.5 / 12, color=GREY, linewidth=0.8, linestyle=(0, (1, 1.5)))
        first, last = np.ceil(own["time"].min()), np.floor(own["time"].max())
        axes.set_xticks(np.arange(first, last + 1), [f"{year:.0f}" for year in np.arange(first, last + 1)])
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        axes.set_ylabel(drawing.say(Y_DAY), labelpad=1)
        title = words.label_of(terms.SERVICES, service, drawing.language)
        axes.set_title(title, loc="left", fontsize=SMALL, pad=2)
    legend_below(figure, _line_keys(drawing, bool((~frame["used"].astype(bool)).any())), 4)
    return figure


def decimal_year(month: str) -> float:
    """Middle of a month (``2020-04``) as a year with decimals."""
    year, number = str(month).split("-")
    return int(year) + (int(number) - 0.5) / 12


def event_rows(drawing: Drawing) -> pd.DataFrame:
    """Rows of the event study that can be drawn."""
    frame = drawing.content.event_study
    return frame[frame["estimate"].notna()] if "event_time" in frame else frame.iloc[:0]


def _line_keys(drawing: Drawing, unused: bool) -> list[Any]:
    from matplotlib.lines import Line2D

    mark: dict[str, Any] = {"marker": "o", "markersize": 2.5, "linestyle": "none", "color": INK}
    keys = [Line2D([], [], label=drawing.say(OBSERVED), **mark)]
    if unused:
        keys.append(Line2D([], [], markerfacecolor="white", label=drawing.say(UNUSED), **mark))
    keys.append(Line2D([], [], color=BLUE, linewidth=1.2, label=drawing.say(FITTED)))
    line: dict[str, Any] = {"color": VERMILLION, "linewidth": 1.0, "linestyle": DASHES[1]}
    keys.append(Line2D([], [], label=drawing.say(COUNTERFACTUAL), **line))
    return keys

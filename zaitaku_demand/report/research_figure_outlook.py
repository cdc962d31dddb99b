"""Which indicators stay in the core set, and what a future study would find."""

from __future__ import annotations

from typing import Any

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report import research_terms as terms
from zaitaku_demand.report.benchmark_figure_parts import shortened
from zaitaku_demand.report.figure_style import GREY, INK, PALE
from zaitaku_demand.report.research_figure_parts import (
    COLOURS,
    DASHES,
    DOUBLE,
    MARKERS,
    ROW,
    SMALL,
    Drawing,
    box,
    few_lines,
    grid,
    key,
    legend_below,
    new_figure,
    panels,
    rows_of,
)
from zaitaku_demand.report.research_view import named, number, power_curves
from zaitaku_demand.text import Text

X_SHARE = Text("重要度を±20％変えたときに残る割合（％）", "Stays when importance changes by ±20 % (%)")
Y_POWER = Text("検出力", "Power")
MEMBER = Text("コア指標の案", "Proposed core set")
OTHER = Text("案に入らなかった指標", "Not proposed")
MOST_OTHERS = 12
"""Indicators outside the set that are drawn: those that come in most often."""
ENOUGH = 0.8
_SHOWN = (0.0, 100.0)


def draw_stability(drawing: Drawing) -> Any:
    """A bar an indicator: the share of draws in which it stays; members dark, others pale and hatched."""
    content = drawing.content
    members = set(content.core_members["id"].astype(str))
    frame = content.core_stability.assign(_in=content.core_stability["id"].astype(str).isin(members))
    frame = frame.sort_values(["_in", "share"], ascending=False, kind="stable")
    others = frame[~frame["_in"] & (frame["share"] > 0)].head(MOST_OTHERS)
    shown = [*frame[frame["_in"]].to_dict("records"), *others.to_dict("records")]
    tall = ROW * len(shown)
    figure = new_figure(DOUBLE, tall + 0.62)
    axes = box(figure, 3.2, 0.52, DOUBLE - 0.45, 0.52 + tall)
    rows_of(axes, [shortened(named(content, row["id"], drawing.language), 60) for row in shown], 64)
    axes.set(xlim=_SHOWN)
    grid(axes, "x")
    for line, row in enumerate(shown):
        share = 100 * float(row["share"])
        look = (
            {"color": COLOURS[0]} if row["_in"] else {"facecolor": PALE, "edgecolor": GREY, "hatch": "////"}
        )
        axes.barh(line, share, height=0.62, linewidth=0.4, **look)
        axes.text(min(share, 100) + 1, line, f"{share:.0f}", va="center", fontsize=SMALL, clip_on=False)
    axes.set_xlabel(drawing.say(X_SHARE))
    legend_below(figure, _bar_keys(drawing, bool(len(others))), 2)
    return figure


def _bar_keys(drawing: Drawing, others: bool) -> list[Any]:
    from matplotlib.patches import Patch

    keys = [Patch(color=COLOURS[0], label=drawing.say(MEMBER))]
    if others:
        keys.append(Patch(facecolor=PALE, edgecolor=GREY, hatch="////", label=drawing.say(OTHER)))
    return keys


def draw_power(drawing: Drawing) -> Any:
    """A panel a form of study, level and outcome: power against size, a line a difference, dotted at 80 %."""
    frame = power_curves(drawing.content)
    columns = ["study", "level", "outcome"]
    found = frame[columns].drop_duplicates().astype(str).to_dict("records")
    several = frame["study"].nunique() > 1
    differences = sorted(frame["difference"].dropna().unique())
    figure, boxes = panels(len(found), 3, 1.7, 0.24, (0.4, 0.36, 0.1, 0.36))
    for panel, axes in zip(found, boxes, strict=True):
        own = frame[(frame[columns].astype(str) == panel).all(axis=1)]
        axes.set(ylim=(0, 1.03))
        axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
        grid(axes, "y")
        axes.axhline(ENOUGH, color=INK, linewidth=0.6, linestyle=(0, (1, 1.5)))
        for place, difference in enumerate(differences):
            part = own[own["difference"] == difference].sort_values("n")
            colour = COLOURS[place % len(COLOURS)]
            look = {"linestyle": DASHES[place % len(DASHES)], "marker": MARKERS[place % len(MARKERS)]}
            axes.plot(part["n"], part["power"], color=colour, markersize=2.8, linewidth=1.0, **look)
            axes.vlines(part["n"], part["lower"], part["upper"], color=colour, linewidth=0.6)
        axes.set_xlabel(drawing.say(terms.SIZES.get(panel["study"], terms.SIZE)), labelpad=1)
        axes.set_ylabel(drawing.say(Y_POWER), labelpad=1)
        level = words.label_of(words.LEVELS, panel["level"], drawing.language)
        title = f"{level}{drawing.colon}{named(drawing.content, panel['outcome'], drawing.language)}"
        if several:
            title += f" – {words.label_of(terms.STUDIES, panel['study'], drawing.language)}"
        axes.set_title(few_lines(title, 44), loc="left", fontsize=SMALL, pad=2)
    said = words.DIFFERENCE.to(drawing.language)
    keys = [key(place, f"{said} {number(each)}", line=True) for place, each in enumerate(differences)]
    legend_below(figure, keys, 4 if len(found) > 1 else 2)
    return figure

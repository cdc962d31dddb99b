"""Pieces of the figures for publication: journal sizes, axes, marks that are told apart in grey, the three files.

The figures carry no title and no caption: those stand in ``captions.md`` and in the page, as journals want them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from zaitaku_demand.report.benchmark_figure_parts import linear_ticks, shortened
from zaitaku_demand.report.figure_style import (
    BLUE,
    DARK_GREY,
    INK,
    PALE,
    SKY,
    VERMILLION,
    save_svg,
    settings,
    width_of,
    wrap,
)
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.report.research_font import without_small_font
from zaitaku_demand.text import Language, Text

MILLIMETRE = 1 / 25.4
SINGLE, DOUBLE = 85 * MILLIMETRE, 175 * MILLIMETRE
"""Widths of one and two columns of a journal, in inches."""
PUBLICATION_DPI = 300
SIZE, SMALL = 7.0, 6.0
"""Points of words in a figure; smaller is not readable in print."""
ROW = 0.17
"""Inches a row of a figure that lists things."""
COLOURS = (BLUE, VERMILLION, "#000000", "#009E73", SKY, "#CC79A7", DARK_GREY)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES: tuple[Any, ...] = ("-", (0, (4, 2)), (0, (1, 1.5)), (0, (5, 1, 1, 1)), (0, (8, 2)), (0, (2, 2)), "-")
"""Colour, mark and dash each tell the series apart alone, so a copy in grey loses nothing."""
_NARROW, _MOST_TICKS = 3.0, 8
KINDS = ("png", "svg", "pdf")


@dataclass(frozen=True)
class Drawing:
    """What the figures of one report and language share."""

    content: ResearchContent
    language: Language

    @property
    def colon(self) -> str:
        """What stands between a name and what is said of it."""
        return "：" if self.language == "ja" else ": "

    def say(self, text: Text) -> str:
        """The half of `text` in the language of the figure."""
        return text.to(self.language)


def publication_settings() -> dict[str, Any]:
    """Settings of matplotlib for print: small sans-serif words, thin lines, letters kept as letters in the PDF."""
    return {
        **settings(),
        "font.size": SIZE,
        "axes.titlesize": SIZE,
        "axes.labelsize": SIZE,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "legend.fontsize": SMALL,
        "axes.linewidth": 0.5,
        "xtick.major.width": 0.5,
        "ytick.major.width": 0.5,
        "xtick.minor.width": 0.3,
        "ytick.minor.width": 0.3,
        "xtick.major.size": 2.5,
        "ytick.major.size": 2.5,
        "xtick.minor.size": 1.5,
        "ytick.minor.size": 1.5,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "text.color": INK,
        "pdf.fonttype": 42,
        "figure.dpi": PUBLICATION_DPI,
    }


def new_figure(width: float, height: float) -> Any:
    """An empty figure of `width` × `height` inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height))


def box(figure: Any, left: float, bottom: float, right: float, top: float) -> Any:
    """Axes placed in inches from the lower left corner of the figure; `right` and `top` are their far ends."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((left / width, bottom / height, (right - left) / width, (top - bottom) / height))
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    return axes


def panels(
    count: int, most: int, tall: float, foot: float, inside: tuple[float, float, float, float]
) -> tuple[Any, list[Any]]:
    """A figure of `count` small panels, at most `most` in a row: one column wide for one panel, else two.

    Parameters
    ----------
    count, most : int
    tall : float
        Inches of a row of panels.
    foot : float
        Inches below all panels, for a legend.
    inside : tuple of float
        Inches left, below, right and above between a panel's room and its axes.

    Returns
    -------
    figure, list of axes
    """
    columns = min(count, most)
    lines = ceil(count / columns)
    width = SINGLE if columns == 1 else DOUBLE
    figure = new_figure(width, lines * tall + foot)
    wide = width / columns
    boxes = []
    for number in range(count):
        down, across = divmod(number, columns)
        left, bottom = across * wide, foot + (lines - 1 - down) * tall
        boxes.append(
            box(
                figure,
                left + inside[0],
                bottom + inside[1],
                left + wide - inside[2],
                bottom + tall - inside[3],
            )
        )
    return figure, boxes


def few_lines(text: str, columns: int, most: int = 2) -> str:
    """`text` on at most `most` lines of `columns` half-width letters; what does not fit is marked as cut."""
    lines = wrap(text, columns).split("\n")
    if len(lines) <= most:
        return "\n".join(lines)
    # A break between two Latin words has taken their blank.
    gap = " " if width_of(lines[most - 1][-1]) == 1 else ""
    last = shortened(lines[most - 1] + gap + lines[most], columns)
    return "\n".join([*lines[: most - 1], last])


def ratio_axis(axes: Any, which: str, values: Sequence[float], clip: bool = False) -> None:
    """A logarithmic ``x`` or ``y`` axis around 1 that holds `values`; with `clip` the outermost fiftieth may leave it if it would more than double the axis."""
    known = np.array([value for value in values if value == value and 0 < value < np.inf])
    low, high = known.min(), known.max()
    if clip:
        ends = np.quantile(known, [0.01, 0.99])
        if np.log(high / low) > 2 * np.log(ends[1] / ends[0]):
            low, high = ends
    low, high = min(low, 0.97) / 1.02, max(high, 1.03) * 1.02
    axis = axes.xaxis if which == "x" else axes.yaxis
    if which == "x":
        axes.set(xscale="log", xlim=(low, high))
    else:
        axes.set(yscale="log", ylim=(low, high))
    # Within a factor of two round steps lie closer to the eye than powers.
    ticks = linear_ticks(low, high, 6) if high / low < _NARROW else _spaced(low, high)
    log_ticks(axis, ticks)
    grid(axes, which)


def _spaced(low: float, high: float) -> list[float]:
    power = 10.0 ** np.arange(np.floor(np.log10(low)), np.log10(high) + 1)
    for factors in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        ticks = [factor * each for each in power for factor in factors if low <= factor * each <= high]
        if len(ticks) <= _MOST_TICKS:
            return ticks
    return ticks[:: len(ticks) // _MOST_TICKS + 1]


def grid(axes: Any, axis: str) -> None:
    """Pale lines across the ``x`` or ``y`` axis."""
    axes.grid(axis=axis, color=PALE, linewidth=0.4, which="major")


def rows_of(axes: Any, names: Sequence[str], columns: int) -> None:
    """Names down the vertical axis, the first on top, on at most two lines of `columns` half-width letters."""
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), [few_lines(name, columns) for name in names])
    axes.tick_params(axis="y", length=0)


def bar(axes: Any, low: float, high: float, level: float, colour: str, width: float = 0.9) -> None:
    """An interval as a level line."""
    if low == low and high == high:
        axes.plot([low, high], [level, level], color=colour, linewidth=width, solid_capstyle="butt", zorder=3)


def point(axes: Any, x: float, y: float, number: int, filled: bool | None = None, size: float = 3.5) -> None:
    """A mark of the series `number`; hollow ones have a white middle, as those beyond the seven forms have."""
    filled = number < len(MARKERS) if filled is None else filled
    colour = COLOURS[number % len(COLOURS)]
    axes.plot(
        [x],
        [y],
        MARKERS[number % len(MARKERS)],
        markersize=size,
        markerfacecolor=colour if filled else "white",
        markeredgecolor=colour,
        markeredgewidth=0.7,
        zorder=4,
    )


def legend_below(figure: Any, handles: Sequence[Any], columns: int, height: float = 0.03) -> None:
    """One legend for the whole figure, `height` inches above its lower edge."""
    figure.legend(
        handles=list(handles),
        loc="lower center",
        bbox_to_anchor=(0.5, height / figure.get_size_inches()[1]),
        ncols=columns,
        frameon=False,
        handlelength=2.4,
        columnspacing=1.4,
        borderaxespad=0.0,
    )


def key(number: int, text: str, line: bool = False) -> Any:
    """Entry of a legend for the series `number`."""
    from matplotlib.lines import Line2D

    filled = number < len(MARKERS)
    colour = COLOURS[number % len(COLOURS)]
    return Line2D(
        [],
        [],
        color=colour,
        marker=MARKERS[number % len(MARKERS)],
        markersize=3.5,
        markerfacecolor=colour if filled else "white",
        markeredgecolor=colour,
        linestyle=DASHES[number % len(DASHES)] if line else "none",
        linewidth=1.0,
        label=text,
    )


def log_ticks(axis: Any, values: Sequence[float]) -> None:
    """Plain numbers on a logarithmic axis."""
    from matplotlib.ticker import FixedLocator, NullLocator

    axis.set_major_locator(FixedLocator(list(values)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def save_publication(figure: Any, folder: Path, stem: str) -> list[Path]:
    """Write a figure as PNG (300 dpi), SVG and PDF; the same figure gives the same bytes."""
    import matplotlib

    folder.mkdir(parents=True, exist_ok=True)
    png, pdf = folder / f"{stem}.png", folder / f"{stem}.pdf"
    # Ticks are made while a figure is written: they take the font of the rest.
    family = {"font.family": matplotlib.rcParams["font.family"]}
    with matplotlib.rc_context({**publication_settings(), **family}):
        figure.savefig(
            png,
            dpi=PUBLICATION_DPI,
            facecolor="white",
            metadata={"Software": None},
            pil_kwargs={"compress_level": 4},
        )
        svg = save_svg(figure, folder, stem)
        svg.write_text(without_small_font(svg.read_text("utf-8")), "utf-8", newline="\n")
        figure.savefig(
            pdf, facecolor="white", metadata={"CreationDate": None, "Creator": None, "Producer": None}
        )
    return [png, svg, pdf]

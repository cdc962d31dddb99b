"""Pieces of the forecast figures: sheet with head and foot, frames with axes, bands, legends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from zaitaku_demand.report import labels
from zaitaku_demand.report.benchmark_figure_parts import (
    MARGIN,
    columns_of,
    dot,
    foot_height,
    head_and_foot,
    linear_ticks,
    tick_text,
    title_lines,
)
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figure_sheet import Sheet, advance
from zaitaku_demand.report.figure_style import (
    BLUE,
    GREY,
    INK,
    PALE,
    SKY,
    VERMILLION,
    width_of,
    wrap,
)
from zaitaku_demand.report.view import basis, source_line
from zaitaku_demand.text import Language, Text

WIDE, NARROW = "#DCEAF6", "#A6CBE8"
"""The 95 and the 80 % band."""
SERIES = (BLUE, VERMILLION, "#009E73", "#CC79A7", "#E69F00", SKY, "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<")
"""Lines differ by colour and mark: either alone tells them apart."""
SENTENCE_SIZE = 9.0
_SENTENCE_LINE = SENTENCE_SIZE * 1.45 / 72
_LETTER = 0.53 / 72
_HOLLOW = 0.6

Kind = Literal["band", "line", "dashed", "mark", "hollow", "bar"]
Point = tuple[float, float]


class ForecastSheet(Sheet):
    """A sheet with filled shapes of any outline."""

    def __init__(self, canvas: Any, width: float, height: float) -> None:
        super().__init__(canvas, width, height)
        self._blocks: dict[str, list[list[Point]]] = defaultdict(list)

    def block(self, left: float, right: float, bottom: float, top: float, colour: str) -> None:
        """A filled rectangle above the grid."""
        self._blocks[colour].append([(left, bottom), (right, bottom), (right, top), (left, top)])

    def shape(self, points: list[Point], colour: str) -> None:
        """A filled outline below all lines; the wider band lies below the narrower one."""
        self._bands[colour].append(points)

    def line(self, points: Any, colour: str, width: float, layer: int, dashed: bool = False) -> None:
        """An open line; fewer than two points make none."""
        if len(points) > 1:
            super().line(points, colour, width, layer, dashed)

    def save(self, folder: Path, name: str) -> list[Path]:
        """Draw and write both files."""
        from matplotlib.collections import PolyCollection

        for colour, boxes in self._blocks.items():
            self._axes.add_collection(
                PolyCollection(boxes, facecolors=colour, linewidths=0, zorder=2), autolim=False
            )
        if WIDE in self._bands:
            self._bands = defaultdict(list, {WIDE: self._bands.pop(WIDE), **self._bands})
        return super().save(folder, name)


@dataclass(frozen=True)
class Body:
    """The sheet and the room between head and foot, in inches."""

    sheet: ForecastSheet
    bottom: float
    top: float


def open_body(canvas: Any, width: float, tall: float, title: str, sentence: str, foot_text: str) -> Body:
    """Start a figure with title, a sentence below it and a caption, around a body `tall` inches high."""
    said = fitted(sentence, width - 2 * MARGIN, SENTENCE_SIZE) if sentence else ""
    lines = said.count("\n") + 1 if said else 0
    head = 0.24 + 0.24 * title_lines(title, width) + _SENTENCE_LINE * lines + (0.1 if lines else 0.0)
    foot = foot_height(foot_text)
    sheet = ForecastSheet(canvas, width, foot + tall + head)
    head_and_foot(sheet, title, foot_text)
    if said:
        level = foot + tall + 0.06 + _SENTENCE_LINE * lines
        sheet.words(MARGIN, level, said, SENTENCE_SIZE, INK, up="top")
    return Body(sheet, foot, foot + tall)


def fitted(text: str, wide: float, size: float) -> str:
    """Break `text` so that no line is wider than `wide` inches at `size` points, by the widths of its letters."""
    columns = max(int(wide / (size * 0.5 / 72)), 1)
    said = wrap(text, columns)
    while columns > 1 and max(advance(line, size) for line in said.split("\n")) > wide:
        columns -= 1
        said = wrap(text, columns)
    return said


def figure_caption(
    content: ReportContent,
    language: Language,
    width: float,
    unit: Text,
    *more: str,
    state: Text = labels.ESTIMATED_ALL,
) -> str:
    """Lines below a figure: state, unit, more, basis of an estimate, source."""
    colon, gap = ("：", "　") if language == "ja" else (": ", ". ")
    first = gap.join([state.to(language), labels.UNIT.to(language) + colon + unit.to(language)])
    # What is compared with the past does not rest on the population of the run.
    own = [basis(content).to(language)] if state == labels.ESTIMATED_ALL else []
    lines = [first, *more, *own, source_line(content, language)]
    return "\n".join(wrap(line, columns_of(width)) for line in lines if line)


@dataclass(frozen=True)
class Frame:
    """A panel: its place in inches and its scales."""

    left: float
    bottom: float
    right: float
    top: float
    first: float
    last: float
    low: float
    high: float

    def across(self, x: float) -> float:
        """Inches of a value on the horizontal scale."""
        return self.left + (self.right - self.left) * (x - self.first) / max(self.last - self.first, 1e-12)

    def up(self, y: float) -> float:
        """Inches of a value on the vertical scale."""
        return self.bottom + (self.top - self.bottom) * (y - self.low) / max(self.high - self.low, 1e-12)

    def points(self, x: Sequence[float], y: Sequence[float]) -> list[Point]:
        """Places of a line; what is missing is left out."""
        return [(self.across(a), self.up(b)) for a, b in zip(x, y, strict=True) if b == b]

    def levels(self, sheet: Sheet, most: int = 6, size: float = 7.0) -> None:
        """Horizontal grid with its numbers."""
        ticks = linear_ticks(self.low, self.high, most)
        for tick in ticks:
            level = self.up(tick)
            sheet.line([(self.left, level), (self.right, level)], INK if tick == self.low else PALE, 0.6, 1)
            sheet.words(self.left - 0.06, level, tick_text(tick, ticks), size, INK, "right", "center")

    def years(self, sheet: Sheet, ticks: Sequence[int], size: float = 7.0) -> None:
        """Numbers below the panel."""
        for year in ticks:
            sheet.words(self.across(year), self.bottom - 0.07, str(year), size, INK, "center", "top")

    def band(
        self,
        sheet: ForecastSheet,
        x: Sequence[float],
        low: Sequence[float],
        high: Sequence[float],
        colour: str,
    ) -> None:
        """A band between two lines; years without bounds are left out."""
        there = [(a, b, c) for a, b, c in zip(x, low, high, strict=True) if b == b and c == c]
        outline = [(self.across(a), self.up(b)) for a, b, _ in there]
        outline += [(self.across(a), self.up(c)) for a, _, c in reversed(there)]
        if len(there) > 1:
            sheet.shape(outline, colour)


@dataclass(frozen=True)
class Entry:
    """One entry of a legend."""

    kind: Kind
    colour: str
    text: str
    marker: str = "o"


def legend(sheet: ForecastSheet, entries: Sequence[Entry], left: float, top: float, right: float) -> float:
    """Entries in rows from `left` to `right`; returns the level below them."""
    x, y = left, top
    for entry in entries:
        wide = 0.34 + width_of(entry.text) * 7.5 * _LETTER + 0.18
        if x > left and x + wide > right:
            x, y = left, y - 0.19
        _sign(sheet, entry, x, y)
        sheet.words(x + 0.34, y, entry.text, 7.5, INK, up="center")
        x += wide
    return y - 0.15


def legend_rows(entries: Sequence[Entry], wide: float) -> int:
    """Rows that a legend takes in `wide` inches."""
    rows, x = 1, 0.0
    for entry in entries:
        step = 0.34 + width_of(entry.text) * 7.5 * _LETTER + 0.18
        if x > 0 and x + step > wide:
            rows, x = rows + 1, 0.0
        x += step
    return rows


def _sign(sheet: ForecastSheet, entry: Entry, x: float, y: float) -> None:
    ends = [(x, y), (x + 0.27, y)]
    if entry.kind == "band":
        sheet.band(x, x + 0.27, y - 0.055, y + 0.055, entry.colour)
    elif entry.kind in ("line", "dashed"):
        sheet.line(ends, entry.colour, 1.6, 4, dashed=entry.kind == "dashed")
    elif entry.kind == "bar":
        bracket(sheet, x, x + 0.27, y, entry.colour)
    else:
        mark(sheet, x + 0.135, y, entry.marker, entry.colour, 5, hollow=entry.kind == "hollow")


def series_style(number: int) -> tuple[str, str]:
    """Colour and mark of a line; the first colour is the first line's alone."""
    colour = SERIES[0] if number == 0 else SERIES[1 + (number - 1) % (len(SERIES) - 1)]
    return colour, MARKERS[number % len(MARKERS)]


def mark(
    sheet: Sheet, x: float, y: float, marker: str, colour: str, size: float, hollow: bool = False
) -> None:
    """A mark of any form, hollow ones with a white middle."""
    if marker == "o":
        dot(sheet, x, y, colour, size, hollow)
        return
    sheet.mark(x, y, marker, colour, size)
    if hollow:
        # Marks of one colour and size are drawn together: a size of its own keeps the middles above their rims.
        sheet.mark(x, y, marker, "#FFFFFF", size * _HOLLOW + 1e-3 * (int(colour[1:], 16) / 0xFFFFFF))


def bracket(sheet: Sheet, left: float, right: float, level: float, colour: str) -> None:
    """A bar with ends; one of no width is still seen."""
    spread = max(0.05 - (right - left), 0.0) / 2
    left, right = left - spread, right + spread
    sheet.line([(left, level), (right, level)], colour, 1.4, 6)
    for x in (left, right):
        sheet.line([(x, level - 0.035), (x, level + 0.035)], colour, 1.4, 6)


def guide(sheet: Sheet, x: float, bottom: float, top: float) -> None:
    """A dashed upright line."""
    sheet.line([(x, bottom), (x, top)], GREY, 0.7, 2, dashed=True)


def inside(x: float, text: str, size: float, left: float, right: float) -> float:
    """Middle of `text` so that it stays between `left` and `right`."""
    half = width_of(text) * size * _LETTER / 2
    return min(max(x, left + half), max(right - half, left + half))

"""Course of one place against Japan and its peers: a panel an indicator."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figure_parts import (
    MARGIN,
    columns_of,
    dot,
    foot_height,
    head_and_foot,
    linear_ticks,
    shortened,
    tick_text,
    title_lines,
)
from zaitaku_demand.report.benchmark_view import (
    NATIONAL,
    caption,
    is_fiscal,
    ordered_indicators,
    place_text,
    said,
    state_counts,
    titled,
)
from zaitaku_demand.report.figure_sheet import Sheet
from zaitaku_demand.report.figure_style import BLUE, DARK_GREY, INK, PALE, VERMILLION, settings, width_of
from zaitaku_demand.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd

ACROSS, MOST_PANELS = 3, 12
PANEL_WIDTH, PANEL_HEIGHT = 3.3, 2.05
INSIDE = (0.55, 0.28, 0.18, 0.42)
FEWEST_YEARS = 3


def draw_series(
    content: BenchmarkContent, code: str, name: str, folder: Path, language: Language, suffix: str
) -> list[Path]:
    """Draw ``benchmark_series_<code>``; no file where no indicator has a course of three years."""
    import matplotlib
    from matplotlib.figure import Figure

    series = _Series(content, code, name, language)
    if not series.panels:
        return []
    with matplotlib.rc_context(settings()):
        return series.draw(Figure()).save(folder, f"benchmark_series_{code}{suffix}")


class _Series:
    def __init__(self, content: BenchmarkContent, code: str, name: str, language: Language) -> None:
        self.content, self.language = content, language
        self.place = place_text(code, name)
        figures = content.benchmark
        self.own = figures[(figures["area_code"] == code) & (figures["level"] == content.level)]
        self.japan = figures[figures["level"] == NATIONAL]
        self.peers = content.profile[content.profile["area_code"] == code]
        self.panels = self._chosen()

    def _chosen(self) -> list[dict[Any, Any]]:
        """Key indicators first, then the others, that have a course; shown by function and type."""
        counts = self.own.dropna(subset=["value"]).groupby("indicator_id")["year"].nunique()
        declared = ordered_indicators(self.content)
        able = declared[declared["indicator_id"].map(counts).fillna(0) >= FEWEST_YEARS]
        first = able.sort_values("key", ascending=False, kind="stable").head(MOST_PANELS)
        return able[able["indicator_id"].isin(first["indicator_id"])].to_dict("records")

    def draw(self, canvas: Any) -> Sheet:
        language = self.language
        across = min(ACROSS, len(self.panels))
        width = max(across * PANEL_WIDTH, 2 * PANEL_WIDTH) + 2 * MARGIN
        title = titled(words.SERIES_TITLE, place=self.place).to(language)
        ids = [panel["indicator_id"] for panel in self.panels]
        counts = state_counts(self.own[self.own["indicator_id"].isin(ids)], language)
        text = caption(
            self.content,
            language,
            columns_of(width),
            words.UNIT_OF_PANELS.to(language),
            words.OF_YEARS.to(language) + counts,
            words.SERIES_READING.to(language),
            year=self._years(ids),
        )
        foot = foot_height(text)
        head = 0.45 + 0.24 * title_lines(title, width)
        rows = ceil(len(self.panels) / across)
        sheet = Sheet(canvas, width, rows * PANEL_HEIGHT + foot + head)
        head_and_foot(sheet, title, text)
        self._legend(sheet, sheet.height - head + 0.12)
        for place, panel in enumerate(self.panels):
            left = MARGIN + (place % across) * PANEL_WIDTH
            bottom = foot + (rows - 1 - place // across) * PANEL_HEIGHT
            _Panel(panel, self, left, bottom).draw(sheet)
        return sheet

    def _years(self, ids: list[str]) -> str:
        years = self.own.loc[self.own["indicator_id"].isin(ids) & self.own["value"].notna(), "year"]
        return words.YEARS_MIXED.format(first=int(years.min()), last=int(years.max())).to(self.language)

    def _legend(self, sheet: Sheet, level: float) -> None:
        own = titled(words.SERIES_OWN, place=self.place)
        at = MARGIN
        entries: list[tuple[Text, str, bool]] = [
            (own, VERMILLION, False),
            (words.JAPAN, INK, True),
            (words.SERIES_PEERS, BLUE, False),
        ]
        for label, colour, dashed in entries:
            sheet.line([(at, level), (at + 0.35, level)], colour, 1.5, 4, dashed=dashed)
            if colour == VERMILLION:
                dot(sheet, at + 0.175, level, colour, 4)
            sheet.words(at + 0.42, level, label.to(self.language), 8, INK, up="center")
            at += 0.42 + 0.06 * width_of(label.to(self.language)) + 0.25


class _Panel:
    def __init__(self, panel: dict[Any, Any], series: _Series, left: float, bottom: float) -> None:
        self.panel, self.language = panel, series.language
        id = panel["indicator_id"]
        self.own = series.own[series.own["indicator_id"] == id].sort_values("year")
        self.japan = _by_year(series.japan[series.japan["indicator_id"] == id], "value")
        self.peers = _by_year(series.peers[series.peers["indicator_id"] == id], "peer_median")
        self.years = [int(year) for year in self.own["year"]]
        self.left, self.right = left + INSIDE[0], left + PANEL_WIDTH - INSIDE[2]
        self.bottom, self.top = bottom + INSIDE[1], bottom + PANEL_HEIGHT - INSIDE[3]
        known = [
            *self.own["value"].dropna(),
            *self.own["lower"].dropna(),
            *self.own["upper"].dropna(),
            *(value for _, value in self.japan + self.peers),
        ]
        low, high = float(min(known)), float(max(known))
        margin = 0.08 * (high - low) or max(abs(high), 1.0) * 0.1
        self.low, self.high = (0.0 if 0 <= low < 0.3 * high else low - margin), high + margin

    def across(self, year: float) -> float:
        first, last = self.years[0], self.years[-1]
        return self.left + (self.right - self.left) * (year - first) / max(last - first, 1)

    def up(self, value: float) -> float:
        return self.bottom + (self.top - self.bottom) * (value - self.low) / (self.high - self.low)

    def draw(self, sheet: Sheet) -> None:
        ticks = linear_ticks(self.low, self.high, 5)
        for tick in ticks:
            sheet.line([(self.left, self.up(tick)), (self.right, self.up(tick))], PALE, 0.6, 1)
            sheet.words(self.left - 0.06, self.up(tick), tick_text(tick, ticks), 6.5, INK, "right", "center")
        sheet.line([(self.left, self.bottom), (self.right, self.bottom)], DARK_GREY, 0.6, 1)
        for place, year in enumerate(self.years):
            if (len(self.years) - 1 - place) % 2 == 0:
                sheet.words(self.across(year), self.bottom - 0.06, str(year), 6.5, INK, "center", "top")
        edge = self.left - INSIDE[0] + 0.02
        name = shortened(said(self.panel, "name", self.language), 52)
        mark = words.FISCAL_MARK.to(self.language) if is_fiscal(self.panel) else ""
        unit = shortened(said(self.panel, "unit", self.language), 54) + mark
        sheet.words(edge, self.top + 0.24, name, 8, INK)
        sheet.words(edge, self.top + 0.09, unit, 6.5, DARK_GREY)
        for points, colour, dashed in ((self.japan, INK, True), (self.peers, BLUE, False)):
            for part in _unbroken(points):
                sheet.line([(self.across(x), self.up(y)) for x, y in part], colour, 1.1, 3, dashed=dashed)
        self._own(sheet)

    def _own(self, sheet: Sheet) -> None:
        for part in _unbroken(_by_year(self.own, "value")):
            sheet.line([(self.across(x), self.up(y)) for x, y in part], VERMILLION, 1.5, 5)
        for row in self.own.to_dict("records"):
            x = self.across(row["year"])
            if row["state"] == "suppressed":
                said_here = words.SUPPRESSED_SHORT.to(self.language)
                sheet.words(x, self.bottom + 0.04, said_here, 5.5, DARK_GREY, "center")
            if row["value"] != row["value"]:
                continue
            if row["lower"] == row["lower"]:
                sheet.line([(x, self.up(row["lower"])), (x, self.up(row["upper"]))], VERMILLION, 0.8, 4)
            dot(sheet, x, self.up(row["value"]), VERMILLION, 3.6, hollow=row["state"] == "estimated")


def _by_year(frame: pd.DataFrame, name: str) -> list[tuple[int, float]]:
    known = frame.dropna(subset=[name]).sort_values("year")
    return [(int(year), float(value)) for year, value in zip(known["year"], known[name], strict=True)]


def _unbroken(points: list[tuple[int, float]]) -> list[list[tuple[int, float]]]:
    """Parts without a missing year in between: a line over a gap would claim what nobody knows."""
    parts: list[list[tuple[int, float]]] = []
    for point in points:
        if parts and point[0] - parts[-1][-1][0] == 1:
            parts[-1].append(point)
        else:
            parts.append([point])
    return parts

"""Caterpillar plot: every place with its interval in order, the places of the report in colour."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figure_parts import (
    Name,
    columns_of,
    dot,
    foot_height,
    head_and_foot,
    linear_ticks,
    names_beside,
    tick_text,
    title_lines,
)
from zaitaku_demand.report.benchmark_view import (
    WITHOUT_VALUE,
    caption,
    indicator,
    indicator_lines,
    japan_value,
    latest,
    name_of,
    place_label,
    places_count,
    said,
    titled,
    year_text,
)
from zaitaku_demand.report.figure_sheet import Sheet
from zaitaku_demand.report.figure_style import BLUE, DARK_GREY, INK, PALE, RUST, VERMILLION, settings
from zaitaku_demand.text import Language

if TYPE_CHECKING:
    import pandas as pd

WIDTH, DENSE_TALL = 8.4, 4.6
ROW = 0.165
MOST_ROWS = 60
NAMES = 1.25
BAND = "#FBE6D3"


def draw_caterpillar(
    content: BenchmarkContent, id: str, folder: Path, language: Language, suffix: str
) -> list[Path]:
    """Draw ``benchmark_caterpillar_<id>``: a row a place, or one dense picture where there are many."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(settings()):
        plot = _Caterpillar(content, id, language)
        return plot.draw(Figure()).save(folder, f"benchmark_caterpillar_{id}{suffix}")


class _Caterpillar:
    def __init__(self, content: BenchmarkContent, id: str, language: Language) -> None:
        self.content, self.language = content, language
        self.row = indicator(content, id)
        self.every = latest(content, id)
        self.shown = self.every.dropna(subset=["value"]).sort_values("value", ascending=False, kind="stable")
        self.japan = japan_value(content, id)
        self.focus = {code for code, _ in content.focus}
        self.dense = len(self.every) > MOST_ROWS
        self.low, self.high = _range(self.shown, self.japan)

    def draw(self, canvas: Any) -> Sheet:
        language = self.language
        places = places_count(self.content, len(self.every))
        title = titled(words.CATERPILLAR_TITLE, name=name_of(self.row), places=places).to(language)
        reading = words.CATERPILLAR_DENSE if self.dense else words.CATERPILLAR_READING
        text = caption(
            self.content,
            language,
            columns_of(WIDTH),
            said(self.row, "unit", language),
            reading.to(language),
            *indicator_lines(self.row, language),
            year=year_text(self.row, self.language, "latest_year"),
            states=self.every,
        )
        foot = foot_height(text)
        head = 0.4 + 0.24 * title_lines(title, WIDTH)
        tall = DENSE_TALL if self.dense else ROW * len(self.every) + 0.3
        sheet = Sheet(canvas, WIDTH, tall + foot + head)
        head_and_foot(sheet, title, text)
        if self.dense:
            self._dense(sheet, foot + 0.1, foot + tall)
        else:
            self._rows(sheet, foot + 0.3, foot + tall)
        return sheet

    def _rows(self, sheet: Sheet, bottom: float, top: float) -> None:
        left, right = NAMES + 0.1, WIDTH - 0.3

        def across(value: float) -> float:
            return left + (right - left) * (value - self.low) / (self.high - self.low)

        ticks = linear_ticks(self.low, self.high, 8)
        for tick in ticks:
            sheet.line([(across(tick), bottom), (across(tick), top)], PALE, 0.6, 1)
            sheet.words(across(tick), bottom - 0.06, tick_text(tick, ticks), 7.5, INK, "center", "top")
        if isfinite(self.japan):
            sheet.line(
                [(across(self.japan), bottom), (across(self.japan), top + 0.05)], INK, 1.0, 2, dashed=True
            )
            sheet.words(across(self.japan), top + 0.08, words.JAPAN.to(self.language), 8, INK, "center")
        hidden = self.every[self.every["value"].isna()].sort_values(
            ["state", "area_code"], ascending=[False, True]
        )
        records = [*self.shown.to_dict("records"), *hidden.to_dict("records")]
        for place, row in enumerate(records):
            y = top - ROW * (place + 0.5)
            own = row["area_code"] in self.focus
            colour = VERMILLION if own else BLUE
            if own:
                sheet.band(0.05, right, y - ROW / 2, y + ROW / 2, BAND)
            label = place_label(row["area_code"], row["area_name"], self.language)
            sheet.words(NAMES, y, label, 7.5, RUST if own else INK, "right", "center")
            if row["state"] in WITHOUT_VALUE or row["value"] != row["value"]:
                sheet.words(
                    left + 0.05, y, words.STATES[row["state"]].to(self.language), 7, DARK_GREY, up="center"
                )
                continue
            if row["lower"] == row["lower"]:
                ends = [(across(row["lower"]), y), (across(row["upper"]), y)]
                sheet.line(ends, colour, 1.6 if own else 1.1, 4)
            dot(
                sheet,
                across(row["value"]),
                y,
                colour,
                5.5 if own else 4.0,
                hollow=row["state"] == "estimated",
            )

    def _dense(self, sheet: Sheet, bottom: float, top: float) -> None:
        left, right = 0.62, WIDTH - 0.55
        step = (right - left) / max(len(self.shown), 1)

        def up(value: float) -> float:
            return bottom + (top - bottom) * (value - self.low) / (self.high - self.low)

        ticks = linear_ticks(self.low, self.high, 7)
        for tick in ticks:
            sheet.line([(left, up(tick)), (right, up(tick))], PALE, 0.6, 1)
            sheet.words(left - 0.06, up(tick), tick_text(tick, ticks), 7.5, INK, "right", "center")
        if isfinite(self.japan):
            sheet.line([(left, up(self.japan)), (right, up(self.japan))], INK, 1.0, 2, dashed=True)
            sheet.words(right + 0.06, up(self.japan), words.JAPAN.to(self.language), 8, INK, up="center")
        names, crowd = [], []
        for place, row in enumerate(self.shown.to_dict("records")):
            x = left + step * (place + 0.5)
            own = row["area_code"] in self.focus
            if row["lower"] == row["lower"]:
                ends = [(x, up(max(row["lower"], self.low))), (x, up(min(row["upper"], self.high)))]
                sheet.line(ends, VERMILLION if own else "#9FB8CC", 1.8 if own else 0.7, 4 if own else 2)
                crowd += [(x, y) for _, y in ends]
            crowd.append((x, up(row["value"])))
            dot(sheet, x, up(row["value"]), VERMILLION if own else BLUE, 5.0 if own else 1.6)
            if own:
                label = place_label(row["area_code"], row["area_name"], self.language)
                names.append(Name(x, up(row["value"]), label, RUST, 8.5))
        names_beside(sheet, names, (left, bottom, right, top), crowd)


def _range(shown: pd.DataFrame, japan: float) -> tuple[float, float]:
    """Ends of the value axis; a few far intervals are cut so that the others stay readable."""
    values = shown["value"]
    known = [float(values.min()), float(values.max()), *([japan] if isfinite(japan) else [])]
    lower, upper = shown["lower"].dropna(), shown["upper"].dropna()
    if len(lower):
        known += [float(lower.quantile(0.02)), float(upper.quantile(0.98))]
    if len(shown) <= MOST_ROWS and len(lower):
        known += [float(lower.min()), float(upper.max())]
    low, high = min(known), max(known)
    margin = 0.04 * (high - low) or max(abs(high), 1.0) * 0.1
    # Zero is shown where it is near, so that lengths can be compared.
    return (0.0 if 0 <= low < 0.35 * high else low - margin), high + margin

"""Profile of one place: every indicator on the national spread, with words, rank and trend beside it."""

from __future__ import annotations

from math import log
from pathlib import Path
from typing import Any

from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report import labels
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figure_parts import (
    MARGIN,
    columns_of,
    dot,
    foot_height,
    head_and_foot,
    shortened,
    title_lines,
)
from zaitaku_demand.report.benchmark_view import (
    FUNCTION_ORDER,
    caption,
    figure_text,
    label_of,
    place_profile,
    place_text,
    rank_text,
    said,
    state_counts,
    titled,
    year_text,
)
from zaitaku_demand.report.figure_sheet import Sheet
from zaitaku_demand.report.figure_style import (
    BLUE,
    DARK_GREY,
    INK,
    PALE,
    RUST,
    VERMILLION,
    settings,
    width_of,
    wrap,
)
from zaitaku_demand.text import Language

WIDTH = 12.6
ROW = 0.29
YEAR = 3.4
AXIS = (3.5, 6.45)
VALUE, VERDICT, RANK, TREND = 6.6, 9.2, 10.75, 12.4
LOWEST, HIGHEST = 1 / 3, 3.0
TICKS = {1 / 3: "1/3", 0.5: "0.5", 0.75: "0.75", 1.0: "1", 1.5: "1.5", 2.0: "2", 3.0: "3"}
STRIPE = "#F3F6FA"


def draw_profile(
    content: BenchmarkContent, code: str, name: str, folder: Path, language: Language, suffix: str
) -> list[Path]:
    """Draw ``benchmark_profile_<code>``: a row an indicator with data, those without any named below."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(settings()):
        profile = _Profile(content, code, name, language)
        return profile.draw(Figure()).save(folder, f"benchmark_profile_{code}{suffix}")


class _Profile:
    def __init__(self, content: BenchmarkContent, code: str, name: str, language: Language) -> None:
        self.content, self.language = content, language
        self.place = place_text(code, name)
        frame = place_profile(content, code)
        self.rows = frame[frame["latest_year"].notna()]
        self.missing = frame[frame["latest_year"].isna()]
        self.spread = _ratios(content)

    def draw(self, canvas: Any) -> Sheet:
        language = self.language
        title = titled(words.PROFILE_TITLE, place=self.place).to(language)
        text = self._caption()
        foot = foot_height(text)
        head = 0.55 + 0.24 * title_lines(title, WIDTH)
        groups = [
            (function, self.rows[self.rows["function"] == function])
            for function in FUNCTION_ORDER
            if (self.rows["function"] == function).any()
        ]
        tall = ROW * (len(self.rows) + len(groups)) + 0.45
        sheet = Sheet(canvas, WIDTH, tall + foot + head)
        head_and_foot(sheet, title, text)
        top = foot + tall
        self._heads(sheet, top + 0.2)
        y = top
        for function, part in groups:
            y -= ROW
            sheet.words(MARGIN, y + 0.03, label_of(words.FUNCTIONS, function, language), 9.5, INK)
            sheet.line([(MARGIN, y - 0.03), (WIDTH - MARGIN, y - 0.03)], DARK_GREY, 0.7, 2)
            for place, row in enumerate(part.to_dict("records")):
                y -= ROW
                if place % 2:
                    sheet.band(MARGIN, WIDTH - MARGIN, y - 0.03, y + ROW - 0.03, STRIPE)
                self._row(sheet, row, y + ROW / 2 - 0.03)
        self._axis(sheet, y - 0.06, top)
        return sheet

    def across(self, ratio: float) -> float:
        bounded = min(max(ratio, LOWEST), HIGHEST)
        return AXIS[0] + (AXIS[1] - AXIS[0]) * log(bounded / LOWEST) / log(HIGHEST / LOWEST)

    def _heads(self, sheet: Sheet, level: float) -> None:
        middle = (AXIS[0] + AXIS[1]) / 2
        sheet.words(middle, level, words.PROFILE_AXIS.to(self.language), 8, INK, "center")
        for x, label, across in (
            (YEAR, labels.YEAR_HEADER, "right"),
            (VALUE, words.PROFILE_VALUE, "left"),
            (VERDICT, words.PROFILE_VERDICT, "left"),
            (RANK, words.PROFILE_RANK, "left"),
            (TREND, words.PROFILE_TREND, "center"),
        ):
            sheet.words(x, level, label.to(self.language), 8, INK, across)

    def _axis(self, sheet: Sheet, bottom: float, top: float) -> None:
        for ratio, label in TICKS.items():
            at = self.across(ratio)
            sheet.line(
                [(at, bottom), (at, top)], INK if ratio == 1.0 else PALE, 0.9 if ratio == 1.0 else 0.6, 1
            )
            sheet.words(at, top + 0.06, label, 7, INK, "center")
            sheet.words(at, bottom - 0.04, label, 7, INK, "center", "top")

    def _row(self, sheet: Sheet, row: dict[Any, Any], y: float) -> None:
        language = self.language
        letter = label_of(words.TYPE_LETTERS, row["type"], language)
        sheet.words(MARGIN + 0.02, y, letter, 7.5, DARK_GREY, up="center")
        _stacked(sheet, MARGIN + 0.22, y, said(row, "name", language), 44, 7.5)
        sheet.words(YEAR, y, year_text(row, language), 7, DARK_GREY, "right", "center")
        self._spread(sheet, str(row["indicator_id"]), y)
        if row["ratio"] == row["ratio"]:
            self._own(sheet, row, y)
        if row["state"] in ("suppressed", "no_data"):
            sheet.words(VALUE, y, words.STATES[row["state"]].to(language), 7.5, DARK_GREY, up="center")
        else:
            sheet.words(VALUE + 0.4, y, figure_text(row["value"]), 7.5, INK, "right", "center")
            estimated = row["state"] == "estimated"
            tail = f" [{words.ESTIMATED_SHORT.to(language)}]" if estimated else ""
            _stacked(sheet, VALUE + 0.46, y, said(row, "unit", language) + tail, 40, 6.8)
        verdict = str(row["verdict"])
        colour = {"better": BLUE, "worse": RUST}.get(verdict, INK if verdict != "no_data" else DARK_GREY)
        sheet.words(VERDICT, y, words.SIGNS.get(verdict, ""), 7.5, colour, up="center")
        sheet.words(VERDICT + 0.17, y, label_of(words.VERDICTS, verdict, language), 7.5, colour, up="center")
        sheet.words(RANK, y, rank_text(row, language), 7.5, INK, up="center")
        sheet.words(TREND, y, words.TREND_SIGNS.get(row["trend"], ""), 9, INK, "center", "center")

    def _spread(self, sheet: Sheet, id: str, y: float) -> None:
        nothing = (float("nan"), float("nan"))
        # One line with gaps: hundreds of lines of their own would make the file many times as large.
        points = []
        for ratio in self.spread.get(id, ()):
            at = self.across(float(ratio))
            points += [(at, y - 0.055), (at, y + 0.055), nothing]
        if points:
            sheet.line(points[:-1], "#B4B4B4", 0.7, 2)

    def _own(self, sheet: Sheet, row: dict[Any, Any], y: float) -> None:
        if row["japan"] == row["japan"] and row["japan"] > 0 and row["peer_median"] == row["peer_median"]:
            # Value and ratio share their scale: the peers' value stands to their ratio as the place's own does.
            scale = row["ratio"] / row["value"] if row["value"] else 1 / row["japan"]
            sheet.mark(self.across(row["peer_median"] * scale), y, "D", BLUE, 3.6)
        if row["ratio_lower"] == row["ratio_lower"]:
            ends = [(self.across(row["ratio_lower"]), y), (self.across(row["ratio_upper"]), y)]
            sheet.line(ends, VERMILLION, 1.4, 5)
        if not LOWEST <= row["ratio"] <= HIGHEST:
            high = row["ratio"] > HIGHEST
            sheet.mark(self.across(row["ratio"]), y, ">" if high else "<", VERMILLION, 6)
            beside = self.across(row["ratio"]) + (-0.08 if high else 0.08)
            sheet.words(beside, y + 0.05, f"{row['ratio']:.1f}", 6.5, RUST, "right" if high else "left")
            return
        dot(
            sheet, self.across(row["ratio"]), y, VERMILLION, 6, hollow=row["verdict"] == "not_distinguishable"
        )

    def _caption(self) -> str:
        language = self.language
        place = words.LEVELS[self.content.level].to(language)
        place = place if language == "ja" else place.lower()
        lines = [words.PROFILE_READING.format(place=place, name=self.place.to(language)).to(language)]
        if len(self.missing):
            names = [said(row, "name", language) for _, row in self.missing.iterrows()]
            listed = words.LIST_GAP.to(language).join(names)
            lines.append(words.PROFILE_NOTHING.format(n=len(names), listed=listed).to(language))
        counts = words.OF_INDICATORS.to(language) + state_counts(self.rows, language)
        unit = words.UNIT_OF_ROWS.to(language)
        return caption(self.content, language, columns_of(WIDTH), unit, counts, *lines)


def _ratios(content: BenchmarkContent) -> dict[str, list[float]]:
    """Ratios of all places in the latest year of each indicator."""
    figures = content.benchmark
    newest = figures["indicator_id"].map(content.indicators.set_index("indicator_id")["latest_year"])
    shown = figures[(figures["level"] == content.level) & (figures["year"] == newest)].dropna(
        subset=["ratio"]
    )
    return {str(id): part.tolist() for id, part in shown.groupby("indicator_id")["ratio"]}


def _stacked(sheet: Sheet, x: float, y: float, text: str, columns: int, size: float) -> None:
    """Text on one line, or a little smaller on two."""
    if width_of(text) <= columns:
        sheet.words(x, y, text, size, INK, up="center")
        return
    lines = wrap(text, columns).split("\n")
    second = shortened(" ".join(lines[1:]), columns)
    smaller = size - 0.7
    sheet.words(x, y + 0.065, lines[0], smaller, INK, up="center")
    sheet.words(x, y - 0.065, second, smaller, INK, up="center")

"""Funnel plot: ratio against the expected number, limits adjusted for overdispersion, outliers by name."""

from __future__ import annotations

from math import log10
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import benchmark_labels as words
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figure_parts import (
    MARGIN,
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
    caption,
    indicator,
    indicator_lines,
    latest,
    name_of,
    place_label,
    titled,
    year_of,
    year_text,
)
from zaitaku_demand.report.figure_sheet import Sheet
from zaitaku_demand.report.figure_style import BLUE, GREY, INK, PALE, VERMILLION, settings, width_of
from zaitaku_demand.text import Language

if TYPE_CHECKING:
    import pandas as pd

WIDTH, TALL = 8.4, 5.0
INSIDE = (0.62, 0.5, 0.25, 0.3)
MOST_NAMES = 12
HIGHEST = 4.0
COLOURS = {"inside": GREY, "95": BLUE, "998": INK}
LABELS = {"inside": words.INSIDE, "95": words.BEYOND_95, "998": words.BEYOND_998}


def draw_funnel(
    content: BenchmarkContent, id: str, folder: Path, language: Language, suffix: str
) -> list[Path]:
    """Draw ``benchmark_funnel_<id>``; no file where the content carries no limits for it."""
    import matplotlib
    from matplotlib.figure import Figure

    year = year_of(indicator(content, id))
    limits = content.funnel[(content.funnel["indicator_id"] == id) & (content.funnel["year"] == year)]
    if limits.empty:
        return []
    with matplotlib.rc_context(settings()):
        funnel = _Funnel(content, id, limits.sort_values("expected"), language)
        return funnel.draw(Figure()).save(folder, f"benchmark_funnel_{id}{suffix}")


class _Funnel:
    def __init__(self, content: BenchmarkContent, id: str, limits: pd.DataFrame, language: Language) -> None:
        self.content, self.limits, self.language = content, limits, language
        self.row = indicator(content, id)
        self.every = latest(content, id)
        self.points = self.every[(self.every["expected"] > 0) & self.every["ratio"].notna()]
        self.ends = (
            min(float(limits["expected"].min()), float(self.points["expected"].min())) / 1.15,
            max(float(limits["expected"].max()), float(self.points["expected"].max())) * 1.15,
        )
        usual = float(limits["upper_998"].median())
        self.top = min(max(float(self.points["ratio"].max()) * 1.08, usual * 1.15, 1.6), HIGHEST)

    def draw(self, canvas: Any) -> Sheet:
        language = self.language
        title = titled(words.FUNNEL_TITLE, name=name_of(self.row)).to(language)
        text = self._caption()
        foot = foot_height(text)
        head = 0.35 + 0.24 * title_lines(title, WIDTH)
        sheet = Sheet(canvas, WIDTH, TALL + foot + head)
        head_and_foot(sheet, title, text)
        self.left, self.right = INSIDE[0], WIDTH - INSIDE[2]
        self.bottom, self.ceiling = foot + INSIDE[1], foot + TALL - INSIDE[3]
        self._frame(sheet)
        self._limits(sheet)
        self._legend(sheet, sheet.height - head + 0.02)
        self._points(sheet)
        return sheet

    def across(self, expected: float) -> float:
        low, high = log10(self.ends[0]), log10(self.ends[1])
        return self.left + (self.right - self.left) * (log10(expected) - low) / (high - low)

    def up(self, ratio: float) -> float:
        return self.bottom + (self.ceiling - self.bottom) * min(max(ratio, 0.0), self.top) / self.top

    def _frame(self, sheet: Sheet) -> None:
        ticks = linear_ticks(0.0, self.top, 8)
        for tick in ticks:
            level = self.up(tick)
            sheet.line([(self.left, level), (self.right, level)], PALE, 0.6, 1)
            sheet.words(self.left - 0.06, level, tick_text(tick, ticks), 7.5, INK, "right", "center")
        sheet.line([(self.left, self.up(1.0)), (self.right, self.up(1.0))], INK, 1.0, 2)
        for power in range(int(log10(self.ends[0])) - 1, int(log10(self.ends[1])) + 1):
            for factor in (1, 2, 5):
                tick = factor * 10.0**power
                if self.ends[0] <= tick <= self.ends[1]:
                    at = self.across(tick)
                    sheet.line([(at, self.bottom), (at, self.bottom - 0.04)], INK, 0.6, 2)
                    shown = f"{tick:,.0f}" if tick >= 1 else f"{tick:g}"
                    sheet.words(at, self.bottom - 0.08, shown, 7.5, INK, "center", "top")
        sheet.line([(self.left, self.bottom), (self.right, self.bottom)], INK, 0.6, 2)
        middle = (self.left + self.right) / 2
        sheet.words(middle, self.bottom - 0.28, words.FUNNEL_X.to(self.language), 8, INK, "center", "top")
        sheet.words(MARGIN, self.ceiling + 0.09, words.FUNNEL_Y.to(self.language), 8, INK)

    def _limits(self, sheet: Sheet) -> None:
        for name, dashed in (("95", True), ("998", False)):
            for side in ("lower", "upper"):
                points = [
                    (self.across(float(x)), self.up(float(y)))
                    for x, y in zip(self.limits["expected"], self.limits[f"{side}_{name}"], strict=True)
                    if 0 <= y <= self.top
                ]
                if len(points) > 1:
                    sheet.line(points, GREY, 0.9, 2, dashed=dashed)

    def _legend(self, sheet: Sheet, level: float) -> None:
        texts = [(words.FOCUS, VERMILLION), *((LABELS[k], COLOURS[k]) for k in ("998", "95", "inside"))]
        widths = [0.056 * width_of(label.to(self.language)) + 0.35 for label, _ in texts]
        at = WIDTH - INSIDE[2] - sum(widths)
        for (label, colour), wide in zip(texts, widths, strict=True):
            dot(sheet, at, level, colour, 4.5)
            sheet.words(at + 0.08, level, label.to(self.language), 7.5, INK, up="center")
            at += wide

    def _points(self, sheet: Sheet) -> None:
        focus = {code for code, _ in self.content.focus}
        names: list[Name] = []
        crowd = []
        chosen = self._named(focus)
        for row in self.points.to_dict("records"):
            x, y = self.across(row["expected"]), self.up(row["ratio"])
            crowd.append((x, y))
            own = row["area_code"] in focus
            status = str(row["funnel_status"]).removeprefix("high_").removeprefix("low_")
            colour = VERMILLION if own else COLOURS.get(status, GREY)
            size = 6.0 if own else 4.0
            if row["ratio"] > self.top:
                sheet.mark(x, y, "^", colour, size + 1)
            else:
                dot(sheet, x, y, colour, size, hollow=row["state"] == "estimated")
            if row["area_code"] in chosen:
                text = place_label(row["area_code"], row["area_name"], self.language)
                if row["ratio"] > self.top:
                    text += f" {row['ratio']:.1f}"
                names.append(Name(x, y, text, "#A03F00" if own else INK, 8.0 if own else 7.5))
        names.sort(key=lambda name: name.colour == INK)
        names_beside(
            sheet, names, (self.left + 0.02, self.bottom, self.right + 0.2, self.ceiling + 0.05), crowd
        )

    def _named(self, focus: set[str]) -> set[str]:
        """The places of the report and those farthest beyond the outer limits, measured on the log scale."""
        import numpy as np

        grid = np.log(self.limits["expected"].to_numpy(dtype=float))
        at = np.log(self.points["expected"].to_numpy(dtype=float))
        ratio = np.log(np.maximum(self.points["ratio"].to_numpy(dtype=float), 1e-3))
        bounds = {
            side: np.interp(
                at, grid, np.log(np.maximum(self.limits[f"{side}_998"].to_numpy(dtype=float), 1e-3))
            )
            for side in ("lower", "upper")
        }
        far = np.maximum(ratio - bounds["upper"], bounds["lower"] - ratio)
        beyond = self.points["funnel_status"].isin(["high_998", "low_998"]).to_numpy()
        ranked = self.points.assign(_far=far)[beyond].nlargest(MOST_NAMES, "_far")
        return focus | set(ranked["area_code"])

    def _caption(self) -> str:
        language = self.language
        place = words.LEVELS[self.content.level].to(language)
        place = place if language == "ja" else place.lower()
        lines = [words.FUNNEL_READING.format(place=place, n=MOST_NAMES).to(language)]
        beyond = int((self.points["ratio"] > self.top).sum())
        extra = []
        if (self.points["state"] == "estimated").any():
            extra.append(words.FUNNEL_ESTIMATED.to(language))
        if beyond:
            extra.append(words.FUNNEL_CUT.format(n=beyond).to(language))
        hidden = self.every[~self.every["area_code"].isin(self.points["area_code"])]
        if len(hidden):
            listed = words.LIST_GAP.to(language).join(
                f"{words.STATES[str(state)].to(language)} {count}"
                for state, count in hidden["state"].value_counts().items()
            )
            extra.append(words.FUNNEL_UNPLOTTED.format(n=len(hidden), listed=listed).to(language))
        if extra:
            lines.append(("" if language == "ja" else " ").join(extra))
        return caption(
            self.content,
            language,
            columns_of(WIDTH),
            words.RATIO_UNIT.to(language),
            *lines,
            *indicator_lines(self.row, language),
            year=year_text(self.row, self.language, "latest_year"),
            states=self.every,
        )

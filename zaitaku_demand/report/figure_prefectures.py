"""Every prefecture's areas against the sum of the run: a panel a prefecture."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.report import labels
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figure_sheet import Sheet
from zaitaku_demand.report.figure_style import INK, PALE, SKY, caption, settings
from zaitaku_demand.report.view import annual_values, area_term, both
from zaitaku_demand.text import Language

if TYPE_CHECKING:
    import pandas as pd

PANELS_ACROSS = 8
PANEL_WIDTH, PANEL_HEIGHT = 1.7, 1.5
INSIDE = (0.36, 0.22, 0.06, 0.26)
MARGIN = 0.15
HEAD = 0.75
SMALLEST_WIDTH = 7.4
LETTERS_AN_INCH = 15
CAPTION_SIZE = 8
INDEX_LIMIT = 250.0
TICK = 50


def draw_prefectures(content: ReportContent, folder: Path, language: Language, suffix: str) -> list[Path]:
    """Draw ``prefectures``: the areas of every prefecture as an index, the sum of the run dashed.

    Panels of plotnine look the same and take ten times as long; 47 of them do not fit into the time of a run.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(settings()):
        return (
            _Panels(content, language)
            .draw(Sheet(Figure(), *_size(content, language)))
            .save(folder, f"prefectures{suffix}")
        )


def _size(content: ReportContent, language: Language) -> tuple[float, float]:
    panels = content.projection["prefecture_code"].nunique()
    across, down = min(PANELS_ACROSS, panels), ceil(panels / PANELS_ACROSS)
    width = max(across * PANEL_WIDTH * _zoom(panels) + 2 * MARGIN, SMALLEST_WIDTH)
    lines = _caption(content, language, width).count("\n") + 1
    return width, HEAD + down * PANEL_HEIGHT * _zoom(
        panels
    ) + MARGIN + lines * CAPTION_SIZE * 1.45 / 72 + MARGIN


def _zoom(panels: int) -> float:
    """A few panels are drawn larger."""
    return 2.2 if panels <= 3 else 1.0


def _caption(content: ReportContent, language: Language, width: float) -> str:
    index = labels.PREFECTURES_AXIS.format(base=base_of_index(content)).to(language)
    beyond = int((_indices(content)[0].max(axis=1) > INDEX_LIMIT).sum())
    more = [labels.PREFECTURES_CUT.format(top=f"{INDEX_LIMIT:.0f}", n=beyond).to(language)] if beyond else []
    columns = int(width * LETTERS_AN_INCH)
    return caption(content, content.main_service, language, columns, *more, unit=index)


def base_of_index(content: ReportContent) -> int:
    """The base year, or the nearest year at hand."""
    years = content.annual["year"]
    return int(min(max(content.base_year, years.min()), years.max()))


def _indices(content: ReportContent) -> tuple[pd.DataFrame, pd.Series[float]]:
    """Every area and the sum of the run, with the base value as 100."""
    values = annual_values(content, content.main_service)
    base = base_of_index(content)
    total = values.sum()
    positive = values[values[base] > 0]
    return 100 * positive.div(positive[base], axis=0), 100 * total / total[base]


class _Panels:
    def __init__(self, content: ReportContent, language: Language) -> None:
        self.content, self.language = content, language
        self.areas, self.total = _indices(content)
        self.years = [int(year) for year in self.areas.columns]
        places = content.projection.drop_duplicates("area_code")
        self.places = places[places["area_code"].isin(self.areas.index)]
        lowest = min(float(self.areas.min().min()), 100.0)
        highest = min(max(float(self.areas.max().max()), float(self.total.max())), INDEX_LIMIT)
        self.low = TICK * int(lowest // TICK)
        self.high = TICK * ceil(max(highest, 101.0) / TICK)
        zoom = _zoom(self.places["prefecture_code"].nunique())
        self.wide, self.tall = PANEL_WIDTH * zoom, PANEL_HEIGHT * zoom

    def draw(self, sheet: Sheet) -> Sheet:
        content, language = self.content, self.language
        title = both(
            labels.PREFECTURES_TITLE,
            term=area_term(content),
            service=content.services[content.main_service].short,
            base=base_of_index(content),
        )
        sheet.words(MARGIN, sheet.height - 0.14, title.to(language), 12, INK, up="top")
        self._legend(sheet)
        text = _caption(content, language, sheet.width)
        lines = text.count("\n") + 1
        sheet.words(MARGIN, MARGIN + lines * CAPTION_SIZE * 1.45 / 72, text, CAPTION_SIZE, INK, up="top")
        groups = list(self.places.groupby("prefecture_code", sort=True))
        for place, (code, inside) in enumerate(groups):
            left = MARGIN + (place % PANELS_ACROSS) * self.wide + INSIDE[0]
            bottom = sheet.height - HEAD - (place // PANELS_ACROSS + 1) * self.tall + INSIDE[1]
            name = labels.prefecture_label(str(code), str(inside["prefecture_name"].iloc[0]), language)
            self._panel(sheet, name, list(inside["area_code"]), left, bottom)
        return sheet

    def _legend(self, sheet: Sheet) -> None:
        whole = labels.LINE_NATIONAL if self.content.prefecture_name is None else labels.LINE_TOTAL
        level = sheet.height - 0.55
        at = MARGIN
        for label, colour, dashed in ((labels.LINE_AREA, SKY, False), (whole, INK, True)):
            sheet.line([(at, level), (at + 0.35, level)], colour, 1.4, 4, dashed=dashed)
            sheet.words(at + 0.42, level, label.to(self.language), 8.5, INK, up="center")
            at += 1.5

    def _panel(self, sheet: Sheet, name: str, codes: list[str], left: float, bottom: float) -> None:
        right = left + self.wide - INSIDE[0] - INSIDE[2]
        ceiling = bottom + self.tall - INSIDE[1] - INSIDE[3]
        first, last = self.years[0], self.years[-1]

        def across(year: float) -> float:
            return left + (right - left) * (year - first) / max(last - first, 1)

        def up(value: float) -> float:
            return bottom + (ceiling - bottom) * (value - self.low) / (self.high - self.low)

        for tick in range(self.low, self.high + 1, TICK):
            sheet.line([(left, up(tick)), (right, up(tick))], "#999999" if tick == 100 else PALE, 0.6, 1)
            sheet.words(left - 0.05, up(tick), str(tick), 6.5, INK, "right", "center")
        for year in (year for year in self.years if year % 10 == 0):
            sheet.words(across(year), bottom - 0.06, str(year), 6.5, INK, "center", "top")
        sheet.words(left - INSIDE[0] + MARGIN, ceiling + 0.1, name, 8.5, INK)
        for code in codes:
            points = _cut(self.years, list(self.areas.loc[code].to_numpy()), self.high)
            sheet.line([(across(year), up(value)) for year, value in points], SKY, 0.9, 3)
        points = _cut(self.years, list(self.total.to_numpy()), self.high)
        sheet.line([(across(year), up(value)) for year, value in points], INK, 1.1, 4, dashed=True)


def _cut(years: list[int], values: list[float], top: float) -> list[tuple[float, float]]:
    """The line up to where it first leaves the panel."""
    points: list[tuple[float, float]] = []
    for place, (year, value) in enumerate(zip(years, values, strict=True)):
        if value > top:
            if place:
                before = values[place - 1]
                points.append((year - (value - top) / (value - before), top))
            break
        points.append((year, value))
    return points

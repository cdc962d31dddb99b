"""One figure a prefecture: its areas as small panels with curve, plateau and peak.

All panels of a figure are drawn into one axes in inches: axes of their own cost ten times the time, and there
are some 330 panels.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import ceil, floor, log10
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import labels
from zaitaku_demand.report.child import claim
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figure_sheet import Sheet
from zaitaku_demand.report.figure_style import (
    BLUE,
    DARK_GREY,
    GREY,
    INK,
    ORANGE_BAND,
    PALE,
    RUST,
    VERMILLION,
    caption,
    settings,
)
from zaitaku_demand.report.view import annual_values, both, class_label, with_sign
from zaitaku_demand.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd

PANEL_WIDTH, PANEL_HEIGHT = 2.65, 2.0
INSIDE = (0.58, 0.3, 0.12, 0.5)
LINE_HEIGHT = 7 * 1.45 / 72
HEAD = 0.45
LETTERS_A_PANEL = 50
MARGIN = 0.15


@dataclass(frozen=True)
class AreaPanel:
    """One area; no peak is marked where `peak_year` is None."""

    title: str
    note: str
    values: list[float]
    peak_year: int | None
    peak_label: str
    censored: bool
    plateau: tuple[int, int] | None


@dataclass(frozen=True)
class AreaFigure:
    """One prefecture, as plain data that can be handed to another process."""

    name: str
    title: str
    caption: str
    years: list[int]
    base_year: int
    panels: list[AreaPanel]

    def to_plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def from_plain(cls, data: dict[str, Any]) -> AreaFigure:
        """Back from JSON."""
        panels = [
            AreaPanel(**{**panel, "plateau": tuple(panel["plateau"]) if panel["plateau"] else None})
            for panel in data["panels"]
        ]
        return cls(**{**data, "panels": panels})


def area_figures(content: ReportContent, language: Language, suffix: str) -> list[AreaFigure]:
    """The figures of all prefectures of the run, in the order of their codes."""
    service = content.main_service
    values = annual_values(content, service)
    years = [int(year) for year in values.columns]
    peaks = content.peaks[content.peaks["service"] == service].set_index("area_code")
    places = content.projection.drop_duplicates("area_code")
    figures = []
    for code, inside in places.groupby("prefecture_code", sort=True):
        panels = [
            _panel(area, name, values.T[area], peaks, content, language)
            for area, name in zip(
                inside["area_code"].astype(str), inside["area_name"].astype(str), strict=True
            )
        ]
        names = str(inside["prefecture_name"].iloc[0])
        prefecture = Text(names, labels.prefecture_label(str(code), names, "en"))
        title = both(labels.AREAS_TITLE, prefecture=prefecture, service=content.services[service].short)
        columns = _columns(len(panels)) * LETTERS_A_PANEL
        text = caption(
            content,
            service,
            language,
            columns,
            labels.AREAS_READING.format(base=content.base_year).to(language),
        )
        name = f"areas_{code}{suffix}"
        figures.append(AreaFigure(name, title.to(language), text, years, content.base_year, panels))
    return figures


def _panel(
    code: str,
    name: str,
    course: pd.Series[Any],
    peaks: pd.DataFrame,
    content: ReportContent,
    language: Language,
) -> AreaPanel:
    title = f"{name}（{code}）" if language == "ja" else f"{name} ({code})"
    values = [float(value) for value in course]
    if code not in peaks.index:
        return AreaPanel(title, labels.PANEL_NO_PEAK.to(language), values, None, "", False, None)
    row: dict[Any, Any] = peaks.loc[code].to_dict()
    year, censored = int(row["peak_year_annual"]), bool(row["censored"])
    growth = "－" if row["growth"] != row["growth"] else f"{with_sign(100 * row['growth'])}%"
    grid = class_label(str(row["peak_class"]), content, language)
    note = labels.PANEL_NOTE.format(peak=grid, growth=growth).to(language)
    # A peak in the first year lies at or before it, one in the last year at or after it.
    said = labels.OR_LATER if censored else labels.OR_BEFORE if year == int(course.index[0]) else labels.YEAR
    plateau = (int(row["plateau_start"]), int(row["plateau_end"]))
    return AreaPanel(title, note, values, year, said.format(year=year).to(language), censored, plateau)


def _columns(count: int) -> int:
    return 3 if count <= 9 else 4


def draw_area_figures(figures: list[AreaFigure], folder: Path, claims: Path | None = None) -> list[str]:
    """Draw figures one after the other on one reused canvas.

    Parameters
    ----------
    figures : list of AreaFigure
    folder : Path
    claims : Path, optional
        Folder in which processes that share the work mark what they have taken.

    Returns
    -------
    list of str
        Names of the figures drawn here.
    """
    import matplotlib
    from matplotlib.figure import Figure

    drawn: list[str] = []
    with matplotlib.rc_context(settings()):
        canvas = Figure()
        for figure in figures:
            if claims is None or claim(claims, figure.name):
                _draw(canvas, figure).save(folder, figure.name)
                drawn.append(figure.name)
    return drawn


def _draw(canvas: Any, figure: AreaFigure) -> Sheet:
    columns = _columns(len(figure.panels))
    rows = ceil(len(figure.panels) / columns)
    foot = LINE_HEIGHT * (figure.caption.count("\n") + 1) + MARGIN
    width, height = columns * PANEL_WIDTH + MARGIN, rows * PANEL_HEIGHT + foot + HEAD
    sheet = Sheet(canvas, width, height)
    sheet.words(MARGIN, height - 0.16, figure.title, 12, INK, up="top")
    sheet.words(MARGIN, foot - 0.05, figure.caption, 7, INK, up="top")
    for place, panel in enumerate(figure.panels):
        left = (place % columns) * PANEL_WIDTH + INSIDE[0]
        bottom = height - HEAD - (place // columns + 1) * PANEL_HEIGHT + INSIDE[1]
        _Panel(panel, figure, left, bottom).draw(sheet)
    return sheet


class _Panel:
    """Places of one panel: years across, values up from zero."""

    def __init__(self, panel: AreaPanel, figure: AreaFigure, left: float, bottom: float) -> None:
        self.panel, self.figure = panel, figure
        self.left, self.bottom = left, bottom
        self.right = left + PANEL_WIDTH - INSIDE[0] - INSIDE[2]
        self.high = PANEL_HEIGHT - INSIDE[1] - INSIDE[3]
        self.step = nice_step(max(panel.values))
        # A little is left free above the curve for the label of the peak.
        self.top = self.step * max(ceil(1.12 * max(panel.values) / self.step), 1)

    def across(self, year: float) -> float:
        first, last = self.figure.years[0], self.figure.years[-1]
        return self.left + (self.right - self.left) * (year - first) / max(last - first, 1)

    def up(self, value: float) -> float:
        return self.bottom + self.high * value / self.top

    def draw(self, sheet: Sheet) -> None:
        self._frame(sheet)
        panel, ceiling = self.panel, self.bottom + self.high
        if panel.plateau is not None:
            start, end = (self.across(year) for year in panel.plateau)
            # A plateau of one year would have no width and vanish.
            spread = max(0.03 - (end - start), 0.0) / 2
            sheet.band(start - spread, end + spread, self.bottom, ceiling, ORANGE_BAND)
        if self.figure.years[0] <= self.figure.base_year <= self.figure.years[-1]:
            at = self.across(self.figure.base_year)
            sheet.line([(at, self.bottom), (at, ceiling)], GREY, 0.7, 2, dashed=True)
        points = [(self.across(y), self.up(v)) for y, v in zip(self.figure.years, panel.values, strict=True)]
        sheet.line(points, BLUE, 1.5, 3)
        if panel.peak_year is not None:
            self._peak(sheet, panel.peak_year)

    def _frame(self, sheet: Sheet) -> None:
        for k in range(round(self.top / self.step) + 1):
            tick = k * self.step
            level = self.up(tick)
            sheet.line([(self.left, level), (self.right, level)], INK if k == 0 else PALE, 0.6, 1)
            label = f"{tick:,.0f}" if self.step >= 1 else f"{tick:.3g}"
            sheet.words(self.left - 0.05, level, label, 6.5, INK, "right", "center")
        for year in (year for year in self.figure.years if year % 10 == 0):
            sheet.words(self.across(year), self.bottom - 0.06, str(year), 6.5, INK, "center", "top")
        edge = self.left - INSIDE[0] + MARGIN
        sheet.words(edge, self.bottom + self.high + 0.29, self.panel.title, 8.5, INK, up="center")
        sheet.words(edge, self.bottom + self.high + 0.13, self.panel.note, 6.5, DARK_GREY, up="center")

    def _peak(self, sheet: Sheet, year: int) -> None:
        x, y = self.across(year), self.up(self.panel.values[self.figure.years.index(year)])
        sheet.mark(x, y, ">" if self.panel.censored else "o", VERMILLION, 5)
        late = year > (self.figure.years[0] + self.figure.years[-1]) / 2
        beside = min(x + 0.08, self.right) if late else max(x - 0.08, self.left)
        sheet.words(beside, y + 0.08, self.panel.peak_label, 7, RUST, "right" if late else "left")


def nice_step(largest: float) -> float:
    """Distance of the grid lines: 1, 2 or 5 times a power of ten, two to five of them."""
    if not largest > 0:
        return 1.0
    raw = largest / 2.5
    power = 10.0 ** floor(log10(raw))
    return float(max(factor for factor in (1, 2, 5) if factor * power <= raw) * power)

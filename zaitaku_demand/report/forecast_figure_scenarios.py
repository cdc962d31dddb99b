"""Scenarios: their courses with a table of differences, and the areas of a prefecture as small panels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import forecast_labels as words
from zaitaku_demand.report import forecast_labels_reading as reading
from zaitaku_demand.report import labels
from zaitaku_demand.report.benchmark_figure_parts import MARGIN
from zaitaku_demand.report.figure_style import DARK_GREY, INK, PALE, wrap
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_drawing import Drawing, Panels, scale_end
from zaitaku_demand.report.forecast_figure_parts import (
    Entry,
    ForecastSheet,
    Frame,
    guide,
    mark,
    open_body,
    series_style,
)
from zaitaku_demand.report.forecast_reading import own_scenario
from zaitaku_demand.report.forecast_view import (
    Place,
    amount,
    name_of,
    places,
    rows_of,
    shown_year,
    year_words,
)
from zaitaku_demand.report.view import (
    NOTHING,
    both,
    with_sign,
)
from zaitaku_demand.scenarios.schema import BASE
from zaitaku_demand.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd

WIDTH, TALL = 11.8, 3.9
CHART = (0.85, 5.7)
TABLE = 6.1
COLUMNS = (2.9, 3.75, 4.6, 5.45)
NAME_COLUMNS = 30
ROW = 0.46
PANEL_WIDTH, PANEL_HEIGHT = 2.65, 1.95
INSIDE = (0.58, 0.3, 0.14, 0.35)


def draw_scenarios(drawing: Drawing, place: Place) -> list[Path]:
    """Draw ``forecast_scenarios_<code>``: every scenario of a place, and a table of differences beside the lines.

    No files without scenarios.
    """
    rows = rows_of(drawing.forecast.scenarios, place)
    if rows.empty:
        return []
    return drawing.save(f"scenarios_{place.code}", lambda canvas: _draw(canvas, drawing, place, rows))


def draw_area_scenarios(drawing: Drawing, place: Place) -> list[Path]:
    """Draw ``forecast_scenario_areas_<code>``: the scenarios of every area of a prefecture; nothing without any."""
    forecast = drawing.forecast
    areas = [
        area for area in places(forecast, "area", place.code) if not rows_of(forecast.scenarios, area).empty
    ]
    if not areas:
        return []
    return drawing.save(f"scenario_areas_{place.code}", lambda canvas: _small(canvas, drawing, place, areas))


def scenario_order(forecast: ForecastContent, rows: pd.DataFrame) -> list[str]:
    """Scenarios as they are named, then any others."""
    there = list(dict.fromkeys(rows["scenario"].astype(str)))
    named = [name for name in forecast.scenario_names if name in there]
    return [*named, *(name for name in there if name not in named)]


def scenario_sentence(forecast: ForecastContent, place: Place, language: Language) -> str:
    """Lowest and highest scenario in 2040; empty with fewer than two."""
    rows = rows_of(forecast.scenarios, place)
    year = shown_year(forecast)
    values = rows[rows["year"] == year].set_index("scenario")["value"].dropna()
    if len(values) < 2:
        return ""
    low, high = str(values.idxmin()), str(values.idxmax())
    return both(
        words.SCENARIO_SENTENCE,
        year=year,
        low_name=name_of(forecast.scenario_names, low),
        high_name=name_of(forecast.scenario_names, high),
        low=amount(float(values[low])),
        high=amount(float(values[high])),
        unit=forecast.unit,
    ).to(language)


def against_base(rows: pd.DataFrame, scenario: str, year: int, language: Language) -> str:
    """Difference from constant rates in per cent; the base itself is named."""
    row = at_year(rows, scenario, year)
    if row is None:
        return NOTHING
    if scenario == BASE:
        return words.IS_BASE.to(language)
    base = float(row["value"]) - float(row["against_base"])
    if not base > 0:
        return NOTHING
    return f"{with_sign(100 * float(row['against_base']) / base, 1)}%"


def scenario_words(forecast: ForecastContent, place: Place, scenario: str) -> Text:
    """Name of a scenario; the one that is this run's own projection is named as such."""
    name = name_of(forecast.scenario_names, scenario)
    return both(reading.THIS_RUN, name=name) if scenario == own_scenario(forecast, place) else name


def at_year(rows: pd.DataFrame, scenario: str, year: int) -> pd.Series[Any] | None:
    """The row of a scenario in a year."""
    found = rows[(rows["scenario"] == scenario) & (rows["year"] == year)]
    return None if found.empty else found.iloc[0]


def peak_text(forecast: ForecastContent, place: Place, scenario: str) -> Text:
    """Peak year of a scenario; the last year means then or later."""
    peaks = rows_of(forecast.scenario_peaks, place)
    found = peaks[peaks["scenario"] == scenario] if len(peaks) else peaks
    if found.empty or found["peak_year"].isna().iloc[0]:
        return Text(NOTHING, NOTHING)
    return year_words(float(found["peak_year"].iloc[0]), forecast.years[-1])


def _draw(canvas: Any, drawing: Drawing, place: Place, rows: pd.DataFrame) -> ForecastSheet:
    forecast, language = drawing.forecast, drawing.language
    order = scenario_order(forecast, rows)
    title = drawing.title(words.SCENARIO_TITLE, place=place.text())
    foot = drawing.caption(WIDTH, _reading(drawing))
    tall = max(TALL, ROW * len(order) + 0.9)
    body = open_body(canvas, WIDTH, tall, title, scenario_sentence(forecast, place, language), foot)
    frame = _frame(rows, CHART[0], body.bottom + 0.35, CHART[1], body.top - 0.35)
    body.sheet.words(MARGIN, frame.top + 0.14, forecast.unit.to(language), 8, DARK_GREY)
    frame.levels(body.sheet, size=7.5)
    frame.years(body.sheet, [year for year in forecast.years if year % 5 == 0], 7.5)
    guide(body.sheet, frame.across(forecast.base_year), frame.bottom, frame.top)
    _lines(body.sheet, frame, rows, order, 1.7, 6)
    _table(body.sheet, forecast, place, rows, order, body.top - 0.3, language)
    return body.sheet


def _table(
    sheet: ForecastSheet,
    forecast: ForecastContent,
    place: Place,
    rows: pd.DataFrame,
    order: list[str],
    top: float,
    language: Language,
) -> None:
    year, last = shown_year(forecast), forecast.years[-1]
    heads = [labels.YEAR.format(year=shown).to(language) for shown in (year, last)]
    sheet.words(TABLE, top + 0.02, words.SCENARIO.to(language), 8, DARK_GREY)
    for column, head in zip(
        COLUMNS[:3], (heads[0], words.DIFFERENCE_SHORT.to(language), heads[1]), strict=True
    ):
        sheet.words(TABLE + column, top + 0.02, head, 8, DARK_GREY, "right")
    sheet.words(TABLE + COLUMNS[3], top + 0.02, words.DIFFERENCE_SHORT.to(language), 8, DARK_GREY, "right")
    for number, scenario in enumerate(order):
        middle = top - 0.1 - ROW * (number + 0.5)
        sheet.line([(TABLE, middle + ROW / 2), (WIDTH - MARGIN, middle + ROW / 2)], PALE, 0.5, 1)
        colour, marker = series_style(number)
        sheet.line([(TABLE, middle), (TABLE + 0.27, middle)], colour, 1.7, 4)
        mark(sheet, TABLE + 0.27, middle, marker, colour, 6)
        name = wrap(scenario_words(forecast, place, scenario).to(language), NAME_COLUMNS)
        breaks = name.count("\n")
        sheet.words(TABLE + 0.42, middle + 0.08 * breaks + 0.07, name, 8, INK, up="center")
        peak = peak_text(forecast, place, scenario).to(language)
        said = words.SCENARIO_PEAK.format(peak=peak).to(language)
        sheet.words(TABLE + 0.42, middle - 0.08 - 0.08 * breaks, said, 6.8, DARK_GREY, up="center")
        for column, shown in ((0, year), (2, last)):
            row = at_year(rows, scenario, shown)
            value = NOTHING if row is None else amount(float(row["value"]))
            sheet.words(TABLE + COLUMNS[column], middle, value, 8.5, INK, "right", "center")
            sheet.words(
                TABLE + COLUMNS[column + 1],
                middle,
                against_base(rows, scenario, shown, language),
                8.5,
                INK,
                "right",
                "center",
            )


def _small(canvas: Any, drawing: Drawing, place: Place, areas: list[Place]) -> ForecastSheet:
    forecast = drawing.forecast
    order = scenario_order(forecast, forecast.scenarios)
    entries = [
        Entry("mark", colour, drawing.say(name_of(forecast.scenario_names, scenario)), marker)
        for (colour, marker), scenario in zip(map(series_style, range(len(order))), order, strict=True)
    ]
    panels = Panels(areas, PANEL_WIDTH, PANEL_HEIGHT, entries)
    title = drawing.title(words.SCENARIO_AREAS_TITLE, place=place.text())
    foot = drawing.caption(panels.width, _reading(drawing), drawing.say(words.AREAS_SCALES))
    sheet, spots = panels.open(canvas, title, foot)
    for panel in spots:
        rows = rows_of(forecast.scenarios, panel.area)
        frame = _frame(rows, *panel.inner(INSIDE))
        name = drawing.say(panel.area.text())
        sheet.words(panel.left + MARGIN, panel.roof - 0.16, name, 8.5, INK, up="center")
        frame.levels(sheet, 6, 6.5)
        frame.years(sheet, [year for year in forecast.years if year % 10 == 0], 6.5)
        _lines(sheet, frame, rows, order, 1.1, 3.5)
    return sheet


def _frame(rows: pd.DataFrame, left: float, bottom: float, right: float, top: float) -> Frame:
    high = scale_end(float(rows["value"].max()))
    return Frame(left, bottom, right, top, int(rows["year"].min()), int(rows["year"].max()), 0.0, high)


def _lines(
    sheet: ForecastSheet, frame: Frame, rows: pd.DataFrame, order: list[str], width: float, size: float
) -> None:
    # The base comes first and is drawn last, on top.
    for number, scenario in reversed(list(enumerate(order))):
        own = rows[rows["scenario"] == scenario]
        points = frame.points(own["year"].tolist(), own["value"].tolist())
        if points:
            colour, marker = series_style(number)
            sheet.line(points, colour, width, 4)
            mark(sheet, *points[-1], marker, colour, size)


def _reading(drawing: Drawing) -> str:
    return drawing.say(words.SCENARIO_READING.format(base=drawing.forecast.base_year))

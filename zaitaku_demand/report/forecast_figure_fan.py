"""Fan charts: one place alone, and the areas of a prefecture as small panels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zaitaku_demand.report import forecast_labels as words
from zaitaku_demand.report.benchmark_figure_parts import MARGIN
from zaitaku_demand.report.figure_style import BLUE, DARK_GREY, GREY, INK, RUST, VERMILLION
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_drawing import Drawing, Panels, scale_end
from zaitaku_demand.report.forecast_figure_parts import (
    NARROW,
    WIDE,
    Entry,
    ForecastSheet,
    Frame,
    bracket,
    guide,
    inside,
    legend,
    legend_rows,
    mark,
    open_body,
)
from zaitaku_demand.report.forecast_view import (
    Place,
    amount,
    growth_words,
    interval_at,
    name_of,
    peak_of,
    peak_words,
    places,
    rows_of,
    shown_year,
    year_words,
)
from zaitaku_demand.report.view import both
from zaitaku_demand.text import Language, Text

WIDTH, TALL = 9.4, 4.3
PANEL_WIDTH, PANEL_HEIGHT = 2.95, 2.5
INSIDE = (0.58, 0.3, 0.14, 0.88)
MOST_LINES = 4
DOT_COLOURS = (INK, VERMILLION, "#009E73", "#CC79A7")
DOT_MARKERS = ("o", "D", "s", "^")


def draw_fan(drawing: Drawing, place: Place) -> list[Path]:
    """Draw ``forecast_fan_<code>``: principal, median, intervals, constant rates and other projections of a place.

    No files where the place has no intervals.
    """
    if rows_of(drawing.forecast.intervals, place).empty:
        return []
    return drawing.save(f"fan_{place.code}", lambda canvas: _alone(canvas, drawing, place))


def draw_area_fans(drawing: Drawing, place: Place) -> list[Path]:
    """Draw ``forecast_areas_<code>``: a small fan chart for every area of a prefecture; nothing without areas."""
    areas = places(drawing.forecast, "area", place.code)
    if not areas:
        return []
    return drawing.save(f"areas_{place.code}", lambda canvas: _small(canvas, drawing, place, areas))


def fan_sentence(forecast: ForecastContent, place: Place, language: Language) -> str:
    """Value of 2040 with its 80 % interval, and the peak with its range."""
    year = shown_year(forecast)
    values = interval_at(forecast, place, year)
    row = peak_of(forecast, place)
    peak = Text("", "") if row is None else both(words.FAN_PEAK, peak=peak_words(row, forecast.years[-1]))
    known = values["lower_80"] == values["lower_80"]
    return both(
        words.FAN_SENTENCE if known else words.FAN_PLAIN,
        year=year,
        value=amount(values["principal"]),
        low=amount(values["lower_80"]),
        high=amount(values["upper_80"]),
        unit=forecast.unit,
        peak=peak,
    ).to(language)


def _alone(canvas: Any, drawing: Drawing, place: Place) -> ForecastSheet:
    forecast, language = drawing.forecast, drawing.language
    title = drawing.title(words.FAN_TITLE, place=place.text())
    foot = drawing.caption(WIDTH, _reading(drawing))
    entries = _entries(forecast, [place], language)
    rows = legend_rows(entries, WIDTH - 2 * MARGIN)
    sentence = fan_sentence(forecast, place, language)
    body = open_body(canvas, WIDTH, TALL + 0.19 * rows, title, sentence, foot)
    under = legend(body.sheet, entries, MARGIN, body.top - 0.12, WIDTH - MARGIN)
    frame = _frame(forecast, place, 0.95, body.bottom + 0.4, WIDTH - 0.35, under - 0.42)
    frame.levels(body.sheet, size=8)
    frame.years(body.sheet, _ticks(forecast, 5), 8)
    body.sheet.words(MARGIN, frame.top + 0.14, forecast.unit.to(language), 8, DARK_GREY)
    guide(body.sheet, frame.across(forecast.base_year), frame.bottom, frame.top)
    _course(body.sheet, forecast, place, frame, 5.5)
    _peak(body.sheet, forecast, place, frame, language, 8.5, 0.09)
    return body.sheet


def _small(canvas: Any, drawing: Drawing, place: Place, areas: list[Place]) -> ForecastSheet:
    panels = Panels(areas, PANEL_WIDTH, PANEL_HEIGHT, _entries(drawing.forecast, areas, drawing.language))
    title = drawing.title(words.AREAS_TITLE, place=place.text())
    foot = drawing.caption(panels.width, _reading(drawing), drawing.say(words.AREAS_SCALES))
    sheet, spots = panels.open(canvas, title, foot)
    for panel in spots:
        frame = _frame(drawing.forecast, panel.area, *panel.inner(INSIDE))
        _panel(sheet, drawing.forecast, panel.area, frame, panel.left + MARGIN, panel.roof, drawing.language)
    return sheet


def _panel(
    sheet: ForecastSheet,
    forecast: ForecastContent,
    area: Place,
    frame: Frame,
    left: float,
    roof: float,
    language: Language,
) -> None:
    sheet.words(left, roof - 0.14, area.text().to(language), 8.5, INK, up="center")
    row = interval_at(forecast, area, shown_year(forecast))
    template = words.VALUE_RANGE if row["lower_80"] == row["lower_80"] else words.VALUE_PLAIN
    said = template.format(
        year=shown_year(forecast),
        value=amount(row["principal"]),
        low=amount(row["lower_80"]),
        high=amount(row["upper_80"]),
    )
    sheet.words(left, roof - 0.31, said.to(language), 6.5, DARK_GREY, up="center")
    growth = growth_words(forecast, area)
    if growth is not None:
        sheet.words(left, roof - 0.46, growth.to(language), 6.5, DARK_GREY, up="center")
    frame.levels(sheet, 6, 6.5)
    frame.years(sheet, _ticks(forecast, 10), 6.5)
    guide(sheet, frame.across(forecast.base_year), frame.bottom, frame.top)
    _course(sheet, forecast, area, frame, 3)
    _peak(sheet, forecast, area, frame, language, 6.8, 0.07)


def _frame(
    forecast: ForecastContent, place: Place, left: float, bottom: float, right: float, top: float
) -> Frame:
    rows = rows_of(forecast.intervals, place)
    others = rows_of(forecast.constant, place)
    dots = rows_of(forecast.dots, place)
    seen = [rows["principal"].max(), rows["upper_95"].max()]
    seen += [frame["value"].max() for frame in (others, dots) if len(frame)]
    largest = max(float(value) for value in seen if value == value)
    return Frame(left, bottom, right, top, forecast.years[0], forecast.years[-1], 0.0, scale_end(largest))


def _course(
    sheet: ForecastSheet, forecast: ForecastContent, place: Place, frame: Frame, dot_size: float
) -> None:
    rows = rows_of(forecast.intervals, place)
    years = rows["year"].tolist()
    for level, colour in (("95", WIDE), ("80", NARROW)):
        frame.band(sheet, years, rows[f"lower_{level}"].tolist(), rows[f"upper_{level}"].tolist(), colour)
    others = rows_of(forecast.constant, place)
    if len(others):
        sheet.line(frame.points(others["year"].tolist(), others["value"].tolist()), GREY, 1.3, 3, dashed=True)
    sheet.line(frame.points(years, rows["median"].tolist()), INK, 0.7, 4)
    sheet.line(frame.points(years, rows["principal"].tolist()), BLUE, 1.9, 5)
    dots = rows_of(forecast.dots, place)
    for number, series in enumerate(forecast.dot_names):
        part = dots[dots["series"] == series] if len(dots) else dots
        for x, y in frame.points(part["year"].tolist(), part["value"].tolist()):
            if frame.left - 1e-9 <= x <= frame.right + 1e-9:
                _dot(sheet, number, x, y, dot_size)


def _dot(sheet: ForecastSheet, number: int, x: float, y: float, size: float) -> None:
    mark(
        sheet,
        x,
        y,
        DOT_MARKERS[number % len(DOT_MARKERS)],
        DOT_COLOURS[number % len(DOT_COLOURS)],
        size,
        hollow=True,
    )


def _peak(
    sheet: ForecastSheet,
    forecast: ForecastContent,
    place: Place,
    frame: Frame,
    language: Language,
    size: float,
    lift: float,
) -> None:
    row = peak_of(forecast, place)
    if row is None:
        return
    last = forecast.years[-1]
    year = int(row["principal"])
    at = (frame.across(year), frame.up(interval_at(forecast, place, year)["principal"]))
    sheet.mark(*at, ">" if year >= last else "o", RUST, 5)
    if row["lower_80"] == row["lower_80"]:
        level = frame.top + lift
        bracket(sheet, frame.across(row["lower_80"]), frame.across(row["upper_80"]), level, RUST)
        sheet.line([(at[0], at[1]), (at[0], level)], RUST, 0.6, 3)
    said = peak_words(row, last) if row["lower_80"] == row["lower_80"] else year_words(year, last)
    text = said.to(language)
    middle = inside(at[0], text, size, frame.left - INSIDE[0] + MARGIN, frame.right)
    sheet.words(middle, frame.top + 2 * lift, text, size, RUST, "center")


def _entries(forecast: ForecastContent, shown: list[Place], language: Language) -> list[Entry]:
    entries = [Entry("line", BLUE, words.PRINCIPAL.to(language))]
    if any(rows_of(forecast.intervals, place)["lower_80"].notna().any() for place in shown):
        entries += [
            Entry("band", NARROW, words.BAND_80.to(language)),
            Entry("band", WIDE, words.BAND_95.to(language)),
            Entry("line", INK, words.MEDIAN.to(language)),
        ]
    if any(len(rows_of(forecast.constant, place)) for place in shown):
        entries.append(Entry("dashed", GREY, words.CONSTANT.to(language)))
    present = {series for place in shown for series in rows_of(forecast.dots, place).get("series", ())}
    entries += [
        Entry(
            "hollow",
            DOT_COLOURS[number % len(DOT_COLOURS)],
            name_of(forecast.dot_names, series).to(language),
            DOT_MARKERS[number % len(DOT_MARKERS)],
        )
        for number, series in enumerate(forecast.dot_names)
        if series in present
    ]
    if any(peak_of(forecast, place) for place in shown):
        entries.append(Entry("mark", RUST, words.PEAK_MARK.to(language)))
        entries.append(Entry("bar", RUST, words.PEAK_SPAN.to(language)))
    return entries


def _reading(drawing: Drawing) -> str:
    forecast = drawing.forecast
    runs = f"{forecast.runs:,}"
    return drawing.say(words.FAN_READING.format(runs=runs, seed=forecast.seed, base=forecast.base_year))


def _ticks(forecast: ForecastContent, step: int) -> list[int]:
    return [year for year in forecast.years if year % step == 0]

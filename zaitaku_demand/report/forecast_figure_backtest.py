"""Backtest: error of every method by years ahead, and the share that fell inside the intervals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import forecast_labels as words
from zaitaku_demand.report.benchmark_figure_parts import MARGIN
from zaitaku_demand.report.figure_style import BLUE, DARK_GREY, GREY, INK, PALE, VERMILLION
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_drawing import Drawing, scale_end
from zaitaku_demand.report.forecast_figure_parts import (
    ForecastSheet,
    Frame,
    fitted,
    mark,
    open_body,
)
from zaitaku_demand.report.forecast_view import LEVELS, method_at, name_of
from zaitaku_demand.report.view import both
from zaitaku_demand.text import Language

if TYPE_CHECKING:
    import pandas as pd

WIDTH, TALL = 11.2, 2.9
ERRORS, NAMES, COVERED = (0.6, 4.0), 4.2, (7.55, 10.65)
"""Sides of the panel of errors, where the names beside it start, sides of the panel of coverage, in inches."""
NAME_STEP = 0.138
OWN_RATIO, OTHERS = "#009E73", "#AAAAAA"
COVERAGES = (("coverage_80", 0.80, True), ("coverage_95", 0.95, False))
HEADLINE = {"size_class": "all", "population": "edition", "origins": "all", "compared": "common"}
"""What stands in figure and page where a backtest was made in several ways: with the population known at the origin."""
FEWEST_CASES = 20
"""Cases a horizon below which a share inside the interval says nothing: one of three is 33 or 67 %."""
_LOWEST = 0.6


def draw_backtest(drawing: Drawing) -> list[Path]:
    """Draw ``forecast_backtest``: a row of two panels a level (errors, coverage), the chosen method emphasised.

    No files without a backtest of the service.
    """
    forecast = drawing.forecast
    rows = backtest_rows(forecast)
    rows = rows[rows["horizon"] > 0] if len(rows) else rows
    if rows.empty:
        return []
    return drawing.save("backtest", lambda canvas: _draw(canvas, drawing, rows))


def backtest_rows(forecast: ForecastContent, by_size: bool = False) -> pd.DataFrame:
    """The backtest of the service of the report, of forecasts that all methods have.

    Parameters
    ----------
    forecast : ForecastContent
    by_size : bool
        Keep the classes of size as well.

    Returns
    -------
    DataFrame
        Horizon 0 is the mean over all horizons, where the backtest gives one.
    """
    frame = forecast.backtest
    if not len(frame):
        return frame
    kept = frame["service"] == forecast.service
    for column, value in HEADLINE.items():
        if column in frame and not (by_size and column == "size_class"):
            kept &= frame[column] == value
    return frame[kept]


def overall_error(forecast: ForecastContent, level: str, method: str) -> float:
    """Mean absolute percentage error of a method at a level over all cases; NaN where it was not tested."""
    rows = backtest_rows(forecast)
    rows = rows[(rows["level"] == level) & (rows["method"] == method)] if len(rows) else rows
    if rows.empty:
        return float("nan")
    whole = rows[rows["horizon"] == 0]
    return float(whole["mape"].iloc[0]) if len(whole) else float(rows["mape"].mean())


def has_coverage(rows: pd.DataFrame) -> bool:
    """Whether the rows have intervals and enough cases at every horizon to judge them."""
    shares = rows[["coverage_80", "coverage_95"]].notna().any(axis=None)
    return bool(shares) and bool((rows["n"] >= FEWEST_CASES).all())


def method_order(forecast: ForecastContent, rows: pd.DataFrame, level: str) -> list[str]:
    """The method of this run first, the others by their error."""
    chosen = method_at(forecast, level)
    others = [str(method) for method in rows.groupby("method")["mape"].mean().sort_values().index]
    return sorted(others, key=lambda method: method != chosen)


def method_words(forecast: ForecastContent, method: str, level: str, language: Language) -> str:
    """Name of a method; that of this run is named as such."""
    name = name_of(forecast.method_names, method)
    if method == method_at(forecast, level):
        name = both(words.BACKTEST_CHOSEN, method=name)
    return name.to(language)


def spread(wanted: list[float], step: float, bottom: float, top: float) -> list[float]:
    """Levels at least `step` apart, each as near to the wanted one as the others and the room leave it.

    Parameters
    ----------
    wanted : list of float
        From the highest to the lowest.
    step : float
    bottom, top : float
        Room; if it is too small for all of them the lowest are below it.
    """
    placed: list[float] = []
    for level in wanted:
        placed.append(min(level, placed[-1] - step if placed else top))
    # What was pushed out below moves all above it up again as far as there is room.
    floor = bottom
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(max(placed[number], floor), top - step * number)
        floor = placed[number] + step
    return placed


def _draw(canvas: Any, drawing: Drawing, rows: pd.DataFrame) -> ForecastSheet:
    forecast, language = drawing.forecast, drawing.language
    shown = [level for level in LEVELS if (rows["level"] == level).any()]
    title = drawing.title(words.BACKTEST_TITLE)
    reading = [words.BACKTEST_READING.to(language)]
    if "area" in shown and _own_ratio(forecast):
        reading.append(words.BACKTEST_AREAS.to(language))
    foot = drawing.caption(WIDTH, *reading, unit=words.BACKTEST_UNIT, state=words.BACKTEST_STATE)
    body = open_body(canvas, WIDTH, TALL * len(shown), title, forecast.method.to(language), foot)
    for number, level in enumerate(shown):
        roof = body.top - number * TALL
        part = rows[rows["level"] == level]
        name = words.LEVEL_NAMES[level]
        horizons = (1, max(int(part["horizon"].max()), 2))
        sides = (roof - TALL + 0.5, roof - 0.42)
        errors = _error_frame(part, horizons, ERRORS, sides)
        heading = both(words.BACKTEST_ERROR, level=name).to(language)
        body.sheet.words(MARGIN, roof - 0.25, heading, 8.5, INK)
        _errors(body.sheet, forecast, errors, part, level, language)
        _years_ahead(body.sheet, errors, horizons, language)
        heading = both(words.BACKTEST_COVERAGE, level=name).to(language)
        body.sheet.words(COVERED[0] - 0.45, roof - 0.25, heading, 8.5, INK)
        chosen = part[part["method"] == method_at(forecast, level)]
        covered = _cover_frame(chosen, horizons, COVERED, sides)
        if not has_coverage(chosen):
            missing = words.BACKTEST_UNTESTED if chosen.empty else words.NO_COVERAGE.format(n=FEWEST_CASES)
            said = fitted(missing.to(language), WIDTH - MARGIN - covered.left, 8)
            body.sheet.words(covered.left, covered.up(0.8), said, 8, DARK_GREY)
            continue
        _coverage(body.sheet, covered, chosen, language)
        _years_ahead(body.sheet, covered, horizons, language)
    return body.sheet


def _own_ratio(forecast: ForecastContent) -> str:
    """At the rates of prefectures: the same method with the area's own ratio, which the run could have used."""
    chosen = method_at(forecast, "area")
    return forecast.method_id if chosen and chosen != forecast.method_id else ""


def _styles(forecast: ForecastContent, level: str) -> dict[str, tuple[str, str, float]]:
    """Colour, mark and width of the lines that stand out; all others are grey."""
    styles = {"constant": (VERMILLION, "s", 1.4)}
    if level == "area" and _own_ratio(forecast):
        styles[_own_ratio(forecast)] = (OWN_RATIO, "^", 1.8)
    styles[method_at(forecast, level)] = (BLUE, "o", 2.4)
    return styles


def _error_frame(
    part: pd.DataFrame, horizons: tuple[int, int], across: tuple[float, float], sides: tuple[float, float]
) -> Frame:
    high = scale_end(float(part["mape"].max()))
    return Frame(across[0], sides[0], across[1], sides[1], *horizons, 0.0, high)


def _cover_frame(
    part: pd.DataFrame, horizons: tuple[int, int], across: tuple[float, float], sides: tuple[float, float]
) -> Frame:
    least = float(min(part["coverage_80"].min(), part["coverage_95"].min()))
    low = _LOWEST if least != least else min(_LOWEST, int(least * 10) / 10)
    return Frame(across[0], sides[0], across[1], sides[1], *horizons, low, 1.0)


def _errors(
    sheet: ForecastSheet,
    forecast: ForecastContent,
    frame: Frame,
    part: pd.DataFrame,
    level: str,
    language: Language,
) -> None:
    frame.levels(sheet)
    styles = _styles(forecast, level)
    ends: list[tuple[float, float, str]] = []
    for method in method_order(forecast, part, level):
        own = part[part["method"] == method].dropna(subset=["mape"]).sort_values("horizon")
        points = frame.points(own["horizon"].tolist(), own["mape"].tolist())
        if not points:
            continue
        colour, marker, width = styles.get(method, (OTHERS, "", 0.9))
        sheet.line(points, colour, width, 4 + (method in styles) + (method == method_at(forecast, level)))
        for x, y in points if marker else ():
            mark(sheet, x, y, marker, colour, 4.5)
        ends.append((points[-1][1], float(own["mape"].iloc[-1]), method))
    ends.sort(reverse=True)
    room = (frame.bottom - 0.1, frame.top + 0.1)
    for (at, value, method), middle in zip(
        ends, spread([end[0] for end in ends], NAME_STEP, *room), strict=True
    ):
        colour = styles[method][0] if method in styles else DARK_GREY
        line = [(frame.right + 0.05, at), (NAMES - 0.1, middle), (NAMES - 0.02, middle)]
        sheet.line(line, colour if method in styles else PALE, 0.6, 3)
        sheet.words(NAMES + 0.35, middle, f"{value:.1f}", 7, colour, "right", "center")
        name = words.METHODS.get(method, name_of(forecast.method_names, method))
        if method == method_at(forecast, level):
            name = both(words.BACKTEST_CHOSEN, method=name)
        sheet.words(NAMES + 0.42, middle, name.to(language), 7, colour, up="center")


def _coverage(sheet: ForecastSheet, frame: Frame, chosen: pd.DataFrame, language: Language) -> None:
    ticks = [round(0.1 * tenth, 1) for tenth in range(round(10 * frame.low), 11)]
    for tick in ticks:
        level = frame.up(tick)
        sheet.line(
            [(frame.left, level), (frame.right, level)], INK if tick == frame.low else "#DDDDDD", 0.6, 1
        )
        sheet.words(frame.left - 0.06, level, f"{100 * tick:.0f}%", 7, INK, "right", "center")
    for column, nominal, hollow in COVERAGES:
        level = frame.up(nominal)
        sheet.line([(frame.left, level), (frame.right, level)], GREY, 1.2, 2, dashed=True)
        said = words.NOMINAL.format(level=round(100 * nominal)).to(language)
        sheet.words(frame.right + 0.07, level, said, 7.5, INK, up="center")
        own = chosen.sort_values("horizon")
        points = frame.points(own["horizon"].tolist(), own[column].tolist())
        sheet.line(points, BLUE, 2.4, 5)
        for x, y in points:
            mark(sheet, x, y, "o", BLUE, 5.5, hollow)


def _years_ahead(sheet: ForecastSheet, frame: Frame, horizons: tuple[int, int], language: Language) -> None:
    frame.years(sheet, range(horizons[0], horizons[1] + 1))
    middle = (frame.left + frame.right) / 2
    sheet.words(
        middle, frame.bottom - 0.24, words.BACKTEST_AXIS.to(language), 7.5, DARK_GREY, "center", "top"
    )

"""All figures of the forecast."""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_drawing import Drawing
from zaitaku_demand.report.forecast_figure_backtest import draw_backtest
from zaitaku_demand.report.forecast_figure_changes import draw_changes
from zaitaku_demand.report.forecast_figure_fan import draw_area_fans, draw_fan
from zaitaku_demand.report.forecast_figure_peaks import draw_strip
from zaitaku_demand.report.forecast_figure_scenarios import draw_area_scenarios, draw_scenarios
from zaitaku_demand.report.forecast_figure_sources import draw_sources
from zaitaku_demand.report.forecast_view import Place, places, strip_places, top_places
from zaitaku_demand.text import Language

MOST_DETAILED = 4
"""Prefectures up to which the areas of each are drawn; drawing all 47 would take longer than the whole run."""


def draw_forecast_figures(
    forecast: ForecastContent,
    content: ReportContent,
    folder: Path,
    language: Language = "ja",
    suffix: str = "",
) -> list[Path]:
    """Draw what the page shows: the places alone, their strips, the areas of few prefectures, the backtest.

    Parameters
    ----------
    forecast : ForecastContent
    content : ReportContent
        The run of the same service: names, basis and sources of the captions.
    folder : Path
    language : str
    suffix : str
        What the names of the files end with.

    Returns
    -------
    list of Path
        PNG and SVG of every figure for which there is something to show.
    """
    drawing = Drawing(forecast, content, folder, language, suffix)
    paths: list[Path] = []
    for place in drawn_places(forecast):
        for draw in (draw_fan, draw_sources, draw_scenarios, draw_changes):
            paths += draw(drawing, place)
    for place, rows in drawn_strips(forecast):
        paths += draw_strip(drawing, place, rows)
    for place in detailed_places(forecast):
        paths += draw_area_fans(drawing, place)
        paths += draw_area_scenarios(drawing, place)
    return paths + draw_backtest(drawing)


def drawn_places(forecast: ForecastContent) -> list[Place]:
    """Places with figures of their own: the nation, or the first few prefectures of a smaller run."""
    return top_places(forecast)[:MOST_DETAILED]


def detailed_places(forecast: ForecastContent) -> list[Place]:
    """Prefectures whose areas are drawn one by one: all of a run of few."""
    found = places(forecast, "prefecture")
    return found if len(found) <= MOST_DETAILED else []


def drawn_strips(forecast: ForecastContent) -> list[tuple[Place, list[Place]]]:
    """Strips of the nation and of the detailed prefectures."""
    detailed = detailed_places(forecast)
    return [
        (place, rows)
        for place, rows in strip_places(forecast)
        if place.level == "nation" or place in detailed
    ]

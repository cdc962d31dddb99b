"""Waterfall: what makes the change between two years, factor by factor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import forecast_labels as words
from zaitaku_demand.report.benchmark_figure_parts import MARGIN, linear_ticks, tick_text
from zaitaku_demand.report.figure_style import BLUE, GREY, INK, PALE, VERMILLION, width_of, wrap
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_drawing import Drawing
from zaitaku_demand.report.forecast_figure_parts import (
    ForecastSheet,
    Frame,
    open_body,
)
from zaitaku_demand.report.forecast_view import (
    Place,
    amount,
    change_years,
    name_of,
    rows_of,
    signed,
)
from zaitaku_demand.report.view import (
    with_sign,
)

if TYPE_CHECKING:
    import pandas as pd

WIDTH, ROW = 9.6, 0.42
NAMES = 2.5
NAME_COLUMNS = 32
_LETTER = 0.53 / 72
_SIZE = 8
_STAGES = {"structure": 1, "rates": 2, "added": 3, "ceiling": 4}


def draw_changes(drawing: Drawing, place: Place) -> list[Path]:
    """Draw ``forecast_changes_<code>``: value before, a floating bar a factor, value after.

    No files where the place has no decomposition.
    """
    rows = change_rows(drawing.forecast, place)
    if rows.empty:
        return []
    return drawing.save(f"changes_{place.code}", lambda canvas: _draw(canvas, drawing, place, rows))


def change_rows(forecast: ForecastContent, place: Place) -> pd.DataFrame:
    """Factors of the pair of years that is shown: people, where they live, rates, and what a scenario adds."""
    pair = change_years(forecast, place) if len(forecast.changes) else None
    rows = rows_of(forecast.changes, place)
    if pair is None:
        return rows.iloc[:0]
    rows = rows[(rows["from_year"] == pair[0]) & (rows["to_year"] == pair[1])]
    places = {name: number for number, name in enumerate(forecast.change_names)}
    order = rows["factor"].map(places).fillna(len(places))
    order += len(places) * rows["factor"].map(_stage)
    return rows.loc[order.sort_values(kind="stable").index]


def _stage(factor: str) -> int:
    """People first, from young to old, then where they live, then the rates, then what a scenario moves or limits."""
    if factor in _STAGES:
        return _STAGES[factor]
    return _STAGES["rates"] if factor.startswith("rates_") else 0


def _draw(canvas: Any, drawing: Drawing, place: Place, rows: pd.DataFrame) -> ForecastSheet:
    forecast, language = drawing.forecast, drawing.language
    first = rows.iloc[0]
    before, after = float(first["before"]), float(first["after"])
    years = (int(first["from_year"]), int(first["to_year"]))
    title = drawing.title(words.CHANGE_TITLE, place=place.text(), from_year=years[0], to_year=years[1])
    reading = words.CHANGE_READING.format(from_year=years[0]).to(language)
    foot = drawing.caption(WIDTH, reading)
    sentence = forecast.change_sentences.get(place.code)
    body = open_body(
        canvas,
        WIDTH,
        ROW * (len(rows) + 2) + 0.4,
        title,
        "" if sentence is None else sentence.to(language),
        foot,
    )
    sheet = body.sheet
    steps = [before]
    for effect in rows["effect"]:
        steps.append(steps[-1] + float(effect))
    top = body.top - 0.05
    shown = [
        words.CHANGE_AMOUNT.format(
            effect=signed(float(row["effect"])), share=with_sign(float(row["per_cent"])).removeprefix("±")
        ).to(language)
        for _, row in rows.iterrows()
    ]
    room = max(width_of(text) for text in shown) * _SIZE * _LETTER + 0.15
    frame = Frame(
        NAMES, body.bottom + 0.3, WIDTH - MARGIN - room, top, min(0.0, *steps), max(*steps, after), 0, 1
    )
    _scale(sheet, frame)
    _row(
        sheet,
        frame,
        0,
        words.CHANGE_YEAR.format(year=years[0]).to(language),
        0.0,
        before,
        GREY,
        amount(before),
    )
    for number, (name, said) in enumerate(zip(rows["factor"].astype(str), shown, strict=True), start=1):
        start, end = steps[number - 1], steps[number]
        text = name_of(forecast.change_names, name).to(language)
        _row(sheet, frame, number, text, start, end, BLUE if end >= start else VERMILLION, said)
        _join(sheet, frame, number - 1, start)
    _join(sheet, frame, len(rows), steps[-1])
    _row(
        sheet,
        frame,
        len(rows) + 1,
        words.CHANGE_YEAR.format(year=years[1]).to(language),
        0.0,
        after,
        GREY,
        amount(after),
    )
    return sheet


def _scale(sheet: ForecastSheet, frame: Frame) -> None:
    ticks = linear_ticks(frame.first, frame.last)
    for tick in ticks:
        at = frame.across(tick)
        sheet.line([(at, frame.bottom), (at, frame.top)], INK if tick == 0 else PALE, 0.6, 1)
        sheet.words(at, frame.bottom - 0.07, tick_text(tick, ticks), 7, INK, "center", "top")


def _middle(frame: Frame, number: int) -> float:
    return frame.top - ROW * (number + 0.5)


def _row(
    sheet: ForecastSheet,
    frame: Frame,
    number: int,
    name: str,
    start: float,
    end: float,
    colour: str,
    said: str,
) -> None:
    middle = _middle(frame, number)
    text = wrap(name, NAME_COLUMNS)
    sheet.words(MARGIN, middle + 0.08 * text.count("\n"), text, _SIZE, INK, up="center")
    left, right = sorted((frame.across(start), frame.across(end)))
    # A factor without effect is still seen.
    sheet.block(left, max(right, left + 0.015), middle - 0.13, middle + 0.13, colour)
    sheet.words(right + 0.07, middle, said, _SIZE, INK, up="center")


def _join(sheet: ForecastSheet, frame: Frame, number: int, value: float) -> None:
    at = frame.across(value)
    sheet.line([(at, _middle(frame, number) - 0.13), (at, _middle(frame, number + 1) + 0.13)], GREY, 0.8, 3)

"""Tornado of the sources of uncertainty: how far each alone moves a value, and its share of the variance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import forecast_labels as words
from zaitaku_demand.report.benchmark_figure_parts import MARGIN
from zaitaku_demand.report.figure_style import DARK_GREY, INK, PALE, SKY, width_of, wrap
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_drawing import Drawing
from zaitaku_demand.report.forecast_figure_parts import (
    ForecastSheet,
    Frame,
    open_body,
)
from zaitaku_demand.report.forecast_view import (
    FOCUS_YEAR,
    Place,
    amount,
    name_of,
    per_cent,
    quantity_words,
    rows_of,
    year_words,
)
from zaitaku_demand.report.view import both
from zaitaku_demand.text import Language

if TYPE_CHECKING:
    import pandas as pd

WIDTH, ROW = 10.4, 0.5
NAMES, GAP = 2.5, 0.35
NAME_COLUMNS = 32
SEEN = 0.005
"""A share below minus this would not round to zero."""
_LETTER = 0.53 / 72


def draw_sources(drawing: Drawing, place: Place) -> list[Path]:
    """Draw ``forecast_sources_<code>``: a panel for the value of 2040 and one for the peak year.

    No files where the place has no variance decomposition.
    """
    rows = rows_of(drawing.forecast.shares, place)
    if rows.empty:
        return []
    return drawing.save(f"sources_{place.code}", lambda canvas: _draw(canvas, drawing, place, rows))


def shown_quantities(rows: pd.DataFrame) -> list[str]:
    """The value of 2040 (or the last one there is) and the peak year."""
    there = list(dict.fromkeys(rows["quantity"]))
    values = [quantity for quantity in there if quantity.startswith("value_")]
    wanted = f"value_{FOCUS_YEAR}"
    first = [wanted] if wanted in values else values[-1:]
    return [*first, *(quantity for quantity in there if quantity == "peak_year")]


def sources_sentence(forecast: ForecastContent, place: Place, language: Language) -> str:
    """Which source gives most of the variance of the first quantity; empty where nothing varies."""
    rows = rows_of(forecast.shares, place)
    if rows.empty:
        return ""
    first = shown_quantities(rows)[0]
    part = rows[(rows["quantity"] == first) & rows["share"].notna()]
    if part.empty:
        return ""
    top = part.sort_values("share", ascending=False).iloc[0]
    return both(
        words.SOURCES_SENTENCE,
        source=name_of(forecast.sources, str(top["source"])),
        quantity=quantity_words(first),
        share=per_cent(float(top["share"])),
    ).to(language)


def _draw(canvas: Any, drawing: Drawing, place: Place, rows: pd.DataFrame) -> ForecastSheet:
    forecast, language = drawing.forecast, drawing.language
    quantities = shown_quantities(rows)
    first = rows[rows["quantity"] == quantities[0]].sort_values("share", ascending=False, na_position="last")
    order = list(first["source"])
    title = drawing.title(words.SOURCES_TITLE, place=place.text())
    reading = [words.SOURCES_READING.to(language)]
    if (rows.loc[rows["quantity"].isin(quantities), "share"] < -SEEN).any():
        reading.append(words.SHARES_CLIPPED.to(language))
    foot = drawing.caption(WIDTH, *reading)
    sentence = sources_sentence(forecast, place, language)
    body = open_body(canvas, WIDTH, ROW * len(order) + 0.55, title, sentence, foot)
    sheet, top = body.sheet, body.top - 0.45
    for number, source in enumerate(order):
        name = wrap(name_of(forecast.sources, source).to(language), NAME_COLUMNS)
        middle = top - ROW * (number + 0.5)
        sheet.words(MARGIN, middle + 0.08 * name.count("\n"), name, 8, INK, up="center")
    wide = (WIDTH - NAMES - MARGIN - GAP * (len(quantities) - 1)) / len(quantities)
    for number, quantity in enumerate(quantities):
        left = NAMES + number * (wide + GAP)
        part = rows[rows["quantity"] == quantity].set_index("source")
        what = quantity_words(quantity)
        if quantity != "peak_year":
            what = both(words.WITH_UNIT, what=what, unit=forecast.unit)
        heading = what.to(language)
        heading = heading[0].upper() + heading[1:]
        _panel(sheet, forecast, part, order, (left, left + wide), top, heading, language)
    return sheet


def _panel(
    sheet: ForecastSheet,
    forecast: ForecastContent,
    part: pd.DataFrame,
    order: list[str],
    sides: tuple[float, float],
    top: float,
    heading: str,
    language: Language,
) -> None:
    is_year = str(part["quantity"].iloc[0]) == "peak_year"
    last = forecast.years[-1]

    def said(value: float) -> str:
        return year_words(value, last).to(language) if is_year else amount(value)

    rows: dict[str, dict[str, Any]] = part.to_dict("index")  # type: ignore[assignment]
    centre = float(part["principal"].iloc[0])
    ends = [float(value) for name in ("low", "high") for value in part[name] if value == value]
    low, high = min([centre, *ends]), max([centre, *ends])
    room = max(width_of(said(value)) for value in (low, high)) * 7 * _LETTER + 0.08
    share_room = 0.5
    left, right = sides[0] + room, sides[1] - room - share_room
    if high <= low:
        low, high = centre - 1, centre + 1
    frame = Frame(left, top - ROW * len(order), right, top, low, high, 0, 1)
    sheet.words(sides[0], top + 0.24, heading, 8.5, INK)
    sheet.words(frame.across(centre), top + 0.06, said(centre), 7.5, INK, "center")
    sheet.line([(frame.across(centre), frame.bottom), (frame.across(centre), top)], INK, 1.0, 5)
    for number, source in enumerate(order):
        middle = top - ROW * (number + 0.5)
        sheet.line([(sides[0], middle - ROW / 2), (sides[1], middle - ROW / 2)], PALE, 0.5, 1)
        row = rows[source]
        share = per_cent(float(row["share"]))
        sheet.words(sides[1], middle, share, 8.5, INK, "right", "center")
        unknown = row["low"] != row["low"] or row["share"] != row["share"]
        if unknown or row["low"] == row["high"]:
            still = (words.NO_VARIATION if unknown else words.NO_MOVE).to(language)
            sheet.words(frame.across(centre) + 0.1, middle, still, 7, DARK_GREY, up="center")
            continue
        start, end = frame.across(float(row["low"])), frame.across(float(row["high"]))
        sheet.band(start, end, middle - 0.13, middle + 0.13, SKY)
        sheet.words(
            min(start, frame.across(centre)) - 0.05,
            middle,
            said(float(row["low"])),
            7,
            INK,
            "right",
            "center",
        )
        sheet.words(
            max(end, frame.across(centre)) + 0.05, middle, said(float(row["high"])), 7, INK, "left", "center"
        )

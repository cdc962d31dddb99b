"""Peak probability strip: a row a place, a column a year, the shade the probability of the peak."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zaitaku_demand.report import forecast_labels as words
from zaitaku_demand.report.benchmark_figure_parts import MARGIN
from zaitaku_demand.report.figure_style import DARK_GREY, INK, PALE, VERMILLION, width_of
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_drawing import Drawing
from zaitaku_demand.report.forecast_figure_parts import (
    ForecastSheet,
    mark,
    open_body,
)
from zaitaku_demand.report.forecast_reading import class_shares, five_year_classes, stripes_words
from zaitaku_demand.report.forecast_view import (
    Place,
    peak_of,
    per_cent,
    rows_of,
    span_words,
    year_words,
)
from zaitaku_demand.text import Language

ROW, CELL = 0.22, 0.19
BINS = (0.01, 0.02, 0.05, 0.10, 0.20, 0.40)
"""Lower ends of the shades; annual peaks rarely reach a half, so the shades are closer together at the low end."""
COLUMN = (0.15, 0.95)
CLASS_BINS = (0.05, 0.15, 0.25, 0.35, 0.50, 0.65)
LIGHT_WORDS = 3
CLASSES, CLASS = 2.2, 0.62
"""Where the classes of five years start right of the strip, and the width of one, in inches."""
_NAME = 0.066


def draw_strip(drawing: Drawing, place: Place, rows: list[Place]) -> list[Path]:
    """Draw ``forecast_peaks_<code>``: the places `rows` inside `place`, shaded by the probability of the peak year.

    Parameters
    ----------
    drawing : Drawing
    place : Place
        The nation or a prefecture.
    rows : list of Place
        Its prefectures or areas.

    Returns
    -------
    list of Path
        Empty where none of `rows` has probabilities.
    """
    shown = [row for row in rows if not rows_of(drawing.forecast.peak_years, row).empty]
    if not shown:
        return []
    return drawing.save(f"peaks_{place.code}", lambda canvas: _draw(canvas, drawing, place, shown))


def shade_of(probability: float) -> int:
    """Class of a probability: -1 below one per cent or unknown, then the place in `BINS`."""
    return sum(probability >= low for low in BINS) - 1


def class_shade(probability: float) -> int:
    """Shade of a class of five years: -1 below 5 per cent or unknown; a sixth is what one of six would have by chance."""
    return sum(probability >= low for low in CLASS_BINS) - 1


def _draw(canvas: Any, drawing: Drawing, place: Place, rows: list[Place]) -> ForecastSheet:
    forecast, language = drawing.forecast, drawing.language
    years, last = forecast.years, forecast.years[-1]
    names = [row.text().to(language) for row in rows]
    left = MARGIN + max(1.0, _NAME * max(width_of(name) for name in names) + 0.1)
    right = left + CELL * (len(years) + 1)
    classes = five_year_classes(years)
    width = right + CELL + CLASSES + CLASS * len(classes) + MARGIN
    title = drawing.title(words.STRIP_TITLE, place=place.text())
    reading = words.STRIP_READING.format(last=last, runs=f"{forecast.runs:,}", seed=forecast.seed).to(
        language
    )
    foot = drawing.caption(width, reading, stripes_words(forecast).to(language), unit=words.STRIP_UNIT)
    tall = ROW * len(rows) + 0.75
    body = open_body(canvas, width, tall, title, words.STRIP_SENTENCE.to(language), foot)
    sheet = body.sheet
    _legend(sheet, body.top - 0.12, language)
    top = body.top - 0.62
    # The last year means "then or later" and stands apart by a column's width.
    edges = [left + CELL * number + (CELL if year == last else 0.0) for number, year in enumerate(years)]
    for edge, year in zip(edges, years, strict=True):
        if year == last:
            sheet.words(edge + CELL / 2, top + 0.22, str(year), 7, INK, "center")
            sheet.words(edge + CELL / 2, top + 0.08, words.LATER.to(language), 7, INK, "center")
        elif year % 5 == 0:
            sheet.words(edge + CELL / 2, top + 0.08, str(year), 7, INK, "center")
    for offset, head in zip(COLUMN, (words.STRIP_PEAK, words.STRIP_RANGE), strict=True):
        sheet.words(right + CELL + offset, top + 0.08, head.to(language), 7, DARK_GREY)
    beyond = right + CELL + CLASSES
    sheet.words(beyond, top + 0.24, words.STRIP_CLASSES.to(language), 7, DARK_GREY)
    for number, one in enumerate(classes):
        middle = beyond + CLASS * (number + 0.5)
        sheet.words(middle, top + 0.08, one.name.to(language), 6.5, DARK_GREY, "center")
    for number, (row, name) in enumerate(zip(rows, names, strict=True)):
        middle = top - ROW * (number + 0.5)
        sheet.words(MARGIN, middle, name, 7.5, INK, up="center")
        _cells(sheet, forecast, row, edges, middle)
        _tail(sheet, forecast, row, right + CELL, middle, language)
    bottom = top - ROW * len(rows)
    for edge, year in zip(edges, years, strict=True):
        if year % 5 == 0:
            sheet.line([(edge, bottom), (edge, top)], PALE, 0.5, 1)
    return sheet


def _cells(
    sheet: ForecastSheet, forecast: ForecastContent, row: Place, edges: list[float], middle: float
) -> None:
    shares = rows_of(forecast.peak_years, row).set_index("year")["probability"]
    shades = _shades()
    for edge, year in zip(edges, forecast.years, strict=True):
        place = shade_of(float(shares.get(year, 0.0)))
        if place >= 0:
            sheet.band(edge, edge + CELL, middle - ROW * 0.42, middle + ROW * 0.42, shades[place])
    peak = peak_of(forecast, row)
    if peak is not None and int(peak["principal"]) in forecast.years:
        at = edges[forecast.years.index(int(peak["principal"]))] + CELL / 2
        mark(sheet, at, middle, "o", VERMILLION, 5, hollow=True)


def _tail(
    sheet: ForecastSheet,
    forecast: ForecastContent,
    row: Place,
    left: float,
    middle: float,
    language: Language,
) -> None:
    peak, last = peak_of(forecast, row), forecast.years[-1]
    if peak is not None:
        said = year_words(peak["principal"], last).to(language)
        sheet.words(left + COLUMN[0], middle, said, 7.5, INK, up="center")
        sheet.words(left + COLUMN[1], middle, span_words(peak, last).to(language), 7.5, INK, up="center")
    shades = _shades()
    for number, share in enumerate(class_shares(forecast, row)):
        start = left + CLASSES + CLASS * number
        shade = class_shade(share)
        if shade >= 0:
            sheet.band(
                start + 0.02, start + CLASS - 0.02, middle - ROW * 0.42, middle + ROW * 0.42, shades[shade]
            )
        colour = "#FFFFFF" if shade >= LIGHT_WORDS else INK
        sheet.words(start + CLASS / 2, middle, per_cent(share), 7.5, colour, "center", "center")


def _legend(sheet: ForecastSheet, y: float, language: Language) -> None:
    said = words.STRIP_LEGEND.to(language)
    sheet.words(MARGIN, y, said, 7.5, INK, up="center")
    x = MARGIN + width_of(said) * 7.5 * 0.53 / 72 + 0.2
    shades = _shades()
    for place, low in enumerate(BINS):
        template = words.TO_PER_CENT if place + 1 < len(BINS) else words.OVER_PER_CENT
        high = BINS[min(place + 1, len(BINS) - 1)]
        text = template.format(low=f"{100 * low:g}", high=f"{100 * high:g}").to(language)
        sheet.band(x, x + CELL, y - 0.07, y + 0.07, shades[place])
        sheet.words(x + CELL + 0.06, y, text, 7.5, INK, up="center")
        x += CELL + 0.06 + width_of(text) * 7.5 * 0.53 / 72 + 0.16


def _shades() -> list[str]:
    """One hue, light to dark: readable in grey and by every kind of colour vision."""
    import matplotlib
    from matplotlib.colors import to_hex

    scale = matplotlib.colormaps["Blues"]
    return [to_hex(scale(0.14 + 0.86 * place / (len(BINS) - 1))) for place in range(len(BINS))]

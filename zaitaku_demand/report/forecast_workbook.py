"""Sheets of the forecast: intervals, peaks, sources, scenarios, changes, backtest, official comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import forecast_labels as terms
from zaitaku_demand.report import forecast_labels_book as words
from zaitaku_demand.report import labels
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_reading import PeakClass, five_year_classes
from zaitaku_demand.report.forecast_view import (
    FOCUS_YEAR,
    GROWTH_MEASURES,
    MEASURES,
    name_of,
    quantity_words,
    shown_year,
    table_years,
    year_words,
)
from zaitaku_demand.report.forecast_workbook_checks import backtest_sheet, official_sheet, population_sheet
from zaitaku_demand.report.forecast_workbook_common import (
    NUMBER_WIDTH,
    PLACE,
    STATE,
    YEAR_WIDTH,
    Head,
    cells,
    heads,
    place_cells,
    place_key,
    sheet_of,
    state_cell,
    with_runs,
)
from zaitaku_demand.report.sheet_table import SheetTable, number
from zaitaku_demand.report.sheets import Cell
from zaitaku_demand.report.view import both
from zaitaku_demand.text import Language, Text

if TYPE_CHECKING:
    import pandas as pd


def forecast_sheets(forecast: ForecastContent, language: Language) -> list[SheetTable]:
    """All sheets in the order of the page; a table without rows stays a sheet that says "none".

    Parameters
    ----------
    forecast : ForecastContent
    language : str

    Returns
    -------
    list of SheetTable
    """
    return [
        _intervals(forecast, language),
        _peaks(forecast, language),
        _sources(forecast, language),
        _scenarios(forecast, language),
        _changes(forecast, language),
        backtest_sheet(forecast, language),
        population_sheet(forecast, language),
        official_sheet(forecast, language),
    ]


def _intervals(forecast: ForecastContent, language: Language) -> SheetTable:
    frame = forecast.intervals
    frame = frame[frame["year"].isin(table_years(forecast))] if len(frame) else frame
    kept = forecast.constant
    constant = {(place_key(row), row["year"]): row["value"] for row in kept.to_dict("records")}
    growth = {(place_key(row), row["year"]): row for row in forecast.growth.to_dict("records")}
    rows: list[list[Cell]] = [
        [
            *place_cells(row, language),
            int(row["year"]),
            *cells(row, *MEASURES),
            number(constant.get((place_key(row), row["year"]))),
            *_growth(growth.get((place_key(row), row["year"]))),
            state_cell(language),
        ]
        for row in frame.to_dict("records")
    ]
    growing = words.GROWTH.format(base=forecast.base_year)
    columns: list[Head] = [
        *PLACE,
        (labels.YEAR_HEADER, "year", YEAR_WIDTH),
        *heads("count", terms.PRINCIPAL, terms.MEDIAN, terms.LOWER_80, terms.UPPER_80),
        *heads("count", terms.LOWER_95, terms.UPPER_95, terms.CONSTANT),
        *heads("hundredth", growing, words.GROWTH_LOWER, words.GROWTH_UPPER, width=11.0),
        STATE,
    ]
    legend = with_runs(forecast, words.INTERVALS_LEGEND.format(base=forecast.base_year))
    return sheet_of(words.INTERVALS, words.INTERVALS_TITLE, forecast.unit, legend, columns, rows, 4, language)


def _peaks(forecast: ForecastContent, language: Language) -> SheetTable:
    years, last = forecast.years, forecast.years[-1]
    shares: dict[tuple[str, str], dict[int, float]] = {}
    for row in forecast.peak_years.to_dict("records"):
        shares.setdefault(place_key(row), {})[int(row["year"])] = row["probability"]
    classes = five_year_classes(years)
    rows: list[list[Cell]] = []
    for row in forecast.peaks.to_dict("records"):
        own = shares.get(place_key(row), {})
        late = sum(share for year, share in own.items() if year >= FOCUS_YEAR) if own else None
        rows.append(
            [
                *place_cells(row, language),
                *cells(row, "principal", "median", "lower_80", "upper_80", "censored"),
                number(late),
                *_class_cells(own, classes),
                *(number(own.get(year)) for year in years),
                state_cell(language),
            ]
        )
    columns: list[Head] = [
        *PLACE,
        *heads("year", terms.STRIP_PEAK, words.PEAK_MEDIAN, width=10.0),
        *heads("year", words.PEAK_LOWER, words.PEAK_UPPER, width=12.0),
        *heads(
            "share",
            words.PEAK_CENSORED.format(last=last),
            terms.STRIP_LATE.format(year=FOCUS_YEAR),
            width=11.0,
        ),
        # The last class is the last year, which has its own column.
        *heads("share", *(one.name for one in classes[:-1]), width=9.0),
        *heads("share", *(year_words(year, last) for year in years), width=8.0),
        STATE,
    ]
    legend = with_runs(forecast, words.PEAK_LEGEND.format(last=last))
    return sheet_of(words.PEAKS, words.PEAK_TITLE, words.PROBABILITY_UNIT, legend, columns, rows, 3, language)


def _growth(row: dict[Any, Any] | None) -> list[Cell]:
    return [None] * len(GROWTH_MEASURES) if row is None else cells(row, *GROWTH_MEASURES)


def _class_cells(shares: dict[int, float], classes: list[PeakClass]) -> list[Cell]:
    """Probabilities of the five-year classes but the last, which is a year of its own."""
    if not shares:
        return [None] * (len(classes) - 1)
    return [
        sum(share for year, share in shares.items() if one.first <= year <= one.last) for one in classes[:-1]
    ]


def _sources(forecast: ForecastContent, language: Language) -> SheetTable:
    rows: list[list[Cell]] = []
    for row in forecast.shares.to_dict("records"):
        is_year = row["quantity"] == "peak_year"
        figures = cells(row, "principal", "low", "high")
        if is_year:
            # A thousands separator would be wrong in a year.
            figures = [
                None if cell is None else year_words(float(cell), forecast.years[-1]).to(language)
                for cell in figures
            ]
        rows.append(
            [
                *place_cells(row, language),
                quantity_words(str(row["quantity"])).to(language),
                name_of(forecast.sources, str(row["source"])).to(language),
                number(row["share"]),
                *figures,
                state_cell(language),
            ]
        )
    columns: list[Head] = [
        *PLACE,
        (words.QUANTITY, "text", 16.0),
        (words.SOURCE, "text", 36.0),
        (words.SHARE, "share", NUMBER_WIDTH),
        *heads("count", terms.PRINCIPAL, words.LOW, words.HIGH),
        STATE,
    ]
    unit = both(words.UNIT_AND_YEARS, unit=forecast.unit)
    legend = with_runs(forecast, words.SOURCES_LEGEND)
    return sheet_of(words.SOURCES, words.SOURCES_TITLE, unit, legend, columns, rows, 5, language)


def _scenarios(forecast: ForecastContent, language: Language) -> SheetTable:
    frame, last = forecast.scenarios, forecast.years[-1]
    shown = [year for year in table_years(forecast) if year > forecast.base_year]
    compared = sorted({shown_year(forecast), last})
    peaks = {
        (str(row["scenario"]), *place_key(row)): row for row in forecast.scenario_peaks.to_dict("records")
    }
    rows: list[list[Cell]] = []
    for key, part in _by_scenario(frame):
        values = {int(row["year"]): row for row in part}
        peak = peaks.get(key)
        rows.append(
            [
                name_of(forecast.scenario_names, key[0]).to(language),
                *place_cells(part[0], language),
                *(number(values[year]["value"]) if year in values else None for year in shown),
                *(_difference(values.get(year)) for year in compared),
                *([None, None] if peak is None else cells(peak, "peak_year", "peak_value")),
                state_cell(language),
            ]
        )
    columns: list[Head] = [
        (terms.SCENARIO, "text", 24.0),
        *PLACE,
        *heads("count", *(labels.YEAR.format(year=year) for year in shown), width=11.0),
        *heads("percent", *(words.DIFFERENCE.format(year=year) for year in compared), width=14.0),
        (terms.STRIP_PEAK, "year", 10.0),
        (words.PEAK_VALUE, "count", NUMBER_WIDTH),
        STATE,
    ]
    notes = Text(
        "".join(_noted(forecast, id).ja for id in forecast.scenario_names),
        " ".join(_noted(forecast, id).en for id in forecast.scenario_names),
    )
    legend = both(words.SCENARIOS_LEGEND, base=forecast.base_year, last=last, notes=notes)
    return sheet_of(words.SCENARIOS, words.SCENARIOS_TITLE, forecast.unit, legend, columns, rows, 4, language)


def _by_scenario(frame: pd.DataFrame) -> list[tuple[tuple[str, str, str], list[dict[Any, Any]]]]:
    parts: dict[tuple[str, str, str], list[dict[Any, Any]]] = {}
    for row in frame.to_dict("records"):
        parts.setdefault((str(row["scenario"]), *place_key(row)), []).append(row)
    return list(parts.items())


def _difference(row: dict[Any, Any] | None) -> Cell:
    if row is None:
        return None
    base = float(row["value"]) - float(row["against_base"])
    return float(row["against_base"]) / base if base > 0 else None


def _noted(forecast: ForecastContent, id: str) -> Text:
    name, note = name_of(forecast.scenario_names, id), forecast.scenario_notes.get(id, Text("", ""))
    return Text(f"「{name.ja}」{note.ja}", f"{name.en}: {note.en}")


def _changes(forecast: ForecastContent, language: Language) -> SheetTable:
    rows: list[list[Cell]] = [
        [
            *place_cells(row, language),
            int(row["from_year"]),
            int(row["to_year"]),
            name_of(forecast.change_names, str(row["factor"])).to(language),
            *cells(row, "effect", "per_cent", "before", "after"),
            state_cell(language),
        ]
        for row in forecast.changes.to_dict("records")
    ]
    columns: list[Head] = [
        *PLACE,
        *heads("year", words.FROM, words.TO, width=10.0),
        (words.FACTOR, "text", 30.0),
        (words.EFFECT, "count", NUMBER_WIDTH),
        (words.EFFECT_SHARE, "tenth", NUMBER_WIDTH),
        *heads("count", words.BEFORE, words.AFTER),
        STATE,
    ]
    return sheet_of(
        words.CHANGES, words.CHANGES_TITLE, forecast.unit, words.CHANGES_LEGEND, columns, rows, 3, language
    )

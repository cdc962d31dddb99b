"""Sheets of the forecast that check it: backtest of rates and of population, official comparison."""

from __future__ import annotations

from zaitaku_demand.report import forecast_labels as terms
from zaitaku_demand.report import forecast_labels_book as words
from zaitaku_demand.report import labels
from zaitaku_demand.report import labels_workbook as book
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_figure_backtest import FEWEST_CASES, backtest_rows
from zaitaku_demand.report.forecast_view import method_at, name_of
from zaitaku_demand.report.forecast_workbook_common import CASES, Head, cells, heads, sheet_of
from zaitaku_demand.report.sheet_table import SheetTable, number
from zaitaku_demand.report.sheets import Cell
from zaitaku_demand.text import Language, Text

COVERED = ("coverage_80", "coverage_95")


def backtest_sheet(forecast: ForecastContent, language: Language) -> SheetTable:
    """Errors and coverage of all methods, the chosen one marked."""
    frame = backtest_rows(forecast, by_size=True)
    rows: list[list[Cell]] = [
        [
            name_of(forecast.method_names, str(row["method"])).to(language),
            words.YES.to(language) if row["method"] == method_at(forecast, str(row["level"])) else "",
            name_of(words.LEVELS, str(row["level"])).to(language),
            name_of(words.SIZES, str(row.get("size_class", "all"))).to(language),
            number(row["horizon"]) or terms.AHEAD_ALL.to(language),
            number(row["n"]),
            *cells(row, "mape", "median_ape", "bias"),
            *(cells(row, *COVERED) if row["n"] >= FEWEST_CASES else [None] * len(COVERED)),
        ]
        for row in frame.to_dict("records")
    ]
    columns: list[Head] = [
        (terms.METHOD, "text", 54.0),
        (words.CHOSEN, "centred", 8.0),
        *heads("text", words.LEVEL, words.SIZE, width=12.0),
        (terms.HORIZON, "year", 10.0),
        CASES,
        *heads("tenth", terms.MAPE, terms.MEDIAN_APE, terms.BIAS),
        *heads("share", terms.COVERAGE_80, terms.COVERAGE_95),
    ]
    said = words.BACKTEST_LEGEND.format(n=FEWEST_CASES)
    legend = Text(forecast.method.ja + said.ja, f"{forecast.method.en} {said.en}")
    return sheet_of(
        words.BACKTEST,
        words.BACKTEST_TITLE,
        book.EACH_COLUMN,
        legend,
        columns,
        rows,
        2,
        language,
        terms.BACKTEST_STATE,
    )


def population_sheet(forecast: ForecastContent, language: Language) -> SheetTable:
    """Errors of the population projections by age and type of area."""
    rows: list[list[Cell]] = [
        [
            str(row[f"comparison_{language}"]),
            labels.age_label(str(row["age_group"]), language),
            str(row[f"area_type_{language}"]),
            *cells(row, "n", "mape", "bias"),
        ]
        for row in forecast.population_backtest.to_dict("records")
    ]
    columns: list[Head] = [
        (terms.COMPARED, "text", 40.0),
        (labels.AGE_GROUP, "text", 16.0),
        (terms.AREA_TYPE, "text", 22.0),
        CASES,
        *heads("tenth", terms.MAPE, terms.BIAS),
    ]
    return sheet_of(
        words.POPULATION,
        words.POPULATION_TITLE,
        book.EACH_COLUMN,
        words.POPULATION_LEGEND,
        columns,
        rows,
        0,
        language,
        terms.BACKTEST_STATE,
    )


def official_sheet(forecast: ForecastContent, language: Language) -> SheetTable:
    """Areas that differ most from the ministry's projection, with likely reasons."""
    rows: list[list[Cell]] = [
        [
            str(row["area_code"]),
            labels.prefecture_label(str(row["prefecture_code"]), str(row["prefecture_name"]), language),
            str(row["area_name"]),
            *cells(row, "our_peak", "their_peak", "from_year", "to_year"),
            *cells(row, "our_index", "their_index", "difference"),
            str(row[f"reason_{language}"]),
        ]
        for row in forecast.official.to_dict("records")
    ]
    columns: list[Head] = [
        (labels.AREA_CODE, "text", 10.0),
        (labels.PREFECTURE_NAME, "text", 12.0),
        (labels.AREA_NAME, "text", 18.0),
        *heads("year", terms.OUR_PEAK, terms.THEIR_PEAK, width=12.0),
        *heads("year", words.FIRST_YEAR, words.LATER_YEAR, width=9.0),
        *heads("hundredth", terms.OUR_INDEX, terms.THEIR_INDEX),
        (terms.DIFFERENCE, "tenth", 10.0),
        (terms.REASON, "long", 50.0),
    ]
    legend = Text(
        "".join(text.ja for text in [*forecast.official_summary, words.OFFICIAL_LEGEND]),
        " ".join(text.en for text in [*forecast.official_summary, words.OFFICIAL_LEGEND]),
    )
    return sheet_of(
        words.OFFICIAL, words.OFFICIAL_TITLE, book.EACH_COLUMN, legend, columns, rows, 3, language
    )

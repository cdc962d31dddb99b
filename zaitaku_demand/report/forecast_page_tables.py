"""The tables of the forecast section as text, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass

from zaitaku_demand.report import forecast_labels as words
from zaitaku_demand.report import labels
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_figure_backtest import (
    backtest_rows,
    has_coverage,
    method_order,
    method_words,
)
from zaitaku_demand.report.forecast_figure_scenarios import (
    against_base,
    at_year,
    peak_text,
    scenario_order,
    scenario_words,
)
from zaitaku_demand.report.forecast_view import (
    LEVELS,
    Place,
    amount,
    interval_at,
    known,
    per_cent,
    rows_of,
    shown_year,
    table_years,
    times,
    year_words,
)
from zaitaku_demand.report.view import (
    NOTHING,
    both,
    with_sign,
)
from zaitaku_demand.text import Language, Text


@dataclass(frozen=True)
class ForecastTable:
    """Caption, headings and cells; the first cell of a row is its heading, `texts` are the columns of sentences.

    A long table that only some readers want is `folded` away below its caption.
    """

    caption: str
    head: list[str]
    rows: list[list[str]]
    texts: tuple[int, ...] = ()
    numbers: bool = True
    folded: bool = False


def interval_table(forecast: ForecastContent, place: Place, language: Language) -> ForecastTable | None:
    """Principal and interval ends of a place on the five-year grid."""
    if rows_of(forecast.intervals, place).empty:
        return None
    shown = ("principal", "lower_80", "upper_80", "lower_95", "upper_95")
    head = [
        labels.YEAR_HEADER,
        words.PRINCIPAL,
        words.LOWER_80,
        words.UPPER_80,
        words.LOWER_95,
        words.UPPER_95,
    ]
    rows = []
    for year in table_years(forecast):
        values = interval_at(forecast, place, year)
        rows.append([labels.YEAR.format(year=year).to(language), *(amount(values[name]) for name in shown)])
    caption = both(words.INTERVAL_TABLE, place=place.text(), unit=forecast.unit).to(language)
    return ForecastTable(caption, [text.to(language) for text in head], rows)


def scenario_table(forecast: ForecastContent, place: Place, language: Language) -> ForecastTable | None:
    """Scenarios of a place with what each assumes."""
    rows = rows_of(forecast.scenarios, place)
    if rows.empty:
        return None
    years = sorted({shown_year(forecast), forecast.years[-1]})
    head = [words.SCENARIO.to(language)]
    for year in years:
        head += [labels.YEAR.format(year=year).to(language), words.AGAINST_BASE.to(language)]
    head += [words.STRIP_PEAK.to(language), words.ASSUMPTION.to(language)]
    cells = []
    for scenario in scenario_order(forecast, rows):
        line = [scenario_words(forecast, place, scenario).to(language)]
        for year in years:
            row = at_year(rows, scenario, year)
            line.append(NOTHING if row is None else amount(float(row["value"])))
            line.append(against_base(rows, scenario, year, language))
        note = forecast.scenario_notes.get(scenario)
        line.append(peak_text(forecast, place, scenario).to(language))
        line.append("" if note is None else note.to(language))
        cells.append(line)
    caption = both(words.SCENARIO_TABLE, place=place.text(), unit=forecast.unit).to(language)
    return ForecastTable(caption, head, cells, texts=(len(head) - 1,))


def backtest_tables(forecast: ForecastContent, language: Language) -> list[ForecastTable]:
    """Two tables a level: errors of every method by years ahead, and coverage of those with intervals."""
    rows = backtest_rows(forecast)
    tables = []
    for level in LEVELS:
        part = rows[rows["level"] == level] if len(rows) else rows
        if part.empty:
            continue
        horizons = sorted(int(horizon) for horizon in part["horizon"].unique())
        values = {(str(row["method"]), int(row["horizon"])): row for row in part.to_dict("records")}
        order = method_order(forecast, part, level)
        ahead = [horizon_words(horizon).to(language) for horizon in horizons]
        errors = []
        covered = []
        for method in order:
            own = [values.get((method, horizon)) for horizon in horizons]
            name = method_words(forecast, method, level, language)
            errors.append([name, *(_tenth(None if row is None else row["mape"]) for row in own)])
            for column, label in (("coverage_80", words.BAND_80), ("coverage_95", words.BAND_95)):
                shares = [float("nan") if row is None else float(row[column]) for row in own]
                if any(share == share for share in shares):
                    covered.append([name, label.to(language), *(per_cent(share, 1) for share in shares)])
        said = words.LEVEL_NAMES[level]
        head = [words.METHOD.to(language), *ahead]
        caption = both(words.ERROR_TABLE, level=said).to(language)
        tables.append(ForecastTable(caption, head, errors, folded=True))
        if covered and has_coverage(part):
            head = [words.METHOD.to(language), words.INTERVAL.to(language), *ahead]
            caption = both(words.COVERAGE_TABLE, level=said).to(language)
            tables.append(ForecastTable(caption, head, covered, folded=True))
    return tables


def horizon_words(horizon: int) -> Text:
    """Years ahead; 0 stands for all of them."""
    return words.AHEAD.format(n=horizon) if horizon else words.AHEAD_ALL


def population_table(forecast: ForecastContent, language: Language) -> ForecastTable | None:
    """Errors of the population projection by age and type of area."""
    frame = forecast.population_backtest
    if not len(frame):
        return None
    head = [words.COMPARED, labels.AGE_GROUP, words.AREA_TYPE, words.CASES, words.MAPE, words.BIAS]
    rows = [
        [
            str(row[f"comparison_{language}"]),
            labels.age_label(str(row["age_group"]), language),
            str(row[f"area_type_{language}"]),
            f"{int(row['n']):,}",
            _tenth(row["mape"]),
            _tenth(row["bias"], sign=True),
        ]
        for row in frame.to_dict("records")
    ]
    heads = [text.to(language) for text in head]
    return ForecastTable(words.POPULATION_TABLE.to(language), heads, rows, folded=True)


def official_table(forecast: ForecastContent, language: Language) -> ForecastTable | None:
    """The largest differences from the ministry's projection with their likely reasons."""
    frame = forecast.official
    if not len(frame):
        return None
    head = [
        labels.AREA_NAME,
        labels.PREFECTURE_NAME,
        words.OUR_PEAK,
        words.THEIR_PEAK,
        words.OUR_INDEX,
        words.THEIR_INDEX,
        words.DIFFERENCE,
        words.REASON,
    ]
    last = forecast.years[-1]
    rows = [
        [
            f"{row['area_name']}（{row['area_code']}）"
            if language == "ja"
            else f"{row['area_name']} ({row['area_code']})",
            labels.prefecture_label(str(row["prefecture_code"]), str(row["prefecture_name"]), language),
            *(_year(row[name], last, language) for name in ("our_peak", "their_peak")),
            times(known(row["our_index"])),
            times(known(row["their_index"])),
            _tenth(row["difference"], sign=True),
            str(row[f"reason_{language}"]),
        ]
        for row in frame.to_dict("records")
    ]
    caption = words.OFFICIAL_TABLE.format(n=len(frame)).to(language)
    return ForecastTable(caption, [text.to(language) for text in head], rows, texts=(7,))


def _year(value: object, last: int, language: Language) -> str:
    year = known(value)
    return NOTHING if year != year else year_words(year, last).to(language)


def _tenth(value: object, sign: bool = False) -> str:
    figure = known(value)
    if figure != figure:
        return NOTHING
    return with_sign(figure, 1) if sign else f"{figure:.1f}"

"""Tables of the forecast section that set many places or services side by side."""

from __future__ import annotations

from zaitaku_demand.report import forecast_labels as words
from zaitaku_demand.report import forecast_labels_reading as reading
from zaitaku_demand.report import labels
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_page_tables import ForecastTable
from zaitaku_demand.report.forecast_reading import class_shares, five_year_classes
from zaitaku_demand.report.forecast_view import (
    Place,
    amount,
    growth_of,
    interval_at,
    name_of,
    peak_of,
    per_cent,
    places,
    rows_of,
    shown_year,
    span_words,
    times,
    year_words,
)
from zaitaku_demand.report.view import (
    NOTHING,
    both,
    with_sign,
)
from zaitaku_demand.text import Language, Text

MOST_OPEN = 20
"""Rows above which a table of places is folded away."""


def class_table(
    forecast: ForecastContent, place: Place, rows: list[Place], language: Language
) -> ForecastTable | None:
    """Probability of every five-year class of the peak: a place and the smaller ones inside it."""
    shown = [one for one in (place, *rows) if not rows_of(forecast.peak_years, one).empty]
    if not shown:
        return None
    head = [labels.AREA_NAME if place.level == "prefecture" else labels.PREFECTURE_NAME]
    head += [one.name for one in five_year_classes(forecast.years)]
    cells = [
        [one.text().to(language), *(per_cent(share) for share in class_shares(forecast, one))]
        for one in shown
    ]
    caption = both(reading.CLASS_TABLE, place=place.text()).to(language)
    heads = [text.to(language) for text in head]
    return ForecastTable(caption, heads, cells, folded=len(cells) > MOST_OPEN)


def area_table(forecast: ForecastContent, place: Place, language: Language) -> ForecastTable | None:
    """Value of 2040, its growth and peak year of the areas of a prefecture, each with its 80 % range."""
    areas = places(forecast, "area", place.code)
    if not areas:
        return None
    year, last = shown_year(forecast), forecast.years[-1]
    growth = reading.GROWTH.format(base=forecast.base_year)
    head = [labels.AREA_NAME, labels.YEAR.format(year=year), reading.VALUE_80, growth, reading.VALUE_80]
    head += [words.STRIP_PEAK, words.STRIP_RANGE]
    cells = []
    for area in areas:
        values, row, peak = (
            interval_at(forecast, area, year),
            growth_of(forecast, area, year),
            peak_of(forecast, area),
        )
        line = [area.text().to(language), amount(values["principal"])]
        line.append(_span(amount(values["lower_80"]), amount(values["upper_80"]), language))
        if row is None:
            line += [NOTHING, NOTHING]
        else:
            line.append(times(row["principal"]))
            line.append(_span(times(row["lower_80"]), times(row["upper_80"]), language))
        if peak is None:
            line += [NOTHING, NOTHING]
        else:
            line += [year_words(peak["principal"], last).to(language), span_words(peak, last).to(language)]
        cells.append(line)
    caption = both(reading.AREA_TABLE, place=place.text(), year=year, unit=forecast.unit).to(language)
    return ForecastTable(caption, [text.to(language) for text in head], cells, folded=len(cells) > MOST_OPEN)


def split_sentences(forecast: ForecastContent) -> list[Text]:
    """Which scenario changes a split and not the sum, and how to see the split if the run has none of it."""
    rows = forecast.scenarios
    found = []
    for scenario in forecast.splitting:
        gaps = rows.loc[rows["scenario"] == scenario, "against_base"] if len(rows) else rows
        if len(gaps) and bool((gaps == 0).all()):
            found.append(both(reading.SPLIT_SENTENCE, scenario=name_of(forecast.scenario_names, scenario)))
    return [*found, reading.SPLIT_OPTION] if found and not len(forecast.splits) else found


def split_table(forecast: ForecastContent, place: Place, language: Language) -> ForecastTable | None:
    """Services between which a scenario moves patients: at constant rates, with it, and the difference."""
    year = shown_year(forecast)
    rows = rows_of(forecast.splits, place)
    rows = rows[rows["year"] == year] if len(rows) else rows
    if rows.empty:
        return None
    head = [reading.SERVICE, words.CONSTANT, words.SCENARIO, words.AGAINST_BASE]
    cells = []
    for row in rows.to_dict("records"):
        value, gap = float(row["value"]), float(row["against_base"])
        base = value - gap
        share = f"{with_sign(100 * gap / base, 1)}%" if base > 0 else NOTHING
        cells.append([str(row[f"service_{language}"]), amount(base), amount(value), share])
    caption = both(
        reading.SPLIT_TABLE,
        scenario=name_of(forecast.scenario_names, str(rows["scenario"].iloc[0])),
        place=place.text(),
        year=year,
    ).to(language)
    return ForecastTable(caption, [text.to(language) for text in head], cells)


def _span(low: str, high: str, language: Language) -> str:
    return reading.SPAN.format(low=low, high=high).to(language)

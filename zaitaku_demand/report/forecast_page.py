"""The section "how sure is it" of the page: what the range means, the peak, scenarios, reasons, backtest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zaitaku_demand.report import forecast_labels as words
from zaitaku_demand.report import labels
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_figure_changes import change_rows
from zaitaku_demand.report.forecast_figure_scenarios import scenario_sentence
from zaitaku_demand.report.forecast_figure_sources import sources_sentence
from zaitaku_demand.report.forecast_figures import detailed_places, drawn_places, drawn_strips
from zaitaku_demand.report.forecast_page_places import area_table, class_table, split_sentences, split_table
from zaitaku_demand.report.forecast_page_tables import (
    backtest_tables,
    interval_table,
    official_table,
    population_table,
    scenario_table,
)
from zaitaku_demand.report.forecast_reading import area_level_sentences, stripes_words
from zaitaku_demand.report.forecast_view import Place, peak_of, peak_words, per_cent
from zaitaku_demand.report.page_parts import embedded
from zaitaku_demand.report.view import both
from zaitaku_demand.text import Language, Text

SHARP = 5
"""Years within which the 80 % range of a peak counts as narrow: one planning period and a half."""
_NEARLY_NEVER = 0.005


def forecast_section(
    forecast: ForecastContent,
    content: ReportContent,
    figures: Path,
    language: Language = "ja",
    suffix: str = "",
) -> str:
    """The section as HTML, all of its text escaped, with the figures already in `figures` embedded.

    Parameters
    ----------
    forecast : ForecastContent
    content : ReportContent
        The run of the same service.
    figures : Path
        Folder with the files of `draw_forecast_figures`; a figure that is not there is left out.
    language : str
    suffix : str
        What the names of the figures end with.

    Returns
    -------
    str
        One ``<section>``; its heading has the id ``forecast``.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("zaitaku_demand.report", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("forecast.html.j2").render(
        **_values(forecast, content, figures, language, suffix)
    )


def peak_sentences(forecast: ForecastContent, place: Place) -> list[Text]:
    """When the peak is, how sure that is, and what its being the last year would mean."""
    row, last = peak_of(forecast, place), forecast.years[-1]
    if row is None:
        return []
    found = [both(words.PEAK_IS, place=place.text(), peak=peak_words(row, last))]
    if row["censored"] > _NEARLY_NEVER:
        found.append(words.PEAK_CENSORED.format(last=last, share=per_cent(float(row["censored"]))))
    return found


def sharp_sentences(forecast: ForecastContent) -> list[Text]:
    """In how many areas the peak is known to within a few years; nothing without areas."""
    areas = forecast.peaks
    areas = areas[areas["level"] == "area"].dropna(subset=["lower_80", "upper_80"]) if len(areas) else areas
    if not len(areas):
        return []
    # A range that reaches the last year has no known end.
    narrow = (areas["upper_80"] - areas["lower_80"] <= SHARP) & (areas["upper_80"] < forecast.years[-1])
    return [words.PEAK_SHARP.format(n=len(areas), count=int(narrow.sum()))]


def _values(
    forecast: ForecastContent, content: ReportContent, figures: Path, language: Language, suffix: str
) -> dict[str, Any]:
    listed = Text(
        "、".join(name.ja for name in forecast.sources.values()),
        "; ".join(name.en for name in forecast.sources.values()),
    )
    population = population_table(forecast, language)
    tables = backtest_tables(forecast, language)
    return {
        "word": labels.in_language(words, language),
        "meaning": both(words.BAND_MEANING, listed=listed).to(language),
        "runs": words.BAND_RUNS.format(runs=f"{forecast.runs:,}", seed=forecast.seed).to(language),
        "places": [_place(forecast, place, figures, language, suffix) for place in drawn_places(forecast)],
        "sharp": [text.to(language) for text in sharp_sentences(forecast)],
        "stripes": stripes_words(forecast).to(language) if len(forecast.peak_years) else "",
        "area_level": [text.to(language) for text in area_level_sentences(forecast, content)],
        "area_tables": [
            table
            for place in detailed_places(forecast)
            if (table := area_table(forecast, place, language)) is not None
        ],
        "class_tables": [
            table
            for place, rows in drawn_strips(forecast)
            if (table := class_table(forecast, place, rows, language)) is not None
        ],
        "splits": [text.to(language) for text in split_sentences(forecast)],
        "strips": [
            _figure(figures, f"peaks_{place.code}", words.ALT_STRIP, place, language, suffix)
            for place, _ in drawn_strips(forecast)
        ],
        "area_fans": [
            _figure(figures, f"areas_{place.code}", words.ALT_AREAS, place, language, suffix)
            for place in detailed_places(forecast)
        ],
        "scenario_areas": [
            _figure(
                figures, f"scenario_areas_{place.code}", words.ALT_SCENARIO_AREAS, place, language, suffix
            )
            for place in detailed_places(forecast)
        ],
        "has_sources": len(forecast.shares) > 0,
        "has_scenarios": len(forecast.scenarios) > 0,
        "has_changes": len(forecast.changes) > 0,
        "method": forecast.method.to(language),
        "backtest": {
            "image": embedded(figures / f"forecast_backtest{suffix}.svg"),
            "alt": words.ALT_BACKTEST.to(language),
        },
        "backtest_tables": [*tables, *([] if population is None else [population])],
        "official": official_table(forecast, language),
        "official_note": _official_note(forecast, language),
        "official_summary": [text.to(language) for text in forecast.official_summary],
        "notes": [text.to(language) for text in forecast.notes],
    }


def _place(
    forecast: ForecastContent, place: Place, figures: Path, language: Language, suffix: str
) -> dict[str, Any]:
    def shown(kind: str, alt: Text) -> dict[str, str]:
        return _figure(figures, f"{kind}_{place.code}", alt, place, language, suffix)

    return {
        "fan": shown("fan", words.ALT_FAN),
        "intervals": interval_table(forecast, place, language),
        "peak": [text.to(language) for text in peak_sentences(forecast, place)],
        "sources": shown("sources", words.ALT_SOURCES),
        "sources_sentence": sources_sentence(forecast, place, language),
        "scenarios": shown("scenarios", words.ALT_SCENARIOS),
        "scenario_sentence": scenario_sentence(forecast, place, language),
        "scenario_table": scenario_table(forecast, place, language),
        "split_table": split_table(forecast, place, language),
        "changes": shown("changes", words.ALT_CHANGE),
        "why": _why(forecast, place, language),
    }


def _why(forecast: ForecastContent, place: Place, language: Language) -> str:
    rows, sentence = change_rows(forecast, place), forecast.change_sentences.get(place.code)
    if rows.empty or sentence is None:
        return ""
    return both(words.WHY, place=place.text(), sentence=sentence).to(language)


def _official_note(forecast: ForecastContent, language: Language) -> str:
    if not len(forecast.official):
        return ""
    first = forecast.official.iloc[0]
    years = {name: int(first[name]) for name in ("from_year", "to_year")}
    return words.OFFICIAL_NOTE.format(**years).to(language)


def _figure(
    figures: Path, kind: str, alt: Text, place: Place, language: Language, suffix: str
) -> dict[str, str]:
    return {
        "image": embedded(figures / f"forecast_{kind}{suffix}.svg"),
        "alt": both(alt, place=place.text()).to(language),
    }

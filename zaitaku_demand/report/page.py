"""One self-contained HTML page: opens from disk, asks nothing of the network, reads without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zaitaku_demand.report import forecast_labels, labels, labels_page
from zaitaku_demand.report import labels_workbook as words
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_view import place_label
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figures import suffix_of
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_page import forecast_section
from zaitaku_demand.report.forecast_tables import FORECAST_TITLES
from zaitaku_demand.report.headline import headlines
from zaitaku_demand.report.page_parts import embedded, shared_values, write_html
from zaitaku_demand.report.page_summary import summary_table
from zaitaku_demand.report.page_tables import (
    area_list,
    band_table,
    care_table,
    class_table,
    comparison_table,
    need_table,
)
from zaitaku_demand.report.tables import TABLE_TITLES
from zaitaku_demand.report.view import basis, counted_by_institution
from zaitaku_demand.text import Language


def write_page(
    content: ReportContent,
    folder: Path,
    language: Language = "ja",
    languages: tuple[Language, ...] = ("ja",),
    benchmark: BenchmarkContent | None = None,
    forecast: ForecastContent | None = None,
) -> Path:
    """Write ``index.html`` (``index_en.html`` for a further language) from the figures already in `folder`.

    Parameters
    ----------
    content : ReportContent
    folder : Path
        Folder of the report, with ``figures``.
    language : str
    languages : tuple of str
        All languages of the report; the first has the plain file names.
    benchmark : BenchmarkContent, optional
        The comparison of the common indicators that is written beside the report; the page sums it up and links to it.
    forecast : ForecastContent, optional
        How sure the figures of the main service are: a section of its own.

    Returns
    -------
    Path
    """
    from markupsafe import Markup

    suffix = suffix_of(language, languages)
    style, summary = summary_table(content, language)
    values = {
        **_values(content, folder / "figures", language, suffix, benchmark, forecast),
        "forecast": Markup(forecast_section(forecast, content, folder / "figures", language, suffix))
        if forecast is not None
        else "",
        "summary": Markup(summary),
        "summary_style": Markup(style),
        "files": _files(suffix, language, benchmark is not None, forecast is not None),
    }
    return write_html(folder, "index", "page.html.j2", values, language, languages)


def _values(
    content: ReportContent,
    figures: Path,
    language: Language,
    suffix: str,
    benchmark: BenchmarkContent | None,
    forecast: ForecastContent | None,
) -> dict[str, Any]:
    page = labels.in_language(labels_page, language)
    bands, comparison = band_table(content, language), comparison_table(content, language)
    care, need = care_table(content, language), need_table(content, language)
    sections = [
        ("outlook", page.H_OUTLOOK, True),
        ("map", page.H_MAP, True),
        ("forecast", forecast_labels.H_FORECAST.to(language), forecast is not None),
        ("sums", page.H_SUMS, True),
        ("areas", page.H_AREAS, True),
        ("prefectures", page.H_PREFECTURES, True),
        ("reading", page.H_READING, True),
        ("comparison", page.H_COMPARISON, comparison is not None),
        ("care", page.H_CARE, care is not None or need is not None),
        ("benchmark", page.H_BENCHMARK, benchmark is not None),
        ("notes", page.H_NOTES, True),
        ("conditions", page.H_CONDITIONS, True),
        ("issues", page.H_ISSUES, bool(content.issues)),
        ("sources", page.H_SOURCES, True),
    ]
    notes = [*words.about(counted_by_institution(content)), *content.notes]
    return {
        **shared_values(content, notes, language),
        "headlines": [text.to(language) for text in headlines(content, forecast)],
        "basis": basis(content).to(language),
        "sections": [(id, heading) for id, heading, present in sections if present],
        "label": labels.in_language(labels, language),
        "figures": {
            "national": embedded(figures / f"national_by_age{suffix}.svg"),
            "map": embedded(figures / f"map_peak_class{suffix}.svg"),
            "prefectures": embedded(figures / f"prefectures{suffix}.svg"),
        },
        "classes": class_table(content, language),
        "areas": area_list(content, language),
        "area_legend": words.AREA_LEGEND.to(language),
        "prefectures": _prefectures(content, figures, language, suffix),
        "explanation": [text.to(language) for text in content.explanation],
        "bands": bands,
        "comparison": comparison,
        "care": care,
        "need": need,
        "benchmark": None if benchmark is None else _benchmark(benchmark, language, suffix),
    }


def _prefectures(
    content: ReportContent, figures: Path, language: Language, suffix: str
) -> list[dict[str, str]]:
    places = content.projection.drop_duplicates("prefecture_code").sort_values("prefecture_code")
    parts = []
    for row in places.itertuples():
        code = str(row.prefecture_code)
        name = labels.prefecture_label(code, str(row.prefecture_name), language)
        image = embedded(figures / f"areas_{code}{suffix}.svg")
        alt = labels_page.ALT_AREAS.to(language).replace("{name}", name)
        parts.append({"code": code, "name": name, "image": image, "alt": alt})
    return parts


def _benchmark(benchmark: BenchmarkContent, language: Language, suffix: str) -> dict[str, Any]:
    return {
        "file": f"benchmark{suffix}.html",
        "places": [
            (
                place_label(code, name, language),
                [sentence.to(language) for sentence in benchmark.summary.get(code, [])],
            )
            for code, name in benchmark.focus
        ],
    }


def _files(
    suffix: str, language: Language, with_benchmark: bool, with_forecast: bool
) -> list[tuple[str, str]]:
    titles = {**TABLE_TITLES, **(FORECAST_TITLES if with_forecast else {})}
    tables = [(f"tables/{name}.csv", f"{title.to(language)} (CSV)") for name, title in titles.items()]
    files = [(f"workbook{suffix}.xlsx", labels_page.WORKBOOK.to(language)), *tables]
    if with_benchmark:
        heading = labels_page.H_BENCHMARK.to(language)
        files += [
            (f"benchmark{suffix}.html", f"{heading} (HTML)"),
            (f"benchmark{suffix}.xlsx", f"{heading} (Excel)"),
            ("tables/benchmark.csv", f"{heading} (CSV)"),
        ]
    return files

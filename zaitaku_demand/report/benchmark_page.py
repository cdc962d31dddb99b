"""One self-contained HTML page of a benchmark: opens from disk, asks nothing of the network, needs no JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zaitaku_demand.benchmark.request import REQUEST_NAMES
from zaitaku_demand.report import benchmark_labels_book as terms
from zaitaku_demand.report import labels, labels_page
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_page_tables import (
    consistency_table,
    glance_table,
    no_data_table,
    pdca_table,
    peer_table,
    profile_table,
    score_table,
)
from zaitaku_demand.report.benchmark_view import (
    edition_of,
    figure_indicators,
    indicator,
    name_of,
    place_text,
    places_count,
    sources_line,
    titled,
)
from zaitaku_demand.report.figures import suffix_of
from zaitaku_demand.report.page_parts import embedded, shared_values, write_html
from zaitaku_demand.text import Language, Text


def write_benchmark_page(
    content: BenchmarkContent,
    folder: Path,
    language: Language = "ja",
    languages: tuple[Language, ...] = ("ja",),
) -> Path:
    """Write ``benchmark.html`` (``benchmark_en.html`` for a further language) from the figures in `folder`.

    Parameters
    ----------
    content : BenchmarkContent
    folder : Path
        Folder of the report, with ``figures``.
    language : str
    languages : tuple of str
        All languages of the report; the first has the plain file names.

    Returns
    -------
    Path
    """
    suffix = suffix_of(language, languages)
    values = {
        **_values(content, folder / "figures", language, suffix),
        "files": [
            (f"benchmark{suffix}.xlsx", labels_page.WORKBOOK.to(language)),
            ("tables/benchmark.csv", terms.TABLE_CSV.to(language)),
            ("tables/benchmark.parquet", terms.TABLE_PARQUET.to(language)),
        ],
    }
    return write_html(folder, "benchmark", "benchmark.html.j2", values, language, languages)


def _values(content: BenchmarkContent, figures: Path, language: Language, suffix: str) -> dict[str, Any]:
    scores, pdca = score_table(content, language), pdca_table(content, language)
    peers, consistency = peer_table(content, language), consistency_table(content, language)
    missing = no_data_table(content, language)
    shown = _indicators(content, figures, language, suffix)
    page = labels.in_language(labels_page, language)
    word = labels.in_language(terms, language)
    sections = [
        ("summary", word.H_SUMMARY, True),
        ("scores", word.H_SCORES, scores is not None),
        ("places", word.H_PLACES, True),
        ("indicators", word.H_INDICATORS, bool(shown)),
        ("pdca", word.H_PDCA, pdca is not None),
        ("peers", word.H_PEERS, peers is not None),
        ("consistency", word.H_CONSISTENCY, consistency is not None),
        ("no-data", word.H_NO_DATA, missing is not None),
        ("reading", word.H_READING, True),
        ("notes", page.H_NOTES, True),
        ("conditions", word.H_CONDITIONS, True),
        ("issues", page.H_ISSUES, bool(content.issues)),
        ("sources", page.H_SOURCES, True),
    ]
    compared = content.benchmark.loc[content.benchmark["level"] == content.level, "area_code"].nunique()
    return {
        **shared_values(content, content.notes, language),
        "about": titled(terms.ABOUT, places=places_count(content, compared)).to(language),
        "basis": _basis(content, language),
        "sections": [(id, heading) for id, heading, present in sections if present],
        "word": word,
        "glance": glance_table(content, language),
        "focus": _focus(content, language),
        "common": [text.to(language) for text in _common(content)],
        "places": [_place(content, code, name, figures, language, suffix) for code, name in content.focus],
        "scores": scores,
        "score_image": embedded(figures / f"benchmark_functions{suffix}.svg"),
        "indicators": shown,
        "pdca": pdca,
        "peers": peers,
        "consistency": consistency,
        "no_data": missing,
        "reading": [(head.to(language), text.to(language)) for head, text in terms.READING],
    }


def _focus(content: BenchmarkContent, language: Language) -> str:
    """The places of the report as the conditions name them, with their type."""
    named = [
        value.to(language) for label, value in content.parameters if label == REQUEST_NAMES["prefecture"]
    ]
    colon = "：" if language == "ja" else ": "
    return REQUEST_NAMES["prefecture"].to(language) + colon + named[0] if named else ""


def _common(content: BenchmarkContent) -> list[Text]:
    """Sentences that stand in the summary of every place; with one place none."""
    every = [content.summary.get(code, []) for code, _ in content.focus]
    if len(every) < 2:
        return []
    return [text for text in every[0] if all(text in other for other in every[1:])]


def _basis(content: BenchmarkContent, language: Language) -> str:
    edition = edition_of(content)
    parts = [content.year_note.to(language), *([edition.to(language)] if edition else [])]
    return ("　" if language == "ja" else " ").join([*parts, sources_line(content, language)])


def _place(
    content: BenchmarkContent, code: str, name: str, figures: Path, language: Language, suffix: str
) -> dict[str, Any]:
    place = place_text(code, name)
    return {
        "name": place.to(language),
        "points": titled(terms.POINTS_OF, place=place).to(language),
        "summary": [
            text.to(language) for text in content.summary.get(code, []) if text not in _common(content)
        ],
        "profile": embedded(figures / f"benchmark_profile_{code}{suffix}.svg"),
        "alt_profile": titled(terms.ALT_PROFILE, place=place).to(language),
        "series": embedded(figures / f"benchmark_series_{code}{suffix}.svg"),
        "alt_series": titled(terms.ALT_SERIES, place=place).to(language),
        "table": profile_table(content, code, name, language),
    }


def _indicators(
    content: BenchmarkContent, figures: Path, language: Language, suffix: str
) -> list[dict[str, Any]]:
    kinds = (("funnel", terms.ALT_FUNNEL), ("caterpillar", terms.ALT_CATERPILLAR), ("map", terms.ALT_MAP))
    shown = []
    for id in figure_indicators(content):
        name = name_of(indicator(content, id))
        images = [
            (embedded(figures / f"benchmark_{kind}_{id}{suffix}.svg"), titled(alt, name=name).to(language))
            for kind, alt in kinds
        ]
        shown.append({"name": name.to(language), "figures": [entry for entry in images if entry[0]]})
    return shown

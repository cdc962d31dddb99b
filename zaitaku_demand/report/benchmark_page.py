"""One self-contained HTML page of a benchmark: opens from disk, asks nothing of the network, needs no JavaScript."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from zaitaku_demand.benchmark.request import REQUEST_NAMES
from zaitaku_demand.report import benchmark_labels_book as terms
from zaitaku_demand.report import labels, labels_page
from zaitaku_demand.report import labels_workbook as book_words
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
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    loader = PackageLoader("zaitaku_demand.report", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    suffix = suffix_of(language, languages)
    css, _, _ = loader.get_source(environment, "page.css")
    html = environment.get_template("benchmark.html.j2").render(
        **_values(content, folder / "figures", language, suffix),
        css=Markup(css),
        files=[
            (f"benchmark{suffix}.xlsx", labels_page.WORKBOOK.to(language)),
            ("tables/benchmark.csv", terms.TABLE_CSV.to(language)),
            ("tables/benchmark.parquet", terms.TABLE_PARQUET.to(language)),
        ],
        others=[
            {"file": f"benchmark{suffix_of(other, languages)}.html", "language": other}
            for other in languages
            if other != language
        ],
    )
    path = folder / f"benchmark{suffix}.html"
    path.write_text(html, "utf-8", newline="\n")
    return path


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
    colon = "：" if language == "ja" else ": "
    versions = ", ".join(f"{name} {version}" for name, version in content.generated_with.items())
    return {
        "language": language,
        "title": content.title.to(language),
        "about": titled(terms.ABOUT, places=places_count(content, compared)).to(language),
        "basis": _basis(content, language),
        "sections": [(id, heading) for id, heading, present in sections if present],
        "page": page,
        "word": word,
        "book": labels.in_language(book_words, language),
        "colon": colon,
        "glance": glance_table(content, language),
        "focus": _focus(content, language),
        "common": [text.to(language) for text in _common(content)],
        "places": [_place(content, code, name, figures, language, suffix) for code, name in content.focus],
        "scores": scores,
        "score_image": _embedded(figures / f"benchmark_functions{suffix}.svg"),
        "indicators": shown,
        "pdca": pdca,
        "peers": peers,
        "consistency": consistency,
        "no_data": missing,
        "reading": [(head.to(language), text.to(language)) for head, text in terms.READING],
        "notes": [note.to(language) for note in dict.fromkeys(content.notes)],
        "parameters": [(label.to(language), value.to(language)) for label, value in content.parameters],
        "issues": [
            {
                "id": issue.id,
                "title": issue.title.to(language),
                "evidence": issue.evidence.to(language),
                "action": issue.action.to(language),
            }
            for issue in content.issues
        ],
        "sources": [
            {
                "publisher": source.publisher,
                "title": source.title,
                "edition": source.edition,
                "licence": source.licence,
                "url": source.url,
                "link": source.url.startswith(("https://", "http://")),
            }
            for source in content.sources
        ],
        "software": book_words.SOFTWARE.to(language) + colon + versions if versions else "",
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
        "profile": _embedded(figures / f"benchmark_profile_{code}{suffix}.svg"),
        "alt_profile": titled(terms.ALT_PROFILE, place=place).to(language),
        "series": _embedded(figures / f"benchmark_series_{code}{suffix}.svg"),
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
            (_embedded(figures / f"benchmark_{kind}_{id}{suffix}.svg"), titled(alt, name=name).to(language))
            for kind, alt in kinds
        ]
        shown.append({"name": name.to(language), "figures": [entry for entry in images if entry[0]]})
    return shown


def _embedded(path: Path) -> str:
    """A figure as an address that holds all of it; empty where there is none."""
    if not path.is_file():
        return ""
    return f"data:image/svg+xml;base64,{base64.b64encode(path.read_bytes()).decode()}"

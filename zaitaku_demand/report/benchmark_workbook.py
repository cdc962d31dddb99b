"""The benchmark workbook: cover, contents, how to read, one sheet a function, all places, plan, scores, sources."""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.report import benchmark_labels_book as terms
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_view import edition_of, place_text, places_count, sources_line, titled
from zaitaku_demand.report.benchmark_workbook_places import consistency, pdca, peers, scores
from zaitaku_demand.report.benchmark_workbook_tables import all_places, function_sheets, no_data
from zaitaku_demand.report.sheets import Book
from zaitaku_demand.report.workbook_common import (
    BookParts,
    TextSheet,
    note_lines,
    request_lines,
    write_sheets,
)
from zaitaku_demand.text import Language

# Three digits or so, whatever the size: hundreds without decimals, tens with one, the rest with two.
ADAPTIVE = "[>=100]#,##0;[>=10]0.0;0.00"


class _BenchmarkBook(Book):
    """A book whose decimals follow the size of the figure: rates of very different sizes share a column."""

    def __init__(self, path: Path, language: Language, title: str) -> None:
        super().__init__(path, language, title)
        style = {**self._font, "border": 1, "border_color": "#BFBFBF", "valign": "vcenter"}
        self._cells["decimal"] = self._book.add_format({**style, "num_format": ADAPTIVE})


def write_benchmark_workbook(content: BenchmarkContent, path: Path, language: Language = "ja") -> Path:
    """Write the workbook in one language.

    Parameters
    ----------
    content : BenchmarkContent
    path : Path
    language : str

    Returns
    -------
    Path
        `path`.
    """
    edition = edition_of(content)
    parts = BookParts(
        cover=_cover(content, language),
        reading=TextSheet(
            terms.READING_SHEET,
            terms.H_READING,
            [(head.to(language), text.to(language)) for head, text in terms.READING],
        ),
        tables=[
            *function_sheets(content, language),
            all_places(content, language),
            pdca(content, language),
            scores(content, language),
            peers(content, language),
            consistency(content, language),
            no_data(content, language),
        ],
        basis=[
            content.year_note.to(language).rstrip("。."),
            *([edition.to(language)] if edition else []),
            terms.STATE_BY_ROW.to(language),
        ],
        source=sources_line(content, language),
        notes=note_lines(content.notes, language),
        issue_scope=False,
    )
    write_sheets(_BenchmarkBook(path, language, content.title.to(language)), content, parts, language)
    return path


def _cover(content: BenchmarkContent, language: Language) -> list[tuple[str, str]]:
    figures = content.benchmark
    count = figures.loc[figures["level"] == content.level, "area_code"].nunique()
    about = titled(terms.ABOUT, places=places_count(content, count))
    lines = [("", text.to(language)) for text in (about, content.year_note, terms.ABOUT_USE)]
    lines += [("", "")]
    for code, name in content.focus:
        heading = titled(terms.POINTS_OF, place=place_text(code, name)).to(language)
        for place, text in enumerate(content.summary.get(code, [])):
            lines.append((heading if place == 0 else "", text.to(language)))
    return [*lines, *request_lines(content, terms.H_CONDITIONS, language)]

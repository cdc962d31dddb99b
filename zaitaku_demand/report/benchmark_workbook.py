"""The benchmark workbook: cover, contents, how to read, one sheet a function, all places, plan, scores, sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zaitaku_demand.report import benchmark_labels_book as terms
from zaitaku_demand.report import labels
from zaitaku_demand.report import labels_workbook as book_words
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_view import edition_of, place_text, places_count, sources_line, titled
from zaitaku_demand.report.benchmark_workbook_places import consistency, pdca, peers, scores
from zaitaku_demand.report.benchmark_workbook_tables import all_places, function_sheets, no_data
from zaitaku_demand.report.sheet_table import SheetTable
from zaitaku_demand.report.sheets import Book, Column
from zaitaku_demand.text import Language

NARROW = (26.0, 100.0)
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
    book = _BenchmarkBook(path, language, content.title.to(language))
    _, cover = book.sheet(book_words.COVER.to(language))
    contents_name, contents = book.sheet(book_words.CONTENTS.to(language))
    listed = [(_reading(book, language), terms.H_READING.to(language))]
    tables = [
        *function_sheets(content, language),
        all_places(content, language),
        pdca(content, language),
        scores(content, language),
        peers(content, language),
        consistency(content, language),
        no_data(content, language),
    ]
    for table in tables:
        name, sheet = book.sheet(table.name)
        listed.append((name, table.title))
        _table(book, sheet, contents_name, table, content, language)
    listed.append((_notes(book, content, language), book_words.NOTES_TITLE.to(language)))
    listed.append((_issues(book, contents_name, content, language), book_words.ISSUES_TITLE.to(language)))
    listed.append((_sources(book, contents_name, content, language), book_words.SOURCES_TITLE.to(language)))
    _cover(book, cover, content, language)
    book.title(contents, 0, book_words.CONTENTS.to(language))
    contents.set_column(0, 0, 36)
    contents.set_column(1, 1, 90)
    for row, (name, title) in enumerate(listed, start=2):
        book.link(contents, row, 0, name, name)
        book.plain(contents, row, 1, title)
    book.close()
    return path


def _table(
    book: Book, sheet: Any, contents: str, table: SheetTable, content: BenchmarkContent, language: Language
) -> None:
    colon = "：" if language == "ja" else ": "
    gap = "　" if language == "ja" else ". "
    edition = edition_of(content)
    first = [
        labels.UNIT.to(language) + colon + table.unit,
        content.year_note.to(language).rstrip("。."),
        *([edition.to(language)] if edition else []),
        terms.STATE_BY_ROW.to(language),
    ]
    remarks = [
        gap.join(first),
        labels.LEGEND.to(language) + colon + table.legend,
        sources_line(content, language),
        *([] if table.rows else [book_words.EMPTY.to(language)]),
    ]
    book.table(sheet, contents, table.title, remarks, table.columns, table.rows, table.frozen)


def _reading(book: Book, language: Language) -> str:
    name, sheet = book.sheet(terms.READING_SHEET.to(language))
    book.title(sheet, 0, terms.H_READING.to(language))
    lines = [(head.to(language), text.to(language)) for head, text in terms.READING]
    book.lines(sheet, 2, lines, NARROW)
    return name


def _cover(book: Book, sheet: Any, content: BenchmarkContent, language: Language) -> None:
    book.title(sheet, 0, content.title.to(language))
    figures = content.benchmark
    count = figures.loc[figures["level"] == content.level, "area_code"].nunique()
    about = titled(terms.ABOUT, places=places_count(content, count))
    lines = [("", text.to(language)) for text in (about, content.year_note, terms.ABOUT_USE)]
    lines += [("", "")]
    for code, name in content.focus:
        heading = titled(terms.POINTS_OF, place=place_text(code, name)).to(language)
        for place, text in enumerate(content.summary.get(code, [])):
            lines.append((heading if place == 0 else "", text.to(language)))
    lines += [("", ""), (terms.H_CONDITIONS.to(language), "")]
    lines += [(label.to(language), value.to(language)) for label, value in content.parameters]
    if content.generated_with:
        used = ", ".join(f"{name} {version}" for name, version in content.generated_with.items())
        lines += [("", ""), (book_words.SOFTWARE.to(language), used)]
    book.lines(sheet, 2, lines, NARROW)


def _notes(book: Book, content: BenchmarkContent, language: Language) -> str:
    name, sheet = book.sheet(book_words.NOTES.to(language))
    book.title(sheet, 0, book_words.NOTES_TITLE.to(language))
    lines = [
        (f"{book_words.NOTE.to(language)} {place}", text.to(language))
        for place, text in enumerate(content.notes, start=1)
    ]
    book.lines(sheet, 2, lines, NARROW)
    return name


def _issues(book: Book, contents: str, content: BenchmarkContent, language: Language) -> str:
    name, sheet = book.sheet(book_words.ISSUES.to(language))
    columns = [
        Column(book_words.ISSUE_ID.to(language), "long", 22),
        Column(book_words.ISSUE_TITLE.to(language), "long", 28),
        Column(book_words.ISSUE_EVIDENCE.to(language), "long", 60),
        Column(book_words.ISSUE_ACTION.to(language), "long", 60),
    ]
    rows = [
        (issue.id, issue.title.to(language), issue.evidence.to(language), issue.action.to(language))
        for issue in content.issues
    ]
    remarks = [] if rows else [book_words.EMPTY.to(language)]
    book.table(sheet, contents, book_words.ISSUES_TITLE.to(language), remarks, columns, rows, 1)
    return name


def _sources(book: Book, contents: str, content: BenchmarkContent, language: Language) -> str:
    name, sheet = book.sheet(book_words.SOURCES.to(language))
    columns = [
        Column(book_words.PUBLISHER.to(language), "long", 22),
        Column(book_words.SOURCE_TITLE.to(language), "long", 44),
        Column(book_words.EDITION.to(language), "long", 18),
        Column(book_words.ADDRESS.to(language), "long", 40),
        Column(book_words.LICENCE.to(language), "long", 26),
        Column(book_words.CHECKSUM.to(language), "long", 34),
    ]
    rows = [(s.publisher, s.title, s.edition, s.url, s.licence, s.sha256) for s in content.sources]
    book.table(sheet, contents, book_words.SOURCES_TITLE.to(language), [], columns, rows, 1)
    return name

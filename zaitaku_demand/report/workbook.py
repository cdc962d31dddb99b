"""The workbook: cover, contents, notes, sources and one table a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zaitaku_demand.report import labels
from zaitaku_demand.report import labels_workbook as words
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.headline import headlines
from zaitaku_demand.report.sheet_table import SheetTable
from zaitaku_demand.report.sheets import Book, Column
from zaitaku_demand.report.view import basis, counted_by_institution, source_line
from zaitaku_demand.report.workbook_tables import sheet_tables
from zaitaku_demand.text import Language

NARROW = (26.0, 100.0)


def write_workbook(content: ReportContent, path: Path, language: Language = "ja") -> Path:
    """Write the workbook in one language.

    Parameters
    ----------
    content : ReportContent
    path : Path
    language : str

    Returns
    -------
    Path
        `path`.
    """
    book = Book(path, language, content.title.to(language))
    _, cover = book.sheet(words.COVER.to(language))
    contents_name, contents = book.sheet(words.CONTENTS.to(language))
    listed: list[tuple[str, str]] = []
    for table in sheet_tables(content, language):
        name, sheet = book.sheet(table.name)
        listed.append((name, table.title))
        _table(book, sheet, contents_name, table, content, language)
    listed.append((_notes(book, content, language), words.NOTES_TITLE.to(language)))
    listed.append((_issues(book, contents_name, content, language), words.ISSUES_TITLE.to(language)))
    listed.append((_sources(book, contents_name, content, language), words.SOURCES_TITLE.to(language)))
    _cover(book, cover, content, language)
    book.title(contents, 0, words.CONTENTS.to(language))
    contents.set_column(0, 0, 36)
    contents.set_column(1, 1, 90)
    for row, (name, title) in enumerate(listed, start=2):
        book.link(contents, row, 0, name, name)
        book.plain(contents, row, 1, title)
    book.close()
    return path


def _table(
    book: Book, sheet: Any, contents: str, table: SheetTable, content: ReportContent, language: Language
) -> None:
    colon = "：" if language == "ja" else ": "
    gap = "　" if language == "ja" else ". "
    first = gap.join(
        [
            labels.UNIT.to(language) + colon + table.unit,
            labels.ESTIMATED_ALL.to(language),
            basis(content).to(language),
        ]
    )
    remarks = [first, labels.LEGEND.to(language) + colon + table.legend, source_line(content, language, 8)]
    book.table(sheet, contents, table.title, remarks, table.columns, table.rows, table.frozen)


def _cover(book: Book, sheet: Any, content: ReportContent, language: Language) -> None:
    book.title(sheet, 0, content.title.to(language))
    about = [words.ABOUT, *words.about(counted_by_institution(content)), words.ABOUT_USE]
    lines = [("", text.to(language)) for text in about]
    lines += [("", "")]
    lines += [
        (words.POINTS.to(language) if place == 0 else "", text.to(language))
        for place, text in enumerate(headlines(content))
    ]
    lines += [("", ""), (words.CONDITIONS.to(language), "")]
    lines += [(label.to(language), value.to(language)) for label, value in content.parameters]
    if content.generated_with:
        used = ", ".join(f"{name} {version}" for name, version in content.generated_with.items())
        lines += [("", ""), (words.SOFTWARE.to(language), used)]
    book.lines(sheet, 2, lines, NARROW)


def _notes(book: Book, content: ReportContent, language: Language) -> str:
    name, sheet = book.sheet(words.NOTES.to(language))
    book.title(sheet, 0, words.NOTES_TITLE.to(language))
    general = words.about(counted_by_institution(content))
    notes = [*general, *(note for note in content.notes if note not in general)]
    lines = [
        (words.HOW_TO_READ.to(language) if place == 0 else "", text.to(language))
        for place, text in enumerate(content.explanation)
    ]
    lines += [("", "")]
    lines += [
        (f"{words.NOTE.to(language)} {place}", text.to(language)) for place, text in enumerate(notes, start=1)
    ]
    book.lines(sheet, 2, lines, NARROW)
    return name


def _issues(book: Book, contents: str, content: ReportContent, language: Language) -> str:
    name, sheet = book.sheet(words.ISSUES.to(language))
    columns = [
        Column(words.ISSUE_ID.to(language), "long", 22),
        Column(words.ISSUE_TITLE.to(language), "long", 28),
        Column(words.ISSUE_SCOPE.to(language), "long", 20),
        Column(words.ISSUE_EVIDENCE.to(language), "long", 50),
        Column(words.ISSUE_ACTION.to(language), "long", 50),
    ]
    rows = [
        (
            issue.id,
            issue.title.to(language),
            "\n".join(issue.scope),
            issue.evidence.to(language),
            issue.action.to(language),
        )
        for issue in content.issues
    ]
    remarks = [] if rows else [words.EMPTY.to(language)]
    book.table(sheet, contents, words.ISSUES_TITLE.to(language), remarks, columns, rows, 1)
    return name


def _sources(book: Book, contents: str, content: ReportContent, language: Language) -> str:
    name, sheet = book.sheet(words.SOURCES.to(language))
    columns = [
        Column(words.PUBLISHER.to(language), "long", 22),
        Column(words.SOURCE_TITLE.to(language), "long", 44),
        Column(words.EDITION.to(language), "long", 18),
        Column(words.ADDRESS.to(language), "long", 40),
        Column(words.LICENCE.to(language), "long", 26),
        Column(words.CHECKSUM.to(language), "long", 34),
    ]
    rows = [(s.publisher, s.title, s.edition, s.url, s.licence, s.sha256) for s in content.sources]
    book.table(sheet, contents, words.SOURCES_TITLE.to(language), [], columns, rows, 1)
    return name

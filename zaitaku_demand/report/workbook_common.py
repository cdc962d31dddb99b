"""What both workbooks share: the order of their sheets, the remarks above a table, contents, issues and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zaitaku_demand.report import labels
from zaitaku_demand.report import labels_workbook as words
from zaitaku_demand.report.content import SharedContent
from zaitaku_demand.report.sheet_table import SheetTable
from zaitaku_demand.report.sheets import Book, Column
from zaitaku_demand.text import Language, Text

Lines = Sequence[tuple[str, str]]
NARROW = (26.0, 100.0)


@dataclass(frozen=True)
class TextSheet:
    """A sheet of two columns of text."""

    name: Text
    title: Text
    lines: Lines


@dataclass(frozen=True)
class BookParts:
    """What differs between the workbooks.

    Attributes
    ----------
    cover : lines
        Below the title of the cover.
    reading : TextSheet or None
        How to read the workbook, before the tables.
    tables : sequence of SheetTable
    basis : sequence of str
        What stands beside the unit above every table.
    source : str
        The line of sources above every table.
    notes : lines
    issue_scope : bool
        Whether the issues say which tables they are about.
    """

    cover: Lines
    reading: TextSheet | None
    tables: Sequence[SheetTable]
    basis: Sequence[str]
    source: str
    notes: Lines
    issue_scope: bool


def write_sheets(book: Book, content: SharedContent, parts: BookParts, language: Language) -> None:
    """Write all sheets and close the book: cover, contents, how to read, tables, notes, issues, sources."""
    _, cover = book.sheet(words.COVER.to(language))
    contents_name, contents = book.sheet(words.CONTENTS.to(language))
    listed = [] if parts.reading is None else [_text_sheet(book, parts.reading, language)]
    for table in parts.tables:
        name, sheet = book.sheet(table.name)
        listed.append((name, table.title))
        remarks = _remarks(table, parts, language)
        book.table(sheet, contents_name, table.title, remarks, table.columns, table.rows, table.frozen)
    notes = TextSheet(words.NOTES, words.NOTES_TITLE, parts.notes)
    listed.append(_text_sheet(book, notes, language))
    listed.append(_issues(book, contents_name, content, parts.issue_scope, language))
    listed.append(_sources(book, contents_name, content, language))
    book.title(cover, 0, content.title.to(language))
    book.lines(cover, 2, parts.cover, NARROW)
    _contents(book, contents, listed, language)
    book.close()


def request_lines(content: SharedContent, heading: Text, language: Language) -> list[tuple[str, str]]:
    """Lines of the cover on what was asked for, under `heading`, and on the software."""
    lines = [("", ""), (heading.to(language), "")]
    lines += [(label.to(language), value.to(language)) for label, value in content.parameters]
    if content.generated_with:
        used = ", ".join(f"{name} {version}" for name, version in content.generated_with.items())
        lines += [("", ""), (words.SOFTWARE.to(language), used)]
    return lines


def note_lines(notes: Sequence[Text], language: Language) -> list[tuple[str, str]]:
    """Numbered notes."""
    note = words.NOTE.to(language)
    return [(f"{note} {place}", text.to(language)) for place, text in enumerate(notes, start=1)]


def _remarks(table: SheetTable, parts: BookParts, language: Language) -> list[str]:
    colon = "：" if language == "ja" else ": "
    gap = "　" if language == "ja" else ". "
    beside = parts.basis if table.basis is None else table.basis
    return [
        gap.join([labels.UNIT.to(language) + colon + table.unit, *beside]),
        labels.LEGEND.to(language) + colon + table.legend,
        parts.source,
        *([] if table.rows else [words.EMPTY.to(language)]),
    ]


def _text_sheet(book: Book, text: TextSheet, language: Language) -> tuple[str, str]:
    name, sheet = book.sheet(text.name.to(language))
    title = text.title.to(language)
    book.title(sheet, 0, title)
    book.lines(sheet, 2, text.lines, NARROW)
    return name, title


def _contents(book: Book, sheet: Any, listed: Lines, language: Language) -> None:
    book.title(sheet, 0, words.CONTENTS.to(language))
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 90)
    for row, (name, title) in enumerate(listed, start=2):
        book.link(sheet, row, 0, name, name)
        book.plain(sheet, row, 1, title)


def _issues(
    book: Book, contents: str, content: SharedContent, with_scope: bool, language: Language
) -> tuple[str, str]:
    name, sheet = book.sheet(words.ISSUES.to(language))
    title = words.ISSUES_TITLE.to(language)
    width = 50 if with_scope else 60
    scope = [Column(words.ISSUE_SCOPE.to(language), "long", 20)] if with_scope else []
    columns = [
        Column(words.ISSUE_ID.to(language), "long", 22),
        Column(words.ISSUE_TITLE.to(language), "long", 28),
        *scope,
        Column(words.ISSUE_EVIDENCE.to(language), "long", width),
        Column(words.ISSUE_ACTION.to(language), "long", width),
    ]
    rows = [
        (
            issue.id,
            issue.title.to(language),
            *(["\n".join(issue.scope)] if with_scope else []),
            issue.evidence.to(language),
            issue.action.to(language),
        )
        for issue in content.issues
    ]
    remarks = [] if rows else [words.EMPTY.to(language)]
    book.table(sheet, contents, title, remarks, columns, rows, 1)
    return name, title


def _sources(book: Book, contents: str, content: SharedContent, language: Language) -> tuple[str, str]:
    name, sheet = book.sheet(words.SOURCES.to(language))
    title = words.SOURCES_TITLE.to(language)
    columns = [
        Column(words.PUBLISHER.to(language), "long", 22),
        Column(words.SOURCE_TITLE.to(language), "long", 44),
        Column(words.EDITION.to(language), "long", 18),
        Column(words.ADDRESS.to(language), "long", 40),
        Column(words.LICENCE.to(language), "long", 26),
        Column(words.CHECKSUM.to(language), "long", 34),
    ]
    rows = [(s.publisher, s.title, s.edition, s.url, s.licence, s.sha256) for s in content.sources]
    book.table(sheet, contents, title, [], columns, rows, 1)
    return name, title

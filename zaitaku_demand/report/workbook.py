"""The workbook: cover, contents, notes, sources and one table a sheet."""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.report import labels
from zaitaku_demand.report import labels_workbook as words
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_workbook import forecast_sheets
from zaitaku_demand.report.headline import headlines
from zaitaku_demand.report.sheets import Book
from zaitaku_demand.report.view import basis, counted_by_institution, source_line
from zaitaku_demand.report.workbook_common import BookParts, note_lines, request_lines, write_sheets
from zaitaku_demand.report.workbook_tables import sheet_tables
from zaitaku_demand.text import Language

MOST_SOURCES = 8


def write_workbook(
    content: ReportContent, path: Path, language: Language = "ja", forecast: ForecastContent | None = None
) -> Path:
    """Write the workbook in one language.

    Parameters
    ----------
    content : ReportContent
    path : Path
    language : str
    forecast : ForecastContent, optional
        Adds the sheets on intervals, peaks, scenarios, reasons and backtest.

    Returns
    -------
    Path
        `path`.
    """
    parts = BookParts(
        cover=_cover(content, forecast, language),
        reading=None,
        tables=[
            *sheet_tables(content, language),
            *([] if forecast is None else forecast_sheets(forecast, language)),
        ],
        basis=[labels.ESTIMATED_ALL.to(language), basis(content).to(language)],
        source=source_line(content, language, MOST_SOURCES),
        notes=_notes(content, language),
        issue_scope=True,
    )
    write_sheets(Book(path, language, content.title.to(language)), content, parts, language)
    return path


def _cover(
    content: ReportContent, forecast: ForecastContent | None, language: Language
) -> list[tuple[str, str]]:
    about = [words.ABOUT, *words.about(counted_by_institution(content)), words.ABOUT_USE]
    points = [
        (words.POINTS.to(language) if place == 0 else "", text.to(language))
        for place, text in enumerate(headlines(content, forecast))
    ]
    first = [("", text.to(language)) for text in about]
    return [*first, ("", ""), *points, *request_lines(content, words.CONDITIONS, language)]


def _notes(content: ReportContent, language: Language) -> list[tuple[str, str]]:
    general = words.about(counted_by_institution(content))
    reading = [
        (words.HOW_TO_READ.to(language) if place == 0 else "", text.to(language))
        for place, text in enumerate(content.explanation)
    ]
    others = [note for note in content.notes if note not in general]
    return [*reading, ("", ""), *note_lines([*general, *others], language)]

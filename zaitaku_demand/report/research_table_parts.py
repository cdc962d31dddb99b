"""Tables as words: columns of functions on rows, limited rows, and the cells that many tables share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report import research_terms as terms
from zaitaku_demand.report.benchmark_page_tables import WordTable
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.report.research_view import (
    NOTHING,
    Row,
    estimate_text,
    method_name,
    named,
    notes_text,
    p_text,
    place_years,
    records,
    statistic_name,
)
from zaitaku_demand.text import Language, Text

Cell = Callable[[Row], str]
Column = tuple[Text, Cell]
_CODES: Mapping[str, Text] = {code: text for notes in terms.NOTES.values() for code, text in notes.items()}
MOST_ROWS = 60
"""Rows of one table in page and source; the CSV file has all."""


def made(
    caption: Text,
    rows: Sequence[Row],
    columns: Sequence[Column],
    language: Language,
    numbers: Sequence[Text] = (),
    file: str = "",
    most: int = MOST_ROWS,
) -> WordTable | None:
    """A table of `rows`; None without any. Where rows are left out the caption names the file that has all."""
    if not rows:
        return None
    said = caption.to(language)
    if len(rows) > most:
        more = words.MORE_ROWS.format(total=len(rows), shown=most, file=file).to(language)
        said = f"{said}（{more}）" if language == "ja" else f"{said} ({more})"
    head = [title.to(language) for title, _ in columns]
    cells = [[cell(row) or NOTHING for _, cell in columns] for row in rows[:most]]
    right = frozenset(place for place, (title, _) in enumerate(columns) if title in numbers)
    return WordTable(said, head, cells, right)


def tidy_table(
    content: ResearchContent, caption: Text, frame: pd.DataFrame, language: Language, file: str
) -> WordTable | None:
    """Rows of a tidy table with method, interval and what they rest on; columns that are empty are left out."""
    with_term = bool((frame["term"].astype(str) != "").any()) if len(frame) else False
    with_p = bool(frame["p_value"].notna().any()) if len(frame) else False
    columns: list[Column] = [
        outcome_column(content, language),
        *([(words.TERM, named_cell(content, "term", language))] if with_term else []),
        level_column(language),
        (words.STATISTIC, lambda row: statistic_name(row["statistic"], language)),
        method_column(language),
        (words.ESTIMATE, estimate_text),
        *([(words.P_VALUE, lambda row: p_text(row["p_value"]))] if with_p else []),
        (words.PLACES_YEARS, lambda row: place_years(row, language)),
        (words.NOTE, notes_text),
    ]
    return made(caption, records(frame), columns, language, file=file)


def codes_below(table: WordTable, language: Language) -> list[str]:
    """The note codes that stand in a table, in words; none for the table that explains them all."""
    if table.head and table.head[0] == words.NOTE.to(language):
        return []
    used = dict.fromkeys(cell for row in table.rows for cell in row if cell in _CODES)
    if not used:
        return []
    gap, sign = ("；", "＝") if language == "ja" else ("; ", " = ")
    return [
        words.NOTES_BELOW.to(language) + gap.join(f"{code}{sign}{_CODES[code].to(language)}" for code in used)
    ]


def outcome_column(content: ResearchContent, language: Language) -> Column:
    """The candidate outcome by name."""
    return (words.OUTCOME, named_cell(content, "outcome", language))


def level_column(language: Language) -> Column:
    """The level by name."""
    return (words.LEVEL, lambda row: words.label_of(words.LEVELS, row["level"], language))


def method_column(language: Language) -> Column:
    """The method by name."""
    return (words.METHOD, lambda row: method_name(row["method"], language))


def named_cell(content: ResearchContent, name: str, language: Language) -> Cell:
    """A variable by its name."""
    return lambda row: named(content, row[name], language) if str(row[name]) else NOTHING


def plain(name: str) -> Cell:
    """A cell as it is."""
    return lambda row: NOTHING if pd.isna(row[name]) else str(row[name])


def of_rows(rows: Mapping[Any, Row], key: Callable[[Row], Any], say: Cell) -> Cell:
    """A cell said of another row, found by a key; a dash where there is none."""

    def cell(row: Row) -> str:
        found = rows.get(key(row))
        return NOTHING if found is None else say(found)

    return cell

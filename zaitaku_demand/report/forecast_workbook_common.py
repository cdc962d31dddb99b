"""What the sheets of the forecast share: their making, place cells, remarks on the random runs."""

from __future__ import annotations

from typing import Any

from zaitaku_demand.report import forecast_labels as terms
from zaitaku_demand.report import forecast_labels_book as words
from zaitaku_demand.report import labels
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_view import name_of
from zaitaku_demand.report.sheet_table import SheetTable, number
from zaitaku_demand.report.sheets import Cell, Column, Kind
from zaitaku_demand.text import Language, Text

Head = tuple[Text, Kind, float]
NUMBER_WIDTH = 13.0
YEAR_WIDTH = 8.0


def sheet_of(
    name: Text,
    title: Text,
    unit: Text,
    legend: Text,
    columns: list[Head],
    rows: list[list[Cell]],
    frozen: int,
    language: Language,
    basis: Text | None = None,
) -> SheetTable:
    """One sheet in a language; a column is heading, kind and width. `basis` stands in place of the run's own."""
    return SheetTable(
        name=name.to(language),
        title=title.to(language),
        unit=unit.to(language),
        legend=legend.to(language),
        columns=[Column(head.to(language), kind, width) for head, kind, width in columns],
        rows=rows,
        frozen=frozen,
        basis=None if basis is None else [basis.to(language)],
    )


PLACE: list[Head] = [
    (words.LEVEL, "text", 10.0),
    (words.CODE, "text", 8.0),
    (words.NAME, "text", 18.0),
]
STATE: Head = (words.STATE, "text", 10.0)
CASES: Head = (terms.CASES, "count", 10.0)


def heads(kind: Kind, *names: Text, width: float = NUMBER_WIDTH) -> list[Head]:
    """Columns of one kind and width."""
    return [(name, kind, width) for name in names]


def cells(row: dict[Any, Any], *names: str) -> list[Cell]:
    """Numbers of a row; what is missing stays blank."""
    return [number(row[name]) for name in names]


def place_key(row: dict[Any, Any]) -> tuple[str, str]:
    """Level and code of a row."""
    return str(row["level"]), str(row["code"])


def place_cells(row: dict[Any, Any], language: Language) -> list[Cell]:
    """Level, code and name of a row."""
    (level, code), name = place_key(row), str(row["name"])
    if level == "nation":
        name = terms.JAPAN.to(language)
    elif level == "prefecture":
        name = labels.prefecture_label(code, name, language)
    return [name_of(words.LEVELS, level).to(language), code, name]


def with_runs(forecast: ForecastContent, legend: Text) -> Text:
    """A legend behind the number of runs and their seed."""
    said = words.RUNS.format(runs=f"{forecast.runs:,}", seed=forecast.seed)
    return Text(said.ja + legend.ja, said.en + legend.en)


def state_cell(language: Language) -> str:
    """Every figure of the forecast is an estimate."""
    return labels.STATE_ESTIMATED.to(language)

"""The comparison of scenarios as a file: CSV, or a workbook with the assumptions beside the figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.cli import words_scenarios as words
from zaitaku_demand.cli.words import say
from zaitaku_demand.report.csvfile import write_csv
from zaitaku_demand.report.sheets import Book, Column, Kind
from zaitaku_demand.store.tables import atomic_path
from zaitaku_demand.text import language_of_terminal

if TYPE_CHECKING:
    import pandas as pd

    from zaitaku_demand.scenario_run import ScenarioComparison

_KINDS: dict[str, tuple[Kind, float]] = {
    "scenario": ("text", 16),
    "scenario_name": ("text", 24),
    "level": ("text", 10),
    "code": ("text", 8),
    "name": ("text", 18),
    "year": ("year", 8),
    "value": ("count", 12),
    "against_base": ("count", 14),
    "unmet": ("count", 14),
    "unit": ("text", 14),
    "peak_year": ("year", 12),
    "peak_year_grid": ("year", 12),
    "censored": ("text", 10),
    "peak_value": ("count", 12),
}


def write_comparison(
    found: ScenarioComparison, path: Path, codes: list[str] | None = None, years: list[int] | None = None
) -> None:
    """Write all places (or those of `codes`) in all years (or `years`); the file appears whole or not at all."""
    table = comparison_table(found, codes, years)
    with atomic_path(path) as part:
        if path.suffix.lower() == ".csv":
            write_csv(table, part)
        else:
            _write_workbook(found, table, codes, part)


def comparison_table(
    found: ScenarioComparison, codes: list[str] | None = None, years: list[int] | None = None
) -> pd.DataFrame:
    """One row a scenario, place and year: value, difference from constant rates and unmet demand (0 where none)."""
    keys = ["scenario", "level", "code", "year"]
    unmet = found.unmet[[*keys, "unmet"]].astype({"year": "int64", "unmet": "float64"})
    table = found.scenarios.astype({"year": "int64"}).merge(unmet, on=keys, how="left")
    # A row without an entry is one in which no limit binds.
    table["unmet"] = table["unmet"].fillna(0.0)
    table.insert(
        1, "scenario_name", table["scenario"].map({key: say(name) for key, name in found.names.items()})
    )
    table["unit"] = say(found.unit)
    if codes:
        table = table[table["code"].isin(codes)]
    if years:
        table = table[table["year"].isin(years)]
    return table.reset_index(drop=True)


def _write_workbook(
    found: ScenarioComparison, table: pd.DataFrame, codes: list[str] | None, path: Path
) -> None:
    service = say(words.service_title(found.service))
    title = say(words.TITLE.format(service=service, unit=say(found.unit)))
    book = Book(path, language_of_terminal(), title)
    contents, sheet = book.sheet(say(words.SHEETS["about"]))
    book.title(sheet, 0, title)
    lines = [(say(name), say(found.notes[key])) for key, name in found.names.items()]
    lines += [(key, say(why)) for key, why in found.skipped.items()]
    book.lines(sheet, 2, lines, (28, 100))
    peaks = found.peaks if codes is None else found.peaks[found.peaks["code"].isin(codes)]
    peaks = peaks.copy()
    peaks.insert(
        1, "scenario_name", peaks["scenario"].map({key: say(name) for key, name in found.names.items()})
    )
    peaks["censored"] = peaks["censored"].map({True: say(words.LATER).strip(" （）()"), False: ""})
    for name, frame in (("values", table), ("peaks", peaks)):
        _, sheet = book.sheet(say(words.SHEETS[name]))
        frame = frame.assign(level=frame["level"].map({key: say(text) for key, text in words.LEVELS.items()}))
        columns = [Column(say(words.COLUMNS[key]), *_KINDS[key]) for key in frame.columns]
        rows = [list(row) for row in frame.itertuples(index=False)]
        book.table(sheet, contents, say(words.SHEETS[name]), [say(words.REMARKS)], columns, rows, 5)
    book.close()

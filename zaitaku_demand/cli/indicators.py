"""`zaitaku indicators`: list, show, coverage, template, reference."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zaitaku_demand.cli import words_indicators as words
from zaitaku_demand.cli.settings import settle
from zaitaku_demand.cli.words import HELP, say
from zaitaku_demand.text import Text, language_of_terminal

if TYPE_CHECKING:
    from zaitaku_demand.indicators.declaration import Indicator

indicators_app = typer.Typer(help=say(words.HELP["app"]), no_args_is_help=True, rich_markup_mode=None)

Identifier = Annotated[str, typer.Argument(help=say(words.HELP["id"]))]
Level = Annotated[str, typer.Option("--level", help=say(words.HELP["level"]))]
Values = Annotated[list[Path] | None, typer.Option("--values", help=say(words.HELP["values"]))]
Lang = Annotated[str | None, typer.Option("--lang", help=say(HELP["lang"]))]
DataFolder = Annotated[Path | None, typer.Option("--data", help=say(HELP["data"]))]


@indicators_app.callback()
def _main(
    folder: Annotated[Path | None, typer.Option("--indicators", help=say(words.HELP["folder"]))] = None,
) -> None:
    if folder is not None:
        os.environ["ZAITAKU_INDICATORS"] = str(folder)


@indicators_app.command("list", help=say(words.HELP["list"]))
def list_command(
    kind: Annotated[str | None, typer.Option("--type", help=say(words.HELP["type"]))] = None,
    function: Annotated[str | None, typer.Option("--function", help=say(words.HELP["function"]))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say(HELP["json"]))] = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """List the indicators."""
    settle(lang, data)
    from zaitaku_demand.indicators.catalogue import indicators
    from zaitaku_demand.indicators.coverage import years_in_hand
    from zaitaku_demand.indicators.declaration import FUNCTIONS, TYPES

    _require_known(kind, TYPES, words.HELP["type"])
    _require_known(function, FUNCTIONS, words.HELP["function"])
    years = years_in_hand()
    chosen = [
        each
        for each in indicators().values()
        if kind in (None, each.type) and function in (None, each.function)
    ]
    if as_json:
        typer.echo(
            json.dumps([_record(each, years[each.id]) for each in chosen], ensure_ascii=False, indent=2)
        )
        return
    rows = [words.LIST_HEAD]
    for each in chosen:
        mark = words.SUPPLEMENT_MARK if each.supplement_of else Text("", "")
        rows.append(
            (
                Text(each.id, each.id),
                TYPES[each.type],
                FUNCTIONS[each.function],
                words.KEY_MARK if each.key else Text("", ""),
                _years(years[each.id]),
                Text(each.name.ja + mark.ja, each.name.en + mark.en),
            )
        )
    _echo_rows([[say(cell) for cell in row] for row in rows])
    typer.echo(say(words.NO_DATA_HINT))


@indicators_app.command("show", help=say(words.HELP["show"]))
def show(identifier: Identifier, lang: Lang = None, data: DataFolder = None) -> None:
    """Show one indicator."""
    settle(lang, data)
    from zaitaku_demand.indicators.catalogue import indicator
    from zaitaku_demand.indicators.coverage import years_in_hand
    from zaitaku_demand.indicators.reference_page import described

    each = indicator(identifier)
    typer.echo(f"{each.id}  {say(each.name)}")
    for name, content in described(each):
        typer.echo(f"  {say(name)}: {say(content)}")
    found = years_in_hand(declared={each.id: each})[each.id]
    typer.echo(f"  {say(words.DATA_IN_HAND)}: {say(_years(found))}")


@indicators_app.command("coverage", help=say(words.HELP["coverage"]))
def coverage_command(
    level: Level = "prefecture",
    csv: Annotated[Path | None, typer.Option("--csv", help=say(words.HELP["csv"]))] = None,
    values: Values = None,
    home_care: Annotated[Path | None, typer.Option("--home-care", help=say(words.HELP["home_care"]))] = None,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Count the states."""
    settle(lang, data)
    from zaitaku_demand.indicators.catalogue import indicators
    from zaitaku_demand.indicators.compute import indicator_values
    from zaitaku_demand.indicators.coverage import coverage, coverage_counts
    from zaitaku_demand.indicators.workbook_facts import workbook_notes

    table = coverage(indicator_values(level, supplied=tuple(values or ()), home_care=home_care))
    for note in workbook_notes(home_care):
        typer.echo(say(note), err=True)
    if csv is not None:
        from zaitaku_demand.report.csvfile import write_csv
        from zaitaku_demand.store.tables import atomic_path

        _require_file(csv)
        with atomic_path(csv) as part:
            write_csv(table, part)
        typer.echo(say(words.WRITTEN.format(path=csv)))
        return
    lines = [[say(cell) for cell in words.COVERAGE_HEAD]]
    names = indicators()
    for identifier, rows in coverage_counts(table).groupby("indicator_id", sort=False):
        name = say(names[str(identifier)].name)
        held = rows[rows[["observed", "estimated", "suppressed"]].sum(axis=1) > 0]
        if held.empty:
            lines.append([str(identifier), "-", "0", "0", "0", str(rows["missing"].iloc[0]), name])
        lines += [
            [
                str(identifier),
                *(str(cell) for cell in (row.year, row.observed, row.estimated, row.suppressed, row.missing)),
                name,
            ]
            for row in held.itertuples()
        ]
    _echo_rows(lines)


@indicators_app.command("template", help=say(words.HELP["template"]))
def template_command(
    identifier: Identifier,
    out: Annotated[Path | None, typer.Option("--out", help=say(words.HELP["out"]))] = None,
    level: Level = "prefecture",
    year: Annotated[int | None, typer.Option("--year", help=say(words.HELP["year"]))] = None,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Write the file to fill in."""
    settle(lang, data)
    from zaitaku_demand.indicators.catalogue import indicator
    from zaitaku_demand.indicators.template import needs_denominator, template
    from zaitaku_demand.report.csvfile import write_new_csv

    each = indicator(identifier)
    path = out if out is not None else Path(f"{each.id}.csv")
    if path.is_dir():
        path = path / f"{each.id}.csv"
    table = template(each, level, year, denominator=needs_denominator(each, level))
    write_new_csv(table, path)
    typer.echo(say(words.WRITTEN.format(path=path)))


@indicators_app.command("reference", help=say(words.HELP["reference"]))
def reference(lang: Lang = None) -> None:
    """Print the reference page."""
    settle(lang, None)
    from zaitaku_demand.indicators.reference_page import reference_page

    typer.echo(reference_page(language_of_terminal()), nl=False)


def _echo_rows(rows: list[list[str]]) -> None:
    """Rows in columns for a person at the terminal, with tabs between the cells for a program."""
    if not sys.stdout.isatty():
        for row in rows:
            typer.echo("\t".join(row))
        return
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = [cell + " " * (widths[at] - _width(cell)) for at, cell in enumerate(row[:-1])]
        typer.echo("  ".join([*padded, row[-1]]))


def _width(text: str) -> int:
    """Columns of the terminal that a text takes: two for each wide letter."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def _record(each: Indicator, years: dict[str, tuple[int, ...]]) -> dict[str, object]:
    return {
        "id": each.id,
        "name": say(each.name),
        "type": each.type,
        "function": each.function,
        "unit": say(each.unit),
        "key": each.key,
        "supplement_of": each.supplement_of,
        "data": {level: list(found) for level, found in years.items()},
    }


def _years(found: dict[str, tuple[int, ...]]) -> Text:
    """Years with data by level, such as 都道府県 2014-2022."""
    if not found:
        return words.NO_DATA

    def span(years: tuple[int, ...]) -> str:
        if len(years) == years[-1] - years[0] + 1:
            return f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
        return ",".join(map(str, years))

    return Text(
        "、".join(f"{words.LEVELS[level].ja} {span(years)}" for level, years in found.items()),
        ", ".join(f"{words.LEVELS[level].en} {span(years)}" for level, years in found.items()),
    )


def _require_known(given: str | None, known: dict[str, Text], values: Text) -> None:
    from zaitaku_demand.errors import InputError

    if given is not None and given not in known:
        raise InputError(
            Text(f"「{given}」は選べない", f"there is no '{given}'"),
            Text(f"次から選んでください：{values.ja}", f"choose one of: {values.en}"),
        )


def _require_file(path: Path) -> None:
    from zaitaku_demand.errors import InputError

    if path.is_dir():
        raise InputError(
            Text("フォルダの名前である", "this is a folder"),
            Text("ファイル名を指定してください", "give the name of a file"),
            file=path,
        )

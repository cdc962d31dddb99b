"""`zaitaku scenarios`: list, show, compare, template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zaitaku_demand.cli import words_scenarios as words
from zaitaku_demand.cli.options import (
    Areas,
    AsJson,
    DataFolder,
    Edition,
    Horizon,
    Lang,
    OpenBand,
    PopulationFile,
    Prefecture,
    RatesOption,
    RateYear,
)
from zaitaku_demand.cli.settings import read_parameters, settle
from zaitaku_demand.cli.words import HELP, say
from zaitaku_demand.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from zaitaku_demand.scenario_run import ScenarioComparison
    from zaitaku_demand.scenarios.schema import Scenario

scenarios_app = typer.Typer(help=say(words.HELP["app"]), no_args_is_help=True, rich_markup_mode=None)


@scenarios_app.command("list", help=say(words.HELP["list"]))
def list_command(as_json: AsJson = False, lang: Lang = None) -> None:
    """List the shipped scenarios."""
    settle(lang, None)
    from zaitaku_demand.scenarios.resolve import default_scenario, shipped_scenarios

    chosen = [default_scenario(), *shipped_scenarios().values()]
    if as_json:
        rows = [{"id": each.id, "name": say(each.name), "note": say(each.note)} for each in chosen]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for each in chosen:
        typer.echo(f"{each.id}\t{say(each.name)}\t{say(each.note)}")


@scenarios_app.command("show", help=say(words.HELP["show"]))
def show(name: Annotated[str, typer.Argument(help=say(words.HELP["name"]))], lang: Lang = None) -> None:
    """Show one scenario."""
    settle(lang, None)
    from zaitaku_demand.scenarios.resolve import DEFAULT, SHIPPED, resolve, shipped_text
    from zaitaku_demand.scenarios.summary import describe_scenario

    scenario = resolve(name)
    typer.echo(f"{scenario.id}  {say(scenario.name)}\n{say(scenario.note)}\n\n{say(words.CHANGES)}")
    for line in describe_scenario(scenario):
        typer.echo(f"- {say(line)}")
    text = Path(name).read_text("utf-8-sig") if Path(name).is_file() else None
    if text is None and scenario.id in (DEFAULT, *SHIPPED):
        text = shipped_text(scenario.id)
    if text is not None:
        typer.echo(f"\n{say(words.TOML)}\n{text.rstrip()}")


@scenarios_app.command("template", help=say(words.HELP["template"]))
def template(
    areas: Annotated[str, typer.Option("--areas", help=say(HELP["areas"]))] = "330",
    prefecture: Prefecture = None,
    out: Annotated[Path, typer.Option("--out", help=say(words.HELP["template_out"]))] = Path("beds.csv"),
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Write the CSV of patients who leave hospital beds."""
    settle(lang, data)
    from zaitaku_demand.report.csvfile import write_new_csv
    from zaitaku_demand.scenarios.template import beds_template

    write_new_csv(beds_template(areas, prefecture), out)
    typer.echo(say(words.WRITTEN.format(path=out)))


@scenarios_app.command("compare", help=say(words.HELP["compare"]))
def compare(
    names: Annotated[list[str] | None, typer.Argument(help=say(words.HELP["names"]))] = None,
    differences: Annotated[list[str] | None, typer.Option("--set", help=say(words.HELP["set"]))] = None,
    prefecture: Prefecture = None,
    area: Annotated[list[str] | None, typer.Option("--area", help=say(words.HELP["area"]))] = None,
    year: Annotated[list[int] | None, typer.Option("--year", help=say(words.HELP["year"]))] = None,
    service: Annotated[str | None, typer.Option("--service", help=say(words.HELP["service"]))] = None,
    edition: Edition = "2023",
    areas: Areas = None,
    population: PopulationFile = None,
    rates: RatesOption = "prefecture",
    rate_year: RateYear = 2022,
    horizon: Horizon = None,
    open_band: OpenBand = 95,
    out: Annotated[Path | None, typer.Option("--out", help=say(words.HELP["out"]))] = None,
    as_json: AsJson = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Compare scenarios."""
    settle(lang, data)
    if out is not None:
        _require_writable(out)

    parameters = read_parameters(
        edition=edition,
        areas=areas,
        population_file=population,
        rates=rates,
        rate_year=rate_year,
        services=[service] if service else None,
        prefecture=prefecture,
        horizon=horizon,
        open_band=open_band,
    )
    from zaitaku_demand.cli.progress import Progress
    from zaitaku_demand.scenario_run import compare_scenarios

    wanted = _wanted(names, differences)
    with Progress() as progress:
        progress.step(say(words.COMPUTING))
        found = compare_scenarios(parameters, wanted, skip_unusable=wanted is None)
    for identifier, why in found.skipped.items():
        typer.echo(say(words.SKIPPED.format(name=identifier, why=say(why))), err=True)
    _require_years(found, year)
    codes = _codes(found, area)
    if out is not None:
        from zaitaku_demand.cli.scenarios_export import write_comparison

        write_comparison(found, out, codes, year)
        typer.echo(say(words.WRITTEN.format(path=out)))
        return
    shown = {found.base_year, *(each for each in found.grid_years if each > found.base_year)}
    years = sorted(year or shown & set(found.years))
    (_print_json if as_json else _print_table)(found, codes or _codes_by_default(found), years)


def _wanted(names: list[str] | None, differences: list[str] | None) -> list[str | Scenario] | None:
    """Scenarios named, and as one more all the differences written out; None for the shipped ones."""
    if not names and not differences:
        return None
    from zaitaku_demand.scenarios.inline import read_inline
    from zaitaku_demand.scenarios.resolve import compose

    wanted: list[str | Scenario] = list(names or [])
    return [*wanted, compose([read_inline(text) for text in differences])] if differences else wanted


def _codes(found: ScenarioComparison, areas: list[str] | None) -> list[str] | None:
    """Codes of the areas asked for; InputError for one that the run does not cover."""
    if not areas:
        return None
    table = found.peaks[found.peaks["level"] == "area"].drop_duplicates("code")
    out = []
    for name in areas:
        rows = table[(table["code"] == name) | (table["name"] == name)]
        if rows.empty:
            raise InputError(words.NO_AREA.format(area=name), words.NO_AREA_ACTION)
        if len(rows) > 1:
            raise InputError(
                words.SEVERAL_AREAS.format(area=name),
                words.SEVERAL_AREAS_ACTION.format(codes=", ".join(rows["code"])),
            )
        out.append(str(rows["code"].iloc[0]))
    return out


def _codes_by_default(found: ScenarioComparison) -> list[str]:
    """The nation, or the prefectures of a run that does not cover it."""
    for level in ("nation", "prefecture"):
        codes = found.peaks.loc[found.peaks["level"] == level, "code"].drop_duplicates().tolist()
        if codes:
            return codes
    return []


def _require_years(found: ScenarioComparison, years: list[int] | None) -> None:
    for year in years or []:
        if year not in found.years:
            action = words.NO_YEAR_ACTION.format(first=found.years[0], last=found.years[-1])
            raise InputError(words.NO_YEAR.format(year=year), action)


def _require_writable(path: Path) -> None:
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError(words.EXTENSION_FOUND, words.EXTENSION, file=path)
    from zaitaku_demand.report.csvfile import require_parent

    require_parent(path)


def _print_table(found: ScenarioComparison, codes: list[str], years: list[int]) -> None:
    from rich.console import Console
    from rich.table import Table

    service = say(words.service_title(found.service))
    table = Table(title=say(words.TITLE.format(service=service, unit=say(found.unit))), title_justify="left")
    table.add_column(say(words.COLUMNS["scenario_name"]), overflow="fold", min_width=10)
    table.add_column(say(words.COLUMNS["name"]), no_wrap=True)
    for year in years:
        table.add_column(str(year), justify="right")
    table.add_column(say(words.COLUMNS["peak_year"]), justify="right", no_wrap=True)
    values = {(row.scenario, row.code, row.year): row for row in found.scenarios.itertuples()}
    peaks = {(row.scenario, row.code): row for row in found.peaks.itertuples()}
    for code in codes:
        for identifier, name in found.names.items():
            cells = [_cell(values[identifier, code, year]) for year in years]
            peak = peaks[identifier, code]
            later = say(words.LATER) if peak.censored else ""
            table.add_row(say(name), str(peak.name), *cells, f"{peak.peak_year}{later}")
    Console(width=None if typer.get_text_stream("stdout").isatty() else 160).print(table)
    typer.echo(say(words.DIFFERENCE))
    for identifier, note in found.notes.items():
        typer.echo(f"{say(found.names[identifier])}：{say(note)}")
    _print_unmet(found, codes)


def _cell(row: Any) -> str:
    base = row.value - row.against_base
    change = f" ({100 * row.against_base / base:+.1f}%)" if row.against_base and base else ""
    return f"{row.value:,.0f}{change}"


def _print_unmet(found: ScenarioComparison, codes: list[str]) -> None:
    shown = found.unmet[found.unmet["code"].isin(codes)]
    top = shown.sort_values("unmet", ascending=False).drop_duplicates(["scenario", "code"]).sort_index()
    for row in top.to_dict("records"):
        text = words.UNMET.format(
            name=say(found.names[row["scenario"]]),
            year=row["year"],
            place=row["name"],
            unmet=f"{row['unmet']:,.0f}",
            unit=say(found.unit),
        )
        typer.echo(say(text))


def _print_json(found: ScenarioComparison, codes: list[str], years: list[int]) -> None:
    def records(table: pd.DataFrame, yearly: bool = True) -> list[dict[str, Any]]:
        rows = table[table["code"].isin(codes)]
        rows = rows[rows["year"].isin(years)] if yearly else rows
        listed: list[dict[str, Any]] = json.loads(rows.to_json(orient="records", force_ascii=False))
        return listed

    typer.echo(
        json.dumps(
            {
                "service": found.service,
                "unit": say(found.unit),
                "base_year": found.base_year,
                "scenarios": [
                    {"id": key, "name": say(name), "note": say(found.notes[key])}
                    for key, name in found.names.items()
                ],
                "values": records(found.scenarios),
                "peaks": records(found.peaks, yearly=False),
                "unmet": records(found.unmet),
                "skipped": {key: say(why) for key, why in found.skipped.items()},
            },
            ensure_ascii=False,
            indent=2,
        )
    )

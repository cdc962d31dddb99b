"""Commands and options. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zaitaku_demand import __version__
from zaitaku_demand.cli.backtest import backtest_command
from zaitaku_demand.cli.benchmark import benchmark_command
from zaitaku_demand.cli.data import data_app
from zaitaku_demand.cli.draws import draws_command, read_settings
from zaitaku_demand.cli.explain import explain_command
from zaitaku_demand.cli.indicators import indicators_app
from zaitaku_demand.cli.options import (
    Areas,
    AsJson,
    CertifiedFile,
    DataFolder,
    Differences,
    Edition,
    Horizon,
    Lang,
    OpenBand,
    PopulationFile,
    Prefecture,
    RatesOption,
    RateYear,
    Ratio95,
    ScenarioOption,
    Services,
)
from zaitaku_demand.cli.research import research_app
from zaitaku_demand.cli.scenarios import scenarios_app
from zaitaku_demand.cli.settings import read_parameters, require_folder, settle
from zaitaku_demand.cli.words import HELP, say
from zaitaku_demand.cli.words_backtest import HELP as BACKTEST_HELP
from zaitaku_demand.cli.words_benchmark import HELP as BENCHMARK_HELP
from zaitaku_demand.cli.words_draws import HELP as DRAWS_HELP
from zaitaku_demand.cli.words_explain import HELP as EXPLAIN_HELP

if TYPE_CHECKING:
    from zaitaku_demand.parameters import RunParameters

app = typer.Typer(
    help=say(HELP["app"]),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
compare_app = typer.Typer(help=say(HELP["compare"]), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(data_app, name="data")
app.add_typer(indicators_app, name="indicators")
app.add_typer(compare_app, name="compare")
app.add_typer(scenarios_app, name="scenarios")
app.add_typer(research_app, name="research")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zaitaku-demand {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=say(HELP["version"]))
    ] = False,
) -> None:
    pass


@app.command(help=say(HELP["run"]))
def run(
    edition: Edition = "2023",
    areas: Areas = None,
    population: PopulationFile = None,
    rates: RatesOption = "prefecture",
    rate_year: RateYear = 2022,
    service: Services = None,
    prefecture: Prefecture = None,
    horizon: Horizon = None,
    open_band: OpenBand = 95,
    ratio_95plus: Ratio95 = None,
    scenario: ScenarioOption = None,
    differences: Differences = None,
    certified: CertifiedFile = None,
    benchmark: Annotated[
        bool, typer.Option("--benchmark/--no-benchmark", help=say(HELP["with_benchmark"]))
    ] = True,
    forecast: Annotated[
        bool, typer.Option("--forecast/--no-forecast", help=say(DRAWS_HELP["with_forecast"]))
    ] = True,
    runs: Annotated[int, typer.Option("--runs", help=say(DRAWS_HELP["runs"]))] = 2_000,
    seed: Annotated[int, typer.Option("--seed", help=say(DRAWS_HELP["seed"]))] = 2022,
    out: Annotated[Path | None, typer.Option("--out", help=say(HELP["out"]))] = None,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Compute and write the report."""
    settle(lang, data)
    parameters = read_parameters(
        edition=edition,
        areas=areas,
        population_file=population,
        rates=rates,
        rate_year=rate_year,
        services=service,
        prefecture=prefecture,
        horizon=horizon,
        open_band=open_band,
        ratio_95plus=ratio_95plus,
        certified_file=certified,
        scenarios=[*(scenario or []), *(differences or [])],
    )
    settings = read_settings(runs=runs, seed=seed)
    from zaitaku_demand.cli.progress import Progress
    from zaitaku_demand.projection.job import main_job
    from zaitaku_demand.report.write import write_report
    from zaitaku_demand.run import report_content
    from zaitaku_demand.text import language_of_terminal

    folder = out if out is not None else Path("reports") / _name(parameters)
    require_folder(folder)
    with Progress() as progress:
        progress.step(say(HELP["computing"]))
        job = main_job(parameters)
        content = report_content(job)
        certainty = None
        if forecast:
            from zaitaku_demand.forecast_run import Announce, compute_forecast

            announce = Announce(
                lambda name: progress.step(say(name)), progress.counter(say(DRAWS_HELP["drawing"]))
            )
            certainty = compute_forecast(job, settings, announce)
        compared = None
        if benchmark:
            progress.step(say(BENCHMARK_HELP["computing"]))
            from zaitaku_demand.benchmark.request import BenchmarkRequest
            from zaitaku_demand.benchmark_run import compute_benchmark

            compared = compute_benchmark(BenchmarkRequest(prefecture=parameters.prefecture))
        progress.step(say(HELP["writing"]))
        write_report(content, folder, (language_of_terminal(),), compared, certainty)
    from zaitaku_demand.cli.words import run_summary

    typer.echo(run_summary(content, folder.resolve(), certainty))


@app.command(help=say(HELP["peak"]))
def peak(
    edition: Edition = "2023",
    areas: Areas = None,
    population: PopulationFile = None,
    rates: RatesOption = "prefecture",
    rate_year: RateYear = 2022,
    service: Services = None,
    prefecture: Prefecture = None,
    horizon: Horizon = None,
    open_band: OpenBand = 95,
    ratio_95plus: Ratio95 = None,
    scenario: ScenarioOption = None,
    differences: Differences = None,
    summary: Annotated[bool, typer.Option("--summary", help=say(HELP["summary"]))] = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Print the peaks."""
    settle(lang, data)
    parameters = read_parameters(
        edition=edition,
        areas=areas,
        population_file=population,
        rates=rates,
        rate_year=rate_year,
        services=service,
        prefecture=prefecture,
        horizon=horizon,
        open_band=open_band,
        ratio_95plus=ratio_95plus,
        scenarios=[*(scenario or []), *(differences or [])],
    )
    from zaitaku_demand.cli.peak import print_peaks, print_summary

    (print_summary if summary else print_peaks)(parameters)


@compare_app.command("official", help=say(HELP["compare_official"]))
def compare_official_command(
    rates: RatesOption = "prefecture",
    rate_year: RateYear = 2022,
    open_band: OpenBand = 95,
    ratio_95plus: Ratio95 = None,
    as_json: AsJson = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Print the comparison with the ministry's projection."""
    settle(lang, data)
    parameters = read_parameters(
        scenarios=["base"],
        areas="330",
        rates=rates,
        rate_year=rate_year,
        open_band=open_band,
        ratio_95plus=ratio_95plus,
    )
    from zaitaku_demand.cli.compare import print_comparison

    print_comparison(parameters, as_json)


@app.command("services", help=say(HELP["services"]))
def services_command(lang: Lang = None) -> None:
    """Print the services."""
    settle(lang, None)
    from zaitaku_demand.rates.services import services

    for each in services().values():
        typer.echo(f"{each.id}\t{say(each.name)}\t{say(each.unit)}")


@app.command("area-of", help=say(HELP["area_of"]))
def area_of(
    code: Annotated[str, typer.Argument(help=say(HELP["municipality_code"]))],
    edition: Annotated[str, typer.Option("--areas", help=say(HELP["area_edition"]))] = "330",
    on: Annotated[str | None, typer.Option("--on", help=say(HELP["on"]))] = None,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Print the areas of a municipal code."""
    settle(lang, data)
    from zaitaku_demand.areas.changes import areas_of, successor_codes

    typer.echo(
        f"{code}\t{';'.join(successor_codes(code, on))}\t{edition}\t{';'.join(areas_of(code, edition, on))}"
    )


# Registered last, so that the help begins with `run`.
app.command("benchmark", help=say(BENCHMARK_HELP["benchmark"]))(benchmark_command)
app.command("draws", help=say(DRAWS_HELP["draws"]))(draws_command)
app.command("explain", help=say(EXPLAIN_HELP["explain"]))(explain_command)
app.command("backtest", help=say(BACKTEST_HELP["backtest"]))(backtest_command)


def _name(parameters: RunParameters) -> str:
    areas = parameters.areas or {"2023": "330", "2018": "335"}[parameters.edition]
    rates = Path(parameters.rates).stem
    parts = [
        parameters.edition,
        Path(areas).stem,
        rates,
        f"FY{parameters.rate_year}",
        f"{parameters.open_band}plus",
    ]
    if parameters.prefecture is not None:
        parts.append(parameters.prefecture)
    from zaitaku_demand.scenarios.resolve import resolve
    from zaitaku_demand.scenarios.schema import BASE

    scenario = resolve(parameters.scenarios).id
    if scenario != BASE:
        parts.append(scenario)
    return "-".join(part.replace(os.sep, "_") for part in parts)

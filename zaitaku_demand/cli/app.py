"""Commands and options. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zaitaku_demand import __version__
from zaitaku_demand.cli.benchmark import benchmark_command
from zaitaku_demand.cli.data import data_app
from zaitaku_demand.cli.indicators import indicators_app
from zaitaku_demand.cli.settings import refused, require_folder, settle
from zaitaku_demand.cli.words import HELP, say
from zaitaku_demand.cli.words_benchmark import HELP as BENCHMARK_HELP

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
app.command("benchmark", help=say(BENCHMARK_HELP["benchmark"]))(benchmark_command)

Edition = Annotated[str, typer.Option("--edition", help=say(HELP["edition"]))]
Areas = Annotated[str | None, typer.Option("--areas", help=say(HELP["areas"]))]
PopulationFile = Annotated[Path | None, typer.Option("--population", help=say(HELP["population"]))]
RatesOption = Annotated[str, typer.Option("--rates", help=say(HELP["rates"]))]
RateYear = Annotated[int, typer.Option("--rate-year", help=say(HELP["rate_year"]))]
Services = Annotated[list[str] | None, typer.Option("--service", help=say(HELP["service"]))]
Prefecture = Annotated[str | None, typer.Option("--prefecture", help=say(HELP["prefecture"]))]
Horizon = Annotated[int | None, typer.Option("--horizon", help=say(HELP["horizon"]))]
OpenBand = Annotated[int, typer.Option("--open-band", help=say(HELP["open_band"]))]
Ratio95 = Annotated[float | None, typer.Option("--ratio-95plus", help=say(HELP["ratio_95plus"]))]
CertifiedFile = Annotated[Path | None, typer.Option("--certified", help=say(HELP["certified"]))]
Lang = Annotated[str | None, typer.Option("--lang", help=say(HELP["lang"]))]
DataFolder = Annotated[Path | None, typer.Option("--data", help=say(HELP["data"]))]


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
    certified: CertifiedFile = None,
    benchmark: Annotated[
        bool, typer.Option("--benchmark/--no-benchmark", help=say(HELP["with_benchmark"]))
    ] = True,
    out: Annotated[Path | None, typer.Option("--out", help=say(HELP["out"]))] = None,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Compute and write the report."""
    settle(lang, data)
    parameters = _parameters(
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
    )
    from zaitaku_demand.cli.progress import Progress
    from zaitaku_demand.report.write import write_report
    from zaitaku_demand.run import compute
    from zaitaku_demand.text import language_of_terminal

    folder = out if out is not None else Path("reports") / _name(parameters)
    require_folder(folder)
    with Progress() as progress:
        progress.step(say(HELP["computing"]))
        content = compute(parameters)
        compared = None
        if benchmark:
            progress.step(say(BENCHMARK_HELP["computing"]))
            from zaitaku_demand.benchmark.request import BenchmarkRequest
            from zaitaku_demand.benchmark_run import compute_benchmark

            compared = compute_benchmark(BenchmarkRequest(prefecture=parameters.prefecture))
        progress.step(say(HELP["writing"]))
        write_report(content, folder, (language_of_terminal(),), compared)
    from zaitaku_demand.cli.words import run_summary

    typer.echo(run_summary(content, folder.resolve()))


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
    summary: Annotated[bool, typer.Option("--summary", help=say(HELP["summary"]))] = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Print the peaks."""
    settle(lang, data)
    parameters = _parameters(
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
    )
    from zaitaku_demand.cli.peak import print_peaks, print_summary

    (print_summary if summary else print_peaks)(parameters)


@compare_app.command("official", help=say(HELP["compare_official"]))
def compare_official_command(
    rates: RatesOption = "prefecture",
    rate_year: RateYear = 2022,
    open_band: OpenBand = 95,
    ratio_95plus: Ratio95 = None,
    as_json: Annotated[bool, typer.Option("--json", help=say(HELP["json"]))] = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Print the comparison with the ministry's projection."""
    settle(lang, data)
    parameters = _parameters(
        areas="330", rates=rates, rate_year=rate_year, open_band=open_band, ratio_95plus=ratio_95plus
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


def _parameters(*, services: list[str] | None = None, **given: Any) -> RunParameters:
    """Check the options; the first that cannot be used is named in one sentence."""
    from pydantic import ValidationError

    from zaitaku_demand.parameters import PARAMETER_NAMES, PARAMETER_VALUES, RunParameters
    from zaitaku_demand.rates.services import services as declared

    if services:
        given["services"] = tuple(declared()) if services == ["all"] else tuple(services)
    try:
        return RunParameters(**given)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else "ratio_95plus"
        value = given.get(key)
        shown = "、".join(value) if isinstance(value, tuple) else value
        raise refused(PARAMETER_NAMES[key], shown, PARAMETER_VALUES[key]) from None


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
    return "-".join(part.replace(os.sep, "_") for part in parts)

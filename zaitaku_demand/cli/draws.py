"""`zaitaku draws`: random runs of one service, their intervals and peaks as tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zaitaku_demand.cli.options import (
    Areas,
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
)
from zaitaku_demand.cli.settings import read_parameters, refused, require_folder, settle
from zaitaku_demand.cli.words import HELP, say
from zaitaku_demand.cli.words_draws import HELP as WORDS
from zaitaku_demand.cli.words_draws import RUN_LINE, WRITTEN, summary

if TYPE_CHECKING:
    import pandas as pd

    from zaitaku_demand.projection.draws.factors import Principal
    from zaitaku_demand.projection.draws.settings import DrawSettings


def draws_command(
    runs: Annotated[int, typer.Option("--runs", help=say(WORDS["runs"]))] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help=say(WORDS["seed"]))] = 2022,
    source: Annotated[list[str] | None, typer.Option("--source", help=say(WORDS["source"]))] = None,
    run: Annotated[int | None, typer.Option("--run", help=say(WORDS["run"]))] = None,
    with_table: Annotated[bool, typer.Option("--table", help=say(WORDS["table"]))] = False,
    edition: Edition = "2023",
    areas: Areas = None,
    population: PopulationFile = None,
    rates: RatesOption = "prefecture",
    rate_year: RateYear = 2022,
    service: Annotated[str | None, typer.Option("--service", help=say(WORDS["service"]))] = None,
    prefecture: Prefecture = None,
    horizon: Horizon = None,
    open_band: OpenBand = 95,
    ratio_95plus: Ratio95 = None,
    scenario: ScenarioOption = None,
    differences: Differences = None,
    out: Annotated[Path | None, typer.Option("--out", help=say(WORDS["out"]))] = None,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Draw, and write the tables; with `--run` print the figures of one run alone."""
    settle(lang, data)
    parameters = read_parameters(
        edition=edition,
        areas=areas,
        population_file=population,
        rates=rates,
        rate_year=rate_year,
        services=None if service is None else [service],
        prefecture=prefecture,
        horizon=horizon,
        open_band=open_band,
        ratio_95plus=ratio_95plus,
        scenarios=[*(scenario or []), *(differences or [])],
    )
    settings = read_settings(runs=runs, seed=seed, sources=source)
    folder = out if out is not None else Path("reports") / "draws"
    require_folder(folder)
    from zaitaku_demand.cli.progress import Progress
    from zaitaku_demand.projection.draws.engine import run_alone, simulate
    from zaitaku_demand.projection.draws.factors import Principal
    from zaitaku_demand.projection.draws.sources import random_sources
    from zaitaku_demand.projection.draws.table import draw_table
    from zaitaku_demand.projection.draws.variance import source_shares
    from zaitaku_demand.projection.job import main_job

    with Progress() as progress:
        progress.step(say(HELP["computing"]))
        principal = Principal(main_job(parameters).annual)
        sources = random_sources(principal)
        table = draw_table(principal, sources, settings)
        if run is None:
            result = simulate(
                principal, sources, table, progress=progress.counter(say(WORDS["drawing"])), workers=2
            )
            frames = {
                "intervals": result.intervals(),
                "peak_probability": result.peak_years(),
                "peak_intervals": result.peaks(),
            }
            if table.sources:
                progress.step(say(WORDS["sharing"]))
                frames["uncertainty_sources"] = source_shares(principal, sources, table)
            written = _write(folder, frames, principal, settings, table.frame() if with_table else None)
    if run is not None:
        _print_run(principal, run_alone(principal, sources, table, run), run)
        return
    typer.echo(summary(result, principal.projection.rates.units[principal.service]))
    typer.echo(say(WRITTEN.format(path=folder.resolve(), files=", ".join(written))))


def read_settings(*, runs: int, seed: int, sources: list[str] | None = None) -> DrawSettings:
    """The options of the draws checked; the first that cannot be used is named in one sentence."""
    from pydantic import ValidationError

    from zaitaku_demand.projection.draws.settings import SETTING_NAMES, SETTING_VALUES, DrawSettings

    given: dict[str, Any] = {"runs": runs, "seed": seed}
    if sources:
        given["sources"] = tuple(sources)
    try:
        return DrawSettings(**given)
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        value = given[key]
        shown = "、".join(value) if isinstance(value, tuple) else value
        raise refused(SETTING_NAMES[key], shown, SETTING_VALUES[key]) from None


def _write(
    folder: Path,
    frames: dict[str, pd.DataFrame],
    principal: Principal,
    settings: DrawSettings,
    table: pd.DataFrame | None,
) -> list[str]:
    """All tables or none: they are put in place together."""
    from zaitaku_demand.report.csvfile import write_csv
    from zaitaku_demand.report.place import folder_beside
    from zaitaku_demand.store.tables import write_table

    projection = principal.projection
    keys = {
        **projection.keys(),
        "service": principal.service_id,
        "unit": projection.rates.units[principal.service].ja,
        "state": "estimated",
        "runs": settings.runs,
        "seed": settings.seed,
        "sources": "・".join(settings.sources),
    }
    names = []
    with folder_beside(folder) as part:
        for name, frame in frames.items():
            keyed = frame.assign(**{key: value for key, value in keys.items() if key not in frame})
            write_table(keyed, part / f"{name}.parquet", None)
            write_csv(keyed, part / f"{name}.csv")
            names += [f"{name}.csv", f"{name}.parquet"]
        if table is not None:
            write_table(table.reset_index(), part / "draw_table.parquet", None)
            names.append("draw_table.parquet")
    return names


def _print_run(principal: Principal, values: Any, run: int) -> None:
    areas, years = principal.projection.population.areas, principal.projection.years
    typer.echo(say(RUN_LINE.format(run=run)))
    typer.echo("\t".join(["area_code", "area_name", *(str(year) for year in years)]))
    for place, (code, name) in enumerate(zip(areas["area_code"], areas["area_name"], strict=True)):
        typer.echo("\t".join([code, name, *(f"{value:.10g}" for value in values[place])]))

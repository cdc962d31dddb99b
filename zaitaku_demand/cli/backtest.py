"""`zaitaku backtest`: errors and coverage of past forecasts, the losing methods too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zaitaku_demand.cli.settings import refused, settle
from zaitaku_demand.cli.words import HELP as COMMON_HELP
from zaitaku_demand.cli.words import say
from zaitaku_demand.cli.words_backtest import (
    ALL_HORIZONS,
    COLUMNS,
    COMMON,
    DEFAULT,
    HELP,
    LEVELS,
    POPULATION,
    SIZE_COLUMNS,
    SIZES,
    damping_sentence,
)
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

SHOWN = ("method", "level", "horizon", "service", "size_class", "population", "origins", "compared", "n")
MEASURES = (
    "mape",
    "median_ape",
    "bias",
    "coverage_80",
    "coverage_95",
    "coverage_80_years",
    "coverage_95_years",
)


def backtest_command(
    service: Annotated[list[str] | None, typer.Option("--service", help=say(HELP["service"]))] = None,
    level: Annotated[list[str] | None, typer.Option("--level", help=say(HELP["level"]))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say(HELP["json"]))] = False,
    full: Annotated[bool, typer.Option("--full", help=say(HELP["full"]))] = False,
    population: Annotated[bool, typer.Option("--population", help=say(HELP["population"]))] = False,
    lang: Annotated[str | None, typer.Option("--lang", help=say(COMMON_HELP["lang"]))] = None,
    data: Annotated[Path | None, typer.Option("--data", help=say(COMMON_HELP["data"]))] = None,
) -> None:
    """Print the backtest."""
    settle(lang, data)
    services = chosen_services(service)
    levels = chosen_levels(level)
    if population:
        _print_population(as_json)
        return
    from zaitaku_demand.backtest.judge import NOTES, backtest_errors

    table = backtest_errors()
    table = table[table["service"].isin([*services, "all"]) & table["level"].isin(levels)]
    compared = table[(table["compared"] == "common") & (table["population"] == "edition")]
    compared = compared[compared["origins"] == "all"]
    if as_json:
        # One row a method, level and horizon (and service): size classes and the pooled services are in --full.
        plain = compared[compared["service"].isin(services) & (compared["size_class"] == "all")]
        typer.echo(json.dumps(json_rows(table if full else plain), ensure_ascii=False))
        return
    typer.echo(say(_damping()))
    typer.echo(say(COMMON))
    for name in services:
        _print_service(compared[compared["service"] == name], name)
    for note in NOTES:
        typer.echo(say(note))
    if service is None:
        typer.echo("")
        _print_population(as_json=False)


def json_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as they are printed with `--json`; a missing share is null, horizon 0 means all horizons.

    ``default`` says whether the method is the default of the service.
    """
    from zaitaku_demand.backtest.judge import default_method

    defaults = {name: default_method(name) for name in table["service"].unique() if name != "all"}
    rows: list[dict[str, Any]] = []
    for row in table.to_dict("records"):
        measures = {name: None if row[name] != row[name] else row[name] for name in MEASURES}
        default = {"default": defaults.get(row["service"]) == row["method"]}
        rows.append({name: row[name] for name in SHOWN} | measures | default)
    return rows


def chosen_services(given: list[str] | None) -> tuple[str, ...]:
    """Services of `--service`; the patients of home visits by default.

    Raises
    ------
    InputError
        If there is no such service.
    """
    from zaitaku_demand.rates.services import HOME_VISIT_PATIENTS, service, services

    if given is None:
        return (HOME_VISIT_PATIENTS,)
    if given == ["all"]:
        return tuple(services())
    return tuple(dict.fromkeys(service(name).id for name in given))


def chosen_levels(given: list[str] | None) -> tuple[str, ...]:
    """Levels of `--level`; all by default.

    Raises
    ------
    InputError
        If there is no such level.
    """
    for name in given or ():
        if name not in LEVELS:
            raise refused(
                Text("水準", "the level"),
                name,
                Text("nation・prefecture・area から選んでください", "choose nation, prefecture or area"),
            )
    return tuple(dict.fromkeys(given)) if given else tuple(LEVELS)


def _print_service(table: pd.DataFrame, name: str) -> None:
    from zaitaku_demand.backtest.judge import default_method, default_reason
    from zaitaku_demand.rates.services import service
    from zaitaku_demand.rates.trend_breaks import break_notes

    typer.echo("")
    typer.echo(f"{say(service(name).name)} ({name})")
    typer.echo(say(default_reason(name)))
    default = default_method(name)
    for note in break_notes(name):
        typer.echo(say(note))
    for level, label in LEVELS.items():
        inside = table[(table["level"] == level) & (table["size_class"] == "all")]
        if inside.empty:
            continue
        typer.echo(f"[{say(label)}]")
        typer.echo(say(COLUMNS))
        for horizon in sorted(inside["horizon"].unique(), key=lambda step: (step == 0, step)):
            title = say(ALL_HORIZONS) if horizon == 0 else str(horizon)
            _print_rows(inside[inside["horizon"] == horizon], title, default)
        classes = table[(table["level"] == level) & (table["size_class"] != "all") & (table["horizon"] == 0)]
        if classes.empty:
            continue
        typer.echo(say(SIZE_COLUMNS))
        for size, title_text in SIZES.items():
            _print_rows(classes[classes["size_class"] == size], say(title_text), default)


def _print_rows(rows: pd.DataFrame, title: str, default: str) -> None:
    from zaitaku_demand.backtest.methods import AREA_METHODS

    for row in rows.sort_values("mape", kind="stable").to_dict("records"):
        errors = "\t".join(f"{row[name]:.1f}" for name in MEASURES[:3])
        shares = "\t".join("-" if row[name] != row[name] else f"{row[name]:.1%}" for name in MEASURES[3:])
        name = say(AREA_METHODS[row["method"]]) + (say(DEFAULT) if row["method"] == default else "")
        typer.echo(f"{title}\t{row['n']}\t{errors}\t{shares}\t{name}")


def _print_population(as_json: bool) -> None:
    from zaitaku_demand.backtest.population import population_backtest_json, population_backtest_rows

    if as_json:
        typer.echo(json.dumps(population_backtest_json(), ensure_ascii=False))
        return
    headings, rows = population_backtest_rows()
    typer.echo(say(POPULATION))
    for row in (headings, *rows):
        typer.echo("\t".join(say(cell) for cell in row))


def _damping() -> Text:
    from zaitaku_demand.backtest.judge import forecast_error

    table = forecast_error()
    phi = float(table.loc[table["parameter"] == "damping", "value"].iloc[0])
    drawn = table[table["parameter"] == "damping_resampled"]
    share = drawn["value"].cumsum()
    low, high = (float(drawn.loc[share >= level, "level"].iloc[0]) for level in (0.1, 0.9))
    return damping_sentence(phi, low, high)

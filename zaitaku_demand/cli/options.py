"""Options that several commands have: the same name, the same sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zaitaku_demand.cli.words import HELP, say
from zaitaku_demand.cli.words_scenarios import HELP as SCENARIO_HELP

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
ScenarioOption = Annotated[list[str] | None, typer.Option("--scenario", help=say(SCENARIO_HELP["scenario"]))]
Differences = Annotated[list[str] | None, typer.Option("--set", help=say(SCENARIO_HELP["set_for_run"]))]
CertifiedFile = Annotated[Path | None, typer.Option("--certified", help=say(HELP["certified"]))]
Lang = Annotated[str | None, typer.Option("--lang", help=say(HELP["lang"]))]
DataFolder = Annotated[Path | None, typer.Option("--data", help=say(HELP["data"]))]
AsJson = Annotated[bool, typer.Option("--json", help=say(HELP["json"]))]

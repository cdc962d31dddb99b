"""`zaitaku peak`: peaks as a table on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from zaitaku_demand.areas.municipalities import WHOLE_FUKUSHIMA
from zaitaku_demand.cli.words import say
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.job import MainJob, main_job
from zaitaku_demand.projection.peak import LATE_PEAK, find_peaks, peak_class, peak_classes, tidy_peaks
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    Text("コード", "Code"),
    Text("圏域", "Area"),
    Text("基準年の値", "Base"),
    Text("ピーク（5年ごと）", "Peak (grid)"),
    Text("ピーク（毎年）", "Peak (annual)"),
    Text("高原期間", "Plateau"),
    Text("ピーク値", "Peak value"),
    Text("増加率", "Growth"),
)


def print_peaks(parameters: RunParameters) -> None:
    """One line an area."""
    from rich.console import Console
    from rich.table import Table

    job, frame = _peaks(parameters)
    for place, name in enumerate(job.grid.rates.services):
        rates = job.grid.rates
        table = Table(title=f"{say(rates.names[place])}（{say(rates.units[place])}）", title_justify="left")
        for position, column in enumerate(_COLUMNS):
            table.add_column(say(column), justify="left" if position < 2 else "right", no_wrap=position < 2)
        for row in frame[frame["service"] == name].to_dict("records"):
            later = say(Text("（打切り）", " (censored)")) if row["censored"] else ""
            table.add_row(
                row["area_code"],
                row["area_name"],
                f"{row['base_value']:,.0f}",
                say(peak_class(int(row["peak_year_grid"]), job.grid.years)),
                f"{row['peak_year_annual']}{later}",
                f"{row['plateau_start']}–{row['plateau_end']}",
                f"{row['peak_value']:,.0f}",
                f"{100 * row['growth']:+.1f}%",
            )
        Console(width=None if typer.get_text_stream("stdout").isatty() else 120).print(table)
    typer.echo(_footnote(job))


def print_summary(parameters: RunParameters) -> None:
    """Number of areas by class of peak year."""
    job, frame = _peaks(parameters)
    classes = peak_classes(job.grid.years)
    for name in job.grid.rates.services:
        years = frame.loc[frame["service"] == name, "peak_year_grid"]
        for label, year in zip(classes, job.grid.years, strict=True):
            typer.echo(f"{name}\t{say(label)}\t{int((years == year).sum())}")
        late = int((years >= LATE_PEAK).sum())
        typer.echo(f"{name}\t{say(Text('2040年以降（合計）', '2040 or later (sum)'))}\t{late}")
    typer.echo(_footnote(job))


def _peaks(parameters: RunParameters) -> tuple[MainJob, pd.DataFrame]:
    job = main_job(parameters)
    frame = tidy_peaks(find_peaks(job.grid, job.annual), job.grid)
    return job, frame[frame["area_code"] != WHOLE_FUKUSHIMA[0]]


def _footnote(job: MainJob) -> str:
    rates, population = job.grid.rates, job.grid.population
    text = Text(
        f"推計値。{population.system.label.ja}、将来推計人口 {population.edition}年版、最高年齢階級 {rates.open_band}、"
        f"基準年 {rates.base_year}年度、{rates.source.ja}。シナリオ：{job.scenario.name.ja}。",
        f"Estimates. {population.system.label.en}; population edition {population.edition}; open band {rates.open_band}; "
        f"base year FY{rates.base_year}; {rates.source.en}. Scenario: {job.scenario.name.en}.",
    )
    return say(text)

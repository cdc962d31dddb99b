"""`zaitaku compare official`: the ministry's R7 projection beside ours."""

from __future__ import annotations

import json

import typer

from zaitaku_demand.cli.words import say
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.compare import compare_official
from zaitaku_demand.projection.job import main_job
from zaitaku_demand.text import Text


def print_comparison(parameters: RunParameters, as_json: bool) -> None:
    """Correlation and differences of the indices between two years, by area."""
    grid = main_job(parameters).grid
    rows = compare_official(grid).to_dict("records")
    if as_json:
        typer.echo(
            json.dumps(
                {"open_band": grid.population.open_band, "rate_level": grid.rates.level, "pairs": rows},
                indent=2,
            )
        )
        return
    typer.echo(
        say(
            Text(
                "厚生労働省 令和7年の在宅（訪問診療）需要推計との比較（2つの年の比、圏域別、当てはめなし）",
                "Against the ministry's R7 projection of home visits (ratio of two years, by area; nothing fitted)",
            )
        )
    )
    typer.echo(
        say(
            Text(
                "比\t圏域数\t相関\t差の中央値(%)\t差の95％点(%)",
                "index\tn\tcorrelation\tmedian |diff| %\tp95 |diff| %",
            )
        )
    )
    for row in rows:
        typer.echo(
            f"{row['to_year']}/{row['from_year']}\t{row['n']}\t{row['correlation']:.4f}\t{row['median_abs']:.2f}\t{row['p95_abs']:.2f}"
        )
    typer.echo(
        say(Text(f"最高年齢階級 {grid.population.open_band}", f"open band {grid.population.open_band}"))
    )

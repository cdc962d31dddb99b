"""`zaitaku compare official`: the ministry's R7 projection beside ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import typer

from zaitaku_demand.cli.words import say
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.compare import agreement
from zaitaku_demand.projection.compare_reasons import OfficialComparison, official_comparison
from zaitaku_demand.projection.job import main_job
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd


def print_comparison(parameters: RunParameters, as_json: bool) -> None:
    """Indices between two years, peak classes, what the gaps come from, and the largest of them."""
    job = main_job(parameters)
    found = official_comparison(job)
    if as_json:
        out = {
            "open_band": job.grid.population.open_band,
            "rate_level": job.grid.rates.level,
            "pairs": found.pairs.to_dict("records"),
            **_more(found),
        }
        typer.echo(json.dumps(out, ensure_ascii=False, indent=2))
        return
    typer.echo(
        say(
            Text(
                "厚生労働省 令和7年の在宅（訪問診療）需要推計との比較（2つの年の比、圏域別、当てはめなし）",
                "Against the ministry's R7 projection of home visits (ratio of two years, by area; nothing fitted)",
            )
        )
    )
    _print_pairs(found.pairs)
    band = job.grid.population.open_band
    typer.echo(say(Text(f"最高年齢階級 {band}", f"open band {band}")))
    typer.echo("")
    for sentence in found.summary:
        typer.echo(say(sentence))
    typer.echo("")
    _print_classes(found.classes)
    typer.echo("")
    _print_largest(found.largest)


def _more(found: OfficialComparison) -> dict[str, Any]:
    """What the JSON holds besides the pairs."""
    return {
        "ranks": _records(found.ranks),
        "agreement": agreement(found.classes),
        "agreement_with_observed_year": agreement(found.classes_with_observed),
        "peak_classes": {
            "years": [int(year) for year in found.classes.index],
            "ours_by_theirs": found.classes.to_numpy().tolist(),
        },
        "variants": _records(found.variants),
        "chance": _records(found.chance),
        "largest": _records(found.largest),
        "summary": [sentence._asdict() for sentence in found.summary],
    }


def _records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    rows: list[dict[Any, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return rows


def _print_pairs(pairs: pd.DataFrame) -> None:
    typer.echo(
        say(
            Text(
                "比\t圏域数\t相関\t差の中央値(%)\t差の95％点(%)",
                "index\tn\tcorrelation\tmedian |diff| %\tp95 |diff| %",
            )
        )
    )
    for row in pairs.to_dict("records"):
        typer.echo(
            f"{row['to_year']}/{row['from_year']}\t{row['n']}\t{row['correlation']:.4f}\t{row['median_abs']:.2f}\t{row['p95_abs']:.2f}"
        )


def _print_classes(classes: pd.DataFrame) -> None:
    """Our class of the peak year in the rows, the ministry's in the columns."""
    typer.echo(
        say(
            Text(
                "ピーク年（行：このツール、列：厚生労働省、圏域数）",
                "Peak year (rows: this toolkit, columns: the ministry; areas)",
            )
        )
    )
    typer.echo("\t".join(["", *(str(year) for year in classes.columns)]))
    for year, row in zip(classes.index, classes.to_numpy(), strict=True):
        typer.echo("\t".join([str(year), *(str(count) for count in row)]))


def _print_largest(largest: pd.DataFrame) -> None:
    typer.echo(
        say(
            Text(
                f"差の大きい{len(largest)}圏域（2050年/2030年の比）\nコード\t圏域\t都道府県\tピーク\t厚労省\t比\t厚労省\t差(%)\t理由",
                f"The {len(largest)} largest gaps (index 2050/2030)\n"
                "code\tarea\tprefecture\tpeak\ttheirs\tindex\ttheirs\tgap %\treason",
            )
        )
    )
    for row in largest.to_dict("records"):
        reason = say(Text(row["reason_ja"], row["reason_en"]))
        typer.echo(
            f"{row['area_code']}\t{row['area_name']}\t{row['prefecture_name']}\t{row['our_peak']}\t{row['their_peak']}\t"
            f"{row['our_index']:.3f}\t{row['their_index']:.3f}\t{row['difference']:+.1f}\t{reason}"
        )

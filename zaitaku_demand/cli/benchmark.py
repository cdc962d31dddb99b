"""`zaitaku benchmark`: the common indicators compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zaitaku_demand.cli.settings import refused, require_folder, settle
from zaitaku_demand.cli.words import HELP, say
from zaitaku_demand.cli.words_benchmark import HELP as WORDS

if TYPE_CHECKING:
    from zaitaku_demand.benchmark.request import BenchmarkRequest


def benchmark_command(
    level: Annotated[str, typer.Option("--level", help=say(WORDS["level"]))] = "prefecture",
    prefecture: Annotated[str | None, typer.Option("--prefecture", help=say(WORDS["prefecture"]))] = None,
    peers: Annotated[str, typer.Option("--peers", help=say(WORDS["peers"]))] = "nearest",
    year: Annotated[int | None, typer.Option("--year", help=say(WORDS["year"]))] = None,
    period: Annotated[list[str] | None, typer.Option("--period", help=say(WORDS["period"]))] = None,
    target: Annotated[str, typer.Option("--target", help=say(WORDS["target"]))] = "peers",
    targets: Annotated[Path | None, typer.Option("--targets", help=say(WORDS["targets"]))] = None,
    values: Annotated[list[Path] | None, typer.Option("--values", help=say(WORDS["values"]))] = None,
    home_care: Annotated[Path | None, typer.Option("--home-care", help=say(WORDS["home_care"]))] = None,
    shrink: Annotated[str, typer.Option("--shrink", help=say(WORDS["shrink"]))] = "all",
    core_set: Annotated[Path | None, typer.Option("--core-set", help=say(WORDS["core_set"]))] = None,
    settings: Annotated[Path | None, typer.Option("--settings", help=say(WORDS["settings"]))] = None,
    out: Annotated[Path | None, typer.Option("--out", help=say(HELP["out"]))] = None,
    lang: Annotated[str | None, typer.Option("--lang", help=say(HELP["lang"]))] = None,
    data: Annotated[Path | None, typer.Option("--data", help=say(HELP["data"]))] = None,
) -> None:
    """Compute and write the benchmark."""
    settle(lang, data)
    request = read_request(
        periods=period,
        settings=settings,
        level=level,
        prefecture=prefecture,
        peers=peers,
        year=year,
        target=target,
        targets_file=targets,
        values_files=tuple(values or ()),
        home_care_file=home_care,
        shrink=shrink,
        core_set_file=core_set,
    )
    from zaitaku_demand.cli.progress import Progress

    folder = out if out is not None else Path("reports") / _name(request)
    require_folder(folder)
    with Progress() as progress:
        progress.step(say(WORDS["computing"]))
        from zaitaku_demand.benchmark_run import compute_benchmark
        from zaitaku_demand.report.benchmark_write import write_benchmark
        from zaitaku_demand.text import language_of_terminal

        content = compute_benchmark(request)
        progress.step(say(HELP["writing"]))
        write_benchmark(content, folder, (language_of_terminal(),))
    from zaitaku_demand.cli.words_benchmark import benchmark_summary

    typer.echo(benchmark_summary(content, folder.resolve()))


def read_request(
    periods: list[str] | None = None, settings: Path | None = None, **given: Any
) -> BenchmarkRequest:
    """The options checked; the first that cannot be used is named in one sentence."""
    from pydantic import ValidationError

    from zaitaku_demand.benchmark.parameters import BenchmarkPartsParameters
    from zaitaku_demand.benchmark.request import (
        REQUEST_NAMES,
        REQUEST_VALUES,
        BenchmarkRequest,
        read_period,
    )
    from zaitaku_demand.benchmark.settings import read_settings

    parts = BenchmarkPartsParameters() if settings is None else read_settings(settings)
    if periods:
        for text in periods:
            try:
                read_period(text)
            except ValueError:
                raise refused(REQUEST_NAMES["periods"], text, REQUEST_VALUES["periods"]) from None
        chosen = parts.pdca.model_copy(update={"periods": tuple(read_period(text) for text in periods)})
        parts = parts.model_copy(update={"pdca": chosen})
    try:
        return BenchmarkRequest(parts=parts, **given)
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        raise refused(REQUEST_NAMES[key], given.get(key), REQUEST_VALUES[key]) from None


def _name(request: BenchmarkRequest) -> str:
    parts = ["benchmark", request.level, Path(request.peers.split(",")[0]).name]
    if request.prefecture is not None:
        parts.append(request.prefecture.replace("/", "_"))
    if request.year is not None:
        parts.append(str(request.year))
    if request.core_set_file is not None:
        parts.append(request.core_set_file.stem)
    return "-".join(parts)

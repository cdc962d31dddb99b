"""`zaitaku research`: panel, plan, reliability, validity, associate, design, core-set, power, report."""

from __future__ import annotations

import json
import os
import shlex
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zaitaku_demand.cli.options import AsJson, DataFolder, Lang
from zaitaku_demand.cli.research_terminal import (
    about,
    computing,
    digest_line,
    print_json,
    records,
    require_file,
    show,
    working,
)
from zaitaku_demand.cli.settings import require_folder, settle
from zaitaku_demand.cli.words import HELP as COMMON_HELP
from zaitaku_demand.cli.words import say
from zaitaku_demand.cli.words_benchmark import HELP as BENCHMARK_HELP
from zaitaku_demand.cli.words_research import HELP, WRITTEN
from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text, language_of_terminal

if TYPE_CHECKING:
    from zaitaku_demand.research.request import ResearchRequest

research_app = typer.Typer(help=say(HELP["app"]), no_args_is_help=True, rich_markup_mode=None)

Plan = Annotated[Path | None, typer.Option("--plan", help=say(HELP["plan_file"]))]
Differences = Annotated[list[str] | None, typer.Option("--set", help=say(HELP["set"]))]
Levels = Annotated[list[str] | None, typer.Option("--level", help=say(HELP["level"]))]
Outcomes = Annotated[list[str] | None, typer.Option("--outcome", help=say(HELP["outcome"]))]
Values = Annotated[list[Path] | None, typer.Option("--values", help=say(BENCHMARK_HELP["values"]))]
HomeCare = Annotated[Path | None, typer.Option("--home-care", help=say(BENCHMARK_HELP["home_care"]))]
Own = Annotated[list[Path] | None, typer.Option("--own", help=say(HELP["own"]))]
OwnRatio = Annotated[list[Path] | None, typer.Option("--own-ratio", help=say(HELP["own_ratio"]))]
Full = Annotated[bool, typer.Option("--full", help=say(HELP["full"]))]
Csv = Annotated[Path | None, typer.Option("--csv", help=say(HELP["csv"]))]
Reason = Annotated[str, typer.Option("--reason", help=say(HELP["reason"]))]
Out = Annotated[Path | None, typer.Option("--out", help=say(COMMON_HELP["out"]))]
Designation = Annotated[Path | None, typer.Option("--designation", help=say(HELP["designation"]))]
Importance = Annotated[Path | None, typer.Option("--importance", help=say(HELP["importance"]))]


@research_app.callback()
def _one_thread() -> None:
    """Set up the process before anything is computed."""
    # The models are thousands of small fits: waking a second thread for each takes longer than the arithmetic, twice
    # the time where another program is at work too. OpenBLAS reads this when numpy is imported, which comes later.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@research_app.command("panel", help=say(HELP["panel"]))
def panel_command(
    levels: Levels = None,
    values: Values = None,
    home_care: HomeCare = None,
    own: Own = None,
    own_ratio: OwnRatio = None,
    only_codebook: Annotated[bool, typer.Option("--codebook", help=say(HELP["codebook"]))] = False,
    out: Out = None,
    as_json: AsJson = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Write the panel and its codebook."""
    settle(lang, data)
    request = _request(levels=levels, values=values, home_care=home_care, own=own, own_ratio=own_ratio)
    from zaitaku_demand.research.codebook import codebook

    panels = list(request.panels.values())
    language = language_of_terminal()
    if only_codebook:
        book = codebook(panels, language)
        if as_json:
            print_json({"variables": records(book)})
            return
        for row in book.to_dict("records"):
            typer.echo("\t".join(str(row[name]) for name in ("level", "name", "role", "years", "label")))
        return
    from zaitaku_demand.research.export import write_panel

    folder = out if out is not None else Path("reports") / "research-panel"
    require_folder(folder)
    written = write_panel(panels, folder, (language, "en" if language == "ja" else "ja"))
    if as_json:
        print_json(
            {"files": [str(path) for path in written], "variables": records(codebook(panels, language))}
        )
        return
    for path in written:
        typer.echo(say(WRITTEN.format(path=path)))


@research_app.command("plan", help=say(HELP["plan"]))
def plan_command(
    plan: Plan = None,
    differences: Differences = None,
    out: Annotated[Path | None, typer.Option("--out", help=say(HELP["out_plan"]))] = None,
    as_json: AsJson = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Show the plan, or write one to start from."""
    settle(lang, data)
    require_file(out, "--out")
    from zaitaku_demand.research.plan import items

    request = _request(plan=plan, differences=differences, files_later=True)
    if out is not None:
        _write_plan(request, out)
    if as_json:
        print_json({**about(request), "items": items(request.plan)})
        return
    if out is not None:
        typer.echo(say(WRITTEN.format(path=out)))
        return
    typer.echo(say(digest_line(request)))
    for item, value in items(request.plan).items():
        typer.echo(f"{item} = {value}")


@research_app.command("reliability", help=say(HELP["reliability"]))
def reliability_command(
    levels: Levels = None,
    outcomes: Outcomes = None,
    plan: Plan = None,
    differences: Differences = None,
    values: Values = None,
    home_care: HomeCare = None,
    own: Own = None,
    own_ratio: OwnRatio = None,
    csv: Csv = None,
    full: Full = False,
    as_json: AsJson = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Reliability and judgement."""
    settle(lang, data)
    require_file(csv, "--csv")
    request = _request(levels, outcomes, plan, differences, values, home_care, own, own_ratio)
    from zaitaku_demand.research_run import judgement_of, reliability_of, validity_of

    with working("reliability"):
        table = reliability_of(request)
        judged = judgement_of(request, table, validity_of(request, table))
    sentences = [Text(row["sentence_ja"], row["sentence_en"]) for row in judged.to_dict("records")]
    show(request, table, "reliability", sentences, csv, as_json, full, {"judgement": records(judged)})


@research_app.command("validity", help=say(HELP["validity"]))
def validity_command(
    levels: Levels = None,
    outcomes: Outcomes = None,
    plan: Plan = None,
    differences: Differences = None,
    values: Values = None,
    home_care: HomeCare = None,
    own: Own = None,
    own_ratio: OwnRatio = None,
    csv: Csv = None,
    full: Full = False,
    as_json: AsJson = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Validity."""
    settle(lang, data)
    require_file(csv, "--csv")
    request = _request(levels, outcomes, plan, differences, values, home_care, own, own_ratio)
    from zaitaku_demand.research_description import validity_sentences
    from zaitaku_demand.research_run import reliability_of, validity_of

    with working("validity"):
        table = validity_of(request, reliability_of(request))
    show(request, table, "validity", validity_sentences(request, table), csv, as_json, full)


@research_app.command("associate", help=say(HELP["associate"]))
def associate_command(
    levels: Levels = None,
    outcomes: Outcomes = None,
    exposures: Annotated[list[str] | None, typer.Option("--exposure", help=say(HELP["exposure"]))] = None,
    plan: Plan = None,
    differences: Differences = None,
    values: Values = None,
    home_care: HomeCare = None,
    own: Own = None,
    own_ratio: OwnRatio = None,
    csv: Csv = None,
    full: Full = False,
    as_json: AsJson = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Associations and how robust they are."""
    settle(lang, data)
    require_file(csv, "--csv")
    request = _request(
        levels, outcomes, plan, differences, values, home_care, own, own_ratio, exposures=exposures
    )
    from zaitaku_demand.research_description import CAVEATS, curve_sentences
    from zaitaku_demand.research_run import associations_of, robustness_of

    with working("association"):
        table = associations_of(request)
        if table.empty:
            raise InputError(
                Text(
                    "指定したアウトカムと要因の組には、同じ地域の単位の値がない、または宣言された組がない",
                    "no pair of outcome and exposure is declared for what was asked, or none has figures at one level",
                ),
                Text(
                    "「--exposure」と「--level」を確かめてください。変数は「zaitaku research panel --codebook」で一覧できます",
                    "check --exposure and --level; `zaitaku research panel --codebook` lists the variables",
                ),
            )
        robustness, curves = robustness_of(request)
    sentences = [*curve_sentences(request, curves), CAVEATS[0]]
    further = {"robustness": records(robustness), "specification": records(curves)}
    show(request, table, "association", sentences, csv, as_json, full, further)


@research_app.command("design", help=say(HELP["design"]))
def design_command(
    levels: Levels = None,
    outcomes: Outcomes = None,
    designation: Designation = None,
    plan: Plan = None,
    differences: Differences = None,
    values: Values = None,
    home_care: HomeCare = None,
    own: Own = None,
    own_ratio: OwnRatio = None,
    csv: Csv = None,
    full: Full = False,
    as_json: AsJson = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Changes before and after."""
    settle(lang, data)
    require_file(csv, "--csv")
    if outcomes:
        compared = json.dumps(list(dict.fromkeys(outcomes)))
        differences = [*(differences or []), f"designs.differences.outcomes={compared}"]
    request = _request(
        levels, outcomes, plan, differences, values, home_care, own, own_ratio, designation=designation
    )
    from zaitaku_demand.research_description import design_statements
    from zaitaku_demand.research_run import designs_of

    with working("designs"):
        tables = designs_of(request)
    further = {name: records(tables[name]) for name in ("event_study", "interrupted_lines")}
    show(
        request,
        tables["designs"],
        "designs",
        design_statements(request, tables["designs"]),
        csv,
        as_json,
        full,
        further,
    )


@research_app.command("core-set", help=say(HELP["core_set"]))
def core_set_command(
    importance: Importance = None,
    plan: Plan = None,
    differences: Differences = None,
    values: Values = None,
    home_care: HomeCare = None,
    out: Annotated[Path | None, typer.Option("--out", help=say(HELP["out_file"]))] = None,
    as_json: AsJson = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Propose a core set."""
    settle(lang, data)
    require_file(out, "--out")
    request = _request(None, None, plan, differences, values, home_care, importance=importance)
    from zaitaku_demand import __version__
    from zaitaku_demand.research.core_set.file import write_core_set
    from zaitaku_demand.research_description import core_sentences, data_version
    from zaitaku_demand.research_run import core_set_of

    with working("core_set"):
        core = core_set_of(request)
    if out is not None:
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        write_core_set(core, out, date.today(), data_version(), __version__)
    if as_json:
        frames = ("members", "criteria", "stability", "clusters", "left_out", "empty_cells")
        print_json({**about(request), **{name: records(getattr(core, name)) for name in frames}})
        return
    for sentence in core_sentences(core):
        typer.echo(say(sentence))
    if out is not None:
        typer.echo(say(WRITTEN.format(path=out)))


@research_app.command("power", help=say(HELP["power"]))
def power_command(
    levels: Levels = None,
    outcomes: Outcomes = None,
    plan: Plan = None,
    differences: Differences = None,
    values: Values = None,
    home_care: HomeCare = None,
    own: Own = None,
    own_ratio: OwnRatio = None,
    csv: Csv = None,
    full: Full = False,
    as_json: AsJson = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Power of future studies."""
    settle(lang, data)
    require_file(csv, "--csv")
    request = _request(levels, outcomes, plan, differences, values, home_care, own, own_ratio)
    from zaitaku_demand.research_description import power_statements
    from zaitaku_demand.research_run import power_of

    with working("power"):
        table = power_of(request)
    show(request, table, "power", power_statements(request, table), csv, as_json, full)


@research_app.command("report", help=say(HELP["report"]))
def report_command(
    levels: Levels = None,
    outcomes: Outcomes = None,
    designation: Designation = None,
    importance: Importance = None,
    plan: Plan = None,
    differences: Differences = None,
    reason: Reason = "",
    values: Values = None,
    home_care: HomeCare = None,
    own: Own = None,
    own_ratio: OwnRatio = None,
    out: Out = None,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Write the report."""
    settle(lang, data)
    request = _request(
        levels,
        outcomes,
        plan,
        differences,
        values,
        home_care,
        own,
        own_ratio,
        reason=reason,
        designation=designation,
        importance=importance,
    )
    folder = out if out is not None else Path("reports") / "research"
    require_folder(folder)
    from zaitaku_demand.cli.progress import Progress
    from zaitaku_demand.report.research_write import write_research
    from zaitaku_demand.research_run import compute_research

    with Progress() as progress:
        progress.step(say(HELP["building"]))

        def step(part: str) -> None:
            progress.step(say(computing(part)))

        content = compute_research(request, date.today(), _command(), step)
        progress.step(say(COMMON_HELP["writing"]))
        write_research(content, folder)
    for row in content.judgement.to_dict("records"):
        typer.echo(say(Text(row["sentence_ja"], row["sentence_en"])))
    typer.echo(say(digest_line(request)))
    page = folder.resolve() / f"report_{language_of_terminal()}.html"
    typer.echo(say(WRITTEN.format(path=page)))


def _request(
    levels: list[str] | None = None,
    outcomes: list[str] | None = None,
    plan: Path | None = None,
    differences: list[str] | None = None,
    values: list[Path] | None = None,
    home_care: Path | None = None,
    own: list[Path] | None = None,
    own_ratio: list[Path] | None = None,
    **further: Any,
) -> ResearchRequest:
    from zaitaku_demand.research.request import read_request

    return read_request(
        plan_file=plan,
        differences=differences or (),
        levels=levels or (),
        outcomes=outcomes or (),
        supplied=values or (),
        home_care=home_care,
        own=own or (),
        own_ratios=own_ratio or (),
        **{name: value for name, value in further.items() if value},
    )


def _command() -> str:
    return shlex.join(["zaitaku", *sys.argv[1:]])


def _write_plan(request: ResearchRequest, path: Path) -> None:
    from zaitaku_demand.research.plan_template import plan_template

    if path.exists():
        raise InputError(
            Text("同じ名前のファイルがある", "a file of that name is there"),
            Text("別の名前を指定してください", "give another name"),
            file=path,
        )
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    path.write_text(plan_template(request.plan, date.today(), language_of_terminal()), "utf-8", newline="\n")

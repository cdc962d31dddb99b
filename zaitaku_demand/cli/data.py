"""`zaitaku data`: fetch, status, verify, build, catalog, issues."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zaitaku_demand.cli.settings import settle
from zaitaku_demand.cli.words import HELP, say
from zaitaku_demand.text import Text

data_app = typer.Typer(help=say(HELP["data_app"]), no_args_is_help=True, rich_markup_mode=None)

Lang = Annotated[str | None, typer.Option("--lang", help=say(HELP["lang"]))]
DataFolder = Annotated[Path | None, typer.Option("--data", help=say(HELP["data"]))]
Only = Annotated[list[str] | None, typer.Option("--only", help=say(HELP["only"]))]


@data_app.command(help=say(HELP["fetch"]))
def fetch(
    mirror: Annotated[Path | None, typer.Option("--mirror", help=say(HELP["mirror"]))] = None,
    only: Only = None,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Fill data/raw."""
    settle(lang, data)
    from zaitaku_demand.cli.progress import Progress
    from zaitaku_demand.errors import InputError
    from zaitaku_demand.sources.fetch import fetch as fetch_files
    from zaitaku_demand.store.home import data_home

    raw = data_home().raw
    with Progress() as progress:
        report = fetch_files(raw, mirror=mirror, only=only, progress=lambda entry: progress.step(entry.path))
    typer.echo(
        say(
            Text(
                f"取得 {len(report.fetched)}、取得済み {len(report.kept)}、要手動 {len(report.by_hand)}、失敗 {len(report.failed)}、内容相違 {len(report.changed)}（{raw}）",
                f"fetched {len(report.fetched)}, kept {len(report.kept)}, by hand {len(report.by_hand)}, failed {len(report.failed)}, changed {len(report.changed)} ({raw})",
            )
        )
    )
    for entry in report.by_hand:
        if entry.form.startswith("official"):
            line = Text(
                f"  {entry.path}：直接の取得先がないため、{entry.url} からダウンロードして {raw / entry.path} に置く",
                f"  {entry.path}: no direct address; download it from {entry.url} and put it at {raw / entry.path}",
            )
        else:
            line = Text(
                f"  {entry.path}：整形済みのファイルで公式サイトに同じものはないため、--mirror で取得する（元の統計：{entry.url}）",
                f"  {entry.path}: a prepared file that no official address serves; use --mirror (its statistic: {entry.url})",
            )
        typer.echo(say(line))
    if report.changed or report.failed:
        listed = ", ".join([*report.changed, *report.failed])
        raise InputError(
            Text(
                f"取得できない、または登録と内容が異なるファイルがある（{listed}）",
                f"files could not be fetched or differ from the registry ({listed})",
            ),
            Text(
                "公開元での改訂の有無と通信を確かめ、もう一度実行してください",
                "check for a revision and the connection, and run it again",
            ),
        )


@data_app.command(help=say(HELP["status"]))
def status(only: Only = None, lang: Lang = None, data: DataFolder = None) -> None:
    """Show what is there."""
    settle(lang, data)
    from zaitaku_demand.sources.registry import choose
    from zaitaku_demand.store.home import data_home, table_path
    from zaitaku_demand.store.recipes import RECIPES

    home = data_home()
    typer.echo(str(home.root))
    counts: dict[str, list[int]] = {}
    for entry in choose(only):
        there = (home.raw / entry.path).is_file()
        present = counts.setdefault(entry.group, [0, 0])
        present[0] += there
        present[1] += 1
    for group, (found, total) in counts.items():
        typer.echo(f"raw\t{group}\t{found}/{total}")
    for recipe in RECIPES:
        path = table_path(recipe.name)
        typer.echo(f"table\t{recipe.name}\t{path if path else say(Text('なし', 'absent'))}")


@data_app.command(help=say(HELP["verify"]))
def verify(only: Only = None, lang: Lang = None, data: DataFolder = None) -> None:
    """Check checksums."""
    settle(lang, data)
    from zaitaku_demand.errors import InputError
    from zaitaku_demand.sources.registry import choose, state_of
    from zaitaku_demand.store.home import data_home

    raw = data_home().raw
    states = {entry.path: state_of(entry, raw) for entry in choose(only)}
    for path, state in states.items():
        if state != "verified":
            typer.echo(f"{state}\t{path}")
    verified = sum(state == "verified" for state in states.values())
    typer.echo(say(Text(f"一致 {verified} / {len(states)}", f"verified {verified} of {len(states)}")))
    wrong = [path for path, state in states.items() if state == "changed"]
    if wrong:
        raise InputError(
            Text(
                f"登録と内容が異なるファイルがある（{', '.join(wrong)}）",
                f"files differ from the registry ({', '.join(wrong)})",
            ),
            Text("「zaitaku data fetch」で取り直してください", "fetch them again with `zaitaku data fetch`"),
        )


@data_app.command(help=say(HELP["build"]))
def build(
    check: Annotated[bool, typer.Option("--check", help=say(HELP["check"]))] = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Build the processed tables."""
    settle(lang, data)
    from zaitaku_demand.cli.progress import Progress
    from zaitaku_demand.store.build import build as build_tables
    from zaitaku_demand.store.build import require_same
    from zaitaku_demand.store.home import data_home, shipped_tables

    home = data_home()
    with Progress() as progress:
        built = build_tables(home, progress.step)
    for table in built:
        typer.echo(f"{table.name}\t{table.rows}\t{table.path}")
    if check:
        require_same(home, shipped_tables())
        typer.echo(say(Text("同梱の表と一致した", "equal to the shipped tables")))


@data_app.command(help=say(HELP["catalog"]))
def catalog(
    table: Annotated[str | None, typer.Argument(help=say(HELP["table"]))] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help=say(HELP["markdown"]))] = False,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Print the catalogue."""
    settle(lang, data)
    from zaitaku_demand.store.catalog import catalogue, data_sources
    from zaitaku_demand.text import language_of_terminal

    typer.echo(data_sources().rstrip("\n") if markdown else catalogue(table, language_of_terminal()))


@data_app.command(help=say(HELP["issues"]))
def issues(lang: Lang = None) -> None:
    """Print the known issues."""
    settle(lang, None)
    from zaitaku_demand.sources.issues import known_issues

    for issue in known_issues().values():
        typer.echo(
            f"[{issue.id}] {say(issue.title)}\n  {say(issue.evidence)}\n  → {say(issue.action)}\n  {', '.join(issue.scope)}"
        )

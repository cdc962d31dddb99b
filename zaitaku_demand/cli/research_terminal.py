"""How the results of `zaitaku research` are printed: sentences and the main rows, or all of it as JSON; files beside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from zaitaku_demand.cli.progress import Progress
from zaitaku_demand.cli.settings import require_folder
from zaitaku_demand.cli.words import say
from zaitaku_demand.cli.words_research import DIGEST, HEADINGS, HELP, MAIN_ROWS, PARTS, WRITTEN
from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from zaitaku_demand.research.request import ResearchRequest

_LARGE = 10_000


def show(
    request: ResearchRequest,
    table: pd.DataFrame,
    room: str,
    sentences: Sequence[Text],
    csv: Path | None,
    as_json: bool,
    full: bool,
    further: Mapping[str, Any] | None = None,
) -> None:
    """The sentences and the table on the terminal, or all of it as JSON; the table as CSV where asked.

    Parameters
    ----------
    room : str
        Whose main rows are printed and whose notes are explained: reliability, validity, association, designs, power.
    full : bool
        Whether to print all rows.
    further : mapping, optional
        Tables that stand beside the rows in the JSON.
    """
    if csv is not None:
        from zaitaku_demand.research.export import write_csv

        csv.absolute().parent.mkdir(parents=True, exist_ok=True)
        write_csv(table, csv)
    if as_json:
        print_json({**about(request), "rows": records(table), **(further or {})})
        return
    for sentence in sentences:
        typer.echo(say(sentence))
    typer.echo("")
    _print_table(request, table, room, full)
    if csv is not None:
        typer.echo(say(WRITTEN.format(path=csv)))


def main_rows(table: pd.DataFrame, room: str, request: ResearchRequest) -> pd.Series:
    """Which rows of a room's table answer its question, array (rows,) of bool."""
    from zaitaku_demand.research.reliability.one_year import CORE

    statistic, method, term = table["statistic"], table["method"], table["term"]
    judgement = request.plan.judgement
    if room == "reliability":
        by = method.isin([*CORE.values(), "icc_consistency", "components", "count", ""])
        named = statistic.isin(["places_shown", "reliability", "icc", "lasting_reliability"])
        return by & (named | statistic.str.startswith("years_for_"))
    if room == "validity":
        named = statistic.isin(["agreement_ccc", "convergent", "discriminant", "floor_share"])
        adjusted = (statistic == "case_mix_rank_change_share") & (term == judgement.case_mix_term)
        flows = (statistic == "institution_removable_variance") & (term == judgement.flow_term)
        return named | adjusted | flows | (statistic == "institution_bias_share")
    if room == "association":
        return table["primary"].astype(bool) & (statistic == "rate_ratio")
    if room == "designs":
        changes = statistic.isin(["difference_in_changes", "ratio_of_changes"])
        main = method.isin(["group_time_not_yet", "randomisation"])
        return (changes & main) | (statistic == "level_ratio")
    return statistic.isin(["detectable_ratio", "places_needed"])


def require_file(path: Path | None, option: str) -> None:
    """InputError if nothing can be written to the path of an option, before anything is computed."""
    if path is None:
        return
    if path.is_dir():
        raise InputError(
            Text(f"「{option}」がフォルダである", f"{option} is a folder"),
            Text("ファイル名を指定してください", "give the name of a file"),
            file=path,
        )
    require_folder(path.absolute().parent)


@contextmanager
def working(part: str) -> Iterator[None]:
    """Say on a terminal what is being computed."""
    with Progress() as progress:
        progress.step(say(computing(part)))
        yield


def computing(part: str) -> Text:
    """That a part is being computed."""
    lead, name = HELP["computing"], PARTS[part]
    return Text(lead.ja.format(part=name.ja), lead.en.format(part=name.en))


def about(request: ResearchRequest) -> dict[str, Any]:
    """What names a run: digests of the plan as carried out and as declared, seed, version."""
    from zaitaku_demand import __version__

    return {
        "plan": request.plan.digest,
        "declared": request.declared.digest,
        "seed": request.plan.seed,
        "version": __version__,
    }


def digest_line(request: ResearchRequest) -> Text:
    """The digest of the declared plan and its date."""
    return DIGEST.format(digest=request.declared.digest, declared=request.declared.declared.isoformat())


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON, figures in full; what is not known or not finite is null."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def print_json(content: dict[str, Any]) -> None:
    """One JSON object on the standard output."""
    typer.echo(json.dumps(content, ensure_ascii=False))


def _print_table(request: ResearchRequest, table: pd.DataFrame, room: str, full: bool) -> None:
    from zaitaku_demand.report.research_terms import NOTES

    shown = table if full or table.empty else table[main_rows(table, room, request)]
    typer.echo(say(HEADINGS))
    for row in shown.to_dict("records"):
        typer.echo("\t".join(_cells(row, NOTES[room])))
    if len(shown) < len(table):
        typer.echo(say(MAIN_ROWS.format(shown=f"{len(shown):,}", total=f"{len(table):,}")))


def _cells(row: Mapping[Any, Any], notes: Mapping[str, Text]) -> list[str]:
    from zaitaku_demand.report.research_terms import method_text, statistic_text

    limits = [_number(row[name]) for name in ("lower", "upper")]
    note = str(row["note"])
    places = row["n_places"]
    return [
        *(str(row[name]) for name in ("level", "outcome")),
        _term(row),
        say(statistic_text(str(row["statistic"]))),
        say(method_text(str(row["method"]))),
        _number(row["estimate"]),
        " - ".join(limits) if any(limits) else "",
        str(places) if places == places and places is not None else "",
        "; ".join(say(notes.get(code, Text(code, code))) for code in note.split()),
    ]


def _term(row: Mapping[Any, Any]) -> str:
    """What the outcome is set against; of a study, with how many places."""
    places = json.loads(str(row["parameters"])).get("places") if row["analysis"] == "power" else None
    return f"{row['term']} ({places})" if places is not None else str(row["term"])


def _number(value: float) -> str:
    """Four significant digits, large numbers in full; nothing where there is no figure."""
    if value != value:
        return ""
    return f"{value:,.0f}" if _LARGE <= abs(value) < float("inf") else f"{value:.4g}"


def _plain(value: Any) -> Any:
    import numpy as np
    import pandas as pd

    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value

"""`zaitaku explain`: why a projection changes, as a sentence and a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zaitaku_demand.cli.options import (
    Areas,
    AsJson,
    DataFolder,
    Edition,
    Lang,
    OpenBand,
    PopulationFile,
    Prefecture,
    RatesOption,
    RateYear,
    Ratio95,
)
from zaitaku_demand.cli.settings import read_parameters, refused, require_folder, settle
from zaitaku_demand.cli.words import say
from zaitaku_demand.cli.words_explain import COLUMNS, VIEW_VALUES, footnote
from zaitaku_demand.cli.words_explain import HELP as WORDS
from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from zaitaku_demand.projection.change import Change
    from zaitaku_demand.projection.change_places import Level
    from zaitaku_demand.projection.job import MainJob


def explain_command(
    from_year: Annotated[int | None, typer.Option("--from", help=say(WORDS["from"]))] = None,
    to_year: Annotated[int | None, typer.Option("--to", help=say(WORDS["to"]))] = None,
    from_scenario: Annotated[
        list[str] | None, typer.Option("--from-scenario", help=say(WORDS["from_scenario"]))
    ] = None,
    to_scenario: Annotated[
        list[str] | None, typer.Option("--to-scenario", help=say(WORDS["to_scenario"]))
    ] = None,
    prefecture: Prefecture = None,
    area: Annotated[str | None, typer.Option("--area", help=say(WORDS["area"]))] = None,
    service: Annotated[list[str] | None, typer.Option("--service", help=say(WORDS["service"]))] = None,
    view: Annotated[str, typer.Option("--view", help=say(WORDS["view"]))] = "ages",
    edition: Edition = "2023",
    areas: Areas = None,
    population: PopulationFile = None,
    rates: RatesOption = "prefecture",
    rate_year: RateYear = 2022,
    open_band: OpenBand = 95,
    ratio_95plus: Ratio95 = None,
    as_json: AsJson = False,
    out: Annotated[Path | None, typer.Option("--out", help=say(WORDS["out"]))] = None,
    lang: Lang = None,
    data: DataFolder = None,
) -> None:
    """Print why the projection changes."""
    settle(lang, data)
    from zaitaku_demand.projection.change import VIEWS, explain_change
    from zaitaku_demand.projection.change_moment import Moment

    if view not in (*VIEWS, "places"):
        raise refused(Text("分け方", "The view"), view, VIEW_VALUES)
    if out is not None:
        require_folder(out.parent)
    options = {
        "edition": edition,
        "areas": areas,
        "population_file": population,
        "rates": rates,
        "rate_year": rate_year,
        "services": service,
        "open_band": open_band,
        "ratio_95plus": ratio_95plus,
    }
    first = _job(options, from_scenario)
    second = first if to_scenario == from_scenario else _job(options, to_scenario)
    years, base = first.annual.years, first.annual.rates.base_year
    before = Moment(
        first.annual, max(base, years[0]) if from_year is None else from_year, first.scenario.name
    )
    after = Moment(second.annual, years[-1] if to_year is None else to_year, second.scenario.name)
    change = explain_change(before, after, first.annual.rates.services if service else None)
    chosen = _chosen(change, prefecture, area)
    frame = _table(change, view, chosen)
    if out is not None:
        _write(frame, out)
    if as_json:
        typer.echo(json.dumps(_as_json(change, view, chosen, frame), ensure_ascii=False, indent=2))
    else:
        _print(change, view, chosen, frame)


def _job(options: dict[str, Any], scenarios: list[str] | None) -> MainJob:
    from zaitaku_demand.projection.job import main_job

    given = options if scenarios is None else {**options, "scenarios": tuple(scenarios)}
    return main_job(read_parameters(**given))


def _chosen(change: Change, prefecture: str | None, area: str | None) -> list[tuple[Level, int]]:
    """Places to show: the nation, a prefecture with its areas, or one area."""
    if area is not None:
        return [("area", _position(change, "area", area))]
    if prefecture is not None:
        place = _position(change, "prefecture", prefecture)
        inside = [k for k, label in enumerate(change.levels["prefecture"].label) if label == place]
        return [("prefecture", place), *(("area", k) for k in inside)]
    if "nation" in change.levels:
        return [("nation", 0)]
    return [("prefecture", k) for k in range(len(change.levels["prefecture"].codes))]


def _position(change: Change, level: Level, wanted: str) -> int:
    place = change.levels[level]
    text = wanted.strip()
    if level == "prefecture":
        text = text.zfill(2)
    found = [
        k
        for k, (code, name) in enumerate(zip(place.codes, place.names, strict=True))
        if text in (code, name, name[:-1] if level == "prefecture" else name)
    ]
    if len(found) == 1:
        return found[0]
    kind = Text("都道府県", "prefecture") if level == "prefecture" else Text("圏域", "area")
    if found:
        codes = ", ".join(place.codes[k] for k in found)
        raise InputError(
            Text(f"{kind.ja}「{wanted}」が複数ある", f"there are several {kind.en}s called '{wanted}'"),
            Text(f"コードで指定してください：{codes}", f"give its code: {codes}"),
        )
    raise InputError(
        Text(f"{kind.ja}「{wanted}」が見つからない", f"there is no {kind.en} '{wanted}'"),
        Text(
            "名称またはコードを指定してください（一覧は zaitaku peak）",
            "give its name or code (see `zaitaku peak`)",
        ),
    )


def _table(change: Change, view: str, chosen: list[tuple[Level, int]]) -> pd.DataFrame:
    """Rows of the chosen places; the first of them only where the change is split by place."""
    import pandas as pd

    from zaitaku_demand.projection.change import VIEWS

    if view == "places":
        level, place = chosen[0]
        if level == "area":
            raise InputError(
                Text("圏域はこれ以上の地域に分けられない", "an area has no parts"),
                Text(
                    "--area を外すか --prefecture を指定してください", "leave out --area or give --prefecture"
                ),
            )
        frame = change.by_place(level, "prefecture" if level == "nation" else "area")
        return frame[frame["code"] == change.levels[level].codes[place]].reset_index(drop=True)
    frame = change.frame(next(each for each in VIEWS if each == view))
    keys = pd.MultiIndex.from_tuples([(level, change.levels[level].codes[k]) for level, k in chosen])
    inside = pd.MultiIndex.from_frame(frame[["level", "code"]]).isin(keys)
    return frame[inside].reset_index(drop=True)


def _write(frame: pd.DataFrame, path: Path) -> None:
    from zaitaku_demand.report.csvfile import write_csv
    from zaitaku_demand.store.tables import atomic_path

    try:
        with atomic_path(path) as part:
            write_csv(frame, part)
    except OSError:
        raise InputError(
            Text("CSVを書き出せない", "the CSV cannot be written"),
            Text(
                "--out に書き込めるファイル名を指定してください", "give a file that can be written with --out"
            ),
            file=path,
        ) from None


def _as_json(
    change: Change, view: str, chosen: list[tuple[Level, int]], frame: pd.DataFrame
) -> dict[str, Any]:
    from zaitaku_demand.projection.change_words import change_names

    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    sentences = _sentences(change, view)
    codes = [change.levels[level].codes[k] for level, k in chosen]
    return {
        "from_year": change.before.year,
        "to_year": change.after.year,
        "services": list(change.services),
        "view": view,
        "names": {factor: name._asdict() for factor, name in change_names(change).items()},
        "sentences": {code: sentences[code]._asdict() for code in codes},
        "rows": rows,
    }


def _sentences(change: Change, view: str) -> dict[str, Text]:
    from zaitaku_demand.projection.change import VIEWS
    from zaitaku_demand.projection.change_words import change_sentences

    return change_sentences(change, next((each for each in VIEWS if each == view), "ages"))


def _print(change: Change, view: str, chosen: list[tuple[Level, int]], frame: pd.DataFrame) -> None:
    sentences = _sentences(change, view)
    services = Text(
        "＋".join(name.ja for name in change.service_names),
        " + ".join(name.en for name in change.service_names),
    )
    typer.echo(say(services))
    for level, k in chosen:
        place = change.levels[level]
        typer.echo(f"{place.names[k]}（{place.codes[k]}） {say(sentences[place.codes[k]])}")
    typer.echo("")
    level, k = chosen[0]
    _print_table(change, view, frame[frame["code"] == change.levels[level].codes[k]])
    projection = change.before.projection
    unit = projection.rates.units[projection.rates.services.index(change.services[0])]
    typer.echo(
        say(footnote(projection.population.edition, unit, projection.rates.base_year, _scenarios(change)))
    )


def _scenarios(change: Change) -> Text:
    old, new = change.before.scenario, change.after.scenario
    if old is None or new is None:
        return Text("－", "-")
    return old if old == new else Text(f"{old.ja} → {new.ja}", f"{old.en} → {new.en}")


def _print_table(change: Change, view: str, frame: pd.DataFrame) -> None:
    """Tab-separated: one line a factor or place, the total last."""
    from zaitaku_demand.projection.change_words import change_names

    numbers = ["effect", "per_cent"]
    if view == "places":
        scenario = [name for name in ("added", "ceiling") if (frame[name] != 0).any()]
        numbers += ["people", "structure", "rates", *scenario]
    head = "place" if view == "places" else "factor"
    typer.echo("\t".join(say(COLUMNS[name]) for name in (head, *numbers)))
    names = change_names(change)
    for row in frame.to_dict("records"):
        label = row["place_name"] if view == "places" else say(names[row["factor"]])
        typer.echo("\t".join([label, *(_number(row[name], name) for name in numbers)]))
    totals = frame[numbers].sum(skipna=False)
    typer.echo("\t".join([say(COLUMNS["total"]), *(_number(totals[name], name) for name in numbers)]))


def _number(value: float, column: str) -> str:
    if value != value:
        return "…"
    decimals = 2 if column == "per_cent" else 1
    # Adding 0 takes the sign off a zero.
    return f"{round(value, decimals) + 0.0:+,.{decimals}f}"

"""From what a user writes (a name, a file, a difference, several joined by +) to one scenario."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from zaitaku_demand.errors import InputError
from zaitaku_demand.scenarios.inline import WRITTEN, is_inline, read_inline
from zaitaku_demand.scenarios.read import parse_scenario, read_scenario
from zaitaku_demand.scenarios.schema import BASE, PopulationVariant, Scenario, Trend
from zaitaku_demand.text import Text

SHIPPED = ("base", "trend", "convergence", "beds", "facility")
"""Ids of the scenarios that come with the package and are compared, in the order in which they are shown."""
DEFAULT = "default"
"""Id of the scenario of a run that names none: the course of the rates that the backtest chose for each service."""


@cache
def shipped_scenarios() -> dict[str, Scenario]:
    """The scenarios that come with the package by id, without the default."""
    return {name: parse_scenario(shipped_text(name), Path(f"{name}.toml")) for name in SHIPPED}


@cache
def default_scenario() -> Scenario:
    """The scenario of a run that names none."""
    return parse_scenario(shipped_text(DEFAULT), Path(f"{DEFAULT}.toml"))


def shipped_text(identifier: str) -> str:
    """The TOML of a scenario that comes with the package."""
    folder = resources.files("zaitaku_demand.scenarios").joinpath("shipped")
    return folder.joinpath(f"{identifier}.toml").read_text("utf-8")


def resolve(written: str | Iterable[str]) -> Scenario:
    """The one scenario that texts describe together.

    Parameters
    ----------
    written : str or iterable of str
        Each an id (``trend``), a Japanese or English name (受療率の趨勢), a path ending in ``.toml``, a difference
        (``rate: factor=0.9, to=2035``), or several of the first three joined by ``+``.

    Raises
    ------
    InputError
        If one is not known or cannot be read, or two of them contradict each other.
    """
    texts = [written] if isinstance(written, str) else list(written)
    return compose([_one(part) for text in texts for part in _parts(text)])


def compose(scenarios: Sequence[Scenario]) -> Scenario:
    """All differences of several scenarios together.

    現状投影 adds nothing. Factors multiply, patients who move add up, the lowest limit of supply holds, so that the order
    does not matter.

    Raises
    ------
    InputError
        If a scenario stands twice, or two name a different trend or another population.
    """
    chosen = [each for each in scenarios if each.id != BASE]
    if not chosen:
        return shipped_scenarios()[BASE]
    if len(chosen) == 1:
        return chosen[0]
    named = [each.id for each in chosen if each.id != WRITTEN]
    twice = [name for name in named if named.count(name) > 1]
    if twice:
        raise InputError(
            Text(f"シナリオ「{twice[0]}」が2回ある", f"the scenario '{twice[0]}' stands twice"),
            Text("1つにしてください", "give it once"),
        )
    return Scenario.model_construct(
        id="+".join(each.id for each in chosen),
        name=Text("＋".join(each.name.ja for each in chosen), " + ".join(each.name.en for each in chosen)),
        note=Text("".join(each.note.ja for each in chosen), " ".join(each.note.en for each in chosen)),
        trend=_trend([each.trend for each in chosen if each.trend is not None]),
        rate=tuple(part for each in chosen for part in each.rate),
        converge=tuple(part for each in chosen for part in each.converge),
        beds=tuple(part for each in chosen for part in each.beds),
        place=tuple(part for each in chosen for part in each.place),
        population=_population([each.population for each in chosen if each.population is not None]),
        supply=tuple(part for each in chosen for part in each.supply),
    )


def _parts(text: str) -> list[str]:
    """A text cut at its plus signs, unless it is a file or a difference (ages may read 85+)."""
    if is_inline(text) or Path(text).is_file():
        return [text]
    return [part.strip() for part in text.replace("＋", "+").split("+")]


def _one(text: str) -> Scenario:
    if is_inline(text):
        return read_inline(text)
    if text.lower().endswith(".toml"):
        return _own(Path(text))
    known = {DEFAULT: default_scenario(), **shipped_scenarios()}
    for each in known.values():
        if text in (each.id, each.name.ja) or text.lower() == each.name.en.lower():
            return each
    listed = [f"{each.id}（{each.name.ja}）" for each in known.values()]
    raise InputError(
        Text(f"シナリオ「{text}」はない", f"there is no scenario '{text}'"),
        Text(
            f"{'、'.join(listed)}、TOMLファイル、または「rate: factor=0.9, to=2035」の形で指定してください",
            f"choose one of {', '.join(known)}, a TOML file, or write 'rate: factor=0.9, to=2035'",
        ),
    )


def _own(path: Path) -> Scenario:
    """The scenario of a user's file, whose id must not pass for one of the toolkit's."""
    scenario = read_scenario(path)
    if scenario.id in (DEFAULT, *SHIPPED, WRITTEN):
        raise InputError(
            Text(
                f"id「{scenario.id}」は同梱のシナリオのものである",
                f"the id '{scenario.id}' belongs to a scenario of the toolkit",
            ),
            Text("別の id にしてください", "choose another id"),
            file=path,
        )
    return scenario


def _trend(given: list[Trend]) -> Trend | None:
    if any(each != given[0] for each in given[1:]):
        raise InputError(
            Text("率の趨勢（trend）の指定が食い違う", "the scenarios name different trends"),
            Text("trend を1つにしてください", "keep one table [trend]"),
        )
    return given[0] if given else None


def _population(given: list[PopulationVariant]) -> PopulationVariant | None:
    if len(given) > 1:
        raise InputError(
            Text("人口の変更（population）が2つ以上ある", "more than one scenario names another population"),
            Text("1つにしてください", "keep one table [population]"),
        )
    return given[0] if given else None

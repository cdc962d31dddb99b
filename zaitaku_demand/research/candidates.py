"""Which indicators are studied as outcomes, and what must be known before one of them is used."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.measures import Declared, parse_declaration, read_toml
from zaitaku_demand.text import Text

KINDS: dict[str, Text] = {
    "outcome": Text("アウトカム", "outcome"),
    "proxy": Text("アウトカムの代わりとなるプロセス", "process standing in for an outcome"),
}
_CORRECT = Text(
    "研究の候補の表（candidates.toml）を直してください", "correct the table of candidates (candidates.toml)"
)


class Candidate(Declared):
    """An indicator studied as an outcome.

    Attributes
    ----------
    id : str
        Id of the indicator.
    kind : str
        ``outcome`` or ``proxy`` (a process whose count stands in for an outcome).
    why : Text
        Why it is an outcome or a proxy.
    case_mix : tuple of str
        Characteristics of the places that differ through no merit of care (names in
        `zaitaku_demand.research.characteristics`); those without a figure at a level are left out there.
    direction : str
        ``more``, ``less`` or ``neutral``, as the indicator is declared.
    may_mean : Text
        What a high value may mean besides good care.
    """

    id: str
    kind: Literal["outcome", "proxy"]
    why: Text
    case_mix: tuple[str, ...]
    direction: Literal["more", "less", "neutral"]
    may_mean: Text


def candidates(path: Path | None = None) -> dict[str, Candidate]:
    """The candidates by id, in the order of their file; those that the indicators in use do not declare are left out.

    Parameters
    ----------
    path : Path, optional
        A table of candidates; by default the one of the package.

    Raises
    ------
    InputError
        If the file is not TOML, a field is unknown, missing or wrong, an id stands twice, or a direction is not that of
        the indicator.
    """
    where = path or Path(str(resources.files(__package__) / "candidates.toml"))
    declared = indicators()
    found = {name: each for name, each in _candidates(where).items() if name in declared}
    for name, each in found.items():
        better = declared[name].better
        if each.direction != better:
            raise InputError(
                Text(
                    f"候補「{name}」の向き「{each.direction}」が指標の宣言「{better}」と異なる",
                    f"the direction '{each.direction}' of the candidate '{name}' is not the indicator's '{better}'",
                ),
                _CORRECT,
                file=where,
            )
    return found


def proxies() -> tuple[str, ...]:
    """Ids of the processes that stand in for outcomes."""
    return tuple(name for name, each in candidates().items() if each.kind == "proxy")


@cache
def _candidates(path: Path) -> dict[str, Candidate]:
    found: dict[str, Candidate] = {}
    for entry in read_toml(path).get("candidate", []):
        each = parse_declaration(Candidate, entry, path)
        if each.id in found:
            raise InputError(
                Text(f"候補「{each.id}」が2回ある", f"the candidate '{each.id}' stands twice"),
                _CORRECT,
                file=path,
            )
        found[each.id] = each
    return found

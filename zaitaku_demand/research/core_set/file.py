"""The core set as a dated file that a planner can read and edit, and that is applied before results are looked at."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.declaration import Function, Indicator, IndicatorType
from zaitaku_demand.research.core_set.run import CoreSet
from zaitaku_demand.settings_file import checked, read_toml
from zaitaku_demand.store.tables import atomic_path
from zaitaku_demand.text import Text

CALLED = Text("コア指標", "core set")
ID_COLUMNS = ("indicator_id", "outcome", "id")
"""Columns by which a table names its indicators, the first at hand being used."""
_ACTION = Text(
    "各 [[member]] に id、function、type、order、reason_ja、reason_en を書いてください",
    "give id, function, type, order, reason_ja and reason_en in every [[member]]",
)
_HEAD = """# コア指標：結果を見る前に定める、少数の指標とその優先順位。
# Core set: a few indicators in their order of priority, agreed on before results are looked at.
#
# 指標を外すには [[member]] の表を消し、加えるには同じ形の表を書き足す。順位は order の小さい順である。
# To leave one out delete its [[member]]; to add one write another. The smaller `order`, the higher the priority.
# scores：各基準の点（0～1）。share：重みと重要性を動かした試行のうち残った割合。 scores: criteria (0-1). share: of the
# random variations of weights and importances, those in which it stays.
"""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Member(_Part):
    """One member as the file has it.

    Attributes
    ----------
    order : int
        Priority; unique, gaps allowed.
    value, share, verdict, scores
        As computed; a planner's own member has none.
    """

    id: str = Field(min_length=1)
    function: Function
    type: IndicatorType
    order: int = Field(ge=1)
    reason_ja: str = Field(min_length=1)
    reason_en: str = Field(min_length=1)
    value: float | None = Field(default=None, ge=0, le=1)
    share: float | None = Field(default=None, ge=0, le=1)
    verdict: str | None = None
    scores: dict[str, float] = {}


class EmptyCell(_Part):
    """A cell without data, with the indicators that a user's data could fill."""

    function: Function
    type: IndicatorType
    declared: tuple[str, ...] = ()
    reason_ja: str = ""
    reason_en: str = ""


class CoreSetFile(_Part):
    """A core set as read from its file.

    Attributes
    ----------
    layout : int
        Version of the file's layout.
    date : date
        Day on which it was agreed on.
    package_version, data_version : str
        What it was computed with.
    weights : dict
        Criterion → weight.
    member : tuple of Member
        In order of priority.
    """

    layout: int = Field(ge=1, le=1)
    date: date
    package_version: str
    data_version: str
    weights: dict[str, float] = {}
    member: tuple[Member, ...] = Field(min_length=1)
    empty_cell: tuple[EmptyCell, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> CoreSetFile:
        ordered = tuple(sorted(self.member, key=lambda each: each.order))
        return self if ordered == self.member else self.model_copy(update={"member": ordered})

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids in order of priority."""
        return tuple(each.id for each in self.member)


class Applied(NamedTuple):
    """A table reduced to the core set.

    Attributes
    ----------
    table : DataFrame
        Rows of members, in order of priority; rows of one indicator in their former order.
    missing : tuple of str
        Members of which the table has no row.
    """

    table: pd.DataFrame
    missing: tuple[str, ...]


def write_core_set(core: CoreSet, path: Path, agreed: date, data_version: str, package_version: str) -> None:
    """Write the set as TOML; the file appears whole or not at all.

    Parameters
    ----------
    agreed : date
        Day to be written into it.
    data_version, package_version : str
        What it was computed with, in words of the caller.
    """
    with atomic_path(path) as part:
        part.write_text(core_set_text(core, agreed, data_version, package_version), "utf-8")


def core_set_text(core: CoreSet, agreed: date, data_version: str, package_version: str) -> str:
    """Text of the file."""
    lines = [_HEAD, "layout = 1", f"date = {agreed.isoformat()}"]
    lines += [f"package_version = {_quoted(package_version)}", f"data_version = {_quoted(data_version)}", ""]
    lines += ["[weights]", *(f"{name} = {float(weight)}" for name, weight in core.settings.weights), ""]
    scores = core.criteria.pivot(index="id", columns="criterion", values="score")
    for row in core.members.to_dict("records"):
        lines.append("[[member]]")
        lines += [f"{key} = {_quoted(str(row[key]))}" for key in ("id", "function", "type")]
        lines.append(f"order = {int(row['order'])}")
        lines += [f"{key} = {_quoted(str(row[key]))}" for key in ("reason_ja", "reason_en")]
        lines += [f"{key} = {round(float(row[key]), 4)}" for key in ("value", "share")]
        lines.append(f"verdict = {_quoted(str(row['verdict']))}")
        known = scores.loc[row["id"]].dropna()
        lines.append(
            "scores = { "
            + ", ".join(f"{name} = {round(float(score), 4)}" for name, score in known.items())
            + " }"
        )
        lines.append("")
    for row in core.empty_cells.to_dict("records"):
        declared = ", ".join(_quoted(name) for name in str(row["declared"]).split("+") if name)
        lines += ["[[empty_cell]]", *(f"{key} = {_quoted(str(row[key]))}" for key in ("function", "type"))]
        lines.append(f"declared = [{declared}]")
        lines += [f"{key} = {_quoted(str(row[key]))}" for key in ("reason_ja", "reason_en")]
        lines.append("")
    return "\n".join(lines)


def read_core_set(
    path: Path, own: Collection[str] = (), declared: Mapping[str, Indicator] | None = None
) -> CoreSetFile:
    """A core set from its file, checked.

    Parameters
    ----------
    own : ids of a user's own indicators, which are not declared
    declared : mapping, optional
        Declared indicators; by default all.

    Raises
    ------
    InputError
        If the file cannot be read, a field is missing, unknown or wrong, an indicator or a priority stands twice, or
        an indicator is neither declared nor the user's own, or is declared for another function or type.
    """
    given = checked(CoreSetFile, read_toml(path, CALLED), path, CALLED, _ACTION)
    known = indicators() if declared is None else declared
    _require_once([each.id for each in given.member], Text("指標", "indicator"), path)
    _require_once([str(each.order) for each in given.member], Text("順位（order）", "priority (order)"), path)
    for member in given.member:
        if member.id in own:
            continue
        if member.id not in known:
            raise InputError(
                Text(
                    f"指標「{member.id}」は宣言されていない", f"the indicator '{member.id}' is not declared"
                ),
                Text(
                    "「zaitaku indicators list」でIDを確かめてください",
                    "look it up with `zaitaku indicators list`",
                ),
                file=path,
            )
        as_declared = (known[member.id].function, known[member.id].type)
        if (member.function, member.type) != as_declared:
            raise InputError(
                Text(
                    f"指標「{member.id}」の機能・種類が宣言（{as_declared[0]}、{as_declared[1]}）と違う",
                    f"the indicator '{member.id}' is declared for {as_declared[0]}, {as_declared[1]}",
                ),
                Text("function と type を宣言に合わせてください", "set function and type as declared"),
                file=path,
            )
    return given


def apply_core_set(core: CoreSetFile, table: pd.DataFrame) -> Applied:
    """Rows of a table that belong to members, in order of priority.

    Parameters
    ----------
    table : DataFrame
        With one of the columns of ``ID_COLUMNS`` (benchmark tables, tables of results, lists of indicators).

    Raises
    ------
    InputError
        If it has none of them.
    """
    column = next((name for name in ID_COLUMNS if name in table.columns), None)
    if column is None:
        raise InputError(
            Text("指標のIDの列がない表である", "the table has no column of indicator ids"),
            Text(
                f"列{'・'.join(ID_COLUMNS)}のどれかを設けてください", f"give one of {', '.join(ID_COLUMNS)}"
            ),
        )
    order = {name: position for position, name in enumerate(core.ids)}
    rows = table[table[column].isin(order)]
    rows = rows.iloc[rows[column].map(order).argsort(kind="stable").to_numpy()]
    present = set(rows[column])
    return Applied(rows.reset_index(drop=True), tuple(name for name in core.ids if name not in present))


def _require_once(names: Sequence[str], called: Text, path: Path) -> None:
    twice = [name for position, name in enumerate(names) if name in names[:position]]
    if twice:
        raise InputError(
            Text(f"{called.ja}「{twice[0]}」が2回ある", f"the {called.en} '{twice[0]}' stands twice"),
            Text("どちらかを直すか消してください", "correct or remove one of them"),
            file=path,
        )


def _quoted(text: str) -> str:
    """A TOML basic string; JSON escapes are a part of TOML's, but for the character 127."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

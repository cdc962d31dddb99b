"""Judgements of importance and gaming risk: the defaults (``criteria.toml``) and a user's own file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zaitaku_demand.errors import InputError
from zaitaku_demand.research.core_set.scores import HIGHEST_GRADE, LOWEST_GRADE
from zaitaku_demand.settings_file import checked, read_toml
from zaitaku_demand.sources.reading import read_csv
from zaitaku_demand.text import Text

CALLED = Text("重要性の判断", "judgements of importance")
_ACTION = Text(
    "zaitaku_demand/research/core_set/criteria.toml の形に合わせてください",
    "follow the layout of zaitaku_demand/research/core_set/criteria.toml",
)
_OWN_REASON = Text("利用者が指定した重要性である", "The importance is the user's own.")
_GRADE = Field(ge=LOWEST_GRADE, le=HIGHEST_GRADE)


class Judgement(NamedTuple):
    """What is judged of one indicator.

    Attributes
    ----------
    grade : float
        Importance, 1 to 5; `reason` says why.
    risk : float
        How easily it is raised by recording alone, 1 to 5; `risk_reason` says why.
    own : bool
        Whether the importance is the user's.
    """

    grade: float
    reason: Text
    risk: float
    risk_reason: Text
    own: bool = False


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _texts(cls, values: dict[str, object]) -> dict[str, object]:
        reason = values.get("reason")
        return {**values, "reason": Text(**reason)} if isinstance(reason, dict) else values


class _Risk(_Declared):
    risk: float = _GRADE
    reason: Text


class _Importance(_Declared):
    grade: float = _GRADE
    gaming: str | None = None
    reason: Text = _OWN_REASON


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    gaming: dict[str, _Risk] = {}
    importance: dict[str, _Importance] = Field(min_length=1)


@cache
def default_judgements() -> dict[str, Judgement]:
    """Judgements by id of the indicator as they are shipped."""
    text = resources.files("zaitaku_demand.research.core_set").joinpath("criteria.toml").read_text("utf-8")
    given = _File.model_validate(tomllib.loads(text))
    return {
        name: Judgement(each.grade, each.reason, given.gaming[kind].risk, given.gaming[kind].reason)
        for name, each in given.importance.items()
        for kind in [each.gaming or ""]
    }


def read_judgements(path: Path) -> dict[str, Judgement]:
    """The defaults with those replaced that a user's file names.

    Parameters
    ----------
    path : Path
        TOML in the layout of ``criteria.toml``, or CSV with the columns indicator_id, importance and optionally
        gaming_risk, reason_ja, reason_en.

    Raises
    ------
    InputError
        If the file cannot be read, a grade is not between 1 and 5, an indicator stands twice, or one without a
        default comes without a gaming risk.
    """
    return _from_csv(path) if path.suffix.lower() == ".csv" else _from_toml(path)


def _from_toml(path: Path) -> dict[str, Judgement]:
    given = checked(_File, read_toml(path, CALLED), path, CALLED, _ACTION)
    default, kinds = default_judgements(), {**_default_risks(), **given.gaming}
    found = dict(default)
    for name, each in given.importance.items():
        if each.gaming is not None and each.gaming not in kinds:
            raise InputError(
                Text(
                    f"「{name}」の gaming「{each.gaming}」が定義されていない",
                    f"the gaming '{each.gaming}' of '{name}' is not defined",
                ),
                Text(
                    f"[gaming.{each.gaming}] を加えるか、次から選んでください：{', '.join(kinds)}",
                    f"add [gaming.{each.gaming}] or take one of {', '.join(kinds)}",
                ),
                file=path,
            )
        risk = None if each.gaming is None else kinds[each.gaming]
        found[name] = _replaced(name, each.grade, each.reason, risk, default, path, None)
    return found


def _from_csv(path: Path) -> dict[str, Judgement]:
    sheet = read_csv(path)
    heads = [sheet.text(0, column) for column in range(len(sheet.rows[0]))]
    cells = [[sheet.text(row, column) for column in range(len(heads))] for row in range(1, len(sheet.rows))]
    rows = pd.DataFrame(cells, columns=heads)
    for column in ("indicator_id", "importance"):
        if column not in rows.columns:
            raise InputError(
                Text(f"列「{column}」がない", f"the column '{column}' is missing"),
                Text("列 indicator_id と importance を設けてください", "give indicator_id and importance"),
                file=path,
            )
    default = default_judgements()
    found, seen = dict(default), set()
    for number, row in enumerate(rows.to_dict("records"), start=2):
        if not any(row.values()):
            continue
        name = str(row["indicator_id"]).strip()
        if name in seen:
            raise InputError(
                Text(f"指標「{name}」が2回ある", f"the indicator '{name}' stands twice"),
                Text("どちらかを消してください", "remove one of the rows"),
                file=path,
                row=number,
                column="indicator_id",
            )
        seen.add(name)
        grade = _grade(str(row["importance"]), path, number, "importance")
        ja, en = (str(row.get(key, "")).strip() for key in ("reason_ja", "reason_en"))
        reason = Text(ja or en, en or ja) if ja or en else _OWN_REASON
        risk_text = str(row.get("gaming_risk", "")).strip()
        risk = None
        if risk_text:
            risk = _Risk(risk=_grade(risk_text, path, number, "gaming_risk"), reason=_OWN_REASON)
        found[name] = _replaced(name, grade, reason, risk, default, path, number)
    return found


def _replaced(
    name: str,
    grade: float,
    reason: Text,
    risk: _Risk | None,
    default: Mapping[str, Judgement],
    path: Path,
    row: int | None,
) -> Judgement:
    before = default.get(name)
    if risk is not None:
        return Judgement(grade, reason, risk.risk, risk.reason, own=True)
    if before is None:
        raise InputError(
            Text(
                f"「{name}」には記録で動かされやすさ（gaming）の既定の判断がない",
                f"'{name}' has no default judgement of its gaming risk",
            ),
            Text(
                "TOMLでは gaming、CSVでは列 gaming_risk（1～5）で指定してください。標準の指標ならIDを確かめてください",
                "give gaming (TOML) or the column gaming_risk (CSV, 1 to 5); if it is a standard indicator, check its id",
            ),
            file=path,
            row=row,
        )
    return Judgement(grade, reason, before.risk, before.risk_reason, own=True)


def _default_risks() -> dict[str, _Risk]:
    text = resources.files("zaitaku_demand.research.core_set").joinpath("criteria.toml").read_text("utf-8")
    return dict(_File.model_validate(tomllib.loads(text)).gaming)


def _grade(text: str, path: Path, row: int, column: str) -> float:
    try:
        grade = float(text)
    except ValueError:
        grade = float("nan")
    if LOWEST_GRADE <= grade <= HIGHEST_GRADE:
        return grade
    raise InputError(
        Text(f"値「{text}」が1～5の数ではない", f"'{text}' is no number from 1 to 5"),
        Text("1～5で指定してください", "give a number from 1 to 5"),
        file=path,
        row=row,
        column=column,
    )

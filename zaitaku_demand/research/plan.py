"""What a study declares before it looks at results, and what it then did otherwise.

A plan is a TOML file with only what differs from the defaults, which are those of the rooms' settings. The digest names what is
declared, whatever the file looks like; it can be noted down or registered before the data are looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zaitaku_demand.errors import InputError
from zaitaku_demand.research.association.robust_settings import RobustSettings
from zaitaku_demand.research.association.settings import AssociationSettings
from zaitaku_demand.research.core_set.settings import CoreSetSettings
from zaitaku_demand.research.designs.settings import DesignsSettings
from zaitaku_demand.research.power.settings import PowerSettings
from zaitaku_demand.research.reliability.settings import JudgementSettings, ReliabilitySettings
from zaitaku_demand.research.validity.settings import ValiditySettings
from zaitaku_demand.settings_file import checked, first_wrong, read_toml
from zaitaku_demand.text import Text

PlanLevel = Literal["prefecture", "area"]

_CALLED = Text("研究計画", "research plan")
_SEE = Text(
    "項目は「zaitaku research plan」で一覧できます",
    "`zaitaku research plan` lists the items",
)
_NOT_ANALYSIS = frozenset({"title", "declared", "question", "deviations"})


class DeclaredDeviation(BaseModel):
    """What was done otherwise than declared, as the researcher reports it.

    Attributes
    ----------
    item : str
        Item of the plan, or what it is about.
    declared, done : str
    reason : Text
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str
    declared: str
    done: str
    reason: Text


class ResearchPlan(BaseModel):
    """A declared study.

    Attributes
    ----------
    title, question : Text
    declared : date
        When the plan was written down.
    seed : int
        Of every random number; takes the place of the seeds of the rooms.
    levels : tuple of str
        ``prefecture``, ``area`` or both.
    outcomes : tuple of str
        Outcomes studied; empty for all candidates.
    reliability, judgement, validity, association, robustness, designs, core_set, power
        Settings of the rooms.
    deviations : tuple
        What the researcher reports as done otherwise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text = Text(
        "在宅医療アウトカム指標の信頼性・妥当性・関連",
        "Outcome indicators of home care: reliability, validity, association",
    )
    question: Text = Text("", "")
    declared: date
    seed: int = Field(default=20261122, ge=0)
    levels: tuple[PlanLevel, ...] = Field(default=("prefecture", "area"), min_length=1)
    outcomes: tuple[str, ...] = ()
    reliability: ReliabilitySettings = ReliabilitySettings()
    judgement: JudgementSettings = JudgementSettings()
    validity: ValiditySettings = ValiditySettings()
    association: AssociationSettings = AssociationSettings()
    robustness: RobustSettings = RobustSettings()
    designs: DesignsSettings = DesignsSettings()
    core_set: CoreSetSettings = CoreSetSettings()
    power: PowerSettings = PowerSettings()
    deviations: tuple[DeclaredDeviation, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_seed(cls, given: Any) -> Any:
        """Put the plan's seed where a room has one."""
        if not isinstance(given, Mapping):
            return given
        seed = given.get("seed", cls.model_fields["seed"].default)
        return {
            **given,
            **{name: _seeded(room, given.get(name, {}), seed) for name, room in rooms_of(cls).items()},
        }

    @property
    def digest(self) -> str:
        """First twelve digits of the SHA-256 of all that bears on results."""
        declared = self.model_dump(mode="json", exclude=set(_NOT_ANALYSIS))
        text = json.dumps(declared, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


class Difference(NamedTuple):
    """One item that was done otherwise than declared."""

    item: str
    declared: str
    done: str


def read_plan(path: Path | None = None) -> ResearchPlan:
    """The plan of a file, or the shipped one.

    Raises
    ------
    InputError
        If the file cannot be read, or an item is unknown or out of its range (the item is named).
    """
    source = Path(str(files("zaitaku_demand.research") / "plan.toml")) if path is None else path
    given = read_toml(source, _CALLED)
    if seeds := _seeds_of_rooms(given, ResearchPlan):
        raise _one_seed_only(seeds[0], source)
    return checked(ResearchPlan, given, source, _CALLED, _SEE)


def plan_text(path: Path | None = None) -> str:
    """The plan's file as it is."""
    source = files("zaitaku_demand.research") / "plan.toml" if path is None else path
    return source.read_text("utf-8")


def changed(plan: ResearchPlan, differences: Mapping[str, object]) -> ResearchPlan:
    """The plan with other values of some items (``reliability.bootstrap`` → value).

    Raises
    ------
    InputError
        If there is no such item or it cannot have the value.
    """
    given = plan.model_dump()
    for item, value in differences.items():
        *tables, last = item.split(".")
        if tables and last == "seed":
            raise _one_seed_only(item)
        table = given
        for name in tables:
            table = table.get(name, {})
            if not isinstance(table, dict):
                raise _unknown(item)
        if last not in table:
            raise _unknown(item)
        table[last] = value
    try:
        return ResearchPlan.model_validate(given)
    except ValidationError as error:
        item, why = first_wrong(error)
        raise InputError(
            Text(
                f"研究計画の項目「{item}」にその値は使えない（{why.ja}）",
                f"the item '{item}' of the plan cannot have that value ({why.en})",
            ),
            _SEE,
        ) from None


def items(plan: ResearchPlan) -> dict[str, str]:
    """Every item of a plan that bears on results, with its value as text."""
    return dict(_flat(plan.model_dump(mode="json", exclude=set(_NOT_ANALYSIS))))


def differences(declared: ResearchPlan, done: ResearchPlan) -> list[Difference]:
    """Items in which what was done differs from what was declared."""
    before, after = items(declared), items(done)
    return [
        Difference(item, before.get(item, ""), after.get(item, ""))
        for item in dict.fromkeys((*before, *after))
        if before.get(item) != after.get(item)
    ]


def named_variables(plan: ResearchPlan) -> Iterator[tuple[str, str]]:
    """Every variable that a plan names, with the item that names it."""
    association, robust, designs = plan.association, plan.robustness, plan.designs
    named: dict[str, Iterable[Iterable[str]]] = {
        "outcomes": [plan.outcomes],
        "association.rules": [(*each.outcomes, *each.exposures) for each in association.rules],
        "association.chains": [(each.structure, each.process, each.outcome) for each in association.chains],
        "association.curves": association.curves,
        "association.confounders": association.confounders.values(),
        "robustness.questions": [(*each.outcomes, *each.exposures) for each in robust.questions],
        "robustness.confounder_sets": robust.confounder_sets,
        "robustness.main_confounders": robust.main_confounders.values(),
        "designs.differences.treatments": [designs.differences.treatments],
        "designs.differences.outcomes": [designs.differences.outcomes],
        "designs.interrupted.outcomes": [designs.interrupted.outcomes],
        "validity.case_mix": plan.validity.case_mix.values(),
    }
    for item, groups in named.items():
        for group in groups:
            for name in group:
                yield item, name


def rooms_of(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Fields that are tables of settings themselves."""
    return {
        name: field.annotation
        for name, field in model.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }


def _seeded(settings: type[BaseModel], given: Any, seed: object) -> Any:
    """Settings with the plan's seed wherever one is declared, in the tables inside too."""
    if not isinstance(given, Mapping):
        return given
    inner = {name: _seeded(model, given.get(name, {}), seed) for name, model in rooms_of(settings).items()}
    own = {"seed": seed} if "seed" in settings.model_fields else {}
    return {**given, **inner, **own}


def _seeds_of_rooms(given: Mapping[str, Any], model: type[BaseModel], before: str = "") -> list[str]:
    """Seeds that a file gives to rooms; they would count for nothing."""
    found = []
    for name, inner in rooms_of(model).items():
        table = given.get(name)
        if isinstance(table, Mapping):
            if "seed" in table and "seed" in inner.model_fields:
                found.append(f"{before}{name}.seed")
            found += _seeds_of_rooms(table, inner, f"{before}{name}.")
    return found


def _one_seed_only(item: str, path: Path | None = None) -> InputError:
    return InputError(
        Text(
            f"項目「{item}」は変えられない（乱数の種は計画に1つである）",
            f"the item '{item}' cannot be set (a plan has one seed)",
        ),
        Text("「seed」を変えてください", "set `seed`"),
        file=path,
    )


def _flat(tables: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for name, value in tables.items():
        if isinstance(value, Mapping):
            out += _flat(value, f"{before}{name}.")
        else:
            out.append((f"{before}{name}", json.dumps(value, ensure_ascii=False)))
    return out


def _unknown(item: str) -> InputError:
    return InputError(
        Text(f"研究計画に項目「{item}」はない", f"the plan has no item '{item}'"),
        _SEE,
    )

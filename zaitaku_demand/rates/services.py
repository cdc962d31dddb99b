"""The services of home medical care, declared in ``services.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

HOME_VISIT_PATIENTS = "home_visit_patients"


class Service(BaseModel):
    """A service as a sum of NDB items; figures are yearly claims divided by 12."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    id: str
    name: Text
    short: Text
    unit: Text
    kind: Literal["medical", "dental"]
    class_codes: frozenset[str] = frozenset()
    item_codes: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    excluded: frozenset[str] = Field(default=frozenset(), alias="except")
    note: Text

    @model_validator(mode="before")
    @classmethod
    def _texts(cls, values: dict[str, object]) -> dict[str, object]:
        return {key: Text(**value) if isinstance(value, dict) else value for key, value in values.items()}

    @model_validator(mode="after")
    def _selects_something(self) -> Service:
        if bool(self.class_codes) == bool(self.item_codes):
            raise ValueError(f"{self.id}: give either class_codes or item_codes")
        return self

    def selects(self, part: str, class_code: str, item_code: str) -> bool:
        """Whether an item of sheet `part` (base or addition) belongs to this service."""
        if self.item_codes:
            return part == "addition" and item_code in self.item_codes
        chosen = part == "base" and class_code in self.class_codes and item_code not in self.excluded
        return chosen and (not self.only or item_code in self.only)


@cache
def services() -> dict[str, Service]:
    """All services by id, in the order of the declaration."""
    text = resources.files("zaitaku_demand.rates").joinpath("services.toml").read_text("utf-8")
    declared = [Service.model_validate(entry) for entry in tomllib.loads(text)["service"]]
    return {service.id: service for service in declared}


def service(identifier: str) -> Service:
    """One service by its id.

    Raises
    ------
    InputError
        If there is no such service; the message lists those there are.
    """
    known = services()
    if identifier not in known:
        names = ", ".join(known)
        raise InputError(
            Text(f"サービス「{identifier}」はない", f"there is no service '{identifier}'"),
            Text(f"次から選んでください：{names}", f"choose one of {names}"),
        )
    return known[identifier]

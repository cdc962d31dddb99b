"""Years that say nothing about the drift of a service's rates: reforms and the epidemic (``trend_breaks.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator

from zaitaku_demand.text import Text


class Break(BaseModel):
    """Yearly changes of some services that are left out of their drift.

    Attributes
    ----------
    services : tuple of str
    steps : tuple of int
        Fiscal years t whose change from t - 1 is left out.
    kind : str
        ``reform``: comparable from the last reform year on only. ``covid``: comparable, but no drift.
    reason : Text
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    services: tuple[str, ...]
    steps: tuple[int, ...] = Field(min_length=1)
    kind: Literal["reform", "covid"]
    reason: Text

    @model_validator(mode="before")
    @classmethod
    def _texts(cls, values: dict[str, object]) -> dict[str, object]:
        return {key: Text(**value) if isinstance(value, dict) else value for key, value in values.items()}


@cache
def breaks() -> tuple[Break, ...]:
    """All declared breaks."""
    text = resources.files("zaitaku_demand.rates").joinpath("trend_breaks.toml").read_text("utf-8")
    return tuple(Break.model_validate(entry) for entry in tomllib.loads(text)["break"])


def breaks_of(service: str) -> tuple[Break, ...]:
    """Declared breaks of one service."""
    return tuple(each for each in breaks() if service in each.services)


def first_comparable_year(service: str) -> int | None:
    """First fiscal year of the series after its last reform; None without a reform."""
    reforms = [max(each.steps) for each in breaks_of(service) if each.kind == "reform"]
    return max(reforms) if reforms else None


def usable_steps(service: str, years: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Whether the change into each year from the year before says something about the drift, array (years - 1,).

    A step is left out where it is declared as a break or lies before the service's last reform.
    """
    declared = {step for each in breaks_of(service) for step in each.steps}
    first = first_comparable_year(service)
    return np.array([year not in declared and (first is None or year > first) for year in years[1:]], bool)


def break_notes(service: str) -> tuple[Text, ...]:
    """One sentence a break, for the reader of a result."""
    notes = []
    for each in breaks_of(service):
        years = "・".join(str(step) for step in each.steps)
        listed = ", ".join(str(step) for step in each.steps)
        notes.append(
            Text(
                f"{years}年度の変化は率の趨勢に含めない（{each.reason.ja}）。",
                f"Changes into FY{listed} do not count for the trend of the rates: {each.reason.en}.",
            )
        )
    return tuple(notes)

"""The declared pairs: which sources should agree, and which variables should be related, weakly or not."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

EXPECTATIONS = Path(__file__).with_name("expectations.toml")


class AgreementPair(BaseModel):
    """Two sources for the same or nearly the same thing.

    `years_first` and `years_second` are the years put together of either; where they are empty, the years that both
    have. Pairs are compared relative to Japan (ratio to the pooled figure), as their units differ.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: str
    second: str
    levels: tuple[Literal["prefecture", "area"], ...]
    years_first: tuple[int, ...] = ()
    years_second: tuple[int, ...] = ()
    reason_ja: str
    reason_en: str

    @property
    def reason(self) -> Text:
        """Why the two should agree, and why they may not."""
        return Text(self.reason_ja, self.reason_en)


class Expectation(BaseModel):
    """What is expected of the correlation of an outcome with another variable, said before looking.

    ``convergent``: of the given sign. ``discriminant``: close to 0, as the two are about different things.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcome: str
    other: str
    kind: Literal["convergent", "discriminant"]
    sign: Literal["positive", "negative", "none"]
    part_of_the_same: bool = False
    reason_ja: str
    reason_en: str

    @property
    def reason(self) -> Text:
        """Why it is expected."""
        return Text(self.reason_ja, self.reason_en)


class Expectations(BaseModel):
    """All declared pairs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agreement: tuple[AgreementPair, ...]
    expectation: tuple[Expectation, ...]


def read_expectations(file: Path = EXPECTATIONS) -> Expectations:
    """The declared pairs of a TOML file.

    Raises
    ------
    InputError
        If the file is no TOML or an entry has another layout.
    """
    try:
        content: Mapping[str, object] = tomllib.loads(file.read_text(encoding="utf-8"))
        return Expectations.model_validate(content)
    except (tomllib.TOMLDecodeError, ValidationError) as problem:
        first = str(problem).splitlines()[0]
        raise InputError(
            Text(f"妥当性の想定を読めない（{first}）", f"the expectations cannot be read ({first})"),
            Text(
                "同梱の expectations.toml の書式に合わせてください",
                "follow the layout of the shipped expectations.toml",
            ),
            file=file,
        ) from problem


@cache
def declared_expectations() -> Expectations:
    """The pairs that ship with the package."""
    return read_expectations()

"""Known issues of the sources, as data: id, scope, evidence, what we do (``known_issues.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, model_validator

from zaitaku_demand.text import Text


class KnownIssue(BaseModel):
    """One known issue of a source.

    Attributes
    ----------
    id : str
    scope : tuple of str
        Processed tables it touches.
    title, evidence, action : Text
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    scope: tuple[str, ...]
    title: Text
    evidence: Text
    action: Text

    @model_validator(mode="before")
    @classmethod
    def _texts(cls, values: dict[str, object]) -> dict[str, object]:
        return {key: Text(**value) if isinstance(value, dict) else value for key, value in values.items()}


@cache
def known_issues() -> dict[str, KnownIssue]:
    """All known issues by id."""
    text = resources.files("zaitaku_demand.sources").joinpath("known_issues.toml").read_text("utf-8")
    entries = [KnownIssue.model_validate(entry) for entry in tomllib.loads(text)["issue"]]
    return {entry.id: entry for entry in entries}


def issues_of(table: str) -> tuple[str, ...]:
    """Ids of the issues that touch a processed table."""
    return tuple(issue.id for issue in known_issues().values() if table in issue.scope)


def issues_touching(tables: Collection[str]) -> list[KnownIssue]:
    """Known issues whose scope names one of the tables, in the order of the declaration."""
    return [issue for issue in known_issues().values() if set(issue.scope) & set(tables)]

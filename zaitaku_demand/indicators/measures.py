"""Measures: the counts that numerators and denominators are made of, declared in ``indicators/measures/*.toml``.

A measure says what is counted, in which unit, by which place, and from which cells of which source.
`data build` turns the measures into the tables of facts; an indicator names measures and nothing else.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.home import declarations_folder
from zaitaku_demand.text import Text

_T = TypeVar("_T", bound=BaseModel)

SourceName = Literal[
    "ndb",
    "facility_survey",
    "facility_notices",
    "home_care",
    "ssds",
    "emergency",
    "points",
    "population",
    "estimate",
    "user",
]

_REASONS = {
    "extra_forbidden": Text("そのような項目はない", "there is no such field"),
    "missing": Text("必要な項目がない", "it is missing"),
    "string_type": Text("文字列ではない", "it is no text"),
    "bool_type": Text("true・false のどちらでもない", "it is neither true nor false"),
}
"""What a declaration lacks, by the kind of the schema's error; the others are quoted."""


class Declared(BaseModel):
    """A declaration: nothing beyond its fields, and tables of ja and en become texts."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _texts(cls, values: dict[str, object]) -> dict[str, object]:
        return {
            key: Text(**value) if isinstance(value, dict) and set(value) == {"ja", "en"} else value
            for key, value in values.items()
        }


class SeriesBreak(Declared):
    """First year from which a measure is not comparable with earlier ones, and why."""

    year: int
    reason: Text


class NdbItems(Declared):
    """Items of the NDB Open Data that add up to a measure.

    `class_codes` selects items of base sheets by 分類コード, `item_codes` items of any sheet by 診療行為コード;
    both may be given. `only` / `except` narrow the class. `item_codes` are the safe way for sections A and B.
    """

    kind: Literal["medical", "dental"] = "medical"
    section: Literal["A", "B", "C"] = "C"
    class_codes: frozenset[str] = frozenset()
    item_codes: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    excluded: frozenset[str] = Field(default=frozenset(), alias="except")


class Measure(Declared):
    """One count.

    Attributes
    ----------
    id : str
    name, unit : Text
    source : str
        Which table of facts holds it.
    place : str
        ``institution``, ``residence`` or ``incident``: whose place the count is by.
    ndb : NdbItems, optional
        Only with source ``ndb``.
    columns : tuple of str
        Column names (facility_survey, facility_notices, home_care), item codes (ssds, estimate), layers (points) or
        age bands (population) that are added up.
    note : Text, optional
    breaks : tuple of SeriesBreak
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text
    unit: Text
    source: SourceName
    place: Literal["institution", "residence", "incident"]
    ndb: NdbItems | None = None
    columns: tuple[str, ...] = ()
    note: Text | None = None
    breaks: tuple[SeriesBreak, ...] = ()

    @model_validator(mode="after")
    def _says_where_from(self) -> Measure:
        if (self.source == "ndb") != (self.ndb is not None):
            raise ValueError("a measure has a table 'ndb' exactly if its source is ndb")
        if self.source not in ("ndb", "user") and not self.columns:
            raise ValueError(f"a measure of {self.source} names its columns")
        return self


def measures(folder: Path | None = None) -> dict[str, Measure]:
    """All measures by id, in the order of files and declarations.

    Raises
    ------
    InputError
        If a file cannot be read, a field is unknown or missing, or an id stands twice.
    """
    return _measures(folder or declarations_folder())


@cache
def _measures(folder: Path) -> dict[str, Measure]:
    known: dict[str, Measure] = {}
    for path in sorted((folder / "measures").glob("*.toml")):
        for entry in _entries(path):
            measure = parse_declaration(Measure, entry, path)
            if measure.id in known:
                raise InputError(
                    Text(
                        f"指標の材料「{measure.id}」が2回宣言されている",
                        f"the measure '{measure.id}' is declared twice",
                    ),
                    Text("どちらかを消してください", "remove one of them"),
                    file=path,
                )
            known[measure.id] = measure
    return known


def read_toml(path: Path) -> dict[str, list[dict[str, object]]]:
    """Content of a TOML file; InputError naming the file and row if it is not TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        where = re.search(r"at line (\d+)", str(error))
        raise InputError(
            Text("TOMLとして読めない", f"this is not TOML ({error})"),
            Text("引用符と括弧を確かめてください", "check quotation marks and brackets"),
            file=path,
            row=int(where[1]) if where else None,
        ) from None


def parse_declaration(model: type[_T], entry: dict[str, object], path: Path) -> _T:
    """One declaration checked against its schema; InputError naming file, id and field otherwise."""
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "-"
        name = entry.get("id", path.stem)
        reason = _REASONS.get(first["type"], Text(f"値が合わない：{first['msg']}", first["msg"]))
        raise InputError(
            Text(
                f"「{name}」の項目「{field}」が正しくない（{reason.ja}）",
                f"the field '{field}' of '{name}' is not right ({reason.en})",
            ),
            Text(
                "indicators/README.md の項目一覧に合わせてください",
                "follow the list of fields in indicators/README.md",
            ),
            file=path,
        ) from None


def _entries(path: Path) -> list[dict[str, object]]:
    """The tables ``[[measure]]`` of a file, which holds nothing else."""
    content = read_toml(path)
    entries = content.get("measure")
    if (
        set(content) != {"measure"}
        or not isinstance(entries, list)
        or not all(isinstance(entry, dict) for entry in entries)
    ):
        raise InputError(
            Text(
                "[[measure]] の表だけでできたファイルではない",
                "the file does not consist of tables [[measure]] alone",
            ),
            Text(
                "indicators/measures/ のファイルにならってください",
                "follow the files in indicators/measures/",
            ),
            file=path,
        )
    return entries

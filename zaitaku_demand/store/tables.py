"""Processed tables as Parquet: atomic, byte for byte repeatable, with their provenance inside."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.registry import SourceFile, registry
from zaitaku_demand.store.home import table_path
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

_METADATA_KEY = b"zaitaku"


@dataclass(frozen=True)
class Provenance:
    """Where a processed table comes from and what was done to it.

    Attributes
    ----------
    title : Text
    unit : Text
    sources : tuple of str
        Registered paths of the raw files.
    steps : tuple of Text
        Processing steps, one sentence each.
    issues : tuple of str
        Ids of the known issues that touch the table.
    local : bool
        Whether the table is built locally only (by municipality or by item).
    """

    title: Text
    unit: Text
    sources: tuple[str, ...]
    steps: tuple[Text, ...]
    issues: tuple[str, ...] = ()
    local: bool = False

    def files(self) -> list[SourceFile]:
        """Registry entries of the sources."""
        return [registry()[path] for path in self.sources]

    def to_json(self) -> str:
        """JSON as it is stored in the Parquet metadata."""
        return json.dumps(
            {
                "title": self.title._asdict(),
                "unit": self.unit._asdict(),
                "steps": [step._asdict() for step in self.steps],
                "issues": list(self.issues),
                "local": self.local,
                "sources": [
                    {
                        "path": entry.path,
                        "publisher": entry.publisher,
                        "title": entry.title,
                        "edition": entry.edition,
                        "address": entry.url,
                        "sha256": entry.sha256,
                        "licence": entry.licence,
                    }
                    for entry in self.files()
                ],
            },
            ensure_ascii=False,
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str) -> Provenance:
        """Read what `to_json` wrote."""
        data = json.loads(text)
        return cls(
            title=Text(**data["title"]),
            unit=Text(**data["unit"]),
            sources=tuple(source["path"] for source in data["sources"]),
            steps=tuple(Text(**step) for step in data["steps"]),
            issues=tuple(data["issues"]),
            local=data["local"],
        )


def write_table(frame: pd.DataFrame, path: Path, provenance: Provenance | None) -> None:
    """Write `frame` with its provenance; the file appears whole or not at all.

    The same frame and provenance give the same bytes (with the pinned pyarrow).
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    metadata = {} if provenance is None else {_METADATA_KEY: provenance.to_json().encode()}
    # pandas' own metadata names the versions of its writer; dropping it keeps bytes and types stable.
    table = table.replace_schema_metadata(metadata)
    with atomic_path(path) as part:
        pq.write_table(table, part, compression="zstd", compression_level=9)


class atomic_path:
    """Context manager: a temporary path beside `path`, moved onto it if the block succeeds."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Path:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")
        os.close(handle)
        self._part = Path(name)
        return self._part

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            mask = os.umask(0)
            os.umask(mask)
            self._part.chmod(0o666 & ~mask)
            self._part.replace(self.path)
        else:
            self._part.unlink(missing_ok=True)


def read_table(name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """A processed table by its name.

    Raises
    ------
    InputError
        If the table is not shipped and has not been built.
    """
    import pyarrow.parquet as pq

    # Arrow's threads can abort the process if it ends early (apache/arrow 34314); these tables need none.
    with pq.ParquetFile(_located(name)) as file:
        frame: pd.DataFrame = file.read(columns=columns, use_threads=False).to_pandas(use_threads=False)
    return frame


def read_provenance(name: str) -> Provenance:
    """Provenance of a processed table by its name."""
    import pyarrow.parquet as pq

    metadata = pq.read_schema(_located(name)).metadata or {}
    return Provenance.from_json(metadata[_METADATA_KEY].decode())


def _located(name: str) -> Path:
    path = table_path(name)
    if path is None:
        raise InputError(
            Text(f"処理済みの表「{name}」がまだない", f"the processed table '{name}' has not been built"),
            Text(
                "「zaitaku data fetch」と「zaitaku data build」を実行してください",
                "run `zaitaku data fetch` and `zaitaku data build`",
            ),
        )
    return path

"""The registry of official source files: origin, checksum, licence.

``registry.csv`` is committed; it is what `data fetch` and `data verify` check against, and where the
provenance of every processed table comes from.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text


@dataclass(frozen=True)
class SourceFile:
    """One raw file.

    Attributes
    ----------
    path : str
        Place below ``data/raw``.
    group : str
        Group for ``data fetch --only``.
    sha256 : str
    bytes : int
    form : str
        ``official_workbook``, ``official_pdf``, ``tidy_copy``, ``extracted``, ``transcribed`` ...
    publisher, title, edition, url, licence : str
    direct : bool
        Whether `url` is the address of the file itself (otherwise of the page it stands on).
    """

    path: str
    group: str
    sha256: str
    bytes: int
    form: str
    publisher: str
    title: str
    edition: str
    url: str
    direct: bool
    licence: str

    def citation(self) -> str:
        """Publisher, title and edition in one line."""
        return f"{self.publisher}「{self.title}」{self.edition}"


@cache
def registry() -> dict[str, SourceFile]:
    """All source files by their path below ``data/raw``."""
    text = resources.files("zaitaku_demand.sources").joinpath("registry.csv").read_text("utf-8")
    entries: dict[str, SourceFile] = {}
    for row in csv.DictReader(text.splitlines()):
        entries[row["path"]] = SourceFile(
            path=row["path"],
            group=row["group"],
            sha256=row["sha256"],
            bytes=int(row["bytes"]),
            form=row["form"],
            publisher=row["publisher"],
            title=row["title"],
            edition=row["edition"],
            url=row["url"],
            direct=row["direct"] == "1",
            licence=row["licence"],
        )
    return entries


def groups() -> list[str]:
    """Names of the groups, in the order of the registry."""
    return list(dict.fromkeys(entry.group for entry in registry().values()))


def choose(only: list[str] | None) -> list[SourceFile]:
    """Files of the groups in `only` (all if None); InputError for an unknown group."""
    known = groups()
    for group in only or []:
        if group not in known:
            raise InputError(
                Text(f"グループ「{group}」はない", f"there is no group '{group}'"),
                Text(f"次から選んでください：{'、'.join(known)}", f"choose from {', '.join(known)}"),
            )
    return [entry for entry in registry().values() if not only or entry.group in only]


def checksum(path: Path) -> str:
    """sha256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def state_of(entry: SourceFile, raw: Path) -> str:
    """``verified``, ``changed`` or ``absent``."""
    path = raw / entry.path
    if not path.is_file():
        return "absent"
    return "verified" if path.stat().st_size == entry.bytes and checksum(path) == entry.sha256 else "changed"


def verified_path(relative: str, raw: Path) -> Path:
    """Path of a raw file whose checksum is the registered one.

    Raises
    ------
    InputError
        If the file is absent or differs from the registered checksum.
    """
    entry = registry()[relative]
    state = state_of(entry, raw)
    if state == "absent":
        raise InputError(
            Text("元ファイルがまだ取得されていない", "the source file has not been fetched"),
            Text(
                f"「zaitaku data fetch --only {entry.group}」を実行してください",
                f"run `zaitaku data fetch --only {entry.group}`",
            ),
            file=raw / relative,
        )
    if state == "changed":
        raise InputError(
            Text("内容が登録済みのチェックサムと異なる", "the content differs from the registered checksum"),
            Text(
                "公開元で改訂されたかを確かめ、「zaitaku data fetch」で取り直してください",
                "check whether the publisher revised it, and fetch it again with `zaitaku data fetch`",
            ),
            file=raw / relative,
        )
    return raw / relative

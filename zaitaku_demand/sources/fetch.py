"""Filling ``data/raw`` from the official addresses or from a mirror folder, checksum by checksum."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.registry import SourceFile, checksum, choose, state_of
from zaitaku_demand.text import Text


@dataclass
class FetchReport:
    """What a fetch did, file by file (paths below ``data/raw``)."""

    fetched: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    by_hand: list[SourceFile] = field(default_factory=list)


def fetch(
    raw: Path,
    *,
    mirror: Path | None = None,
    only: list[str] | None = None,
    progress: Callable[[SourceFile], None] = lambda entry: None,
) -> FetchReport:
    """Fetch every registered file that is not yet there with the registered checksum.

    A file is written beside its place and moved there when its checksum is right, so an interrupted
    fetch leaves no half file and the next one goes on where it stopped. A file whose content differs
    from the registry is reported in ``changed`` and not put in place.

    Parameters
    ----------
    raw : Path
        Folder to fill.
    mirror : Path, optional
        Folder with the same layout; without it the official addresses are used.
    only : list of str, optional
        Groups to fetch.
    progress : callable, optional
        Called with each file before it is fetched.

    Raises
    ------
    InputError
        If the mirror folder or a group does not exist.
    """
    if mirror is not None and not mirror.is_dir():
        raise InputError(
            Text("ミラーのフォルダがない", "the mirror folder does not exist"),
            Text("--mirror のフォルダ名を確かめてください", "check the folder given with --mirror"),
            file=mirror,
        )
    report = FetchReport()
    for entry in choose(only):
        target = raw / entry.path
        if state_of(entry, raw) == "verified":
            report.kept.append(entry.path)
            continue
        if mirror is None and not entry.direct:
            report.by_hand.append(entry)
            continue
        progress(entry)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetch-") as folder:
            part = Path(folder) / "part"
            if not (_copy(mirror, entry, part) if mirror else _download(entry, part)):
                report.failed.append(entry.path)
            elif checksum(part) != entry.sha256:
                report.changed.append(entry.path)
            else:
                part.replace(target)
                report.fetched.append(entry.path)
    return report


def _copy(mirror: Path, entry: SourceFile, part: Path) -> bool:
    source = mirror / entry.path
    if not source.is_file():
        return False
    shutil.copyfile(source, part)
    return True


def _download(entry: SourceFile, part: Path) -> bool:
    import pooch
    import requests

    pooch.get_logger().setLevel("WARNING")
    try:
        pooch.retrieve(entry.url, known_hash=None, fname=part.name, path=part.parent, progressbar=False)
    except (requests.RequestException, OSError, ValueError):
        return False
    return part.is_file()

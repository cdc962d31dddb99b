"""Putting a finished report in place: all of it or nothing, and never a file that is not the report's own."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.registry import checksum
from zaitaku_demand.text import Text

MANIFEST = "manifest.json"


@contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """A temporary folder beside `target`, put in place when the block succeeds.

    Files of an earlier report that the new one has not are removed if nobody changed them since; all
    other files in `target` stay.

    Raises
    ------
    InputError
        If `target` is a file, or one of its files cannot be replaced (open in another program); the earlier
        report is as it was then.
    """
    if target.exists() and not target.is_dir():
        raise InputError(
            Text(
                "出力先がフォルダではなくファイルである", "the place for the report is a file, not a folder"
            ),
            Text("別のフォルダを指定してください", "choose another folder"),
            file=target,
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    try:
        yield part
        _write_manifest(part)
        if target.is_dir():
            _replace(part, target)
        else:
            _open_to_readers(part)
            part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _write_manifest(folder: Path) -> None:
    sums = {name: checksum(folder / name) for name in _files(folder)}
    (folder / MANIFEST).write_text(json.dumps({"files": sums}, indent=1) + "\n", "utf-8", newline="\n")


def _open_to_readers(folder: Path) -> None:
    """Give the folder the rights of any new folder; temporary ones are closed to others."""
    mask = os.umask(0)
    os.umask(mask)
    folder.chmod(0o777 & ~mask)


def _replace(part: Path, target: Path) -> None:
    """Move every file, keeping the earlier ones until all are in place."""
    new = _files(part)
    stale = _unchanged(target) - set(new)
    kept = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    moved: list[str] = []
    try:
        for name in [*sorted(stale), *new]:
            old = target / name
            if old.exists():
                (kept / name).parent.mkdir(parents=True, exist_ok=True)
                old.replace(kept / name)
            moved.append(name)
            if name in stale:
                continue
            old.parent.mkdir(parents=True, exist_ok=True)
            (part / name).replace(old)
    except OSError as error:
        _restore(kept, target, moved)
        raise InputError(
            Text(f"ファイル「{name}」を置き換えられない", f"the file {name} cannot be replaced"),
            Text(
                "Excelなどで開いている場合は閉じてから、もう一度実行してください",
                "close it in Excel or any other program and run again",
            ),
            file=target,
        ) from error
    except BaseException:
        _restore(kept, target, moved)
        raise
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def _restore(kept: Path, target: Path, moved: list[str]) -> None:
    for name in moved:
        (target / name).unlink(missing_ok=True)
    for name in _files(kept):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (kept / name).replace(target / name)


def _unchanged(target: Path) -> set[str]:
    """Files that an earlier report lists and that are still as it wrote them."""
    try:
        listed = json.loads((target / MANIFEST).read_text("utf-8"))["files"]
        names = [(str(name), str(value)) for name, value in listed.items()]
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return set()
    found = set()
    for name, value in names:
        path = target / name
        inside = path.resolve().is_relative_to(target.resolve())
        if inside and path.is_file() and checksum(path) == value:
            found.add(name)
    return found

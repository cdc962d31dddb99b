"""A child process that draws figures while the parent is busy.

A plain child process works the same on every system and needs no guard in the script of the user, which the
process pools of the standard library do where they cannot fork. Parent and child take figures by creating an empty
file named after them in a folder of claims, which only one of them can do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO


class Child:
    """One child process, ``python -m MODULE FOLDER CLAIMS < jobs``.

    Attributes
    ----------
    claims : Path
        Folder of the claims, removed by `stop`.
    """

    def __init__(self) -> None:
        self.claims = Path(tempfile.mkdtemp(prefix="zaitaku-"))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, module: str, folder: Path, write_jobs: Callable[[IO[bytes]], object]) -> None:
        """Start the child; where that is not possible, `failed` says so later."""
        package = Path(__file__).resolve().parents[2]
        paths = [str(package), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
        try:
            # A file, not a pipe: the parent need not wait until the child has started to read.
            with tempfile.TemporaryFile() as waiting:
                write_jobs(waiting)
                waiting.seek(0)
                self._process = subprocess.Popen(
                    [sys.executable, "-m", module, str(folder), str(self.claims)],
                    stdin=waiting,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                )
        except OSError:
            self._process = None

    def failed(self) -> bool:
        """Wait for the child; whether its figures cannot be relied on (it never ran or broke off)."""
        return self._process is None or self._process.wait() != 0

    def stop(self) -> None:
        """End the child if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process = None
        shutil.rmtree(self.claims, ignore_errors=True)


def claim(claims: Path, name: str) -> bool:
    """Take a figure; False if the other process has it."""
    try:
        (claims / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True

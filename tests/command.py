"""The command as a process of its own, as a user starts it, and in this process where that would take minutes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from zaitaku_demand.cli import main


@dataclass(frozen=True)
class Done:
    """What the command printed, and how it ended."""

    stdout: str
    stderr: str
    returncode: int


Zaitaku = Callable[..., Done]


def zaitaku_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> Zaitaku:
    """The command in this process, with `folder` as its working folder."""
    monkeypatch.chdir(folder)

    def run(*arguments: str, language: str = "ja") -> Done:
        monkeypatch.setenv("ZAITAKU_LANG", language)
        monkeypatch.setattr(sys, "argv", ["zaitaku", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Done(printed.out, printed.err, int(ended.value.code or 0))

    return run


def zaitaku(*arguments: str, folder: Path, language: str = "ja") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "ZAITAKU_LANG": language,
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        [sys.executable, "-m", "zaitaku_demand", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

"""The command as a process of its own, as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import CHECKOUT


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

"""Area figures in two processes: ``python -m zaitaku_demand.report.figure_worker FOLDER CLAIMS < jobs``.

A plain child process works the same on every system and needs no guard in the script of the user, which
the process pools of the standard library do where they cannot fork.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from zaitaku_demand.report.figure_areas import AreaFigure, draw_area_figures


class AreaFigureWorker:
    """A child process that draws figures while the parent is busy, and the parent that then lends a hand.

    Parameters
    ----------
    figures : list of AreaFigure
    folder : Path
        Where the figures go.
    """

    def __init__(self, figures: list[AreaFigure], folder: Path) -> None:
        self._figures = figures
        self._folder = folder
        self._claims = Path(tempfile.mkdtemp(prefix="zaitaku-"))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the child; without one, `finish` draws everything."""
        package = Path(__file__).resolve().parents[2]
        paths = [str(package), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
        module = "zaitaku_demand.report.figure_worker"
        command = [sys.executable, "-m", module, str(self._folder), str(self._claims)]
        jobs = json.dumps([figure.to_plain() for figure in self._figures]).encode()
        try:
            # A file, not a pipe: the parent need not wait until the child has started to read.
            with tempfile.TemporaryFile() as waiting:
                waiting.write(jobs)
                waiting.seek(0)
                self._process = subprocess.Popen(
                    command,
                    stdin=waiting,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                )
        except OSError:
            self._process = None

    def finish(self) -> list[Path]:
        """Draw from the end until parent and child meet, wait, and draw whatever a failed child left."""
        mine = set(draw_area_figures(self._figures[::-1], self._folder, self._claims))
        if self._process is None or self._process.wait() != 0:
            draw_area_figures([figure for figure in self._figures if figure.name not in mine], self._folder)
        names = [f"{figure.name}.{kind}" for figure in self._figures for kind in ("png", "svg")]
        return [self._folder / name for name in names]

    def stop(self) -> None:
        """End the child if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process = None
        shutil.rmtree(self._claims, ignore_errors=True)


def main() -> None:
    """Read figures from standard input and draw those that nobody has taken."""
    figures = [AreaFigure.from_plain(data) for data in json.load(sys.stdin.buffer)]
    draw_area_figures(figures, Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()

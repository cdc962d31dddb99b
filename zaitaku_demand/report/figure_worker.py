"""Area figures in two processes: ``python -m zaitaku_demand.report.figure_worker FOLDER CLAIMS < jobs``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from zaitaku_demand.report.child import Child
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
        self._child = Child()

    def start(self) -> None:
        """Start the child; without one, `finish` draws everything."""
        jobs = json.dumps([figure.to_plain() for figure in self._figures]).encode()
        self._child.start(
            "zaitaku_demand.report.figure_worker", self._folder, lambda waiting: waiting.write(jobs)
        )

    def finish(self) -> list[Path]:
        """Draw from the end until parent and child meet, wait, and draw whatever a failed child left."""
        mine = set(draw_area_figures(self._figures[::-1], self._folder, self._child.claims))
        if self._child.failed():
            draw_area_figures([figure for figure in self._figures if figure.name not in mine], self._folder)
        names = [f"{figure.name}.{kind}" for figure in self._figures for kind in ("png", "svg")]
        return [self._folder / name for name in names]

    def stop(self) -> None:
        """End the child if it still runs."""
        self._child.stop()


def main() -> None:
    """Read figures from standard input and draw those that nobody has taken."""
    figures = [AreaFigure.from_plain(data) for data in json.load(sys.stdin.buffer)]
    draw_area_figures(figures, Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()

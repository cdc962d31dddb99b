"""Benchmark figures in two processes: ``python -m zaitaku_demand.report.benchmark_figure_worker FOLDER CLAIMS < jobs``."""

from __future__ import annotations

import pickle
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figure_map import map_shapes
from zaitaku_demand.report.child import Child, claim
from zaitaku_demand.text import Language

if TYPE_CHECKING:
    import geopandas as gpd

Kind = Literal["map", "functions", "profile", "series", "funnel", "caterpillar"]
FEWEST = 6
"""Figures from which on a second process saves more than its start takes."""


@dataclass(frozen=True)
class FigureJob:
    """One figure: its kind, the place or indicator it is of, and its language."""

    kind: Kind
    of: str
    name: str
    language: Language
    suffix: str

    @property
    def stem(self) -> str:
        """Name of its files without their kind."""
        return "_".join(["benchmark", self.kind, *([self.of] if self.of else [])]) + self.suffix


class BenchmarkFigureWorker:
    """A child process that draws figures while the parent is busy, and the parent that then lends a hand.

    Parameters
    ----------
    content : BenchmarkContent
    jobs : list of FigureJob
    folder : Path
        Where the figures go.
    """

    def __init__(self, content: BenchmarkContent, jobs: list[FigureJob], folder: Path) -> None:
        self._content, self._jobs, self._folder = content, jobs, folder
        # The outlines stay here: sending them would take longer than drawing the maps.
        self._shared = [job for job in jobs if job.kind != "map"]
        self._child = Child()

    def start(self) -> None:
        """Start the child where there are many figures; without one, `finish` draws everything."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if len(self._shared) < FEWEST:
            return
        work = (replace(self._content, boundaries=None), self._shared)
        self._child.start(
            "zaitaku_demand.report.benchmark_figure_worker",
            self._folder,
            lambda waiting: pickle.dump(work, waiting),
        )

    def finish(self) -> list[Path]:
        """Draw the maps, then from the end until parent and child meet; wait; draw what a failed child left.

        Returns
        -------
        list of Path
            In the order of the jobs; those for which the content carries nothing are left out.
        """
        maps = [job for job in self._jobs if job.kind == "map"]
        shapes = map_shapes(self._content) if maps else None
        for job in maps:
            _draw(self._content, shapes, job, self._folder)
        mine = _draw_unclaimed(self._content, self._shared[::-1], self._folder, self._child.claims)
        if self._child.failed():
            for job in self._shared:
                if job not in mine:
                    _draw(self._content, None, job, self._folder)
        files = [self._folder / f"{job.stem}.{kind}" for job in self._jobs for kind in ("png", "svg")]
        return [path for path in files if path.is_file()]

    def stop(self) -> None:
        """End the child if it still runs."""
        self._child.stop()


def _draw_unclaimed(
    content: BenchmarkContent, jobs: list[FigureJob], folder: Path, claims: Path
) -> list[FigureJob]:
    """Draw the figures that the other process has not taken."""
    drawn = []
    for job in jobs:
        if claim(claims, job.stem):
            _draw(content, None, job, folder)
            drawn.append(job)
    return drawn


def _draw(content: BenchmarkContent, shapes: gpd.GeoDataFrame | None, job: FigureJob, folder: Path) -> None:
    from zaitaku_demand.report.benchmark_figure_caterpillar import draw_caterpillar
    from zaitaku_demand.report.benchmark_figure_funnel import draw_funnel
    from zaitaku_demand.report.benchmark_figure_map import draw_ratio_map
    from zaitaku_demand.report.benchmark_figure_profile import draw_profile
    from zaitaku_demand.report.benchmark_figure_scores import draw_scores
    from zaitaku_demand.report.benchmark_figure_series import draw_series

    if job.kind == "map":
        draw_ratio_map(content, shapes, job.of, folder, job.language, job.suffix)
    elif job.kind == "functions":
        draw_scores(content, folder, job.language, job.suffix)
    elif job.kind == "profile":
        draw_profile(content, job.of, job.name, folder, job.language, job.suffix)
    elif job.kind == "series":
        draw_series(content, job.of, job.name, folder, job.language, job.suffix)
    elif job.kind == "funnel":
        draw_funnel(content, job.of, folder, job.language, job.suffix)
    else:
        draw_caterpillar(content, job.of, folder, job.language, job.suffix)


def main() -> None:
    """Read content and figures from the parent's file and draw those that nobody has taken."""
    # Written by the parent a moment ago into a file without a name that nobody else can open.
    content, jobs = pickle.load(sys.stdin.buffer)
    _draw_unclaimed(content, jobs, Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()

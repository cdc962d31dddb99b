"""All figures of a benchmark."""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figure_worker import BenchmarkFigureWorker, FigureJob
from zaitaku_demand.report.benchmark_view import figure_indicators
from zaitaku_demand.report.figures import suffix_of
from zaitaku_demand.text import Language


def draw_benchmark_figures(
    content: BenchmarkContent, folder: Path, languages: tuple[Language, ...] = ("ja",)
) -> list[Path]:
    """Draw every figure in every language, as PNG and SVG.

    Parameters
    ----------
    content : BenchmarkContent
    folder : Path
    languages : tuple of str
        The first has the plain file names.

    Returns
    -------
    list of Path
        Figures for which the content carries nothing are left out.
    """
    worker = benchmark_figure_worker(content, folder, languages)
    worker.start()
    try:
        return worker.finish()
    finally:
        worker.stop()


def benchmark_figure_worker(
    content: BenchmarkContent, folder: Path, languages: tuple[Language, ...]
) -> BenchmarkFigureWorker:
    """A worker that draws the figures of all languages beside everything else."""
    return BenchmarkFigureWorker(content, figure_jobs(content, languages), folder)


def figure_jobs(content: BenchmarkContent, languages: tuple[Language, ...]) -> list[FigureJob]:
    """Every figure in every language; scores, then the places, then the indicators."""
    chosen = figure_indicators(content)
    jobs = []
    for language in languages:
        suffix = suffix_of(language, languages)
        jobs.append(FigureJob("functions", "", "", language, suffix))
        for code, name in content.focus:
            jobs.append(FigureJob("profile", code, name, language, suffix))
            jobs.append(FigureJob("series", code, name, language, suffix))
        for id in chosen:
            jobs.append(FigureJob("funnel", id, "", language, suffix))
            jobs.append(FigureJob("caterpillar", id, "", language, suffix))
            jobs.append(FigureJob("map", id, "", language, suffix))
    return jobs

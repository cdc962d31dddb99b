"""All figures of a benchmark."""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.report.benchmark_figure_caterpillar import draw_caterpillar
from zaitaku_demand.report.benchmark_figure_funnel import draw_funnel
from zaitaku_demand.report.benchmark_figure_map import draw_ratio_map, map_shapes
from zaitaku_demand.report.benchmark_figure_profile import draw_profile
from zaitaku_demand.report.benchmark_figure_scores import draw_scores
from zaitaku_demand.report.benchmark_figure_series import draw_series
from zaitaku_demand.report.benchmark_view import figure_indicators
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
    paths: list[Path] = []
    shapes = map_shapes(content)
    chosen = figure_indicators(content)
    for language in languages:
        suffix = "" if language == languages[0] else f"_{language}"
        paths += draw_scores(content, folder, language, suffix)
        for code, name in content.focus:
            paths += draw_profile(content, code, name, folder, language, suffix)
            paths += draw_series(content, code, name, folder, language, suffix)
        for id in chosen:
            paths += draw_funnel(content, id, folder, language, suffix)
            paths += draw_caterpillar(content, id, folder, language, suffix)
            paths += draw_ratio_map(content, shapes, id, folder, language, suffix)
    return paths

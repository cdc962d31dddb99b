"""All figures of a report."""

from __future__ import annotations

from pathlib import Path

from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figure_areas import area_figures, draw_area_figures
from zaitaku_demand.report.figure_map import draw_map
from zaitaku_demand.report.figure_national import draw_national_by_age
from zaitaku_demand.report.figure_prefectures import draw_prefectures
from zaitaku_demand.report.figure_worker import AreaFigureWorker
from zaitaku_demand.text import Language


def suffix_of(language: Language, languages: tuple[Language, ...]) -> str:
    """What the names of files in `language` end with: nothing for the first language of the report."""
    return "" if language == languages[0] else f"_{language}"


def draw_figures(
    content: ReportContent, folder: Path, language: Language = "ja", suffix: str = ""
) -> list[Path]:
    """Draw every figure in one language, one after the other."""
    paths = draw_main_figures(content, folder, language, suffix)
    names = draw_area_figures(area_figures(content, language, suffix), folder)
    return [*paths, *(folder / f"{name}.{kind}" for name in names for kind in ("png", "svg"))]


def draw_main_figures(content: ReportContent, folder: Path, language: Language, suffix: str) -> list[Path]:
    """Draw the map, the ages and the prefectures."""
    paths = draw_map(content, folder, language, suffix)
    paths += draw_national_by_age(content, folder, language, suffix)
    paths += draw_prefectures(content, folder, language, suffix)
    return paths


def area_figure_worker(
    content: ReportContent, folder: Path, languages: tuple[Language, ...]
) -> AreaFigureWorker:
    """A worker that draws the area figures of all languages beside everything else."""
    figures = [
        figure
        for language in languages
        for figure in area_figures(content, language, suffix_of(language, languages))
    ]
    return AreaFigureWorker(figures, folder)

"""All figures of the research report in both languages, drawn by two processes.

``python -m zaitaku_demand.report.research_figures FOLDER CLAIMS < jobs`` is the second one.
"""

from __future__ import annotations

import pickle
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from zaitaku_demand.report.child import Child, claim
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.report.research_figure_parts import (
    KINDS,
    Drawing,
    publication_settings,
    save_publication,
)
from zaitaku_demand.report.research_font import families_for
from zaitaku_demand.text import Language

FEWEST = 4
"""Figures from which on a second process saves more than its start takes."""


@dataclass(frozen=True)
class Figure:
    """One figure in one language: its name (without language) and the language."""

    name: str
    language: Language

    @property
    def stem(self) -> str:
        """Name of its files without their kind."""
        return f"{self.name}_{self.language}"


@lru_cache(maxsize=2)
def figure_names(content: ResearchContent) -> list[str]:
    """Figures for which the content has something to show, in the order of the report."""
    from zaitaku_demand.report.research_figure_association import curve_rows, forest_rows
    from zaitaku_demand.report.research_figure_designs import event_rows
    from zaitaku_demand.report.research_figure_reliability import cases_panels, estimator_rows
    from zaitaku_demand.report.research_figure_validity import institution_rows, limit_rows
    from zaitaku_demand.report.research_view import LEVELS, examples, power_curves

    drawing = Drawing(content, "ja")
    there = {
        "reliability": len(estimator_rows(drawing)),
        "reliability_cases": len(cases_panels(drawing)),
        "agreement_limits": len(limit_rows(drawing)),
        "agreement": len(content.agreement_points),
        "institution_bias": len(institution_rows(drawing)),
        **{f"associations_{level}": len(forest_rows(drawing, level)) for level in LEVELS},
        "curves": len(curve_rows(drawing)),
        **{f"specification_{kind}": True for kind in examples(content)},
        "event_study": len(event_rows(drawing)),
        "interrupted": len(content.interrupted_lines),
        "core_stability": len(content.core_stability),
        "power": len(power_curves(content)),
    }
    return [name for name, rows in there.items() if rows]


def draw(content: ResearchContent, figure: Figure, folder: Path) -> list[Path]:
    """Draw one figure and write its three files."""
    import matplotlib

    families = {"font.family": families_for(content)}
    with matplotlib.rc_context({**publication_settings(), **families}):
        canvas = _drawn(Drawing(content, figure.language), figure.name)
        return save_publication(canvas, folder, figure.stem)


def _drawn(drawing: Drawing, name: str) -> Any:
    from zaitaku_demand.report import research_figure_association as association
    from zaitaku_demand.report import research_figure_designs as designs
    from zaitaku_demand.report import research_figure_outlook as outlook
    from zaitaku_demand.report import research_figure_reliability as reliability
    from zaitaku_demand.report import research_figure_validity as validity
    from zaitaku_demand.report.research_view import examples

    if name.startswith("associations_"):
        return association.draw_forest(drawing, name.removeprefix("associations_"))
    if name.startswith("specification_"):
        curve = examples(drawing.content)[name.removeprefix("specification_")]
        return association.draw_specification(drawing, curve)
    return {
        "reliability": reliability.draw_reliability,
        "reliability_cases": reliability.draw_reliability_cases,
        "agreement": validity.draw_agreement,
        "agreement_limits": validity.draw_agreement_limits,
        "curves": association.draw_curves,
        "institution_bias": validity.draw_institution_bias,
        "event_study": designs.draw_event_study,
        "interrupted": designs.draw_interrupted,
        "core_stability": outlook.draw_stability,
        "power": outlook.draw_power,
    }[name](drawing)


class FigureWorker:
    """A child process that draws figures while the parent is busy, and the parent that then lends a hand.

    Parameters
    ----------
    content : ResearchContent
    folder : Path
        Where the figures go.
    languages : tuple of str
    """

    def __init__(self, content: ResearchContent, folder: Path, languages: tuple[Language, ...]) -> None:
        names = figure_names(content)
        self._content, self._folder = content, folder
        self._figures = [Figure(name, language) for language in languages for name in names]
        self._child = Child()

    def start(self) -> None:
        """Start the child where there are many figures; without one, `finish` draws everything."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if len(self._figures) >= FEWEST:
            self._child.start(
                "zaitaku_demand.report.research_figures",
                self._folder,
                lambda waiting: pickle.dump((self._content, self._figures), waiting),
            )

    def finish(self) -> list[Path]:
        """Draw from the end until parent and child meet; wait; draw what a failed child left."""
        mine = _draw_unclaimed(self._content, self._figures[::-1], self._folder, self._child.claims)
        if self._child.failed():
            for figure in self._figures:
                if figure not in mine:
                    draw(self._content, figure, self._folder)
        return [self._folder / f"{figure.stem}.{kind}" for figure in self._figures for kind in KINDS]

    def stop(self) -> None:
        """End the child if it still runs."""
        self._child.stop()


def _draw_unclaimed(
    content: ResearchContent, figures: list[Figure], folder: Path, claims: Path
) -> list[Figure]:
    """Draw the figures that the other process has not taken."""
    drawn = []
    for figure in figures:
        if claim(claims, figure.stem):
            draw(content, figure, folder)
            drawn.append(figure)
    return drawn


def main() -> None:
    """Read content and figures from the parent's file and draw those that nobody has taken."""
    # Written by the parent a moment ago into a file without a name that nobody else can open.
    content, figures = pickle.load(sys.stdin.buffer)
    _draw_unclaimed(content, figures, Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()

"""What every figure of the forecast is made from: contents, language and folder, title, caption, small panels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from zaitaku_demand.report import labels
from zaitaku_demand.report.benchmark_figure_parts import MARGIN
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.figure_areas import nice_step
from zaitaku_demand.report.figure_style import settings
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_figure_parts import (
    Entry,
    ForecastSheet,
    figure_caption,
    legend,
    legend_rows,
    open_body,
)
from zaitaku_demand.report.forecast_view import Place, service_words
from zaitaku_demand.report.view import both
from zaitaku_demand.text import Language, Text


@dataclass(frozen=True)
class Drawing:
    """What the figures of one report and language share.

    Attributes
    ----------
    forecast : ForecastContent
    content : ReportContent
        The run of the same service: names, unit, basis and sources of the captions.
    folder : Path
        Where the files go.
    language : str
    suffix : str
        What the names of the files end with.
    """

    forecast: ForecastContent
    content: ReportContent
    folder: Path
    language: Language
    suffix: str

    def save(self, name: str, draw: Callable[[Any], ForecastSheet]) -> list[Path]:
        """Let `draw` fill a new canvas and write ``forecast_<name><suffix>`` as PNG and SVG."""
        import matplotlib
        from matplotlib.figure import Figure

        with matplotlib.rc_context(settings()):
            return draw(Figure()).save(self.folder, f"forecast_{name}{self.suffix}")

    def say(self, text: Text) -> str:
        """The half of `text` in the language of the figure."""
        return text.to(self.language)

    def title(self, template: Text, **values: object) -> str:
        """A title that names the service and what else its template asks for."""
        return self.say(both(template, service=service_words(self.content, self.forecast), **values))

    def caption(
        self, width: float, *more: str, unit: Text | None = None, state: Text = labels.ESTIMATED_ALL
    ) -> str:
        """Lines below a figure `width` inches wide; the unit is the forecast's own unless another is given."""
        unit = self.forecast.unit if unit is None else unit
        return figure_caption(self.content, self.language, width, unit, *more, state=state)


@dataclass(frozen=True)
class Panel:
    """One of several small panels: its area, where it starts and its size in inches."""

    area: Place
    left: float
    roof: float
    wide: float
    tall: float

    def inner(self, inside: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """Left, lower, right and upper end of what lies `inside` (left, below, right, above) from the sides."""
        return (
            self.left + inside[0],
            self.roof - self.tall + inside[1],
            self.left + self.wide - inside[2],
            self.roof - inside[3],
        )


@dataclass(frozen=True)
class Panels:
    """Small panels of one size, a row as wide as the number of areas asks for.

    Attributes
    ----------
    areas : list of Place
    wide, tall : float
        Size of a panel in inches.
    entries : list of Entry
        The legend above all panels.
    """

    areas: list[Place]
    wide: float
    tall: float
    entries: list[Entry]

    @property
    def columns(self) -> int:
        """Panels in a row."""
        return 3 if len(self.areas) <= 9 else 4

    @property
    def width(self) -> float:
        """Width of the figure in inches."""
        return self.columns * self.wide + MARGIN

    def open(self, canvas: Any, title: str, foot: str) -> tuple[ForecastSheet, Iterator[Panel]]:
        """The sheet with its legend, and the places of the panels on it."""
        above = 0.19 * legend_rows(self.entries, self.width - 2 * MARGIN) + 0.15
        tall = ceil(len(self.areas) / self.columns) * self.tall + above
        body = open_body(canvas, self.width, tall, title, "", foot)
        legend(body.sheet, self.entries, MARGIN, body.top - 0.12, self.width - MARGIN)
        return body.sheet, self._places(body.top - above)

    def _places(self, top: float) -> Iterator[Panel]:
        for number, area in enumerate(self.areas):
            row, column = divmod(number, self.columns)
            yield Panel(area, column * self.wide, top - row * self.tall, self.wide, self.tall)


def scale_end(largest: float) -> float:
    """Upper end of a scale from zero: the first round step at or above `largest`."""
    step = nice_step(largest)
    return step * max(ceil(largest / step - 1e-9), 1)

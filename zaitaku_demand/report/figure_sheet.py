"""A sheet in inches that gathers lines, bands and words, and draws each kind at once.

Words are the slow part of a figure: in the PNG they are drawn as one shape a colour, from outlines kept by
letter; in the SVG they stay words, so that the file is small and can be searched.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zaitaku_demand.report.figure_style import font_family, save_png, save_svg

FloatArray = npt.NDArray[np.float64]
_UNITS = 100.0
_POINTS = 72.0
_LINE_SPACING = 1.45


class Sheet:
    """Everything of one figure, placed in inches from the lower left corner."""

    def __init__(self, canvas: Any, width: float, height: float) -> None:
        canvas.clear()
        canvas.set_size_inches(width, height)
        self.width, self.height = width, height
        self._canvas = canvas
        self._axes = canvas.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, width), ylim=(0, height))
        self._axes.axis("off")
        self._lines: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
        self._bands: dict[str, list[Any]] = defaultdict(list)
        self._marks: dict[tuple[Any, ...], list[tuple[float, float]]] = defaultdict(list)
        self._words: list[tuple[float, float, str, float, str, str, str]] = []

    def line(self, points: Any, colour: str, width: float, layer: int, dashed: bool = False) -> None:
        """An open line through `points`."""
        self._lines[(layer, colour, width, dashed)].append(points)

    def band(self, left: float, right: float, bottom: float, top: float, colour: str) -> None:
        """A filled rectangle below everything else."""
        self._bands[colour].append([(left, bottom), (right, bottom), (right, top), (left, top)])

    def mark(self, x: float, y: float, marker: str, colour: str, size: float) -> None:
        """A filled marker above the lines."""
        self._marks[(marker, colour, size)].append((x, y))

    def words(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str,
        across: str = "left",
        up: str = "baseline",
    ) -> None:
        """Text; `across` is left, center or right, `up` baseline, center or top. Lines break at newlines."""
        for place, part in enumerate(text.split("\n")):
            lowered = y - place * size * _LINE_SPACING / _POINTS
            self._words.append((x, lowered, part, size, colour, across, up))

    def save(self, folder: Path, name: str) -> list[Path]:
        """Draw and write both files."""
        from matplotlib.collections import LineCollection, PolyCollection

        for colour, boxes in self._bands.items():
            self._axes.add_collection(
                PolyCollection(boxes, facecolors=colour, linewidths=0, zorder=0), autolim=False
            )
        for (layer, colour, width, dashed), lines in self._lines.items():
            style = (0, (3, 2)) if dashed else "solid"
            self._axes.add_collection(
                LineCollection(lines, colors=colour, linewidths=width, linestyles=style, zorder=layer),
                autolim=False,
            )
        for (marker, colour, size), points in self._marks.items():
            x, y = zip(*points, strict=True)
            self._axes.plot(x, y, marker, markersize=size, color=colour, zorder=8)
        shapes = self._shapes()
        png = save_png(self._canvas, folder, name)
        for shape in shapes:
            shape.remove()
        self._texts()
        return [png, save_svg(self._canvas, folder, name)]

    def _shapes(self) -> list[Any]:
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path as Outline

        by_colour: dict[str, list[tuple[FloatArray, Any]]] = defaultdict(list)
        for x, y, text, size, colour, across, up in self._words:
            scale = size / _POINTS / _UNITS
            advance = sum(_letter(letter)[2] for letter in text)
            start = x - {"left": 0.0, "center": 0.5, "right": 1.0}[across] * advance * scale
            base = y - _rise(size, up)
            for letter in text:
                vertices, codes, step = _letter(letter)
                if len(vertices):
                    by_colour[colour].append((vertices * scale + (start, base), codes))
                start += step * scale
        shapes = []
        for colour, parts in by_colour.items():
            outline = Outline(
                np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
            )
            shapes.append(self._axes.add_artist(PathPatch(outline, facecolor=colour, linewidth=0, zorder=9)))
        return shapes

    def _texts(self) -> None:
        for x, y, text, size, colour, across, up in self._words:
            if text:
                self._axes.text(
                    x, y - _rise(size, up), text, fontsize=size, color=colour, ha=across, va="baseline"
                )


def advance(text: str, size: float) -> float:
    """Width of a line in inches at `size` points."""
    return sum(_letter(letter)[2] for letter in text) * size / _POINTS / _UNITS


def _rise(size: float, up: str) -> float:
    return {"baseline": 0.0, "center": 0.36, "top": 0.86}[up] * size / _POINTS


@cache
def _letter(letter: str) -> tuple[FloatArray, Any, float]:
    """Outline of one letter at a hundred points, and how far the next one stands."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=font_family(), size=_UNITS)
    vertices, codes = text_to_path.get_text_path(font, letter)
    advance, _, _ = text_to_path.get_text_width_height_descent(letter, font, ismath=False)
    factor = _UNITS / text_to_path.FONT_SCALE
    return np.asarray(vertices, dtype=np.float64).reshape(-1, 2) * factor, np.asarray(codes), float(advance)

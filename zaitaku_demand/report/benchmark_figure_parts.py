"""Pieces of the benchmark figures: names beside points without overlap, open marks, heads and feet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from zaitaku_demand.report.figure_sheet import Sheet
from zaitaku_demand.report.figure_style import DARK_GREY, INK, width_of, wrap

MARGIN = 0.15
TITLE_SIZE = 12.0
CAPTION_SIZE = 7.5
LINE = 1.45 / 72
LETTERS_AN_INCH = 17.5
# Half-width letters are about half as wide as the font is high.
_LETTER = 0.53 / 72
# Tried in this order; right of the point reads best.
_AROUND = [(1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (0, -1)]
_STEPS = (0.07, 0.16, 0.28, 0.42, 0.6, 0.8, 1.05)
_LEADER = 0.12

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Name:
    """A name that wants to stand beside a point; places in inches."""

    x: float
    y: float
    text: str
    colour: str = INK
    size: float = 7.5


def names_beside(
    sheet: Sheet, names: Sequence[Name], inside: Box, points: Sequence[tuple[float, float]]
) -> int:
    """Write names beside their points, away from each other and from points; the first names choose first.

    Parameters
    ----------
    sheet : Sheet
    names : sequence of Name
    inside : tuple
        left, bottom, right, top that no name may leave.
    points : sequence of (x, y)
        Points that names should not cover.

    Returns
    -------
    int
        How many names found no free place and were left out.
    """
    taken: list[Box] = [(name.x - 0.04, name.y - 0.04, name.x + 0.04, name.y + 0.04) for name in names]
    crowd = [(x - 0.025, y - 0.025, x + 0.025, y + 0.025) for x, y in points]
    lost = 0
    for name in names:
        place = _free_place(name, inside, taken, crowd) or _free_place(name, inside, taken, [])
        if place is None:
            lost += 1
            continue
        box, far = place
        taken.append(box)
        if far > _LEADER:
            end = (min(max(name.x, box[0]), box[2]), min(max(name.y, box[1]), box[3]))
            sheet.line([(name.x, name.y), end], DARK_GREY, 0.4, 5)
        sheet.words(box[0], (box[1] + box[3]) / 2, name.text, name.size, name.colour, up="center")
    return lost


def _free_place(name: Name, inside: Box, taken: list[Box], crowd: list[Box]) -> tuple[Box, float] | None:
    wide, tall = width_of(name.text) * name.size * _LETTER, name.size * 1.15 / 72
    for step in _STEPS:
        for right, up in _AROUND:
            left = name.x + (step if right > 0 else -step - wide if right < 0 else -wide / 2)
            lift = step if right == 0 else step * 0.75
            bottom = name.y + up * lift - (tall / 2 if up == 0 else tall if up < 0 else 0.0)
            box = (left, bottom, left + wide, bottom + tall)
            if box[0] < inside[0] or box[1] < inside[1] or box[2] > inside[2] or box[3] > inside[3]:
                continue
            if not any(_overlap(box, other) for other in taken) and not any(
                _overlap(box, other) for other in crowd
            ):
                return box, step
    return None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def dot(sheet: Sheet, x: float, y: float, colour: str, size: float, hollow: bool = False) -> None:
    """A round mark; hollow ones have a white middle."""
    sheet.mark(x, y, "o", colour, size)
    if hollow:
        # Marks of one colour and size are drawn together: middles of a size of their own come after their rings.
        sheet.mark(x, y, "o", "#FFFFFF", size * 0.6 + 1e-3 * (int(colour[1:], 16) / 0xFFFFFF))


def foot_height(text: str) -> float:
    """Room that a caption needs, in inches."""
    return CAPTION_SIZE * LINE * (text.count("\n") + 1) + 2 * MARGIN


def head_and_foot(sheet: Sheet, title: str, text: str) -> None:
    """Title above and caption below a figure."""
    shown = wrap(title, int(sheet.width * LETTERS_AN_INCH * CAPTION_SIZE / TITLE_SIZE * 0.97))
    sheet.words(MARGIN, sheet.height - 0.14, shown, TITLE_SIZE, INK, up="top")
    top = MARGIN + CAPTION_SIZE * LINE * (text.count("\n") + 1)
    sheet.words(MARGIN, top, text, CAPTION_SIZE, INK, up="top")


def title_lines(title: str, width: float) -> int:
    """Lines that a title takes on a figure of `width` inches."""
    return wrap(title, int(width * LETTERS_AN_INCH * CAPTION_SIZE / TITLE_SIZE * 0.97)).count("\n") + 1


def columns_of(width: float) -> int:
    """Half-width letters in a line of the caption."""
    return int((width - 2 * MARGIN) * LETTERS_AN_INCH)


def shortened(text: str, columns: int) -> str:
    """`text` cut to `columns` half-width letters, the cut marked."""
    if width_of(text) <= columns:
        return text
    kept = ""
    for letter in text:
        if width_of(kept + letter) > columns - 2:
            break
        kept += letter
    return kept.rstrip() + "…"


def linear_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from `low` to `high`."""
    raw = (high - low) / max(most - 1, 1)
    if not raw > 0:
        return [low]
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(k * step, 10) for k in range(first, last + 1)]


def tick_text(value: float, ticks: Sequence[float]) -> str:
    """A tick with as many decimals as the distance of the ticks asks for."""
    step = min((b - a for a, b in pairwise(ticks)), default=1.0)
    decimals = max(0, -floor(log10(step) + 1e-9)) if step > 0 else 0
    return f"{value:,.{decimals}f}"

"""Age bands: half-open intervals of completed years that leave no gap and do not overlap.

A band is written ``(lower, upper)`` with ``upper`` exclusive and ``None`` for the open band, so
80-84 is ``(80, 85)`` and 90 and over is ``(90, None)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

Band = tuple[int, int | None]
FloatArray = npt.NDArray[np.float64]

_CLOSED = re.compile(r"^(?:age_|pop_)?(\d{1,3})(?:歳)?\s*[-~～〜–_−ー]\s*(\d{1,3})(?:歳)?$")
_OPEN = re.compile(r"^(?:age_|pop_)?(\d{1,3})(?:歳)?\s*(?:以上|\+|plus|～|~|-)$")


def parse_band(label: str) -> Band | None:
    """Read one age label; None where the text is not an age band.

    Understands ``0～4歳``, ``0歳～4歳``, ``0-4``, ``age_0_4``, ``90歳以上``, ``90+``, ``age_90plus``.
    """
    text = re.sub(r"\s+", "", str(label)).replace("才", "歳")
    closed = _CLOSED.match(text)
    if closed:
        lower, last = int(closed[1]), int(closed[2])
        return (lower, last + 1) if last >= lower else None
    opened = _OPEN.match(text)
    return (int(opened[1]), None) if opened else None


@dataclass(frozen=True)
class AgeBands:
    """A partition of all ages from 0 up, or of the ages from `bands[0][0]` up.

    Raises
    ------
    InputError
        If the bands are not ascending, overlap, leave a gap, or the last one is not open.
    """

    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        if not self.bands:
            raise _bands_error(Text("年齢階級が1つもない", "there is no age band"))
        for (lower, upper), following in zip(self.bands, [*self.bands[1:], None], strict=True):
            label = band_label((lower, upper))
            if following is None:
                if upper is not None:
                    raise _bands_error(
                        Text(
                            f"最後の年齢階級「{label}」に上限がある", f"the last age band {label} is not open"
                        )
                    )
            elif upper is None:
                raise _bands_error(
                    Text(
                        f"上限のない年齢階級「{label}」の後に階級がある",
                        f"a band follows the open band {label}",
                    )
                )
            elif following[0] != upper:
                what = ("重複", "overlap") if following[0] < upper else ("抜け", "leave a gap")
                other = band_label(following)
                raise _bands_error(
                    Text(
                        f"年齢階級「{label}」と「{other}」の間に{what[0]}がある",
                        f"the age bands {label} and {other} {what[1]}",
                    )
                )

    @classmethod
    def of(cls, labels: Iterable[str]) -> AgeBands:
        """Bands from labels in the order given; InputError names the first label not understood."""
        bands = []
        for label in labels:
            band = parse_band(label)
            if band is None:
                raise _bands_error(
                    Text(f"年齢階級「{label}」を読み取れない", f"the age band '{label}' is not understood")
                )
            bands.append(band)
        return cls(tuple(bands))

    @classmethod
    def five_year(cls, open_from: int, start: int = 0) -> AgeBands:
        """Five-year bands from `start` with the open band `open_from` and over."""
        closed: list[Band] = [(lower, lower + 5) for lower in range(start, open_from, 5)]
        return cls((*closed, (open_from, None)))

    def __len__(self) -> int:
        return len(self.bands)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels such as ``80-84`` and ``90+``."""
        return tuple(band_label(band) for band in self.bands)

    @property
    def open_from(self) -> int:
        """Lower bound of the open band."""
        return self.bands[-1][0]

    def index_from(self, age: int) -> int:
        """Position of the band that starts at `age`; InputError if no band starts there."""
        for position, (lower, _) in enumerate(self.bands):
            if lower == age:
                return position
        raise _bands_error(
            Text(f"{age}歳から始まる年齢階級がない", f"no age band starts at {age}"),
        )

    def merge_matrix(self, coarse: AgeBands) -> FloatArray:
        """0/1 matrix (len(self), len(coarse)) that adds these bands up to `coarse`.

        Raises
        ------
        InputError
            If a band of `coarse` cuts through one of these bands.
        """
        matrix = np.zeros((len(self), len(coarse)))
        for row, (lower, upper) in enumerate(self.bands):
            for column, (first, last) in enumerate(coarse.bands):
                inside = lower >= first and (last is None or (upper is not None and upper <= last))
                if inside:
                    matrix[row, column] = 1.0
            if not matrix[row].any():
                label = band_label((lower, upper))
                raise _bands_error(
                    Text(
                        f"年齢階級「{label}」が粗い階級の境界をまたぐ",
                        f"the age band {label} is cut by a boundary of the coarser bands",
                    )
                )
        return matrix

    def with_open_band(self, age: int) -> AgeBands:
        """The same bands with everything from `age` up in one open band."""
        position = self.index_from(age)
        return AgeBands((*self.bands[:position], (age, None)))


def band_label(band: Band) -> str:
    """``80-84`` or ``90+``."""
    lower, upper = band
    return f"{lower}+" if upper is None else f"{lower}-{upper - 1}"


def merge_ages(values: npt.NDArray[Any], bands: AgeBands, coarse: AgeBands) -> FloatArray:
    """Add the last axis of `values` (ages of `bands`) up to the bands of `coarse`."""
    return np.asarray(values, dtype=np.float64) @ bands.merge_matrix(coarse)


def ordered_bands(labels: Sequence[str]) -> tuple[AgeBands, list[int]]:
    """Sort labels by age; return the bands and the position of each in `labels`."""
    parsed = [(parse_band(label), position) for position, label in enumerate(labels)]
    for band, position in parsed:
        if band is None:
            label = labels[position]
            raise _bands_error(
                Text(f"年齢階級「{label}」を読み取れない", f"the age band '{label}' is not understood")
            )
    order = sorted(parsed, key=lambda item: item[0][0] if item[0] else 0)
    return AgeBands(tuple(band for band, _ in order if band)), [position for _, position in order]


def _bands_error(found: Text) -> InputError:
    return InputError(
        found,
        Text(
            "年齢階級が0歳から切れ目なく続くように直してください",
            "make the age bands follow each other without gap or overlap",
        ),
    )

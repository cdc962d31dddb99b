"""Design of a segmented regression: trend, level and slope changes at given times, season."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.research.designs.group_time import BoolArray


class Design(NamedTuple):
    """Columns of a segmented regression.

    Attributes
    ----------
    matrix : array (times, columns)
    names : tuple of str
        ``constant``, ``trend``, ``level:NAME``, ``slope:NAME``, ``season:…``.
    used : array (times,)
        False in the months left out while something new is phased in.
    """

    matrix: FloatArray
    names: tuple[str, ...]
    used: BoolArray

    def columns(self, *kinds: str) -> list[int]:
        """Positions of the columns of these kinds (the part of the name before the colon)."""
        return [at for at, name in enumerate(self.names) if name.split(":")[0] in kinds]


def segmented_design(
    time: npt.ArrayLike,
    interruptions: Sequence[tuple[str, float]],
    *,
    slope_changes: bool = True,
    phase_in: int = 0,
    season: npt.ArrayLike | None = None,
    harmonics: int = 0,
    period: float = 12.0,
) -> Design:
    """Design matrix of an interrupted time series.

    ``constant + trend t + sum over interruptions of level 1(t >= T) + slope (t - T) 1(t >= T) + season``. Slopes are
    counted from the interruption, so *level* is the change at once.

    Parameters
    ----------
    time : array (times,)
        Evenly counted, e.g. months from 0.
    interruptions : sequence of (name, time)
    slope_changes : bool
    phase_in : int
        Times from each interruption on that are left out.
    season : array (times,), optional
        Position in the season (month of the year); `time` without.
    harmonics : int
        Pairs ``sin(2 pi k m / period), cos(2 pi k m / period)``, k = 1 … harmonics.
    period : float

    References
    ----------
    Bernal, Cummins & Gasparrini 2017, Int J Epidemiol 46:348; Wagner et al. 2002, J Clin Pharm Ther 27:299.
    """
    when = np.asarray(time, np.float64)
    columns: list[FloatArray] = [np.ones_like(when), when - when[0]]
    names = ["constant", "trend"]
    used = np.full(len(when), True)
    for name, start in interruptions:
        after = (when >= start).astype(np.float64)
        columns.append(after)
        names.append(f"level:{name}")
        if slope_changes:
            columns.append(after * (when - start))
            names.append(f"slope:{name}")
        used &= ~((when >= start) & (when < start + phase_in))
    angle = 2 * np.pi * (when if season is None else np.asarray(season, np.float64)) / period
    for turn in range(1, harmonics + 1):
        columns += [np.sin(turn * angle), np.cos(turn * angle)]
        names += [f"season:sin{turn}", f"season:cos{turn}"]
    return Design(np.stack(columns, axis=1), tuple(names), used)

"""How a change comes about over the years: nothing up to the first year, all of it from the last year on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
Profile = Literal["linear", "step", "front_loaded"]

PROFILES: dict[str, Text] = {
    "linear": Text("毎年同じ幅で", "in equal steps"),
    "step": Text("最終年に一度に", "all at once in the last year"),
    "front_loaded": Text("初めに大きく", "most of it early"),
}


def time_weight(years: Sequence[int], start: int, end: int, profile: str) -> FloatArray:
    """Share of a change that has come about in each year.

    With u = (year - start) / (end - start), kept between 0 and 1::

        linear        w = u
        step          w = 0 for u < 1, 1 for u = 1
        front_loaded  w = 1 - (1 - u)²

    The front-loaded change begins twice as fast as the linear one and slows down evenly to nothing, so three
    quarters have come about half way.

    Parameters
    ----------
    years : sequence of int
    start : int
        Last year without any change.
    end : int
        First year with all of it, after `start`.
    profile : str
        A key of `PROFILES`.

    Returns
    -------
    array (years,)
        0 up to `start`, 1 from `end` on, never falling in between.
    """
    passed = np.clip((np.asarray(years, dtype=np.float64) - start) / (end - start), 0.0, 1.0)
    if profile == "step":
        return np.asarray(np.floor(passed))
    if profile == "front_loaded":
        return np.asarray(1.0 - (1.0 - passed) ** 2)
    return np.asarray(passed)

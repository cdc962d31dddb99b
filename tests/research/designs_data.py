"""Published data and simulated panels for the tests of the before/after designs."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

EXACT = 1e-9
"""Relative: rounding of sums of doubles."""
SIX_DIGITS = 1e-6
BIAS = 0.02
"""Largest bias, as a share of the true value."""
COVERAGE = (0.93, 0.97)
"""Band for intervals of 95 %, in 1,000 replications."""
REPLICATIONS = 1000

TEEN_YEARS = [2003, 2004, 2005, 2006, 2007]


def teen_employment() -> tuple[np.ndarray, np.ndarray]:
    """Logarithm of teen employment of 500 US counties 2003-2007, and the year of the first rise of the minimum wage.

    Data set mpdta of the R package did (Callaway & Sant'Anna 2021): counts of the Quarterly Workforce Indicators of the US
    Census Bureau; first_treated 0 means never.
    """
    table = pd.read_csv(Path(__file__).with_name("designs_teen_employment.csv"))
    first = table["first_treated"].to_numpy(float)
    return np.log(table[[str(year) for year in TEEN_YEARS]].to_numpy(float)), np.where(
        first == 0, np.inf, first
    )


class Simulated(NamedTuple):
    """Staggered panels: outcome (replications, places, years), first (places,), years, true difference of each cell."""

    outcome: np.ndarray
    first: np.ndarray
    years: list[int]
    true: np.ndarray


def staggered(
    groups: dict[float, int],
    years: int,
    difference: dict[float, list[float]],
    *,
    replications: int,
    seed: int,
    noise: float = 1.0,
    drift: float = 0.0,
) -> Simulated:
    """Panels with place and year levels, autocorrelated noise and a difference by group and years since the event.

    `groups`: first year (1 … years; inf: never) → places; `difference`: first year → difference by years since the event;
    `drift`: what places with an event gain a year on the others anyway.
    """
    generator = np.random.default_rng(seed)
    first = np.repeat(list(groups), list(groups.values())).astype(float)
    calendar = np.arange(1, years + 1)
    true = np.zeros((len(first), years))
    for group, steps in difference.items():
        for since, step in enumerate(steps):
            if group + since <= years:
                true[first == group, int(group) + since - 1] = step
    shocks = generator.standard_normal((replications, len(first), years)) * noise
    for year in range(1, years):
        shocks[..., year] += 0.4 * shocks[..., year - 1]
    level = generator.standard_normal((replications, len(first), 1)) * 3
    path = 0.3 * calendar + drift * calendar * np.isfinite(first)[:, None]
    return Simulated(level + path + true + shocks, first, [int(year) for year in calendar], true)


def covered(lower: np.ndarray, upper: np.ndarray, truth: float) -> float:
    """Share of intervals that hold the truth."""
    return float(((lower <= truth) & (truth <= upper)).mean())

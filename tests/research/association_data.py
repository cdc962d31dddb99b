"""Made-up designs with known log rate ratios, for the tests of the association models only."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zaitaku_demand.research.association.design import Design
from zaitaku_demand.research.panel import Panel, Series

LOG_RATIO = 0.2
"""Log rate ratio per unit of x in every made-up design."""


def design(
    seed: int,
    places: int = 47,
    years: int = 5,
    size: float = 400.0,
    spread: float = 0.2,
    areas: int = 1,
    log_ratio: float = LOG_RATIO,
) -> Design:
    """Places with a normal effect each (sd `spread`), an exposure that differs between and within them.

    `areas` places make up one prefecture; sizes differ tenfold; one confounder without association.
    """
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(places), years)
    year = np.tile(2015 + np.arange(years), places)
    level = rng.normal(size=places)
    x = level[place] + 0.5 * rng.normal(size=places * years)
    z = 0.5 * level[place] + rng.normal(size=places)[place] + 0.3 * rng.normal(size=places * years)
    sizes = size * np.exp(rng.uniform(-1.15, 1.15, places))[place]
    effect = rng.normal(0, spread, places)[place] + rng.normal(0, spread / 4, places * years)
    effect += rng.normal(0, spread / 2, places // areas + 1)[place // areas] if areas > 1 else 0.0
    eta = -1.0 + log_ratio * x + 0.02 * (year - 2015) + effect
    events = rng.poisson(sizes * np.exp(eta)).astype(float)
    return Design(
        outcome="y",
        exposure="x",
        confounders=("z",),
        level="prefecture" if areas == 1 else "area",
        events=events,
        size=sizes,
        kind="poisson",
        x=x,
        z=z[:, None],
        place=place.astype(np.int64),
        prefecture=(place // areas + 1).astype(np.int64),
        year=year.astype(np.int64),
        scale="sd",
    )


def panel(seed: int = 0, places: int = 30, years: tuple[int, ...] = (2015, 2016, 2017, 2018)) -> Panel:
    """A small panel: outcome Y, exposures X (with a hidden cell) and W (one year), confounder c, and P which shares Y's
    denominator."""
    rng = np.random.default_rng(seed)
    count = len(years)
    shape = (places, count)
    size = rng.uniform(200, 2000, (places, 1)) * np.ones(shape)
    x = rng.uniform(1, 9, (places, 1)) + rng.normal(0, 0.3, shape)
    y = rng.poisson(size * np.exp(-2 + 0.1 * x)).astype(float)
    seen = np.ones(shape, dtype=np.int8)
    partly = np.full(shape, 1, dtype=np.int8)
    partly[0, 0], partly[1, 0] = 2, 3
    hidden = np.where(partly == 3, np.nan, x * size)
    rows = {
        "Y": ("outcome", "poisson", y, size, years, seen, "cases", "deaths"),
        "X": (
            "exposure",
            "poisson",
            hidden,
            np.where(partly == 3, np.nan, size),
            years,
            partly,
            "visits",
            "population_75",
        ),
        "W": (
            "exposure",
            "poisson",
            rng.poisson(9, (places, 1)).astype(float),
            size[:, :1],
            years[-1:],
            seen[:, :1],
            "clinics",
            "population_75",
        ),
        "P": (
            "exposure",
            "poisson",
            rng.poisson(50, shape).astype(float),
            y + 60,
            years,
            seen,
            "calls",
            "cases",
        ),
        "c": (
            "confounder",
            "normal",
            rng.normal(size=(places, 1)),
            np.ones((places, 1)),
            years[:1],
            seen[:, :1],
            "",
            "",
        ),
    }
    series, described = {}, []
    for name, (role, kind, numerator, exposure, own, state, above, below) in rows.items():
        series[name] = Series(name, kind, own, numerator, exposure, 1.0, 1.0, state)  # type: ignore[arg-type]
        described.append(
            {
                "name": name,
                "role": role,
                "kind": kind,
                "numerator": above,
                "denominator": below,
                "place": "residence",
            }
        )
    table = pd.DataFrame(
        {
            "area_code": [f"{number:02d}" for number in range(places)],
            "prefecture_code": [f"{number // 2 + 1:02d}" for number in range(places)],
        }
    )
    return Panel("area", table, pd.DataFrame(described).set_index("name"), series)

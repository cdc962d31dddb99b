"""Small populations and rates made by hand, for tests that need no official file."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.areas.system import AreaSystem
from zaitaku_demand.population import Population
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.text import Text

YEARS = (2020, 2025, 2030, 2035, 2040, 2045, 2050)


def areas_table(count: int) -> pd.DataFrame:
    """`count` areas, three a prefecture."""
    codes = [f"{1 + place // 3:02d}{1 + place % 3:02d}" for place in range(count)]
    return pd.DataFrame(
        {
            "area_code": codes,
            "area_name": [f"圏域{code}" for code in codes],
            "prefecture_code": [code[:2] for code in codes],
            "prefecture_name": [f"第{code[:2]}県" for code in codes],
            "population_state": "official",
        }
    )


def population(
    values: np.ndarray, sexes: tuple[str, ...] = ("both",), years: tuple[int, ...] = YEARS
) -> Population:
    """A population of shape (areas, years, sexes, 19 ages)."""
    areas = areas_table(values.shape[0])
    membership = pd.DataFrame(
        {"code": areas["area_code"], "area_code": areas["area_code"], "area335_code": areas["area_code"]}
    )
    system = AreaSystem("user", areas.drop(columns="population_state"), membership, by="unit")
    return Population(np.asarray(values, float), areas, years, sexes, AgeBands.five_year(90), "2023", system)


def rates(profile: np.ndarray, people: Population, ratio: np.ndarray | None = None) -> Rates:
    """Rates from a profile (services, sexes, ages)."""
    count = profile.shape[0]
    names = tuple(f"s{place}" for place in range(count))
    label = tuple(Text(name, name) for name in names)
    n_areas = len(people.areas)
    return Rates(
        services=names,
        names=label,
        units=label,
        profile=np.asarray(profile, float)[:, None],
        group=np.zeros(n_areas, dtype=np.int64),
        ratio=np.ones((count, n_areas)) if ratio is None else ratio,
        estimated_share=np.zeros((count, n_areas)),
        sexes=people.sexes,
        ages=people.ages,
        open_band=people.open_band,
        base_year=2022,
        level="national",
        source=Text("試験", "test"),
    )

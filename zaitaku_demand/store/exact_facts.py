"""Facts of counts that hide nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zaitaku_demand.indicators.facts import FACT_COLUMNS
from zaitaku_demand.indicators.measures import Measure, measures


def measures_of(source: str) -> list[Measure]:
    """The declared measures of a source, in the order of their declarations."""
    return [measure for measure in measures().values() if measure.source == source]


def exact_facts(table: pd.DataFrame, wanted: list[Measure], level: str, year: int) -> pd.DataFrame:
    """One observed fact for each place and measure.

    Parameters
    ----------
    table : DataFrame
        Index: code of the place; the columns that the measures add up.
    wanted : list of Measure
    level : str
        ``national``, ``prefecture`` or ``area``.
    year : int
    """
    parts = []
    for measure in wanted:
        value = table[list(measure.columns)].sum(axis=1).to_numpy(dtype=np.float64)
        parts.append(
            pd.DataFrame(
                {
                    "measure": measure.id,
                    "level": level,
                    "area_code": table.index.to_numpy(),
                    "year": year,
                    "value": value,
                    "lower": value,
                    "upper": value,
                    "state": "observed",
                }
            )
        )
    return pd.concat(parts, ignore_index=True)[list(FACT_COLUMNS)]

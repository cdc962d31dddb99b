"""Which reliability a correlation is corrected with."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.shrinkage import gamma_poisson
from zaitaku_demand.research.validity.pooling import Pooled


def reliability_of(table: pd.DataFrame | None, name: str, level: str, years: int = 1) -> float:
    """Reliability of a variable over some years from a table of results; NaN without one, the median of several methods.

    A reliability of fewer years is carried over by ``k r / (1 + (k - 1) r)`` with k the ratio of the numbers of years
    (Spearman 1910, Brown 1910, Br J Psychol 3:271 and 3:296).
    """
    if table is None or table.empty:
        return float("nan")
    rows = table[
        (table["outcome"] == name) & (table["level"] == level) & (table["statistic"] == "reliability")
    ]
    rows = rows[rows["estimate"].notna()]
    if rows.empty:
        return float("nan")
    found = rows["estimate"].to_numpy(np.float64)
    longer = np.maximum(years / rows["n_years"].fillna(years).to_numpy(np.float64), 1.0)
    return float(np.median(longer * found / (1 + (longer - 1) * found)))


def pooled_reliability(figures: Pooled) -> float:
    """Mean reliability of the places' pooled figures: the mean weight of empirical Bayes (gamma-Poisson)."""
    weight = gamma_poisson(figures.events, figures.size).weight
    return float(np.nanmean(weight)) if np.isfinite(weight).any() else float("nan")

"""Values tables for the tests of the benchmark table: one indicator, places 01, 02, ..., years as given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.declaration import Indicator

SHOWN = ("observed", "estimated")
FIGURES = ("numerator", "numerator_lower", "numerator_upper", "denominator", "expected", "event_size")


def declaration(statistic: str, identifier: str = "P-A-2", **changed: object) -> Indicator:
    """A declared indicator turned into one of the given statistic: multiplier 1, compared over all places."""
    settled: dict[str, object] = {
        "id": identifier,
        "statistic": statistic,
        "adjustment": "indirect" if statistic == "scr" else "none",
        "multiplier": 1.0,
        "better": "more",
        "comparison": "all",
        "minimum_count": 10,
    }
    return indicators()["P-A-2"].model_copy(update=settled | changed)


def values_of_year(
    numerator: Sequence[float],
    denominator: Sequence[float],
    *,
    expected: Sequence[float] | None = None,
    year: int = 2022,
    identifier: str = "P-A-2",
    event_size: float = 1.0,
    changed: Mapping[int, Mapping[str, Any]] | None = None,
) -> pd.DataFrame:
    """Places in one year and, in the last row, the nation as their sum.

    `changed` sets cells by the position of their row; a row made suppressed or without data loses its figures as
    in the values table.
    """
    x, d = np.array(numerator, dtype=np.float64), np.array(denominator, dtype=np.float64)
    e = d * x.sum() / d.sum() if expected is None else np.array(expected, dtype=np.float64)
    codes = [f"{place:02d}" for place in range(1, len(x) + 1)]
    table = pd.DataFrame(
        {
            "indicator_id": identifier,
            "level": ["prefecture"] * len(x) + ["national"],
            "area_edition": "",
            "area_code": [*codes, "00"],
            "area_name": [*codes, "全国"],
            "prefecture_code": [*codes, "00"],
            "year": year,
            "state": "observed",
            "numerator": [*x, x.sum()],
            "numerator_lower": [*x, x.sum()],
            "numerator_upper": [*x, x.sum()],
            "denominator": [*d, d.sum()],
            "expected": [*e, x.sum()],
            "event_size": event_size,
        }
    )
    for row, cells in (changed or {}).items():
        for column, cell in cells.items():
            table.loc[row, column] = cell
    table.loc[table["state"] == "suppressed", "numerator"] = np.nan
    table.loc[table["state"] == "no_data", list(FIGURES)] = np.nan
    return table

"""Reliability against the number of cases of a place, for the figure of the report."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zaitaku_demand.research.reliability.likelihood import reliability_at

CURVE_COLUMNS = ("level", "outcome", "method", "cases", "reliability")
_POINTS = 60
_LARGEST = 0.99
"""Reliability at which a curve ends."""


def reliability_curves(table: pd.DataFrame) -> pd.DataFrame:
    """Curves ``n / (n + M)`` of every outcome with a fitted distribution.

    Parameters
    ----------
    table : DataFrame
        Of :func:`~zaitaku_demand.research.reliability.run.reliability_table`, any levels.

    Returns
    -------
    DataFrame
        `CURVE_COLUMNS`. Cases are trials for proportions (deaths, say) and expected events for rates and ratios: what a place
        would count at the mean rate.
    """
    parts = []
    known = table[table["estimate"].notna()]
    for (level, outcome), rows in known.groupby(["level", "outcome"], sort=False):
        prior_size, method = _prior_size(rows)
        if not np.isfinite(prior_size):
            continue
        cases = np.geomspace(1.0, max(prior_size * _LARGEST / (1 - _LARGEST), 2.0), _POINTS)
        parts.append(
            pd.DataFrame(
                {
                    "level": level,
                    "outcome": outcome,
                    "method": method,
                    "cases": cases,
                    "reliability": reliability_at(cases, prior_size),
                }
            )
        )
    if not parts:
        return pd.DataFrame(columns=list(CURVE_COLUMNS))
    return pd.concat(parts, ignore_index=True)


def _prior_size(rows: pd.DataFrame) -> tuple[float, str]:
    """Cases at which reliability is one half, from the rows of cases needed: ``M = n (1 - r) / r``."""
    for prefix in ("expected_events_for_", "cases_for_"):
        found = rows[rows["statistic"].str.startswith(prefix)]
        if len(found):
            first = found.iloc[0]
            target = float(str(first["statistic"]).removeprefix(prefix))
            return float(first["estimate"]) * (1 - target) / target, str(first["method"])
    return float("nan"), ""

"""Points of the agreement plots: both figures of a declared pair by place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.validity.expectations import AgreementPair, declared_expectations
from zaitaku_demand.research.validity.run_agreement import pooled_pair
from zaitaku_demand.research.validity.settings import ValiditySettings

POINT_COLUMNS = ("level", "outcome", "term", "area_code", "first", "second")


def agreement_points(
    panel: Panel, settings: ValiditySettings, pairs: Sequence[AgreementPair] | None = None
) -> pd.DataFrame:
    """Both figures of every declared pair, relative to all places together; places without one are left out.

    Returns
    -------
    DataFrame
        level, outcome, term, area_code, first, second.
    """
    tables = []
    for pair in declared_expectations().agreement if pairs is None else pairs:
        if panel.level not in pair.levels or not {pair.first, pair.second} <= set(panel.series):
            continue
        first, second = pooled_pair(panel, settings, pair)
        if not first.years or not second.years:
            continue
        known = np.isfinite(first.relative) & np.isfinite(second.relative)
        tables.append(
            pd.DataFrame(
                {
                    "level": panel.level,
                    "outcome": pair.first,
                    "term": pair.second,
                    "area_code": panel.places["area_code"].to_numpy()[known],
                    "first": first.relative[known],
                    "second": second.relative[known],
                }
            )
        )
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(POINT_COLUMNS))

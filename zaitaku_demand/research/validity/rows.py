"""Rows of validity results: the part that all of them share."""

from __future__ import annotations

from collections.abc import Mapping

from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.result import result_row


def validity_row(
    panel: Panel,
    outcome: str,
    statistic: str,
    years: tuple[int, ...],
    parameters: Mapping[str, object] | None = None,
    **given: object,
) -> dict[str, object]:
    """One row with analysis, level, outcome and the years it rests on."""
    spans: dict[str, object] = {"n_years": len(years)}
    if years:
        spans |= {"first_year": min(years), "last_year": max(years)}
    return result_row(
        parameters,
        analysis="validity",
        level=panel.level,
        outcome=outcome,
        statistic=statistic,
        **spans,
        **given,
    )

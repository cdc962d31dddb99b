"""Ceiling, floor, skew and hidden figures of every outcome."""

from __future__ import annotations

import numpy as np

from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.validity.bounds import BoundShare, ceiling_share, floor_share, skewness
from zaitaku_demand.research.validity.pooling import latest_years, pool
from zaitaku_demand.research.validity.rows import validity_row
from zaitaku_demand.research.validity.settings import ValiditySettings

_SUPPRESSED = STATE_NAMES.index("suppressed")


def bound_rows(panel: Panel, settings: ValiditySettings) -> list[dict[str, object]]:
    """Rows ``floor_share``, ``ceiling_share``, ``hidden_share``, ``skewness`` and ``skewness_log`` of every outcome.

    Where small counts are hidden, a place without cases cannot be told from one with few, so the upper limit of
    ``floor_share`` is that with all hidden places at the floor; ``hidden_share`` says how many they are.
    """
    rows: list[dict[str, object]] = []
    for outcome in panel.names("outcome"):
        rows += _outcome_rows(panel, settings, outcome)
    return rows


def _outcome_rows(panel: Panel, settings: ValiditySettings, outcome: str) -> list[dict[str, object]]:
    years = latest_years(panel[outcome], settings.pooled_years)
    series = panel[outcome].in_years(years)
    figures = pool(series, years)
    hidden = ((series.state == _SUPPRESSED).any(axis=1) & np.isnan(figures.rate)).sum()
    shown = int(np.isfinite(figures.rate).sum())
    floor = floor_share(figures.events, settings.confidence)
    highest = floor.upper
    if hidden and shown:
        zeros = round(floor.value * shown)
        highest = max(highest, (zeros + int(hidden)) / (shown + int(hidden)))
    rows = [
        _share_row(
            panel,
            settings,
            outcome,
            "floor_share",
            floor._replace(upper=highest),
            years,
            "hidden_near_floor" if hidden else "",
        ),
        _plain_row(
            panel, outcome, "hidden_share", years, shown, "share_suppressed", hidden / max(shown + hidden, 1)
        ),
    ]
    if series.kind == "binomial":
        top = ceiling_share(figures.events, figures.size, settings.confidence)
        rows.append(_share_row(panel, settings, outcome, "ceiling_share", top, years, ""))
    else:
        rows.append(
            validity_row(panel, outcome, "ceiling_share", years, n_places=shown, note="no_upper_bound")
        )
    positive = np.where(figures.rate > 0, figures.rate, np.nan)
    for statistic, values in (("skewness", figures.rate), ("skewness_log", np.log(positive))):
        value, p_value = skewness(values)
        rows.append(_plain_row(panel, outcome, statistic, years, shown, "dagostino", value, p_value))
    return rows


def _plain_row(
    panel: Panel,
    outcome: str,
    statistic: str,
    years: tuple[int, ...],
    places: int,
    method: str,
    estimate: float,
    p_value: float = float("nan"),
) -> dict[str, object]:
    return validity_row(
        panel,
        outcome,
        statistic,
        years,
        method=method,
        estimate=float(estimate),
        p_value=p_value,
        n_places=places,
    )


def _share_row(
    panel: Panel,
    settings: ValiditySettings,
    outcome: str,
    statistic: str,
    found: BoundShare,
    years: tuple[int, ...],
    note: str,
) -> dict[str, object]:
    return validity_row(
        panel,
        outcome,
        statistic,
        years,
        {"present_from": settings.bound_share},
        method="wilson",
        estimate=found.value,
        lower=found.lower,
        upper=found.upper,
        confidence=settings.confidence,
        n_places=found.places,
        note=note,
    )

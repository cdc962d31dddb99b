"""Yearly rates of the places before and after a fee reform, as a tidy table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.rates.trend_breaks import breaks_of
from zaitaku_demand.research.designs.group_time import BoolArray
from zaitaku_demand.research.designs.interrupted_time_series import contrast, segmented_poisson
from zaitaku_demand.research.designs.segmented import segmented_design
from zaitaku_demand.research.designs.settings import InterruptedSettings, ReformYear
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.result import result_row, result_table


def reform_table(panel: Panel, settings: InterruptedSettings) -> pd.DataFrame:
    """Level changes of yearly rates at a fee reform, for the sum of the places and for each (analysis ``design``).

    All places were under the new fees at once: the years of the whole are the sample, not the places. So the interval comes
    from the years only (Student's t), and what the single places did is given as quartiles (confidence 0.5) and as
    the share with a rise.
    """
    rows: list[dict[str, object]] = []
    for outcome in settings.outcomes:
        if outcome in panel.series and panel[outcome].years:
            for reform in settings.reforms:
                rows.extend(_reform_rows(panel, outcome, reform, settings))
    return result_table(rows)


def _reform_rows(
    panel: Panel, outcome: str, reform: ReformYear, settings: InterruptedSettings
) -> Iterator[dict[str, object]]:
    series = panel[outcome].in_years([year for year in panel[outcome].years if year <= settings.last_year])
    years = np.array(series.years, np.float64)
    whole: BoolArray = np.asarray(
        np.isfinite(series.events).all(axis=1) & (series.events > 0).all(axis=1), dtype=np.bool_
    )
    common = result_row(
        {"last_year": settings.last_year, "slope_changes": False},
        analysis="design",
        level=panel.level,
        outcome=outcome,
        term=reform.name,
        statistic="level_ratio",
        method="quasi_poisson",
        n_places=int(whole.sum()),
        n_years=len(years),
        first_year=int(years[0]) if len(years) else None,
        last_year=int(years[-1]) if len(years) else None,
    )
    reason = _reform_reason(panel, outcome, reform, years, whole, settings)
    if reason:
        yield common | {"note": reason}
        return
    design = segmented_design(years, [(reform.name, float(reform.year))], slope_changes=False)
    weight = np.zeros(len(design.names))
    weight[design.columns("level")] = 1.0
    # Claims of one patient are no independent cases; the dispersion is that of the years in either case.
    total = segmented_poisson(series.events[whole].sum(axis=0), series.size[whole].sum(axis=0), design)
    found = contrast(total, weight, settings.confidence)
    yield common | {
        "estimate": float(np.exp(found.estimate)),
        "lower": float(np.exp(found.lower)),
        "upper": float(np.exp(found.upper)),
        "p_value": float(found.p_value),
        "confidence": settings.confidence,
        "note": "declared_break" if _broken(panel, outcome, years) else "no_control",
    }
    each = segmented_poisson(series.events[whole], series.size[whole], design).coefficient @ weight
    low, middle, high = np.exp(np.quantile(each, [0.25, 0.5, 0.75]))
    yield common | {
        "statistic": "level_ratio_quartiles",
        "method": "quasi_poisson_by_place",
        "estimate": float(middle),
        "lower": float(low),
        "upper": float(high),
        "confidence": 0.5,
    }
    yield common | {
        "statistic": "share_of_places_above_one",
        "method": "quasi_poisson_by_place",
        "estimate": float((each > 0).mean()),
    }


def _reform_reason(
    panel: Panel,
    outcome: str,
    reform: ReformYear,
    years: FloatArray,
    whole: BoolArray,
    settings: InterruptedSettings,
) -> str:
    if str(panel.variables.loc[outcome, "statistic"]) == "scr":
        return "relative_to_japan"
    before, after = int((years < reform.year).sum()), int((years >= reform.year).sum())
    # Constant, trend and level: three coefficients.
    if before < 2 or after < 2 or len(years) - 3 < settings.minimum_degrees or not whole.any():
        return "too_few_years"
    return ""


def _broken(panel: Panel, outcome: str, years: FloatArray) -> bool:
    """Whether numerator or denominator changed its scope within the years."""
    row = panel.variables.loc[outcome]
    measures = [*str(row["numerator"]).split("+"), str(row["denominator"])]
    return any(
        each.kind == "reform" and any(years[0] < step <= years[-1] for step in each.steps)
        for name in measures
        for each in breaks_of(name.removeprefix("ndb_"))
    )

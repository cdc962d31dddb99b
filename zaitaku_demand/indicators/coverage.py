"""Where data exist: indicator × place × year."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.declaration import Indicator
from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.indicators.facts import read_facts

COVERAGE_STATES = ("observed", "estimated", "suppressed", "missing")
COVERAGE_COLUMNS = ("indicator_id", "level", "area_code", "area_name", "year", "state")
_WITHOUT_DATA = STATE_NAMES[0]


def coverage(values: pd.DataFrame) -> pd.DataFrame:
    """State of every indicator in every place and every year of the values table, the nation left out.

    Parameters
    ----------
    values : DataFrame
        The values table of one level (`zaitaku_demand.indicators.compute`).

    Returns
    -------
    DataFrame
        indicator_id, level, area_code, area_name, year, state: ``observed``, ``estimated``, ``suppressed``, and
        ``missing`` where there are no data, years in which the indicator has none at all included.
    """
    rows = values[values["level"] != "national"]
    wide = rows.pivot(
        index=["indicator_id", "level", "area_code", "area_name"], columns="year", values="state"
    )
    years = range(int(rows["year"].min()), int(rows["year"].max()) + 1)
    full = wide.reindex(columns=pd.Index(years, name="year"))
    full = full.where(full.notna() & (full != _WITHOUT_DATA), "missing")
    order = {name: place for place, name in enumerate(rows["indicator_id"].unique())}
    table = full.reset_index().melt(list(wide.index.names), var_name="year", value_name="state")
    table = table.sort_values(
        ["indicator_id", "year", "area_code"],
        key=lambda column: column.map(order) if column.name == "indicator_id" else column,
        ignore_index=True,
    )
    return table[list(COVERAGE_COLUMNS)]


def coverage_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Number of places by indicator, year and state.

    Parameters
    ----------
    table : DataFrame
        As `coverage` gives it.

    Returns
    -------
    DataFrame
        indicator_id, year, observed, estimated, suppressed, missing; by indicator as in `table`, then by year.
    """
    counts = table.groupby(["indicator_id", "year"], sort=False)["state"].value_counts().unstack(fill_value=0)
    counts = counts.reindex(columns=pd.Index(COVERAGE_STATES), fill_value=0)
    counts.columns.name = None
    return counts.reset_index()


def years_in_hand(
    facts: pd.DataFrame | None = None, declared: Mapping[str, Indicator] | None = None
) -> dict[str, dict[str, tuple[int, ...]]]:
    """Indicator → level → years in which both its numerator and its denominator have facts.

    Parameters
    ----------
    facts : DataFrame, optional
        Table of facts; by default all that are built.
    declared : mapping, optional
        By default all indicators.
    """
    table = read_facts() if facts is None else facts
    keys = table[["measure", "level", "year"]].drop_duplicates()
    known: dict[tuple[str, str], set[int]] = {}
    for name, level, year in zip(keys["measure"], keys["level"], keys["year"], strict=True):
        known.setdefault((name, level), set()).add(int(year))
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for identifier, each in (indicators() if declared is None else declared).items():
        found[identifier] = {}
        for level in ("prefecture", "area"):
            parts = [
                known.get((name, level), set()) for name in (*each.numerator, each.denominator_at(level))
            ]
            years = tuple(sorted(set.intersection(*parts)))
            if years:
                found[identifier][level] = years
    return found

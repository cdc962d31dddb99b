"""The panel made from the declared indicators, the tables of facts and the user's own files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.own_values import values_with_own
from zaitaku_demand.benchmark.parameters import DisclosureParameters
from zaitaku_demand.benchmark.sets import SHOWN_STATES
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.declaration import Indicator
from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.research.candidates import proxies
from zaitaku_demand.research.characteristics import characteristics
from zaitaku_demand.research.own import OwnOutcome, own_outcomes
from zaitaku_demand.research.panel import Kind, Panel, Series, variable_row
from zaitaku_demand.store.tables import read_table

_KINDS: Mapping[str, Kind] = {
    "proportion": "binomial",
    "rate": "poisson",
    "ratio": "poisson",
    "scr": "poisson",
}


def build_panel(
    level: str,
    supplied: Sequence[Path] = (),
    home_care: Path | None = None,
    own: Sequence[OwnOutcome] = (),
) -> Panel:
    """The panel of one level from what is shipped and what the user supplies.

    Parameters
    ----------
    level : str
        ``prefecture`` or ``area`` (the 335 areas of the 7th plan).
    supplied : sequence of Path
        CSV files in the layout of `zaitaku indicators template`.
    home_care : Path, optional
        The ministry's workbook 在宅医療にかかる地域別データ集.
    own : sequence of OwnOutcome, optional
        Outcomes that no declaration describes, one CSV each.

    Raises
    ------
    InputError
        If the level is unknown, a table is missing or a file of the user is wrong.
    """
    values = values_with_own(level, supplied, DisclosureParameters(), home_care)
    declared = indicators()
    places = _places(values, level)
    rows = values[values["level"] == level]
    series: dict[str, Series] = {}
    described = []
    for name, table in rows.groupby("indicator_id", sort=False):
        indicator = declared[str(name)]
        made = indicator_series(table, indicator, places["area_code"].to_numpy())
        series[indicator.id] = made
        below = table["denominator_event_size"].dropna()
        described.append(_described(indicator, made, level, float(below.iloc[0]) if len(below) else 1.0))
    codes = places["area_code"].to_numpy()
    for each, description in (*own_outcomes(level, codes, own), *characteristics(level, codes)):
        series[each.name] = each
        described.append(description)
    return Panel(level, places, pd.DataFrame(described).set_index("name"), series)


def indicator_series(table: pd.DataFrame, indicator: Indicator, codes: npt.NDArray[np.object_]) -> Series:
    """One indicator's rows of the values table as arrays (places, years), years without any figure left out."""
    shown = table["state"].isin(SHOWN_STATES).to_numpy()
    years = sorted(table.loc[shown, "year"].unique())
    table = table[table["year"].isin(years)]
    place = pd.Index(codes).get_indexer(pd.Index(table["area_code"]))
    year = pd.Index(years).get_indexer(pd.Index(table["year"]))
    shape = (len(codes), len(years))
    divisor = table["expected"] if indicator.statistic == "scr" else table["denominator"]
    numerator, exposure = np.full(shape, np.nan), np.full(shape, np.nan)
    usable = table["state"].isin(SHOWN_STATES).to_numpy() & (divisor.to_numpy() > 0)
    numerator[place[usable], year[usable]] = table["numerator"].to_numpy()[usable]
    exposure[place[usable], year[usable]] = divisor.to_numpy()[usable]
    state = np.zeros(shape, dtype=np.int8)
    state[place, year] = pd.Index(STATE_NAMES).get_indexer(pd.Index(table["state"]))
    sizes = table["event_size"].dropna()
    size = float(sizes.iloc[0]) if len(sizes) else 1.0
    return Series(
        indicator.id,
        _KINDS[indicator.statistic],
        tuple(int(each) for each in years),
        numerator,
        exposure,
        size,
        indicator.multiplier,
        state,
    )


def _places(values: pd.DataFrame, level: str) -> pd.DataFrame:
    rows = values.loc[values["level"] == level, ["area_code", "area_name", "prefecture_code"]]
    places = rows.drop_duplicates("area_code").sort_values("area_code").reset_index(drop=True)
    features = read_table("area_features")
    kinds = features[features["level"] == level].set_index("area_code")["type"]
    return places.assign(type=places["area_code"].map(kinds))


def _described(indicator: Indicator, series: Series, level: str, below: float) -> dict[str, object]:
    proxy = indicator.type == "outcome" or indicator.id in proxies()
    return variable_row(
        series,
        "outcome" if proxy else "exposure",
        label=indicator.name,
        unit=indicator.unit,
        definition=indicator.definition,
        source=indicator.official_source,
        caveats=indicator.caveats,
        type=indicator.type,
        function=indicator.function,
        statistic=indicator.statistic,
        key=indicator.key,
        better=indicator.better,
        place=indicator.place,
        numerator="+".join(indicator.numerator),
        denominator=indicator.denominator_at(level),
        denominator_event_size=below,
    )

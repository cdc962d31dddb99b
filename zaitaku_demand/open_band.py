"""Splitting the open band 90+ into 90-94 and 95+, with the official 90+ kept to the last person.

The published projections stop at 90+. In 2020 the census gives both parts; five years later the
95+ are the survivors of the 90+, and the 90-94 those of the 85-89::

    share95(t + 5) = s90 * N90(t) / (s90 * N90(t) + s85 * N85(t))

with N85 and N90 the official populations 85-89 and 90+ of the area and s85, s90 the national five-year
survival by sex, observed between the population of 2015 and the census of 2020. Only the share is
estimated; 90-94 and 95+ add up to the official 90+ in every area and year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

CENSUS_YEAR = 2020
SPLIT_AGE = 95


@dataclass(frozen=True)
class OldestTables:
    """What the split is made from.

    Attributes
    ----------
    census : DataFrame
        Census 2020 by the 339 areas: area_code, sex, aged_90_94, aged_95plus.
    survival : DataFrame
        sex, from_age (85-89, 90+), survival.
    units : DataFrame
        Area units with their areas in the four editions.
    """

    census: pd.DataFrame
    survival: pd.DataFrame
    units: pd.DataFrame

    @classmethod
    def shipped(cls) -> OldestTables:
        """The processed tables."""
        return cls(read_table("census_2020_oldest"), read_table("old_age_survival"), read_table("area_units"))


def split_open_band(population: Population, tables: OldestTables | None = None) -> Population:
    """Population with the bands 90-94 and 95+ instead of 90+.

    Parameters
    ----------
    population : Population
        Open band 90+, five-year steps, with the year 2020.
    tables : OldestTables, optional
        The processed tables by default.

    Returns
    -------
    Population
        One age band more; `open_band_state` is ``estimated``.

    Raises
    ------
    InputError
        If the open band is not 90+ or the years are not five-year steps that hold 2020.
    """
    ages = population.ages
    steps = np.diff(population.years)
    if ages.open_from != 90 or CENSUS_YEAR not in population.years or (steps != 5).any():
        raise InputError(
            Text(
                "95歳以上への分割には2020年を含む5年ごと・90歳以上までの人口が必要である",
                "the split at 95 needs five-year steps with 2020 and the open band 90+",
            ),
            Text("--open-band 90 を指定してください", "use --open-band 90"),
        )
    shares = share_95plus(population, tables or OldestTables.shipped())
    top = population.values[..., -1]
    oldest = top * shares
    values = np.concatenate(
        [population.values[..., :-1], (top - oldest)[..., None], oldest[..., None]], axis=-1
    )
    bands = AgeBands((*ages.bands[:-1], (90, 95), (95, None)))
    return replace(population, values=values, ages=bands, open_band_state="estimated")


def share_95plus(population: Population, tables: OldestTables) -> FloatArray:
    """Share of the 95+ in the 90+, array (areas, years, sexes).

    Years before the census take the area's share of 2020.
    """
    start = population.years.index(CENSUS_YEAR)
    survival_85, survival_90 = _survival(tables.survival, population.sexes)
    younger = population.values[..., population.ages.index_from(85)]
    older = population.values[..., -1]
    shares = np.empty(older.shape)
    shares[:, : start + 1] = _census_shares(population, tables)[:, None, :]
    for year in range(start + 1, len(population.years)):
        survivors = survival_90 * older[:, year - 1]
        entrants = survival_85 * younger[:, year - 1]
        everyone = survivors + entrants
        shares[:, year] = np.divide(survivors, everyone, out=np.zeros_like(everyone), where=everyone > 0)
    return shares


def _survival(survival: pd.DataFrame, sexes: tuple[str, ...]) -> tuple[FloatArray, FloatArray]:
    table = survival.set_index(["sex", "from_age"])["survival"]
    return (
        np.array([table[(sex, "85-89")] for sex in sexes]),
        np.array([table[(sex, "90+")] for sex in sexes]),
    )


def _census_shares(population: Population, tables: OldestTables) -> FloatArray:
    """Census share of the 95+ in 2020 by area of the population's system; array (areas, sexes)."""
    census = tables.census.rename(columns={"area_code": "area339_code"})
    units = tables.units
    column = f"area{population.system.edition}_code"
    sexes = list(population.sexes)
    if column in units:
        columns = ["area339_code"] if column == "area339_code" else [column, "area339_code"]
        pairs = units[columns].drop_duplicates().assign(area_code=lambda table: table[column])
        joined = pairs.merge(census, on="area339_code")
        totals = joined.groupby(["area_code", "sex"])[["aged_90_94", "aged_95plus"]].sum()
        share = (totals["aged_95plus"] / totals.sum(axis=1)).unstack("sex")[sexes]
        return share.loc[population.areas["area_code"]].to_numpy(dtype=np.float64)
    # A planner's own areas: every municipality takes the share of the 335 area it lies in.
    pairs = units[["area335_code", "area339_code"]].drop_duplicates()
    totals = (
        pairs.merge(census, on="area339_code")
        .groupby(["area335_code", "sex"])[["aged_90_94", "aged_95plus"]]
        .sum()
    )
    share = (totals["aged_95plus"] / totals.sum(axis=1)).unstack("sex")[sexes]
    members = population.system.membership
    mean = members.join(share, on="area335_code").groupby("area_code")[sexes].mean()
    return mean.loc[population.areas["area_code"]].to_numpy(dtype=np.float64)

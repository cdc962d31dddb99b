"""How far the population projections were off: projected against what came, by area and age.

Places are the 335 areas where both sides can be put together for them, else the 330 areas; Fukushima is one place
(0700), because the 2018 edition has no figures for its municipalities and the 2023 edition publishes its coast as one
block. Five comparisons:

* ``census_2020``: 2018 edition (base: census 2015) against the base population of 2020 (census 2020);
* ``register_2025_edition_2018``, ``register_2025_edition_2023``: both editions, interpolated to 1 January 2025,
  against the resident register of that day;
* ``edition_shift``: 2018 edition against the 2023 edition for 2020 to 2045. The newer edition is not what came: it is
  the forecast by those who know five years more, and its own error comes on top;
* ``register_2016``: 65 and over on 1 January 2016, register (Japanese residents) against the 2018 edition, which knows
  the census of three months before: what the register counts differently, by area.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.interpolate import PchipInterpolator

from zaitaku_demand.ages import AgeBands, merge_ages
from zaitaku_demand.areas.municipalities import finest_municipalities
from zaitaku_demand.areas.system import system_from_units
from zaitaku_demand.open_band import OldestTables, split_open_band
from zaitaku_demand.population import Population, from_table
from zaitaku_demand.sources import home_care, juki
from zaitaku_demand.sources.registry import verified_path
from zaitaku_demand.store import build_areas, build_population
from zaitaku_demand.store.area_censuses import census_2020
from zaitaku_demand.store.build_facts_population import WHOLE_FUKUSHIMA, area_codes
from zaitaku_demand.store.build_population import AGES, JUKI_AGES, JUKI_DATE
from zaitaku_demand.store.revision_rounds import GROUPS, HORIZONS

if TYPE_CHECKING:
    from zaitaku_demand.store.ingredients import Ingredients

FloatArray = npt.NDArray[np.float64]

GROUP_BANDS = AgeBands.of(GROUPS)
AGED = "65+"
CENSUS, NEXT_CENSUS = 2015, 2020
HOME_CARE = "home_care_by_municipality/home_death_pct_by_municipality_2014_2017.csv"
REGISTER_2016 = 2015.25
"""1 January 2016, in years of which the whole numbers are 1 October."""
COLUMNS = ["comparison", "area_edition", "area_code", "horizon", "age", "projected", "actual"]


def population_errors(given: Ingredients) -> pd.DataFrame:
    """Projected and actual persons, both sexes.

    Parameters
    ----------
    given : Ingredients

    Returns
    -------
    DataFrame
        comparison, area_edition (335 or 330), area_code, horizon (years since the census that the edition starts
        from), age (seven groups; 65+ for ``register_2016``), projected, actual (persons).

    Raises
    ------
    InputError
        If a raw file is absent, altered or inconsistent.
    """
    older = {edition: _edition_2018(given, edition) for edition in ("335", "330")}
    newer = from_table(given.areas_2023, given.system_330, "2023", by_area=True)
    register = {edition: _register(given, edition) for edition in ("335", "330")}
    parts = [
        _rows("census_2020", "335", 5.0, _at(older["335"], NEXT_CENSUS), _census(given, newer)),
        _rows(
            "register_2025_edition_2018",
            "335",
            JUKI_DATE - CENSUS,
            _at(older["335"], JUKI_DATE),
            register["335"],
        ),
        _rows(
            "register_2025_edition_2023",
            "330",
            JUKI_DATE - NEXT_CENSUS,
            _at(newer, JUKI_DATE),
            register["330"],
        ),
        *(
            _rows("edition_shift", "330", float(h), _at(older["330"], CENSUS + h), _at(newer, CENSUS + h))
            for h in HORIZONS
        ),
        _register_2016(given, older["335"]),
    ]
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def oldest_share_errors(given: Ingredients) -> pd.DataFrame:
    """Share of the 95+ in the 90+ as the split puts it and as it came, both sexes, by prefecture.

    The split knows the census of 2020 (`zaitaku_demand.open_band`) and is held against the resident register of
    1 January 2025, which divides its 90+ itself.

    Returns
    -------
    DataFrame
        prefecture_code, horizon (years since 2020), projected, actual (shares)
    """
    newer = from_table(given.areas_2023, given.system_330, "2023", by_area=True)
    split = split_open_band(newer, OldestTables(given.oldest, given.survival, given.units))
    curve = PchipInterpolator(np.array(split.years, dtype=np.float64), split.values[..., -2:], axis=1)
    parts = pd.DataFrame(curve(JUKI_DATE)[:, 0], columns=["younger", "oldest"])
    by_prefecture = parts.groupby(split.areas["prefecture_code"].to_numpy()).sum()
    table = juki.load_ages(verified_path(JUKI_AGES, given.raw))
    table = table[(table["kind"] == "a") & (table["sex"] == "both")]
    counted = table.assign(prefecture_code=table["code"].str[:2]).pivot(
        index="prefecture_code", columns="age", values="persons"
    )
    oldest = (counted["95-99"] + counted["100+"]).astype("float64")
    actual = oldest / (oldest + counted["90-94"].astype("float64"))
    projected = by_prefecture["oldest"] / by_prefecture.sum(axis=1)
    out = pd.DataFrame(
        {"projected": projected.round(12), "actual": actual.reindex(projected.index).round(12)}
    )
    out.insert(0, "horizon", JUKI_DATE - NEXT_CENSUS)
    return out.rename_axis("prefecture_code").reset_index()


def _edition_2018(given: Ingredients, edition: str) -> Population:
    unit_of = build_areas.unit_of_code(given.membership, given.codes)
    table = build_population.units_2018(given.municipal_2018, unit_of)
    return from_table(table, system_from_units(given.units, edition), "2018")


def _at(population: Population, when: float) -> pd.DataFrame:
    """Both sexes at a point in time (1 October = whole numbers), place × group; Fukushima as a whole."""
    persons = population.values.sum(axis=2)
    curve = PchipInterpolator(np.array(population.years, dtype=np.float64), persons, axis=1)
    frame = pd.DataFrame(
        merge_ages(curve(when), population.ages, GROUP_BANDS),
        index=_place(population.areas["area_code"]),
        columns=list(GROUPS),
    )
    return frame.groupby(level=0).sum()


def _place(codes: pd.Series[str]) -> pd.Index[str]:
    """Area codes with all of Fukushima as one place."""
    return pd.Index(codes.where(codes.str[:2] != WHOLE_FUKUSHIMA[:2], WHOLE_FUKUSHIMA), name="area_code")


def _census(given: Ingredients, newer: Population) -> pd.DataFrame:
    """Base population of 2020 by the 335 areas: that of the 330, divided within an area as the census is."""
    areas = tuple(area_codes(given.units))
    counted = census_2020(given.raw, given.units, areas)[..., : len(AGES)].sum(axis=1)
    pairs = given.units.drop_duplicates("area335_code").set_index("area335_code")["area330_code"]
    row_of = newer.areas["area_code"].searchsorted(pairs.loc[list(areas)].to_numpy())
    sums = np.zeros((len(newer.areas), len(AGES)))
    np.add.at(sums, row_of, counted)
    official = newer.values[:, newer.years.index(NEXT_CENSUS), 0]
    frame = pd.DataFrame(
        merge_ages(counted * (official / sums)[row_of], AGES, GROUP_BANDS),
        index=_place(pd.Series(areas)),
        columns=list(GROUPS),
    )
    return frame.groupby(level=0).sum()


def _register(given: Ingredients, edition: str) -> pd.DataFrame:
    """Residents of 1 January 2025; withheld ages (6,712 persons, foreigners) are left out."""
    table = finest_municipalities(juki.load_ages(verified_path(JUKI_AGES, given.raw)))
    table = table[table["sex"] == "both"]
    unit = table["code"].map(build_areas.unit_of_code(given.membership, given.codes))
    area = unit.map(given.units.set_index("unit_code")[f"area{edition}_code"])
    persons = table["persons"].fillna(0).astype("float64")
    wide = persons.groupby([_place(area), table["age"].to_numpy()]).sum().unstack()
    values = merge_ages(wide[list(juki.BANDS.labels)].to_numpy(), juki.BANDS, GROUP_BANDS)
    return pd.DataFrame(values, index=wide.index, columns=list(GROUPS))


def _register_2016(given: Ingredients, older: Population) -> pd.DataFrame:
    """65 and over; areas with a city that lies in more than one (横浜市, 川崎市 in the crosswalk) are left out."""
    table = home_care.load_home_care(verified_path(HOME_CARE, given.raw))
    table = table[table["year"] == 2016]
    unit = table["code"].map(build_areas.unit_of_code(given.membership, given.codes))
    area = unit.map(given.units.set_index("unit_code")["area335_code"])
    torn = set(table.loc[area.isna(), "code"].str[:2])
    inside = area.notna() & ~table["code"].str[:2].isin(torn)
    actual = table.loc[inside, "population_over65"].groupby(_place(area[inside])).sum()
    projected = _at(older, REGISTER_2016)
    aged = projected[list(GROUPS[2:])].sum(axis=1).reindex(actual.index)
    return _rows(
        "register_2016",
        "335",
        REGISTER_2016 - CENSUS,
        aged.to_frame(AGED),
        actual.astype("float64").to_frame(AGED),
    )


def _rows(
    comparison: str, edition: str, horizon: float, projected: pd.DataFrame, actual: pd.DataFrame
) -> pd.DataFrame:
    """Long form; both sides must have the same places."""
    if set(projected.index) != set(actual.index):
        raise ValueError(f"{comparison}: the places of the two sides differ")
    actual = actual.loc[projected.index, projected.columns]
    index = pd.MultiIndex.from_product([projected.index, projected.columns], names=["area_code", "age"])
    frame = pd.DataFrame(
        {"projected": projected.to_numpy().ravel().round(2), "actual": actual.to_numpy().ravel().round(2)},
        index=index,
    ).reset_index()
    return frame.assign(comparison=comparison, area_edition=edition, horizon=horizon)

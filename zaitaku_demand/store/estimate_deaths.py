"""Deaths of residents by municipality, estimated: the vital statistics at hand stop at the prefecture.

Deaths of a prefecture by sex and broad age (under 65, 65 and over) are spread over its municipalities in proportion to
expected deaths: the municipality's register population of the broad age, times the deaths per head that national death
rates by sex and five-year age give for its own age structure within it (indirect standardisation; 2007 is the last
year whose deaths 社会・人口統計体系 gives by five-year age). Every prefecture's deaths by sex and broad age are kept exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.ages import AgeBands

FloatArray = npt.NDArray[np.float64]

SEXES = ("male", "female")
AGES = AgeBands.five_year(90)
BROAD = ("under65", "65+")
RATE_YEAR = 2007
STRUCTURE_YEAR = 2015

LEAST_PRESENT = 0.5
"""Where the census found fewer than this share of the registered residents of 65 and over, the prefecture's structure
is used: towns of Fukushima were evacuated in 2015, and the few people there are no sample of their residents."""

_OLDEST = ("90-94", "95-99", "100+")
_FIRST_OLD = AGES.index_from(65)


class Strata(NamedTuple):
    """Deaths per registered resident by place: arrays (places, sexes, broad ages) in the order of `codes`."""

    codes: list[str]
    per_head: FloatArray


def national_rates(deaths: pd.DataFrame, census: pd.DataFrame) -> pd.DataFrame:
    """Deaths per person of the nation in `RATE_YEAR` by sex (rows) and five-year age (columns).

    Parameters
    ----------
    deaths : DataFrame
        `prefecture_code`, `year`, `sex`, `age` (five-year to 95-99, 100+), `deaths`.
    census : DataFrame
        Prefectures: `year`, `sex`, `age`, `persons`. The population of 2007 lies on the straight line from 2005 to
        2010; persons of unknown age are left out, since only ratios of the rates are used.
    """
    counted = deaths[deaths["year"] == RATE_YEAR]
    counted = counted.assign(age=counted["age"].replace(dict.fromkeys(_OLDEST, AGES.labels[-1])))
    numerator = counted.groupby(["sex", "age"])["deaths"].sum().unstack().loc[list(SEXES), list(AGES.labels)]
    persons = census[census["age"].isin(AGES.labels) & census["sex"].isin(SEXES)]
    by_year = persons.groupby(["year", "sex", "age"])["persons"].sum()
    share = (RATE_YEAR - 2005) / 5
    between = by_year.loc[2005] * (1 - share) + by_year.loc[2010] * share
    rates: pd.DataFrame = numerator / between.unstack().loc[list(SEXES), list(AGES.labels)]
    return rates


def deaths_per_head(rates: pd.DataFrame, census: pd.DataFrame, registered_old: Mapping[str, float]) -> Strata:
    """Expected deaths by sex and broad age per resident (both sexes) of the broad age, by municipality.

    Parameters
    ----------
    rates : DataFrame
        What :func:`national_rates` gives.
    census : DataFrame
        Municipalities in `STRUCTURE_YEAR`: `code`, `year`, `sex`, `age`, `persons`.
    registered_old : mapping
        Code → registered residents of 65 and over in that year; see `LEAST_PRESENT`.
    """
    chosen = census[
        (census["year"] == STRUCTURE_YEAR) & census["age"].isin(AGES.labels) & census["sex"].isin(SEXES)
    ]
    wide = chosen.pivot(index="code", columns=["sex", "age"], values="persons").sort_index()
    order = pd.MultiIndex.from_product([SEXES, AGES.labels])
    cube = wide[order].to_numpy(dtype=np.float64).reshape(len(wide), len(SEXES), len(AGES))
    codes = wide.index.tolist()
    own_deaths, own_persons = _broad(cube * rates.to_numpy()), _broad(cube).sum(axis=1)
    prefectures = np.array([code[:2] for code in codes])
    found, members = np.unique(prefectures, return_inverse=True)
    all_deaths = np.zeros((len(found), *own_deaths.shape[1:]))
    all_persons = np.zeros((len(found), len(BROAD)))
    np.add.at(all_deaths, members, own_deaths)
    np.add.at(all_persons, members, own_persons)
    registered = np.array([registered_old[code] for code in codes])
    away = own_persons[:, 1] < LEAST_PRESENT * registered
    own_deaths = np.where(away[:, None, None], all_deaths[members], own_deaths)
    own_persons = np.where(away[:, None], all_persons[members], own_persons)
    return Strata(codes, own_deaths / own_persons[:, None, :])


def spread(published: FloatArray, expected: FloatArray, members: npt.NDArray[np.int64]) -> FloatArray:
    """Published deaths of groups shared out in proportion to expected ones.

    Parameters
    ----------
    published : array (groups, strata)
    expected : array (places, strata)
    members : int array (places,)
        Group of each place.

    Returns
    -------
    array (places, strata)
        Adds up to `published` over the places of each group.
    """
    total = np.zeros(published.shape)
    np.add.at(total, members, expected)
    shared: FloatArray = expected * (published / total)[members]
    return shared


def municipal_deaths(residents: pd.DataFrame, strata: Strata, deaths: pd.DataFrame) -> FloatArray:
    """Estimated deaths of residents, one for each row of `residents`.

    Parameters
    ----------
    residents : DataFrame
        `year`, `census_code` (code of the municipality in `strata`), `population`, `population_over65`; every
        municipality of a prefecture and year.
    strata : Strata
    deaths : DataFrame
        `prefecture_code`, `year`, `sex`, `age` (``total`` and ``65+``), `deaths`.
    """
    place = pd.Series(np.arange(len(strata.codes)), index=strata.codes)
    per_head = strata.per_head[place.loc[residents["census_code"]].to_numpy()]
    old = residents["population_over65"].to_numpy(dtype=np.float64)
    broad = np.stack([residents["population"].to_numpy(dtype=np.float64) - old, old], axis=1)
    expected = (per_head * broad[:, None, :]).reshape(len(residents), -1)
    keys = pd.MultiIndex.from_arrays([residents["census_code"].str[:2], residents["year"]])
    members, groups = pd.factorize(keys)
    wide = deaths[deaths["age"].isin(["total", "65+"])].pivot(
        index=["prefecture_code", "year"], columns=["sex", "age"], values="deaths"
    )
    wide = wide.loc[groups]
    published = np.stack(
        [
            wide[sex, age] - (wide[sex, "65+"] if age == "total" else 0)
            for sex in SEXES
            for age in ("total", "65+")
        ],
        axis=1,
    ).astype(np.float64)
    return np.asarray(spread(published, expected, members).sum(axis=1))


def _broad(values: FloatArray) -> FloatArray:
    """Last axis (five-year ages) added up to under 65 and 65+."""
    return np.stack([values[..., :_FIRST_OLD].sum(axis=-1), values[..., _FIRST_OLD:].sum(axis=-1)], axis=-1)

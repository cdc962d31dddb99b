"""Deaths of residents of 65 and over by the 335 areas, estimated; prefectures and Japan as published.

Deaths of a prefecture by sex are spread over its areas in proportion to the deaths that national rates by sex and
five-year age let expect from the areas' population (indirect standardisation; `zaitaku_demand.store.estimate_deaths`
says where the rates come from). The areas keep the published number of their prefecture, sex by sex.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.indicators.facts import FACT_COLUMNS, NATION
from zaitaku_demand.store.build_facts_population import YEARS, AreaPopulations
from zaitaku_demand.store.estimate_deaths import AGES, SEXES, national_rates, spread
from zaitaku_demand.store.exact_facts import measures_of

FloatArray = npt.NDArray[np.float64]

PREFECTURES = 47
_FIRST_OLD = AGES.index_from(65)


def death_facts(given: AreaPopulations, deaths: pd.DataFrame, census: pd.DataFrame) -> pd.DataFrame:
    """Deaths of 65 and over 2014-2022 in the layout of facts.

    Parameters
    ----------
    given : AreaPopulations
    deaths : DataFrame
        `prefecture_code`, `year`, `sex`, `age` (five-year, ``65+``, ``total``), `deaths`.
    census : DataFrame
        Prefectures by sex and age (for the national rates).

    Returns
    -------
    DataFrame
        Areas are ``estimated`` and rounded, so that the order of adding does not show;
        prefectures and Japan are ``observed``.
    """
    expected = expected_deaths(given.values, national_rates(deaths, census).to_numpy(dtype=np.float64))
    published = published_deaths(deaths)
    by_area = np.stack(
        [spread(published[:, year], expected[:, year], given.prefectures) for year in range(len(YEARS))],
        axis=1,
    ).sum(axis=-1)
    by_prefecture = published.sum(axis=-1)
    levels = {
        "national": ([NATION], by_prefecture.sum(axis=0, keepdims=True), "observed"),
        "prefecture": ([f"{number:02d}" for number in range(1, PREFECTURES + 1)], by_prefecture, "observed"),
        "area": (list(given.areas), by_area.round(6), "estimated"),
    }
    parts = []
    for measure in measures_of("estimate"):
        for level, (codes, value, state) in levels.items():
            index = pd.MultiIndex.from_product([codes, YEARS], names=["area_code", "year"])
            part = pd.DataFrame({"value": value.ravel()}, index=index).reset_index()
            parts.append(part.assign(measure=measure.id, level=level, state=state))
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(lower=table["value"], upper=table["value"])
    return table[list(FACT_COLUMNS)].astype({"year": "int16"})


def expected_deaths(persons: FloatArray, rates: FloatArray) -> FloatArray:
    """Deaths of 65 and over that national rates let expect.

    Parameters
    ----------
    persons : array (places, years, sexes, ages)
    rates : array (sexes, ages)
        Deaths per person.

    Returns
    -------
    array (places, years, sexes)
    """
    return np.asarray((persons[..., _FIRST_OLD:] * rates[:, _FIRST_OLD:]).sum(axis=-1))


def published_deaths(deaths: pd.DataFrame) -> FloatArray:
    """Published deaths of 65 and over, array (prefectures, years 2014-2022, sexes); every cell must be there."""
    old = deaths[(deaths["age"] == "65+") & deaths["sex"].isin(SEXES)]
    wide = old.set_index(["prefecture_code", "year", "sex"])["deaths"]
    order = pd.MultiIndex.from_product(
        [[f"{number:02d}" for number in range(1, PREFECTURES + 1)], YEARS, SEXES]
    )
    return np.asarray(wide.loc[order].to_numpy(dtype=np.float64).reshape(PREFECTURES, len(YEARS), len(SEXES)))

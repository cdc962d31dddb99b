"""Facts of 在宅医療にかかる地域別データ集: municipalities added up to areas, prefectures and the nation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.facts import FACT_COLUMNS, NATION
from zaitaku_demand.sources.checks import listed
from zaitaku_demand.sources.home_care import COUNT_ITEMS, SHARE
from zaitaku_demand.store.estimate_deaths import (
    STRUCTURE_YEAR,
    deaths_per_head,
    municipal_deaths,
    national_rates,
)
from zaitaku_demand.text import Text

ROUNDING = 0.05
"""Shares of deaths at home are published with one decimal."""

DEATHS, HOME_DEATHS = "deaths", "home_deaths"
MUNICIPAL_COLUMNS = (*COUNT_ITEMS, DEATHS, HOME_DEATHS)
"""Columns of the municipal table; other measures of this source stand in the workbook that a user gives."""
_BY_ALL_AGES = frozenset({"population"})
_KEYS = ["area_code", "year"]


def area_shares(codes: pd.DataFrame, municipal: pd.DataFrame) -> pd.DataFrame:
    """In which of the 335 areas each municipality lies; a city in two areas is shared out by its wards.

    Parameters
    ----------
    codes : DataFrame
        Municipal codes through time: `code`, `valid_to`, `area335` (areas parted by ``;``), `children`.
    municipal : DataFrame
        The 2018 edition by municipality and ward: `code`, `year`, `age`, `persons`; its base population of 2015 gives
        the shares.

    Returns
    -------
    DataFrame
        `code`, `area_code`, `share_all`, `share_old` (shares of the city's residents, and of those of 65 and over; they
        add up to 1 for each code), `split` (whether the city lies in more than one area).
    """
    latest = codes.sort_values("valid_to").drop_duplicates("code", keep="last").set_index("code")
    base = municipal[municipal["year"] == STRUCTURE_YEAR]
    everybody = base.groupby("code")["persons"].sum()
    old = base[base["age"].str.extract(r"^(\d+)")[0].astype(int) >= 65].groupby("code")["persons"].sum()
    whole = latest[~latest["area335"].str.contains(";")]
    rows = [(code, area, 1.0, 1.0, False) for code, area in whole["area335"].items()]
    for code, children in latest.loc[latest["area335"].str.contains(";"), "children"].items():
        wards = [ward for ward in str(children).split(";") if ward in everybody.index]
        if not wards:
            continue
        of_area = latest.loc[wards, "area335"].to_numpy()
        shares = pd.DataFrame(
            {"all": everybody[wards].to_numpy(float), "old": old[wards].to_numpy(float)}, index=of_area
        )
        shares = shares.groupby(level=0).sum()
        shares /= shares.sum()
        rows += [(code, area, share["all"], share["old"], True) for area, share in shares.iterrows()]
    return pd.DataFrame(rows, columns=["code", "area_code", "share_all", "share_old", "split"])


def with_deaths(
    table: pd.DataFrame,
    successors: pd.Series[str],
    deaths: pd.DataFrame,
    census_prefectures: pd.DataFrame,
    census_municipalities: pd.DataFrame,
) -> pd.DataFrame:
    """The municipal table with estimated `deaths` of residents.

    Parameters
    ----------
    table : DataFrame
        What the loader of the municipal data gives, complete for every prefecture and year.
    successors : Series
        Municipal code → code of today (for municipalities renamed between the years and the census file).
    deaths : DataFrame
        `prefecture_code`, `year`, `sex` (male, female), `age` (five-year, ``65+``, ``total``), `deaths`.
    census_prefectures, census_municipalities : DataFrame
        Censuses by sex and age.
    """
    known = set(census_municipalities["code"])
    own = table["code"].where(table["code"].isin(known), table["code"].map(successors))
    residents = table.assign(census_code=own)
    old = residents[residents["year"] == STRUCTURE_YEAR].set_index("census_code")["population_over65"]
    rates = national_rates(deaths, census_prefectures)
    census = census_municipalities[census_municipalities["code"].isin(old.index)]
    strata = deaths_per_head(rates, census, {str(code): float(persons) for code, persons in old.items()})
    return table.assign(**{DEATHS: municipal_deaths(residents, strata, deaths)})


def home_care_facts(
    table: pd.DataFrame, shares: pd.DataFrame, columns: dict[str, str], path: Path
) -> pd.DataFrame:
    """Facts at all three levels.

    Parameters
    ----------
    table : DataFrame
        What :func:`with_deaths` gives.
    shares : DataFrame
        What :func:`area_shares` gives.
    columns : dict
        Id of a measure → column of `table`, `DEATHS` or `HOME_DEATHS`.
    path : path
        File of `table`, to name in an error.

    Raises
    ------
    InputError
        If a municipality lies in no area.
    """
    unplaced = sorted(set(table["code"]) - set(shares["code"]))
    if unplaced:
        raise InputError(
            Text(
                f"二次医療圏の分からない市区町村がある：{listed(unplaced)}",
                f"municipalities of which the area is not known: {listed(unplaced)}",
            ),
            Text("市区町村コードを確かめてください", "check the municipal codes"),
            file=path,
            column="city_code",
        )
    whole = {"share_all": 1.0, "share_old": 1.0, "split": False}
    levels = {
        "national": table.assign(area_code=NATION, **whole),
        "prefecture": table.assign(area_code=table["code"].str[:2], **whole),
        "area": table.merge(shares, on="code", how="left"),
    }
    parts = []
    for level, pieces in levels.items():
        for measure, column in columns.items():
            if column in COUNT_ITEMS:
                part = _counted(pieces, column)
            elif column == DEATHS:
                part = _deaths(pieces, published=level != "area")
            else:
                part = _home_deaths(pieces)
            parts.append(part.reset_index().assign(measure=measure, level=level))
    return pd.concat(parts, ignore_index=True)[list(FACT_COLUMNS)]


def _counted(pieces: pd.DataFrame, column: str) -> pd.DataFrame:
    share = pieces["share_all" if column in _BY_ALL_AGES else "share_old"]
    found = _summed(pieces, pieces[column] * share, pieces[column].where(~pieces["split"], 0), pieces[column])
    found["state"] = np.where(found["lower"] == found["upper"], "observed", "estimated")
    return found


def _deaths(pieces: pd.DataFrame, *, published: bool) -> pd.DataFrame:
    """Deaths where the share at home is published; of a prefecture with every share, the published number."""
    given = pieces[SHARE].notna()
    value = (pieces[DEATHS] * pieces["share_old"]).where(given)
    found = _summed(pieces, value, pieces[DEATHS].where(given & ~pieces["split"], 0), pieces[DEATHS])
    exact = published & (found["lower"] == found["upper"])
    return _with_state(found, np.where(exact, "observed", "estimated"))


def _home_deaths(pieces: pd.DataFrame) -> pd.DataFrame:
    given = pieces[SHARE].notna()
    deaths, share = pieces[DEATHS], pieces[SHARE]
    low = ((share - ROUNDING).clip(lower=0) / 100 * deaths).where(given & ~pieces["split"], 0)
    high = ((share + ROUNDING).clip(upper=100) / 100 * deaths).where(given, deaths)
    found = _summed(pieces, share / 100 * deaths * pieces["share_old"], low, high)
    return _with_state(found, np.full(len(found), "estimated"))


def _summed(
    pieces: pd.DataFrame, value: pd.Series[float], lower: pd.Series[float], upper: pd.Series[float]
) -> pd.DataFrame:
    """Sums by place and year, rounded so that the order of adding does not show; NaN where no value is given."""
    table = pieces[_KEYS].assign(value=value, lower=lower, upper=upper)
    found = table.groupby(_KEYS).agg(
        value=("value", lambda given: given.sum(min_count=1)), lower=("lower", "sum"), upper=("upper", "sum")
    )
    return found.astype(float).round(6)


def _with_state(found: pd.DataFrame, states: npt.NDArray[Any]) -> pd.DataFrame:
    found["state"] = np.where(found["value"].isna(), "suppressed", states)
    return found

"""What the backtest works on: counts by place and year, populations as observed and as projected, national rates.

Everything a forecast may use is cut off at its origin by `Panel.until`, so no later count can leak into it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.rates.local import AREA_YEARS, PREFECTURES
from zaitaku_demand.rates.national import MONTHS, NDB_AGES, RATE_YEARS
from zaitaku_demand.rates.services import services
from zaitaku_demand.store.tables import read_table

FloatArray = npt.NDArray[np.float64]
Level = Literal["prefecture", "area"]

EDITION_YEARS = (2015, 2020, 2025)
PUBLISHED_FROM = 2018
"""First origin at which the 2018 edition (March 2018) was at hand. The 2013 edition is not among the sources."""

_SIZE_AS = {"home_visits_home": "home_visits", "home_visits_facility": "home_visits"}
"""Patients of these are not published apart: they take the claims per patient of all home visits."""


@dataclass(frozen=True)
class Tables:
    """The processed tables the backtest is made from, by name."""

    ndb_sex_age: pd.DataFrame
    ndb_prefecture: pd.DataFrame
    ndb_area: pd.DataFrame
    ndb_event_size: pd.DataFrame
    population_reference: pd.DataFrame
    area_population_335: pd.DataFrame
    population_2018_units: pd.DataFrame
    area_units: pd.DataFrame

    @classmethod
    def shipped(cls) -> Tables:
        """As they are shipped or were built."""
        return cls(**{name: read_table(name) for name in cls.__annotations__})


@dataclass(frozen=True)
class Panel:
    """Counts and populations of the places of one level.

    Attributes
    ----------
    level : str
        ``prefecture`` (47) or ``area`` (335).
    codes : tuple of str
    parent : array (places,) of int
        Prefecture of a place, from 0.
    years : tuple of int
        Fiscal years with counts.
    services : tuple of str
    observed : array (services, years, places)
        A month; NaN where not published. Areas are raked to their prefecture in every year.
    hidden : array (services, years, places)
        Share of `observed` that stands for suppressed cells.
    people : array (years, places, ages)
        Population of 1 October, both sexes, open band 90+.
    edition : array (years, places, ages)
        The same by the 2018 edition; only its growth is used.
    national_counts : array (services, all rate years, ages)
        A month; NaN where not published.
    national_people : array (all rate years, ages)
    rate_years : tuple of int
    event_size : array (services,)
        Claims of a patient in a year, for the counting error.
    """

    level: Level
    codes: tuple[str, ...]
    parent: npt.NDArray[np.int64]
    years: tuple[int, ...]
    services: tuple[str, ...]
    observed: FloatArray
    hidden: FloatArray
    people: FloatArray
    edition: FloatArray
    national_counts: FloatArray
    national_people: FloatArray
    rate_years: tuple[int, ...]
    event_size: FloatArray

    def until(self, origin: int) -> Panel:
        """What was counted up to a fiscal year; populations of the edition reach beyond it."""
        inside = sum(year <= origin for year in self.years)
        national = sum(year <= origin for year in self.rate_years)
        return replace(
            self,
            years=self.years[:inside],
            observed=self.observed[:, :inside],
            hidden=self.hidden[:, :inside],
            people=self.people[:inside],
            national_counts=self.national_counts[:, :national],
            national_people=self.national_people[:national],
            rate_years=self.rate_years[:national],
        )

    def select(self, keep: tuple[str, ...]) -> Panel:
        """Some of the services."""
        rows = [self.services.index(name) for name in keep]
        return replace(
            self,
            services=keep,
            observed=self.observed[rows],
            hidden=self.hidden[rows],
            national_counts=self.national_counts[rows],
            event_size=self.event_size[rows],
        )

    def aged_75plus(self, year: int) -> FloatArray:
        """Persons of 75 and over, array (places,)."""
        return np.asarray(self.people[self.years.index(year), :, NDB_AGES.index_from(75) :].sum(axis=1))


def prefecture_panel(tables: Tables) -> Panel:
    """The 47 prefectures, FY2014-22."""
    names = tuple(services())
    observed, hidden = _counts(tables.ndb_prefecture, "prefecture_code", names, RATE_YEARS, PREFECTURES)
    people = _reference(tables.population_reference)
    edition = _annual(_edition(tables.population_2018_units, "prefecture", PREFECTURES), people)
    return _panel(tables, "prefecture", PREFECTURES, RATE_YEARS, names, observed, hidden, people, edition)


def area_panel(tables: Tables) -> Panel:
    """The 335 areas, FY2019-22, raked to the counts of their prefecture.

    Areas of Fukushima grow as their prefecture in the 2018 edition, which has no smaller places there.
    """
    names = tuple(services())
    codes = sorted(tables.ndb_area["area_code"].unique())
    parent = np.array([PREFECTURES.index(code[:2]) for code in codes])
    observed, hidden = _counts(tables.ndb_area, "area_code", names, AREA_YEARS, codes)
    whole, _ = _counts(tables.ndb_prefecture, "prefecture_code", names, AREA_YEARS, PREFECTURES)
    observed = raked(observed, parent, whole)
    top = dict.fromkeys(("90-94", "95+"), NDB_AGES.labels[-1])
    table = tables.area_population_335
    table = table.assign(age=table["age"].replace(top))
    sums = table.groupby(["year", "area_code", "age"])["persons"].sum().unstack("age")[list(NDB_AGES.labels)]
    shape = (len(AREA_YEARS), len(codes), len(NDB_AGES))
    people = sums.loc[list(AREA_YEARS)].to_numpy(dtype=np.float64).reshape(shape)
    units = tables.area_units
    area_of = dict(zip(units["unit_code"], units["area335_code"], strict=True))
    edition = _edition(tables.population_2018_units, "area", codes, area_of)
    first = RATE_YEARS.index(AREA_YEARS[0])
    annual = _annual(edition, None)[first:]
    return _panel(tables, "area", codes, AREA_YEARS, names, observed, hidden, people, annual)


def raked(values: FloatArray, parent: npt.NDArray[np.int64], totals: FloatArray) -> FloatArray:
    """Values of places scaled so that those of a prefecture add up to its total.

    Parameters
    ----------
    values : array (..., places)
    parent : array (places,)
    totals : array (..., prefectures)
    """
    sums = sum_by(values, parent, totals.shape[-1])
    scale = np.divide(totals, sums, out=np.ones_like(sums), where=sums > 0)
    return np.asarray(values * scale[..., parent])


def sum_by(values: FloatArray, parent: npt.NDArray[np.int64], size: int) -> FloatArray:
    """Sums over the places of each parent, array (..., size) from (..., places)."""
    rows = values.reshape(-1, values.shape[-1])
    sums = np.stack([np.bincount(parent, weights=row, minlength=size) for row in rows])
    return np.asarray(sums.reshape(*values.shape[:-1], size), dtype=np.float64)


def _panel(
    tables: Tables,
    level: Level,
    codes: list[str],
    years: tuple[int, ...],
    names: tuple[str, ...],
    observed: FloatArray,
    hidden: FloatArray,
    people: FloatArray,
    edition: FloatArray,
) -> Panel:
    ages = tables.ndb_sex_age.groupby(["service", "fiscal_year", "age"])["value"].sum().unstack("age")
    index = pd.MultiIndex.from_product([names, RATE_YEARS])
    counts = ages.reindex(index)[list(NDB_AGES.labels)].to_numpy(dtype=np.float64)
    size = tables.ndb_event_size.set_index("measure")["event_size"]
    measures = [f"ndb_{_SIZE_AS.get(name, name)}" for name in names]
    return Panel(
        level=level,
        codes=tuple(codes),
        parent=np.array([PREFECTURES.index(code[:2]) for code in codes]),
        years=years,
        services=names,
        observed=observed,
        hidden=hidden,
        people=people,
        edition=edition,
        national_counts=counts.reshape(len(names), len(RATE_YEARS), -1) / MONTHS,
        national_people=_reference(tables.population_reference).sum(axis=1),
        rate_years=RATE_YEARS,
        event_size=size.loc[measures].to_numpy(dtype=np.float64),
    )


def _counts(
    table: pd.DataFrame, key: str, names: tuple[str, ...], years: tuple[int, ...], codes: list[str]
) -> tuple[FloatArray, FloatArray]:
    index = pd.MultiIndex.from_product([names, years, codes])
    wide = table.set_index(["service", "fiscal_year", key])[["value", "shown"]].reindex(index)
    shape = (len(names), len(years), len(codes))
    value = wide["value"].to_numpy(dtype=np.float64).reshape(shape)
    shown = wide["shown"].to_numpy(dtype=np.float64).reshape(shape)
    hidden = np.divide(value - shown, value, out=np.zeros_like(value), where=value > 0)
    return value / MONTHS, hidden


def _reference(table: pd.DataFrame) -> FloatArray:
    both = table[(table["sex"] == "both") & table["age"].isin(NDB_AGES.labels)]
    wide = both.set_index(["year", "prefecture_code", "age"])["persons"].unstack("age")[list(NDB_AGES.labels)]
    shape = (len(RATE_YEARS), len(PREFECTURES), len(NDB_AGES))
    return wide.loc[list(RATE_YEARS)].sort_index().to_numpy(dtype=np.float64).reshape(shape)


def _edition(
    table: pd.DataFrame, level: Level, codes: list[str], area_of: dict[str, str] | None = None
) -> FloatArray:
    """Edition on its five-year grid, array (grid years, places, ages)."""
    table = table[table["year"].isin(EDITION_YEARS)]
    place = table["code"].str[:2] if level == "prefecture" else table["code"].map(area_of or {})
    sums = table.groupby([table["year"], place, table["age"]])["persons"].sum().unstack("age")
    sums = sums[_bands(sums.columns)]
    sums.index.names = ["year", "place"]
    if level == "area":
        whole = sums.xs("0700", level="place")
        inside = [code for code in codes if code.startswith("07")]
        parts = pd.concat({code: whole for code in inside}, names=["place"]).swaplevel()
        sums = pd.concat([sums, parts])
    index = pd.MultiIndex.from_product([EDITION_YEARS, codes])
    shape = (len(EDITION_YEARS), len(codes), len(NDB_AGES))
    return sums.reindex(index).to_numpy(dtype=np.float64).reshape(shape)


def _bands(columns: pd.Index[str]) -> list[str]:
    if set(columns) != set(NDB_AGES.labels):
        raise ValueError(f"ages {AgeBands.of(columns).labels} are not those of the NDB")
    return list(NDB_AGES.labels)


def _annual(edition: FloatArray, people: FloatArray | None) -> FloatArray:
    """Edition in every rate year by shape-preserving interpolation, as `Population.at_years` does.

    The edition starts in 2015. From 2014 to 2015 the observed population (`people`) leads into it: both lie on the census
    of 2015, so nothing but one year of interpolation between censuses is taken from later.
    """
    from scipy.interpolate import PchipInterpolator

    years = np.array(RATE_YEARS, dtype=np.float64)
    curve = PchipInterpolator(np.array(EDITION_YEARS, dtype=np.float64), edition, axis=0)
    out = np.asarray(curve(np.maximum(years, EDITION_YEARS[0])))
    if people is not None:
        start = np.divide(people[0], people[1], out=np.ones_like(people[0]), where=people[1] > 0)
        out[0] = out[1] * start
    return out

"""Facts as dense arrays (measures, years, places), the nation first among the places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.areas.system import WHOLE_PREFECTURE
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.expected import (
    ESTIMATED,
    MISSING,
    OBSERVED,
    SUPPRESSED,
    FloatArray,
    StateArray,
)
from zaitaku_demand.indicators.facts import NATION
from zaitaku_demand.rates.national import NDB_AGES
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

SEXES = ("male", "female")
NATION_NAME = "全国"
_CODE_OF_STATE = {"observed": OBSERVED, "estimated": ESTIMATED, "suppressed": SUPPRESSED}
_REBUILD = Text(
    "「zaitaku data build」で表を作り直してください", "build the tables again with `zaitaku data build`"
)


@dataclass(frozen=True)
class Counts:
    """Counts by year and place: value, lower, upper, state, each of shape (years, places)."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    state: StateArray

    def with_national_sum(self) -> Counts:
        """The same with the nation (place 0) as the sum of all places where it has no count itself."""
        shown = (self.state[:, 1:] == OBSERVED) | (self.state[:, 1:] == ESTIMATED)
        fill = (self.state[:, 0] == MISSING) & shown.all(axis=1)
        if not fill.any():
            return self
        value, lower, upper = (each.copy() for each in (self.value, self.lower, self.upper))
        state = self.state.copy()
        for figures in (value, lower, upper):
            figures[fill, 0] = figures[fill, 1:].sum(axis=1)
        state[fill, 0] = self.state[fill, 1:].max(axis=1)
        return Counts(value, lower, upper, state)

    def replaced(self, year: npt.NDArray[np.int64], place: npt.NDArray[np.int64], new: Counts) -> Counts:
        """The same with the counts `new`, of shape (rows,), put at the positions `year` and `place`."""
        value, lower, upper = (each.copy() for each in (self.value, self.lower, self.upper))
        state = self.state.copy()
        value[year, place], lower[year, place], upper[year, place] = new.value, new.lower, new.upper
        state[year, place] = new.state
        return Counts(value, lower, upper, state)


@dataclass(frozen=True)
class FactArrays:
    """All facts of one level.

    Attributes
    ----------
    level : str
        ``prefecture`` or ``area``.
    places : DataFrame
        area_code, area_name, prefecture_code; the nation first.
    years : tuple of int
        Consecutive.
    measures : dict
        Measure → position on the first axis.
    value, lower, upper, state : arrays (measures, years, places)
    """

    level: str
    places: pd.DataFrame
    years: tuple[int, ...]
    measures: dict[str, int]
    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    state: StateArray

    def total(self, names: tuple[str, ...]) -> Counts:
        """Sum of measures; missing where one of them is, suppressed where all of them are.

        A part that is hidden whole beside shown ones enters with the middle of its bounds; whether the sum can
        be shown is settled by how wide its bounds are (`settled_state`).
        """
        shape = self.state.shape[1:]
        if not all(name in self.measures for name in names):
            nothing = np.full(shape, np.nan)
            return Counts(nothing, nothing, nothing, np.zeros(shape, dtype=np.int8))
        chosen = [self.measures[name] for name in names]
        state, value, lower, upper = (
            each[chosen] for each in (self.state, self.value, self.lower, self.upper)
        )
        hidden = state == SUPPRESSED
        partly = hidden.any(axis=0) & ~hidden.all(axis=0) & np.isfinite(upper).all(axis=0)
        middle = np.where(hidden & partly, (lower + upper) / 2, value)
        worst = np.where(partly, ESTIMATED, state.max(axis=0))
        worst = np.where((state == MISSING).any(axis=0), MISSING, worst).astype(np.int8)
        return Counts(middle.sum(axis=0), lower.sum(axis=0), upper.sum(axis=0), worst).with_national_sum()


def fact_arrays(facts: pd.DataFrame, level: str, places: pd.DataFrame, years: tuple[int, ...]) -> FactArrays:
    """Facts of the nation and of one level as arrays.

    Parameters
    ----------
    facts : DataFrame
        Table of facts (see `zaitaku_demand.indicators.facts`).
    level : str
    places : DataFrame
        As `places_of` gives it.
    years : tuple of int
        Years to keep, consecutive.

    Raises
    ------
    InputError
        If a place is not among `places` or a fact stands twice.
    """
    kept = facts[facts["level"].isin(("national", level)) & facts["year"].between(years[0], years[-1])]
    measure = pd.Categorical(kept["measure"])
    place = pd.Categorical(kept["area_code"], categories=places["area_code"]).codes
    if (place < 0).any():
        unknown = kept["area_code"].iloc[int(np.argmax(place < 0))]
        raise InputError(
            Text(
                f"事実の表に知らない地域「{unknown}」がある",
                f"the tables of facts hold an unknown place '{unknown}'",
            ),
            _REBUILD,
        )
    shape = (len(measure.categories), len(years), len(places))
    cell = np.ravel_multi_index(
        (
            measure.codes.astype(np.int64),
            kept["year"].to_numpy(dtype=np.int64) - years[0],
            place.astype(np.int64),
        ),
        shape,
    )
    if len(np.unique(cell)) != len(cell):
        raise InputError(Text("事実の表に同じ行が2度ある", "the tables of facts hold a row twice"), _REBUILD)
    state = np.zeros(shape, dtype=np.int8)
    state.flat[cell] = kept["state"].map(_CODE_OF_STATE).to_numpy(dtype=np.int8)
    figures = []
    for name in ("value", "lower", "upper"):
        filled = np.full(shape, np.nan)
        filled.flat[cell] = kept[name].to_numpy(dtype=np.float64)
        figures.append(filled)
    positions = {str(name): index for index, name in enumerate(measure.categories)}
    return FactArrays(level, places, years, positions, figures[0], figures[1], figures[2], state)


def places_of(level: str) -> pd.DataFrame:
    """The nation and all prefectures or areas (335 edition): area_code, area_name, prefecture_code."""
    units = read_table("area_units")
    if level == "prefecture":
        columns = ["prefecture_code", "prefecture_name", "prefecture_code"]
    else:
        columns = ["area335_code", "area335_name", "prefecture_code"]
        # The unit of Fukushima as a whole, which one edition of the projection needs, is no area.
        units = units[units["area335_code"].str[2:] != WHOLE_PREFECTURE]
    places = pd.DataFrame(
        {
            name: units[column]
            for name, column in zip(("area_code", "area_name", "prefecture_code"), columns, strict=True)
        }
    )
    places = places.drop_duplicates("area_code").sort_values("area_code")
    nation = pd.DataFrame({"area_code": [NATION], "area_name": [NATION_NAME], "prefecture_code": [NATION]})
    return pd.concat([nation, places], ignore_index=True)


def persons_of(level: str, places: pd.DataFrame, years: tuple[int, ...]) -> FloatArray:
    """Inhabitants of each place without the nation, array (years, places, sexes, ages of the NDB).

    NaN in years without denominators by sex and age (prefectures 2014-2022, areas 2019-2022).
    """
    if level == "prefecture":
        table = read_table("population_reference").rename(columns={"prefecture_code": "area_code"})
        table = table[table["sex"].isin(SEXES) & table["age"].isin(NDB_AGES.labels)]
    else:
        table = read_table("area_population_335")
        top = NDB_AGES.labels[-1]
        table = table.assign(age=table["age"].where(~table["age"].isin(("90-94", "95+")), top))
    return by_sex_and_age(table, "persons", years, list(places["area_code"][1:]))


def national_ages(table: pd.DataFrame, years: tuple[int, ...]) -> dict[str, FloatArray]:
    """National counts by sex and age of every measure, arrays (years, sexes, ages).

    Parameters
    ----------
    table : DataFrame
        measure, year, sex, age, value (table ``ndb_measure_ages``).
    years : tuple of int
    """
    names = sorted(table["measure"].unique())
    dense = by_sex_and_age(table.rename(columns={"measure": "area_code"}), "value", years, names)
    return {name: dense[:, position] for position, name in enumerate(names)}


def by_sex_and_age(table: pd.DataFrame, column: str, years: tuple[int, ...], codes: list[str]) -> FloatArray:
    """Sums of a long table as an array (years, codes, sexes, ages of the NDB).

    Parameters
    ----------
    table : DataFrame
        area_code, year, sex (male, female), age and `column`.
    column : str
    years : tuple of int
        Consecutive.
    codes : list of str
        Order of the second axis.

    Returns
    -------
    array
        A cell without a row is 0; a year of a code without any row is NaN.

    Raises
    ------
    InputError
        If a code, sex or age is unknown.
    """
    table = table[table["year"].between(years[0], years[-1])]
    shape = (len(years), len(codes), len(SEXES), len(NDB_AGES.labels))
    axes = [table["year"].to_numpy(dtype=np.int64) - years[0]]
    for name, categories in (("area_code", codes), ("sex", SEXES), ("age", NDB_AGES.labels)):
        axes.append(pd.Categorical(table[name], categories=list(categories)).codes.astype(np.int64))
    if any((axis < 0).any() for axis in axes[1:]):
        raise InputError(
            Text(
                "性・年齢別の表に知らない地域・性・年齢がある",
                "a table by sex and age holds an unknown place, sex or age",
            ),
            _REBUILD,
        )
    cell = np.ravel_multi_index(tuple(axes), shape)
    sums = np.bincount(cell, weights=table[column].to_numpy(dtype=np.float64), minlength=int(np.prod(shape)))
    dense = sums.reshape(shape).astype(np.float64)  # bincount of nothing gives whole numbers
    filled = np.zeros(shape[:2], dtype=bool)
    filled[axes[0], axes[1]] = True
    dense[~filled] = np.nan
    return np.asarray(dense)

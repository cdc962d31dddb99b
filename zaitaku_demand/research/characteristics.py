"""Characteristics of the places (demography, resources) that serve as confounders.

Figures that are published in some years only stand in all years 2014-2023: between two published years on the
straight line, before the first and after the last one as that one is. Such years are *estimated*; only the published ones
are *observed*. Populations are observed in the years of a census only: between them they are interpolated, after
the last one projected. A characteristic of one year only (density, type) has that year and stands for all (`Panel.values`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.indicators.expected import ESTIMATED, MISSING, OBSERVED
from zaitaku_demand.indicators.facts import read_facts
from zaitaku_demand.research.panel import Series, variable_row
from zaitaku_demand.research.words_characteristics import CHARACTERISTICS
from zaitaku_demand.store.tables import read_table

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

YEARS = tuple(range(2014, 2024))
FEATURE_YEAR = 2020
CENSUS_YEARS = (2015, 2020)

_SHARES = {"share_65": "population_65", "share_75": "population_75", "share_85": "population_85"}


class Resource(NamedTuple):
    """A count over the inhabitants of an age, per `multiplier`."""

    counted: str
    inhabitants: str
    multiplier: float


_RESOURCES: dict[str, dict[str, Resource]] = {
    "prefecture": {
        "older_single_share": Resource("ssds_older_single_households", "ssds_older_households", 1),
        "care_home_places": Resource("ssds_care_home_places", "population_75", 1_000),
        "physicians": Resource("ssds_physicians", "population_total", 100_000),
        "clinics": Resource("ssds_clinics", "population_total", 100_000),
        "general_beds": Resource("一般病床", "population_75", 100_000),
        "long_term_beds": Resource("療養病床", "population_75", 100_000),
    },
    "area": {"clinics": Resource("survey_clinics", "population_total", 100_000)},
}
_TYPES = {"metropolitan": "大都市型", "sparse": "人口の少ない地域"}


def characteristics(level: str, codes: npt.NDArray[np.object_]) -> Iterator[tuple[Series, dict[str, object]]]:
    """Characteristics of a level, each with its row of `Panel.variables`.

    Parameters
    ----------
    level : str
        ``prefecture`` or ``area``.
    codes : array (places,)
        Order of the places.

    Raises
    ------
    InputError
        If a table has not been built.
    """
    figures = _figures(level, codes)
    total = figures["population_total"]
    for name, measure in _SHARES.items():
        share = (figures[measure] / total).dropna(axis=1, how="all")
        years = tuple(int(year) for year in share.columns)
        yield _made(name, share.to_numpy(np.float64), years, np.isin(years, CENSUS_YEARS))
    in_years = total[list(YEARS)].to_numpy(np.float64)
    yield _made("log_population", np.log(in_years), YEARS, np.isin(YEARS, CENSUS_YEARS))
    features = read_table("area_features")
    features = features[features["level"] == level].set_index("area_code").reindex(codes)
    density = np.log(features["density"].to_numpy(np.float64))
    yield _made("log_density", density[:, None], (FEATURE_YEAR,))
    if level == "area":
        for name, kind in _TYPES.items():
            member = np.where(features["type"] == kind, 1.0, 0.0)
            yield _made(name, member[:, None], (FEATURE_YEAR,))
    for name, resource in _RESOURCES[level].items():
        ratio = figures[resource.counted] / figures[resource.inhabitants] * resource.multiplier
        ratio = ratio.dropna(axis=1, how="all")
        published = tuple(int(year) for year in ratio.columns)
        if len(published) == 1:
            yield _made(name, ratio.to_numpy(np.float64), published)
            continue
        filled, given = through_years(published, ratio.to_numpy(np.float64), YEARS)
        yield _made(name, filled, YEARS, given)


def through_years(
    published: Sequence[int], figures: FloatArray, wanted: Sequence[int]
) -> tuple[FloatArray, BoolArray]:
    """Figures of some years carried to others.

    Parameters
    ----------
    published : sequence of int
        Years with figures, ascending.
    figures : array (places, published years)
    wanted : sequence of int

    Returns
    -------
    filled : array (places, wanted years)
        Straight lines between published years; the first and the last figure beyond them. NaN as soon as one of the
        two figures it leans on is NaN.
    given : bool array (wanted years,)
        Which years are published.
    """
    years, asked = np.asarray(published), np.asarray(wanted)
    right = np.clip(np.searchsorted(years, asked), 0, len(years) - 1)
    exact = years[right] == asked
    left = np.where(exact | (asked < years[0]), right, np.maximum(right - 1, 0))
    left = np.where(asked > years[-1], right, left)
    width = np.maximum(years[right] - years[left], 1)
    weight = np.where(left == right, 0.0, (asked - years[left]) / width)
    filled = figures[:, left] + weight * (figures[:, right] - figures[:, left])
    return np.asarray(filled), np.asarray(exact)


def _figures(level: str, codes: npt.NDArray[np.object_]) -> dict[str, pd.DataFrame]:
    """Every count that is needed, one table (places × years) each."""
    named = {each for resource in _RESOURCES[level].values() for each in resource[:2]}
    named |= {"population_total", *_SHARES.values()}
    facts = read_facts(("facts_population", "facts_statistics", "facts_facilities"))
    facts = facts[(facts["level"] == level) & facts["measure"].isin(named)]
    tables = {
        str(measure): table.pivot(index="area_code", columns="year", values="value").reindex(codes)
        for measure, table in facts.groupby("measure")
    }
    if level == "prefecture":
        for kind, table in read_table("hospital_beds").groupby("kind"):
            beds = table.pivot(index="prefecture_code", columns="year", values="beds")
            tables[str(kind)] = beds.reindex(codes)
    return tables


def _made(
    name: str, value: FloatArray, years: tuple[int, ...], published: BoolArray | None = None
) -> tuple[Series, dict[str, object]]:
    known = OBSERVED if published is None else np.where(published, OBSERVED, ESTIMATED)
    state = np.where(np.isnan(value), MISSING, known).astype(np.int8)
    exposure = np.where(np.isnan(value), np.nan, 1.0)
    series = Series(name, "normal", years, value, exposure, 1.0, 1.0, state)
    words = CHARACTERISTICS[name]
    row = variable_row(
        series,
        "confounder",
        label=words.label,
        unit=words.unit,
        definition=words.definition,
        source=words.source,
        caveats=words.caveats,
        place=words.place,
    )
    return series, row

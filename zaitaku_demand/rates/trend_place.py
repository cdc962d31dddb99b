"""What a place's rates do besides the nation's: its own yearly change, shrunk.

N is the count of a place, E the count at national rates by age. The mean yearly change of ln(N / E) over so few years is
mostly chance, so only the share of it that places differ by in truth is kept (normal-normal empirical Bayes; Efron &
Morris 1975, JASA 70:311)::

    c[p] = k m[p],    k = max(V - s^2, 0) / V

m[p] is the mean of the yearly changes of a place after those of all places, weighted by their counts of the last year, are
taken out of each year; V is the mean square of m[p], and s^2 the variance of a mean of so many changes. The weighted mean
of c is 0, so to first order the nation follows its own trend.

The backtest and the projection take it from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.rates.local import PREFECTURES
from zaitaku_demand.rates.national import NDB_AGES, RATE_YEARS
from zaitaku_demand.rates.trend_ages import LEAST_STEPS
from zaitaku_demand.rates.trend_breaks import usable_steps
from zaitaku_demand.store.tables import read_table

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]


def prefecture_change(services: tuple[str, ...], origin: int) -> FloatArray:
    """Own changes of the 47 prefectures, from NDB counts by place of the institution up to a fiscal year.

    Both sexes and the ages of the NDB, whatever those of a projection: this is what the backtest judged.

    Parameters
    ----------
    services : tuple of str
    origin : int
        Last fiscal year used.

    Returns
    -------
    array (services, 47)
        Logarithm a year, shrunk; 0 with fewer than two comparable yearly changes.
    """
    years = tuple(year for year in RATE_YEARS if year <= origin)
    counts = read_table("ndb_prefecture", ["service", "fiscal_year", "prefecture_code", "value"])
    claims = read_table("ndb_sex_age", ["service", "fiscal_year", "age", "value"])
    people = _people(years)
    out = np.empty((len(services), len(PREFECTURES)))
    for row, service in enumerate(services):
        observed = _by_year(counts[counts["service"] == service], years, "prefecture_code", PREFECTURES)
        national = _by_year(claims[claims["service"] == service], years, "age", NDB_AGES.labels)
        expected = np.einsum("yg,ypg->yp", national / people.sum(axis=1), people)
        out[row] = place_change(observed, expected, usable_steps(service, years))
    return out


def place_change(counts: FloatArray, expected: FloatArray, usable: npt.NDArray[np.bool_]) -> FloatArray:
    """Shrunk mean yearly change of ln(count / expected) of each place.

    Parameters
    ----------
    counts, expected : arrays (years, places)
        Consecutive fiscal years; NaN where not published.
    usable : array (years - 1,) of bool
        Steps that count; one that no place has is left out.

    Returns
    -------
    array (places,)
        0 for a place that lacks a step, and for all with fewer than `LEAST_STEPS` steps. Weighted by the counts of the
        last year the mean over places is 0.
    """
    out = np.zeros(counts.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.diff(np.log(counts / expected), axis=0)
    there = usable & np.isfinite(change).any(axis=1)
    if there.sum() < LEAST_STEPS:
        return out
    seen = np.isfinite(change[there]).all(axis=0) & (counts[-1] > 0)
    if not seen.any():
        return out
    steps = change[there][:, seen]
    steps = steps - np.average(steps, axis=1, weights=counts[-1, seen])[:, None]
    mean = steps.mean(axis=0)
    noise = float(steps.var(axis=0, ddof=1).mean()) / len(steps)
    whole = float((mean**2).mean())
    kept = max(whole - noise, 0.0) / whole if whole > 0 else 0.0
    out[seen] = kept * mean
    return out


def _by_year(table: pd.DataFrame, years: tuple[int, ...], key: str, order: Sequence[str]) -> FloatArray:
    """Sums by year and another key, array (years, order); NaN where not published."""
    sums = table.groupby(["fiscal_year", key])["value"].sum(min_count=1).unstack(key)
    return sums.reindex(index=list(years), columns=list(order)).to_numpy(dtype=np.float64)


def _people(years: tuple[int, ...]) -> FloatArray:
    """Population of 1 October, both sexes, array (years, 47, ages)."""
    table = read_table("population_reference", ["year", "prefecture_code", "sex", "age", "persons"])
    table = table[(table["sex"] == "both") & table["age"].isin(NDB_AGES.labels)]
    wide = table.set_index(["year", "prefecture_code", "age"])["persons"].unstack("age")
    wide = wide.reindex(index=[(year, code) for year in years for code in PREFECTURES])
    ordered = wide[list(NDB_AGES.labels)].to_numpy(dtype=np.float64)
    return ordered.reshape(len(years), len(PREFECTURES), len(NDB_AGES))

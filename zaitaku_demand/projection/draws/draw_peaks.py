"""When is the top? Peaks of many runs, and the distribution of the peak year.

As for the projection itself (`projection/peak`), the peak is the largest value on annual steps, the earliest year if
several are equal; a peak in the last year is *censored* and stands for "then or later".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.projection.peak import PLATEAU_SHARE

FloatArray = npt.NDArray[np.float64]
PlaceArray = npt.NDArray[np.int16]
ROUNDING = 1e-9
"""Cumulated shares of runs that differ from a probability by less are equal to it."""


def find_tops(values: FloatArray) -> tuple[PlaceArray, FloatArray]:
    """Place of the year of the largest value, and that value.

    Parameters
    ----------
    values : array (..., years, runs)

    Returns
    -------
    place : array (..., runs) of int
        The earliest if several are equal.
    top : array (..., runs)
    """
    top = values[..., 0, :].copy()
    place = np.zeros(top.shape, dtype=np.int16)
    higher = np.empty(top.shape, dtype=np.bool_)
    for year in range(1, values.shape[-2]):
        now = values[..., year, :]
        np.greater(now, top, out=higher)
        np.putmask(place, higher, year)
        np.maximum(top, now, out=top)
    return place, top


def year_probability(place: PlaceArray, n_years: int) -> FloatArray:
    """Share of the runs that peak in each year, array (years,), from places (runs,)."""
    return np.bincount(place, minlength=n_years) / len(place)


def plateau_share(values: FloatArray, top: FloatArray) -> FloatArray:
    """Share of the runs in which a year is within 1 % of the run's own peak, array (years,).

    Parameters
    ----------
    values : array (years, runs)
    top : array (runs,)
    """
    return np.asarray((values >= PLATEAU_SHARE * top).mean(axis=-1))


def by_year(probability: FloatArray) -> FloatArray:
    """Probability that the peak is in a year or before, array (..., years)."""
    return np.minimum(np.cumsum(probability, axis=-1), 1.0)


def peak_quantile(probability: FloatArray, years: tuple[int, ...], share: float) -> FloatArray:
    """First year by which the peak has come with probability `share`, array (...); NaN where it is unknown.

    It is a year that runs do peak in, never one between two of them. A result in the last year means "then or
    later".

    Parameters
    ----------
    probability : array (..., years)
    """
    reached = by_year(probability) >= share - ROUNDING
    first = np.array(years, dtype=np.float64)[reached.argmax(axis=-1)]
    return np.where(np.isnan(probability).any(axis=-1), np.nan, first)

"""The peak year of every area: on the five-year grid, on annual steps, and how flat the top is.

Grid: the year of the largest value among the published years, the earliest if several are equal, as in the
ministry's tables. Annual: the same on annual steps of the population (see
`Population.at_years`). A peak at the horizon is *censored*: the true one may come later.
Plateau: the unbroken run of years around the annual peak whose value is within 1 % of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.projection.project import Projection
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

PLATEAU_SHARE = 0.99
LATE_PEAK = 2040
"""Peaks from this year on are counted as late, as in the ministry's papers."""


@dataclass(frozen=True)
class Peaks:
    """Peaks by service and area; all arrays (services, areas).

    Attributes
    ----------
    year_grid, year_annual : int
    censored : bool
        Whether the annual peak is the last year of the horizon.
    plateau_start, plateau_end : int
    base_value : float
        Value in `base_value_year`.
    base_value_year : int
        Base year of the rates, or the nearest year of the population if it does not reach that.
    peak_value : float
        Value in `year_grid`.
    peak_value_annual : float
    """

    year_grid: IntArray
    year_annual: IntArray
    censored: npt.NDArray[np.bool_]
    plateau_start: IntArray
    plateau_end: IntArray
    base_value: FloatArray
    base_value_year: int
    peak_value: FloatArray
    peak_value_annual: FloatArray


def find_peaks(grid: Projection, annual: Projection) -> Peaks:
    """Peaks of a projection, from its values on the five-year grid and on annual steps."""
    years = np.array(annual.years)
    grid_years = np.array(grid.years)
    values = annual.values
    top = values.max(axis=2)
    last = years[-1]
    position = values.argmax(axis=2)
    start, end = plateau(values, position, PLATEAU_SHARE)
    base = max(min(grid.rates.base_year, int(last)), int(years[0]))
    return Peaks(
        year_grid=grid_years[grid.values.argmax(axis=2)],
        year_annual=years[position],
        censored=years[position] == last,
        plateau_start=years[start],
        plateau_end=years[end],
        base_value=values[:, :, int(np.flatnonzero(years == base)[0])],
        base_value_year=base,
        peak_value=grid.values.max(axis=2),
        peak_value_annual=top,
    )


def plateau(values: FloatArray, position: IntArray, share: float) -> tuple[IntArray, IntArray]:
    """First and last place of the unbroken run around `position` that keeps `share` of the value there.

    Parameters
    ----------
    values : array (..., years)
    position : array (...)
    share : float
    """
    top = np.take_along_axis(values, position[..., None], axis=-1)
    inside = values >= share * top
    places = np.arange(values.shape[-1])
    outside_before = np.where(~inside & (places < position[..., None]), places, -1).max(axis=-1)
    outside_after = np.where(~inside & (places > position[..., None]), places, values.shape[-1]).min(axis=-1)
    return outside_before + 1, outside_after - 1


def peak_classes(grid_years: tuple[int, ...]) -> list[Text]:
    """Labels of the classes, in order: the first grid year 以前, then every year, the last one 以降."""
    first, last = grid_years[0], grid_years[-1]
    middle = [Text(f"{year}年", f"{year}") for year in grid_years[1:-1]]
    return [
        Text(f"{first}年以前", f"{first} or before"),
        *middle,
        Text(f"{last}年以降", f"{last} or later"),
    ]


def peak_class(year: int, grid_years: tuple[int, ...]) -> Text:
    """Label of the class of a peak on the grid."""
    return peak_classes(grid_years)[grid_years.index(year)]


def tidy_peaks(peaks: Peaks, grid: Projection) -> pd.DataFrame:
    """One row for each service and area with the keys of the results."""
    import pandas as pd

    n_services, n_areas = peaks.year_grid.shape
    areas = grid.population.areas
    area = np.tile(np.arange(n_areas), n_services)
    service = np.repeat(np.arange(n_services), n_areas)
    keys = grid.keys()
    frame = pd.DataFrame({"area_edition": keys["area_edition"]}, index=range(n_services * n_areas))
    for name in ("area_code", "area_name", "prefecture_code", "prefecture_name"):
        frame[name] = areas[name].to_numpy()[area]
    for name in ("population_edition", "base_year", "rate_level", "open_band"):
        frame[name] = keys[name]
    frame["service"] = np.array(grid.rates.services, dtype=object)[service]
    frame["unit"] = np.array([unit.ja for unit in grid.rates.units], dtype=object)[service]
    frame["peak_year_grid"] = peaks.year_grid.ravel()
    frame["peak_class"] = [peak_class(int(year), grid.years).ja for year in peaks.year_grid.ravel()]
    frame["peak_year_annual"] = peaks.year_annual.ravel()
    frame["censored"] = peaks.censored.ravel()
    frame["plateau_start"] = peaks.plateau_start.ravel()
    frame["plateau_end"] = peaks.plateau_end.ravel()
    frame["base_value"] = peaks.base_value.ravel()
    frame["base_value_year"] = peaks.base_value_year
    frame["peak_value"] = peaks.peak_value.ravel()
    base = peaks.base_value.ravel()
    frame["growth"] = (
        np.divide(peaks.peak_value.ravel(), base, out=np.full(base.shape, np.nan), where=base > 0) - 1
    )
    frame["peak_value_annual"] = peaks.peak_value_annual.ravel()
    frame["population_state"] = areas["population_state"].to_numpy()[area]
    frame["open_band_state"] = grid.population.open_band_state
    return frame

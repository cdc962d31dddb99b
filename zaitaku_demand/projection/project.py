"""Projection = rate × population, for all areas, years, sexes, ages and services at once.

A `RatePath` changes the rates after their base year; the projection at constant rates is multiplied by what the
path does to it, so a path of ones gives back the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.rates.path import RatePath
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Projection:
    """Numbers of patients (or visits) a month by service, area and year.

    Attributes
    ----------
    values : array (services, areas, years)
    population : Population
        The population behind it (same areas and years).
    rates : Rates
    path : RatePath
        How the rates go on after their base year; constant by default.
    """

    values: FloatArray
    population: Population
    rates: Rates
    path: RatePath = field(default_factory=RatePath.constant)

    @property
    def years(self) -> tuple[int, ...]:
        """Years of the projection."""
        return self.population.years

    def keys(self) -> dict[str, str | int]:
        """What every row of a result carries: editions, base year, level, open band."""
        return {
            "area_edition": self.population.system.edition,
            "population_edition": self.population.edition,
            "base_year": self.rates.base_year,
            "rate_level": self.rates.level,
            "open_band": self.rates.open_band,
        }

    def by_prefecture(self) -> tuple[list[str], FloatArray]:
        """Codes of the prefectures and their sums over areas, array (services, prefectures, years)."""
        codes = self.population.areas["prefecture_code"]
        order = sorted(codes.unique())
        sums = np.stack([self.values[:, (codes == code).to_numpy()].sum(axis=1) for code in order], axis=1)
        return order, sums

    def national(self) -> FloatArray:
        """Sum over prefectures (and so over areas), array (services, years)."""
        return np.asarray(self.by_prefecture()[1].sum(axis=1))

    def parts(self, service: int) -> FloatArray:
        """Contributions of sexes and ages to one service, array (areas, years, sexes, ages).

        Without the patients that the path adds and before its ceiling.
        """
        profile = self.rates.profile[service][self.rates.group][:, None]
        factor = self.path.factor_of(service)
        ratio = self.rates.ratio[service][:, None, None, None]
        return np.asarray(self.population.values * profile * factor * ratio)

    def by_age(self) -> FloatArray:
        """Numbers by service, area, year and age band, both sexes together.

        Patients that the path adds, and those beyond its ceiling, are divided among the ages as the others are.
        """
        people = self.population.values
        out = np.empty((len(self.rates.services), *people.shape[:2], people.shape[3]))
        for k in range(len(self.rates.services)):
            ages = self.parts(k).sum(axis=2)
            total = ages.sum(axis=2)
            scale = np.divide(self.values[k], total, out=np.ones_like(total), where=total > 0)
            out[k] = ages * scale[:, :, None]
        return out

    def tidy(self) -> pd.DataFrame:
        """One row a figure: the keys of the results, area, service, unit, year, value."""
        import pandas as pd

        n_services, n_areas, n_years = self.values.shape
        areas = self.population.areas
        area = np.tile(np.repeat(np.arange(n_areas), n_years), n_services)
        service = np.repeat(np.arange(n_services), n_areas * n_years)
        keys = self.keys()
        frame = pd.DataFrame({"area_edition": keys["area_edition"]}, index=range(self.values.size))
        for name in ("area_code", "area_name", "prefecture_code", "prefecture_name"):
            frame[name] = areas[name].to_numpy()[area]
        for name in ("population_edition", "base_year", "rate_level", "open_band"):
            frame[name] = keys[name]
        frame["service"] = np.array(self.rates.services, dtype=object)[service]
        frame["unit"] = np.array([unit.ja for unit in self.rates.units], dtype=object)[service]
        frame["year"] = np.tile(np.array(self.years), n_services * n_areas)
        frame["value"] = self.values.ravel()
        frame["state"] = "estimated"
        frame["estimated_share"] = np.repeat(self.rates.estimated_share.ravel(), n_years)
        return frame


def project(population: Population, rates: Rates, path: RatePath | None = None) -> Projection:
    """Apply rates to a population.

    Parameters
    ----------
    population : Population
    rates : Rates
        With the same sexes and age bands, for the same areas.
    path : RatePath, optional
        How the rates go on after their base year; constant if not given.

    Returns
    -------
    Projection

    Raises
    ------
    InputError
        If sexes, age bands or areas differ.
    """
    if population.sexes != rates.sexes or population.ages != rates.ages:
        raise InputError(
            Text("人口と率の性別または年齢階級が異なる", "population and rates differ in sex or age bands"),
            Text("同じ人口から率を作ってください", "make the rates from the same population"),
        )
    if rates.ratio.shape[1] != len(population.areas):
        raise InputError(
            Text("人口と率の圏域の数が異なる", "population and rates differ in the number of areas"),
            Text("同じ人口から率を作ってください", "make the rates from the same population"),
        )
    n_areas, n_years = population.values.shape[:2]
    people = population.values.reshape(n_areas * n_years, -1)
    values = np.empty((len(rates.services), n_areas, n_years))
    groups = rates.profile.shape[1]
    for group in range(groups):
        # (areas × years, sex × age) @ (sex × age, services): one matrix product for the whole country
        table = people @ rates.profile[:, group].reshape(len(rates.services), -1).T
        inside = slice(None) if groups == 1 else np.flatnonzero(rates.group == group)
        values[:, inside] = table.reshape(n_areas, n_years, -1)[inside].transpose(2, 0, 1)
    values *= rates.ratio[:, :, None]
    if path is None:
        return Projection(values, population, rates)
    values = np.minimum(values * _growth(population, rates, path) + path.added, path.ceiling)
    return Projection(values, population, rates, path)


def _growth(population: Population, rates: Rates, path: RatePath) -> FloatArray:
    """What the factors of a path do to the sum over sexes and ages, array (services, areas, years)."""
    out = np.ones((len(rates.services), *population.values.shape[:2]))
    if path.factor.shape[3:] == (1, 1):
        return np.asarray(out * path.factor[..., 0, 0])
    for k in range(len(rates.services)):
        weighted = population.values * rates.profile[k][rates.group][:, None]
        constant = weighted.sum(axis=(2, 3))
        changed = (weighted * path.factor_of(k)).sum(axis=(2, 3))
        np.divide(changed, constant, out=out[k], where=constant > 0)
    return out

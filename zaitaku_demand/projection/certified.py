"""People certified for long-term care by area, age and level, and their overlap with home-visit patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.population import Population
from zaitaku_demand.projection.project import Projection
from zaitaku_demand.rates.certification import CARE_AGES, LEVELS, certification_rates
from zaitaku_demand.store.tables import read_table

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

RATES_AS_OF = "2022-09"
COUNTS_AS_OF = "2024-03-31"
FIRST_AGE = 65
CARE_REFERENCE_YEARS = (2023, 2024)


@dataclass(frozen=True)
class Certified:
    """Certified persons.

    Attributes
    ----------
    values : array (areas, years, ages, levels)
        Persons of 65 and over; everything but the prefectures' total by level is an estimate.
    ages : AgeBands
        From 65 up to the open band of the population (above 90 the rate of 90+ is used).
    population : Population
    ratio : array (areas, levels)
        The prefecture's count by level (March 2024) over what the national rates give there.
    """

    values: FloatArray
    ages: AgeBands
    population: Population
    ratio: FloatArray

    def tidy(self) -> pd.DataFrame:
        """One row a figure by area, year, age and level."""
        import pandas as pd

        n_areas, n_years, n_ages, n_levels = self.values.shape
        areas = self.population.areas
        area = np.repeat(np.arange(n_areas), n_years * n_ages * n_levels)
        frame = pd.DataFrame({"area_edition": self.population.system.edition}, index=range(self.values.size))
        for name in ("area_code", "area_name", "prefecture_code", "prefecture_name"):
            frame[name] = areas[name].to_numpy()[area]
        frame["population_edition"] = self.population.edition
        frame["base_year"] = int(RATES_AS_OF[:4])
        frame["rate_level"] = "prefecture"
        frame["open_band"] = self.population.open_band
        frame["unit"] = "人"
        frame["year"] = np.tile(np.repeat(np.array(self.population.years), n_ages * n_levels), n_areas)
        frame["age"] = np.tile(
            np.repeat(np.array(self.ages.labels, dtype=object), n_levels), n_areas * n_years
        )
        frame["level"] = np.tile(np.array(LEVELS, dtype=object), n_areas * n_years * n_ages)
        frame["value"] = self.values.ravel()
        frame["state"] = "estimated"
        return frame


def project_certified(
    population: Population,
    reference: Population,
    *,
    counts: FloatArray | None = None,
    scale_to_prefectures: bool = True,
) -> Certified:
    """Certified persons of 65 and over by area, year, age and level.

    National rates of September 2022 by age (and, where the population has it, sex), split into levels, times
    the population, scaled level by level to the prefecture's count of March 2024.

    Parameters
    ----------
    population : Population
        Years to project; bands of five years from 65 to 85-89 with an open band of 90 or 95.
    reference : Population
        The same areas and ages in 2023 and 2024; their mean stands for 31 March 2024.
    counts : array (2, 6, 7), optional
        A user's official certified persons by sex, age and level (`rates.certification.read_certified`).
    scale_to_prefectures : bool
        Whether to scale to the prefectures' counts.
    """
    rates = certification_rates(RATES_AS_OF, population.sexes, counts)
    start = population.ages.index_from(FIRST_AGE)
    above = len(population.ages) - start - rates.shape[1]
    if above:
        rates = np.concatenate([rates, np.repeat(rates[:, -1:], above, axis=1)], axis=1)
    values = np.einsum("aysg,sgl->aygl", population.values[..., start:], rates)
    ratio = np.ones((len(population.areas), len(LEVELS)))
    if scale_to_prefectures:
        ratio = _prefecture_ratio(reference, start, rates)
        values = np.asarray(values * ratio[:, None, None, :])
    ages = AgeBands(population.ages.bands[start:])
    return Certified(values, ages, population, ratio)


def national_share(population: Population, year: int, as_of: str) -> dict[str, float]:
    """Share certified of the 65+, 75+ and 85+ that the national rates imply, in per cent."""
    rates = certification_rates(as_of, population.sexes).sum(axis=2)
    place = population.years.index(year)
    people = population.values[:, place, :, population.ages.index_from(FIRST_AGE) :].sum(axis=0)
    persons = (people * rates).sum(axis=0)
    total = people.sum(axis=0)
    out = {}
    for age in (65, 75, 85):
        first = CARE_AGES.index_from(age)
        out[f"{age}+"] = float(100 * persons[first:].sum() / total[first:].sum())
    return out


def _prefecture_ratio(reference: Population, start: int, rates: FloatArray) -> FloatArray:
    people = reference.values.mean(axis=1)[..., start:]
    expected = np.einsum("asg,sgl->al", people, rates)
    counts = read_table("certification_prefectures").set_index(["prefecture_code", "level"])["persons"]
    codes = reference.areas["prefecture_code"]
    ratio = np.empty_like(expected)
    for code in codes.unique():
        inside = (codes == code).to_numpy()
        official = np.array([float(counts[(code, level)]) for level in LEVELS])
        ratio[inside] = official / expected[inside].sum(axis=0)
    return np.asarray(ratio)


@dataclass(frozen=True)
class DoubleNeed:
    """Home-visit patients of 65+ who are also certified; arrays (areas, years).

    No joint rate is published, so none is invented: the two margins alone bound the number.

    Attributes
    ----------
    lower, upper : array
        Fréchet bounds, age group by age group: max(0, v + c - n) and min(v, c).
    independent : array
        Value if both were independent within every age group: v c / n.
    """

    lower: FloatArray
    upper: FloatArray
    independent: FloatArray


def double_need(patients: Projection, certified: Certified, service: int = 0) -> DoubleNeed:
    """Bounds of the number of home-visit patients who are also certified (Fréchet 1935, 1951).

    Parameters
    ----------
    patients : Projection
        Of the same population; the service must count patients.
    certified : Certified
    service : int
        Place of the service in the projection.
    """
    start = patients.population.ages.index_from(FIRST_AGE)
    v = patients.by_age()[service][..., start:]
    c = certified.values.sum(axis=3)
    n = patients.population.values.sum(axis=2)[..., start:]
    v, c = np.minimum(v, n), np.minimum(c, n)
    independent = np.divide(v * c, n, out=np.zeros_like(n), where=n > 0)
    return DoubleNeed(
        lower=np.maximum(v + c - n, 0.0).sum(axis=2),
        upper=np.minimum(v, c).sum(axis=2),
        independent=independent.sum(axis=2),
    )

"""Claims by area and by prefecture against those expected: what deviations of level are estimated from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import divide
from zaitaku_demand.errors import InputError
from zaitaku_demand.rates.local import AREA_YEARS, PREFECTURES
from zaitaku_demand.rates.national import MONTHS, SPLIT_AGES, national_profile, reference_population
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SEXES = ("male", "female")
KNOWN_SHARE = 0.8
KNOWN_WIDTH = 0.1


@dataclass(frozen=True)
class AreaCounts:
    """Claims of a fiscal year by the 335 areas, against those at their prefecture's rate.

    Attributes
    ----------
    codes : tuple of str
    prefecture : array (areas,) of int
        Place of the prefecture in the order of codes.
    observed, shown, lower, upper : arrays (areas,)
        Claims, those not suppressed, and the bounds that suppression leaves; raked to the prefecture's total.
    expected : array (areas,)
        Claims at the national age profile times the prefecture's ratio.
    event_size : float
        Claims per patient and year.
    """

    codes: tuple[str, ...]
    prefecture: IntArray
    observed: FloatArray
    shown: FloatArray
    lower: FloatArray
    upper: FloatArray
    expected: FloatArray
    event_size: float

    @property
    def ratio(self) -> FloatArray:
        """Observed over expected, array (areas,)."""
        return divide(self.observed, self.expected)

    @property
    def noise(self) -> FloatArray:
        """Variance of the ratio by chance at a level of 1, array (areas,)."""
        return divide(self.event_size, self.expected)

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Areas whose count is known and tells something.

        Four fifths of it are shown, or its bounds lie within a tenth of the expected count of each other; and at
        least one patient is expected.
        """
        narrow = self.upper - self.lower <= KNOWN_WIDTH * self.expected
        shown = (self.shown >= KNOWN_SHARE * self.observed) & (self.shown > 0)
        return np.asarray((shown | narrow) & (self.expected >= self.event_size))


@cache
def area_counts(service: str, year: int) -> AreaCounts:
    """Claims of the 335 areas with their expectation.

    Raises
    ------
    InputError
        If the NDB has no counts of the service by area for the year.
    """
    table = read_table("ndb_area")
    table = table[(table["service"] == service) & (table["fiscal_year"] == year)].sort_values("area_code")
    if table.empty or year not in AREA_YEARS:
        raise InputError(
            Text(
                f"{year}年度の「{service}」には二次医療圏別の表がない",
                f"the NDB has no table of '{service}' by area for FY{year}",
            ),
            Text("2019～2022年度のサービスを指定してください", "choose a service of FY2019 to FY2022"),
        )
    codes = tuple(table["area_code"])
    place = np.array([PREFECTURES.index(code[:2]) for code in codes])
    national = national_profile((service,), year, SEXES, SPLIT_AGES.open_from)[0]
    expected = MONTHS * np.einsum("asg,sg->a", area_people(year), national)
    total, _, size = prefecture_counts(service, year)
    observed, shown, lower, upper = (
        table[name].to_numpy(dtype=np.float64) for name in ("value", "shown", "lower", "upper")
    )
    # Area sums of FY2019-21 fall short of the prefecture's total; one factor a prefecture closes the gap.
    rake = _ratio(total, _by_prefecture(observed, place))[place]
    ratio = _ratio(total, _by_prefecture(expected, place))[place]
    return AreaCounts(
        codes, place, observed * rake, shown * rake, lower * rake, upper * rake, expected * ratio, size
    )


@cache
def prefecture_counts(service: str, year: int) -> tuple[FloatArray, FloatArray, float]:
    """Claims of the 47 prefectures, those expected at national rates (both in claims a year), claims per patient."""
    table = read_table("ndb_prefecture")
    table = table[(table["service"] == service) & (table["fiscal_year"] == year)]
    if table.empty:
        raise InputError(
            Text(
                f"{year}年度の「{service}」の都道府県別の値がない",
                f"'{service}' has no counts by prefecture for FY{year}",
            ),
            Text("別の年度を指定してください", "choose another year"),
        )
    observed = table.set_index("prefecture_code")["value"].loc[PREFECTURES].to_numpy(dtype=np.float64)
    national = national_profile((service,), year, SEXES, SPLIT_AGES.open_from)[0]
    people = reference_population(year, SEXES, SPLIT_AGES)
    return observed, MONTHS * np.einsum("psg,sg->p", people, national), claims_per_patient(service)


@cache
def claims_per_patient(service: str) -> float:
    """Claims a patient and year (FY2022, nation); those of the whole service for a part of it."""
    sizes = read_table("ndb_event_size").set_index("measure")["event_size"]
    name = service if f"ndb_{service}" in sizes.index else service.rsplit("_", 1)[0]
    return float(sizes.loc[f"ndb_{name}"])


@cache
def area_people(year: int) -> FloatArray:
    """Population of the 335 areas in the order of their codes on 1 October, array (areas, 2 sexes, 20 ages)."""
    table = read_table("area_population_335")
    table = table[table["year"] == year]
    wide = table.set_index(["area_code", "sex", "age"])["persons"].unstack("age")[list(SPLIT_AGES.labels)]
    parts = [wide.xs(sex, level="sex").sort_index().to_numpy(dtype=np.float64) for sex in SEXES]
    return np.stack(parts, axis=1)


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    return np.divide(above, below, out=np.ones_like(above), where=below > 0)


def _by_prefecture(values: FloatArray, place: IntArray) -> FloatArray:
    return np.asarray(np.bincount(place, weights=values, minlength=len(PREFECTURES)), np.float64)

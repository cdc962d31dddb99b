"""What is random: factors around the principal projection, each from one source of uncertainty.

A run of the draws is

    value[area, year] = level[area] × exp(sum_k place_k × z_k - own / 2) × sum over sex and age of
                        part[area, year, sex, age] × exp(sum_c age_c × z_c)

with `part` the principal contributions, z standard normal, and `level` gamma with mean 1. `own` is the variance of the
factors that prefectures or areas have each for themselves (their mean is 1, so that sums over places stay); a factor of
the whole country has median 1. Row 0 is the principal projection itself: every z 0, every level 1, nothing taken off. Loadings carry all that is estimated from data: standard
deviations, their growth with the horizon, and what goes together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from zaitaku_demand.projection.project import Projection

FloatArray = npt.NDArray[np.float64]
SourceId = Literal["level", "future_rates", "population", "open_band"]
SOURCES: tuple[SourceId, ...] = ("level", "future_rates", "population", "open_band")


@dataclass(frozen=True)
class Principal:
    """What the factors act on: one service of a projection on annual steps.

    Attributes
    ----------
    projection : Projection
    service : int
        Place of the service in the projection.
    """

    projection: Projection
    service: int = 0

    @property
    def service_id(self) -> str:
        """Id of the service."""
        return self.projection.rates.services[self.service]

    def parts(self) -> FloatArray:
        """Contributions by sex and age, array (areas, years, sexes, ages); without added patients."""
        return self.projection.parts(self.service)


@dataclass(frozen=True)
class AgeFactors:
    """Factors of the whole country that act on single ages.

    Attributes
    ----------
    names : tuple of str
        One name a factor; the z of a factor is one column of the table of draws.
    loadings : array (factors, years, sexes, ages)
        Standard deviation of the logarithm that the factor moves; 0 in the base year and before.
    """

    names: tuple[str, ...]
    loadings: FloatArray


@dataclass(frozen=True)
class PlaceFactors:
    """Factors that act on the total of an area.

    Attributes
    ----------
    names : tuple of str
    level : str
        Who shares a z: all areas (``nation``), those of a prefecture, or nobody (``area``).
    loadings : array (factors, areas, years)
        Standard deviation of the logarithm that the factor moves.
    within_prefecture : bool
        Whether the factors of areas are deviations from their prefecture: in every run and year their mean, weighted by
        the principal values, is taken off, so that they leave the sum of the prefecture alone (in first order).
    """

    names: tuple[str, ...]
    level: Literal["nation", "prefecture", "area"]
    loadings: FloatArray
    within_prefecture: bool = False


@dataclass(frozen=True)
class LevelFactor:
    """Gamma-distributed level of an area, the same in all years.

    Attributes
    ----------
    shape : array (areas,)
        Shape of the gamma distribution with mean 1 (variance 1 / shape); infinite where nothing is uncertain.
    within_prefecture : bool
        Whether the levels of a prefecture's areas are rescaled in every run so that their mean, weighted by the
        principal value of the base year, is 1: what is known of the prefecture stays known.
    prefecture_shape : float
        Shape of a second gamma level that the areas of a prefecture share, kept to a mean of 1 over the nation; infinite
        where the prefecture is known.
    """

    shape: FloatArray
    within_prefecture: bool
    prefecture_shape: float = np.inf


@dataclass(frozen=True)
class RandomSource:
    """One source of uncertainty with all its factors."""

    id: SourceId
    age: AgeFactors | None = None
    place: tuple[PlaceFactors, ...] = ()
    level: LevelFactor | None = None

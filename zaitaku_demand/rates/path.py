"""How rates go on after their base year: the deterministic path that a projection follows.

Without a path the rates of the base year hold for ever. A path changes them by service, area, year, sex and age,
adds patients who come from elsewhere (hospital beds), and may end at what the supply can serve. Every change of a
scenario and the trend of the rates is such a path; paths are combined, and their order does not matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
import numpy.typing as npt

from zaitaku_demand.population import Population
from zaitaku_demand.rates.model import Rates

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RatePath:
    """Changes against constant rates.

    Attributes
    ----------
    factor : array that broadcasts to (services, areas, years, sexes, ages)
        Multiplier of the rate of the base year; 1 in the base year and before.
    added : array that broadcasts to (services, areas, years)
        Patients (or visits) a month who are not in the rates: shifted from hospital beds or between places.
    ceiling : array that broadcasts to (services, areas, years)
        What the supply can serve at most; infinite where nothing limits.
    ceiling_moves : bool
        Whether the ceiling is given relative to the base year, so that it moves with a present level that is uncertain.
    trend : array that broadcasts to (services,) of bool
        Whether the factor holds the trend of the rates: then they are as uncertain as a trend is, else as constant rates.
    """

    factor: FloatArray
    added: FloatArray
    ceiling: FloatArray
    trend: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(1, dtype=np.bool_))
    ceiling_moves: bool = False

    @classmethod
    def constant(cls) -> RatePath:
        """The rates of the base year for ever."""
        return cls(np.ones((1, 1, 1, 1, 1)), np.zeros((1, 1, 1)), np.full((1, 1, 1), np.inf))

    def factor_of(self, service: int) -> FloatArray:
        """Factor of one service, broadcasts to (areas, years, sexes, ages)."""
        return np.asarray(self.factor[min(service, len(self.factor) - 1)])

    def follows_trend(self, service: int) -> bool:
        """Whether the factor of one service holds its trend."""
        return bool(self.trend[min(service, len(self.trend) - 1)])

    def combine(self, other: RatePath) -> RatePath:
        """Both changes: factors multiply, added patients add up, the lower ceiling holds."""
        return RatePath(
            self.factor * other.factor,
            self.added + other.added,
            np.minimum(self.ceiling, other.ceiling),
            self.trend | other.trend,
            self.ceiling_moves or other.ceiling_moves,
        )

    def at(self, places: npt.NDArray[np.int64] | list[int]) -> RatePath:
        """The path at some of its years only, given by their places."""
        return RatePath(
            self.factor[:, :, places] if self.factor.shape[2] > 1 else self.factor,
            self.added[:, :, places] if self.added.shape[2] > 1 else self.added,
            self.ceiling[:, :, places] if self.ceiling.shape[2] > 1 else self.ceiling,
            self.trend,
            self.ceiling_moves,
        )


PathBuilder = Callable[[Population, Rates], RatePath]
"""Makes the path for the areas, years, sexes and ages of a population and the services of its rates."""


def combine(paths: list[RatePath]) -> RatePath:
    """All changes together; constant rates if there are none."""
    return reduce(RatePath.combine, paths, RatePath.constant())

"""A set of rates as arrays: an age profile by sex, times a ratio by area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
Level = Literal["national", "prefecture", "area", "user"]

LEVELS: dict[str, Text] = {
    "national": Text("全国率", "national rates"),
    "prefecture": Text("全国の年齢構造×都道府県比", "national age profile × the prefecture's ratio"),
    "area": Text("全国の年齢構造×圏域比", "national age profile × the area's ratio"),
    "user": Text("利用者が与えた率", "the user's own rates"),
}


@dataclass(frozen=True)
class Rates:
    """Rates of one or more services for the areas of one population.

    Attributes
    ----------
    services : tuple of str
        Service ids.
    names, units : tuple of Text
    profile : array (services, groups, sexes, ages)
        Persons (or claims) a month for one inhabitant; `groups` is 1 unless the user's rates differ by prefecture.
    group : array (areas,) of int
        Row of `profile` that an area uses.
    ratio : array (services, areas)
        Observed over expected in the base year; 1 for national rates.
    estimated_share : array (services, areas)
        Share of the observed count behind `ratio` that stands for suppressed cells.
    sexes : tuple of str
    ages : AgeBands
    open_band : str
        Open age band of the rates, such as ``95+``; it is stated with every result.
    base_year : int
        Fiscal year of the rates.
    level : str
    source : Text
    notes : tuple of Text
    """

    services: tuple[str, ...]
    names: tuple[Text, ...]
    units: tuple[Text, ...]
    profile: FloatArray
    group: npt.NDArray[np.int64]
    ratio: FloatArray
    estimated_share: FloatArray
    sexes: tuple[str, ...]
    ages: AgeBands
    open_band: str
    base_year: int
    level: Level
    source: Text
    notes: tuple[Text, ...] = ()

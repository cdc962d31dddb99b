"""What is declared for the study of power."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Study = Literal["two_groups", "difference_in_differences", "slope"]


class PowerSettings(BaseModel):
    """Settings of `zaitaku_demand.research.power`.

    Attributes
    ----------
    seed, replications : int
        Of the simulated studies of each cell of the grid.
    resamples : int
        Bootstrap samples of places for the intervals of the variance components.
    confidence : float
        Level of the intervals and 1 - level of the test in a simulated study.
    target : float
        Power that is asked for.
    studies : tuple
        ``two_groups`` (groups compared in one period), ``difference_in_differences`` (change of the one group
        beside that of the other), ``slope`` (per standard deviation of an exposure).
    ratios : tuple of float
        True rate ratios, above 1, ascending.
    places : tuple of int
        Places designated (for ``slope``: all places of the study), ascending.
    others_per_place : float
        Places without designation for each designated one.
    years : int
        Years in each period.
    cases : float
        Cases of the study's places as a multiple of those in the real panel.
    ratio_needed : float
        Ratio for which the number of places is asked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = Field(default=20271, ge=0)
    replications: int = Field(default=1000, ge=100, le=100_000)
    resamples: int = Field(default=500, ge=50, le=10_000)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    target: float = Field(default=0.8, gt=0.1, lt=1)
    studies: tuple[Study, ...] = ("difference_in_differences",)
    ratios: tuple[float, ...] = Field(default=(1.05, 1.1, 1.2), min_length=1)
    places: tuple[int, ...] = Field(default=(5, 10, 20, 40), min_length=1)
    others_per_place: float = Field(default=3.0, gt=0)
    years: int = Field(default=3, ge=1, le=20)
    cases: float = Field(default=1.0, gt=0)
    ratio_needed: float = Field(default=1.1, gt=1)

    @model_validator(mode="after")
    def _in_order(self) -> PowerSettings:
        if list(self.ratios) != sorted(set(self.ratios)) or self.ratios[0] <= 1:
            raise ValueError("the ratios must be above 1 and ascending")
        if list(self.places) != sorted(set(self.places)) or self.places[0] < 3:
            raise ValueError("the numbers of places must be at least 3 and ascending")
        return self

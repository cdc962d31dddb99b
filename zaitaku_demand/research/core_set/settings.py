"""What is declared for the choice of a core set."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Level = Literal["prefecture", "area"]


class CriterionWeights(BaseModel):
    """Weight of each criterion; only their ratios count.

    Attributes
    ----------
    importance, reliability, validity, feasibility, timeliness, sensitivity, gaming : float
        The defaults give the user's own judgement the largest say, then what a comparison stands or falls with
        (does it measure the thing, for all places, beyond chance). A convention of this project, no law.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    importance: float = Field(default=30.0, ge=0)
    reliability: float = Field(default=15.0, ge=0)
    validity: float = Field(default=20.0, ge=0)
    feasibility: float = Field(default=15.0, ge=0)
    timeliness: float = Field(default=10.0, ge=0)
    sensitivity: float = Field(default=5.0, ge=0)
    gaming: float = Field(default=5.0, ge=0)

    @model_validator(mode="after")
    def _some(self) -> CriterionWeights:
        if sum(dict(self).values()) <= 0:
            raise ValueError("at least one criterion needs a weight above 0")
        return self


class CoreSetSettings(BaseModel):
    """Settings of `zaitaku_demand.research.core_set`.

    Attributes
    ----------
    weights : CriterionWeights
    levels : tuple of str
        Levels the set is meant for. A level without a figure counts as no coverage; redundancy is judged at the
        last one that both indicators have.
    plan_year : int
        Year in which the set is to be applied; timeliness is counted back from it.
    latest_years : int
        Latest years (of each series) whose reliability, coverage and caveats are taken.
    oldest_years : int
        Years before `plan_year` from which a latest figure has no timeliness left, and over which the years with a
        figure are counted.
    change_years : int
        Distance of the two years whose change is asked to be beyond chance; the nearest shorter one if not at hand.
    least_places : int
        Places with a figure below which no reliability and no correlation is taken.
    correlation_threshold : float
        Mean rank correlation (absolute) from which indicators count as one cluster.
    importance_beside : float
        Grade from which an indicator may stand beside another of that grade of its cluster.
    minimum_size, maximum_size : int
        Members of the set.
    least_value : float
        Beyond `minimum_size`, an indicator is taken only if its value is above this.
    close_margin : float
        How far below the lowest member a candidate is still named with a reason.
    perturbation : float
        Share by which weights and importances are varied.
    draws, seed : int
        Random variations of the weights and of every indicator's importance.
    usually_share : float
        Share of the draws from which a member stays "usually".
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    weights: CriterionWeights = CriterionWeights()
    levels: tuple[Level, ...] = Field(default=("prefecture", "area"), min_length=1)
    plan_year: int = Field(default=2027, ge=2000, le=2100)
    latest_years: int = Field(default=3, ge=1, le=20)
    oldest_years: int = Field(default=10, ge=2, le=50)
    change_years: int = Field(default=3, ge=1, le=20)
    least_places: int = Field(default=20, ge=3)
    correlation_threshold: float = Field(default=0.8, gt=0, le=1)
    importance_beside: float = Field(default=5.0, ge=1)
    minimum_size: int = Field(default=10, ge=1, le=100)
    maximum_size: int = Field(default=14, ge=1, le=100)
    least_value: float = Field(default=0.5, ge=0, le=1)
    close_margin: float = Field(default=0.05, ge=0, le=1)
    perturbation: float = Field(default=0.2, ge=0, lt=1)
    draws: int = Field(default=1000, ge=1, le=100_000)
    seed: int = Field(default=20272, ge=0)
    usually_share: float = Field(default=0.8, gt=0, lt=1)

    @model_validator(mode="after")
    def _in_order(self) -> CoreSetSettings:
        if self.minimum_size > self.maximum_size:
            raise ValueError("the smallest size must not be above the largest")
        if len(set(self.levels)) != len(self.levels):
            raise ValueError("a level stands twice")
        return self

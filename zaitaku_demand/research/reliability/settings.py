"""Declared settings of the reliability analysis and of the judgement of use: every threshold, seed and number of replications."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator


class ReliabilitySettings(BaseModel):
    """Settings of the reliability analysis.

    Attributes
    ----------
    confidence : float
        Confidence of all two-sided intervals.
    targets : tuple of float
        Reliabilities for which the needed cases and years are computed (0.7: groups of places; 0.9: single places).
    bootstrap : int
        Resamples of places behind the intervals of moment and split-sample estimators.
    splits : int
        Random halvings of the cases of every place (split-sample reliability).
    draws : int
        Simulated sets of places behind the shares of misclassified places.
    seed : int
        Seed of all random numbers.
    least_places : int
        Fewer places with a figure than this: no estimate.
    least_complete : int
        Fewer places with all years than this: no ICC over years.
    top_share : float
        Share of places that counts as the top group when misclassification is computed.
    low_places : float
        Quantile of the places' reliabilities that is reported as that of the small places.
    estimated_tolerance : float
        Largest relative deviation of a figure partly estimated from hidden cells; taken as uniform in the
        sensitivity analysis.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    confidence: float = Field(default=0.95, gt=0, lt=1)
    targets: tuple[float, ...] = (0.7, 0.9)
    bootstrap: int = Field(default=500, ge=50)
    splits: int = Field(default=50, ge=2)
    draws: int = Field(default=500, ge=50)
    seed: int = 20240501
    least_places: int = Field(default=10, ge=4)
    least_complete: int = Field(default=10, ge=4)
    top_share: float = Field(default=0.25, gt=0, lt=0.5)
    low_places: float = Field(default=0.1, gt=0, lt=0.5)
    estimated_tolerance: float = Field(default=0.1, ge=0, lt=1)

    @model_validator(mode="after")
    def _targets_are_reliabilities(self) -> ReliabilitySettings:
        if not self.targets or not all(0 < target < 1 for target in self.targets):
            raise ValueError("targets must be reliabilities between 0 and 1")
        return self


class JudgementSettings(BaseModel):
    """Thresholds of the judgement whether an outcome may be used to compare places.

    Of a pair the first decides for no, the second for care.

    Attributes
    ----------
    reliability : pair of float
        One-year reliability at the median size, lower limit for care (0.7 and 0.9: groups and single units, Nunnally &
        Bernstein 1994).
    years : pair of float
        Lasting share of the differences that are not chance, as read for an ICC over years (0.5 and 0.75: poor and
        moderate, Koo & Li 2016, J Chiropr Med 15:155).
    shown : pair of float
        Share of the places that have a figure.
    removable : pair of float
        Share of the variance between places that flows of at most `flow_term` of each place's cases across its borders
        could account for (from validity).
    flow_term : str
        Term of those rows of the validity table.
    extremes : pair of float
        Share of places at the floor or the ceiling (0.15: Terwee et al. 2007, J Clin Epidemiol 60:34).
    wrongly_in_top : float
        Share of the top group that does not belong there as far as lasting differences go, from which on care is asked.
    agreement : float
        Agreement (concordance) with another source, below which care is asked for.
    rank_change : float
        Mean change of rank by case-mix adjustment as a share of the places, from which on care is asked for.
    case_mix_term : str
        The adjustment that counts: the largest of several would ask for care the oftener, the more are tried.
    cautions : int
        Cautions on this many aspects together (chance, stability, coverage, place of counting, extremes, other sources,
        case mix) make it no: each alone can be kept in mind, but not so many at once. A convention of this
        project. That no direction is declared and that chance is negligible are no cautions.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    reliability: tuple[float, float] = (0.7, 0.9)
    years: tuple[float, float] = (0.5, 0.75)
    shown: tuple[float, float] = (0.5, 0.9)
    removable: tuple[float, float] = (0.5, 0.25)
    flow_term: str = "flow_10"
    extremes: tuple[float, float] = (0.5, 0.15)
    wrongly_in_top: float = Field(default=0.2, gt=0, lt=1)
    agreement: float = Field(default=0.75, gt=0, lt=1)
    rank_change: float = Field(default=0.1, gt=0, lt=1)
    case_mix_term: str = "all"
    cautions: int = Field(default=4, ge=2)

    @model_validator(mode="after")
    def _pairs_in_order(self) -> JudgementSettings:
        rising = (self.reliability, self.years, self.shown)
        falling = (self.removable, self.extremes)
        if any(no > care for no, care in rising) or any(no < care for no, care in falling):
            raise ValueError("the threshold for no must be stricter than that for care")
        return self

"""Settings of the validity analyses; the defaults are the declared plan."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ValiditySettings(BaseModel):
    """Thresholds, seeds and numbers of replications of the validity analyses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    confidence: float = Field(default=0.95, gt=0, lt=1)
    """Confidence of every interval."""

    seed: int = 20250401
    """Seed of every simulation."""

    pooled_years: int = Field(default=3, ge=1)
    """Latest years whose counts are put together where no years are declared."""

    least_places: int = Field(default=10, ge=4)
    """Fewest places with both figures from which a correlation or an agreement is computed."""

    limits_coverage: float = Field(default=0.95, gt=0, lt=1)
    """Share of the differences that the limits of agreement enclose (Bland & Altman 1986)."""

    weak_below: float = Field(default=0.3, gt=0, lt=1)
    """Correlation below which two things count as unrelated (COSMIN, Prinsen et al. 2018)."""

    agreement_from: float = Field(default=0.75, gt=0, lt=1)
    """Concordance from which, by its lower limit, two sources are said to agree (good: Koo & Li 2016)."""

    cluster_draws: int = Field(default=1000, ge=100)
    """Resamples of whole prefectures (areas) or places (over time) for correlations of dependent rows."""

    least_reliability: float = Field(default=0.2, gt=0, le=1)
    """Reliability below which a correlation is not corrected for attenuation."""

    case_mix: dict[str, tuple[str, ...]] = {
        "age": ("share_75", "share_85"),
        "density": ("log_density",),
        "living_alone": ("older_single_share",),
        "all": ("share_75", "share_85", "log_density", "older_single_share"),
    }
    """Covariates of each adjustment that is set against the crude figure."""

    case_mix_draws: int = Field(default=500, ge=100)
    """Resamples from which the adjusting coefficients are estimated again."""

    rank_groups: tuple[int, ...] = (5, 10)
    """Numbers of equal groups (fifths, tenths) whose membership is followed."""

    top: int = Field(default=10, ge=1)
    """Number of leading places whose overlap is counted."""

    bound_share: float = Field(default=0.15, gt=0, lt=1)
    """Share of places at a bound from which there is a ceiling or floor (Terwee et al. 2007)."""

    flow_shares: tuple[float, ...] = (0.05, 0.10, 0.20)
    """Largest share of the cases counted at a place that may belong to residents of adjacent places."""

    flow_draws: int = Field(default=12, ge=10)
    """Draws of the places' true figures for the interval of the smallest flow."""

    flow_segments: int = Field(default=20, ge=4)
    """Straight pieces that stand for each half of the squared deviation in the linear programme."""

    hidden_share: float = Field(default=0.05, ge=0, lt=1)
    """Share of places without a figure from which the results on flows are said to be no upper limits."""

    moran_permutations: int = Field(default=999, ge=99)
    """Random orders for Moran's I."""

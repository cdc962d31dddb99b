"""Settings of the checks of robustness: what is declared as reasonable before any result is seen."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SCALES: tuple[str, ...] = ("sd", "log_sd")
"""Exposure per standard deviation between places, of the figure and of its logarithm."""


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(_Settings):
    """One association that is asked about, with the reasonable ways to measure either side."""

    outcomes: tuple[str, ...]
    """Measures of the outcome, the main one first."""
    exposures: tuple[str, ...]
    """Measures of the exposure, the main one first."""


class RobustSettings(_Settings):
    """Declared plan of the checks of robustness."""

    questions: tuple[Question, ...] = (
        Question(outcomes=("O-E-1",), exposures=("S-C-2-H",)),
        Question(outcomes=("O-E-1",), exposures=("S-C-3",)),
        Question(outcomes=("O-E-1",), exposures=("S-C-5-H",)),
        Question(outcomes=("O-E-1",), exposures=("P-C-1", "P-C-1-V")),
        Question(outcomes=("O-E-1",), exposures=("P-C-3",)),
        Question(outcomes=("P-E-1-D",), exposures=("P-C-1", "P-C-1-H")),
        Question(outcomes=("P-E-1-D",), exposures=("P-A-1",)),
        Question(outcomes=("P-E-1-D",), exposures=("P-D-3",)),
        Question(outcomes=("O-A-2", "O-A-2-N"), exposures=("P-C-3",)),
        Question(outcomes=("O-A-2", "O-A-2-N"), exposures=("S-C-5",)),
        Question(outcomes=("O-A-1-D",), exposures=("P-C-1", "P-C-1-H")),
    )
    """Associations that are checked; those whose variables are not at hand together are said to be so.

    Terminal care at home (P-E-1) is no exposure of deaths at home (O-E-1): it is claimed for the same deaths, so the two go
    together by construction. How well they agree is a question of validity."""
    confounder_sets: tuple[tuple[str, ...], ...] = (
        (),
        ("share_75", "log_density"),
        (
            "share_75",
            "log_density",
            "older_single_share",
            "care_home_places",
            "general_beds",
            "physicians",
            "clinics",
        ),
    )
    """Sets of confounders; names that a level does not have are left out, and equal sets are used once."""
    main_confounders: dict[str, tuple[str, ...]] = {
        "prefecture": (
            "log_density",
            "share_75",
            "older_single_share",
            "care_home_places",
            "general_beds",
            "physicians",
        ),
        "area": ("log_density", "share_75", "clinics"),
    }
    """Level → confounders of the main estimate, that of leave-one-out, Moran's I, spatial correction and E-value."""
    main_model: Literal["mixed", "poisson", "negative_binomial"] = "negative_binomial"
    """Model of the main estimate, as declared for the associations (see ``AssociationSettings.primary_model``)."""
    scales: tuple[Literal["sd", "log_sd"], ...] = ("sd", "log_sd")
    """Scales of the exposure; both give the ratio per one standard deviation between places."""
    models: tuple[Literal["poisson", "negative_binomial", "between"], ...] = ("poisson", "negative_binomial")
    """Models that compare places; they make up the curve that is judged."""
    within_models: tuple[Literal["fixed_effects", "mixed_within"], ...] = ("fixed_effects",)
    """Models of changes within places: another question, shown beside the curve (all years only). A mixed model
    with one coefficient for both belongs to neither side."""
    half_periods: bool = True
    """Whether each half of the years is a specification beside all years."""
    without_metropolitan: bool = True
    """Whether leaving out places of the metropolitan type is a specification."""
    observed_only: bool = True
    """Whether leaving out estimated values is a specification."""
    metropolitan_type: str = "大都市型"
    """Name of the metropolitan type in the table of places."""
    confidence: float = Field(default=0.95, gt=0, lt=1)
    """Confidence of the intervals; significance is at one minus it."""
    permutations: int = Field(default=199, ge=19)
    """Shuffles of the exposure between prefectures, behind the test of the whole curve."""
    moran_permutations: int = Field(default=999, ge=19)
    """Permutations of the residuals behind Moran's I."""
    seed: int = 20240401
    """Seed of all random numbers."""
    filter_alpha: float = Field(default=0.1, gt=0, lt=1)
    """p of Moran's I from which on no further eigenvector is added."""
    filter_share: float = Field(default=0.1, gt=0, lt=0.5)
    """Largest number of eigenvectors, as a share of the places."""
    least_places: int = Field(default=20, ge=5)
    """Places below which nothing is estimated."""
    robust_same_sign: float = Field(default=0.95, ge=0.5, le=1)
    """Share of specifications with the sign of the median from which an association may be called robust."""
    robust_significant: float = Field(default=0.75, ge=0, le=1)
    """Share of specifications significant in that direction from which it may be called robust."""
    null_significant: float = Field(default=0.25, ge=0, le=1)
    """Share of significant specifications up to which a curve that shuffling explains is called null."""

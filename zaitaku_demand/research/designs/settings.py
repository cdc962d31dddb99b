"""Settings of the before/after designs, declared before results are looked at."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Control = Literal["never", "not_yet"]
Scale = Literal["value", "log"]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InterruptionMonth(_Settings):
    """A month in which something changed everywhere at once.

    Attributes
    ----------
    name : str
        Code, explained in ``words.INTERRUPTIONS``.
    year, month : int
        First calendar month of the new state.
    """

    name: str
    year: int
    month: int = Field(ge=1, le=12)


class ReformYear(_Settings):
    """A fiscal year whose fee reform is looked at in the yearly series of the prefectures.

    Attributes
    ----------
    name : str
        Code, explained in ``words.INTERRUPTIONS``.
    year : int
        First fiscal year of the new fees.
    """

    name: str
    year: int


class DesignSettings(_Settings):
    """Difference in differences around the first year in which a place has something.

    Attributes
    ----------
    treatments : tuple of str
        Indicators whose count going from 0 to at least 1 is the event.
    outcomes : tuple of str
        Indicators compared before and after.
    scales : tuple of str
        ``value`` (difference in the unit of the indicator) and ``log`` (difference of logarithms). Parallel paths on one
        scale are not parallel on the other, so both are shown.
    controls : tuple of str
        ``not_yet``: places without the event so far; ``never``: places without it in all years.
    main_control : str
        The one with placebo dates, randomisation and event study.
    cluster : str
        ``prefecture`` or ``place``: what is taken as independent.
    minimum_switchers : int
        Places with the event needed for an estimate.
    minimum_controls : int
        Places without it needed.
    few_switchers : int
        Below this the interval by formula is marked as unreliable and the randomisation one is to be read.
    confidence : float
    replications : int
        Random reassignments of the event.
    bootstrap : int
        Draws for the band over all event times.
    seed : int
    powers : tuple of float
        Powers for which the smallest detectable drift before the event is given.
    placebo_shift : int
        Years by which the event is put earlier in the placebo.
    size_weights : bool
        Whether to add the estimate in which a place counts by its size.
    """

    treatments: tuple[str, ...] = ("S-C-3", "S-C-2-H", "S-C-5-H")
    outcomes: tuple[str, ...] = ("O-E-1",)
    scales: tuple[Scale, ...] = ("value", "log")
    controls: tuple[Control, ...] = ("not_yet", "never")
    main_control: Control = "not_yet"
    cluster: Literal["prefecture", "place"] = "prefecture"
    minimum_switchers: int = Field(default=5, ge=2)
    minimum_controls: int = Field(default=5, ge=2)
    few_switchers: int = Field(default=40, ge=2)
    confidence: float = Field(default=0.95, gt=0, lt=1)
    replications: int = Field(default=1999, ge=99)
    bootstrap: int = Field(default=1999, ge=99)
    seed: int = 20240401
    powers: tuple[float, ...] = (0.5, 0.8)
    placebo_shift: int = Field(default=1, ge=1)
    size_weights: bool = True


class InterruptedSettings(_Settings):
    """Interrupted time series of monthly national counts and of yearly counts of the prefectures.

    Attributes
    ----------
    services : tuple of str
        Services of the table ndb_month.
    interruptions : tuple of InterruptionMonth
        All stand in one model.
    slope_changes : bool
        Whether each may change the slope as well as the level.
    phase_in : int
        Months from each interruption on that are left out.
    harmonics : int
        Pairs of sine and cosine for the season.
    lags : int
        Months of autocorrelation allowed for (Newey & West).
    ljung_box_lags : int
    shortest_before : int
        Months needed before the first interruption to tell season from trend.
    placebo_margin : int
        Months kept on either side of a placebo date.
    confidence : float
    reforms : tuple of ReformYear
    outcomes : tuple of str
        Indicators whose yearly series is looked at.
    last_year : int
        Last fiscal year of the yearly series, before the epidemic.
    minimum_degrees : int
        Degrees of freedom needed for an estimate.
    """

    services: tuple[str, ...] = ("house_calls", "home_visits", "terminal_care", "death_attendance")
    interruptions: tuple[InterruptionMonth, ...] = (
        InterruptionMonth(name="emergency_2020", year=2020, month=4),
        InterruptionMonth(name="reform_2022", year=2022, month=4),
    )
    slope_changes: bool = True
    phase_in: int = Field(default=1, ge=0)
    harmonics: int = Field(default=2, ge=0, le=6)
    lags: int = Field(default=3, ge=0)
    ljung_box_lags: int = Field(default=6, ge=1)
    shortest_before: int = Field(default=24, ge=2)
    placebo_margin: int = Field(default=6, ge=3)
    confidence: float = Field(default=0.95, gt=0, lt=1)
    reforms: tuple[ReformYear, ...] = (
        ReformYear(name="reform_2016", year=2016),
        ReformYear(name="reform_2018", year=2018),
    )
    outcomes: tuple[str, ...] = ("O-E-3", "P-E-1-D", "O-A-1-D", "O-A-2", "P-A-2")
    last_year: int = 2019
    minimum_degrees: int = Field(default=2, ge=1)


class DesignsSettings(_Settings):
    """Settings of all before/after designs.

    Attributes
    ----------
    differences : DesignSettings
    interrupted : InterruptedSettings
    """

    differences: DesignSettings = DesignSettings()
    interrupted: InterruptedSettings = InterruptedSettings()

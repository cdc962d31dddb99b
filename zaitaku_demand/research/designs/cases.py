"""Which outcome is compared around which event: the arrays that the estimators need, made from a panel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.research.designs.group_time import BoolArray, usable
from zaitaku_demand.research.designs.settings import DesignSettings, Scale
from zaitaku_demand.research.designs.treatment import Treatment, first_presence
from zaitaku_demand.research.panel import Panel


class Case(NamedTuple):
    """One outcome around one event on one scale.

    Attributes
    ----------
    outcome, treatment : str
    scale : str
    years : list of int
    value : array (places, years)
        Outcome on the scale.
    size : array (places,)
        Mean exposure over the years.
    first : array (places,)
    used : array (places,) of bool
    clusters : array (places,)
    stratum : array (places,)
        Type of area.
    estimated : float
        Share of the figures used that are estimated.
    status : dict
        Places by status of the event.
    """

    outcome: str
    treatment: str
    scale: Scale
    years: list[int]
    value: FloatArray
    size: FloatArray
    first: FloatArray
    used: BoolArray
    clusters: npt.NDArray[np.int64]
    stratum: npt.NDArray[np.str_]
    estimated: float
    status: dict[str, int]

    @property
    def switchers(self) -> int:
        """Places used whose event falls into the years after the first."""
        return int((self.used & np.isfinite(self.first) & (self.first <= self.years[-1])).sum())

    @property
    def controls(self) -> int:
        """Places used without the event in all years."""
        return int((self.used & (self.first > self.years[-1])).sum())

    @property
    def statistic(self) -> str:
        """``difference_in_changes``, or ``ratio_of_changes`` on the scale ``log``."""
        return "ratio_of_changes" if self.scale == "log" else "difference_in_changes"

    def shown(self, figure: float) -> float:
        """An estimate as it is read: in the unit of the outcome, or as a ratio."""
        return float(np.exp(figure)) if self.scale == "log" else float(figure)

    def independent(self, settings: DesignSettings) -> npt.NDArray[np.int64] | None:
        """What is taken as independent: number of the prefecture of each place, or None for each place."""
        return self.clusters if settings.cluster == "prefecture" else None


def cases(panel: Panel, settings: DesignSettings, supplied: Sequence[Treatment] = ()) -> Iterator[Case]:
    """Every outcome of the panel around every event, on every scale; outcomes that the panel lacks are passed over."""
    events = [
        first_presence(name, panel[name].numerator, panel[name].years)
        for name in settings.treatments
        if name in panel.series and panel[name].years
    ]
    for treatment in (*events, *supplied):
        for outcome in settings.outcomes:
            if outcome not in panel.series or not panel[outcome].years:
                continue
            for scale in settings.scales:
                yield _case(panel, treatment, outcome, scale)


def _case(panel: Panel, treatment: Treatment, outcome: str, scale: Scale) -> Case:
    series = panel[outcome]
    if treatment.years:
        series = series.in_years(treatment.years)
    value = series.value
    if scale == "log":
        value = np.log(np.where(value > 0, value, np.nan))
    years = list(series.years)
    # An event after the last year is none in these data.
    first = np.where(treatment.first > years[-1], np.inf, treatment.first) if years else treatment.first
    used = usable(value, first, years) if years else np.full(len(panel.places), False)
    estimated = series.state[used] == STATE_NAMES.index("estimated")
    return Case(
        outcome,
        treatment.name,
        scale,
        years,
        value,
        np.nan_to_num(series.exposure.mean(axis=1)) if years else np.zeros(len(panel.places)),
        first,
        used,
        panel.clusters,
        panel.places["type"].fillna("").to_numpy().astype(np.str_),
        float(estimated.mean()) if used.any() else 0.0,
        treatment.counts(),
    )


def why_not(case: Case, settings: DesignSettings) -> str:
    """Code of the reason why nothing can be estimated; blank if it can."""
    if len(case.years) < 2:
        return "no_common_years"
    if case.switchers < settings.minimum_switchers:
        return "too_few_switchers"
    if case.controls < settings.minimum_controls:
        return "too_few_controls"
    return ""

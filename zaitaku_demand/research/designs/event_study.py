"""Event study: difference in changes by years since the event, each against the last year before it.

Before the event the differences should be near 0; that they are not significant is no proof (see ``pre_trend``).
With controls that never have the event the estimates are those of Sun & Abraham (2021), without covariates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.research.designs.aggregate import (
    band_quantile,
    by_event_time,
    covariance,
    degrees_of_freedom,
)
from zaitaku_demand.research.designs.group_time import BoolArray, group_time
from zaitaku_demand.research.designs.settings import Control


class EventStudy(NamedTuple):
    """Differences in changes by years since the event.

    Attributes
    ----------
    time : array (k,)
        Years since the event, without the year compared with (-1 where years are consecutive).
    estimate : array (..., k)
    covariance : array (..., k, k)
    places : array (k,)
        Places with the event behind each estimate.
    band : float
        Multiple of the standard error for a band over all times; NaN where it cannot be had.
    degrees : int
        Degrees of freedom of an interval (see ``degrees_of_freedom``).
    """

    time: FloatArray
    estimate: FloatArray
    covariance: FloatArray
    places: npt.NDArray[np.int64]
    band: float
    degrees: int

    @property
    def standard_error(self) -> FloatArray:
        """Standard errors, array (..., k)."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance, axis1=-2, axis2=-1)))

    @property
    def before(self) -> BoolArray:
        """Which times lie before the event, array (k,)."""
        return np.asarray(self.time < 0)


def event_study(
    outcome: npt.ArrayLike,
    first: npt.ArrayLike,
    years: Sequence[int],
    *,
    weights: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
    control: Control = "not_yet",
    confidence: float = 0.95,
    draws: int = 1999,
    seed: int = 0,
) -> EventStudy:
    """Differences in changes against the last year before the event.

    Parameters
    ----------
    outcome : array (..., places, years)
    first : array (places,)
        First year with the event; inf: never; NaN: left out.
    weights, clusters : arrays (places,), optional
    control : {"not_yet", "never"}
    confidence, draws, seed
        Of the band, which is had for a single panel only (no leading axes).

    References
    ----------
    Callaway & Sant'Anna 2021, J Econometrics 225:200; Sun & Abraham 2021, J Econometrics 225:175.
    """
    result = group_time(outcome, first, years, weights=weights, control=control, base="universal")
    part = by_event_time(result)
    # A group of one place has no variance; its event times are shown without interval.
    places = np.array(
        [
            int(np.isin(result.first, result.group[result.year - result.group == time]).sum())
            for time in part.label
        ],
        dtype=np.int64,
    )
    band = float("nan")
    if np.ndim(part.estimate) == 1:
        known = np.isfinite(part.influence).all(axis=0)
        band = band_quantile(part.influence[:, known], result.places, clusters, confidence, draws, seed)
    return EventStudy(
        part.label,
        part.estimate,
        covariance(part.influence, result.places, clusters),
        places,
        band,
        degrees_of_freedom(result.first, result.weight, clusters),
    )

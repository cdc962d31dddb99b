"""A design as one row a place: what its years add up to, for whatever looks at places on the map."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zaitaku_demand.research.association.clustered import cluster_sums
from zaitaku_demand.research.association.design import Design, IntArray
from zaitaku_demand.research.association.glm import best_alpha, negative_binomial_fit, poisson_fit
from zaitaku_demand.research.panel import FloatArray


class PlaceRows(NamedTuple):
    """Places of a design, in the order of their position in the panel.

    Attributes
    ----------
    place, prefecture : array (places,)
    events : array (places,)
        Independent cases of all years.
    expected : array (places,)
        Cases of all years at the pooled rate of each year.
    fitted : array (places,)
        Cases of all years by the model with exposure and confounders.
    x : array (places,)
        Mean exposure.
    z : array (places, confounders)
        Mean confounders.
    """

    place: IntArray
    prefecture: IntArray
    events: FloatArray
    expected: FloatArray
    fitted: FloatArray
    x: FloatArray
    z: FloatArray

    @property
    def log_ratio(self) -> FloatArray:
        """Logarithm of events over expected, array (places,); NaN for a place without any event."""
        known = self.events > 0
        return np.log(np.where(known, self.events, np.nan) / self.expected)

    @property
    def residual(self) -> FloatArray:
        """Residual of the place's events, see :func:`standardised_residual`; array (places,)."""
        return standardised_residual(self.events, self.fitted)


def place_rows(design: Design) -> PlaceRows:
    """Sums of events and means of exposure and confounders by place."""
    years = poisson_fit(design.year_columns(), design.events, design.size).mean
    fitted = fitted_mean(design)
    columns = [np.ones(design.n_rows), design.events, years, fitted, design.x, design.z]
    sums = cluster_sums(np.column_stack(columns), design.place)
    place, first = np.unique(design.place, return_index=True)
    means = sums[:, 4:] / sums[:, :1]
    return PlaceRows(
        place, design.prefecture[first], sums[:, 1], sums[:, 2], sums[:, 3], means[:, 0], means[:, 1:]
    )


def fitted_mean(design: Design) -> FloatArray:
    """Expected events of each row by the negative binomial model (the declared main one); array (rows,)."""
    return negative_binomial_fit(design.matrix(), design.events, design.size).mean


def standardised_residual(events: FloatArray, fitted: FloatArray) -> FloatArray:
    """``(O - M) / sqrt(M + alpha M^2)`` with alpha the overdispersion of these very counts.

    Counts of places differ from a model far beyond chance. Residuals divided by the Poisson deviation
    alone would be large wherever the place is large, and large places would decide on any test.

    Parameters
    ----------
    events, fitted : array (places,)
    """
    alpha = best_alpha(events, fitted)
    return np.asarray((events - fitted) / np.sqrt(fitted * (1 + alpha * fitted)), np.float64)

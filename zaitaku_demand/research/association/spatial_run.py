"""Moran's I of a design's residuals, and its association after allowing for the pattern on the map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from zaitaku_demand.research.association.design import Design
from zaitaku_demand.research.association.estimate import Estimate
from zaitaku_demand.research.association.moran import (
    MoranPermutation,
    Style,
    moran_permuted,
    moran_randomised,
    weights,
)
from zaitaku_demand.research.association.place_rows import (
    PlaceRows,
    fitted_mean,
    place_rows,
    standardised_residual,
)
from zaitaku_demand.research.association.spatial import (
    SpatialFit,
    best_of_patterns,
    moran_eigenvectors,
    spatial_error,
    spatial_lag,
)
from zaitaku_demand.research.panel import FloatArray


class Filtered(NamedTuple):
    """An association with Moran eigenvectors as further columns.

    Attributes
    ----------
    estimate : Estimate
    vectors : int
        Eigenvectors added.
    after : MoranPermutation
        Of the residuals with them.
    design : Design
    """

    estimate: Estimate
    vectors: int
    after: MoranPermutation
    design: Design


def residual_moran(
    design: Design, borders: FloatArray, style: Style, permutations: int, seed: int, year: int | None = None
) -> MoranPermutation:
    """Moran's I of the residuals of the negative binomial model with exposure and confounders.

    Parameters
    ----------
    design : Design
    borders : array (places of the panel, places of the panel)
        Adjacency.
    style : {"row", "binary"}
    permutations, seed : int
    year : int, optional
        Residuals of this year; of all years together by default.
    """
    if year is None:
        rows = place_rows(design)
        place, residual = rows.place, rows.residual
    else:
        fitted = fitted_mean(design)
        chosen = design.year == year
        place, residual = design.place[chosen], standardised_residual(design.events[chosen], fitted[chosen])
    return moran_permuted(residual, weights(borders[np.ix_(place, place)], style), permutations, seed)


def filtered(
    design: Design,
    model: Callable[[Design], Estimate],
    borders: FloatArray,
    alpha: float,
    share: float,
    permutations: int,
    seed: int,
) -> Filtered:
    """Adds Moran eigenvectors to the model until its residuals show no pattern, and estimates again.

    Eigenvectors of the map with the constant alone and positive eigenvalues, the one that leaves the least Moran's
    I first; the model is refitted after each.

    Parameters
    ----------
    alpha : float
        Two-sided p of Moran's I (randomisation) above which no more is added.
    share : float
        Largest number of eigenvectors as a share of the places.

    References
    ----------
    Griffith 2003, Spatial Autocorrelation and Spatial Filtering, ch. 5 (counts); Tiefelsdorf & Griffith 2007.
    """
    rows = place_rows(design)
    weight = weights(borders[np.ix_(rows.place, rows.place)])
    values, vectors = moran_eigenvectors(weight, np.ones((len(rows.place), 1)))
    left = [int(each) for each in np.flatnonzero(values > 0.25 * values[0])]
    added, now = design, rows
    chosen: list[int] = []
    while left and len(chosen) < share * len(rows.place):
        moran = moran_randomised(now.residual, weight)
        if not (moran.p_value <= alpha and moran.z > 0):
            break
        chosen.append(left.pop(best_of_patterns(now.residual, weight, vectors[:, left])))
        added = _with_columns(design, rows, vectors[:, chosen])
        now = place_rows(added)
    after = moran_permuted(now.residual, weight, permutations, seed)
    return Filtered(model(added), len(chosen), after, added)


def log_rate_models(
    design: Design, borders: FloatArray
) -> tuple[FloatArray, FloatArray, SpatialFit, SpatialFit]:
    """Least squares, spatial error and spatial lag on the logarithm of the places' rates.

    Places without any event have no logarithm and are left out.

    Returns
    -------
    regressors : array (places, columns)
        x first, the constant second.
    figure : array (places,)
    error, lag : SpatialFit
    """
    rows = place_rows(design)
    figure = rows.log_ratio
    known = np.isfinite(figure)
    place = rows.place[known]
    x = np.column_stack([rows.x, np.ones(len(rows.x)), rows.z])[known]
    weight = weights(borders[np.ix_(place, place)])
    return x, figure[known], spatial_error(figure[known], x, weight), spatial_lag(figure[known], x, weight)


def _with_columns(design: Design, rows: PlaceRows, vectors: FloatArray) -> Design:
    at = np.searchsorted(rows.place, design.place)
    names = tuple(f"eigenvector_{number + 1}" for number in range(vectors.shape[1]))
    columns = np.column_stack([design.z, vectors[at] * np.sqrt(len(rows.place))])
    return replace(design, z=columns, confounders=(*design.confounders, *names))

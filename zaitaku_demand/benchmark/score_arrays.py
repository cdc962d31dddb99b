"""The arithmetic of function coefficients on arrays: clipping, parts, simulated intervals, ranks.

Places are rows and key indicators columns; simulated draws come before both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.parameters import ScoreParameters

FloatArray = npt.NDArray[np.float64]

NO_SPREAD = 0.5
"""Score where all places are equal: nothing separates them."""


@dataclass(frozen=True)
class ScoreInput:
    """Key indicators of one function as arrays.

    Attributes
    ----------
    indicators : array (indicators,)
        Ids, sorted.
    years : array (indicators,)
        Year of each (the latest with figures).
    structure : array (indicators,) of bool
        True: structure part; False: quantity part.
    less : array (indicators,) of bool
        True where less is better.
    weights : array (indicators,)
    within_peers : array (indicators,) of bool
        True where the percentiles are taken over place and peers.
    codes : array (places,)
        Sorted.
    ratio, lower, upper : arrays (places, indicators)
        Ratio to Japan and its interval; NaN without figures.
    groups : array (places, places) of bool
        Row i: place i and its peers.
    """

    indicators: npt.NDArray[np.str_]
    years: npt.NDArray[np.int64]
    structure: npt.NDArray[np.bool_]
    less: npt.NDArray[np.bool_]
    weights: FloatArray
    within_peers: npt.NDArray[np.bool_]
    codes: npt.NDArray[np.str_]
    ratio: FloatArray
    lower: FloatArray
    upper: FloatArray
    groups: npt.NDArray[np.bool_]


def clipped_score(x: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """DPC's linear score after clipping, ``(clip(x, lo, hi) - lo) / (hi - lo)``; NO_SPREAD where lo = hi."""
    spread = high - low
    scaled = np.clip(x, low, high) - low
    score = np.divide(scaled, spread, out=np.full(np.broadcast(x, spread).shape, NO_SPREAD), where=spread > 0)
    return np.asarray(np.where(np.isnan(x) | np.isnan(spread), np.nan, score))


def clip_limits(x: FloatArray, data: ScoreInput, lower: float, upper: float) -> tuple[FloatArray, FloatArray]:
    """Percentiles (as shares) of the finite values of `x` (places, indicators), over all or within peers.

    Returns
    -------
    low, high : arrays (places, indicators)
    """
    finite = np.where(np.isfinite(x), x, np.nan)
    low, high = (np.broadcast_to(quantiles(finite, share), x.shape).copy() for share in (lower, upper))
    for column in np.flatnonzero(data.within_peers):
        for place in range(x.shape[0]):
            group = finite[data.groups[place], column]
            known = group[~np.isnan(group)]
            if known.size:
                low[place, column], high[place, column] = np.quantile(known, [lower, upper])
    return low, high


def on_scale(ratio: FloatArray, scale: str) -> FloatArray:
    """Ratio on the scale of scoring; ``log`` of 0 is -inf and scores like the lower limit."""
    if scale == "raw":
        return ratio
    return np.asarray(np.log(ratio, out=np.full(ratio.shape, -np.inf), where=~(ratio <= 0)))


def part_score(scores: FloatArray, weights: FloatArray, least_weight: float) -> FloatArray:
    """Weighted mean over the last axis; NaN where the indicators with data carry less than `least_weight` of it."""
    weight = (~np.isnan(scores)).astype(np.float64) @ weights
    total = np.nan_to_num(scores) @ weights
    enough = (weight > 0) & (weight >= least_weight * weights.sum() * (1 - 1e-12))
    return np.asarray(np.divide(total, weight, out=np.full(weight.shape, np.nan), where=enough))


def combined_score(structure: FloatArray, quantity: FloatArray, weights: tuple[float, float]) -> FloatArray:
    """Structure and quantity part weighted (7 : 5); a part that no place has data for drops out for all.

    A place lacking a part that others have gets NaN: it cannot be compared.
    """
    parts = [
        part for part in ((structure, weights[0]), (quantity, weights[1])) if not np.isnan(part[0]).all()
    ]
    total = sum(weight for _, weight in parts)
    if not parts or total == 0:
        return np.full(structure.shape, np.nan)
    return np.asarray(sum(part * weight for part, weight in parts) / total)


def rank_interval(
    scores: FloatArray, draws: FloatArray, confidence: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rank (1 = highest) and its interval from simulated scores; ties count with all ranks they share.

    Parameters
    ----------
    scores : array (places,)
    draws : array (draws, places)
        NaN exactly where `scores` is NaN.
    confidence : float

    Returns
    -------
    rank, lower, upper : arrays (places,)
        The interval always holds the rank itself.
    """
    from scipy.stats import rankdata

    known = ~np.isnan(scores)
    rank, lower, upper = (np.full(scores.shape, np.nan) for _ in range(3))
    if not known.any():
        return rank, lower, upper
    mine, drawn = np.round(-scores[known], 12), np.round(-draws[:, known], 12)
    tail = (1 - confidence) / 2
    rank[known] = rankdata(mine, method="min")
    least = np.quantile(rankdata(drawn, method="min", axis=1), tail, axis=0, method="lower")
    most = np.quantile(rankdata(drawn, method="max", axis=1), 1 - tail, axis=0, method="higher")
    lower[known] = np.minimum(least, rank[known])
    upper[known] = np.maximum(most, rankdata(mine, method="max"))
    return rank, lower, upper


def drawn_ratios(data: ScoreInput, draws: int, confidence: float, random: np.random.Generator) -> FloatArray:
    """Ratios drawn inside their intervals, array (draws, places, indicators).

    On the square-root scale, where counts have a steady variance, each side has the standard deviation that makes
    its interval limit the quantile; a ratio without interval stays as it is.
    """
    from scipy.special import ndtri

    z = float(ndtri(0.5 + confidence / 2))
    middle = np.sqrt(data.ratio)
    below = np.nan_to_num((middle - np.sqrt(np.maximum(data.lower, 0))) / z)
    above = np.nan_to_num((np.sqrt(data.upper) - middle) / z)
    normal = random.standard_normal((draws, *data.ratio.shape))
    drawn = middle + normal * np.where(normal < 0, np.maximum(below, 0), np.maximum(above, 0))
    return np.asarray(np.maximum(drawn, 0.0) ** 2)


def scored_parts(
    x: FloatArray, low: FloatArray, high: FloatArray, data: ScoreInput, parameters: ScoreParameters
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Structure part, quantity part and score of scaled ratios `x` (..., places, indicators)."""
    scores = clipped_score(x, low, high)
    scores = np.where(data.less, 1.0 - scores, scores)
    structure, quantity = (
        part_score(scores[..., mask], data.weights[mask], parameters.least_weight)
        for mask in (data.structure, ~data.structure)
    )
    weights = (parameters.structure_weight, parameters.quantity_weight)
    return structure, quantity, combined_score(structure, quantity, weights)


def quantiles(x: FloatArray, share: float) -> FloatArray:
    """Quantile of the columns of `x`, NaN left out; NaN for a column without numbers."""
    known = ~np.isnan(x).all(axis=0)
    result = np.full(x.shape[1], np.nan)
    if known.any():
        result[known] = np.nanquantile(x[:, known], share, axis=0)
    return result

"""Specification curve: all reasonable ways to estimate one association, and how far shuffling explains the curve.

One estimate leans on choices that could as well have been others. Here all declared choices are combined. Whether
the curve as a whole is beyond chance is tested by shuffling the exposure between prefectures: areas of a prefecture
keep their order and travel together, so that the likeness of neighbouring areas is mostly kept.

References
----------
Simonsohn, Simmons & Nelson 2020, Nat Hum Behav 4:1208.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.text import Text

IntArray = npt.NDArray[np.int64]
Verdict = Literal["robust", "fragile", "null"]

VERDICTS: dict[Verdict, Text] = {
    "robust": Text("頑健", "robust"),
    "fragile": Text("頑健でない（条件によって変わる）", "fragile"),
    "null": Text("関連はみられない", "no association seen"),
}


class Thresholds(NamedTuple):
    """When a curve is called robust, fragile or null; see :func:`verdict`."""

    alpha: float
    robust_same_sign: float
    robust_significant: float
    null_significant: float


class CurveTest(NamedTuple):
    """A specification curve against curves of shuffled exposures.

    Attributes
    ----------
    median, p_median : float
        Median log rate ratio by the score estimates, and the share of shuffles whose median t is as far from 0.
    significant, p_significant : float
        Share of specifications significant in the dominant direction; share of shuffles with as many.
    stouffer, p_stouffer : float
        Sum of the z values over the root of their number; share of shuffles with one as far from 0.
    specifications, permutations : int
    """

    median: float
    p_median: float
    significant: float
    p_significant: float
    stouffer: float
    p_stouffer: float
    specifications: int
    permutations: int


class Description(NamedTuple):
    """What the estimates of a curve have in common.

    Attributes
    ----------
    median, lowest, highest : float
        Of the log rate ratios.
    same_sign : float
        Share with the sign of the median.
    significant : float
        Share significant in the direction of the median.
    opposite : float
        Share significant in the other direction.
    specifications : int
    """

    median: float
    lowest: float
    highest: float
    same_sign: float
    significant: float
    opposite: float
    specifications: int


class Scores(NamedTuple):
    """One-step estimates of one specification for several exposures (observed and shuffled).

    Attributes
    ----------
    estimates, t : array (draws,)
    degrees : int
        Clusters less one.
    """

    estimates: FloatArray
    t: FloatArray
    degrees: int


def describe(estimates: npt.ArrayLike, p_values: npt.ArrayLike, alpha: float = 0.05) -> Description:
    """Median, range, agreement of signs and significance of a curve; NaN estimates are left out.

    Parameters
    ----------
    estimates : array (specifications,)
        Log rate ratios per the same step of the exposure.
    p_values : array (specifications,)
        Two-sided.
    alpha : float
    """
    b, p = np.asarray(estimates, np.float64), np.asarray(p_values, np.float64)
    known = np.isfinite(b) & np.isfinite(p)
    b, p = b[known], p[known]
    if not len(b):
        return Description(*(float("nan"),) * 6, 0)
    median = float(np.median(b))
    same = np.sign(b) == np.sign(median)
    return Description(
        median,
        float(b.min()),
        float(b.max()),
        float(same.mean()),
        float((same & (p < alpha)).mean()),
        float((~same & (p < alpha)).mean()),
        len(b),
    )


def prefecture_orders(prefectures: npt.ArrayLike, permutations: int, seed: int) -> IntArray:
    """Orders of the places in which prefectures are shuffled and places of one stay together.

    Parameters
    ----------
    prefectures : array (places,)
        Prefecture of each place.
    permutations : int
    seed : int

    Returns
    -------
    array (permutations, places)
        Rank of each place in each order.
    """
    codes, at = np.unique(np.asarray(prefectures), return_inverse=True)
    draws = np.random.default_rng(seed).random((permutations, len(codes)))
    return np.asarray(np.argsort(np.argsort(draws[:, at], axis=1, kind="stable"), axis=1), np.int64)


def shuffled_rows(
    place: npt.ArrayLike, year: npt.ArrayLike, prefecture: npt.ArrayLike, ranks: npt.ArrayLike
) -> IntArray:
    """Whose exposure each row has after shuffling: the places at hand in a year, in their new order, lend theirs to those in the old.

    A place that is at hand in the same years as the others keeps its years together.

    Parameters
    ----------
    place, year, prefecture : arrays (rows,)
        Position of the place, year and prefecture of each row.
    ranks : array (permutations, places)
        Of :func:`prefecture_orders`, for all places of the panel.

    Returns
    -------
    array (permutations, rows)
    """
    at, when, group, rank = (np.asarray(each) for each in (place, year, prefecture, ranks))
    out = np.empty((len(rank), len(at)), np.int64)
    for each in np.unique(when):
        rows = np.flatnonzero(when == each)
        rows = rows[np.lexsort((at[rows], group[rows]))]
        out[:, rows] = rows[np.argsort(rank[:, at[rows]], axis=1)]
    return out


def with_shuffles(x: npt.ArrayLike, orders: npt.ArrayLike) -> FloatArray:
    """Exposure as observed (first) and after shuffling; array (1 + permutations, rows).

    Parameters
    ----------
    x : array (rows,)
    orders : array (permutations, rows)
        Of :func:`shuffled_rows`.
    """
    value = np.asarray(x, np.float64)
    return np.vstack([value, value[np.asarray(orders)]])


def score_estimates(
    exposures: npt.ArrayLike,
    nuisance: npt.ArrayLike,
    residual: npt.ArrayLike,
    weight: npt.ArrayLike,
    clusters: npt.ArrayLike,
) -> Scores:
    """One step of Fisher scoring from the model without the exposure, with cluster-robust t.

    ``b = x~'u / x~'Wx~`` with x~ the exposure after the weighted projection on the nuisance columns and u the
    score residual of the null model; ``t = sum_g s_g / sqrt(G/(G-1) sum_g (s_g - mean)^2)``, s_g the sum of
    ``x~ u`` over cluster g.

    Parameters
    ----------
    exposures : array (draws, rows)
    nuisance : array (rows, columns)
        Years and confounders.
    residual : array (rows,)
        (events - mean), for the negative binomial divided by 1 + alpha mean.
    weight : array (rows,)
        Working weights of the null model.
    clusters : array (rows,)

    References
    ----------
    Boos 1992, Am Stat 46:327 (generalised score tests); Cox & Hinkley 1974, section 9.3.
    """
    root = np.sqrt(np.asarray(weight, np.float64))
    basis = np.linalg.qr(np.asarray(nuisance, np.float64) * root[:, None])[0]
    x = np.asarray(exposures, np.float64) * root
    x = x - (x @ basis) @ basis.T
    information = (x * x).sum(axis=1)
    codes, at = np.unique(np.asarray(clusters), return_inverse=True)
    members = (at[:, None] == np.arange(len(codes))) * (np.asarray(residual, np.float64) / root)[:, None]
    by_cluster = x @ members
    total = by_cluster.sum(axis=1)
    groups = len(codes)
    away = by_cluster - by_cluster.mean(axis=1, keepdims=True)
    spread = np.sqrt(groups / (groups - 1) * (away * away).sum(axis=1))
    known = (information > 1e-12 * information.max()) & (spread > 0)
    estimates = np.divide(total, information, out=np.full(len(total), np.nan), where=known)
    t = np.divide(total, spread, out=np.full(len(total), np.nan), where=known)
    return Scores(estimates, t, groups - 1)


def curve_test(scores: list[Scores], alpha: float = 0.05) -> CurveTest:
    """Joint test of a curve; the first draw of each specification is the observed one, the others are shuffles.

    p is (1 + shuffles as extreme) / (1 + shuffles). Two-sided: median t and Stouffer's z by their distance from 0, the
    share of significant specifications in whichever direction has more of them. All rest on t, not on estimates: a
    shuffled exposure no longer goes with the confounders, so its estimates vary less than those of the observed one,
    while t has about the same distribution (DiCiccio & Romano 2017, J Am Stat Assoc 112:1211).
    """
    if not scores:
        return CurveTest(*(float("nan"),) * 6, 0, 0)
    estimates = np.array([each.estimates for each in scores])
    t = np.array([each.t for each in scores])
    degrees = np.array([each.degrees for each in scores])[:, None]
    critical = -special.stdtrit(degrees, alpha / 2)
    shares = np.maximum((t > critical).mean(axis=0), (t < -critical).mean(axis=0))
    z = np.sign(t) * -special.ndtri(np.clip(special.stdtr(degrees, -np.abs(t)), 1e-300, 0.5))
    stouffer = np.nansum(z, axis=0) / np.sqrt((~np.isnan(z)).sum(axis=0))
    median = np.nanmedian(estimates[:, 0])
    return CurveTest(
        float(median),
        _share_as_far(np.abs(np.nanmedian(t, axis=0))),
        float(shares[0]),
        _share_as_far(shares),
        float(stouffer[0]),
        _share_as_far(np.abs(stouffer)),
        len(scores),
        estimates.shape[1] - 1,
    )


def verdict(description: Description, test: CurveTest, thresholds: Thresholds) -> Verdict:
    """Robust, fragile or null.

    *robust*: enough specifications share the sign of the median and are significant, none is significant against
    it, and median, significant share and Stouffer's z are all beyond what shuffling gives. *null*: shuffling gives as
    much by all three, and few specifications are significant in either direction. Otherwise *fragile*: the answer
    depends on the specification.
    """
    beyond = [p <= thresholds.alpha for p in (test.p_median, test.p_significant, test.p_stouffer)]
    if (
        all(beyond)
        and description.same_sign >= thresholds.robust_same_sign
        and description.significant >= thresholds.robust_significant
        and description.opposite == 0
    ):
        return "robust"
    few = description.significant + description.opposite <= thresholds.null_significant
    return "null" if few and not any(beyond) else "fragile"


def _share_as_far(values: FloatArray) -> float:
    shuffles = values[1:]
    return float((1 + (shuffles >= values[0] - 1e-12).sum()) / (1 + len(shuffles)))

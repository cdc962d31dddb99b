"""What a reliability means for a comparison: cases needed, and how many places are put on the wrong side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.benchmark.intervals import FloatArray, divide
from zaitaku_demand.research.reliability.likelihood import CountKind


class Classified(NamedTuple):
    """Probabilities of being truly and seemingly above a threshold; arrays.

    Attributes
    ----------
    both : array
        Truly and seemingly above.
    wrongly_in : array
        Seemingly above, truly below.
    wrongly_out : array
        Truly above, seemingly below.
    """

    both: FloatArray
    wrongly_in: FloatArray
    wrongly_out: FloatArray

    @property
    def wrong(self) -> FloatArray:
        """On the wrong side either way."""
        return self.wrongly_in + self.wrongly_out


class Simulated(NamedTuple):
    """Shares of units that are misclassified, mean over simulated sets."""

    mean: float
    top: float
    quarters: float
    wrongly_in_top: float


def cases_needed(prior_size: npt.ArrayLike, target: float) -> FloatArray:
    """Cases (trials, exposure) at which a unit's figure has reliability `target`, ``M r / (1 - r)``.

    Parameters
    ----------
    prior_size : array
        M of :func:`~zaitaku_demand.research.reliability.likelihood.reliability_at`; inf gives inf.
    target : float

    References
    ----------
    Adams 2009, RAND TR-653, solved for n.
    """
    return np.asarray(prior_size, np.float64) * target / (1 - target)


def classified_at_value(reliability: npt.ArrayLike, threshold: npt.ArrayLike) -> Classified:
    """Truth and appearance against one value, true figures and errors being normal.

    True figures are standard normal, measured ones have variance ``1 / r``: extremes look more frequent than they are.

    Parameters
    ----------
    reliability : array
    threshold : array
        In standard deviations of the true figures.

    References
    ----------
    Hayward, Heisler, Adams, Dudley & Hofer 2007, Health Serv Res 42:1718 (Table 2, reliability 0.25).
    """
    r, cut = np.broadcast_arrays(np.asarray(reliability, np.float64), np.asarray(threshold, np.float64))
    root = np.sqrt(r)
    return _classified(root, cut, cut * root)


def classified_at_rank(reliability: npt.ArrayLike, share: npt.ArrayLike) -> Classified:
    """Truth and appearance where both the true and the measured top `share` are meant.

    Parameters
    ----------
    reliability : array
    share : array
        Share of units called top, 0 to 1.

    References
    ----------
    Adams, Mehrotra & McGlynn 2010, RAND TR-863 (correlation of truth and measurement is the root of reliability).
    """
    r, top = np.broadcast_arrays(np.asarray(reliability, np.float64), np.asarray(share, np.float64))
    cut = -special.ndtri(top)
    return _classified(np.sqrt(r), cut, cut)


def simulated_misclassification(
    kind: CountKind,
    mean: float,
    prior_size: float,
    size: npt.ArrayLike,
    *,
    top_share: float = 0.25,
    draws: int = 1000,
    seed: int = 0,
) -> Simulated:
    """Shares of units on the wrong side when true figures come from the fitted distribution and counts are drawn.

    Parameters
    ----------
    kind : {"binomial", "poisson"}
    mean, prior_size : float
        Of the distribution of true figures.
    size : array (units,)
        Trials or exposure; NaN are left out.
    top_share : float
        The highest units by rank, true and measured.
    draws, seed : int

    Returns
    -------
    Simulated
        mean: measured above, truly below the mean of the distribution, or the reverse; top: in one top group only;
        quarters: in another quarter; wrongly_in_top: share of the measured top group that truly is not in it.
    """
    generator = np.random.default_rng(seed)
    n = np.asarray(size, np.float64)
    n = n[n > 0]
    shape = (draws, len(n))
    if kind == "binomial":
        n = np.maximum(np.rint(n), 1.0)
        true = generator.beta(mean * prior_size, (1 - mean) * prior_size, shape)
        measured = generator.binomial(n.astype(np.int64), true) / n
    else:
        true = generator.gamma(mean * prior_size, 1 / prior_size, shape)
        measured = generator.poisson(true * n) / n
    # Equal figures are ordered by chance, not by their place in the table.
    measured_place = _places(measured, generator)
    true_place = true.argsort(axis=-1).argsort(axis=-1)
    units = len(n)
    top = units - max(round(top_share * units), 1)
    inside, truly = measured_place >= top, true_place >= top
    return Simulated(
        float(((measured > mean) != (true > mean)).mean()),
        float((inside != truly).mean()),
        float((measured_place * 4 // units != true_place * 4 // units).mean()),
        float((inside & ~truly).sum() / inside.sum()),
    )


def _classified(correlation: FloatArray, true_cut: FloatArray, measured_cut: FloatArray) -> Classified:
    both = _both_above(true_cut, measured_cut, correlation)
    above_true, above_measured = special.ndtr(-true_cut), special.ndtr(-measured_cut)
    return Classified(both, above_measured - both, above_true - both)


def _both_above(h: FloatArray, k: FloatArray, correlation: FloatArray) -> FloatArray:
    """Probability that two standard normal variables exceed h and k, by Owen's T function.

    References
    ----------
    Owen 1956, Ann Math Stat 27:1075 (equation 3.1, written for -h and -k).
    """
    r = np.clip(correlation, 0.0, 1.0 - 1e-12)
    h, k = (np.where(np.abs(-cut) < 1e-12, 1e-12, -cut) for cut in (h, k))
    root = np.sqrt(1 - r * r)
    opposite = np.where(h * k > 0, 0.0, 0.5)
    parts = special.owens_t(h, (k - r * h) / (h * root)) + special.owens_t(k, (h - r * k) / (k * root))
    found = (special.ndtr(h) + special.ndtr(k)) / 2 - parts - opposite
    return np.asarray(np.clip(found, 0.0, np.minimum(special.ndtr(h), special.ndtr(k))))


def _places(values: FloatArray, generator: np.random.Generator) -> npt.NDArray[np.int64]:
    random = generator.random(values.shape)
    order = np.lexsort((random, values), axis=-1)
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.broadcast_to(np.arange(values.shape[-1]), order.shape), axis=-1)
    return np.asarray(place, np.int64)


def share_reaching(size: npt.ArrayLike, needed: float) -> float:
    """Share of units with at least the needed cases; NaN among them do not reach it.

    Parameters
    ----------
    size : array (units,)
    needed : float
    """
    n = np.asarray(size, np.float64)
    return float(divide((n >= needed).sum(), n.size))

"""Resampling of units for intervals of estimators that have none of their own."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray, tail


def resamples(units: int, replications: int, seed: int) -> npt.NDArray[np.int64]:
    """Numbers of units drawn with replacement, array (replications, units); the same seed gives the same."""
    return np.random.default_rng(seed).integers(0, units, size=(replications, units))


def percentile_limits(replicates: npt.ArrayLike, confidence: float) -> tuple[float, float]:
    """Percentile limits of replicates of an estimate, NaN left out; NaN if fewer than half could be had.

    References
    ----------
    Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13.
    """
    values: FloatArray = np.asarray(replicates, np.float64)
    known = values[~np.isnan(values)]
    if known.size < values.size / 2 or not known.size:
        return float("nan"), float("nan")
    p = tail(confidence)
    with np.errstate(invalid="ignore"):
        smooth = np.quantile(known, [p, 1 - p])
    # Between two infinite replicates the quantile is infinite, not inf - inf.
    above = np.quantile(known, [p, 1 - p], method="higher")
    lower, upper = np.where(np.isfinite(above), smooth, above)
    return float(lower), float(upper)

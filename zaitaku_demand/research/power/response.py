"""How far a true ratio moves what a study measures: the mean logarithm of (cases + 1/2) / expected.

With many cases that is the logarithm of the ratio. With few it is less, as (cases + 1/2) / expected is held up by the
half: a place with one expected case and a ratio of 1.5 moves by about two thirds of log 1.5.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

from zaitaku_demand.research.panel import FloatArray
from zaitaku_demand.research.power.settings import Study
from zaitaku_demand.research.power.simulate import World

_LEAST, _MOST = 1e-3, 150.0
"""Expected cases between which the mean logarithm is summed; above, that of cases + 1/2 is the logarithm of the mean."""
_GRID_POINTS = 400
_LARGEST_COUNT = 320
_NODES = 21


def log_response(world: World, ratios: npt.ArrayLike) -> FloatArray:
    """Change of a place's mean log rate by true ratios, averaged over the places of the world.

    Parameters
    ----------
    world : World
    ratios : array (...)

    Returns
    -------
    array (...)
        At most the logarithm of the ratio (0.002 above it about five cases).
    """
    ratio = np.asarray(ratios, np.float64)
    variance = float(np.log1p(world.covariance[0]))
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    factor = np.exp(np.sqrt(variance) * nodes - variance / 2)
    mean = world.expected[:, None] * factor
    most = (world.expected / world.rate)[:, None] if world.kind == "binomial" else np.inf

    def level(times: FloatArray) -> FloatArray:
        moved = np.minimum(times[..., None, None] * mean, most)
        return np.asarray(mean_log_cases(moved).mean(axis=-2) @ weights / weights.sum())

    return np.asarray(level(ratio) - level(np.ones(1))[0])


def study_response(world: World, study: Study) -> Callable[[FloatArray], FloatArray]:
    """What true ratios add to the estimate of a study: see :func:`log_response`.

    For a ``slope`` a place's exposure lies on either side of the mean, so the mean of a rise and a fall counts.
    """

    def moved(ratios: FloatArray) -> FloatArray:
        up = log_response(world, ratios)
        return up if study != "slope" else (up - log_response(world, 1 / ratios)) / 2

    return moved


def mean_log_cases(mean: npt.ArrayLike) -> FloatArray:
    """Mean of log(X + 1/2) for Poisson counts X; array (...) of means above 0."""
    m = np.asarray(mean, np.float64)
    at, value = _table()
    return np.where(
        m > _MOST, np.log(np.maximum(m, _MOST)), np.interp(np.log(np.maximum(m, _LEAST)), at, value)
    )


@lru_cache(maxsize=1)
def _table() -> tuple[FloatArray, FloatArray]:
    """Logarithms of means, and the mean logarithm of cases + 1/2 at each."""
    at = np.linspace(np.log(_LEAST), np.log(_MOST), _GRID_POINTS)
    count = np.arange(_LARGEST_COUNT + 1.0)
    probability = np.exp(count * at[:, None] - np.exp(at)[:, None] - special.gammaln(count + 1))
    return at, np.asarray(probability @ np.log(count + 0.5))

"""The formulas of a scenario, each one pure function of arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def gradual_factor(weight: FloatArray, size: float) -> FloatArray:
    """1 + w (size - 1): the factor on the way to its full `size`.

    Parameters
    ----------
    weight : array
        Share of the change that has come about.
    size : float
    """
    return np.asarray(1.0 + weight * (size - 1.0))


def converging_ratio(
    ratio: FloatArray, target: FloatArray, weight: FloatArray, only_below: bool
) -> FloatArray:
    """r + w (T - r): the ratio on its way to the target; w = 1 gives the target itself.

    Parameters
    ----------
    ratio : array (services, areas)
    target : array (services, 1)
    weight : array (years,)
        Share of the gap that is closed.
    only_below : bool
        Whether ratios above the target stay as they are.

    Returns
    -------
    array (services, areas, years)
    """
    start, goal = ratio[:, :, None], target[:, :, None]
    # Written with both weights so that w = 1 gives the target and w = 0 the ratio without rounding.
    moved = (1.0 - weight) * start + weight * goal
    return np.where(start >= goal, start, moved) if only_below else np.asarray(moved)


def moved_share(weight: FloatArray, share: float, origin: FloatArray, goal: FloatArray) -> FloatArray:
    """Share of the patients at the place of origin who have moved; none where the goal serves nobody at that age.

    Parameters
    ----------
    weight : array (years,)
    share : float
    origin, goal : arrays (areas, sexes, ages)
        Rates at both places.

    Returns
    -------
    array (areas, years, sexes, ages)
    """
    possible = (origin > 0) & (goal > 0)
    return np.asarray(weight[None, :, None, None] * share * possible[:, None])


def receiving_factor(moved: FloatArray, origin: FloatArray, goal: FloatArray) -> FloatArray:
    """1 + s r(origin) / r(goal): what receiving the moved patients does to the rate of the goal.

    With the factor 1 - s at the place of origin the sum of both stays the same at every age.

    Parameters
    ----------
    moved : array (areas, years, sexes, ages)
    origin, goal : arrays (areas, sexes, ages)
    """
    quotient = np.divide(origin, goal, out=np.zeros_like(origin), where=goal > 0)
    return np.asarray(1.0 + moved * quotient[:, None])


def weighted_factor(
    first: FloatArray, second: FloatArray, first_rate: FloatArray, second_rate: FloatArray
) -> FloatArray:
    """Factor of a sum of two rates that change by their own factors; 1 where both rates are nothing.

    Parameters
    ----------
    first, second : arrays (areas, years, sexes, ages)
        Factors.
    first_rate, second_rate : arrays (areas, sexes, ages)
    """
    a, b = first_rate[:, None], second_rate[:, None]
    total = np.broadcast_to(a + b, first.shape)
    return np.divide(first * a + second * b, total, out=np.ones_like(first), where=total > 0)


def divided_among(total: float, size: FloatArray) -> FloatArray:
    """A number divided in proportion to `size`."""
    return np.asarray(total * size / size.sum())


def unmet(demand: FloatArray, ceiling: FloatArray) -> FloatArray:
    """Demand beyond the ceiling, 0 where the ceiling does not bind."""
    return np.asarray(np.maximum(demand - ceiling, 0.0))

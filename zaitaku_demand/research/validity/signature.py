"""The mark that patients gathering in the centre of a region would leave on the map."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zaitaku_demand.research.association.moran import moran_i, weights


class MoranWithin(NamedTuple):
    """Moran's I of deviations from the group mean, and its mean and p-value when places change within groups.

    Attributes
    ----------
    statistic, expected, p_value : float
        p two-sided.
    places : int
    """

    statistic: float
    expected: float
    p_value: float
    places: int


def moran_within(
    deviations: npt.ArrayLike,
    adjacency: npt.ArrayLike,
    groups: npt.ArrayLike,
    permutations: int,
    seed: int,
) -> MoranWithin:
    """Moran's I within groups (areas within prefectures), by permutation within the groups.

    Deviations from a group mean add up to 0, so neighbours of one group are unlike by construction and I is below 0 where
    there is no pattern at all. Orders within the groups have the same property; over all places they have not.

    Parameters
    ----------
    deviations : array (places,)
        From the mean of the group; NaN places are left out.
    adjacency : array (places, places)
    groups : array (places,)
    permutations, seed : int

    Returns
    -------
    MoranWithin
        NaN with fewer than four places or without neighbours.

    References
    ----------
    Restricted permutation: Good 2005, Permutation, Parametric and Bootstrap Tests of Hypotheses, ch. 7; Moran 1950,
    Biometrika 37:17.
    """
    x = np.asarray(deviations, np.float64)
    known = np.isfinite(x)
    x, near = x[known], np.asarray(adjacency, np.float64)[np.ix_(known, known)]
    if len(x) < 4 or not np.ptp(x) > 0 or not near.any():
        return MoranWithin(float("nan"), float("nan"), float("nan"), len(x))
    weight = weights(near)
    random = np.random.default_rng(seed)
    shuffled = np.tile(x, (permutations, 1))
    label = np.asarray(groups)[known]
    for group in np.unique(label):
        members = np.flatnonzero(label == group)
        shuffled[:, members] = random.permuted(shuffled[:, members], axis=1)
    drawn = moran_i(shuffled, weight)
    seen, middle = float(moran_i(x, weight)), float(drawn.mean())
    far = int((np.abs(drawn - middle) >= abs(seen - middle) - 1e-12).sum())
    return MoranWithin(seen, middle, (1 + far) / (1 + permutations), len(x))

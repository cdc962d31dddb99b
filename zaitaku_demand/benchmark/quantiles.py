"""Groups of equal size (fifths, tenths) of units by their value; equal values share a group."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.benchmark.ranks import point_ranks


def quantile_groups(values: npt.ArrayLike, groups: int = 5, *, lowest_is_one: bool = True) -> FloatArray:
    """Group 1 to `groups` of each unit of the last axis.

    ``q = groups + 1 - ceil((n + 1 - rank) / (n / groups))``, not below 1, with the rank of the lowest of equal
    values. Units at a boundary that are equal stay together, so groups can differ in size.

    Parameters
    ----------
    values : array (..., units)
    groups : int
    lowest_is_one : bool
        Whether group 1 holds the lowest values (else the highest).

    Returns
    -------
    array (..., units)
        NaN for units without a value, and for all where there are fewer units than groups.

    References
    ----------
    OHID, Technical guide: assigning deprivation categories.
    """
    figures = np.asarray(values, np.float64)
    rank = point_ranks(figures, better="less" if lowest_is_one else "more")
    units = (~np.isnan(figures)).sum(axis=-1, keepdims=True).astype(np.float64)
    enough = units >= groups
    group = groups + 1 - np.ceil((units + 1 - rank) * groups / np.where(enough, units, np.nan))
    return np.asarray(np.maximum(group, 1.0), np.float64)

"""Many associations read together: adjusted p-values over a family of tests."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.multiple_tests import benjamini_hochberg
from zaitaku_demand.research.panel import FloatArray


def holm(p_values: npt.ArrayLike) -> FloatArray:
    """Adjusted p-values that bound the probability of any false finding, whatever the dependence.

    ``p_(i) -> max over j <= i of min(1, (n - j + 1) p_(j))`` over the last axis, NaN left out.

    References
    ----------
    Holm 1979, Scand J Stat 6:65.
    """
    p = np.asarray(p_values, np.float64)
    order = p.argsort(axis=-1)
    tests = (~np.isnan(p)).sum(axis=-1, keepdims=True)
    left = tests - np.arange(p.shape[-1])
    scaled = np.minimum(np.take_along_axis(p, order, axis=-1) * left, 1.0)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.fmax.accumulate(scaled, axis=-1), axis=-1)
    return np.where(np.isnan(p), np.nan, adjusted)


def with_adjusted(table: pd.DataFrame, family: list[str]) -> pd.DataFrame:
    """The table with q_value (Benjamini-Hochberg), holm_p_value and family_tests within each family.

    Parameters
    ----------
    table : DataFrame
        With column p_value; NaN are no tests.
    family : list of str
        Columns whose values make up a family.
    """
    grouped = table.groupby(family, sort=False)["p_value"]
    return table.assign(
        q_value=grouped.transform(lambda p: benjamini_hochberg(p.to_numpy())),
        holm_p_value=grouped.transform(lambda p: holm(p.to_numpy())),
        family_tests=grouped.transform("count").astype("Int64"),
    )

"""Certification rates for long-term care (要介護・要支援認定率) by age, sex and level.

Published: rates of both sexes by five-year age for September 2020 and 2022; men by age and level for March
2023 (令和4年度末); of women only the total by level, the row 65-69 and one cell of 70-74. The women are derived
from these margins by raking and stay *estimated*.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.store.tables import read_table

FloatArray = npt.NDArray[np.float64]

LEVELS = ("要支援1", "要支援2", "要介護1", "要介護2", "要介護3", "要介護4", "要介護5")
CARE_AGES = AgeBands.five_year(90, start=65)
RATE_DATES = ("2020-09", "2022-09")
MAX_ITERATIONS = 10_000
TOLERANCE = 1e-10


def rake(
    seed: FloatArray, row_totals: FloatArray, column_totals: FloatArray, fixed: FloatArray | None = None
) -> FloatArray:
    """Fill a table so that it meets its margins and keeps the cells that are known.

    Iterative proportional fitting (Deming & Stephan 1940, Ann. Math. Statist. 11:427): rows and columns
    of the free cells are scaled in turn; the odds ratios of the seed survive.

    Parameters
    ----------
    seed : array (rows, columns)
        Positive pattern.
    row_totals : array (rows,)
    column_totals : array (columns,)
        With the same grand total.
    fixed : array (rows, columns), optional
        Known cells, NaN where free.

    Returns
    -------
    array (rows, columns)

    Raises
    ------
    ValueError
        If the grand totals differ, a margin is smaller than its known cells, or the fit does not converge.
    """
    known = np.zeros(seed.shape, dtype=bool) if fixed is None else ~np.isnan(fixed)
    held = np.zeros(seed.shape) if fixed is None else np.where(known, fixed, 0.0)
    rows = row_totals - held.sum(axis=1)
    columns = column_totals - held.sum(axis=0)
    scale = max(float(np.abs(row_totals).sum()), 1.0)
    if abs(row_totals.sum() - column_totals.sum()) > 1e-9 * scale:
        raise ValueError("row and column totals do not have the same grand total")
    if (rows < -1e-9 * scale).any() or (columns < -1e-9 * scale).any():
        raise ValueError("a margin is smaller than its known cells")
    free = np.where(known, 0.0, seed)
    for _ in range(MAX_ITERATIONS):
        sums = free.sum(axis=1)
        free = free * np.divide(rows, sums, out=np.zeros_like(rows), where=sums > 0)[:, None]
        sums = free.sum(axis=0)
        free = free * np.divide(columns, sums, out=np.zeros_like(columns), where=sums > 0)[None, :]
        if np.abs(free.sum(axis=1) - rows).max() <= TOLERANCE * scale:
            return np.asarray(free + held)
    raise ValueError("the margins cannot be met together")


def certification_rates(as_of: str = "2022-09", sexes: tuple[str, ...] = ("both",)) -> FloatArray:
    """Rates by sex, age and level, as a share of the population.

    Parameters
    ----------
    as_of : str
        ``2022-09`` (by level) or ``2020-09`` (all levels together).
    sexes : tuple of str

    Returns
    -------
    array (sexes, 6 ages from 65-69 to 90+, 7 levels), or (sexes, 6 ages, 1) for 2020-09
    """
    table = read_table("certification_rates")
    table = table[table["as_of"] == as_of]
    levels = ["all"] if as_of == "2020-09" else list(LEVELS)
    wide = table.set_index(["sex", "age", "level"])["rate"]
    return np.array(
        [[[float(wide[(sex, age, level)]) for level in levels] for age in CARE_AGES.labels] for sex in sexes]
    )

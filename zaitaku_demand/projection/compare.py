"""Comparison with the ministry's R7 projection (001728462.xlsx): ratios between years, area by area.

The ministry counts receipts of FY2024, this toolkit patients a month of FY2022; levels differ, so only the
change between two years is compared. Nothing is fitted to the ministry's figures.

Their year 2024 is a count of what was observed, ours a projection, so peaks and indices start in 2030, where both are
projections; what 2024 adds is said apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.project import Projection
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

YEAR_PAIRS = ((2030, 2035), (2030, 2040), (2030, 2045), (2030, 2050))
COMPARABLE_EDITIONS = ("330", "339")
RANKED_PAIRS = ((2030, 2040), (2030, 2050))
PROJECTED_YEARS = (2030, 2035, 2040, 2045, 2050)
OBSERVED_YEAR = 2024


def ministry_by_areas(edition: str) -> pd.DataFrame:
    """Receipts a month by area of `edition` (339, or 330 as unions of them), one column a year."""
    table = read_table("ministry_home_visits")
    wide = table.pivot(index="area_code", columns="year", values="receipts_per_month")
    if edition == "339":
        return wide
    units = read_table("area_units")[["area339_code", "area330_code"]].drop_duplicates()
    area330 = units[units["area339_code"] != "0700"].set_index("area339_code")["area330_code"]
    return wide.groupby(area330.reindex(wide.index)).sum()


def compare_official(projection: Projection, service: int = 0) -> pd.DataFrame:
    """How the change between two years compares with the ministry's.

    Parameters
    ----------
    projection : Projection
        By the 330 or 339 areas, with the years 2030 to 2050.
    service : int
        Place of the service in the projection.

    Returns
    -------
    DataFrame
        from_year, to_year, n (areas), correlation of the two indices, and the median and the 95th
        percentile of the absolute relative difference in per cent (median_abs, p95_abs).

    Raises
    ------
    InputError
        If the areas are not the 330 or 339.
    """
    import pandas as pd

    both = beside_ministry(projection, service)
    rows = []
    for first, last in YEAR_PAIRS:
        if first not in both.years or last not in both.years:
            continue
        mine, other = both.indices(first, last)
        difference = np.abs(relative_difference(mine, other))
        rows.append(
            (
                first,
                last,
                len(both.codes),
                float(np.corrcoef(mine, other)[0, 1]),
                float(np.median(difference)),
                float(np.quantile(difference, 0.95)),
            )
        )
    return pd.DataFrame(rows, columns=["from_year", "to_year", "n", "correlation", "median_abs", "p95_abs"])


@dataclass(frozen=True)
class BesideMinistry:
    """Our values and the ministry's for the same areas and years.

    Attributes
    ----------
    codes : list of str
    places : array (areas,) of int
        Where the areas stand in the projection.
    years : tuple of int
        Years that both have.
    ours, theirs : arrays (areas, years)
    """

    codes: list[str]
    places: IntArray
    years: tuple[int, ...]
    ours: FloatArray
    theirs: FloatArray

    def at(self, year: int) -> int:
        """Place of a year."""
        return self.years.index(year)

    def indices(self, first: int, last: int) -> tuple[FloatArray, FloatArray]:
        """Value of `last` over that of `first`, ours and theirs."""
        start, end = self.at(first), self.at(last)
        return self.ours[:, end] / self.ours[:, start], self.theirs[:, end] / self.theirs[:, start]

    def peaks(self, years: tuple[int, ...]) -> tuple[IntArray, IntArray]:
        """Year of the largest value among `years`, the earliest if several are equal, ours and theirs."""
        columns = [self.at(year) for year in years]
        grid = np.array(years)
        return grid[self.ours[:, columns].argmax(axis=1)], grid[self.theirs[:, columns].argmax(axis=1)]


def beside_ministry(projection: Projection, service: int = 0) -> BesideMinistry:
    """The areas and years that a projection shares with the ministry's.

    Raises
    ------
    InputError
        If the areas are not the 330 or 339.
    """
    edition = projection.population.system.edition
    if edition not in COMPARABLE_EDITIONS:
        raise InputError(
            Text(
                f"圏域の版「{edition}」では厚生労働省の推計と比べられない",
                f"areas of the edition '{edition}' cannot be compared with the ministry's",
            ),
            Text("--areas 330 を指定してください", "use --areas 330"),
        )
    official = ministry_by_areas(edition)
    codes = projection.population.areas["area_code"]
    places = np.flatnonzero(codes.isin(official.index).to_numpy())
    common = list(codes.iloc[places])
    years = tuple(year for year in projection.years if year in official)
    columns = np.array([projection.years.index(year) for year in years])
    ours = projection.values[service][np.ix_(places, columns)]
    theirs = official.loc[common, list(years)].to_numpy(dtype=np.float64)
    return BesideMinistry(common, places, years, ours, theirs)


def relative_difference(ours: FloatArray, theirs: FloatArray) -> FloatArray:
    """Ours against theirs in per cent."""
    return np.asarray(100 * (ours / theirs - 1))


def rank_correlations(both: BesideMinistry) -> pd.DataFrame:
    """Whether both put the areas in the same order of growth: from_year, to_year, spearman, kendall (tau-b)."""
    import pandas as pd
    from scipy.stats import kendalltau, spearmanr

    rows = []
    for first, last in RANKED_PAIRS:
        mine, other = both.indices(first, last)
        rows.append(
            (first, last, float(spearmanr(mine, other).statistic), float(kendalltau(mine, other).statistic))
        )
    return pd.DataFrame(rows, columns=["from_year", "to_year", "spearman", "kendall"])


def agreement_table(ours: IntArray, theirs: IntArray, years: tuple[int, ...]) -> pd.DataFrame:
    """Number of areas by class of our peak (rows) and of theirs (columns)."""
    import pandas as pd

    table = np.zeros((len(years), len(years)), dtype=np.int64)
    np.add.at(table, (np.searchsorted(years, ours), np.searchsorted(years, theirs)), 1)
    return pd.DataFrame(table, index=pd.Index(years, name="ours"), columns=pd.Index(years, name="theirs"))


def agreement(table: npt.ArrayLike) -> dict[str, float]:
    """Agreement of two classifications in ordered classes.

    Parameters
    ----------
    table : array (classes, classes)
        Number of areas.

    Returns
    -------
    dict
        n, exact and within_one (shares), earlier and later (areas whose row comes before, or after, their column), and kappa with linear weights, ``1 - sum(w o) / sum(w e)`` with w the distance
        of the classes, o the observed and e the chance counts (NaN where chance alone gives no distance).

    References
    ----------
    Cohen 1968, Psychological Bulletin 70: 213-220 (weighted kappa).
    """
    counts = np.asarray(table, dtype=np.float64)
    total = counts.sum()
    place = np.arange(len(counts))
    distance = np.abs(place[:, None] - place)
    chance = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total
    expected = float((distance * chance).sum())
    return {
        "n": int(total),
        "exact": float(np.trace(counts) / total),
        "within_one": float(counts[distance <= 1].sum() / total),
        "earlier": int(np.triu(counts, 1).sum()),
        "later": int(np.tril(counts, -1).sum()),
        "kappa": 1 - float((distance * counts).sum()) / expected if expected > 0 else float("nan"),
    }

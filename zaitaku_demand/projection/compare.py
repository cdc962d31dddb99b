"""Comparison with the ministry's R7 projection (001728462.xlsx): ratios between years, area by area.

The ministry counts receipts of FY2024, this toolkit patients a month of FY2022; levels differ, so only the
change between two years is compared. Nothing is fitted to the ministry's figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.project import Projection
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

YEAR_PAIRS = ((2030, 2035), (2030, 2040), (2030, 2045), (2030, 2050))
COMPARABLE_EDITIONS = ("330", "339")


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
    common = codes.isin(official.index).to_numpy()
    ours = pd.DataFrame(projection.values[service], columns=list(projection.years), index=codes)[common]
    theirs = official.loc[ours.index]
    rows = []
    for first, last in YEAR_PAIRS:
        if first not in ours or last not in ours:
            continue
        mine = (ours[last] / ours[first]).to_numpy()
        other = (theirs[last] / theirs[first]).to_numpy()
        difference = 100 * np.abs(mine / other - 1)
        rows.append(
            (
                first,
                last,
                len(ours),
                float(np.corrcoef(mine, other)[0, 1]),
                float(np.median(difference)),
                float(np.quantile(difference, 0.95)),
            )
        )
    return pd.DataFrame(rows, columns=["from_year", "to_year", "n", "correlation", "median_abs", "p95_abs"])

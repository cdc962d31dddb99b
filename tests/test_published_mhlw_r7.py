"""厚生労働省 令和7年の在宅（訪問診療）需要推計 (001728462.xlsx): our index against the ministry's, nothing fitted.

The ministry holds rates constant, so it is our projection at constant rates (現状投影) that stands beside it.
"""

from __future__ import annotations

import numpy as np
import pytest

from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.compare import compare_official, ministry_by_areas
from zaitaku_demand.projection.job import main_job
from zaitaku_demand.store.tables import read_table

CONSTANT = ("base",)


def test_the_ministrys_national_sums() -> None:
    """Sums over the 339 areas, receipts a month in 2024, 2030 ... 2050."""
    sums = read_table("ministry_home_visits").groupby("year")["receipts_per_month"].sum()
    assert sums.round().astype(int).tolist() == [1357201, 1636382, 1808233, 1940315, 1993448, 1994220]
    assert np.allclose(ministry_by_areas("330").sum(), ministry_by_areas("339").sum())
    assert len(ministry_by_areas("330")) == 330


@pytest.mark.parametrize("rates", ["national", "prefecture", "area"])
def test_index_2040_and_2050_to_2030_over_330_areas(rates: str) -> None:
    found = compare_official(main_job(RunParameters(rates=rates, scenarios=CONSTANT)).grid)
    found = found.set_index(["from_year", "to_year"])
    assert found.loc[(2030, 2040), "n"] == 330
    assert found.loc[(2030, 2040), "correlation"] >= 0.945
    assert found.loc[(2030, 2040), "median_abs"] <= 1.9
    assert found.loc[(2030, 2050), "median_abs"] <= 1.6


def test_the_split_of_the_open_band_is_what_brings_2050_near() -> None:
    """Index 2050/2030 with the band 90+: median 3.2 to 3.4 %; with 95+ it halves."""
    with_90, with_95 = (
        compare_official(
            main_job(RunParameters(rates="national", open_band=band, scenarios=CONSTANT)).grid  # type: ignore[arg-type]
        ).set_index("to_year")
        for band in (90, 95)
    )
    assert with_95.loc[2050, "median_abs"] < 0.5 * with_90.loc[2050, "median_abs"]

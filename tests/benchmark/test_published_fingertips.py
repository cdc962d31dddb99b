"""Fingertips, recent-trend markers of six indicators (five years each)."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmark.published import published
from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.trend import CRITICAL, change_from_base, recent_trend

MARKERS = {"Increasing": "up", "Decreasing": "down", "NoChange": "flat", "CannotBeCalculated": "none"}
SERIES = (
    "DiabetesPrevalence",
    "GpRegisteredPopulationOver65",
    "YorkshireMmrCoverage",
    "DiabeticEyeDisease",
    "EmergencyReadmissions",
    "Under75CancerMortality",
)


def figures(series: str) -> list[np.ndarray]:
    points = published("fingertips_trend_input").query("series == @series").sort_values("year")
    assert len(points) == 5
    return [points[column].to_numpy() for column in ("value", "lower", "upper")]


@pytest.mark.parametrize("series", SERIES)
def test_marker(series: str) -> None:
    # Fingertips calls five values without limits "no change"; ours says so only if asked to.
    found = recent_trend(*figures(series), without_limits="flat")
    row = published("fingertips_trend_expected").set_index("series").loc[series]
    marker = row["expected"].removesuffix("AndGettingWorse").removesuffix("AndGettingBetter")
    assert found.trend == MARKERS[marker]  # Fingertips, tests of the trend markers
    np.testing.assert_allclose(found.slope, row["slope"], rtol=FLOAT)
    np.testing.assert_allclose(found.chi2, row["chi2"], rtol=FLOAT)
    assert row["critical"] == CRITICAL


def test_nothing_is_said_of_values_without_limits() -> None:
    assert recent_trend(*figures("GpRegisteredPopulationOver65")).trend == "none"


def test_one_point_alone_makes_no_trend() -> None:
    values = np.array([10.4, 10.2, 10.1, 10.0, 14.0])
    found = recent_trend(values, values - 0.2, values + 0.2)
    assert found.chi2 > CRITICAL
    assert found.trend == "flat"


def test_change_from_base_leaves_the_base_blank() -> None:
    values = np.array([10.0, 10.5, 14, np.nan, 6])
    found = change_from_base(values, values - 1, values + 1)
    assert found.change.tolist() == ["", "flat", "up", "", "down"]
    assert np.isnan(found.difference[0])
    assert found.lower[2] == pytest.approx(4 - np.sqrt(2), rel=FLOAT)  # Zou & Donner 2008, symmetric case

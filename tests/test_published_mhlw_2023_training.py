"""厚生労働省 在宅医療の研修資料 (2023-09-15): areas whose 65+ grow, share certified; and the counts of late peaks."""

from __future__ import annotations

import pytest

from tests.tolerances import DENOMINATOR_2017, PRINTED_PERCENT
from zaitaku_demand.explanation import late_peaks_2018
from zaitaku_demand.population import load_population
from zaitaku_demand.projection.certified import national_share


def test_areas_whose_older_population_grows_from_2025_to_2040() -> None:
    """135 areas grow and 194 shrink (IPSS 2018, 335 areas without Fukushima's six)."""
    population = load_population("2018", "335")
    aged = population.aged(65)[(population.areas["area_code"] != "0700").to_numpy()]
    change = aged[:, population.years.index(2040)] - aged[:, population.years.index(2025)]
    assert (int((change > 0).sum()), int((change < 0).sum())) == (135, 194)


@pytest.mark.parametrize(("age", "percent"), [("65+", 18.3), ("75+", 31.5), ("85+", 57.8)])
def test_share_certified_in_2020(age: str, percent: float) -> None:
    found = national_share(load_population("2023"), 2020, "2020-09")
    assert found[age] == pytest.approx(percent, abs=PRINTED_PERCENT)


@pytest.mark.parametrize(("band", "areas"), [(75, 73), (85, 168), (90, 299)])
def test_areas_that_peak_in_2040_or_later_by_open_band(band: int, areas: int) -> None:
    """NDB FY2017 sex × age rates × IPSS 2018, 329 areas, grid 2015-2045."""
    assert late_peaks_2018()[band] == pytest.approx(areas, abs=DENOMINATOR_2017)

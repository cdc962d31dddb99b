"""Components of variance over years: place, place by year, chance (McGraw & Wong 1996 for the shares they give)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.research.panel import Series
from zaitaku_demand.research.reliability.over_years import rows_over_years
from zaitaku_demand.research.reliability.settings import ReliabilitySettings
from zaitaku_demand.research.reliability.years import (
    icc_consistency,
    lasting_reliability,
    year_components,
    years_needed,
)

# Shrout & Fleiss 1979, Psychol Bull 86:420, table 2.
RATINGS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)


def test_without_gaps_and_chance_it_is_the_icc_of_consistency() -> None:
    components = year_components(RATINGS, 0.0)
    assert lasting_reliability(components) == pytest.approx(float(icc_consistency(RATINGS).value), rel=FLOAT)
    # Four judges together: ICC(3,4) = 0.91 (Shrout & Fleiss 1979, table 4).
    assert lasting_reliability(components, 4) == pytest.approx(0.91, abs=0.005)


def test_years_needed_give_that_reliability() -> None:
    components = year_components(RATINGS, 0.2)
    for target in (0.7, 0.9):
        assert lasting_reliability(components, years_needed(components, target)) == pytest.approx(target)


def test_what_does_not_last_needs_endless_years() -> None:
    # Each place is high in one year and low in the next.
    table = np.array([[1.0, -1], [-1, 1], [2, -2], [-2, 2]])
    components = year_components(table, 0.0)
    assert components.place == 0
    assert lasting_reliability(components) == 0
    assert years_needed(components, 0.7) == np.inf


@given(st.permutations(range(6)), st.floats(0.1, 10), st.lists(st.floats(-20, 20), min_size=4, max_size=4))
def test_order_scale_and_general_changes_do_not_matter(
    order: list[int], factor: float, shift: list[float]
) -> None:
    plain = year_components(RATINGS, 0.3)
    moved = year_components(RATINGS[order] * factor + np.array(shift), 0.3 * factor**2)
    np.testing.assert_allclose(np.array(moved) / factor**2, np.array(plain), rtol=1e-6, atol=1e-8)
    gaps = np.vstack([RATINGS, np.full(4, np.nan)])
    np.testing.assert_allclose(np.array(year_components(gaps, 0.3)), np.array(plain), rtol=FLOAT)


@pytest.mark.long
def test_components_are_recovered_with_gaps() -> None:
    random = np.random.default_rng(23)
    sets, places, years = 1000, 150, 5
    chance = np.geomspace(0.05, 0.6, places)[:, None].repeat(years, axis=1)
    values = random.normal(0, 1, (sets, places, 1)) + random.normal(0, 1, (sets, 1, years))
    values = values + random.normal(0, np.sqrt(0.4), (sets, places, years))
    values = values + random.normal(0, 1, values.shape) * np.sqrt(chance)
    values[random.random(values.shape) < 0.2] = np.nan
    found = year_components(values, np.where(np.isnan(values), np.nan, chance))
    assert found.place.mean() == pytest.approx(1.0, rel=0.02)
    assert found.place_year.mean() == pytest.approx(0.4, rel=0.02)
    assert found.chance.mean() == pytest.approx(chance.mean(), rel=0.02)


def _series(years: tuple[int, ...]) -> Series:
    random = np.random.default_rng(6)
    shape = (30, len(years))
    exposure = np.full(shape, 500.0)
    events = random.poisson(exposure * random.gamma(9, 1 / 90, (30, 1))).astype(float)
    return Series("X", "poisson", years, events, exposure, 1.0, 100.0, np.ones(shape, np.int8))


def test_one_year_says_nothing_about_lasting() -> None:
    rows = list(rows_over_years(_series((2020,)), ReliabilitySettings()))
    assert {row["note"] for row in rows} == {"one_year"}
    assert all("estimate" not in row for row in rows)


def test_rows_hold_shares_that_add_up() -> None:
    rows = list(rows_over_years(_series((2018, 2019, 2020)), ReliabilitySettings(bootstrap=60)))
    found = {(row["statistic"], row.get("method")): row for row in rows}
    shares = [
        found[name, "components"]["estimate"]
        for name in ("variance_place", "variance_place_year", "variance_chance")
    ]
    assert sum(map(float, map(str, shares))) == pytest.approx(1.0)
    assert ("split_year_odd_even", "concordance") in found
    assert found["icc", "icc_agreement"]["n_places"] == 30


def test_a_large_constant_swallows_nothing() -> None:
    """Figures of millions that differ by ones, as an outcome of the user's own may have them."""
    gaps = RATINGS.copy()
    gaps[0, 1] = np.nan
    for table in (RATINGS, gaps):
        plain, far = year_components(table, 0.1), year_components(table + 1e9, 0.1)
        np.testing.assert_allclose(far, plain, rtol=1e-6)

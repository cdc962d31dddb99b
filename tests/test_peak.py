"""Peaks: grid, annual, plateau, censoring."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.builders import YEARS, population, rates
from zaitaku_demand.projection.peak import find_peaks, peak_class, peak_classes, plateau, tidy_peaks
from zaitaku_demand.projection.project import project

EVERY_YEAR = tuple(range(YEARS[0], YEARS[-1] + 1))


def peaks_of(series: list[list[float]]):
    people = np.zeros((len(series), len(YEARS), 1, 19))
    people[..., 0, 18] = series
    grid_population = population(people)
    profile = np.ones((1, 1, 19))
    grid = project(grid_population, rates(profile, grid_population))
    annual = project(grid_population.at_years(EVERY_YEAR), rates(profile, grid_population))
    return find_peaks(grid, annual), grid, annual


def test_grid_annual_and_censoring() -> None:
    found, grid, _ = peaks_of([[1, 2, 3, 9, 3, 2, 1], [1, 2, 3, 4, 5, 6, 7], [9, 8, 7, 6, 5, 4, 3]])
    assert found.year_grid[0].tolist() == [2035, 2050, 2020]
    assert found.year_annual[0].tolist() == [2035, 2050, 2020]
    assert found.censored[0].tolist() == [False, True, False]
    frame = tidy_peaks(found, grid)
    assert frame["peak_class"].tolist() == ["2035年", "2050年以降", "2020年以前"]
    assert frame["growth"].tolist() == pytest.approx(
        [frame["peak_value"][row] / frame["base_value"][row] - 1 for row in range(3)]
    )


def test_the_first_of_equal_years_is_the_peak() -> None:
    found, _, _ = peaks_of([[5, 5, 5, 5, 5, 5, 5]])
    assert found.year_grid[0, 0] == 2020
    assert (found.plateau_start[0, 0], found.plateau_end[0, 0]) == (2020, 2050)


def test_labels_follow_the_horizon() -> None:
    assert [label.ja for label in peak_classes((2015, 2020, 2025))] == ["2015年以前", "2020年", "2025年以降"]
    assert peak_class(2040, (2020, 2025, 2030, 2035, 2040)).ja == "2040年以降"


@given(arrays(np.float64, (5, 31), elements=st.floats(1, 1000)))
def test_plateau_is_an_unbroken_run_within_the_share(values: np.ndarray) -> None:
    position = values.argmax(axis=1)
    start, end = plateau(values, position, 0.99)
    for row in range(5):
        top = values[row, position[row]]
        assert start[row] <= position[row] <= end[row]
        assert (values[row, start[row] : end[row] + 1] >= 0.99 * top).all()
        assert start[row] == 0 or values[row, start[row] - 1] < 0.99 * top
        assert end[row] == 30 or values[row, end[row] + 1] < 0.99 * top


@given(arrays(np.float64, (3, len(YEARS)), elements=st.integers(1, 10_000).map(float)))
def test_annual_steps_keep_the_published_years_and_make_no_peak_of_their_own(series: np.ndarray) -> None:
    found, grid, annual = peaks_of(series.tolist())
    places = [EVERY_YEAR.index(year) for year in YEARS]
    assert np.array_equal(annual.values[:, :, places], grid.values)
    assert np.allclose(found.peak_value, found.peak_value_annual, rtol=1e-12)
    low = np.minimum.reduceat(series, range(len(YEARS)), axis=1)
    assert (annual.values[0].min(axis=1) >= low.min(axis=1) - 1e-9).all()


def test_a_series_of_noughts_has_no_growth() -> None:
    found, grid, _ = peaks_of([[0] * 7])
    assert np.isnan(tidy_peaks(found, grid)["growth"][0])

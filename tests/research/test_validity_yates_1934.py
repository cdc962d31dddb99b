"""Years put together where not every place has every year: levels of the years by a two-way fit with unequal numbers.

Yates 1934, J Am Stat Assoc 29:51. The paper's tables are not at hand; the fit is recomputed with Poisson regression and with
weighted least squares on all dummies (statsmodels), and on simulated places with known levels.
"""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.research.reliability_real import real_panel
from zaitaku_demand.research.core_set.criteria import level_values
from zaitaku_demand.research.panel import Series
from zaitaku_demand.research.validity.pooling import latest_years, pool, year_levels

LARGE_COUNTS = 3e-3
"""Weighted least squares of logarithms and the likelihood differ by the order of one over the counts."""
UNBIASED = 0.02
EXACT = 1e-9
RISE = np.array([1.0, 1.3, 1.9])


def _series(events: np.ndarray, size: np.ndarray, kind: str = "poisson") -> Series:
    years = tuple(range(2020, 2020 + events.shape[1]))
    shown = np.where(np.isnan(events), 3, 1).astype(np.int8)
    return Series("X", kind, years, events, np.where(np.isnan(events), np.nan, size), 1.0, 1.0, shown)  # type: ignore[arg-type]


def _rising(seed: int = 3, places: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Exact counts, exposures and true rates of places in three years that all rise alike."""
    random = np.random.default_rng(seed)
    size = random.uniform(200, 4000, (places, 3))
    rate = random.uniform(0.01, 0.1, places)
    return rate[:, None] * RISE * size, size, rate


def _hidden(events: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return np.asarray(random.random(events.shape) < np.array([0.6, 0.5, 0.0]))


def test_without_differences_of_their_own_the_levels_are_those_of_poisson_regression() -> None:
    random = np.random.default_rng(1)
    mean, size, _ = _rising()
    events = random.poisson(30 * mean).astype(float)
    known = ~_hidden(events, random)
    x, n = np.where(known, events, 0.0), np.where(known, 30 * size, 0.0)
    place, year = np.indices(events.shape)
    design = np.column_stack(
        [(place[known][:, None] == np.arange(len(x))).astype(float), year[known] == 1, year[known] == 2]
    )
    fit = sm.GLM(x[known], design, family=sm.families.Poisson(), offset=np.log(n[known])).fit()
    found = year_levels(x, n)
    assert np.log(found[1:] / found[0]) == pytest.approx(fit.params[-2:], abs=LARGE_COUNTS)
    assert (n @ found).sum() == pytest.approx(n.sum(), rel=EXACT)


def test_with_large_differences_of_their_own_places_count_alike() -> None:
    random = np.random.default_rng(2)
    mean, size, _ = _rising()
    events = np.rint(1000 * mean * random.lognormal(0, 0.3, mean.shape))
    known = ~_hidden(events, random)
    x, n = np.where(known, events, 0.0), np.where(known, 1000 * size, 0.0)
    place, year = np.indices(events.shape)
    design = np.column_stack(
        [(place[known][:, None] == np.arange(len(x))).astype(float), year[known] == 1, year[known] == 2]
    )
    plain = sm.OLS(np.log(x[known] / n[known]), design).fit()
    found = year_levels(x, n)
    assert np.log(found[1:] / found[0]) == pytest.approx(plain.params[-2:], abs=LARGE_COUNTS)


def test_a_few_large_places_do_not_set_the_level_of_all() -> None:
    """One place with half of all events doubles alone: the others keep their years, unlike with the sums."""
    events, size, _ = _rising()
    events = events / RISE
    events[0], size[0] = events.sum() * np.array([1.0, 1.5, 2.0]) / 3, size.sum() / 3
    x, n = events.copy(), size.copy()
    x[20:, :2] = n[20:, :2] = 0.0
    found = year_levels(x, n)
    assert np.abs(np.log(found[1:] / found[0])).max() < 0.1
    sums = events.sum(axis=0) / size.sum(axis=0)
    assert sums[2] / sums[0] > 1.4


@pytest.mark.long
def test_known_levels_are_found_without_bias() -> None:
    random = np.random.default_rng(4)
    found = []
    for _ in range(300):
        size = random.lognormal(8, 1, (200, 3))
        rate = random.gamma(4, 0.01, 200)
        events = random.poisson(rate[:, None] * RISE * size * random.lognormal(-0.02, 0.2, size.shape))
        # Small places are hidden in the earlier years, as in the NDB.
        shown = np.column_stack([size[:, :2] > np.exp(8.3), np.ones(200)]).astype(bool)
        levels = year_levels(np.where(shown, events, 0.0), np.where(shown, size, 0.0))
        found.append(levels[1:] / levels[0])
    assert np.mean(found, axis=0) == pytest.approx(RISE[1:], rel=UNBIASED)


def test_a_place_shown_in_the_latest_year_only_does_not_look_high() -> None:
    events, size, rate = _rising()
    hidden = events.copy()
    hidden[:20, :2] = np.nan
    found = pool(_series(hidden, size), (2020, 2021, 2022))
    # All places rise alike, so the order and the ratios are those of the true rates.
    assert found.rate / found.rate[-1] == pytest.approx(rate / rate[-1], rel=1e-6)
    plain = np.nansum(hidden, axis=1) / np.where(np.isnan(hidden), 0.0, size).sum(axis=1)
    assert (plain / plain[-1])[:20].mean() > 1.2 * (rate / rate[-1])[:20].mean()


def test_where_every_place_has_every_year_nothing_changes() -> None:
    events, size, _ = _rising()
    found = pool(_series(events, size), (2020, 2021, 2022))
    assert found.rate == pytest.approx(events.sum(axis=1) / size.sum(axis=1), rel=EXACT)
    assert (year_levels(events, size) == 1).all()


def test_proportions_are_put_together_as_they_are() -> None:
    events, size, _ = _rising()
    events[:20, :2] = np.nan
    found = pool(_series(events, size, "binomial"), (2020, 2021, 2022))
    shown = ~np.isnan(events)
    assert found.size == pytest.approx(np.where(shown, size, 0).sum(axis=1), rel=EXACT)


def test_a_year_without_any_event_hides_no_place() -> None:
    events, size, _ = _rising(places=12)
    events[:, 0] = 0.0
    events[3:, 0] = np.nan
    events[0, 1:] = np.nan
    found = pool(_series(events, size), (2020, 2021, 2022))
    assert found.rate[0] == 0
    assert np.isfinite(found.rate).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 50))
def test_order_of_places_and_unit_of_the_exposure_change_nothing(seed: int, factor: float) -> None:
    random = np.random.default_rng(seed)
    mean, size, _ = _rising(seed)
    events = random.poisson(mean).astype(float)
    events[random.random(events.shape) < 0.4] = np.nan
    order = random.permutation(len(events))
    years = (2020, 2021, 2022)
    first = pool(_series(events, size), years)
    again = pool(_series(events[order], size[order] * factor), years)
    assert again.relative == pytest.approx(first.relative[order], rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("name", ["O-A-2-N", "P-E-1-D"])
def test_the_real_areas_are_compared_within_their_years(name: str) -> None:
    """Half of the areas have FY2022 only, when night calls and terminal care were more than in the years before."""
    panel = real_panel("area")
    series = panel[name]
    years = latest_years(series, 3)
    found = pool(series, years)
    part = series.in_years(years)
    shown = ~np.isnan(part.numerator)
    latest_only = shown[:, -1] & ~shown[:, :-1].any(axis=1)
    complete = shown.all(axis=1)
    assert min(latest_only.sum(), complete.sum()) > 50
    # Against places with all years, one with FY2022 alone stands as it does in FY2022.
    middle = np.exp(np.log(part.rate[complete]).mean(axis=0))
    here = np.where(latest_only & (part.rate[:, -1] > 0), part.rate[:, -1] / middle[-1], np.nan)
    plain = np.nansum(part.numerator, axis=1) / np.where(shown, part.exposure, 0.0).sum(axis=1).clip(1)
    typical = [np.exp(np.log(rate[complete]).mean()) for rate in (found.rate, plain)]
    far, far_plain = (
        np.nanmean(np.abs(np.log(rate / each / here)))
        for rate, each in zip((found.rate, plain), typical, strict=True)
    )
    assert far < 0.5 * far_plain
    # The same figures go into the clusters of the core set.
    assert level_values(panel, [name], 3)[0] == pytest.approx(found.rate, nan_ok=True)

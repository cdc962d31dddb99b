"""Simulated data with known truth: intervals cover nominally, and stated probabilities of the peak come true.

The truth comes from the definition of the model written down apart from the engine, with random numbers of its own.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.draws import worlds
from zaitaku_demand.projection.draws.draw_peaks import by_year
from zaitaku_demand.projection.draws.engine import simulate
from zaitaku_demand.projection.draws.results import QUANTILES, DrawResult
from zaitaku_demand.projection.draws.settings import DrawSettings
from zaitaku_demand.projection.draws.table import draw_table

POINTS = 0.02
"""Coverage is nominal within 2 points."""
RELIABILITY = 0.03
"""Share of the peaks by year Y in a bin of stated probabilities: 3 points, as areas of a world share their fate."""
TRUTHS = 3_000
AREAS = 7

FIRST, LAST = QUANTILES.index(0.025), QUANTILES.index(0.975)
LOW, HIGH = QUANTILES.index(0.1), QUANTILES.index(0.9)


@pytest.fixture(scope="module", params=[1.0, 2.5], ids=["little", "much"])
def world(request: pytest.FixtureRequest) -> tuple[DrawResult, np.ndarray]:
    """Draws, and outcomes (truths, areas, years) of the same model."""
    principal = worlds.principal(AREAS, seed=4)
    sources = worlds.sources(principal, size=request.param)
    result = simulate(principal, sources, draw_table(principal, sources, DrawSettings(runs=10_000)))
    return result, np.stack([worlds.truth(principal, sources, seed) for seed in range(TRUTHS)])


def sums(result: DrawResult, truths: np.ndarray) -> list[tuple[object, np.ndarray]]:
    by_prefecture = np.stack(
        [truths[:, :3].sum(axis=1), truths[:, 3:6].sum(axis=1), truths[:, 6:].sum(axis=1)], axis=1
    )
    whole = truths.sum(axis=1, keepdims=True)
    return [(result.area, truths), (result.prefecture, by_prefecture), (result.nation, whole)]


@pytest.mark.long
def test_intervals_cover_nominally(world: tuple[DrawResult, np.ndarray]) -> None:
    later = slice(worlds.YEARS.index(2023), None)  # nothing about a prefecture is uncertain before
    for level, outcome in sums(*world):
        for lower, upper, nominal in ((LOW, HIGH, 0.80), (FIRST, LAST, 0.95)):
            limits = level.quantiles[:, later].transpose(0, 2, 1)
            inside = (outcome[:, :, later] >= limits[lower]) & (outcome[:, :, later] <= limits[upper])
            assert np.abs(inside.mean(axis=(0, 1)) - nominal).max() < POINTS, level.level


@pytest.mark.long
def test_the_peak_year_is_calibrated(world: tuple[DrawResult, np.ndarray]) -> None:
    years = np.arange(len(worlds.YEARS))
    for level, outcome in sums(*world):
        stated = by_year(level.peak_probability.T)
        came = (outcome.argmax(axis=2)[:, :, None] <= years).mean(axis=0)
        bins = np.digitize(stated, np.linspace(0, 1, 11)[1:-1])
        uncertain = (stated > 0.001) & (stated < 0.999)
        assert uncertain.sum() >= 3
        for one in np.unique(bins[uncertain]):
            inside = uncertain & (bins == one)
            assert abs(stated[inside].mean() - came[inside].mean()) < RELIABILITY, (level.level, one)


@pytest.mark.long
def test_the_probability_integral_of_the_peak_year_is_uniform(world: tuple[DrawResult, np.ndarray]) -> None:
    """Randomised within the year, the cumulated probability of the true peak is uniform (Smith 1985)."""
    random = np.random.default_rng(5)
    result, truths = world
    for place in range(AREAS):
        steps = np.concatenate([[0.0], by_year(result.area.peak_probability[:, place])])
        peak = truths[:, place].argmax(axis=1)
        at = steps[peak] + random.uniform(size=len(peak)) * (steps[peak + 1] - steps[peak])
        below = np.array([(at <= share).mean() for share in np.linspace(0.1, 0.9, 9)])
        assert np.abs(below - np.linspace(0.1, 0.9, 9)).max() < RELIABILITY

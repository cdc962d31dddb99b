"""Simulated data with known truth: intervals cover nominally, and stated probabilities of the peak come true.

The truth comes from the definition of the model written down apart from the engine, with random numbers of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from tests.draws import worlds
from zaitaku_demand.projection.draws.draw_peaks import by_year
from zaitaku_demand.projection.draws.engine import simulate
from zaitaku_demand.projection.draws.results import QUANTILES, DrawResult, LevelResult
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


@dataclass(frozen=True)
class World:
    """Draws, and outcomes of the same model: areas, prefectures and nation, arrays (truths, places, years).

    `courses` are the outcomes whose peaks are looked for: with half of the variance that places have for themselves put
    back, so that their median has the course of the projection.
    """

    result: DrawResult
    outcomes: list[np.ndarray]
    courses: list[np.ndarray]

    def levels(self, outcomes: list[np.ndarray]) -> list[tuple[LevelResult, np.ndarray]]:
        return list(
            zip((self.result.area, self.result.prefecture, self.result.nation), outcomes, strict=True)
        )


@pytest.fixture(scope="module", params=[1.0, 2.5], ids=["little", "much"])
def world(request: pytest.FixtureRequest) -> World:
    principal = worlds.principal(AREAS, seed=4)
    sources = worlds.sources(principal, size=request.param)
    result = simulate(principal, sources, draw_table(principal, sources, DrawSettings(runs=10_000)))
    truths = np.stack([worlds.truth(principal, sources, seed) for seed in range(TRUTHS)])
    groups = (slice(0, 3), slice(3, 6), slice(6, 7))
    by_prefecture = np.stack([truths[:, inside].sum(axis=1) for inside in groups], axis=1)
    whole = truths.sum(axis=1, keepdims=True)
    own = worlds.own_variance(principal, sources, ("prefecture", "area"))
    shared = worlds.own_variance(principal, sources, ("prefecture",))
    value = principal.projection.values[0]
    mean = np.stack(
        [np.average(shared[inside], axis=0, weights=value[inside].mean(axis=1)) for inside in groups]
    )
    courses = [truths * np.exp(own / 2), by_prefecture * np.exp(mean / 2), whole]
    return World(result, [truths, by_prefecture, whole], courses)


@pytest.mark.long
def test_intervals_cover_nominally(world: World) -> None:
    later = slice(worlds.YEARS.index(2023), None)  # nothing about a prefecture is uncertain before
    for level, outcome in world.levels(world.outcomes):
        for lower, upper, nominal in ((LOW, HIGH, 0.80), (FIRST, LAST, 0.95)):
            limits = level.quantiles[:, later].transpose(0, 2, 1)
            inside = (outcome[:, :, later] >= limits[lower]) & (outcome[:, :, later] <= limits[upper])
            assert np.abs(inside.mean(axis=(0, 1)) - nominal).max() < POINTS, level.level


@pytest.mark.long
def test_the_peak_year_is_calibrated(world: World) -> None:
    years = np.arange(len(worlds.YEARS))
    for level, outcome in world.levels(world.courses):
        stated = by_year(level.peak_probability.T)
        came = (outcome.argmax(axis=2)[:, :, None] <= years).mean(axis=0)
        bins = np.digitize(stated, np.linspace(0, 1, 11)[1:-1])
        uncertain = (stated > 0.001) & (stated < 0.999)
        assert uncertain.sum() >= 3
        for one in np.unique(bins[uncertain]):
            inside = uncertain & (bins == one)
            assert abs(stated[inside].mean() - came[inside].mean()) < RELIABILITY, (level.level, one)


@pytest.mark.long
def test_the_probability_integral_of_the_peak_year_is_uniform(world: World) -> None:
    """Randomised within the year, the cumulated probability of the true peak is uniform (Smith 1985)."""
    random = np.random.default_rng(5)
    for place in range(AREAS):
        steps = np.concatenate([[0.0], by_year(world.result.area.peak_probability[:, place])])
        peak = world.courses[0][:, place].argmax(axis=1)
        at = steps[peak] + random.uniform(size=len(peak)) * (steps[peak + 1] - steps[peak])
        below = np.array([(at <= share).mean() for share in np.linspace(0.1, 0.9, 9)])
        assert np.abs(below - np.linspace(0.1, 0.9, 9)).max() < RELIABILITY

"""Small worlds whose truth is known: a projection, four sources, and the model of a run written down plainly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.builders import population, rates
from zaitaku_demand.projection.draws.factors import (
    AgeFactors,
    LevelFactor,
    PlaceFactors,
    Principal,
    RandomSource,
)
from zaitaku_demand.projection.project import project
from zaitaku_demand.rates.path import RatePath

YEARS = tuple(range(2020, 2051))


def principal(
    areas: int = 7,
    seed: int = 0,
    sexes: tuple[str, ...] = ("male", "female"),
    path: RatePath | None = None,
    ratio: np.ndarray | None = None,
    second_service: bool = False,
) -> Principal:
    """Areas whose peaks differ: the young of some, the old of others grow for longer."""
    random = np.random.default_rng(seed)
    time = np.arange(len(YEARS)) / 30
    middle = random.uniform(0.2, 1.1, (areas, 1, 1, 1)) + np.linspace(0, 0.3, 19)
    people = 1000 * np.exp(-4 * (time[None, :, None, None] - middle) ** 2) * np.ones((1, 1, len(sexes), 1))
    one = np.linspace(0.001, 0.2, 19) ** 2 * np.ones((len(sexes), 1))
    profile = np.stack([one, one[:, ::-1]]) if second_service else one[None]
    world = population(people, sexes, YEARS)
    if ratio is None:
        ratio = random.uniform(0.5, 2, (len(profile), areas))
    return Principal(project(world, rates(profile, world, ratio), path))


def sources(principal: Principal, size: float = 1.0, within_prefecture: bool = True) -> list[RandomSource]:
    """Four sources, every kind of factor among them; `size` multiplies all standard deviations."""
    areas, years, sexes, ages = principal.projection.population.values.shape
    horizon = np.maximum(np.array(principal.projection.years) - 2022, 0) / 28
    gradient = np.linspace(-1, 1, ages) * np.ones((sexes, 1))
    rising = horizon[:, None, None]
    flat = np.ones((sexes, ages))
    split = np.zeros((1, years, sexes, ages))
    split[0, horizon > 0, :, -2:] = (-0.05 * size, 0.1 * size)
    own = horizon * np.linspace(0.05, 0.15, areas)[:, None]
    return [
        RandomSource("level", level=LevelFactor(np.linspace(50, 500, areas) / size**2, within_prefecture)),
        RandomSource(
            "future_rates",
            age=AgeFactors(
                ("level", "gradient"), size * np.stack([0.1 * rising * flat, 0.1 * rising * gradient])
            ),
            place=(
                PlaceFactors(("rate",), "prefecture", size * 0.08 * horizon * np.ones((1, areas, 1))),
                PlaceFactors(("rate",), "nation", size * 0.05 * horizon * np.ones((1, areas, 1))),
                PlaceFactors(("own",), "area", size * 1.5 * own[None], within_prefecture=True),
            ),
        ),
        RandomSource(
            "population",
            age=AgeFactors(("old",), size * 0.05 * rising[None] * (1 + gradient)),
            place=(PlaceFactors(("drift", "bend"), "area", size * np.stack([own, own * horizon])),),
        ),
        RandomSource("open_band", age=AgeFactors(("split",), split)),
    ]


def reordered(principal: Principal, places: np.ndarray) -> Principal:
    """The same projection with some of its areas, in another order."""
    old = principal.projection
    people = replace(
        old.population,
        values=old.population.values[places],
        areas=old.population.areas.iloc[places].reset_index(drop=True),
    )
    fewer = replace(
        old.rates,
        ratio=old.rates.ratio[:, places],
        group=old.rates.group[places],
        estimated_share=old.rates.estimated_share[:, places],
    )
    return Principal(project(people, fewer), principal.service)


def sources_at(all_sources: list[RandomSource], places: np.ndarray) -> list[RandomSource]:
    """The same sources for some areas."""
    return [
        replace(
            one,
            place=tuple(replace(factors, loadings=factors.loadings[:, places]) for factors in one.place),
            level=None if one.level is None else replace(one.level, shape=one.level.shape[places]),
        )
        for one in all_sources
    ]


def moved(
    principal: Principal, factors: PlaceFactors, loadings: np.ndarray, z: np.ndarray, random: bool = True
) -> np.ndarray:
    """What one factor does to the logarithm of every area and year, from z by area; array (areas, years).

    Deviations from the prefecture lose its weighted mean, and places with a factor of their own half of its variance:
    written for one area after the other.
    """
    out = loadings * z[:, None]
    if factors.level == "nation":
        return out
    variance = loadings**2
    if factors.within_prefecture:
        prefecture = principal.projection.population.areas["prefecture_code"].to_numpy(str)
        value = principal.parts().sum(axis=(2, 3))  # what the factors act on: nothing added, no ceiling
        raw, variance = out.copy(), np.zeros_like(out)
        for area in range(len(z)):
            inside = prefecture == prefecture[area]
            share = value[inside] / value[inside].sum(axis=0)
            out[area] = raw[area] - (share * raw[inside]).sum(axis=0)
            # the coefficient of every z of the prefecture in this area's deviation
            own = (np.flatnonzero(inside) == area)[:, None] - share
            variance[area] = ((own * loadings[inside]) ** 2).sum(axis=0)
    return out - variance / 2 if random else out


def own_variance(
    principal: Principal, all_sources: list[RandomSource], levels: tuple[str, ...]
) -> np.ndarray:
    """Variance of what places of these levels have each for themselves, array (areas, years)."""
    count = len(principal.projection.population.areas)
    out = np.zeros((count, len(principal.projection.years)))
    for source in all_sources:
        for factors in source.place:
            for loadings in factors.loadings if factors.level in levels else ():
                # at z = 0 nothing is left of a factor but half of its variance, taken off
                out -= 2 * moved(principal, factors, loadings, np.zeros(count))
    return out


def truth(principal: Principal, all_sources: list[RandomSource], seed: int) -> np.ndarray:
    """One outcome of the model, array (areas, years), written as its definition says; numbers of its own."""
    random = np.random.default_rng(seed)
    prefecture = principal.projection.population.areas["prefecture_code"].to_numpy(str)
    parts = principal.parts()
    value = np.zeros(parts.shape[:2])
    by_age = np.zeros(parts.shape[1:])
    by_place = np.zeros(parts.shape[:2])
    level = np.ones(len(parts))
    for source in all_sources:
        if source.age is not None:
            for loadings in source.age.loadings:
                by_age += loadings * random.standard_normal()
        for factors in source.place:
            for loadings in factors.loadings:
                common, each = random.standard_normal(), random.standard_normal(len(parts))
                if factors.level == "prefecture":
                    _, own = np.unique(prefecture, return_inverse=True)
                    each = random.standard_normal(own.max() + 1)[own]
                z = np.full(len(parts), common) if factors.level == "nation" else each
                by_place += moved(principal, factors, loadings, z)
        if source.level is not None:
            level = random.gamma(source.level.shape, 1 / source.level.shape)
            if source.level.within_prefecture:
                weight = principal.projection.values[principal.service][:, YEARS.index(2022)]
                for code in np.unique(prefecture):
                    inside = prefecture == code
                    level[inside] /= np.average(level[inside], weights=weight[inside])
    value = (parts * np.exp(by_age)).sum(axis=(2, 3)) * np.exp(by_place) * level[:, None]
    return value

"""One run as arrays: what of a value acts by age, what by place, what as a level.

    value = min(ceiling, added + level × exp(sum_k place_k z_k - own/2) × sum_ages part × exp(sum_c age_c z_c))

`own` is the variance of the factors that prefectures or areas have each for themselves: with half of it taken off their
mean is 1, and what places add up to stays where the projection has it. Factors of the whole country have median 1. In
the principal row neither is there. Factors that are deviations from the prefecture have its weighted mean taken off.

The sum over ages is written as ``core + sum part × (exp(...) - 1)``: with every z at 0 nothing is added to `core`,
which is the value of the projection itself, so row 0 has its very bits. Sexes and ages with equal loadings move
together and are one column of the matrix product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from zaitaku_demand.projection.draws.factors import AgeFactors, Principal, RandomSource
from zaitaku_demand.projection.draws.table import LEVEL, DrawTable, Kind, check_source, place_codes
from zaitaku_demand.projection.project import project

FloatArray = npt.NDArray[np.float64]
SingleArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

LEVEL_KINDS: tuple[Kind, ...] = ("level", "prefecture_level")
ONE_THREAD = 2**18
"""Multiplications up to which OpenBLAS (interface/gemm.c) leaves a product in the calling thread. Larger products wake
its own threads, which would take the processors from the threads of the draws."""


@dataclass(frozen=True)
class PlaceTerm:
    """One factor by place.

    Attributes
    ----------
    loadings : array (areas, years)
    z : float32 array (places, rows)
    place : array (areas,) of int
        Row of `z` that an area has.
    level : str
        ``nation``, ``prefecture`` or ``area``: who has it each for themselves.
    share : array (areas, years), or None
        Share of the area in the mean of its prefecture that is taken off; None if nothing is.
    """

    loadings: FloatArray
    z: SingleArray
    place: IntArray
    level: str
    share: FloatArray | None

    def variance(self, prefecture: IntArray) -> FloatArray:
        """Variance of what an area has for itself, array (areas, years)."""
        square = self.loadings**2
        if self.level == "nation":
            return np.zeros_like(square)
        if self.share is None:
            return square
        mean = np.zeros((int(prefecture.max()) + 1, square.shape[1]))
        np.add.at(mean, prefecture, self.share**2 * square)
        return np.asarray(square * (1 - 2 * self.share) + mean[prefecture])


@dataclass(frozen=True)
class LevelTerm:
    """Levels of areas or prefectures.

    Attributes
    ----------
    values : float32 array (places, rows)
    place : array (areas,) of int
        Row of `values` that an area has.
    """

    values: SingleArray
    place: IntArray


@dataclass(frozen=True)
class RunModel:
    """Arrays of all runs of a table.

    Attributes
    ----------
    parts : array (areas, years, 1 + groups)
        The projection without added patients and ceiling, then the part of every group of ages that moves.
    effect : array (years, 1 + groups, rows)
        1, then ``exp(sum of age loadings × z) - 1`` of every group.
    terms : tuple of PlaceTerm
    random : array (rows,)
        0 for the principal row, 1 for all others.
    prefecture : array (areas,) of int
    own : array (areas, years)
        Variance of the terms that prefectures or areas have each for themselves.
    own_of_prefecture : array (prefectures, years)
        The same of the terms of prefectures alone, as a mean over their areas.
    levels : tuple of LevelTerm
    added, ceiling : array (areas, years), or None if they change nothing
    ceiling_moves : bool
        Whether the ceiling is relative to the base year and so moves with the level of the run.
    """

    parts: FloatArray
    effect: FloatArray
    terms: tuple[PlaceTerm, ...]
    random: FloatArray
    prefecture: IntArray
    own: FloatArray
    own_of_prefecture: FloatArray
    levels: tuple[LevelTerm, ...]
    added: FloatArray | None
    ceiling: FloatArray | None
    ceiling_moves: bool

    @property
    def rows(self) -> int:
        """Number of runs, the principal included."""
        return int(self.effect.shape[2])

    def values(self, areas: IntArray) -> FloatArray:
        """Values of these areas in all runs, array (areas, years, rows)."""
        out = self.by_age(areas)
        self.scale(out, areas)
        self.finish(out, areas)
        return out

    def by_age(self, areas: IntArray) -> FloatArray:
        """The sum over sexes and ages with its factors, array (areas, years, rows)."""
        parts = self.parts[areas]
        out = np.empty((len(areas), parts.shape[1], self.rows))
        for year in range(parts.shape[1]):
            product(parts[:, year], self.effect[year], out[:, year])
        return out

    def scale(self, values: FloatArray, areas: IntArray) -> None:
        """Multiply values (areas, years, rows) by the factors of their place and their levels, in place."""
        means: dict[int, FloatArray | None] = {}
        for one, area in zip(values, areas, strict=True):
            moving = [term for term in self.terms if term.loadings[area].any()]
            if moving:
                loadings = np.stack(
                    [*(term.loadings[area] for term in moving), -0.5 * self.own[area]], axis=1
                )
                z = np.stack([*(term.z[term.place[area]] for term in moving), self.random], dtype=np.float64)
                factor = product(loadings, z, np.empty((len(loadings), self.rows)))
                home = int(self.prefecture[area])
                if home not in means:
                    means[home] = self._mean(home)
                mean = means[home]
                if mean is not None:
                    factor -= mean
                np.exp(factor, out=factor)
                one *= factor
            for level in self.levels:
                one *= level.values[level.place[area]]

    def _mean(self, prefecture: int) -> FloatArray | None:
        """What the deviations of a prefecture's areas have in common, array (years, rows); None if there are none."""
        inside = np.flatnonzero(self.prefecture == prefecture)
        shares, z = [], []
        for term in self.terms:
            if term.share is not None:
                shares.append(term.share[inside] * term.loadings[inside])
                z.append(term.z[term.place[inside]])
        if not shares:
            return None
        loadings = np.ascontiguousarray(np.concatenate(shares).T)
        drawn = np.concatenate(z).astype(np.float64)
        return product(loadings, drawn, np.empty((len(loadings), self.rows)))

    def finish(self, values: FloatArray, areas: IntArray, *, with_levels: bool = True) -> None:
        """Add the patients of the path and apply its ceiling, in place; without levels a ceiling does not move."""
        if self.added is not None:
            values += self.added[areas][:, :, None]
        if self.ceiling is None:
            return
        for one, area in zip(values, areas, strict=True):
            top = np.repeat(self.ceiling[area][:, None], self.rows, axis=1)
            for level in self.levels if self.ceiling_moves and with_levels else ():
                top *= level.values[level.place[area]]
            np.minimum(one, top, out=one)


def run_model(principal: Principal, sources: Sequence[RandomSource], table: DrawTable) -> RunModel:
    """Arrays of a principal projection with the sources that have columns in a table.

    Raises
    ------
    InputError
        If arrays of a source do not fit the projection.
    """
    terms: list[PlaceTerm] = []
    levels: list[LevelTerm] = []
    shares = _shares(principal)
    ages: list[tuple[AgeFactors, SingleArray]] = []
    for source in sources:
        if source.id not in table.sources:
            continue
        check_source(principal, source)
        if source.age is not None and source.age.names:
            columns = [table.find(source.id, "age", name) for name in source.age.names]
            ages.append((source.age, np.concatenate([one.values for one in columns if one is not None])))
        for place in source.place:
            _, own = place_codes(principal, place.level)
            for name, loadings in zip(place.names, place.loadings, strict=True):
                found = table.find(source.id, place.level, name)
                assert found is not None
                share = shares if place.within_prefecture else None
                terms.append(PlaceTerm(np.nan_to_num(loadings), found.values, own, place.level, share))
        for kind in LEVEL_KINDS:
            found = table.find(source.id, kind, LEVEL)
            if found is not None:
                levels.append(LevelTerm(found.values, place_codes(principal, kind)[1]))
    added, ceiling = _bounds(principal)
    parts, effect = _age_part(principal, ages, table.rows)
    random = np.ones(table.rows)
    random[0] = float(table.first > 0)
    _, prefecture = place_codes(principal, "prefecture")
    variances = np.zeros(principal.projection.values.shape[1:])
    shared = np.zeros_like(variances)
    for term in terms:
        variance = term.variance(prefecture)
        variances += variance
        if term.level == "prefecture":
            shared += variance
    mean: FloatArray = np.zeros((int(prefecture.max()) + 1, len(principal.projection.years)))
    np.add.at(mean, prefecture, shares * shared)
    moves = principal.projection.path.ceiling_moves
    return RunModel(
        parts,
        effect,
        tuple(terms),
        random,
        prefecture,
        variances,
        mean,
        tuple(levels),
        added,
        ceiling,
        moves,
    )


def product(left: FloatArray, right: FloatArray, out: FloatArray) -> FloatArray:
    """Matrix product of (m, k) and (k, n) into `out` (m, n), in pieces that stay in the calling thread."""
    width = max(1, ONE_THREAD // max(1, left.size))
    for start in range(0, right.shape[1], width):
        piece = slice(start, start + width)
        np.matmul(left, right[:, piece], out=out[:, piece])
    return out


def _shares(principal: Principal) -> FloatArray:
    """Share of every area in its prefecture, array (areas, years); 0 where the prefecture has nothing."""
    values = np.nan_to_num(_core(principal))
    _, prefecture = place_codes(principal, "prefecture")
    total = np.zeros((int(prefecture.max()) + 1, values.shape[1]))
    np.add.at(total, prefecture, values)
    whole = total[prefecture]
    return np.asarray(np.divide(values, whole, out=np.zeros_like(values), where=whole > 0))


def _bounds(principal: Principal) -> tuple[FloatArray | None, FloatArray | None]:
    path = principal.projection.path
    added = np.broadcast_to(path.added, principal.projection.values.shape)[principal.service]
    ceiling = np.broadcast_to(path.ceiling, principal.projection.values.shape)[principal.service]
    return (added if added.any() else None), (ceiling if np.isfinite(ceiling).any() else None)


def _core(principal: Principal) -> FloatArray:
    """Values before added patients and ceiling, with the bits that the projection has."""
    projection, path = principal.projection, principal.projection.path
    if not path.added.any() and np.isinf(path.ceiling).all():
        return np.asarray(projection.values[principal.service])
    bare = replace(path, added=np.zeros((1, 1, 1)), ceiling=np.full((1, 1, 1), np.inf))
    return np.asarray(project(projection.population, projection.rates, bare).values[principal.service])


def _age_part(
    principal: Principal, ages: list[tuple[AgeFactors, SingleArray]], rows: int
) -> tuple[FloatArray, FloatArray]:
    core = _core(principal)
    n_areas, n_years = core.shape
    if not ages:
        return core[:, :, None], np.ones((n_years, 1, rows))
    loadings = np.concatenate([factors.loadings for factors, _ in ages])
    z = np.concatenate([values for _, values in ages]).astype(np.float64)
    # (factors × years, sexes × ages): equal columns move together, columns of zeros not at all
    distinct, group = np.unique(loadings.reshape(len(loadings) * n_years, -1), axis=1, return_inverse=True)
    moving = np.flatnonzero(distinct.any(axis=0))
    member = (group.ravel()[:, None] == moving).astype(np.float64)
    own = principal.parts().reshape(n_areas, n_years, -1)
    total = own.sum(axis=2, keepdims=True)
    scale = np.divide(core[:, :, None], total, out=np.zeros_like(total), where=total != 0)
    parts = np.concatenate([core[:, :, None], own @ member * scale], axis=2)
    by_group = distinct[:, moving].reshape(len(loadings), n_years, -1)
    effect = np.ones((n_years, 1 + len(moving), rows))
    for year in range(n_years):
        product(by_group[:, year].T, z, effect[year, 1:])
        np.exp(effect[year, 1:], out=effect[year, 1:])
    effect[:, 1:] -= 1
    return parts, effect

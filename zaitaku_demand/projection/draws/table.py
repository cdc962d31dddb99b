"""The table of draws: every random parameter of every run, drawn once.

A row is a run; row 0 is the principal projection. Each column has a random stream of its own, which follows from the
seed and the name of the column (source, kind, factor, code of the place) only. So the same column holds the same
numbers whatever else is drawn: other sources, more areas, another order, more runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.draws.factors import LevelFactor, Principal, RandomSource, SourceId
from zaitaku_demand.projection.draws.settings import DrawSettings
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
SingleArray = npt.NDArray[np.float32]
Kind = Literal["age", "nation", "prefecture", "area", "level", "prefecture_level"]
NATION = "00"
PREFECTURES = 47
LEVEL = "level"
"""Name of the gamma columns."""
SMALLEST = np.finfo(np.float32).tiny
"""Levels below this are held at it: a place that is in use never falls to nothing by rounding."""


@dataclass(frozen=True)
class Columns:
    """Columns of one factor, one for each place that has its own.

    Attributes
    ----------
    source : str
    kind : str
        ``age`` and ``nation`` (one column), ``prefecture``, ``area`` (standard normal z), or ``level`` and
        ``prefecture_level`` (gamma).
    name : str
        Name of the factor.
    codes : tuple of str
    values : float32 array (codes, rows)
    """

    source: SourceId
    kind: Kind
    name: str
    codes: tuple[str, ...]
    values: SingleArray


@dataclass(frozen=True)
class DrawTable:
    """All random parameters.

    Attributes
    ----------
    columns : tuple of Columns
    seed : int
    rows : int
        Number of rows, the principal projection included.
    first : int
        Number of the first row; 0 unless it is part of a longer table.
    """

    columns: tuple[Columns, ...]
    seed: int
    rows: int
    first: int = 0

    @property
    def sources(self) -> tuple[SourceId, ...]:
        """Sources that have columns, in their order."""
        return tuple(dict.fromkeys(column.source for column in self.columns))

    def find(self, source: SourceId, kind: Kind, name: str) -> Columns | None:
        """Columns of a factor; None if its source is switched off."""
        wanted = (source, kind, name)
        return next((one for one in self.columns if (one.source, one.kind, one.name) == wanted), None)

    def row(self, run: int) -> DrawTable:
        """The table of one run alone."""
        if not self.first <= run < self.first + self.rows:
            last = self.first + self.rows - 1
            raise InputError(
                Text(f"{run}番の試行は表にない", f"run {run} is not in the table"),
                Text(f"{self.first}～{last} を指定してください", f"choose a run from {self.first} to {last}"),
            )
        return self._part(run - self.first, run - self.first + 1)

    def head(self, runs: int) -> DrawTable:
        """Row 0 and the first `runs` random runs; all of them if there are fewer."""
        return self._part(0, min(runs + 1, self.rows))

    def only(self, sources: Sequence[str]) -> DrawTable:
        """The same numbers with these sources only; all others stay at the principal projection."""
        return replace(self, columns=tuple(one for one in self.columns if one.source in sources))

    def frame(self) -> pd.DataFrame:
        """One row a run, one column a random parameter: ``source.kind.factor.code``; for Parquet.

        The index is the number of the run.
        """
        import pandas as pd

        names = [f"{one.source}.{one.kind}.{one.name}.{code}" for one in self.columns for code in one.codes]
        index = pd.RangeIndex(self.first, self.first + self.rows, name="run")
        if not names:
            return pd.DataFrame(index=index)
        values = np.concatenate([one.values for one in self.columns])
        return pd.DataFrame(values.T, index=index, columns=names)

    def _part(self, start: int, stop: int) -> DrawTable:
        columns = tuple(replace(one, values=one.values[:, start:stop]) for one in self.columns)
        return replace(self, columns=columns, rows=stop - start, first=self.first + start)


def draw_table(principal: Principal, sources: Sequence[RandomSource], settings: DrawSettings) -> DrawTable:
    """Draw all random parameters.

    Parameters
    ----------
    principal : Principal
        Its areas name the columns; its values in the base year weigh the levels within a prefecture.
    sources : sequence of RandomSource
        Those not in ``settings.sources`` are left out.
    settings : DrawSettings

    Returns
    -------
    DrawTable
        ``settings.runs + 1`` rows; in row 0 every z is 0 and every level 1.

    Raises
    ------
    InputError
        If arrays of a source do not fit the principal projection or are not finite where it is.
    """
    columns: list[Columns] = []
    for source in sources:
        if source.id not in settings.sources:
            continue
        check_source(principal, source)
        if source.age is not None:
            columns += [_normal(source.id, "age", name, (NATION,), settings) for name in source.age.names]
        for place in source.place:
            codes, _ = place_codes(principal, place.level)
            columns += [_normal(source.id, place.level, name, codes, settings) for name in place.names]
        if source.level is not None:
            columns += _levels(source.id, source.level, principal, settings)
    return DrawTable(tuple(columns), settings.seed, settings.runs + 1)


def place_codes(principal: Principal, kind: Kind) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Codes of the places that have a column each, and for every area the place of its own."""
    areas = principal.projection.population.areas
    if kind in ("area", "level"):
        return tuple(areas["area_code"].astype(str)), np.arange(len(areas))
    if kind in ("prefecture", "prefecture_level"):
        codes, place = np.unique(areas["prefecture_code"].to_numpy(str), return_inverse=True)
        return tuple(codes.tolist()), place
    return (NATION,), np.zeros(len(areas), dtype=np.int64)


def base_place(principal: Principal) -> int:
    """Place of the base year of the rates among the years, or of the nearest year."""
    years = principal.projection.years
    base = max(min(principal.projection.rates.base_year, years[-1]), years[0])
    return int(np.abs(np.array(years) - base).argmin())


def check_source(principal: Principal, source: RandomSource) -> None:
    """Stop if arrays of a source do not fit the projection or are unknown where the projection is known."""
    areas, years, sexes, ages = principal.projection.population.values.shape
    known = ~np.isnan(principal.projection.values[principal.service]).any(axis=1)
    fits = finite = True
    if source.age is not None:
        fits &= source.age.loadings.shape == (len(source.age.names), years, sexes, ages)
        finite &= bool(np.isfinite(source.age.loadings).all())
    for place in source.place:
        fits &= place.loadings.shape == (len(place.names), areas, years)
        finite &= not fits or bool(np.isfinite(place.loadings[:, known]).all())
    if source.level is not None:
        fits &= source.level.shape.shape == (areas,)
        finite &= not fits or bool((source.level.shape[known] > 0).all())
        finite &= source.level.prefecture_shape > 0
    if not fits:
        raise InputError(
            Text(
                f"不確実性の要因「{source.id}」の配列が推計の圏域・年・性・年齢と合わない",
                f"the arrays of the source '{source.id}' do not fit the areas, years, sexes and ages",
            ),
            Text("同じ推計から要因を作ってください", "make the source from the same projection"),
        )
    if not finite:
        raise InputError(
            Text(
                f"不確実性の要因「{source.id}」に、推計値のある圏域で定まらない値がある",
                f"the source '{source.id}' has undefined values for areas that have a projection",
            ),
            Text(
                "要因の推定に使った件数を確かめてください",
                "check the counts from which the source is estimated",
            ),
        )


def _stream(seed: int, source: str, kind: str, name: str, code: str) -> np.random.Generator:
    # 128 bits of the name: with a shorter one two of ten thousand columns might share a stream
    key = blake2b("\x1f".join((source, kind, name, code)).encode(), digest_size=16).digest()
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, int.from_bytes(key, "big")])))


def _normal(
    source: SourceId, kind: Kind, name: str, codes: tuple[str, ...], settings: DrawSettings
) -> Columns:
    values = np.zeros((len(codes), settings.runs + 1), dtype=np.float32)
    for place, code in enumerate(codes):
        _stream(settings.seed, source, kind, name, code).standard_normal(
            dtype=np.float32, out=values[place, 1:]
        )
    return Columns(source, kind, name, codes, values)


def _levels(
    source: SourceId, level: LevelFactor, principal: Principal, settings: DrawSettings
) -> list[Columns]:
    weights = np.nan_to_num(principal.projection.values[principal.service][:, base_place(principal)])
    prefectures, prefecture = place_codes(principal, "prefecture")
    own = _gamma(source, "level", level.shape, principal, settings)
    if level.within_prefecture:
        for one in range(len(prefectures)):
            inside = prefecture == one
            own.values[inside, 1:] = mean_one(own.values[inside, 1:].astype(np.float64), weights[inside])
    if np.isinf(level.prefecture_shape):
        return [own]
    shape = np.full(len(prefectures), level.prefecture_shape)
    shared = _gamma(source, "prefecture_level", shape, principal, settings)
    if len(prefectures) == PREFECTURES:
        totals = np.bincount(prefecture, weights=weights).astype(np.float64)
        shared.values[:, 1:] = mean_one(shared.values[:, 1:].astype(np.float64), totals)
    return [own, shared]


def _gamma(
    source: SourceId, kind: Kind, shape: FloatArray, principal: Principal, settings: DrawSettings
) -> Columns:
    codes, _ = place_codes(principal, kind)
    values = np.ones((len(codes), settings.runs + 1), dtype=np.float32)
    for place, (code, one) in enumerate(zip(codes, shape, strict=True)):
        if np.isfinite(one):
            drawn = _stream(settings.seed, source, kind, LEVEL, code).standard_gamma(one, settings.runs)
            values[place, 1:] = np.maximum(drawn / one, SMALLEST)
    return Columns(source, kind, LEVEL, codes, values)


def mean_one(levels: FloatArray, weights: FloatArray) -> FloatArray:
    """Levels (areas, runs) rescaled in every run so that their mean with `weights` (areas,) is 1.

    Without any weight there is nothing to keep, and the levels stay as drawn.
    """
    total = weights.sum()
    if not total > 0:
        return levels
    return np.asarray(np.maximum(levels / (weights @ levels / total), SMALLEST))

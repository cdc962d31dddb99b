"""What the uncertainty comes from: the share of every source in the variance, and its range alone.

Sources act together (a product of factors, a peak year), so the variance with all of them on is not the sum of the
variances with one. The share of a source is its Shapley value: what switching it on adds to the variance, averaged over
all orders of switching (Owen 2014, SIAM/ASA J. Uncertainty Quantification 2:245). The draws are the same in every
subset, so nothing but the source differs. A share can be slightly negative where a source makes a peak more certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import combinations
from threading import Event
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.decomposition import das_gupta
from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.draws.draw_peaks import find_tops
from zaitaku_demand.projection.draws.engine import blocks, in_order, quantiles_in_place
from zaitaku_demand.projection.draws.factors import Principal, RandomSource
from zaitaku_demand.projection.draws.results import LevelResult, empty_levels
from zaitaku_demand.projection.draws.run_model import RunModel, run_model
from zaitaku_demand.projection.draws.table import PREFECTURES, DrawTable, place_codes
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Subset = frozenset[str]

RANGE = (0.1, 0.9)
NOTHING = 1e-18
"""A variance below this is rounding: nothing varies."""
VARIANCE, LOW, HIGH, PRINCIPAL = range(4)
"""Rows of an array of figures."""


def source_shares(
    principal: Principal,
    sources: Sequence[RandomSource],
    table: DrawTable,
    *,
    years: tuple[int, ...] = (2030, 2040, 2050),
    runs: int = 1000,
    workers: int = 2,
) -> pd.DataFrame:
    """Share of every source in the variance of the logarithm of a value, and of the peak year.

    Parameters
    ----------
    principal, sources, table
        As for `simulate`.
    years : tuple of int
        Years of the values; those outside the projection are left out.
    runs : int
        The first so many runs of the table are used: 2^sources times all runs would be many.
    workers : int

    Returns
    -------
    DataFrame
        level, code, name, quantity (``value_2040``, ``peak_year``), source, share (sums to 1; NaN where nothing
        varies), low, high (10th and 90th percentile with this source only), principal. The nation only if all
        prefectures are there.

    Raises
    ------
    InputError
        If no source is on or none of the years is in the projection.
    """
    import pandas as pd

    wanted = tuple(year for year in years if year in principal.projection.years)
    if not table.sources or not wanted:
        raise InputError(
            Text(
                "不確実性の要因が1つもない、または指定の年が推計にない",
                "no source of uncertainty is on, or none of the years is in the projection",
            ),
            Text("要因と推計期間内の年を指定してください", "give sources and years of the projection"),
        )
    cube = _Cube.of(principal, sources, table.head(runs), wanted)
    area, prefecture, nation = empty_levels(principal, ())
    _, own = place_codes(principal, "prefecture")
    tasks = [np.flatnonzero(own == one) for one in range(len(prefecture.codes))]

    def work(task: int, stop: Event) -> tuple[list[FloatArray], FloatArray]:
        figures: list[FloatArray] = []
        total = np.zeros((len(cube.subsets), len(cube.years), cube.everything.rows))
        # values of a subset, of the ages alone, of all places alone
        for block in blocks(tasks[task], cube.everything, copies=2 + len(cube.by_age) + len(cube.single)):
            if stop.is_set():
                break
            figures.append(cube.block(block, total))
        return figures, total

    by_area: list[FloatArray] = []
    by_prefecture: list[FloatArray] = []
    whole = np.zeros(())
    with closing(in_order(work, range(len(tasks)), workers)) as answers:
        for figures, total in answers:
            by_area += figures
            by_prefecture.append(cube.figures(total[:, None]))
            whole = whole + total
    in_place = np.argsort(np.concatenate(tasks))
    frames = [
        _frame(prefecture, np.concatenate(by_prefecture, axis=-1), cube),
        _frame(area, np.concatenate(by_area, axis=-1)[..., in_place], cube),
    ]
    if len(prefecture.codes) == PREFECTURES:
        frames.insert(0, _frame(nation, cube.figures(whole[:, None]), cube))
    return pd.concat(frames, ignore_index=True)


@dataclass(frozen=True)
class _Cube:
    """Models of the sources apart, from which every subset is put together without computing anything twice.

    Attributes
    ----------
    sources : tuple of str
    years, wanted : tuple of int
        All years, and those whose values are asked for.
    everything : RunModel
        All sources on.
    by_age : mapping of subset to RunModel
        One for each subset of the sources that act by age.
    single : mapping of str to RunModel
        One for each source that acts by place or level.
    """

    sources: tuple[str, ...]
    years: tuple[int, ...]
    wanted: tuple[int, ...]
    everything: RunModel
    by_age: Mapping[Subset, RunModel]
    single: Mapping[str, RunModel]

    @classmethod
    def of(
        cls,
        principal: Principal,
        sources: Sequence[RandomSource],
        table: DrawTable,
        wanted: tuple[int, ...],
    ) -> _Cube:
        ages = [one.id for one in sources if one.age is not None and one.id in table.sources]
        alone = {name: run_model(principal, sources, table.only((name,))) for name in table.sources}
        by_age = {
            subset: run_model(principal, sources, table.only(tuple(subset))) for subset in _subsets(ages)
        }
        return cls(
            sources=table.sources,
            years=principal.projection.years,
            wanted=wanted,
            everything=run_model(principal, sources, table),
            by_age=by_age,
            single={name: model for name, model in alone.items() if model.terms or model.levels},
        )

    @property
    def subsets(self) -> list[Subset]:
        """All subsets of the sources, in a fixed order."""
        return list(_subsets(self.sources))

    @property
    def quantities(self) -> list[str]:
        """Names of what the shares are of."""
        return [f"value_{year}" for year in self.wanted] + ["peak_year"]

    def block(self, areas: IntArray, total: FloatArray) -> FloatArray:
        """Figures of areas; their values are added to `total` (subsets, years, rows)."""
        acting_by_age = frozenset().union(*self.by_age)
        ages = {subset: model.by_age(areas) for subset, model in self.by_age.items()}
        factor = {}
        for name, model in self.single.items():
            factor[name] = np.ones((len(areas), *total.shape[1:]))
            model.scale(factor[name], areas)
        out = np.empty((len(self.subsets), 4, len(self.quantities), len(areas)))
        for number, subset in enumerate(self.subsets):
            values = ages[subset & acting_by_age].copy()
            for name in self.sources:
                if name in subset and name in factor:
                    values *= factor[name]
            self.everything.finish(values, areas, with_levels="level" in subset)
            for one in values:
                total[number] += one
            own = np.zeros((len(areas), total.shape[1]))
            for name in subset & self.single.keys():
                own += self.single[name].own[areas]
            out[number] = self._figures(values, subset, own)
        return out

    def figures(self, values: FloatArray) -> FloatArray:
        """Figures of places from their values in every subset, array (subsets, places, years, rows)."""
        none = np.zeros(values.shape[1:3])
        return np.stack(
            [self._figures(now, subset, none) for subset, now in zip(self.subsets, values, strict=True)]
        )

    def _figures(self, values: FloatArray, subset: Subset, own: FloatArray) -> FloatArray:
        """Variance, low, high and principal, array (4, quantities, places), of values (places, years, rows).

        `own` (places, years) as for the peaks of `simulate`.
        """
        places = [self.years.index(year) for year in self.wanted]
        runs = values[..., 1:]
        chosen = runs[:, places]
        course = runs * np.exp(own / 2)[:, :, None] if own.any() else runs
        tops = np.array(self.years, dtype=np.float64)[find_tops(course)[0]]
        out = np.full((4, len(self.quantities), len(values)), np.nan)
        if subset:
            with np.errstate(divide="ignore", invalid="ignore"):
                out[VARIANCE, :-1] = np.log(chosen).var(axis=2).T
            out[VARIANCE, -1] = np.where(np.isnan(values[:, 0, 0]), np.nan, tops.var(axis=1))
        else:
            out[VARIANCE] = 0.0
        if len(subset) == 1:
            out[[LOW, HIGH], :-1] = quantiles_in_place(chosen, RANGE).transpose(0, 2, 1)
            low_high = np.quantile(tops, RANGE, axis=1, method="inverted_cdf")
            out[[LOW, HIGH], -1] = np.where(np.isnan(values[:, 0, 0]), np.nan, low_high)
        out[PRINCIPAL, :-1] = values[:, places, 0].T
        peak = np.array(self.years, dtype=np.float64)[values[..., 0].argmax(axis=1)]
        out[PRINCIPAL, -1] = np.where(np.isnan(values[:, 0, 0]), np.nan, peak)
        return out


def shapley_shares(sources: Sequence[str], variance: Mapping[Subset, FloatArray]) -> dict[str, FloatArray]:
    """Shares of sources in the variance with all of them, from the variance of every subset.

    The shares sum to 1; they are NaN where nothing varies.
    """

    def of(on: Mapping[str, FloatArray]) -> FloatArray:
        return variance[frozenset(name for name, switch in on.items() if switch > 0)]

    effects = das_gupta(dict.fromkeys(sources, 0.0), dict.fromkeys(sources, 1.0), of)
    total = np.sum([one.effect for one in effects.values()], axis=0)
    varies = np.isfinite(total) & (total > NOTHING)
    return {
        name: np.divide(one.effect, total, out=np.full(np.shape(total), np.nan), where=varies)
        for name, one in effects.items()
    }


def _subsets(names: Sequence[str]) -> Iterator[Subset]:
    for size in range(len(names) + 1):
        yield from map(frozenset, combinations(names, size))


def _frame(level: LevelResult, figures: FloatArray, cube: _Cube) -> pd.DataFrame:
    import pandas as pd

    variance = {subset: figures[number, VARIANCE] for number, subset in enumerate(cube.subsets)}
    shares = shapley_shares(cube.sources, variance)
    keys = level.keys()
    rows = []
    for place, quantity in enumerate(cube.quantities):
        for name in cube.sources:
            alone = figures[cube.subsets.index(frozenset((name,)))]
            columns = {key: keys[key] for key in ("level", "code", "name")}
            rows.append(
                pd.DataFrame(
                    {
                        **columns,
                        "quantity": quantity,
                        "source": name,
                        "share": shares[name][place],
                        "low": alone[LOW, place],
                        "high": alone[HIGH, place],
                        "principal": alone[PRINCIPAL, place],
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)

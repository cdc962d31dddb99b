"""All runs of all areas: quantiles, peaks and sums, in blocks of areas and within a memory bound.

A prefecture is one task; its areas go through the arrays in blocks that stay near the processor, and nothing but sums
and results leaves a block. Threads take turns over prefectures; the result does not depend on their number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from threading import Event
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.projection.draws.draw_peaks import find_tops, plateau_share, year_probability
from zaitaku_demand.projection.draws.factors import Principal, RandomSource
from zaitaku_demand.projection.draws.results import QUANTILES, DrawResult, LevelResult, empty_levels
from zaitaku_demand.projection.draws.run_model import RunModel, run_model
from zaitaku_demand.projection.draws.table import DrawTable, base_place, place_codes
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]
Task = TypeVar("Task")
Answer = TypeVar("Answer")

BLOCK_BYTES = 16 * 2**20
"""Size of the values of one block of areas: some areas at 10,000 runs, so that the matrix product has rows."""


def simulate(
    principal: Principal,
    sources: Sequence[RandomSource],
    table: DrawTable,
    *,
    quantiles: tuple[float, ...] = QUANTILES,
    progress: Progress | None = None,
    workers: int = 2,
) -> DrawResult:
    """Values of every area, prefecture and the nation in all runs, as quantiles and distributions of the peak.

    Parameters
    ----------
    principal : Principal
    sources : sequence of RandomSource
        Those without columns in the table are left out.
    table : DrawTable
        From row 0 on; row 0 is the principal projection and not counted among the random runs.
    quantiles : tuple of float
        Between 0 and 1; linear between the two neighbouring runs (type 7 of Hyndman & Fan 1996, the default of
        numpy).
    progress : function, optional
        Receives the number of areas done and of all areas, in the thread of the caller.
    workers : int
        Number of threads.

    Returns
    -------
    DrawResult

    Raises
    ------
    InputError
        If the table has no random runs or does not begin at row 0.
    """
    if table.first != 0 or table.rows < 2:
        raise InputError(
            Text(
                "乱数の表に試行がない、または 0 行目から始まっていない",
                "the table has no runs or does not begin at row 0",
            ),
            Text("draw_table が返す表をそのまま与えてください", "pass the table that draw_table returns"),
        )
    model = run_model(principal, sources, table)
    area, prefecture, nation = empty_levels(principal, quantiles)
    base = base_place(principal)
    _, own = place_codes(principal, "prefecture")
    tasks = [np.flatnonzero(own == one) for one in range(len(prefecture.codes))]

    def work(task: int, stop: Event) -> FloatArray:
        total = np.zeros(())
        for block in blocks(tasks[task], model):
            if stop.is_set():
                break
            values = model.values(block)
            total = _added_up(total, values)
            for place, one in zip(block, values, strict=True):
                _summarise(one, area, int(place), quantiles, base, model.own[place])
        return total

    whole = np.zeros(())
    done = 0
    with closing(in_order(work, range(len(tasks)), workers)) as totals:
        for task, total in enumerate(totals):
            whole = whole + total if task else total.copy()
            _summarise(total, prefecture, task, quantiles, base, model.own_of_prefecture[task])
            done += len(tasks[task])
            if progress is not None:
                progress(done, len(own))
    _summarise(whole, nation, 0, quantiles, base, np.zeros(len(principal.projection.years)))
    return DrawResult(
        years=principal.projection.years,
        base_year=principal.projection.years[base],
        runs=table.rows - 1,
        seed=table.seed,
        sources=table.sources,
        quantiles=quantiles,
        area=area,
        prefecture=prefecture,
        nation=nation,
    )


def draw_values(
    principal: Principal,
    sources: Sequence[RandomSource],
    table: DrawTable,
    areas: npt.ArrayLike | None = None,
) -> FloatArray:
    """All values of a few areas, array (areas, years, rows): 8 bytes a value, so not for a whole country.

    Parameters
    ----------
    areas : array of int, optional
        Places of the areas; all if not given.
    """
    chosen = range(len(principal.projection.population.areas)) if areas is None else areas
    return run_model(principal, sources, table).values(np.asarray(chosen, dtype=np.int64))


def run_alone(
    principal: Principal, sources: Sequence[RandomSource], table: DrawTable, run: int
) -> FloatArray:
    """Values of one run, array (areas, years): the same figures as in the run of all rows.

    Equal to them within the rounding of sums (1e-12); run 0 has the bits of the projection.
    """
    return draw_values(principal, sources, table.row(run))[:, :, 0]


def blocks(areas: IntArray, model: RunModel, copies: int = 1) -> Iterator[IntArray]:
    """Blocks of areas whose values in all runs, held `copies` times, have about `BLOCK_BYTES`."""
    each = 8 * model.parts.shape[1] * model.rows * copies
    size = max(1, BLOCK_BYTES // each)
    for start in range(0, len(areas), size):
        yield areas[start : start + size]


def in_order(
    work: Callable[[Task, Event], Answer], tasks: Sequence[Task], workers: int
) -> Generator[Answer, None, None]:
    """Answers of tasks in their order, computed by threads that run a few tasks ahead.

    Few tasks are ahead because answers wait in memory. When it is closed early (an error, Ctrl-C), running tasks see
    the event at their next block, waiting ones never begin, and no thread is left.
    """
    stop = Event()
    waiting: deque[Future[Answer]] = deque()
    rest = iter(tasks)
    pool = ThreadPoolExecutor(max_workers=max(1, workers))
    try:
        for task in rest:
            waiting.append(pool.submit(work, task, stop))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _added_up(total: FloatArray, values: FloatArray) -> FloatArray:
    # one area after the other, the order in which the projection sums its areas: the same bits
    if total.ndim == 0:
        total, values = values[0].copy(), values[1:]
    for one in values:
        total += one
    return total


def _summarise(
    values: FloatArray,
    result: LevelResult,
    place: int,
    quantiles: tuple[float, ...],
    base: int,
    own: FloatArray,
) -> None:
    """Fill the results of one place from its values (years, rows); the order of its runs is lost.

    Half of `own` (years,) was taken off so that sums stay. It grows with the years and would pull every peak forward, so
    peaks and growth are those of the runs with it put back: their median has the course of the projection.
    """
    result.principal[:, place] = values[:, 0]
    if np.isnan(values[:, 0]).any():
        return
    result.principal_peak[place] = result.years[int(values[:, 0].argmax())]
    runs = values[:, 1:]
    course = runs * np.exp(own / 2)[:, None] if own.any() else runs
    tops, top = find_tops(course)
    result.peak_probability[:, place] = year_probability(tops, len(values))
    result.plateau[:, place] = plateau_share(course, top)
    growth = np.divide(top, course[base], out=np.full_like(top, np.nan), where=course[base] > 0)
    result.growth_principal[place] = values[:, 0].max() / values[base, 0] if values[base, 0] > 0 else np.nan
    result.growth[:, place] = quantiles_in_place(growth[None], quantiles)[:, 0]
    result.quantiles[:, :, place] = quantiles_in_place(runs, quantiles)


def quantiles_in_place(values: FloatArray, quantiles: tuple[float, ...]) -> FloatArray:
    """Quantiles over the last axis (type 7, linear), array (quantiles, ...); the order of `values` is lost."""
    last = values.shape[-1] - 1
    position = np.array(quantiles) * last
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, last)
    values.partition(np.unique(np.concatenate([below, above])), axis=-1)
    low, high = values[..., below], values[..., above]
    return np.moveaxis(low + (high - low) * (position - below), -1, 0)

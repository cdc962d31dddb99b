"""Benchmarks of the draws: 10,000 runs of one service, all areas, annual steps, quantiles and peaks.

Run by `make bench`, with the default projection and the four sources as estimated from data. The bare products and
partitions of the same arrays are timed in turn with it, once as plain numpy does them and once with the partitions in
as many threads as the draws have.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
from timing import head, median, show

from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.draws.engine import simulate
from zaitaku_demand.projection.draws.factors import Principal, RandomSource
from zaitaku_demand.projection.draws.results import QUANTILES
from zaitaku_demand.projection.draws.run_model import run_model
from zaitaku_demand.projection.draws.settings import DrawSettings
from zaitaku_demand.projection.draws.sources import random_sources
from zaitaku_demand.projection.draws.table import DrawTable, draw_table
from zaitaku_demand.projection.draws.variance import source_shares
from zaitaku_demand.projection.job import main_job
from zaitaku_demand.projection.project import project

WIDTH = 66
RUNS, WORKERS = 10_000, 2
SETTINGS = DrawSettings(runs=RUNS)
MANY_AREAS = 1_900
REPEATS = 5


def main() -> None:
    head(WIDTH)
    principal = Principal(main_job(RunParameters()).annual)
    sources = random_sources(principal)
    table = draw_table(principal, sources, SETTINGS)
    areas = principal.projection.values.shape[1]
    seconds = median(lambda: draw_table(principal, sources, SETTINGS), 3)
    show(f"table of draws, {areas} areas", seconds, WIDTH)
    against_bare(principal, sources, table)
    seconds = median(lambda: source_shares(principal, sources, table, workers=WORKERS), 3)
    show("shares of the sources, 1,000 runs", seconds, WIDTH)
    against_many(principal, sources, table)
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{'largest memory of all the above':{WIDTH}s} {peak_kb / 1024:8.0f} MB")


def against_bare(principal: Principal, sources: list[RandomSource], table: DrawTable) -> None:
    """Print the draws of all areas against bare products and partitions of the same arrays."""
    times = in_turn(
        {
            "ours": lambda: simulate(principal, sources, table, workers=WORKERS),
            "plain": bare(principal, sources, table, workers=1),
            "threads": bare(principal, sources, table, workers=WORKERS),
        },
        REPEATS,
    )
    areas, years = principal.projection.values.shape[1:]
    label = f"quantiles and peaks, {areas} areas × {years} years × {RUNS:,} runs"
    show(label, statistics.median(times["ours"]), WIDTH)
    for name, text in (("plain", "plain numpy"), ("threads", f"partitions in {WORKERS} threads")):
        show(f"  bare products and partitions, {text}", statistics.median(times[name]), WIDTH)
        show_ratio("    ratio (median of pairs)", times["ours"], times[name])


def against_many(principal: Principal, sources: list[RandomSource], table: DrawTable) -> None:
    """Print the draws of as many areas as there are municipalities against those of all areas."""
    many = tiled(principal, MANY_AREAS)
    many_sources = [tiled_source(one, MANY_AREAS) for one in sources]
    started = time.perf_counter()
    many_table = draw_table(many, many_sources, SETTINGS)
    show(f"table of draws, {MANY_AREAS:,} areas", time.perf_counter() - started, WIDTH)
    times = in_turn(
        {
            "few": lambda: simulate(principal, sources, table, workers=WORKERS),
            "many": lambda: simulate(many, many_sources, many_table, workers=WORKERS),
        },
        3,
    )
    show(f"quantiles and peaks, {MANY_AREAS:,} areas", statistics.median(times["many"]), WIDTH)
    show_ratio("    times that of the areas above (median of pairs)", times["many"], times["few"])


def in_turn(calls: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Seconds of calls made one after the other, again and again, so that all meet the same load."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(repeats):
        for name, call in calls.items():
            times[name].append(median(call, runs=1, warm_up=0))
    return times


def show_ratio(what: str, these: list[float], those: list[float]) -> None:
    """Print the median ratio of pairs of times."""
    ratio = statistics.median(one / other for one, other in zip(these, those, strict=True))
    print(f"{what:{WIDTH}s} {ratio:8.2f}")


def bare(
    principal: Principal, sources: list[RandomSource], table: DrawTable, workers: int
) -> Callable[[], None]:
    """The products and partitions of the same arrays: what no way of computing quantiles of them can do without."""
    model = run_model(principal, sources, table)
    position = np.array(QUANTILES) * (table.rows - 2)
    places = np.unique(np.concatenate([np.floor(position), np.ceil(position)]).astype(int))
    z = np.stack([term.z[term.place[0]] for term in model.terms]).astype(np.float64)
    loadings = [
        np.stack([term.loadings[area] for term in model.terms], axis=1) for area in range(len(model.parts))
    ]

    def year(number: int) -> None:
        values = model.parts[:, number] @ model.effect[number]
        values[:, 1:].partition(places, axis=1)

    def all_of_it() -> None:
        for one in loadings:
            one @ z
        if workers == 1:
            for number in range(model.parts.shape[1]):
                year(number)
            return
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(year, range(model.parts.shape[1])))

    return all_of_it


def tiled(principal: Principal, count: int) -> Principal:
    """The areas again and again, with codes of their own, until there are `count`."""
    old, rates = principal.projection.population, principal.projection.rates
    place = np.arange(count) % len(old.areas)
    turn = np.arange(count) // len(old.areas)
    areas = old.areas.iloc[place].reset_index(drop=True)
    areas["area_code"] = areas["area_code"] + "-" + pd.Series(turn).astype(str)
    population = replace(old, values=old.values[place], areas=areas)
    more = replace(
        rates,
        ratio=rates.ratio[:, place],
        group=rates.group[place],
        estimated_share=rates.estimated_share[:, place],
    )
    return Principal(project(population, more))


def tiled_source(source: RandomSource, count: int) -> RandomSource:
    """A source for the areas of `tiled`; every area draws numbers of its own."""

    def place(areas: int) -> np.ndarray:
        return np.arange(count) % areas

    return replace(
        source,
        place=tuple(
            replace(one, loadings=one.loadings[:, place(one.loadings.shape[1])]) for one in source.place
        ),
        level=source.level
        and replace(source.level, shape=source.level.shape[place(len(source.level.shape))]),
    )


if __name__ == "__main__":
    main()

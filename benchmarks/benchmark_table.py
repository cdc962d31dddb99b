"""Benchmarks of the benchmark table: values and comparison of all indicators, places and years, medians of five runs.

Run by `make bench`. Beside each stands the bare numpy product that any such comparison needs at least: expected
counts from national rates by sex and age, for as many sets of indicator and year over the same places; and the bare
normal numbers, sorted, that the intervals of the ranks are simulated from.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.table import benchmark_table
from zaitaku_demand.benchmark_run import breaks_of
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.compute import indicator_values
from zaitaku_demand.indicators.measures import measures

RUNS = 5
DRAWS = 1000
CELLS = 2 * 19
"""Sexes x ages of the NDB."""
LEVELS = {"prefecture": "47 prefectures", "area": "335 areas"}


def main() -> None:
    print(f"{'what':72s} {'median':>10s}")
    for level, name in LEVELS.items():
        whole(level, name)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'largest size of this process':72s} {peak:7.0f} MB")


def whole(level: str, name: str) -> None:
    """Values, benchmark table and both of one level, and the bare product of their shape."""
    declared = indicators()
    breaks = breaks_of(declared, measures())
    values = indicator_values(level)

    def table() -> pd.DataFrame:
        return benchmark_table(values, declared, breaks=breaks).table

    def both() -> pd.DataFrame:
        return benchmark_table(indicator_values(level), declared, breaks=breaks).table

    sets = len(values[["indicator_id", "year"]].drop_duplicates())
    places = values["area_code"].nunique() - 1
    years = values["year"].nunique()
    of = f"{name} x {len(declared)} indicators"
    total = median(both)
    show(f"values and benchmark table, {of}, {years} years", total)
    show("  of it the values", median(lambda: indicator_values(level)))
    show("  of it the table (intervals, funnel, shrinkage, ranks, trend)", median(table))
    bare = bare_product(places, sets)
    product = median(bare, runs=200)
    print(
        f"{f'  bare product ({places} x {CELLS}) @ ({CELLS} x {sets})':72s} {1e3 * product:7.3f} ms   ratio {total / product:,.0f}"
    )
    drawn = median(bare_simulation(places, sets))
    show(
        f"  bare normal numbers and their sort ({sets} x {DRAWS} x {places})   ratio {total / drawn:.1f}",
        drawn,
    )


def bare_product(places: int, sets: int) -> Callable[[], np.ndarray]:
    """Expected counts of all sets at once, and the ratios to them."""
    generator = np.random.default_rng(1)
    persons = generator.uniform(1e2, 1e5, (places, CELLS))
    rates = generator.uniform(1e-4, 1e-1, (CELLS, sets))
    observed = generator.uniform(1.0, 1e4, (places, sets))
    return lambda: observed / (persons @ rates)


def bare_simulation(places: int, sets: int) -> Callable[[], None]:
    """As many normal numbers as the ranks are simulated from, sorted set by set."""
    generator = np.random.default_rng(2)

    def draw() -> None:
        for _ in range(sets):
            np.sort(generator.standard_normal((DRAWS, places), dtype=np.float32), axis=-1)

    return draw


def show(what: str, seconds: float) -> None:
    print(f"{what:72s} {seconds:8.3f} s")


def median(function: Callable[[], object], runs: int = RUNS) -> float:
    """Median seconds of a call, after a warm-up."""
    function()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()

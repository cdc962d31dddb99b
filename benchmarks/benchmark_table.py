"""Benchmarks of the benchmark table: values and comparison of all indicators, places and years, medians of five runs.

Run by `make bench`. Beside each stand the bare normal numbers, sorted, that the intervals of the ranks are simulated
from, with numpy in the same run.
"""

from __future__ import annotations

import resource
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from timing import head, median
from timing import show as show_wide

from zaitaku_demand.benchmark.table import benchmark_table
from zaitaku_demand.benchmark_run import breaks_of
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.compute import indicator_values
from zaitaku_demand.indicators.measures import measures

WIDTH = 72
DRAWS = 1000
LEVELS = {"prefecture": "47 prefectures", "area": "335 areas"}
show = partial(show_wide, width=WIDTH)


def main() -> None:
    head(WIDTH)
    for level, name in LEVELS.items():
        whole(level, name)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'largest size of this process':{WIDTH}s} {peak:7.0f} MB")


def whole(level: str, name: str) -> None:
    """Values, benchmark table and both of one level, and the bare numbers of the same shape."""
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
    drawn = median(bare_simulation(places, sets))
    show(
        f"  bare normal numbers and their sort ({sets} x {DRAWS} x {places})   ratio {total / drawn:.1f}",
        drawn,
    )


def bare_simulation(places: int, sets: int) -> Callable[[], None]:
    """As many normal numbers as the ranks are simulated from, sorted set by set."""
    generator = np.random.default_rng(2)

    def draw() -> None:
        for _ in range(sets):
            np.sort(generator.standard_normal((DRAWS, places), dtype=np.float32), axis=-1)

    return draw


if __name__ == "__main__":
    main()

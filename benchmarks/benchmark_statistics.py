"""Benchmarks of the statistics: medians of five runs, and the ratio to PHStatsMethods on the same rates in the same run.

Run by `make bench`.
"""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
import pandas as pd
from timing import head, median
from timing import show as show_wide

from zaitaku_demand.benchmark.funnel import funnel_limits
from zaitaku_demand.benchmark.ranks import cube_root_normal, rank_intervals
from zaitaku_demand.benchmark.rates import crude_rate
from zaitaku_demand.benchmark.shrinkage import gamma_parameters, gamma_poisson

WIDTH = 66
MANY = 1_000_000
COMPARED = 100_000
SETS, PLACES, DRAWS = 324, 47, 1000
show = partial(show_wide, width=WIDTH)


def main() -> None:
    head(WIDTH)
    rates()
    against_phstatsmethods()
    sets()


def rates() -> None:
    """A million rates with intervals, a part of them with fewer than ten events."""
    data = simulated(MANY)
    show(f"{MANY:,} rates with intervals", median(lambda: ours(data)))


def against_phstatsmethods() -> None:
    """The same rates with intervals by PHStatsMethods, and the ratio."""
    try:
        from PHStatsMethods import ph_rate
    except ImportError:
        print("PHStatsMethods is not installed here, so there is no comparison with it.")
        return
    data = simulated(COMPARED)
    # It stops at a place without events.
    data["events"] = data["events"].clip(lower=1.0)
    data["area"] = np.arange(COMPARED)

    def theirs() -> pd.DataFrame:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ph_rate(data, "events", "persons", group_cols=["area"], multiplier=100_000)

    mine = median(lambda: ours(data))
    # Half a minute a run: one is enough for a ratio of hundreds.
    other = median(theirs, runs=1, warm_up=0)
    show(f"{COMPARED:,} rates with intervals", mine)
    show(f"  the same by PHStatsMethods (one run)   ratio {other / mine:,.0f}", other)


def sets() -> None:
    """Funnel, shrinkage and ranks of 36 indicators in nine years for 47 places."""
    generator = np.random.default_rng(2)
    expected = generator.uniform(5, 2000, (SETS, PLACES))
    events = generator.poisson(expected * generator.gamma(25, 1 / 25, (SETS, PLACES))).astype(float)
    label = f"of {SETS} x {PLACES} units"
    show(f"funnel limits {label}", median(lambda: funnel_limits("ratio", events, expected)))
    show(f"shrunken ratios {label}", median(lambda: gamma_poisson(events, expected)))
    shrunk = gamma_poisson(events, expected)
    centre, error = cube_root_normal(*gamma_parameters(shrunk, expected))
    show(
        f"ranks with intervals {label}, {DRAWS:,} draws",
        median(lambda: rank_intervals(shrunk.value, centre, error, draws=DRAWS)),
    )


def ours(data: pd.DataFrame) -> pd.DataFrame:
    return crude_rate(data, numerator="events", denominator="persons", multiplier=100_000)


def simulated(rows: int) -> pd.DataFrame:
    generator = np.random.default_rng(1)
    persons = generator.integers(100, 100_000, rows).astype(float)
    return pd.DataFrame({"events": generator.poisson(persons * 5e-4).astype(float), "persons": persons})


if __name__ == "__main__":
    main()

"""Benchmarks of the main job: medians over several runs, and ratios to bare products in the same run.

Run by `make bench`. Whole processes are timed cold (a new interpreter each); the projection inside one process is
compared with the bare numpy product of the same arrays and with the same sum in DuckDB.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from timing import head, median, show

WIDTH = 58
MANY, WARM_UP = 200, 10
COLD_PROJECTION = """
import zaitaku_demand as zd
population = zd.split_open_band(zd.load_population("2023"))
zd.project(population, zd.utilisation_rates(population, level="national")).values.sum()
"""


def main() -> None:
    head(WIDTH)
    cold("zaitaku --help", [sys.executable, "-m", "zaitaku_demand", "--help"])
    cold("projection, one service, 330 areas, cold process", [sys.executable, "-c", COLD_PROJECTION])
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        cold(
            "zaitaku run (whole country, report)",
            [sys.executable, "-m", "zaitaku_demand", "run", "--out", str(report)],
            runs=3,
        )
    peak_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"{'largest process of all the above':{WIDTH}s} {peak_kb / 1024:8.0f} MB")
    inside()


def cold(name: str, command: list[str], runs: int = 5) -> None:
    """Print the median wall time of a whole process."""

    def process() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    show(name, median(process, runs, warm_up=0), WIDTH, digits=2)


def inside() -> None:
    """Print the projection against bare products of the same arrays."""
    import duckdb
    import pandas as pd

    import zaitaku_demand as zd
    from zaitaku_demand.rates.services import services

    population = zd.split_open_band(zd.load_population("2023"))
    for label, names in (("one service", ("home_visit_patients",)), ("all services", tuple(services()))):
        rates = zd.utilisation_rates(population, names, level="prefecture")
        flat = population.values.reshape(len(population.areas) * len(population.years), -1)
        profile = rates.profile[:, 0].reshape(len(names), -1).T.copy()
        ratio = rates.ratio[:, :, None]
        shape = (len(population.areas), len(population.years), len(names))

        def bare(flat=flat, profile=profile, ratio=ratio, shape=shape) -> np.ndarray:
            return (flat @ profile).reshape(shape).transpose(2, 0, 1) * ratio

        def ours(rates=rates) -> np.ndarray:
            return zd.project(population, rates).values

        assert np.allclose(bare(), ours())
        mine, product = median(ours, MANY, WARM_UP), median(bare, MANY, WARM_UP)
        print(f"{f'projection, {label}':{WIDTH}s} {1e3 * mine:7.3f} ms")
        print(
            f"{'  bare numpy product of the same arrays':{WIDTH}s} {1e3 * product:7.3f} ms   ratio {mine / product:.2f}"
        )

    people = population.tidy()
    rates = zd.utilisation_rates(population, ("home_visit_patients",), level="national")
    table = pd.DataFrame({"age": list(population.ages.labels), "rate": rates.profile[0, 0, 0]})
    connection = duckdb.connect()
    connection.execute("set threads to 2")
    connection.register("people", people)
    connection.register("rates", table)
    connection.execute("create table p as select * from people")
    connection.execute("create table r as select * from rates")
    query = "select area_code, year, sum(persons * rate) from p join r using (age) group by all"
    joined = median(lambda: connection.execute(query).fetchall(), MANY, WARM_UP)
    ours_once = median(lambda: zd.project(population, rates).values, MANY, WARM_UP)
    print(
        f"{'  the same sum as a join in DuckDB':{WIDTH}s} {1e3 * joined:7.3f} ms   ratio {ours_once / joined:.3f}"
    )


if __name__ == "__main__":
    main()

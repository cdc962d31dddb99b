"""How the benchmarks time a call and print it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def median(function: Callable[[], object], runs: int = 5, warm_up: int = 1) -> float:
    """Median seconds of a call, after `warm_up` calls that do not count."""
    for _ in range(warm_up):
        function()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def head(width: int) -> None:
    """Print the heading."""
    print(f"{'what':{width}s} {'median':>10s}")


def show(what: str, seconds: float, width: int, digits: int = 3) -> None:
    """Print one line, the name `width` letters wide."""
    print(f"{what:{width}s} {seconds:8.{digits}f} s")

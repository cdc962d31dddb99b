"""Benchmarks of the research: its estimators beside a bare product or another program in the same run, and the whole report.

Run by `make bench`. As in `zaitaku research`, OpenBLAS has one thread: the fits are many and small.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy import optimize, stats
from timing import head, median
from timing import show as show_wide

from zaitaku_demand.report.research_write import write_research
from zaitaku_demand.research.association.fixed_effects import absorbed_poisson_fit
from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.power.simulate import Cell, World, simulated
from zaitaku_demand.research.reliability.likelihood import maximum_likelihood
from zaitaku_demand.research.request import read_request
from zaitaku_demand.research_run import compute_research

WIDTH = 70
AREAS, YEARS, SETS = 335, 4, 100
STUDIES, YEARS_OF_STUDY = 1_000, 3
TOLERANCE = 1e-8
show = partial(show_wide, width=WIDTH)


def main() -> None:
    head(WIDTH)
    likelihood()
    fixed_effects()
    power()
    panels()
    whole()


def likelihood() -> None:
    """Beta-binomial maximum likelihood with profile limits; scipy's optimiser on the same likelihood, without limits."""
    generator = np.random.default_rng(1)
    trials = generator.integers(200, 5_000, (SETS, AREAS)).astype(float)
    events = generator.binomial(trials.astype(int), generator.beta(13, 87, (SETS, AREAS))).astype(float)
    x, n = events[0], trials[0]

    def theirs() -> optimize.OptimizeResult:
        def height(at: np.ndarray) -> float:
            mean, size = 1 / (1 + np.exp(-at[0])), np.exp(at[1])
            return -float(stats.betabinom.logpmf(x, n, mean * size, (1 - mean) * size).sum())

        return optimize.minimize(height, (-2.0, 4.0), method="BFGS")

    mine = median(lambda: maximum_likelihood("binomial", x, n))
    many = median(lambda: maximum_likelihood("binomial", events, trials), 3)
    other = median(theirs)
    ours, found = maximum_likelihood("binomial", x, n), theirs()
    show(f"beta-binomial ML of {AREAS} areas, with profile limits", mine)
    show(f"  {SETS} such sets at once, each", many / SETS)
    show(f"  the same maximum by scipy's BFGS, no limits   ratio {other / mine:.1f}", other)
    print(f"  prior size {float(ours.size):.2f} and {float(np.exp(found.x[1])):.2f}")


def fixed_effects() -> None:
    """Poisson with effects of places and years: place effects taken out, and as dummies in statsmodels."""
    generator = np.random.default_rng(2)
    place = np.repeat(np.arange(AREAS), YEARS)
    year = np.tile(np.arange(YEARS), AREAS)
    size = np.repeat(generator.uniform(50, 3_000, AREAS), YEARS)
    exposure = generator.standard_normal(len(place))
    level = generator.normal(0, 0.3, AREAS)[place] - 1 + 0.05 * exposure + 0.02 * year
    events = generator.poisson(size * np.exp(level)).astype(float)
    x = np.column_stack([exposure, (year[:, None] == np.arange(1, YEARS)).astype(float)])
    dummies = np.column_stack([x, (place[:, None] == np.arange(AREAS)).astype(float)])

    def theirs() -> float:
        model = sm.GLM(events, dummies, family=sm.families.Poisson(), exposure=size)
        return float(model.fit(tol=TOLERANCE).params[0])

    mine = median(lambda: absorbed_poisson_fit(x, events, size, place))
    other = median(theirs, runs=3)
    show(f"two-way fixed effects, {AREAS} areas x {YEARS} years", mine)
    show(f"  the same by statsmodels with dummies   ratio {other / mine:.0f}", other)
    ours = float(absorbed_poisson_fit(x, events, size, place).coefficients[0])
    print(f"  coefficients differ by {abs(ours - theirs()):.1e}")


def power() -> None:
    """Simulated studies, and the bare random numbers that they need."""
    generator = np.random.default_rng(3)
    covariance = np.linspace(0.06, 0.04, 2 * YEARS_OF_STUDY)
    world = World(covariance, generator.uniform(20, 2_000, AREAS), 0.2, "poisson")
    cell = Cell("difference_in_differences", 20, 60, YEARS_OF_STUDY, 1.1)
    shape = (STUDIES, cell.places + cell.others, 2 * YEARS_OF_STUDY)

    def bare() -> np.ndarray:
        normal = generator.standard_normal(shape)
        expected = generator.choice(world.expected, shape[:2])
        return generator.poisson(expected[..., None] * np.exp(0.2 * normal))

    mine = median(lambda: simulated(world, cell, STUDIES, generator))
    draws = median(bare)
    show(f"{STUDIES:,} studies of {shape[1]} places in {shape[2]} years, drawn and analysed", mine)
    show(f"  their random numbers alone in numpy   ratio {mine / draws:.2f}", draws)


def panels() -> None:
    for level in ("prefecture", "area"):
        show(f"panel of the level {level}", median(partial(build_panel, level), runs=3))


def whole() -> None:
    """The shipped plan on the real panel, once: every table, then the pages and figures of both languages."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        content = compute_research(read_request(), date(2026, 12, 1), "zaitaku research report")
        computed = time.perf_counter()
        write_research(content, Path(folder) / "report")
        written = time.perf_counter()
    show("whole study (one run)", computed - start, digits=1)
    show("report of it in both languages (one run)", written - computed, digits=1)


if __name__ == "__main__":
    main()

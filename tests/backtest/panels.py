"""Panels with a known truth, made by hand."""

from __future__ import annotations

import numpy as np

from zaitaku_demand.backtest.coverage import ErrorSet
from zaitaku_demand.backtest.errors import Errors
from zaitaku_demand.backtest.panel import Panel

YEARS = tuple(range(2014, 2023))


def panel(growth: np.ndarray, *, noise: float = 0.0, seed: int = 0, places: int = 47) -> Panel:
    """One unbroken service: national rates change by `growth` (steps,) in the logarithm, populations stay as they are."""
    random = np.random.default_rng(seed)
    people = np.tile(random.uniform(1e3, 1e4, (1, places, 19)), (9, 1, 1))
    rate = np.linspace(0.001, 0.1, 19) * np.exp(np.concatenate([[0.0], np.cumsum(growth)]))[:, None]
    national = np.einsum("ypg,yg->yg", people, rate)
    ratio = random.uniform(0.5, 2.0, places)
    expected = np.einsum("ypg,yg->yp", people, rate)
    walk = np.cumsum(random.normal(0, noise, (9, places)), axis=0)
    observed = expected * ratio * np.exp(walk)
    observed *= expected.sum(axis=1, keepdims=True) / observed.sum(axis=1, keepdims=True)
    return Panel(
        level="prefecture",
        codes=tuple(f"{place + 1:02d}" for place in range(places)),
        parent=np.arange(places),
        years=YEARS,
        services=("nursing_orders",),
        observed=observed[None],
        hidden=np.zeros((1, 9, places)),
        people=people,
        edition=people,
        national_counts=national[None],
        national_people=people.sum(axis=1),
        rate_years=YEARS,
        event_size=np.ones(1),
    )


def error_set(
    random: np.random.Generator, *, services: int, walk: float, own_walk: float, area_walk: float
) -> ErrorSet:
    """Errors of random walks: of the nation, of 47 prefectures, of 188 areas in them."""
    steps = random.normal(0, walk, (services, 9, 1))
    own = random.normal(0, own_walk, (services, 9, 47))
    parent = np.repeat(np.arange(47), 4)
    area = random.normal(0, area_walk, (services, 9, len(parent)))

    def errors(level: str, changes: np.ndarray, codes: list[str], places: np.ndarray, first: int) -> Errors:
        path = np.cumsum(changes, axis=1)
        pairs = [(a, b) for a in range(first, 9) for b in range(a + 1, 9)]
        logs = np.stack([path[:, a] - path[:, b] for a, b in pairs], axis=1)
        return Errors(
            level=level,
            population="observed",
            methods=("constant",),
            services=tuple(f"s{number}" for number in range(services)),
            codes=tuple(codes),
            parent=places,
            origin=np.array([YEARS[a] for a, _ in pairs]),
            horizon=np.array([b - a for a, b in pairs]),
            log_error=logs[None],
            counting=np.zeros_like(logs),
            size=np.full((len(pairs), logs.shape[2]), 3e4),
        )

    prefectures = [f"{number:02d}" for number in range(1, 48)]
    return ErrorSet(
        errors("nation", steps, ["00"], np.zeros(1, dtype=np.int64), 0),
        errors("prefecture", steps + own, prefectures, np.arange(47), 0),
        errors(
            "area",
            steps + own[:, :, parent] + area,
            [f"{prefectures[p]}{n % 4 + 1:02d}" for n, p in enumerate(parent)],
            parent,
            5,
        ),
        np.full(services, 0.8),
    )

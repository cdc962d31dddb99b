"""IPSS, 日本の地域別将来推計人口: published national totals (平成30年推計, 令和5年推計, 結果表1)."""

from __future__ import annotations

import pytest

from zaitaku_demand.population import load_population


@pytest.mark.parametrize(
    ("edition", "year", "persons"),
    [
        ("2023", 2020, 126_146_099),
        ("2023", 2040, 112_837_404),
        ("2023", 2050, 104_686_386),
        ("2018", 2015, 127_094_745),
        ("2018", 2040, 110_918_555),
    ],
)
def test_national_totals(edition: str, year: int, persons: int) -> None:
    population = load_population(edition)
    assert population.values[:, population.years.index(year)].sum() == persons

"""Exact intervals of limits of agreement: Carkeet 2015, Optom Vis Sci 92:e71 (noncentral t)."""

from __future__ import annotations

import numpy as np
import pytest

from zaitaku_demand.research.validity.agreement import bland_altman

THREE_DECIMALS = 5.1e-4
CENTRAL = (0.93, 0.97)


@pytest.mark.parametrize(
    ("n", "below", "factor"),
    # Natrella 1963, Experimental Statistics (NBS Handbook 91), table A-7: one-sided tolerance factors, confidence 95 %.
    [(10, 0.90, 2.355), (10, 0.95, 2.911), (20, 0.95, 2.396), (30, 0.95, 2.220)],
)
def test_the_limits_end_at_one_sided_tolerance_factors(n: int, below: float, factor: float) -> None:
    values = np.random.default_rng(1).standard_normal(n)
    values = (values - values.mean()) / values.std(ddof=1)
    # Limits around the central 2 p - 1 end where p lie below; a two-sided 90 % interval has 5 % on either side.
    found = bland_altman(values, np.zeros(n), confidence=0.90, coverage=2 * below - 1)
    assert found.upper.upper == pytest.approx(factor, abs=THREE_DECIMALS)
    assert found.lower.lower == pytest.approx(-factor, abs=THREE_DECIMALS)


@pytest.mark.long
@pytest.mark.parametrize("n", [12, 47])
def test_coverage_and_bias(n: int) -> None:
    mean, spread, z = 0.3, 2.0, 1.959963984540054
    random = np.random.default_rng(20250401)
    inside, bias = np.zeros(3), []
    for _ in range(1000):
        difference = random.normal(mean, spread, n)
        found = bland_altman(difference, np.zeros(n))
        truth = (mean, mean - z * spread, mean + z * spread)
        inside += [each.lower <= true <= each.upper for each, true in zip(found[:3], truth, strict=True)]
        bias.append(found.bias.value)
    assert ((inside / 1000 >= CENTRAL[0]) & (inside / 1000 <= CENTRAL[1])).all()
    assert abs(np.mean(bias) - mean) < 3 * spread / np.sqrt(1000 * n)

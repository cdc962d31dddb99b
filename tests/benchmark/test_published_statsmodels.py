"""statsmodels, test_rates_poisson.py (R DescTools::PoissonCI(15, n = 400)): four intervals of one count."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.intervals import (
    byar_breslow_day_limits,
    poisson_exact_limits,
    poisson_score_limits,
    poisson_wald_limits,
    z_value,
)


def test_exact() -> None:
    found = np.array(poisson_exact_limits(15)) / 400
    # statsmodels test_rates_poisson.py, "exact-c"
    assert found == pytest.approx(np.array((0.0209884653319583, 0.0618505471787146)), rel=FLOAT)


def test_score_and_wald() -> None:
    # statsmodels test_rates_poisson.py, "score" and "wald"
    score = np.array(poisson_score_limits(15)) / 400
    assert score == pytest.approx(np.array((0.0227264749053794, 0.0618771721463559)), rel=FLOAT)
    wald = np.array(poisson_wald_limits(15)) / 400
    assert wald == pytest.approx(np.array((0.0185227303217751, 0.0564772696782249)), rel=FLOAT)


def test_two_formulas_are_called_byar() -> None:
    ours = np.array(byar_breslow_day_limits(15)) / 400
    centred = np.array(
        [15.5 * (1 - 1 / (9 * 15.5) + sign * z_value(0.95) / (3 * np.sqrt(15.5))) ** 3 for sign in (-1, 1)]
    )
    # DescTools' "byar" centres on x + 0.5.
    assert centred / 400 == pytest.approx(np.array((0.0219084369245707, 0.0602933510943048)), rel=FLOAT)
    # Breslow & Day 1987, as PHEindicatormethods: recomputed, five printed decimals in methods.md.
    assert ours == pytest.approx(np.array((0.020973160033035114, 0.061854078358098155)), rel=FLOAT)
    assert np.abs(ours - centred / 400).min() > 9e-4

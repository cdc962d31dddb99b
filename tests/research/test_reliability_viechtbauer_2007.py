"""Variance between units with known chance variance: Viechtbauer 2005 (REML) and 2007 (Q-profile limits)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.benchmark.overdispersion import dersimonian_laird
from zaitaku_demand.research.reliability.normal import logit_and_variance, q_profile_limits, reml_variance

PRINTED_4 = 0.00005

# Colditz et al. 1994, JAMA 271:698: BCG trials, cases and others among the vaccinated and the controls.
BCG = np.array(
    [
        (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
        (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232),
        (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
    ],
    float,
).T  # fmt: skip
# Collins, Yusuf & Peto 1985, BMJ 290:17: pre-eclampsia and number of women, diuretics and controls.
COLLINS = np.array(
    [
        (14, 131, 14, 136), (21, 385, 17, 134), (14, 57, 24, 48), (6, 38, 18, 40), (12, 1011, 35, 760),
        (138, 1370, 175, 1336), (15, 506, 20, 524), (6, 108, 2, 103), (65, 153, 40, 102),
    ],
    float,
).T  # fmt: skip


def _log_risk_ratios() -> tuple[np.ndarray, np.ndarray]:
    a, b, c, d = BCG
    return np.log(a / (a + b) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def _log_odds_ratios() -> tuple[np.ndarray, np.ndarray]:
    a, n1, c, n2 = COLLINS
    b, d = n1 - a, n2 - c
    return np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d


def test_diuretics_of_viechtbauer_2007() -> None:
    values, variances = _log_odds_ratios()
    # Viechtbauer 2007, table II (unrounded in the tests of metafor): DL 0.2297, REML 0.3008, limits 0.0723 and 2.2027.
    assert dersimonian_laird(values, variances)[2] == pytest.approx(0.2297, abs=PRINTED_4)
    assert reml_variance(values, variances) == pytest.approx(0.3008, abs=PRINTED_4)
    lower, upper = q_profile_limits(values, variances)
    assert lower == pytest.approx(0.0723, abs=PRINTED_4)
    assert upper == pytest.approx(2.2027, abs=PRINTED_4)


def test_bcg_trials_of_metafor() -> None:
    values, variances = _log_risk_ratios()
    # metafor, Viechtbauer 2010, J Stat Softw 36(3): REML 0.3132; confint() 0.1197 to 1.1115.
    assert reml_variance(values, variances) == pytest.approx(0.3132, abs=PRINTED_4)
    lower, upper = q_profile_limits(values, variances)
    assert (lower, upper) == (pytest.approx(0.1197, abs=PRINTED_4), pytest.approx(1.1115, abs=PRINTED_4))


def test_equal_variances_have_a_closed_form() -> None:
    values = np.array([1.0, 2, 4, 7, 11, 3])
    assert reml_variance(values, 0.5) == pytest.approx(values.var(ddof=1) - 0.5)
    # With a group mean removed there are k - groups degrees of freedom.
    groups = np.array([0, 0, 0, 1, 1, 1])
    within = (values[:3].var(ddof=1) * 2 + values[3:].var(ddof=1) * 2) / 4
    assert reml_variance(values, 0.5, groups) == pytest.approx(within - 0.5)


def test_nothing_beyond_chance() -> None:
    assert reml_variance([1.0, 1.1, 0.9], [1.0, 1, 1]) == 0
    assert np.isnan(reml_variance([1.0, 2.0], [1.0, 1.0], [0, 1]))
    assert q_profile_limits([1.0, 1.1, 0.9], [1.0, 1, 1])[0] == 0


def test_a_unit_without_events_is_not_exact() -> None:
    logits, variances = logit_and_variance(np.array([0.0, 30]), np.array([50.0, 50]))
    assert np.isfinite(logits).all()
    assert variances[0] == variances[1]


@given(st.permutations(range(13)), st.floats(-5, 5))
def test_order_shift_and_unknown_units_change_nothing(order: list[int], shift: float) -> None:
    values, variances = _log_risk_ratios()
    moved = np.append(values[order] + shift, np.nan), np.append(variances[order], 1.0)
    assert reml_variance(*moved) == pytest.approx(float(reml_variance(values, variances)), rel=1e-6)


@pytest.mark.long
@pytest.mark.parametrize("within", [False, True])
def test_bias_and_coverage(within: bool) -> None:
    random = np.random.default_rng(17)
    units, sets, true = 150, 1000, 0.04
    variances = np.geomspace(0.005, 0.2, units)[random.permutation(units)]
    groups = np.arange(units) // 5
    values = random.normal(0, np.sqrt(true + variances), (sets, units))
    if within:
        values += random.normal(0, 1, (sets, units // 5)).repeat(5, axis=1)
    found = reml_variance(values, variances, groups if within else None)
    assert found.mean() == pytest.approx(true, rel=0.02)
    lower, upper = q_profile_limits(values, variances, 0.95, groups if within else None)
    assert 0.93 <= ((lower <= true) & (true <= upper)).mean() <= 0.97

"""ICC over years: Shrout & Fleiss 1979, table 2 (6 targets, 4 judges) and table 4; Lin's concordance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tolerances import FLOAT
from zaitaku_demand.research.reliability.years import (
    concordance,
    correlation,
    icc_agreement,
    icc_consistency,
)

PRINTED_2 = 0.005
"""Absolute: printed to two decimals."""
PRINTED_3 = 0.0005
"""Absolute: printed to three decimals."""

# Shrout & Fleiss 1979, Psychol Bull 86:420, table 2.
RATINGS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)
# Bland & Altman 1986, Lancet 327:307, table 1: first readings of the Wright and the mini peak flow meter (l/min).
WRIGHT = np.array(
    [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427], float
)
MINI = np.array([512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451], float)


def test_icc_of_shrout_and_fleiss() -> None:
    agreement, consistency = icc_agreement(RATINGS), icc_consistency(RATINGS)
    assert agreement.value == pytest.approx(0.29, abs=PRINTED_2)  # table 4, ICC(2,1)
    assert consistency.value == pytest.approx(0.71, abs=PRINTED_2)  # table 4, ICC(3,1)


def test_limits_as_printed_by_psych() -> None:
    # R package psych, help page of ICC, the same ratings: ICC2 0.019 to 0.76, ICC3 0.342 to 0.95.
    agreement, consistency = icc_agreement(RATINGS), icc_consistency(RATINGS)
    assert agreement.lower == pytest.approx(0.019, abs=PRINTED_3)
    assert agreement.upper == pytest.approx(0.76, abs=PRINTED_2)
    assert consistency.lower == pytest.approx(0.342, abs=PRINTED_3)
    assert consistency.upper == pytest.approx(0.95, abs=PRINTED_2)


def test_mean_squares_against_the_printed_table() -> None:
    # Table 3: between targets 11.24, judges 32.49, residual 1.02; ICC(3,1) from these.
    assert icc_consistency(RATINGS).value == pytest.approx((11.24 - 1.02) / (11.24 + 3 * 1.02), abs=PRINTED_2)


def test_correlation_of_bland_and_altman() -> None:
    found = correlation(WRIGHT, MINI)
    assert found.value == pytest.approx(0.94, abs=PRINTED_2)  # p. 307
    agreement = concordance(WRIGHT, MINI)
    # Lin 1989: never above the correlation in size, equal where means and variances agree.
    assert agreement.lower < agreement.value < found.value
    assert agreement.value > 0.93  # the meters' means differ by 2 l/min only (p. 308)


def test_concordance_of_a_shift_is_known() -> None:
    x = np.array([1.0, 2, 3, 4, 5])
    # s^2 = 2 with divisor n, so 2 * 2 / (2 + 2 + 1).
    assert concordance(x, x + 1).value == pytest.approx(0.8, rel=FLOAT)
    assert concordance(x, x).value == pytest.approx(1.0, rel=FLOAT)


def test_few_pairs_give_nothing() -> None:
    assert np.isnan(concordance([1.0, np.nan, 2.0], [1.0, 2.0, 3.0]).value)
    assert np.isnan(correlation(np.ones(5), np.arange(5.0)).value)


@given(st.permutations(range(6)), st.floats(0.1, 50), st.floats(-100, 100))
def test_neither_order_nor_unit_matters(order: list[int], factor: float, shift: float) -> None:
    for function in (icc_agreement, icc_consistency):
        plain = function(RATINGS)
        moved = function(RATINGS[order] * factor + shift)
        np.testing.assert_allclose([*moved], [*plain], rtol=1e-6)


def test_a_common_change_matters_for_agreement_alone() -> None:
    later = RATINGS + np.array([0.0, 5, 10, 15])
    assert icc_consistency(later).value == pytest.approx(float(icc_consistency(RATINGS).value), rel=FLOAT)
    assert icc_agreement(later).value < icc_agreement(RATINGS).value


@pytest.mark.long
def test_coverage_of_icc_limits() -> None:
    random = np.random.default_rng(7)
    sets, places, years = 1000, 47, 5
    place = random.normal(0, 1, (sets, places, 1))
    table = place + random.normal(0, 0.6, (sets, places, years))
    found = icc_consistency(table)
    true = 1 / (1 + 0.36)
    assert found.value.mean() == pytest.approx(true, rel=0.02)
    covered = (found.lower <= true) & (true <= found.upper)
    assert 0.93 <= covered.mean() <= 0.97
    # ICC(2,1) with years that differ: the same true value less the share of the years. Its limits are approximate
    # (Satterthwaite) and cover less where few years differ much.
    common = table + random.normal(0, 0.3, (sets, 1, years))
    agreement = icc_agreement(common)
    true = 1 / (1 + 0.36 + 0.09)
    covered = (agreement.lower <= true) & (true <= agreement.upper)
    assert 0.93 <= covered.mean() <= 0.97


@pytest.mark.long
def test_coverage_of_concordance_limits() -> None:
    random = np.random.default_rng(11)
    hits, values = 0, []
    true = 2 * 0.8 / (1 + 1 + 0.25)
    for _ in range(1000):
        x = random.normal(0, 1, 100)
        y = 0.8 * x + np.sqrt(1 - 0.64) * random.normal(0, 1, 100) + 0.5
        found = concordance(x, y)
        values.append(float(found.value))
        hits += bool(found.lower <= true <= found.upper)
    assert np.mean(values) == pytest.approx(true, rel=0.02)
    assert 0.93 <= hits / 1000 <= 0.97

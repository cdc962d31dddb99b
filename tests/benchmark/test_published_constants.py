"""Divisors and rules: NHSRplotthedots (XmR), ehrQL (redaction), NHP model (80 % interval)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.control_chart import LIMIT_PER_RANGE, RANGE_SCREEN, control_chart
from zaitaku_demand.benchmark.disclosure import primary_suppression, round_counts
from zaitaku_demand.benchmark.intervals import z_value


def test_control_chart_constants() -> None:
    # NHSRplotthedots, ptd_spc_standard.R prints 2.66 and 3.267, from d2 = 2 / sqrt pi of ranges of two.
    d2 = 2 / np.sqrt(np.pi)
    assert pytest.approx(3 / d2, abs=0.005) == LIMIT_PER_RANGE
    d3 = np.sqrt(2 - 4 / np.pi)
    assert pytest.approx(1 + 3 * d3 / d2, abs=0.0005) == RANGE_SCREEN


def test_control_chart_screens_wide_ranges() -> None:
    values = np.array([10, 11, 10, 11, 10, 11, 10, 30, 10, 11, 10, 11, 10, 11, 10.0])
    screened, plain = control_chart(values), control_chart(values, screen=False)
    assert screened.mean_range == pytest.approx(1, rel=FLOAT)
    assert screened.upper == pytest.approx(values.mean() + 2.66, rel=FLOAT)
    assert plain.mean_range == pytest.approx(np.abs(np.diff(values)).mean(), rel=FLOAT)
    same = control_chart(np.full(6, 3.0))
    assert (same.lower, same.upper) == (3, 3)


def test_eighty_percent_interval() -> None:
    # NHP model, helpers.py: 2.563103
    assert round(2 * z_value(0.8), 6) == 2.563103


def test_ehrql_redaction() -> None:
    counts = np.arange(0.0, 23.0)
    hidden = primary_suppression(counts, threshold=7)
    found = np.where(hidden, 0.0, round_counts(counts, 5))
    # ehrQL, disclosure_control.py: up to 7 becomes 0, the rest is rounded to 5.
    assert found.tolist() == [0] * 8 + [10] * 5 + [15] * 5 + [20] * 5


def test_limits_of_a_mean() -> None:
    from zaitaku_demand.benchmark.intervals import student_t_limits

    lower, upper = student_t_limits(5.0, 2.0, 10)
    half = stats.t.ppf(0.975, 9) * 2 / np.sqrt(10)
    assert (lower, upper) == pytest.approx((5 - half, 5 + half), rel=FLOAT)

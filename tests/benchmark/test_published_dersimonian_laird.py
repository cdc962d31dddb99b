"""metafor tests (Stata metan), BCG vaccine trials: DerSimonian & Laird 1986."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.intervals import z_value
from zaitaku_demand.benchmark.overdispersion import between_variance, dersimonian_laird

# metafor dat.bcg: cases and others, vaccinated; cases and others, not vaccinated.
TRIALS = np.array(
    [
        [4, 119, 11, 128],
        [6, 300, 29, 274],
        [3, 228, 11, 209],
        [62, 13536, 248, 12619],
        [33, 5036, 47, 5761],
        [180, 1361, 372, 1079],
        [8, 2537, 10, 619],
        [505, 87886, 499, 87892],
        [29, 7470, 45, 7232],
        [17, 1699, 65, 1600],
        [186, 50448, 141, 27197],
        [5, 2493, 3, 2338],
        [27, 16886, 29, 17825],
    ],
    dtype=float,
)


def log_risk_ratios() -> tuple[np.ndarray, np.ndarray]:
    a, b, c, d = TRIALS.T
    return np.log(a / (a + b) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def test_mean_and_variance_between_trials() -> None:
    values, variances = log_risk_ratios()
    assert values[0] == pytest.approx(-0.8893113339202054, rel=FLOAT)  # metafor escalc
    assert variances[0] == pytest.approx(0.32558476500396133, rel=FLOAT)  # metafor escalc
    mean, error, tau2 = dersimonian_laird(values, variances)
    assert round(float(tau2), 4) == 0.3088  # metafor test_meta_analysis, Stata metan
    assert round(float(mean), 4) == -0.7141  # the same
    limits = [round(float(mean + sign * z_value(0.95) * error), 4) for sign in (-1, 1)]
    assert limits == [-1.0644, -0.3638]  # the same


def test_heterogeneity() -> None:
    values, variances = log_risk_ratios()
    fixed = (values / variances).sum() / (1 / variances).sum()
    q = (((values - fixed) ** 2) / variances).sum()
    assert round(float(q), 3) == 152.233  # metafor, Stata metan
    assert between_variance(q, np.sqrt(variances)) == pytest.approx(
        dersimonian_laird(values, variances)[2], rel=FLOAT
    )

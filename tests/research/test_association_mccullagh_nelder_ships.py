"""Damage to ships (McCullagh & Nelder 1989, Generalized Linear Models, section 6.3.2): Poisson with an offset."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tolerances import FLOAT
from zaitaku_demand.research.association.fixed_effects import absorbed_poisson_fit
from zaitaku_demand.research.association.glm import pearson_dispersion, poisson_fit

PRINTED = 5e-6
"""Values printed to five decimals."""
LAST_STEP = 1e-5
"""R takes the weights of its last step but one for standard errors."""

# MASS ships: type, year of construction, period of operation, months of service, incidents (service above 0).
SHIPS = """
A 60 60 127 0|A 60 75 63 0|A 65 60 1095 3|A 65 75 1095 4|A 70 60 1512 6|A 70 75 3353 18|A 75 75 2244 11
B 60 60 44882 39|B 60 75 17176 29|B 65 60 28609 58|B 65 75 20370 53|B 70 60 7064 12|B 70 75 13099 44|B 75 75 7117 18
C 60 60 1179 1|C 60 75 552 1|C 65 60 781 0|C 65 75 676 1|C 70 60 783 6|C 70 75 1948 2|C 75 75 274 1
D 60 60 251 0|D 60 75 105 0|D 65 60 288 0|D 65 75 192 0|D 70 60 349 2|D 70 75 1208 11|D 75 75 2051 4
E 60 60 45 0|E 65 60 789 7|E 65 75 437 7|E 70 60 1157 5|E 70 75 2161 12|E 75 75 542 1
"""
ROWS = [row.split() for line in SHIPS.strip().splitlines() for row in line.split("|")]
TYPE = np.array([row[0] for row in ROWS])
YEAR, PERIOD, SERVICE, INCIDENTS = np.array([row[1:] for row in ROWS], dtype=float).T
OTHERS = np.column_stack([YEAR == 65, YEAR == 70, YEAR == 75, PERIOD == 75]).astype(float)
MATRIX = np.column_stack([np.ones(len(ROWS)), *(kind == TYPE for kind in "BCDE"), OTHERS]).astype(float)

# R, glm(incidents ~ type + year + period + offset(log(service)), poisson) on MASS ships.
COEFFICIENTS = [-6.40590, -0.54334, -0.68740, -0.07596, 0.32558, 0.69714, 0.81843, 0.45343, 0.38447]


def test_coefficients_and_dispersion() -> None:
    fit = poisson_fit(MATRIX, INCIDENTS, SERVICE)
    assert bool(fit.converged)
    np.testing.assert_allclose(fit.coefficients, COEFFICIENTS, atol=PRINTED)
    ratio = np.where(INCIDENTS > 0, INCIDENTS, 1) / fit.mean
    deviance = 2 * (np.where(INCIDENTS > 0, INCIDENTS * np.log(ratio), 0) - (INCIDENTS - fit.mean)).sum()
    assert (
        round(float(deviance), 1) == 38.7
    )  # McCullagh & Nelder 1989, page 206: 38.7 on 25 degrees of freedom
    # The same page: dispersion estimated as 1.69.
    assert round(pearson_dispersion(INCIDENTS, fit.mean, MATRIX.shape[1]), 2) == 1.69


def test_standard_errors() -> None:
    fit = poisson_fit(MATRIX, INCIDENTS, SERVICE)
    covariance = np.linalg.inv((MATRIX * fit.mean[:, None]).T @ MATRIX)
    errors = np.sqrt(np.diag(covariance))[:6]
    # The same R output.
    np.testing.assert_allclose(errors, [0.21744, 0.17759, 0.32904, 0.29058, 0.23588, 0.14964], atol=LAST_STEP)


def test_absorbed_types_give_the_same_slopes() -> None:
    fit = absorbed_poisson_fit(OTHERS, INCIDENTS, SERVICE, np.unique(TYPE, return_inverse=True)[1])
    assert bool(fit.converged)
    np.testing.assert_allclose(fit.coefficients, COEFFICIENTS[5:], atol=PRINTED)  # R, as above
    for kind in "ABCDE":
        assert fit.mean[kind == TYPE].sum() == pytest.approx(INCIDENTS[kind == TYPE].sum(), rel=FLOAT)

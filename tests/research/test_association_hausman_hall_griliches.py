"""Fixed-effects Poisson: absorbed effects, the conditional likelihood and dummies are one (Hausman et al. 1984)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.discrete.conditional_models import ConditionalPoisson

from tests.research.association_data import design
from zaitaku_demand.research.association.fixed_effects import absorbed_poisson_fit, fixed_effects

OTHER_PROGRAM = 1e-5
"""Relative: statsmodels stops at about that."""


def test_same_as_dummies() -> None:
    made = design(1, places=20)
    places = (made.place[:, None] == np.unique(made.place)).astype(float)
    x = np.column_stack([made.x, made.z, made.year_columns()[:, 1:]])
    other = sm.GLM(
        made.events, np.column_stack([x, places]), family=sm.families.Poisson(), offset=np.log(made.size)
    ).fit(tol=1e-12)
    fit = absorbed_poisson_fit(x, made.events, made.size, made.place)
    np.testing.assert_allclose(fit.coefficients, other.params[: x.shape[1]], rtol=OTHER_PROGRAM, atol=1e-9)
    np.testing.assert_allclose(fit.mean, other.fittedvalues, rtol=OTHER_PROGRAM)


def test_same_as_the_conditional_likelihood() -> None:
    made = design(2, places=20, years=3, size=4.0)
    x = np.column_stack([made.x, made.year_columns()[:, 1:]])
    # statsmodels drops places whose counts are all equal, so they are left out of both.
    keep = np.array([np.ptp(made.events[made.place == place]) > 0 for place in range(20)])[made.place]
    other = ConditionalPoisson(
        made.events[keep], x[keep], groups=made.place[keep], offset=np.log(made.size[keep])
    ).fit(disp=0, method="newton")
    fit = absorbed_poisson_fit(x[keep], made.events[keep], made.size[keep], made.place[keep])
    np.testing.assert_allclose(fit.coefficients, other.params, rtol=1e-4, atol=1e-6)


def test_places_that_say_nothing_are_left_out() -> None:
    made = design(3)
    one_year = made.subset((made.place != 0) | (made.year == made.year.min()))
    found, without = fixed_effects(one_year), fixed_effects(made.subset(made.place != 0))
    assert found.estimate == pytest.approx(without.estimate)
    assert found.n_places == made.n_places - 1


def test_place_level_differences_do_not_matter() -> None:
    made = design(4)
    jump = np.exp(np.random.default_rng(0).normal(size=made.place.max() + 1))
    other = replace(made, size=made.size * jump[made.place])
    assert fixed_effects(other).estimate == pytest.approx(fixed_effects(made).estimate, rel=1e-9)


def test_no_change_within_places() -> None:
    still = replace(design(5), x=np.asarray(design(5).place % 7, float))
    assert fixed_effects(still).note == "no_within_variation"
    assert np.isnan(fixed_effects(still).estimate)

"""Restricted cubic splines with Harrell's knots (Regression Modeling Strategies, section 2.4)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patsy import dmatrix

from tests.research.association_data import design
from zaitaku_demand.errors import InputError
from zaitaku_demand.research.association.models import poisson
from zaitaku_demand.research.association.splines import harrell_knots, restricted_cubic_basis, spline_curve

KNOTS = np.array([-1.0, 0.0, 0.5, 2.0])


def test_knots() -> None:
    # Harrell 2015, table 2.3: quantiles of four knots .05, .35, .65, .95.
    np.testing.assert_allclose(harrell_knots(np.arange(101.0), 4), [5, 35, 65, 95])
    np.testing.assert_allclose(harrell_knots(np.arange(101.0), 5), [5, 27.5, 50, 72.5, 95])
    with pytest.raises(InputError):
        harrell_knots(np.arange(10.0), 2)


def test_basis_by_hand() -> None:
    # Knots 0, 1, 2 at x = 1.5: (1.5^3 - 0.5^3 * 2 / 1) / 4 by equation 2.25, and 4 (27 - 16 + 1) / 4 / 4 = 3 at x = 3.
    basis = restricted_cubic_basis([1.5, 3.0], [0.0, 1.0, 2.0])
    np.testing.assert_allclose(basis[:, 1], [(1.5**3 - 2 * 0.5**3) / 4, (27 - 2 * 8 + 1) / 4])


def test_linear_beyond_the_outer_knots() -> None:
    for ends in (np.array([-9.0, -5.0, -1.0]), np.array([2.0, 5.0, 8.0])):
        basis = restricted_cubic_basis(ends, KNOTS)
        np.testing.assert_allclose(np.diff(basis, n=2, axis=0), 0.0, atol=1e-12)


def test_same_space_as_natural_splines_of_patsy() -> None:
    x = np.linspace(-3, 4, 60)
    ours = np.column_stack([np.ones(60), restricted_cubic_basis(x, KNOTS)])
    inner = ", ".join(str(knot) for knot in KNOTS[1:-1])
    other = np.asarray(
        dmatrix(f"cr(x, knots=[{inner}], lower_bound=-1.0, upper_bound=2.0) - 1", {"x": np.clip(x, -1, 2)})
    )
    within = (x >= -1) & (x <= 2)
    fitted = other[within] @ np.linalg.lstsq(other[within], ours[within], rcond=None)[0]
    np.testing.assert_allclose(fitted, ours[within], atol=1e-8)


def test_straight_line_is_not_called_curved_and_a_bend_is() -> None:
    straight = design(8, size=4000.0, spread=0.05)
    assert spline_curve(straight).p_nonlinear > 0.05
    bend = replace(straight, events=np.round(straight.events * np.exp(0.3 * straight.x**2)))
    assert spline_curve(bend).p_nonlinear < 0.001
    assert spline_curve(bend, knots=4).p_nonlinear < 0.001


def test_curve_is_one_at_the_median_and_near_the_line() -> None:
    made = design(9, size=4000.0, spread=0.05)
    curve = spline_curve(made, points=401)
    near = np.abs(curve.x - np.median(made.x)).argmin()
    assert abs(curve.log_ratio[near]) < 0.01
    line = poisson(made).estimate * (curve.x - np.median(made.x))
    np.testing.assert_allclose(curve.log_ratio, line, atol=0.1)
    assert (curve.lower <= curve.log_ratio).all() and (curve.log_ratio <= curve.upper).all()


def test_few_values() -> None:
    made = replace(design(1), x=np.asarray(design(1).place % 2, float))
    curve = spline_curve(made)
    assert curve.note == "few_values"
    assert np.isnan(curve.log_ratio).all()


@settings(max_examples=20)
@given(st.floats(0.1, 100.0), st.floats(-50, 50))
def test_unit_of_x_does_not_matter(factor: float, shift: float) -> None:
    made = design(2)
    p_value = spline_curve(made).p_nonlinear
    moved = spline_curve(replace(made, x=made.x * factor + shift)).p_nonlinear
    assert moved == pytest.approx(p_value, rel=1e-3, abs=1e-6)

"""E-values: VanderWeele & Ding 2017, Ann Intern Med 167:268, and the documentation of the R package EValue."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.research.association.e_value import (
    bias_factor,
    e_value,
    e_value_of_difference,
    ratio_of_hazards,
    ratio_of_odds,
)

PRINTED = 5e-3
"""Absolute: the paper prints two decimals."""
PRINTED_PACKAGE = 5e-6
"""Absolute: EValue prints five decimals."""
REFERENCE = 1e-10
"""Relative: reference values of EValue 4.1.3 with 15 digits."""


def test_infant_feeding() -> None:
    # VanderWeele & Ding 2017, first example (Victora et al. 1987): formula feeding and respiratory death, RR 3.9 (1.8 to 8.7).
    found = e_value(3.9, 1.8, 8.7)
    assert found.estimate == pytest.approx(7.26, abs=PRINTED)
    assert found.limit == pytest.approx(3.00, abs=PRINTED)


def test_smoking_and_lung_cancer() -> None:
    # EValue vignette "unmeasured confounding": Hammond & Horn 1958, RR 10.73 (8.02 to 14.36).
    found = e_value(10.73, 8.02, 14.36)
    assert found.estimate == pytest.approx(20.94777, abs=PRINTED_PACKAGE)
    assert found.limit == pytest.approx(15.52336, abs=PRINTED_PACKAGE)


def test_protective_ratio_and_its_upper_limit() -> None:
    # VanderWeele & Ding 2017, leukaemia example (documentation of evalues.RR): RR 0.80 (0.71 to 0.91).
    # By the formula 1/0.80 + sqrt(1/0.80 (1/0.80 - 1)) = 1.809, and with 0.91 1.429.
    found = e_value(0.80, 0.71, 0.91)
    assert found.estimate == pytest.approx(1.81, abs=PRINTED)
    assert found.limit == pytest.approx(1.43, abs=PRINTED)


def test_odds_ratio_of_a_common_outcome() -> None:
    # Reference of EValue evalues.OR(2.5, 1.4, 4.0, rare = FALSE).
    found = e_value(*(ratio_of_odds(each) for each in (2.5, 1.4, 4.0)))
    assert found.estimate == pytest.approx(2.53971129469801, rel=REFERENCE)
    assert found.limit == pytest.approx(1.6488166904897, rel=REFERENCE)


def test_hazard_ratio_of_a_rare_and_a_common_outcome() -> None:
    # Reference of EValue evalues.HR(1.8, 1.2, 2.6, rare = TRUE / FALSE).
    rare = e_value(1.8, 1.2, 2.6)
    assert (rare.estimate, rare.limit) == (pytest.approx(3.0), pytest.approx(1.68989794855664, rel=REFERENCE))
    common = e_value(*(ratio_of_hazards(each) for each in (1.8, 1.2, 2.6)))
    assert common.estimate == pytest.approx(2.36714327129528, rel=REFERENCE)
    assert common.limit == pytest.approx(1.52553091757873, rel=REFERENCE)


def test_mean_difference() -> None:
    # Reference of EValue evalues.MD(0.5, se = 0.2).
    found = e_value_of_difference(0.5, 0.2)
    assert found.estimate == pytest.approx(2.52914198186127, rel=REFERENCE)
    assert found.limit == pytest.approx(1.44302956344269, rel=REFERENCE)


def test_interval_that_holds_one_has_the_least_e_value() -> None:
    assert e_value(1.2, 0.9, 1.6).limit == 1.0


def test_unknown_or_impossible_ratios_have_none() -> None:
    found = e_value([np.nan, 0.0, -1.0], [np.nan, 0.0, -2.0], [np.nan, 1.0, 1.0])
    assert np.isnan(found.estimate).all()
    assert np.isnan(found.limit).all()


@given(st.floats(1.0, 50.0))
def test_confounder_of_that_strength_accounts_for_the_ratio_and_no_more(ratio: float) -> None:
    # Definition of the E-value: the bias factor of two associations as strong as it is the ratio itself.
    strength = e_value(ratio, ratio, ratio).estimate
    assert bias_factor(strength, strength) == pytest.approx(ratio, rel=1e-9)


@given(st.floats(0.02, 50.0), st.floats(1.0, 3.0))
def test_same_for_a_ratio_and_its_inverse(ratio: float, width: float) -> None:
    there = e_value(ratio, ratio / width, ratio * width)
    back = e_value(1 / ratio, 1 / (ratio * width), width / ratio)
    assert back.estimate == pytest.approx(float(there.estimate), rel=1e-6)
    assert back.limit == pytest.approx(float(there.limit), rel=1e-6)

"""Holm 1979: a sequentially rejective procedure; families of associations."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.stats.multitest import multipletests

from zaitaku_demand.benchmark.multiple_tests import benjamini_hochberg
from zaitaku_demand.research.association.family import holm, with_adjusted


def test_by_hand() -> None:
    # Four tests: 4 x 0.01, 3 x 0.02, then never below the one before.
    np.testing.assert_allclose(holm([0.02, 0.01, 0.03, 0.04]), [0.06, 0.04, 0.06, 0.06])


def test_blanks_are_no_tests() -> None:
    found = holm([0.02, np.nan, 0.01])
    np.testing.assert_allclose(found[[0, 2]], [0.02, 0.02])
    assert np.isnan(found[1])
    assert np.isnan(holm([np.nan])).all()


@settings(max_examples=20)
@given(arrays(float, st.integers(1, 12), elements=st.floats(0, 1)))
def test_same_as_statsmodels(p_values: np.ndarray) -> None:
    np.testing.assert_allclose(holm(p_values), multipletests(p_values, method="holm")[1], atol=1e-12)
    assert (holm(p_values) >= benjamini_hochberg(p_values) - 1e-12).all()


def test_families_are_adjusted_apart() -> None:
    table = pd.DataFrame({"family": ["a", "a", "b"], "p_value": [0.01, np.nan, 0.04]})
    found = with_adjusted(table, ["family"])
    assert found["q_value"].tolist()[0] == 0.01
    assert found["holm_p_value"].tolist()[2] == 0.04
    assert found["family_tests"].tolist() == [1, 1, 1]

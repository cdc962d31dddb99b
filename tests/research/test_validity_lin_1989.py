"""Concordance as the agreement of sources uses it: Lin 1989, Biometrics 45:255, against R's epiR."""

from __future__ import annotations

import numpy as np
import pytest

from tests.research.test_validity_bland_altman_1986 import MINI, WRIGHT
from zaitaku_demand.research.reliability.years import concordance

# Test data of the Python package linccc (OC-Moore/linccc, tests/reference_data.csv), to nine decimals.
FIRST = """10.993428306 9.723471398 11.295377076 nan 9.531693251 9.531726086 13.158425631 11.534869458 9.061051228
11.085120087 nan 9.068540493 10.483924543 6.173439511 6.550164335 8.875424942 7.974337759 10.628494665 8.183951849
7.175392597 12.931297538 9.548447399 10.135056409 7.150503628 8.911234551 10.221845179 7.698012845 10.751396037
8.798722620 9.416612500"""
SECOND = """10.792378863 12.103402442 11.652342144 nan 10.901068838 8.857709828 13.551446663 9.921712389 8.326760056
11.673469314 nan 9.833054725 10.819883806 6.754991864 5.916625911 8.768038239 8.216265212 12.122767424 9.209174954
6.194813182 13.462251753 9.708520379 9.944628768 8.547129554 10.551110619 11.630940781 7.588994037 10.867044057
9.750113790 10.950496377"""
NINE_DECIMALS = 1e-8


def test_the_value_of_epir() -> None:
    first, second = (np.array(part.split(), float) for part in (FIRST, SECOND))
    # OC-Moore/linccc, tests/test_core.py: 0.8549844869, cross-validated against epiR::epi.ccc on the same data.
    assert float(concordance(first, second).value) == pytest.approx(0.8549844869, abs=NINE_DECIMALS)


def test_concordance_and_correlation_of_the_peak_flow_readings() -> None:
    # Bland & Altman 1986, p. 307: the correlation of the first readings is r = 0.94; concordance cannot exceed it.
    assert round(float(np.corrcoef(WRIGHT, MINI)[0, 1]), 2) == 0.94
    found = concordance(WRIGHT, MINI)
    assert float(found.value) <= float(np.corrcoef(WRIGHT, MINI)[0, 1])
    assert float(found.lower) < float(found.value) < float(found.upper)


def test_a_shift_lowers_concordance_but_not_correlation() -> None:
    values = np.arange(20.0)
    assert float(concordance(values, values + 1e-9).value) == pytest.approx(1, abs=1e-9)
    # With variance s2 and shift d the concordance is s2 / (s2 + d^2 / 2).
    assert float(concordance(values, values + 3).value) == pytest.approx(
        values.var() / (values.var() + 4.5), rel=1e-9
    )

"""Ceiling and floor: Terwee et al. 2007, J Clin Epidemiol 60:34; skewness: D'Agostino 1970."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.tolerances import FLOAT
from zaitaku_demand.research.validity.bounds import ceiling_share, floor_share, skewness
from zaitaku_demand.research.validity.settings import ValiditySettings

FOUR_DECIMALS = 5.1e-5


def test_the_threshold_is_fifteen_percent() -> None:
    assert ValiditySettings().bound_share == 0.15  # Terwee et al. 2007, p. 37


def test_shares_with_the_interval_of_wilson() -> None:
    # Newcombe 1998, Stat Med 17:857, table I: 15 of 148 has the score interval 0.0624 to 0.1605.
    events = np.concatenate([np.zeros(15), np.ones(133), [np.nan]])
    found = floor_share(events)
    assert found.places == 148
    assert found.value == pytest.approx(15 / 148, rel=FLOAT)
    assert found[1:3] == pytest.approx((0.0624, 0.1605), abs=FOUR_DECIMALS)
    top = ceiling_share(np.where(np.isnan(events), np.nan, 10 - 10 * events), np.full(149, 10.0))
    assert top.value == pytest.approx(15 / 148, rel=FLOAT)


@settings(max_examples=30)
@given(st.lists(st.floats(0.1, 10), min_size=8, max_size=40, unique=True), st.floats(0.1, 10))
def test_skewness_changes_sign_with_the_values(values: list[float], scale: float) -> None:
    x = np.array(values)
    if np.ptp(x) < 1e-3:
        return
    plain, p_value = skewness(x)
    mirrored, same = skewness(-scale * np.append(x, np.nan))
    assert mirrored == pytest.approx(-plain, rel=1e-6, abs=1e-9)
    assert same == pytest.approx(p_value, rel=1e-6)


def test_skewness_of_a_known_distribution() -> None:
    # An exponential distribution has skewness 2.
    drawn = stats.expon.ppf((np.arange(200000) + 0.5) / 200000)
    assert skewness(drawn)[0] == pytest.approx(2, rel=0.01)
    assert np.isnan(skewness([1, 2, 3])[0])


def test_nothing_shown() -> None:
    assert np.isnan(floor_share([np.nan, np.nan]).value)

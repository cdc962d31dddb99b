"""Shrinkage: Efron & Morris 1977 (18 baseball players) and Marshall 1991 (North Carolina, esda tests)."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmark.published import SIX_DIGITS, published
from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.intervals import divide
from zaitaku_demand.benchmark.overdispersion import pooled
from zaitaku_demand.benchmark.shrinkage import gamma_poisson, james_stein, marshall_prior, shrink

# Efron & Morris 1977, Scientific American 236(5), table on p. 120: hits in the first 45 times at bat.
HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
AVERAGES = HITS / 45


def test_james_stein_baseball() -> None:
    mean = AVERAGES.mean()
    shrunk, c = james_stein(AVERAGES, mean * (1 - mean) / 45)
    assert round(float(c), 3) == 0.212  # Efron & Morris 1977, p. 120
    assert round(float(mean), 3) == 0.265  # the same
    expected = published("james_stein_efron_morris1977")
    np.testing.assert_allclose(shrunk, expected["js_recomputed"], rtol=FLOAT)


def test_marshall_north_carolina() -> None:
    counties = published("esda_eb_sids_nc")
    events, births = counties["SID74"].to_numpy(), counties["BIR74"].to_numpy()
    prior = marshall_prior(events, births)
    value, _ = shrink(events / births, prior.mean, prior.variance, prior.mean / births)
    np.testing.assert_allclose(value, counties["eb_marshall_recomputed"], rtol=FLOAT)
    # esda, test_smoothing.py, Empirical_Bayes, first five counties
    printed = counties["eb_expected_first5"].to_numpy()[:5]
    np.testing.assert_allclose(value[:5], printed, rtol=0, atol=5.1e-8)
    # With the prior by moments the gamma-Poisson figure is Marshall's.
    np.testing.assert_allclose(gamma_poisson(events, births).value, value, rtol=FLOAT)
    # esda, Excess_Risk, first five counties
    excess = divide(events, births * pooled(events, births))
    np.testing.assert_allclose(excess[:5], counties["er_expected_first5"][:5], rtol=2 * SIX_DIGITS)
    np.testing.assert_allclose(excess, counties["excess_risk"], rtol=FLOAT)


def test_the_variance_between_units_is_not_negative() -> None:
    # Rates closer together than chance: a spatial library then has a negative variance and shrinks past the mean.
    events, persons = np.array([10.0, 11, 9, 10]), np.full(4, 1000.0)
    prior = marshall_prior(events, persons)
    assert prior.variance == 0
    assert gamma_poisson(events, persons).value == pytest.approx(np.full(4, 0.01), rel=FLOAT)

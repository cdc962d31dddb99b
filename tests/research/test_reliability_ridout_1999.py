"""Intra-unit correlation by the analysis of variance: Ridout, Demetrio & Firth 1999 (AOV), Searle's n0."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from tests.tolerances import FLOAT
from zaitaku_demand.research.reliability.moments import (
    anova_correlation,
    anova_size_of_rates,
    kleinman_size,
    size_of_correlation,
)

# Weil 1970, Food Cosmet Toxicol 8:177, as in Williams 1975, Biometrics 31:949: treated litters, survivors of pups.
ALIVE = np.array([12, 11, 10, 9, 11, 10, 10, 9, 9, 5, 9, 7, 10, 6, 10, 7], float)
SURVIVED = np.array([12, 11, 10, 9, 10, 9, 9, 8, 8, 4, 7, 4, 5, 3, 3, 0], float)


def test_against_the_table_of_an_analysis_of_variance() -> None:
    litter = np.repeat(np.arange(len(ALIVE)), ALIVE.astype(int))
    pup = np.concatenate([np.arange(n) < x for x, n in zip(SURVIVED, ALIVE, strict=True)]).astype(float)
    table = anova_lm(ols("pup ~ C(litter)", pd.DataFrame({"pup": pup, "litter": litter})).fit())
    between, within = table["mean_sq"]
    units, cases = len(ALIVE), ALIVE.sum()
    size = (cases - (ALIVE**2).sum() / cases) / (units - 1)  # Searle 1971, p. 474
    expected = (between - within) / (between + (size - 1) * within)
    assert anova_correlation(SURVIVED, ALIVE) == pytest.approx(expected, rel=FLOAT)


def test_equal_sizes_make_the_estimators_agree() -> None:
    # With equal n Kleinman's and the ANOVA correlation differ by the factor of their degrees of freedom only.
    events, trials = np.array([2.0, 5, 9, 12, 7, 3, 15, 8]), np.full(8, 20.0)
    anova = size_of_correlation(anova_correlation(events, trials))
    assert kleinman_size(events, trials)[1] == pytest.approx(float(anova), rel=0.05)


def test_no_difference_between_units() -> None:
    assert anova_correlation([5.0, 5, 5, 5], [50.0, 50, 50, 50]) == 0
    assert kleinman_size([5.0, 5, 5, 5], [50.0, 50, 50, 50])[1] == np.inf
    assert anova_size_of_rates([5.0, 5, 5, 5], [50.0, 50, 50, 50]) == np.inf


@pytest.mark.long
def test_bias_of_the_anova_estimators() -> None:
    random = np.random.default_rng(2)
    trials = np.broadcast_to(np.geomspace(40, 900, 150).astype(int), (1000, 150))
    binary = anova_correlation(random.binomial(trials, random.beta(12, 88, trials.shape)), trials)
    assert binary.mean() == pytest.approx(1 / 101, rel=0.02)
    rates = anova_size_of_rates(random.poisson(trials * random.gamma(6, 1 / 60, trials.shape)), trials)
    assert (0.1 / rates).mean() == pytest.approx(0.1 / 60, rel=0.02)

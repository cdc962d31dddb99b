"""Expected counts by regression: iteratively reweighted least squares, McCullagh & Nelder 1989, 2.5."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.datasets import cpunish

from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.overdispersion import pooled
from zaitaku_demand.research.validity.case_mix import (
    expected_counts,
    observed_over_expected,
    weighted_fits,
)

SOLVED = 1e-7
SEVEN_DIGITS = 6e-7
BIAS = 0.02
CENTRAL = (0.93, 0.97)


def _example(seed: int = 1, places: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    covariates = random.normal(size=(places, 2))
    exposure = random.lognormal(7, 1, places)
    events = random.poisson(0.02 * exposure * np.exp(covariates @ [0.3, -0.2])).astype(float)
    return events, exposure, covariates


def test_executions_of_gill_2000() -> None:
    # Gill 2000, Generalized Linear Models, table 5.1 (data cpunish); coefficients as R's glm gives them, recorded in
    # statsmodels.genmod.tests.results.results_glm.Cpunish.
    data = cpunish.load_pandas()
    frame = data.exog.assign(VC100k96=np.log(data.exog["VC100k96"]))
    design = np.column_stack([np.ones(len(frame)), (frame - frame.mean()) / frame.std()])
    fit = weighted_fits(
        data.endog.to_numpy(), np.ones(len(frame)), design, "poisson", np.ones((1, len(frame)))
    )
    slopes = fit.coefficients[0, 1:] / frame.std().to_numpy()
    printed = [2.611017e-04, 7.781801e-02, -9.493111e-02, 2.969349e-01, 2.301183e00, -1.872207e01]
    np.testing.assert_allclose(slopes, printed, rtol=SEVEN_DIGITS)
    assert fit.converged.all()


@pytest.mark.parametrize("family", ["poisson", "binomial"])
def test_the_same_as_statsmodels_with_weights(family: str) -> None:
    events, exposure, covariates = _example()
    weights = np.random.default_rng(2).multinomial(60, np.full(60, 1 / 60), 4).astype(float)
    expected, fit = expected_counts(events, exposure, covariates, family, weights)  # type: ignore[arg-type]
    assert fit.converged.all()
    design = sm.add_constant(covariates)
    for drawn, weight in zip(expected, weights, strict=True):
        if family == "poisson":
            peer = sm.GLM(events, design, sm.families.Poisson(), exposure=exposure, freq_weights=weight)
            mean = peer.fit().predict(design, exposure=exposure)
        else:
            peer = sm.GLM(
                events / exposure, design, sm.families.Binomial(), var_weights=exposure, freq_weights=weight
            )
            mean = peer.fit(tol=1e-12).predict(design) * exposure
        np.testing.assert_allclose(drawn, mean, rtol=SOLVED)


@settings(max_examples=30)
@given(st.integers(0, 200), st.floats(0.1, 10))
def test_totals_are_kept_and_nan_places_do_nothing(seed: int, scale: float) -> None:
    events, exposure, covariates = _example(seed)
    expected, _ = expected_counts(events, exposure, covariates, "poisson")
    assert expected.sum() == pytest.approx(events.sum(), rel=1e-7)
    longer, _ = expected_counts(
        np.append(events, np.nan),
        np.append(exposure, 9.0),
        np.vstack([scale * covariates, [0, 0]]),
        "poisson",
    )
    np.testing.assert_allclose(longer[0, :-1], expected[0], rtol=1e-6)
    assert np.isnan(longer[0, -1])


def test_groups_of_places_are_indirect_standardisation() -> None:
    # With indicators of strata the expected count is the stratum's rate times the exposure.
    events, exposure, _ = _example()
    stratum = np.arange(60) % 3
    indicators = np.column_stack([stratum == 1, stratum == 2]).astype(float)
    expected, _ = expected_counts(events, exposure, indicators, "poisson")
    for each in range(3):
        here = stratum == each
        np.testing.assert_allclose(
            expected[0, here], exposure[here] * pooled(events[here], exposure[here]), rtol=1e-7
        )


def test_what_cannot_be_fitted_is_not() -> None:
    events, exposure, covariates = _example()
    twice = np.column_stack([covariates[:, 0], 2 * covariates[:, 0]])
    expected, fit = expected_counts(events, exposure, twice, "poisson")
    assert np.isnan(expected).all()
    assert not fit.converged.any()


def test_observed_over_expected() -> None:
    np.testing.assert_allclose(
        observed_over_expected([2, 3], [[1, 2], [4, 6]]), [[2, 1.5], [0.5, 0.5]], rtol=FLOAT
    )


@pytest.mark.long
def test_coefficients_are_recovered_and_resamples_cover() -> None:
    random = np.random.default_rng(20250401)
    true, places = np.array([0.3, -0.2]), 200
    covariates = random.normal(size=(places, 2))
    covariates = (covariates - covariates.mean(axis=0)) / covariates.std(axis=0)
    exposure = random.lognormal(7, 0.3, places)
    mean = 0.05 * exposure * np.exp(covariates @ true)
    found, inside = [], np.zeros(2)
    for _ in range(1000):
        # Overdispersed: places differ beyond chance and beyond the covariates.
        events = random.poisson(mean * random.gamma(25, 1 / 25, places)).astype(float)
        weights = np.vstack([np.ones(places), random.multinomial(places, np.full(places, 1 / places), 100)])
        _, fit = expected_counts(events, exposure, covariates, "poisson", weights)
        estimate, drawn = fit.coefficients[0, 1:], fit.coefficients[1:, 1:]
        half = 1.96 * drawn.std(axis=0, ddof=1)
        inside += np.abs(estimate - true) <= half
        found.append(estimate)
    np.testing.assert_allclose(np.mean(found, axis=0), true, rtol=BIAS)
    assert ((inside / 1000 >= CENTRAL[0]) & (inside / 1000 <= CENTRAL[1])).all()

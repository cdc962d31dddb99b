"""Specification curve: Simonsohn, Simmons & Nelson 2020, Nat Hum Behav 4:1208 (description and joint test)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from zaitaku_demand.research.association.clustered import cluster_robust
from zaitaku_demand.research.association.glm import poisson_fit
from zaitaku_demand.research.association.specification_curve import (
    CurveTest,
    Description,
    Scores,
    Thresholds,
    curve_test,
    describe,
    prefecture_orders,
    score_estimates,
    shuffled_rows,
    verdict,
    with_shuffles,
)

ONE_STEP = 0.02
"""Relative: one step of scoring against the converged fit, for a ratio near 1."""
ERRORS = 3.0
"""Standard errors by which a simulated share may miss."""
THRESHOLDS = Thresholds(0.05, 0.95, 0.75, 0.25)


def rows(seed: int, slope: float = 0.0, confounding: float = 0.1, places: int = 47) -> dict[str, np.ndarray]:
    """Three years of counts that differ between places far beyond chance; exposure and confounder go together."""
    random = np.random.default_rng(seed)
    common = random.normal(size=places)
    x = 0.6 * common + 0.8 * random.normal(size=places)
    place = np.repeat(np.arange(places), 3)
    year = np.tile([2019, 2020, 2021], places)
    size = np.repeat(random.uniform(2e4, 2e5, places), 3)
    between = np.repeat(random.normal(0, 0.2, places), 3)
    rate = 0.02 * np.exp(slope * x[place] + confounding * common[place] + between)
    events = random.poisson(size * rate).astype(float)
    return {"x": x[place], "z": common[place], "place": place, "year": year, "size": size, "events": events}


def curve(data: dict[str, np.ndarray], permutations: int, seed: int) -> CurveTest:
    """Joint test of three specifications: crude, adjusted, last year only."""
    ranks = prefecture_orders(np.arange(data["place"].max() + 1), permutations, seed)
    scores = []
    for adjusted, last in ((False, False), (True, False), (True, True)):
        keep = data["year"] == 2021 if last else np.ones(len(data["x"]), bool)
        part = {name: value[keep] for name, value in data.items()}
        columns = [(part["year"] == year).astype(float) for year in np.unique(part["year"])]
        nuisance = np.column_stack([*columns, part["z"]] if adjusted else columns)
        fit = poisson_fit(nuisance, part["events"], part["size"])
        draws = with_shuffles(part["x"], shuffled_rows(part["place"], part["year"], part["place"], ranks))
        scores.append(score_estimates(draws, nuisance, part["events"] - fit.mean, fit.weight, part["place"]))
    return curve_test(scores)


def test_description_counts_by_hand() -> None:
    found = describe([0.1, 0.2, 0.3, -0.1, 0.4, np.nan], [0.2, 0.01, 0.03, 0.01, 0.001, np.nan])
    assert found == Description(0.2, -0.1, 0.4, 0.8, 0.6, 0.2, 5)


def test_joint_test_counts_by_hand() -> None:
    # Two specifications, observed first, then four shuffles; 1,000 clusters, so t is nearly normal.
    estimates = np.array([[0.3, 0.1, -0.4, 0.0, 0.2], [0.1, 0.1, 0.0, -0.1, 0.0]])
    t = np.array([[3.0, 1.0, -2.5, 0.0, 2.1], [1.0, 0.5, 0.1, -0.5, 0.0]])
    found = curve_test([Scores(estimates[0], t[0], 999), Scores(estimates[1], t[1], 999)])
    assert found.median == pytest.approx(0.2)
    # Median t: 2 observed; 0.75, -1.2, -0.25, 1.05 by shuffling.
    assert found.p_median == pytest.approx(1 / 5)
    # Shares significant in the dominant direction: 1/2 observed; 0, 1/2, 0, 1/2 by shuffling.
    assert (found.significant, found.p_significant) == (0.5, pytest.approx(3 / 5))
    z = -stats.norm.ppf(stats.t.sf(t, 999))
    assert found.stouffer == pytest.approx(-(z[0, 0] + z[1, 0]) / 2**0.5) or found.stouffer == pytest.approx(
        (z[0, 0] + z[1, 0]) / 2**0.5
    )
    assert found.stouffer > 0
    assert found.p_stouffer == pytest.approx(1 / 5)


def test_verdicts() -> None:
    beyond = CurveTest(0.2, 0.002, 0.9, 0.002, 9.0, 0.002, 10, 500)
    within = CurveTest(0.02, 0.4, 0.1, 0.5, 0.9, 0.4, 10, 500)
    clear = Description(0.2, 0.1, 0.3, 1.0, 0.9, 0.0, 10)
    assert verdict(clear, beyond, THRESHOLDS) == "robust"
    assert verdict(clear._replace(significant=0.5), beyond, THRESHOLDS) == "fragile"
    assert verdict(clear._replace(opposite=0.1), beyond, THRESHOLDS) == "fragile"
    assert verdict(clear, within, THRESHOLDS) == "fragile"
    assert verdict(clear._replace(significant=0.1), within, THRESHOLDS) == "null"
    assert verdict(clear._replace(significant=0.1), beyond, THRESHOLDS) == "fragile"


def test_score_estimate_is_near_the_fit_and_its_robust_t() -> None:
    data = rows(1, slope=0.05)
    years = np.column_stack([(data["year"] == year).astype(float) for year in (2019, 2020, 2021)])
    nuisance = np.column_stack([years, data["z"]])
    null = poisson_fit(nuisance, data["events"], data["size"])
    found = score_estimates(
        data["x"][None, :], nuisance, data["events"] - null.mean, null.weight, data["place"]
    )
    full = poisson_fit(np.column_stack([data["x"], nuisance]), data["events"], data["size"])
    assert found.estimates[0] == pytest.approx(full.coefficients[0], rel=0.1)
    weighted = np.column_stack([data["x"], nuisance]) * np.sqrt(full.weight)[:, None]
    robust = cluster_robust(weighted, full.working * np.sqrt(full.weight), data["place"], "CR1")
    wald = full.coefficients[0] / robust.covariance[0, 0] ** 0.5
    assert found.t[0] == pytest.approx(wald, rel=0.25)
    # As the association vanishes one step is the whole fit.
    tiny = data | {"events": null.mean * np.exp(1e-4 * data["x"])}
    near = score_estimates(
        data["x"][None, :],
        nuisance,
        tiny["events"] - poisson_fit(nuisance, tiny["events"], data["size"]).mean,
        null.weight,
        data["place"],
    )
    assert near.estimates[0] == pytest.approx(1e-4, rel=ONE_STEP)


def test_prefectures_travel_whole() -> None:
    prefectures = np.repeat(np.arange(10), 4)
    ranks = prefecture_orders(prefectures, 50, 1)
    for each in ranks:
        assert sorted(each) == list(range(40))
        order = np.argsort(each)
        # Areas of one prefecture stand together and in their own order.
        assert (np.diff(order).reshape(-1)[np.arange(39) % 4 != 3] == 1).all()
    assert (prefecture_orders(prefectures, 50, 1) == ranks).all()


@given(st.integers(0, 10_000))
def test_shuffling_keeps_the_values_of_each_year_and_the_years_of_a_place(seed: int) -> None:
    random = np.random.default_rng(seed)
    place = np.repeat(np.arange(12), 2)
    year = np.tile([2021, 2022], 12)
    x = random.normal(size=24)
    drawn = with_shuffles(x, shuffled_rows(place, year, place, prefecture_orders(np.arange(12), 5, seed)))
    assert (drawn[0] == x).all()
    pairs = {tuple(pair) for pair in x.reshape(12, 2)}
    for each in drawn[1:]:
        assert sorted(each[year == 2021]) == sorted(x[year == 2021])
        assert {tuple(pair) for pair in each.reshape(12, 2)} == pairs


def test_clear_association_is_beyond_shuffling() -> None:
    found = curve(rows(3, slope=0.25), 199, 1)
    assert found.p_median == found.p_stouffer == 1 / 200
    assert found.significant == 1.0


@pytest.mark.long
def test_five_percent_of_curves_without_association_are_called_significant() -> None:
    # The exposure goes with the confounder (correlation 0.6), which shuffling breaks; t is hardly touched by that.
    tests = [curve(rows(seed, confounding=0.0), 99, seed) for seed in range(1000)]
    error = (0.05 * 0.95 / 1000) ** 0.5
    for name in ("p_median", "p_stouffer"):
        rejected = np.mean([getattr(each, name) <= 0.05 for each in tests])
        assert rejected == pytest.approx(0.05, abs=ERRORS * error), name

"""The error of the population projections: its table, its model, and the factors it gives the draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tests.tolerances import FLOAT
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.draws.factors import Principal
from zaitaku_demand.projection.draws.population_error import (
    FACTORS,
    age_loadings,
    demand_shares,
    groups_of_bands,
    own_loadings,
    population_error_source,
    revision_covariances,
    shared_loadings,
)
from zaitaku_demand.projection.job import main_job
from zaitaku_demand.projection.project import project
from zaitaku_demand.store import fit_population_error as fit
from zaitaku_demand.store.ingredients import Ingredients
from zaitaku_demand.store.recipes_population_error import POPULATION_ERROR_RECIPES
from zaitaku_demand.store.revision_rounds import GROUPS, HORIZONS, accumulated, horizon_weights
from zaitaku_demand.store.tables import read_table

PRINTED = 5e-5
"""Absolute: log errors compared with figures of four decimals."""
RECOVERED = 0.12
"""Relative: a standard deviation estimated from some hundred simulated areas."""
CORRELATION = 0.1
"""Absolute: a correlation estimated from some hundred simulated areas, or kept by three factors."""
ROUNDED = 0.01
"""Persons: the table is rounded to hundredths."""


@pytest.fixture(scope="module")
def errors() -> pd.DataFrame:
    return read_table("population_errors")


@pytest.fixture(scope="module")
def ingredients(raw: Path) -> Ingredients:
    return Ingredients(raw)


@pytest.fixture(scope="module", params=[("2023", 95), ("2018", 90), ("2023", 75)], ids=str)
def principal(request: pytest.FixtureRequest) -> Principal:
    edition, band = request.param
    return Principal(main_job(RunParameters(edition=edition, open_band=band, prefecture="島根県")).annual)


def national_error(errors: pd.DataFrame, comparison: str, ages: tuple[str, ...], horizon: float) -> float:
    chosen = errors["age"].isin(ages) & (errors["comparison"] == comparison) & (errors["horizon"] == horizon)
    sums = errors.loc[chosen, ["projected", "actual"]].sum()
    return float(np.log(sums["actual"] / sums["projected"]))


def test_the_shipped_tables_are_those_of_the_recipes(ingredients: Ingredients) -> None:
    for recipe in POPULATION_ERROR_RECIPES:
        pd.testing.assert_frame_equal(recipe.make(ingredients), read_table(recipe.name), rtol=FLOAT)


def test_every_place_and_age_stands_once_and_fukushima_is_one_place(errors: pd.DataFrame) -> None:
    assert not errors.duplicated(["comparison", "horizon", "area_code", "age"]).any()
    assert (errors[["projected", "actual"]] > 0).all(axis=None)
    assert set(errors.loc[errors["area_code"].str[:2] == "07", "area_code"]) == {"0700"}
    places = errors.groupby(["comparison", "horizon"])["area_code"].nunique()
    # 335 areas less Fukushima's six plus one; 330 areas likewise.
    assert places["census_2020"].tolist() == [330] and places["register_2025_edition_2023"].tolist() == [325]
    assert places["edition_shift"].tolist() == [325] * 6


def test_the_census_of_2020_and_the_register_of_2025_are_counted_whole(
    errors: pd.DataFrame, raw: Path
) -> None:
    census = errors[errors["comparison"] == "census_2020"]
    # 令和2年国勢調査: 126,146,099 persons.
    assert census["actual"].sum() == pytest.approx(126_146_099, abs=330 * 7 * ROUNDED)
    for comparison in ("register_2025_edition_2018", "register_2025_edition_2023"):
        # 住民基本台帳 (1 January 2025), total of all residents 124,330,690 less 6,712 whose ages are withheld.
        total = errors.loc[errors["comparison"] == comparison, "actual"].sum()
        assert total == pytest.approx(124_330_690 - 6_712, abs=330 * 7 * ROUNDED)


def test_the_national_error_of_75_and_over_in_2020_is_that_of_the_raw_files(
    errors: pd.DataFrame, ingredients: Ingredients
) -> None:
    older = ingredients.municipal_2018
    aged = ["75-79", "80-84", "85-89", "90+"]
    projected = older.loc[(older["year"] == 2020) & older["age"].isin(aged), "persons"].sum()
    newer = ingredients.areas_2023
    actual = newer.loc[(newer["year"] == 2020) & newer["age"].isin(aged), "persons"].sum()
    by_hand = float(np.log(actual / projected))
    assert national_error(errors, "census_2020", GROUPS[3:], 5.0) == pytest.approx(by_hand, abs=PRINTED)


@pytest.mark.parametrize(
    ("comparison", "ages", "horizon", "per_cent"),
    [
        # IPSS 2018 edition against the base population of the 2023 edition (census of 2020), the register of
        # 1 January 2025, and the 2023 edition; sums over all places.
        ("census_2020", GROUPS[3:], 5.0, -0.63),
        ("census_2020", ("90+",), 5.0, -2.96),
        ("register_2025_edition_2023", ("90+",), 4.25, -7.52),
        ("register_2025_edition_2018", ("90+",), 9.25, -10.96),
        ("edition_shift", ("90+",), 30.0, -2.84),
    ],
)
def test_national_errors(
    errors: pd.DataFrame, comparison: str, ages: tuple[str, ...], horizon: float, per_cent: float
) -> None:
    assert 100 * national_error(errors, comparison, ages, horizon) == pytest.approx(per_cent, abs=0.01)


def test_the_next_error_does_not_follow_from_the_last(errors: pd.DataFrame) -> None:
    """Rounds are independent: what the census corrected in 2020 says nothing of 2025."""
    local = {}
    for name, horizon in (("edition_shift", 5.0), ("register_2025_edition_2023", 4.25)):
        one = errors[(errors["comparison"] == name) & (errors["horizon"] == horizon)]
        wide = [one.pivot(index="area_code", columns="age", values=side) for side in ("actual", "projected")]
        local[name] = np.log(wide[0] / wide[1])[list(GROUPS[2:])]
    for age in GROUPS[2:]:
        found = np.corrcoef(local["edition_shift"][age], local["register_2025_edition_2023"][age])[0, 1]
        # Two standard errors of a correlation over 325 areas are 0.11; 90+ turns back a little.
        assert abs(found) < (0.2 if age == "90+" else 0.12)


def test_what_the_register_counts_differently_stays_in_its_area(errors: pd.DataFrame) -> None:
    def aged(name: str) -> pd.Series[float]:
        one = errors[(errors["comparison"] == name) & errors["age"].isin((*GROUPS[2:], "65+"))]
        sums = one.groupby("area_code")[["projected", "actual"]].sum()
        return np.log(sums["actual"] / sums["projected"])

    both = pd.concat([aged("register_2016"), aged("register_2025_edition_2023")], axis=1).dropna()
    assert len(both) > 300 and both.corr().iloc[0, 1] > 0.6
    assert fit.definition_offset(errors) == pytest.approx(-0.0166, abs=PRINTED)


def test_known_covariances_are_recovered_from_simulated_errors() -> None:
    rng = np.random.default_rng(20)
    prefecture = np.repeat(np.arange(200), 6)
    truth_between, truth_within = np.diag([0.01, 0.04]), np.array([[0.09, 0.03], [0.03, 0.04]])
    shared = rng.multivariate_normal(np.zeros(2), truth_between, 200)[prefecture]
    values = shared + rng.multivariate_normal(np.zeros(2), truth_within, len(prefecture))
    between, within = fit.nested_covariance(values, prefecture)
    np.testing.assert_allclose(np.diag(within), np.diag(truth_within), rtol=2 * RECOVERED)
    np.testing.assert_allclose(np.sqrt(np.diag(between)), np.sqrt(np.diag(truth_between)), rtol=2 * RECOVERED)
    correlation = within[0, 1] / np.sqrt(within[0, 0] * within[1, 1])
    assert correlation == pytest.approx(0.03 / np.sqrt(0.09 * 0.04), abs=CORRELATION)


def test_known_size_factors_are_recovered_from_simulated_errors() -> None:
    rng = np.random.default_rng(21)
    persons = np.exp(rng.uniform(np.log(5_000), np.log(200_000), 1500))
    spread = np.where(persons < 30_000, 0.04, 0.02)
    local = rng.normal(0, spread[:, None, None], (1500, 6, 7))
    knots, factors = fit.size_factors(persons, local)
    assert (np.diff(knots) > 0).all()
    np.testing.assert_allclose(factors[0] / factors[-1], 2.0, rtol=RECOVERED)
    between = fit.factor_of(np.array([1.0, 1e9]), knots, factors)
    np.testing.assert_array_equal(between, factors[[0, -1]])


def test_rounds_add_up_as_independent_revisions() -> None:
    covariance = np.zeros((6, 7, 6, 7))
    for k, horizon in enumerate(HORIZONS):
        for m, other in enumerate(HORIZONS):
            covariance[k, :, m, :] = np.eye(7) * horizon * other * 1e-6
    # A drift z x h in every round: after 10 years (10 z1 + 5 z2), after 5 years 5 z1.
    found = accumulated(covariance, np.array([5.0, 10.0, 7.5]))
    assert found[0, 0, 0, 0] == pytest.approx(25e-6)
    assert found[1, 0, 1, 0] == pytest.approx((100 + 25) * 1e-6)
    assert found[0, 0, 1, 0] == pytest.approx(50e-6)
    assert found[2, 3, 2, 3] == pytest.approx((7.5**2 + 2.5**2) * 1e-6)


@given(st.lists(st.floats(-10, 60), min_size=1, max_size=8))
def test_weights_of_horizons_lie_between_0_and_1_and_give_the_seen_ones_back(horizons: list[float]) -> None:
    weights = horizon_weights(np.array(horizons))
    assert (weights >= 0).all() and (weights.sum(axis=1) <= 1 + FLOAT).all()
    np.testing.assert_array_equal(horizon_weights(np.array(HORIZONS, dtype=float)), np.eye(6))
    assert (weights[np.array(horizons) <= 0] == 0).all()


def test_the_shipped_covariances_are_symmetric_and_semidefinite() -> None:
    for covariance in revision_covariances().values():
        flat = covariance.reshape(42, 42)
        np.testing.assert_allclose(flat, flat.T, atol=1e-12)
        values = np.linalg.eigvalsh(flat)
        assert values[0] > -1e-8 * values[-1] and values[-1] > 0


def test_the_accumulated_spread_is_what_the_register_saw_after_nine_years(errors: pd.DataFrame) -> None:
    """Not fitted but for the bound on 90+: two rounds of revisions; the register's other definition comes on top."""
    covariances = revision_covariances()
    local = covariances["prefecture"] + covariances["area"]
    expected = np.sqrt(np.einsum("ngng->g", accumulated(local, np.array([9.25]))))
    given_ = fit.revisions(errors)
    seen = fit.register_spread(errors, *fit.size_factors(given_.persons_75, given_.local))
    assert (expected[2:] <= seen[2:] * 1.02).all() and (expected[2:] >= seen[2:] * 0.8).all()
    assert expected[-1] <= seen[-1] * (1 + FLOAT)


def test_loadings_are_0_up_to_the_base_year_and_grow_after_it(principal: Principal) -> None:
    source = population_error_source(principal)
    years = np.array(principal.projection.years)
    assert source.id == "population" and source.age is not None and source.level is None
    assert source.age.loadings.shape == (FACTORS, len(years), *principal.parts().shape[2:])
    assert (source.age.loadings[:, years <= 2022] == 0).all() and (source.age.loadings[:, -1] != 0).any()
    assert {each.level for each in source.place} == {"prefecture", "area"}
    for each in source.place:
        assert each.loadings.shape == (FACTORS, len(principal.projection.population.areas), len(years))
        assert (each.loadings[..., years <= 2022] == 0).all()
        deviation = np.sqrt((each.loadings**2).sum(axis=0))
        assert (np.diff(deviation[:, [list(years).index(y) for y in (2022, 2025, 2030, 2045)]]) > 0).all()
        assert deviation.max() < 0.2


def test_a_draw_of_zeros_changes_nothing(principal: Principal) -> None:
    source = population_error_source(principal)
    parts = principal.parts()
    assert source.age is not None
    age = np.exp(np.tensordot(np.zeros(FACTORS), source.age.loadings, axes=1))
    place = np.exp(sum(np.tensordot(np.zeros(FACTORS), each.loadings, axes=1) for each in source.place))
    np.testing.assert_array_equal((parts * age).sum(axis=(2, 3)) * place, parts.sum(axis=(2, 3)))


def test_three_factors_carry_the_variance_of_all_revisions() -> None:
    """Loadings against simulated revisions of every round, age and horizon: variances by year, and correlations."""
    rng = np.random.default_rng(22)
    covariance = revision_covariances()["area"]
    horizons = np.array([3.0, 10, 20, 30, 2])
    later = np.array([True, True, True, True])
    # An area whose demand ages from 75-79 to 90+, and one that stays as it is.
    young, old = (
        np.array([0.02, 0.08, 0.1, 0.25, 0.25, 0.2, 0.1]),
        np.array([0.01, 0.04, 0.05, 0.1, 0.2, 0.25, 0.35]),
    )
    part = np.array([0.05, 0.4, 0.8, 1.0, 0.0])[:, None]
    weights = np.stack([(1 - part) * young + part * old, np.tile(old, (5, 1))])
    total = accumulated(covariance, horizons)
    flat = total.reshape(35, 35)
    draws = rng.multivariate_normal(np.zeros(35), flat, 40_000, method="eigh").reshape(-1, 5, 7)
    moved = np.einsum("ayg,nyg->nay", weights, draws)
    moved = moved[:, :, :-1] - moved[:, :, -1:]
    own = own_loadings(weights, total, later)
    np.testing.assert_allclose(np.sqrt((own**2).sum(axis=0)), moved.std(axis=0), rtol=0.03)
    shared = shared_loadings(weights, total, later)
    np.testing.assert_allclose((own**2).sum(axis=0), (shared**2).sum(axis=0), rtol=1e-4)
    for area in range(2):
        implied = own[:, area].T @ own[:, area]
        scale = np.sqrt(np.diag(implied))
        np.testing.assert_allclose(
            implied / np.outer(scale, scale), np.corrcoef(moved[:, area].T), atol=CORRELATION
        )
    ages = age_loadings(total, weights.mean(axis=0), later)
    drawn = (draws[:, :-1] - draws[:, -1:]).std(axis=0)
    np.testing.assert_allclose(np.sqrt((ages**2).sum(axis=0)), drawn, rtol=0.03)


def test_shares_of_the_demand_add_up_and_open_bands_are_divided(principal: Principal) -> None:
    population = principal.projection.population
    belongs = groups_of_bands(population)
    np.testing.assert_allclose(belongs.sum(axis=2), 1.0, rtol=FLOAT)
    if population.ages.open_from == 75:
        assert (belongs[:, -1, 3:] > 0.05).all() and (belongs[:, -1, :3] == 0).all()
    shares = demand_shares(principal.parts(), belongs)
    np.testing.assert_allclose(shares.sum(axis=2), 1.0, rtol=FLOAT)


def test_areas_without_demand_get_no_loading() -> None:
    values = np.full((3, 7, 1, 19), 100.0)
    values[1] = 0
    people = builders.population(values)
    source = population_error_source(
        Principal(project(people, builders.rates(np.full((1, 1, 19), 0.01), people)))
    )
    for each in source.place:
        assert np.isfinite(each.loadings).all() and (each.loadings[:, 1] == 0).all()
        assert (each.loadings[:, [0, 2]] != 0).any()

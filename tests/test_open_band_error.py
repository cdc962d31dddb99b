"""Uncertainty of the split of the 90+: seen where the truth is published, and carried to the demand of areas."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.tolerances import FLOAT
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.population import load_population
from zaitaku_demand.projection.draws.factors import Principal
from zaitaku_demand.projection.draws.open_band_error import (
    known_split_errors,
    open_band_source,
    ratio_effect,
    ratio_error,
    share_effect,
    share_error,
)
from zaitaku_demand.projection.job import main_job
from zaitaku_demand.projection.project import project
from zaitaku_demand.rates.build import utilisation_rates
from zaitaku_demand.store.tables import read_table

DIFFERENCE = 1e-4
"""Relative: derivative against a difference of the recomputed projection."""
THREE_DECIMALS = 5e-4
SERVICE = "home_visit_patients"


def run(**given: object) -> Principal:
    return Principal(main_job(RunParameters.model_validate(given)).annual)


@pytest.fixture(scope="module")
def principal() -> Principal:
    return run()


def test_the_gradient_is_nearest_to_the_truth_where_it_is_published() -> None:
    """NDB Open Data FY2014-22 by age and sex: 80+ split at 85, 85+ split at 90."""
    errors = known_split_errors(SERVICE)
    spread = {name: float(np.sqrt((one**2).mean())) for name, one in errors.items()}
    assert {name: len(one) for name, one in errors.items()} == dict.fromkeys(errors, 9 * 2 * 2)
    assert spread["gradient"] < spread["constant_gradient"] < spread["same"]
    assert spread["gradient"] == pytest.approx(0.064, abs=THREE_DECIMALS)
    assert ratio_error(SERVICE) == spread["gradient"]


def test_one_known_split_by_hand() -> None:
    """Men of FY2014, 85+ split at 90: the same rate on both sides misses by the log of the rates' ratio."""
    counts = read_table("ndb_sex_age").query("service == @SERVICE and fiscal_year == 2014 and sex == 'male'")
    people = read_table("population_reference").query("year == 2014 and sex == 'male'")
    claims, persons = counts.set_index("age")["value"], people.groupby("age")["persons"].sum()
    by_hand = -np.log(claims["90+"] / persons["90+"] / (claims["85-89"] / persons["85-89"]))
    # Order: year, age of the split (80, 85), sex.
    assert known_split_errors(SERVICE)["same"][2] == pytest.approx(by_hand, rel=FLOAT)


def test_the_share_of_the_95_plus_at_the_register_of_2025() -> None:
    table = read_table("oldest_share_errors")
    assert table["prefecture_code"].tolist() == [f"{n:02d}" for n in range(1, 48)]
    # 住民基本台帳 2025: of 2,718,696 persons of 90+ 708,993 are 95+ (26.1 %); prefectures lie around that.
    assert 0.2 < table["actual"].min() < 0.261 < table["actual"].max() < 0.31
    logit = np.log(table["actual"] / (1 - table["actual"])) - np.log(
        table["projected"] / (1 - table["projected"])
    )
    assert float(logit.abs().max()) < 0.06
    assert share_error() == pytest.approx(float(np.sqrt((logit**2).mean() / 4.25)), rel=FLOAT)


def test_the_split_of_2015_carried_to_the_census_of_2020() -> None:
    """Survival is that of the nation, so that only areas can be off: 0.039 of the logit of the share of the 95+."""
    population = load_population("2018", "335")
    survival = read_table("old_age_survival").set_index(["sex", "from_age"])["survival"]
    start = population.values[:, population.years.index(2015)]
    older = (start[..., -1] * [survival[sex, "90+"] for sex in population.sexes]).sum(axis=1)
    entering = (start[..., -2] * [survival[sex, "85-89"] for sex in population.sexes]).sum(axis=1)
    census = (
        read_table("census_2020_oldest").query("sex == 'both'").rename(columns={"area_code": "area339_code"})
    )
    units = read_table("area_units")[["area335_code", "area339_code"]].drop_duplicates()
    counted = (
        units.merge(census, on="area339_code").groupby("area335_code")[["aged_90_94", "aged_95plus"]].sum()
    )
    counted = counted.loc[population.areas["area_code"]]
    error = np.log(counted["aged_95plus"] / counted["aged_90_94"]).to_numpy() - np.log(older / entering)
    assert float(error.std()) == pytest.approx(0.039, abs=THREE_DECIMALS)
    assert abs(float(error.mean())) < 0.01


def test_loadings_are_0_up_to_the_base_year(principal: Principal) -> None:
    source = open_band_source(principal)
    (factors,) = source.place
    years = np.array(principal.projection.years)
    assert source.id == "open_band" and factors.level == "nation" and source.age is None
    assert factors.names == ("open_band_share", "open_band_ratio")
    assert (factors.loadings[..., years <= 2022] == 0).all()
    late = np.abs(factors.loadings[..., -1])
    assert (late.max(axis=1) > 1e-3).all() and late.max() < 0.02


@pytest.mark.parametrize("band", [75, 85, 90])
def test_there_is_nothing_to_draw_without_a_band_of_95(band: int) -> None:
    source = open_band_source(run(open_band=band, prefecture="島根県"))
    assert source.place == () and source.age is None and source.level is None


def test_the_effect_of_the_rate_ratio_is_that_of_another_ratio(principal: Principal) -> None:
    population = principal.projection.population
    rates = principal.projection.rates
    ratio = float(rates.profile[0, 0, 0, -1] / rates.profile[0, 0, 0, -2])
    step = 1e-4
    values = []
    for sign in (-1, 1):
        other = utilisation_rates(
            population, (SERVICE,), level="national", ratio_95plus=ratio * np.exp(sign * step)
        )
        values.append(np.log(project(population, other).values[0]))
    difference = (values[1] - values[0]) / (2 * step)
    national = utilisation_rates(population, (SERVICE,), level="national", ratio_95plus=ratio)
    parts = Principal(project(population, national)).parts()
    shares = parts[..., -2:] / parts.sum(axis=(2, 3))[..., None, None]
    from zaitaku_demand.rates.national import SPLIT_AGES, reference_population

    persons = reference_population(2022, ("both",), SPLIT_AGES).sum(axis=0)[:, -2:]
    claims = national.profile[0, 0, :, -2:] * persons
    effect = ratio_effect(shares, claims[:, 1] / claims.sum(axis=1))
    np.testing.assert_allclose(effect, difference, atol=DIFFERENCE * np.abs(difference).max())


def test_the_effect_of_the_share_is_that_of_another_share(principal: Principal) -> None:
    projection = principal.projection
    population = projection.population
    top = population.values[..., -2:].sum(axis=-1)
    share = population.values[..., -1] / top
    logit = np.log(share / (1 - share))
    step = 1e-4
    values = []
    for sign in (-1, 1):
        moved = 1 / (1 + np.exp(-(logit + sign * step)))
        people = population.values.copy()
        people[..., -2], people[..., -1] = top * (1 - moved), top * moved
        other = project(replace(population, values=people), projection.rates, projection.path)
        values.append(np.log(other.values[0]))
    difference = (values[1] - values[0]) / (2 * step)
    parts = principal.parts()
    shares = parts[..., -2:] / parts.sum(axis=(2, 3))[..., None, None]
    np.testing.assert_allclose(
        share_effect(shares, share), difference, atol=DIFFERENCE * np.abs(difference).max()
    )

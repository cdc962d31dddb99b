"""The source of the present level: what each kind of rates leaves uncertain, and that its draws cover real areas."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.tolerances import FLOAT
from zaitaku_demand.population import Population, load_population
from zaitaku_demand.projection.draws.engine import draw_values
from zaitaku_demand.projection.draws.factors import Principal
from zaitaku_demand.projection.draws.level import (
    LEVEL_NOTES,
    RARE_SERVICE,
    USER_RATES,
    level_notes,
    level_source,
    own_count_variance,
)
from zaitaku_demand.projection.draws.settings import DrawSettings
from zaitaku_demand.projection.draws.table import base_place, draw_table, mean_one
from zaitaku_demand.projection.job import shape_ages
from zaitaku_demand.projection.project import project
from zaitaku_demand.rates.age_gradient import age_scale
from zaitaku_demand.rates.age_gradient_data import gradient_spread
from zaitaku_demand.rates.area_counts import area_counts
from zaitaku_demand.rates.area_deviation import area_deviation, prefecture_deviation
from zaitaku_demand.rates.build import utilisation_rates
from zaitaku_demand.rates.national import MONTHS

SERVICE = "home_visit_patients"
DRAWN_MEAN = 0.02
"""Relative: mean of a level over 4,000 runs, three standard errors at a variance of 0.2 and more at the widest."""
REAL_COVERAGE = 0.04
"""Points: coverage of real areas by draws; the levels within a prefecture are not exactly gamma once rescaled."""


@cache
def population(edition: str = "2023", areas: str | None = None) -> Population:
    return shape_ages(load_population(edition, areas), 95, tuple(range(2020, 2046)))


@cache
def principal(
    level: str, service: str = SERVICE, edition: str = "2023", areas: str | None = None
) -> Principal:
    people = population(edition, areas)
    return Principal(project(people, utilisation_rates(people, (service,), level=level)))


def place_loadings(found: Principal, name: str) -> np.ndarray:
    source = level_source(found)
    return next(each.loadings[each.names.index(name)] for each in source.place if name in each.names)


def test_prefecture_rates_leave_the_areas_of_a_prefecture_uncertain() -> None:
    source = level_source(principal("prefecture"))
    assert source.id == "level" and source.level is not None and source.level.within_prefecture
    claims = principal("prefecture").projection.values[0][:, base_place(principal("prefecture"))] * MONTHS
    assert 1 / source.level.shape == pytest.approx(area_deviation(SERVICE).at(claims), rel=FLOAT)
    noise = place_loadings(principal("prefecture"), "prefecture_count")
    # Chance in some 10,000 patients and more a prefecture: below 2 %, in every year alike.
    assert noise.min() > 0.001 and noise.max() < 0.02
    assert (noise == noise[:, :1]).all()


def test_national_rates_leave_the_prefectures_uncertain_too() -> None:
    level = level_source(principal("national")).level
    assert level is not None and np.isfinite(level.shape).any()
    # The gamma whose coefficient of variation is that of the log-normal of the prefectures' ratios.
    spread = np.sqrt(np.log1p(1 / level.prefecture_shape))
    assert spread == pytest.approx(prefecture_deviation(SERVICE), rel=FLOAT)
    assert not level_source(principal("national")).place or all(
        factors.level != "prefecture" for factors in level_source(principal("national")).place
    )


def test_rates_of_the_areas_leave_only_chance_and_what_is_hidden() -> None:
    found = principal("area")
    source = level_source(found)
    assert source.level is not None and not source.level.within_prefecture
    counts = area_counts(SERVICE, 2022)
    sapporo = list(found.projection.population.areas["area_code"]).index("0104")
    place = counts.codes.index("0104")
    # 札幌: all but hidden cells is chance, 1 / (persons + nu).
    events = counts.observed[place] / counts.event_size
    assert 1 / source.level.shape[sapporo] >= 1 / (events + 100)
    assert np.sqrt(1 / source.level.shape[sapporo]) < 0.02
    # 南檜山: hidden altogether, and so as uncertain as its bounds.
    hidden = list(found.projection.population.areas["area_code"]).index("0102")
    assert source.level.shape[hidden] < 5
    assert np.median(source.level.shape) > 50


def test_the_users_own_rates_have_no_level_source_and_say_so() -> None:
    made = principal("national")
    own = replace(
        made, projection=replace(made.projection, rates=replace(made.projection.rates, level="user"))
    )
    source = level_source(own)
    assert source.level is None and source.age is None and source.place == ()
    assert level_notes(own) == (USER_RATES,)


def test_a_rare_service_has_no_differences_of_areas_and_says_so() -> None:
    found = principal("prefecture", "drug_guidance")
    assert level_source(found).level is None
    assert level_notes(found) == (LEVEL_NOTES["prefecture"], RARE_SERVICE)
    assert level_notes(principal("area")) == (LEVEL_NOTES["area"],)


@pytest.mark.parametrize(
    ("edition", "areas"), [("2023", None), ("2018", "335"), ("2018", "339"), ("2018", "344")]
)
@pytest.mark.parametrize("level", ["national", "prefecture", "area"])
def test_every_area_system_has_its_levels(edition: str, areas: str | None, level: str) -> None:
    found = principal(level, SERVICE, edition, areas)
    source = level_source(found)
    assert source.level is not None
    assert source.level.shape.shape == (len(found.projection.population.areas),)
    assert (source.level.shape > 0).all()
    draw_table(found, [source], DrawSettings(runs=100, sources=("level",)))


def test_smaller_areas_than_those_of_the_ndb_are_less_sure() -> None:
    """三重県: three of four areas of the 335 are split in the 339, whose own ratio is that of the union."""
    whole, split = (level_source(principal("area", SERVICE, "2018", areas)) for areas in ("335", "339"))
    assert whole.level is not None and split.level is not None
    codes = [
        list(principal("area", SERVICE, "2018", areas).projection.population.areas["area_code"])
        for areas in ("335", "339")
    ]
    inside = [np.array([code.startswith("24") for code in each]) for each in codes]
    shapes = np.sort(split.level.shape[inside[1]])
    assert shapes[:-1].max() < 20 < whole.level.shape[inside[0]].min()
    # 東紀州 is the same area in both.
    assert shapes[-1] == pytest.approx(whole.level.shape[inside[0]].min(), rel=FLOAT)


def test_the_age_profile_grows_from_the_base_year_with_the_age_of_the_patients() -> None:
    found = principal("prefecture")
    loading = place_loadings(found, "age_profile")
    base = base_place(found)
    assert not loading[:, : base + 1].any()
    # Recomputed for one area: spread × difference of the mean decades above 65.
    weights = found.parts()[7].sum(axis=1)
    mean = weights @ age_scale(found.projection.rates.ages) / weights.sum(axis=1)
    spread = gradient_spread(SERVICE)
    assert spread is not None
    assert loading[7, base + 1 :] == pytest.approx(
        spread * (mean - mean[base])[base + 1 :], rel=1e-7, abs=FLOAT
    )


def test_its_loading_is_the_derivative_of_demand() -> None:
    """Tilting every age by a small gradient moves the logarithm of demand as the loading says."""
    found = principal("prefecture")
    step = 1e-5
    tilted = found.parts() * np.exp(step * age_scale(found.projection.rates.ages))
    change = np.log(tilted.sum(axis=(2, 3)) / found.parts().sum(axis=(2, 3)))
    base = base_place(found)
    slope = (change - change[:, base : base + 1])[:, base + 1 :] / step
    loading = place_loadings(found, "age_profile")[:, base + 1 :]
    assert loading == pytest.approx((gradient_spread(SERVICE) or 0.0) * slope, rel=1e-3, abs=1e-5)


def test_levels_of_a_run_keep_their_prefecture_and_average_to_one() -> None:
    found = principal("prefecture")
    source = replace(level_source(found), place=())
    table = draw_table(found, [source], DrawSettings(runs=4000, sources=("level",)))
    values = draw_values(found, [source], table)
    principal_values = found.projection.values[0]
    assert (values[:, :, 0] == principal_values).all()
    codes = found.projection.population.areas["prefecture_code"].to_numpy()
    shimane = codes == "32"
    base = base_place(found)
    total = values[shimane, base].sum(axis=0)
    # The table holds single precision.
    assert total == pytest.approx(total[0], rel=1e-5)
    mean = (values[:, base, 1:] / principal_values[:, base][:, None]).mean(axis=1)
    assert np.average(mean, weights=principal_values[:, base]) == pytest.approx(1.0, rel=DRAWN_MEAN)


@pytest.mark.parametrize("service", [SERVICE, "home_visits", "home_oxygen"])
def test_drawn_levels_cover_the_areas_of_the_ndb(service: str) -> None:
    """Gamma levels rescaled within prefectures, as the engine does, against the ratios that were counted."""
    counts = area_counts(service, 2022)
    shape = 1 / area_deviation(service).at(counts.expected)
    rng = np.random.default_rng(1)
    levels = rng.gamma(shape[:, None], 1 / shape[:, None], (len(shape), 3000))
    for one in range(47):
        inside = counts.prefecture == one
        levels[inside] = mean_one(levels[inside], counts.expected[inside])
    known = counts.known & (np.bincount(counts.prefecture)[counts.prefecture] > 1)
    for nominal in (0.80, 0.95):
        low, high = np.quantile(levels, [(1 - nominal) / 2, (1 + nominal) / 2], axis=1)
        inside = (counts.ratio > low) & (counts.ratio < high)
        assert inside[known].mean() == pytest.approx(nominal, abs=REAL_COVERAGE)


def test_variance_of_an_own_count_is_that_of_the_posterior_and_of_the_bounds() -> None:
    value = np.array([100.0, 100.0, 100.0])
    found = own_count_variance(
        np.array([20.0, 20.0, 20.0]),
        np.array([0.2, np.inf, 0.2]),
        value,
        np.array([100.0, 100.0, 50.0]),
        np.array([100.0, 100.0, 150.0]),
    )
    # 1 / (20 + 5), 1 / 20 without anything known before, and a uniform count from 50 to 150 on top.
    assert found == pytest.approx([0.04, 0.05, 0.04 + 100**2 / 12 / 100**2], rel=1e-6)

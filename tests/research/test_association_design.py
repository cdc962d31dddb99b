"""Contracts of the design and of every model: what must not matter does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.research.association_data import LOG_RATIO, design, panel
from zaitaku_demand.errors import InputError
from zaitaku_demand.research.association.design import Design, DesignError, make_design
from zaitaku_demand.research.association.models import (
    MODELS,
    NOTES,
    between,
    logistic,
    negative_binomial,
    poisson,
    residuals,
)
from zaitaku_demand.research.panel import Panel

SAME = 1e-5
"""Relative: iterations that end at a small step."""
NAMES = list(MODELS)


def test_rows_are_those_with_every_figure() -> None:
    made = make_design(panel(), "Y", "X", ("c",))
    assert made.n_rows == 30 * 4 - 1
    assert not ((made.place == 1) & (made.year == 2015)).any()
    assert made.matrix().shape == (119, 1 + 4 + 1)
    assert make_design(panel(), "Y", "X", states=("observed",)).n_rows == 118


def test_exposure_is_standardised_between_places() -> None:
    made = make_design(panel(), "Y", "X")
    means = np.array([made.x[made.place == place].mean() for place in range(30)])
    assert means.mean() == pytest.approx(0, abs=1e-12)
    assert means.std(ddof=1) == pytest.approx(1)
    doubled = make_design(panel(), "Y", "X", scale="log2")
    plain = make_design(panel(), "Y", "X", scale="unit")
    np.testing.assert_allclose(2**doubled.x, plain.x)


def test_lag_takes_the_exposure_of_the_year_before() -> None:
    now = make_design(panel(), "Y", "X", scale="unit")
    before = make_design(panel(), "Y", "X", lag=1, scale="unit")
    assert before.years.tolist() == [2016, 2017, 2018]
    of = {(p, y): x for p, y, x in zip(now.place, now.year, now.x, strict=True)}
    assert all(x == of[(p, y - 1)] for p, y, x in zip(before.place, before.year, before.x, strict=True))


def test_years_places_and_prefectures() -> None:
    made = make_design(panel(), "Y", "X", years=(2016,), places=np.arange(10))
    assert set(made.year) == {2016}
    assert made.n_places == 10
    fewer = made.without(1)
    assert fewer.n_prefectures == made.n_prefectures - 1
    assert fewer.n_rows == 8
    places, years, matrix = make_design(panel(), "Y", "X").as_matrix(np.arange(119.0))
    assert matrix.shape == (len(places), len(years))
    assert int(np.isnan(matrix).sum()) == 1


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(DesignError) as error:
        make_design(panel(), "Y", "W", years=(2015,))
    assert error.value.code == "no_overlap"
    zero = panel()
    zero.series["X"].numerator[3, 2] = 0.0
    with pytest.raises(DesignError) as error:
        make_design(zero, "Y", "X", scale="log2")
    assert error.value.code == "zeros"
    with pytest.raises(InputError):
        make_design(panel(), "c", "X")
    with pytest.raises(InputError):
        make_design(panel(), "Y", "Y")
    with pytest.raises(InputError):
        make_design(panel(), "Y", "X", scale="z")
    with pytest.raises(InputError):
        make_design(panel(), "Y", "nothing")
    same = panel()
    same.series["X"].numerator[:] = same.series["X"].exposure
    with pytest.raises(DesignError) as error:
        make_design(same, "Y", "X")
    assert error.value.code == "no_between_variation"


def test_places_without_figure_change_nothing() -> None:
    small, large = panel(), panel()
    series = large.series["Y"]
    blank = series._replace(numerator=np.where(np.arange(30)[:, None] < 4, np.nan, series.numerator))
    held = Panel(large.level, large.places, large.variables, {**large.series, "Y": blank})
    one = make_design(held, "Y", "X")
    other = make_design(small, "Y", "X", places=np.arange(30) >= 4)
    np.testing.assert_array_equal(one.x, other.x)
    assert poisson(one) == poisson(other)


@pytest.mark.parametrize("name", NAMES)
def test_known_ratio_is_near(name: str) -> None:
    found = MODELS[name](design(21, places=94, areas=2, size=2000.0))
    assert found.note == ""
    assert found.converged
    # One data set may lie 2.5 standard errors off by chance; the coverage is tested in the simulation.
    assert abs(found.estimate - LOG_RATIO) < 4 * found.standard_error
    assert found.p_value < 0.001
    assert found.n_rows == 470
    assert found.n_places == 94


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=5)
@given(seed=st.integers(0, 1000))
def test_order_of_rows(name: str, seed: int) -> None:
    made = design(22)
    order = np.random.default_rng(seed).permutation(made.n_rows)
    found, moved = MODELS[name](made), MODELS[name](made.subset(order))
    np.testing.assert_allclose(moved[1:7], found[1:7], rtol=SAME, atol=1e-8)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=5)
@given(factor=st.floats(0.01, 100.0))
def test_unit_of_the_size(name: str, factor: float) -> None:
    made = design(23)
    found, moved = MODELS[name](made), MODELS[name](replace(made, size=made.size * factor))
    np.testing.assert_allclose(moved[1:7], found[1:7], rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=5)
@given(factor=st.floats(0.1, 10.0), shift=st.floats(-3, 3))
def test_unit_of_the_exposure(name: str, factor: float, shift: float) -> None:
    made = design(24)
    found, moved = MODELS[name](made), MODELS[name](replace(made, x=made.x * factor + shift))
    assert moved.estimate * factor == pytest.approx(found.estimate, rel=SAME)
    assert moved.p_value == pytest.approx(found.p_value, rel=1e-3, abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_collinear_confounder_few_places_no_events(name: str) -> None:
    made = design(25)
    assert MODELS[name](replace(made, z=2 * made.x[:, None] + 1)).note == "collinear"
    few = made.subset(made.prefecture <= 5)
    assert MODELS[name](few).note == "few_places"
    none = replace(made, events=np.where(made.year == 2016, 0.0, made.events))
    assert MODELS[name](none).note == "no_events"
    assert np.isnan(MODELS[name](none).estimate)


def test_notes_are_explained() -> None:
    assert all(text.ja and text.en for text in NOTES.values())


def test_within_and_between_are_told_apart() -> None:
    # Between places the exposure goes with the outcome, within places it does not.
    made = design(26, places=94, size=3000.0, log_ratio=0.0, spread=0.05)
    level = (np.bincount(made.place, made.x) / np.bincount(made.place))[made.place]
    events = np.random.default_rng(0).poisson(made.events * np.exp(0.3 * level)).astype(float)
    mixed_up = replace(made, events=events)
    found = {
        name: MODELS[name](mixed_up).estimate
        for name in ("mixed_within", "mixed_between", "fixed_effects", "between")
    }
    assert abs(found["mixed_within"]) < 0.03
    assert abs(found["fixed_effects"]) < 0.03
    assert found["mixed_between"] == pytest.approx(0.3, abs=0.03)
    assert found["between"] == pytest.approx(0.3, abs=0.03)


def test_within_part_is_the_fixed_effects_estimate() -> None:
    made = design(27, size=20000.0, spread=0.3)
    assert MODELS["mixed_within"](made).estimate == pytest.approx(
        MODELS["fixed_effects"](made).estimate, abs=0.02
    )


def test_between_stands_on_place_totals() -> None:
    made = design(28)
    merged = made.subset(made.year < 2017)
    halves = replace(merged, x=merged.x * 0 + (np.arange(47) / 10)[merged.place])
    found = between(halves)
    assert found.n_places == 47
    constant = replace(merged, x=np.ones(merged.n_rows))
    assert between(constant).note == "no_between_variation"


def test_odds_ratio_of_rare_shares_is_near_the_rate_ratio() -> None:
    made = replace(design(29, size=20000.0), kind="binomial")
    rare = replace(made, size=made.size * 50)
    assert logistic(rare).estimate == pytest.approx(poisson(rare).estimate, abs=0.01)
    assert logistic(made).estimate > poisson(made).estimate


def test_residuals_scatter_like_their_model() -> None:
    made: Design = design(30)
    for name, low, high in (("poisson", 1.5, 100), ("negative_binomial", 0.6, 1.4)):
        found = residuals(made, name)
        assert low < float((found**2).mean()) < high
    assert negative_binomial(made).dispersion > 1.5

"""Rolling origins: no look ahead, exact where nothing changes, blind to the order of places."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.backtest.panels import panel
from tests.tolerances import EXACT, FLOAT
from zaitaku_demand.backtest.damping import GRID, best_damping, damping_scores
from zaitaku_demand.backtest.errors import rolling_errors
from zaitaku_demand.backtest.methods import METHODS, known_at, shrunk_ratio
from zaitaku_demand.backtest.panel import raked

PHI = np.array([0.8])


def test_a_constant_series_is_forecast_exactly_by_all_methods() -> None:
    places, nation = rolling_errors(panel(np.zeros(8)), PHI)
    for errors in (places, nation):
        assert np.isfinite(errors.log_error).any(axis=(1, 2, 3)).all()
        assert np.nanmax(np.abs(errors.log_error)) < FLOAT


def test_an_unbroken_drift_is_forecast_exactly_by_the_undamped_trend_only() -> None:
    places, _ = rolling_errors(panel(np.full(8, 0.05)), PHI)
    worst = {name: np.nanmax(np.abs(places.log_error[row])) for row, name in enumerate(places.methods)}
    assert worst["trend"] < FLOAT
    assert worst["total_growth"] < FLOAT
    # Eight years of 5 % are 0.4 in the logarithm; methods without history miss all of it.
    assert worst["constant"] == pytest.approx(0.4, rel=FLOAT)
    assert 0.01 < worst["damped"] < worst["constant"]


def test_methods_that_need_history_give_none_at_the_first_origins() -> None:
    places, _ = rolling_errors(panel(np.full(8, 0.05)), PHI)
    early = places.origin < 2016
    assert np.isnan(places.log_error[places.place("trend")][:, early]).all()
    assert np.isfinite(places.log_error[places.place("trend")][:, ~early]).all()
    assert np.isfinite(places.log_error[places.place("constant")]).all()
    assert not places.common()[:, early].any()


@given(st.integers(2015, 2021), st.floats(0.2, 5.0))
@settings(max_examples=10)
def test_later_counts_do_not_change_what_an_origin_knows(origin: int, factor: float) -> None:
    whole = panel(np.full(8, 0.03), noise=0.02)
    later = np.array(whole.years) > origin
    changed = replace(
        whole,
        observed=np.where(later[None, :, None], whole.observed * factor, whole.observed),
        national_counts=np.where(later[None, :, None], whole.national_counts * factor, whole.national_counts),
        national_people=np.where(later[:, None], whole.national_people * factor, whole.national_people),
        people=np.where(later[:, None, None], whole.people * factor, whole.people),
    )
    before, after = known_at(whole.until(origin)), known_at(changed.until(origin))
    for name in ("rate", "drift", "growth", "count", "ratio", "shrunk_ratio", "prefecture_change", "people"):
        assert np.array_equal(getattr(before, name), getattr(after, name), equal_nan=True), name


def test_the_order_of_places_does_not_matter() -> None:
    given_panel = panel(np.full(8, 0.03), noise=0.02)
    order = np.random.default_rng(5).permutation(47)
    turned = replace(
        given_panel,
        codes=tuple(given_panel.codes[place] for place in order),
        parent=given_panel.parent[order],
        observed=given_panel.observed[:, :, order],
        hidden=given_panel.hidden[:, :, order],
        people=given_panel.people[:, order],
        edition=given_panel.edition[:, order],
    )
    one, whole = rolling_errors(given_panel, PHI)
    other, whole_turned = rolling_errors(turned, PHI)
    assert np.allclose(one.log_error[..., order], other.log_error, atol=FLOAT, equal_nan=True)
    assert np.allclose(whole.log_error, whole_turned.log_error, atol=FLOAT, equal_nan=True)


def test_hidden_counts_are_neither_origin_nor_truth() -> None:
    given_panel = panel(np.zeros(8))
    hidden = given_panel.hidden.copy()
    hidden[0, 4, 3] = 0.5
    places, _ = rolling_errors(replace(given_panel, hidden=hidden), PHI)
    touched = (places.origin == 2018) | (places.target == 2018)
    constant = places.log_error[places.place("constant"), 0, :, 3]
    assert np.isnan(constant[touched]).all()
    assert np.isfinite(constant[~touched]).all()


def test_damping_is_one_for_a_lasting_drift_and_zero_for_a_spent_one() -> None:
    lasting = panel(np.full(8, 0.05), noise=0.01)
    assert best_damping(damping_scores(lasting), lasting.services) == GRID[-1]
    spent = panel(np.array([0.05, 0.05, 0, 0, 0, 0, 0, 0]), noise=0.001)
    assert best_damping(damping_scores(spent), spent.services) == GRID[0]


def test_a_damped_drift_gives_a_damping_in_between() -> None:
    fading = panel(0.1 * 0.8 ** np.arange(8), noise=0.001)
    # The mean of past changes lies above the present one, so phi comes out below the 0.8 of the simulation.
    assert 0.3 <= best_damping(damping_scores(fading), fading.services) < 0.8


def test_raking_keeps_prefecture_totals_and_shares() -> None:
    values = np.array([[1.0, 3.0, 5.0]])
    out = raked(values, np.array([0, 0, 1]), np.array([[8.0, 10.0]]))
    assert out.tolist() == [[2.0, 6.0, 10.0]]
    assert np.abs(raked(out, np.array([0, 0, 1]), np.array([[8.0, 10.0]])) - out).max() == EXACT


def test_a_large_area_keeps_its_ratio_and_a_small_one_is_drawn_in() -> None:
    expected = np.array([[1000.0, 1000.0, 1.0, 1000.0]])
    count = expected * np.array([[1.2, 0.8, 3.0, 1.0]])
    ratio = shrunk_ratio(count, expected, np.zeros(4, dtype=np.int64), np.array([5.0]))[0]
    assert ratio[0] == pytest.approx(1.2, abs=0.02)
    assert 1.0 < ratio[2] < 2.5


def test_areas_take_the_change_of_their_prefecture() -> None:
    above = known_at(panel(np.full(8, 0.03), noise=0.02).until(2021))
    parent = np.repeat(np.arange(47), 2)
    inside = replace(panel(np.full(8, 0.03), noise=0.02, places=94), level="area", parent=parent)
    known = known_at(inside.until(2021), above)
    assert np.array_equal(known.prefecture_change, above.own_change[:, parent])
    assert np.abs(known.prefecture_change).max() > 0
    assert not np.allclose(known.own_change, known.prefecture_change)
    assert np.isnan(known_at(inside.until(2021)).prefecture_change).all()


def test_every_method_has_a_name_in_both_languages() -> None:
    places, _ = rolling_errors(panel(np.zeros(8)), PHI)
    assert places.methods == tuple(METHODS)
    assert all(text.ja and text.en for text in METHODS.values())

"""Characteristics of places: published figures, and what lies between published years."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.tolerances import FLOAT
from zaitaku_demand.indicators.facts import read_facts
from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.characteristics import YEARS, through_years
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.words_characteristics import CHARACTERISTICS
from zaitaku_demand.store.tables import read_table

PRINTED_SHARE = 0.0005
"""Shares printed in per cent to one decimal."""
PRINTED_RATE = 0.05
"""Per 100,000, printed to one decimal."""


@pytest.fixture(scope="module")
def panel() -> Panel:
    return build_panel("prefecture")


@pytest.fixture(scope="module")
def areas() -> Panel:
    return build_panel("area")


def _at(panel: Panel, name: str, code: str, year: int) -> float:
    series = panel[name]
    return float(series.value[panel.places["area_code"].tolist().index(code), series.years.index(year)])


@pytest.mark.parametrize(("code", "share"), [("05", 0.375), ("13", 0.227), ("47", 0.226)])
def test_shares_of_65_in_the_census_of_2020(panel: Panel, code: str, share: float) -> None:
    """令和2年国勢調査（不詳補完値）: 秋田県 37.5 %, 東京都 22.7 %, 沖縄県 22.6 %."""
    assert _at(panel, "share_65", code, 2020) == pytest.approx(share, abs=PRINTED_SHARE)


@pytest.mark.parametrize(("code", "rate"), [("36", 338.4), ("11", 177.8)])
def test_physicians_of_2020(panel: Panel, code: str, rate: float) -> None:
    """令和2年医師・歯科医師・薬剤師統計: 徳島県 338.4 and 埼玉県 177.8 per 100,000."""
    assert _at(panel, "physicians", code, 2020) == pytest.approx(rate, abs=PRINTED_RATE)


def test_beds_of_2022(panel: Panel) -> None:
    """令和4年医療施設調査: 886,663 general beds; 278,694 long-term ones and 3,863 for tuberculosis."""
    facts = read_facts(("facts_population",))
    facts = facts[(facts["measure"] == "population_75") & (facts["year"] == 2022)]
    persons = facts[facts["level"] == "prefecture"].sort_values("area_code")["value"].to_numpy()
    at = panel["general_beds"].years.index(2022)
    general = (panel["general_beds"].value[:, at] * persons).sum() / 100_000
    long_term = (panel["long_term_beds"].value[:, at] * persons).sum() / 100_000
    assert general == pytest.approx(886_663, rel=FLOAT)
    assert long_term == pytest.approx(278_694 + 3_863, rel=FLOAT)


def test_published_years_are_observed_and_the_others_estimated(panel: Panel) -> None:
    wanted = {
        "older_single_share": {2015, 2020},
        "physicians": {2014, 2016, 2018, 2020, 2022},
        "care_home_places": {2018, 2019, 2020, 2021, 2022, 2023},
        "clinics": set(YEARS),
    }
    for name, years in wanted.items():
        series = panel[name]
        assert series.years == YEARS
        for column, year in enumerate(series.years):
            assert set(series.state[:, column]) == {1 if year in years else 2}, (name, year)
    single = panel["older_single_share"].value
    of = {year: single[:, YEARS.index(year)] for year in YEARS}
    np.testing.assert_allclose(of[2017], 0.6 * of[2015] + 0.4 * of[2020], rtol=FLOAT)
    np.testing.assert_array_equal(of[2023], of[2020])


def test_they_are_the_features_that_peers_are_found_by(panel: Panel) -> None:
    features = read_table("area_features")
    features = features[features["level"] == "prefecture"].sort_values("area_code")
    for name, column in (
        ("older_single_share", "older_single_share"),
        ("care_home_places", "care_home_places_per_1000_75"),
    ):
        found = panel[name].value[:, YEARS.index(2020)]
        np.testing.assert_allclose(found, features[column].to_numpy(), rtol=1e-4)
    np.testing.assert_allclose(np.exp(panel["log_density"].value[:, 0]), features["density"], rtol=FLOAT)


def test_areas_have_what_is_in_hand_there(areas: Panel) -> None:
    names = areas.names("confounder")
    assert names == [
        "share_65",
        "share_75",
        "share_85",
        "log_population",
        "log_density",
        "metropolitan",
        "sparse",
        "clinics",
    ]
    kinds = areas.places["type"]
    assert areas["metropolitan"].value.sum() == (kinds == "大都市型").sum() > 0
    assert areas["sparse"].value.sum() == (kinds == "人口の少ない地域").sum() > 0
    assert areas["clinics"].years == (2023,)


def test_every_characteristic_is_described(panel: Panel, areas: Panel) -> None:
    for each in (panel, areas):
        for name in each.names("confounder"):
            words = CHARACTERISTICS[name]
            row = each.variables.loc[name]
            assert row["unit_ja"] and row["source_en"] and row["definition_ja"] == words.definition.ja
            assert words.caveats.ja.endswith("。") and words.caveats.en.endswith(".")


def test_through_years_by_hand() -> None:
    filled, given_years = through_years(
        (2015, 2020), np.array([[10.0, 20.0], [4.0, np.nan]]), (2013, 2015, 2016, 2022)
    )
    np.testing.assert_allclose(filled[0], [10, 10, 12, 20], rtol=FLOAT)
    np.testing.assert_array_equal(np.isnan(filled[1]), [False, False, True, True])
    assert given_years.tolist() == [False, True, False, False]


@given(
    st.lists(st.integers(2000, 2030), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(1995, 2035), min_size=1, max_size=8, unique=True),
    st.integers(0, 2**32 - 1),
)
def test_through_years_is_linear_interpolation(published: list[int], wanted: list[int], seed: int) -> None:
    years = sorted(published)
    figures = np.random.default_rng(seed).normal(size=(3, len(years)))
    filled, given_years = through_years(years, figures, wanted)
    expected = np.stack([np.interp(wanted, years, row) for row in figures])
    np.testing.assert_allclose(filled, expected, atol=1e-12)
    assert given_years.tolist() == [year in years for year in wanted]


@given(arrays(np.float64, (4, 3), elements=st.floats(-1e3, 1e3)), st.permutations(range(4)))
def test_the_order_of_places_does_not_matter(figures: np.ndarray, order: list[int]) -> None:
    filled, _ = through_years((2014, 2017, 2020), figures, YEARS)
    again, _ = through_years((2014, 2017, 2020), figures[order], YEARS)
    np.testing.assert_array_equal(filled[order], again)


def test_interpolated_and_projected_populations_are_estimated(panel: Panel, areas: Panel) -> None:
    """A share of 2026 is a projection and one of 2017 lies between two censuses: neither was observed."""
    for each in (panel, areas):
        for name in ("share_65", "share_75", "share_85", "log_population"):
            series = each[name]
            assert series.years[-1] >= 2023
            for column, year in enumerate(series.years):
                assert set(series.state[:, column]) == {1 if year in (2015, 2020) else 2}, (name, year)

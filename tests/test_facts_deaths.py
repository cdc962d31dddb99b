"""Deaths of 65 and over by area: what is kept exactly, and how far the spreading is off."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.tolerances import FLOAT
from zaitaku_demand.indicators.compute import indicator_values
from zaitaku_demand.indicators.facts import read_facts
from zaitaku_demand.store.build_facts_deaths import expected_deaths, published_deaths
from zaitaku_demand.store.estimate_deaths import AGES, spread

ROUNDED = 1e-4
"""Deaths: areas are rounded to millionths, and a prefecture has 21 at most."""
SHARE_65 = (0.80, 0.96)
"""Deaths of 65 and over among all deaths of an area's residents; Japan of 2017 about 0.90."""
MERGED = ("0706", "0707")
"""相双 and いわき: the census found few residents there after the evacuation, the register counts them."""


@pytest.fixture(scope="module")
def deaths() -> pd.Series:
    table = read_facts(("facts_statistics",))
    table = table[table["measure"] == "estimated_deaths_65"]
    return table.set_index(["level", "area_code", "year"])["value"].sort_index()


def test_areas_add_up_to_the_published_deaths(deaths: pd.Series) -> None:
    area = deaths.xs("area", level="level")
    assert len(area) == 335 * 9 and (area > 0).all()
    codes = area.index.get_level_values("area_code").str[:2]
    sums = area.groupby([codes, area.index.get_level_values("year")]).sum()
    published = read_facts(("facts_statistics",))
    published = published[(published["measure"] == "ssds_deaths_65") & (published["level"] == "prefecture")]
    published = published[published["year"].between(2014, 2022)]
    wanted = published.set_index(["area_code", "year"])["value"].sort_index()
    assert len(wanted) == 47 * 9
    np.testing.assert_allclose(sums.to_numpy(), wanted.to_numpy(), atol=ROUNDED, rtol=0)
    np.testing.assert_allclose(
        deaths.xs("prefecture", level="level").to_numpy(), wanted.to_numpy(), rtol=FLOAT
    )


def test_japan_is_the_published_number(deaths: pd.Series) -> None:
    """人口動態統計 2022: 1,569,050 deaths; those of 65 and over by residence are 1,439,198 in the SSDS (A4231)."""
    assert deaths["national", "00", 2022] == 1_439_198


def test_areas_are_marked_estimated() -> None:
    table = read_facts(("facts_statistics",))
    table = table[table["measure"] == "estimated_deaths_65"]
    states = table.groupby("level")["state"].unique().map(list)
    assert states.to_dict() == {"area": ["estimated"], "prefecture": ["observed"], "national": ["observed"]}


def test_they_are_near_the_estimate_from_municipalities(deaths: pd.Series) -> None:
    """homecare_deaths spreads deaths of all ages over municipalities by the register; 2017 has every municipality."""
    other = read_facts(("facts_facilities",))
    other = other[
        (other["measure"] == "homecare_deaths") & (other["level"] == "area") & (other["year"] == 2017)
    ]
    both = (
        other.set_index("area_code")["value"]
        .to_frame("all")
        .join(deaths.xs(2017, level="year").xs("area", level="level").rename("old"))
    )
    share = (both["old"] / both["all"]).drop(list(MERGED))
    remote = share.index.str[:2].isin(["13", "47"])
    assert share[~remote].between(*SHARE_65).all() and len(share) == 333
    assert share.between(0.78, 0.96).all()


def test_values_by_area_use_them_and_say_so() -> None:
    values = indicator_values("area", years=(2022,))
    rows = values[(values["indicator_id"] == "O-E-3") & (values["level"] == "area")]
    shown = rows[rows["numerator"].notna()]
    assert len(shown) > 250 and set(shown["state"]) == {"estimated"}
    japan = values[(values["indicator_id"] == "O-E-3") & (values["level"] == "national")].iloc[0]
    assert japan["state"] == "observed" and japan["denominator"] == 1_439_198


def test_expected_deaths_by_hand() -> None:
    persons = np.zeros((1, 1, 2, len(AGES)))
    rates = np.zeros((2, len(AGES)))
    at = AGES.index_from(65)
    persons[0, 0, 0, at], rates[0, at] = 100, 0.02
    persons[0, 0, 0, at - 1], rates[0, at - 1] = 1000, 0.5  # under 65: counts for nothing
    persons[0, 0, 1, -1], rates[1, -1] = 10, 0.3
    np.testing.assert_allclose(expected_deaths(persons, rates), [[[2, 3]]], rtol=FLOAT)


def test_a_prefecture_without_a_number_is_refused() -> None:
    table = pd.DataFrame(
        {"prefecture_code": ["01"], "year": [2014], "sex": ["male"], "age": ["65+"], "deaths": [1]}
    )
    with pytest.raises(KeyError):
        published_deaths(table)


@given(
    arrays(np.float64, (6, 2), elements=st.floats(0.1, 1e4)),
    arrays(np.float64, (2, 2), elements=st.floats(0, 1e5)),
    st.permutations(range(6)),
)
def test_spreading_keeps_totals_in_any_order(
    expected: np.ndarray, published: np.ndarray, order: list[int]
) -> None:
    members = np.array([0, 0, 0, 1, 1, 1])
    shared = spread(published, expected, members)
    for group in (0, 1):
        np.testing.assert_allclose(
            shared[members == group].sum(axis=0), published[group], rtol=1e-9, atol=1e-9
        )
    np.testing.assert_allclose(spread(published, expected[order], members[order]), shared[order], rtol=1e-9)

"""Facts about facilities: levels that add up, what is missing stays missing, estimates near official figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.facts import FACT_COLUMNS
from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.sources import census_history, facility_notices, ssds
from zaitaku_demand.sources.home_care import SHARE
from zaitaku_demand.sources.membership import load_area_list
from zaitaku_demand.store import build_facts_facilities as build
from zaitaku_demand.store import build_facts_notices, estimate_deaths
from zaitaku_demand.store.build_facts_home_care import DEATHS, HOME_DEATHS, MUNICIPAL_COLUMNS, home_care_facts
from zaitaku_demand.store.ingredients import Ingredients
from zaitaku_demand.store.recipes_facilities import FACILITY_RECIPES

SOURCES = ("facility_survey", "facility_notices", "home_care", "emergency")
KEYS = ["measure", "level", "area_code", "year"]
ROUNDED = 1e-3
"""Sums over places of figures rounded to six decimals."""

KAWASAKI = ("1404", "1405")


@pytest.fixture(scope="session")
def ingredients(raw: Path) -> Ingredients:
    return Ingredients(raw)


@pytest.fixture(scope="session")
def table(ingredients: Ingredients) -> pd.DataFrame:
    return FACILITY_RECIPES[0].make(ingredients)


@pytest.fixture(scope="session")
def value(table: pd.DataFrame) -> pd.DataFrame:
    return table.set_index(KEYS).sort_index()


def test_layout(table: pd.DataFrame) -> None:
    assert tuple(table.columns) == FACT_COLUMNS
    assert not table.duplicated(KEYS).any()
    declared = {each.id: each for each in measures().values() if each.source in SOURCES}
    # Other measures of the regional data collection stand in the workbook that a user gives.
    of_workbook = {
        name
        for name, each in declared.items()
        if each.source == "home_care" and not set(each.columns) <= set(MUNICIPAL_COLUMNS)
    }
    assert len(of_workbook) == 5 and set(table["measure"]) == set(declared) - of_workbook
    known = table[table["state"] != "suppressed"]
    assert (known["lower"] <= known["value"]).all() and (known["value"] <= known["upper"]).all()
    exact = table[table["state"] == "observed"]
    assert (exact["lower"] == exact["value"]).all() and (exact["value"] == exact["upper"]).all()
    assert (exact["value"] == exact["value"].round()).all()


def test_areas_add_up_to_prefectures_and_these_to_the_nation(table: pd.DataFrame) -> None:
    by = ["measure", "year"]
    level = {name: table[table["level"] == name] for name in ("national", "prefecture", "area")}
    areas = level["area"].assign(area_code=level["area"]["area_code"].str[:2])
    summed = areas.groupby([*by, "area_code"])["value"].sum()
    prefectures = level["prefecture"].set_index([*by, "area_code"])["value"]
    np.testing.assert_allclose(summed, prefectures.loc[summed.index], rtol=0, atol=ROUNDED)
    nation = level["national"].set_index(by)["value"]
    added = level["prefecture"].groupby(by)["value"].sum().loc[nation.index]
    np.testing.assert_allclose(added, nation, rtol=0, atol=ROUNDED)
    assert level["area"].groupby(by)["area_code"].nunique().isin([335, 229]).all()


def test_missing_prefectures_have_no_row(table: pd.DataFrame) -> None:
    notices = table[table["measure"].str.startswith("notices_")]
    assert not notices["area_code"].str[:2].isin([*facility_notices.ABSENT, "00"]).any()
    assert set(notices["level"]) == {"prefecture", "area"}
    assert notices.loc[notices["level"] == "prefecture", "area_code"].nunique() == 34


# 令和5年(2023)医療施設（静態・動態）調査, 全国: clinics (T107) and hospitals (T68) added.
@pytest.mark.parametrize(
    ("measure", "nation"),
    [
        ("survey_home_visit_facilities", 18_906 + 2_904),
        ("survey_home_visit_cases", 1_498_229 + 237_601),
        ("survey_house_call_cases", 225_875 + 25_546),
        ("survey_attendance_facilities", 5_780 + 824),
        ("survey_attendance_cases", 17_966 + 2_146),
        ("survey_nursing_order_facilities", 15_735 + 3_314),
        ("survey_rehabilitation_facilities", 1_928 + 1_852),
        ("survey_dental_visit_facilities", 231 + 177),
        ("survey_support_clinics", 14_725),
    ],
)
def test_facility_survey(measure: str, nation: int, value: pd.DataFrame) -> None:
    assert value.loc[(measure, "national", "00", 2023), "value"] == nation


def test_gujo_is_read_from_the_addresses(ingredients: Ingredients, value: pd.DataFrame) -> None:
    # The published table of municipalities has 郡上市 (area 2103) under 不明 with five conventional clinics.
    published = facility_notices.load_by_municipality(
        ingredients.raw / build_facts_notices.NOTICES_MUNICIPALITIES
    )
    counts = published.set_index(["prefecture_code", "municipality"])["在支診3(従来型)"]
    assert counts["21", "不明"] == 5 and ("21", "郡上市") not in counts.index
    members = ingredients.membership.municipalities
    names = members.loc[members["area335"] == "2103", "name"]
    others = counts["21"][[name for name in counts["21"].index if name.split("郡")[-1] in set(names)]]
    assert value.loc[("notices_support_clinics_3", "area", "2103", 2025), "value"] == others.sum() + 5


def test_deaths_at_home_come_near_the_official_nation(value: pd.DataFrame) -> None:
    home = value.loc[("homecare_home_deaths", "national", "00", 2016)]
    deaths = value.loc[("homecare_deaths", "national", "00", 2016)]
    # 人口動態統計（確定数）2016: 1,307,748 deaths, 169,447 or 13.0 % at home. The prefectures of 社会・人口統計体系 have
    # 1,306,941 of them; the others lived abroad or their residence is not known.
    assert deaths["upper"] == pytest.approx(1_306_941, abs=ROUNDED)
    assert home["value"] == pytest.approx(169_447, rel=0.002)
    assert round(100 * home["value"] / deaths["value"], 1) == 13.0
    assert home["lower"] < 169_447 < home["upper"]
    assert home["state"] == deaths["state"] == "estimated"


def test_deaths_of_a_prefecture_are_the_published_ones(raw: Path, table: pd.DataFrame) -> None:
    published = ssds.load_deaths(raw / build.SSDS)
    total = published[(published["sex"] == "both") & (published["age"] == "total")]
    total = total.set_index(["prefecture_code", "year"])["deaths"]
    found = table[(table["measure"] == "homecare_deaths") & (table["level"] == "prefecture")]
    found = found.set_index(["area_code", "year"])
    np.testing.assert_allclose(found["upper"], total.loc[found.index], rtol=0, atol=ROUNDED)
    exact = found[found["state"] == "observed"]
    # Shares of 68 municipalities in 32 prefectures and years are not published, none of them in 2017.
    assert len(exact) == 4 * 47 - 32 and (found.xs(2017, level="year")["state"] == "observed").all()
    assert (exact["value"] == total.loc[exact.index]).all()
    assert (
        table.loc[(table["measure"] == "homecare_deaths") & (table["level"] == "area"), "state"]
        == "estimated"
    ).all()


def test_expected_deaths_come_near_those_of_prefectures(raw: Path, ingredients: Ingredients) -> None:
    """What the spreading rests on: before raking, no prefecture of 2016 is more than a seventh off."""
    deaths = ssds.load_deaths(raw / build.SSDS)
    rates = estimate_deaths.national_rates(
        deaths, census_history.load_history(raw / build.CENSUS_PREFECTURES)
    )
    census = census_history.load_history(raw / build.CENSUS_PREFECTURES)
    people = census[(census["year"] == 2015) & census["sex"].isin(["male", "female"])]
    people = people[people["age"].isin(rates.columns)]
    expected = (
        people["persons"] * rates.stack().loc[list(zip(people["sex"], people["age"], strict=True))].to_numpy()
    )
    expected = expected.groupby(people["code"].str[:2]).sum()
    found = deaths[(deaths["year"] == 2016) & (deaths["sex"] == "both") & (deaths["age"] == "total")]
    ratio = found.set_index("prefecture_code")["deaths"] / expected
    ratio /= found["deaths"].sum() / expected.sum()
    assert ratio.between(1 - 1 / 7, 1 + 1 / 7).all()
    assert ratio.idxmax() == "02" and ratio.std() < 0.04


def test_a_city_in_two_areas_is_estimated_between_nothing_and_all(value: pd.DataFrame) -> None:
    for measure in ("homecare_support_clinics", "homecare_population", "homecare_home_deaths"):
        parts = value.loc[measure, "area"].loc[list(KAWASAKI)]
        assert (parts["state"] == "estimated").all() and (parts["lower"] == 0).all()
        assert parts.xs(2016, level="year")["value"].sum() <= parts.xs(2016, level="year")["upper"].min()
    # 川崎市 had 121 home-care support clinics in 2016.
    clinics = value.loc["homecare_support_clinics", "area"].loc[list(KAWASAKI)].xs(2016, level="year")
    assert clinics["upper"].tolist() == [121, 121] and clinics["value"].sum() == pytest.approx(121)


def test_nurse_stations_are_another_definition_than_the_ssds(raw: Path, value: pd.DataFrame) -> None:
    other = ssds.load_items(raw / build.SSDS, ["I5601"]).groupby("year")["value"].sum()
    for year in (2014, 2015, 2016, 2017):
        ratio = value.loc[("homecare_nurse_stations", "national", "00", year), "value"] / other[year]
        assert 1.09 < ratio < 1.11


# Two invented municipalities in one area and a third in another, the third and fourth without a share.
SYNTHETIC = pd.DataFrame(
    {
        "year": 2016,
        "code": ["01100", "01202", "01203", "02201"],
        SHARE: [10.0, 20.0, np.nan, np.nan],
        "zaitaku_shien_clinics": [3, 4, 5, 6],
        DEATHS: [100.0, 50.0, 30.0, 7.0],
    }
)
SHARES = pd.DataFrame(
    {
        "code": SYNTHETIC["code"],
        "area_code": ["0101", "0101", "0101", "0201"],
        "share_all": 1.0,
        "share_old": 1.0,
        "split": False,
    }
)
COLUMNS = {"clinics": "zaitaku_shien_clinics", "deaths": DEATHS, "home": HOME_DEATHS}


def _synthetic(shares: pd.DataFrame = SHARES) -> pd.DataFrame:
    return home_care_facts(SYNTHETIC, shares, COLUMNS, Path("municipal.csv")).set_index(KEYS)


def test_municipalities_without_a_share_widen_the_bounds() -> None:
    found = _synthetic()
    assert found.loc[("deaths", "area", "0101", 2016)].tolist() == [150, 150, 180, "estimated"]
    home = found.loc[("home", "area", "0101", 2016)]
    assert home.tolist() == pytest.approx([20, 20 - 0.075, 20 + 0.075 + 30, "estimated"])
    assert found.loc[("clinics", "prefecture", "01", 2016)].tolist() == [12, 12, 12, "observed"]


def test_where_no_share_is_published_no_figure_is_given() -> None:
    found = _synthetic()
    for level, code in (("area", "0201"), ("prefecture", "02")):
        for measure in ("deaths", "home"):
            row = found.loc[(measure, level, code, 2016)]
            assert np.isnan(row["value"]) and (row["lower"], row["upper"], row["state"]) == (
                0,
                7,
                "suppressed",
            )


def test_a_municipality_without_an_area_is_an_error() -> None:
    with pytest.raises(InputError, match=r"municipal\.csv.*01203"):
        _synthetic(SHARES[SHARES["code"] != "01203"])


def test_evacuated_towns_take_the_structure_of_their_prefecture() -> None:
    ages = estimate_deaths.AGES.labels
    rates = pd.DataFrame(0.01, index=list(estimate_deaths.SEXES), columns=list(ages))
    rates["90+"] = 0.2
    rows = [
        (code, 2015, sex, age, persons)
        for code, usual, oldest in (("07201", 100, 10), ("07202", 100, 50), ("07545", 0, 1))
        for sex in estimate_deaths.SEXES
        for age in ages
        for persons in [oldest if age == "90+" else usual]
    ]
    census = pd.DataFrame(rows, columns=["code", "year", "sex", "age", "persons"])
    strata = estimate_deaths.deaths_per_head(rates, census, {"07201": 1000, "07202": 1000, "07545": 1000})
    old = dict(zip(strata.codes, strata.per_head[:, :, 1].sum(axis=1), strict=True))
    persons = {"07201": 2 * 510, "07202": 2 * 550, "07545": 2}
    deaths = {"07201": 2 * (5 + 2), "07202": 2 * (5 + 10), "07545": 2 * 0.2}
    assert old["07201"] == pytest.approx(deaths["07201"] / persons["07201"])
    assert old["07545"] == pytest.approx(sum(deaths.values()) / sum(persons.values()))


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.floats(0.1, 1000), st.floats(0.1, 1000)), min_size=1, max_size=20
    ),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=3, max_size=3),
)
def test_spread_deaths_add_up_and_keep_proportions(
    places: list[tuple[int, float, float]], groups: list[tuple[int, int]]
) -> None:
    members, names = pd.factorize(np.array([place[0] for place in places]))
    expected = np.array([place[1:] for place in places])
    published = np.array([groups[name] for name in names], dtype=np.float64)
    found = estimate_deaths.spread(published, expected, members)
    added = np.zeros(published.shape)
    np.add.at(added, members, found)
    np.testing.assert_allclose(added, published, rtol=1e-9)
    ratio = published / np.array([expected[members == group].sum(axis=0) for group in range(len(names))])
    np.testing.assert_allclose(found, expected * ratio[members], rtol=1e-9)


def test_counts_that_the_list_does_not_give_are_refused(ingredients: Ingredients) -> None:
    headings = list(facility_notices.STANDARDS)
    published = pd.DataFrame(0, index=range(3), columns=headings).assign(
        prefecture_code=["24", "24", "21"],
        prefecture_name=["三重県", "三重県", "岐阜県"],
        municipality=["亀山市", "三重郡朝日町", facility_notices.UNPLACED],
    )
    published["在支病1"] = [4, 0, 2]
    counted = pd.DataFrame(0, index=["21219", "24210", "24343"], columns=headings)
    counted["在支病1"] = [2, 4, 0]
    build_facts_notices.require_municipal_counts(published, counted, ingredients.membership)
    counted["在支病1"] = [2, 5, 0]
    with pytest.raises(InputError, match=r"municipality_34pref.*在支病1.*24210") as caught:
        build_facts_notices.require_municipal_counts(published, counted, ingredients.membership)
    assert "has 4, but the list of notices gives 5" in caught.value.sentence("en")


def test_an_address_outside_every_municipality_is_refused(ingredients: Ingredients) -> None:
    notices = pd.DataFrame({"prefecture_code": ["24"], "address": ["架空市１番"], "row": [7]})
    with pytest.raises(InputError, match=r"list\.csv.*7.*address.*架空市") as caught:
        build_facts_notices.municipality_of(notices, ingredients.membership, Path("list.csv"))
    assert "row 7" in caught.value.sentence("en")


def test_areas_of_another_plan_are_refused(ingredients: Ingredients) -> None:
    areas = load_area_list(ingredients.raw / "areas" / "membership" / "area_list_330.csv")
    names = dict(zip(areas["area_code"], areas["area_name"], strict=True))
    with pytest.raises(InputError, match=r"T24_zaishishin_iryoken2\.csv.*0504"):
        build.survey_facts(ingredients.raw, names)

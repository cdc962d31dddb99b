"""厚生労働省 NDBオープンデータ: published totals of section C."""

from __future__ import annotations

import numpy as np
import pytest

from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.job import main_job
from zaitaku_demand.rates.national import RATE_YEARS
from zaitaku_demand.rates.services import services
from zaitaku_demand.store.tables import read_table


def test_home_visit_patients_of_fy2022() -> None:
    """第9回 性年齢別算定回数: C002 + C002-2 claims / 12 = 848 thousand a month."""
    totals = read_table("ndb_totals").set_index(["service", "fiscal_year"])["total"]
    assert totals[("home_visit_patients", 2022)] / 12 == pytest.approx(848_000, abs=500)
    assert totals[("home_visit_patients", 2022)] == 10_172_505
    assert totals[("home_visits", 2022)] == 9217312 + 11914536 + 33945 + 99424 + 690756 + 970
    assert totals[("home_visit_patients", 2022)] == (
        totals[("home_visit_patients_home", 2022)] + totals[("home_visit_patients_facility", 2022)]
    )


@pytest.mark.parametrize("table", ["ndb_sex_age", "ndb_prefecture"])
def test_bounds_contain_every_published_total(table: str) -> None:
    sums = read_table(table).groupby(["service", "fiscal_year"])[["value", "shown", "lower", "upper"]].sum()
    joined = sums.join(read_table("ndb_totals").set_index(["service", "fiscal_year"]))
    hidden = 9.0 * joined["hidden_items"]
    assert len(joined) == len(sums)
    assert (joined["lower"] <= joined["total"] + hidden).all()
    assert (joined["total"] <= joined["upper"]).all()
    assert (joined["shown"] <= joined["lower"] + 1e-6).all()
    assert (np.abs(joined["value"] - joined["total"]) <= hidden + 1e-6).all()


def test_areas_stay_inside_their_prefecture() -> None:
    areas = read_table("ndb_area")
    areas["prefecture_code"] = areas["area_code"].str[:2]
    keys = ["service", "fiscal_year", "prefecture_code"]
    by_area = areas.groupby(keys)[["value", "shown", "lower", "upper"]].sum()
    prefecture = read_table("ndb_prefecture").set_index(keys).loc[by_area.index]
    assert (by_area["shown"] <= prefecture["upper"] + 1e-6).all()
    assert (by_area["lower"] <= prefecture["upper"] + 1e-6).all()
    assert (by_area["value"] <= prefecture["upper"] + 1e-6).all()


def test_area_sums_fall_short_by_suppression() -> None:
    """C002 + C002-2: 6-7 % short in FY2019-2021 and 0.7 % in FY2022; C001 under 1 %."""
    areas = read_table("ndb_area").groupby(["service", "fiscal_year"])["shown"].sum()
    totals = read_table("ndb_totals").set_index(["service", "fiscal_year"])["total"]
    share = areas / totals
    for year in (2019, 2020, 2021):
        assert share[("home_visit_patients", year)] == pytest.approx(0.933, abs=0.005)
        assert share[("home_visits", year)] > 0.99
    assert share[("home_visit_patients", 2022)] == pytest.approx(0.993, abs=0.001)


@pytest.mark.parametrize("level", ["national", "prefecture"])
def test_the_base_year_gives_back_the_observed_count(level: str) -> None:
    """Rates × population of the base year is the count they were made from, whatever the level."""
    job = main_job(RunParameters(rates=level))
    observed = read_table("ndb_sex_age")
    observed = observed[(observed["service"] == "home_visit_patients") & (observed["fiscal_year"] == 2022)]
    base = job.annual.national()[0][job.annual.years.index(2022)]
    assert base == pytest.approx(observed["value"].sum() / 12, rel=1e-9)


def test_every_service_has_the_years_in_which_it_was_published() -> None:
    found = (
        read_table("ndb_sex_age")
        .groupby("service")["fiscal_year"]
        .unique()
        .map(lambda years: tuple(sorted(years)))
    )
    additions = {
        "terminal_care",
        "death_attendance",
        "death_certification",
        "terminal_care_nursing",
        "dental_visits",
    }
    for name in services():
        expected = RATE_YEARS[1:] if name in additions else RATE_YEARS
        assert found[name] == expected, name

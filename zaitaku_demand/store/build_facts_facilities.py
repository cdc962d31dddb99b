"""The table `facts_facilities`: facility survey, notices, home care by municipality, ambulances."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources import (
    census_history,
    emergency,
    facility_survey,
    home_care,
    ssds,
    support_clinics,
)
from zaitaku_demand.sources.checks import listed
from zaitaku_demand.sources.reading import FETCH_AGAIN
from zaitaku_demand.sources.registry import verified_path
from zaitaku_demand.store.build_facts_home_care import (
    MUNICIPAL_COLUMNS,
    area_shares,
    home_care_facts,
    with_deaths,
)
from zaitaku_demand.store.build_facts_notices import notice_facts
from zaitaku_demand.store.exact_facts import exact_facts, measures_of
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    from zaitaku_demand.store.ingredients import Ingredients

CLINICS = "facility_survey/T107_clinics_homecare_services_pref_city.csv"
HOSPITALS = "facility_survey/T68_hospitals_homecare_services_pref_city.csv"
SUPPORT_CLINICS = "facility_survey/T108_zaishishin_pref.csv"
SUPPORT_CLINICS_AREAS = "facility_survey/T24_zaishishin_iryoken2.csv"
HOME_CARE = "home_care_by_municipality/home_death_pct_by_municipality_2014_2017.csv"
TRANSPORTED = "emergency/transported_total_by_pref_2023.csv"
CENSUS_MUNICIPALITIES = "census/census_1980_2015_municipality_age5_sex.csv.gz"
CENSUS_PREFECTURES = "census/census_1980_2015_prefecture_age5_sex.csv"
SSDS = "ssds/ssds_pref_IJ_and_related_all_years.csv.gz"

_LEVELS = ("national", "prefecture")


def facts_facilities(given: Ingredients) -> pd.DataFrame:
    """All facts of this table, in the layout of :mod:`zaitaku_demand.indicators.facts`.

    Raises
    ------
    InputError
        If a raw file is wrong, two of them disagree, or a municipality lies in no area.
    """
    areas = given.membership.areas
    of_plan = areas[areas["edition"] == 335]
    names: dict[str, str] = dict(zip(of_plan["area_code"], of_plan["area_name"], strict=True))
    parts: list[pd.DataFrame] = [
        survey_facts(given.raw, names),
        notice_facts(given.raw, given.membership),
        _home_care(given),
        _transported(given.raw),
    ]
    table = pd.concat(parts, ignore_index=True).astype(
        {"year": "int16", "value": "float64", "lower": "float64", "upper": "float64"}
        | {name: "str" for name in ("measure", "level", "area_code", "state")}
    )
    return table.sort_values(["measure", "level", "area_code", "year"], ignore_index=True)


def survey_facts(raw: Path, names: dict[str, str]) -> pd.DataFrame:
    """Facts of the facility survey: nation and prefectures; support clinics also by the 335 areas.

    Parameters
    ----------
    raw : Path
    names : dict
        Code → name of the 335 areas.

    Raises
    ------
    InputError
        If a table is wrong, or the tables of clinics disagree about their number.
    """
    clinics = facility_survey.load_services(verified_path(CLINICS, raw))
    hospitals = facility_survey.load_services(verified_path(HOSPITALS, raw))
    supporting = support_clinics.load_support_clinics(verified_path(SUPPORT_CLINICS, raw))
    by_area = support_clinics.load_support_clinics_by_area(
        verified_path(SUPPORT_CLINICS_AREAS, raw), names, supporting
    )
    _require_same_clinics(clinics, supporting)
    services = list(facility_survey.SERVICE_ITEMS)
    both = clinics.set_index(["level", "code"])[services].add(
        hospitals.set_index(["level", "code"])[services]
    )
    places = both.join(supporting.set_index(["level", "code"])[list(support_clinics.CLINIC_ITEMS)])
    wanted = measures_of("facility_survey")
    parts = [
        exact_facts(pd.DataFrame(places.xs(level, level="level")), wanted, level, facility_survey.YEAR)
        for level in _LEVELS
    ]
    in_areas = by_area.set_index("area_code")
    of_areas = [measure for measure in wanted if set(measure.columns) <= set(support_clinics.CLINIC_ITEMS)]
    return pd.concat(
        [*parts, exact_facts(in_areas, of_areas, "area", facility_survey.YEAR)], ignore_index=True
    )


def _home_care(given: Ingredients) -> pd.DataFrame:
    path = verified_path(HOME_CARE, given.raw)
    codes = given.codes
    table = with_deaths(
        home_care.load_home_care(path),
        codes.sort_values("valid_to").drop_duplicates("code", keep="last").set_index("code")["code_2024"],
        ssds.load_deaths(verified_path(SSDS, given.raw)),
        census_history.load_history(verified_path(CENSUS_PREFECTURES, given.raw)),
        census_history.load_history(verified_path(CENSUS_MUNICIPALITIES, given.raw)),
    )
    columns = {
        measure.id: measure.columns[0]
        for measure in measures_of("home_care")
        if set(measure.columns) <= set(MUNICIPAL_COLUMNS)
    }
    return home_care_facts(table, area_shares(codes, given.municipal_2018), columns, path)


def _transported(raw: Path) -> pd.DataFrame:
    table = emergency.load_transported(verified_path(TRANSPORTED, raw))
    wanted = measures_of("emergency")
    parts = [
        exact_facts(table[table["level"] == level].set_index("code"), wanted, level, emergency.YEAR)
        for level in _LEVELS
    ]
    return pd.concat(parts, ignore_index=True)


def _require_same_clinics(clinics: pd.DataFrame, supporting: pd.DataFrame) -> None:
    left = clinics[clinics["level"] != "city"].set_index("code")[facility_survey.TOTAL]
    right = supporting.set_index("code")["clinics_total"]
    odd = left.index[left != right.loc[left.index]].tolist()
    if odd:
        raise InputError(
            Text(
                f"一般診療所の総数が第107表と第108表で異なる：{listed(odd)}",
                f"tables 107 and 108 disagree about the number of clinics: {listed(odd)}",
            ),
            FETCH_AGAIN,
            file=SUPPORT_CLINICS,
            column="clinics_total",
        )

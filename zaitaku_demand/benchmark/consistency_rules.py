"""Declared rules of consistency between measures: what is part of what, which needs which, what tells the same fact."""

from __future__ import annotations

from dataclasses import dataclass

from zaitaku_demand.text import Text


@dataclass(frozen=True)
class PartRule:
    """The parts together cannot exceed the whole (same place and year)."""

    parts: tuple[str, ...]
    whole: str


@dataclass(frozen=True)
class ActivityRule:
    """Institutions and what they do: one without the other is worth a look.

    `complete` is False where others may do the same without being counted among `facilities` (a clinic visits without
    the notification of 在宅療養支援診療所): activity without them is then no contradiction.
    """

    facilities: str
    activity: str
    complete: bool


@dataclass(frozen=True)
class SourceRule:
    """Two sources of one fact: sum of `first` against sum of `second` x `factor`."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    factor: float
    first_name: Text
    second_name: Text


PART_RULES = (
    PartRule(("ndb_home_visit_patients_home", "ndb_home_visit_patients_facility"), "ndb_home_visit_patients"),
    PartRule(("ndb_urgent_calls",), "ndb_house_calls"),
    PartRule(("ndb_urgent_calls_urgent", "ndb_urgent_calls_hours"), "ndb_urgent_calls"),
    PartRule(("ndb_infant_visits",), "ndb_home_visits"),
    PartRule(("ndb_death_attendance", "ndb_death_certification"), "ssds_deaths"),
    PartRule(("survey_support_clinics",), "survey_clinics"),
    PartRule(("homecare_home_deaths",), "homecare_deaths"),
    PartRule(("homecare_population_65",), "homecare_population"),
    PartRule(("ssds_deaths_65",), "ssds_deaths"),
    PartRule(("ssds_clinic_physicians",), "ssds_physicians"),
    PartRule(("population_0_14", "population_65"), "population_total"),
    PartRule(("population_75",), "population_65"),
    PartRule(("population_85",), "population_75"),
)

ACTIVITY_RULES = (
    ActivityRule("survey_home_visit_facilities", "survey_home_visit_cases", True),
    ActivityRule("survey_home_visit_facilities", "ndb_home_visit_patients", True),
    ActivityRule("survey_house_call_facilities", "survey_house_call_cases", True),
    ActivityRule("survey_house_call_facilities", "ndb_house_calls", True),
    ActivityRule("survey_attendance_facilities", "survey_attendance_cases", True),
    ActivityRule("survey_nursing_order_facilities", "ndb_nursing_orders", True),
    ActivityRule("survey_dental_visit_facilities", "ndb_dental_visits", False),
    ActivityRule("survey_support_clinics", "survey_support_clinic_patients", True),
    ActivityRule("survey_support_clinics", "ndb_home_visit_patients", False),
    ActivityRule("ssds_nurse_stations", "ssds_nurse_station_users", True),
)

SOURCE_RULES = (
    SourceRule(
        ("survey_home_visit_cases",),
        ("ndb_home_visits",),
        1 / 12,
        Text(
            "医療施設調査の9月の訪問診療件数",
            "home visits of September in the survey of medical institutions",
        ),
        Text("NDBの訪問診療の月平均", "the monthly mean of home visits in the NDB"),
    ),
    SourceRule(
        ("survey_house_call_cases",),
        ("ndb_house_calls",),
        1 / 12,
        Text("医療施設調査の9月の往診件数", "house calls of September in the survey of medical institutions"),
        Text("NDBの往診の月平均", "the monthly mean of house calls in the NDB"),
    ),
    SourceRule(
        ("survey_attendance_cases",),
        ("ndb_death_attendance", "ndb_death_certification"),
        1 / 12,
        Text("医療施設調査の9月の在宅看取り件数", "deaths attended at home in September in the survey"),
        Text(
            "NDBの看取り加算・死亡診断加算の月平均",
            "the monthly mean of attended and certified deaths in the NDB",
        ),
    ),
    SourceRule(
        ("notices_support_clinics_1", "notices_support_clinics_2", "notices_support_clinics_3"),
        ("survey_support_clinics",),
        1.0,
        Text(
            "施設基準の届出による在宅療養支援診療所数", "support clinics by the notices of facility standards"
        ),
        Text("医療施設調査の在宅療養支援診療所数", "support clinics in the survey of medical institutions"),
    ),
    SourceRule(
        ("points_nurse_stations",),
        ("ssds_nurse_stations",),
        1.0,
        Text("位置情報で数えた訪問看護事業所数", "visiting-nurse stations counted from their locations"),
        Text(
            "社会・人口統計体系の訪問看護事業所数",
            "visiting-nurse stations in the System of Social Statistics",
        ),
    ),
    SourceRule(
        ("homecare_nurse_stations",),
        ("ssds_nurse_stations",),
        1.0,
        Text(
            "在宅医療にかかる地域別データ集の訪問看護事業所数",
            "visiting-nurse stations in the municipal home-care data",
        ),
        Text(
            "社会・人口統計体系の訪問看護事業所数",
            "visiting-nurse stations in the System of Social Statistics",
        ),
    ),
    SourceRule(
        ("ssds_clinics",),
        ("survey_clinics",),
        1.0,
        Text("社会・人口統計体系の一般診療所数", "clinics in the System of Social Statistics"),
        Text("医療施設調査の一般診療所数", "clinics in the survey of medical institutions"),
    ),
)

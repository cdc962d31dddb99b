"""Facts from the NDB Open Data: totals, bounds and states of the measures, their ages, and claims per patient."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.test_ndb_sections import loaded
from tests.test_suppression_steps import AGES, CODES, ITEMS, table
from tests.tolerances import EXACT, FLOAT
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.facts import FACT_COLUMNS, NATION
from zaitaku_demand.indicators.measures import Measure, NdbItems, measures
from zaitaku_demand.rates.services import services
from zaitaku_demand.sources.ndb import NdbTable
from zaitaku_demand.store import build_facts_ndb
from zaitaku_demand.store.build_facts_ndb import (
    MeasureItems,
    Sections,
    event_size,
    facts_ndb,
    measure_ages,
    scaled_to_total,
    without_hidden_totals,
)
from zaitaku_demand.store.build_ndb import Tables
from zaitaku_demand.store.ingredients import Ingredients
from zaitaku_demand.text import Text

# 厚生労働省 第9回NDBオープンデータ (FY2022), 性年齢別算定回数, 総計 of the items named.
PUBLISHED_2022 = {
    # A246 入退院支援加算1 (一般, 療養), 2 (一般, 療養), 3
    "ndb_discharge_support": 3_921_269 + 43_679 + 292_026 + 20_160 + 17_800,
    "ndb_care_linkage_guidance": 347_280,
    "ndb_joint_guidance_home": 24_786 + 2_708,
    "ndb_joint_guidance_hospital": 62_658,
    "ndb_guidance_before_discharge": 1_311,
    # outpatient and inpatient sheet
    "ndb_visit_after_discharge": 13_189 + 76,
    "ndb_visit_before_discharge": 15_812,
    "ndb_house_calls": 3_077_627 + 767,
    "ndb_infant_visits": 36_959,
    "ndb_emergency_conferences": 23_328,
    "ndb_death_attendance": 198_175,
    "ndb_home_ventilator": 239_865,
}
ADDITIONS = {
    "ndb_infant_visits",
    "ndb_urgent_calls",
    "ndb_urgent_calls_urgent",
    "ndb_urgent_calls_hours",
    "ndb_terminal_care",
    "ndb_terminal_care_nursing",
    "ndb_death_attendance",
    "ndb_death_certification",
}


@cache
def _sections(raw: Path) -> Sections:
    return {
        section: without_hidden_totals(loaded(raw, section))
        for section in ("A", "B", "C")  # type: ignore[misc]
    }


@pytest.fixture(scope="session")
def built(raw: Path) -> pd.DataFrame:
    """facts_ndb made from the official workbooks."""
    return facts_ndb(_sections(raw), Ingredients(raw).weights_335)


@pytest.fixture(scope="session")
def ages(raw: Path) -> pd.DataFrame:
    """ndb_measure_ages made from the official workbooks."""
    return measure_ages(_sections(raw))


# --- the official workbooks -------------------------------------------------------------------------------


def test_every_measure_is_there_once_a_place_and_year(built: pd.DataFrame) -> None:
    declared = {name for name, measure in measures().items() if measure.source == "ndb"}
    assert tuple(built.columns) == FACT_COLUMNS
    assert set(built["measure"]) == declared and len(declared) == 29
    assert not built.duplicated(["measure", "level", "area_code", "year"]).any()
    places = built.groupby(["level", "measure", "year"])["area_code"].nunique().groupby("level")
    assert (places.min().to_dict(), places.max().to_dict()) == (
        {"national": 1, "prefecture": 47, "area": 335},
        {"national": 1, "prefecture": 47, "area": 335},
    )
    years = built.groupby("level")["year"].agg(["min", "max"])
    assert years.loc["area"].tolist() == [2019, 2022]
    assert years.loc["prefecture"].tolist() == years.loc["national"].tolist() == [2014, 2022]


def test_what_is_not_published_has_no_row(built: pd.DataFrame) -> None:
    """FY2014 has neither additions nor dental workbooks; B007-2 was introduced in FY2016."""
    first = built.groupby("measure")["year"].min()
    later = {"ndb_dental_visits": 2015, "ndb_visit_after_discharge": 2016, **dict.fromkeys(ADDITIONS, 2015)}
    assert first.to_dict() == {name: later.get(name, 2014) for name in first.index}


def test_national_counts_are_the_published_totals(built: pd.DataFrame) -> None:
    nation = built[built["level"] == "national"].set_index(["measure", "year"])
    for measure, total in PUBLISHED_2022.items():
        assert nation.loc[(measure, 2022), "value"] == total, measure
    # Round 8 and earlier, discharge_item_groups.csv: A246 of FY2021; 退院調整加算 of FY2014 from 第1回 A.
    assert (
        nation.loc[("ndb_discharge_support", 2021), "value"] == 3_573_205 + 36_560 + 322_201 + 22_955 + 17_755
    )
    assert nation.loc[("ndb_discharge_support", 2014), "value"] == (
        404_561 + 357_261 + 290_367 + 14_215 + 23_071 + 5_843 + 9_463 + 10_365 + 3_066 + 71
    )
    # Shared README, trap 2: C002 + C002-2 claims / 12 are 848 thousand patients a month in FY2022.
    assert round(nation.loc[("ndb_home_visit_patients", 2022), "value"] / 12_000) == 848
    assert (nation["state"] == "observed").all() and (nation.reset_index()["area_code"] == NATION).all()


def test_parts_add_up_to_the_measures_they_are_part_of(built: pd.DataFrame) -> None:
    nation = built[built["level"] == "national"].set_index(["measure", "year"])["value"].unstack("measure")
    parts = nation["ndb_home_visit_patients_home"] + nation["ndb_home_visit_patients_facility"]
    assert (nation["ndb_home_visit_patients"] == parts).all()
    both = nation.dropna(subset=["ndb_urgent_calls"])
    assert (both["ndb_urgent_calls_urgent"] < both["ndb_urgent_calls"]).all()


def test_values_lie_inside_their_bounds_and_states_say_what_is_known(built: pd.DataFrame) -> None:
    assert np.isfinite(built[["lower", "upper"]]).all().all()
    assert (built["lower"] >= 0).all() and (built["lower"] <= built["upper"]).all()
    hidden = built["state"] == "suppressed"
    assert (built["value"].isna() == hidden).all() and hidden.any()
    shown = built[~hidden]
    assert (shown["lower"] <= shown["value"] + FLOAT).all()
    assert (shown["value"] <= shown["upper"] + FLOAT).all()
    known = built[built["state"] == "observed"]
    assert (known["lower"] == known["value"]).all() and (known["upper"] == known["value"]).all()
    assert set(built["state"]) == {"observed", "estimated", "suppressed"}


def test_prefectures_bounds_contain_the_national_count(built: pd.DataFrame) -> None:
    prefectures = built[built["level"] == "prefecture"].groupby(["measure", "year"])[["lower", "upper"]].sum()
    nation = built[built["level"] == "national"].set_index(["measure", "year"])["value"]
    assert len(nation) == len(prefectures)
    assert (prefectures["lower"] <= nation).all() and (prefectures["upper"] >= nation).all()


def test_estimates_by_prefecture_miss_only_what_suppressed_places_hide(built: pd.DataFrame) -> None:
    """Where every prefecture has a value, the 47 values add up to the national count."""
    prefectures = built[built["level"] == "prefecture"].groupby(["measure", "year"])["value"]
    whole = prefectures.agg(["sum", "count"]).query("count == 47")["sum"]
    nation = built[built["level"] == "national"].set_index(["measure", "year"])["value"]
    assert len(whole) > 150
    assert np.allclose(whole, nation[whole.index], rtol=FLOAT, atol=0)


def test_areas_stay_inside_their_prefecture(built: pd.DataFrame) -> None:
    areas = built[built["level"] == "area"]
    shown = areas.groupby(["measure", "year", areas["area_code"].str[:2]])["lower"].sum()
    prefectures = built[built["level"] == "prefecture"].set_index(["measure", "year", "area_code"])["upper"]
    assert (shown <= prefectures.reindex(shown.index)).all()


def test_whole_rows_hidden_by_the_second_rule_are_suppressed(built: pd.DataFrame) -> None:
    """C011 of FY2015 and FY2017 is hidden in all prefectures (one place alone was below 10)."""
    hidden = built[
        (built["measure"] == "ndb_emergency_conferences")
        & (built["level"] == "prefecture")
        & built["year"].isin([2015, 2017])
    ]
    assert len(hidden) == 94 and (hidden["state"] == "suppressed").all()


def test_ages_add_up_to_the_national_counts_exactly(built: pd.DataFrame, ages: pd.DataFrame) -> None:
    """In any order of addition: no tolerance."""
    nation = built[built["level"] == "national"].set_index(["measure", "year"])["value"]
    for frame in (ages, ages.iloc[::-1], ages.sample(frac=1, random_state=1)):
        summed = frame.groupby(["measure", "year"])["value"].sum()
        assert len(summed) == len(nation)
        assert (summed - nation[summed.index]).abs().max() == EXACT
    assert (ages["value"] >= 0).all() and ages["estimated_share"].between(0, 1).all()
    assert (ages.groupby(["measure", "year"]).size() == 38).all()


def test_infant_additions_are_claimed_for_infants(ages: pd.DataFrame) -> None:
    """乳幼児加算 is for children under six: nothing is shown above the band 5-9."""
    infants = ages[(ages["measure"] == "ndb_infant_visits") & (ages["year"] == 2022)]
    young = infants["age"].isin(["0-4", "5-9"])
    assert infants.loc[young, "value"].sum() == 36_959


def test_measures_of_section_c_hold_the_items_of_the_services(raw: Path) -> None:
    compared = 0
    for name, measure in measures().items():
        service = services().get(name.removeprefix("ndb_"))
        if measure.ndb is None or service is None:
            continue
        chosen = MeasureItems(name, measure.ndb)
        assert chosen.kind == service.kind
        for sheets in loaded(raw, "C").values():
            for sheet in sheets:
                for code, of_class in zip(sheet.items["item_code"], sheet.items["class_code"], strict=True):
                    wanted = sheet.kind == service.kind and service.selects(sheet.part, of_class, code)
                    assert (
                        sheet.kind == chosen.kind and chosen.selects(sheet.part, of_class, code)
                    ) == wanted, (name, code)
        compared += 1
    assert compared == 17


def test_urgent_calls_are_the_additions_to_house_calls(raw: Path) -> None:
    """By name, over all rounds; additions under the temporary COVID-19 rules stay out."""
    every, urgent = set(), set()
    for (kind, _, breakdown, _), sheets in loaded(raw, "C").items():
        if kind != "medical" or breakdown != "sex_age":
            continue
        for sheet in sheets:
            names = sheet.items["item_name"]
            found = names.str.match(r"(緊急|夜間|休日|深夜)(特別)?往診加算") & ~names.str.contains("コロナ")
            every |= set(sheet.items.loc[found, "item_code"])
            urgent |= set(sheet.items.loc[found & names.str.startswith("緊急"), "item_code"])
    assert measures()["ndb_urgent_calls"].ndb == NdbItems(item_codes=frozenset(every))
    assert measures()["ndb_urgent_calls_urgent"].ndb == NdbItems(item_codes=frozenset(urgent))
    assert measures()["ndb_urgent_calls_hours"].ndb == NdbItems(item_codes=frozenset(every - urgent))


def test_claims_per_patient(raw: Path) -> None:
    """第9回 性年齢別: claims over patients of the same items."""
    sizes = event_size(_sections(raw)).set_index("measure")
    assert len(sizes) == 29 and (sizes["event_size"] >= 1).all()
    # B007-2: 13,189 + 76 claims of 6,374 + 75 patients.
    assert sizes.loc["ndb_visit_after_discharge", ["claims", "patients"]].tolist() == [13_265, 6_449]
    assert sizes.loc["ndb_discharge_support", "patients"] == 3_026_261 + 39_909 + 260_696 + 18_904 + 15_409
    assert sizes.loc["ndb_dental_visits", "claims"] == 13_316_865
    assert (sizes["event_size"] == sizes["claims"] / sizes["patients"]).all()


# --- made-up tables ---------------------------------------------------------------------------------------


def _measure(name: str, **items: object) -> Measure:
    text = Text("名", "name")
    return Measure.model_validate(
        {"id": name, "name": text, "unit": text, "source": "ndb", "place": "institution", "ndb": items}
    )


@contextmanager
def _declared(*declared: Measure) -> Iterator[None]:
    with patch.object(build_facts_ndb, "measures", lambda: {measure.id: measure for measure in declared}):
        yield


def _published(generator: np.random.Generator, year: int) -> tuple[Tables, np.ndarray, np.ndarray]:
    """Tables of one year as they would be published, the true counts by prefecture and by area."""
    areas = generator.integers(0, 60, (3, 4)).astype(float)
    prefectures = np.zeros((3, 47))
    prefectures[:, 0], prefectures[:, 1] = areas[:, :2].sum(axis=1), areas[:, 2:].sum(axis=1)
    totals = areas.sum(axis=1)
    by_age = np.stack([generator.multinomial(int(total), np.full(8, 1 / 8)) for total in totals]).astype(
        float
    )
    keys = pd.DataFrame({"sex": ["male"] * 4 + ["female"] * 4, "age": AGES * 2})
    places = pd.DataFrame({"code": [f"{number:02d}" for number in range(1, 48)], "name": "県"})
    area_keys = pd.DataFrame({"code": [*CODES, "unidentified"], "name": [*CODES, "判別不可"]})
    hidden = (generator.random((3, 4)) < 0.3) | (areas < 10)
    values = np.hstack([np.where(hidden, np.nan, areas), np.zeros((3, 1))])
    items = ITEMS.assign(points=1.0, total=np.where((totals > 0) & (totals < 10), np.nan, totals))
    by_area = NdbTable(
        Path("x.xlsx"), year, "medical", "claims", "area", "base", items, area_keys, values, np.isnan(values)
    )
    tables: Tables = {
        ("medical", year, "sex_age", "claims"): [table(by_age, "sex_age", keys, year, totals)],
        ("medical", year, "prefecture", "claims"): [table(prefectures, "prefecture", places, year, totals)],
        ("medical", year, "area", "claims"): [by_area],
    }
    return tables, prefectures, areas


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.sampled_from([2018, 2021, 2022]))
def test_the_truth_lies_inside_the_bounds_of_every_place(seed: int, year: int) -> None:
    tables, prefectures, areas = _published(np.random.default_rng(seed), year)
    weights = pd.Series([1.0, 2.0, 3.0, 4.0], index=CODES)
    kept = without_hidden_totals(tables)
    remaining = set(kept[("medical", year, "sex_age", "claims")][0].items["item_code"])
    if not {"114030710", "114000110"} <= remaining:
        return
    with _declared(
        _measure("visits", class_codes=["C002", "C002-2"]), _measure("calls", class_codes=["C000"])
    ):
        found = facts_ndb({"C": kept}, weights).set_index(["measure", "level", "area_code"])
        by_age = measure_ages({"C": kept})
    for name, rows in (("visits", [0, 1]), ("calls", [2])):
        rows = [row for row in rows if ITEMS["item_code"][row] in remaining]
        truth = {
            ("national", "00"): areas[rows].sum(),
            **{("prefecture", f"{place + 1:02d}"): prefectures[rows, place].sum() for place in range(47)},
            **{("area", code): areas[rows, place].sum() for place, code in enumerate(CODES)},
        }
        for (level, code), count in truth.items():
            fact = found.loc[(name, level, code)]
            assert fact["lower"] <= count + FLOAT and count <= fact["upper"] + FLOAT
            if fact["state"] == "observed":
                assert fact["value"] == count
            if fact["state"] == "suppressed":
                assert np.isnan(fact["value"])
        assert by_age.loc[by_age["measure"] == name, "value"].sum() == areas[rows].sum()


def test_items_with_a_hidden_total_are_left_out_of_every_breakdown() -> None:
    tables, _, _ = _published(np.random.default_rng(0), 2022)
    key = ("medical", 2022, "sex_age", "claims")
    by_age = tables[key][0]
    tables[key] = [by_age.take(np.arange(3))]
    tables[key][0].items.loc[1, "total"] = np.nan
    kept = without_hidden_totals(tables)
    for sheets in kept.values():
        assert list(sheets[0].items["item_code"]) == ["114030710", "114000110"]
        assert len(sheets[0].values) == len(sheets[0].suppressed) == 2


def test_a_measure_without_items_is_refused() -> None:
    tables, _, _ = _published(np.random.default_rng(0), 2022)
    weights = pd.Series([1.0, 2.0, 3.0, 4.0], index=CODES)
    with (
        _declared(_measure("unheard_of", item_codes=["199999999"])),
        pytest.raises(InputError, match="unheard_of"),
    ):
        facts_ndb({"C": tables}, weights)


@given(
    st.lists(st.floats(0, 1e7, allow_subnormal=False), min_size=1, max_size=38),
    st.integers(0, 10**8),
)
def test_scaled_counts_add_up_exactly_in_any_order(values: list[float], total: int) -> None:
    scaled = scaled_to_total(np.array(values), float(total))
    if sum(values) == 0 or total == 0:
        assert (scaled == 0).all()
        return
    order = np.random.default_rng(len(values)).permutation(len(values))
    assert scaled.sum() == scaled[order].sum() == sum(scaled.tolist()) == total
    wanted = np.array(values) / sum(values) * total
    assert np.abs(scaled - wanted).max() <= len(values) / 1024

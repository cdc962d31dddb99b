"""Scenarios: what each difference does, what it leaves alone, and what the shipped ones give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import YEARS, population, rates
from tests.tolerances import FLOAT
from zaitaku_demand.errors import InputError
from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.population import Population
from zaitaku_demand.projection.job import main_job
from zaitaku_demand.projection.project import project
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.scenario_run import ScenarioComparison, compare_scenarios
from zaitaku_demand.scenarios import changes
from zaitaku_demand.scenarios.apply import age_mask, scenario_path
from zaitaku_demand.scenarios.base_year import base_values
from zaitaku_demand.scenarios.beds import leaving_patients
from zaitaku_demand.scenarios.inline import read_inline
from zaitaku_demand.scenarios.places import area_mask
from zaitaku_demand.scenarios.population_variant import course_of_factor, multiplied_population
from zaitaku_demand.scenarios.profiles import PROFILES, time_weight
from zaitaku_demand.scenarios.read import read_scenario
from zaitaku_demand.scenarios.resolve import SHIPPED, compose, resolve, shipped_scenarios
from zaitaku_demand.scenarios.schema import BedShift, Scenario
from zaitaku_demand.scenarios.summary import describe_scenario
from zaitaku_demand.scenarios.template import beds_template

FEW = settings(max_examples=25)
"""Every example is a whole small country, so a few seeds show as much as many."""
N_AREAS = 6
SEEDS = st.integers(0, 2**32 - 1)
ANNUAL = tuple(range(2020, 2051))
SERVICES = ("home_visit_patients", "home_visit_patients_home", "home_visit_patients_facility")
PRINTED_BEDS = 1.0
"""Beds: published counts are whole numbers."""


def people_of(seed: int) -> Population:
    generator = np.random.default_rng(seed)
    values = generator.integers(1, 50_000, (N_AREAS, len(YEARS), 2, 19)).astype(float)
    return population(values, ("male", "female")).at_years(ANNUAL)


def rates_of(seed: int, people: Population, level: str = "prefecture") -> Rates:
    """Rates of patients at home, in facilities and of both together, with a ratio by area."""
    generator = np.random.default_rng(seed)
    parts = generator.random((2, 2, 19)) ** 3
    parts[1, :, :3] = 0
    ratio = np.repeat(generator.uniform(0.3, 2.0, (1, N_AREAS)), 3, axis=0)
    made = rates(np.concatenate([parts.sum(axis=0, keepdims=True), parts]), people, ratio)
    return Rates(**{**made.__dict__, "services": SERVICES, "level": level})


def values_of(text: str, people: Population, some_rates: Rates) -> np.ndarray:
    return project(people, some_rates, scenario_path(read_inline(text), people, some_rates)).values


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentences of errors in the language in which they are looked for here."""
    monkeypatch.setenv("ZAITAKU_LANG", "en")


# --- time profiles ----------------------------------------------------------------------------------------------


@given(st.sampled_from(sorted(PROFILES)), st.integers(2020, 2040), st.integers(1, 25))
def test_profiles_rise_from_nothing_to_everything(profile: str, start: int, length: int) -> None:
    years = np.arange(2015, 2071)
    weight = time_weight(years, start, start + length, profile)
    assert (np.diff(weight) >= 0).all()
    assert (weight[years <= start] == 0).all() and (weight[years >= start + length] == 1).all()


def test_half_way() -> None:
    """1/2, 0 and 3/4 by the formulas of `time_weight`, worked out by hand."""
    found = {profile: float(time_weight([2030], 2020, 2040, profile)[0]) for profile in PROFILES}
    assert found == {"linear": 0.5, "step": 0.0, "front_loaded": 0.75}


# --- changes of the rates ---------------------------------------------------------------------------------------


@FEW
@given(SEEDS)
def test_factor_one_returns_the_base_to_the_bit(seed: int) -> None:
    people = people_of(seed)
    some_rates = rates_of(seed, people)
    base = project(people, some_rates).values
    for text in ("rate: factor=1, to=2035", "rate: per_cent=0, ages=75-84, sex=female, to=2035, areas=0101"):
        assert np.array_equal(values_of(text, people, some_rates), base)


@FEW
@given(SEEDS, st.floats(0, 3))
def test_a_change_touches_nothing_else(seed: int, factor: float) -> None:
    people = people_of(seed)
    some_rates = rates_of(seed, people)
    text = f"rate: factor={factor}, ages=75-84, sex=female, areas=0102, service=home_visit_patients_home, from=2025, to=2035"
    path = scenario_path(read_inline(text), people, some_rates)
    full = np.broadcast_to(path.factor, (3, N_AREAS, len(ANNUAL), 2, 19))
    chosen = np.zeros(full.shape, dtype=bool)
    chosen[1, 1, ANNUAL.index(2026) :, 1, 15:17] = True
    assert (full[~chosen] == 1).all()
    assert np.allclose(full[1, 1, ANNUAL.index(2035) :, 1, 15:17], factor, rtol=FLOAT)
    assert full[1, 1, ANNUAL.index(2030), 1, 15] == pytest.approx(1 + 0.5 * (factor - 1))


def test_nothing_changes_up_to_the_first_year() -> None:
    people = people_of(1)
    some_rates = rates_of(1, people)
    base = project(people, some_rates).values
    found = values_of("rate: factor=2, from=2030, to=2040", people, some_rates)
    upto = ANNUAL.index(2030) + 1
    assert (
        np.array_equal(found[:, :, :upto], base[:, :, :upto])
        and (found[:, :, upto:] > base[:, :, upto:]).all()
    )
    assert np.allclose(found[:, :, ANNUAL.index(2040) :], 2 * base[:, :, ANNUAL.index(2040) :], rtol=FLOAT)


@pytest.mark.parametrize("ages", ["77-84", "75-83", "95+", "0-200"])
def test_ages_that_cut_a_band(ages: str) -> None:
    with pytest.raises(InputError, match=ages.replace("+", r"\+")):
        age_mask(ages, people_of(1))


# --- convergence ------------------------------------------------------------------------------------------------


@FEW
@given(SEEDS, st.floats(0.2, 3), st.sampled_from(sorted(PROFILES)))
def test_full_convergence_reaches_the_target_in_the_year(seed: int, target: float, profile: str) -> None:
    people = people_of(seed)
    some_rates = rates_of(seed, people)
    at_target = project(
        people, Rates(**{**some_rates.__dict__, "ratio": np.full((3, N_AREAS), target)})
    ).values
    found = values_of(f"converge: target={target}, to=2040, profile={profile}", people, some_rates)
    last = ANNUAL.index(2040)
    assert np.allclose(found[:, :, last:], at_target[:, :, last:], rtol=FLOAT)


@FEW
@given(SEEDS, st.floats(0, 1))
def test_only_places_below_are_raised(seed: int, share: float) -> None:
    people = people_of(seed)
    some_rates = rates_of(seed, people)
    base = project(people, some_rates).values
    found = values_of(
        f"converge: target=national, to=2040, only_below=true, share={share}", people, some_rates
    )
    above = some_rates.ratio[0] >= 1
    assert np.array_equal(found[:, above], base[:, above])
    ratio = found[:, ~above, -1] / base[:, ~above, -1] * some_rates.ratio[:, ~above]
    assert np.allclose(
        ratio, some_rates.ratio[:, ~above] + share * (1 - some_rates.ratio[:, ~above]), rtol=FLOAT
    )


def test_a_place_without_any_use_reaches_the_target_too() -> None:
    people = people_of(3)
    some_rates = rates_of(3, people)
    some_rates.ratio[:, 2] = 0
    found = values_of("converge: target=national, to=2040", people, some_rates)
    national = np.einsum("ysg,ksg->ky", people.values[2], some_rates.profile[:, 0])
    assert np.allclose(found[:, 2, -1], national[:, -1], rtol=FLOAT)
    assert (found[:, 2, : ANNUAL.index(2022) + 1] == 0).all()


def test_best_fifth_is_the_80th_percentile_of_the_47_prefectures() -> None:
    """np.quantile of the prefectures' ratios of the whole country, also when the run is about one of them."""
    whole = main_job(RunParameters()).grid
    ratio = pd.Series(whole.rates.ratio[0], index=whole.population.areas["prefecture_code"])
    target = float(np.quantile(ratio.groupby(level=0).first(), 0.8))
    text = "converge: target=best_fifth, to=2040"
    job = main_job(RunParameters(prefecture="島根県", scenarios=(text,)))
    base = main_job(RunParameters(prefecture="島根県", scenarios=("base",)))
    moved = job.annual.values[0, :, -1] / base.annual.values[0, :, -1] * base.grid.rates.ratio[0]
    assert np.allclose(moved, target, rtol=FLOAT)


def test_national_rates_have_nothing_to_converge() -> None:
    people = people_of(1)
    with pytest.raises(InputError, match="cannot converge"):
        values_of("converge: target=national, to=2040", people, rates_of(1, people, "national"))


# --- moves between places ---------------------------------------------------------------------------------------


@FEW
@given(SEEDS, st.floats(0, 1), st.sampled_from(["to_facility", "to_home"]))
def test_moving_between_places_keeps_the_patients(seed: int, share: float, direction: str) -> None:
    people = people_of(seed)
    some_rates = rates_of(seed, people)
    base = project(people, some_rates).values
    found = values_of(f"place: share={share}, direction={direction}, to=2040", people, some_rates)
    assert np.array_equal(found[0], base[0])
    assert np.allclose(found[1] + found[2], base[1] + base[2], rtol=FLOAT)
    origin = 1 if direction == "to_facility" else 2
    # The facility serves nobody below 15, so only older patients move.
    cells = project(people, some_rates).parts(origin)[:, -1, :, 3:].sum(axis=(1, 2))
    assert np.allclose(found[origin][:, -1], base[origin][:, -1] - share * cells, rtol=FLOAT)


def test_moving_keeps_the_patients_under_another_change_too() -> None:
    people = people_of(5)
    some_rates = rates_of(5, people)
    both = compose(
        [read_inline("place: share=0.4, to=2040"), read_inline("rate: factor=0.7, ages=75+, to=2035")]
    )
    found = project(people, some_rates, scenario_path(both, people, some_rates)).values
    assert np.allclose(found[1] + found[2], found[0], rtol=FLOAT)


@pytest.mark.parametrize("text", ["place: share=0.1, to=2040", "beds: share_of_inpatients=0.1, to=2040"])
def test_moves_need_a_service_of_patients(text: str) -> None:
    """A user's own service may count anything; one of the NDB that is not touched stays to the bit."""
    people = people_of(1)
    some_rates = rates_of(1, people)
    own = Rates(**{**some_rates.__dict__, "services": ("a", "b", "c"), "level": "user"})
    with pytest.raises(InputError, match="no service of home-visit patients"):
        values_of(text, people, own)
    if text.startswith("place"):
        other = Rates(**{**some_rates.__dict__, "services": ("dental_visits", "home_oxygen", "house_calls")})
        assert np.array_equal(values_of(text, people, other), project(people, other).values)


@FEW
@given(SEEDS, st.floats(0, 5_000), st.floats(0, 1))
def test_patients_from_beds_arrive(seed: int, number: float, to_home: float) -> None:
    people = people_of(seed)
    some_rates = rates_of(seed, people)
    shift = {"patients": {"0101": number, "02": 2 * number}, "to": 2040, "to_home": to_home}
    scenario = _scenario(beds=[shift])
    base = project(people, some_rates).values
    found = project(people, some_rates, scenario_path(scenario, people, some_rates)).values
    arrived = found[0] - base[0]
    last, middle = ANNUAL.index(2040), ANNUAL.index(2031)
    assert arrived[0, last] == pytest.approx(number * to_home, rel=FLOAT, abs=FLOAT * base.max())
    assert arrived[3:6, -1].sum() == pytest.approx(2 * number * to_home, rel=FLOAT, abs=FLOAT * base.max())
    assert np.allclose(arrived[:, middle], 0.5 * arrived[:, last], atol=FLOAT * base.max())
    assert np.allclose((found[1] + found[2] - base[1] - base[2]), arrived, atol=FLOAT * base.max())
    assert not arrived[1:3].any()


def test_a_prefecture_is_divided_by_its_older_people() -> None:
    people = people_of(8)
    shift = BedShift.model_validate({"patients": {"第02県": 900.0}, "to": 2040})
    found = leaving_patients(shift, people, rates_of(8, people))
    older = people.values[:, ANNUAL.index(2022), :, 15:].sum(axis=(1, 2))
    assert np.allclose(found[3:], 900 * older[3:] / older[3:].sum(), rtol=FLOAT) and not found[:3].any()


def test_bed_file(tmp_path: Path) -> None:
    people = people_of(8)
    some_rates = rates_of(8, people)
    file = tmp_path / "plan.csv"
    file.write_text(
        "圏域コード,圏域,病床,患者数\n101,a,療養病床,120\n0103,c,療養病床,0\n0101,a,一般病床,77\n",
        "utf-8-sig",
    )
    shift = BedShift.model_validate({"file": str(file), "to": 2040})
    assert leaving_patients(shift, people, some_rates).tolist() == [120, 0, 0, 0, 0, 0]
    general = BedShift.model_validate({"file": str(file), "kind": "一般病床", "to": 2040})
    assert leaving_patients(general, people, some_rates).tolist() == [77, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("0101,療養病床,", "blank"),
        ("0101,療養病床,-3", "negative"),
        ("0101,療養病床,NaN", "number was expected"),
        ("0101,精神病床,3", "no kind of beds"),
        ("9999,療養病床,3", "no area or prefecture '9999'"),
        ("0101,療養病床,3\n0101,療養病床,4", "stand twice"),
        ("0101,療養病床,3\n01,療養病床,4", "stand twice"),
    ],
)
def test_bad_bed_files(tmp_path: Path, row: str, words: str) -> None:
    file = tmp_path / "plan.csv"
    file.write_text(f"area_code,kind,patients\n{row}\n", "utf-8")
    people = people_of(8)
    with pytest.raises(InputError, match=words):
        leaving_patients(
            BedShift.model_validate({"file": str(file), "to": 2040}), people, rates_of(8, people)
        )


def test_hospital_beds_of_the_nation(raw: Path) -> None:
    """療養病床 278,694 + 結核病床 3,863 and 一般病床 886,663 on 1 October 2022 (医療施設調査 令和4年, 病床数)."""
    from zaitaku_demand.store.build_beds import hospital_beds

    table = hospital_beds(raw)
    beds = table[table["year"] == 2022].groupby("kind")["beds"].agg(["sum", "count"])
    assert beds.loc["療養病床", "sum"] == pytest.approx(278_694 + 3_863, abs=PRINTED_BEDS)
    assert beds.loc["一般病床", "sum"] == pytest.approx(886_663, abs=PRINTED_BEDS)
    assert (beds["count"] == 47).all() and table["occupancy"].between(0.5, 1).all()


# --- supply -----------------------------------------------------------------------------------------------------


@FEW
@given(SEEDS, st.floats(0, 200))
def test_the_ceiling_is_never_exceeded(seed: int, per_cent: float) -> None:
    people = people_of(seed)
    some_rates = rates_of(seed, people)
    base = project(people, some_rates).values
    both = compose(
        [read_inline(f"supply: per_cent={per_cent}, from=2030"), read_inline("rate: factor=3, to=2040")]
    )
    found = project(people, some_rates, scenario_path(both, people, some_rates)).values
    top = base_values(people, some_rates)[0] * per_cent / 100
    start = ANNUAL.index(2030)
    assert (found[0, :, start:] <= top[:, None]).all()
    assert np.array_equal(
        found[1:], project(people, some_rates, scenario_path(both, people, some_rates)).values[1:]
    )
    assert np.allclose(found[1, :, -1], 3 * base[1, :, -1], rtol=FLOAT)
    assert (found[0, :, ANNUAL.index(2029)] >= base[0, :, ANNUAL.index(2029)]).all()


def test_unmet_demand() -> None:
    assert changes.unmet(np.array([5.0, 3.0]), np.array([4.0, np.inf])).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("text", ["supply: number=9, from=2030", "supply: number=9, areas=第01県, from=2030"])
def test_a_number_needs_single_areas(text: str) -> None:
    people = people_of(1)
    with pytest.raises(InputError, match="no single areas"):
        values_of(text, people, rates_of(1, people))


# --- composition ------------------------------------------------------------------------------------------------

PARTS = (
    "rate: factor=0.8, ages=75+, to=2035",
    "converge: target=national, share=0.5, to=2040",
    "place: share=0.2, to=2040",
    "supply: per_cent=105, from=2030",
    "rate: per_cent=30, areas=0101, to=2030, profile=front_loaded",
)


@FEW
@given(SEEDS, st.permutations(PARTS))
def test_the_order_does_not_matter(seed: int, order: list[str]) -> None:
    people = people_of(seed)
    some_rates = rates_of(seed, people)
    found = [
        project(
            people, some_rates, scenario_path(compose(list(map(read_inline, texts))), people, some_rates)
        ).values
        for texts in (PARTS, order)
    ]
    assert np.allclose(*found, rtol=FLOAT)


@pytest.mark.parametrize("text", PARTS)
def test_combining_with_the_base_changes_nothing(text: str) -> None:
    base = shipped_scenarios()["base"]
    assert compose([base, read_inline(text), base]) == read_inline(text)
    assert compose([base, base]) == base and not base.changes_rates


def test_base_is_the_projection_at_constant_rates_to_the_bit() -> None:
    job = main_job(RunParameters(prefecture="島根県", scenarios=("現状投影",)))
    again = project(job.annual.population, job.annual.rates).values
    assert np.array_equal(job.annual.values, again) and job.scenario.id == "base"


def test_grid_and_annual_steps_agree() -> None:
    job = main_job(RunParameters(prefecture="島根県", scenarios=("facility+convergence", PARTS[3], PARTS[0])))
    places = [job.annual.years.index(year) for year in job.grid.years]
    assert np.allclose(job.grid.values, job.annual.values[:, :, places], rtol=FLOAT)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("facility+facility",), "stands twice"),
        (("no-such",), "no scenario 'no-such'"),
        (("missing.toml",), "cannot be opened"),
        (("trend: damping=0.5", "trend: damping=0.6"), "different trends"),
        (("population: file=a.csv", "population: multipliers=b.csv"), "another population"),
        (("rate: factor=0.9, factor=0.8, to=2030",), "stands twice"),
        (("rate: factor, to=2030",), "not key=value"),
    ],
)
def test_what_cannot_be_combined(texts: tuple[str, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        resolve(texts)


# --- files ------------------------------------------------------------------------------------------------------


def _scenario(**given: object) -> Scenario:
    text = {"ja": "試験", "en": "test"}
    return Scenario.model_validate({"id": "t", "name": text, "note": text, **given})


HEAD = 'id = "mine"\nname = { ja = "案", en = "Plan" }\nnote = { ja = "注", en = "Note" }\n'


def written(tmp_path: Path, text: str, head: str = HEAD) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text(head + text, "utf-8")
    return file


BAD = [
    ("colour = 1", "'colour' is not known"),
    ("[[rate]]\nfactor = 0.9\nto = 2035\ntoo = 1", r"rate\[1\].too' is not known"),
    ("[[rate]]\nfactor = 0.9", r"rate\[1\].to' is missing"),
    ("[[rate]]\nto = 2035", "exactly one of factor, per_cent"),
    ("[[rate]]\nfactor = 0.9\nper_cent = 3\nto = 2035", "exactly one of factor, per_cent"),
    ("[[rate]]\nfactor = -0.1\nto = 2035", r"rate\[1\].factor' cannot be '-0.1'; give 0"),
    ("[[rate]]\nfactor = nan\nto = 2035", r"rate\[1\].factor' cannot be 'nan'"),
    ("[[rate]]\nfactor = inf\nto = 2035", r"rate\[1\].factor' cannot be 'inf'"),
    ('[[rate]]\nfactor = "0.9"\nto = 2035', r"rate\[1\].factor' cannot be '0.9'"),
    ("[[rate]]\nfactor = true\nto = 2035", r"rate\[1\].factor' cannot be 'True'"),
    ("[[rate]]\nfactor = 0.9\nto = 2035.5", r"rate\[1\].to' cannot be '2035.5'"),
    ("[[rate]]\nfactor = 0.9\nto = 20350", r"rate\[1\].to' cannot be '20350'; give a year from 2014 to 2100"),
    ("[[rate]]\nfactor = 0.9\nfrom = 2036\nto = 2035", "must come after from"),
    ('[[rate]]\nfactor = 0.9\nto = 2035\nages = "old"', "'old' is no range of ages"),
    ('[[rate]]\nfactor = 0.9\nto = 2035\nsex = "all"', "choose one of male, female"),
    ('[[rate]]\nfactor = 0.9\nto = 2035\nprofile = "quick"', "choose one of linear, step, front_loaded"),
    ("[[converge]]\ntarget = 0\nto = 2040", r"converge\[1\].target' cannot be"),
    ('[[converge]]\ntarget = "best"\nto = 2040', r"converge\[1\].target' cannot be 'best'"),
    ('[[converge]]\ntarget = "national"\nshare = 1.2\nto = 2040', r"share' cannot be '1.2'; give 1"),
    ("[[beds]]\nto = 2040", "exactly one of patients, file, share_of_inpatients"),
    ('[[beds]]\npatients = { "3201" = -4 }\nto = 2040', "cannot be '-4'"),
    ('[[beds]]\nkind = "精神病床"\nshare_of_inpatients = 0.1\nto = 2040', "cannot be '精神病床'"),
    ("[[place]]\nto = 2040", "share' is missing"),
    ("[[supply]]\nnumber = 10", "from' is missing"),
    ("[population]\n", "exactly one of file, multipliers"),
    ("[trend]\nuse = 1", "trend.use' cannot be '1'"),
    ("[trend]\ndamping = 1.5", "trend.damping' cannot be '1.5'"),
    ("rate = 3", "'rate' cannot be '3'"),
    ("[[rate]\n", "this is not TOML"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_bad_files_name_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_scenario(written(tmp_path, text))
    for language in ("ja", "en"):
        sentence = caught.value.sentence(language)  # type: ignore[arg-type]
        assert "mine.toml" in sentence and "\n" not in sentence
    assert not any(word in caught.value.sentence("ja") for word in ("Input should", "valid"))


def test_a_name_in_one_language_only(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="both ja and en"):
        read_scenario(written(tmp_path, "", 'id = "mine"\nname = "案"\nnote = { ja = "注", en = "Note" }\n'))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[rate]]\nfactor = 0.9\nto = 2035\nareas = ["松本平"]', "no area or prefecture '松本平'"),
        ("[[rate]]\nfactor = 0.9\nfrom = 2018\nto = 2035", "the year 2018"),
        ("[[rate]]\nfactor = 0.9\nto = 2022", "the year 2022"),
        ("[[supply]]\nper_cent = 90\nfrom = 2022", "the year 2022"),
        ('[[rate]]\nfactor = 0.9\nto = 2035\nservice = "spa"', "no service 'spa'"),
    ],
)
def test_what_does_not_fit_the_run(tmp_path: Path, text: str, words: str) -> None:
    people = people_of(1)
    with pytest.raises(InputError, match=words):
        scenario_path(read_scenario(written(tmp_path, text)), people, rates_of(1, people))


def test_a_file_is_looked_for_beside_the_scenario(tmp_path: Path) -> None:
    scenario = read_scenario(written(tmp_path, '[[beds]]\nfile = "plan.csv"\nto = 2040'))
    assert scenario.beds[0].file == str(tmp_path / "plan.csv")


def test_a_file_cannot_pass_for_a_shipped_scenario(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the id 'base' belongs"):
        resolve(str(written(tmp_path, "", HEAD.replace("mine", "base"))))


def test_places_by_code_and_name() -> None:
    whole = main_job(RunParameters()).grid.population
    codes = whole.areas["area_code"].to_numpy()
    assert codes[area_mask(["松江"], whole)].tolist() == ["3201"]
    for name in ("32", "島根県", "島根"):
        assert set(whole.areas["prefecture_code"][area_mask([name], whole)]) == {"32"}
    assert area_mask([], whole).all()
    with pytest.raises(InputError, match="areas called '県北'"):
        area_mask(["県北"], whole)


# --- population -------------------------------------------------------------------------------------------------


def test_multipliers(tmp_path: Path) -> None:
    people = main_job(RunParameters(prefecture="島根県")).population
    file = tmp_path / "low.csv"
    file.write_text("year,age,factor\n2030,85-89,1.1\n2040,85-89,1.2\n2040,90+,0.5\n", "utf-8")
    varied = multiplied_population(people, file).values / people.values
    age, top = people.ages.labels.index("85-89"), people.ages.labels.index("90+")
    by_year = dict(zip(people.years, varied[0, :, 0, age], strict=True))
    expected = {2020: 1, 2025: 1, 2030: 1.1, 2035: 1.15, 2040: 1.2, 2045: 1.2, 2050: 1.2}
    assert by_year == pytest.approx(expected, rel=FLOAT)
    assert varied[:, :, 0, top].max() == 1 and varied[0, -1, 0, top] == 0.5
    assert (np.delete(varied, [age, top], axis=3) == 1).all()


def test_multipliers_of_one_area(tmp_path: Path) -> None:
    file = tmp_path / "low.csv"
    file.write_text("area_code,year,age,factor\n3201,2045,0+,0.9\n", "utf-8")
    base = main_job(RunParameters(prefecture="島根県", scenarios=("base",)))
    job = main_job(RunParameters(prefecture="島根県", scenarios=(f"population: multipliers={file}",)))
    ratio = job.grid.values[0] / base.grid.values[0]
    assert np.allclose(ratio[0, -2:], 0.9, rtol=FLOAT) and np.allclose(ratio[1:], 1, rtol=FLOAT)


def test_course_of_factor() -> None:
    assert course_of_factor(np.array([2020, 2025, 2030]), {2025: 0.5}).tolist() == [1.0, 0.5, 0.5]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2030,85-88,1.1", "not bands"),
        ("2099,85-89,1.1", "outside the projection"),
        ("2030,85-89,-1", "negative"),
        ("2030,85-89,", "number was expected"),
        ("2030,85-89,110", "too large"),
        ("2030,85-89,1\n2030,85-89,1", "stands twice"),
        ("2030,85-89,1\n2030,80+,1", "overlap"),
    ],
)
def test_bad_multipliers(tmp_path: Path, row: str, words: str) -> None:
    file = tmp_path / "low.csv"
    file.write_text(f"year,age,factor\n{row}\n", "utf-8")
    with pytest.raises(InputError, match=words):
        multiplied_population(people_of(1), file)


# --- the shipped scenarios --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(beds_home: Path) -> ScenarioComparison:
    return compare_scenarios(RunParameters(), ["convergence", "beds", "facility", "trend: damping=0.8"])


@pytest.fixture(scope="module")
def beds_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The table of beds made from the raw files where the shipped one is not there yet."""
    from tests.conftest import SHARED
    from zaitaku_demand.store.home import table_path
    from zaitaku_demand.store.tables import write_table

    folder = tmp_path_factory.mktemp("data")
    patch = pytest.MonkeyPatch()
    if table_path("hospital_beds") is None:
        from zaitaku_demand.store.build_beds import hospital_beds

        if not (SHARED / "data" / "raw").is_dir():
            pytest.skip(
                "The table of beds is not built and the official raw files are not beside this checkout."
            )
        write_table(
            hospital_beds(SHARED / "data" / "raw"), folder / "processed" / "hospital_beds.parquet", None
        )
        patch.setenv("ZAITAKU_DATA", str(folder))
    yield folder
    patch.undo()


def _national(found: ScenarioComparison, scenario: str, year: int) -> float:
    rows = found.scenarios.set_index(["scenario", "level", "year"])["value"]
    return float(rows.loc[(scenario, "nation", year)])


def _base_of_2040() -> tuple[pd.DataFrame, pd.Series]:
    """At constant rates: areas × years, and the ratio by area to the national rates."""
    job = main_job(RunParameters(scenarios=("base",)))
    table = job.annual.tidy()
    wide = table.pivot(index="area_code", columns="year", values="value")
    ratio = pd.Series(job.grid.rates.ratio[0], index=job.grid.population.areas["area_code"])
    return wide, ratio


def test_convergence_by_hand(shipped: ScenarioComparison) -> None:
    """In 2040 every area has half of its gap: value × (1 + ratio) / (2 ratio)."""
    wide, ratio = _base_of_2040()
    expected = (wide[2040] * (1 + ratio) / (2 * ratio)).sum()
    assert _national(shipped, "convergence", 2040) == pytest.approx(expected, rel=FLOAT)
    assert _national(shipped, "convergence", 2040) == pytest.approx(1_228_649, abs=1)


def test_beds_by_hand(shipped: ScenarioComparison) -> None:
    """A tenth of 209,275.754 patients (beds × occupancy, SSDS 2022, summed in a spreadsheet) has moved by 2040."""
    wide, _ = _base_of_2040()
    assert _national(shipped, "beds", 2040) == pytest.approx(wide[2040].sum() + 20_927.5754, rel=FLOAT)
    assert _national(shipped, "beds", 2031) == pytest.approx(wide[2031].sum() + 10_463.7877, rel=FLOAT)


def test_facility_keeps_the_sum(shipped: ScenarioComparison) -> None:
    rows = shipped.scenarios[shipped.scenarios["scenario"] == "facility"]
    assert (rows["against_base"] == 0).all()


def test_trend_by_hand(shipped: ScenarioComparison) -> None:
    """exp((drift + own change of the prefecture) × (0.8 + 0.8² + … + 0.8^18)) at every age in 2040, summed one by one.

    Without a method it is the better of the two trends: for home-visit patients the one with a part by prefecture.
    """
    from zaitaku_demand.rates.local import PREFECTURES
    from zaitaku_demand.rates.trend import decided_method, read_trend
    from zaitaku_demand.rates.trend_place import prefecture_change

    job = main_job(RunParameters(scenarios=("base",)))
    year = job.annual.years.index(2040)
    people = job.annual.population
    drift = read_trend(job.grid.rates.services, people.sexes, people.ages, 2022, 0.8).drift[0]
    fade = sum(0.8**step for step in range(1, 19))
    own = dict(zip(PREFECTURES, prefecture_change(job.grid.rates.services, 2022)[0], strict=True))
    changes_by_area = np.array([own[code] for code in people.areas["prefecture_code"]])
    cells = job.annual.parts(0)[:, year]
    national = (cells * np.exp(drift * fade)).sum()
    placed = (cells * np.exp((drift + changes_by_area[:, None, None]) * fade)).sum()
    assert decided_method(job.grid.rates.services[0], "default_trend") == "damped_place"
    assert _national(shipped, "set", 2040) == pytest.approx(placed, rel=FLOAT)
    nation_alone = compare_scenarios(RunParameters(), ["trend: damping=0.8, method=damped"])
    assert _national(nation_alone, "set", 2040) == pytest.approx(national, rel=FLOAT)


def test_facility_by_hand() -> None:
    """A tenth of the patients at home have moved by 2040 at the ages that facilities serve."""
    services = SERVICES
    base = main_job(RunParameters(services=services, scenarios=("base",))).annual
    job = main_job(RunParameters(services=services, scenarios=("施設への移行",))).annual
    year = base.years.index(2040)
    home, facility = base.parts(1)[:, year], base.parts(2)[:, year]
    gone = 0.1 * home[facility > 0].sum()
    change = job.values[:, :, year].sum(axis=1) - base.values[:, :, year].sum(axis=1)
    assert change == pytest.approx([0, -gone, gone], rel=FLOAT, abs=1e-6)
    assert gone / home.sum() == pytest.approx(0.1, abs=0.001)


def test_visits_follow_the_patients() -> None:
    """Own-home visits fall and facility visits rise; a patient keeps as many visits as others at his place have."""
    services = ("home_visits", "home_visits_home", "home_visits_facility", *SERVICES[1:])
    base, found = (
        main_job(RunParameters(prefecture="島根県", services=services, scenarios=(each,)))
        .annual.values[:, :, -1]
        .sum(axis=1)
        for each in ("base", "facility")
    )
    assert found[1] / base[1] == pytest.approx(found[3] / base[3], rel=0.01)
    assert found[2] / base[2] == pytest.approx(found[4] / base[4], rel=0.01)
    assert found[1] < base[1] and found[2] > base[2]
    assert found[0] / base[0] == pytest.approx((found[1] + found[2]) / (base[1] + base[2]), rel=0.001)


def test_comparison_adds_up(shipped: ScenarioComparison) -> None:
    table = shipped.scenarios
    assert table.columns.tolist() == ["scenario", "level", "code", "name", "year", "value", "against_base"]
    sums = table.groupby(["scenario", "level", "year"])["value"].sum().unstack("level")
    assert np.allclose(sums["area"], sums["nation"], rtol=FLOAT)
    assert np.allclose(sums["prefecture"], sums["nation"], rtol=FLOAT)
    assert (table.loc[table["scenario"] == "base", "against_base"] == 0).all()
    assert set(shipped.peaks["level"]) == {"nation", "prefecture", "area"}
    assert list(shipped.names) == ["base", "convergence", "beds", "facility", "set"]


def test_comparison_names_unmet_demand() -> None:
    found = compare_scenarios(RunParameters(prefecture="32"), ["supply: per_cent=110, from=2030"])
    areas = found.unmet[found.unmet["level"] == "area"]
    assert (areas["year"] >= 2030).all() and (areas["unmet"] > 0).all()
    assert np.allclose(areas["demand"], areas["served"] + areas["unmet"], rtol=FLOAT)
    base = found.scenarios[found.scenarios["scenario"] == "base"].set_index(["code", "year"])["value"]
    assert np.allclose(
        base.loc[list(zip(areas["code"], areas["year"], strict=True))], areas["demand"], rtol=FLOAT
    )
    assert "nation" not in set(found.scenarios["level"])


def test_scenarios_that_do_not_fit_are_named() -> None:
    found = compare_scenarios(
        RunParameters(rates="national", prefecture="32"), ["convergence", "facility"], skip_unusable=True
    )
    assert set(found.skipped) == {"convergence"} and list(found.names) == ["base", "facility"]


def test_template_has_every_area_and_kind() -> None:
    table = beds_template("330", "島根")
    assert len(table) == 2 * 7 and set(table["kind"]) == {"療養病床", "一般病床"}
    assert (table["patients"] == "").all() and table["area_code"].str.startswith("32").all()


@pytest.mark.parametrize("identifier", SHIPPED)
def test_shipped_scenarios_explain_themselves(identifier: str) -> None:
    scenario = shipped_scenarios()[identifier]
    assert scenario.id == identifier and resolve(scenario.name.ja) == resolve(scenario.name.en) == scenario
    assert describe_scenario(scenario) and all(text.ja and text.en for text in describe_scenario(scenario))
    assumed = identifier in ("convergence", "beds", "facility")
    assert scenario.note.ja.startswith("【仮定】") == assumed == scenario.note.en.startswith("Assumption")

"""Rates: the split of the open band, levels, and the user's own rates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import YEARS, population
from zaitaku_demand.ages import AgeBands
from zaitaku_demand.errors import InputError
from zaitaku_demand.open_band import split_open_band
from zaitaku_demand.population import load_population
from zaitaku_demand.projection.project import project
from zaitaku_demand.rates.build import utilisation_rates
from zaitaku_demand.rates.national import NDB_AGES, national_profile, split_top_rate
from zaitaku_demand.rates.services import Service, service, services
from zaitaku_demand.rates.user import read_rates
from zaitaku_demand.text import Text


@given(st.floats(1e-4, 0.1), st.floats(1.05, 3.0), st.floats(0.6, 2.5), st.floats(0.05, 0.6))
def test_the_split_rate_gives_back_the_count_of_the_open_band(
    rate: float, step: float, overall: float, share: float
) -> None:
    closed = np.array([[[rate, rate * step]]])
    people = 1_000_000.0
    count = np.array([[rate * step * overall * people]])
    old, oldest = np.array([people * (1 - share)]), np.array([people * share])
    top = split_top_rate(closed, count, old, oldest)
    assert top[0, 0, 0] * old[0] + top[0, 0, 1] * oldest[0] == pytest.approx(count[0, 0], rel=1e-9)
    logs = np.log([rate, rate * step, *top[0, 0]])
    differences = np.diff(logs)
    assert np.diff(differences)[0] == pytest.approx(np.diff(differences)[1], abs=1e-6)


def test_a_given_ratio_is_kept() -> None:
    top = split_top_rate(
        np.array([[[0.1, 0.2]]]), np.array([[40.0]]), np.array([75.0]), np.array([25.0]), 1.3
    )
    assert top[0, 0, 1] / top[0, 0, 0] == pytest.approx(1.3)
    assert top[0, 0] @ [75.0, 25.0] == pytest.approx(40.0)


def test_without_a_gradient_both_parts_take_the_common_rate() -> None:
    top = split_top_rate(np.array([[[0.0, 0.0]]]), np.array([[10.0]]), np.array([60.0]), np.array([40.0]))
    assert top[0, 0].tolist() == pytest.approx([0.1, 0.1])


def test_the_default_ratio_comes_from_the_rates_alone() -> None:
    profile = national_profile(("home_visit_patients",), 2022, ("both",), 95)[0, 0]
    assert profile[-1] / profile[-2] == pytest.approx(1.58, abs=0.01)


@pytest.mark.parametrize("band", [75, 80, 85, 90])
def test_merging_the_open_band_keeps_the_national_count(band: int) -> None:
    population_330 = load_population("2023").at_years((2022,)).merge_open_band(band)
    rates = utilisation_rates(population_330, ("home_visit_patients",), level="national")
    full = load_population("2023").at_years((2022,))
    reference = project(full, utilisation_rates(full, ("home_visit_patients",), level="national")).national()
    assert project(population_330, rates).national() == pytest.approx(reference, rel=1e-9)


def test_prefecture_and_area_levels_give_back_what_was_observed_there() -> None:
    from zaitaku_demand.store.tables import read_table

    population_330 = split_open_band(load_population("2023"))
    base = population_330.at_years((2022,))
    name = ("home_visit_patients",)
    observed = read_table("ndb_prefecture")
    observed = observed[(observed["service"] == name[0]) & (observed["fiscal_year"] == 2022)]
    found = project(base, utilisation_rates(population_330, name, level="prefecture")).by_prefecture()[1][
        0, :, 0
    ]
    assert found == pytest.approx(observed.sort_values("prefecture_code")["value"].to_numpy() / 12, rel=1e-9)

    areas = read_table("ndb_area")
    areas = (
        areas[(areas["service"] == name[0]) & (areas["fiscal_year"] == 2022)].set_index("area_code")["value"]
        / 12
    )
    by_area = project(base, utilisation_rates(population_330, name, level="area"))
    values = dict(zip(base.areas["area_code"], by_area.values[0, :, 0], strict=True))
    assert values["3201"] == pytest.approx(areas["3201"], rel=1e-9)
    # Akita's 県北 (330) is the union of 大館・鹿角, 北秋田 and 能代・山本 of the 335 edition.
    akita = sum(areas[code] for code in ("0501", "0502", "0503"))
    assert values["0501"] == pytest.approx(akita, rel=1e-9)


def test_unknown_services_years_and_levels_are_refused() -> None:
    people = load_population("2023")
    with pytest.raises(InputError, match="home_visit"):
        utilisation_rates(people, ("home_visit",))
    with pytest.raises(InputError, match="2014年度"):
        utilisation_rates(people, ("death_attendance",), year=2014)
    with pytest.raises(InputError, match="2013年度"):
        utilisation_rates(people, year=2013)
    with pytest.raises(InputError, match="二次医療圏別"):
        utilisation_rates(people, year=2018, level="area")
    with pytest.raises(InputError, match="municipal"):
        utilisation_rates(people, level="municipal")


def test_services_are_declared_completely() -> None:
    for declared in services().values():
        assert all(
            isinstance(text, Text) and text.ja and text.en
            for text in (declared.name, declared.short, declared.unit, declared.note)
        )
    assert service("home_visit_patients").selects("base", "C002-2", "114035510")
    assert not service("home_visit_patients").selects("addition", "C002", "114035510")
    assert not service("home_ventilator").selects("base", "C107", "114042050")
    label = {"ja": "a", "en": "a"}
    with pytest.raises(ValueError, match="class_codes or item_codes"):
        Service(id="x", name=label, short=label, unit=label, kind="medical", note=label)


def write(folder: Path, text: str) -> Path:
    path = folder / "rates.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_coarse_bands_are_expanded(tmp_path: Path) -> None:
    people = population(np.ones((4, len(YEARS), 1, 19)))
    path = write(tmp_path, "年齢,人口10万対\n0-64歳,0\n65～74歳,1000\n75歳以上,20000\n")
    rates = read_rates(path, people, 2020)
    assert rates.profile[0, 0, 0].tolist() == [0.0] * 13 + [0.01] * 2 + [0.2] * 4
    assert project(people, rates).values[0, 0, 0] == pytest.approx(0.02 + 0.8)
    assert rates.level == "user"
    assert set(project(people, rates).tidy()["open_band"]) == {"75+"}


def test_rates_by_sex_and_prefecture(tmp_path: Path) -> None:
    people = population(np.ones((4, len(YEARS), 2, 19)), ("male", "female"))
    rows = ["age,sex,prefecture_code,rate_per_person"]
    for prefecture, level in (("1", 0.1), ("02", 0.3)):
        rows += [f"0+,male,{prefecture},{level}", f"0-74,female,{prefecture},0", f"75+,female,{prefecture},1"]
    rates = read_rates(write(tmp_path, "\n".join(rows)), people, 2020)
    found = project(people, rates).values[0, :, 0]
    assert found.tolist() == pytest.approx([1.9 + 4, 1.9 + 4, 1.9 + 4, 5.7 + 4])


def test_ages_below_the_first_band_are_nought_and_said_to_be(tmp_path: Path) -> None:
    people = population(np.ones((1, len(YEARS), 1, 19)))
    rates = read_rates(write(tmp_path, "age,rate_per_person\n65-74,0.1\n75+,0.2\n"), people, 2020)
    assert rates.profile[0, 0, 0, :13].sum() == 0
    assert any("65歳未満" in note.ja for note in rates.notes)


@pytest.mark.parametrize(
    ("text", "row", "found"),
    [
        ("age,rate\n0+,1\n", 1, "rate"),
        ("age,rate_per_person\n0-64,0.1\n66+,0.2\n", None, "抜け"),
        ("age,rate_per_person\n0-64,0.1\n60+,0.2\n", None, "重複"),
        ("age,rate_per_person\n0-66,0.1\n67+,0.2\n", None, "境界"),
        ("age,rate_per_person\n0-64,0.1\n65+,abc\n", 3, "abc"),
        ("age,rate_per_person\n0-64,0.1\n65+,-1\n", 3, "負の値"),
        ("age,rate_per_person\n0-64,0.1\n65+,0.2\n65+,0.3\n", 4, "3行目と同じ"),
        ("age,rate_per_person,sex\n0+,0.1,男\n0+,0.1,女\n", None, "男女計"),
        ("age,rate_per_person,prefecture_code\n0+,0.1,99\n", 2, "99"),
        ("age,rate_per_person,prefecture_code\n0+,0.1,1\n", None, "02"),
        ("age,rate_per_person,rate_per_100000\n0+,0.1,1\n", 1, "どちらか1つ"),
        ("age,rate_per_person\n", None, "率の行がない"),
    ],
)
def test_bad_rates_are_named(tmp_path: Path, text: str, row: int | None, found: str) -> None:
    people = population(np.ones((4, len(YEARS), 1, 19)))
    with pytest.raises(InputError) as error:
        read_rates(write(tmp_path, text), people, 2020)
    assert found in error.value.sentence("ja") and "rates.csv" in error.value.sentence("ja")
    assert error.value.row == row


def test_ndb_ages_are_those_of_the_projection() -> None:
    assert AgeBands.five_year(90) == NDB_AGES

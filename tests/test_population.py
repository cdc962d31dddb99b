"""Population: adding up, interpolation, open band."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import YEARS, areas_table, population
from zaitaku_demand.ages import AgeBands
from zaitaku_demand.areas.system import AreaSystem
from zaitaku_demand.errors import InputError
from zaitaku_demand.open_band import OldestTables, split_open_band
from zaitaku_demand.population import from_table, load_population

LABELS = AgeBands.five_year(90).labels


def tidy(codes: list[str], seed: int = 1) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(
        [codes, YEARS, ["male", "female"], LABELS], names=["code", "year", "sex", "age"]
    )
    persons = np.random.default_rng(seed).integers(0, 1000, len(index))
    return pd.Series(persons, index=index, name="persons").reset_index()


def system(pairs: dict[str, str]) -> AreaSystem:
    areas = areas_table(3).drop(columns="population_state")
    areas["area_code"] = ["a", "b", "c"]
    membership = pd.DataFrame({"code": list(pairs), "area_code": list(pairs.values())})
    return AreaSystem("user", areas, membership.assign(area335_code="0101"), by="unit")


@given(st.lists(st.sampled_from("abc"), min_size=6, max_size=6), st.integers(0, 1000))
def test_every_partition_adds_up_to_the_same_nation(assigned: list[str], seed: int) -> None:
    codes = [f"0100{place}" for place in range(6)]
    table = tidy(codes, seed)
    found = from_table(table, system(dict(zip(codes, assigned, strict=True))), "2018")
    by_year = table.groupby(["year", "sex", "age"])["persons"].sum()
    assert found.values.sum() == table["persons"].sum()
    assert found.values.sum(axis=0)[3, 1, 5] == by_year[(YEARS[3], "female", LABELS[5])]
    for place, code in enumerate(found.areas["area_code"]):
        members = [one for one, area in zip(codes, assigned, strict=True) if area == code]
        assert found.values[place].sum() == table[table["code"].isin(members)]["persons"].sum()


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(random) -> None:
    codes = ["01001", "01002"]
    table = tidy(codes)
    rows = list(table.index)
    random.shuffle(rows)
    given_system = system({"01001": "a", "01002": "b"})
    assert np.array_equal(
        from_table(table, given_system, "2018").values,
        from_table(table.loc[rows], given_system, "2018").values,
    )


def test_all_missing_municipalities_are_listed() -> None:
    table = tidy(["01001", "01002", "01003"])
    with pytest.raises(InputError) as error:
        from_table(table, system({"01002": "a"}), "2018")
    for code in ("01001", "01003"):
        assert code in error.value.sentence("ja") and code in error.value.sentence("en")


def test_a_cell_that_is_missing_or_stands_twice_is_refused() -> None:
    table = tidy(["01001"])
    given_system = system({"01001": "a"})
    for broken in (table.drop(index=40), pd.concat([table, table.iloc[[40]]], ignore_index=True)):
        with pytest.raises(InputError, match="欠けまたは重複"):
            from_table(broken, given_system, "2018")


def test_interpolation_equals_scipys_and_keeps_published_years() -> None:
    from scipy.interpolate import pchip_interpolate

    people = np.random.default_rng(3).integers(0, 9999, (2, len(YEARS), 1, 19)).astype(float)
    found = population(people).at_years((2020, 2022, 2033, 2050)).values
    assert np.array_equal(found[:, 0], people[:, 0]) and np.array_equal(found[:, 3], people[:, 6])
    expected = pchip_interpolate(np.array(YEARS), people[1, :, 0, 7], [2022, 2033])
    assert np.allclose(found[1, 1:3, 0, 7], expected)


def test_years_outside_the_projection_are_refused() -> None:
    with pytest.raises(InputError, match="2051"):
        population(np.ones((1, len(YEARS), 1, 19))).at_years((2051,))


@given(st.integers(0, 2**32 - 1))
def test_the_split_at_95_keeps_the_official_90_and_over(seed: int) -> None:
    people = np.random.default_rng(seed).integers(0, 5000, (3, len(YEARS), 1, 19)).astype(float)
    given_population = population(people)
    codes = list(given_population.areas["area_code"])
    units = pd.DataFrame(
        {"unit_code": codes, "area335_code": codes, "area339_code": codes, "areauser_code": codes}
    )
    census = pd.DataFrame(
        {"area_code": codes, "sex": "both", "aged_90_94": [70, 80, 90], "aged_95plus": [30, 20, 10]}
    )
    survival = pd.DataFrame({"sex": ["both"] * 2, "from_age": ["85-89", "90+"], "survival": [0.58, 0.33]})
    split = split_open_band(given_population, OldestTables(census, survival, units))
    assert np.array_equal(split.values[..., -2:].sum(axis=-1), people[..., -1]) or np.allclose(
        split.values[..., -2:].sum(axis=-1), people[..., -1], rtol=1e-15, atol=1e-9
    )
    assert (split.values >= 0).all()
    assert np.array_equal(split.values[..., :-2], people[..., :-1])
    assert np.allclose(split.values[:, 0, 0, -1], people[:, 0, 0, -1] * [0.3, 0.2, 0.1])
    assert split.open_band == "95+" and split.open_band_state == "estimated"


def test_the_2023_edition_by_other_areas_says_what_to_do() -> None:
    with pytest.raises(InputError, match="--population"):
        load_population("2023", "335")
    with pytest.raises(InputError, match="2024"):
        load_population("2024")


@pytest.mark.parametrize("edition", ["330", "335", "339", "344"])
def test_every_official_edition_holds_the_whole_nation(edition: str) -> None:
    found = load_population("2018", edition)
    assert (
        found.values.sum(axis=(0, 2, 3)).tolist()
        == load_population("2018", "335").values.sum(axis=(0, 2, 3)).tolist()
    )
    without_fukushima = {"330": 324, "335": 329, "339": 333, "344": 337}
    assert len(found.areas) - 1 == without_fukushima[edition]

"""Types of areas from their thresholds, and neighbours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.files import Rows, refuses, refuses_bad_files, with_cell, write_csv
from zaitaku_demand.sources import area_types
from zaitaku_demand.sources.area_types import METROPOLITAN, PROVINCIAL, SPARSE, TypeThresholds, classify

ROWS: Rows = [
    list(area_types._HEADINGS),
    ["0101", "南渡島", "01", "北海道", "359223", "2670.6", "134.5", "地方都市型"],
    ["0102", "南檜山", "01", "北海道", "21070", "1423.4", "14.8", "過疎地域型"],
]
PAIRS: Rows = [["area_code", "neighbor_code"], ["0101", "0102"], ["0102", "0101"]]


@pytest.mark.parametrize(
    ("population", "density", "expected"),
    [
        (1_000_000, 10, METROPOLITAN),
        (999_999, 1_999.9, PROVINCIAL),
        (50_000, 2_000, METROPOLITAN),
        (200_000, 1, PROVINCIAL),
        (199_999, 199.9, SPARSE),
        (199_999, 200, PROVINCIAL),
        (100_000, 200, PROVINCIAL),
        (99_999, 1_999, SPARSE),
    ],
)
def test_thresholds(population: float, density: float, expected: str) -> None:
    assert classify(np.array([population]), np.array([density])).tolist() == [expected]


def test_thresholds_are_parameters() -> None:
    loose = TypeThresholds(provincial_population=20_000)
    assert classify(np.array([21_070.0]), np.array([14.8]), loose).tolist() == [PROVINCIAL]


@given(
    population=st.floats(1, 1e7),
    density=st.floats(0.1, 2e4),
    more=st.floats(1, 10),
    denser=st.floats(1, 10),
)
def test_more_people_never_make_a_place_sparser(
    population: float, density: float, more: float, denser: float
) -> None:
    rank = {SPARSE: 0, PROVINCIAL: 1, METROPOLITAN: 2}
    before, after = classify(
        np.array([population, population * more]), np.array([density, density * denser])
    ).tolist()
    assert rank[after] >= rank[before]


@pytest.mark.parametrize(("name", "areas"), [("area_type_335.csv", 335), ("area_type_330.csv", 330)])
def test_our_types_are_those_of_the_file(raw: Path, name: str, areas: int) -> None:
    table = area_types.load_area_types(raw / "areas/stats" / name, areas=areas)
    ours = classify(table["population"].to_numpy(dtype=float), table["density"].to_numpy())
    assert (ours == table["type"].to_numpy()).all()
    # 令和2年国勢調査: 126,146,099 persons.
    assert table["population"].sum() == 126_146_099


def test_numbers_of_each_type(raw: Path) -> None:
    table = area_types.load_area_types(raw / "areas/stats/area_type_335.csv")
    assert table["type"].value_counts().to_dict() == {METROPOLITAN: 48, PROVINCIAL: 156, SPARSE: 131}


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda rows: with_cell(rows, 0, 7, "類型"), ("row 1", "type")),
        (lambda rows: with_cell(rows, 1, 0, "01"), ("row 2", "column 'A'")),
        (lambda rows: with_cell(rows, 2, 0, "0101"), ("row 3", "0101")),
        (lambda rows: with_cell(rows, 1, 2, "02"), ("row 2", "column 'C'")),
        (lambda rows: with_cell(rows, 1, 3, "青森県"), ("row 2", "column 'D'")),
        (lambda rows: with_cell(rows, 1, 4, "-359223"), ("row 2", "column 'E'")),
        (lambda rows: with_cell(rows, 1, 5, "0"), ("row 2", "column 'F'")),
        (lambda rows: with_cell(rows, 1, 5, "267.06"), ("row 2", "column 'G'")),
        (lambda rows: with_cell(rows, 1, 7, "大都会"), ("row 2", "column 'H'", "大都会")),
        (lambda rows: with_cell(rows, 1, 1, ""), ("row 2", "column 'B'")),
    ],
)
def test_a_bad_table_of_types_is_answered_with_its_cell(
    tmp_path: Path, edit: Callable[[Rows], Rows], parts: tuple[str, ...]
) -> None:
    path = write_csv(tmp_path / "types.csv", ROWS)
    assert len(area_types.load_area_types(path, areas=None)) == 2
    refuses(lambda file: area_types.load_area_types(file, areas=None), write_csv(path, edit(ROWS)), *parts)


def test_an_incomplete_table_is_refused(tmp_path: Path) -> None:
    refuses(area_types.load_area_types, write_csv(tmp_path / "types.csv", ROWS), "335")


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        (PAIRS[:2], "0101-0102"),
        ([*PAIRS, ["0101", "0101"]], "0101-0101"),
        ([*PAIRS, PAIRS[1]], "row 4"),
        ([*PAIRS, ["0101", "9901"]], "row 4"),
        ([["area_code", "neighbour"], *PAIRS[1:]], "neighbor_code"),
    ],
)
def test_bad_pairs_are_refused(tmp_path: Path, rows: Rows, part: str) -> None:
    refuses(area_types.load_adjacency, write_csv(tmp_path / "pairs.csv", rows), part)


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    refuses_bad_files(area_types.load_area_types, tmp_path, ".csv")
    refuses_bad_files(area_types.load_adjacency, tmp_path, ".csv")


def test_official_neighbours(raw: Path) -> None:
    folder = raw / "areas/boundaries"
    prefectures = area_types.load_adjacency(folder / "adjacency_prefecture.csv")
    assert set(prefectures.loc[prefectures["code"] == "46", "neighbour_code"]) == {"43", "45"}
    # Without the neighbour across the sea: Hokkaido and Okinawa.
    assert prefectures["code"].nunique() == 45
    # 長野県 borders on eight prefectures, more than any other.
    assert prefectures["code"].value_counts().head(1).to_dict() == {"20": 8}


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20),
    st.lists(st.integers(0, 3), min_size=8, max_size=8),
)
def test_merged_neighbours_stay_symmetric_and_never_include_oneself(
    drawn: list[tuple[int, int]], groups: list[int]
) -> None:
    pairs = {(left, right) for left, right in drawn if left != right}
    pairs |= {(right, left) for left, right in pairs}
    table = pd.DataFrame(
        [(f"{left:04d}", f"{right:04d}") for left, right in sorted(pairs)], columns=["code", "neighbour_code"]
    )
    area_of = pd.Series([f"A{group}" for group in groups], index=[f"{place:04d}" for place in range(8)])
    merged = set(area_types.merge_neighbours(table, area_of).itertuples(index=False, name=None))
    expected = {(f"A{groups[a]}", f"A{groups[b]}") for a, b in pairs if groups[a] != groups[b]}
    assert merged == expected and all((right, left) in merged for left, right in merged)

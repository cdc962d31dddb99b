"""Which place had the event when: from counts and from the user's file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.errors import InputError
from zaitaku_demand.research.designs.treatment import (
    STATUSES,
    first_presence,
    read_treatment,
    treatment_table,
)

YEARS = [2014, 2015, 2016, 2017]
CODES = ["0101", "0102", "3201", "4799"]


def test_statuses_and_first_years() -> None:
    counts = [
        [0, 0, 2, 3],
        [1, 1, 1, 1],
        [0, 0, 0, 0],
        [0, 1, 0, 1],
        [0, np.nan, 1, 1],
        [2, 1, 0, 0],
        [0, 0, 0, 1],
    ]
    found = first_presence("S-C-3", counts, YEARS)
    assert list(found.status) == [
        "switched",
        "always",
        "never",
        "reversed",
        "unknown",
        "reversed",
        "switched",
    ]
    assert found.first == pytest.approx([2016, 2014, np.inf, np.nan, np.nan, np.nan, 2017], nan_ok=True)
    assert found.counts() == {"never": 1, "always": 1, "switched": 2, "reversed": 2, "unknown": 1}


@given(st.lists(st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=1, max_size=12))
def test_every_place_has_one_status(counts: list[list[int]]) -> None:
    found = first_presence("x", counts, YEARS)
    assert sum(found.counts().values()) == len(counts)
    for row, first, status in zip(counts, found.first, found.status, strict=True):
        assert status in STATUSES
        if status == "switched":
            at = YEARS.index(int(first))
            assert at > 0 and not any(row[:at]) and all(row[at:])
        assert np.isnan(first) == (status in ("reversed", "unknown"))


def written(folder: Path, text: str) -> Path:
    path = folder / "支援診療所.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_user_file(tmp_path: Path) -> None:
    found = read_treatment(written(tmp_path, "地域コード,年\n101,2016\n3201,2018\n"), CODES)
    assert found.name == "支援診療所"
    assert list(found.first) == [2016, np.inf, 2018, np.inf]
    assert found.years == ()
    table = treatment_table(found, CODES)
    assert list(table["first_year"].isna()) == [False, True, False, True]
    assert list(table["status"]) == ["switched", "never", "switched", "never"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("area_code,year\n0101,2016\n0101,2017\n", "row 3"),
        ("area_code,year\n9999,2016\n", "no place with the code '9999'"),
        ("area_code,year\n0101,H28\n", "'H28' is not a year"),
        ("area_code,year\n0101,\n", "is not a year"),
        ("area_code,jahr\n0101,2016\n", "not exactly one column headed 'year'"),
        ("area_code,year\n", "no place with the event"),
    ],
)
def test_wrong_files_say_what_and_where(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_treatment(written(tmp_path, text), CODES)
    assert said in caught.value.sentence("en")
    assert "支援診療所.csv" in caught.value.sentence("ja")

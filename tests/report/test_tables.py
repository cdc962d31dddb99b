"""Tables: contract, full precision in Parquet, CSV that a spreadsheet program reads safely."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.errors import InputError
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.csvfile import neutralise, write_csv, write_new_csv
from zaitaku_demand.report.tables import TABLE_TITLES

BOM = b"\xef\xbb\xbf"
KEYS = {"area_edition", "population_edition", "base_year", "open_band", "unit", "state"}
CODES = ("area_edition", "area_code", "prefecture_code", "population_edition")
CONTRACT = {
    "projection": {"area_code", "area_name", "service", "year", "value", "estimated_share"},
    "peaks": {"area_code", "service", "peak_year_grid", "peak_class", "peak_year_annual", "censored"},
    "certified": {"area_code", "year", "age", "level", "value"},
    "double_need": {"area_code", "year", "lower", "independent", "upper"},
}


@pytest.mark.parametrize("name", list(TABLE_TITLES))
def test_every_table_is_there_twice(report: Path, name: str) -> None:
    parquet = pq.read_table(report / "tables" / f"{name}.parquet")
    twin = report / "tables" / f"{name}.csv"
    assert twin.read_bytes().startswith(BOM)
    rows = list(csv.reader(twin.read_text("utf-8-sig").splitlines()))
    assert rows[0] == parquet.column_names
    assert len(rows) - 1 == parquet.num_rows


@pytest.mark.parametrize("name", [name for name in TABLE_TITLES if name not in ("band_counts", "comparison")])
def test_rows_carry_editions_unit_and_state(report: Path, name: str) -> None:
    table = pq.read_table(report / "tables" / f"{name}.parquet")
    assert set(table.column_names) >= KEYS | CONTRACT.get(name, set())
    assert set(table["state"].to_pylist()) == {"estimated"}
    for code in set(CODES) & set(table.column_names):
        assert pa.types.is_string(table.schema.field(code).type) or pa.types.is_large_string(
            table.schema.field(code).type
        )


def test_parquet_keeps_precision_and_csv_rounds(report: Path, content: ReportContent) -> None:
    kept = pd.read_parquet(report / "tables" / "projection.parquet")["value"].to_numpy()
    np.testing.assert_array_equal(kept, content.projection["value"].to_numpy())
    shown = pd.read_csv(report / "tables" / "projection.csv", dtype={"area_code": str})
    np.testing.assert_allclose(shown["value"], kept, atol=0.5e-4)
    assert shown["area_code"].iloc[0] == "0101"


def test_parquet_holds_its_provenance(report: Path) -> None:
    metadata = pq.read_schema(report / "tables" / "projection.parquet").metadata
    provenance = json.loads(metadata[b"zaitaku"])
    assert provenance["title"]["ja"]
    assert provenance["issues"] == ["ndb-place-of-institution"]


@given(st.text(max_size=20))
def test_no_text_starts_a_formula(text: str) -> None:
    safe = neutralise(text)
    assert safe.endswith(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["=1+1", "+81", "-", "@SUM(A1)", "\tx", "北海道", "0101", 'a"b', "a,b"]),
            st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-3),
        ),
        min_size=1,
    )
)
def test_numbers_stay_numbers(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, float]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    frame = pd.DataFrame(cells, columns=["name", "value"])
    write_csv(frame, path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    assert [row[0] for row in rows] == [neutralise(name) for name, _ in cells]
    assert [float(row[1]) for row in rows] == [round(value, 4) for _, value in cells]


def test_missing_stays_blank(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"text": ["a", None], "year": pd.array([2040, None], dtype="Int64"), "x": [1.0, np.nan]}
    )
    write_csv(frame, tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_text("utf-8-sig").split() == ["text,year,x", "a,2040,1.0", ",,"]


def test_a_file_to_fill_in_is_never_written_over(tmp_path: Path) -> None:
    blank = pd.DataFrame({"code": ["01"], "value": [""]})
    path = tmp_path / "blank.csv"
    write_new_csv(blank, path)
    written = path.read_bytes()
    for place, said in ((path, "already"), (tmp_path, "already"), (tmp_path / "no" / "x.csv", "no folder")):
        with pytest.raises(InputError) as raised:
            write_new_csv(blank.assign(value="1"), place)
        assert said in raised.value.sentence("en")
    assert path.read_bytes() == written and list(tmp_path.iterdir()) == [path]

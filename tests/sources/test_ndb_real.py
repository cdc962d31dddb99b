"""NDB Open Data, section C, rounds 1-9, medical and dental: all 57 workbooks as published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zaitaku_demand.sources.ndb import NdbTable
from zaitaku_demand.sources.ndb_headings import UNIDENTIFIED_AREA
from zaitaku_demand.store.build_ndb import TableKey, load_section_c


@pytest.fixture(scope="module")
def tables(raw: Path) -> dict[TableKey, list[NdbTable]]:
    return load_section_c(raw)


def test_thirty_medical_workbooks_load(tables: dict[TableKey, list[NdbTable]]) -> None:
    kinds = [key[0] for key in tables]
    assert (kinds.count("medical"), kinds.count("dental")) == (30, 27)
    assert {key[1] for key in tables} == set(range(2014, 2023))
    assert sum(len(sheets) for sheets in tables.values()) > 57


def test_every_rows_bounds_contain_its_published_total(tables: dict[TableKey, list[NdbTable]]) -> None:
    """Sums of sex × age and of prefectures equal the totals up to suppressed cells, in every row."""
    rows = 0
    for sheets in tables.values():
        for table in sheets:
            totals = table.items["total"].to_numpy(dtype=float)
            lower, upper = table.row_bounds()
            most = np.where(np.isnan(totals), 9.0, totals)
            if table.breakdown == "area" and table.measure == "claims":
                assert (np.nansum(table.values, axis=1) <= most).all(), table.file
            elif table.additive:
                assert (lower <= most).all() and (upper >= np.nan_to_num(totals)).all(), table.file
            else:
                assert (upper >= np.nan_to_num(totals)).all(), table.file
            rows += len(totals)
    assert rows > 10_000


def test_additive_tables_give_back_their_totals(tables: dict[TableKey, list[NdbTable]]) -> None:
    """Shown cells plus what is missing, divided among the hidden ones, is the published total."""
    for key, sheets in tables.items():
        if key[2] not in ("sex_age", "prefecture") or key[3] != "claims":
            continue
        for table in sheets:
            bounded = table.bounded()
            totals = table.items["total"].to_numpy(dtype=float)
            known = ~np.isnan(totals)
            assert np.allclose(bounded.value.sum(axis=1)[known], totals[known])
            assert (bounded.lower <= bounded.value + 1e-9).all()
            assert (bounded.value <= bounded.upper + 1e-9).all()


def test_area_tables_have_the_335_areas(tables: dict[TableKey, list[NdbTable]]) -> None:
    for key, sheets in tables.items():
        if key[2] == "area":
            codes = list(sheets[0].keys["code"])
            assert len(codes) == 336 and codes[-1] == UNIDENTIFIED_AREA


def test_patients_are_not_additive_over_places(tables: dict[TableKey, list[NdbTable]]) -> None:
    """第9回 患者数, 往診料: prefectures add up to 1,306,080, the total is 1,300,020."""
    table = tables[("medical", 2022, "prefecture", "patients")][0]
    row = int(np.flatnonzero(table.items["item_code"] == "114000110")[0])
    assert np.nansum(table.values[row]) == 1_306_080
    assert table.items["total"][row] == 1_300_020
    assert not table.additive


def test_states_are_kept_apart(tables: dict[TableKey, list[NdbTable]]) -> None:
    table = tables[("medical", 2022, "sex_age", "claims")][0]
    tidy = table.tidy()
    assert (tidy["value"].isna() == (tidy["state"] == "suppressed")).all()
    zeros = tidy[(tidy["value"] == 0)]
    assert len(zeros) > 1000 and set(zeros["state"]) == {"observed"}

"""Suppressed cells through every step: table → services → totals → prefectures and areas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_suppression import publish
from zaitaku_demand.sources.ndb import NdbTable
from zaitaku_demand.store.build_ndb import service_totals, services_by, services_by_area

AGES = [f"a{place}" for place in range(4)]
CODES = ["0101", "0102", "0201", "0202"]
ITEMS = pd.DataFrame(
    {
        "item_code": ["114030710", "114035510", "114000110"],
        "item_name": ["在医総管", "施医総管", "往診料"],
        "class_code": ["C002", "C002-2", "C000"],
    }
)
CLASSES = {"home_visit_patients": [0, 1], "house_calls": [2]}


def table(true: np.ndarray, breakdown: str, keys: pd.DataFrame, year: int, totals: np.ndarray) -> NdbTable:
    """What is published of true counts (items × keys)."""
    edition = year - 2013
    values, hidden = map(
        np.vstack, zip(*(publish(list(row), edition) for row in true.astype(int)), strict=True)
    )
    published = np.where((totals > 0) & (totals < 10), np.nan, totals)
    items = ITEMS.assign(points=1.0, total=published)
    return NdbTable(Path("x.xlsx"), year, "medical", "claims", breakdown, "base", items, keys, values, hidden)  # type: ignore[arg-type]


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.sampled_from([2014, 2018, 2022]))
def test_services_keep_the_truth_inside_their_bounds(seed: int, year: int) -> None:
    generator = np.random.default_rng(seed)
    by_age = generator.integers(0, 60, (3, 8)).astype(float)
    totals = by_age.sum(axis=1)
    keys = pd.DataFrame({"sex": ["male"] * 4 + ["female"] * 4, "age": AGES * 2})
    tables = {("medical", year, "sex_age", "claims"): [table(by_age, "sex_age", keys, year, totals)]}
    found = services_by(tables, "sex_age")
    summed = service_totals(tables).set_index("service")
    for name, rows in CLASSES.items():
        part = found[found["service"] == name].set_index(["sex", "age"])
        truth = pd.Series(by_age[rows].sum(axis=0), index=pd.MultiIndex.from_frame(keys))
        assert (part["lower"] <= truth[part.index] + 1e-9).all()
        assert (part["upper"] >= truth[part.index] - 1e-9).all()
        assert (part["shown"] <= part["value"] + 1e-9).all()
        assert (
            part.loc[part["suppressed"] == 0, "value"] == truth[part.index][part["suppressed"] == 0]
        ).all()
        if summed.at[name, "hidden_items"] == 0:
            assert np.isclose(part["value"].sum(), totals[rows].sum())


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_hidden_areas_share_what_is_missing_to_their_prefecture(seed: int) -> None:
    generator = np.random.default_rng(seed)
    areas = generator.integers(0, 400, (3, 4)).astype(float)
    hidden_area = generator.random((3, 4)) < 0.4
    hidden_area |= areas < 10
    prefectures = np.zeros((3, 47))
    prefectures[:, 0], prefectures[:, 1] = areas[:, :2].sum(axis=1), areas[:, 2:].sum(axis=1)
    totals = areas.sum(axis=1)
    keys = pd.DataFrame({"code": [*CODES, "unidentified"], "name": [*CODES, "判別不可"]})
    values = np.hstack([np.where(hidden_area, np.nan, areas), np.zeros((3, 1))])
    items = ITEMS.assign(points=1.0, total=totals)
    by_area = NdbTable(
        Path("x.xlsx"), 2022, "medical", "claims", "area", "base", items, keys, values, np.isnan(values)
    )
    places = pd.DataFrame({"code": [f"{number:02d}" for number in range(1, 48)], "name": "県"})
    tables = {
        ("medical", 2022, "area", "claims"): [by_area],
        ("medical", 2022, "prefecture", "claims"): [table(prefectures, "prefecture", places, 2022, totals)],
    }
    weights = pd.Series([1.0, 2.0, 3.0, 4.0], index=CODES)
    found = services_by_area(tables, weights)
    for name, rows in CLASSES.items():
        part = found[found["service"] == name].set_index("area_code").loc[CODES]
        truth = areas[rows].sum(axis=0)
        assert (part["lower"] <= truth + 1e-9).all()
        assert (part["upper"] >= truth - 1e-9).all()
        assert (part["suppressed"] == hidden_area[rows].sum(axis=0)).all()
        unhidden = ~hidden_area[rows].any(axis=0)
        assert (part["value"].to_numpy()[unhidden] == truth[unhidden]).all()

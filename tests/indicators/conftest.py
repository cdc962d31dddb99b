"""Folders and tables that the tests of the indicators share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from zaitaku_demand.indicators.compute import indicator_values
from zaitaku_demand.indicators.facts import FACT_TABLES
from zaitaku_demand.indicators.home import declarations_folder
from zaitaku_demand.store.home import table_path

_TABLES = (*FACT_TABLES, "ndb_measure_ages", "ndb_event_size", "area_population_335")


@pytest.fixture
def new_folder(tmp_path: Path) -> Path:
    """A folder of declarations with the measures in hand and no indicator."""
    folder = tmp_path / "declarations"
    shutil.copytree(declarations_folder() / "measures", folder / "measures")
    return folder


def _values(level: str) -> pd.DataFrame:
    absent = [name for name in _TABLES if table_path(name) is None]
    if absent:
        pytest.skip(f"The tables {', '.join(absent)} have not been built, so the values are not computed.")
    return indicator_values(level)


@pytest.fixture(scope="session")
def prefectures() -> pd.DataFrame:
    """The values table of the 47 prefectures."""
    return _values("prefecture")


@pytest.fixture(scope="session")
def areas() -> pd.DataFrame:
    """The values table of the 335 areas."""
    return _values("area")

"""Every spec case gives the values calculated by hand in it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.indicators.cases import CODES, SPECS, read_case, values_of_case
from tests.tolerances import FLOAT
from zaitaku_demand.indicators.catalogue import indicator

_COLUMN = {
    "value": "value",
    "expected": "expected",
    "lower": "numerator_lower",
    "upper": "numerator_upper",
    "event_size": "event_size",
}


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_spec(path: Path) -> None:
    case = read_case(path)
    values = values_of_case(case, indicator(case["indicator"]))
    assert values.index.tolist() == CODES and set(values["year"]) == {case["year"]}
    for wanted in case["expect"]:
        row = values.loc[wanted["area_code"]]
        assert row["state"] == wanted["state"], wanted
        for key in _COLUMN.keys() & wanted.keys():
            assert row[_COLUMN[key]] == pytest.approx(wanted[key], rel=FLOAT), (wanted, key)
        if wanted["state"] in ("suppressed", "no_data"):
            assert pd.isna(row["numerator"])
        if wanted["state"] == "no_data":
            figures = ["numerator_lower", "numerator_upper", "denominator", "expected", "event_size"]
            assert row[figures].isna().all()


def test_every_statistic_has_cases() -> None:
    kinds = [indicator(read_case(path)["indicator"]).statistic for path in SPECS]
    assert {"rate", "proportion", "ratio", "scr"} == set(kinds) and len(kinds) >= 10


_NEW = """
id = "S-C-99"
name = { ja = "試験の指標", en = "Indicator of the test" }
definition = { ja = "試験", en = "test" }
rationale = { ja = "試験", en = "test" }
type = "structure"
function = "everyday"
key = false
numerator = ["ssds_clinics", "ssds_hospitals"]
denominator = "population_total"
unit = { ja = "施設（人口1,000対）", en = "per 1,000" }
multiplier = 1000
statistic = "rate"
adjustment = "none"
better = "neutral"
comparison = "all"
official_source = { ja = "試験", en = "test" }
place = "institution"
levels = ["prefecture"]
caveats = { ja = "試験", en = "test" }
version = 1
"""


def test_a_new_declaration_is_computed_without_code(new_folder: Path) -> None:
    path = new_folder / "structure/everyday/S-C-99.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_NEW, "utf-8")
    case = {
        "indicator": "S-C-99",
        "year": 2020,
        "facts": [
            {"measure": "ssds_clinics", "area_code": "01", "value": 9},
            {"measure": "ssds_hospitals", "area_code": "01", "value": 3},
            {"measure": "population_total", "area_code": "01", "value": 4000},
        ],
    }
    values = values_of_case(case, indicator("S-C-99", new_folder))
    # (9 + 3) / 4,000 x 1,000 = 3
    assert values.loc["01", "value"] == pytest.approx(3, rel=FLOAT)
    assert values.loc["02", "state"] == "no_data"

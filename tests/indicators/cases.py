"""Running a spec case: small tables in, the values of one indicator out."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from zaitaku_demand.indicators.arrays import by_sex_and_age, fact_arrays, national_ages
from zaitaku_demand.indicators.compute import Ingredients, values_of
from zaitaku_demand.indicators.declaration import Indicator
from zaitaku_demand.indicators.user_data import read_values

SPECS = sorted((Path(__file__).parent / "specs").glob("*.toml"))
CODES = ["00", "01", "02"]


def read_case(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def small_places() -> pd.DataFrame:
    return pd.DataFrame(
        {"area_code": CODES, "area_name": ["全国", "北海道", "青森県"], "prefecture_code": CODES}
    )


def small_ingredients(case: dict[str, Any]) -> Ingredients:
    """Ingredients of one year and two places from the tables of a case."""
    year = case["year"]
    facts = pd.DataFrame(
        [
            {
                "measure": fact["measure"],
                "level": "national" if fact["area_code"] == "00" else "prefecture",
                "area_code": fact["area_code"],
                "year": year,
                "value": float(fact.get("value", "nan")),
                "lower": float(fact.get("lower", fact.get("value", "nan"))),
                "upper": float(fact.get("upper", fact.get("value", "nan"))),
                "state": fact.get("state", "observed"),
            }
            for fact in case["facts"]
        ],
        columns=["measure", "level", "area_code", "year", "value", "lower", "upper", "state"],
    )
    ages = pd.DataFrame(case.get("ages", []), columns=["measure", "sex", "age", "value"]).assign(year=year)
    people = pd.DataFrame(case.get("persons", []), columns=["area_code", "sex", "age", "persons"]).assign(
        year=year
    )
    supplied = pd.DataFrame(
        [
            {
                "indicator_id": case["indicator"],
                "level": "prefecture",
                "area_code": row["area_code"],
                "year": year,
                "numerator": float(row.get("numerator", "nan")),
                "denominator": float(row.get("denominator", "nan")),
                "suppressed": row.get("suppressed", False),
            }
            for row in case.get("supplied", [])
        ],
        columns=read_values(()).columns,
    )
    return Ingredients(
        fact_arrays(facts, "prefecture", small_places(), (year,)),
        national_ages(ages, (year,)),
        by_sex_and_age(people, "persons", (year,), CODES[1:]),
        case.get("event_sizes", {}),
        supplied,
    )


def values_of_case(case: dict[str, Any], declared: Indicator) -> pd.DataFrame:
    """Values by area_code, with the column ``value`` that the benchmark shows."""
    values = values_of({declared.id: declared}, small_ingredients(case)).set_index("area_code")
    below = values["expected"] if declared.statistic == "scr" else values["denominator"]
    return values.assign(value=values["numerator"] / below * declared.multiplier)

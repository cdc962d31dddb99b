"""pandera schemas of the tables that the loaders of this package return.

Every loader ends with :func:`validated`; what reaches it has passed the checks that name a cell, so
a failure here names the column only.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.reading import OFFICIAL_LAYOUT
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

MUNICIPALITY = r"\d{5}"
AREA = r"\d{4}"
AGE = r"\d{1,3}(-\d{1,3}|\+)|unknown"
PREFECTURE_CODE = r"\d{2}"
STATES = ("observed", "derived", "estimated", "missing")
LEVELS = ("support1", "support2", "care1", "care2", "care3", "care4", "care5", "total")


def validated(frame: pd.DataFrame, name: str, file: Path) -> pd.DataFrame:
    """The frame, if it fits the schema `name`.

    Raises
    ------
    InputError
        Naming the first column that does not fit.
    """
    import pandera.errors

    try:
        schema(name).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        first = error.failure_cases.iloc[0]
        column, check, case = first["column"], first["check"], first["failure_case"]
        raise InputError(
            Text(
                f"読み取った表が様式「{name}」に合わない（{check}：{case}）",
                f"the table read does not fit the schema '{name}' ({check}: {case})",
            ),
            OFFICIAL_LAYOUT,
            file=file,
            column=None if column is None else str(column),
        ) from error
    return frame


@cache
def schema(name: str) -> Any:
    """The pandera schema `name`, one of the keys in this function."""
    import pandera.pandas as pa

    def code(pattern: str, **options: Any) -> Any:
        return pa.Column(str, pa.Check.str_matches(f"^(?:{pattern})$"), **options)

    def among(*values: str) -> Any:
        return pa.Column(str, pa.Check.isin(values))

    def number(low: float, high: float | None = None, kind: str = "float64", **options: Any) -> Any:
        checks = [pa.Check.ge(low)] + ([] if high is None else [pa.Check.le(high)])
        return pa.Column(kind, checks, **options)

    text, year, persons = pa.Column(str), number(1900, 2150, "int64"), number(0, kind="int64")
    withheld = number(0, kind="Int64", nullable=True)
    place = {
        "code": code(MUNICIPALITY),
        "kind": among("a", "0", "1", "2", "3", "9", "n", "d"),
        "prefecture_name": text,
        "name": text,
        "year": year,
    }
    sex, age = among("male", "female", "both"), code(AGE)
    area = {"area_code": code(AREA), "area_name": text}
    columns: dict[str, dict[str, Any]] = {
        "population": {**place, "sex": sex, "age": age, "persons": persons},
        "area_population": {
            "area_code": code(AREA),
            "year": year,
            "sex": sex,
            "age": age,
            "persons": persons,
        },
        "register_ages": {**place, "sex": sex, "age": age, "persons": withheld, "withheld": persons},
        "register_totals": {**place, "sex": sex, "persons": persons},
        "census_areas": {
            **area,
            "prefecture_code": code(PREFECTURE_CODE),
            "prefecture_name": text,
            "year": year,
            "sex": sex,
            "age": age,
            "persons": persons,
        },
        "ipss_totals": {**place, "total": persons, "aged_65plus": persons, "aged_75plus": persons},
        "ipss_table": {
            **place,
            "value": number(0),
            "measure": text,
            "unit": among("persons", "percent", "index"),
            "title": text,
        },
        "membership": {
            "code": code(MUNICIPALITY, unique=True),
            "name": text,
            "prefecture_code": code(PREFECTURE_CODE),
            **{f"area{edition}": code(AREA) for edition in (344, 335, 330, 339)},
            "source": text,
        },
        "areas": {
            "edition": pa.Column("int64", pa.Check.isin((330, 335, 339, 344))),
            **area,
            "prefecture_code": code(PREFECTURE_CODE),
            "prefecture_name": text,
            "municipalities": number(1, kind="int64"),
        },
        "crosswalk": {
            "code": code(MUNICIPALITY, unique=True),
            "name": text,
            "kind": text,
            "valid_from": text,
            "valid_to": text,
            **{
                f"successors_{when}": code(rf"({MUNICIPALITY}(;{MUNICIPALITY})*)?")
                for when in ("2020", "2024")
            },
            **{f"area{edition}": code(rf"({AREA}(;{AREA})*)?") for edition in (344, 335, 330, 339)},
        },
        "changes": {
            "date": text,
            "reason": text,
            "old_code": code(MUNICIPALITY),
            "old_name": text,
            "new_code": code(MUNICIPALITY),
            "new_name": text,
        },
        "certification_rates": {
            "as_of": text,
            "denominator": text,
            "age": age,
            "rate_percent": number(0, 100),
            "state": among(*STATES),
            "usable": pa.Column(bool),
            "kind": text,
            "source": text,
        },
        "certification_broad_rates": {
            "as_of": text,
            "denominator": text,
            "age": age,
            "need": among("support", "care", "all"),
            "rate_percent": number(0, 100),
            "state": among(*STATES),
            "source": text,
        },
        "certified_by_age_level": {
            "as_of": text,
            "sex": among("male", "female"),
            "age": age,
            "level": among(*LEVELS),
            "persons": withheld,
            "state": among(*STATES),
        },
        "certified_women_estimate": {
            "as_of": text,
            "sex": among("male", "female"),
            "age": age,
            "persons": persons,
            "state": among(*STATES),
            "method": text,
        },
        "certified_by_prefecture": {
            "as_of": text,
            "prefecture_code": code(PREFECTURE_CODE),
            "prefecture_name": text,
            "level": among(*LEVELS),
            "persons": persons,
            "state": among(*STATES),
        },
        "certified_national": {
            "as_of": text,
            "level": among(*LEVELS),
            "persons": persons,
            "state": among(*STATES),
        },
        "receipts": {
            **area,
            "prefecture_name": text,
            "year": year,
            "receipts_per_month": number(0),
            "kind": among("observed", "projected"),
        },
    }
    unique = {
        "population": ["code", "year", "sex", "age"],
        "area_population": ["area_code", "year", "sex", "age"],
        "receipts": ["area_code", "year"],
        "ipss_totals": ["code", "year"],
    }
    return pa.DataFrameSchema(columns[name], strict=True, ordered=True, unique=unique.get(name))

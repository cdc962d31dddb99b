"""One layout for every result of the research: what was estimated, on what, by which method and parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pandas as pd

RESULT_COLUMNS = (
    "analysis",
    "level",
    "outcome",
    "term",
    "statistic",
    "method",
    "estimate",
    "lower",
    "upper",
    "confidence",
    "p_value",
    "n_places",
    "n_years",
    "first_year",
    "last_year",
    "parameters",
    "note",
)
"""
analysis    reliability, validity, association, design, power …
outcome     id of the outcome; term: exposure, other source, criterion … it is set against (empty without one)
statistic   what the estimate is (rate_ratio, reliability, icc …)
method      estimator; parameters: its settings as JSON
estimate, lower, upper
            NaN where it cannot be had; `note` then says why (a code explained in the report)
n_places, n_years, first_year, last_year
            what it rests on
"""


def result_row(parameters: Mapping[str, object] | None = None, **given: object) -> dict[str, object]:
    """One row of a table of results; what is not given is empty.

    Raises
    ------
    KeyError
        If a name is no column of the layout.
    """
    unknown = set(given) - set(RESULT_COLUMNS)
    if unknown:
        raise KeyError(f"no such column: {sorted(unknown)}")
    empty: dict[str, object] = dict.fromkeys(RESULT_COLUMNS)
    for name in ("analysis", "level", "outcome", "term", "statistic", "method", "note"):
        empty[name] = ""
    for name in ("estimate", "lower", "upper", "confidence", "p_value"):
        empty[name] = float("nan")
    encoded = json.dumps(dict(parameters or {}), ensure_ascii=False, sort_keys=True)
    return {**empty, **given, "parameters": encoded}


def result_table(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows as a table with all columns in their order; no rows give an empty table."""
    table = pd.DataFrame(list(rows), columns=list(RESULT_COLUMNS))
    for name in ("n_places", "n_years", "first_year", "last_year"):
        table[name] = table[name].astype("Int64")
    for name in ("estimate", "lower", "upper", "confidence", "p_value"):
        table[name] = table[name].astype(float)
    return table

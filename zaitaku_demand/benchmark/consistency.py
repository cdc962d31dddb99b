"""Consistency between measures: what contradicts, what is odd, what must be known when reading a series.

Every check is a declared rule (:mod:`~zaitaku_demand.benchmark.consistency_rules`) and gives rows; nothing is
corrected or hidden. A suppressed count is not zero: only its bounds are used, so a contradiction is reported where it
holds for every possible hidden count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.consistency_checks import (
    activity_findings,
    break_findings,
    jump_findings,
    part_findings,
    place_findings,
    proportion_findings,
    source_findings,
)
from zaitaku_demand.benchmark.consistency_rules import ACTIVITY_RULES, PART_RULES, SOURCE_RULES
from zaitaku_demand.benchmark.consistency_words import CHECK_NAMES, SEVERITY_NAMES
from zaitaku_demand.benchmark.parameters import ConsistencyParameters
from zaitaku_demand.indicators.measures import Measure

FINDING_COLUMNS = (
    "check",
    "severity",
    "measure",
    "level",
    "area_code",
    "area_name",
    "year",
    "found",
    "expected",
    "finding_ja",
    "finding_en",
)


def check_consistency(
    facts: pd.DataFrame,
    measures: Mapping[str, Measure],
    names: Mapping[str, str],
    parameters: ConsistencyParameters | None = None,
    values: pd.DataFrame | None = None,
    proportions: Iterable[str] = (),
) -> pd.DataFrame:
    """All findings, the gravest first.

    Parameters
    ----------
    facts : DataFrame
        measure, level, area_code, year, value, lower, upper, state.
    measures : mapping
        Declared measures by id (names, breaks); a measure not in it is named by its id.
    names : mapping
        Name of every place by code.
    parameters : ConsistencyParameters, optional
    values : DataFrame, optional
        The values table, for checks of indicators.
    proportions : iterable of str
        Indicators that are proportions: their numerator cannot exceed the denominator.

    Returns
    -------
    DataFrame
        `FINDING_COLUMNS`. severity ``error``: cannot both be true; ``warning``: unusual, to be looked at; ``note``:
        to be known when reading. `measure` holds measure ids joined by " + " (an indicator id in the check
        ``proportion``).
    """
    settings = parameters or ConsistencyParameters()
    tables = {str(name): rows for name, rows in facts.groupby("measure")}
    labels = {name: measure.name for name, measure in measures.items()}
    found = [
        *(part_findings(tables, part, labels, settings) for part in PART_RULES),
        place_findings(facts, labels, settings),
        *(activity_findings(tables, pair, labels) for pair in ACTIVITY_RULES),
        *(source_findings(tables, pair, settings) for pair in SOURCE_RULES),
        *(jump_findings(rows, name, measures.get(name), settings) for name, rows in tables.items()),
        *(break_findings(rows, measures[name]) for name, rows in tables.items() if name in measures),
    ]
    if values is not None:
        found.append(proportion_findings(values, proportions, settings))
    graver = {severity: place for place, severity in enumerate(SEVERITY_NAMES)}
    earlier = {check: place for place, check in enumerate(CHECK_NAMES)}
    findings = sorted(
        (finding for part in found for finding in part),
        key=lambda one: (
            graver[one.severity],
            earlier[one.check],
            one.measure,
            one.level,
            one.area_code,
            one.year,
        ),
    )
    rows = [
        (
            one.check,
            one.severity,
            one.measure,
            one.level,
            one.area_code,
            names.get(one.area_code, ""),
            one.year,
            one.found,
            one.expected,
            one.text.ja,
            one.text.en,
        )
        for one in findings
    ]
    table = pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
    return table.astype({"year": np.int64, "found": np.float64, "expected": np.float64})


def indicator_findings(findings: pd.DataFrame, numerators: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Errors and warnings by indicator and place, for the data quality of the function coefficients.

    Parameters
    ----------
    findings : DataFrame
        From :func:`check_consistency`.
    numerators : mapping
        Measures of each indicator's numerator.

    Returns
    -------
    DataFrame
        indicator_id, area_code; each pair once.
    """
    grave = findings[findings["severity"] != "note"]
    rows = {
        (indicator, str(code))
        for indicator, wanted in numerators.items()
        for code, measure in zip(grave["area_code"], grave["measure"], strict=True)
        if set(str(measure).split(" + ")) & {*wanted, indicator}
    }
    return pd.DataFrame(sorted(rows), columns=["indicator_id", "area_code"])

"""The values table: every indicator by place and year, from the tables of facts and the user's own files.

Columns of the values table:

==================  =========================================================================
indicator_id        id of the declaration
level               ``national``, ``prefecture`` or ``area``
area_edition        ``335`` at level area, otherwise empty
area_code           ``00``, ``01``-``47`` or one of the 335 areas
area_name, prefecture_code
year                year of the numerator
state               ``observed``, ``estimated``, ``suppressed``, ``no_data``
numerator           NaN where suppressed or without data
numerator_lower, numerator_upper
                    bounds of the numerator; without adjustment those of the ratio, as far as a hidden part of
                    the denominator leaves it open, carried over to the numerator
denominator         the same year's; deaths of the calendar year with the number of the fiscal year
expected            adjusted for sex and age (SCR), or denominator × national crude rate
event_size          events per independent case (claims per patient), 1 where each counts alone
denominator_event_size
                    the same of the denominator
==================  =========================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.arrays import (
    Counts,
    FactArrays,
    fact_arrays,
    national_ages,
    persons_of,
    places_of,
)
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.declaration import LEVEL_NAMES, Indicator
from zaitaku_demand.indicators.expected import (
    ESTIMATED,
    MISSING,
    OBSERVED,
    STATE_NAMES,
    SUPPRESSED,
    FloatArray,
    StateArray,
    expected_crude,
    expected_indirect,
    national_rate,
    pooled_event_size,
    settled_state,
    shown_upper,
)
from zaitaku_demand.indicators.facts import FACT_COLUMNS, read_facts
from zaitaku_demand.indicators.user_data import read_values
from zaitaku_demand.indicators.workbook_facts import with_workbook
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

VALUE_COLUMNS = (
    "indicator_id",
    "level",
    "area_edition",
    "area_code",
    "area_name",
    "prefecture_code",
    "year",
    "state",
    "numerator",
    "numerator_lower",
    "numerator_upper",
    "denominator",
    "expected",
    "event_size",
    "denominator_event_size",
)
AREA_EDITION = "335"


@dataclass(frozen=True)
class Ingredients:
    """What indicators are computed from.

    Attributes
    ----------
    facts : FactArrays
    ages : dict
        Measure → national counts, array (years, sexes, ages).
    persons : array (years, places without the nation, sexes, ages)
    event_sizes : dict
        Measure → claims per patient.
    supplied : DataFrame
        The user's own values (see `zaitaku_demand.indicators.user_data`).
    """

    facts: FactArrays
    ages: Mapping[str, FloatArray]
    persons: FloatArray
    event_sizes: Mapping[str, float]
    supplied: pd.DataFrame


@dataclass(frozen=True)
class _Values:
    """One indicator: arrays (years, places)."""

    state: StateArray
    numerator: Counts
    denominator: FloatArray
    expected: FloatArray
    event_size: float
    denominator_event_size: float


def indicator_values(
    level: str,
    years: Sequence[int] | None = None,
    supplied: Sequence[Path] = (),
    declared: Mapping[str, Indicator] | None = None,
    home_care: Path | None = None,
) -> pd.DataFrame:
    """The values table of one level, with the nation.

    Parameters
    ----------
    level : str
        ``prefecture`` or ``area``.
    years : sequence of int, optional
        Exactly these years for every indicator. By default each indicator's own years with data; an indicator
        without any has its ``no_data`` rows in the last year of the facts.
    supplied : sequence of Path
        CSV files of the user (layout of `zaitaku indicators template`); they fill in and replace facts.
    declared : mapping, optional
        Indicators to compute; by default all that are declared.
    home_care : Path, optional
        The ministry's workbook 在宅医療にかかる地域別データ集; it adds its measures and years to the facts and replaces
        those that both hold.

    Raises
    ------
    InputError
        If the level is unknown, a table has not been built, or a file of the user is wrong.
    """
    if level not in LEVEL_NAMES:
        raise InputError(
            Text(f"地域の単位「{level}」はない", f"there is no level '{level}'"),
            Text("prefecture または area を指定してください", "choose prefecture or area"),
        )
    chosen = indicators() if declared is None else declared
    given = read_values(supplied)
    facts = read_facts() if home_care is None else with_workbook(read_facts(), home_care)
    return values_of(chosen, ingredients(chosen, level, facts, given, years), years)


def ingredients(
    declared: Mapping[str, Indicator],
    level: str,
    facts: pd.DataFrame,
    supplied: pd.DataFrame,
    years: Sequence[int] | None = None,
) -> Ingredients:
    """Tables made into the arrays that indicators are computed from."""
    needed = {name for each in declared.values() for name in each.measures}
    facts = facts[facts["measure"].isin(needed)]
    # Denominators of populations reach further than any numerator; they add no year of their own.
    events = {name for each in declared.values() for name in each.numerator}
    seen = [
        *facts.loc[facts["measure"].isin(events), "year"].unique(),
        *supplied["year"].unique(),
        *(years or ()),
    ]
    span = tuple(range(min(seen), max(seen) + 1)) if seen else (0,)
    places = places_of(level)
    sizes = read_table("ndb_event_size").set_index("measure")["event_size"]
    return Ingredients(
        fact_arrays(facts[list(FACT_COLUMNS)], level, places, span),
        national_ages(read_table("ndb_measure_ages"), span),
        persons_of(level, places, span),
        {str(name): float(size) for name, size in sizes.items()},
        supplied[supplied["level"].isin(("national", level))],
    )


def values_of(
    declared: Mapping[str, Indicator], given: Ingredients, years: Sequence[int] | None = None
) -> pd.DataFrame:
    """The values table from ingredients at hand (columns as in the module's description)."""
    computed = {name: _values(each, given) for name, each in declared.items()}
    span = np.array(given.facts.years)
    with_data = {name: (values.state[:, 1:] != MISSING).any(axis=1) for name, values in computed.items()}
    parts = []
    for name, values in computed.items():
        if years is not None:
            rows = np.isin(span, list(years))
        elif with_data[name].any():
            rows = with_data[name]
        else:
            rows = span == span[-1]
        parts.append((name, span[rows], values, rows))
    return _table(parts, given.facts)


def _values(each: Indicator, given: Ingredients) -> _Values:
    facts = given.facts
    numerator = facts.total(each.numerator)
    denominator = facts.total((each.denominator_at(facts.level),))
    numerator, denominator = _with_supplied(each, numerator, denominator, given)
    tolerance = each.suppression.tolerance
    above = settled_state(numerator.value, numerator.lower, numerator.upper, numerator.state, tolerance)
    below = settled_state(
        denominator.value, denominator.lower, denominator.upper, denominator.state, tolerance
    )
    # MISSING < OBSERVED < ESTIMATED < SUPPRESSED: the worse of the two, unless one is missing.
    state = np.where((above == MISSING) | (below == MISSING), MISSING, np.maximum(above, below)).astype(
        np.int8
    )
    divisor = np.where((below == OBSERVED) | (below == ESTIMATED), denominator.value, np.nan)
    shown = (state == OBSERVED) | (state == ESTIMATED)
    value = np.where(shown, numerator.value, np.nan)
    if each.adjustment == "indirect":
        expected = _expected_by_age(each, given)
        state = np.where(np.isfinite(expected), state, MISSING).astype(np.int8)
    else:
        expected = expected_crude(divisor, national_rate(value, divisor))
    lower, upper = numerator.lower, _upper_shown(numerator, above, tolerance)
    if each.adjustment == "none":
        # A hidden part of the denominator leaves the quotient open as far as a wider count would.
        hidden = below == ESTIMATED
        with np.errstate(divide="ignore", invalid="ignore"):
            lower = np.where(
                hidden, lower * denominator.value / _upper_shown(denominator, below, tolerance), lower
            )
            upper = np.where(hidden, upper * denominator.value / denominator.lower, upper)
    if each.statistic == "proportion":
        upper = np.minimum(upper, denominator.value)
    bounded = replace(numerator, lower=lower, upper=upper)
    sizes = (_event_size(names, given) for names in (each.numerator, (each.denominator_at(facts.level),)))
    return _Values(state, bounded, divisor, expected, *sizes)


def _upper_shown(counts: Counts, state: StateArray, tolerance: float) -> FloatArray:
    shown = shown_upper(counts.value, counts.lower, counts.upper, tolerance)
    return np.where(state == ESTIMATED, shown, counts.upper)


def _expected_by_age(each: Indicator, given: Ingredients) -> FloatArray:
    shape = given.facts.state.shape[1:]
    if not all(name in given.ages for name in each.numerator):
        return np.full(shape, np.nan)
    events = np.sum([given.ages[name] for name in each.numerator], axis=0)
    places = expected_indirect(events, given.persons)
    return np.concatenate([places.sum(axis=1, keepdims=True), places], axis=1)


def _with_supplied(
    each: Indicator, numerator: Counts, denominator: Counts, given: Ingredients
) -> tuple[Counts, Counts]:
    """Numerator and denominator with the user's own values put in their places."""
    rows = given.supplied[given.supplied["indicator_id"] == each.id]
    if rows.empty:
        return numerator, denominator
    year = rows["year"].to_numpy(dtype=np.int64) - given.facts.years[0]
    place = pd.Index(given.facts.places["area_code"]).get_indexer(rows["area_code"])
    hidden = rows["suppressed"].to_numpy(dtype=bool)
    value = rows["numerator"].to_numpy(dtype=np.float64)
    above = Counts(
        value, np.where(hidden, 0.0, value), value, np.where(hidden, SUPPRESSED, OBSERVED).astype(np.int8)
    )
    own = rows["denominator"].notna().to_numpy()
    figures = rows["denominator"].to_numpy(dtype=np.float64)[own]
    below = Counts(figures, figures, figures, np.full(len(figures), OBSERVED, dtype=np.int8))
    return (
        numerator.replaced(year, place, above).with_national_sum(),
        denominator.replaced(year[own], place[own], below).with_national_sum(),
    )


def _event_size(names: tuple[str, ...], given: Ingredients) -> float:
    """Claims per patient of measures that are added up, weighted by the national claims of the last year with all of them."""
    facts = given.facts
    sizes = np.array([given.event_sizes.get(name, 1.0) for name in names])
    if (sizes == sizes[0]).all():
        return float(sizes[0])
    claims = facts.value[[facts.measures[name] for name in names], :, 0]
    complete = np.flatnonzero(np.isfinite(claims).all(axis=0))
    return pooled_event_size(claims[:, complete[-1]], sizes) if len(complete) else float(sizes[0])


def _table(
    parts: list[tuple[str, npt.NDArray[np.int64], _Values, npt.NDArray[np.bool_]]], facts: FactArrays
) -> pd.DataFrame:
    """All indicators one below the other: by indicator, year and place."""
    places = facts.places
    count = len(places)
    blocks = sum(len(years) for _, years, _, _ in parts)
    level = np.array(["national"] + [facts.level] * (count - 1), dtype=object)
    edition = AREA_EDITION if facts.level == "area" else ""
    state = np.concatenate([values.state[rows].ravel() for _, _, values, rows in parts])
    shown = (state == OBSERVED) | (state == ESTIMATED)

    def figures(of: Callable[[_Values], FloatArray], where: npt.NDArray[np.bool_]) -> FloatArray:
        return np.where(
            where, np.concatenate([of(values)[rows].ravel() for _, _, values, rows in parts]), np.nan
        )

    def sizes(of: Callable[[_Values], float]) -> FloatArray:
        return np.where(data, np.repeat(np.array([of(values) for _, _, values, _ in parts]), repeats), np.nan)

    data = state != MISSING
    repeats = [len(years) * count for _, years, _, _ in parts]
    return pd.DataFrame(
        {
            "indicator_id": np.repeat(np.array([name for name, _, _, _ in parts], dtype=object), repeats),
            "level": np.tile(level, blocks),
            "area_edition": np.tile(np.array([""] + [edition] * (count - 1), dtype=object), blocks),
            **{
                name: np.tile(places[name].to_numpy(dtype=object), blocks)
                for name in ("area_code", "area_name", "prefecture_code")
            },
            "year": np.repeat(np.concatenate([years for _, years, _, _ in parts]), count),
            "state": np.array(STATE_NAMES, dtype=object)[state],
            "numerator": figures(lambda values: values.numerator.value, shown),
            "numerator_lower": figures(lambda values: values.numerator.lower, data),
            "numerator_upper": figures(lambda values: values.numerator.upper, data),
            "denominator": figures(lambda values: values.denominator, data),
            "expected": figures(lambda values: values.expected, data),
            "event_size": sizes(lambda values: values.event_size),
            "denominator_event_size": sizes(lambda values: values.denominator_event_size),
        },
        columns=list(VALUE_COLUMNS),
    ).astype({name: "str" for name in (*VALUE_COLUMNS[:6], "state")})

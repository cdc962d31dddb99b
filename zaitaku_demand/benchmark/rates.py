"""Rates, proportions, means and ratios of counts as tables: the method travels with the number.

Every function takes arrays, or a table and the names of its columns, and gives back a table: the input columns
(if it was a table) followed by

===========  =================================================================================
value        in units of the multiplier
lower,       limits at `confidence`
upper
confidence   fraction, as 0.95
method       how the limits were made; blank where there is no value
numerator    as used
denominator  as used
expected     expected events where the method has any, else NaN
===========  =================================================================================

A column of the input with one of these names is replaced. A suppressed or missing count is NaN and stays NaN.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.intervals import (
    BYAR_FROM,
    FloatArray,
    divide,
    poisson_limits,
    student_t_limits,
    usual_ratio_of_counts_limits,
    wilson_limits,
)
from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

Column: TypeAlias = "str | npt.ArrayLike"

EXACT = "exact"
BYAR = "byar_breslow_day"
WILSON = "wilson"
STUDENT_T = "student_t"
CONDITIONAL_EXACT = "conditional_exact"
CONDITIONAL_SCORE = "conditional_score"
NO_METHOD = ""


def crude_rate(
    data: pd.DataFrame | None = None,
    *,
    numerator: Column,
    denominator: Column,
    multiplier: float = 1.0,
    confidence: float = 0.95,
    event_size: Column = 1.0,
) -> pd.DataFrame:
    """Events per unit of the denominator, with exact limits below 10 events and Byar's from 10 on.

    Parameters
    ----------
    data : DataFrame, optional
        Table whose columns the other arguments name; without it they are arrays.
    numerator : column or array (units,)
        Events, also fractions (estimates).
    denominator : column or array (units,)
        Persons, person-years, institutions. Where it is 0 there is no rate (NaN).
    multiplier : float
        Such as 100000 for "per 100,000".
    confidence : float
    event_size : column, array or float
        Counted things that come together; see :func:`~zaitaku_demand.benchmark.intervals.poisson_limits`.

    Raises
    ------
    InputError
        If a column is absent or not numeric.

    References
    ----------
    Breslow & Day 1987; the rule is that of PHEindicatormethods.
    """
    frame, columns = read_columns(data, numerator=numerator, denominator=denominator, event_size=event_size)
    events, persons, size = columns["numerator"], columns["denominator"], columns["event_size"]
    lower, upper = poisson_limits(events, confidence, size)
    value = divide(events, persons)
    few = (divide(events, size) < BYAR_FROM).astype(np.int8)
    return with_results(
        frame,
        value=multiplier * value,
        lower=multiplier * divide(lower, persons),
        upper=multiplier * divide(upper, persons),
        confidence=confidence,
        method=name_methods(value, (BYAR, EXACT), few),
        numerator=events,
        denominator=persons,
    )


def proportion(
    data: pd.DataFrame | None = None,
    *,
    numerator: Column,
    denominator: Column,
    multiplier: float = 1.0,
    confidence: float = 0.95,
    event_size: Column = 1.0,
) -> pd.DataFrame:
    """Share of the denominator that is in the numerator, with Wilson's limits.

    Parameters are those of :func:`crude_rate`; with an `event_size` the limits are those of ``denominator /
    event_size`` independent trials. A numerator above its denominator is no proportion: its limits are NaN.

    References
    ----------
    Wilson 1927, J Am Stat Assoc 22:209.
    """
    frame, columns = read_columns(data, numerator=numerator, denominator=denominator, event_size=event_size)
    events, persons, size = columns["numerator"], columns["denominator"], columns["event_size"]
    lower, upper = wilson_limits(divide(events, size), divide(persons, size), confidence)
    value = divide(events, persons)
    return with_results(
        frame,
        value=multiplier * value,
        lower=multiplier * lower,
        upper=multiplier * upper,
        confidence=confidence,
        method=name_methods(lower, (WILSON,)),
        numerator=events,
        denominator=persons,
    )


def mean(
    data: pd.DataFrame | None = None,
    *,
    values: Column,
    groups: str | list[str] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Mean of the values of each group, with limits by Student's t.

    Parameters
    ----------
    data : DataFrame, optional
    values : column or array (units,)
        One figure a unit; a group that holds an unknown one (NaN) has no mean.
    groups : column or columns, optional
        One row of the result each, in order of their first appearance; without them one row.

    Returns
    -------
    DataFrame
        The groups and the columns of results; numerator is the sum, denominator the number of values.
    """
    frame, columns = read_columns(data, values=values)
    keys, code, number = group_codes(frame, groups)
    figures = columns["values"]
    count = np.bincount(code, minlength=number).astype(np.float64)
    total = np.bincount(code, weights=figures, minlength=number).astype(np.float64)
    centre = divide(total, count)
    squares = np.bincount(code, weights=(figures - centre[code]) ** 2, minlength=number)
    deviation = np.sqrt(divide(squares, count - 1))
    lower, upper = student_t_limits(centre, deviation, count, confidence)
    return with_results(
        keys,
        value=centre,
        lower=lower,
        upper=upper,
        confidence=confidence,
        method=name_methods(centre, (STUDENT_T,)),
        numerator=total,
        denominator=count,
    )


def ratio_of_counts(
    data: pd.DataFrame | None = None,
    *,
    numerator: Column,
    denominator: Column,
    multiplier: float = 1.0,
    confidence: float = 0.95,
    event_size: Column = 1.0,
) -> pd.DataFrame:
    """Ratio of two counts that both vary, with limits by the binomial of one count given their sum.

    Exact (Clopper & Pearson) where either count is below 10, score (Wilson) above. Parameters are those of
    :func:`crude_rate`, with the second count as `denominator`; `event_size` holds for both.

    References
    ----------
    Przyborowski & Wilenski 1940, Biometrika 31:313; Barker & Cadwell 2008, Stat Med 27:4030.
    """
    frame, columns = read_columns(data, numerator=numerator, denominator=denominator, event_size=event_size)
    above, below, size = columns["numerator"], columns["denominator"], columns["event_size"]
    lower, upper, few = usual_ratio_of_counts_limits(divide(above, size), divide(below, size), confidence)
    value = divide(above, below)
    return with_results(
        frame,
        value=multiplier * value,
        lower=multiplier * np.where(np.isnan(value), np.nan, lower),
        upper=multiplier * np.where(np.isnan(value), np.nan, upper),
        confidence=confidence,
        method=name_methods(value, (CONDITIONAL_SCORE, CONDITIONAL_EXACT), few.astype(np.int8)),
        numerator=above,
        denominator=below,
    )


def compare_with_reference(table: pd.DataFrame, *, reference: Column, value: str = "value") -> pd.DataFrame:
    """Whether each unit's interval lies below, above or around the value of the reference row.

    Parameters
    ----------
    table : DataFrame
        With columns value, lower, upper.
    reference : column or array of bool
        True in the one row that is the reference (Japan, say). It is not compared with itself.
    value : str
        Column of the reference's value.

    Returns
    -------
    DataFrame
        The table with `comparison`: ``lower``, ``similar``, ``higher``, or blank for the reference row and where
        there is no interval.

    Raises
    ------
    InputError
        If there is not exactly one reference row.
    """
    is_reference = np.asarray(table[reference] if isinstance(reference, str) else reference, dtype=bool)
    if is_reference.sum() != 1:
        count = int(is_reference.sum())
        raise InputError(
            Text(f"比較の基準となる行が{count}行ある", f"{count} rows are marked as the reference"),
            Text("基準の行を1行だけ指定してください", "mark exactly one row as the reference"),
        )
    target = float(table.loc[is_reference, value].iloc[0])
    lower, upper = table["lower"].to_numpy(np.float64), table["upper"].to_numpy(np.float64)
    words = np.where(upper < target, "lower", np.where(lower > target, "higher", "similar"))
    unknown = is_reference | np.isnan(lower) | np.isnan(upper) | np.isnan(target)
    return table.assign(comparison=np.where(unknown, "", words))


def read_columns(data: pd.DataFrame | None, **named: Column) -> tuple[pd.DataFrame, dict[str, FloatArray]]:
    """Arrays of the named columns, broadcast to one length, and the table to which results are added."""
    arrays = {role: _read(data, column) for role, column in named.items()}
    rows = (
        (len(data),) if data is not None else np.broadcast_shapes((1,), *(a.shape for a in arrays.values()))
    )
    columns = {role: np.broadcast_to(array, rows).astype(np.float64) for role, array in arrays.items()}
    return (data if data is not None else pd.DataFrame(index=pd.RangeIndex(rows[0]))), columns


def with_results(
    frame: pd.DataFrame,
    *,
    value: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    confidence: float,
    method: pd.Categorical[str],
    numerator: FloatArray,
    denominator: FloatArray,
    expected: FloatArray | float = np.nan,
) -> pd.DataFrame:
    """The table with the columns of results (the input is not changed)."""
    return frame.assign(
        value=value,
        lower=lower,
        upper=upper,
        confidence=confidence,
        method=method,
        numerator=numerator,
        denominator=denominator,
        expected=expected,
    )


def name_methods(
    value: FloatArray, names: tuple[str, ...], code: npt.NDArray[np.int8] | None = None
) -> pd.Categorical[str]:
    """Name of the method in each row, blank where there is no value; `code` is the place in `names`."""
    place = np.zeros(value.shape, np.int8) if code is None else code
    with_blank = np.where(np.isnan(value), np.int8(len(names)), place).astype(np.int8)
    return pd.Categorical.from_codes(with_blank, categories=pd.Index([*names, NO_METHOD]))


def group_codes(
    frame: pd.DataFrame, groups: str | list[str] | None
) -> tuple[pd.DataFrame, npt.NDArray[np.intp], int]:
    """One row of keys a group (in order of appearance), the group of each row, and the number of groups."""
    if groups is None:
        return pd.DataFrame(index=pd.RangeIndex(1)), np.zeros(len(frame), np.intp), 1
    names = [groups] if isinstance(groups, str) else groups
    code = frame.groupby(names, sort=False, dropna=False, observed=True).ngroup().to_numpy().astype(np.intp)
    keys = frame[names].drop_duplicates().reset_index(drop=True)
    return keys, code, len(keys)


def _read(data: pd.DataFrame | None, column: Column) -> FloatArray:
    if not isinstance(column, str):
        return np.atleast_1d(np.asarray(column, np.float64))
    if data is None or column not in data.columns:
        raise InputError(
            Text(f"列「{column}」が表にない", f"the table has no column '{column}'"),
            Text("列名を確認してください", "check the name of the column"),
            column=column,
        )
    try:
        return np.asarray(data[column].to_numpy(dtype=np.float64, na_value=np.nan))
    except (TypeError, ValueError) as error:
        raise InputError(
            Text(
                f"列「{column}」に数値でない値がある", f"column '{column}' holds values that are not numbers"
            ),
            Text("数値または空欄にしてください", "make them numbers or leave them blank"),
            column=column,
        ) from error

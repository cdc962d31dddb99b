"""Direct and indirect standardisation for age and sex.

Direct: the area's own rates weighted by a standard population (:mod:`.standard_population`). Indirect: the area's
events against those expected at the rates of a reference (the SCR, Japan = 100).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from zaitaku_demand.benchmark.intervals import (
    BYAR_FROM,
    FloatArray,
    Limits,
    divide,
    poisson_limits,
    tail,
)
from zaitaku_demand.benchmark.rates import (
    BYAR,
    EXACT,
    Column,
    group_codes,
    name_methods,
    read_columns,
    with_results,
)

DOBSON = "dobson"
DOBSON_DEPENDENT = "dobson_non_independent"
FAY_FEUER = "fay_feuer_1997"
FEWEST_EVENTS = 10
SUPPRESSED = f"suppressed_below_{FEWEST_EVENTS}"


class StandardisedRate(NamedTuple):
    """Parts of a directly standardised rate; arrays (...).

    Attributes
    ----------
    rate : array
        ``r = sum w x / n`` with the shares w of the standard population.
    variance : array
        ``V = sum x (w / n)^2``.
    events : array
        ``O = sum x``.
    largest_weight : array
        ``max w / n``.
    variance_per_event : array
        ``V / O``; without events what it would be if all strata had one rate, ``sum w^2/n / sum n``.
    """

    rate: FloatArray
    variance: FloatArray
    events: FloatArray
    largest_weight: FloatArray
    variance_per_event: FloatArray


def standardised_rate(
    events: npt.ArrayLike, population: npt.ArrayLike, standard: npt.ArrayLike
) -> StandardisedRate:
    """Directly standardised rate of strata in the last axis.

    Parameters
    ----------
    events, population : arrays (..., strata)
    standard : array (..., strata)
        Standard population; only its shares matter. A stratum of weight 0 is left out.

    Returns
    -------
    StandardisedRate
        NaN where a stratum's events are not known or a weighted stratum has no population.
    """
    x, n = np.asarray(events, np.float64), np.asarray(population, np.float64)
    weights = np.asarray(standard, np.float64)
    used = weights > 0
    share = divide(weights, weights.sum(axis=-1, keepdims=True))
    per_person = np.where(used, divide(share, n), 0.0)
    counted = np.where(used, x, 0.0)
    total = counted.sum(axis=-1)
    variance = (counted * per_person**2).sum(axis=-1)
    persons = np.where(used, n, 0.0).sum(axis=-1)
    at_one_rate = divide((share * per_person).sum(axis=-1), persons)
    return StandardisedRate(
        (counted * per_person).sum(axis=-1),
        variance,
        total,
        per_person.max(axis=-1),
        np.where(total > 0, divide(variance, total), at_one_rate),
    )


def dependent_variance(
    frequencies: Mapping[int, npt.ArrayLike], population: npt.ArrayLike, standard: npt.ArrayLike
) -> FloatArray:
    """Variance of the rate where persons have several events: ``V = sum k^2 V_k``.

    Parameters
    ----------
    frequencies : mapping of k to array (..., strata)
        Persons with k events.

    References
    ----------
    Glynn et al. 1993, Am J Epidemiol 137:776; PHEindicatormethods (``calculate_dsr``).
    """
    parts = [
        k * k * standardised_rate(persons, population, standard).variance
        for k, persons in frequencies.items()
    ]
    return np.asarray(np.sum(parts, axis=0), np.float64)


def dobson_limits(
    rate: npt.ArrayLike, events: npt.ArrayLike, variance_per_event: npt.ArrayLike, confidence: float = 0.95
) -> Limits:
    """Limits ``r + sqrt(V/O) (limits of O - O)``.

    References
    ----------
    Dobson, Kuulasmaa, Eberle & Scherer 1991, Stat Med 10:457.
    """
    lower, upper = poisson_limits(events, confidence)
    r, count = np.asarray(rate, np.float64), np.asarray(events, np.float64)
    scale = np.sqrt(np.asarray(variance_per_event, np.float64))
    return r + scale * (lower - count), r + scale * (upper - count)


def fay_feuer_limits(
    rate: npt.ArrayLike, variance: npt.ArrayLike, largest_weight: npt.ArrayLike, confidence: float = 0.95
) -> Limits:
    """Gamma limits of a weighted sum of counts, in the original form of 1997.

    Lower: Gamma quantile with shape r^2/V and scale V/r (0 without events). Upper: shape
    (r + w)^2 / (V + w^2), scale (V + w^2) / (r + w), w the largest weight of one event.

    Notes
    -----
    The R package ``dsr`` adds 1 to the shape and keeps the scale instead; that is another interval.

    References
    ----------
    Fay & Feuer 1997, Stat Med 16:791.
    """
    r, v, w = (np.asarray(part, np.float64) for part in (rate, variance, largest_weight))
    p = tail(confidence)
    some = (r > 0) & (v > 0)
    shape, scale = divide(np.where(some, r * r, 1.0), np.where(some, v, 1.0)), divide(v, r)
    lower = np.where(some, special.gammaincinv(shape, p) * scale, np.where(r == 0, 0.0, np.nan))
    spread = v + w * w
    return lower, special.gammainccinv(divide((r + w) ** 2, spread), p) * divide(spread, r + w)


def expected_events(
    population: npt.ArrayLike, reference_events: npt.ArrayLike, reference_population: npt.ArrayLike
) -> FloatArray:
    """Events expected at the reference's rates, ``E = sum n_i X_i / N_i`` over the last axis.

    A stratum without persons in both adds nothing; persons where the reference has none make it NaN.
    """
    n = np.asarray(population, np.float64)
    rate = divide(reference_events, reference_population)
    return np.asarray(np.where((n == 0) & np.isnan(rate), 0.0, n * rate).sum(axis=-1))


def directly_standardised_rate(
    data: pd.DataFrame,
    *,
    events: str,
    population: str,
    standard: Column,
    groups: str | list[str] | None = None,
    frequencies: Mapping[int, str] | None = None,
    multiplier: float = 100_000.0,
    confidence: float = 0.95,
    method: Literal["dobson", "fay_feuer_1997"] = "dobson",
    fewest_events: float = FEWEST_EVENTS,
) -> pd.DataFrame:
    """Directly standardised rate of each group of a table with one row a stratum.

    Parameters
    ----------
    data : DataFrame
        One row a group and stratum (age, or sex and age).
    events, population : column
        NaN events are unknown and leave the whole group without a rate; put 0 where there were none.
    standard : column or array (rows,)
        Standard population of the row's stratum.
    groups : column or columns, optional
    frequencies : mapping of k to column, optional
        Persons with k events, where events of one person are not independent (Dobson only).
    multiplier, confidence : float
    method : {"dobson", "fay_feuer_1997"}
    fewest_events : float
        Groups with fewer events are suppressed (no value, method ``suppressed_below_10``).

    Returns
    -------
    DataFrame
        Groups and columns of results; numerator is all events, denominator the whole population.

    References
    ----------
    Dobson et al. 1991; Fay & Feuer 1997; the lower bound of 10 events is that of PHEindicatormethods.
    """
    named: dict[str, Column] = {"events": events, "population": population, "standard": standard}
    named |= {f"persons with {k}": column for k, column in (frequencies or {}).items()}
    frame, columns = read_columns(data, **named)
    keys, code, number = group_codes(frame, groups)
    strata = frame.groupby(code).cumcount().to_numpy().astype(np.intp)
    dense = {name: _dense(column, code, strata, number) for name, column in columns.items()}
    # A stratum that a group does not have is of weight 0 there.
    x, n, w = dense["events"], dense["population"], dense["standard"]
    parts = standardised_rate(x, n, w)
    per_event = parts.variance_per_event
    if frequencies:
        variance = dependent_variance({k: dense[f"persons with {k}"] for k in frequencies}, n, w)
        per_event = np.where(parts.events > 0, divide(variance, parts.events), per_event)
    if method == FAY_FEUER:
        lower, upper = fay_feuer_limits(parts.rate, parts.variance, parts.largest_weight, confidence)
    else:
        lower, upper = dobson_limits(parts.rate, parts.events, per_event, confidence)
    few = parts.events < fewest_events
    value = np.where(few, np.nan, parts.rate)
    name = DOBSON_DEPENDENT if frequencies else method
    names = name_methods(np.where(few, 0.0, value), (name, SUPPRESSED), few.astype(np.int8))
    return with_results(
        keys,
        value=multiplier * value,
        lower=multiplier * np.where(np.isnan(value), np.nan, lower),
        upper=multiplier * np.where(np.isnan(value), np.nan, upper),
        confidence=confidence,
        method=names,
        numerator=parts.events,
        denominator=np.where(w > 0, n, 0.0).sum(axis=-1),
    )


def indirectly_standardised_ratio(
    data: pd.DataFrame | None = None,
    *,
    observed: Column,
    expected: Column,
    multiplier: float = 100.0,
    confidence: float = 0.95,
    event_size: Column = 1.0,
) -> pd.DataFrame:
    """Observed over expected events (SCR, SMR), with the limits of the observed count divided by the expected.

    Parameters
    ----------
    data : DataFrame, optional
    observed, expected : column or array (units,)
    multiplier : float
        100 for "Japan = 100".
    confidence : float
    event_size : column, array or float
        Counted things that come together; see :func:`~zaitaku_demand.benchmark.intervals.poisson_limits`.

    Returns
    -------
    DataFrame
        numerator is the observed count; denominator and expected are both the expected count.

    References
    ----------
    Breslow & Day 1987, p. 69.
    """
    frame, columns = read_columns(data, observed=observed, expected=expected, event_size=event_size)
    return _indirect(frame, columns, multiplier, confidence, columns["expected"])


def indirectly_standardised_rate(
    data: pd.DataFrame | None = None,
    *,
    observed: Column,
    expected: Column,
    reference_rate: Column,
    denominator: Column = np.nan,
    multiplier: float = 100_000.0,
    confidence: float = 0.95,
    event_size: Column = 1.0,
) -> pd.DataFrame:
    """Indirectly standardised ratio times the crude rate of the reference.

    Parameters are those of :func:`indirectly_standardised_ratio`, and

    reference_rate : column, array or float
        Crude rate of the reference, events per person.
    denominator : column or array, optional
        Population of the unit, carried into the result only.
    """
    frame, columns = read_columns(
        data,
        observed=observed,
        expected=expected,
        event_size=event_size,
        rate=reference_rate,
        denominator=denominator,
    )
    return _indirect(frame, columns, multiplier * columns["rate"], confidence, columns["denominator"])


def _indirect(
    frame: pd.DataFrame,
    columns: dict[str, FloatArray],
    multiplier: FloatArray | float,
    confidence: float,
    denominator: FloatArray,
) -> pd.DataFrame:
    observed, expected, size = columns["observed"], columns["expected"], columns["event_size"]
    lower, upper = poisson_limits(observed, confidence, size)
    value = multiplier * divide(observed, expected)
    few = (divide(observed, size) < BYAR_FROM).astype(np.int8)
    return with_results(
        frame,
        value=value,
        lower=multiplier * divide(lower, expected),
        upper=multiplier * divide(upper, expected),
        confidence=confidence,
        method=name_methods(value, (BYAR, EXACT), few),
        numerator=observed,
        denominator=denominator,
        expected=expected,
    )


def _dense(
    column: FloatArray, group: npt.NDArray[np.intp], stratum: npt.NDArray[np.intp], groups: int
) -> FloatArray:
    dense = np.zeros((groups, int(stratum.max(initial=-1)) + 1))
    dense[group, stratum] = column
    return dense

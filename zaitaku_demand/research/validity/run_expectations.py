"""Convergent and discriminant correlations against what was expected beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.validity.attenuation import pooled_reliability, reliability_of
from zaitaku_demand.research.validity.correlation import (
    Correlation,
    clustered_rank_correlation,
    disattenuated,
    rank_correlation,
    without_cluster_means,
    without_place_and_year_means,
)
from zaitaku_demand.research.validity.expectations import Expectation
from zaitaku_demand.research.validity.pooling import (
    common_years,
    pooled_pair,
    same_counts,
    same_denominator,
)
from zaitaku_demand.research.validity.rows import validity_row
from zaitaku_demand.research.validity.run_margin import margin_rows
from zaitaku_demand.research.validity.settings import ValiditySettings

_LEAST_YEARS = 3


class _Found(NamedTuple):
    scope: str
    method: str
    correlation: Correlation
    places: int
    years: tuple[int, ...]
    years_differ: bool


def expectation_rows(
    panel: Panel,
    settings: ValiditySettings,
    expectations: Sequence[Expectation],
    reliability: pd.DataFrame | None = None,
) -> list[dict[str, object]]:
    """One row for each declared correlation, and one corrected for attenuation.

    The reliabilities are those of the given table, carried over to the number of years put together; of a variable that the
    table does not have (processes and structures), the mean weight of empirical Bayes of the same figures.

    Statistics ``convergent`` and ``discriminant`` are between places. ``…_within_prefecture`` (areas only) takes both as
    deviations from the mean of the prefecture, ``…_over_time`` as deviations from the means of place and year in the years
    both have: it asks whether the two also *change* together. ``…_disattenuated`` is between places. `note` says whether
    the interval is as expected; for what shares its counts no verdict is given.

    ``discriminant_margin`` is the mean of the convergent correlations less the mean absolute discriminant one: an outcome
    should be closer to what it belongs with than to what it does not (Campbell & Fiske 1959, Psychol Bull 56:81).
    """
    rows: list[dict[str, object]] = []
    for expectation in expectations:
        if not {expectation.outcome, expectation.other} <= set(panel.series):
            continue
        if not (panel[expectation.outcome].years and panel[expectation.other].years):
            continue
        shared = expectation.part_of_the_same or same_counts(panel, expectation.outcome, expectation.other)
        for found in _correlations(panel, settings, expectation):
            rows.append(_row(panel, settings, expectation, found, shared))
            if found.scope == "":
                rows.append(_corrected_row(panel, settings, expectation, found, reliability))
    return rows + margin_rows(panel, settings, expectations)


def verdict_of(found: Correlation, expectation: Expectation, weak_below: float) -> str:
    """``as_expected``, ``contrary`` or ``undetermined`` from the interval alone.

    A sign is as expected if the whole interval is on its side of 0. No relation is as expected if the whole interval
    lies within -+ `weak_below`, and contrary if it lies wholly outside.
    """
    low, high = found.lower, found.upper
    if not (np.isfinite(low) and np.isfinite(high)):
        return "too_few_places"
    if expectation.kind == "discriminant":
        if -weak_below < low and high < weak_below:
            return "as_expected"
        return "contrary" if low > weak_below or high < -weak_below else "undetermined"
    if expectation.sign == "negative":
        low, high = -high, -low
    if low > 0:
        return "as_expected"
    return "contrary" if high < 0 else "undetermined"


def _correlations(panel: Panel, settings: ValiditySettings, expectation: Expectation) -> Iterator[_Found]:
    one, other = panel[expectation.outcome], panel[expectation.other]
    first, second, spans, differ = pooled_pair(one, other, settings.pooled_years)
    a, b = first.relative, second.relative
    enough = int((np.isfinite(a) & np.isfinite(b)).sum())
    if panel.level == "prefecture":
        yield _Found("", "bonett_wright", rank_correlation(a, b, settings.confidence), enough, spans, differ)
    else:
        # Areas of one prefecture share its history and its payers, so they are no independent rows.
        yield _Found(
            "", "cluster_bootstrap", _clustered(a, b, panel.clusters, settings), enough, spans, differ
        )
        within = [
            without_cluster_means(np.where(np.isfinite(a + b), part, np.nan), panel.clusters)
            for part in (a, b)
        ]
        found = _clustered(within[0], within[1], panel.clusters, settings)
        yield _Found("_within_prefecture", "cluster_bootstrap", found, found.rows, spans, differ)
    every = common_years(one, other, len(one.years))
    if len(every) >= _LEAST_YEARS and other.kind != "normal":
        values = panel.values([expectation.outcome, expectation.other], every)
        values = np.where(np.isfinite(values).all(axis=0), values, np.nan)
        moves = [without_place_and_year_means(part) for part in values]
        places = int(np.isfinite(moves[0]).all(axis=1).sum())
        by_place = np.repeat(np.arange(len(panel.places)), len(every))
        found = _clustered(moves[0].ravel(), moves[1].ravel(), by_place, settings)
        yield _Found("_over_time", "two_way_deviations_cluster_bootstrap", found, places, every, False)


def _clustered(a: FloatArray, b: FloatArray, clusters: np.ndarray, settings: ValiditySettings) -> Correlation:
    return clustered_rank_correlation(
        a, b, clusters, settings.cluster_draws, settings.seed, settings.confidence
    )


def _row(
    panel: Panel, settings: ValiditySettings, expectation: Expectation, found: _Found, shared: bool
) -> dict[str, object]:
    note = verdict_of(found.correlation, expectation, settings.weak_below)
    if found.places < settings.least_places:
        note = "too_few_places"
    elif shared:
        note = "same_counts"
    known = note != "too_few_places"
    return validity_row(
        panel,
        expectation.outcome,
        expectation.kind + found.scope,
        found.years,
        _parameters(panel, settings, expectation, found),
        term=expectation.other,
        method=f"spearman_{found.method}",
        estimate=found.correlation.value if known else np.nan,
        lower=found.correlation.lower if known else np.nan,
        upper=found.correlation.upper if known else np.nan,
        confidence=settings.confidence,
        n_places=found.places,
        note=note,
    )


def _corrected_row(
    panel: Panel,
    settings: ValiditySettings,
    expectation: Expectation,
    found: _Found,
    reliability: pd.DataFrame | None,
) -> dict[str, object]:
    names = (expectation.outcome, expectation.other)
    one, other, _, _ = pooled_pair(panel[names[0]], panel[names[1]], settings.pooled_years)
    given = [
        reliability_of(reliability, name, panel.level, len(figures.years))
        for name, figures in zip(names, (one, other), strict=True)
    ]
    known = [
        each if np.isfinite(each) else pooled_reliability(figures)
        for each, figures in zip(given, (one, other), strict=True)
    ]
    parameters = _parameters(panel, settings, expectation, found)
    note, value = "", Correlation(np.nan, np.nan, np.nan, found.correlation.rows)
    if not np.isfinite(known).all():
        note = "no_reliability"
    elif min(known) < settings.least_reliability:
        note = "low_reliability"
    elif found.places < settings.least_places:
        note = "too_few_places"
    else:
        sources = ["table" if np.isfinite(each) else "empirical_bayes" for each in given]
        parameters |= {
            "reliability_outcome": round(known[0], 6),
            "reliability_other": round(known[1], 6),
            "reliability_sources": sources,
        }
        value = disattenuated(found.correlation, known[0], known[1])
        note = "above_one" if abs(value.value) > 1 else ""
    return validity_row(
        panel,
        expectation.outcome,
        f"{expectation.kind}_disattenuated",
        found.years,
        parameters,
        term=expectation.other,
        method=f"spearman_1904_{found.method}",
        estimate=value.value,
        lower=value.lower,
        upper=value.upper,
        confidence=settings.confidence,
        n_places=found.places,
        note=note,
    )


def _parameters(
    panel: Panel, settings: ValiditySettings, expectation: Expectation, found: _Found
) -> dict[str, object]:
    drawn = (
        {} if found.method == "bonett_wright" else {"draws": settings.cluster_draws, "seed": settings.seed}
    )
    return {
        "expected": expectation.sign,
        "weak_below": settings.weak_below,
        "years_differ": found.years_differ,
        "same_denominator": same_denominator(panel, expectation.outcome, expectation.other),
        **drawn,
    }

"""Reliability of every candidate outcome of a panel as one tidy table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.research.panel import Panel, Series
from zaitaku_demand.research.reliability.consequences import (
    consequence_rows,
    estimate_of,
    normal_misclassified_rows,
)
from zaitaku_demand.research.reliability.likelihood import CountKind, CountPrior, maximum_likelihood
from zaitaku_demand.research.reliability.one_year import (
    core_estimate,
    estimates_side_by_side,
    normal_estimates,
    scales,
)
from zaitaku_demand.research.reliability.over_years import Row, rows_over_years
from zaitaku_demand.research.reliability.settings import ReliabilitySettings
from zaitaku_demand.research.result import RESULT_COLUMNS, result_row, result_table
from zaitaku_demand.research.validity.pooling import pool

NEGLIGIBLE_CHANCE = 0.99
"""Reliability from which on chance explains nothing, so that it says nothing about the comparison either."""
MOSTLY_SHOWN = 0.9
"""Share of places with a figure below which the estimate is said to be one of the places shown."""
_ESTIMATED = STATE_NAMES.index("estimated")
_OBSERVED = STATE_NAMES.index("observed")


def reliability_table(panel: Panel, settings: ReliabilitySettings | None = None) -> pd.DataFrame:
    """Reliability, stability over years, cases and years needed, and misclassification of all candidate outcomes.

    Parameters
    ----------
    panel : Panel
    settings : ReliabilitySettings, optional

    Returns
    -------
    DataFrame
        Layout of :mod:`zaitaku_demand.research.result`; statistics, methods and notes are explained in
        :mod:`zaitaku_demand.research.reliability.words`. `term` names the type of area of rows ``places_shown``.
        One-year statistics are those of the latest year. ``cases_for`` and `median_size` are in the unit of the
        denominator, ``expected_events_for`` in independent cases. What cannot be had has no estimate and a note.
    """
    chosen = settings or ReliabilitySettings()
    rows = []
    for name in panel.names("outcome"):
        series = panel[name]
        described = panel.variables.loc[name]
        fixed = {
            "place": str(described["place"]),
            "better": str(described["better"]),
            "denominator": str(described["denominator"]),
            "event_size": series.event_size,
        }
        for row in _outcome_rows(panel, series, chosen):
            extra = {key: value for key, value in row.items() if key not in RESULT_COLUMNS}
            given = {key: value for key, value in row.items() if key in RESULT_COLUMNS}
            years = row.get("_years", series.years)
            assert isinstance(years, tuple)
            filled = {
                "analysis": "reliability",
                "level": panel.level,
                "outcome": name,
                "n_years": len(years),
                "first_year": years[0],
                "last_year": years[-1],
                "confidence": chosen.confidence,
                **given,
            }
            extra.pop("_years", None)
            rows.append(result_row({**fixed, **extra, "seed": chosen.seed}, **filled))
    return result_table(rows)


def _outcome_rows(panel: Panel, series: Series, settings: ReliabilitySettings) -> Iterator[Row]:
    latest = (series.years[-1],)
    for row in _shown_rows(panel, series.in_years(latest)):
        yield {**row, "_years": latest}
    if series.kind == "normal":
        yield {"statistic": "reliability", "note": "normal_kind", "_years": latest}
    else:
        kind: CountKind = "binomial" if series.kind == "binomial" else "poisson"
        for row in _one_year_rows(panel, kind, series.in_years(latest), settings):
            yield {**row, "_years": latest}
        yield from _other_years(kind, series, settings)
    for row in rows_over_years(series, settings):
        yield row
        lasting = float(str(row.get("estimate", np.nan)))
        if row["statistic"] == "lasting_reliability" and not np.isnan(lasting):
            for each in normal_misclassified_rows("normal_theory_lasting", np.array([lasting]), settings):
                yield {"n_places": row["n_places"], **each}


def _shown_rows(panel: Panel, series: Series) -> Iterator[Row]:
    """How many places have a figure, all and by type of area: small ones are hidden first, so it is no random part."""
    shown = ~np.isnan(series.numerator[:, 0])
    kinds = panel.places["type"].astype("object").to_numpy()
    masks = {"": np.ones(len(shown), dtype=np.bool_)}
    if panel.level == "area":
        masks |= {str(kind): kinds == kind for kind in pd.unique(kinds) if isinstance(kind, str)}
    for term, mask in masks.items():
        yield {
            "statistic": "places_shown",
            "method": "count",
            "term": term,
            "estimate": float(shown[mask].mean()),
            "n_places": int(shown[mask].sum()),
            "of": int(mask.sum()),
        }
    if shown.any():
        estimated = series.state[shown, 0] == _ESTIMATED
        yield {
            "statistic": "places_estimated",
            "method": "count",
            "estimate": float(estimated.mean()),
            "n_places": int(shown.sum()),
        }


def _one_year_rows(
    panel: Panel, kind: CountKind, series: Series, settings: ReliabilitySettings
) -> Iterator[Row]:
    events, size = series.events[:, 0], series.size[:, 0]
    known = ~np.isnan(events)
    places = int(known.sum())
    if places < settings.least_places:
        yield {"statistic": "reliability", "n_places": places, "note": "too_few_places"}
        return
    prior = maximum_likelihood(kind, events, size, settings.confidence)
    middle = float(np.median(size[known]))
    hidden = known.mean() < MOSTLY_SHOWN
    for estimate in estimates_side_by_side(kind, events, size, settings, prior):
        note = estimate.note or ("hidden_places" if hidden else _near_one(estimate.value))
        yield {
            **estimate_of(estimate.value, estimate.lower, estimate.upper),
            "statistic": "reliability",
            "method": estimate.method,
            "n_places": places,
            "note": note or ("not_estimable" if np.isnan(estimate.value) else ""),
            "median_size": middle * series.event_size,
        }
    if panel.level == "area":
        yield _within_prefecture(panel, kind, events, size, settings)
        yield from _within_types(panel, kind, events, size, settings)
    yield from _hidden_part(kind, series, settings)
    if np.isfinite(float(prior.size)):
        for row in consequence_rows(kind, prior, size, settings):
            note = str(row.get("note", "")) or ("hidden_places" if hidden else "")
            yield {"n_places": places, **_in_own_unit(row, series.event_size), "note": note}


def _in_own_unit(row: Row, event_size: float) -> Row:
    """Cases needed in the unit of the denominator (deaths, patient-months), not in that of independent cases."""
    if not str(row["statistic"]).startswith("cases_for_"):
        return row
    scaled = {name: float(str(row[name])) * event_size for name in ("estimate", "lower", "upper")}
    return {**row, **scaled}


def _within_prefecture(
    panel: Panel, kind: CountKind, events: FloatArray, size: FloatArray, settings: ReliabilitySettings
) -> Row:
    known = ~np.isnan(events)
    groups = panel.clusters[known]
    own = pd.Series(groups).map(pd.Series(groups).value_counts()).to_numpy() > 1
    row: Row = {"statistic": "reliability_within_prefecture", "n_places": int(own.sum())}
    if own.sum() < settings.least_places:
        return {**row, "note": "too_few_places"}
    estimate = normal_estimates(
        kind, scales(kind)[0], events[known][own], size[known][own], settings, groups[own]
    )[0]
    values = estimate_of(estimate.value, estimate.lower, estimate.upper)
    return {**row, **values, "method": estimate.method, "note": "single_places"}


def _within_types(
    panel: Panel, kind: CountKind, events: FloatArray, size: FloatArray, settings: ReliabilitySettings
) -> Iterator[Row]:
    """Reliability among the areas of one type: small ones differ from large ones, which is no signal among either."""
    kinds = panel.places["type"].astype("object").to_numpy()
    for term in (each for each in pd.unique(kinds) if isinstance(each, str)):
        own = (kinds == term) & ~np.isnan(events)
        row: Row = {"statistic": "reliability_within_type", "term": term, "n_places": int(own.sum())}
        if own.sum() < settings.least_places:
            yield {**row, "note": "too_few_places"}
            continue
        prior = maximum_likelihood(kind, events[own], size[own], settings.confidence)
        estimate = core_estimate(kind, prior, float(np.median(size[own])))
        values = estimate_of(estimate.value, estimate.lower, estimate.upper)
        hidden = own.sum() < MOSTLY_SHOWN * (kinds == term).sum()
        note = estimate.note or ("hidden_places" if hidden else _near_one(estimate.value))
        yield {**row, **values, "method": estimate.method, "note": note}


def _hidden_part(kind: CountKind, series: Series, settings: ReliabilitySettings) -> Iterator[Row]:
    """Sensitivity to figures that are partly estimated."""
    events, size, state = series.events[:, 0], series.size[:, 0], series.state[:, 0]
    observed = (state == _OBSERVED) & ~np.isnan(events)
    row: Row = {"statistic": "reliability_observed_only", "n_places": int(observed.sum())}
    if observed.sum() < settings.least_places:
        yield {**row, "note": "no_observed"}
    else:
        prior = maximum_likelihood(kind, events[observed], size[observed], settings.confidence)
        estimate = core_estimate(kind, prior, float(np.median(size[observed])))
        values = estimate_of(estimate.value, estimate.lower, estimate.upper)
        yield {**row, **values, "method": estimate.method, "note": estimate.note}
    row = {"statistic": "reliability_with_estimation_error"}
    estimated = state == _ESTIMATED
    if kind == "binomial" or not estimated.any():
        note = "nothing_estimated" if not estimated.any() else "not_assessed"
        yield {**row, "note": note}
        return
    # A relative error uniform within the tolerance has variance tolerance^2 / 3 on the log scale.
    extra = np.where(estimated, settings.estimated_tolerance**2 / 3, 0.0)
    known = ~np.isnan(events)
    estimate = normal_estimates(kind, "log", events[known], size[known], settings, extra=extra[known])[0]
    yield {
        **row,
        **estimate_of(estimate.value, estimate.lower, estimate.upper),
        "method": estimate.method,
        "n_places": int(known.sum()),
        "tolerance": settings.estimated_tolerance,
    }


def _other_years(kind: CountKind, series: Series, settings: ReliabilitySettings) -> Iterator[Row]:
    events, size = series.events, series.size
    prior = maximum_likelihood(kind, events.T, size.T, settings.confidence)
    for position, year in enumerate(series.years):
        known = ~np.isnan(events[:, position])
        if known.sum() < settings.least_places:
            continue
        own = CountPrior(*(part[position] for part in prior))
        estimate = core_estimate(kind, own, float(np.median(size[known, position])))
        yield {
            **estimate_of(estimate.value, estimate.lower, estimate.upper),
            "statistic": "reliability_by_year",
            "method": estimate.method,
            "n_places": int(known.sum()),
            "note": estimate.note,
            "_years": (year,),
        }
    some = ~np.isnan(events).all(axis=-1)
    row: Row = {"statistic": "reliability_pooled", "n_places": int(some.sum())}
    if len(series.years) < 2 or some.sum() < settings.least_places:
        yield {**row, "note": "one_year" if len(series.years) < 2 else "too_few_places"}
        return
    together = pool(series, series.years)
    summed, total = together.events[some], together.size[some]
    estimate = core_estimate(
        kind, maximum_likelihood(kind, summed, total, settings.confidence), float(np.median(total))
    )
    values = estimate_of(estimate.value, estimate.lower, estimate.upper)
    note = estimate.note or _near_one(estimate.value)
    yield {**row, **values, "method": estimate.method, "note": note}


def _near_one(value: float) -> str:
    return "chance_negligible" if value > NEGLIGIBLE_CHANCE else ""

"""What is measured and judged of every indicator of the panels, and its scores."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.declaration import FUNCTIONS, TYPES
from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.indicators.measures import Measure, measures
from zaitaku_demand.research.core_set import scores
from zaitaku_demand.research.core_set.judgements import Judgement
from zaitaku_demand.research.core_set.settings import CoreSetSettings
from zaitaku_demand.research.panel import Panel, Series
from zaitaku_demand.research.validity.pooling import latest_years, pool

CRITERIA = ("importance", "reliability", "validity", "feasibility", "timeliness", "sensitivity", "gaming")
ENOUGH_JUDGED = ("importance", "gaming")
"""Criteria without which a candidate cannot be chosen."""
_ESTIMATED = STATE_NAMES.index("estimated")


@dataclass(frozen=True)
class Criteria:
    """Candidates with what was measured of them.

    Attributes
    ----------
    candidates : DataFrame
        Index: id, sorted. type, function, label_ja, label_en, numerator, family, grade, risk, first_year, latest_year,
        levels (joined by ``+``).
    scores : array (candidates, criteria)
        0 to 1 in the order of ``CRITERIA``; NaN where not known.
    table : DataFrame
        One row a candidate and criterion: id, criterion, score, weight, measured, method, parameters (JSON: by level
        or caveat), note.
    """

    candidates: pd.DataFrame
    scores: FloatArray
    table: pd.DataFrame

    @property
    def ids(self) -> list[str]:
        """Ids of the candidates in the order of `scores`."""
        return [str(name) for name in self.candidates.index]


@dataclass(frozen=True)
class _Found:
    measured: float
    score: float
    method: str
    parts: Mapping[str, object]
    note: str = ""


def measured_criteria(
    panels: Mapping[str, Panel],
    settings: CoreSetSettings,
    judgements: Mapping[str, Judgement],
    reliability: Mapping[tuple[str, str], float] | None = None,
    validity: Mapping[str, float] | None = None,
) -> Criteria:
    """Scores of all indicators that have a figure in a panel of the declared levels.

    A user's own outcome without a type and function is no candidate: no cell is known for it. It can be written
    into the file of the core set by hand.

    Parameters
    ----------
    panels : mapping of level to Panel
    reliability : mapping of (indicator, level) to 0-1, optional
        Takes the place of the one computed here.
    validity : mapping of indicator to 0-1, optional
        Takes the place of the count of caveats.

    Notes
    -----
    One yardstick for all: the computed caveats. `validity.scores.validity_scores` knows outcomes only and is on another
    scale, so mixing the two would let the choice turn on which of them an indicator happens to be measured by. The
    same holds for reliability. Give a table only if it has *all* candidates.
    """
    used: dict[str, Panel] = {level: panels[level] for level in settings.levels if level in panels}
    declared = measures()
    weights = dict(settings.weights)
    rows, described, matrix = [], [], []
    for name in sorted(_names(used)):
        series: dict[str, Series] = {
            level: panel[name] for level, panel in used.items() if name in panel.series and panel[name].years
        }
        row = next(
            panel.variables.loc[name].to_dict() for panel in used.values() if name in panel.variables.index
        )
        judged = judgements.get(name)
        found = {
            "importance": _judged(None if judged is None else judged.grade, False),
            "reliability": _reliability(name, series, settings, reliability or {}),
            "validity": _validity(name, row, series, declared, settings, validity or {}),
            "feasibility": _feasibility(series, settings),
            "timeliness": _timeliness(series, settings),
            "sensitivity": _sensitivity(series, settings),
            "gaming": _judged(None if judged is None else judged.risk, True),
        }
        matrix.append([found[criterion].score for criterion in CRITERIA])
        described.append(_described(name, row, series, judged))
        rows += [_row(name, criterion, found[criterion], float(weights[criterion])) for criterion in CRITERIA]
    columns = ["id", "criterion", "score", "weight", "measured", "method", "parameters", "note"]
    candidates = pd.DataFrame(described, columns=_CANDIDATE_COLUMNS).set_index("id")
    array = np.array(matrix, np.float64).reshape(-1, len(CRITERIA))
    return Criteria(candidates, array, pd.DataFrame(rows, columns=columns))


_CANDIDATE_COLUMNS = [
    "id",
    "type",
    "function",
    "label_ja",
    "label_en",
    "numerator",
    "family",
    "grade",
    "risk",
    "first_year",
    "latest_year",
    "levels",
]


def _names(panels: Mapping[str, Panel]) -> set[str]:
    return {
        name
        for panel in panels.values()
        for name in (*panel.names("outcome"), *panel.names("exposure"))
        if panel.variables.loc[name, "type"] in TYPES and panel.variables.loc[name, "function"] in FUNCTIONS
    }


def _described(
    name: str, row: Mapping[Hashable, object], series: Mapping[str, Series], judged: Judgement | None
) -> dict[str, object]:
    known = indicators().get(name)
    return {
        "id": name,
        "type": row["type"],
        "function": row["function"],
        "label_ja": row["label_ja"],
        "label_en": row["label_en"],
        "numerator": row["numerator"],
        "family": (known.supplement_of if known is not None else None) or name,
        "grade": np.nan if judged is None else judged.grade,
        "risk": np.nan if judged is None else judged.risk,
        "first_year": min(each.years[0] for each in series.values()),
        "latest_year": max(each.years[-1] for each in series.values()),
        "levels": "+".join(series),
    }


def _row(name: str, criterion: str, found: _Found, weight: float) -> dict[str, object]:
    return {
        "id": name,
        "criterion": criterion,
        "score": found.score,
        "weight": weight,
        "measured": found.measured,
        "method": found.method,
        "parameters": json.dumps(dict(found.parts), ensure_ascii=False, sort_keys=True),
        "note": found.note,
    }


def _judged(grade: float | None, reverse: bool) -> _Found:
    if grade is None:
        return _Found(np.nan, np.nan, "judgement", {}, "no_judgement")
    score = float(scores.grade_score(grade))
    return _Found(grade, 1 - score if reverse else score, "judgement", {})


def _reliability(
    name: str,
    series: Mapping[str, Series],
    settings: CoreSetSettings,
    supplied: Mapping[tuple[str, str], float],
) -> _Found:
    given = {level: supplied[name, level] for level in series if (name, level) in supplied}
    if given:
        return _mean(given, "supplied", "")
    by_level: dict[str, float] = {}
    for level, each in series.items():
        late = _latest(each, settings.latest_years)
        by_year = scores.one_year_reliability(late.events.T, late.size.T, late.kind, settings.least_places)
        if not np.isnan(by_year).all():
            by_level[level] = float(np.nanmean(by_year))
    note = "no_counts" if all(each.kind == "normal" for each in series.values()) else "too_few_places"
    return _mean(by_level, "signal_to_noise", note)


def _validity(
    name: str,
    row: Mapping[Hashable, object],
    series: Mapping[str, Series],
    declared: Mapping[str, Measure],
    settings: CoreSetSettings,
    supplied: Mapping[str, float],
) -> _Found:
    if name in supplied:
        return _Found(supplied[name], supplied[name], "supplied", {})
    late = [_latest(each, settings.latest_years) for each in series.values()]
    shown = sum(int(np.isfinite(each.rate).sum()) for each in late)
    estimated = sum(int((np.isfinite(each.rate) & (each.state == _ESTIMATED)).sum()) for each in late)
    caveats = {
        "institution": float(row["place"] == "institution" or str(row["denominator"]).startswith("ndb_")),
        "claims_not_persons": float(
            max([float(str(row["denominator_event_size"])), *(each.event_size for each in late)]) > 1
        ),
        "estimated": estimated / shown if shown else 0.0,
        "break": float(_breaks(row, series, declared)),
        "unadjusted": float(row["statistic"] != "scr"),
        "no_direction": float(row["better"] == "neutral"),
    }
    share = fmean(caveats.values())
    return _Found(sum(caveats.values()), 1 - share, "declared_caveats", caveats)


def _breaks(
    row: Mapping[Hashable, object], series: Mapping[str, Series], declared: Mapping[str, Measure]
) -> bool:
    """Whether a declared break lies inside any of the series."""
    named = [*str(row["numerator"]).split("+"), str(row["denominator"])]
    years = [each.year for name in named if name in declared for each in declared[name].breaks]
    return any(each.years[0] < year <= each.years[-1] for each in series.values() for year in years)


def _feasibility(series: Mapping[str, Series], settings: CoreSetSettings) -> _Found:
    shares: dict[str, float] = {
        level: float(np.isfinite(_latest(series[level], settings.latest_years).rate).mean())
        if level in series
        else 0.0
        for level in settings.levels
    }
    note = "" if len(series) == len(settings.levels) else "level_without_data"
    return replace(_mean(shares, "coverage", note), note=note)


def _timeliness(series: Mapping[str, Series], settings: CoreSetSettings) -> _Found:
    by_level = {
        level: fmean(
            (
                scores.recency_score(each.years[-1], settings.plan_year, settings.oldest_years),
                scores.regularity_score(each.years, settings.plan_year, settings.oldest_years),
            )
        )
        for level, each in series.items()
    }
    mean = fmean(by_level.values())
    latest = max(each.years[-1] for each in series.values())
    return _Found(float(settings.plan_year - latest), mean, "recency_and_regularity", by_level)


def _sensitivity(series: Mapping[str, Series], settings: CoreSetSettings) -> _Found:
    by_level: dict[str, float] = {}
    for level, each in series.items():
        earlier = [year for year in each.years if 0 < each.years[-1] - year <= settings.change_years]
        if not earlier:
            continue
        two = each.in_years((earlier[0], each.years[-1]))
        found = scores.change_reliability(two.events.T, two.size.T, two.kind, settings.least_places)
        if not np.isnan(found):
            by_level[level] = found
    if not by_level and all(len(each.years) == 1 for each in series.values()):
        # With one year in hand no change can be seen: that is what the criterion asks, not a gap in it.
        return _Found(0.0, 0.0, "change_signal_to_noise", {}, "one_year")
    return _mean(by_level, "change_signal_to_noise", "too_few_places")


def _mean(by_level: Mapping[str, float], method: str, note: str) -> _Found:
    if not by_level:
        return _Found(np.nan, np.nan, method, {}, note)
    mean = float(np.clip(fmean(by_level.values()), 0, 1))
    return _Found(mean, mean, method, {level: round(value, 4) for level, value in by_level.items()})


def _latest(series: Series, years: int) -> Series:
    return series.in_years(series.years[-years:])


def level_values(panel: Panel, names: Sequence[str], years: int) -> FloatArray:
    """Rate of the latest years together, array (names, places); NaN where none of them has a figure or the name is unknown.

    Places are comparable whichever of the years they have (:func:`~zaitaku_demand.research.validity.pooling.pool`).
    """
    out = np.full((len(names), len(panel.places)), np.nan)
    for position, name in enumerate(names):
        if name in panel.series and panel[name].years:
            out[position] = pool(panel[name], latest_years(panel[name], years)).rate
    return out

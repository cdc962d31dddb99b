"""The core set from the panels: criteria, redundancy, choice, order of priority, stability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.indicators.declaration import FUNCTIONS, TYPES
from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.research.core_set import redundancy, words
from zaitaku_demand.research.core_set.adapters import reliability_by_level, validity_scores
from zaitaku_demand.research.core_set.criteria import (
    CRITERIA,
    ENOUGH_JUDGED,
    Criteria,
    level_values,
    measured_criteria,
)
from zaitaku_demand.research.core_set.judgements import Judgement, default_judgements
from zaitaku_demand.research.core_set.reasons import Group, Picture, both
from zaitaku_demand.research.core_set.redundancy import IntArray
from zaitaku_demand.research.core_set.scores import topsis, weighted_value
from zaitaku_demand.research.core_set.select import BoolArray, Demands, best_sets
from zaitaku_demand.research.core_set.settings import CoreSetSettings
from zaitaku_demand.research.core_set.stability import stability_table
from zaitaku_demand.research.panel import Panel

CELL_FUNCTIONS = tuple(name for name in FUNCTIONS if name != "all")
CELLS = tuple((function, kind) for function in CELL_FUNCTIONS for kind in TYPES)
"""The twelve cells: four functions, three types."""


@dataclass(frozen=True)
class CoreSet:
    """A proposed core set with all that speaks for and against it.

    Attributes
    ----------
    members : DataFrame
        In order of priority: id, function, type, order, value, value_rank, topsis_rank, share, verdict, for_cell
        (would not be chosen by its value alone), levels (joined by ``+``), latest_year, label_ja, label_en, reason_ja,
        reason_en. The first of each cell come first, by value; then the others, by value.
    criteria : DataFrame
        One row a candidate and criterion: id, criterion, score, weight, measured, method, parameters, note.
    stability : DataFrame
        See :func:`~zaitaku_demand.research.core_set.stability.stability_table`.
    clusters : DataFrame
        cluster, id, kind (correlation, same_count, family), level, strength (mean absolute rank correlation with
        the others of the cluster; NaN for the other kinds). Only clusters of two and more.
    left_out : DataFrame
        Candidates close to the set: id, function, type, value, value_rank, code, other, reason_ja, reason_en.
    empty_cells : DataFrame
        function, type, declared (ids joined by ``+``), reason_ja, reason_en.
    settings : CoreSetSettings
    note : str
        ``below_minimum_size`` or empty.
    """

    members: pd.DataFrame
    criteria: pd.DataFrame
    stability: pd.DataFrame
    clusters: pd.DataFrame
    left_out: pd.DataFrame
    empty_cells: pd.DataFrame
    settings: CoreSetSettings
    note: str


def criteria_table(
    panels: Mapping[str, Panel],
    settings: CoreSetSettings,
    reliability: pd.DataFrame | None = None,
    validity: pd.DataFrame | None = None,
    judgements: Mapping[str, Judgement] | None = None,
) -> pd.DataFrame:
    """Scores of all indicators with data, one row an indicator and criterion.

    Parameters
    ----------
    panels : mapping of level to Panel
    reliability, validity : DataFrame, optional
        See `adapters`; they take the place of what is computed here.
    judgements : mapping, optional
        Importance and gaming risk by id (`judgements.read_judgements`); by default those shipped.

    Returns
    -------
    DataFrame
        id, criterion, score, weight, measured, method, parameters, note.
    """
    return _criteria(panels, settings, reliability, validity, judgements).table


def core_set(
    panels: Mapping[str, Panel],
    settings: CoreSetSettings,
    reliability: pd.DataFrame | None = None,
    validity: pd.DataFrame | None = None,
    judgements: Mapping[str, Judgement] | None = None,
) -> CoreSet:
    """The core set of the panels, with its stability and reasons.

    Parameters
    ----------
    panels, settings, reliability, validity, judgements
        As in :func:`criteria_table`.

    Raises
    ------
    InputError
        If more cells have candidates than the set may have members.
    """
    known = default_judgements() if judgements is None else judgements
    criteria = _criteria(panels, settings, reliability, validity, known)
    table = criteria.candidates
    weights = np.array([dict(settings.weights)[name] for name in CRITERIA], np.float64)
    value = weighted_value(criteria.scores, weights)
    judged = [CRITERIA.index(name) for name in ENOUGH_JUDGED]
    eligible = ~np.isnan(criteria.scores[:, judged]).any(axis=1) & ~np.isnan(value)
    value = np.where(eligible, value, np.nan)
    correlation, levels = _correlations(panels, criteria, settings)
    clusters = redundancy.correlation_clusters(correlation, settings.correlation_threshold)
    groups = _groups(criteria, clusters, settings)
    cells = np.array(
        [
            CELLS.index(cell) if cell in CELLS else -1
            for cell in zip(table["function"], table["type"], strict=True)
        ],
        dtype=np.intp,
    )
    demands = Demands(
        cells,
        [group.members for group in groups],
        settings.minimum_size,
        settings.maximum_size,
        settings.least_value,
    )
    chosen = best_sets(value, demands)[0]
    by_value = best_sets(value, demands._replace(cells=np.full_like(cells, -1)))[0]
    stability = stability_table(criteria, eligible, demands, chosen, settings)
    rank = np.asarray(pd.Series(-value).rank(method="first"), np.float64)
    picture = Picture(
        criteria,
        value,
        rank,
        int(eligible.sum()),
        cells,
        chosen,
        by_value,
        groups,
        clusters,
        correlation,
        known,
    )
    members = picture.members().merge(stability[["id", "share", "verdict"]], on="id", how="left")
    members["topsis_rank"] = members["id"].map(_topsis_ranks(criteria, weights, eligible)).astype("Int64")
    short = len(members) < settings.minimum_size
    return CoreSet(
        members[list(_MEMBER_COLUMNS)],
        criteria.table,
        stability,
        _cluster_table(criteria, clusters, groups, correlation, levels),
        picture.left_out(settings, stability["share"].to_numpy(np.float64)),
        _empty_cells(cells[eligible]),
        settings,
        "below_minimum_size" if short else "",
    )


_MEMBER_COLUMNS = (
    "id",
    "function",
    "type",
    "order",
    "value",
    "value_rank",
    "topsis_rank",
    "share",
    "verdict",
    "for_cell",
    "levels",
    "latest_year",
    "label_ja",
    "label_en",
    "reason_ja",
    "reason_en",
)


def _criteria(
    panels: Mapping[str, Panel],
    settings: CoreSetSettings,
    reliability: pd.DataFrame | None,
    validity: pd.DataFrame | None,
    judgements: Mapping[str, Judgement] | None,
) -> Criteria:
    return measured_criteria(
        panels,
        settings,
        default_judgements() if judgements is None else judgements,
        None if reliability is None else reliability_by_level(reliability, settings.levels),
        None if validity is None else validity_scores(validity),
    )


def _correlations(
    panels: Mapping[str, Panel], criteria: Criteria, settings: CoreSetSettings
) -> tuple[FloatArray, pd.DataFrame]:
    """Rank correlations, each at the last declared level that gives one, and which level that was."""
    count = len(criteria.ids)
    rho = np.full((count, count), np.nan)
    level_of = np.full((count, count), "", dtype=object)
    for level in settings.levels:
        if level not in panels:
            continue
        values = level_values(panels[level], criteria.ids, settings.latest_years)
        found = redundancy.rank_correlations(values, settings.least_places)
        known = ~np.isnan(found)
        rho, level_of = np.where(known, found, rho), np.where(known, level, level_of)
    return rho, pd.DataFrame(level_of, index=criteria.ids, columns=criteria.ids)


def _groups(criteria: Criteria, clusters: IntArray, settings: CoreSetSettings) -> list[Group]:
    table = criteria.candidates
    counted = zip(criteria.ids, table["numerator"].astype(str), strict=True)
    numerators = [each.split("+") if each else [name] for name, each in counted]
    beside = table["grade"].to_numpy(np.float64) >= settings.importance_beside
    return [
        *(Group("same_count", group) for group in redundancy.shared_counts(numerators, measures())),
        *(Group("family", group) for group in redundancy.families(list(table["family"]))),
        *(Group("correlation", group) for group in redundancy.at_most_one(clusters, beside)),
    ]


def _cluster_table(
    criteria: Criteria,
    clusters: IntArray,
    groups: Sequence[Group],
    correlation: FloatArray,
    levels: pd.DataFrame,
) -> pd.DataFrame:
    by_rank = [Group("correlation", np.flatnonzero(clusters == each)) for each in np.unique(clusters)]
    by_content = [group for group in groups if group.kind != "correlation"]
    rows = []
    number = 0
    for group in [*by_rank, *by_content]:
        if len(group.members) < 2:
            continue
        number += 1
        for member in group.members:
            others = group.members[group.members != member]
            ranked = group.kind == "correlation"
            strength = float(np.nanmean(np.abs(correlation[member, others]))) if ranked else np.nan
            used = sorted(set(levels.to_numpy()[member, others]) - {""}) if ranked else []
            rows.append((number, criteria.ids[member], group.kind, "+".join(used), strength))
    return pd.DataFrame(rows, columns=["cluster", "id", "kind", "level", "strength"])


def _topsis_ranks(criteria: Criteria, weights: FloatArray, eligible: BoolArray) -> dict[str, int]:
    """Ranks by closeness to the ideal among the candidates all of whose criteria are known."""
    known = np.flatnonzero(eligible & ~np.isnan(criteria.scores).any(axis=1))
    if not len(known):
        return {}
    closeness = topsis(criteria.scores[known], weights, np.ones(len(CRITERIA), dtype=bool))
    ranks = pd.Series(-closeness).rank(method="first").astype(int)
    return {criteria.ids[number]: int(rank) for number, rank in zip(known, ranks, strict=True)}


def _empty_cells(covered: IntArray) -> pd.DataFrame:
    declared = indicators()
    rows = []
    for number, (function, kind) in enumerate(CELLS):
        if number in covered:
            continue
        names = [name for name, each in declared.items() if (each.function, each.type) == (function, kind)]
        sentence = words.empty_cell_sentence(words.cell_name(kind, function), names)
        rows.append({"function": function, "type": kind, "declared": "+".join(names), **both(sentence)})
    return pd.DataFrame(rows, columns=["function", "type", "declared", "reason_ja", "reason_en"])

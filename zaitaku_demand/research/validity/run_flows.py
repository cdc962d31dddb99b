"""Susceptibility to the bias of counting by the place of the institution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from zaitaku_demand.benchmark.intervals import FloatArray, z_value
from zaitaku_demand.benchmark.shrinkage import Shrunk, gamma_parameters, gamma_poisson
from zaitaku_demand.research.association.moran import MoranPermutation, adjacency, moran_permuted, weights
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.validity.correlation import (
    clustered_rank_correlation,
    rank_correlation,
    without_cluster_means,
)
from zaitaku_demand.research.validity.flows import Edges, edges_of, removable_variance, smallest_flow
from zaitaku_demand.research.validity.pooling import Pooled, latest_years, pool
from zaitaku_demand.research.validity.rows import validity_row
from zaitaku_demand.research.validity.settings import ValiditySettings
from zaitaku_demand.research.validity.signature import MoranWithin, moran_within

_BY_OTHER_PLACE = {"residence": "by_residence", "incident": "by_incident"}
_FLOW_STATISTICS = ("institution_bias_share", "institution_unexplained_share", "institution_displaced_share")


class _Case(NamedTuple):
    """One outcome with what all its rows share."""

    outcome: str
    figures: Pooled
    shrunk: Shrunk
    note: str


def flow_rows(panel: Panel, settings: ValiditySettings) -> list[dict[str, object]]:
    """How far flows between places could explain the pattern of each outcome.

    ``institution_bias_share``
        Smallest share of all cases that would have to cross borders between adjacent places for all places to
        have the same rate (term ``japan``) or that of their prefecture (term ``prefecture``, areas only).
    ``institution_unexplained_share``
        Share of the differences that no flow between neighbours removes.
    ``institution_displaced_share``
        The least that would have to move if any two places could exchange cases.
    ``institution_removable_variance``
        Share of the variance between places that flows of at most the given share of each place's cases could
        account for (term ``flow_5`` …); an upper bound.
    ``institution_moran``
        Moran's I of the logarithms of the shrunken figures; one below its expected value (in `parameters`) is what patients gathering in the
        centre of a region look like. Within prefectures (areas) the deviations from the mean of the prefecture.
    ``institution_density``
        Rank correlation with population density, and (areas) within the prefecture; supply that draws
        patients into cities looks like a positive one, but so do other differences between town and country.

    Chance is taken out: the flows are those of the shrunken figures, and their intervals those of draws of the places'
    true figures. For outcomes by residence or place of the incident one row says that none of it applies. Hidden places take
    no part; where there are many, `note` says that the figures are no upper limits.
    """
    near = adjacency(panel.level, panel.places["area_code"].to_numpy())
    rows: list[dict[str, object]] = []
    for outcome in panel.names("outcome"):
        figures = pool(panel[outcome], latest_years(panel[outcome], settings.pooled_years))
        place = str(panel.variables.loc[outcome, "place"])
        below = str(panel.variables.loc[outcome, "denominator"]).startswith("ndb_")
        if place in _BY_OTHER_PLACE:
            rows.append(
                validity_row(
                    panel,
                    outcome,
                    "institution_bias_share",
                    figures.years,
                    term="japan",
                    n_places=int(np.isfinite(figures.rate).sum()),
                    note="denominator_by_institution" if below else _BY_OTHER_PLACE[place],
                )
            )
            continue
        hidden = np.isnan(figures.rate).mean() > settings.hidden_share
        notes = [code for code, holds in (("both_by_institution", below), ("places_hidden", hidden)) if holds]
        case = _Case(outcome, figures, gamma_poisson(figures.events, figures.size), "_".join(notes))
        rows += _outcome_rows(panel, settings, case, near)
    return rows


def _outcome_rows(
    panel: Panel, settings: ValiditySettings, case: _Case, near: FloatArray
) -> list[dict[str, object]]:
    n = int(np.isfinite(case.figures.rate).sum())
    if n < settings.least_places:
        return [
            _row(
                panel,
                settings,
                case,
                "institution_bias_share",
                "japan",
                "linear_programme",
                note="too_few_places",
            )
        ]
    if not float(case.shrunk.weight[np.isfinite(case.shrunk.weight)].max()) > 0:
        return [
            _row(
                panel,
                settings,
                case,
                "institution_bias_share",
                "japan",
                "linear_programme",
                note="no_difference",
            )
        ]
    edges = edges_of(near)
    rows = _smallest_flow_rows(panel, settings, case, edges, None)
    if panel.level == "area":
        rows += _smallest_flow_rows(panel, settings, case, edges_of(near, panel.clusters), panel.clusters)
    counted = case.shrunk.value * case.figures.size
    for share in settings.flow_shares:
        value = removable_variance(counted, case.figures.size, edges, share, settings.flow_segments)
        rows.append(
            _row(
                panel,
                settings,
                case,
                "institution_removable_variance",
                f"flow_{100 * share:g}",
                "piecewise_linear_programme",
                (value, np.nan, np.nan),
            )
        )
    return rows + _signature_rows(panel, settings, case, near)


def _smallest_flow_rows(
    panel: Panel, settings: ValiditySettings, case: _Case, edges: Edges, groups: np.ndarray | None
) -> list[dict[str, object]]:
    shape, rate = gamma_parameters(case.shrunk, case.figures.size)
    random = np.random.default_rng(settings.seed)
    known = np.isfinite(shape) & np.isfinite(rate)
    drawn = np.full((settings.flow_draws, len(shape)), np.nan)
    drawn[:, known] = random.gamma(shape[known], 1 / rate[known], (settings.flow_draws, int(known.sum())))
    found = np.array(
        [smallest_flow(each * case.figures.size, case.figures.size, edges, groups) for each in drawn]
    )
    middle, spread = found.mean(axis=0), found.std(axis=0, ddof=1)
    half = z_value(settings.confidence) * spread
    return [
        _row(
            panel,
            settings,
            case,
            statistic,
            "japan" if groups is None else "prefecture",
            "linear_programme",
            (
                middle[position],
                max(middle[position] - half[position], 0.0),
                middle[position] + half[position],
            ),
        )
        for position, statistic in enumerate(_FLOW_STATISTICS)
    ]


def _signature_rows(
    panel: Panel, settings: ValiditySettings, case: _Case, near: FloatArray
) -> list[dict[str, object]]:
    # The shrunken figure: no zero, and small places do not hide the pattern by chance.
    patterns = [("japan", np.log(case.shrunk.value))]
    density = panel["log_density"].value[:, -1]
    if panel.level == "area":
        patterns.append(("prefecture", without_cluster_means(patterns[0][1], panel.clusters)))
    rows: list[dict[str, object]] = []
    moran: MoranPermutation | MoranWithin
    for term, values in patterns:
        if term == "prefecture":
            moran = moran_within(values, near, panel.clusters, settings.moran_permutations, settings.seed)
        else:
            moran = moran_permuted(values, weights(near), settings.moran_permutations, settings.seed)
        row = _row(
            panel,
            settings,
            case,
            "institution_moran",
            term,
            "permutation_within_prefectures" if term == "prefecture" else "permutation",
            (moran.statistic, np.nan, np.nan),
            extra={"expected": round(moran.expected, 4), "permutations": settings.moran_permutations},
        )
        rows.append({**row, "p_value": moran.p_value, "n_places": moran.places})
        if panel.level == "area":
            dense = without_cluster_means(density, panel.clusters) if term == "prefecture" else density
            found = clustered_rank_correlation(
                values, dense, panel.clusters, settings.cluster_draws, settings.seed, settings.confidence
            )
            method = "spearman_cluster_bootstrap"
        else:
            found, method = rank_correlation(values, density, settings.confidence), "spearman_bonett_wright"
        rows.append(_row(panel, settings, case, "institution_density", term, method, found[:3]))
    return rows


def _row(
    panel: Panel,
    settings: ValiditySettings,
    case: _Case,
    statistic: str,
    term: str,
    method: str,
    values: Sequence[float] = (np.nan, np.nan, np.nan),
    note: str | None = None,
    extra: Mapping[str, object] | None = None,
) -> dict[str, object]:
    hidden = float(np.isnan(case.figures.rate).mean())
    return validity_row(
        panel,
        case.outcome,
        statistic,
        case.figures.years,
        {
            "seed": settings.seed,
            "draws": settings.flow_draws,
            "share_of_places_without_figure": round(hidden, 4),
            **(extra or {}),
        },
        term=term,
        method=method,
        estimate=float(values[0]),
        lower=float(values[1]),
        upper=float(values[2]),
        confidence=settings.confidence if np.isfinite(values[1]) else float("nan"),
        n_places=int(np.isfinite(case.figures.rate).sum()),
        note=case.note if note is None else note,
    )

"""How far the order of places changes when an outcome is adjusted for who lives there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zaitaku_demand.benchmark.intervals import FloatArray, tail
from zaitaku_demand.research.candidates import candidates
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.validity.case_mix import Family, expected_counts, observed_over_expected
from zaitaku_demand.research.validity.correlation import resampled
from zaitaku_demand.research.validity.pooling import Pooled, latest_years, pool
from zaitaku_demand.research.validity.ranking import RankChange, rank_change
from zaitaku_demand.research.validity.rows import validity_row
from zaitaku_demand.research.validity.settings import ValiditySettings


class _Adjustment(NamedTuple):
    name: str
    covariates: tuple[str, ...]
    absent: tuple[str, ...]


def case_mix_rows(panel: Panel, settings: ValiditySettings) -> list[dict[str, object]]:
    """Crude against adjusted order for every outcome and every declared adjustment.

    The adjustments of the settings are the same for all outcomes; ``declared`` takes the characteristics that the table of
    candidates names for the outcome itself.

    ``case_mix_spearman``, ``case_mix_rank_change`` (mean absolute change in ranks), ``case_mix_rank_change_share`` (the
    same as a share of the number of places), ``case_mix_fifth_change`` and ``case_mix_tenth_change`` (share of places that
    change their fifth, tenth; other numbers of groups ``case_mix_group_n_change``), ``case_mix_top_overlap``. The
    intervals hold the counts as they are and estimate the coefficients again from resampled places
    (areas: whole prefectures): they say how far the answer hangs on the coefficients.
    """
    rows: list[dict[str, object]] = []
    for outcome in panel.names("outcome"):
        figures = pool(panel[outcome], latest_years(panel[outcome], settings.pooled_years))
        for adjustment in _adjustments(panel, settings, outcome):
            rows += _adjustment_rows(panel, settings, outcome, figures, adjustment)
    return rows


def _adjustments(panel: Panel, settings: ValiditySettings, outcome: str) -> list[_Adjustment]:
    at_hand = {name for name, series in panel.series.items() if series.years}
    candidate = candidates().get(outcome)
    declared = {} if candidate is None else {"declared": candidate.case_mix}
    return [
        _Adjustment(
            name,
            tuple(each for each in covariates if each in at_hand),
            tuple(each for each in covariates if each not in at_hand),
        )
        for name, covariates in {**settings.case_mix, **declared}.items()
    ]


def _adjustment_rows(
    panel: Panel, settings: ValiditySettings, outcome: str, figures: Pooled, adjustment: _Adjustment
) -> list[dict[str, object]]:
    parameters: dict[str, object] = {"covariates": adjustment.covariates, "absent": adjustment.absent}
    if not adjustment.covariates:
        return [_empty(panel, outcome, figures, adjustment, parameters, "covariate_missing", 0)]
    characteristics = panel.values(adjustment.covariates, figures.years)
    covariates = np.asarray(characteristics.mean(axis=2).T)
    known = np.isfinite(figures.rate) & np.isfinite(covariates).all(axis=1)
    n = int(known.sum())
    if n < max(settings.least_places, 5 * (1 + len(adjustment.covariates))):
        return [_empty(panel, outcome, figures, adjustment, parameters, "too_few_places", n)]
    kind: Family = "binomial" if panel[outcome].kind == "binomial" else "poisson"
    clusters = panel.clusters[known] if panel.level == "area" else np.arange(n)
    names, member = np.unique(clusters, return_inverse=True)
    weights = np.vstack(
        [np.ones(n), resampled(len(names), settings.case_mix_draws, settings.seed)[:, member]]
    )
    expected, fit = expected_counts(
        figures.events[known], figures.size[known], covariates[known], kind, weights
    )
    if not fit.converged[0]:
        return [_empty(panel, outcome, figures, adjustment, parameters, "not_fitted", n)]
    expected = expected[fit.converged]
    adjusted = observed_over_expected(figures.events[known], expected)
    change = rank_change(figures.rate[known], adjusted, settings.rank_groups, settings.top)
    parameters |= {
        "family": kind,
        "draws": int(len(expected) - 1),
        "seed": settings.seed,
        "resampled": "prefectures" if panel.level == "area" else "places",
    }
    note = "covariate_partly_missing" if adjustment.absent else ""
    return [
        _row(panel, settings, outcome, figures, adjustment, parameters, statistic, values, n, note)
        for statistic, values in _statistics(change, n).items()
    ]


def _statistics(change: RankChange, places: int) -> dict[str, FloatArray]:
    names = {5: "case_mix_fifth_change", 10: "case_mix_tenth_change"}
    groups = {
        names.get(number, f"case_mix_group_{number}_change"): part
        for number, part in change.group_change.items()
    }
    return {
        "case_mix_spearman": change.spearman,
        "case_mix_rank_change": change.mean_change,
        "case_mix_rank_change_share": change.mean_change / places,
        **groups,
        "case_mix_top_overlap": change.top_overlap,
    }


def _row(
    panel: Panel,
    settings: ValiditySettings,
    outcome: str,
    figures: Pooled,
    adjustment: _Adjustment,
    parameters: dict[str, object],
    statistic: str,
    values: FloatArray,
    places: int,
    note: str,
) -> dict[str, object]:
    p = tail(settings.confidence)
    drawn = values[1:]
    limits = np.quantile(drawn, [p, 1 - p]) if np.isfinite(drawn).all() and len(drawn) else (np.nan, np.nan)
    return validity_row(
        panel,
        outcome,
        statistic,
        figures.years,
        parameters,
        term=adjustment.name,
        method="observed_over_expected",
        estimate=float(values[0]),
        # Noise in the coefficients moves ranks, so resamples can lie on one side of the estimate.
        lower=float(np.fmin(limits[0], values[0])),
        upper=float(np.fmax(limits[1], values[0])),
        confidence=settings.confidence,
        n_places=places,
        note=note,
    )


def _empty(
    panel: Panel,
    outcome: str,
    figures: Pooled,
    adjustment: _Adjustment,
    parameters: dict[str, object],
    note: str,
    places: int,
) -> dict[str, object]:
    return validity_row(
        panel,
        outcome,
        "case_mix_rank_change",
        figures.years,
        parameters,
        term=adjustment.name,
        method="observed_over_expected",
        n_places=places,
        note=note,
    )

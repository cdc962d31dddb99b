"""Is an outcome closer to what it belongs with than to what it does not?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zaitaku_demand.benchmark.intervals import FloatArray, z_value
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.validity.correlation import rank_correlation, resampled_rank_correlations
from zaitaku_demand.research.validity.expectations import Expectation
from zaitaku_demand.research.validity.pooling import pooled_pair, same_counts
from zaitaku_demand.research.validity.rows import validity_row
from zaitaku_demand.research.validity.settings import ValiditySettings


def margin_rows(
    panel: Panel, settings: ValiditySettings, expectations: Sequence[Expectation]
) -> list[dict[str, object]]:
    """Convergent less discriminant correlations of each outcome, with an interval from joint resamples.

    References
    ----------
    Campbell & Fiske 1959, Psychol Bull 56:81.
    """
    rows: list[dict[str, object]] = []
    for outcome in dict.fromkeys(each.outcome for each in expectations):
        kinds: dict[str, list[FloatArray]] = {"convergent": [], "discriminant": []}
        years: set[int] = set()
        terms: list[str] = []
        for each in expectations:
            drawn = _joint_draws(panel, settings, each) if each.outcome == outcome else None
            if drawn is None:
                continue
            sign = -1.0 if each.sign == "negative" else 1.0
            values, spans = drawn
            kinds[each.kind].append(sign * values if each.kind == "convergent" else np.abs(values))
            years |= set(spans)
            terms.append(each.other)
        if not (kinds["convergent"] and kinds["discriminant"]):
            continue
        margin = np.mean(kinds["convergent"], axis=0) - np.mean(kinds["discriminant"], axis=0)
        half = z_value(settings.confidence) * float(np.nanstd(margin[1:], ddof=1))
        lower, upper = float(margin[0]) - half, float(margin[0]) + half
        rows.append(
            validity_row(
                panel,
                outcome,
                "discriminant_margin",
                tuple(sorted(years)),
                {"with": terms, "draws": settings.cluster_draws, "seed": settings.seed},
                method="mean_difference_cluster_bootstrap",
                estimate=float(margin[0]),
                lower=lower,
                upper=upper,
                confidence=settings.confidence,
                n_places=len(panel.places),
                note="as_expected" if lower > 0 else "contrary" if upper < 0 else "undetermined",
            )
        )
    return rows


def _joint_draws(
    panel: Panel, settings: ValiditySettings, expectation: Expectation
) -> tuple[FloatArray, tuple[int, ...]] | None:
    """The correlation between places and, after it, those of the resamples; None where it is not to be counted."""
    if not {expectation.outcome, expectation.other} <= set(panel.series):
        return None
    shared = expectation.part_of_the_same or same_counts(panel, expectation.outcome, expectation.other)
    one, other = panel[expectation.outcome], panel[expectation.other]
    if shared or not one.years or not other.years:
        return None
    first, second, years, _ = pooled_pair(one, other, settings.pooled_years)
    a, b = first.relative, second.relative
    if (np.isfinite(a) & np.isfinite(b)).sum() < settings.least_places:
        return None
    clusters = panel.clusters if panel.level == "area" else np.arange(len(panel.places))
    drawn = resampled_rank_correlations(a, b, clusters, settings.cluster_draws, settings.seed)
    return np.concatenate([[rank_correlation(a, b).value], drawn]), years

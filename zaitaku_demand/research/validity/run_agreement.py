"""Agreement between sources, for each declared pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.reliability.years import concordance, icc_agreement
from zaitaku_demand.research.validity.agreement import bland_altman
from zaitaku_demand.research.validity.correlation import rank_correlation
from zaitaku_demand.research.validity.expectations import AgreementPair
from zaitaku_demand.research.validity.pooling import Pooled, common_years, pool
from zaitaku_demand.research.validity.ranking import rank_change
from zaitaku_demand.research.validity.rows import validity_row
from zaitaku_demand.research.validity.settings import ValiditySettings

_STATISTICS = ("agreement_ccc", "agreement_icc", "agreement_spearman", "agreement_rank_change")


def agreement_rows(
    panel: Panel, settings: ValiditySettings, pairs: Sequence[AgreementPair]
) -> list[dict[str, object]]:
    """Agreement of every declared pair whose variables the panel has at its level.

    Both figures are taken relative to all places together. The concordance and intraclass correlation are those of the
    logarithms, so that a place twice as high counts like one half as high; ``agreement_bias`` is the typical ratio of
    the first to the second, and ``agreement_lower_limit`` and ``agreement_upper_limit`` the limits between which the
    ratio lies in most places. As both are relative, the bias does not say that one source counts more in all.
    ``agreement_rank_change`` is the mean absolute change of the rank, without interval.
    """
    rows: list[dict[str, object]] = []
    for pair in pairs:
        if panel.level in pair.levels and {pair.first, pair.second} <= set(panel.series):
            rows += _pair_rows(panel, settings, pair)
    return rows


def pooled_pair(panel: Panel, settings: ValiditySettings, pair: AgreementPair) -> tuple[Pooled, Pooled]:
    """Both figures of a pair by place, in the declared years or else in the latest that they share."""
    one, other = panel[pair.first], panel[pair.second]
    shared = common_years(one, other, settings.pooled_years)
    return pool(one, pair.years_first or shared), pool(other, pair.years_second or shared)


def _pair_rows(panel: Panel, settings: ValiditySettings, pair: AgreementPair) -> list[dict[str, object]]:
    first, second = pooled_pair(panel, settings, pair)
    years = tuple(sorted({*first.years, *second.years}))
    parameters: dict[str, object] = {
        "scale": "log_ratio_to_all_places",
        "years_first": first.years,
        "years_second": second.years,
        "source_second": str(panel.variables.loc[pair.second, "source_en"]),
    }
    note = "years_differ" if set(first.years) != set(second.years) else ""
    if not first.years or not second.years:
        note = "no_common_years"
    known = _positive(first) & _positive(second)
    n = int(known.sum())
    if not note.startswith("no_") and n < settings.least_places:
        note = "too_few_places"
    if note in ("no_common_years", "too_few_places"):
        return [
            validity_row(panel, pair.first, name, years, parameters, term=pair.second, n_places=n, note=note)
            for name in _STATISTICS
        ]
    a, b = np.log(first.relative[known]), np.log(second.relative[known])
    limits = bland_altman(a, b, settings.confidence, settings.limits_coverage)
    change = rank_change(a, b, settings.rank_groups, settings.top)
    rho = rank_correlation(a, b, settings.confidence)
    both = np.isfinite(first.relative) & np.isfinite(second.relative)
    # A place without cases has no logarithm.
    parameters |= {"places_with_zero_left_out": int(both.sum()) - n}
    found = [
        ("agreement_ccc", "lin_2000", concordance(a, b, settings.confidence)),
        ("agreement_icc", "mcgraw_wong_a1", icc_agreement(np.column_stack([a, b]), settings.confidence)),
        ("agreement_spearman", "bonett_wright", rho[:3]),
        ("agreement_bias", "bland_altman", tuple(np.exp(limits.bias))),
        ("agreement_lower_limit", "bland_altman_exact", tuple(np.exp(limits.lower))),
        ("agreement_upper_limit", "bland_altman_exact", tuple(np.exp(limits.upper))),
        ("agreement_rank_change", "footrule", (float(change.mean_change), np.nan, np.nan)),
    ]
    return [
        validity_row(
            panel,
            pair.first,
            statistic,
            years,
            parameters,
            term=pair.second,
            method=method,
            estimate=float(value),
            lower=float(lower),
            upper=float(upper),
            confidence=settings.confidence if np.isfinite(lower) else float("nan"),
            n_places=n,
            note=note,
        )
        for statistic, method, (value, lower, upper) in found
    ]


def _positive(part: Pooled) -> np.ndarray:
    return np.isfinite(part.relative) & (part.relative > 0)

"""What the table of validity asks for when an outcome is judged, and which reasons speak about the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from zaitaku_demand.research.reliability.settings import JudgementSettings
from zaitaku_demand.research.result import RESULT_COLUMNS

Use = Literal["yes", "with_care", "no", "no_data"]

ASPECTS: dict[str, str] = {
    "reliability_low": "chance",
    "reliability_uncertain": "chance",
    "within_prefecture": "chance",
    "not_stable": "stability",
    "stability_unknown": "stability",
    "stability_few": "stability",
    "top_group_changes": "top",
    "hidden": "coverage",
    "estimation_error": "coverage",
    "by_institution": "place",
    "flows": "place",
    "flows_open": "place",
    "mixed_places": "place",
    "place_unknown": "place",
    "floor": "extremes",
    "ceiling": "extremes",
    "sources_differ": "sources",
    "no_second_source": "sources",
    "contrary": "sources",
    "case_mix": "case_mix",
}
"""Reason → what it speaks about. Reasons read from the same figures are one caution, not several."""

UNCHECKED = ("no_second_source", "place_unknown")
"""Cautions that alone do not stand in the way of a yes: nothing speaks against the outcome, but nothing for it."""


def cautions(reasons: list[tuple[Use, str]]) -> int:
    """Number of aspects on which anything asks for care or more."""
    aspects = {ASPECTS[code] for use, code in reasons if use in ("no", "with_care") or code in UNCHECKED}
    # Chance and change are what moves places in and out of the top group: with them it says nothing new.
    if aspects & {"chance", "stability"}:
        aspects.discard("top")
    return len(aspects)


def place_reasons(
    parameters: Mapping[str, object], validity: pd.DataFrame | None, settings: JudgementSettings
) -> list[tuple[Use, str]]:
    """Reasons from whose place the numerator and the denominator are counted by.

    Parameters
    ----------
    parameters : mapping
        Of the row of reliability: place, denominator.
    validity : DataFrame, optional
        Rows of the outcome and level.
    settings : JudgementSettings
    """
    if parameters.get("place") == "":
        # An outcome of the user's own: by whose place it is counted, only the user knows.
        return [("yes", "place_unknown")]
    by_institution = parameters.get("place") == "institution"
    if not by_institution:
        mixed = str(parameters.get("denominator", "")).startswith("ndb_")
        return [("with_care", "mixed_places")] if mixed else []
    rows = _of(validity, "institution_removable_variance")
    rows = rows[rows["term"] == settings.flow_term]
    if rows.empty:
        return [("with_care", "by_institution")]
    share = float(rows["estimate"].max())
    if share >= settings.removable[0]:
        return [("no", "flows")]
    if share >= settings.removable[1]:
        return [("with_care", "flows")]
    # Hidden places exchange nothing in the computation, so a small share is no upper limit there.
    open_above = rows["note"].astype(str).str.contains("places_hidden").any()
    return [("with_care", "flows_open")] if open_above else [("yes", "by_institution")]


def validity_reasons(validity: pd.DataFrame | None, settings: JudgementSettings) -> list[tuple[Use, str]]:
    """Reasons from floor and ceiling, a second source, declared relations and the adjustment for case mix.

    Parameters
    ----------
    validity : DataFrame, optional
        Rows of the outcome and level; without any none of it has been looked at, and none of it is a reason.
    settings : JudgementSettings
    """
    reasons: list[tuple[Use, str]] = []
    if validity is None or validity.empty:
        return reasons
    for statistic, code in (("floor_share", "floor"), ("ceiling_share", "ceiling")):
        share = _of(validity, statistic)["estimate"].max()
        if share >= settings.extremes[1]:
            reasons.append(("no" if share >= settings.extremes[0] else "with_care", code))
    agreement = _of(validity, "agreement_ccc")["estimate"]
    if agreement.empty:
        reasons.append(("yes", "no_second_source"))
    elif agreement.min() < settings.agreement:
        reasons.append(("with_care", "sources_differ"))
    between = validity[validity["statistic"].isin(["convergent", "discriminant"])]
    if (between["note"] == "contrary").any():
        reasons.append(("with_care", "contrary"))
    changes = _of(validity, "case_mix_rank_change_share")
    changes = changes[changes["term"] == settings.case_mix_term]
    if changes["estimate"].max() >= settings.rank_change:
        reasons.append(("with_care", "case_mix"))
    return reasons


def _of(validity: pd.DataFrame | None, statistic: str) -> pd.DataFrame:
    if validity is None:
        return pd.DataFrame(columns=list(RESULT_COLUMNS)).astype({"estimate": float})
    return validity[(validity["statistic"] == statistic) & validity["estimate"].notna()]

"""What was declared and could not be estimated: one row a reason, with readable names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from zaitaku_demand.report.research_labels import LEVELS
from zaitaku_demand.report.research_terms import ADJUSTMENTS, INTERRUPTIONS, NOTES, SERVICES, STUDIES
from zaitaku_demand.text import Text

DECLARED, NOT_POSSIBLE = "○", "－"
ROOMS: Mapping[str, Text] = {
    "reliability": Text("信頼性", "Reliability"),
    "validity": Text("妥当性", "Validity"),
    "association": Text("関連", "Association"),
    "robustness": Text("関連の頑健性", "Robustness"),
    "specification": Text("スペシフィケーション曲線", "Specification curve"),
    "designs": Text("前後比較", "Before and after"),
    "power": Text("検出力", "Power"),
}
BY_DESIGN = frozenset(
    {
        "no_observed",
        "nothing_estimated",
        "not_assessed",
        "no_upper_bound",
        "by_residence",
        "by_incident",
        "denominator_by_institution",
        "same_counts",
        "shared_measure",
        "no_within_variation",
        "beyond_grid",
        "not_reached",
        "more_than_exist",
        "relative_to_japan",
        "reference_year",
    }
)
"""Notes of what is not asked of an outcome: no deviation from the plan."""
TERMS: Mapping[str, Text] = {**SERVICES, **INTERRUPTIONS, **ADJUSTMENTS, **STUDIES}
"""Names of the terms that are no variables."""
MOST_NAMED = 2
"""What an outcome was set against is named up to this number; of more the number is given, and the ids stand in the CSV file."""


def not_possible(frames: Mapping[str, pd.DataFrame], names: Mapping[str, Text]) -> list[dict[str, str]]:
    """One row a part of the report and reason: the estimates that were declared and cannot be had.

    Parameters
    ----------
    frames : mapping
        Tidy tables of the parts (``reliability``, ``association`` …).
    names : mapping
        Names of variables and terms; what has none is shown by its id.

    Returns
    -------
    list of dict
        ``item`` (ids), ``item_ja``, ``item_en``, ``declared``, ``done``, ``reason_ja``, ``reason_en``.
    """
    rows = []
    for room, title in ROOMS.items():
        table = frames[room]
        if table.empty:
            continue
        for note, absent in table[_absent(table)].groupby("note", sort=False):
            reason = NOTES[room].get(str(note), Text(str(note), str(note)))
            said = _said(absent, names)
            ids = dict.fromkeys(
                f"{row.level} {row.outcome} {row.term}".strip() for row in absent.itertuples()
            )
            rows.append(
                {
                    "item": f"{room}: {'; '.join(ids)}",
                    "item_ja": f"{title.ja}：{said.ja}",
                    "item_en": f"{title.en}: {said.en}",
                    "declared": DECLARED,
                    "done": NOT_POSSIBLE,
                    "reason_ja": reason.ja,
                    "reason_en": reason.en,
                }
            )
    return rows


def _absent(table: pd.DataFrame) -> pd.Series[bool]:
    # Where a limit is known the answer lies beyond it: that is a result.
    unknown = table["estimate"].isna() & table["lower"].isna() & table["upper"].isna()
    return unknown & ~table["note"].isin(("", *BY_DESIGN)) & (table["statistic"] != "verdict")


def _said(rows: pd.DataFrame, names: Mapping[str, Text]) -> Text:
    """Outcomes by level with what each was set against."""
    ja, en = [], []
    for level, part in rows.groupby("level", sort=False):
        outcomes = [
            _pairs(str(outcome), list(dict.fromkeys(own["term"].astype(str))), names)
            for outcome, own in part.groupby("outcome", sort=False)
        ]
        place = LEVELS.get(str(level), Text(str(level), str(level)))
        ja.append(f"{place.ja}の{'、'.join(each.ja for each in outcomes)}")
        en.append(f"{', '.join(each.en for each in outcomes)} ({place.en.lower()})")
    return Text("；".join(ja), "; ".join(en))


def _pairs(outcome: str, terms: Sequence[str], names: Mapping[str, Text]) -> Text:
    own, against = _name(outcome, names), [_name(each, names) for each in terms if each]
    if not against:
        return own
    if len(against) > MOST_NAMED:
        return Text(f"{own.ja}×{len(against)}項目", f"{own.en} × {len(against)} others")
    return Text(
        f"{own.ja}×{'・'.join(each.ja for each in against)}",
        f"{own.en} × {' and '.join(each.en for each in against)}",
    )


def _name(id: str, names: Mapping[str, Text]) -> Text:
    if id not in names:
        return Text(id, id)
    if id in TERMS:
        return names[id]
    return Text(f"{names[id].ja}（{id}）", f"{names[id].en} ({id})")

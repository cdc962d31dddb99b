"""Whether an outcome may be used to compare prefectures, areas, or neither, with the figures it rests on.

The judgement adds nothing to the tables of reliability and validity: it reads their figures against declared thresholds. "Yes"
means that the figures speak for themselves; it never means that a place with a better figure gives better care.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.research.judgement_validity import Use, cautions, place_reasons, validity_reasons
from zaitaku_demand.research.judgement_words import (
    LEVELS,
    figures_text,
    joint_sentence,
    level_sentence,
)
from zaitaku_demand.research.reliability.one_year import CORE
from zaitaku_demand.research.reliability.run import NEGLIGIBLE_CHANCE
from zaitaku_demand.research.reliability.settings import JudgementSettings
from zaitaku_demand.research.result import RESULT_COLUMNS
from zaitaku_demand.text import Text

JUDGEMENT_COLUMNS = (
    "outcome",
    "compare_prefectures",
    "compare_areas",
    "reasons_prefectures",
    "reasons_areas",
    "reasons",
    "cautions_prefectures",
    "cautions_areas",
    "sentence_prefectures_ja",
    "sentence_prefectures_en",
    "sentence_areas_ja",
    "sentence_areas_en",
    "sentence_ja",
    "sentence_en",
)
"""
reasons     codes of both levels, each once, in the order found; explained in `judgement_words.REASONS`
cautions_   number of aspects (`judgement_validity.ASPECTS`) on which something asks for care
sentence_   of a level: verdict, figures, at most three reasons; without a level: the name and both levels' sentences
"""


class LevelJudgement(NamedTuple):
    """Judgement of one outcome at one level.

    Attributes
    ----------
    use : str
        yes, with_care, no or no_data.
    reasons : tuple of str
        Codes that decided, the decisive first.
    figures : Text
        The figures it rests on.
    cautions : int
        Aspects on which something asks for care.
    """

    use: Use
    reasons: tuple[str, ...]
    figures: Text
    cautions: int


def judge_use(
    reliability: pd.DataFrame,
    validity: pd.DataFrame | None = None,
    settings: JudgementSettings | None = None,
    labels: Mapping[str, Text] | None = None,
) -> pd.DataFrame:
    """One row an outcome: may it be used to compare prefectures, areas, or neither.

    Parameters
    ----------
    reliability : DataFrame
        Reliability tables of the levels, one below the other.
    validity : DataFrame, optional
        Validity tables of the levels. Without it the judgement rests on reliability, and counting by the place of the
        institution asks for care.
    settings : JudgementSettings, optional
    labels : mapping, optional
        Outcome → its name; without it the id stands alone.

    Returns
    -------
    DataFrame
        `JUDGEMENT_COLUMNS`.

    Raises
    ------
    InputError
        If a column of the layout of results is missing.
    """
    chosen = settings or JudgementSettings()
    for table in (reliability, validity):
        if table is not None:
            _check(table)
    rows = []
    for outcome in pd.unique(reliability["outcome"]):
        found = {
            level: judge_level(
                reliability[(reliability["outcome"] == outcome) & (reliability["level"] == level)],
                _about(validity, str(outcome), level),
                chosen,
            )
            for level in LEVELS
        }
        reasons = {level: " ".join(one.reasons) for level, one in found.items()}
        label = (labels or {}).get(str(outcome))
        name = Text(str(outcome), str(outcome))
        if label is not None:
            name = Text(f"{label.ja}（{outcome}）", f"{label.en} ({outcome})")
        said = {
            level: level_sentence(level, one.use, one.reasons, one.figures, one.cautions)
            for level, one in found.items()
        }
        joint = joint_sentence(name, {one.use for one in found.values()}, list(said.values()))
        rows.append(
            (
                outcome,
                found["prefecture"].use,
                found["area"].use,
                reasons["prefecture"],
                reasons["area"],
                " ".join(dict.fromkeys(" ".join(reasons.values()).split())),
                found["prefecture"].cautions,
                found["area"].cautions,
                said["prefecture"].ja,
                said["prefecture"].en,
                said["area"].ja,
                said["area"].en,
                joint.ja,
                joint.en,
            )
        )
    return pd.DataFrame(rows, columns=list(JUDGEMENT_COLUMNS))


def judge_level(
    reliability: pd.DataFrame, validity: pd.DataFrame | None, settings: JudgementSettings
) -> LevelJudgement:
    """Judgement of one outcome at one level from its rows of both tables.

    Parameters
    ----------
    reliability, validity : DataFrame
        Rows of one outcome and one level.
    settings : JudgementSettings

    Returns
    -------
    LevelJudgement
        The strictest answer that any figure asks for; no as well where cautions on as many aspects as the settings say
        come together. What was not looked at is not counted.
    """
    core = _core(reliability)
    if core is None:
        return LevelJudgement("no_data", ("no_data",), Text("", ""), 0)
    parameters = json.loads(str(core["parameters"]))
    value, lower, upper = (float(core[name]) for name in ("estimate", "lower", "upper"))
    years, lasting_places = _stability(reliability)
    shown = _first(reliability, "places_shown")
    within = _first(reliability, "reliability_within_prefecture")
    error = _first(reliability, "reliability_with_estimation_error")
    top = _wrongly_in_top(reliability)
    found: list[tuple[Use, str]] = []

    def below(figure: float, limits: tuple[float, float], code: str) -> None:
        if figure < limits[0]:
            found.append(("no", code))
        elif figure < limits[1]:
            found.append(("with_care", code))

    below(value, settings.reliability, "reliability_low")
    if value >= settings.reliability[1] and not lower >= settings.reliability[1]:
        found.append(("with_care", "reliability_uncertain"))
    below(_beyond_chance(reliability, years), settings.years, "not_stable")
    if np.isnan(years):
        found.append(("with_care", "stability_unknown"))
    below(shown, settings.shown, "hidden")
    if within < settings.reliability[1] <= value:
        found.append(("with_care", "within_prefecture"))
    if error < settings.reliability[1] <= value:
        found.append(("with_care", "estimation_error"))
    if top >= settings.wrongly_in_top:
        found.append(("with_care", "top_group_changes"))
    found += place_reasons(parameters, validity, settings)
    found += validity_reasons(validity, settings)
    places = _row(reliability, "places_shown")
    total = json.loads(str(places["parameters"])).get("of") if places is not None else None
    number = int(places["n_places"]) if places is not None else int(core["n_places"])
    if 2 * lasting_places < number and not np.isnan(years):
        found.append(("with_care", "stability_few"))
    order = ("no", "with_care", "yes")
    ranked = sorted(found, key=lambda reason: order.index(reason[0]))
    use: Use = ranked[0][0] if ranked else "yes"
    codes = [code for _, code in ranked]
    count = cautions(found)
    if count >= settings.cautions and use != "no":
        use, codes = "no", ["many_cautions", *codes]
    if parameters.get("better") == "neutral":
        codes.append("no_direction")
    if value > NEGLIGIBLE_CHANCE:
        codes.append("chance_negligible")
    figures = figures_text(value, lower, upper, years, lasting_places, number, total)
    return LevelJudgement(use, tuple(dict.fromkeys(codes)), figures, count)


def _core(reliability: pd.DataFrame) -> pd.Series | None:
    rows = reliability[
        (reliability["statistic"] == "reliability")
        & reliability["method"].isin(list(CORE.values()))
        & reliability["estimate"].notna()
    ]
    return None if rows.empty else rows.iloc[0]


def _wrongly_in_top(reliability: pd.DataFrame) -> float:
    rows = reliability[(reliability["statistic"] == "wrongly_in_top") & reliability["estimate"].notna()]
    lasting = rows[rows["method"] == "normal_theory_lasting"]
    used = lasting if len(lasting) else rows
    return float(used["estimate"].iloc[0]) if len(used) else float("nan")


def _stability(reliability: pd.DataFrame) -> tuple[float, int]:
    """ICC over years and the places it rests on.

    The lasting share from all pairs of years where fewer than half of the places have every year.
    """
    icc, shown = _row(reliability, "icc", "icc_consistency"), _row(reliability, "places_shown")
    if icc is None or (shown is not None and 2 * icc["n_places"] < shown["n_places"]):
        icc = _row(reliability, "lasting_reliability")
    return (float("nan"), 0) if icc is None else (float(icc["estimate"]), int(icc["n_places"]))


def _beyond_chance(reliability: pd.DataFrame, years: float) -> float:
    """Lasting share of the differences that are not chance; the ICC over years where the components are not at hand.

    An ICC of single years is low where chance is large, though no place changes: that is no lack of stability.
    """
    lasting, yearly = (_first(reliability, name) for name in ("variance_place", "variance_place_year"))
    return lasting / (lasting + yearly) if lasting + yearly > 0 else years


def _first(table: pd.DataFrame, statistic: str) -> float:
    row = _row(table, statistic)
    return float("nan") if row is None else float(row["estimate"])


def _row(table: pd.DataFrame, statistic: str, method: str = "") -> pd.Series | None:
    rows = table[(table["statistic"] == statistic) & (table["term"] == "") & table["estimate"].notna()]
    if method:
        rows = rows[rows["method"] == method]
    return None if rows.empty else rows.iloc[0]


def _about(validity: pd.DataFrame | None, outcome: str, level: str) -> pd.DataFrame | None:
    """Rows about an outcome; a pair of sources speaks about both of them."""
    if validity is None:
        return None
    pair = (validity["statistic"] == "agreement_ccc") & (validity["term"] == outcome)
    return validity[(validity["level"] == level) & ((validity["outcome"] == outcome) | pair)]


def _check(table: pd.DataFrame) -> None:
    missing = [column for column in RESULT_COLUMNS if column not in table]
    if missing:
        raise InputError(
            Text(f"結果の表に列「{missing[0]}」がない", f"the table of results has no column '{missing[0]}'"),
            Text(
                "信頼性と妥当性の表をそのまま渡してください",
                "pass the tables of reliability and validity as they are",
            ),
            column=missing[0],
        )

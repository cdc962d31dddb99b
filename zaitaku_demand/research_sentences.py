"""Sentences of the research report by section and group: ``section.group`` or ``section.group.level`` → sentences."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from zaitaku_demand.report.research_terms import SERVICES
from zaitaku_demand.research.association.caveats import LEVELS
from zaitaku_demand.research.association.robust_rows import curves_of
from zaitaku_demand.research.association.words import curve_sentence
from zaitaku_demand.research.association.words_table import association_sentences
from zaitaku_demand.research.designs.verdict import VERDICTS as DESIGN_VERDICTS
from zaitaku_demand.research.designs.verdict import verdict
from zaitaku_demand.research.designs.words import ASSUMPTIONS, INTERRUPTIONS, design_sentences
from zaitaku_demand.research.power.words import ASSUMED, power_sentences
from zaitaku_demand.research.request import ResearchRequest
from zaitaku_demand.research.validity.words import validity_statements
from zaitaku_demand.text import Text


def validity_groups(request: ResearchRequest, table: pd.DataFrame) -> dict[str, list[Text]]:
    """Sentences on validity by topic and level."""
    found: dict[str, list[Text]] = {}
    for level, panel in request.panels.items():
        for statement in validity_statements(table[table["level"] == level], panel, request.plan.validity):
            found.setdefault(f"validity.{statement.topic}.{level}", []).append(statement.sentence)
    return found


def association_groups(
    request: ResearchRequest,
    specification: pd.DataFrame,
    association: pd.DataFrame,
    labels: Mapping[str, Text],
) -> dict[str, list[Text]]:
    """Sentences of the specification curves by verdict and level, then those of all declared pairs by level."""
    found: dict[str, list[Text]] = {
        f"association.{kind}.{level}": []
        for kind in ("null", "fragile", "robust")
        for level in request.panels
    }
    for kind, level, sentence in curves_said(specification, labels):
        found[f"association.{kind}.{level}"].append(sentence)
    within = request.plan.association.within_model
    for level in request.panels:
        own = association[association["level"] == level]
        if len(own):
            found[f"association.declared.{level}"] = association_sentences(own, labels, within)
    return found


def design_groups(
    request: ResearchRequest, table: pd.DataFrame, labels: Mapping[str, Text]
) -> dict[str, list[Text]]:
    """Verdicts first, then the single results, what could not be estimated, the monthly and yearly series, the assumptions."""
    names = {**SERVICES, **INTERRUPTIONS, **labels}
    units = {
        str(name): panel.unit(str(name))
        for panel in request.panels.values()
        for name in panel.variables.index
    }
    found: dict[str, list[Text]] = {
        f"designs.{group}": [] for group in ("verdict", "detail", "series", "absent", "assumed")
    }
    staggered = table[table["statistic"].isin(("difference_in_changes", "ratio_of_changes", "switchers"))]
    for (level, outcome, term), rows in staggered.groupby(["level", "outcome", "term"], sort=False):
        whole = table[(table["level"] == level) & (table["outcome"] == outcome) & (table["term"] == term)]
        judged = verdict(whole)
        if judged == "not_estimated":
            found["designs.absent"] += design_sentences(rows[rows["statistic"] != "switchers"], names, units)
            continue
        conclusion, place = DESIGN_VERDICTS[judged], LEVELS[str(level)]
        name, event = names.get(str(outcome), _same(outcome)), names.get(str(term), _same(term))
        found["designs.verdict"].append(
            Text(
                f"「{event.ja}」が初めて置かれた地域と「{name.ja}」（{place.ja}）：{conclusion.ja}",
                f"'{event.en}' for the first time, and '{name.en}' ({place.en}): {conclusion.en}",
            )
        )
        main = rows[rows["method"].isin(("group_time_not_yet", "randomisation"))]
        found["designs.detail"] += design_sentences(main, names, units)
    series = table[table["statistic"] == "level_ratio"]
    known = series["estimate"].notna()
    found["designs.series"] = design_sentences(series[known], names, units)
    found["designs.absent"] += design_sentences(series[~known], names, units)
    if any(found.values()):
        found["designs.assumed"] = list(ASSUMPTIONS.values())
    return {group: list(dict.fromkeys(said)) for group, said in found.items()}


def power_groups(
    request: ResearchRequest, table: pd.DataFrame, labels: Mapping[str, Text]
) -> dict[str, list[Text]]:
    """The smallest difference a study finds by level, and what was assumed."""
    found = {}
    for level in request.panels:
        own = table[(table["level"] == level) & (table["analysis"] == "power")]
        said = [each for each in power_sentences(own, labels) if each != ASSUMED]
        found[f"power.smallest.{level}"] = list(dict.fromkeys(said))
    return {**found, "power.assumed": [ASSUMED]} if any(found.values()) else found


def curves_said(table: pd.DataFrame, labels: Mapping[str, Text]) -> list[tuple[str, str, Text]]:
    """Verdict, level and sentence of every specification curve."""
    return [
        (
            each.verdict,
            each.level,
            curve_sentence(
                each.verdict,
                each.description,
                each.test,
                labels[each.outcome],
                labels[each.exposure],
                each.level,
                each.within,
                each.within_opposite,
            ),
        )
        for each in curves_of(table)
    ]


def _same(name: object) -> Text:
    return Text(str(name), str(name))

"""From a request to everything the research report shows; every part can be had alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from zaitaku_demand import __version__
from zaitaku_demand.report.research_content import FRAMES, TIDY, ResearchContent, empty_frame
from zaitaku_demand.research.association.chain import chain_table
from zaitaku_demand.research.association.robust_run import robustness_table, specification_table
from zaitaku_demand.research.association.run import association_table, curve_table
from zaitaku_demand.research.core_set.judged import given_way, with_judgement, with_those_given_way
from zaitaku_demand.research.core_set.judgements import read_judgements
from zaitaku_demand.research.core_set.run import CoreSet, core_set
from zaitaku_demand.research.designs.run import design_table, event_study_table
from zaitaku_demand.research.designs.run_interrupted import interrupted_lines, interrupted_table
from zaitaku_demand.research.designs.run_reform import reform_table
from zaitaku_demand.research.judgement import judge_use
from zaitaku_demand.research.plan import plan_text
from zaitaku_demand.research.power.run import components_table, power_table
from zaitaku_demand.research.reliability.run import reliability_table
from zaitaku_demand.research.request import ResearchRequest
from zaitaku_demand.research.validity.points import agreement_points
from zaitaku_demand.research.validity.run import validity_table
from zaitaku_demand.research_description import (
    CAVEATS,
    candidate_rows,
    codebook_rows,
    data_versions,
    deviation_rows,
    labels_of,
    panel_rows,
    plan_rows,
    sentences_of,
)

Step = Callable[[str], None]
NOT_STUDIED = "not_studied"
"""In the place of a judgement at a level that the plan does not have."""


def reliability_of(request: ResearchRequest) -> pd.DataFrame:
    """Reliability of the outcomes at every level of the plan."""
    return _joined(
        [reliability_table(panel, request.plan.reliability) for panel in request.panels.values()],
        "reliability",
    )


def validity_of(request: ResearchRequest, reliability: pd.DataFrame) -> pd.DataFrame:
    """Validity of the outcomes; `reliability` corrects correlations for attenuation.

    Of outcomes chosen among the candidates only what is about them stays: of sources set against each other, one is theirs.
    """
    tables = []
    for level, panel in request.panels.items():
        same = reliability[reliability["level"] == level]
        tables.append(validity_table(panel, request.plan.validity, same))
    table = _joined(tables, "validity")
    chosen = request.plan.outcomes
    if not chosen:
        return table
    source = table["statistic"].str.startswith("agreement") & table["term"].isin(chosen)
    return table[table["outcome"].isin(chosen) | source].reset_index(drop=True)


def judgement_of(request: ResearchRequest, reliability: pd.DataFrame, validity: pd.DataFrame) -> pd.DataFrame:
    """Whether prefectures or areas may be compared by each outcome; of a level that is not studied nothing is said."""
    labels = labels_of(request)
    judged = judge_use(reliability, validity, request.plan.judgement, labels)
    if len(request.panels) != 1:
        return judged
    (level,) = request.panels
    studied, other = ("prefectures", "areas") if level == "prefecture" else ("areas", "prefectures")
    judged[f"compare_{other}"], judged[f"reasons_{other}"] = NOT_STUDIED, ""
    judged["reasons"] = judged[f"reasons_{studied}"]
    for language, lead in (("ja", "「{name}（{id}）」："), ("en", "{name} ({id}): ")):
        names = [
            lead.format(name=labels[str(each)]._asdict()[language], id=each) for each in judged["outcome"]
        ]
        judged[f"cautions_{other}"] = 0
        judged[f"sentence_{other}_{language}"] = ""
        judged[f"sentence_{language}"] = names + judged[f"sentence_{studied}_{language}"]
    return judged


def associations_of(request: ResearchRequest) -> pd.DataFrame:
    """Associations of the declared pairs; of outcomes chosen among them the q-values stay those of the whole family."""
    tables = [association_table(panel, request.plan.association) for panel in request.panels.values()]
    return _studied(request, _joined(tables, "association"))


def robustness_of(request: ResearchRequest) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Robustness of the declared questions, and their specification curves."""
    panels, settings = request.panels.values(), request.plan.robustness
    if chosen := set(request.plan.outcomes):
        asked = tuple(each for each in settings.questions if chosen & set(each.outcomes))
        settings = settings.model_copy(update={"questions": asked})
    return (
        _joined([robustness_table(panel, settings) for panel in panels], "robustness"),
        _joined([specification_table(panel, settings) for panel in panels], "specification"),
    )


def designs_of(request: ResearchRequest) -> dict[str, pd.DataFrame]:
    """Changes before and after: tables ``designs``, ``event_study`` and ``interrupted_lines``."""
    differences, interrupted = request.plan.designs.differences, request.plan.designs.interrupted
    if chosen := set(request.plan.outcomes):
        kept = {"outcomes": tuple(name for name in differences.outcomes if name in chosen)}
        differences = differences.model_copy(update=kept)
        kept = {"outcomes": tuple(name for name in interrupted.outcomes if name in chosen)}
        interrupted = interrupted.model_copy(update=kept)
    tables, events = [], []
    for panel in request.panels.values():
        supplied = request.designated(panel)
        tables.append(design_table(panel, differences, supplied))
        events.append(event_study_table(panel, differences, supplied))
        if panel.level == "prefecture":
            tables.append(reform_table(panel, interrupted))
    tables.append(interrupted_table(interrupted))
    return {
        "designs": _joined(tables, "designs"),
        "event_study": _joined(events, "event_study"),
        "interrupted_lines": interrupted_lines(interrupted),
    }


def core_set_of(request: ResearchRequest, judgement: pd.DataFrame | None = None) -> CoreSet:
    """The proposed core set, without outcomes that are judged unfit while their cell has another candidate.

    The reliability that is estimated for outcomes alone is not passed on: all candidates are measured by one yardstick.

    Parameters
    ----------
    request : ResearchRequest
    judgement : DataFrame, optional
        Of :func:`judgement_of`; computed if not given.
    """
    if judgement is None:
        reliability = reliability_of(request)
        judgement = judgement_of(request, reliability, validity_of(request, reliability))
    given = None if request.importance is None else read_judgements(request.importance)
    levels = tuple(level for level in request.plan.core_set.levels if level in request.panels)
    settings = request.plan.core_set.model_copy(update={"levels": levels or tuple(request.panels)})
    panels, gone = given_way(request.panels, judgement)
    found = with_judgement(core_set(panels, settings, judgements=given), judgement)
    return with_those_given_way(found, gone, request.panels)


def power_of(request: ResearchRequest) -> pd.DataFrame:
    """Variance components and the power of future studies."""
    tables = []
    for panel in request.panels.values():
        tables.append(components_table(panel, request.plan.power))
        tables.append(power_table(panel, request.plan.power))
    return _joined(tables, "power")


def compute_research(
    request: ResearchRequest, created: date, command: str, step: Step = lambda part: None
) -> ResearchContent:
    """Everything the report shows.

    Parameters
    ----------
    request : ResearchRequest
    created : date
        Date that the report carries.
    command : str
        Command line that makes it again.
    step : callable, optional
        Told the name of each part as it begins.

    Raises
    ------
    InputError
        If a file, place or item cannot be used; nothing has been written then.
    """
    panels = request.panels
    step("reliability")
    reliability = reliability_of(request)
    step("validity")
    validity = validity_of(request, reliability)
    judgement = judgement_of(request, reliability, validity)
    step("association")
    association = associations_of(request)
    settings = request.plan.association
    curves = _studied(
        request, _joined([curve_table(panel, settings) for panel in panels.values()], "association_curves")
    )
    chains = _studied(request, _joined([chain_table(panel, settings) for panel in panels.values()], "chains"))
    step("robustness")
    robustness, specification = robustness_of(request)
    step("designs")
    designs = designs_of(request)
    step("core_set")
    core = core_set_of(request, judgement)
    step("power")
    power = power_of(request)
    frames = {
        "reliability": reliability,
        "validity": validity,
        "judgement": judgement,
        "association": association,
        "association_curves": curves,
        "chains": chains,
        "robustness": robustness,
        "specification": specification,
        **designs,
        "power": power,
        "agreement_points": _joined(
            [agreement_points(panel, request.plan.validity) for panel in panels.values()], "agreement_points"
        ),
        "core_members": core.members,
        "core_criteria": core.criteria,
        "core_stability": core.stability,
        "core_clusters": core.clusters,
        "core_left_out": core.left_out,
        "core_empty": core.empty_cells,
        "panels": panel_rows(panels),
        "codebook": codebook_rows(panels),
        "data_versions": data_versions(),
        "plan": plan_rows(request),
        "candidates": candidate_rows(panels),
    }
    frames["deviations"] = deviation_rows(request, frames)
    months = request.plan.designs.interrupted.interruptions
    tables: dict[str, Any] = {name: frames.get(name, empty_frame(name)) for name in (*FRAMES, *TIDY)}
    return ResearchContent(
        title=request.plan.title,
        created=created.isoformat(),
        command=command,
        code_version=__version__,
        seed=request.plan.seed,
        plan_toml=plan_text(request.plan_file),
        sentences=sentences_of(request, frames),
        interruptions=tuple((each.name, f"{each.year}-{each.month:02d}") for each in months),
        caveats=CAVEATS,
        **tables,
    )


def _studied(request: ResearchRequest, table: pd.DataFrame) -> pd.DataFrame:
    chosen = request.plan.outcomes
    return table[table["outcome"].isin(chosen)].reset_index(drop=True) if chosen else table


def _joined(tables: Sequence[pd.DataFrame], name: str) -> pd.DataFrame:
    """Tables of the levels in one; those without rows are left out, as they have no types."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else empty_frame(name)

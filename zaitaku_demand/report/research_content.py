"""Everything the research report shows, computed before anything is written.

Tables, figures, page and source read this one object; none of them computes a figure of its own beyond rounding,
sorting and picking rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from zaitaku_demand.research.result import RESULT_COLUMNS
from zaitaku_demand.text import Text

TIDY = (
    "reliability",
    "validity",
    "association",
    "association_curves",
    "chains",
    "robustness",
    "specification",
    "designs",
    "event_study",
    "power",
)
"""Tables in the layout of `zaitaku_demand.research.result`; further columns may follow."""

FRAMES: Mapping[str, tuple[str, ...]] = {
    "panels": ("level", "n_places", "n_outcomes", "n_exposures", "n_confounders", "first_year", "last_year"),
    "codebook": ("name", "role", "label_ja", "label_en", "unit_ja", "unit_en"),
    "data_versions": ("table", "title_ja", "title_en", "sources", "editions", "checksum"),
    "plan": ("item", "declared"),
    "deviations": ("item", "declared", "done", "reason_ja", "reason_en"),
    "candidates": (
        "outcome",
        "label_ja",
        "label_en",
        "levels",
        "why_ja",
        "why_en",
        "may_mean_ja",
        "may_mean_en",
    ),
    "judgement": ("outcome", "compare_prefectures", "compare_areas", "sentence_ja", "sentence_en"),
    "agreement_points": ("level", "outcome", "term", "area_code", "first", "second"),
    "interrupted_lines": (
        "service",
        "month",
        "used",
        "observed",
        "fitted",
        "fitted_lower",
        "fitted_upper",
        "counterfactual",
        "counterfactual_lower",
        "counterfactual_upper",
    ),
    "core_members": ("id", "function", "type", "order", "reason_ja", "reason_en"),
    "core_criteria": ("id", "criterion", "score"),
    "core_stability": ("id", "share", "verdict"),
    "core_clusters": ("cluster", "id"),
    "core_left_out": ("id", "reason_ja", "reason_en"),
    "core_empty": ("function", "type", "reason_ja", "reason_en"),
}
"""Columns that the report reads of every other table; more may follow and are written to the CSV files."""


@dataclass(frozen=True, eq=False)
class ResearchContent:
    """One run of the research, ready to be shown. A table without rows is a section without findings.

    Attributes
    ----------
    title : Text
    created : str
        Date of the run (ISO), given by whoever runs it.
    command : str
        Command line that makes this report again.
    code_version : str
    seed : int
    plan_toml : str
        The declared plan as the run read it; written beside the report unchanged.
    panels : DataFrame
        One row a level: level, n_places, n_outcomes, n_exposures, n_confounders, first_year, last_year.
    codebook : DataFrame
        One row a variable: name, role, label_ja, label_en, unit_ja, unit_en and what else the codebook has.
    data_versions : DataFrame
        One row a table: table, title_ja, title_en, sources, editions, checksum (short).
    plan : DataFrame
        item, declared: every setting of every room.
    deviations : DataFrame
        item, declared, done, reason_ja, reason_en, and where it is at hand item_ja, item_en (the item in words); empty if
        everything was done as declared.
    candidates : DataFrame
        One row a candidate outcome: outcome, label_ja, label_en, levels (joined by blanks), why_ja, why_en (it is a candidate),
        may_mean_ja, may_mean_en (what a high value may mean besides good care).
    judgement : DataFrame
        outcome, compare_prefectures, compare_areas (yes | with_care | no | no_data), sentence_ja, sentence_en; where
        they are at hand sentence_prefectures_ja … sentence_areas_en, a sentence a level.
    reliability, validity, association, association_curves, chains, robustness, specification, designs, event_study, power : DataFrame
        Tidy (`zaitaku_demand.research.result`), as the rooms give them: `association` with ``primary`` (the declared
        main result) and ``q_value``, `association_curves` with ``x``, `event_study` with ``event_time``. In `power`
        the term is the form of the study, and the parameters hold the number of places and the true ratio.
    agreement_points : DataFrame
        level, outcome, term, area_code, first, second: both figures relative to all places together.
    interrupted_lines : DataFrame
        service, month (``2020-04``), used, observed, fitted, counterfactual with their limits; counts a day.
    core_members : DataFrame
        id, function, type, order, reason_ja, reason_en.
    core_criteria : DataFrame
        id, criterion, score (0-1); optional weight.
    core_stability : DataFrame
        id, share (of draws in which it stays, 0-1), verdict (always | usually | borderline …).
    core_clusters : DataFrame
        cluster, id: indicators that say nearly the same.
    core_left_out : DataFrame
        id, reason_ja, reason_en: candidates close to the set.
    core_empty : DataFrame
        function, type, reason_ja, reason_en: cells without an indicator.
    sentences : mapping
        Section (key of `research_labels.SECTIONS`), with a group and a level where there are some (``validity.bounds.area``) →
        sentences for a planner.
    interruptions : sequence of (name, month)
        Interruptions of the monthly series, the month as ``2020-04``.
    examples : mapping
        ``null`` and ``fragile`` → (level, outcome, exposure) of the specification curves that the report shows as
        such; where none is named, the first curve of the table with that verdict.
    caveats : list of Text
        What holds for every figure of the report.
    """

    title: Text
    created: str
    command: str
    code_version: str
    seed: int
    plan_toml: str
    panels: pd.DataFrame
    codebook: pd.DataFrame
    data_versions: pd.DataFrame
    plan: pd.DataFrame
    deviations: pd.DataFrame
    candidates: pd.DataFrame
    judgement: pd.DataFrame
    reliability: pd.DataFrame
    validity: pd.DataFrame
    association: pd.DataFrame
    association_curves: pd.DataFrame
    chains: pd.DataFrame
    robustness: pd.DataFrame
    specification: pd.DataFrame
    designs: pd.DataFrame
    event_study: pd.DataFrame
    power: pd.DataFrame
    agreement_points: pd.DataFrame
    interrupted_lines: pd.DataFrame
    core_members: pd.DataFrame
    core_criteria: pd.DataFrame
    core_stability: pd.DataFrame
    core_clusters: pd.DataFrame
    core_left_out: pd.DataFrame
    core_empty: pd.DataFrame
    sentences: Mapping[str, Sequence[Text]] = field(default_factory=dict)
    interruptions: Sequence[tuple[str, str]] = ()
    examples: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    caveats: Sequence[Text] = ()

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table by its name, in the order of the report."""
        return {name: getattr(self, name) for name in (*FRAMES, *TIDY)}

    def check(self) -> None:
        """ValueError naming the table and the columns that it lacks."""
        for name, frame in self.frames().items():
            wanted = RESULT_COLUMNS if name in TIDY else FRAMES[name]
            missing = [column for column in wanted if column not in frame]
            if missing:
                raise ValueError(f"the table {name} lacks {', '.join(missing)}")


def empty_frame(name: str) -> pd.DataFrame:
    """A table of the report without rows: what stands for a room that was not asked for."""
    return pd.DataFrame(columns=list(RESULT_COLUMNS if name in TIDY else FRAMES[name]))

"""A research report for the tests: the rooms' own tables of a few variables, with few draws, labelled as test data."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd

from zaitaku_demand.report.research_content import FRAMES, TIDY, ResearchContent, empty_frame
from zaitaku_demand.research.association.robust_run import robustness_table, specification_table
from zaitaku_demand.research.association.robust_settings import Question, RobustSettings
from zaitaku_demand.research.association.run import association_table, curve_table
from zaitaku_demand.research.association.settings import AssociationSettings
from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.candidates import candidates
from zaitaku_demand.research.core_set.run import core_set
from zaitaku_demand.research.core_set.settings import CoreSetSettings
from zaitaku_demand.research.designs.run import design_table, event_study_table
from zaitaku_demand.research.designs.run_interrupted import interrupted_lines, interrupted_table
from zaitaku_demand.research.designs.settings import DesignSettings, InterruptedSettings
from zaitaku_demand.research.judgement import judge_use
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.power.run import power_table
from zaitaku_demand.research.power.settings import PowerSettings
from zaitaku_demand.research.reliability.run import reliability_table
from zaitaku_demand.research.reliability.settings import ReliabilitySettings
from zaitaku_demand.research.validity.run import validity_table
from zaitaku_demand.research.validity.settings import ValiditySettings
from zaitaku_demand.text import Text

LEVELS = ("prefecture", "area")
OUTCOMES = ("O-E-1", "P-E-1-D")
EXPOSURES = ("S-C-3", "P-C-1", "P-C-3")
TEST_DATA = Text(
    "試験用データ：変数と反復の数が少ない実行の結果",
    "Test data: a run with few variables and few repetitions",
)
SEED = 11
SENTENCE = Text(
    "訪問診療の多い地域ほど自宅死の割合が高い傾向がある（因果関係を示すものではない）。",
    "Places with more home visits have higher shares of home deaths (this does not show cause).",
)


def small(panel: Panel) -> Panel:
    """The panel with a few outcomes and exposures and all confounders."""
    kept = [
        name
        for name in panel.variables.index
        if name in (*OUTCOMES, *EXPOSURES) or panel.variables.loc[name, "role"] == "confounder"
    ]
    return Panel(
        panel.level, panel.places, panel.variables.loc[kept], {name: panel.series[name] for name in kept}
    )


def _tables(panels: dict[str, Panel]) -> dict[str, pd.DataFrame]:
    reliability = [reliability_table(panel, ReliabilitySettings(draws=50)) for panel in panels.values()]
    validity = [
        validity_table(
            panel,
            ValiditySettings(case_mix_draws=100, cluster_draws=100, flow_draws=10, moran_permutations=99),
        )
        for panel in panels.values()
    ]
    association = AssociationSettings(models=("poisson", "mixed"), curves=(("O-E-1", "S-C-3"),))
    robust = RobustSettings(
        questions=(
            Question(outcomes=("O-E-1",), exposures=("S-C-3",)),
            Question(outcomes=("P-E-1-D",), exposures=("P-C-1",)),
        ),
        permutations=19,
        moran_permutations=99,
    )
    designs = DesignSettings(treatments=("S-C-3",), replications=99, bootstrap=99)
    months = InterruptedSettings(services=("house_calls", "death_attendance"))
    power = PowerSettings(replications=100, resamples=50)
    areas = panels["area"]
    core = core_set(panels, CoreSetSettings(draws=20, minimum_size=2, maximum_size=4))
    return {
        "reliability": pd.concat(reliability),
        "validity": pd.concat(validity),
        "association": pd.concat([association_table(panel, association) for panel in panels.values()]),
        "association_curves": curve_table(areas, association),
        "robustness": robustness_table(panels["prefecture"], robust),
        "specification": specification_table(panels["prefecture"], robust),
        "designs": pd.concat([design_table(areas, designs), interrupted_table(months)]),
        "event_study": event_study_table(areas, designs),
        "interrupted_lines": interrupted_lines(months),
        "power": power_table(areas, power, ["O-E-1"]),
        "core_members": core.members,
        "core_criteria": core.criteria,
        "core_stability": core.stability,
        "core_clusters": core.clusters,
        "core_left_out": core.left_out,
        "core_empty": core.empty_cells,
    }


def _descriptions(panels: dict[str, Panel]) -> dict[str, pd.DataFrame]:
    variables = pd.concat([panel.variables for panel in panels.values()])
    variables = variables[~variables.index.duplicated()].rename_axis("name").reset_index()
    declared = [candidates()[name] for name in OUTCOMES]
    labels = variables.set_index("name")
    return {
        "codebook": variables[["name", "role", "label_ja", "label_en", "unit_ja", "unit_en"]],
        "panels": pd.DataFrame(
            [
                {
                    "level": level,
                    "n_places": len(panel.places),
                    "n_outcomes": len(panel.names("outcome")),
                    "n_exposures": len(panel.names("exposure")),
                    "n_confounders": len(panel.names("confounder")),
                    "first_year": 2014,
                    "last_year": 2026,
                }
                for level, panel in panels.items()
            ]
        ),
        "data_versions": pd.DataFrame(
            [
                {
                    "table": "ndb_month",
                    "title_ja": "月別の算定回数",
                    "title_en": "claims by month",
                    "sources": "厚生労働省「NDBオープンデータ」",
                    "editions": "第6回～第9回",
                    "checksum": "0123abcd",
                }
            ]
        ),
        "plan": pd.DataFrame({"item": ["seed", "reliability.confidence"], "declared": [str(SEED), "0.95"]}),
        "deviations": pd.DataFrame(
            [
                {
                    "item": "power.replications",
                    "declared": "1000",
                    "done": "100",
                    "reason_ja": "試験のため",
                    "reason_en": "for the tests",
                }
            ]
        ),
        "candidates": pd.DataFrame(
            [
                {
                    "outcome": each.id,
                    "label_ja": labels.loc[each.id, "label_ja"],
                    "label_en": labels.loc[each.id, "label_en"],
                    "levels": "prefecture area",
                    "why_ja": each.why.ja,
                    "why_en": each.why.en,
                    "may_mean_ja": each.may_mean.ja,
                    "may_mean_en": each.may_mean.en,
                }
                for each in declared
            ]
        ),
    }


@cache
def make_research() -> ResearchContent:
    """The report; every table but `chains` and `agreement_points` has rows."""
    panels = {level: small(build_panel(level)) for level in LEVELS}
    frames = {**_descriptions(panels), **_tables(panels)}
    names = frames["codebook"].set_index("name")
    labels = {name: Text(row["label_ja"], row["label_en"]) for name, row in names.iterrows()}
    frames["judgement"] = judge_use(frames["reliability"], frames["validity"], labels=labels)
    return ResearchContent(
        title=Text(
            "在宅医療のアウトカム指標の研究（試験用データ）",
            "Outcome indicators of home medical care (test data)",
        ),
        created="2026-11-22",
        command="zaitaku research report --out research",
        code_version="0.1.0",
        seed=SEED,
        plan_toml=f"seed = {SEED}\n",
        sentences={"association": [SENTENCE, TEST_DATA]},
        interruptions=(("emergency_2020", "2020-04"), ("reform_2022", "2022-04")),
        caveats=[TEST_DATA],
        **{name: frames.get(name, empty_frame(name)) for name in (*FRAMES, *TIDY)},  # type: ignore[arg-type]
    )


def hostile(text: str) -> ResearchContent:
    """The report with `text` wherever a user could have written."""
    content = make_research()
    both = Text(text, text)
    return replace(
        content,
        title=both,
        command=text,
        sentences={"power": [both, both]},
        caveats=[both],
        codebook=content.codebook.assign(label_ja=text, label_en=text),
        judgement=content.judgement.assign(sentence_ja=text, sentence_en=text),
        plan=content.plan.assign(declared=text),
    )

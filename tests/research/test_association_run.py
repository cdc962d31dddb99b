"""The declared associations on the panel that is shipped."""

from __future__ import annotations

import json
import time

import numpy as np
import pandas as pd
import pytest

from tests.research.association_data import panel
from zaitaku_demand.research.association.chain import STEPS, chain_designs, chain_table
from zaitaku_demand.research.association.models import MODELS, NOTES
from zaitaku_demand.research.association.robust_run import main_design
from zaitaku_demand.research.association.robust_settings import RobustSettings
from zaitaku_demand.research.association.run import (
    association_table,
    curve_table,
    declared_pairs,
)
from zaitaku_demand.research.association.settings import AssociationSettings, Chain, PairRule
from zaitaku_demand.research.association.shared import shared_measure
from zaitaku_demand.research.association.words_table import association_sentences
from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.result import RESULT_COLUMNS
from zaitaku_demand.research.wording import causal_phrases
from zaitaku_demand.text import Text

REASON = Text("試験", "a test")
BUDGET_SECONDS = 15.0
SOME = AssociationSettings(models=("negative_binomial", "fixed_effects", "mixed"))
"""All pairs by three of the models, which is enough for what a table must hold."""


@pytest.fixture(scope="module")
def prefectures() -> Panel:
    return build_panel("prefecture")


@pytest.fixture(scope="module")
def table(prefectures: Panel) -> pd.DataFrame:
    return association_table(prefectures, SOME)


def small(**given: object) -> AssociationSettings:
    base: dict[str, object] = {
        "rules": (PairRule(outcomes=("Y",), exposures=("X", "P", "absent"), reason=REASON),),
        "confounders": {"area": ("c", "unknown")},
        "models": ("negative_binomial", "mixed"),
    }
    return AssociationSettings.model_validate({**base, **given})


def test_every_declared_pair_has_every_model(table: pd.DataFrame, prefectures: Panel) -> None:
    settings = AssociationSettings()
    pairs = declared_pairs(prefectures, settings)
    assert len(pairs) > 40
    shares = sum(prefectures[pair.outcome].kind == "binomial" for pair in pairs)
    assert len(table) == len(pairs) * 2 * len(SOME.models) + shares * 2
    assert list(table.columns[: len(RESULT_COLUMNS)]) == list(RESULT_COLUMNS)
    assert table["primary"].sum() == len(pairs)


@pytest.mark.long
def test_all_models_of_both_levels_in_time(prefectures: Panel) -> None:
    areas = build_panel("area")
    begun = time.process_time()
    tables = [
        make(panel)
        for panel in (prefectures, areas)
        for make in (association_table, chain_table, curve_table)
    ]
    assert time.process_time() - begun < BUDGET_SECONDS
    assert set(tables[0]["method"]) == {*MODELS, "logistic"}
    known = tables[3]["primary"] & (tables[3]["note"] == "")
    assert (tables[3].loc[known, "n_places"] > 100).all()


def test_figures_or_a_reason(table: pd.DataFrame) -> None:
    known = table["estimate"].notna()
    assert (known == (table["note"] == "")).all()
    assert set(table["note"]) <= {"", *NOTES}
    fine = table[known]
    assert ((fine["lower"] < fine["estimate"]) & (fine["estimate"] < fine["upper"])).all()
    assert (
        (fine["p_value"] <= fine["q_value"] + 1e-12) & (fine["q_value"] <= fine["holm_p_value"] + 1e-12)
    ).all()
    assert known.mean() > 0.9


def test_crude_and_adjusted_stand_on_the_same_rows(table: pd.DataFrame) -> None:
    keys = ["outcome", "term", "lag", "method", "statistic"]
    wide = table.pivot(index=keys, columns="adjustment", values=["n_places", "n_years"])
    assert (wide["n_years"]["crude"] == wide["n_years"]["adjusted"]).all()
    crude = table[table["adjustment"] == "crude"]["parameters"].map(json.loads)
    assert all(each["confounders"] == [] for each in crude)


def test_the_family_counts_every_test(table: pd.DataFrame) -> None:
    primary = table[table["primary"]]
    assert primary["family_tests"].nunique() == 1
    assert int(primary["family_tests"].iloc[0]) == primary["p_value"].notna().sum()


def test_exposures_that_share_a_count_are_left_out(prefectures: Panel, table: pd.DataFrame) -> None:
    assert shared_measure(prefectures, "O-E-3", "P-E-3")
    assert shared_measure(prefectures, "O-A-2", "P-C-1")
    assert not shared_measure(prefectures, "O-E-3", "S-C-5")
    assert not (table["note"] == "shared_measure").any()
    made = association_table(panel(), small())
    assert set(made.loc[made["term"] == "P", "note"]) == {"shared_measure"}
    assert "absent" not in set(made["term"])


def test_confounders_a_level_lacks_are_named() -> None:
    made = association_table(panel(), small())
    adjusted = made[(made["term"] == "X") & (made["adjustment"] == "adjusted")].iloc[0]
    parameters = json.loads(adjusted["parameters"])
    assert parameters["confounders"] == ["c"]
    assert parameters["confounders_absent"] == ["unknown"]


def test_known_ratio_of_the_small_panel() -> None:
    made = association_table(panel(places=60), small(scale="unit"))
    crude = made[(made["term"] == "X") & (made["adjustment"] == "crude")].set_index("method")
    row = crude.loc["negative_binomial"]
    assert row["lower"] < np.exp(0.1) < row["upper"]
    assert row["estimate"] == pytest.approx(np.exp(0.1), abs=0.02)


def test_a_part_of_the_other_count_is_no_exposure(prefectures: Panel) -> None:
    # Urgent calls are part of house calls, visits to homes part of all patients visited (the divisor of O-A-2).
    assert shared_measure(prefectures, "O-A-2", "P-A-1")
    assert shared_measure(prefectures, "P-A-1", "O-A-2")
    assert shared_measure(prefectures, "O-A-2", "P-C-1-H")
    # Deaths of 65 and over are the divisor of both, shares of one population are of none.
    assert not shared_measure(prefectures, "O-E-1", "P-C-1-H")
    assert not shared_measure(prefectures, "O-A-1-D", "S-C-5")


def test_main_estimate_is_one_and_the_same_in_both_rooms(prefectures: Panel) -> None:
    plan, robust = AssociationSettings(), RobustSettings()
    assert plan.primary_model == robust.main_model
    assert plan.confounders == robust.main_confounders
    assert plan.scale == "sd"
    quick = robust.model_copy(update={"moran_permutations": 19})
    checked = 0
    for panel_of in (prefectures, build_panel("area")):
        few = plan.model_copy(update={"models": (plan.primary_model, plan.within_model)})
        primary = association_table(panel_of, few)
        primary = primary[primary["primary"] & (primary["lag"] == 0)].set_index(["outcome", "term"])
        for question in quick.questions:
            design = main_design(panel_of, question, quick)
            if isinstance(design, str) or (design.outcome, design.exposure) not in primary.index:
                continue
            found = MODELS[quick.main_model](design)
            row = primary.loc[(design.outcome, design.exposure)]
            assert row["method"] == found.method == "negative_binomial"
            assert row["estimate"] == pytest.approx(np.exp(found.estimate), rel=1e-12)
            assert row["upper"] == pytest.approx(np.exp(found.upper), rel=1e-12)
            assert row["p_value"] == pytest.approx(found.p_value, rel=1e-9)
            checked += 1
    assert checked >= 15


def test_negative_binomial_has_a_figure_wherever_rows_overlap(table: pd.DataFrame) -> None:
    primary = table[table["primary"]]
    assert (primary["method"] == "negative_binomial").all()
    assert (primary["note"] == "").all()


def test_sentences_say_when_changes_within_places_disagree(table: pd.DataFrame, prefectures: Panel) -> None:
    labels = {str(name): prefectures.label(str(name)) for name in prefectures.variables.index}
    said = association_sentences(table, labels)
    primary = table[table["primary"]].reset_index(drop=True)
    assert len(said) == len(primary)
    beside = table[(table["method"] == "fixed_effects") & (table["adjustment"] == "adjusted")]
    beside = beside.reset_index(drop=True)
    pair = (primary["outcome"] == "O-A-2") & (primary["term"] == "P-C-3")
    at = int(np.flatnonzero(pair)[0])
    # Fewer urgent calls where nursing is more common, more of them in the years in which it grew.
    assert primary.loc[at, "upper"] < 1 < beside.loc[at, "lower"]
    assert "the other way" in said[at].en
    assert "一致しない" in said[at].ja
    # One of 70 pairs: q is above 0.05.
    assert primary.loc[at, "q_value"] > 0.05
    assert "偶然と区別できない" in said[at].ja
    for position, text in enumerate(said):
        alone, other = primary.loc[position], beside.loc[position]
        between = bool((alone["lower"] > 1) or (alone["upper"] < 1))
        within = bool((other["lower"] > 1) or (other["upper"] < 1))
        opposite = between and within and (alone["estimate"] - 1) * (other["estimate"] - 1) < 0
        known = bool(np.isfinite(other["estimate"]))
        assert ("disagree" in text.en) == ("一致しない" in text.ja) == opposite, text
        assert ("between prefectures only" in text.en) == (between and known and not within), text
        assert ("changes over the years only" in text.en) == (within and not between), text
        assert ("allow no estimate" in text.en) == (not known), text
        assert ("told from chance" in text.en) == (between and alone["q_value"] >= 0.05), text
        assert causal_phrases(text.en, "en") == causal_phrases(text.ja, "ja") == []


def test_pairs_without_overlap_say_so() -> None:
    rules = (PairRule(outcomes=("Y",), exposures=("W",), lag=5, reason=REASON),)
    made = association_table(panel(), small(rules=rules))
    assert set(made["note"]) == {"no_overlap"}
    assert made["estimate"].isna().all()
    later = association_table(panel(), small(rules=(rules[0].model_copy(update={"lag": 0}),)))
    assert set(later["n_years"]) == {1}


def test_chain_stands_on_shared_rows(prefectures: Panel) -> None:
    made = chain_table(prefectures)
    assert set(made["step"]) == set(STEPS)
    chain = AssociationSettings().chains[0]
    designs = chain_designs(prefectures, chain, AssociationSettings())
    rows = {step: (each.place.tolist(), each.year.tolist()) for step, (each, _) in designs.items() if each}
    assert len(rows) == 4
    assert all(each == rows["structure_process"] for each in rows.values())
    structure = designs["structure_outcome"][0]
    given = designs["structure_outcome_given_process"][0]
    assert structure is not None and given is not None
    assert given.z.shape[1] == structure.z.shape[1] + 1


def test_chain_of_one_count_is_refused() -> None:
    chain = Chain(structure="X", process="P", outcome="Y", reason=REASON)
    made = chain_table(panel(), small(chains=(chain,)))
    assert set(made["note"]) == {"shared_measure"}


def test_curves(prefectures: Panel) -> None:
    made = curve_table(prefectures)
    one = made[(made["outcome"] == "O-E-3") & (made["term"] == "P-C-1")]
    assert len(one) == AssociationSettings().curve_points
    assert one["p_value"].nunique() == 1
    assert ((one["lower"] <= one["estimate"]) & (one["estimate"] <= one["upper"])).all()
    nearest = one.loc[(one["x"] - one["reference"]).abs().idxmin()]
    assert nearest["estimate"] == pytest.approx(1.0, abs=0.05)


def test_settings_refuse_what_they_do_not_know() -> None:
    with pytest.raises(ValueError, match="extra"):
        AssociationSettings.model_validate({"modells": ()})
    pairs = AssociationSettings().pairs()
    assert len({(pair.outcome, pair.exposure, pair.lag) for pair in pairs}) == len(pairs)
    assert all(pair.reason.ja and pair.reason.en for pair in pairs)

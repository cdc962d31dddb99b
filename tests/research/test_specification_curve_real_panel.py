"""Robustness on the shipped panel: at least one null and one fragile association are there and said to be so."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from zaitaku_demand.research.association.caveats import caveats, estimated_share
from zaitaku_demand.research.association.design import make_design
from zaitaku_demand.research.association.estimate import NOTES as MODEL_NOTES
from zaitaku_demand.research.association.models import MODELS, poisson
from zaitaku_demand.research.association.robust_rows import curves_of
from zaitaku_demand.research.association.robust_run import NOTES, robustness_table, specification_table
from zaitaku_demand.research.association.robust_settings import Question, RobustSettings
from zaitaku_demand.research.association.specification_run import designs, specification_curve
from zaitaku_demand.research.association.words import association_sentence, curve_sentence
from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.result import RESULT_COLUMNS
from zaitaku_demand.research.wording import causal_phrases
from zaitaku_demand.text import LANGUAGES

NULL = Question(outcomes=("O-E-1",), exposures=("S-C-2-H",))
FRAGILE = Question(outcomes=("O-E-1",), exposures=("S-C-3",))
ABSENT = Question(outcomes=("O-E-1",), exposures=("S-C-2",))
SETTINGS = RobustSettings(questions=(NULL, FRAGILE, ABSENT), permutations=99, moran_permutations=199)


@pytest.fixture(scope="module")
def panel() -> Panel:
    return build_panel("prefecture")


@pytest.fixture(scope="module")
def curves(panel: Panel) -> pd.DataFrame:
    return specification_table(panel, SETTINGS)


@pytest.fixture(scope="module")
def robustness(panel: Panel) -> pd.DataFrame:
    return robustness_table(panel, SETTINGS)


def test_support_clinics_null_and_support_hospitals_fragile(curves: pd.DataFrame) -> None:
    said = curves[curves["statistic"] == "verdict"].set_index("term")["note"]
    assert said["S-C-2-H"] == "null"
    assert said["S-C-3"] == "fragile"
    assert (curves[curves["term"] == "S-C-2"]["note"] == "not_estimable").all()


def test_curve_summary_is_that_of_its_rows(curves: pd.DataFrame) -> None:
    rows = curves[(curves["term"] == "S-C-3") & (curves["statistic"] == "rate_ratio")]
    kind = rows["parameters"].map(lambda text: json.loads(text)["curve"])
    between = rows[kind == "between"]
    whole = curves[(curves["term"] == "S-C-3") & (curves["method"] == "specification_curve")]
    figure = whole.set_index("statistic")["estimate"]
    assert figure["median_rate_ratio"] == pytest.approx(np.exp(np.log(between["estimate"]).median()))
    assert figure["lowest_rate_ratio"] == between["estimate"].min()
    significant = (between["p_value"] < 0.05) & (between["estimate"] < 1)
    assert figure["share_significant"] == pytest.approx(significant.mean())
    assert between["estimate"].is_monotonic_increasing
    assert json.loads(whole["parameters"].iloc[0])["specifications"] == len(between)
    assert set(rows.loc[kind == "within", "method"]) == {"fixed_effects"}


def test_specifications_are_distinct_and_of_one_step(panel: Panel) -> None:
    made = list(designs(panel, FRAGILE, SETTINGS))
    assert len({parts for parts, _ in made}) == len(made)
    step = {parts.scale: design.x.std() for parts, design in made if parts.period == parts.places == "all"}
    # One standard deviation between places; years add a little.
    assert all(0.9 < value < 1.1 for value in step.values()), step


def test_crude_specification_is_the_model_on_the_whole_design(panel: Panel) -> None:
    parts, design = next(designs(panel, NULL, SETTINGS))
    assert (parts.confounders, parts.period, parts.scale) == ((), "all", "sd")
    plain = poisson(make_design(panel, "O-E-1", "S-C-2-H"))
    assert poisson(design).estimate == pytest.approx(plain.estimate, rel=1e-9)
    assert poisson(design).p_value == pytest.approx(plain.p_value, rel=1e-6)


def test_an_exposure_of_the_same_count_makes_no_curve(panel: Panel) -> None:
    # House calls hold the urgent ones; of two measures only the one with a count of its own is used.
    circular = SETTINGS.model_copy(
        update={"questions": (Question(outcomes=("O-A-2",), exposures=("P-A-1", "P-C-1-H")),)}
    )
    assert set(specification_table(panel, circular)["note"]) == {"shared_measure"}
    assert set(robustness_table(panel, circular)["note"]) == {"shared_measure"}
    mixed_up = Question(outcomes=("O-A-2",), exposures=("P-A-1", "S-C-5"))
    assert {parts.exposure for parts, _ in designs(panel, mixed_up, SETTINGS)} == {"S-C-5"}


def test_no_declared_question_asks_for_what_holds_by_construction() -> None:
    terminal = {"P-E-1", "P-E-1-D", "P-E-3", "O-E-3"}
    for question in RobustSettings().questions:
        assert not (set(question.outcomes) <= {"O-E-1"} and set(question.exposures) & terminal)


def test_specifications_are_those_of_designs_made_one_by_one(panel: Panel) -> None:
    for parts, design in designs(panel, FRAGILE, SETTINGS):
        years = {"all": None, "first_half": (2014, 2015), "second_half": (2016, 2017)}[parts.period]
        places = (panel.places["type"] != "大都市型").to_numpy(bool) if parts.places != "all" else None
        scale = "log2" if parts.scale == "log_sd" else "unit"
        alone = make_design(
            panel, parts.outcome, parts.exposure, parts.confounders, years, scale=scale, places=places
        )
        np.testing.assert_array_equal(design.place, alone.place)
        np.testing.assert_array_equal(design.year, alone.year)
        ratio = poisson(alone).estimate / poisson(design).estimate
        assert ratio == pytest.approx((design.x.std() / alone.x.std()), rel=1e-6)


def test_same_seed_same_table(panel: Panel) -> None:
    few = SETTINGS.model_copy(update={"questions": (NULL,), "permutations": 49})
    pd.testing.assert_frame_equal(specification_table(panel, few), specification_table(panel, few))


def test_limits_are_those_of_the_declared_confidence(
    panel: Panel, robustness: pd.DataFrame, curves: pd.DataFrame
) -> None:
    lower = SETTINGS.model_copy(update={"questions": (FRAGILE,), "confidence": 0.8, "moran_permutations": 19})
    for make, known in ((robustness_table, robustness), (specification_table, curves)):
        narrow = make(panel, lower)
        wide = known[known["term"] == "S-C-3"]
        keys = ["statistic", "method", "parameters"]
        both = narrow.merge(wide, on=keys, suffixes=("", "_wide"))
        both = both[both["lower"].notna()]
        assert len(both) > 20
        assert (both["confidence"] == 0.8).all()
        np.testing.assert_allclose(both["estimate"], both["estimate_wide"], rtol=1e-9)
        assert (both["lower"] > both["lower_wide"]).all()
        assert (both["upper"] < both["upper_wide"]).all()


def test_layout_and_codes(curves: pd.DataFrame, robustness: pd.DataFrame) -> None:
    for table in (curves, robustness):
        assert tuple(table.columns) == RESULT_COLUMNS
        assert set(table["note"]) <= {"", *NOTES, *MODEL_NOTES}
        rows = table[(table["statistic"] == "rate_ratio") & (table["note"] == "")]
        assert (rows["estimate"] > 0).all()
        assert rows["parameters"].map(json.loads).map(len).gt(0).all()


def test_robustness_rows_of_support_hospitals(robustness: pd.DataFrame) -> None:
    rows = robustness[robustness["term"] == "S-C-3"]
    assert (rows["statistic"] == "rate_ratio_without").sum() == 47
    methods = set(rows.loc[rows["statistic"] == "rate_ratio", "method"])
    assert methods >= {"negative_binomial", "fixed_effects", "log_rate_spatial_error", "log_rate_spatial_lag"}
    assert any(each.endswith("eigenvector_filter") for each in methods)
    # Okinawa and Hokkaido have no border with another prefecture.
    moran = rows[rows["statistic"] == "moran_i"]
    assert set(moran["parameters"].map(lambda text: json.loads(text)["linked_places"])) <= {45, 46, 47}
    strength = rows.set_index("statistic")["estimate"]
    assert strength["e_value"] > strength["e_value_limit"] == 1.0
    assert robustness[robustness["term"] == "S-C-2"]["note"].tolist() == ["not_at_hand"]


def test_sentences_claim_no_cause(panel: Panel) -> None:
    for question in (NULL, FRAGILE):
        curve = specification_curve(panel, question, SETTINGS)
        assert curve is not None
        names = panel.label(curve.outcome), panel.label(curve.exposure)
        texts = [curve_sentence(curve.verdict, curve.description, curve.test, *names, panel.level)]
        design = make_design(panel, curve.outcome, curve.exposure, ["share_75", "log_density"])
        for model in ("poisson", "fixed_effects"):
            estimate = MODELS[model](design)
            texts.append(association_sentence(estimate, *names, panel.level))
            texts += [each.sentence for each in caveats(panel, design, model)]
        for text in texts:
            for language in LANGUAGES:
                assert causal_phrases(text.to(language), language) == [], text
                assert "{" not in text.to(language)


def test_curves_are_read_back_from_the_table(panel: Panel, curves: pd.DataFrame) -> None:
    read = {each.exposure: each for each in curves_of(curves)}
    assert set(read) == {"S-C-2-H", "S-C-3"}
    made = specification_curve(panel, FRAGILE, SETTINGS)
    assert made is not None
    back = read["S-C-3"]
    assert (back.verdict, back.level, back.outcome) == (made.verdict, "prefecture", "O-E-1")
    assert tuple(back.description) == pytest.approx(tuple(made.description))
    assert back.test.p_median == made.test.p_median
    names = panel.label(back.outcome), panel.label(back.exposure)
    text = curve_sentence(
        back.verdict, back.description, back.test, *names, back.level, back.within, back.within_opposite
    )
    assert "changes within places" in text.en
    assert causal_phrases(text.en, "en") == causal_phrases(text.ja, "ja") == []


def test_caveats_follow_the_facts(panel: Panel) -> None:
    design = make_design(panel, "O-E-1", "S-C-2-H", ["share_75", "log_density"])
    codes = {each.code for each in caveats(panel, design, "poisson")}
    # Deaths by residence and estimated, clinics by place, density of one year; no year from 2020 on, all prefectures.
    assert codes == {"ecological", "confounding", "reverse", "institution", "time_gap", "estimated"}
    assert estimated_share(panel, design) == 1.0
    both = make_design(panel, "P-E-1-D", "P-C-1")
    said = {each.code: each.sentence for each in caveats(panel, both, "fixed_effects", lag=1)}
    assert "covid" in said and "time_gap" not in said
    assert "1年前" in said["reverse"].ja
    assert "両方の値" in said["institution"].ja

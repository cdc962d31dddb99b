"""The judgement of use: what each figure asks for, and what the sentence says."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from tests.research.reliability_real import real_panel, real_table
from zaitaku_demand.errors import InputError
from zaitaku_demand.research.judgement import JUDGEMENT_COLUMNS, judge_use
from zaitaku_demand.research.judgement_validity import ASPECTS
from zaitaku_demand.research.judgement_words import REASONS, USES
from zaitaku_demand.research.reliability.settings import JudgementSettings
from zaitaku_demand.research.result import result_row, result_table
from zaitaku_demand.research.validity.run import validity_table
from zaitaku_demand.research.validity.settings import ValiditySettings
from zaitaku_demand.text import Text

GOOD = {"reliability": (0.95, 0.92, 0.97), "icc": 0.9, "shown": 1.0, "top": 0.05}


def _reliability(
    level: str = "prefecture", place: str = "residence", **changed: object
) -> list[dict[str, object]]:
    figures: dict[str, object] = {**GOOD, **changed}
    parameters = {
        "place": place,
        "better": figures.get("better", "more"),
        "denominator": figures.get("denominator", "deaths"),
    }
    common: dict[str, object] = {"analysis": "reliability", "level": level, "outcome": "O-X"}
    estimate, lower, upper = figures["reliability"]  # type: ignore[misc]
    core = {"statistic": "reliability", "method": "beta_binomial_ml", "n_places": 47}
    rows = [
        result_row(parameters, **common, **core, estimate=estimate, lower=lower, upper=upper),
        result_row(
            {**parameters, "of": 47},
            **common,
            statistic="places_shown",
            estimate=figures["shown"],
            n_places=47,
        ),
        result_row(
            parameters,
            **common,
            statistic="wrongly_in_top",
            method="normal_theory_lasting",
            estimate=figures["top"],
        ),
    ]
    if figures["icc"] is not None:
        icc = {"statistic": "icc", "method": "icc_consistency", "estimate": figures["icc"], "n_places": 47}
        rows.append(result_row(parameters, **common, **icc))
    for statistic in ("reliability_within_prefecture", "reliability_with_estimation_error"):
        if statistic in figures:
            rows.append(result_row(parameters, **common, statistic=statistic, estimate=figures[statistic]))
    return rows


def _validity(statistic: str, estimate: float, term: str = "", note: str = "") -> dict[str, object]:
    return result_row(
        analysis="validity",
        level="prefecture",
        outcome="O-X",
        statistic=statistic,
        estimate=estimate,
        term=term,
        note=note,
    )


AGREES = _validity("agreement_ccc", 0.9, "O-Y")
FEW_FLOWS = _validity("institution_removable_variance", 0.1, "flow_10")
CASE_MIX = _validity("case_mix_rank_change_share", 0.2, "all")
DIFFERS = _validity("agreement_ccc", 0.4, "O-Y")


def _judged(rows: list[dict[str, object]], validity: list[dict[str, object]] | None = None) -> pd.Series:
    table = None if validity is None else result_table(validity)
    return judge_use(result_table(rows), table).iloc[0]


@pytest.mark.parametrize(
    ("changed", "use", "reason"),
    [
        ({}, "yes", ""),
        ({"reliability": (0.6, 0.5, 0.68)}, "no", "reliability_low"),
        ({"reliability": (0.8, 0.75, 0.85)}, "with_care", "reliability_low"),
        ({"reliability": (0.91, 0.85, 0.94)}, "with_care", "reliability_uncertain"),
        ({"icc": 0.4}, "no", "not_stable"),
        ({"icc": 0.6}, "with_care", "not_stable"),
        ({"icc": None}, "with_care", "stability_unknown"),
        ({"shown": 0.4}, "no", "hidden"),
        ({"shown": 0.7}, "with_care", "hidden"),
        ({"top": 0.3}, "with_care", "top_group_changes"),
        ({"reliability_within_prefecture": 0.8}, "with_care", "within_prefecture"),
        ({"reliability_with_estimation_error": 0.8}, "with_care", "estimation_error"),
        ({"place": "institution"}, "with_care", "by_institution"),
        ({"place": "incident", "denominator": "ndb_home_visit_patients"}, "with_care", "mixed_places"),
        ({"place": ""}, "yes", "place_unknown"),
        ({"better": "neutral"}, "yes", "no_direction"),
        ({"reliability": (0.995, 0.99, 0.998)}, "yes", "chance_negligible"),
    ],
)
def test_each_figure_alone(changed: Mapping[str, object], use: str, reason: str) -> None:
    found = _judged(_reliability(**changed))  # type: ignore[arg-type]
    assert found["compare_prefectures"] == use
    assert found["reasons_prefectures"] == reason
    assert found["compare_areas"] == "no_data"


@pytest.mark.parametrize(
    ("rows", "use", "reasons"),
    [
        ([_validity("institution_removable_variance", 0.6, "flow_10")], "no", "flows"),
        ([_validity("institution_removable_variance", 0.3, "flow_10")], "with_care", "flows"),
        ([_validity("institution_removable_variance", 0.1, "flow_10")], "yes", "by_institution"),
        ([_validity("institution_removable_variance", 0.9, "flow_20")], "with_care", "by_institution"),
        ([_validity("floor_share", 0.6)], "no", "floor by_institution"),
        ([_validity("ceiling_share", 0.2)], "with_care", "by_institution ceiling"),
        ([_validity("agreement_ccc", 0.5, "O-Y")], "with_care", "by_institution sources_differ"),
        ([CASE_MIX], "with_care", "by_institution case_mix"),
        ([_validity("case_mix_rank_change_share", 0.2, "age")], "with_care", "by_institution"),
        (
            [
                _validity(
                    "institution_removable_variance", 0.1, "flow_10", "both_by_institution_places_hidden"
                )
            ],
            "with_care",
            "flows_open",
        ),
    ],
)
def test_validity_of_a_count_by_institution(rows: list[dict[str, object]], use: str, reasons: str) -> None:
    second = [] if rows[0]["statistic"] == "agreement_ccc" else [AGREES]
    found = _judged(_reliability(place="institution"), [*rows, *second])
    assert found["compare_prefectures"] == use
    assert found["reasons_prefectures"] == reasons


def test_cautions_on_four_aspects_together_make_it_no() -> None:
    rows = _reliability(place="institution", shown=0.7)
    three = _judged(rows, [CASE_MIX, AGREES])
    assert (three["compare_prefectures"], three["cautions_prefectures"]) == ("with_care", 3)
    four = _judged(rows, [CASE_MIX, DIFFERS])
    assert (four["compare_prefectures"], four["cautions_prefectures"]) == ("no", 4)
    assert four["reasons_prefectures"].split()[0] == "many_cautions"
    assert "too many cautions come together (4 aspects)" in four["sentence_prefectures_en"]
    assert "注意すべき点が重なる（4項目）" in four["sentence_prefectures_ja"]
    table, second = result_table(rows), result_table([CASE_MIX, DIFFERS])
    assert (
        judge_use(table, second, JudgementSettings(cautions=5)).iloc[0]["compare_prefectures"] == "with_care"
    )


def test_reasons_from_the_same_figures_are_one_caution() -> None:
    # What changes from year to year also changes the top group: one thing said twice.
    found = _judged(_reliability(icc=0.6, top=0.3, shown=0.7), [AGREES])
    assert found["reasons_prefectures"] == "not_stable hidden top_group_changes"
    assert found["cautions_prefectures"] == 2
    assert set(ASPECTS) <= set(REASONS)


def test_no_direction_and_negligible_chance_are_no_cautions() -> None:
    found = _judged(_reliability(better="neutral", reliability=(0.995, 0.99, 0.998)), [AGREES])
    assert (found["compare_prefectures"], found["cautions_prefectures"]) == ("yes", 0)


def test_without_a_second_source_a_yes_is_possible_but_counts_a_caution() -> None:
    alone = _judged(_reliability(), [_validity("floor_share", 0.0)])
    assert alone["compare_prefectures"] == "yes"
    assert alone["reasons_prefectures"] == "no_second_source"
    assert alone["cautions_prefectures"] == 1
    # What was not looked at is no reason.
    assert _judged(_reliability())["reasons_prefectures"] == ""


def test_a_declared_relation_that_came_out_otherwise_asks_for_care() -> None:
    relation = _validity("discriminant", 0.57, "P-Y", "contrary")
    found = _judged(_reliability(), [AGREES, relation])
    assert (found["compare_prefectures"], found["reasons_prefectures"]) == ("with_care", "contrary")
    for statistic, note in (("discriminant", "undetermined"), ("discriminant_disattenuated", "contrary")):
        other = {**relation, "statistic": statistic, "note": note}
        assert _judged(_reliability(), [AGREES, other])["compare_prefectures"] == "yes"
    # Two other sources that speak against it are one aspect.
    assert _judged(_reliability(), [DIFFERS, relation])["cautions_prefectures"] == 1


def test_stability_of_a_few_places_is_not_that_of_all() -> None:
    few = [{**row, "n_places": 5} if row["statistic"] == "icc" else row for row in _reliability()]
    lasting = result_row(
        analysis="reliability",
        level="prefecture",
        outcome="O-X",
        statistic="lasting_reliability",
        estimate=0.98,
        n_places=20,
    )
    found = _judged([*few, lasting])
    assert found["compare_prefectures"] == "with_care"
    assert found["reasons_prefectures"] == "stability_few"
    assert "ICC over years 0.98 (20 places), 47 of 47" in found["sentence_en"]


def test_chance_alone_is_no_lack_of_stability() -> None:
    """Places that never change have a low ICC where counts are small; the fault is that of chance, said once."""
    rows = _reliability(reliability=(0.76, 0.72, 0.79), icc=0.72, top=0.3)
    for name, share in (("variance_place", 0.72), ("variance_place_year", 0.0), ("variance_chance", 0.28)):
        rows.append({**rows[0], "statistic": name, "method": "components", "estimate": share})
    found = _judged(rows, [AGREES])
    assert found["reasons_prefectures"] == "reliability_low top_group_changes"
    assert found["cautions_prefectures"] == 1
    changing = [
        {**row, "estimate": 0.36} if row["statistic"] == "variance_place_year" else row for row in rows
    ]
    assert "not_stable" in _judged(changing, [AGREES])["reasons_prefectures"].split()


def test_an_open_lower_limit_is_no_certainty() -> None:
    found = _judged(_reliability(reliability=(0.95, float("nan"), 0.97)))
    assert found["reasons_prefectures"] == "reliability_uncertain"


def test_a_pair_of_sources_speaks_about_both() -> None:
    row = result_row(
        analysis="validity",
        level="prefecture",
        outcome="O-Y",
        statistic="agreement_ccc",
        estimate=0.4,
        term="O-X",
    )
    assert _judged(_reliability(), [row])["reasons_prefectures"] == "sources_differ"


def test_the_strictest_answer_counts_and_comes_first() -> None:
    found = _judged(_reliability(icc=0.4, shown=0.7))
    assert found["compare_prefectures"] == "no"
    assert found["reasons_prefectures"] == "not_stable hidden"


def test_levels_are_judged_apart() -> None:
    found = _judged([*_reliability(), *_reliability("area", shown=0.3)])
    assert (found["compare_prefectures"], found["compare_areas"]) == ("yes", "no")
    assert found["sentence_prefectures_en"] == (
        "May be used to compare prefectures (reliability 0.95 [0.92 to 0.97], ICC over years 0.90, 47 of 47 places with a "
        "figure)."
    )
    assert found["sentence_areas_en"].startswith("Should not be used to compare areas (reliability 0.95")
    assert found["sentence_en"] == f"O-X: {found['sentence_prefectures_en']} {found['sentence_areas_en']}"
    assert found["sentence_ja"] == f"「O-X」：{found['sentence_prefectures_ja']}{found['sentence_areas_ja']}"
    assert (
        "都道府県の比較には使える（信頼性0.95［0.92～0.97］、年次間の級内相関0.90、値のある地域47／47）"
        in found["sentence_ja"]
    )
    assert "二次医療圏の比較には使えない" in found["sentence_ja"]


def test_neither_is_said_in_so_many_words() -> None:
    found = _judged([*_reliability(icc=0.1), *_reliability("area", icc=0.1)])
    assert "neither prefectures nor areas" in found["sentence_en"]
    assert "都道府県の比較にも二次医療圏の比較にも使えない" in found["sentence_ja"]


def test_few_incomplete_series_are_not_asked_about_stability() -> None:
    rows = _reliability(icc=0.9)
    lasting = result_row(
        analysis="reliability",
        level="prefecture",
        outcome="O-X",
        statistic="lasting_reliability",
        method="components",
        estimate=0.4,
        n_places=40,
    )
    assert _judged([*rows, lasting])["compare_prefectures"] == "yes"
    # Only 5 of 47 places have every year: the share from all pairs of years is taken.
    few = [{**row, "n_places": 5} if row["statistic"] == "icc" else row for row in rows]
    assert _judged([*few, lasting])["compare_prefectures"] == "no"


def test_thresholds_are_settings() -> None:
    table = result_table(_reliability(icc=0.6))
    loose = JudgementSettings(years=(0.3, 0.5))
    assert judge_use(table, settings=loose).iloc[0]["compare_prefectures"] == "yes"
    with pytest.raises(ValueError, match="stricter"):
        JudgementSettings(years=(0.8, 0.5))


def test_a_table_of_another_layout_is_refused() -> None:
    with pytest.raises(InputError, match="analysis"):
        judge_use(pd.DataFrame({"outcome": ["O-X"]}))


def test_the_real_outcomes_are_all_judged() -> None:
    panels = [real_panel(level) for level in ("prefecture", "area")]
    labels = {name: panel.label(name) for panel in panels for name in panel.names("outcome")}
    found = judge_use(pd.concat([real_table(panel.level) for panel in panels]), labels=labels)
    assert tuple(found.columns) == JUDGEMENT_COLUMNS
    assert set(found["outcome"]) == set(labels)
    assert set(found["compare_prefectures"]) | set(found["compare_areas"]) <= set(USES)
    assert {code for codes in found["reasons"] for code in codes.split()} <= set(REASONS)
    for row in found.itertuples():
        for sentence in (str(row.sentence_ja), str(row.sentence_en)):
            assert str(row.outcome) in sentence
            assert "nan" not in sentence
        # One sentence on each level.
        for sentence in (str(row.sentence_prefectures_ja), str(row.sentence_areas_ja)):
            assert sentence.count("。") == 1
            assert sentence.count("；") <= 5
            assert sentence in str(row.sentence_ja)
    by_id = found.set_index("outcome")
    # Hidden in more than half of the areas.
    assert by_id.loc["P-E-2-D", "compare_areas"] == "no"
    # The ICC of areas rests on 28 of the 159 shown.
    assert "stability_few" in by_id.loc["P-E-2-D", "reasons_areas"]
    assert isinstance(labels["O-E-1"], Text)


def test_the_real_outcomes_are_told_apart() -> None:
    """Not all of them are merely to be used with care: cautions add up, mostly for areas."""
    panels = [real_panel(level) for level in ("prefecture", "area")]
    quick = ValiditySettings(cluster_draws=100, case_mix_draws=100, flow_draws=10, moran_permutations=99)
    validity = pd.concat([validity_table(panel, quick) for panel in panels])
    found = judge_use(pd.concat([real_table(panel.level) for panel in panels]), validity).set_index("outcome")
    assert set(found["compare_prefectures"]) == {"with_care", "no"}
    assert {"with_care", "no"} <= set(found["compare_areas"])
    # By residence and shown nearly everywhere; by institution, hidden in a third of the areas and moved by one year.
    assert found.loc["O-E-1", "compare_areas"] == "with_care"
    assert found.loc["O-A-2-N", "compare_areas"] == "no"
    # Hidden neighbours exchange nothing in the computation: the small share is no limit.
    assert "flows_open" in found.loc["P-A-3", "reasons_areas"]
    assert "mixed_places" in found.loc["O-A-1-H", "reasons_prefectures"]
    # Dispatches over a denominator of claims: only the adjustment for all characteristics together counts.
    assert "case_mix" not in found.loc["O-A-1-H", "reasons_prefectures"].split()

"""The core set proposed from the shipped data: its constraints, what is said of it, and what must not change it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.research.core_set_real import panels, proposed
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.catalogue import indicators
from zaitaku_demand.research.core_set import words
from zaitaku_demand.research.core_set.criteria import CRITERIA
from zaitaku_demand.research.core_set.judgements import default_judgements
from zaitaku_demand.research.core_set.run import CELLS, core_set, criteria_table
from zaitaku_demand.research.core_set.settings import CoreSetSettings, CriterionWeights

FEW = CoreSetSettings(draws=3)


def test_every_cell_with_data_is_covered_and_the_others_are_said() -> None:
    """Four functions, three types: each of the twelve cells has a member or stands among the empty ones."""
    found = proposed()
    covered = set(zip(found.members["function"], found.members["type"], strict=True))
    empty = set(zip(found.empty_cells["function"], found.empty_cells["type"], strict=True))
    assert covered | empty == set(CELLS)
    assert not covered & empty
    with_data = {
        (panel.variables.loc[name, "function"], panel.variables.loc[name, "type"])
        for panel in panels().values()
        for name in (*panel.names("outcome"), *panel.names("exposure"))
    }
    assert not empty & with_data
    # No open data on what happens after discharge or in everyday care: these can only be a user's own.
    assert {("discharge", "outcome"), ("everyday", "outcome")} <= empty
    assert found.empty_cells["reason_ja"].str.len().min() > 10


def test_size_order_and_columns() -> None:
    """Ten to fourteen members, numbered from 1, the first of each cell before the others."""
    found = proposed()
    members = found.members
    assert 10 <= len(members) <= 14
    assert list(members["order"]) == list(range(1, len(members) + 1))
    assert members["id"].is_unique
    first = ~members.duplicated(["function", "type"])
    assert list(first) == sorted(first, reverse=True)
    for part in (members[first], members[~first]):
        assert part["value"].is_monotonic_decreasing
    assert {"id", "criterion", "score"} <= set(found.criteria.columns)
    assert {"id", "share", "verdict"} <= set(found.stability.columns)
    assert {"cluster", "id"} <= set(found.clusters.columns)


def test_no_two_members_count_the_same_or_belong_to_one_family() -> None:
    """Members of one cluster by rank stand together only if both are of the highest importance, and it is said."""
    found = proposed()
    members = found.members.set_index("id")
    grades = default_judgements()
    for _, group in found.clusters.groupby("cluster"):
        both = [name for name in group["id"] if name in members.index]
        if group["kind"].iloc[0] != "correlation":
            assert len(both) <= 1, both
        elif len(both) > 1:
            for name in both:
                others = [other for other in both if other != name]
                assert grades[name].grade >= 5
                assert all(other in members.loc[name, "reason_ja"] for other in others)
                assert all(other in members.loc[name, "reason_en"] for other in others)


def test_members_taken_for_their_cell_are_said() -> None:
    """A member that its value alone would not bring in is marked, and its reason says so."""
    members = proposed().members
    marked = members["for_cell"]
    assert members.loc[~marked, "value"].max() > members.loc[marked, "value"].max()
    assert members["reason_ja"].str.contains("評価だけなら入らず").equals(marked)
    assert members["reason_en"].str.contains("by its value alone").equals(marked)


def test_level_and_age_of_the_figures_are_said() -> None:
    """O-E-1 ends in 2017 at both levels; S-A-1 is at hand for prefectures only."""
    members = proposed().members.set_index("id")
    assert "都道府県、二次医療圏（335圏域）、最新は2017年" in members.loc["O-E-1", "reason_ja"]
    assert "値があるのは都道府県のみ、最新は2023年" in members.loc["S-A-1", "reason_ja"]
    assert "prefecture only, latest 2023" in members.loc["S-A-1", "reason_en"]


def test_close_candidates_are_named_with_a_reason() -> None:
    """No member among them; every candidate that some draws bring in is; who stands in the way is a member."""
    found = proposed()
    members, left = set(found.members["id"]), found.left_out
    assert not members & set(left["id"])
    borderline = found.stability.query("not member and verdict in ['always', 'usually', 'borderline']")
    assert set(borderline["id"]) <= set(left["id"])
    assert set(left["other"]) - {""} <= members
    assert ((left["other"] != "") == left["code"].isin(words.REDUNDANCIES)).all()


def test_known_redundancies_are_found() -> None:
    """P-E-3 and O-E-3 have one numerator; P-C-1-H is a part of P-C-1."""
    clusters = proposed().clusters
    same = [set(group["id"]) for _, group in clusters[clusters["kind"] == "same_count"].groupby("cluster")]
    assert {"O-E-3", "P-E-3"} in same
    assert any({"P-C-1", "P-C-1-H"} <= each for each in same)
    families = [set(group["id"]) for _, group in clusters[clusters["kind"] == "family"].groupby("cluster")]
    assert any({"S-C-2", "S-C-2-H"} <= each for each in families)


def test_scores_lie_between_0_and_1_and_reflect_what_is_known() -> None:
    """Every candidate has every criterion; what is published for one year has no sensitivity; O-E-1 ends in 2017."""
    table = proposed().criteria
    assert table["score"].between(0, 1).all()
    assert set(table["criterion"]) == set(CRITERIA)
    wide = table.pivot(index="id", columns="criterion", values="score")
    assert wide.loc["S-C-1", "sensitivity"] == 0
    assert table.set_index(["id", "criterion"]).loc[("S-C-1", "sensitivity"), "note"] == "one_year"
    assert wide.loc["O-E-1", "timeliness"] < wide.loc["P-E-3", "timeliness"]
    # Counted by residence against by institution; published for prefectures only against for areas too.
    assert wide.loc["O-E-1", "validity"] > wide.loc["O-E-3", "validity"]
    assert wide.loc["S-C-1", "feasibility"] == pytest.approx(0.5)
    assert wide.loc["S-C-2", "feasibility"] > 0.9
    assert set(table["note"]) - {""} <= set(words.NOTES)
    assert set(table["method"]) <= set(words.METHODS)


def test_order_of_variables_and_scale_of_weights_change_nothing() -> None:
    """The panel's variables the other way round, and all weights tenfold, give the same set."""
    turned = {
        level: replace(
            panel,
            variables=panel.variables.iloc[::-1],
            series=dict(reversed(list(panel.series.items()))),
        )
        for level, panel in panels().items()
    }
    tenfold = CriterionWeights(**{name: 10 * weight for name, weight in CriterionWeights()})
    first = core_set(panels(), FEW)
    second = core_set(turned, FEW.model_copy(update={"weights": tenfold}))
    pd.testing.assert_frame_equal(first.members, second.members)
    pd.testing.assert_frame_equal(first.left_out, second.left_out)


def test_importance_of_the_user_moves_the_set() -> None:
    """A candidate that stays out enters if it is all that matters, and a member leaves if it does not matter."""
    judged = dict(default_judgements())
    judged["P-D-6"] = judged["P-D-6"]._replace(grade=5.0)
    judged["P-C-4"] = judged["P-C-4"]._replace(grade=1.0)
    before, after = (
        set(proposed().members["id"]),
        set(core_set(panels(), FEW, judgements=judged).members["id"]),
    )
    assert {"P-D-6"} <= after - before
    assert "P-C-4" not in after


def test_candidate_without_judgement_is_never_chosen_and_says_so() -> None:
    """What is not judged is no zero: it is left out with a note."""
    judged = {name: each for name, each in default_judgements().items() if name != "O-E-1"}
    found = core_set(panels(), FEW, judgements=judged)
    assert "O-E-1" not in set(found.members["id"])
    rows = found.criteria.set_index(["id", "criterion"])
    assert rows.loc[("O-E-1", "importance"), "note"] == "no_judgement"
    assert np.isnan(rows.loc[("O-E-1", "importance"), "score"])


def test_reliability_and_validity_of_others_take_the_place() -> None:
    """Tables of other rooms are used for what they name; a figure beyond 1 is refused."""
    given = pd.DataFrame(
        {
            "outcome": ["O-E-1", "O-E-1", "O-E-1", "P-E-3"],
            "level": ["prefecture", "prefecture", "area", "area"],
            "statistic": ["reliability", "reliability", "reliability", "icc"],
            "estimate": [0.9, 0.1, 0.5, 0.2],
        }
    )
    valid = pd.DataFrame({"outcome": ["O-E-1", "O-E-1"], "score": [0.2, 0.4]})
    table = criteria_table(panels(), FEW, given, valid).set_index(["id", "criterion"])
    assert table.loc[("O-E-1", "reliability"), "score"] == pytest.approx(0.7)
    assert table.loc[("O-E-1", "reliability"), "method"] == "supplied"
    assert table.loc[("P-E-3", "reliability"), "method"] == "signal_to_noise"
    assert table.loc[("O-E-1", "validity"), "score"] == pytest.approx(0.3)
    with pytest.raises(InputError, match="0～1の外"):
        criteria_table(panels(), FEW, given.assign(estimate=1.5))


SAID = (
    *words.NOTES.values(),
    *words.CRITERION_MEANINGS.values(),
    *words.CAVEATS.values(),
    *words.METHODS.values(),
    *words.LEFT_OUT.values(),
    *words.REDUNDANCIES.values(),
)


def test_sentences_say_both_languages_and_no_cause() -> None:
    """Every member, candidate left out and empty cell has a sentence in both languages without causal wording."""
    found = proposed()
    for table in (found.members, found.left_out, found.empty_cells):
        for language in ("ja", "en"):
            assert (table[f"reason_{language}"].str.len() > 10).all()
    text = " ".join(
        [
            *(
                column
                for table in (found.members, found.left_out, found.empty_cells)
                for column in table["reason_ja"]
            ),
            *(
                column
                for table in (found.members, found.left_out, found.empty_cells)
                for column in table["reason_en"]
            ),
            *(half for each in SAID for half in each),
            *(half for each in default_judgements().values() for half in (*each.reason, *each.risk_reason)),
        ]
    )
    forbidden = ["効果がある", "影響を与える", "により増え", "により減", "改善", "もたらす", "寄与"]
    forbidden += ["effect of", "leads to", "causes", "impact", "improve", "reduces", "due to"]
    assert [phrase for phrase in forbidden if phrase in text] == []


def test_members_are_declared_as_they_stand() -> None:
    """Function and type of each member are those of its declaration."""
    declared = indicators()
    for row in proposed().members.itertuples():
        assert (row.function, row.type) == (declared[row.id].function, declared[row.id].type)


def test_a_denominator_of_claims_counts_as_counted_by_institution() -> None:
    """Ambulance dispatches over home-visit patients: the places differ by who counts the patients, months per patient too."""
    rows = proposed().criteria
    row = rows[(rows["id"] == "O-A-1-H") & (rows["criterion"] == "validity")].iloc[0]
    caveats = json.loads(row["parameters"])
    assert caveats["institution"] == 1
    assert caveats["claims_not_persons"] == 1
    residence = rows[(rows["id"] == "O-E-1") & (rows["criterion"] == "validity")].iloc[0]
    assert json.loads(residence["parameters"])["institution"] == 0


def test_one_yardstick_holds_for_all_candidates() -> None:
    """Neither reliability nor validity is taken from a table that knows the outcomes only."""
    rows = proposed().criteria
    for criterion, method in (("validity", "declared_caveats"), ("reliability", "signal_to_noise")):
        assert set(rows.loc[rows["criterion"] == criterion, "method"]) == {method}

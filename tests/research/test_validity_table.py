"""The validity of the real panels: contracts of the table and of its sentences."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.result import RESULT_COLUMNS
from zaitaku_demand.research.validity.notes import NOTES
from zaitaku_demand.research.validity.run import validity_table
from zaitaku_demand.research.validity.scores import COMPONENTS, validity_scores
from zaitaku_demand.research.validity.settings import ValiditySettings
from zaitaku_demand.research.validity.words import TOPICS, validity_statements

FORBIDDEN_JA = re.compile(
    "効果がある|影響を与え|により増え|により減|によって増え|によって減|改善|もたらす|寄与"
)
FORBIDDEN_EN = re.compile(
    r"\b(leads? to|causes?|impacts?|improves?|reduces?|due to|effects? of)\b", re.IGNORECASE
)
SAME_VERTEX = 0.003
"""Several flows are as good by the straight pieces; which one is found depends on the order."""
QUICK = ValiditySettings(cluster_draws=200, case_mix_draws=100, flow_draws=10, moran_permutations=99)


@pytest.fixture(scope="module")
def prefectures() -> Panel:
    return build_panel("prefecture")


@pytest.fixture(scope="module")
def areas() -> Panel:
    return build_panel("area")


@pytest.fixture(scope="module")
def tables(prefectures: Panel, areas: Panel) -> dict[str, pd.DataFrame]:
    return {panel.level: validity_table(panel, QUICK) for panel in (prefectures, areas)}


def _one(table: pd.DataFrame, outcome: str, statistic: str, term: str) -> pd.Series:
    rows = table[(table["outcome"] == outcome) & (table["statistic"] == statistic) & (table["term"] == term)]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize("level", ["prefecture", "area"])
def test_layout_and_codes(level: str, tables: dict[str, pd.DataFrame]) -> None:
    table = tables[level]
    assert tuple(table.columns) == RESULT_COLUMNS
    assert (table["analysis"] == "validity").all()
    assert (table["level"] == level).all()
    assert set(table["note"]) - {""} <= set(NOTES)
    assert not table.duplicated(["outcome", "term", "statistic", "first_year", "last_year"]).any()
    # What cannot be had says why.
    assert (
        table.loc[table["estimate"].isna() & (table["note"] == ""), "statistic"].isin(["skewness_log"]).sum()
        == 0
    )
    assert (table.loc[table["estimate"].isna(), "note"] != "").all()
    limited = table[table["lower"].notna()]
    assert (limited["lower"] <= limited["estimate"] + 1e-9).all()
    assert (limited["upper"] >= limited["estimate"] - 1e-9).all()
    assert all(isinstance(json.loads(each), dict) for each in table["parameters"])


@pytest.mark.parametrize("level", ["prefecture", "area"])
def test_every_outcome_has_every_kind_of_result(
    level: str, tables: dict[str, pd.DataFrame], prefectures: Panel, areas: Panel
) -> None:
    panel = prefectures if level == "prefecture" else areas
    for outcome in panel.names("outcome"):
        found = set(tables[level].loc[tables[level]["outcome"] == outcome, "statistic"])
        assert {"case_mix_rank_change", "floor_share", "ceiling_share", "institution_bias_share"} <= found


def test_by_residence_the_bias_does_not_apply(tables: dict[str, pd.DataFrame]) -> None:
    for table in tables.values():
        row = _one(table, "O-E-1", "institution_bias_share", "japan")
        assert np.isnan(row["estimate"])
        assert row["note"] == "by_residence"
        assert "institution_removable_variance" not in set(
            table.loc[table["outcome"] == "O-E-1", "statistic"]
        )


def test_flows_in_the_denominator_and_hidden_places_are_said(tables: dict[str, pd.DataFrame]) -> None:
    row = _one(tables["prefecture"], "O-A-1-H", "institution_bias_share", "japan")
    assert np.isnan(row["estimate"])
    assert row["note"] == "denominator_by_institution"
    assert _one(tables["prefecture"], "O-E-3", "institution_bias_share", "japan")["note"] == ""
    hidden = _one(tables["area"], "O-A-2", "institution_bias_share", "japan")
    assert json.loads(hidden["parameters"])["share_of_places_without_figure"] > QUICK.hidden_share
    assert hidden["note"] == "both_by_institution_places_hidden"


def test_what_shares_its_counts_gets_no_verdict(tables: dict[str, pd.DataFrame]) -> None:
    for table in tables.values():
        row = _one(table, "O-A-2", "convergent", "P-A-2")
        assert row["note"] == "same_counts"


def test_larger_flows_account_for_more_and_flows_for_less_than_all(tables: dict[str, pd.DataFrame]) -> None:
    for table in tables.values():
        for outcome in ("O-E-3", "O-A-2"):
            found = [
                _one(table, outcome, "institution_removable_variance", f"flow_{each}")["estimate"]
                for each in (5, 10, 20)
            ]
            assert 0 < found[0] < found[1] < found[2] < 1


def test_two_sources_for_deaths_at_home_do_not_agree_well(tables: dict[str, pd.DataFrame]) -> None:
    row = _one(tables["prefecture"], "O-E-1", "agreement_ccc", "O-E-3")
    assert row["n_places"] == 47
    assert (row["first_year"], row["last_year"]) == (2015, 2017)
    assert row["upper"] < QUICK.agreement_from
    assert _one(tables["prefecture"], "S-C-2-H", "agreement_ccc", "S-C-2")["lower"] > 0.9


def test_the_order_of_places_changes_nothing(prefectures: Panel, tables: dict[str, pd.DataFrame]) -> None:
    order = np.random.default_rng(1).permutation(47)
    series = {
        name: each._replace(
            numerator=each.numerator[order], exposure=each.exposure[order], state=each.state[order]
        )
        for name, each in prefectures.series.items()
    }
    shuffled = replace(
        prefectures, places=prefectures.places.iloc[order].reset_index(drop=True), series=series
    )
    statistics = [
        "agreement_ccc",
        "convergent",
        "case_mix_spearman",
        "floor_share",
        "institution_removable_variance",
    ]
    one, other = tables["prefecture"], validity_table(shuffled, QUICK)
    keep = one["statistic"].isin(statistics)
    exact = keep & (one["statistic"] != "institution_removable_variance")
    pd.testing.assert_series_equal(one.loc[exact, "estimate"], other.loc[exact, "estimate"], rtol=1e-6)
    pd.testing.assert_series_equal(one.loc[keep, "estimate"], other.loc[keep, "estimate"], atol=SAME_VERTEX)
    assert (one["note"] == other["note"]).mean() > 0.99


def test_the_correction_for_attenuation_takes_the_given_reliabilities(prefectures: Panel) -> None:
    names = ["O-E-1", "O-E-3", "P-C-1-H"]
    reliability = pd.DataFrame(
        {"outcome": names, "level": "prefecture", "statistic": "reliability", "estimate": [0.8, 0.5, 0.1]}
    ).assign(n_years=pd.array([3, 3, 3], dtype="Int64"))
    table = validity_table(prefectures, QUICK, reliability)
    plain = _one(table, "O-E-1", "convergent", "O-E-3")["estimate"]
    corrected = _one(table, "O-E-1", "convergent_disattenuated", "O-E-3")["estimate"]
    assert corrected == pytest.approx(plain / np.sqrt(0.4))
    assert _one(table, "O-E-1", "convergent_disattenuated", "P-C-1-H")["note"] == "low_reliability"
    # What the table does not have comes from the same figures, and is said to.
    other = _one(table, "O-E-1", "convergent_disattenuated", "P-C-3")
    parameters = json.loads(other["parameters"])
    assert parameters["reliability_sources"] == ["table", "empirical_bayes"]
    assert 0.9 < parameters["reliability_other"] <= 1


@pytest.mark.parametrize("level", ["prefecture", "area"])
def test_sentences(level: str, tables: dict[str, pd.DataFrame], prefectures: Panel, areas: Panel) -> None:
    panel = prefectures if level == "prefecture" else areas
    statements = validity_statements(tables[level], panel, QUICK)
    assert {each.topic for each in statements} == set(TOPICS)
    for each in statements:
        assert each.sentence.ja.endswith("。") and each.sentence.en.endswith(".")
        assert "nan" not in each.sentence.ja and "nan" not in each.sentence.en.lower().split()
        assert not FORBIDDEN_JA.search(each.sentence.ja), each.sentence.ja
        assert not FORBIDDEN_EN.search(each.sentence.en), each.sentence.en
    for note in NOTES.values():
        assert not FORBIDDEN_JA.search(note.ja) and not FORBIDDEN_EN.search(note.en)


def test_scores_lie_between_0_and_1(tables: dict[str, pd.DataFrame], areas: Panel) -> None:
    scores = validity_scores(pd.concat(tables.values(), ignore_index=True))
    assert set(scores.loc[scores["level"] == "area", "outcome"]) == set(areas.names("outcome"))
    figures = scores[["score", *COMPONENTS]]
    assert ((figures >= 0) & (figures <= 1) | figures.isna()).all(axis=None)
    assert (scores["components"] >= 2).all()

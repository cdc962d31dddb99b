"""The reliability table of the real panel: complete, in its layout, and honest about what it cannot say."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.research.reliability_real import QUICK, real_panel, real_table
from tests.tolerances import FLOAT
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.reliability.curves import CURVE_COLUMNS, reliability_curves
from zaitaku_demand.research.reliability.likelihood import maximum_likelihood, reliability_at
from zaitaku_demand.research.reliability.one_year import CORE
from zaitaku_demand.research.reliability.run import NEGLIGIBLE_CHANCE, reliability_table
from zaitaku_demand.research.reliability.words import METHODS, NOTES, STATISTICS
from zaitaku_demand.research.result import RESULT_COLUMNS
from zaitaku_demand.research.validity.pooling import pool


@pytest.fixture(scope="module", params=["prefecture", "area"])
def panel(request: pytest.FixtureRequest) -> Panel:
    return real_panel(request.param)


@pytest.fixture(scope="module")
def table(panel: Panel) -> pd.DataFrame:
    return real_table(panel.level)


def test_every_outcome_has_its_reliability_or_a_reason(panel: Panel, table: pd.DataFrame) -> None:
    assert tuple(table.columns) == RESULT_COLUMNS
    for name in panel.names("outcome"):
        rows = table[(table["outcome"] == name) & (table["statistic"] == "reliability")]
        estimates = rows["estimate"].notna()
        if not estimates.any():
            assert set(rows["note"]) <= {"too_few_places", "normal_kind"}
            continue
        assert rows["method"].nunique() >= 5  # at least five estimators side by side
        core = rows[rows["method"].isin(list(CORE.values()))].iloc[0]
        assert 0 <= core["lower"] <= core["estimate"] <= core["upper"] <= 1


def test_nothing_is_left_without_figure_and_reason(table: pd.DataFrame) -> None:
    empty = table["estimate"].isna()
    assert (table.loc[empty, "note"] != "").all()
    both = table["lower"].notna() & table["upper"].notna() & ~empty
    slack = 1e-9
    # A percentile interval need not hold the estimate of a split-sample, all others must.
    likely = both & (
        table["method"].isin([*CORE.values(), "icc_agreement", "icc_consistency", "concordance"])
    )
    assert (table.loc[likely, "lower"] <= table.loc[likely, "estimate"] + slack).all()
    assert (table.loc[likely, "estimate"] <= table.loc[likely, "upper"] + slack).all()


def test_all_words_are_explained(table: pd.DataFrame) -> None:
    plain = table["statistic"].map(lambda name: re.sub(r"_0\.\d+$", "", name))
    assert set(plain) <= set(STATISTICS)
    assert set(table["method"]) - {""} <= set(METHODS)
    assert set(table["note"]) - {""} <= set(NOTES)


def test_a_reliability_near_one_is_called_what_it_is(panel: Panel, table: pd.DataFrame) -> None:
    core = table[(table["statistic"] == "reliability") & table["method"].isin(list(CORE.values()))]
    near = core[core["estimate"] > NEGLIGIBLE_CHANCE]
    assert len(near)
    assert set(near["note"]) <= {"chance_negligible", "hidden_places"}


def test_places_shown_are_counted_from_the_panel(panel: Panel, table: pd.DataFrame) -> None:
    rows = table[table["statistic"] == "places_shown"].set_index(["outcome", "term"])
    for name in panel.names("outcome"):
        shown = ~np.isnan(panel[name].numerator[:, -1])
        row = rows.loc[(name, "")]
        assert row["n_places"] == shown.sum()
        assert row["estimate"] == pytest.approx(shown.mean(), rel=FLOAT)
        assert json.loads(row["parameters"])["of"] == len(panel.places)


def test_home_deaths_are_by_residence_and_reliable(panel: Panel, table: pd.DataFrame) -> None:
    core = table[
        (table["outcome"] == "O-E-1")
        & (table["statistic"] == "reliability")
        & (table["method"] == "beta_binomial_ml")
    ].iloc[0]
    # The shares of 2014-17 differ by a factor of two to seven; chance at the median size is a few percent of that.
    assert core["estimate"] > (0.98 if panel.level == "prefecture" else 0.9)
    assert json.loads(core["parameters"])["place"] == "residence"


def test_the_same_seed_gives_the_same_rows(panel: Panel, table: pd.DataFrame) -> None:
    alone = replace(panel, variables=panel.variables.loc[["O-E-1"]])
    rows = table[table["outcome"] == "O-E-1"].reset_index(drop=True)
    pd.testing.assert_frame_equal(reliability_table(alone, QUICK), rows)


def test_curves_pass_through_the_cases_needed(table: pd.DataFrame) -> None:
    curves = reliability_curves(table)
    assert tuple(curves.columns) == CURVE_COLUMNS
    for outcome, curve in curves.groupby("outcome"):
        rows = table[(table["outcome"] == outcome) & table["statistic"].str.endswith("for_0.9")]
        rows = rows[rows["method"].isin(list(CORE.values()))]
        needed = rows[rows["statistic"].str.startswith("expected_events")]
        needed = needed if len(needed) else rows[rows["statistic"].str.startswith("cases")]
        found = np.interp(float(needed["estimate"].iloc[0]), curve["cases"], curve["reliability"])
        assert found == pytest.approx(0.9, abs=0.01)
        assert curve["reliability"].is_monotonic_increasing


def test_an_outcome_without_counts_has_stability_only(panel: Panel) -> None:
    own = panel["O-E-1"]
    plain = own._replace(
        kind="normal", numerator=own.value, exposure=own.exposure / own.exposure, multiplier=1.0
    )
    alone = replace(panel, variables=panel.variables.loc[["O-E-1"]], series={**panel.series, "O-E-1": plain})
    found = reliability_table(alone, QUICK).set_index("statistic")
    assert found.loc["reliability", "note"] == "normal_kind"
    assert found.loc["variance_chance", "estimate"] == 0
    assert found.loc["lasting_reliability", "estimate"] > 0.8


def test_too_few_places_give_a_reason_and_no_figure(panel: Panel) -> None:
    own = panel["O-E-1"]
    few = np.where(np.arange(len(panel.places)) < 5, 1.0, np.nan)[:, None]
    alone = replace(
        panel,
        variables=panel.variables.loc[["O-E-1"]],
        series={
            **panel.series,
            "O-E-1": own._replace(numerator=own.numerator * few, exposure=own.exposure * few),
        },
    )
    found = reliability_table(alone, QUICK)
    rows = found[found["statistic"].isin(["reliability", "icc", "lasting_reliability"])]
    assert rows["estimate"].isna().all()
    assert set(rows["note"]) == {"too_few_places", "too_few_complete"}
    assert found.loc[found["statistic"] == "places_shown", "estimate"].iloc[0] < 0.2


def test_an_empty_table_gives_no_curves() -> None:
    assert reliability_curves(pd.DataFrame(columns=list(RESULT_COLUMNS))).empty


def test_sizes_needed_are_in_the_unit_of_the_denominator(panel: Panel, table: pd.DataFrame) -> None:
    """Claims per patient divide numerator and denominator for chance; a reader wants patient-months or deaths."""
    for name in ("P-A-3", "O-A-2"):
        series = panel[name].in_years(panel[name].years[-1:])
        assert series.event_size > 1.4
        rows = table[(table["outcome"] == name) & (table["first_year"] == series.years[0])]
        rows = rows.drop_duplicates("statistic").set_index("statistic")
        prior = maximum_likelihood("poisson", series.events[:, 0], series.size[:, 0])
        needed = float(prior.size) * 7 / 3
        assert rows.loc["cases_for_0.7", "estimate"] == pytest.approx(needed * series.event_size, rel=1e-9)
        # Events stay independent cases: what the mean rate gives on that size, over the claims per case.
        expected = rows.loc["expected_events_for_0.7", "estimate"]
        assert expected == pytest.approx(needed * float(prior.mean), rel=1e-9)
        middle = json.loads(rows.loc["reliability", "parameters"])["median_size"]
        assert middle == pytest.approx(np.nanmedian(series.exposure), rel=1e-9)


def test_what_rests_on_shown_places_only_says_so_with_the_cases_too(table: pd.DataFrame) -> None:
    rows = table[(table["outcome"] == "P-E-2-D") & table["statistic"].str.startswith("expected_events_for")]
    assert (rows["n_places"] < 47 if rows["level"].iloc[0] == "prefecture" else rows["n_places"] < 335).all()
    assert (rows["note"] == "hidden_places").all()


def test_all_years_together_are_compared_within_their_years(panel: Panel, table: pd.DataFrame) -> None:
    for name in panel.names("outcome"):
        series = panel[name]
        if len(series.years) < 2:
            continue
        together = pool(series, series.years)
        row = table[(table["outcome"] == name) & (table["statistic"] == "reliability_pooled")].iloc[0]
        kind = "binomial" if series.kind == "binomial" else "poisson"
        prior = maximum_likelihood(kind, together.events, together.size)
        known = together.size[np.isfinite(together.size)]
        assert row["estimate"] == pytest.approx(float(reliability_at(np.median(known), prior.size)), rel=1e-9)

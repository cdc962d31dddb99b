"""The before/after designs on the real panel: tables, lines and sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.designs import words_templates
from zaitaku_demand.research.designs.run import EVENT_COLUMNS, design_table, event_study_table
from zaitaku_demand.research.designs.run_interrupted import LINE_COLUMNS, interrupted_lines, interrupted_table
from zaitaku_demand.research.designs.run_reform import reform_table
from zaitaku_demand.research.designs.settings import DesignSettings, DesignsSettings, InterruptedSettings
from zaitaku_demand.research.designs.treatment import Treatment, first_presence
from zaitaku_demand.research.designs.verdict import VERDICTS, verdict
from zaitaku_demand.research.designs.words import ASSUMPTIONS, INTERRUPTIONS, METHODS, NOTES, design_sentences
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.result import RESULT_COLUMNS
from zaitaku_demand.text import Text

CAUSAL = re.compile(
    r"効果が(ある|あった|みられ)|影響を(与え|及ぼ)|により(増|減|改善)|によって(増|減|改善)|改善(する|した|させ)|もたら|寄与"
    r"|\beffects? of\b|\blead(s)? to\b|\bcaus(e|es|ed|al)\b|\bimpact|\bimprov|\breduc|\bdue to\b|\bbecause of\b",
    re.IGNORECASE,
)
SETTINGS = DesignsSettings()


@pytest.fixture(scope="module")
def areas() -> Panel:
    return build_panel("area")


@pytest.fixture(scope="module")
def prefectures() -> Panel:
    return build_panel("prefecture")


@pytest.fixture(scope="module")
def designs(areas: Panel) -> pd.DataFrame:
    return design_table(areas, SETTINGS.differences)


@pytest.fixture(scope="module")
def months() -> pd.DataFrame:
    return interrupted_table(SETTINGS.interrupted)


@pytest.fixture(scope="module")
def reforms(prefectures: Panel) -> pd.DataFrame:
    return reform_table(prefectures, SETTINGS.interrupted)


def row(table: pd.DataFrame, **wanted: object) -> pd.Series:
    for name, value in wanted.items():
        table = table[table[name] == value]
    assert len(table) == 1, wanted
    return table.iloc[0]


def test_an_event_after_the_last_year_is_none(areas: Panel) -> None:
    """A file of the user's may name years to come: such places are controls, with or without their date."""
    first = np.full(len(areas.places), np.inf)
    first[:20], first[40:52] = 2016.0, 2016.0
    later = first.copy()
    later[100:180] = 2030.0
    status = np.where(np.isfinite(first), "switched", "never").astype(np.str_)
    few = SETTINGS.differences.model_copy(update={"treatments": (), "replications": 99, "bootstrap": 99})
    plain, dated = (design_table(areas, few, [Treatment("own", each, status, ())]) for each in (first, later))
    for column in ("estimate", "lower", "upper", "p_value"):
        np.testing.assert_allclose(plain[column], dated[column], rtol=1e-9)


def test_first_support_hospitals_of_the_areas(areas: Panel) -> None:
    """Counted by hand from the four years: 20 areas got their first and kept it, 59 never had one, 14 lost it again."""
    series = areas["S-C-3"]
    assert first_presence("S-C-3", series.numerator, series.years).counts() == {
        "never": 59,
        "always": 240,
        "switched": 20,
        "reversed": 14,
        "unknown": 2,
    }


def test_estimate_of_the_real_areas_by_plain_means(designs: pd.DataFrame, areas: Panel) -> None:
    """The overall figure again, as a weighted sum of differences of means written out."""
    series, outcome = areas["S-C-3"], areas["O-E-1"]
    has = series.numerator > 0
    known = np.isfinite(series.numerator).all(axis=1) & np.isfinite(outcome.value).all(axis=1)
    lasting = ~(has[:, :-1] & ~has[:, 1:]).any(axis=1) & known
    total, size = 0.0, 0
    for at in (1, 2, 3):
        group = lasting & has[:, at] & ~has[:, at - 1]
        for after in range(at, 4):
            free = lasting & ~has[:, after]
            change = outcome.value[:, after] - outcome.value[:, at - 1]
            total += group.sum() * (change[group].mean() - change[free].mean())
            size += group.sum()
    found = row(designs, term="S-C-3", statistic="difference_in_changes", method="group_time_not_yet")
    assert found["estimate"] == pytest.approx(total / size, rel=1e-9)
    assert found["n_places"] == 79
    assert found["lower"] < found["estimate"] < found["upper"]
    assert json.loads(found["parameters"])["estimated_share"] > 0.9


def test_the_example_is_not_taken_for_a_finding(designs: pd.DataFrame) -> None:
    own = designs[designs["term"] == "S-C-3"]
    assert verdict(own) in ("open", "fragile")
    few = designs[designs["term"] == "S-C-2-H"]
    assert verdict(few) == "not_estimated"
    assert set(few["note"]) == {"too_few_switchers"}
    assert few.loc[few["statistic"] != "switchers", "estimate"].isna().all()


def test_verdicts_of_made_up_rows() -> None:
    def table(
        intervals: list[tuple[float, float]], placebo: tuple[float, float], drift: float
    ) -> pd.DataFrame:
        rows = [("difference_in_changes", (low + high) / 2, low, high) for low, high in intervals]
        rows += [("placebo_date", 0.0, *placebo), ("drift_bias", drift, np.nan, np.nan)]
        frame = pd.DataFrame(rows, columns=["statistic", "estimate", "lower", "upper"])
        return frame.assign(method="group_time_never", parameters='{"scale": "value"}')

    calm = (-1.0, 1.0)
    assert verdict(table([(1, 3), (1, 2)], calm, 0.5)) == "consistent"
    assert verdict(table([(1, 3), (1, 2)], calm, 9.0)) == "fragile"
    assert verdict(table([(1, 3), (1, 2)], (0.5, 1.0), 0.5)) == "fragile"
    assert verdict(table([(1, 3), (-1, 2)], calm, 0.5)) == "fragile"
    assert verdict(table([(1, 3), (-3, -1)], calm, 0.5)) == "fragile"
    assert verdict(table([(-1, 3), (-1, 2)], calm, 0.5)) == "open"
    assert verdict(table([], calm, 0.5)) == "not_estimated"
    assert set(VERDICTS) == {"consistent", "fragile", "open", "not_estimated"}


def test_event_study_has_the_reference_year_and_a_wider_band(areas: Panel) -> None:
    table = event_study_table(areas, SETTINGS.differences)
    assert list(table.columns) == [*RESULT_COLUMNS, *EVENT_COLUMNS]
    own = table[(table["term"] == "S-C-3") & (table["statistic"] == "difference_in_changes")]
    assert list(own["event_time"]) == [-3, -2, -1, 0, 1, 2]
    reference = own[own["event_time"] == -1].iloc[0]
    assert (
        reference["estimate"] == 0 and np.isnan(reference["lower"]) and reference["note"] == "reference_year"
    )
    rest = own[own["event_time"] != -1]
    assert (rest["band_lower"] < rest["lower"]).all() and (rest["upper"] < rest["band_upper"]).all()
    ratio = table[table["statistic"] == "ratio_of_changes"]
    assert ratio.loc[ratio["event_time"] == -1, "estimate"].iloc[0] == 1.0


def test_same_settings_same_tables(areas: Panel, designs: pd.DataFrame, months: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(designs, design_table(areas, SETTINGS.differences))
    pd.testing.assert_frame_equal(months, interrupted_table(SETTINGS.interrupted))


def test_events_of_the_user_stand_beside_those_of_the_panel(areas: Panel) -> None:
    first = np.full(len(areas.places), np.inf)
    first[:30] = 2016
    supplied = Treatment("own", first, np.where(np.isfinite(first), "switched", "never"), ())
    settings = DesignSettings(treatments=(), replications=99, bootstrap=99, scales=("value",))
    table = design_table(areas, settings, [supplied])
    found = row(table, term="own", statistic="difference_in_changes", method="group_time_never")
    value = areas["O-E-1"].value
    known = np.isfinite(value).all(axis=1)
    # Mean of the two years from 2016 on, each against 2015.
    change = (value[:, 2:] - value[:, [1]]).mean(axis=1)
    with_event = known & np.isfinite(first)
    expected = change[with_event].mean() - change[known & ~np.isfinite(first)].mean()
    assert found["estimate"] == pytest.approx(expected, rel=1e-9)


def test_an_outcome_that_changes_with_the_event_is_found(areas: Panel) -> None:
    """Three points added from the first year on come out as three points (nothing else is changed)."""
    series, outcome = areas["S-C-3"], areas["O-E-1"]
    first = first_presence("S-C-3", series.numerator, series.years).first
    after = (np.array(outcome.years) >= first[:, None]) & (first[:, None] > outcome.years[0])
    raised = outcome._replace(numerator=outcome.numerator + after * 0.03 * outcome.exposure)
    panel = Panel(areas.level, areas.places, areas.variables, {**areas.series, "O-E-1": raised})
    settings = DesignSettings(treatments=("S-C-3",), replications=99, bootstrap=99)
    wanted = {"statistic": "difference_in_changes"}
    for method in ("group_time_not_yet", "group_time_never", "group_time_not_yet_size", "randomisation"):
        plain = row(design_table(areas, settings), method=method, **wanted)["estimate"]
        found = row(design_table(panel, settings), method=method, **wanted)["estimate"]
        assert found - plain == pytest.approx(3.0, rel=1e-9), method


def test_national_months(months: pd.DataFrame) -> None:
    found = row(
        months,
        outcome="terminal_care",
        term="emergency_2020",
        statistic="level_ratio",
        method="prais_winsten",
    )
    # Pinned as a regression: 16 % above the trend of the twelve months before, too short a time to be sure of it.
    assert found["estimate"] == pytest.approx(1.16, abs=0.02)
    assert found["note"] == "short_before"
    assert set(
        months.loc[(months["method"] == "quasi_poisson_newey_west") & (months["term"] != ""), "note"]
    ) == {"narrow_interval"}
    reform = row(
        months, outcome="terminal_care", term="reform_2022", statistic="level_ratio", method="prais_winsten"
    )
    assert reform["lower"] < 1 < reform["upper"]
    placebo = months[months["statistic"] == "placebo_dates"]
    assert placebo["estimate"].between(0, 1).all()


def test_lines_for_the_figure() -> None:
    lines = interrupted_lines(SETTINGS.interrupted)
    assert list(lines.columns) == list(LINE_COLUMNS)
    assert (lines.groupby("service").size() == 48).all()
    before = lines["month"] < "2020-04"
    assert lines.loc[before, "fitted"].to_numpy() == pytest.approx(
        lines.loc[before, "counterfactual"].to_numpy()
    )
    for name in ("fitted", "counterfactual"):
        assert ((lines[f"{name}_lower"] < lines[name]) & (lines[name] < lines[f"{name}_upper"])).all()
    assert set(lines.loc[~lines["used"], "month"]) == {"2020-04", "2022-04"}
    assert lines["observed"].notna().all()


def test_reforms_say_where_nothing_can_be_said(prefectures: Panel, reforms: pd.DataFrame) -> None:
    assert row(reforms, outcome="O-E-3", term="reform_2016")["note"] == "too_few_years"
    found = row(reforms, outcome="O-E-3", term="reform_2018", statistic="level_ratio")
    assert found["n_years"] == 5 and found["n_places"] == 47
    quartiles = row(reforms, outcome="O-E-3", term="reform_2018", statistic="level_ratio_quartiles")
    assert quartiles["confidence"] == 0.5
    # The places agree far more closely with each other than the years tell: they share what happened to the nation.
    assert quartiles["upper"] - quartiles["lower"] < found["upper"] - found["lower"]
    relative = reform_table(prefectures, InterruptedSettings(outcomes=("P-C-1",)))
    assert set(relative["note"]) == {"relative_to_japan"}


def texts(*tables: pd.DataFrame) -> Iterator[Text]:
    for table in tables:
        yield from design_sentences(table, {"O-E-1": Text("自宅死の割合", "share of deaths at home")})
    for book in (NOTES, METHODS, INTERRUPTIONS, ASSUMPTIONS, VERDICTS, words_templates.TEMPLATES):
        yield from book.values()


def test_words(designs: pd.DataFrame, months: pd.DataFrame, reforms: pd.DataFrame) -> None:
    for table in (designs, months, reforms):
        assert set(table["note"]) <= {"", *NOTES}
        assert set(table["method"]) <= set(METHODS)
        assert set(table["statistic"]) <= set(words_templates.TEMPLATES)
        assert len(design_sentences(table, {})) == len(table)
        assert list(table.columns) == list(RESULT_COLUMNS)
    for text in texts(designs, months, reforms):
        for half in text:
            assert not CAUSAL.search(half), half
            assert "nan" not in half
    assert "ポイント" in design_sentences(designs.iloc[[1]], {}, {"O-E-1": Text("%", "%")})[0].ja


def test_settings_are_complete_and_closed() -> None:
    with pytest.raises(ValueError, match="extra"):
        DesignSettings(seeds=1)  # type: ignore[call-arg]
    assert {each.name for each in SETTINGS.interrupted.interruptions} <= set(INTERRUPTIONS)
    assert {each.name for each in SETTINGS.interrupted.reforms} <= set(INTERRUPTIONS)

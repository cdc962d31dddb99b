"""The benchmark table: each statistic by hand, what is hidden stays hidden, who is compared with whom."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.benchmark.values import SHOWN, declaration, values_of_year
from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.table import COLUMNS, Benchmark, benchmark_table
from zaitaku_demand.indicators.declaration import Indicator

pytestmark = pytest.mark.filterwarnings("error")

PRINTED_4 = 5e-5
PRINTED_2 = 5e-3
DRAWS = 100
DERIVED = ["numerator", "denominator", "expected", "value", "lower", "upper", "ratio", "ratio_lower"]
DERIVED += ["ratio_upper", "shrunk", "rank", "rank_lower", "rank_upper", "confidence"]
WORDS = ["funnel_status", "trend", "method"]


def made(values: pd.DataFrame, *declared: Indicator, **options: Any) -> Benchmark:
    return benchmark_table(values, {each.id: each for each in declared}, draws=DRAWS, **options)


def by_place(benchmark: Benchmark) -> pd.DataFrame:
    return benchmark.table.set_index("area_code")


def test_columns_are_the_contract() -> None:
    contract = (
        "indicator_id type function level area_edition area_code area_name year state numerator denominator "
        "expected value lower upper ratio ratio_lower ratio_upper shrunk funnel_status rank rank_lower rank_upper "
        "trend method confidence"
    )
    table = made(values_of_year([20, 30], [100, 100]), declaration("rate")).table
    assert table.columns.tolist() == contract.split() == list(COLUMNS)
    assert set(table["type"]) == {"process"} and set(table["function"]) == {"acute"}
    assert set(table["confidence"]) == {0.95}


def test_a_rate_by_hand() -> None:
    # 5 events: 1.6235 to 11.6683 (Garwood 1936, exact Poisson limits at 95 %).
    few = by_place(made(values_of_year([5, 95], [1e4, 9e4]), declaration("rate", multiplier=1000.0))).loc[
        "01"
    ]
    assert few["value"] == pytest.approx(0.5)
    assert [few["lower"], few["upper"]] == pytest.approx([0.16235, 1.16683], abs=PRINTED_4)
    assert few["method"] == "rate_poisson_exact"
    # Japan: 100 of 100,000, so 10 are expected and the ratio is 5 / 10.
    assert few["expected"] == pytest.approx(10) and few["ratio"] == pytest.approx(0.5)
    assert few["ratio_upper"] == pytest.approx(1.16683, abs=PRINTED_4)
    # 20 events by Byar (Breslow & Day 1987, p. 69): 20 (1 - 1/180 - 1.96 / (3 sqrt 20))^3 and
    # 21 (1 - 1/189 + 1.96 / (3 sqrt 21))^3.
    many = by_place(made(values_of_year([20, 80], [5e4, 5e4]), declaration("rate", multiplier=1e5))).loc["01"]
    assert many["value"] == pytest.approx(40)
    assert [many["lower"], many["upper"]] == pytest.approx([24.4223, 61.7791], abs=PRINTED_2)
    assert many["method"] == "rate_byar_breslow_day"


def test_a_proportion_by_hand() -> None:
    # Newcombe 1998, Stat Med 17:857, table I, score method without continuity correction.
    table = by_place(made(values_of_year([81, 0], [263, 20]), declaration("proportion", multiplier=100.0)))
    assert table.loc["01", ["lower", "upper"]].tolist() == pytest.approx([25.53, 36.62], abs=PRINTED_2)
    assert table.loc["02", ["lower", "upper"]].tolist() == pytest.approx([0, 16.11], abs=PRINTED_2)
    assert table.loc["01", "value"] == pytest.approx(100 * 81 / 263)
    assert table.loc["01", "ratio"] == pytest.approx((81 / 263) / (81 / 283))


def test_a_ratio_of_counts_by_hand() -> None:
    # 5 of 10: 0.18709 to 0.81291 (Clopper & Pearson 1934), so the ratio of 5 to 5 lies between 0.2302 and 4.3450.
    table = by_place(made(values_of_year([5, 50], [5, 50]), declaration("ratio")))
    assert table.loc["01", ["value", "lower", "upper"]].tolist() == pytest.approx(
        [1, 0.2302, 4.345], abs=5e-4
    )
    assert table.loc["01", "method"] == "ratio_of_counts_exact"
    # 50 of 100 by Wilson: 0.40383 to 0.59617, so the ratio lies between 0.6774 and 1.4763.
    assert table.loc["02", ["value", "lower", "upper"]].tolist() == pytest.approx(
        [1, 0.6774, 1.4763], abs=5e-4
    )
    assert table.loc["02", "method"] == "ratio_of_counts_score"


def test_an_scr_by_hand() -> None:
    # 120 observed, 100 expected. Byar: 120 (1 - 1/1080 - 1.96 / (3 sqrt 120))^3 = 99.49; 121 (...)^3 = 143.49.
    values = values_of_year([120, 80], [1000, 1000], expected=[100, 100])
    row = by_place(made(values, declaration("scr", multiplier=100.0))).loc["01"]
    assert row["value"] == pytest.approx(120) and row["ratio"] == pytest.approx(1.2)
    assert [row["lower"], row["upper"]] == pytest.approx([99.49, 143.49], abs=PRINTED_2)
    assert [row["ratio_lower"], row["ratio_upper"]] == pytest.approx([0.9949, 1.4349], abs=PRINTED_4)


@pytest.mark.parametrize("statistic", ["rate", "scr"])
def test_events_that_come_together_widen_the_interval(statistic: str) -> None:
    # 80 claims of 20 patients are as uncertain as 20 events: 4 times their limits, not the limits of 80.
    alone = values_of_year([20, 80], [50, 50], expected=[50, 50])
    together = values_of_year([80, 320], [50, 50], expected=[200, 200], event_size=4.0)
    one, four = (by_place(made(values, declaration(statistic))).loc["01"] for values in (alone, together))
    factor = 4 if statistic == "rate" else 1
    assert [four["lower"], four["upper"]] == pytest.approx([factor * one["lower"], factor * one["upper"]])
    single = by_place(made(together.assign(event_size=1.0), declaration(statistic))).loc["01"]
    width = (four["upper"] - four["lower"]) / (single["upper"] - single["lower"])
    assert width == pytest.approx(2, rel=0.05)
    assert four["value"] == single["value"]


def test_limits_of_an_estimate_are_those_of_its_bounds() -> None:
    bounds = {0: {"state": "estimated", "numerator_lower": 45.0, "numerator_upper": 60.0}}
    for statistic in ("rate", "proportion", "ratio", "scr"):
        estimated = by_place(
            made(values_of_year([50, 50], [200, 200], changed=bounds), declaration(statistic))
        ).loc["01"]
        low, high = (
            by_place(
                made(
                    values_of_year([count, 100 - count], [200, 200], expected=[50, 50]),
                    declaration(statistic),
                )
            ).loc["01"]
            for count in (45, 60)
        )
        assert (estimated["lower"], estimated["upper"]) == (low["lower"], high["upper"])
        assert estimated["state"] == "estimated"


def test_too_few_expected_give_no_comparison() -> None:
    values = values_of_year([30, 40, 3], [300, 300, 30])
    benchmark = made(values, declaration("rate"))
    table = by_place(benchmark)
    assert table.loc["03", "expected"] < 10 < table.loc["01", "expected"]
    assert table.loc["03", "value"] == pytest.approx(0.1)
    assert table.loc["03", "funnel_status"] == "" and np.isnan(table.loc["03", "rank"])
    assert table.loc[["01", "02"], "rank"].tolist() == [2, 1]
    assert set(benchmark.funnel["area_code"]) == {"01", "02"} and set(benchmark.funnel["n_places"]) == {2}
    # It is the number of independent events that counts.
    together = by_place(made(values.assign(event_size=4.0), declaration("rate")))
    assert (together["funnel_status"] == "").all() and together["rank"].isna().all()


@pytest.mark.parametrize(
    ("better", "ranks"), [("more", [3, 1, 2]), ("less", [1, 3, 2]), ("neutral", [3, 1, 2])]
)
def test_rank_1_is_best(better: str, ranks: list[int]) -> None:
    table = made(values_of_year([20, 60, 40], [1e3] * 3), declaration("rate", better=better)).table
    assert table["rank"].tolist()[:3] == ranks


def test_japan_is_never_compared_with_itself() -> None:
    table = by_place(made(values_of_year([20, 60, 40], [1e3] * 3), declaration("rate")))
    nation = table.loc["00"]
    assert nation["value"] == pytest.approx(0.04) and nation["lower"] < 0.04 < nation["upper"]
    assert nation[["ratio", "ratio_lower", "ratio_upper", "shrunk", "rank", "rank_lower"]].isna().all()
    assert nation["funnel_status"] == nation["trend"] == ""
    without = values_of_year([20, 60, 40], [1e3] * 3).query("area_code != '00'")
    pd.testing.assert_frame_equal(
        by_place(made(without, declaration("rate"))), table.drop(index="00"), check_dtype=False
    )


@pytest.mark.parametrize("statistic", ["rate", "proportion", "ratio", "scr"])
def test_one_place_all_equal_and_zero_everywhere(statistic: str) -> None:
    one = made(values_of_year([40], [100]), declaration(statistic)).table.iloc[0]
    assert one["ratio"] == pytest.approx(1) and one["shrunk"] == pytest.approx(one["value"])
    assert one[["rank", "rank_lower", "rank_upper"]].tolist() == [1, 1, 1]
    equal = made(values_of_year([40] * 4, [100] * 4), declaration(statistic)).table.iloc[:4]
    assert equal["rank"].tolist() == [1] * 4 and set(equal["funnel_status"]) == {"inside"}
    assert equal["shrunk"].to_numpy() == pytest.approx(equal["value"].to_numpy())
    assert (equal["rank_lower"] == 1).all() and (equal["rank_upper"] >= 3).all()
    # Nothing happened anywhere: a value of 0 with its upper limit, and nothing to be compared with.
    nothing = made(values_of_year([0] * 3, [100] * 3), declaration(statistic, minimum_count=0)).table.iloc[:3]
    assert nothing["ratio"].isna().all() and set(nothing["funnel_status"]) == {""}
    assert nothing["rank"].isna().all()
    if statistic == "scr":
        assert nothing["value"].isna().all()
    else:
        assert (nothing["value"] == 0).all() and (nothing["upper"] > 0).all()


def test_types_do_not_see_each_other() -> None:
    declared = declaration("rate", comparison="peers")
    types = {f"{place:02d}": "sparse" if place > 4 else "regional" for place in range(1, 9)}
    low, high = [40, 44, 50, 60], [400, 420, 500, 640]
    first = made(values_of_year(low + high, [1e3] * 8), declared, types=types)
    other = made(values_of_year(low + [count * 3 for count in high], [1e3] * 8), declared, types=types)
    own = ["rank", "rank_upper", "rank_lower", "funnel_status", "value"]
    pd.testing.assert_frame_equal(by_place(first)[own].iloc[:4], by_place(other)[own].iloc[:4])
    assert by_place(first)["rank"].tolist()[:8] == [4, 3, 2, 1, 4, 3, 2, 1]
    assert set(first.funnel["n_places"]) == {4}
    # Each type has the ratio of its own places together as its target; the ratio itself is to Japan.
    target = first.funnel.set_index("area_code")["target"]
    japan = (sum(low) + sum(high)) / 8
    assert target["01"] == pytest.approx(np.mean(low) / japan)
    assert by_place(first).loc["01", "ratio"] == pytest.approx(40 / japan)
    # Declared for all places, or without types, all eight are ranked together.
    for benchmark in (
        made(values_of_year(low + high, [1e3] * 8), declaration("rate"), types=types),
        made(values_of_year(low + high, [1e3] * 8), declared),
    ):
        assert sorted(benchmark.table["rank"].dropna()) == list(range(1, 9))


def test_a_place_of_unknown_type_is_compared_with_nobody() -> None:
    types = {"01": "regional", "02": "regional", "03": "", "04": ""}
    declared = declaration("rate", comparison="peers")
    table = by_place(made(values_of_year([40, 50, 60, 70], [1e3] * 4), declared, types=types))
    assert table["rank"].tolist()[:2] == [2, 1] and table["rank"].iloc[2:].isna().all()
    assert table["funnel_status"].tolist()[2:4] == ["", ""]


def _series(years: list[int], counts: list[float], **changed: Any) -> pd.DataFrame:
    """Place 01 with a series of its own beside a large constant one."""
    parts = [
        values_of_year([count, 5000], [1e4, 5e4], year=year, **changed)
        for year, count in zip(years, counts, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def _trend(values: pd.DataFrame, year: int = 2022, **options: Any) -> str:
    table = made(values, declaration("rate"), **options).table
    return str(table[(table["area_code"] == "01") & (table["year"] == year)]["trend"].item())


def test_a_trend_needs_five_years_in_a_row_without_a_break() -> None:
    years, rising = [2018, 2019, 2020, 2021, 2022], [500.0, 600, 700, 800, 900]
    assert _trend(_series(years, rising)) == "up"
    assert _trend(_series(years, rising[::-1])) == "down"
    assert _trend(_series(years, [700.0, 705, 699, 702, 700])) == "flat"
    assert _trend(_series(years[1:], rising[1:])) == "none"
    # Five points, but over six years.
    assert _trend(_series([2017, *years[1:]], rising)) == "none"
    # Six years: the sixth before the last is not looked at.
    assert _trend(_series([2017, *years], [90000.0, *rising])) == "up"
    assert _trend(_series([2017, *years], [400.0, *rising]), year=2021) == "up"
    # A series that begins with the first of the five is whole; from the second on it is broken.
    assert _trend(_series(years, rising), breaks={"P-A-2": (2018,)}) == "up"
    for first in (2019, 2022):
        assert _trend(_series(years, rising), breaks={"P-A-2": (2010, first)}) == "none"
    assert _trend(_series(years, rising), breaks={"P-A-2": (2023,)}) == "up"
    hidden = _series(years, rising)
    hidden.loc[(hidden["area_code"] == "01") & (hidden["year"] == 2020), "state"] = "suppressed"
    assert _trend(hidden) == "none" and _trend(hidden, year=2020) == ""


def test_the_trend_is_that_of_95_per_cent_limits_whatever_is_shown() -> None:
    years = [2018, 2019, 2020, 2021, 2022]
    values = _series(years, [700.0, 720, 745, 765, 790])
    words = {_trend(values, confidence=confidence) for confidence in (0.5, 0.8, 0.95, 0.998)}
    assert words == {_trend(values)}


def test_findings_are_adjusted_for_being_read_together() -> None:
    observed = np.array([150.0, *np.linspace(85, 115, 19)])
    values = values_of_year(observed, [1e3] * 20, expected=[100.0] * 20)
    funnel = made(values, declaration("scr")).funnel.set_index("area_code")
    tails = np.minimum(stats.poisson.cdf(observed, 100), stats.poisson.sf(np.ceil(observed) - 1, 100))
    whole = np.mod(observed, 1) == 0
    adjusted = stats.false_discovery_control(np.minimum(2 * tails, 1))
    assert funnel["significant"].to_numpy()[whole].tolist() == (adjusted[whole] < 0.05).tolist()
    assert funnel.loc["01", "significant"] and funnel["significant"].sum() == 1


def test_rows_come_back_in_their_order_whatever_the_index() -> None:
    values = pd.concat([values_of_year([20, 60], [1e3] * 2, year=year) for year in (2021, 2022)])
    shuffled = values.sample(frac=1, random_state=3)
    table = made(shuffled, declaration("rate")).table
    assert table["area_code"].tolist() == shuffled["area_code"].tolist()
    assert table["year"].tolist() == shuffled["year"].tolist()


COUNT = st.one_of(st.integers(0, 15), st.integers(0, 4000))
STATE = st.sampled_from(["observed", "observed", "observed", "estimated", "suppressed", "no_data"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[pd.DataFrame, Indicator]:
    statistic = draw(st.sampled_from(["rate", "proportion", "ratio", "scr"]))
    size = draw(st.sampled_from([1.0, 3.5]))
    places = draw(st.integers(1, 7))
    parts = []
    for year in range(2020, 2020 + draw(st.integers(1, 3))):
        counts = draw(st.lists(COUNT, min_size=places, max_size=places))
        rest = draw(st.lists(st.integers(1, 9000), min_size=places, max_size=places))
        states = draw(st.lists(STATE, min_size=places, max_size=places))
        changed = {
            row: {"state": state} | ({"numerator_lower": 0.9 * counts[row]} if state == "estimated" else {})
            for row, state in enumerate(states)
        }
        below = [float(count + more) for count, more in zip(counts, rest, strict=True)]
        parts.append(values_of_year(counts, below, year=year, event_size=size, changed=changed))
    minimum = draw(st.sampled_from([0, 10]))
    better = draw(st.sampled_from(["more", "less", "neutral"]))
    declared = declaration(statistic, multiplier=100.0, minimum_count=minimum, better=better)
    return pd.concat(parts, ignore_index=True), declared


@settings(max_examples=25)
@given(tables())
def test_what_holds_for_every_table(drawn: tuple[pd.DataFrame, Indicator]) -> None:
    values, declared = drawn
    benchmark = made(values, declared)
    table = benchmark.table
    assert table.columns.tolist() == list(COLUMNS)
    assert table[["area_code", "year", "state"]].equals(values[["area_code", "year", "state"]])
    hidden = ~table["state"].isin(SHOWN)
    assert table.loc[hidden, DERIVED].isna().all().all()
    assert (table.loc[hidden, WORDS] == "").all().all()
    nation = table["level"] == "national"
    assert table.loc[nation, ["ratio", "ratio_lower", "ratio_upper", "shrunk", "rank"]].isna().all().all()
    below = table["expected"] if declared.statistic == "scr" else table["denominator"]
    shown = table["value"].notna()
    assert table["value"][shown].to_numpy() == pytest.approx(
        (100 * table["numerator"] / below)[shown].to_numpy(), rel=FLOAT
    )
    assert (table["lower"] <= table["value"] * (1 + FLOAT)).eq(shown).all()
    assert (table["value"] <= table["upper"] * (1 + FLOAT)).eq(shown).all()
    related = table["ratio"].notna()
    assert table["ratio"][related].to_numpy() == pytest.approx(
        (table["numerator"] / table["expected"])[related].to_numpy(), rel=FLOAT
    )
    # Shrunken figures lie between the raw one and the mean of the set.
    pooled = table[~nation].groupby("year")[["numerator", "expected"]].sum()
    mean = table["year"].map(pooled["numerator"] / pooled["expected"])
    shrunk = table["shrunk"] / table["value"] * table["ratio"]
    inside = shrunk.between(
        np.minimum(table["ratio"], mean) * (1 - 1e-9), np.maximum(table["ratio"], mean) * (1 + 1e-9)
    )
    assert inside[table["shrunk"].notna() & (table["value"] > 0)].all()
    ranked = table["rank"].notna()
    assert (table["rank_lower"] <= table["rank"]).eq(ranked).all()
    assert (table["rank"] <= table["rank_upper"]).eq(ranked).all()
    places = benchmark.funnel.set_index(["year", "area_code"])["n_places"]
    at = list(zip(table["year"][ranked], table["area_code"][ranked], strict=True))
    assert (table["rank_upper"][ranked].to_numpy() <= places.loc[at].to_numpy()).all() if at else True
    assert ((table["funnel_status"] != "") <= ranked).all()


@settings(max_examples=8)
@given(tables(), st.integers(0, 100))
def test_the_order_of_rows_does_not_matter(drawn: tuple[pd.DataFrame, Indicator], seed: int) -> None:
    values, declared = drawn
    shuffled = values.sample(frac=1, random_state=seed).reset_index(drop=True)
    keys = ["indicator_id", "year", "area_code"]
    first, second = (made(each, declared) for each in (values, shuffled))
    for one, other in ((first.table, second.table), (first.funnel, second.funnel)):
        pd.testing.assert_frame_equal(
            one.sort_values(keys, ignore_index=True), other.sort_values(keys, ignore_index=True)
        )


@settings(max_examples=8)
@given(tables())
def test_the_multiplier_is_a_unit_and_changes_no_comparison(drawn: tuple[pd.DataFrame, Indicator]) -> None:
    values, declared = drawn
    per_cent = made(values, declared).table
    plain = made(values, declared.model_copy(update={"multiplier": 1.0})).table
    for column in ("value", "lower", "upper", "shrunk"):
        np.testing.assert_allclose(per_cent[column], 100 * plain[column], rtol=FLOAT)
    for column in ("ratio", "ratio_lower", "ratio_upper", "rank_lower", "rank_upper"):
        np.testing.assert_allclose(per_cent[column], plain[column], rtol=FLOAT)
    assert per_cent[WORDS].equals(plain[WORDS])

"""The whole benchmark on the shipped tables, and the user's own files in it."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.tolerances import FLOAT
from zaitaku_demand.benchmark.own_values import expected_from_shown, values_with_own
from zaitaku_demand.benchmark.parameters import DisclosureParameters
from zaitaku_demand.benchmark.request import BenchmarkRequest
from zaitaku_demand.benchmark.table import COLUMNS, benchmark_table
from zaitaku_demand.benchmark_run import compute_benchmark
from zaitaku_demand.cli.benchmark import read_request
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.catalogue import indicator, indicators, set_of_indicators
from zaitaku_demand.indicators.facts import FACT_TABLES, NATION
from zaitaku_demand.indicators.template import template
from zaitaku_demand.report.benchmark_content import BenchmarkContent
from zaitaku_demand.store.home import table_path
from zaitaku_demand.store.tables import read_table

pytestmark = pytest.mark.filterwarnings("error")

SHOWN = ("observed", "estimated")
DERIVED = ["numerator", "denominator", "expected", "value", "lower", "upper", "ratio", "ratio_lower"]
DERIVED += ["ratio_upper", "shrunk", "rank", "rank_lower", "rank_upper", "confidence"]
OWN = "O-A-1-E"
HALF_A_COUNT = 0.5


@pytest.fixture(scope="module", autouse=True)
def _tables() -> None:
    absent = [name for name in FACT_TABLES if table_path(name) is None]
    if absent:
        pytest.skip(f"The tables {', '.join(absent)} have not been built, so no benchmark is computed.")


@pytest.fixture(scope="module")
def prefectures() -> BenchmarkContent:
    return compute_benchmark(BenchmarkRequest())


@pytest.fixture(scope="module")
def areas() -> BenchmarkContent:
    return compute_benchmark(BenchmarkRequest(level="area", prefecture="島根県", peers="出雲,松江,3101"))


def own_file(
    folder: Path, figures: dict[str, object], level: str = "prefecture", identifier: str = OWN
) -> Path:
    """The template of an indicator with the figures of some places filled in, by code."""
    path = folder / f"{identifier}.csv"
    table = template(indicator(identifier), level, 2023, denominator=False)
    table["numerator"] = [str(figures.get(code, "")) for code in table["area_code"]]
    table.to_csv(path, index=False, encoding="utf-8-sig", quoting=csv.QUOTE_MINIMAL)
    return path


def own_table(path: Path, level: str = "prefecture", identifier: str = OWN) -> pd.DataFrame:
    """The written rows of the user's indicator, by code."""
    values = values_with_own(level, [path], DisclosureParameters())
    mine = values[values["indicator_id"] == identifier]
    return benchmark_table(mine, indicators(), draws=100).table.set_index("area_code")


def test_enough_indicators_for_all_places(prefectures: BenchmarkContent, areas: BenchmarkContent) -> None:
    for content, places, least in ((prefectures, 47, 32), (areas, 335, 16)):
        table = content.benchmark[content.benchmark["level"] == content.level]
        assert table["area_code"].nunique() == places
        known = table[table["state"].isin((*SHOWN, "suppressed"))]
        full = known.groupby(["indicator_id", "year"]).size().eq(places)
        names = {name for name, _ in full[full].index}
        assert len(names & set(set_of_indicators())) >= least
        # Every declared indicator is there, with data or without.
        assert set(table["indicator_id"]) == set(indicators())


def test_the_table_is_the_contract_and_hides_what_is_hidden(
    prefectures: BenchmarkContent, areas: BenchmarkContent
) -> None:
    for content, edition in ((prefectures, ""), (areas, "335")):
        table = content.benchmark
        assert table.columns.tolist() == list(COLUMNS)
        assert not table.duplicated(["indicator_id", "level", "area_code", "year"]).any()
        assert set(table.loc[table["level"] != "national", "area_edition"]) == {edition}
        assert set(table["state"]) == {"observed", "estimated", "suppressed", "no_data"}
        hidden = ~table["state"].isin(SHOWN)
        assert table.loc[hidden, DERIVED].isna().all().all()
        shown = table[~hidden]
        assert shown[["value", "lower", "upper"]].notna().all().all()
        assert np.isfinite(shown[["value", "lower", "upper"]]).all().all()
        assert (shown["lower"] <= shown["value"] * (1 + FLOAT)).all()
        assert (shown["value"] <= shown["upper"] * (1 + FLOAT)).all()
        nation = table[table["area_code"] == NATION]
        assert nation[["ratio", "shrunk", "rank"]].isna().all().all() and (nation["trend"] == "").all()
        ranked = table[table["rank"].notna()]
        assert ranked["rank"].between(ranked["rank_lower"], ranked["rank_upper"]).all()
        assert (ranked["funnel_status"] != "").all()


def test_expected_counts_of_the_scrs_add_up_to_japan(
    prefectures: BenchmarkContent, areas: BenchmarkContent
) -> None:
    adjusted = [name for name, each in indicators().items() if each.statistic == "scr"]
    for content in (prefectures, areas):
        rows = content.benchmark[content.benchmark["indicator_id"].isin(adjusted)]
        places, nation = rows[rows["area_code"] != NATION], rows[rows["area_code"] == NATION]
        keys = ["indicator_id", "year"]
        complete = places["state"].isin(SHOWN).groupby([places[key] for key in keys]).transform("all")
        sums = places[complete].groupby(keys)["expected"].sum()
        published = nation.set_index(keys)["numerator"].reindex(sums.index)
        assert len(sums) >= 3 and published.notna().all()
        np.testing.assert_allclose(sums, published, rtol=FLOAT)
        shown = nation[nation["value"].notna()]
        np.testing.assert_allclose(shown["value"], 100, rtol=FLOAT)


def test_the_report_is_about_its_places_and_their_peers(
    prefectures: BenchmarkContent, areas: BenchmarkContent
) -> None:
    assert len(prefectures.focus) == 3
    assert [code for code, _ in areas.focus] == [f"320{place}" for place in range(1, 8)]
    assert set(areas.profile["area_code"]) == set(areas.summary) == {code for code, _ in areas.focus}
    assert set(areas.peers["area_code"]) == {code for code, _ in areas.focus}
    assert areas.peers[areas.peers["area_code"] == "3202"]["peer_code"].tolist() == ["3203", "3201", "3101"]
    assert set(areas.pdca["area_code"]) <= {code for code, _ in areas.focus}
    # Scores rank all places; a list of peers of the focus must not leave the others alone with themselves.
    assert areas.functions.groupby("function")["structure_score"].nunique().max() > 100
    for sentences in (*prefectures.summary.values(), *areas.summary.values()):
        assert sentences and all(sentence.ja and sentence.en for sentence in sentences)


def test_the_sources_named_are_registered_once(prefectures: BenchmarkContent) -> None:
    paths = [source.path for source in prefectures.sources]
    assert len(paths) == len(set(paths)) > 10
    assert not any("_FY2014_" in path for path in paths if path.startswith("ndb/medical"))


def test_an_earlier_year_is_the_table_up_to_then(prefectures: BenchmarkContent) -> None:
    content = compute_benchmark(BenchmarkRequest(year=2019, prefecture="32"))
    table = content.benchmark
    assert table["year"].max() == 2019 and set(table["indicator_id"]) == set(indicators())
    keys = ["indicator_id", "year", "area_code"]
    own = ["state", "numerator", "expected", "value", "lower", "upper", "ratio", "funnel_status", "rank"]
    before = prefectures.benchmark[prefectures.benchmark["year"] <= 2019].set_index(keys)[own]
    now = table.set_index(keys)[own]
    pd.testing.assert_frame_equal(now.loc[before.index], before)
    # What has data only later stands without data in the last year.
    later = now.drop(index=before.index)
    assert len(later) and set(later["state"]) == {"no_data"}
    assert set(later.index.get_level_values("year")) == {2019}


def test_places_that_cannot_be_used_stop_the_run() -> None:
    with pytest.raises(InputError, match="東亰都"):
        compute_benchmark(BenchmarkRequest(prefecture="東亰都"))


def test_own_values_and_targets_appear(tmp_path: Path) -> None:
    counts = {f"{code:02d}": 100 + code for code in range(1, 48)}
    path = own_file(tmp_path, counts)
    targets = tmp_path / "targets.csv"
    targets.write_text("indicator_id,area_code,target\nO-A-1-E,32,99\nP-E-1-D,32,1.5\n", encoding="utf-8")
    content = compute_benchmark(
        BenchmarkRequest(prefecture="32", values_files=(path,), targets_file=targets, target="demand")
    )
    mine = content.benchmark[content.benchmark["indicator_id"] == OWN].set_index("area_code")
    assert set(mine["state"]) == {"observed"} and set(mine["year"]) == {2023}
    assert mine.loc["32", "numerator"] == 132 and mine.loc[NATION, "numerator"] == sum(counts.values())
    value = indicator(OWN).multiplier * 132 / mine.loc["32", "denominator"]
    assert mine.loc["32", "value"] == pytest.approx(value) and mine.loc["32", "rank"] >= 1
    assert any(f"{OWN}.csv" in text.ja for _, text in content.parameters)
    assert OWN in set(content.profile.loc[content.profile["value"].notna(), "indicator_id"])
    # The user's target holds, also of an indicator that only completes another.
    sheet = content.pdca.set_index(["indicator_id", "period"])["target"]
    # All others of which more is better follow the projected demand.
    assert {"demand"} < set(content.pdca["target_basis"])
    assert sheet[OWN, "2024-2026"] == 99 and sheet["P-E-1-D", "2024-2026"] == 1.5


def test_a_hidden_count_takes_another_with_it(tmp_path: Path) -> None:
    counts = {f"{code:02d}": 100 + code for code in range(1, 48)} | {"32": 4}
    table = own_table(own_file(tmp_path, counts))
    hidden = table[table["state"] == "suppressed"]
    # 4 could be had as Japan less all others; the smallest of those, Hokkaido's 101, is hidden too.
    assert hidden.index.tolist() == ["01", "32"]
    assert hidden[DERIVED].isna().all().all()
    _nothing_follows(table, counts)


def test_no_hidden_count_follows_from_expected_counts_or_ratios(tmp_path: Path) -> None:
    # Without all places there is no national row, and no sum to subtract from but the one behind the rate.
    counts = {"31": 60, "32": 4, "33": 80, "34": 90}
    table = own_table(own_file(tmp_path, counts))
    assert table.loc["32", "state"] == "suppressed" and table.loc[NATION, "state"] == "no_data"
    assert set(table.index[table["state"] == "observed"]) == {"31", "33", "34"}
    _nothing_follows(table, counts)
    shown = table[table["state"] == "observed"]
    assert shown["expected"].sum() == pytest.approx(60 + 80 + 90)


def test_no_hidden_count_follows_where_japan_is_hidden(tmp_path: Path) -> None:
    # All other counts are 0, which hide nothing: the nation itself has to be hidden.
    counts: dict[str, object] = {f"{code:02d}": 0 for code in range(1, 48)}
    counts |= {"05": 3, "32": 4}
    table = own_table(own_file(tmp_path, counts))
    assert table.loc[["05", "32", NATION], "state"].tolist() == ["suppressed"] * 3
    assert table.loc[table["state"] == "observed", "ratio"].isna().all()
    _nothing_follows(table, counts)


def test_small_counts_of_areas_stay_hidden(tmp_path: Path) -> None:
    codes = [f"320{place}" for place in range(1, 8)]
    counts = dict(zip(codes, [40, 5, 38, 0, 21, 17, 2], strict=True))
    table = own_table(own_file(tmp_path, counts, "area"), "area")
    assert table.loc[codes, "state"].tolist() == [
        "observed",
        "suppressed",
        "observed",
        "observed",
        "observed",
        "observed",
        "suppressed",
    ]
    assert table.loc["3204", "value"] == 0
    _nothing_follows(table, counts)


def test_counts_of_institutions_are_public(tmp_path: Path) -> None:
    path = own_file(tmp_path, {"01": 3, "32": 5, "47": 700}, identifier="S-D-1")
    table = own_table(path, identifier="S-D-1")
    assert table.loc[["01", "32"], "numerator"].tolist() == [3, 5]


def test_marks_of_suppression_stay_hidden_beside_a_given_total(tmp_path: Path) -> None:
    counts: dict[str, object] = {f"{code:02d}": 100 + code for code in range(1, 48)}
    whole = sum(int(str(count)) for count in counts.values())
    path = own_file(tmp_path, counts | {"32": "-", NATION: whole})
    table = own_table(path)
    assert table.loc[["01", "32"], "state"].tolist() == ["suppressed"] * 2
    assert table.loc[NATION, "numerator"] == whole
    _nothing_follows(table, counts)


def _nothing_follows(table: pd.DataFrame, counts: dict[str, object]) -> None:
    """Every column that a count can be had back from is solved for Japan's count, and the shown ones subtracted."""
    hidden = [code for code in counts if table.loc[code, "state"] == "suppressed"]
    assert hidden
    truth = sum(int(str(counts[code])) for code in hidden)
    shown = table[table["state"].isin(SHOWN) & (table.index != NATION)]
    multiplier = indicator(OWN).multiplier
    values = pd.DataFrame(
        {
            "numerator": shown["numerator"],
            "value": shown["value"] * shown["denominator"] / multiplier,
            "ratio": shown["ratio"] * shown["expected"],
        }
    )
    for column in values:
        known = values[column].notna()
        np.testing.assert_allclose(values.loc[known, column], shown.loc[known, "numerator"], rtol=FLOAT)
    # Denominators are public, so whoever knows the rate behind the expected counts knows the sum it rests on.
    population = _population(table)
    rates = [shown["expected"] / shown["denominator"]]
    rates += [shown["value"] / multiplier / shown["ratio"]]
    judged = [rate.dropna() for rate in rates]
    national = table.loc[NATION, "state"] in SHOWN
    for rate in judged:
        for each in rate:
            for places in (shown.index.tolist(), [*shown.index, *hidden]):
                left = each * population[places].sum() - shown["numerator"].sum()
                if len(hidden) == 1 or not national:
                    # Either nothing is left, or what is left is not what is hidden.
                    assert abs(left - truth) > HALF_A_COUNT
    if national:
        # The sum of what is hidden is known then; it is at least two counts, and wide enough for each.
        assert len(hidden) >= 2 and table.loc[NATION, "numerator"] - shown["numerator"].sum() >= 9


def _population(table: pd.DataFrame) -> pd.Series:
    """Denominators of all places, as anybody can look them up."""
    level = table["level"].drop(index=NATION).iloc[0]
    from zaitaku_demand.indicators.facts import read_facts

    facts = read_facts()
    year = table["year"].iloc[0]
    mine = facts[(facts["measure"] == "population_65") & (facts["level"] == level) & (facts["year"] == year)]
    return mine.set_index("area_code")["value"]


def test_a_rate_that_rests_on_hidden_counts_is_made_anew() -> None:
    values = pd.DataFrame(
        {
            "indicator_id": ["A"] * 3 + ["B"] * 2,
            "area_code": ["01", "02", "03", NATION, "01"],
            "year": 2023,
            "state": ["observed", "observed", "suppressed", "observed", "observed"],
            "numerator": [30.0, 50, np.nan, 90, 40],
            "denominator": [100.0, 300, 50, 1000, 400],
            "expected": [20.0, 60, 10, 90, 36],
        }
    )
    made = expected_from_shown(values, ["A"])["expected"]
    # 80 of 400 are shown, so the rate is 0.2; the other indicator is left as it is.
    assert made.tolist() == pytest.approx([20, 60, 10, 90, 36])
    made = expected_from_shown(values.assign(numerator=[30.0, 90, np.nan, 80, 40]), ["A", "B"])["expected"]
    assert made.tolist() == pytest.approx([30, 90, 15, 80, 32])


def test_protection_can_be_switched_off(tmp_path: Path) -> None:
    path = own_file(tmp_path, {"31": 60, "32": 4})
    values = values_with_own("prefecture", [path], DisclosureParameters(enabled=False))
    mine = values[values["indicator_id"] == OWN].set_index("area_code")
    assert mine.loc["32", ["state", "numerator"]].tolist() == ["observed", 4]


def test_a_file_without_values_of_the_level_is_refused(tmp_path: Path) -> None:
    for figures, level in (({"3201": 20}, "area"), ({}, "prefecture")):
        path = own_file(tmp_path, figures, level)
        with pytest.raises(InputError) as caught:
            values_with_own("prefecture", [path], DisclosureParameters())
        assert f"{OWN}.csv" in caught.value.sentence("ja") and "都道府県" in caught.value.sentence("ja")


def test_shrinking_to_neighbours_lies_between_the_place_and_its_neighbourhood(
    prefectures: BenchmarkContent,
) -> None:
    near = compute_benchmark(BenchmarkRequest(prefecture="32", shrink="neighbours")).benchmark
    keys = ["indicator_id", "year", "area_code"]
    both = near.set_index(keys).join(prefectures.benchmark.set_index(keys)["shrunk"].rename("shrunk_all"))
    few = both[(both["shrunk"].notna()) & (both["level"] == "prefecture")].loc["P-D-5"]
    # Few claims a place: here the two ways differ most.
    assert (few["shrunk"] - few["shrunk_all"]).abs().max() > 0.1
    assert both["shrunk"].notna().equals(both["shrunk_all"].notna())
    table = read_table("area_neighbours")
    table = table[table["level"] == "prefecture"]
    for code, others in table.groupby("area_code")["neighbour_code"]:
        rows = few.loc[2022].reindex([code, *others])
        if rows["value"].notna().all():
            assert rows["value"].min() - 1e-9 <= rows.loc[code, "shrunk"] <= rows["value"].max() + 1e-9


def test_settings_change_what_they_name(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[peers]\nprefecture_count = 3\n", encoding="utf-8")
    request = read_request(settings=path, periods=["2027-2029"], prefecture="32")
    assert request.parts.peers.prefecture_count == 3
    assert [period.name for period in request.parts.pdca.periods] == ["2027-2029"]
    assert len(compute_benchmark(request).peers) == 3


def test_a_core_set_compares_its_indicators_alone_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "core.toml"
    member = '[[member]]\nid = "{}"\nfunction = "{}"\ntype = "{}"\norder = {}\nreason_ja = "試"\nreason_en = "test"\n'
    path.write_text(
        'layout = 1\ndate = 2026-11-22\npackage_version = "0"\ndata_version = "0"\n'
        + member.format("P-C-1", "everyday", "process", 2)
        + member.format("O-E-1", "end_of_life", "outcome", 1),
        "utf-8",
    )
    core = compute_benchmark(BenchmarkRequest(core_set_file=path))
    assert list(core.indicators["indicator_id"]) == ["O-E-1", "P-C-1"]
    assert set(core.pdca["indicator_id"]) == {"O-E-1", "P-C-1"}
    whole = compute_benchmark(BenchmarkRequest()).benchmark
    keys = ["indicator_id", "area_code", "year"]
    both = core.benchmark.merge(whole, on=keys, suffixes=("", "_whole"))
    assert len(both) == len(core.benchmark)
    np.testing.assert_allclose(both["ratio"], both["ratio_whole"], rtol=FLOAT)
    assert "core.toml" in {value.ja for _, value in core.parameters}


def test_a_core_set_with_an_unknown_indicator_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "core.toml"
    path.write_text(
        'layout = 1\ndate = 2026-11-22\npackage_version = "0"\ndata_version = "0"\n[[member]]\nid = "P-Z-1"\n'
        'function = "everyday"\ntype = "process"\norder = 1\nreason_ja = "試"\nreason_en = "test"\n',
        "utf-8",
    )
    with pytest.raises(InputError, match="P-Z-1"):
        compute_benchmark(BenchmarkRequest(core_set_file=path))

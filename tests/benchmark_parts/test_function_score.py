"""Function coefficients: DPC's formula by hand, and what scores must obey whatever the data."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaitaku_demand.benchmark.function_score import SCORE_COLUMNS, data_quality, function_scores
from zaitaku_demand.benchmark.function_sensitivity import FUNCTION_COLUMNS, function_table, rank_sensitivity
from zaitaku_demand.benchmark.parameters import ScoreParameters
from zaitaku_demand.benchmark.score_arrays import (
    clipped_score,
    combined_score,
    on_scale,
    part_score,
    rank_interval,
)
from zaitaku_demand.errors import InputError

FULL_RANGE = ScoreParameters(clip_lower=0.0, clip_upper=1.0, scale="raw", draws=200)


def _indicators(**changes: object) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "indicator_id": ["S-C-1", "P-C-1", "P-C-2", "P-C-9"],
            "name_ja": ["訪問診療の施設", "訪問診療", "小児", "主要でない"],
            "name_en": ["facilities", "home visits", "children", "not key"],
            "type": ["structure", "process", "process", "process"],
            "function": "everyday",
            "key": [True, True, True, False],
            "better": "more",
            "comparison": "all",
            "supplement_of": "",
        }
    )
    return table.assign(**changes)


def _rows(
    indicator: str, ratios: list[float], year: int = 2022, width: float = 0.0, state: str = "observed"
) -> pd.DataFrame:
    ratio = np.array(ratios, dtype=float)
    return pd.DataFrame(
        {
            "indicator_id": indicator,
            "area_code": [f"{i:02d}" for i in range(1, ratio.size + 1)],
            "area_name": [f"県{i}" for i in range(1, ratio.size + 1)],
            "year": year,
            "state": np.where(np.isnan(ratio), "no_data", state),
            "numerator": ratio * 100,
            "ratio": ratio,
            "ratio_lower": ratio * (1 - width),
            "ratio_upper": ratio * (1 + width),
        }
    )


def _everyday(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["function"] == "everyday"].set_index("area_code")


def test_score_after_clipping() -> None:
    # (clip(x, lo, hi) - lo) / (hi - lo), DPC conventions (中医協総会 2022-01-28, slide 125): lo 1, hi 3.
    x = np.array([0.0, 1.0, 1.5, 3.0, 9.0, np.nan, -np.inf])
    found = clipped_score(x, np.full(7, 1.0), np.full(7, 3.0))
    assert found[:5].tolist() == [0, 0, 0.25, 1, 1]
    assert np.isnan(found[5]) and found[6] == 0
    assert clipped_score(np.array([2.0]), np.array([2.0]), np.array([2.0])).tolist() == [0.5]


def test_parts_and_their_weights() -> None:
    scores = np.array([[0.2, 0.8], [np.nan, 0.6], [np.nan, np.nan]])
    weights = np.array([1.0, 3.0])
    assert part_score(scores, weights, 0.5)[:2].tolist() == pytest.approx([0.65, 0.6])
    assert np.isnan(part_score(scores, weights, 0.8)[1:]).all()
    # 7 : 5.
    one = combined_score(np.array([0.4, np.nan]), np.array([0.1, 0.9]), (7.0, 5.0))
    assert one[0] == pytest.approx((7 * 0.4 + 5 * 0.1) / 12)
    assert np.isnan(one[1])
    absent = combined_score(np.array([np.nan, np.nan]), np.array([0.1, 0.9]), (7.0, 5.0))
    assert absent.tolist() == [0.1, 0.9]


def test_the_logarithm_of_zero_scores_like_the_lower_limit() -> None:
    assert on_scale(np.array([0.0, 1.0]), "log").tolist() == [-np.inf, 0.0]
    benchmark = pd.concat([_rows("S-C-1", [0.0, 0.5, 1, 2]), _rows("P-C-1", [1, 1, 1, 1.0])])
    table = _everyday(function_scores(benchmark, _indicators(), ScoreParameters(clip_lower=0, clip_upper=1)))
    assert table["structure_score"].tolist() == pytest.approx([0, 0, 0.5, 1])


def test_a_whole_score_by_hand() -> None:
    benchmark = pd.concat(
        [
            _rows("S-C-1", [1.0, 2.0, 3.0]),
            _rows("P-C-1", [0.5, 1.5, 1.0]),
            _rows("P-C-2", [2.0, 1.0, 1.0]),
            _rows("P-C-9", [1.0, 99.0, 0.0]),
        ]
    )
    table = _everyday(function_scores(benchmark, _indicators(), FULL_RANGE))
    assert table["structure_score"].tolist() == pytest.approx([0, 0.5, 1])
    assert table["quantity_score"].tolist() == pytest.approx([0.5, 0.5, 0.25])
    wanted = [(5 * 0.5) / 12, (7 * 0.5 + 5 * 0.5) / 12, (7 * 1 + 5 * 0.25) / 12]
    assert table["score"].tolist() == pytest.approx(wanted)
    assert table["rank"].tolist() == [3, 2, 1]
    # Without spread in the intervals, nothing moves.
    assert table["rank_lower"].tolist() == table["rank_upper"].tolist() == [3, 2, 1]
    assert table["score_lower"].tolist() == pytest.approx(wanted)
    assert table["coverage_score"].tolist() == [1.0, 1.0, 0.75]
    assert table.loc["01", "rests_on"] == "P-C-1 (2022); P-C-2 (2022); S-C-1 (2022)"
    assert table.loc["03", "sentence_ja"].startswith(
        "日常の療養支援：評価点0.69（区間0.69～0.69）、3地域中1位"
    )


def test_less_is_better_is_reversed_and_neutral_left_out() -> None:
    benchmark = pd.concat([_rows("S-C-1", [1.0, 2.0, 3.0]), _rows("P-C-1", [0.5, 1.5, 1.0])])
    less = _indicators(better=["less", "neutral", "more", "more"])
    table = _everyday(function_scores(benchmark, less, FULL_RANGE))
    assert table["score"].tolist() == pytest.approx([1, 0.5, 0])
    assert table["quantity_score"].isna().all()
    assert table.loc["01", "rests_on"] == "S-C-1 (2022)"
    assert "体制の指標だけによる" in str(table.loc["01", "sentence_ja"])


def test_percentiles_within_the_peer_group() -> None:
    # Place 01 against its peers 02 (ratios 1, 2): lowest; against all four: also lowest. 02 is the top of its group only.
    benchmark = _rows("S-C-1", [1.0, 2.0, 3.0, 4.0])
    pairs = [("01", "02"), ("02", "01"), ("03", "04"), ("04", "03")]
    peers = pd.DataFrame(pairs, columns=["area_code", "peer_code"])
    whole = _everyday(function_scores(benchmark, _indicators(), FULL_RANGE, peers=peers))
    inside = _everyday(function_scores(benchmark, _indicators(comparison="peers"), FULL_RANGE, peers=peers))
    assert whole["score"].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert inside["score"].tolist() == pytest.approx([0, 1, 0, 1])


def test_the_latest_year_of_each_indicator_is_used() -> None:
    benchmark = pd.concat(
        [
            _rows("S-C-1", [3.0, 1.0], 2023),
            _rows("S-C-1", [1.0, 3.0], 2020),
            _rows("P-C-1", [1.0, 3.0], 2022),
            _rows("P-C-1", [np.nan, np.nan], 2023),
        ]
    )
    table = _everyday(function_scores(benchmark, _indicators(), FULL_RANGE))
    assert table.loc["01", "rests_on"] == "P-C-1 (2022); S-C-1 (2023)"
    assert table["structure_score"].tolist() == [1, 0]


def test_data_quality_loses_a_step_for_each_broken_rule() -> None:
    # 01: nothing broken. 02: estimated and below 12 cases. 03: suppressed. 04: no row at all, and a finding.
    rows = pd.concat([_rows("P-C-1", [1.0, 0.1, 1.0])], ignore_index=True)
    rows.loc[1, "state"], rows.loc[2, "state"] = "estimated", "suppressed"
    codes = np.array(["01", "02", "03", "04"])
    ids, parameters = np.array(["P-C-1"]), ScoreParameters()
    findings = pd.DataFrame({"indicator_id": ["P-C-1"], "area_code": ["01"]})
    assert data_quality(rows, ids, codes, parameters, 2022).tolist() == pytest.approx([1, 0.9, 0.95, 0.95])
    assert data_quality(rows, ids, codes, parameters, 2022, findings)[0] == pytest.approx(0.95)
    assert data_quality(rows, ids, codes, parameters, 2025)[0] == 1.0
    assert data_quality(rows, ids, codes, parameters, 2026)[0] == pytest.approx(0.95)


def test_rank_intervals_hold_the_rank_and_all_tied_ranks() -> None:
    scores = np.array([0.9, 0.5, np.nan, 0.5, 0.1])
    rank, low, high = rank_interval(scores, np.tile(scores, (50, 1)), 0.95)
    assert np.array_equal(rank, [1, 2, np.nan, 2, 4], equal_nan=True)
    assert np.array_equal(low, [1, 2, np.nan, 2, 4], equal_nan=True)
    assert np.array_equal(high, [1, 3, np.nan, 3, 4], equal_nan=True)


def test_ties_among_draws_count_with_all_their_ranks() -> None:
    # 0.5 is drawn level with 0.9 in every draw, so both may be first or second.
    _, low, high = rank_interval(np.array([0.9, 0.5]), np.full((50, 2), 0.7), 0.95)
    assert low.tolist() == [1, 1]
    assert high.tolist() == [2, 2]


def test_wide_intervals_are_called_not_distinguishable() -> None:
    ratios = np.linspace(0.9, 1.1, 20).tolist()
    narrow = _everyday(function_table(_rows("P-C-1", ratios, width=0.005), _indicators()))
    wide = _everyday(function_table(_rows("P-C-1", ratios, width=0.9), _indicators()))
    assert narrow["distinguishable"].all()
    assert not wide["distinguishable"].any()
    assert "他の地域と区別できない" in str(wide.loc["10", "sentence_ja"])
    assert "not distinguishable" in str(wide.loc["10", "sentence_en"])
    assert ((wide["rank_upper"] - wide["rank_lower"]) > (narrow["rank_upper"] - narrow["rank_lower"])).all()


def test_all_equal_and_one_place_say_nothing() -> None:
    equal = _everyday(function_table(_rows("P-C-1", [1.0] * 6), _indicators()))
    assert equal["score"].unique().tolist() == [0.5]
    assert equal[["rank_lower", "rank_upper"]].to_numpy().tolist() == [[1, 6]] * 6
    assert not equal["distinguishable"].any()
    alone = _everyday(function_table(_rows("P-C-1", [1.3]), _indicators()))
    assert alone["rank"].tolist() == [1] and not alone["distinguishable"].any()


def test_a_place_without_data_and_a_function_without_indicators() -> None:
    table = function_table(_rows("P-C-1", [1.0, np.nan, 2.0]), _indicators())
    assert list(table.columns) == list(FUNCTION_COLUMNS)
    everyday = _everyday(table)
    assert everyday["score"].isna().tolist() == [False, True, False]
    assert everyday["rank"].tolist()[::2] == [2, 1]
    assert everyday.loc["02", "sentence_ja"] == "日常の療養支援：主要指標のデータが足りず、評価点を示せない。"
    assert table.loc[table["function"] == "acute", "score"].isna().all()
    assert not table["distinguishable"].isna().any()


RATIOS = st.lists(st.one_of(st.just(float("nan")), st.floats(0, 20)), min_size=5, max_size=5)


@settings(max_examples=12)
@given(RATIOS, RATIOS, RATIOS, st.floats(0, 1.5))
def test_contracts(structure: list[float], first: list[float], second: list[float], width: float) -> None:
    benchmark = pd.concat(
        [_rows("S-C-1", structure, width=width), _rows("P-C-1", first, width=width), _rows("P-C-2", second)],
        ignore_index=True,
    )
    parameters = ScoreParameters(draws=100)
    table = function_scores(benchmark, _indicators(), parameters)
    assert list(table.columns) == list(SCORE_COLUMNS)
    for column in ("structure_score", "quantity_score", "coverage_score", "quality_score", "score"):
        known = table[column].dropna()
        assert known.between(0, 1).all()
    known = table.dropna(subset="score")
    assert (known["score_lower"] <= known["score"]).all() and (known["score"] <= known["score_upper"]).all()
    assert (known["rank_lower"] <= known["rank"]).all() and (known["rank"] <= known["rank_upper"]).all()
    shuffled = benchmark.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(function_scores(shuffled, _indicators().iloc[::-1], parameters), table)


@settings(max_examples=8)
@given(st.lists(st.floats(0.1, 5), min_size=4, max_size=8), st.floats(0.1, 10))
def test_a_factor_common_to_all_places_changes_no_score(ratios: list[float], factor: float) -> None:
    parameters = ScoreParameters(draws=100)
    score = _everyday(function_scores(_rows("P-C-1", ratios), _indicators(), parameters))["score"]
    scaled = _rows("P-C-1", [ratio * factor for ratio in ratios])
    again = _everyday(function_scores(scaled, _indicators(), parameters))["score"]
    if max(ratios) / min(ratios) > 1 + 1e-6:
        assert again.to_numpy() == pytest.approx(score.to_numpy(), abs=1e-6)


def test_how_far_ranks_move() -> None:
    # Place 01 leads on structure alone; without it, it comes last.
    benchmark = pd.concat([_rows("S-C-1", [5.0, 1.0, 1.1]), _rows("P-C-1", [0.5, 1.0, 1.1])])
    moved = rank_sensitivity(benchmark, _indicators(), FULL_RANGE)
    mine = moved[(moved["function"] == "everyday") & (moved["area_code"] == "01")].set_index("variant_en")
    assert mine.loc["without 'facilities'", ["rank", "shift"]].tolist() == [3, 2]
    assert mine.loc["without 'home visits'", "rank"] == 1
    table = _everyday(function_table(benchmark, _indicators(), FULL_RANGE))
    assert table.loc["01", ["rank", "sensitivity_rank_low", "sensitivity_rank_high"]].tolist() == [1, 1, 3]
    assert "算定方法を変えると順位は1～3位の間で動く" in str(table.loc["01", "sentence_ja"])
    assert set(moved["kind"]) == {"weights", "clipping", "normalisation", "leave_one_out"}


def test_variants_reverse_less_is_better_too() -> None:
    less = _indicators(better="less")
    table = _everyday(function_table(_rows("P-C-1", [1.0, 2.0, 4.0, 3.0]), less, FULL_RANGE))
    assert table["rank"].tolist() == [1, 2, 4, 3]
    assert (table["sensitivity_rank_low"] == table["rank"]).all()
    assert (table["sensitivity_rank_high"] == table["rank"]).all()


def test_variants_that_keep_the_order_move_nothing() -> None:
    table = _everyday(function_table(_rows("P-C-1", [1.0, 2.0, 4.0, 3.0]), _indicators(), FULL_RANGE))
    assert (table["sensitivity_rank_low"] == table["rank"]).all()
    assert (table["sensitivity_rank_high"] == table["rank"]).all()
    assert "順位は変わらない" in str(table.loc["01", "sentence_ja"])


def test_mixed_levels_and_doubled_rows_are_errors() -> None:
    rows = _rows("P-C-1", [1.0, 2.0])
    with pytest.raises(InputError, match="2行ある"):
        function_scores(pd.concat([rows, rows]), _indicators())
    with pytest.raises(InputError, match="混ざっている"):
        function_scores(rows.assign(level=["prefecture", "area"]), _indicators())


def test_47_places_take_no_longer_than_a_second_and_a_half() -> None:
    random = np.random.default_rng(1)
    ids = [f"{kind}-{i}" for kind in "SP" for i in range(16)]
    functions = ["discharge", "everyday", "acute", "end_of_life"] * 8
    indicators = pd.DataFrame(
        {
            "indicator_id": ids,
            "name_ja": ids,
            "name_en": ids,
            "type": ["structure"] * 16 + ["process"] * 16,
            "function": functions,
            "key": True,
            "better": "more",
            "comparison": "all",
            "supplement_of": "",
        }
    )
    benchmark = pd.concat([_rows(name, random.lognormal(0, 0.3, 47).tolist(), width=0.1) for name in ids])
    function_table(benchmark, indicators)
    started = time.perf_counter()
    function_table(benchmark, indicators)
    assert time.perf_counter() - started < 1.5

"""Verdicts and sentences: every cell of the decision by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaitaku_demand.benchmark.parameters import VerdictParameters
from zaitaku_demand.benchmark.verdict import (
    VERDICT_NAMES,
    VERDICT_SIGNS,
    add_verdicts,
    by_verdict,
    summary_sentences,
    verdicts,
)

STATUS = ("low_998", "low_95", "inside", "high_95", "high_998", "")


def _one(low: float, high: float, status: str, better: str = "more", **options: object) -> str:
    found = verdicts(
        np.array([low]),
        np.array([high]),
        np.array([status], dtype=object),
        np.array([better], dtype=object),
        **options,  # type: ignore[arg-type]
    )
    return str(found[0])


@pytest.mark.parametrize(
    ("low", "high", "status", "better", "wanted"),
    [
        (1.1, 1.5, "high_95", "more", "better"),
        (1.1, 1.5, "high_95", "less", "worse"),
        (1.1, 1.5, "high_95", "neutral", "higher"),
        (0.5, 0.9, "low_998", "more", "worse"),
        (0.5, 0.9, "low_998", "less", "better"),
        (0.5, 0.9, "low_998", "neutral", "lower"),
        # Differs from Japan within the spread usual between places: still a difference.
        (1.3, 1.5, "inside", "more", "better"),
        (0.2, 0.3, "inside", "less", "better"),
        # Beyond the spread, however small; within it and within 20 %, similar.
        (1.05, 1.1, "high_95", "more", "better"),
        (1.05, 1.1, "inside", "more", "similar"),
        # High among its own type, but low against Japan: the sides do not agree, the interval decides.
        (0.95, 0.99, "high_95", "more", "similar"),
        # The whole interval lies within 1/1.2 to 1.2.
        (0.9, 1.1, "inside", "more", "similar"),
        # A wide interval around 1 says nothing, whatever the funnel says.
        (0.5, 2.0, "inside", "more", "not_distinguishable"),
        (0.9, 1.9, "high_95", "more", "not_distinguishable"),
        # Not wholly within 20 %, and on no side of Japan.
        (0.95, 1.3, "inside", "more", "not_distinguishable"),
        # No funnel limits: the interval decides.
        (1.5, 2.0, "", "more", "better"),
        (np.nan, np.nan, "", "more", "no_data"),
    ],
)
def test_the_decision(low: float, high: float, status: str, better: str, wanted: str) -> None:
    assert _one(low, high, status, better) == wanted


def test_stricter_rules_few_events_and_multiple_tests_hold_a_verdict_back() -> None:
    beyond, wide = (
        VerdictParameters(beyond_spread_only=True),
        VerdictParameters(beyond_spread_only=True, limits="998"),
    )
    assert _one(1.1, 1.5, "high_95", parameters=beyond) == "better"
    assert _one(1.3, 1.5, "inside", parameters=beyond) == "not_distinguishable"
    assert _one(1.1, 1.5, "high_95", parameters=wide) == "not_distinguishable"
    assert _one(1.1, 1.5, "high_998", parameters=wide) == "better"
    assert _one(1.1, 1.5, "high_95", significant=np.array([False])) == "not_distinguishable"
    assert _one(0.9, 1.1, "inside", enough=np.array([False])) == "not_distinguishable"
    assert _one(1.5, 1.9, "high_998", enough=np.array([False])) == "not_distinguishable"


@given(st.floats(0.01, 5), st.floats(1, 5), st.sampled_from(STATUS))
def test_reversing_the_direction_swaps_better_and_worse_only(low: float, width: float, status: str) -> None:
    swap = {"better": "worse", "worse": "better"}
    more, less = (_one(low, low * width, status, better) for better in ("more", "less"))
    assert less == swap.get(more, more)
    neutral = _one(low, low * width, status, "neutral")
    assert neutral not in ("better", "worse")
    assert (neutral in ("higher", "lower")) == (more in ("better", "worse"))


def test_signs_need_no_colour() -> None:
    assert len(set(VERDICT_SIGNS.values())) == len(VERDICT_NAMES) == len(VERDICT_SIGNS)


def _indicators() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator_id": ["A", "B", "C", "D", "E", "A-V"],
            "name_ja": ["訪問診療", "往診", "酸素", "看取り", "満足度", "訪問回数"],
            "name_en": ["home visits", "house calls", "oxygen", "attended deaths", "satisfaction", "visits"],
            "better": ["more", "more", "neutral", "more", "more", "more"],
            "place": ["institution", "institution", "institution", "residence", "residence", "institution"],
            "key": [True, True, False, True, False, False],
            "supplement_of": ["", "", "", "", "", "A"],
            "minimum_count": 10,
        }
    )


def test_rows_of_a_table_get_their_verdict() -> None:
    benchmark = pd.DataFrame(
        {
            "indicator_id": ["A", "A", "A", "A", "B"],
            "level": ["national", "prefecture", "prefecture", "prefecture", "prefecture"],
            "state": ["observed", "observed", "suppressed", "estimated", "observed"],
            "numerator": [900.0, 90, np.nan, 95, 9],
            "ratio_lower": [1.0, 1.2, np.nan, 0.4, 0.95],
            "ratio_upper": [1.0, 1.6, np.nan, 0.6, 1.05],
            "funnel_status": ["", "high_998", "", "low_998", "inside"],
        }
    )
    found = add_verdicts(benchmark, _indicators())
    assert found["verdict"].tolist() == ["", "better", "no_data", "worse", "not_distinguishable"]


def _profile(**verdict: str) -> pd.DataFrame:
    ratio = {"A": 1.5, "B": 0.8, "C": 1.2, "D": 1.0, "E": np.nan, "A-V": 2.0}
    rank = {"A": 3.0, "B": 40.0, "C": np.nan, "D": 20.0, "E": np.nan, "A-V": 1.0}
    ids = list(verdict)
    return pd.DataFrame(
        {
            "indicator_id": ids,
            "year": 2022,
            "ratio": [ratio[i] for i in ids],
            "verdict": list(verdict.values()),
            "rank": [rank[i] for i in ids],
            "rank_lower": [rank[i] - 1 for i in ids],
            "rank_upper": [rank[i] + 3 for i in ids],
            "n_places": 47,
        }
    )


def test_the_sentences_of_one_place() -> None:
    profile = _profile(
        A="better", B="worse", C="higher", D="not_distinguishable", E="no_data", **{"A-V": "better"}
    )
    sentences = summary_sentences(profile, _indicators())
    ja = [sentence.ja for sentence in sentences]
    assert ja[0].startswith("5指標のうち比べられるのは4指標。全国より望ましい1、同程度0、望ましくない1")
    assert ja[1] == (
        "全国と統計的に区別でき、望ましい方向にある指標：訪問診療（2022年、全国の1.50倍、47地域中3位、順位の区間2～6位）。"
    )
    assert ja[2].endswith("往診（2022年、全国の0.80倍、47地域中40位、順位の区間39～43位）。")
    assert "良し悪しを判断しない" in ja[3] and "酸素（2022年、全国の1.20倍）" in ja[3]
    assert "看取り" in ja[4] and "高いとも低いとも言えない" in ja[4]
    assert ja[5] == "データがなく、比べられない指標：満足度。"
    assert ja[6].startswith("医療機関や事業所の所在地で数えた指標は、住民が地域の外で受けた医療を含まず")
    assert ja[7].startswith("差があることを示すもので、その原因を示すものではない。")
    english = [sentence.en for sentence in sentences]
    assert english[1] == (
        "Distinguishable from Japan and better: home visits (2022, 1.50 times Japan, rank 3 of 47, interval 2 to 6)."
    )
    assert "訪問回数" not in "".join(ja)


def test_differences_beyond_the_usual_spread_are_marked_and_the_others_explained() -> None:
    profile = _profile(A="better", B="better").assign(funnel_status=["high_998", "inside"])
    sentences = [sentence.ja for sentence in summary_sentences(profile, _indicators())]
    assert (
        "順位の区間2～6位、地域間の通常のばらつきも超える）、往診（2022年、全国の0.80倍、47地域中40位、順位の区間39～43位）"
        in sentences[1]
    )
    assert any("地域どうしに普通に見られる差の範囲内" in sentence for sentence in sentences)
    all_beyond = profile.assign(funnel_status="high_95")
    assert not any(
        "普通に見られる" in sentence.ja for sentence in summary_sentences(all_beyond, _indicators())
    )


def test_absence_of_differences_is_said_and_no_data_alone_says_no_more() -> None:
    sentences = [s.en for s in summary_sentences(_profile(D="similar"), _indicators())]
    assert "In no indicator is it distinguishably better than Japan." in sentences
    only = summary_sentences(_profile(E="no_data"), _indicators())
    assert [s.ja for s in only][1:] == ["データがなく、比べられない指標：満足度。"]


def test_key_indicators_come_first() -> None:
    sentences = summary_sentences(_profile(B="higher", C="higher"), _indicators())
    found = next(sentence.ja for sentence in sentences if "良し悪しを判断しない" in sentence.ja)
    assert found.index("往診") < found.index("酸素")


def test_the_rest_is_counted_and_rows_may_come_in_any_order() -> None:
    profile = _profile(A="better", B="better", D="better")
    sentences = summary_sentences(profile, _indicators(), n=1)
    assert sentences[1].ja.endswith("、ほか2指標。")
    assert summary_sentences(profile.iloc[::-1], _indicators(), n=1) == sentences


@pytest.mark.parametrize(
    ("code", "comparison", "number", "ja", "en"),
    [
        ("32", "peers", 47, "47都道府県中3位", "rank 3 of 47 prefectures,"),
        ("32", "all", 20, "比較できる20都道府県中3位", "rank 3 of 20 prefectures that can be ranked,"),
        ("3201", "peers", 48, "同じ類型で比較できる48圏域中3位", "rank 3 of 48 areas of its type,"),
        ("3201", "all", 335, "、335圏域中3位", "rank 3 of 335 areas,"),
        ("3201", "all", 311, "比較できる311圏域中3位", "rank 3 of 311 areas that can be ranked,"),
    ],
)
def test_a_rank_says_among_how_many_and_which_places(
    code: str, comparison: str, number: int, ja: str, en: str
) -> None:
    profile = _profile(A="better").assign(area_code=code, n_places=number)
    declared = _indicators().assign(comparison=comparison, fiscal_year=True)
    said = summary_sentences(profile, declared)[1]
    assert ja in said.ja and en in said.en
    assert "（2022年度、" in said.ja and "(FY2022, " in said.en


def test_neutral_ranks_count_from_the_largest_and_zero_is_no_ratio() -> None:
    profile = _profile(C="lower", A="worse").assign(rank=2.0, rank_lower=1.0, rank_upper=5.0, ratio=0.0)
    worse, neutral = (sentence.ja for sentence in summary_sentences(profile, _indicators())[2:4])
    assert "酸素（2022年、0件、47地域中多い方から2位" in neutral
    assert "訪問診療（2022年、0件、47地域中2位" in worse


def test_suppressed_is_told_apart_from_no_data() -> None:
    profile = _profile(D="no_data", E="no_data").assign(state=["suppressed", "no_data"])
    ja = [sentence.ja for sentence in summary_sentences(profile, _indicators())]
    assert ja[1] == "秘匿された値があり、比べられない指標（値が0という意味ではない）：看取り。"
    assert ja[2] == "データがなく、比べられない指標：満足度。"


def test_indicators_by_verdict_leave_supplements_out() -> None:
    rows = _profile(A="better", B="better", **{"A-V": "better"}).merge(_indicators(), on="indicator_id")
    of = by_verdict(rows)
    assert list(of["better"]["indicator_id"]) == ["A", "B"] and of["worse"].empty

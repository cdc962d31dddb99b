"""PDCA sheet: targets, gap and attainment by hand; the trend against statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaitaku_demand.benchmark.parameters import PLAN_PERIODS, PdcaParameters, PlanPeriod
from zaitaku_demand.benchmark.pdca import PDCA_COLUMNS, demand_growth, log_linear_trend, pdca_sheet
from zaitaku_demand.benchmark.pdca_words import old_baseline, pdca_verdict

PERIOD = PLAN_PERIODS[0]
INDICATORS = pd.DataFrame({"indicator_id": ["M", "L", "N"], "better": ["more", "less", "neutral"]})
Z = 1.959963984540054


def _series(
    values: list[float], code: str = "01", indicator: str = "M", first: int = 2018, error: float = 0.01
) -> pd.DataFrame:
    value = np.array(values, dtype=float)
    return pd.DataFrame(
        {
            "indicator_id": indicator,
            "area_code": code,
            "year": first + np.arange(value.size),
            "state": np.where(np.isnan(value), "suppressed", "observed"),
            "numerator": value * 10,
            "value": value,
            "lower": value * np.exp(-Z * error),
            "upper": value * np.exp(Z * error),
        }
    )


def _targets(target: float, indicator: str = "M") -> pd.DataFrame:
    return pd.DataFrame({"indicator_id": [indicator], "area_code": ["01"], "target": [target]})


def _one(sheet: pd.DataFrame) -> pd.Series:
    assert len(sheet) == 1
    return sheet.iloc[0]


def test_the_periods_are_those_of_the_plans() -> None:
    # 第8次医療計画の前期 2024-26, 後期 2027-29 (planning rules: three years inside the six-year plan).
    assert [period.name for period in PLAN_PERIODS] == ["2024-2026", "2027-2029"]


def test_trend_agrees_with_weighted_least_squares_of_statsmodels() -> None:
    import statsmodels.api as sm

    years = np.array([2018.0, 2019, 2020, 2021, 2022])
    values = np.array([100.0, 120, 118, 140, 139])
    weights = np.array([400.0, 900, 500, 1000, 700])
    trend = log_linear_trend(years, values[None], weights[None], 2026.0)
    fit = sm.WLS(np.log(values), sm.add_constant(years - 2020), weights=weights).fit()
    at = np.array([1.0, 6.0])
    middle = float(at @ fit.params)
    assert fit.scale > 1, "the scatter exceeds the intervals, so phi is the fitted scale"
    spread = np.sqrt(at @ fit.cov_params() @ at + fit.scale / weights.mean())
    reach = 3.182446305284263 * spread  # t(0.975, 3 degrees of freedom)
    assert trend.points.tolist() == [5]
    assert trend.expected[0] == pytest.approx(np.exp(middle), rel=1e-9)
    assert trend.lower[0] == pytest.approx(np.exp(middle - reach), rel=1e-9)
    assert trend.upper[0] == pytest.approx(np.exp(middle + reach), rel=1e-9)


def test_a_steady_growth_is_carried_on() -> None:
    # 10 % a year from 100 in 2018: 2026 is 100 x 1.1^8. Scatter 0, so phi = 1 and w = 1 / 0.01^2 = 10,000:
    # variance of the log (1 + 1/5 + 6^2/10) / 10,000.
    values = (100 * 1.1 ** np.arange(5))[None]
    trend = log_linear_trend(np.arange(2018.0, 2023.0), values, np.full((1, 5), 10_000.0), 2026.0)
    assert trend.expected[0] == pytest.approx(100 * 1.1**8)
    reach = 3.182446305284263 * np.sqrt((1 + 1 / 5 + 36 / 10) / 10_000)
    assert trend.upper[0] / trend.expected[0] == pytest.approx(np.exp(reach))


def test_fewer_than_three_years_or_a_zero_give_no_trend() -> None:
    years = np.arange(2018.0, 2023.0)
    values = np.array([[np.nan, np.nan, np.nan, 1, 2], [1, 2, 0, 3, 4], [np.nan] * 5])
    trend = log_linear_trend(years, values, np.full(values.shape, np.nan), 2026.0)
    assert trend.points.tolist() == [0, 0, 0]
    assert np.isnan(trend.expected).all() and np.isnan(trend.upper).all()


def test_gap_and_attainment_with_an_actual() -> None:
    # Baseline 2023 = 100, target 140, actual 2025 = 110: gap 30, a quarter of the way.
    rows = _series([100, 100, 100, 100, 100, 100, 105, 110])
    row = _one(pdca_sheet(rows, INDICATORS, PERIOD, targets=_targets(140)))
    assert (row["baseline_year"], row["baseline"]) == (2023, 100)
    assert (row["actual_year"], row["actual"]) == (2025, 110)
    assert row["gap"] == pytest.approx(30)
    assert row["attainment"] == pytest.approx(0.25)
    assert row["trend_points"] == 5
    assert (row["target_basis"], row["verdict"]) == ("user", "behind")
    assert row["verdict_ja"].startswith("今の傾向が続けば計画期間の最終年（2026年度）は")
    assert "届かない見込み。" in row["verdict_ja"]


def test_no_actual_yet_is_said() -> None:
    rows = _series([100, 110, 121, 133, 146])
    row = _one(pdca_sheet(rows, INDICATORS, PERIOD, targets=_targets(150)))
    assert pd.isna(row["actual_year"]) and np.isnan(row["actual"]) and np.isnan(row["attainment"])
    assert row["gap"] == pytest.approx(4)
    assert row["verdict"] == "on_track"
    assert row["verdict_ja"].endswith("計画期間（2024-2026年度）の実績はまだない。")
    assert row["verdict_en"].endswith("No actual of the period FY2024-2026 yet.")


def test_a_target_inside_the_interval_cannot_be_told() -> None:
    rows = _series([100, 130, 95, 120, 105])
    row = _one(pdca_sheet(rows, INDICATORS, PERIOD, targets=_targets(112)))
    assert row["expected_lower"] < 112 < row["expected_upper"]
    assert row["verdict"] == "cannot_tell"
    assert "届くかどうかは判断できない" in row["verdict_ja"]
    few = _one(pdca_sheet(_series([100, 130], first=2021), INDICATORS, PERIOD, targets=_targets(112)))
    assert few["verdict"] == "cannot_tell" and "3つに満たない" in few["verdict_ja"]


def test_a_reached_target_and_less_is_better() -> None:
    falling = _series([100, 96, 92, 88, 84, 80, 76], indicator="L")
    row = _one(pdca_sheet(falling, INDICATORS, PERIOD, targets=_targets(78, "L")))
    assert row["verdict"] == "reached"
    assert row["verdict_ja"] == "2024年の実績76.0は目標78.0に達している。"
    still = _one(pdca_sheet(falling, INDICATORS, PERIOD, targets=_targets(75, "L")))
    assert still["verdict"] == "on_track"
    assert _one(pdca_sheet(falling, INDICATORS, PERIOD, targets=_targets(50, "L")))["verdict"] == "behind"


def test_targets_from_the_peers_best_fifth() -> None:
    # Peers' values in 2022: 50, 100, 150, 200; 80 % quantile 170, 20 % quantile 80.
    parts = [_series([60.0] * 5, "01", name) for name in ("M", "L", "N")]
    for code, value in zip(("02", "03", "04", "05"), (50.0, 100, 150, 200), strict=True):
        parts += [_series([value] * 5, code, name) for name in ("M", "L", "N")]
    peers = pd.DataFrame({"area_code": "01", "peer_code": ["02", "03", "04", "05"]})
    sheet = pdca_sheet(pd.concat(parts), INDICATORS, PERIOD, areas=["01"], peers=peers).set_index(
        "indicator_id"
    )
    assert sheet.loc["M", ["target", "target_basis"]].tolist() == [pytest.approx(170), "peers"]
    assert sheet.loc["L", ["target", "target_basis"]].tolist() == [60, "kept"]
    assert sheet.loc["N", "target_basis"] == "neutral" and np.isnan(sheet.loc["N", "target"])
    assert sheet.loc["N", "verdict"] == "no_target"
    few = pdca_sheet(pd.concat(parts), INDICATORS, PERIOD, areas=["01"], peers=peers.head(2))
    assert few["target"].isna().all()


def test_targets_from_the_growth_of_demand_are_counts() -> None:
    # Demand 1,000 in 2020 and 1,500 in 2025, 1,600 in 2030: 2022 = 1,200, 2026 = 1,520; 1,520 / 1,200 of 5,000.
    growth = pd.DataFrame({"area_code": "01", "year": [2020, 2025, 2030], "value": [1000.0, 1500, 1600]})
    parameters = PdcaParameters(basis="demand")
    both = pd.concat([_series([500.0] * 5), _series([500.0] * 5, indicator="L")])
    sheet = pdca_sheet(both, INDICATORS, PERIOD, parameters, growth=growth).set_index("indicator_id")
    assert sheet.loc["M", "figure"] == "numerator"
    assert sheet.loc["M", "baseline"] == 5000
    assert sheet.loc["M", "target"] == pytest.approx(5000 * 1520 / 1200)
    assert sheet.loc["M", "expected_at_trend"] == pytest.approx(5000)
    assert sheet.loc["L", "target_basis"] == "none", "more bad events are no target"
    # Years outside the projection are not extrapolated.
    codes = np.array(["01", "01", "02"], dtype=object)
    assert np.isnan(demand_growth(growth, codes, np.array([2019.0, 2031, 2022]), 2026)).all()


def test_the_users_target_comes_first() -> None:
    growth = pd.DataFrame({"area_code": "01", "year": [2020, 2030], "value": [1000.0, 1500]})
    parameters = PdcaParameters(basis="demand")
    row = _one(
        pdca_sheet(_series([500.0] * 5), INDICATORS, PERIOD, parameters, growth=growth, targets=_targets(600))
    )
    assert (row["target"], row["target_basis"], row["figure"], row["baseline"]) == (600, "user", "value", 500)


def test_the_trend_stays_after_the_latest_break_and_within_the_last_points() -> None:
    rows = _series([1, 1, 1, 1, 1, 100, 110, 121, 133.1], first=2014)
    row = _one(pdca_sheet(rows, INDICATORS, PERIOD, breaks={"M": [2019, 2030]}))
    assert row["trend_points"] == 4
    assert row["expected_at_trend"] == pytest.approx(100 * 1.1**7)
    three = _one(pdca_sheet(rows, INDICATORS, PERIOD, PdcaParameters(trend_points=3)))
    assert three["trend_points"] == 3
    assert three["expected_at_trend"] == pytest.approx(100 * 1.1**7)


def test_an_old_series_is_not_carried_on() -> None:
    # The last of five years is 2018: nine years before the end of 2027, eight before that of 2026.
    rows = _series([100, 110, 121, 133, 146], first=2014)
    for last_year, points in ((2026, 5), (2027, 0)):
        row = _one(pdca_sheet(rows, INDICATORS, PlanPeriod(first_year=2024, last_year=last_year)))
        assert row["trend_points"] == points


def test_a_suppressed_year_is_no_zero() -> None:
    row = _one(pdca_sheet(_series([100, np.nan, 121, 133.1, np.nan]), INDICATORS, PERIOD))
    assert (row["baseline_year"], row["trend_points"]) == (2021, 3)
    assert row["expected_at_trend"] == pytest.approx(100 * 1.1**8)


def test_a_place_first_seen_inside_the_period_has_no_baseline() -> None:
    row = _one(pdca_sheet(_series([100, 110], first=2024), INDICATORS, PERIOD))
    assert pd.isna(row["baseline_year"]) and row["actual"] == 110
    assert row["verdict"] == "no_target"


def test_a_sheet_without_rows() -> None:
    empty = pdca_sheet(_series([100.0]).head(0), INDICATORS, PERIOD)
    assert list(empty.columns) == list(PDCA_COLUMNS) and empty.empty


@settings(max_examples=30)
@given(st.lists(st.floats(1, 1000), min_size=5, max_size=5), st.floats(0.01, 100), st.integers(0, 99))
def test_units_and_order_of_rows_change_nothing(values: list[float], factor: float, seed: int) -> None:
    rows = _series(values)
    row = _one(pdca_sheet(rows, INDICATORS, PERIOD, targets=_targets(200)))
    shuffled = rows.sample(frac=1, random_state=seed)
    assert _one(pdca_sheet(shuffled, INDICATORS, PERIOD, targets=_targets(200))).equals(row)
    scaled = rows.assign(**{column: rows[column] * factor for column in ("value", "lower", "upper")})
    again = _one(pdca_sheet(scaled, INDICATORS, PERIOD, targets=_targets(200 * factor)))
    assert again["expected_at_trend"] == pytest.approx(row["expected_at_trend"] * factor, rel=1e-6)
    assert row["expected_lower"] <= row["expected_at_trend"] <= row["expected_upper"]


def test_every_verdict_is_one_sentence_in_each_language() -> None:
    row = {
        "better": "neutral",
        "target": 80.0,
        "target_basis": "user",
        "baseline": 100.0,
        "actual": 85.0,
        "actual_year": 2025,
        "trend_points": 5,
        "expected_at_trend": 70.0,
        "expected_lower": 60.0,
        "expected_upper": 79.0,
    }
    verdict, text = pdca_verdict(row, PlanPeriod(first_year=2024, last_year=2026))
    assert verdict == "on_track", "a neutral indicator's target below the baseline is reached from above"
    assert text.en == (
        "At the present trend the last year of the period (FY2026) would see 70.0 (prediction interval 60.0 to 79.0), which meets the target of 80.0."
    )


def _row(**changed: object) -> dict[str, object]:
    row: dict[str, object] = {
        "better": "more",
        "target": 100.0,
        "target_basis": "user",
        "baseline": 60.0,
        "baseline_year": 2022.0,
        "actual": np.nan,
        "actual_year": np.nan,
        "trend_points": 5,
        "expected_at_trend": 90.0,
        "expected_lower": 80.0,
        "expected_upper": 110.0,
    }
    return row | changed


def test_an_old_baseline_is_called_old_with_its_age() -> None:
    _, text = pdca_verdict(_row(baseline_year=2017.0), PERIOD)
    assert "基準値は2017年（計画期間の7年前）の古い値である。" in text.ja
    assert "The baseline is old: 2017, 7 years before the period." in text.en
    _, fiscal = pdca_verdict(_row(baseline_year=2018.0, fiscal_year=True), PERIOD)
    assert "2018年度（計画期間の6年前）" in fiscal.ja and "FY2018" in fiscal.en
    assert not old_baseline(2019.0, 2024) and old_baseline(2018.0, 2024)
    assert "古い" not in pdca_verdict(_row(), PERIOD)[1].ja and not old_baseline(np.nan, 2024)


def test_a_prediction_too_wide_to_say_anything_prints_no_figures() -> None:
    verdict, text = pdca_verdict(_row(expected_lower=11.0, expected_upper=110.0), PERIOD)
    assert verdict == "cannot_tell" and "幅が10倍以上" in text.ja and "予測区間" not in text.ja
    _, near = pdca_verdict(_row(expected_lower=11.1, expected_upper=110.0), PERIOD)
    assert "予測区間11.1～110" in near.ja
    # A whole interval on one side of the target still tells, however wide it is.
    assert pdca_verdict(_row(expected_lower=1.0, expected_upper=90.0), PERIOD)[0] == "behind"


def test_without_a_figure_before_the_period_there_is_no_baseline() -> None:
    row = _row(target=np.nan, target_basis="none", baseline=np.nan, baseline_year=np.nan, actual=5.0)
    verdict, text = pdca_verdict(row, PERIOD)
    assert verdict == "no_target" and text.ja == "計画期間より前の値がないため基準値と目標を置けない。"

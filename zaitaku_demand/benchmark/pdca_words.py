"""The PDCA sheet in words: where a target comes from, and whether it will be met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from zaitaku_demand.benchmark.description import named_year
from zaitaku_demand.benchmark.parameters import PlanPeriod
from zaitaku_demand.text import Text

OLD_BASELINE_YEARS = 5
"""Years between baseline and first year of the period beyond which the baseline is called old."""
WIDEST_INTERVAL = 10.0
"""Upper over lower end of a prediction interval from which on the trend says nothing."""

PdcaVerdict = Literal["reached", "on_track", "behind", "cannot_tell", "no_target"]

TARGET_BASES: dict[str, Text] = {
    "user": Text("利用者が設定", "set by the user"),
    "peers": Text(
        "類似地域の上位2割の水準（基準の年）", "level of the peers' best fifth in the baseline year"
    ),
    "kept": Text(
        "基準値を維持（すでに類似地域の上位2割の水準に達している）",
        "baseline kept (already at the level of the peers' best fifth)",
    ),
    "demand": Text(
        "基準の年の件数に需要推計の伸びを乗じた件数（推計）",
        "count of the baseline year times the projected growth of demand (estimate)",
    ),
    "neutral": Text(
        "良し悪しを判断しない指標のため目標を置かない", "no target: the indicator is not judged good or bad"
    ),
    "none": Text("目標なし（目標の算定に必要なデータがない）", "no target: the data to set one are missing"),
}


def pdca_verdict(row: Mapping[str, object], period: PlanPeriod) -> tuple[PdcaVerdict, Text]:
    """Verdict on one row of the sheet, as a code and as a sentence.

    *Reached*: the actual is at the target or beyond. *On track* / *behind*: the whole prediction interval at the end of
    the period is on the right / wrong side of the target. Else it cannot be told.

    Parameters
    ----------
    row : mapping
        better, target, target_basis, baseline, baseline_year, actual, actual_year, trend_points, expected_at_trend,
        expected_lower, expected_upper and, where known, fiscal_year (whether the years are fiscal years).
    period : PlanPeriod
    """
    target, actual = _number(row, "target"), _number(row, "actual")
    if np.isnan(target):
        reason = TARGET_BASES[str(row["target_basis"])]
        if np.isnan(_number(row, "baseline")) and str(row["target_basis"]) != "neutral":
            reason = Text(
                "計画期間より前の値がないため基準値と目標を置けない",
                "no baseline and no target: there is no figure from before the period",
            )
        return "no_target", _with_notes(reason, row, period)
    sign = _direction(row, target)
    if sign * (actual - target) >= 0 and str(row["target_basis"]) != "kept":
        year = named_year(int(_number(row, "actual_year")), bool(row.get("fiscal_year", False)))
        reached = Text(
            f"{year.ja}の実績{_figure(actual)}は目標{_figure(target)}に達している",
            f"the actual of {year.en}, {_figure(actual)}, has reached the target of {_figure(target)}",
        )
        return "reached", _with_notes(reached, row, period)
    if not int(_number(row, "trend_points")):
        reason = Text(
            "数値のある年が3つに満たない、件数0の年がある、または最新の値が古いため傾向を求められず、目標に届くかどうかは判断できない",
            "it cannot be told whether the target will be met: there is no trend, as fewer than three years have figures, "
            "one of them is 0, or the latest is too old",
        )
        return "cannot_tell", _with_notes(reason, row, period)
    middle, low, high = (_number(row, f"expected_{name}") for name in ("at_trend", "lower", "upper"))
    trend = Text(
        f"今の傾向が続けば計画期間の最終年（{period.last_year}年度）は{_figure(middle)}（予測区間{_figure(low)}～{_figure(high)}）",
        f"at the present trend the last year of the period (FY{period.last_year}) would see {_figure(middle)} "
        f"(prediction interval {_figure(low)} to {_figure(high)})",
    )
    nearest, farthest = (low, high) if sign > 0 else (high, low)
    verdict: PdcaVerdict
    if sign * (nearest - target) >= 0:
        verdict = "on_track"
        end = Text(
            f"となり、目標{_figure(target)}に届く見込み", f", which meets the target of {_figure(target)}"
        )
    elif sign * (farthest - target) < 0:
        verdict = "behind"
        end = Text(
            f"となり、目標{_figure(target)}に届かない見込み",
            f", which misses the target of {_figure(target)}",
        )
    elif is_too_wide(low, high):
        wide = Text(
            f"これまでの値の動きが大きく、傾向からの見込みの幅が{WIDEST_INTERVAL:.0f}倍以上になるため、目標{_figure(target)}に届くかどうかは"
            "判断できない",
            f"it cannot be told whether the target of {_figure(target)} will be met: the figures moved so much that the "
            f"prediction spans a factor of {WIDEST_INTERVAL:.0f} or more",
        )
        return "cannot_tell", _with_notes(wide, row, period)
    else:
        verdict = "cannot_tell"
        end = Text(
            f"で、目標{_figure(target)}に届くかどうかは判断できない",
            f"; whether the target of {_figure(target)} will be met cannot be told",
        )
    return verdict, _with_notes(Text(trend.ja + end.ja, trend.en + end.en), row, period)


def is_too_wide(low: float, high: float) -> bool:
    """Whether a prediction interval is so wide that its middle says nothing; False without an interval."""
    return bool(high >= WIDEST_INTERVAL * low)


def old_baseline(year: float, period_first_year: int) -> bool:
    """Whether the baseline lies more than `OLD_BASELINE_YEARS` before the period; False without one."""
    return bool(period_first_year - year > OLD_BASELINE_YEARS)


def _direction(row: Mapping[str, object], target: float) -> float:
    """1 where the target is to be reached from below, -1 from above."""
    if row["better"] != "neutral":
        return -1.0 if row["better"] == "less" else 1.0
    return -1.0 if target < _number(row, "baseline") else 1.0


def _with_notes(text: Text, row: Mapping[str, object], period: PlanPeriod) -> Text:
    """Sentence, with the notes that the baseline is old and that the period has no actual yet."""
    ja, en = f"{text.ja}。", f"{text.en[0].upper()}{text.en[1:]}."
    year = _number(row, "baseline_year")
    if old_baseline(year, period.first_year):
        said = named_year(int(year), bool(row.get("fiscal_year", False)))
        gap = period.first_year - int(year)
        ja += f"基準値は{said.ja}（計画期間の{gap}年前）の古い値である。"
        en += f" The baseline is old: {said.en}, {gap} years before the period."
    if np.isnan(_number(row, "actual")):
        ja += f"計画期間（{period.name}年度）の実績はまだない。"
        en += f" No actual of the period FY{period.name} yet."
    return Text(ja, en)


def _figure(x: float) -> str:
    """Three significant digits below 1,000, whole numbers with separators above."""
    if abs(x) >= 1000:
        return f"{x:,.0f}"
    return f"{x:.0f}" if abs(x) >= 100 else f"{x:.1f}" if abs(x) >= 10 else f"{x:.2f}"


def _number(row: Mapping[str, object], name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, int | float | np.number) else float("nan")

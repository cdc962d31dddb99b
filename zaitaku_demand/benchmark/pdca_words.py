"""The PDCA sheet in words: where a target comes from, and whether it will be met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from zaitaku_demand.benchmark.parameters import PlanPeriod
from zaitaku_demand.text import Text

PdcaVerdict = Literal["reached", "on_track", "behind", "cannot_tell", "no_target"]

TARGET_BASES: dict[str, Text] = {
    "user": Text("利用者が設定", "set by the user"),
    "peers": Text(
        "類似地域の上位2割の境界（基準年）", "boundary of the peers' best fifth in the baseline year"
    ),
    "kept": Text(
        "基準値を維持（類似地域の上位2割の境界に達している）",
        "baseline kept (already at the boundary of the peers' best fifth)",
    ),
    "demand": Text(
        "基準年の件数に需要推計の伸びを乗じた件数",
        "count of the baseline year times the projected growth of demand",
    ),
    "neutral": Text(
        "良否を判断しない指標のため目標なし", "no target: the indicator is not judged good or bad"
    ),
    "none": Text("目標なし（算定に必要なデータがない）", "no target: the data to set one are missing"),
}


def pdca_verdict(row: Mapping[str, object], period: PlanPeriod) -> tuple[PdcaVerdict, Text]:
    """Verdict on one row of the sheet, as a code and as a sentence.

    *Reached*: the actual is at the target or beyond. *On track* / *behind*: the whole prediction interval at the end of
    the period is on the right / wrong side of the target. Else it cannot be told.

    Parameters
    ----------
    row : mapping
        better, target, target_basis, baseline, actual, actual_year, trend_points, expected_at_trend,
        expected_lower, expected_upper.
    period : PlanPeriod
    """
    target, actual = _number(row, "target"), _number(row, "actual")
    if np.isnan(target):
        return "no_target", _with_actual(TARGET_BASES[str(row["target_basis"])], row, period)
    sign = _direction(row, target)
    if sign * (actual - target) >= 0 and str(row["target_basis"]) != "kept":
        year = int(_number(row, "actual_year"))
        reached = Text(
            f"{year}年の実績{_figure(actual)}は目標{_figure(target)}に達している",
            f"the actual of {year}, {_figure(actual)}, has reached the target of {_figure(target)}",
        )
        return "reached", _with_actual(reached, row, period)
    if not int(_number(row, "trend_points")):
        reason = Text(
            "数値のある年が3点に満たない、件数0の年がある、または最新の年が古いため傾向を求められず、達成できるかは判断できない",
            "it cannot be told whether the target will be met: there is no trend, as fewer than three years have figures, "
            "one of them is 0, or the latest is too old",
        )
        return "cannot_tell", _with_actual(reason, row, period)
    middle, low, high = (_number(row, f"expected_{name}") for name in ("at_trend", "lower", "upper"))
    trend = Text(
        f"今の傾向が続けば{period.last_year}年は{_figure(middle)}（予測区間{_figure(low)}～{_figure(high)}）",
        f"at the present trend {period.last_year} would see {_figure(middle)} (prediction interval {_figure(low)} to "
        f"{_figure(high)})",
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
    else:
        verdict = "cannot_tell"
        end = Text(
            f"で、目標{_figure(target)}に届くかどうかは判断できない",
            f"; whether the target of {_figure(target)} will be met cannot be told",
        )
    return verdict, _with_actual(Text(trend.ja + end.ja, trend.en + end.en), row, period)


def _direction(row: Mapping[str, object], target: float) -> float:
    """1 where the target is to be reached from below, -1 from above."""
    if row["better"] != "neutral":
        return -1.0 if row["better"] == "less" else 1.0
    return -1.0 if target < _number(row, "baseline") else 1.0


def _with_actual(text: Text, row: Mapping[str, object], period: PlanPeriod) -> Text:
    """Sentence, with the note that the period has no actual yet."""
    if not np.isnan(_number(row, "actual")):
        return Text(f"{text.ja}。", f"{text.en[0].upper()}{text.en[1:]}.")
    return Text(
        f"{text.ja}。計画期間（{period.name}年）の実績はまだない。",
        f"{text.en[0].upper()}{text.en[1:]}. No actual of the period {period.name} yet.",
    )


def _figure(x: float) -> str:
    """Three significant digits below 1,000, whole numbers with separators above."""
    if abs(x) >= 1000:
        return f"{x:,.0f}"
    return f"{x:.0f}" if abs(x) >= 100 else f"{x:.1f}" if abs(x) >= 10 else f"{x:.2f}"


def _number(row: Mapping[str, object], name: str) -> float:
    value = row[name]
    return float(value) if isinstance(value, int | float | np.number) else float("nan")

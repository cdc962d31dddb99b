"""What all estimates of one outcome around one event say together."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

import pandas as pd

from zaitaku_demand.text import Text

VERDICTS: dict[str, Text] = {
    "consistent": Text(
        "変化の差は方法を変えても同じ向きにみられた（原因を示すものではない）。",
        "A difference in changes of one direction is seen by all methods (which does not show why).",
    ),
    "fragile": Text(
        "変化の差は方法や尺度の選び方、または事象の前からの開きに左右され、あるとは言えない。",
        "The difference in changes depends on method or scale, or could be a drift from before the event: it cannot be relied on.",
    ),
    "open": Text(
        "どの方法でも差があるともないとも言えない。",
        "By no method can it be said whether there is a difference.",
    ),
    "not_estimated": Text("推定できない。", "It cannot be estimated."),
}
"""Codes of :func:`verdict`."""

_COMPARED = ("difference_in_changes", "ratio_of_changes")


def verdict(rows: pd.DataFrame) -> str:
    """What all rows of one outcome and one event of ``design_table`` say together: a key of ``VERDICTS``.

    ``consistent``: every group-time and randomisation interval, on every scale, leaves out "no difference" on one side, the
    placebo date does not, and the estimates are larger than what an undetected drift (largest power) adds.
    ``fragile``: some intervals leave it out. ``open``: none does. ``not_estimated``: no estimate.
    """
    main = rows[rows["statistic"].isin(_COMPARED) & ~rows["method"].eq("two_way_fixed_effects")]
    main = main[main["lower"].notna() & main["upper"].notna()]
    if not len(main):
        return "not_estimated"
    sides = {_side(row) for row in main.to_dict("records")}
    if sides == {0}:
        return "open"
    if len(sides) > 1 or any(
        _side(row) for row in rows[rows["statistic"] == "placebo_date"].to_dict("records")
    ):
        return "fragile"
    drift = rows[rows["statistic"] == "drift_bias"]
    if not len(drift):
        return "fragile"
    for scale, part in drift.groupby(_log(drift)):
        known = main[_log(main) == scale]["estimate"]
        size, limit = (
            (known.map(math.log), math.log(part["estimate"].max()))
            if scale
            else (known, part["estimate"].max())
        )
        if (size.abs() <= limit).any():
            return "fragile"
    return "consistent"


def _log(rows: pd.DataFrame) -> pd.Series[bool]:
    return rows["parameters"].map(lambda text: json.loads(text).get("scale") == "log").astype(bool)


def _side(row: Mapping[object, object]) -> int:
    """On which side of "no difference" the interval lies; 0 if it holds it."""
    none = 1.0 if json.loads(str(row["parameters"])).get("scale") == "log" else 0.0
    return int(float(str(row["lower"])) > none) - int(float(str(row["upper"])) < none)

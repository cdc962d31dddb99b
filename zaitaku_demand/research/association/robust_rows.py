"""Rows of the tables of robustness, and the codes of their notes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

import numpy as np
import pandas as pd

from zaitaku_demand.research.association.estimate import Estimate
from zaitaku_demand.research.association.moran import MoranPermutation
from zaitaku_demand.research.association.specification_curve import CurveTest, Description, Verdict
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.result import result_row
from zaitaku_demand.text import Text

Row = dict[str, object]

NOTES: dict[str, Text] = {
    "not_at_hand": Text(
        "アウトカムと説明変数がともに得られる年・地域がない",
        "outcome and exposure are not known together for any place and year",
    ),
    "few_places": Text("地域の数が少なすぎる", "too few places"),
    "shared_measure": Text(
        "アウトカムと説明変数が同じ件数から作られているため、関連を推定しない",
        "outcome and exposure are made of the same count, so no association is estimated",
    ),
    "not_estimable": Text(
        "どの条件でも推定できなかった", "the association could not be estimated by any specification"
    ),
    "robust": Text(
        "頑健：大半の条件で同じ方向に有意で、並べ替えでは説明できない",
        "robust: significant in one direction in most specifications, and beyond what shuffling gives",
    ),
    "fragile": Text(
        "頑健でない：条件の選び方によって結論が変わる",
        "fragile: the conclusion depends on the choice of the specification",
    ),
    "null": Text(
        "関連はみられない：並べ替えでも同じ程度の結果が得られる",
        "no association seen: shuffled exposures give as much",
    ),
}
"""Code in the column ``note`` → what it means (codes of the models stand in ``estimate.NOTES``)."""


def moran_row(
    found: MoranPermutation, parameters: Mapping[str, object], shared: Mapping[str, object], seed: int
) -> Row:
    """Moran's I with its expectation and permutations among the parameters."""
    more = {"expected": round(found.expected, 6), "permutations": found.permutations, "seed": seed}
    return result_row(
        {**parameters, **more, "linked_places": found.places},
        **shared,
        statistic="moran_i",
        method="permutation",
        estimate=found.statistic,
        p_value=found.p_value,
    )


def ratio_row(
    estimate: Estimate, parameters: Mapping[str, object], confidence: float, **shared: object
) -> Row:
    """A rate ratio with its interval, or the code of why there is none."""
    given: dict[str, object] = {
        **shared,
        "statistic": "rate_ratio",
        "method": estimate.method,
        "estimate": float(np.exp(estimate.estimate)),
        "lower": float(np.exp(estimate.lower)),
        "upper": float(np.exp(estimate.upper)),
        "confidence": confidence,
        "p_value": estimate.p_value,
        "n_places": estimate.n_places,
        "note": estimate.note,
    }
    return result_row(parameters, **given)


def empty_row(analysis: str, panel: Panel, outcome: str, exposure: str, note: str) -> Row:
    """A row that says only why there is no estimate."""
    return result_row(
        analysis=analysis,
        level=panel.level,
        outcome=outcome,
        term=exposure,
        statistic="rate_ratio",
        note=note,
    )


def years_of(years: Iterable[int]) -> dict[str, object]:
    """Number, first and last of some years, as columns of a result."""
    held = sorted(years)
    return {"n_years": len(held), "first_year": held[0], "last_year": held[-1]}


class CurveOfTable(NamedTuple):
    """One curve as read back from a table of specifications."""

    level: str
    outcome: str
    exposure: str
    verdict: Verdict
    description: Description
    test: CurveTest
    within: float
    within_opposite: float


def curves_of(table: pd.DataFrame) -> list[CurveOfTable]:
    """The curves of a table of specifications, for whoever writes about them.

    Parameters
    ----------
    table : DataFrame
        Of ``robust_run.specification_table`` (several levels may be joined).
    """
    out = []
    whole = table[table["method"] == "specification_curve"]
    for (level, outcome, exposure), rows in whole.groupby(["level", "outcome", "term"], sort=False):
        value, p = rows.set_index("statistic")["estimate"], rows.set_index("statistic")["p_value"]
        settings = json.loads(rows["parameters"].iloc[0])
        count = int(settings["specifications"])
        medians = [float(np.log(value[f"{name}_rate_ratio"])) for name in ("median", "lowest", "highest")]
        shares = [
            float(value[name])
            for name in ("share_same_sign", "share_significant", "share_significant_opposite")
        ]
        test = CurveTest(
            medians[0],
            float(p["median_rate_ratio"]),
            shares[1],
            float(p["share_significant"]),
            float(value["stouffer_z"]),
            float(p["stouffer_z"]),
            count,
            int(settings["permutations"]),
        )
        verdict = cast(Verdict, str(rows.set_index("statistic")["note"]["verdict"]))
        within = [float(value[f"share_significant_within{side}"]) for side in ("", "_opposite")]
        same, significant, opposite = shares
        description = Description(medians[0], medians[1], medians[2], same, significant, opposite, count)
        out.append(CurveOfTable(str(level), str(outcome), str(exposure), verdict, description, test, *within))
    return out

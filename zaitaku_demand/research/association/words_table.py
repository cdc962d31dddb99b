"""The sentences of a whole table of associations."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from zaitaku_demand.research.association.estimate import NOTES, Estimate
from zaitaku_demand.research.association.words import Family, association_sentence
from zaitaku_demand.text import Text


def association_sentences(
    table: pd.DataFrame,
    labels: Mapping[str, Text],
    within_model: str = "fixed_effects",
    significance: float = 0.05,
) -> list[Text]:
    """One sentence a declared pair: the main estimate, whether it holds among all tests, and what is seen within places.

    Parameters
    ----------
    table : DataFrame
        Of ``run.association_table`` (several levels may be joined).
    labels : mapping
        Name of every variable.
    within_model : str
        Model of changes within places (``AssociationSettings.within_model``).
    significance : float
        Largest q-value called clear (``AssociationSettings.significance``).
    """
    keys = ["level", "outcome", "term", "lag"]
    adjusted = table[table["adjustment"] == "adjusted"]
    beside = {
        tuple(row[key] for key in keys): _estimate(row)
        for row in adjusted[adjusted["method"] == within_model].to_dict("records")
    }
    out = []
    for row in adjusted[adjusted["primary"].astype(bool)].to_dict("records"):
        main = _estimate(row)
        out.append(
            association_sentence(
                main,
                labels[str(row["outcome"])],
                labels[str(row["term"])],
                str(row["level"]),
                str(row["scale"]),
                float(row["confidence"]),
                NOTES.get(main.note),
                beside=beside.get(tuple(row[key] for key in keys)),
                family=Family(float(row["q_value"]), _count(row["family_tests"]), significance),
            )
        )
    return out


def _estimate(row: Mapping[Hashable, Any]) -> Estimate:
    """A row of the table as an estimate on the logarithmic scale."""
    figures = (float(np.log(float(row[name]))) for name in ("estimate", "lower", "upper"))
    centre, lower, upper = figures
    nan = float("nan")
    return Estimate(
        str(row["method"]),
        centre,
        nan,
        lower,
        upper,
        float(row["p_value"]),
        float(row["degrees"]),
        0,
        int(row["n_places"]),
        nan,
        bool(np.isfinite(centre)),
        str(row["note"]),
    )


def _count(value: object) -> int:
    return 0 if value is None or value is pd.NA else int(str(value))

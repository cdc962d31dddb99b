"""One figure from 0 to 1 for the validity of an outcome, for the selection of core indicators."""

from __future__ import annotations

import pandas as pd

COMPONENTS = ("agreement", "expectations", "case_mix", "flows", "floor")


def validity_scores(table: pd.DataFrame) -> pd.DataFrame:
    """Score of each outcome and level, the mean of the components that can be had.

    ``agreement``
        Mean concordance with other sources, not below 0.
    ``expectations``
        Share of the convergent and discriminant correlations between places that are as expected; undetermined
        ones count half. What shares its counts is left out.
    ``case_mix``
        Rank correlation of the crude and the adjusted order, the lowest of the adjustments, not below 0.
    ``flows``
        1 - share of the variance that the middle one of the flows considered could account for; 1 where the outcome is
        not counted by place of institution; not to be had where only its denominator is.
    ``floor``
        1 - share of places at the floor.

    Parameters
    ----------
    table : DataFrame
        Of :func:`zaitaku_demand.research.validity.run.validity_table`, of one or more levels.

    Returns
    -------
    DataFrame
        outcome, level, score, the components (NaN where not to be had) and components (their number).
    """
    rows = []
    of_outcomes = table[table["statistic"] == "floor_share"]
    for outcome, level in zip(of_outcomes["outcome"], of_outcomes["level"], strict=True):
        here = table[table["level"] == level]
        found = dict(
            zip(
                COMPONENTS,
                (
                    _agreement(here, outcome),
                    _expectations(here[here["outcome"] == outcome]),
                    _case_mix(here[here["outcome"] == outcome]),
                    _flows(here[here["outcome"] == outcome]),
                    1 - _mean(here[here["outcome"] == outcome], "floor_share"),
                ),
                strict=True,
            )
        )
        parts = pd.Series(found, dtype=float)
        rows.append(
            {"outcome": outcome, "level": level, "score": parts.mean(), **found, "components": parts.count()}
        )
    return pd.DataFrame(rows, columns=["outcome", "level", "score", *COMPONENTS, "components"])


def _mean(rows: pd.DataFrame, statistic: str) -> float:
    return float(rows.loc[rows["statistic"] == statistic, "estimate"].mean())


def _agreement(rows: pd.DataFrame, outcome: str) -> float:
    either = (rows["outcome"] == outcome) | (rows["term"] == outcome)
    mean = _mean(rows[either], "agreement_ccc")
    return max(mean, 0.0) if mean == mean else mean


def _expectations(rows: pd.DataFrame) -> float:
    notes = rows.loc[rows["statistic"].isin(["convergent", "discriminant"]), "note"]
    points = notes.map({"as_expected": 1.0, "undetermined": 0.5, "contrary": 0.0}).astype(float)
    return float(points.mean())


def _case_mix(rows: pd.DataFrame) -> float:
    lowest = float(rows.loc[rows["statistic"] == "case_mix_spearman", "estimate"].min())
    return max(lowest, 0.0) if lowest == lowest else lowest


def _flows(rows: pd.DataFrame) -> float:
    notes = rows.loc[rows["statistic"] == "institution_bias_share", "note"]
    if notes.isin(["by_residence", "by_incident"]).any():
        return 1.0
    if (notes == "denominator_by_institution").any():
        return float("nan")
    removable = rows.loc[rows["statistic"] == "institution_removable_variance", "estimate"]
    return 1 - float(removable.median())

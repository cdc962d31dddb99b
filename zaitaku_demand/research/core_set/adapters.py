"""Tables of other rooms as scores of this one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text


def reliability_by_level(
    table: pd.DataFrame, levels: Sequence[str], statistic: str = "reliability"
) -> dict[tuple[str, str], float]:
    """Reliability by indicator and level.

    Parameters
    ----------
    table : DataFrame
        Columns outcome and estimate; level (without it a figure stands for all levels); with a column `statistic`
        only rows of that statistic are taken. Of several rows with an estimate the first counts, so that
        the table's main method stands first. Rows without estimate are left out.
    levels : levels a figure without level stands for

    Raises
    ------
    InputError
        If a column is missing or an estimate lies outside 0 to 1.
    """
    _require(table, ("outcome", "estimate"))
    rows = table[table["statistic"] == statistic] if "statistic" in table else table
    rows = rows[rows["estimate"].notna()]
    _require_share(rows["estimate"])
    found: dict[tuple[str, str], float] = {}
    own_level = rows["level"].astype(str) if "level" in rows else pd.Series("", index=rows.index)
    for outcome, level, estimate in zip(rows["outcome"], own_level, rows["estimate"], strict=True):
        for each in [level] if level else levels:
            found.setdefault((str(outcome), str(each)), float(estimate))
    return found


def validity_scores(table: pd.DataFrame) -> dict[str, float]:
    """Validity by indicator: mean of the scores given for it.

    Parameters
    ----------
    table : DataFrame
        Columns outcome and score (0 to 1); rows without score are left out.

    Raises
    ------
    InputError
        If a column is missing or a score lies outside 0 to 1.
    """
    _require(table, ("outcome", "score"))
    rows = table[table["score"].notna()]
    _require_share(rows["score"])
    return {str(name): float(mean) for name, mean in rows.groupby("outcome")["score"].mean().items()}


def _require(table: pd.DataFrame, columns: Sequence[str]) -> None:
    for column in columns:
        if column not in table.columns:
            raise InputError(
                Text(f"列「{column}」がない", f"the column '{column}' is missing"),
                Text(f"列{'、'.join(columns)}を設けてください", f"give the columns {', '.join(columns)}"),
                column=column,
            )


def _require_share(values: pd.Series) -> None:
    outside = values[(values < 0) | (values > 1)]
    if len(outside):
        raise InputError(
            Text(f"値{outside.iloc[0]}が0～1の外にある", f"{outside.iloc[0]} lies outside 0 to 1"),
            Text("0～1の値を与えてください", "give figures between 0 and 1"),
            column=str(values.name),
        )

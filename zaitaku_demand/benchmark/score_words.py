"""Function coefficients in words: what a score rests on and how far it can be read."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.description import named_year
from zaitaku_demand.benchmark.parameters import FUNCTION_NAMES, FunctionName
from zaitaku_demand.text import Text


def rests_on(
    ids: npt.NDArray[np.str_], years: npt.NDArray[np.int64], indicators: pd.DataFrame
) -> tuple[str, str, str]:
    """Indicators and years that a score rests on: by id, by Japanese and by English name."""
    names = indicators.set_index("indicator_id")
    fiscal = names["fiscal_year"] if "fiscal_year" in names else pd.Series(False, index=names.index)
    parts = [
        (name, named_year(year, bool(fiscal[name])))
        for name, year in zip(ids.tolist(), years.tolist(), strict=True)
    ]
    return (
        "; ".join(f"{name} ({year.en})" for name, year in parts),
        "、".join(f"{names.loc[name, 'name_ja']}（{year.ja}）" for name, year in parts),
        "; ".join(f"{names.loc[name, 'name_en']} ({year.en})" for name, year in parts),
    )


def score_sentence(
    row: Mapping[str, object], function: FunctionName, has_structure: bool, has_quantity: bool
) -> Text:
    """One sentence on a place's score: distinguishable or not, and on which parts it rests.

    Parameters
    ----------
    row : mapping
        score, score_lower, score_upper, rank, rank_lower, rank_upper, distinguishable and, where known, n_places
        (places that have a score).
    function : str
    has_structure, has_quantity : bool
        Whether any key indicator of the part has figures.
    """
    name = Text(FUNCTION_NAMES[function].ja, FUNCTION_NAMES[function].en.capitalize())
    if np.isnan(_number(row, "score")):
        return Text(
            f"{name.ja}：主要指標のデータが足りず、評価点を示せない。",
            f"{name.en}: no score, because too few key indicators have data.",
        )
    score, low, high = (_number(row, column) for column in ("score", "score_lower", "score_upper"))
    rank, rank_low, rank_high = (int(_number(row, column)) for column in ("rank", "rank_lower", "rank_upper"))
    places = _number(row, "n_places")
    among = Text("", "") if np.isnan(places) else Text(f"{places:.0f}地域中", f" of {places:.0f}")
    if row["distinguishable"]:
        sentence = Text(
            f"{name.ja}：評価点{score:.2f}（区間{low:.2f}～{high:.2f}）、{among.ja}{rank}位（順位の区間{rank_low}～{rank_high}位）。",
            f"{name.en}: score {score:.2f} (interval {low:.2f} to {high:.2f}), rank {rank}{among.en} (interval {rank_low} to {rank_high}).",
        )
    else:
        sentence = Text(
            f"{name.ja}：順位の区間が{rank_low}～{rank_high}位と全体の半分以上にわたり、他の地域と区別できない"
            f"（評価点{score:.2f}、区間{low:.2f}～{high:.2f}）。",
            f"{name.en}: not distinguishable; the interval of its rank, {rank_low} to {rank_high}, spans half of the "
            f"places or more (score {score:.2f}, interval {low:.2f} to {high:.2f}).",
        )
    return _with_missing_part(sentence, has_structure, has_quantity)


def sensitivity_sentence(low: float, high: float, variant: Text) -> Text:
    """How far the rank moves under other choices, and under which one most; empty without a rank."""
    if np.isnan(low):
        return Text("", "")
    if low == high:
        return Text("算定方法を変えても順位は変わらない。", " Other choices of method do not move the rank.")
    return Text(
        f"算定方法を変えると順位は{int(low)}～{int(high)}位の間で動く（最も動くのは次の場合：{variant.ja}）。",
        f" Other choices of method move the rank between {int(low)} and {int(high)} (most: {variant.en}).",
    )


def _with_missing_part(sentence: Text, has_structure: bool, has_quantity: bool) -> Text:
    if has_structure and has_quantity:
        return sentence
    if has_structure:
        return Text(
            sentence.ja + "実績の指標のデータがなく、体制の指標だけによる。",
            sentence.en + " It rests on structure alone, as no indicator of quantity has data.",
        )
    return Text(
        sentence.ja + "体制の指標のデータがなく、実績の指標だけによる。",
        sentence.en + " It rests on quantity alone, as no indicator of structure has data.",
    )


def _number(row: Mapping[str, object], column: str) -> float:
    value = row.get(column)
    return float(value) if isinstance(value, int | float | np.number) else float("nan")

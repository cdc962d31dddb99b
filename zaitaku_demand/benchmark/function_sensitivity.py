"""How far a rank moves when a score is made another way: weights, clipping, normalisation, leaving one out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.function_score import (
    SCORE_COLUMNS,
    function_scores,
    latest_rows,
    score_input,
)
from zaitaku_demand.benchmark.parameters import FUNCTION_NAMES, ScoreParameters
from zaitaku_demand.benchmark.score_arrays import (
    ScoreInput,
    clip_limits,
    clipped_score,
    combined_score,
    on_scale,
    part_score,
)
from zaitaku_demand.benchmark.score_words import sensitivity_sentence
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
Normalisation = Literal["clip", "z", "rank", "min_max"]

FUNCTION_COLUMNS = (
    *SCORE_COLUMNS[: SCORE_COLUMNS.index("distinguishable") + 1],
    "sensitivity_rank_low",
    "sensitivity_rank_high",
    *SCORE_COLUMNS[SCORE_COLUMNS.index("distinguishable") + 1 :],
)


@dataclass(frozen=True)
class Variant:
    """One other way of making the score."""

    kind: Literal["weights", "clipping", "normalisation", "leave_one_out"]
    name: Text
    parameters: ScoreParameters
    normalisation: Normalisation = "clip"
    left_out: str = ""


def function_table(
    benchmark: pd.DataFrame,
    indicators: pd.DataFrame,
    parameters: ScoreParameters | None = None,
    *,
    peers: pd.DataFrame | None = None,
    findings: pd.DataFrame | None = None,
    reference_year: int | None = None,
) -> pd.DataFrame:
    """Scores of :func:`function_scores` with the range of ranks under all variants, in figures and in the sentence.

    Returns
    -------
    DataFrame
        `FUNCTION_COLUMNS`; sensitivity_rank_low / high: smallest and largest rank over the variants and the score
        itself.
    """
    settings = parameters or ScoreParameters()
    scores = function_scores(
        benchmark, indicators, settings, peers=peers, findings=findings, reference_year=reference_year
    )
    moved = rank_sensitivity(benchmark, indicators, settings, peers=peers)
    keys = ["area_code", "function"]
    ranks = moved.groupby(keys)["rank"]
    low, high = ranks.min().rename("sensitivity_rank_low"), ranks.max().rename("sensitivity_rank_high")
    farthest = moved.assign(_size=moved["shift"].abs()).dropna(subset="_size")
    farthest = farthest.sort_values("_size", ascending=False, kind="stable").drop_duplicates(keys)
    most = farthest.set_index(keys)[["variant_ja", "variant_en"]]
    table = scores.join(low, on=keys).join(high, on=keys).join(most, on=keys)
    table["sensitivity_rank_low"] = np.fmin(table["sensitivity_rank_low"], table["rank"])
    table["sensitivity_rank_high"] = np.fmax(table["sensitivity_rank_high"], table["rank"])
    words = [
        sensitivity_sentence(low_rank, high_rank, Text(str(ja), str(en)))
        for low_rank, high_rank, ja, en in zip(
            table["sensitivity_rank_low"],
            table["sensitivity_rank_high"],
            table["variant_ja"],
            table["variant_en"],
            strict=True,
        )
    ]
    table["sentence_ja"] += [sentence.ja for sentence in words]
    table["sentence_en"] += [sentence.en for sentence in words]
    return table[list(FUNCTION_COLUMNS)]


def rank_sensitivity(
    benchmark: pd.DataFrame,
    indicators: pd.DataFrame,
    parameters: ScoreParameters | None = None,
    *,
    peers: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Rank of every place under every variant.

    Parameters
    ----------
    benchmark, indicators, parameters, peers
        As in :func:`function_scores`.

    Returns
    -------
    DataFrame
        area_code, function, kind (weights, clipping, normalisation, leave_one_out), variant_ja, variant_en, rank,
        shift (rank minus rank of the score as declared; NaN where there is no rank).
    """
    settings = parameters or ScoreParameters()
    latest = latest_rows(benchmark)
    codes = np.sort(benchmark["area_code"].unique().astype(str))
    parts = []
    for function in FUNCTION_NAMES:
        data = score_input(latest, indicators, function, codes, settings, peers)
        base = _ranks(variant_scores(data, Variant("weights", Text("", ""), settings)))
        for variant in variants(data, settings, indicators):
            rank = _ranks(variant_scores(data, variant))
            parts.append(
                pd.DataFrame(
                    {
                        "area_code": codes,
                        "function": function,
                        "kind": variant.kind,
                        "variant_ja": variant.name.ja,
                        "variant_en": variant.name.en,
                        "rank": rank,
                        "shift": rank - base,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def variants(data: ScoreInput, parameters: ScoreParameters, indicators: pd.DataFrame) -> Iterator[Variant]:
    """All variants of a function's score, the declared way left out."""
    for structure, quantity in ((1.0, 1.0), (5.0, 7.0)):
        changed = parameters.model_copy(update={"structure_weight": structure, "quantity_weight": quantity})
        name = Text(
            f"体制：量＝{structure:g}：{quantity:g}", f"structure : quantity = {structure:g} : {quantity:g}"
        )
        yield Variant("weights", name, changed)
    for low, high in ((0.0, 1.0), (0.05, 0.95), (0.1, 0.9)):
        changed = parameters.model_copy(update={"clip_lower": low, "clip_upper": high})
        name = Text(
            f"{100 * low:g}・{100 * high:g}パーセンタイルで切る",
            f"clipped at {100 * low:g} and {100 * high:g} %",
        )
        yield Variant("clipping", name, changed)
    other = "raw" if parameters.scale == "log" else "log"
    scale = Text("対数を取らない", "raw scale") if other == "raw" else Text("対数を取る", "log scale")
    yield Variant("normalisation", scale, parameters.model_copy(update={"scale": other}))
    yield Variant("normalisation", Text("標準得点", "z scores"), parameters, "z")
    yield Variant("normalisation", Text("順位得点", "rank scores"), parameters, "rank")
    yield Variant("normalisation", Text("最小・最大で正規化", "min-max"), parameters, "min_max")
    names = indicators.set_index("indicator_id")
    if data.indicators.size > 1:
        for one in data.indicators.tolist():
            name = Text(f"「{names.loc[one, 'name_ja']}」を除く", f"without '{names.loc[one, 'name_en']}'")
            yield Variant("leave_one_out", name, parameters, left_out=one)


def variant_scores(data: ScoreInput, variant: Variant) -> FloatArray:
    """Scores of the places under a variant, array (places,); only their order has a meaning."""
    settings = variant.parameters
    kept = data.indicators != variant.left_out
    used = replace(
        data,
        indicators=data.indicators[kept],
        years=data.years[kept],
        structure=data.structure[kept],
        less=data.less[kept],
        weights=data.weights[kept],
        within_peers=data.within_peers[kept],
        ratio=data.ratio[:, kept],
        lower=data.lower[:, kept],
        upper=data.upper[:, kept],
    )
    x = on_scale(used.ratio, settings.scale)
    scores = _normalised(x, used, variant)
    scores = np.where(used.less, 1.0 - scores, scores)
    structure, quantity = (
        part_score(scores[:, mask], used.weights[mask], settings.least_weight)
        for mask in (used.structure, ~used.structure)
    )
    return combined_score(structure, quantity, (settings.structure_weight, settings.quantity_weight))


def _normalised(x: FloatArray, data: ScoreInput, variant: Variant) -> FloatArray:
    from scipy.stats import rankdata

    settings = variant.parameters
    if variant.normalisation == "clip":
        return clipped_score(x, *clip_limits(x, data, settings.clip_lower, settings.clip_upper))
    whole = clip_limits(x, replace(data, within_peers=np.zeros_like(data.within_peers)), 0.0, 1.0)
    if variant.normalisation == "min_max":
        return clipped_score(x, *whole)
    bounded = np.where(np.isnan(x), np.nan, np.maximum(x, whole[0]))
    if variant.normalisation == "rank":
        number = (~np.isnan(bounded)).sum(axis=0)
        ranks = np.asarray(rankdata(bounded, axis=0, nan_policy="omit"), dtype=np.float64)
        return np.asarray((ranks - 0.5) / np.maximum(number, 1))
    known = np.maximum((~np.isnan(bounded)).sum(axis=0), 1)
    centred = bounded - np.nansum(bounded, axis=0) / known
    spread = np.sqrt(np.nansum(centred**2, axis=0) / known)
    return np.asarray(
        np.where(spread > 0, 0.5 + np.divide(centred, np.where(spread > 0, spread, 1.0)), centred + 0.5)
    )


def _ranks(scores: FloatArray) -> FloatArray:
    from scipy.stats import rankdata

    ranks = np.full(scores.shape, np.nan)
    known = ~np.isnan(scores)
    if known.any():
        ranks[known] = rankdata(np.round(-scores[known], 12), method="min")
    return ranks

"""Function coefficients in the manner of DPC: a 0-1 score of each place for each of the four functions.

Key indicators' ratios to Japan are clipped at declared percentiles and scaled, ``(clip(x, lo, hi) - lo) / (hi - lo)``;
*less is better* is reversed, neutral indicators are left out. The structure part (structure indicators) and the
quantity part (process and outcome indicators) are kept apart and weigh 7 : 5. Coverage and data quality stand
beside the score and are not mixed into it. The limits are those of the observed ratios; they stay fixed while the
ratios are drawn inside their intervals, as DPC fixes its limits once a year.

Source: docs of the DPC coefficients (中医協総会 2022-01-28, slide 125; 令和6年度改定概要, p. 177).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.parameters import FUNCTION_NAMES, ScoreParameters
from zaitaku_demand.benchmark.score_arrays import (
    ScoreInput,
    clip_limits,
    drawn_ratios,
    on_scale,
    quantiles,
    rank_interval,
    scored_parts,
)
from zaitaku_demand.benchmark.score_words import rests_on, score_sentence
from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

SCORE_COLUMNS = (
    "area_code",
    "area_name",
    "function",
    "structure_score",
    "quantity_score",
    "coverage_score",
    "quality_score",
    "score",
    "score_lower",
    "score_upper",
    "rank",
    "rank_lower",
    "rank_upper",
    "distinguishable",
    "rests_on",
    "rests_on_ja",
    "rests_on_en",
    "sentence_ja",
    "sentence_en",
)
_SHOWN = ("observed", "estimated")


def function_scores(
    benchmark: pd.DataFrame,
    indicators: pd.DataFrame,
    parameters: ScoreParameters | None = None,
    *,
    peers: pd.DataFrame | None = None,
    findings: pd.DataFrame | None = None,
    reference_year: int | None = None,
) -> pd.DataFrame:
    """Score, interval, rank and its interval of every place for every function.

    Parameters
    ----------
    benchmark : DataFrame
        Benchmark table of one level (other levels' rows are not to be in it): indicator_id, area_code, area_name,
        year, state, numerator, ratio, ratio_lower, ratio_upper.
    indicators : DataFrame
        indicator_id, name_ja, name_en, type, function, key, better, comparison, supplement_of.
    parameters : ScoreParameters, optional
    peers : DataFrame, optional
        area_code, peer_code; needed where percentiles are taken within the peer group (else all places).
    findings : DataFrame, optional
        indicator_id, area_code of consistency findings; each indicator named loses data quality.
    reference_year : int, optional
        Year that the age of data is counted from; the latest year in the table if None.

    Returns
    -------
    DataFrame
        `SCORE_COLUMNS`, by function and area_code. rank 1 is the highest score. Places without enough data have NaN.

    Raises
    ------
    InputError
        If rows of several levels are mixed, or a place stands twice for an indicator and year.
    """
    settings = parameters or ScoreParameters()
    _require_one_level(benchmark)
    latest = latest_rows(benchmark)
    names = benchmark.drop_duplicates("area_code").set_index("area_code")["area_name"].sort_index()
    newest = (
        int(benchmark["year"].max()) if reference_year is None and len(benchmark) else reference_year or 0
    )
    parts = []
    for number, function in enumerate(FUNCTION_NAMES):
        data = score_input(latest, indicators, function, names.index.to_numpy(str), settings, peers)
        table = _one_function(data, settings, np.random.default_rng([settings.seed, number]))
        table.insert(0, "area_code", data.codes)
        table.insert(1, "area_name", names.to_numpy())
        table.insert(2, "function", function)
        of_function = indicators[
            (indicators["function"] == function) & (indicators["supplement_of"].fillna("") == "")
        ]
        table["coverage_score"] = coverage(latest, of_function["indicator_id"], data.codes)
        table["quality_score"] = data_quality(latest, data.indicators, data.codes, settings, newest, findings)
        basis = rests_on(data.indicators, data.years, indicators)
        table["rests_on"], table["rests_on_ja"], table["rests_on_en"] = basis
        table["n_places"] = int(table["rank"].notna().sum())
        sentences = [
            score_sentence(row, function, bool(data.structure.any()), bool((~data.structure).any()))
            for row in _records(table)
        ]
        table["sentence_ja"] = [sentence.ja for sentence in sentences]
        table["sentence_en"] = [sentence.en for sentence in sentences]
        parts.append(table)
    return pd.concat(parts, ignore_index=True)[list(SCORE_COLUMNS)]


def latest_rows(benchmark: pd.DataFrame) -> pd.DataFrame:
    """Rows of each indicator's latest year in which any place has a figure; one year for all places."""
    shown = benchmark[benchmark["state"].isin(_SHOWN)]
    latest = shown.groupby("indicator_id")["year"].max()
    return benchmark[benchmark["year"] == benchmark["indicator_id"].map(latest)]


def score_input(
    latest: pd.DataFrame,
    indicators: pd.DataFrame,
    function: str,
    codes: npt.NDArray[np.str_],
    parameters: ScoreParameters,
    peers: pd.DataFrame | None = None,
) -> ScoreInput:
    """Arrays of the function's key indicators that judge (not neutral, no supplement) and have figures."""
    chosen = indicators[
        (indicators["function"] == function)
        & indicators["key"].astype(bool)
        & (indicators["better"] != "neutral")
        & (indicators["supplement_of"].fillna("") == "")
        & indicators["indicator_id"].isin(latest.loc[latest["state"].isin(_SHOWN), "indicator_id"])
    ].sort_values("indicator_id")
    ids = chosen["indicator_id"].to_numpy(str)
    rows = latest[latest["indicator_id"].isin(ids)]
    shown = rows[rows["state"].isin(_SHOWN)]

    year = rows.drop_duplicates("indicator_id").set_index("indicator_id")["year"].reindex(ids)
    inside = chosen["comparison"].to_numpy(str) == "peers"
    if parameters.comparison != "declared":
        inside = np.full(ids.size, parameters.comparison == "peers")
    return ScoreInput(
        ids,
        year.to_numpy(np.int64),
        chosen["type"].to_numpy(str) == "structure",
        chosen["better"].to_numpy(str) == "less",
        np.array([parameters.indicator_weights.get(name, 1.0) for name in ids.tolist()]),
        inside,
        codes,
        _wide(shown, shown["ratio"], codes, ids),
        _wide(shown, shown["ratio_lower"], codes, ids),
        _wide(shown, shown["ratio_upper"], codes, ids),
        _peer_groups(codes, peers),
    )


def coverage(latest: pd.DataFrame, indicator_ids: pd.Series, codes: npt.NDArray[np.str_]) -> FloatArray:
    """Share of a function's declared indicators in which a place shows activity (a figure above 0)."""
    active = latest[
        latest["indicator_id"].isin(indicator_ids) & latest["state"].isin(_SHOWN) & (latest["numerator"] > 0)
    ]
    number = active.groupby("area_code")["indicator_id"].nunique().reindex(codes, fill_value=0)
    declared = indicator_ids.nunique()
    return np.asarray(number.to_numpy(np.float64) / declared if declared else np.full(codes.size, np.nan))


def data_quality(
    latest: pd.DataFrame,
    indicator_ids: npt.NDArray[np.str_],
    codes: npt.NDArray[np.str_],
    parameters: ScoreParameters,
    newest: int,
    findings: pd.DataFrame | None = None,
) -> FloatArray:
    """Data quality of the indicators that a score rests on: 1 minus the deduction for each rule an indicator breaks.

    Rules: figure estimated; figure suppressed; no data; fewer events than the minimum count; a consistency finding
    at the place; older than the allowed years. Never below 0.
    """
    rows = latest[latest["indicator_id"].isin(indicator_ids)]

    figures = rows["state"].isin(_SHOWN)
    marks = {
        "figures": figures,
        "suppressed": rows["state"] == "suppressed",
        "estimated": rows["state"] == "estimated",
        "few": figures & (rows["numerator"] < parameters.minimum_count),
        "old": newest - rows["year"] > parameters.oldest_years,
    }
    if findings is not None and len(findings):
        found = set(zip(findings["indicator_id"], findings["area_code"], strict=True))
        pairs = zip(rows["indicator_id"], rows["area_code"], strict=True)
        marks["finding"] = pd.Series([pair in found for pair in pairs], index=rows.index)
    flags = {name: _wide(rows, mark, codes, indicator_ids) == 1 for name, mark in marks.items()}
    no_data = ~flags.pop("figures") & ~flags["suppressed"]
    broken = no_data.astype(np.int64) + sum(flag.astype(np.int64) for flag in flags.values())
    quality = 1.0 - parameters.deduction * broken.sum(axis=1)
    return np.where(indicator_ids.size, np.clip(quality, 0.0, 1.0), np.nan)


def _one_function(data: ScoreInput, parameters: ScoreParameters, random: np.random.Generator) -> pd.DataFrame:
    x = on_scale(data.ratio, parameters.scale)
    low, high = clip_limits(x, data, parameters.clip_lower, parameters.clip_upper)
    structure, quantity, score = scored_parts(x, low, high, data, parameters)
    ratios = drawn_ratios(data, parameters.draws, parameters.confidence, random)
    _, _, drawn = scored_parts(on_scale(ratios, parameters.scale), low, high, data, parameters)
    drawn = np.where(np.isnan(score), np.nan, drawn)
    tail = (1 - parameters.confidence) / 2
    rank, rank_lower, rank_upper = rank_interval(score, drawn, parameters.confidence)
    places = int((~np.isnan(score)).sum())
    spans = rank_upper - rank_lower + 1
    return pd.DataFrame(
        {
            "structure_score": structure,
            "quantity_score": quantity,
            "score": score,
            "score_lower": np.fmin(quantiles(drawn, tail), score),
            "score_upper": np.fmax(quantiles(drawn, 1 - tail), score),
            "rank": rank,
            "rank_lower": rank_lower,
            "rank_upper": rank_upper,
            "distinguishable": spans < parameters.indistinguishable_share * places,
        }
    )


def _wide(
    rows: pd.DataFrame, values: pd.Series, codes: npt.NDArray[np.str_], ids: npt.NDArray[np.str_]
) -> FloatArray:
    """Values of `rows` as an array (places, indicators); NaN where there is no row."""
    table = np.full((codes.size, ids.size), np.nan)
    places = pd.Index(codes).get_indexer(pd.Index(rows["area_code"]))
    columns = pd.Index(ids).get_indexer(pd.Index(rows["indicator_id"]))
    known = (places >= 0) & (columns >= 0)
    table[places[known], columns[known]] = values.to_numpy(np.float64)[known]
    return table


def _require_one_level(benchmark: pd.DataFrame) -> None:
    twice = benchmark.duplicated(["indicator_id", "area_code", "year"])
    if twice.any():
        first = benchmark[twice].iloc[0]
        raise InputError(
            Text(
                f"指標「{first['indicator_id']}」の{first['year']}年に地域「{first['area_code']}」が2行ある",
                f"the place '{first['area_code']}' stands twice for the indicator '{first['indicator_id']}' in "
                f"{first['year']}",
            ),
            Text("重複した行を消してください", "remove one of the rows"),
        )
    if "level" in benchmark and benchmark["level"].nunique() > 1:
        raise InputError(
            Text("都道府県・圏域・全国の行が混ざっている", "rows of several levels are mixed"),
            Text("1つの区分の行だけを渡してください", "give the rows of one level only"),
            column="level",
        )


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _peer_groups(codes: npt.NDArray[np.str_], peers: pd.DataFrame | None) -> npt.NDArray[np.bool_]:
    """Place and peers as a square table; all places without a table of peers."""
    if peers is None:
        return np.ones((codes.size, codes.size), dtype=np.bool_)
    groups = np.eye(codes.size, dtype=np.bool_)
    place = {code: i for i, code in enumerate(codes.tolist())}
    for code, peer in zip(peers["area_code"], peers["peer_code"], strict=True):
        if code in place and peer in place:
            groups[place[code], place[peer]] = True
    return groups

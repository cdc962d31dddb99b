"""Peers: the places that really resemble a place, and why.

Three ways: places of the same type (大都市型, 地方都市型, 人口の少ない地域), the nearest by declared features, or the
user's own list. All give the same table: area_code, peer_code, peer_name, distance, rank, reason_ja, reason_en.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.parameters import (
    AREA_TYPE_NAMES,
    AreaType,
    PeerFeature,
    PeerParameters,
    TypeThresholds,
)
from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

PEER_COLUMNS = ("area_code", "peer_code", "peer_name", "distance", "rank", "reason_ja", "reason_en")
TYPE_ORDER: tuple[AreaType, ...] = ("metropolitan", "regional", "sparse")
_MAD_TO_SD = 1.4826
_LIST_ALIKE = 2


def type_of_area(
    population: FloatArray, density: FloatArray, thresholds: TypeThresholds
) -> npt.NDArray[np.str_]:
    """Type of each area from persons and persons per square kilometre (arrays of one shape); "" where unknown."""
    metropolitan = (population >= thresholds.metropolitan_population) | (
        density >= thresholds.metropolitan_density
    )
    regional = (population >= thresholds.regional_population) | (
        (population >= thresholds.regional_small_population) & (density >= thresholds.regional_small_density)
    )
    unknown = np.isnan(population) | np.isnan(density)
    return np.select([unknown, metropolitan, regional], ["", "metropolitan", "regional"], default="sparse")


def area_types(features: pd.DataFrame, thresholds: TypeThresholds | None = None) -> pd.DataFrame:
    """Type of every area and prefecture.

    An area's type follows from its own population and density. Every prefecture has more than 500,000 people,
    so its own population says nothing: it has the type in which most of its people aged 75 and over live.

    Parameters
    ----------
    features : DataFrame
        level, area_code, population, density, share_75.
    thresholds : TypeThresholds, optional

    Returns
    -------
    DataFrame
        level, area_code, type, share (of the prefecture's people aged 75 and over who live in areas of that
        type; 1 for areas), type_ja, type_en. Places whose type cannot be known have "" and NaN.
    """
    areas = features[features["level"] == "area"].sort_values("area_code")
    kinds = type_of_area(
        areas["population"].to_numpy(np.float64),
        areas["density"].to_numpy(np.float64),
        thresholds or TypeThresholds(),
    )
    own = pd.DataFrame({"level": "area", "area_code": areas["area_code"].to_numpy(), "type": kinds})
    own["share"] = np.where(kinds == "", np.nan, 1.0)
    whole = features[features["level"] == "prefecture"]["area_code"].sort_values()
    older = (areas["population"] * areas["share_75"]).to_numpy(np.float64)
    by_type = (
        pd.DataFrame({"prefecture": areas["area_code"].str[:2].to_numpy(), "type": kinds, "older": older})
        .query("type != '' and older == older")
        .pivot_table(index="prefecture", columns="type", values="older", aggfunc="sum")
        .reindex(index=whole, columns=list(TYPE_ORDER))
        .to_numpy(np.float64)
    )
    known = np.nansum(by_type, axis=1)
    largest = np.where(np.isnan(by_type), -1.0, by_type)
    place = largest.argmax(axis=1) if len(whole) else np.zeros(0, dtype=np.int64)
    share = np.divide(
        largest.max(axis=1, initial=-1.0), known, out=np.full(len(whole), np.nan), where=known > 0
    )
    above = pd.DataFrame({"level": "prefecture", "area_code": whole.to_numpy()})
    above["type"] = np.where(known > 0, np.array(TYPE_ORDER)[place], "")
    above["share"] = share
    types = pd.concat([above, own], ignore_index=True)
    for language in ("ja", "en"):
        names: dict[str, str] = {kind: text.to(language) for kind, text in AREA_TYPE_NAMES.items()}
        types[f"type_{language}"] = types["type"].map(names).fillna("")
    return types


def nearest_peers(
    features: pd.DataFrame,
    names: Mapping[str, str],
    level: str,
    parameters: PeerParameters | None = None,
    focus: Iterable[str] | None = None,
) -> pd.DataFrame:
    """The places nearest by declared features.

    Each feature (logarithm where declared) is standardised by its median and 1.4826 x MAD over all places of the
    level. The distance is ``sqrt(sum w d^2 / sum w)`` over the features that both places have. A feature in which
    half of the places or more are equal (MAD 0) separates nobody and is left out.

    Parameters
    ----------
    features : DataFrame
        level, area_code and the columns of the declared features.
    names : mapping
        Name of every place by code.
    level : str
        ``prefecture`` or ``area``.
    parameters : PeerParameters, optional
    focus : iterable of str, optional
        Places whose peers are wanted; all of the level if None.

    Returns
    -------
    DataFrame
        `PEER_COLUMNS`, by area_code and rank. A place is never its own peer; that B is a peer of A does not make A
        one of B.

    Raises
    ------
    InputError
        If a declared feature is no column of the table, or a place of `focus` is not in it.
    """
    settings = parameters or PeerParameters()
    table = features[features["level"] == level].sort_values("area_code")
    _require_columns(table, settings.features)
    codes = table["area_code"].to_numpy(str)
    wanted = codes if focus is None else np.array(sorted(set(focus)), dtype=str)
    _require_places(wanted, codes)
    scores = standardised_features(table, settings.features)
    weights = np.array([feature.weight for feature in settings.features])
    own = np.searchsorted(codes, wanted)
    difference = scores[None, :, :] - scores[own][:, None, :]
    separating = weights * ~np.isnan(scores).all(axis=0)
    distance = _distance(difference, weights, settings.least_shared_weight * separating.sum())
    distance[np.arange(own.size), own] = np.inf
    count = settings.prefecture_count if level == "prefecture" else settings.area_count
    rows: list[tuple[object, ...]] = []
    for i, code in enumerate(wanted):
        order = np.lexsort((codes, distance[i]))[:count]
        for rank, j in enumerate(order[np.isfinite(distance[i][order])], start=1):
            reason = _reason(difference[i, j], settings.features)
            rows.append((code, codes[j], names.get(codes[j], codes[j]), distance[i, j], rank, *reason))
    return pd.DataFrame(rows, columns=list(PEER_COLUMNS))


def standardised_features(table: pd.DataFrame, features: tuple[PeerFeature, ...]) -> FloatArray:
    """Robust z of the features, array (places, features); NaN where missing or where a feature separates nobody."""
    columns = []
    for feature in features:
        x = table[feature.column].to_numpy(np.float64)
        if feature.logarithm:
            x = np.log(x, out=np.full(x.shape, np.nan), where=x > 0)
        known = x[~np.isnan(x)]
        centre = np.median(known) if known.size else np.nan
        spread = _MAD_TO_SD * np.median(np.abs(known - centre)) if known.size else 0.0
        columns.append((x - centre) / spread if spread > 0 else np.full(x.shape, np.nan))
    return np.column_stack(columns)


def same_type_peers(
    types: pd.DataFrame, names: Mapping[str, str], level: str, focus: Iterable[str] | None = None
) -> pd.DataFrame:
    """All places of the same type (`types` from :func:`area_types`); distance NaN, rank by code."""
    table = types[(types["level"] == level) & (types["type"] != "")].sort_values("area_code")
    every = types.loc[types["level"] == level, "area_code"].to_numpy(str)
    wanted = np.sort(every) if focus is None else np.array(sorted(set(focus)), dtype=str)
    _require_places(wanted, every)
    members = {str(kind): list(group) for kind, group in table.groupby("type")["area_code"]}
    kind_of: dict[str, AreaType] = dict(zip(table["area_code"], table["type"], strict=True))
    rows: list[tuple[object, ...]] = []
    for code in wanted:
        if code not in kind_of:
            continue
        kind = AREA_TYPE_NAMES[kind_of[code]]
        others = [other for other in members[kind_of[code]] if other != code]
        for rank, other in enumerate(others, start=1):
            reason = (f"同じ類型（{kind.ja}）", f"same type ({kind.en})")
            rows.append((code, other, names.get(other, other), np.nan, rank, *reason))
    return pd.DataFrame(rows, columns=list(PEER_COLUMNS))


def chosen_peers(
    focus: Iterable[str], chosen: Iterable[str], names: Mapping[str, str], level: str
) -> pd.DataFrame:
    """The user's own list, in the user's order; a place in the list is left out of its own peers.

    Raises
    ------
    InputError
        If a code is not a place of the level, or nothing but the place itself was chosen.
    """
    listed = list(dict.fromkeys(chosen))
    wanted = sorted(set(focus))
    _require_places(np.array([*wanted, *listed], dtype=str), np.array(sorted(names), dtype=str))
    rows: list[tuple[object, ...]] = []
    for code in wanted:
        others = [other for other in listed if other != code]
        if not others:
            raise InputError(
                Text(
                    f"比較対象に「{names[code]}」自身しか指定されていない",
                    f"only {names[code]} itself was chosen as a peer",
                ),
                Text("ほかの地域を指定してください", "choose other places"),
            )
        for rank, other in enumerate(others, start=1):
            rows.append(
                (code, other, names[other], np.nan, rank, "利用者が指定した比較対象", "chosen by the user")
            )
    return pd.DataFrame(rows, columns=list(PEER_COLUMNS))


def peer_summary(
    benchmark: pd.DataFrame, peers: pd.DataFrame, better: Mapping[str, str], best_share: float = 0.2
) -> pd.DataFrame:
    """Median and best fifth of the peers for every indicator and year.

    Parameters
    ----------
    benchmark : DataFrame
        indicator_id, area_code, year, value (NaN where suppressed or no data), rows of one level.
    peers : DataFrame
        area_code, peer_code.
    better : mapping
        ``more``, ``less`` or ``neutral`` by indicator; neutral ones have no best fifth.
    best_share : float

    Returns
    -------
    DataFrame
        indicator_id, area_code, year, peer_median, peer_best_fifth, n_peers (peers with a value). The best fifth
        is the (1 - best_share) quantile where more is better, the best_share quantile where less is.
    """
    shown = benchmark.loc[benchmark["value"].notna(), ["indicator_id", "area_code", "year", "value"]]
    joined = peers[["area_code", "peer_code"]].merge(
        shown.rename(columns={"area_code": "peer_code"}), on="peer_code"
    )
    keys = ["indicator_id", "area_code", "year"]
    groups = joined.groupby(keys, sort=True)["value"]
    summary = groups.agg(peer_median="median", n_peers="count")
    direction = summary.index.get_level_values("indicator_id").map(dict(better))
    high, low = groups.quantile(1 - best_share).to_numpy(), groups.quantile(best_share).to_numpy()
    summary["peer_best_fifth"] = np.select([direction == "more", direction == "less"], [high, low], np.nan)
    return summary.reset_index()[[*keys, "peer_median", "peer_best_fifth", "n_peers"]]


def _distance(difference: FloatArray, weights: FloatArray, least_weight: float) -> FloatArray:
    """Weighted root mean square over the shared features; inf where they carry less than `least_weight`."""
    shared = (~np.isnan(difference)) @ weights
    squares = np.where(np.isnan(difference), 0.0, difference**2) @ weights
    enough = (shared > 0) & (shared >= least_weight * (1 - 1e-12))
    mean = np.divide(squares, shared, out=np.full(squares.shape, np.inf), where=enough)
    return np.asarray(np.sqrt(mean))


def _reason(difference: FloatArray, features: tuple[PeerFeature, ...]) -> tuple[str, str]:
    """Which features are nearest, which differs most and in which direction, in both languages."""
    shared = np.flatnonzero(~np.isnan(difference))
    order = shared[np.argsort(np.abs(difference[shared]), kind="stable")]
    near = [features[i].name for i in order[: min(_LIST_ALIKE, max(1, order.size - 1))]]
    ja = f"近い特徴：{'・'.join(name.ja for name in near)}"
    en = f"alike in {' and '.join(name.en for name in near)}"
    if order.size > len(near):
        far, higher = features[order[-1]].name, difference[order[-1]] > 0
        ja += f"／最も異なる特徴：{far.ja}（比較相手のほうが{'大きい' if higher else '小さい'}）"
        en += f"; differs most in {far.en} ({'greater' if higher else 'smaller'} there)"
    if order.size < len(features):
        ja += f"。比べられた特徴は{len(features)}のうち{order.size}"
        en += f"; compared on {order.size} of {len(features)} features"
    return ja, en


def _require_columns(table: pd.DataFrame, features: tuple[PeerFeature, ...]) -> None:
    for feature in features:
        if feature.column not in table.columns:
            raise InputError(
                Text(
                    f"比較に使う特徴「{feature.name.ja}」の列が地域特性の表にない",
                    f"the table of features has no column for {feature.name.en}",
                ),
                Text("列を加えるか、特徴の指定から外してください", "add the column or leave the feature out"),
                column=feature.column,
            )


def _require_places(wanted: npt.NDArray[np.str_], known: npt.NDArray[np.str_]) -> None:
    unknown = sorted(set(wanted.tolist()) - set(known.tolist()))
    if unknown:
        raise InputError(
            Text(
                f"地域コード「{unknown[0]}」が見つからない", f"there is no place with the code '{unknown[0]}'"
            ),
            Text("コード一覧で確かめてください", "check it against the list of codes"),
        )

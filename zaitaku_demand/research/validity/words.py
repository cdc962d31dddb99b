"""One sentence per result of the validity analyses, for planners."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.validity.notes import NOTES
from zaitaku_demand.research.validity.settings import ValiditySettings
from zaitaku_demand.text import Text

TOPICS: dict[str, Text] = {
    "agreement": Text("他の情報源との一致", "agreement with another source"),
    "expectation": Text("想定した関連", "expected relations"),
    "margin": Text("収束的・弁別的妥当性", "convergent and discriminant validity"),
    "case_mix": Text("住民構成の補正による順位の変化", "change of order with adjustment for residents"),
    "bounds": Text("床効果・天井効果", "floor and ceiling"),
    "institution": Text("医療機関所在地による集計の偏り", "bias of counting by place of institution"),
}

ADJUSTMENTS: dict[str, Text] = {
    "age": Text("75歳以上・85歳以上の割合", "the shares of people aged 75+ and 85+"),
    "density": Text("人口密度", "population density"),
    "living_alone": Text("高齢単身世帯の割合", "the share of older people living alone"),
    "declared": Text("候補の表で宣言した特性", "the characteristics declared for this candidate"),
    "all": Text(
        "年齢構成・人口密度・高齢単身世帯の割合", "age, population density and older people living alone"
    ),
}


class Statement(NamedTuple):
    """A sentence with the result it belongs to: outcome, term and topic (a key of ``TOPICS``)."""

    outcome: str
    term: str
    topic: str
    sentence: Text


def validity_statements(
    table: pd.DataFrame, panel: Panel, settings: ValiditySettings | None = None
) -> list[Statement]:
    """Sentences of a table of :func:`zaitaku_demand.research.validity.run.validity_table`, in its order.

    Every result whose estimate cannot be had says why.
    """
    chosen = ValiditySettings() if settings is None else settings
    return [
        *_each(table, panel, chosen, "agreement", table["statistic"] == "agreement_ccc", _agreement),
        *_each(
            table,
            panel,
            chosen,
            "expectation",
            table["statistic"].isin(["convergent", "discriminant"]),
            _expectation,
        ),
        *_each(table, panel, chosen, "margin", table["statistic"] == "discriminant_margin", _margin),
        *_each(table, panel, chosen, "case_mix", table["statistic"] == "case_mix_rank_change", _case_mix),
        *_each(table, panel, chosen, "bounds", table["statistic"] == "floor_share", _floor),
        *_each(
            table,
            panel,
            chosen,
            "institution",
            (table["statistic"] == "institution_bias_share") & (table["term"] == "japan"),
            _institution,
        ),
    ]


_Sentence = Callable[[Mapping[str, object], pd.DataFrame, Panel, ValiditySettings], Text]


def _each(
    table: pd.DataFrame,
    panel: Panel,
    settings: ValiditySettings,
    topic: str,
    chosen: pd.Series,
    sentence: _Sentence,
) -> Iterator[Statement]:
    for position in np.flatnonzero(chosen.to_numpy()):
        row = {str(name): value for name, value in table.iloc[int(position)].items()}
        whole = table[table["outcome"] == row["outcome"]]
        same = whole if topic == "institution" else whole[whole["term"] == row["term"]]
        yield Statement(str(row["outcome"]), str(row["term"]), topic, sentence(row, same, panel, settings))


def _agreement(
    row: Mapping[str, object], same: pd.DataFrame, panel: Panel, settings: ValiditySettings
) -> Text:
    one, other = _names(row, panel)
    if not np.isfinite(_number(row, "estimate")):
        return _none(one, other, row)
    low, high = _of(same, "agreement_lower_limit"), _of(same, "agreement_upper_limit")
    agrees = _number(row, "lower") >= settings.agreement_from
    judged = (
        Text("よく一致している", "agree well")
        if agrees
        else Text("十分に一致しているとはいえない", "cannot be said to agree well")
    )
    caution = NOTES["years_differ"] if row["note"] == "years_differ" else None
    ja = (
        f"全国を1とした値で比べると、「{one.ja}」と「{other.ja}」は{judged.ja}（一致相関係数{_interval(row)}）。"
        f"前者は後者の{low:.2f}～{high:.2f}倍の範囲に、{100 * settings.limits_coverage:g}%の地域が入ると見込まれる"
    )
    en = (
        f"Relative to Japan, “{one.en}” and “{other.en}” {judged.en} (concordance {_interval(row)}): in "
        f"{100 * settings.limits_coverage:g} % of places the first is expected to be {low:.2f} to {high:.2f} times the second"
    )
    if caution is not None:
        ja, en = f"{ja}（{caution.ja}）", f"{en} ({caution.en})"
    return Text(f"{ja}。", f"{en}.")


def _expectation(
    row: Mapping[str, object], same: pd.DataFrame, panel: Panel, settings: ValiditySettings
) -> Text:
    one, other = _names(row, panel)
    if not np.isfinite(_number(row, "estimate")):
        return _none(one, other, row)
    expected = str(_parameters(row)["expected"])
    before = {
        "positive": Text("一方が高い地域ほど他方も高い", "places with more of one have more of the other"),
        "negative": Text("一方が高い地域ほど他方は低い", "places with more of one have less of the other"),
        "none": Text("関連が弱い", "little relation"),
    }[expected]
    verdict = NOTES[str(row["note"])]
    return Text(
        f"「{one.ja}」と「{other.ja}」の地域間の順位相関は{_interval(row)}（事前の想定：{before.ja}）。{verdict.ja}。",
        f"The rank correlation of “{one.en}” and “{other.en}” between places is {_interval(row)} (expected beforehand: {before.en}); {verdict.en}.",
    )


def _margin(row: Mapping[str, object], same: pd.DataFrame, panel: Panel, settings: ValiditySettings) -> Text:
    one = panel.label(str(row["outcome"]))
    found = {
        "as_expected": Text(
            "関連すると想定したもののほうに、そうでないものより強い関連がみられた",
            "is more closely related to what it was expected to be related to than to what it was not",
        ),
        "contrary": Text(
            "関連しないと想定したもののほうに、より強い関連がみられた",
            "is more closely related to what it was not expected to be related to",
        ),
        "undetermined": Text(
            "関連すると想定したものと、そうでないものとの差ははっきりしない",
            "cannot be shown to be more closely related to what was expected than to what was not",
        ),
    }[str(row["note"])]
    return Text(
        f"「{one.ja}」は、{found.ja}（相関の差{_interval(row)}）。",
        f"“{one.en}” {found.en} (difference of the correlations {_interval(row)}).",
    )


def _case_mix(
    row: Mapping[str, object], same: pd.DataFrame, panel: Panel, settings: ValiditySettings
) -> Text:
    one = panel.label(str(row["outcome"]))
    by = ADJUSTMENTS.get(str(row["term"]), Text(str(row["term"]), str(row["term"])))
    if not np.isfinite(_number(row, "estimate")):
        why = NOTES[str(row["note"])]
        return Text(
            f"「{one.ja}」の{by.ja}による補正は行えない（{why.ja}）。",
            f"“{one.en}” cannot be adjusted for {by.en} ({why.en}).",
        )
    fifth, n = _of(same, "case_mix_fifth_change"), row["n_places"]
    ja = (
        f"「{one.ja}」を{by.ja}で補正すると、{n}地域の順位は平均{_number(row, 'estimate'):.1f}"
        f"（{_number(row, 'lower'):.1f}～{_number(row, 'upper'):.1f}）変わる"
    )
    en = (
        f"With adjustment for {by.en}, the ranks of the {n} places by “{one.en}” change by {_number(row, 'estimate'):.1f} "
        f"({_number(row, 'lower'):.1f} to {_number(row, 'upper'):.1f}) on average"
    )
    if np.isfinite(fifth):
        ja += f"。5段階の区分が変わる地域は{100 * fifth:.0f}%である"
        en += f"; {100 * fifth:.0f} % of them change their fifth"
    if row["note"]:
        ja, en = f"{ja}（{NOTES[str(row['note'])].ja}）", f"{en} ({NOTES[str(row['note'])].en})"
    return Text(f"{ja}。", f"{en}.")


def _floor(row: Mapping[str, object], same: pd.DataFrame, panel: Panel, settings: ValiditySettings) -> Text:
    one = panel.label(str(row["outcome"]))
    share, highest = _number(row, "estimate"), _number(row, "upper")
    if not np.isfinite(share):
        return Text(f"「{one.ja}」には値のある地域がない。", f"No place has a figure of “{one.en}”.")
    limit = settings.bound_share
    if share >= limit:
        judged = Text("床効果がみられる", "there is a floor effect")
    elif row["note"] == "hidden_near_floor" and highest >= limit:
        judged = Text(
            "秘匿された地域を含めると、床効果を否定できない",
            "with the hidden places a floor effect cannot be ruled out",
        )
    else:
        judged = Text("床効果はみられない", "there is no floor effect")
    hidden = _of(same, "hidden_share")
    return Text(
        f"「{one.ja}」が0件の地域は、値のある地域の{100 * share:.0f}%、値が秘匿された地域は{100 * hidden:.0f}%であり、{judged.ja}（目安{100 * limit:.0f}%）。",
        f"“{one.en}” is zero in {100 * share:.0f} % of the places with a figure and hidden in {100 * hidden:.0f} % of places; {judged.en} (rule of thumb {100 * limit:.0f} %).",
    )


def _institution(
    row: Mapping[str, object], table: pd.DataFrame, panel: Panel, settings: ValiditySettings
) -> Text:
    one = panel.label(str(row["outcome"]))
    if not np.isfinite(_number(row, "estimate")):
        why = NOTES[str(row["note"])]
        return Text(f"「{one.ja}」：{why.ja}。", f"“{one.en}”: {why.en}.")
    most = 1 - _of(table[table["term"] == row["term"]], "institution_unexplained_share")
    ja = (
        f"隣接する地域との流出入だけで「{one.ja}」の地域差を説明しようとしても、説明しうるのは差の{100 * most:.0f}%までであり、"
        f"そのためには全件数の{100 * _number(row, 'estimate'):.0f}%以上が境界を越えている必要がある"
    )
    en = (
        f"Flows between adjacent places could account for {100 * most:.0f} % of the differences of “{one.en}” and no more; for that at least "
        f"{100 * _number(row, 'estimate'):.0f} % of all cases would have to cross a border"
    )
    share = sorted(settings.flow_shares)[len(settings.flow_shares) // 2]
    removable = _removable(table, row, share)
    if np.isfinite(removable):
        ja += f"。隣接地域の住民が各地域の件数の{100 * share:g}%までであれば、地域間の分散の{100 * removable:.0f}%までである"
        en += f"; if at most {100 * share:g} % of each place's cases are residents of adjacent places, for {100 * removable:.0f} % of the variance between places"
    if row["note"]:
        ja, en = f"{ja}（{NOTES[str(row['note'])].ja}）", f"{en} ({NOTES[str(row['note'])].en})"
    return Text(f"{ja}。", f"{en}.")


def _none(one: Text, other: Text, row: Mapping[str, object]) -> Text:
    why = NOTES[str(row["note"])]
    return Text(
        f"「{one.ja}」と「{other.ja}」は比べられない（{why.ja}）。",
        f"“{one.en}” and “{other.en}” cannot be compared ({why.en}).",
    )


def _names(row: Mapping[str, object], panel: Panel) -> tuple[Text, Text]:
    return panel.label(str(row["outcome"])), panel.label(str(row["term"]))


def _number(row: Mapping[str, object], name: str) -> float:
    return float(str(row[name]))


def _interval(row: Mapping[str, object]) -> str:
    return f"{_number(row, 'estimate'):.2f} [{_number(row, 'lower'):.2f}, {_number(row, 'upper'):.2f}]"


def _removable(table: pd.DataFrame, row: Mapping[str, object], share: float) -> float:
    rows = table[(table["outcome"] == row["outcome"]) & (table["term"] == f"flow_{100 * share:g}")]
    return _of(rows, "institution_removable_variance")


def _of(same: pd.DataFrame, statistic: str) -> float:
    found = same.loc[same["statistic"] == statistic, "estimate"]
    return float(found.iloc[0]) if len(found) else float("nan")


def _parameters(row: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = json.loads(str(row["parameters"]))
    return found

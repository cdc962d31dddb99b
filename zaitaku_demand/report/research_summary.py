"""The report in a few sentences, made from its tables alone: what a planner reads first."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.report.research_view import (
    LEVELS,
    Curve,
    Row,
    curves,
    label_of,
    parameters_of,
    records,
)
from zaitaku_demand.text import Text

_COLUMN = {"prefecture": "compare_prefectures", "area": "compare_areas"}
_HALF = 0.5
_PLACES = {
    "prefecture": Text("都道府県", "prefectures"),
    "area": Text("二次医療圏", "secondary medical areas"),
}
_USABLE = ("yes", "with_care")
_YES = Text("そのまま用いてよい（○）のは{names}。", "To be used as they are (○): {names}. ")
_NO_YES = Text("そのまま用いてよい（○）候補はない。", "No candidate may be used without care (○). ")
_GROUPS: dict[tuple[str, ...], Text] = {
    ("prefecture", "area"): Text(
        "都道府県の比較にも二次医療圏の比較にも、注意すれば用いてよい（△）：{names}。",
        "With care (△) to compare both prefectures and secondary medical areas: {names}.",
    ),
    ("prefecture",): Text(
        "都道府県の比較にだけ、注意すれば用いてよい（△）：{names}。",
        "With care (△) to compare prefectures only: {names}.",
    ),
    ("area",): Text(
        "二次医療圏の比較にだけ、注意すれば用いてよい（△）：{names}。",
        "With care (△) to compare secondary medical areas only: {names}.",
    ),
    (): Text(
        "都道府県の比較にも二次医療圏の比較にも用いない（×、またはデータがない）：{names}。",
        "To be used for neither comparison (× or no data): {names}.",
    ),
}
"""Levels at which a candidate may be used → sentence."""
_CURVES = Text(
    "分析方法を変えて調べた{n}の関連のうち、関連がみられないものが{null}、分析方法により結果が変わるもの（頑健でない）が{fragile}、同じ傾向のもの（頑健）が{robust}。いずれも地域の間の関連で、因果関係を示すものではない。",
    "Of {n} associations put to a specification curve {null} are null, {fragile} are fragile (they depend on the specification) and {robust} are robust. All are associations between places and do not show cause.",
)
_NULL = Text("関連がみられなかった例：{pair}。", "Example of a null result: {pair}.")
_FRAGILE = Text(
    "頑健でない例：{pair}（この結果だけで判断しない）。",
    "Example of a fragile result: {pair} (do not decide on it alone).",
)
_ROBUST = Text("頑健であったもの：{pair}。", "Robust: {pair}.")
_WITHIN = Text(
    "ただし、{pair}では、同じ地域の年ごとの変化に同じ傾向がみられない推定が半数を超える。",
    "But for {pair}, more than half of the estimates from changes within places do not show the same.",
)
_PAIR = Text("{exposure}と{outcome}（{place}）", "{exposure} and {outcome} ({place})")
_CORE = Text(
    "コア指標の案は{n}指標。重要度を±20％変えても必ず残るのは{always}。{borderline}",
    "The proposed core set has {n} indicators. Always in it when importance changes by ±20 %: {always}. {borderline}",
)
_NO_ALWAYS = Text("なし", "none")
_BORDERLINE = Text(
    "入るかどうかが重要度しだいのものは{names}。", "Whether {names} is in it depends on the importance given."
)
_CORE_UNFIT = Text(
    "コア指標の案のうち{names}は、地域の比較には用いないと判定したものである。地域の順位づけには用いない。",
    "{names} is in the proposed core set but is judged not to be used to compare places: do not rank places by it.",
)
_POWER = Text(
    "今後の研究（指定{n}地域を他の地域と前後各{years}年で比べる）が80％の確率で見つけられる差は、{levels}。これより小さい差は、あっても見つからないことが多い。",
    "A future study ({n} designated places beside others, {years} years before and after) finds with probability 80 % differences of {levels}. Smaller ones would mostly be missed.",
)
_POWER_AT = Text(
    "{place}では{best}の{low}が最も小さく、{worst}の{high}が最も大きい",
    "{low} at best ({best}) and {high} at worst ({worst}) for {place}",
)
_LATEST = Text(
    "データの限界：値の最新は{newest}で、最も古いのは{names}の{oldest}まで。NDBは医療機関の所在地による年度の値である。{share}自宅死の割合などは推計を含む。",
    "Limits of the data: the latest figures are of {newest}; those of {names} end in {oldest}. NDB figures are of fiscal years and counted where the institution stands. {share}Some figures, such as the share of deaths at home, are estimates.",
)
_HIDDEN = Text(
    "二次医療圏では秘匿などで値のない地域があり（値のある地域は最も少ない{name}で{shown}／{total}）、人数の少ない地域に偏る。",
    "Many areas, mostly small ones, have no figure (fewest: {name}, {shown} of {total}).",
)


def summary(content: ResearchContent) -> list[Text]:
    """The main findings, one sentence or two each: comparisons, associations, core set, future studies, limits of the data.

    What a run did not study is left out.
    """
    found: list[Text | None] = [
        *_comparisons(content),
        _associations(content),
        _core(content),
        _power(content),
        _limits(content),
    ]
    return [text for text in found if text is not None]


def era(year: int) -> Text:
    """A year with the year of the Japanese era, as plans write it."""
    name, first = ("令和", 2018) if year >= 2019 else ("平成", 1988)
    number = "元" if year - first == 1 else str(year - first)
    return Text(f"{year}年（{name}{number}年）", str(year))


def _comparisons(content: ResearchContent) -> list[Text]:
    """Candidates by the levels at which they may be used."""
    judged = content.judgement
    if judged.empty:
        return []
    groups: dict[tuple[str, ...], list[str]] = {levels: [] for levels in _GROUPS}
    plain = []
    for row in records(judged):
        levels = tuple(level for level, column in _COLUMN.items() if row[column] in _USABLE)
        groups[levels].append(str(row["outcome"]))
        plain += [str(row["outcome"])] if all(row[_COLUMN[level]] == "yes" for level in levels) else []
    plain = [name for name in plain if name not in groups[()]]
    lead = _filled(_YES, names=_names(content, plain)) if plain else _NO_YES
    said = []
    for levels, names in groups.items():
        names = [name for name in names if name not in plain]
        if names:
            said.append(_filled(_GROUPS[levels], names=_names(content, names)))
    return [_joined([lead, *said[:1]], _same("")), *said[1:]]


def _associations(content: ResearchContent) -> Text | None:
    found = curves(content)
    if not found:
        return None
    by = {kind: [curve for curve in found if curve.verdict == kind] for kind in words.ROBUST}
    counts = {kind: _same(str(len(of))) for kind, of in by.items()}
    said = [_filled(_CURVES, n=_same(str(len(found))), **counts)]
    for kind, text in (("null", _NULL), ("fragile", _FRAGILE)):
        if by[kind]:
            said.append(_filled(text, pair=_pairs(content, by[kind][:1])))
    if by["robust"]:
        said.append(_filled(_ROBUST, pair=_pairs(content, by["robust"])))
        differ = [curve for curve in by["robust"] if _within(curve) < _HALF]
        said += [_filled(_WITHIN, pair=_pairs(content, differ))] if differ else []
    return _joined(said, Text("", " "))


def _core(content: ResearchContent) -> Text | None:
    members = [str(each) for each in content.core_members.sort_values("order", kind="stable")["id"]]
    if not members:
        return None
    verdicts = dict(
        zip(
            content.core_stability["id"].astype(str),
            content.core_stability["verdict"].astype(str),
            strict=True,
        )
    )
    always, borderline = (
        [name for name in members if verdicts.get(name) == kind] for kind in ("always", "borderline")
    )
    said = _filled(
        _CORE,
        n=_same(str(len(members))),
        always=_names(content, always) if always else _NO_ALWAYS,
        borderline=_filled(_BORDERLINE, names=_names(content, borderline)) if borderline else _same(""),
    )
    judged = content.judgement[content.judgement["outcome"].astype(str).isin(members)]
    unfit = judged[judged[list(_COLUMN.values())].isin(["no", "no_data", "not_studied"]).all(axis=1)]
    unfit = unfit[(unfit[list(_COLUMN.values())] == "no").any(axis=1)]
    names = [str(name) for name in unfit["outcome"]]
    if not names:
        return said
    return _joined([said, _filled(_CORE_UNFIT, names=_names(content, names))], Text("", " "))


def _power(content: ResearchContent) -> Text | None:
    """Of the designs with the most designated places for which any outcome has a figure at every level studied."""
    rows = [
        {**row, **{name: parameters_of(row).get(name) for name in ("study", "places", "years")}}
        for row in records(content.power[content.power["statistic"] == "detectable_ratio"])
        if pd.notna(row["estimate"])
    ]
    frame = pd.DataFrame(rows, columns=[*content.power.columns, "study", "places", "years"])
    frame = frame[frame["study"] == "difference_in_differences"]
    if frame.empty:
        return None
    medians = frame.groupby("places")["estimate"].median()
    best = int(medians.index[int(medians.to_numpy().argmin())])
    chosen = frame[frame["places"] == best]
    years = int(chosen["years"].iloc[0])
    chosen = chosen[chosen["years"] == years]
    parts = []
    for level in LEVELS:
        own = chosen[chosen["level"] == level]
        if len(own) > 1:
            low, high = (
                records(own.loc[[place]])[0] for place in (own["estimate"].idxmin(), own["estimate"].idxmax())
            )
            parts.append(
                _filled(
                    _POWER_AT,
                    place=_PLACES[level],
                    best=label_of(content, low["outcome"]),
                    low=_difference(low),
                    worst=label_of(content, high["outcome"]),
                    high=_difference(high),
                )
            )
    if not parts:
        return None
    return _filled(
        _POWER, n=_same(str(best)), years=_same(str(years)), levels=_joined(parts, Text("、", "; "))
    )


def _limits(content: ResearchContent) -> Text | None:
    rows = content.reliability
    ends = rows[rows["last_year"].notna()].groupby("outcome", sort=False)["last_year"].max()
    if ends.empty:
        return None
    names = [str(name) for name in ends.index[ends == ends.min()]]
    share = _same("")
    shown = rows[(rows["level"] == "area") & (rows["statistic"] == "places_shown")].drop_duplicates("outcome")
    if len(shown) and shown["estimate"].min() < 1:
        least = records(shown.loc[[shown["estimate"].idxmin()]])[0]
        share = _filled(
            _HIDDEN,
            name=label_of(content, least["outcome"]),
            shown=_same(str(int(least["n_places"]))),
            total=_same(str(parameters_of(least).get("of", ""))),
        )
    share = Text(share.ja, f"{share.en} " if share.en else "")
    return _filled(
        _LATEST,
        newest=era(int(ends.max())),
        oldest=era(int(ends.min())),
        names=_names(content, names),
        share=share,
    )


def _within(curve: Curve) -> float:
    """Share of the models within places that are significant in the direction of the curve; 1 where there are none."""
    row = curve.figures.get("share_significant_within")
    return 1.0 if row is None or pd.isna(row["estimate"]) else float(row["estimate"])


def _pairs(content: ResearchContent, found: Sequence[Curve]) -> Text:
    """Exposure and outcome, each pair once with its levels."""
    levels: dict[tuple[str, str], list[str]] = {}
    for curve in found:
        levels.setdefault((curve.term, curve.outcome), []).append(curve.level)
    return _joined(
        [
            _filled(
                _PAIR,
                place=_joined([_PLACES[level] for level in at], Text("・", ", ")),
                exposure=_quoted(label_of(content, term)),
                outcome=_quoted(label_of(content, outcome)),
            )
            for (term, outcome), at in levels.items()
        ],
        Text("、", "; "),
    )


def _difference(row: Row) -> Text:
    return _same(f"{100 * (float(row['estimate']) - 1):.0f}%")


def _names(content: ResearchContent, ids: Sequence[str]) -> Text:
    return _joined([_quoted(label_of(content, id)) for id in ids], Text("", ", "))


def _quoted(name: Text) -> Text:
    return Text(f"「{name.ja}」", f"'{name.en}'")


def _joined(parts: Iterable[Text], gap: Text) -> Text:
    parts = list(parts)
    return Text(gap.ja.join(each.ja for each in parts), gap.en.join(each.en for each in parts))


def _filled(text: Text, **values: Text) -> Text:
    return Text(
        text.ja.format(**{name: value.ja for name, value in values.items()}),
        text.en.format(**{name: value.en for name, value in values.items()}).rstrip(),
    )


def _same(figure: str) -> Text:
    return Text(figure, figure)

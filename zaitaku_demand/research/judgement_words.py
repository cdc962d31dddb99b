"""The sentences of the judgement of use, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zaitaku_demand.text import Text

LEVELS: dict[str, Text] = {
    "prefecture": Text("都道府県", "prefectures"),
    "area": Text("二次医療圏", "areas"),
}

USES: dict[str, Text] = {
    "yes": Text("使える", "may be used"),
    "with_care": Text("注意すれば使える", "may be used with care"),
    "no": Text("使えない", "should not be used"),
    "no_data": Text("値がなく使えない", "has no figures to be used"),
}

REASONS: dict[str, Text] = {
    "reliability_low": Text("偶然の誤差が大きい", "chance is too large"),
    "reliability_uncertain": Text("信頼性の推定に幅がある", "its reliability is not certain"),
    "not_stable": Text("年によって地域の差が変わる", "differences between places change from year to year"),
    "stability_unknown": Text(
        "1年分などで、差が続くかどうか分からない", "whether differences last is not known"
    ),
    "stability_few": Text(
        "差が続くかどうかは一部の地域でしか分からない",
        "whether differences last is known for a part of the places only",
    ),
    "hidden": Text(
        "値のない地域が多い（件数の少ない地域に偏る）", "many places, mostly small ones, have no figure"
    ),
    "within_prefecture": Text(
        "同じ都道府県の中の比較では信頼性が下がる", "it is less reliable between areas of one prefecture"
    ),
    "estimation_error": Text(
        "秘匿された値の推計の誤差が無視できない", "the error of estimated hidden cells matters"
    ),
    "top_group_changes": Text(
        "上位とされる地域の入れ替わりが多い", "many places in the top group do not stay in it"
    ),
    "by_institution": Text(
        "医療機関の所在地による集計で、患者の流出入を含む",
        "it is counted by the place of the institution, patients crossing borders included",
    ),
    "flows": Text(
        "医療機関の所在地による集計で、差の多くは患者の流出入でも生じうる",
        "it is counted by the place of the institution, and patients crossing borders could account for much of the differences",
    ),
    "flows_open": Text(
        "医療機関の所在地による集計で、値のない地域が多く患者の流出入の大きさを限れない",
        "it is counted by the place of the institution, and too many places lack a figure to limit what patients crossing borders account for",
    ),
    "mixed_places": Text(
        "分母だけが医療機関の所在地による集計である",
        "only its denominator is counted by the place of the institution",
    ),
    "place_unknown": Text(
        "誰の地域で数えたかが示されていない",
        "by whose place it is counted is not stated",
    ),
    "floor": Text("最小値（0）の地域が多い", "many places are at the floor (zero)"),
    "ceiling": Text("最大値の地域が多い", "many places are at the ceiling"),
    "sources_differ": Text(
        "別の資料との一致が弱い",
        "it agrees only weakly with another source",
    ),
    "no_second_source": Text(
        "照らし合わせる別の資料がない",
        "there is no other source to hold it against",
    ),
    "contrary": Text(
        "事前に宣言した関連と合わない結果がある",
        "a relation declared beforehand came out otherwise",
    ),
    "many_cautions": Text(
        "注意すべき点が重なる",
        "too many cautions come together",
    ),
    "case_mix": Text(
        "年齢構成などを調整すると順位が変わる",
        "the order changes when age structure and the like are adjusted for",
    ),
    "no_direction": Text("高い・低いの良し悪しは決まっていない", "neither high nor low is declared better"),
    "chance_negligible": Text(
        "件数が多く信頼性が1に近いのは当然で、妥当性を示すものではない",
        "with so many cases a reliability near 1 is a matter of course and no sign of validity",
    ),
    "no_data": Text("値がない、または少ない", "no or too few figures"),
}

_NEARLY_ONE = 0.99
_NAMED = 3
"""Reasons named in the sentence; the others are counted and stand in the table."""


def figures_text(
    value: float,
    lower: float,
    upper: float,
    years: float,
    lasting_places: int,
    shown: int,
    total: int | None,
) -> Text:
    """The figures of one level: reliability with interval, ICC over years (with its places, if fewer), places shown."""
    ja = f"信頼性{_share(value)}［{_share(lower)}～{_share(upper)}］"
    en = f"reliability {_share(value)} [{_share(lower)} to {_share(upper)}]"
    if value > _NEARLY_ONE:
        ja = "信頼性0.99超（件数が多く偶然はごく小さい）"
        en = "reliability above 0.99 (so many cases leave little to chance)"
    if np.isnan(years):
        ja, en = f"{ja}、年次間の級内相関は不明", f"{en}, ICC over years unknown"
    else:
        ja, en = f"{ja}、年次間の級内相関{_share(years)}", f"{en}, ICC over years {_share(years)}"
        if lasting_places < shown:
            ja, en = f"{ja}（{lasting_places}地域）", f"{en} ({lasting_places} places)"
    if total:
        return Text(f"{ja}、値のある地域{shown}／{total}", f"{en}, {shown} of {total} places with a figure")
    return Text(f"{ja}、値のある地域{shown}", f"{en}, {shown} places with a figure")


def level_sentence(level: str, use: str, reasons: tuple[str, ...], figures: Text, cautions: int = 0) -> Text:
    """One sentence on one level: the verdict, the figures, at most three reasons.

    Parameters
    ----------
    level, use : str
    reasons : tuple of str
        Codes, the decisive first.
    figures : Text
        Of :func:`figures_text`.
    cautions : int
        Aspects with a caution; named where their number decides.
    """
    verdict = Text(
        f"{LEVELS[level].ja}の比較には{USES[use].ja}",
        f"{_capital(USES[use].en)} to compare {LEVELS[level].en}",
    )
    part = _part(use, reasons, figures, cautions)
    return Text(f"{verdict.ja}（{part.ja}）。", f"{verdict.en} ({part.en}).")


def joint_sentence(name: Text, uses: set[str], levels: Sequence[Text]) -> Text:
    """The name and the sentences of the levels; that an outcome serves neither comparison is said first.

    Parameters
    ----------
    name : Text
        Of the outcome.
    uses : set of str
        Of the levels.
    levels : sequence of Text
        Their sentences.
    """
    ja, en = f"「{name.ja}」：", f"{name.en}: "
    if uses <= {"no", "no_data"}:
        ja += "都道府県の比較にも二次医療圏の比較にも使えない。"
        en += "should be used to compare neither prefectures nor areas. "
    return Text(ja + "".join(one.ja for one in levels), en + " ".join(one.en for one in levels))


def _part(use: str, reasons: tuple[str, ...], figures: Text, cautions: int) -> Text:
    if use == "no_data":
        return REASONS["no_data"]
    # That chance is negligible is said with the figures, and the verdict by number is no reason of its own.
    said = [code for code in reasons if code not in ("chance_negligible", "many_cautions")]
    parts = [figures]
    if "many_cautions" in reasons:
        many = REASONS["many_cautions"]
        parts.append(Text(f"{many.ja}（{cautions}項目）", f"{many.en} ({cautions} aspects)"))
    parts += [REASONS[code] for code in said[:_NAMED]]
    rest = len(said) - _NAMED
    if rest > 0:
        parts.append(Text(f"ほか{rest}点", f"and {rest} more"))
    return Text("；".join(part.ja for part in parts), "; ".join(part.en for part in parts))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _share(value: float) -> str:
    """Two decimals; what is nearly but not quite 1 is not written as 1."""
    if np.isnan(value):
        return "－"
    return f"{min(value, _NEARLY_ONE):.2f}" if value < 1 else f"{value:.2f}"

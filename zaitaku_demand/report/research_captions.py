"""Captions of the figures in both languages: what is shown, how to read it, levels, years, state of the figures, source."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

import pandas as pd

from zaitaku_demand.report import research_labels as words
from zaitaku_demand.report.research_content import ResearchContent
from zaitaku_demand.report.research_figure_association import MOST_PAIRS
from zaitaku_demand.report.research_figure_outlook import MOST_OTHERS
from zaitaku_demand.report.research_view import LEVELS, examples, named
from zaitaku_demand.text import Language, Text

CAPTIONS = {
    "reliability": Text(
        "候補ごとの信頼性（0～1。横軸は0から始まるとは限らない）を推定方法別に示す。横線は95％区間、点線は0.7と0.9。都道府県では件数が多いため偶然の占める割合が小さく、1に近い値だけでは比較に適するとはいえない。",
        "Reliability (0-1; the axis need not start at 0) of each candidate by estimator. Lines: 95 % intervals; dotted: 0.7 and 0.9. Prefectures have so many cases that chance is small: a value near 1 alone does not make a comparison sound.",
    ),
    "reliability_cases": Text(
        "地域の規模（独立な事例の母数）と信頼性の関係。線は主となる推定方法、灰色は95％区間、×は信頼性0.7に必要な規模。印は各推定方法による、規模が中央値の地域の信頼性。",
        "Reliability against the size of a place in independent cases. Line: main estimator; grey: 95 % interval; ×: size needed for 0.7. Marks: each estimator at the median size.",
    ),
    "agreement": Text(
        "候補と別の出典との一致（Bland–Altmanプロット）。値はいずれも全国を1とする。点は1地域。実線は典型的な比、破線は95％の一致限界、点線は一致。",
        "Agreement of the candidates with another source (Bland-Altman plot), both relative to Japan (= 1). A point is one place. Solid: typical ratio; dashed: 95 % limits of agreement; dotted: agreement.",
    ),
    "agreement_limits": Text(
        "2つの出典の一致。値はいずれも全国を1とする。印は典型的な比（太い線は95％区間）、灰色の線は大半の地域の比が入る一致限界。右は一致相関係数（1＝完全な一致）。",
        "Agreement of two sources, both relative to Japan (= 1). Marks: typical ratio (thick: 95 % interval); grey: limits of agreement, between which the ratio of most places lies. Right: concordance correlation (1 = perfect).",
    ),
    "institution_bias": Text(
        "すべての地域の率が同じになるために、隣り合う地域との境界を越える必要のある件数の割合（横線は95％区間）。小さいほど、わずかな患者の行き来だけで地域差が生じうるため、医療機関の所在地で集計したことによる見かけの差を疑う必要がある。",
        "Share of all cases that would have to cross borders between adjacent places for all places to have the same rate (lines: 95 % intervals). The smaller it is, the fewer flows of patients would suffice to make the differences, which may then only reflect that claims are counted where the institution stands.",
    ),
    "curves": Text(
        "プロセス・ストラクチャーの水準と候補の関連（中央値との率の比、交絡因子を調整、灰色は95％区間）。直線でなくてよい曲線を当てはめた。因果関係を示すものではない。",
        "Association of the level of a process or structure with a candidate (rate ratio to the median, adjusted for confounders; grey: 95 % interval) by a curve that need not be straight. It does not show cause.",
    ),
    "associations": Text(
        "{level}のプロセス・ストラクチャーと候補の関連（交絡因子を調整した率の比、横線は95％区間、中の白い印は区間が1を含む）。地域の間の関連であり、因果関係を示すものではない。‡分析方法を変えて調べ「関連はみられない」とまとめた対、†分析方法により結果が変わる対。",
        "{level}: associations of processes and structures with the candidates (rate ratios adjusted for confounders; lines: 95 % intervals; open marks: the interval includes 1). These are associations between places; they do not show cause. ‡ null and † fragile by their specification curves.",
    ),
    "specification": Text(
        "{kind}：{level}、{exposure}と{outcome}の関連を、あらかじめ挙げたすべての分析方法で推定した。上：率の比（小さい順、縦線は95％区間、灰色の白丸は区間が1を含む、破線は中央値）。下：各推定で選んだ方法。因果関係を示すものではない。",
        "{kind}: {level}, {exposure} and {outcome} under every specification listed beforehand. Above: rate ratios in order (lines: 95 % intervals; open grey: the interval includes 1; dashed: median). Below: the choices of each. It does not show cause.",
    ),
    "event_study": Text(
        "新たに該当した年の前後の「変化の差」または「変化の比」（該当した地域の変化と、まだ該当しない地域の変化を比べたもの）。細い線は各年の95％区間、太い線は全年を同時に覆う95％の帯、白い印は比較の基準の年、破線は該当の直前。該当前の値が差なしから離れていれば、比べる前提が疑わしい。",
        "Differences or ratios of changes by years since a place came to have it, against places that have it not yet. Thin lines: 95 % intervals of each year; thick: 95 % band over all years; open mark: the year compared with; dashed: just before. Values before it away from no difference cast doubt on the comparison.",
    ),
    "interrupted": Text(
        "全国の月別の件数（1日あたり）の中断時系列：実績値、当てはめた線、それまでの傾向が続いた場合の線（帯は95％区間）。点線は{interruptions}。比較する地域がなく、同じ時期に起きた他の出来事とは区別できない。",
        "Interrupted time series of the national monthly counts (a day): observed, fitted, and the line had the earlier trend gone on (bands: 95 % intervals). Dotted: {interruptions}. There is no control: other events of the same time cannot be told apart.",
    ),
    "core_stability": Text(
        "重要度（利用者の判断）を±20％変えて選び直したとき、それぞれの指標が残る割合（％）。案に入らなかった指標は、入ることの多い順に{others}までを示す。",
        "Share of repetitions (%) in which an indicator stays when the importance (a judgement of the user) is changed by ±20 %. Of the indicators not proposed up to {others} that come in most often are shown.",
    ),
    "power": Text(
        "今後の研究の検出力。線は真の率の比、縦線はシミュレーションの誤差、点線は0.8。地域差と年々の変動は実際のパネルから推定した（推計）。比べる地域は実在する数までとしたため、指定された地域が多い場合は比べる地域が少なく、検出力が低いことがある。",
        "Power of a future study. Lines: true rate ratio; upright lines: error of the simulation; dotted: 0.8. Differences between places and years are estimated from the real panel. A study has no more places than exist: with many designated ones few are left to compare with, and power may be lower.",
    ),
}
MORE_PAIRS = Text("対が多いため最初の{n}を示す。", "The first {n} pairs are shown.")
RESTS_ON = Text("{levels}、{years}年（NDBは年度）。", "{levels}, {years} (NDB: fiscal years).")
SOURCE = Text(
    "出典：公的統計の公表値をもとに作成。一部に推計を含み、秘匿された値は含まない（データの版を参照）。",
    "Source: made from published official statistics; some figures are estimates, suppressed ones are left out (see the data versions).",
)
TABLE_OF = {
    "reliability": "reliability",
    "reliability_cases": "reliability",
    "agreement": "validity",
    "agreement_limits": "validity",
    "curves": "association_curves",
    "institution_bias": "validity",
    "event_study": "event_study",
    "core_stability": "core_stability",
    "power": "power",
}
"""Table whose levels and years a caption names."""


def caption(content: ResearchContent, name: str, language: Language) -> str:
    """Caption of a figure, without its number.

    Parameters
    ----------
    content : ResearchContent
    name : str
        As `research_figures.figure_names` gives it.
    language : str
    """
    kind, _, of = name.partition("_")
    frame = getattr(content, TABLE_OF.get(name, kind), pd.DataFrame())
    if kind == "associations":
        frame = content.association[content.association["level"] == of]
        parts = [_filled(CAPTIONS["associations"], language, level=words.LEVELS[of].to(language))]
        if len(frame.drop_duplicates(["outcome", "term"])) > MOST_PAIRS:
            parts.append(MORE_PAIRS.format(n=MOST_PAIRS).to(language))
    elif kind == "specification":
        curve = examples(content)[of]
        frame = curve.rows
        parts = [
            _filled(
                CAPTIONS["specification"],
                language,
                kind=words.EXAMPLES[of].to(language),
                level=words.LEVELS[curve.level].to(language),
                outcome=named(content, curve.outcome, language),
                exposure=named(content, curve.term, language),
            )
        ]
    else:
        listed = ("、" if language == "ja" else "; ").join(
            named(content, event, language) for event, _ in content.interruptions
        )
        filled = {"others": MOST_OTHERS, "interruptions": listed}
        parts = [_filled(CAPTIONS[name], language, **filled)]
    gap = "" if language == "ja" else " "
    return gap.join(part for part in [*parts, _rests_on(frame, language), SOURCE.to(language)] if part)


def alternative(content: ResearchContent, name: str, language: Language) -> str:
    """Text that stands for a picture where it cannot be seen: the first sentence of its caption."""
    stop = "。" if language == "ja" else ". "
    return caption(content, name, language).split(stop)[0] + stop.strip()


def _filled(text: Text, language: Language, **values: object) -> str:
    return text.to(language).format(**values)


def _rests_on(frame: pd.DataFrame, language: Language) -> str:
    if not {"level", "first_year", "last_year"} <= set(frame) or not frame["first_year"].notna().any():
        return ""
    levels = [level for level in (*LEVELS, "national") if (frame["level"] == level).any()]
    listed = (
        "・".join(words.LEVELS[level].to(language) for level in levels)
        if language == "ja"
        else " and ".join(words.LEVELS[level].to(language) for level in levels)
    )
    first, last = int(frame["first_year"].min()), int(frame["last_year"].max())
    years = str(first) if first == last else f"{first}–{last}"
    return RESTS_ON.format(levels=listed, years=years).to(language)

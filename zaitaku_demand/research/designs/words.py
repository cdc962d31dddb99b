"""What the tables of the before/after designs say, in sentences: differences in changes, never causes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

import pandas as pd

from zaitaku_demand.research.designs.treatment import STATUSES
from zaitaku_demand.research.designs.words_templates import TEMPLATES
from zaitaku_demand.text import Text

NOTES: dict[str, Text] = {
    "no_common_years": Text(
        "事象とアウトカムの年が重ならず求められない", "the years of event and outcome do not overlap"
    ),
    "too_few_switchers": Text(
        "期間中に新たに生じた地域が少なく求められない",
        "too few places got it in the period to estimate anything",
    ),
    "too_few_controls": Text(
        "期間中ずっとない地域が少なく求められない",
        "too few places were without it throughout to estimate anything",
    ),
    "few_switchers": Text(
        "新たに生じた地域が少なく、式による区間は当てにならない（無作為な割当てによる区間を読む）",
        "few places got it: read the interval by random reassignment, not the one by formula",
    ),
    "mixes_comparisons": Text(
        "すでに生じた地域との比較が混じる（時期が地域で違うとき偏りうる）",
        "mixes in comparisons with places that had it already, which may mislead where dates differ",
    ),
    "no_years_before": Text(
        "事象の前に2年以上の値がなく求められない", "there are no two years before the event"
    ),
    "too_few_clusters": Text(
        "独立とみなせる群が少なく検定できない", "too few independent clusters for a test"
    ),
    "autocorrelation_left": Text(
        "残差に自己相関が残り、区間は当てにならない。比較する地域のない1本の系列である",
        "autocorrelation is left in the residuals, so the interval is not to be relied on; one series without a control",
    ),
    "one_place": Text("1地域しかなく区間が求められない", "one place only, so no interval"),
    "reference_year": Text("比較の基準の年", "the year compared with"),
    "short_before": Text(
        "前の期間が2年に満たず、季節と傾向を分けきれない",
        "the time before is too short to tell season from trend",
    ),
    "declared_break": Text(
        "感染症または算定要件の変更として既に知られた断層のある期間である",
        "a break known beforehand (epidemic, or a change of what may be claimed) lies within",
    ),
    "estimated_counts": Text("秘匿された値の推計を含む", "contains estimates of suppressed counts"),
    "no_control": Text(
        "比較する地域がなく、同じ時期の他の出来事と区別できない",
        "there is no control: other events of the same time cannot be told apart",
    ),
    "narrow_interval": Text(
        "短い系列では、この方法の区間は狭すぎることが知られている（Prais–Winsten の行を読む）",
        "in short series the interval of this method is known to be too narrow; read the row of Prais-Winsten",
    ),
    "no_placebo_dates": Text("仮の日付を置ける月がない", "there is no month left for another date"),
    "relative_to_japan": Text(
        "全国を100とする指標のため、全国の年次変化は見られない",
        "Japan is 100 in every year, so the nation's change cannot be seen",
    ),
    "too_few_years": Text("年数が少なく求められない", "too few years to estimate anything"),
}
"""Codes of the column `note`."""

INTERRUPTIONS: dict[str, Text] = {
    "emergency_2020": Text(
        "2020年4月（最初の緊急事態宣言。2020年度診療報酬改定と同じ月で、両者は区別できない）",
        "April 2020 (first state of emergency; the fee reform of FY2020 fell into the same month, so the two cannot be told apart)",
    ),
    "reform_2022": Text(
        "2022年4月（2022年度診療報酬改定。感染症の流行期と重なる）",
        "April 2022 (fee reform of FY2022, in the middle of the epidemic)",
    ),
    "reform_2016": Text("2016年度診療報酬改定", "the fee reform of FY2016"),
    "reform_2018": Text("2018年度診療報酬改定", "the fee reform of FY2018"),
}

METHODS: dict[str, Text] = {
    "count": Text("件数", "count"),
    "group_time_not_yet": Text(
        "群・時点別の差分の差（まだ生じていない地域と比較、Callaway–Sant'Anna）",
        "difference in changes by group and year (controls: not yet, Callaway & Sant'Anna)",
    ),
    "group_time_never": Text(
        "群・時点別の差分の差（期間中生じない地域と比較、Callaway–Sant'Anna）",
        "difference in changes by group and year (controls: never, Callaway & Sant'Anna)",
    ),
    "group_time_not_yet_size": Text(
        "群・時点別の差分の差（規模で重み付け、まだ生じていない地域と比較）",
        "difference in changes by group and year, places weighted by size (controls: not yet)",
    ),
    "group_time_never_size": Text(
        "群・時点別の差分の差（規模で重み付け、期間中生じない地域と比較）",
        "difference in changes by group and year, places weighted by size (controls: never)",
    ),
    "group_time_not_yet_by_group": Text(
        "群・時点別の差分の差（群ごとに平均してから群で平均、まだ生じていない地域と比較）",
        "difference in changes by group and year, averaged by group first (controls: not yet)",
    ),
    "group_time_not_yet_by_event_time": Text(
        "群・時点別の差分の差（事象からの年数ごとに平均、まだ生じていない地域と比較）",
        "difference in changes by group and year, averaged by years since the event (controls: not yet)",
    ),
    "group_time_never_by_group": Text(
        "群・時点別の差分の差（群ごとに平均してから群で平均、期間中生じない地域と比較）",
        "difference in changes by group and year, averaged by group first (controls: never)",
    ),
    "group_time_never_by_event_time": Text(
        "群・時点別の差分の差（事象からの年数ごとに平均、期間中生じない地域と比較）",
        "difference in changes by group and year, averaged by years since the event (controls: never)",
    ),
    "two_way_fixed_effects": Text("二元固定効果モデル", "two-way fixed effects"),
    "goodman_bacon": Text(
        "二元固定効果の分解（Goodman-Bacon）", "decomposition of two-way fixed effects (Goodman-Bacon)"
    ),
    "chaisemartin_dhaultfoeuille": Text(
        "二元固定効果の重み（de Chaisemartin–D'Haultfœuille）",
        "weights of two-way fixed effects (de Chaisemartin & D'Haultfœuille)",
    ),
    "randomisation": Text("無作為な割当てによる検定", "randomisation test"),
    "randomisation_by_type": Text(
        "無作為な割当てによる検定（圏域の類型内）", "randomisation test within types of area"
    ),
    "roth": Text("事象の前の検定の検出力（Roth）", "power of the test of the years before (Roth)"),
    "placebo_not_yet": Text("仮の時期（まだ生じていない地域と比較）", "placebo date (controls: not yet)"),
    "placebo_never": Text("仮の時期（期間中生じない地域と比較）", "placebo date (controls: never)"),
    "quasi_poisson_newey_west": Text(
        "準ポアソン回帰（Newey–West の分散）", "quasi-Poisson regression (Newey-West variance)"
    ),
    "prais_winsten": Text(
        "対数の回帰（Prais–Winsten、自己相関1次）", "regression of logarithms (Prais-Winsten, AR(1))"
    ),
    "placebo_dates": Text("仮の日付", "other dates"),
    "quasi_poisson": Text(
        "準ポアソン回帰（年次、全地域の合計）", "quasi-Poisson regression (years, sum of the places)"
    ),
    "quasi_poisson_by_place": Text(
        "準ポアソン回帰（年次、地域ごと）", "quasi-Poisson regression (years, each place)"
    ),
}

ASSUMPTIONS: dict[str, Text] = {
    "event": Text(
        "指標の事象とは、0であった数が1以上になることをいう。",
        "The event of an indicator: its count goes from 0 to at least 1.",
    ),
    "parallel": Text(
        "事象がなければ両者の変化は平行であったと仮定している。仮定は検証できず、地域の性質の違いは除けていない。",
        "This assumes that without the event both would have changed in parallel, which cannot be verified.",
    ),
    "timing": Text(
        "事象の年は年1回の届出数によるもので、年の途中で生じた場合はその年の一部しか後に当たらない。",
        "The year of the event is read from a count taken once a year; part of that year may lie before it.",
    ),
    "lasting": Text(
        "途中でなくなった地域と初年度からある地域は除いた。",
        "Places that lost it again or had it from the first year on are left out.",
    ),
    "one_series": Text(
        "比較する地域のない1本の系列であり、それまでの傾向と季節が続いたと仮定している。",
        "This is one series without a control; trend and season are assumed to have gone on.",
    ),
}


def design_sentence(row: Mapping[str, object], outcome: Text, term: Text, unit: Text) -> Text:
    """What one row of ``design_table``, ``interrupted_table`` or ``reform_table`` says.

    Parameters
    ----------
    row : mapping
        A row of the table.
    outcome, term, unit : Text
        Names for a reader (term of an interruption: see ``INTERRUPTIONS``).
    """
    figures = {
        "outcome": outcome,
        "term": term,
        "method": METHODS.get(str(row["method"]), Text(str(row["method"]), str(row["method"]))),
        "unit": _unit_of_difference(unit),
    }
    note = str(row["note"])
    estimate = _float(row["estimate"])
    if math.isnan(estimate):
        reason = NOTES.get(note, Text("求められない", "not available"))
        return _filled(
            Text("{term}と{outcome}：{reason}。", "{term}, {outcome}: {reason}."),
            figures | {"reason": reason},
        )
    said = _filled(_template(row), figures | _numbers(row))
    if str(row["statistic"]) in ("difference_in_changes", "ratio_of_changes", "level_ratio", "slope_ratio"):
        said = _joined(said, _conclusion(row))
    if note in NOTES:
        said = _joined(said, Text(f"（注：{NOTES[note].ja}）", f"(Note: {NOTES[note].en}.)"))
    return said


def design_sentences(
    table: pd.DataFrame, labels: Mapping[str, Text], units: Mapping[str, Text] | None = None
) -> list[Text]:
    """One sentence a row; names that `labels` lacks are shown as they are.

    Parameters
    ----------
    table : DataFrame
        Of ``design_table``, ``interrupted_table`` or ``reform_table``.
    labels, units : mapping
        Id → name and unit.
    """
    names = {**INTERRUPTIONS, **labels}
    out = []
    for row in table.to_dict("records"):
        outcome, term = str(row["outcome"]), str(row["term"])
        unit = (units or {}).get(outcome, Text("", ""))
        named = [names.get(each, Text(each, each)) for each in (outcome, term)]
        out.append(design_sentence({str(key): value for key, value in row.items()}, named[0], named[1], unit))
    return out


def _template(row: Mapping[str, object]) -> Text:
    name = str(row["statistic"])
    log = json.loads(str(row["parameters"])).get("scale") == "log"
    return TEMPLATES[f"{name}:log" if log and f"{name}:log" in TEMPLATES else name]


def _numbers(row: Mapping[str, object]) -> dict[str, object]:
    parameters = json.loads(str(row["parameters"]))
    status = parameters.get("status") or {}
    estimate = _float(row["estimate"])
    return {
        "estimate": _number(estimate),
        "lower": _number(_float(row["lower"])),
        "upper": _number(_float(row["upper"])),
        "confidence": f"{100 * _float(row['confidence']):.0f}"
        if not math.isnan(_float(row["confidence"]))
        else "-",
        "p_value": _probability(_float(row["p_value"])),
        "percent": f"{100 * estimate:.0f}",
        "power": f"{100 * float(parameters.get('power', 0)):.0f}",
        "shift": parameters.get("shift", ""),
        "dates": parameters.get("dates", ""),
        "switchers": parameters.get("switchers", ""),
        **{name: status.get(name, 0) for name in STATUSES},
    }


def _conclusion(row: Mapping[str, object]) -> Text:
    lower, upper = _float(row["lower"]), _float(row["upper"])
    ratio = str(row["statistic"]) != "difference_in_changes"
    if math.isnan(lower) or math.isnan(upper):
        return Text("区間が求められず、判断できない。", "Without an interval this stays open.")
    if lower <= (1.0 if ratio else 0.0) <= upper:
        return Text("差があるともないとも言えない。", "Whether there is a difference stays open.")
    return Text(
        "区間からは差がみられるが、原因を示すものではない。",
        "The interval shows a difference; it does not show why.",
    )


def _unit_of_difference(unit: Text) -> Text:
    if unit.ja.strip() in ("%", "％"):
        return Text("ポイント", " percentage points")
    return Text(unit.ja, f" {unit.en}" if unit.en else "")


def _filled(template: Text, figures: Mapping[str, object]) -> Text:
    halves = []
    for language in ("ja", "en"):
        values = {
            name: getattr(value, language) if isinstance(value, Text) else value
            for name, value in figures.items()
        }
        halves.append(getattr(template, language).format(**values))
    return Text(*halves)


def _joined(first: Text, second: Text) -> Text:
    return Text(first.ja + second.ja, f"{first.en} {second.en}")


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3g}"


def _probability(value: float) -> str:
    return "p<0.001" if value < 0.001 else f"p={value:.3f}"


def _float(value: object) -> float:
    return float("nan") if value is None else float(str(value))

"""What must be kept in mind with each estimate, and why it applies to this one."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.research.association.design import Design
from zaitaku_demand.research.panel import Panel, StateArray
from zaitaku_demand.text import Text

Comparison = Literal["between", "within", "both"]

MODEL_COMPARISON: dict[str, Comparison] = {
    "poisson": "between",
    "negative_binomial": "between",
    "between": "between",
    "mixed_between": "between",
    "gee": "both",
    "mixed": "both",
    "fixed_effects": "within",
    "mixed_within": "within",
}
"""Key of a model → what it compares: places with each other, a place with itself in other years, or both."""

FIRST_COVID_YEAR = 2020
"""From fiscal year 2020 on, house calls and visits followed COVID-19 and its fees."""

LEVELS: dict[str, Text] = {
    "prefecture": Text("都道府県", "prefectures"),
    "area": Text("二次医療圏", "secondary medical areas"),
}

ECOLOGICAL = Text(
    "{level}を単位とした関連であり、個々の患者に同じ関連があるとは限らない（生態学的誤謬）。",
    "The association is one between {level}; it need not hold between patients (ecological fallacy).",
)
CONFOUNDING_NONE = Text(
    "交絡因子を調整していないため、年齢構成や都市化の違いと区別できない。",
    "No confounder is adjusted for: the association cannot be told apart from differences of age and urbanity.",
)
CONFOUNDING = Text(
    "調整したのは{names}だけであり、住民の意向、所得、家族、地域の慣行など、測っていない違いと区別できない。",
    "Only {names} are adjusted for: preferences, income, families, local custom and other unmeasured differences remain.",
)
CONFOUNDING_WITHIN = Text(
    "年によらない地域の違いは除かれるが、同じ時期に変わった他のことがらと区別できない。",
    "Lasting differences between places drop out, but whatever else changed in the same years does not.",
)
REVERSE_SAME_TIME = Text(
    "同じ年の値どうしの関連であり、どちらが先かは分からない（逆の向きもありうる）。",
    "Both figures are of the same year: which comes first is not known, and the reverse order is possible.",
)
REVERSE_LAG = Text(
    "説明変数は{lag}年前の値だが、需要の多い地域に以前から体制が整えられてきた可能性は残る（逆の向き）。",
    "The exposure is that of {lag} year(s) before; services may still have grown where need was (the reverse order).",
)
REVERSE_LEAD = Text(
    "説明変数はアウトカムより{lag}年後の値で代えており、前後関係は読み取れない。",
    "The exposure is taken from {lag} year(s) after the outcome, so no order in time can be read from it.",
)
BOTH_INSTITUTION = Text(
    "いずれの値も医療機関の所在地で集計されており、患者の住所地とは異なる。患者や医師が地域の境を越える所では、"
    "両方の値が同じ向きにずれ、見かけの関連が生じうる。",
    "Both figures are counted by the place of the institution, not of the home; where patients or doctors cross borders, both are "
    "shifted the same way, and an association may be no more than that.",
)
OUTCOME_INSTITUTION = Text(
    "アウトカムは医療機関の所在地で集計されており、患者の住所地とは異なる。",
    "The outcome is counted by the place of the institution, not of the patient's home.",
)
EXPOSURE_INSTITUTION = Text(
    "説明変数は医療機関の所在地で集計されており、他の地域の住民への提供を含む。",
    "The exposure is counted by the place of the institution and includes care given to people living elsewhere.",
)
TIME_GAP = Text(
    "交絡因子のうち{names}は1つの年（{year}年）の値を全ての年に当てている。",
    "Of the confounders, {names} are known of one year only ({year}) and stand for all years.",
)
ESTIMATED = Text(
    "使った値の{share}％は推計値である（公表値を補って求めた件数）。幅は推計の不確かさを含まない。",
    "{share} % of the figures used are estimated (counts completed from what is published); the interval leaves that out.",
)
SELECTION = Text(
    "{all}地域のうち{used}地域だけを使っている。値が公表されない地域は小規模な所に多く、残った地域は全体を代表しない。",
    "Only {used} of {all} places are used. Figures are hidden mostly in small places, so those left do not stand for all.",
)
COVID = Text(
    "2020年度以降は新型コロナウイルス感染症の流行期にあたり、往診や訪問診療の件数が平時と異なる。",
    "Years from 2020 on are those of COVID-19, when house calls and visits differed from other times.",
)

_STATED_SHARE = 0.005
"""Share of estimated figures from which it is said."""


class Caveat(NamedTuple):
    """One statement: code and sentence."""

    code: str
    sentence: Text


def caveats(panel: Panel, design: Design, model: str, lag: int = 0) -> list[Caveat]:
    """The statements that apply to an estimate, from what is known of level, places, years and model.

    Parameters
    ----------
    panel : Panel
    design : Design
        Rows the estimate rests on.
    model : str
        Key of ``models.MODELS``.
    lag : int
        Years the exposure lies before the outcome (negative: after it).

    Returns
    -------
    list of Caveat
        Codes: ecological, confounding, reverse, institution, time_gap, estimated, selection, covid.
    """
    level = LEVELS[panel.level]
    out = [
        Caveat("ecological", Text(ECOLOGICAL.ja.format(level=level.ja), ECOLOGICAL.en.format(level=level.en)))
    ]
    out.append(Caveat("confounding", _confounding(panel, design, MODEL_COMPARISON.get(model, "between"))))
    out.append(Caveat("reverse", _reverse(lag)))
    place = _institution(panel, design)
    if place is not None:
        out.append(Caveat("institution", place))
    gap = _time_gap(panel, design)
    if gap is not None:
        out.append(Caveat("time_gap", gap))
    share = estimated_share(panel, design, lag)
    if share >= _STATED_SHARE:
        out.append(Caveat("estimated", ESTIMATED.format(share=f"{100 * share:.0f}")))
    if design.n_places < len(panel.places):
        out.append(Caveat("selection", SELECTION.format(used=design.n_places, all=len(panel.places))))
    if (design.year >= FIRST_COVID_YEAR).any():
        out.append(Caveat("covid", COVID))
    return out


def estimated_share(panel: Panel, design: Design, lag: int = 0) -> float:
    """Share of the rows in which outcome or exposure is an estimated figure."""
    code = STATE_NAMES.index("estimated")
    estimated = _state(panel, design.outcome, design, 0) == code
    estimated |= _state(panel, design.exposure, design, lag) == code
    return float(estimated.mean())


def _state(panel: Panel, name: str, design: Design, lag: int) -> StateArray:
    series = panel[name]
    if series.kind == "normal" and len(series.years) == 1:
        return np.asarray(series.state[design.place, 0])
    columns = np.searchsorted(series.years, design.year - lag)
    return np.asarray(series.state[design.place, columns])


def _confounding(panel: Panel, design: Design, comparison: Comparison) -> Text:
    if comparison == "within":
        return CONFOUNDING_WITHIN
    if not design.confounders:
        return CONFOUNDING_NONE
    return _named(CONFOUNDING, panel, design.confounders)


def _reverse(lag: int) -> Text:
    if lag > 0:
        return REVERSE_LAG.format(lag=lag)
    return REVERSE_SAME_TIME if lag == 0 else REVERSE_LEAD.format(lag=-lag)


def _institution(panel: Panel, design: Design) -> Text | None:
    outcome, exposure = (
        str(panel.variables.loc[name, "place"]) == "institution" for name in (design.outcome, design.exposure)
    )
    if outcome and exposure:
        return BOTH_INSTITUTION
    if outcome:
        return OUTCOME_INSTITUTION
    return EXPOSURE_INSTITUTION if exposure else None


def _time_gap(panel: Panel, design: Design) -> Text | None:
    years = {int(year) for year in design.years}
    still = [
        name
        for name in design.confounders
        if name in panel.series and len(panel[name].years) == 1 and years != set(panel[name].years)
    ]
    if not still:
        return None
    named = sorted({panel[name].years[0] for name in still})
    return _named(TIME_GAP, panel, still, year="、".join(map(str, named)))


def _named(text: Text, panel: Panel, names: tuple[str, ...] | list[str], **more: object) -> Text:
    labels = [panel.label(name) for name in names if name in panel.series]
    return Text(
        text.ja.format(names="、".join(label.ja for label in labels), **more),
        text.en.format(names=", ".join(label.en for label in labels), **more),
    )

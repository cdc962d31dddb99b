"""One sentence for each association and each specification curve, for planners; never a claim of cause."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zaitaku_demand.research.association.caveats import LEVELS
from zaitaku_demand.research.association.estimate import Estimate
from zaitaku_demand.research.association.specification_curve import CurveTest, Description, Verdict
from zaitaku_demand.text import Text

NO_CAUSE = Text("因果関係を示すものではない。", "This does not show cause.")

STEPS: dict[str, Text] = {
    "sd": Text("1標準偏差（地域間のばらつき1つ分）高い", "one standard deviation (between places) higher"),
    "log_sd": Text("対数で1標準偏差高い", "one standard deviation higher on the log scale"),
    "log2": Text("2倍の", "twice as high"),
    "unit": Text("1単位高い", "one unit higher"),
}
"""Scale of an exposure → the step that an estimate stands for."""

CLEAR = Text(
    "「{exposure}」が{step}{level}ほど、「{outcome}」が{percent}％{direction}傾向がみられた（率比{ratio}、{confidence}％信頼区間"
    "{lower}～{upper}、p値{p}）。",
    "{level} where '{exposure}' is {step} have {direction} '{outcome}', by {percent} % (rate ratio {ratio}, {confidence} % "
    "interval {lower} to {upper}, p {p}).",
)
UNCLEAR = Text(
    "「{exposure}」と「{outcome}」の関連は、{level}の比較でははっきりしない（{step}場合の率比{ratio}、{confidence}％信頼区間{lower}～"
    "{upper}、p値{p}）。関連がないことを示すものでもない。",
    "No clear association of '{exposure}' with '{outcome}' is seen between {level} (rate ratio {ratio} where it is {step}, "
    "{confidence} % interval {lower} to {upper}, p {p}). Nor does this show that there is none.",
)
NOT_ESTIMATED = Text(
    "「{exposure}」と「{outcome}」の関連は推定できなかった（{reason}）。",
    "The association of '{exposure}' with '{outcome}' could not be estimated ({reason}).",
)
WITHIN_CLEAR = Text(
    "同じ{level}の中で、「{exposure}」が高い年ほど「{outcome}」が{direction}傾向がみられた（{step}場合の率比{ratio}、{confidence}％信頼区間{lower}"
    "～{upper}、p値{p}）。",
    "Within {level}, years with higher '{exposure}' have {direction} '{outcome}' (rate ratio {ratio} where it is {step}, "
    "{confidence} % interval {lower} to {upper}, p {p}).",
)

CURVES: dict[Verdict, Text] = {
    "robust": Text(
        "「{exposure}」が高い{level}ほど「{outcome}」が{direction}傾向は頑健である。{count}通りの条件の{same}％が同じ向きで、{significant}％"
        "が有意であり、値を都道府県間で並べ替えたときには同じ程度の結果はほとんど得られない（p値{p}）。率比の中央値は{median}（{lowest}～{highest}）。",
        "That {level} with higher '{exposure}' have {direction} '{outcome}' is robust: of {count} specifications {same} % point the same "
        "way and {significant} % are significant, and exposures shuffled between prefectures hardly ever give as much (p {p}). The "
        "median rate ratio is {median} ({lowest} to {highest}).",
    ),
    "fragile": Text(
        "「{exposure}」と「{outcome}」の関連は、{level}の比較では頑健でない。{count}通りの条件のうち同じ向きは{same}％、有意は{significant}％で、結論は条件の選び方に"
        "よって変わる（率比の中央値{median}、{lowest}～{highest}、並べ替えによるp値{p}）。この結果だけで判断しないでください。",
        "The association of '{exposure}' with '{outcome}' between {level} is fragile: of {count} specifications {same} % point the same way and "
        "{significant} % are significant, so the conclusion depends on the specification (median rate ratio {median}, {lowest} to "
        "{highest}; p by shuffling {p}). Do not decide on it alone.",
    ),
    "null": Text(
        "「{exposure}」と「{outcome}」には、{level}の比較で関連がみられない。{count}通りの条件のうち有意は{significant}％で、値を都道府県間で並べ替えても"
        "同じ程度の結果が得られる（率比の中央値{median}、{lowest}～{highest}、p値{p}）。",
        "No association of '{exposure}' with '{outcome}' is seen between {level}: {significant} % of {count} specifications are "
        "significant, and exposures shuffled between prefectures give as much (median rate ratio {median}, {lowest} to {highest}; "
        "p {p}).",
    ),
}
"""Sentence of each verdict."""

WITHIN_SHARE = Text(
    "同じ地域の年ごとの変化にもとづくモデルでは、同じ向きに有意なのは{within}％、逆の向きに有意なのは{opposite}％であった。",
    " Of the models that lean on changes within places {within} % are significant in that direction and {opposite} % in the other.",
)
BESIDE: dict[str, Text] = {
    "same": Text(
        "同じ{level}の年ごとの変化でも同じ向きの関連がみられた（率比{ratio}、{lower}～{upper}）。",
        " Changes over the years within {level} go the same way (rate ratio {ratio}, {lower} to {upper}).",
    ),
    "opposite": Text(
        "ただし、同じ{level}の年ごとの変化では逆の向きの関連がみられ（率比{ratio}、{lower}～{upper}）、両者は一致しない。",
        " But changes over the years within {level} go the other way (rate ratio {ratio}, {lower} to {upper}): the two disagree.",
    ),
    "between_only": Text(
        "ただし、同じ{level}の年ごとの変化でははっきりしない（率比{ratio}、{lower}～{upper}）。関連がみられたのは{level}の間の比較だけである。",
        " But changes over the years within {level} show no clear association (rate ratio {ratio}, {lower} to {upper}): it is seen in the "
        "comparison between {level} only.",
    ),
    "within_only": Text(
        "ただし、同じ{level}の年ごとの変化では、高い年ほど{direction}傾向がみられた（率比{ratio}、{lower}～{upper}）。関連がみられたのは年ごとの変化だけである。",
        " But within {level}, years with higher figures of the one have {direction} figures of the other (rate ratio {ratio}, {lower} to "
        "{upper}): an association is seen in changes over the years only.",
    ),
    "absent": Text(
        "同じ{level}の年ごとの変化からは推定できない。",
        " Changes over the years within {level} allow no estimate.",
    ),
}
"""What the model of changes within places says beside the main one, see :func:`agreement`; nothing where both are unclear."""
AMONG = Text(
    "ただし、同時に調べた{tests}組の関連を合わせて考えると、偶然と区別できない（q値{q}）。",
    " But among the {tests} associations looked at together it cannot be told from chance (q {q}).",
)


class Family(NamedTuple):
    """One test among others.

    Attributes
    ----------
    q_value : float
        Benjamini-Hochberg.
    tests : int
        Tests read together.
    significance : float
        q from which on a test is not called clear.
    """

    q_value: float
    tests: int
    significance: float


_DIRECTIONS = {1: Text("高い", "higher"), -1: Text("低い", "lower")}


def association_sentence(
    estimate: Estimate,
    outcome: Text,
    exposure: Text,
    level: str,
    scale: str = "sd",
    confidence: float = 0.95,
    reason: Text | None = None,
    within: bool = False,
    beside: Estimate | None = None,
    family: Family | None = None,
) -> Text:
    """What an estimate says, in one sentence and the reminder that it shows no cause.

    Parameters
    ----------
    estimate : Estimate
        Log rate ratio.
    outcome, exposure : Text
        Names for a reader (``panel.label``).
    level : str
        ``prefecture`` or ``area``.
    scale : str
        Key of :data:`STEPS`.
    confidence : float
    reason : Text, optional
        Why there is no estimate (``NOTES[estimate.note]``).
    within : bool
        Whether the model compares years within places.
    beside : Estimate, optional
        Estimate within places, of which it is said whether it agrees.
    family : Family, optional
        Said where the interval leaves out 1 but the test does not hold among the others.
    """
    if not np.isfinite(estimate.estimate):
        why = reason or Text(estimate.note, estimate.note)
        return _filled(NOT_ESTIMATED, outcome=outcome, exposure=exposure, reason=why)
    ratio, lower, upper = (
        float(np.exp(each)) for each in (estimate.estimate, estimate.lower, estimate.upper)
    )
    clear = not lower <= 1 <= upper
    values = {
        "outcome": outcome,
        "exposure": exposure,
        "level": _level(level, sentence_start=clear and not within),
        "step": STEPS[scale],
        "direction": _DIRECTIONS[1 if ratio > 1 else -1],
        "percent": _same(
            f"{100 * abs(ratio - 1):.0f}" if abs(ratio - 1) >= 0.095 else f"{100 * abs(ratio - 1):.1f}"
        ),
        "ratio": _same(f"{ratio:.2f}" if abs(ratio - 1) >= 0.095 else f"{ratio:.3f}"),
        "lower": _same(f"{lower:.3f}"),
        "upper": _same(f"{upper:.3f}"),
        "confidence": _same(f"{100 * confidence:.0f}"),
        "p": _p(estimate.p_value),
    }
    sentence = _filled((WITHIN_CLEAR if within else CLEAR) if clear else UNCLEAR, **values)
    if family is not None and clear and not family.q_value < family.significance:
        more = AMONG.format(tests=family.tests, q=f"{family.q_value:.3f}")
        sentence = Text(sentence.ja + more.ja, sentence.en + more.en)
    if beside is not None:
        more = _beside(estimate, beside, level)
        sentence = Text(sentence.ja + more.ja, sentence.en + more.en)
    return Text(sentence.ja + NO_CAUSE.ja, f"{sentence.en} {NO_CAUSE.en}")


def agreement(main: Estimate, within: Estimate) -> str:
    """Whether the comparison between places and that within places agree.

    Returns
    -------
    str
        A key of :data:`BESIDE`, or ``unclear`` where neither interval leaves out "no association".
    """
    if not np.isfinite(within.estimate):
        return "absent"
    between_clear, within_clear = (not each.lower <= 0 <= each.upper for each in (main, within))
    if between_clear and within_clear:
        return "same" if np.sign(main.estimate) == np.sign(within.estimate) else "opposite"
    if between_clear:
        return "between_only"
    return "within_only" if within_clear else "unclear"


def curve_sentence(
    verdict: Verdict,
    description: Description,
    test: CurveTest,
    outcome: Text,
    exposure: Text,
    level: str,
    within: float = float("nan"),
    opposite: float = float("nan"),
) -> Text:
    """What a specification curve says, and the reminder that it shows no cause.

    The p value is that of the median.

    Parameters
    ----------
    verdict : str
    description : Description
    test : CurveTest
    outcome, exposure : Text
        Names for a reader.
    level : str
        ``prefecture`` or ``area``.
    within, opposite : float
        Share of the models within places that are significant in the direction of the median, and in the other; NaN where
        there are none.
    """
    sentence = _filled(
        CURVES[verdict],
        outcome=outcome,
        exposure=exposure,
        level=_level(level),
        direction=_DIRECTIONS[1 if description.median > 0 else -1],
        count=_same(str(description.specifications)),
        same=_same(f"{100 * description.same_sign:.0f}"),
        significant=_same(f"{100 * (description.significant + description.opposite):.0f}"),
        median=_same(f"{np.exp(description.median):.3f}"),
        lowest=_same(f"{np.exp(description.lowest):.3f}"),
        highest=_same(f"{np.exp(description.highest):.3f}"),
        p=_p(test.p_median),
    )
    if np.isfinite(within):
        shares = (within, opposite if np.isfinite(opposite) else 0.0)
        more = _filled(
            WITHIN_SHARE,
            **{
                name: _same(f"{100 * share:.0f}")
                for name, share in zip(("within", "opposite"), shares, strict=True)
            },
        )
        sentence = Text(sentence.ja + more.ja, sentence.en + more.en)
    return Text(sentence.ja + NO_CAUSE.ja, f"{sentence.en} {NO_CAUSE.en}")


def _beside(main: Estimate, within: Estimate, level: str) -> Text:
    kind = agreement(main, within)
    if kind == "unclear":
        return Text("", "")
    return _filled(
        BESIDE[kind],
        level=_level(level),
        direction=_DIRECTIONS[1 if within.estimate > 0 else -1],
        **{
            name: _same(f"{float(np.exp(figure)):.3f}")
            for name, figure in (
                ("ratio", within.estimate),
                ("lower", within.lower),
                ("upper", within.upper),
            )
        },
    )


def _filled(text: Text, **values: Text) -> Text:
    return Text(
        text.ja.format(**{name: value.ja for name, value in values.items()}),
        text.en.format(**{name: value.en for name, value in values.items()}),
    )


def _same(figure: str) -> Text:
    return Text(figure, figure)


def _level(level: str, *, sentence_start: bool = False) -> Text:
    name = LEVELS[level]
    return Text(name.ja, name.en.capitalize()) if sentence_start else name


def _p(value: float) -> Text:
    return Text("0.001未満", "< 0.001") if value < 0.001 else Text(f"{value:.3f}", f"{value:.3f}")

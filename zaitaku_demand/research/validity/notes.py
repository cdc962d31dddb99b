"""What the codes in the column `note` of the validity results mean."""

from __future__ import annotations

from zaitaku_demand.text import Text

NOTES: dict[str, Text] = {
    "as_expected": Text("事前の想定どおり", "as expected beforehand"),
    "contrary": Text("事前の想定と異なる", "contrary to what was expected beforehand"),
    "undetermined": Text(
        "信頼区間からは、想定どおりとも異なるともいえない",
        "the interval does not say whether it is as expected",
    ),
    "same_counts": Text(
        "同じ件数（またはその一部）から作られており、独立した根拠にならない",
        "made from the same counts or a part of them, so it is no independent evidence",
    ),
    "too_few_places": Text(
        "両方の値がある地域が少なく算出できない", "too few places have both figures to compute it"
    ),
    "no_common_years": Text("両方の値がある年がない", "no year in which both have a figure"),
    "years_differ": Text(
        "比べた二つの年が異なり、その間の変化も差に含まれる",
        "the two are of different years, so changes between them are part of the difference",
    ),
    "no_reliability": Text(
        "信頼性の推定値がなく、希薄化の補正ができない",
        "no reliability at hand, so attenuation cannot be corrected",
    ),
    "low_reliability": Text(
        "信頼性が低く、希薄化を補正した値は意味をもたない",
        "reliability is too low for a correction for attenuation to mean anything",
    ),
    "above_one": Text(
        "補正した値が1を超える（誤差が独立でないか、信頼性が低く見積もられている）",
        "the corrected value exceeds 1 (errors are not independent, or reliability is underestimated)",
    ),
    "covariate_missing": Text(
        "この区分には補正に使う変数がない", "the covariates are not at hand at this level"
    ),
    "covariate_partly_missing": Text(
        "補正に使う変数の一部がこの区分にない", "some of the covariates are not at hand at this level"
    ),
    "not_fitted": Text("回帰が収束しない", "the regression does not converge"),
    "no_upper_bound": Text("上限のない指標である", "the indicator has no upper bound"),
    "hidden_near_floor": Text(
        "0件は秘匿された値（10件未満など）と区別できない",
        "zero cannot be told from hidden values (such as fewer than 10)",
    ),
    "by_residence": Text(
        "住所地による集計であり、医療機関所在地による偏りは当てはまらない",
        "counted by residence, so the bias of counting by place of institution does not apply",
    ),
    "by_incident": Text(
        "発生地による集計であり、医療機関所在地による偏りは当てはまらない",
        "counted where it happened, so the bias of counting by place of institution does not apply",
    ),
    "both_by_institution": Text(
        "分子・分母とも医療機関所在地による集計で、流出入は両方に生じうる",
        "numerator and denominator are both counted by place of institution, so flows can be in both",
    ),
    "denominator_by_institution": Text(
        "分母が医療機関所在地による集計であり、流出入による偏りが分母に生じうるが、その大きさは算出していない",
        "the denominator is counted by place of institution, so flows can be in it; how far is not computed",
    ),
    "places_hidden": Text(
        "値が秘匿された地域を除いた計算であり、それらの地域との流出入は含まれず、上限とはいえない",
        "computed without the places whose figures are hidden; flows with those are not counted, so it is no upper limit",
    ),
    "both_by_institution_places_hidden": Text(
        "分子・分母とも医療機関所在地による集計で流出入は両方に生じうる。また、値が秘匿された地域との流出入は含まれず、上限とはいえない",
        "numerator and denominator are both counted by place of institution, so flows can be in both; flows with places whose "
        "figures are hidden are not counted, so it is no upper limit",
    ),
    "no_difference": Text("地域間に偶然を超える差がない", "places do not differ beyond chance"),
}

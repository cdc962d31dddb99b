"""Sentences of the before/after designs, with places for names and figures; ``:log`` marks the scale of ratios."""

from __future__ import annotations

from zaitaku_demand.text import Text

TEMPLATES: dict[str, Text] = {
    "switchers": Text(
        "「{term}」の事象が期間中にあり、その後も続いた地域は{switched}、期間中ずっとない地域は{never}、初年度からある地域は{always}、"
        "途中でなくなった地域は{reversed}、値が欠ける地域は{unknown}であった。",
        "'{term}': places with the event in the period that was kept: {switched}; without it throughout: {never}; with it from the "
        "first year on: {always}; lost again: {reversed}; not known: {unknown}.",
    ),
    "difference_in_changes": Text(
        "「{term}」の事象があった{switchers}地域とない地域との間の「{outcome}」の変化の差は{estimate}{unit}"
        "（{confidence}%信頼区間{lower}～{upper}、{method}）であった。",
        "The difference in changes of '{outcome}' between the {switchers} places with the event '{term}' and those without was "
        "{estimate}{unit} ({confidence}% interval {lower} to {upper}; {method}).",
    ),
    "ratio_of_changes": Text(
        "「{term}」の事象があった{switchers}地域とない地域との間の「{outcome}」の変化の比は{estimate}"
        "（{confidence}%信頼区間{lower}～{upper}、{method}）であった。",
        "The ratio of changes of '{outcome}' between the {switchers} places with the event '{term}' and those without was "
        "{estimate} ({confidence}% interval {lower} to {upper}; {method}).",
    ),
    "placebo_date": Text(
        "「{term}」の事象が{shift}年早くあったと仮定し、実際より前の年だけで比べると、「{outcome}」の変化の差は{estimate}{unit}"
        "（{confidence}%信頼区間{lower}～{upper}）であった（平行であれば0に近い）。",
        "Taking the event '{term}' as {shift} year(s) earlier, the years before the real one alone give a difference in changes of "
        "'{outcome}' of {estimate}{unit} ({confidence}% interval {lower} to {upper}); parallel paths would give about 0.",
    ),
    "placebo_date:log": Text(
        "「{term}」の事象が{shift}年早くあったと仮定し、実際より前の年だけで比べると、「{outcome}」の変化の比は{estimate}"
        "（{confidence}%信頼区間{lower}～{upper}）であった（平行であれば1に近い）。",
        "Taking the event '{term}' as {shift} year(s) earlier, the years before the real one alone give a ratio of changes of "
        "'{outcome}' of {estimate} ({confidence}% interval {lower} to {upper}); parallel paths would give about 1.",
    ),
    "pre_trend": Text(
        "「{term}」の事象の前の「{outcome}」の変化に違いがあるかの検定は{p_value}であった。有意でないことは平行であったことの証明ではない。",
        "The test for different changes of '{outcome}' before the event '{term}' gave {p_value}; a test that is not significant is no "
        "proof of parallel paths.",
    ),
    "detectable_drift": Text(
        "事象の前の年の推定値のいずれかが{power}%の確率で有意になるのは、「{outcome}」の1年あたり{estimate}{unit}の開きがあるときである。",
        "The drift of '{outcome}' at which any estimate of the years before the event is significant with probability {power}% is "
        "{estimate}{unit} a year.",
    ),
    "detectable_drift:log": Text(
        "事象の前の年の推定値のいずれかが{power}%の確率で有意になるのは、「{outcome}」の1年あたり{estimate}倍の開きがあるときである。",
        "The drift of '{outcome}' at which any estimate of the years before the event is significant with probability {power}% is a "
        "factor of {estimate} a year.",
    ),
    "drift_bias": Text(
        "そのような開きが事象と関係なく続いていれば、それだけで「{outcome}」の変化の差は{estimate}{unit}（符号は開きの向きによる）になる。",
        "If such a drift went on regardless of the event, it alone would make the difference in changes of '{outcome}' "
        "{estimate}{unit} in size.",
    ),
    "drift_bias:log": Text(
        "そのような開きが事象と関係なく続いていれば、それだけで「{outcome}」の変化の比は{estimate}（または逆数）になる。",
        "If such a drift went on regardless of the event, it alone would make the ratio of changes of '{outcome}' {estimate} "
        "(or its reciprocal).",
    ),
    "earlier_comparison_share": Text(
        "二元固定効果モデルの推定値のうち、すでに「{term}」の事象があった地域との比較が{percent}%を占める。",
        "Comparisons with places that already had the event '{term}' make up {percent}% of the two-way fixed effects estimate.",
    ),
    "negative_weight_share": Text(
        "二元固定効果モデルで負の重みは合計{percent}%である（「{term}」、「{outcome}」）。",
        "Negative weights in two-way fixed effects add up to {percent}% ('{term}', '{outcome}').",
    ),
    "level_ratio": Text(
        "{term}の直後の「{outcome}」は、それまでの傾向から見込まれる水準の{estimate}倍"
        "（{confidence}%信頼区間{lower}～{upper}、{method}）であった。",
        "Just after {term}, '{outcome}' was {estimate} times what the earlier trend gives "
        "({confidence}% interval {lower} to {upper}; {method}).",
    ),
    "slope_ratio": Text(
        "{term}の前後で「{outcome}」の年あたりの伸びの比は{estimate}（{confidence}%信頼区間{lower}～{upper}、{method}）であった。",
        "The yearly growth of '{outcome}' after {term} was {estimate} times that before "
        "({confidence}% interval {lower} to {upper}; {method}).",
    ),
    "dispersion": Text(
        "「{outcome}」の過分散（対数の回帰では残差分散）は{estimate}である（{method}）。",
        "Dispersion of '{outcome}' (residual variance in the regression of logarithms): {estimate} ({method}).",
    ),
    "durbin_watson": Text(
        "「{outcome}」の残差のDurbin–Watson統計量は{estimate}である（2なら自己相関なし。{method}）。",
        "Durbin-Watson statistic of the residuals of '{outcome}': {estimate} (2 without autocorrelation; {method}).",
    ),
    "ljung_box": Text(
        "「{outcome}」の残差の自己相関の検定（Ljung–Box）はp={p_value}である（{method}）。",
        "Ljung-Box test of autocorrelation of the residuals of '{outcome}': p = {p_value} ({method}).",
    ),
    "autocorrelation": Text(
        "「{outcome}」の残差の1次の自己相関は{estimate}である。",
        "First-order autocorrelation of the residuals of '{outcome}': {estimate}.",
    ),
    "placebo_dates": Text(
        "何も起きていない{dates}の月に仮の変化点を置くと、その{percent}%で{term}と同じかそれより大きい「{outcome}」の水準の変化が現れた。",
        "Of {dates} other months taken as if something had happened, {percent}% show a level change of '{outcome}' at least as large "
        "as that at {term}.",
    ),
    "level_ratio_quartiles": Text(
        "{term}の後の「{outcome}」の水準の変化は、地域の中央値で{estimate}倍（四分位範囲{lower}～{upper}）であった。",
        "After {term} the level of '{outcome}' was {estimate} times the trend in the median place (quartiles {lower} and {upper}).",
    ),
    "share_of_places_above_one": Text(
        "{term}の後に「{outcome}」の水準がそれまでの傾向を上回った地域は{percent}%であった。",
        "After {term} '{outcome}' lay above its earlier trend in {percent}% of the places.",
    ),
}

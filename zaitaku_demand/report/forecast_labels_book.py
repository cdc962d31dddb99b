"""Words of the workbook sheets and tables of the forecast."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

from zaitaku_demand.text import Text

INTERVALS = Text("区間推計", "Intervals")
PEAKS = Text("ピーク年の確率", "Peak probability")
SOURCES = Text("不確実性の要因", "Sources of uncertainty")
SCENARIOS = Text("シナリオ", "Scenarios")
CHANGES = Text("増減の要因", "What makes the change")
BACKTEST = Text("過去検証", "Backtest")
POPULATION = Text("過去検証（人口）", "Backtest (population)")
OFFICIAL = Text("公式推計との比較", "Official comparison")

INTERVALS_TITLE = Text("推計値と80％・95％区間", "Projection with 80 and 95 % intervals")
PEAK_TITLE = Text("ピーク年の確率", "Probability of the peak year")
PEAK_INTERVALS_TITLE = Text("ピーク年とその80％の範囲", "Peak year and its 80 % range")
SOURCES_TITLE = Text(
    "不確実性の要因（ばらつきに占める割合）", "Sources of uncertainty (shares of the variance)"
)
SCENARIOS_TITLE = Text("シナリオ別の推計値", "Projection by scenario")
SCENARIO_PEAKS_TITLE = Text("シナリオ別のピーク年", "Peak year by scenario")
SPLITS_TITLE = Text(
    "自宅・施設の別を変えるシナリオによる内訳", "The split under scenarios that move patients to facilities"
)
CHANGES_TITLE = Text("増減の要因（要因分解）", "What makes the change (decomposition)")
BACKTEST_TITLE = Text("過去検証：方法別の誤差と区間の的中率", "Backtest: errors and coverage by method")
POPULATION_TITLE = Text("将来推計人口の過去検証", "Backtest of the population projection")
OFFICIAL_TITLE = Text(
    "厚生労働省の推計との差が大きい圏域", "Areas that differ most from the ministry's projection"
)

RUNS = Text("推計（{runs}回の試行、乱数の種 {seed}）。", "Estimated ({runs} runs, seed {seed}). ")
INTERVALS_LEGEND = Text(
    "80％（95％）区間は、実際の値が5回に4回（20回に19回）ほど入ると見込まれる範囲。何倍かは今の水準の不確かさを除いた区間である（今の実績に掛けて使える）。現状投影は率を{base}年度のまま一定とした値。毎年の値はtables/intervals.csvにある。",
    "The 80 (95) % interval is expected to hold the true value four times in five (nineteen in twenty). The interval of the growth leaves out what is uncertain about the present level, so that it can be "
    "multiplied by a known present number. Constant rates: those of "
    "FY{base} kept. Every year is in tables/intervals.csv.",
)
PEAK_LEGEND = Text(
    "確率は、その年がピークになった試行の割合。年ではなく幅（5年の区分）で読む。最終年（{last}年）の列は「{last}年以降」を意味し、実際のピークはそれより後の可能性がある。",
    "The probability is the share of runs that peak in the year; read the five-year classes rather than the year. The last column ({last}) means then or later.",
)
SOURCES_LEGEND = Text(
    "割合はばらつき（分散）に占める割合で、要因の合計が100％。10％点・90％点は、その要因だけを動かしたときの値。空欄は変動しないことを示す。",
    "Shares are of the variance and add up to 100 %. 10th and 90th percentile: if only this source varies. Blank: does not vary.",
)
SCENARIOS_LEGEND = Text(
    "推計。シナリオは「もし～なら」の計算で、どれが起こりやすいかを示すものではない。差は現状投影（率を{base}年度のまま一定）に対する割合。ピーク年が最終年（{last}年）の場合は{last}年以降。各シナリオの仮定：{notes}",
    "Estimated. A scenario is a what-if; none is said to be more probable. Differences are from constant rates of FY{base}. A peak "
    "in the last year ({last}) means then or later. Assumptions: {notes}",
)
CHANGES_LEGEND = Text(
    "推計。各要因の寄与の合計は、はじめの年から終わりの年までの変化に一致する。％ははじめの年の値に対する割合。",
    "Estimated. The effects add up to the change between the two years; % of the value of the first year.",
)
BACKTEST_LEGEND = Text(
    "各年度までの実績だけで後の年度を推計し、実績と比べた。採用した方法のほか、採用しなかった方法もすべて示す。偏りは推計が実績より大きいとき正。的中率は実績が区間に入った割合で、区間を出さない方法と件数が{n}件に満たないものは空欄。",
    "Later years projected from what was known at each earlier year, against what came; methods that were not chosen are shown too. "
    "The bias is positive where the projection was too high. Blank: no interval, or fewer "
    "than {n} cases.",
)
POPULATION_LEGEND = Text(
    "公表時の将来推計人口を、その後の国勢調査・住民基本台帳人口と比べた。偏りは推計が実績より大きいとき正。",
    "Population projections against later censuses and registers. The bias is positive where the projection was too high.",
)
OFFICIAL_LEGEND = Text(
    "本推計を厚生労働省の推計に当てはめてはいない。本推計の側も率を一定として比べた。比は後の年の値をはじめの年の値で割ったもの、差は厚生労働省の推計に対する割合。理由は、年齢階級・圏域の年齢構成・基準年・施設の割合から考えられるもの。",
    "Nothing is fitted to the ministry's numbers. Our side is at constant rates. Ratio: later over first year; the difference is relative to the ministry's. Reasons: what "
    "age bands, local age profile, base year and share of facilities can explain.",
)

LEVEL = Text("区分", "Level")
LEVELS = {
    "nation": Text("全国", "Japan"),
    "prefecture": Text("都道府県", "Prefecture"),
    "area": Text("圏域", "Area"),
}
SIZE = Text("人口規模", "Size")
SIZES = {
    "all": Text("すべて", "all"),
    "small": Text("小", "small"),
    "medium": Text("中", "medium"),
    "large": Text("大", "large"),
}
CODE = Text("コード", "Code")
NAME = Text("名称", "Name")
STATE = Text("状態", "State")
GROWTH = Text("{base}年の何倍か", "Times {base}")
GROWTH_LOWER = Text("何倍か・80％区間の下限", "Growth, 80 % lower")
GROWTH_UPPER = Text("何倍か・80％区間の上限", "Growth, 80 % upper")
FIRST_YEAR = Text("はじめの年", "First year")
LATER_YEAR = Text("後の年", "Later year")
PEAK_MEDIAN = Text("ピーク年の中央値", "Median peak year")
PEAK_LOWER = Text("ピーク年の80％の範囲・下限", "80 % range of the peak, from")
PEAK_UPPER = Text("ピーク年の80％の範囲・上限", "80 % range of the peak, to")
PEAK_CENSORED = Text("{last}年以降の確率", "In {last} or later")
QUANTITY = Text("対象", "Quantity")
SOURCE = Text("要因", "Source")
SHARE = Text("ばらつきに占める割合", "Share of the variance")
LOW = Text("10％点", "10th percentile")
HIGH = Text("90％点", "90th percentile")
FACTOR = Text("要因", "Factor")
EFFECT = Text("寄与", "Effect")
EFFECT_SHARE = Text("寄与（％）", "Effect (%)")
BEFORE = Text("はじめの年の値", "Value before")
AFTER = Text("終わりの年の値", "Value after")
FROM = Text("はじめの年", "From")
TO = Text("終わりの年", "To")
DIFFERENCE = Text("{year}年の現状投影との差", "{year} against constant rates")
PEAK_VALUE = Text("ピークの値", "Value at the peak")
CHOSEN = Text("採用", "Chosen")
YES = Text("○", "yes")
PER_CENT_UNIT = Text("％", "per cent")
PROBABILITY_UNIT = Text("年・確率", "years and probabilities")
UNIT_AND_YEARS = Text("{unit}（ピーク年は年）", "{unit} (years where the peak year is meant)")

"""Words of the forecast figures and of the page section "how sure is it"."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

from zaitaku_demand.text import Text

JAPAN = Text("全国", "Japan")
TO_LATER = Text("{low}～{high}年以降", "{low} to {high} or later")
TO_YEAR = Text("{low}～{high}年", "{low} to {high}")
GROWTH_RANGE = Text(
    "{year}年は{base}年の{value}倍（80％区間 {low}～{high}倍）",
    "{year}: {value} times {base} (80 %: {low} to {high})",
)
RANGE_80 = Text("{peak}（80％の範囲 {span}）", "{peak} (80 % range {span})")
VALUE_RANGE = Text("{year}年 {value}（80％区間 {low}～{high}）", "{year}: {value} (80 %: {low} to {high})")
VALUE_PLAIN = Text("{year}年 {value}", "{year}: {value}")

BAND_95 = Text("95％区間", "95 % interval")
BAND_80 = Text("80％区間", "80 % interval")
PRINCIPAL = Text("推計値", "Projection")
MEDIAN = Text("中央値", "Median")
CONSTANT = Text("現状投影（率一定）", "Constant rates")
PEAK_MARK = Text("ピーク年", "Peak year")
PEAK_SPAN = Text("ピーク年の80％の範囲", "80 % range of the peak")

FAN_TITLE = Text("{place}の{service}と、その幅", "{service}, {place}: projection and its range")
FAN_SENTENCE = Text(
    "{year}年は{value}{unit}。80％の確からしさで{low}～{high}{unit}に入る。{peak}",
    "{year}: {value} {unit}; with 80 % probability between {low} and {high}. {peak}",
)
FAN_PLAIN = Text(
    "{year}年は{value}{unit}（区間なし）。{peak}", "{year}: {value} {unit} (no interval). {peak}"
)
FAN_PEAK = Text("ピークは{peak}。", "The peak: {peak}.")
FAN_READING = Text(
    "帯：その年の値が80％・95％の確からしさで入る範囲（{runs}回の試行、乱数の種 {seed}）。●：ピーク年　▶：期間末でピーク　横棒：ピーク年の80％の範囲　破線：率を{base}年度のまま一定とした現状投影。",
    "Bands: where the value lies with 80 and 95 % probability ({runs} runs, seed {seed}). ●: peak; ▶: still rising at the "
    "end; bar: 80 % range of the peak; dashed: rates of FY{base} kept constant.",
)
AREAS_TITLE = Text("{place}の圏域別{service}と、その幅", "{place}: {service} by area and its range")
AREAS_SCALES = Text("縦軸の幅は圏域ごとに異なる。", "Vertical scales differ between areas.")

STRIP_TITLE = Text(
    "ピーク年の確率：{place}（{service}）", "{place}: probability of each peak year ({service})"
)
STRIP_SENTENCE = Text(
    "色が濃い年ほどピークになる確率が高い。色が横に広い所は、ピーク年を1つの年に決められない。",
    "The darker a year, the more probable the peak in it. Where the shade is wide, no single year can be named.",
)
STRIP_READING = Text(
    "○：推計値でのピーク年。右端の列は「{last}年以降」（推計期間の最終年が最大の場合で、実際のピークはそれより後の可能性がある）。{runs}回の試行による割合（乱数の種 {seed}）。1％未満の年は白。",
    "○: peak year of the projection. The last column means {last} or later: the last year is the largest, the true peak may "
    "come after it. Shares of {runs} runs (seed {seed}); below 1 % white.",
)
STRIP_UNIT = Text("確率（％）", "probability (%)")
STRIP_LEGEND = Text("その年がピークになる確率", "Probability of the peak")
STRIP_PEAK = Text("ピーク年", "Peak year")
STRIP_RANGE = Text("80％の範囲", "80 % range")
STRIP_CLASSES = Text("5年の区分でみた確率", "Probability by five-year class")
STRIP_LATE = Text("{year}年以降の確率", "In {year} or later")
LATER = Text("以降", "or later")
TO_PER_CENT = Text("{low}～{high}％", "{low}-{high} %")
OVER_PER_CENT = Text("{low}％以上", "{low} %+")

SOURCES_TITLE = Text("何が幅を生むか：{place}の{service}", "What makes the range: {service}, {place}")
SOURCES_SENTENCE = Text(
    "最も大きいのは「{source}」で、{quantity}のばらつき（分散）の{share}を占める。",
    'Most comes from "{source}": {share} of the variance of {quantity}.',
)
SOURCES_READING = Text(
    "棒：その要因だけを動かしたときの80％の範囲（10％点と90％点）。縦線：推計値。％：ばらつき（分散）に占める割合。",
    "Bars: 80 % range if only this source varies (10th and 90th percentile). Line: the projection. %: share of the variance.",
)
QUANTITY_VALUE = Text("{year}年の値", "the value of {year}")
QUANTITY_PEAK = Text("ピーク年", "the peak year")
WITH_UNIT = Text("{what}（{unit}）", "{what} ({unit})")
NO_VARIATION = Text("変動なし", "does not vary")
NO_MOVE = Text("動かない", "does not move")
SHARES_CLIPPED = Text(
    "要因の組合せの効果により割合がわずかに負になるものは0％と示す。",
    "A share that sources acting together make slightly negative is shown as 0 %.",
)

BACKTEST_TITLE = Text(
    "過去の推計ならどれだけ当たったか（{service}）", "How well would it have done ({service})"
)
BACKTEST_ERROR = Text("平均絶対誤差率（％）：{level}", "Mean absolute error (%): {level}")
BACKTEST_COVERAGE = Text(
    "採用した方法の区間に実績が入った割合：{level}", "Share inside the interval of the chosen method: {level}"
)
BACKTEST_AXIS = Text("何年先か", "Years ahead")
BACKTEST_CHOSEN = Text("{method}（採用）", "{method} (chosen)")
BACKTEST_READING = Text(
    "各年度までの実績だけで後の年度を推計し、実績と比べた。線：何年先かごとの誤差（小さいほどよい）。線の右の数：最も先の年の誤差。灰色：採用しなかった方法。右：80％区間（白抜き）と95％区間（塗り）に実績が入った割合。破線は本来の割合で、これに近いほどよい。",
    "Later years projected from what was known at each earlier year, against what came. Lines: error by years ahead (smaller is "
    "better), its last value beside it; grey: methods not chosen. Right: share inside the 80 % (hollow) and 95 % (filled) intervals; "
    "dashed: nominal, the closer the better.",
)
BACKTEST_AREAS = Text(
    "圏域：この推計は圏域に都道府県の比を用いる。緑は圏域自身の比を用いる方法（--rates area）。",
    "Areas: this run uses the prefecture's ratio for them; green: the area's own ratio (--rates area).",
)
BACKTEST_UNTESTED = Text(
    "この推計の方法（全国の率、または利用者の率をそのまま用いる）は、この区分では検証していない。",
    "The way of this run (national or own rates as they are) was not tested at this level.",
)
METHODS = {
    "constant": Text("率一定", "constant rates"),
    "trend": Text("趨勢（減衰なし）", "trend, undamped"),
    "damped": Text("趨勢（減衰あり）", "trend, damped"),
    "damped_place": Text("趨勢（減衰あり）＋都道府県の変化", "damped + prefecture's change"),
    "damped_own_change": Text("趨勢（減衰あり）＋圏域の変化", "damped + area's change"),
    "last_value": Text("直近の件数のまま", "last count"),
    "total_growth": Text("総数の伸び（減衰なし）", "growth of total, undamped"),
    "total_growth_damped": Text("総数の伸び（減衰あり）", "growth of total, damped"),
    "constant_prefecture_ratio": Text("率一定・都道府県の比", "constant, prefecture's ratio"),
    "damped_prefecture_ratio": Text("趨勢（減衰あり）・都道府県の比", "damped, prefecture's ratio"),
    "constant_shrunk_ratio": Text("率一定・縮小した圏域比", "constant, shrunk area ratio"),
    "damped_shrunk_ratio": Text("趨勢（減衰あり）・縮小した圏域比", "damped, shrunk area ratio"),
}
"""Short names beside the lines of the figure; the tables have the full ones."""
BACKTEST_UNIT = Text("％", "per cent")
BACKTEST_STATE = Text("推計と実績の比較", "Projections against what came")
NOMINAL = Text("{level}％", "{level} %")
NO_COVERAGE = Text(
    "示せない（区間がないか、件数が{n}件に満たない）",
    "cannot be given (no interval, or fewer than {n} cases)",
)
LEVEL_NAMES = {
    "nation": Text("全国", "Japan"),
    "prefecture": Text("都道府県", "prefectures"),
    "area": Text("圏域", "areas"),
}

SCENARIO_TITLE = Text("シナリオによる違い：{place}の{service}", "Scenarios: {service}, {place}")
SCENARIO_AREAS_TITLE = Text(
    "シナリオによる違い：{place}の圏域（{service}）", "Scenarios by area: {place} ({service})"
)
SCENARIO_SENTENCE = Text(
    "{year}年は、最も少ない「{low_name}」で{low}、最も多い「{high_name}」で{high}{unit}。",
    "{year}: from {low} ({low_name}) to {high} {unit} ({high_name}).",
)
SCENARIO = Text("シナリオ", "Scenario")
IS_BASE = Text("基準", "base")
AGAINST_BASE = Text("現状投影との差", "Against constant rates")
DIFFERENCE_SHORT = Text("差", "Diff.")
SCENARIO_PEAK = Text("ピーク {peak}", "peak {peak}")
SCENARIO_READING = Text(
    "シナリオは「もし～なら」の計算で、どれが起こりやすいかを示すものではない。差は現状投影（率を{base}年度のまま一定）に対する割合。",
    "A scenario is a what-if; none is said to be more probable. Differences are from constant rates of FY{base}.",
)

CHANGE_TITLE = Text(
    "なぜ変わるのか：{place}の{service}、{from_year}年から{to_year}年",
    "Why it changes: {service}, {place}, {from_year} to {to_year}",
)
CHANGE_READING = Text(
    "各要因の寄与の合計は全体の変化に一致する（Das Guptaの要因分解）。％は{from_year}年の値に対する割合。",
    "The effects add up to the change (Das Gupta's decomposition); % of the value of {from_year}.",
)

CHANGE_AMOUNT = Text("{effect}（{share}％）", "{effect} ({share} %)")
CHANGE_YEAR = Text("{year}年", "{year}")

H_FORECAST = Text("どのくらい確かか", "How sure is it?")
BAND_MEANING = Text(
    "将来の値は1つの数で示しますが、実際には幅があります。80％区間は、実際の値が5回に4回ほど入ると見込まれる範囲、95％区間は20回に19回ほど入ると見込まれる範囲です。"
    "計画では、1つの値ではなく80％区間の下限と上限の両方で支障がないかを確かめることをお勧めします。"
    "この幅に入れているのは次の要因です：{listed}。制度の改定や感染症の流行など、過去のデータにない変化は入っていません。",
    "A future value is given as one number but has a range. The 80 % interval is expected to hold the true value about four times "
    "in five, the 95 % interval nineteen times in twenty. Plan so that both ends of the 80 % interval can be met. The range covers: "
    "{listed}. Changes that the data have never seen, such as reforms or epidemics, are not in it.",
)
BAND_RUNS = Text(
    "{runs}回の試行による（乱数の種 {seed}。同じ種からは同じ結果が得られます）。",
    "From {runs} runs (seed {seed}; the same seed gives the same results).",
)
H_PEAK = Text("ピークはいつか、どのくらい確かか", "When is the peak, and how sure is that?")
PEAK_IS = Text("{place}のピーク年：{peak}。", "Peak of {place}: {peak}.")
PEAK_CENSORED = Text(
    "推計期間の最終年（{last}年）が最大になる確率は{share}で、その場合の実際のピークは{last}年より後かもしれません。",
    "With probability {share} the last year ({last}) is the largest; the true peak may then come after {last}.",
)
PEAK_SHARP = Text(
    "{n}圏域のうち、ピーク年の80％の範囲が5年以内に収まるのは{count}圏域です。残りの圏域では、ピーク年を1つの年に決めて計画することは勧められません。",
    "In {count} of {n} areas the 80 % range of the peak is within five years. In the others no plan should rest on a single "
    "peak year.",
)
H_ONE_AREA = Text("1つの圏域の数字を使うとき", "Using the figures of one area")
H_SCENARIOS = Text("何が変われば、どう変わるか", "What would change it?")
H_WHY = Text("なぜ変わるのか", "Why does it change?")
WHY = Text("{place}、{sentence}", "{place}, {sentence}")
H_BACKTEST = Text("過去の推計ならどれだけ当たったか", "How well would it have done?")
H_OFFICIAL = Text("厚生労働省の推計との違い", "Where it differs from the ministry's projection")
H_SOURCES = Text("何が幅を生むか", "What makes the range?")
SEE_ALL_AREAS = Text(
    "圏域ごとの区間・ピーク年の確率はワークブックの「区間推計」「ピーク年の確率」にあります。",
    "Intervals and peak probabilities of all areas are in the workbook.",
)
ALT_FAN = Text(
    "グラフ：{place}の推計値と80％・95％区間。同じ値は下の表とワークブックにある。",
    "Chart of the projection of {place} with its 80 and 95 % intervals; the table holds the same.",
)
ALT_STRIP = Text(
    "図：{place}のピーク年の確率。同じ値はワークブックにある。",
    "Strip of the peak probabilities, {place}; the workbook holds the same.",
)
ALT_SOURCES = Text(
    "グラフ：{place}の幅を生む要因。同じ値はワークブックにある。",
    "Chart of the sources of the range, {place}; the workbook holds the same.",
)
ALT_SCENARIOS = Text(
    "グラフ：{place}のシナリオ別の推移。同じ値は下の表にある。",
    "Chart of the scenarios, {place}; the table holds the same.",
)
ALT_CHANGE = Text(
    "グラフ：{place}の増減の要因。同じ内容は本文にある。",
    "Chart of what makes the change, {place}; the text says the same.",
)
ALT_BACKTEST = Text(
    "グラフ：過去検証での誤差と区間の的中率。同じ値は下の表にある。",
    "Chart of errors and coverage of the backtest; the table holds the same.",
)
ALT_SCENARIO_AREAS = Text(
    "グラフ：{place}の圏域ごとのシナリオ別の推移。同じ値はワークブックにある。",
    "Charts of the scenarios of the areas of {place}; the workbook holds the same.",
)
ALT_AREAS = Text(
    "グラフ：{place}の圏域ごとの推計値と区間。", "Charts of projection and interval of the areas of {place}."
)

INTERVAL_TABLE = Text(
    "{place}の推計値と区間（{unit}、推計値）", "{place}: projection and intervals ({unit}, estimated)"
)
LOWER_80 = Text("80％区間の下限", "80 % lower")
UPPER_80 = Text("80％区間の上限", "80 % upper")
LOWER_95 = Text("95％区間の下限", "95 % lower")
UPPER_95 = Text("95％区間の上限", "95 % upper")
SCENARIO_TABLE = Text("シナリオ別の値：{place}（{unit}、推計値）", "Scenarios: {place} ({unit}, estimated)")
ASSUMPTION = Text("仮定", "Assumption")
ERROR_TABLE = Text(
    "過去検証：すべての方法の平均絶対誤差率（％、{level}）",
    "Backtest: mean absolute error of all methods (%, {level})",
)
COVERAGE_TABLE = Text(
    "過去検証：区間に実績が入った割合（{level}）", "Backtest: share inside the intervals ({level})"
)
INTERVAL = Text("区間", "Interval")
AHEAD_NOTE = Text(
    "「全体」は比較した件数で平均した値です。標準の方法は、何年先かごとに同じ重みで平均した誤差で選んでいます。",
    "'all' is the mean over the cases compared; the default is chosen by the mean that gives every number of years ahead the same weight.",
)
AHEAD_ALL = Text("全体", "all")
AHEAD = Text("{n}年先", "{n} ahead")
METHOD = Text("方法", "Method")
HORIZON = Text("何年先か", "Years ahead")
CASES = Text("件数", "Cases")
MAPE = Text("平均絶対誤差率（％）", "Mean absolute error (%)")
MEDIAN_APE = Text("誤差率の中央値（％）", "Median error (%)")
BIAS = Text("偏り（％）", "Bias (%)")
COVERAGE_80 = Text("80％区間の的中率", "Inside 80 % interval")
COVERAGE_95 = Text("95％区間の的中率", "Inside 95 % interval")
POPULATION_TABLE = Text("将来推計人口の過去検証", "Backtest of the population projection")
COMPARED = Text("比べたもの", "Compared")
AREA_TYPE = Text("圏域の類型", "Type of area")
OFFICIAL_TABLE = Text(
    "厚生労働省の推計との差が大きい圏域（{n}圏域）",
    "Areas that differ most from the ministry's projection ({n})",
)
OFFICIAL_NOTE = Text(
    "本推計を厚生労働省の推計に当てはめてはいません。本推計の側も率を一定として比べています。比は{to_year}年の値を{from_year}年の値で割ったもの、差は厚生労働省の推計の比に対する割合です。",
    "Nothing is fitted to the ministry's numbers. Our side is at constant rates here. The ratio is the value of {to_year} over that of {from_year}; "
    "the difference is relative to the ministry's.",
)
OUR_PEAK = Text("本推計のピーク年", "Peak, this projection")
THEIR_PEAK = Text("厚労省推計のピーク年", "Peak, ministry")
OUR_INDEX = Text("本推計の比", "Ratio, this projection")
THEIR_INDEX = Text("厚労省推計の比", "Ratio, ministry")
DIFFERENCE = Text("差（％）", "Difference (%)")
REASON = Text("考えられる理由", "Likely reason")

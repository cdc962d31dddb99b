"""Labels that figures, workbook and page of the benchmark share, in both languages."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

from zaitaku_demand.benchmark.verdict import VERDICT_NAMES, VERDICT_SIGNS
from zaitaku_demand.indicators import declaration
from zaitaku_demand.text import Text

LEVELS = {
    "prefecture": Text("都道府県", "Prefecture"),
    "area": Text("二次医療圏", "Secondary medical area"),
}
PLACES_COUNT = {
    "prefecture": Text("{n}都道府県", "{n} prefectures"),
    "area": Text("{n}二次医療圏", "{n} secondary medical areas"),
}
EDITION = Text("圏域の版：{edition}圏域", "Areas: edition of {edition}")
FOCUS_HIDDEN = Text(
    "本報告の対象のうち値のない地域：{listed}", "Places of this report without a figure: {listed}"
)
JAPAN = Text("全国", "Japan")
FUNCTIONS = {
    **{key: Text(name.ja, name.en.capitalize()) for key, name in declaration.FUNCTIONS.items()},
    "total": Text("総合", "Overall"),
}
TYPES = {key: Text(name.ja, name.en.capitalize()) for key, name in declaration.TYPES.items()}
TYPE_LETTERS = {
    "structure": Text("Ｓ", "S"),
    "process": Text("Ｐ", "P"),
    "outcome": Text("Ｏ", "O"),
}
BETTER, PLACES = declaration.BETTER, declaration.PLACES
STATES = {
    "observed": Text("実績値", "observed"),
    "estimated": Text("推計", "estimated"),
    "suppressed": Text("秘匿", "suppressed"),
    "no_data": Text("データなし", "no data"),
}
VERDICTS = {str(key): name for key, name in VERDICT_NAMES.items()}
SIGNS = {str(key): sign for key, sign in VERDICT_SIGNS.items()}
TRENDS = {
    "up": Text("上昇", "rising"),
    "flat": Text("横ばい", "flat"),
    "down": Text("低下", "falling"),
    "none": Text("判定できない", "no trend can be told"),
}
TREND_SIGNS = {"up": "↗", "flat": "→", "down": "↘", "none": "・"}
FUNNEL_STATUS = {
    "high_998": Text("99.8％限界の上", "above the 99.8 % limit"),
    "high_95": Text("95％限界の上", "above the 95 % limit"),
    "inside": Text("限界の内側", "inside the limits"),
    "low_95": Text("95％限界の下", "below the 95 % limit"),
    "low_998": Text("99.8％限界の下", "below the 99.8 % limit"),
}
FOR_YEAR = Text("対象年：{year}", "Year: {year}")
YEARS_MIXED = Text("{first}～{last}（NDBは年度）", "{first}-{last} (NDB: fiscal years)")
FISCAL_MARK = Text("、年度", ", FY")
STATE_COUNTS = Text("状態：{listed}", "State: {listed}")
PLACE_BASIS = Text("集計の基準：{place}", "Counted by {place}")
CAVEAT = Text("留意点：{caveat}", "Note: {caveat}")
RATIO_UNIT = Text("比（全国＝1）", "ratio (Japan = 1)")
ESTIMATED_SOME = Text("推計（estimated）を含む", "Some figures are estimates")
RANK_ALONE = Text("{rank}位／{n}（区間なし）", "{rank} of {n} (no interval)")
RANK_TEXT = Text("{rank}位／{n}（{lower}～{upper}位）", "{rank} of {n} ({lower} to {upper})")
WITHIN_TYPE = "†"
INTERVAL_TEXT = Text("{value}（{lower}～{upper}）", "{value} ({lower} to {upper})")
LIST_GAP = Text("、", ", ")

FUNNEL_TITLE = Text("{name}：ファンネルプロット", "{name}: funnel plot")
FUNNEL_X = Text("期待値（全国と同じ率の場合の件数、対数目盛）", "Expected at Japan's rate (log scale)")
FUNNEL_Y = Text("比（全国＝1）", "Ratio (Japan = 1)")
FUNNEL_READING = Text(
    "点は1つの{place}。破線は95％、実線は99.8％の管理限界（過分散を調整）。限界の内側の差は、地域間に通常みられるばらつきの範囲にある。名前を示すのは、本報告の対象と、99.8％限界の外にある地域（限界から遠い順に{n}か所まで）。",
    "A point is one {place}. Dashed: 95 %, solid: 99.8 % limits, adjusted for overdispersion; differences inside them lie within the usual spread between places. Named: the places of this report and up to {n} farthest beyond the 99.8 % limits.",
)
FUNNEL_CUT = Text("縦軸の外にある{n}か所は上端に▲で示す。", "{n} beyond the axis stand at its top (▲).")
FUNNEL_ESTIMATED = Text("中が白い印は推計。", "Open marks are estimates.")
FUNNEL_UNPLOTTED = Text("図に示せない{n}か所（{listed}）。", "{n} cannot be plotted ({listed}).")
INSIDE = Text("限界の内側", "Inside the limits")
BEYOND_95 = Text("95％限界の外", "Beyond 95 %")
BEYOND_998 = Text("99.8％限界の外", "Beyond 99.8 %")
FOCUS = Text("本報告の対象", "Place of this report")

CATERPILLAR_TITLE = Text("{name}：{places}の値と95％信頼区間", "{name}: {places} with 95 % intervals")
CATERPILLAR_READING = Text(
    "値の大きい順。横線は95％信頼区間、縦の破線は全国。区間が重なる地域どうしの順位は確かでない。中が白い点は推計。",
    "Ordered by value. Lines: 95 % intervals; dashed: Japan. The order of places whose intervals overlap is not certain. Open dots are estimates.",
)
CATERPILLAR_DENSE = Text(
    "値の大きい順に左から並べた。縦線は95％信頼区間、横の破線は全国。区間が重なる地域どうしの順位は確かでない。",
    "Ordered by value from the left. Lines: 95 % intervals; dashed: Japan. The order of places whose intervals overlap is not certain.",
)

MAP_TITLE = Text("{name}：全国に対する比", "{name}: ratio to Japan")
MAP_READING = Text(
    "色は全国を1とした比で、良し悪しではない。太い枠は本報告の対象。枠内の島は位置を移し、遠い島の一部は省いた。",
    "Colours are the ratio to Japan, not good or bad. Thick outline: places of this report. Boxed islands are moved; some remote ones are left out.",
)
MAP_LEGEND = Text("全国に対する比（{unit}数）", "Ratio to Japan (number of {unit})")
MAP_UNDER = Text("{upper}未満", "under {upper}")
MAP_BETWEEN = Text("{lower}以上{upper}未満", "{lower} to under {upper}")
MAP_OVER = Text("{lower}以上", "{lower} or more")
MAP_ESTIMATED = Text("点の網掛け：推計", "Dotted: estimated")
UNIT_PREFECTURES = Text("都道府県", "prefectures")
UNIT_AREAS = Text("圏域", "areas")

PROFILE_TITLE = Text(
    "{place}の指標一覧：全国の分布の中の位置", "{place}: all indicators on the national spread"
)
PROFILE_AXIS = Text("全国に対する比（全国＝1、対数目盛）", "Ratio to Japan (= 1, log scale)")
PROFILE_READING = Text(
    "灰色の短い線：各{place}。青い菱形：類似地域の中央値。大きな丸：{name}（横線は95％信頼区間、中が白い丸は全国と区別できない）。◀▶は目盛の外。右は値と単位、全国との比較、順位／順位を付けた地域の数（95％区間。†は同じ類型の圏域の中での順位）、最近5年の動き（↗上昇、→横ばい、↘低下、・判定できない）。Ｓ・Ｐ・Ｏはストラクチャー・プロセス・アウトカム。順位は望ましい方から、良し悪しのない指標では多い方から数える。",
    "Grey ticks: every {place}. Blue diamond: median of the peers. Large dot: {name} (line: 95 % interval; open: not distinguishable from Japan). ◀ ▶: beyond the axis. Right: value and unit, comparison with Japan, rank and number ranked (95 % interval; †: among areas of the same type), trend of the last five years (↗ rising, → flat, ↘ falling, ・ cannot be told). S, P, O: structure, process, outcome. Rank 1 is the most desirable, or the largest for indicators without a direction.",
)
PROFILE_VALUE = Text("値（単位）", "Value (unit)")
PROFILE_VERDICT = Text("全国との比較", "Against Japan")
PROFILE_RANK = Text("順位（区間）", "Rank (interval)")
PROFILE_TREND = Text("動き", "Trend")
PROFILE_NOTHING = Text("データなし（{n}指標）：{listed}", "No data ({n}): {listed}")
UNIT_OF_ROWS = Text("各行のとおり（目盛は比、全国＝1）", "as each row says (scale: ratio, Japan = 1)")
OF_INDICATORS = Text("図に示す指標の", "Indicators shown. ")
ESTIMATED_SHORT = Text("推計", "est.")

SERIES_TITLE = Text("{place}の推移：全国・類似地域との比較", "{place}: course against Japan and peers")
SERIES_OWN = Text("{place}（縦線は95％信頼区間）", "{place} (lines: 95 % interval)")
SERIES_PEERS = Text("類似地域の中央値", "Median of the peers")
UNIT_OF_PANELS = Text("各図の見出しのとおり", "as each panel says")
OF_YEARS = Text("指標と年の組の", "Indicators by year. ")
SERIES_READING = Text(
    "縦軸の幅と単位は指標ごとに異なり、0から始まるとは限らない。中が白い点は推計。「秘匿」の年は値が公表されておらず、0ではない。線の切れ目は値のない年。",
    "Scales and units differ between panels and need not begin at 0. Open dots are estimates. Years marked supp. are suppressed: no figure is published, which is not zero. Gaps are years without data.",
)
SUPPRESSED_SHORT = Text("秘匿", "supp.")

SCORES_TITLE = Text(
    "4機能の評価点と順位の不確かさ", "Scores of the four functions and how certain the ranks are"
)
SCORES_AXIS = Text(
    "順位（1が最も高い評価点、評価点のある{n}地域中）", "Rank (1: highest score, of {n} with a score)"
)
SCORES_READING = Text(
    "丸：順位。太い線：順位の95％区間。細い線：重み・上下限の切り方・正規化を変え、指標を1つずつ除いたときの順位の幅。中が白い丸は、順位の区間が全体の半分以上に及び、他の地域と区別できないことを示す。右は評価点（0～1）とその95％区間。",
    "Dot: rank. Thick line: its 95 % interval. Thin line: range of the rank under other weights, clipping, normalisation and leaving one indicator out. Open: the interval spans half of all or more, the place cannot be told from others. Right: score (0 to 1) and its 95 % interval.",
)
SCORE_UNIT = Text("順位、評価点（0～1、単位なし）", "rank; score from 0 to 1, no unit")
INDISTINCT = Text("区別できない", "not distinguishable")
SCORES_STATE = Text(
    "評価点は計算した値（推計）で、観測値ではない",
    "Scores are computed (estimates), not observed",
)
SCORE = Text("評価点", "Score")

NONE = Text("該当なし", "None")

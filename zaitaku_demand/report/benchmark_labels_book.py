"""Labels of the benchmark workbook and page."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

from zaitaku_demand.text import Text

INDICATOR_ID = Text("指標番号", "Indicator id")
INDICATOR = Text("指標", "Indicator")
TYPE = Text("種別", "Type")
FUNCTION = Text("機能", "Function")
DIRECTION = Text("望ましい向き", "Desirable direction")
STATE = Text("状態", "State")
VALUE = Text("値", "Value")
LOWER = Text("95％区間\n下限", "95 % interval,\nlower")
UPPER = Text("95％区間\n上限", "95 % interval,\nupper")
INTERVAL = Text("値（95％区間）", "Value (95 % interval)")
PEER_MEDIAN = Text("類似地域\n中央値", "Peers,\nmedian")
PEER_BEST = Text("類似地域\n上位2割", "Peers,\nbest fifth")
RATIO = Text("比\n（全国＝1）", "Ratio\n(Japan = 1)")
SIGN = Text("印", "Sign")
VERDICT = Text("全国との比較", "Against Japan")
RANK = Text("順位", "Rank")
RANK_LOWER = Text("順位の区間\n上端", "Rank interval,\nbest")
RANK_UPPER = Text("順位の区間\n下端", "Rank interval,\nworst")
RANK_INTERVAL = Text("順位（95％区間）", "Rank (95 % interval)")
PLACES_N = Text("比較した数", "Places\ncompared")
TREND = Text("最近5年\nの動き", "Trend,\n5 years")
CAVEAT_HEAD = Text("留意点", "Note")
PLACE_HEAD = Text("集計の基準", "Counted by")
PLACE_CODE = Text("コード", "Code")
PLACE_NAME = Text("地域", "Place")
SHRUNK = Text("縮約した比", "Shrunken ratio")
FUNNEL = Text("ファンネル\nプロットの判定", "Funnel plot")
NUMERATOR = Text("分子", "Numerator")
DENOMINATOR = Text("分母", "Denominator")
EXPECTED = Text("期待値", "Expected")
METHOD = Text("区間の方法", "Method")

READING_SHEET = Text("読み方", "How to read")
ALL_SHEET = Text("全地域の一覧", "All places")
PDCA_SHEET = Text("PDCAシート", "PDCA sheet")
SCORES_SHEET = Text("機能別の評価点", "Function scores")
PEERS_SHEET = Text("類似地域", "Peers")
CONSISTENCY_SHEET = Text("整合性の確認", "Consistency")
NO_DATA_SHEET = Text("データのない指標", "Indicators without data")

FUNCTION_TITLE = Text(
    "{function}の指標：全国・類似地域との比較", "{function}: indicators against Japan and peers"
)
ALL_TITLE = Text("{places}の最新年の値と順位", "{places}: latest figures and ranks")
PDCA_TITLE = Text("計画期間のPDCAシート", "PDCA sheet of the plan period")
SCORES_SHEET_TITLE = Text(
    "4機能の評価点と順位の区間：{places}", "Scores of the functions with rank intervals: {places}"
)
PEERS_TITLE = Text("類似地域とその理由", "Peers and why they are")
CONSISTENCY_TITLE = Text("指標間・統計間の整合性の確認", "Consistency between indicators and between sources")
NO_DATA_TITLE = Text(
    "データのない指標と、埋めるために必要なファイル",
    "Indicators without data and the file that would fill them",
)

FUNCTION_LEGEND = Text(
    "印：▲望ましい水準、▼望ましくない水準、＝同程度、△高い、▽低い（良し悪しのない指標）、≈区別できない、－比較できない。空欄は値がないことを示し、0ではない（状態の列を参照）。順位は望ましい方から（良し悪しのない指標では多い方から）数える。",
    "Signs: ▲ better, ▼ worse, ＝ similar, △ higher, ▽ lower (indicators without a direction), ≈ not distinguishable, － cannot be compared. Blank: no figure, which is not zero (see the state). Rank 1 is the most desirable (the largest for indicators without a direction).",
)
ALL_LEGEND = Text(
    "指標ごとの最新年。すべての年は tables/benchmark.csv にある。空欄は値がないことを示し、0ではない（状態の列を参照）。縮約した比は、件数の少ない地域の偶然のばらつきを平均に近づけて抑えた値。",
    "Latest year of each indicator; tables/benchmark.csv holds all years. Blank: no figure, which is not zero (see the state). The shrunken ratio draws places with few events towards the mean.",
)
PDCA_LEGEND = Text(
    "達成率は（実績－基準値）÷（目標－基準値）。「今の傾向での見込み」は最近の動きを計画期間の終わりまで延ばした推計で、約束ではない。空欄はまだ値がないことを示す。",
    "Attainment is (actual - baseline) / (target - baseline). “At the present trend” extends the recent course to the end of the period: an estimate, not a promise. Blank: no figure yet.",
)
SCORES_LEGEND = Text(
    "評価点は0～1（推計）。順位の区間が全体の半分以上に及ぶ場合は「区別できない」と表示する。感度は、重み・上下限の切り方・正規化・指標の選び方を変えたときの順位の幅。",
    "Scores run from 0 to 1 (estimates). “Not distinguishable”: the rank interval spans half of all or more. Sensitivity: range of the rank under other weights, clipping, normalisation and choice of indicators.",
)
PEERS_LEGEND = Text(
    "距離は標準化した特徴量の距離で、小さいほど似ている。",
    "The distance is between standardised features; the smaller, the more alike.",
)
CONSISTENCY_LEGEND = Text(
    "見つかった不一致は直さずに示す。該当する値は解釈に注意する。",
    "What was found is shown, not corrected; read the figures concerned with care.",
)
NO_DATA_LEGEND = Text(
    "宣言した指標のうち、手元に公表データがないもの。ファイルを用意すると次の実行から計算される。",
    "Declared indicators for which no published data are at hand. With the file they are computed in the next run.",
)

STRUCTURE_SCORE = Text("体制の評価点", "Structure score")
QUANTITY_SCORE = Text("実績の評価点", "Quantity score")
COVERAGE_SCORE = Text("機能の網羅", "Coverage")
QUALITY_SCORE = Text("データの質", "Data quality")
SCORE_LOWER = Text("評価点\n95％下限", "Score,\n95 % lower")
SCORE_UPPER = Text("評価点\n95％上限", "Score,\n95 % upper")
DISTINGUISHABLE = Text("他との区別", "Distinguishable")
DISTINCT = Text("区別できる", "distinguishable")
SENSITIVITY_LOW = Text("感度：最も高い順位", "Sensitivity,\nbest rank")
SENSITIVITY_HIGH = Text("感度：最も低い順位", "Sensitivity,\nworst rank")
IN_WORDS = Text("ことばでの説明", "In words")
PEER = Text("類似地域", "Peer")
DISTANCE = Text("距離", "Distance")
REASON = Text("類似とした理由", "Reason")
CHECK = Text("確認の種類", "Check")
FINDING = Text("見つかったこと", "Finding")
SEVERITY = Text("重さ", "Weight")
DATA_NEED = Text("必要なファイルと形式", "File needed and its layout")
PERIOD = Text("計画期間", "Period")
BASELINE_YEAR = Text("基準の年", "Baseline\nyear")
BASELINE = Text("基準値", "Baseline")
TARGET = Text("目標", "Target")
TARGET_BASIS = Text("目標の根拠", "Basis of the target")
ACTUAL_YEAR = Text("実績の年", "Actual\nyear")
ACTUAL = Text("実績", "Actual")
GAP = Text("目標との差", "Gap")
ATTAINMENT = Text("達成率", "Attainment")
VERDICT_OF_PLAN = Text("判定（不確かさを含む）", "Verdict with its uncertainty")
AT_TREND = Text("今の傾向での見込み（推計）", "At the present\ntrend (est.)")

NO_FIGURES_NEEDED = Text("なし（件数と説明のみ）", "none (words only)")
STATE_BY_ROW = Text("状態：各行のとおり", "State: as each row says")
POINTS_OF = Text("{place}の要点", "{place}: main points")
READING = [
    (
        Text("指標の種類", "Kinds"),
        Text(
            "ストラクチャー（体制）・プロセス（実施の量）・アウトカム（結果）の3種類を、退院支援・日常の療養支援・急変時の対応・看取りの4機能に分けて示す。",
            "Structure, process and outcome indicators for the four functions: discharge support, everyday care, response to sudden change, end-of-life care.",
        ),
    ),
    (
        Text("値", "Value"),
        Text(
            "SCRは、年齢と性別の違いを調整したうえで全国を100とした比。そのほかは指標ごとの単位による。",
            "An SCR is adjusted for age and sex, Japan = 100. Other figures are in the unit of the indicator.",
        ),
    ),
    (
        Text("95％区間", "95 % interval"),
        Text(
            "偶然のばらつきで値が動きうる範囲。区間が全国の値を含むときは、全国との差を区別できない。",
            "How far chance alone may move the figure. Where it holds the value of Japan, a difference from Japan cannot be claimed.",
        ),
    ),
    (
        Text("全国との比較", "Against Japan"),
        Text(
            "▲望ましい水準、▼望ましくない水準、＝同程度、△高い、▽低い（良し悪しのない指標）、≈区別できない、－比較できない。差があるとするのは、95％区間が全国の値を含まず、かつファンネルプロットの限界の外にある場合だけである。「望ましい」「望ましくない」は指標ごとに宣言した向きによるもので、原因や努力の多少を示すものではない。",
            "▲ better, ▼ worse, ＝ similar, △ higher, ▽ lower (indicators without a direction), ≈ not distinguishable, － cannot be compared. A place is called different only where its interval excludes Japan and it lies beyond the funnel limits. Better and worse follow the declared direction; they say nothing on causes or effort.",
        ),
    ),
    (
        Text("順位", "Rank"),
        Text(
            "1が最も望ましい（良し悪しのない指標では最も多い）。順位の区間が広いときは、順位を使わない。",
            "1 is the most desirable (the largest for indicators without a direction). Where its interval is wide, do not use the rank.",
        ),
    ),
    (
        Text("類似地域", "Peers"),
        Text(
            "人口の年齢構成・人口密度などが似た地域。「上位2割」は、そのうち望ましい方から2割に当たる値で、到達できる水準の目安となる。",
            "Places alike in age structure, density and other features. Their best fifth is a level that places like this one reach.",
        ),
    ),
    (
        Text("動き", "Trend"),
        Text(
            "最近5年の動き。↗上昇、→横ばい、↘低下、・判定できない（5年そろわない場合を含む）。",
            "The last five years: ↗ rising, → flat, ↘ falling, ・ cannot be told (also where five years are not at hand).",
        ),
    ),
    (
        Text("状態", "State"),
        Text(
            "実績値は公表された値。推計は秘匿された値の一部を補った値で、そのことを示す。秘匿は少数のため公表されていない値で、0ではない。データなしは手元に統計がないことを示し、0ではない。",
            "Observed: published. Estimated: hidden parts were filled in, and it is said. Suppressed: not published because of small numbers; not zero. No data: no statistics at hand; not zero.",
        ),
    ),
    (
        Text("所在地と住所地", "Whose place"),
        Text(
            "NDBの件数は医療機関の所在地による集計で、患者の住所地による集計ではない。境を越えた受診の分だけ住民の利用と異なる。",
            "NDB counts are by the place of the institution, not of the patient; they differ from use by residents by visits across borders.",
        ),
    ),
]

H_SUMMARY = Text("要点", "Main points")
H_SCORES = Text("4機能の評価点", "Scores of the four functions")
H_PLACES = Text("地域ごとの指標一覧", "Indicators place by place")
H_INDICATORS = Text("全国の中での位置", "All places compared")
H_PDCA = Text("計画期間のPDCA", "PDCA of the plan period")
H_PEERS = Text("類似地域とその理由", "Peers and why they are")
H_CONSISTENCY = Text("整合性の確認", "Consistency")
H_NO_DATA = Text("データのない指標", "Indicators without data")
H_CONDITIONS = Text("比較の条件", "What was asked for")
H_READING = Text("読み方", "How to read")
PROFILE_TABLE = Text(
    "{place}：指標ごとの値と全国・類似地域との比較（[推計]と記したもののほかは実績値）",
    "{place}: every indicator against Japan and peers (observed unless marked est.)",
)
SCORES_TABLE = Text("評価点（0～1、推計）と順位の区間", "Scores (0 to 1, estimates) and rank intervals")
CHECKED = Text("指標・材料", "Indicator or measure")
CONSISTENCY_SHORT = Text(
    "本報告の対象と全国について見つかった{n}件のうち{shown}件（重いものから）。すべての地域の{total}件はワークブックの「整合性の確認」にある。",
    "{shown} of {n} findings on the places of this report and Japan, the gravest first; the sheet “Consistency” of the workbook holds all {total}.",
)
ALT_SCORES = Text(
    "グラフ：機能別の順位とその区間。同じ内容は下の表にある。",
    "Chart of the ranks by function with intervals; the table below holds the same.",
)
ALT_PROFILE = Text(
    "グラフ：{place}の各指標の位置。同じ内容は下の表にある。",
    "Chart of all indicators of {place}; the table below holds the same.",
)
ALT_SERIES = Text(
    "グラフ：{place}の各指標の推移。値は tables/benchmark.csv にある。",
    "Charts of the course of {place}; tables/benchmark.csv holds the figures.",
)
ALT_FUNNEL = Text(
    "ファンネルプロット：{name}。値はワークブックの「全地域の一覧」にある。",
    "Funnel plot: {name}; the sheet “All places” holds the figures.",
)
ALT_CATERPILLAR = Text(
    "値と区間の一覧図：{name}。値はワークブックの「全地域の一覧」にある。",
    "Values with intervals: {name}; the sheet “All places” holds the figures.",
)
ALT_MAP = Text(
    "地図：{name}の全国に対する比。値はワークブックの「全地域の一覧」にある。",
    "Map of the ratio to Japan: {name}; the sheet “All places” holds the figures.",
)
TABLE_CSV = Text("全指標・全地域・全年の表（CSV）", "All indicators, places and years (CSV)")
TABLE_PARQUET = Text("全指標・全地域・全年の表（Parquet）", "All indicators, places and years (Parquet)")
ABOUT = Text(
    "この資料は、公的統計から計算した在宅医療の共通指標を、{places}で同じ方法により比べたものです。",
    "Common indicators of home medical care, computed from official statistics in the same way for {places}.",
)
ABOUT_USE = Text(
    "はじめに「読み方」と、機能ごとのシートをご覧ください。差の有無は「全国との比較」の列で、確かさは95％区間で確かめてください。",
    "Begin with “How to read” and the sheets of the functions. The column “Against Japan” says whether there is a difference, the 95 % interval how certain it is.",
)

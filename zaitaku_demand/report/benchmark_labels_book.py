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
RANKED_AMONG = Text("順位の母集団", "Ranked among")
ALL_OF_LEVEL = Text("全地域", "all places")
SAME_TYPE = Text("同じ類型の圏域", "areas of the same type")
RANK_LOWER = Text("順位の区間\n上端", "Rank interval,\nbest")
RANK_UPPER = Text("順位の区間\n下端", "Rank interval,\nworst")
RANK_INTERVAL = Text("順位／地域数\n（95％区間）", "Rank of number\n(95 % interval)")
PLACES_N = Text("順位を付けた\n地域の数", "Places\nranked")
TREND = Text("最近5年\nの動き", "Trend,\n5 years")
CAVEAT_HEAD = Text("留意点", "Note")
PLACE_HEAD = Text("集計の基準", "Counted by")
PLACE_CODE = Text("コード", "Code")
PLACE_NAME = Text("地域", "Place")
SHRUNK = Text("縮約した値\n（値と同じ単位）", "Shrunken value\n(unit of the value)")
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
    "印：▲望ましい水準、▼望ましくない水準、＝同程度、△高い、▽低い（良し悪しのない指標）、≈区別できない、－比較できない。空欄は値がないことを示し、0ではない（状態の列を参照）。順位は望ましい方から（良し悪しのない指標では多い方から）数え、値があり期待件数が最小件数以上の地域だけに付ける。圏域の比較で「同じ類型の圏域」（†）とある指標は、大都市型・地方都市型・人口の少ない地域の類型の中で順位を付けた。",
    "Signs: ▲ better, ▼ worse, ＝ similar, △ higher, ▽ lower (indicators without a direction), ≈ not distinguishable, － cannot be compared. Blank: no figure, which is not zero (see the state). Rank 1 is the most desirable (the largest for indicators without a direction); only places with a figure and enough expected events are ranked. Where areas are compared “of the same type” (†), they are ranked within metropolitan, regional city or sparsely populated areas.",
)
ALL_LEGEND = Text(
    "指標ごとの最新年。すべての年は tables/benchmark.csv にある。空欄は値がないことを示し、0ではない（状態の列を参照）。縮約した値は、件数の少ない地域の偶然のばらつきを抑えるため、その地域の値を全国平均の方へ寄せた推計値（経験ベイズ法）で、単位は値と同じ。必ず地域の値と平均の間にある。",
    "Latest year of each indicator; tables/benchmark.csv holds all years. Blank: no figure, which is not zero (see the state). The shrunken value is an estimate (empirical Bayes) that draws places with few events towards the mean; it is in the unit of the value and lies between the value and the mean.",
)
PDCA_LEGEND = Text(
    "基準値は計画期間より前の最新の値、目標は利用者の設定・類似地域の上位2割・需要推計の伸びのいずれか。目標との差は、目標－実績（実績がなければ目標－基準値）。達成率は（実績－基準値）÷（目標－基準値）で、実績がまだない場合、目標がない場合、目標が基準値と同じ場合は空欄になる。「今の傾向での見込み」は最近の動きを計画期間の最終年まで延ばした推計で、約束ではない。予測区間の幅が10倍以上になる場合は示さない。「古い」は基準値が計画期間の初年より5年を超えて前であることを示す。空欄は値がないことを示し、0ではない。",
    "The baseline is the latest figure from before the period; the target is the user's, the peers' best fifth or the growth of projected demand. Gap: target - actual (target - baseline while there is no actual). Attainment is (actual - baseline) / (target - baseline), blank while there is no actual, without a target, and where the target is the baseline. “At the present trend” extends the recent course to the last year of the period: an estimate, not a promise; it is left out where its interval spans a factor of 10 or more. “Old”: more than five years before the period. Blank: no figure, which is not zero.",
)
SCORES_LEGEND = Text(
    "評価点は0～1（推計）で、主要指標の全国に対する比から計算する。順位は評価点のある地域だけに付ける。順位の区間が全体の半分以上に及ぶ場合は「区別できない」と表示する。感度は、重み・上下限の切り方・正規化・指標の選び方を変えたときの順位の幅。",
    "Scores run from 0 to 1 (estimates), from the ratios of key indicators to Japan; only places with a score are ranked. “Not distinguishable”: the rank interval spans half of all or more. Sensitivity: range of the rank under other weights, clipping, normalisation and choice of indicators.",
)
PEERS_LEGEND = Text(
    "距離は標準化した特徴量の距離で、小さいほど似ている。",
    "The distance is between standardised features; the smaller, the more alike.",
)
CONSISTENCY_LEGEND = Text(
    "見つかった不一致は直さずに示す。該当する値は解釈に注意する。重さは、矛盾（同時には成り立たない）、要確認（通常と異なる）、参考（読むときに知っておくこと）の順。文中の年は、NDBの指標では年度を指す。",
    "What was found is shown, not corrected; read the figures concerned with care. Contradiction: both cannot be true; to be checked: unusual; for information: to be known when reading. Years in the sentences are fiscal years where NDB counts are concerned.",
)
NO_DATA_LEGEND = Text(
    "宣言した指標のうち、手元に公表データがないもの。ファイルを用意すると次の実行から計算される。",
    "Declared indicators for which no published data are at hand. With the file they are computed in the next run.",
)

RESTS_ON = Text("もとにした指標", "Rests on")
TREND_LOWER = Text("見込みの\n予測区間下限", "Trend,\nlower")
TREND_UPPER = Text("見込みの\n予測区間上限", "Trend,\nupper")
BASELINE_AGE = Text("基準値の新しさ", "Age of baseline")
OLD = Text("古い", "old")
COUNT_UNIT = Text("件（指標の分子の件数）", "count (numerator of the indicator)")
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
SEVERITY = Text("重さ", "Severity")
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
            "Structure, process and outcome indicators for the four functions: discharge support, everyday care support, response to sudden deterioration, end-of-life care.",
        ),
    ),
    (
        Text("SCR", "SCR"),
        Text(
            "年齢・性別を調整した標準化レセプト出現比。全国の性・年齢別の算定率をその地域の人口に当てはめた期待件数に対する、実際の件数の比（全国＝100）。100より大きければ、人口の年齢構成から見込まれるより多い。そのほかの値は指標ごとの単位による。",
            "Standardised claim-data ratio, adjusted for age and sex: the actual count over the count expected if Japan's rates by sex and age held in the place (Japan = 100). Above 100 is more than the age structure lets expect. Other figures are in the unit of the indicator.",
        ),
    ),
    (
        Text("95％区間", "95 % interval"),
        Text(
            "偶然のばらつきで値が動きうる範囲（推計では、秘匿された値の幅を含む）。区間が全国の値を含むときは、全国より高いとも低いとも言えない。",
            "How far chance may move the figure (for estimates, with the bounds of the hidden parts). Where it holds the value of Japan, neither higher nor lower can be claimed.",
        ),
    ),
    (
        Text("全国との比較", "Against Japan"),
        Text(
            "「差がある」（▲望ましい水準、▼望ましくない水準、△高い、▽低い）とするのは、次のすべてを満たす場合である。(1) 比（全国＝1）の95％区間全体が1の片側にある。(2) 区間が1/1.2～1.2倍の内側に収まらない（収まっていても、地域間の通常のばらつきを超えるときは差があるとする）。(3) 期待件数が指標ごとの最小件数（多くは10件）以上ある。(4) 多くの地域をまとめて検定した補正（ベンジャミニ・ホックバーグ法、5％）をしても全国と異なる。区間が1/1.2～1.2倍に収まり差があると言えないものは＝同程度、それ以外は≈区別できない。秘匿・データなしは－比較できない。「望ましい」「望ましくない」は指標ごとに定めた向きによるもので、原因や努力の多少を示さない。向きを定めない指標は△▽だけで示す。",
            "A difference (▲ better, ▼ worse, △ higher, ▽ lower) is named where all of this holds: (1) the whole 95 % interval of the ratio (Japan = 1) lies on one side of 1; (2) it does not lie within 1/1.2 to 1.2, unless the difference exceeds the usual spread between places; (3) the expected number of events reaches the least number declared (mostly 10); (4) the place still differs from Japan after the correction for many places tested together (Benjamini-Hochberg, 5 %). Intervals within 1/1.2 to 1.2 without such a difference are ＝ similar, the others ≈ not distinguishable; suppressed or no data: － cannot be compared. Better and worse follow the direction declared with the indicator and say nothing on causes or effort; indicators without a direction are △ or ▽ only.",
        ),
    ),
    (
        Text("地域間のばらつき", "Usual spread"),
        Text(
            "差がある場合には、それが地域どうしに普通に見られるばらつきも超えるか（ファンネルプロットの95％管理限界の外にあるか）を、別に記す。限界の内側でも、全国値とは異なる。",
            "Where there is a difference, it is said in addition whether it also exceeds what is usual between places (beyond the 95 % limits of the funnel plot). Inside the limits a place still differs from Japan's value.",
        ),
    ),
    (
        Text("順位とその区間", "Rank and its interval"),
        Text(
            "「5位／47（4～9位）」は、順位を付けた47地域の中で5位、偶然のばらつきを考えると4位から9位の間とみられることを示す。1が最も望ましい（良し悪しのない指標では最も多い）。値がないか件数の少ない地域には付けないため、地域の数は指標により異なる。†は同じ類型の圏域の中での順位。区間が広いときは、順位を使わない。",
            "“5 of 47 (4 to 9)”: fifth of 47 ranked places, and chance allows for ranks 4 to 9. 1 is the most desirable (the largest for indicators without a direction). Places without a figure or with few events are not ranked, so the number differs. †: among areas of the same type. Where the interval is wide, do not use the rank.",
        ),
    ),
    (
        Text("類似地域", "Peers"),
        Text(
            "人口の年齢構成・人口密度などが似た地域。「上位2割」は、そのうち望ましい方から2割に当たる値で、似た条件の地域が実際に達している水準。",
            "Places alike in age structure, density and other features. Their best fifth is a level that places alike do reach.",
        ),
    ),
    (
        Text("動き", "Trend"),
        Text(
            "最近5年の値の動き：↗上昇、→横ばい、↘低下、・判定できない（5年そろわない、間に制度や定義の変更がある場合を含む）。値の上がり下がりを示し、良し悪しではない。SCRは全国に対する動きで、件数の増減ではない。",
            "Course of the last five figures: ↗ rising, → flat, ↘ falling, ・ cannot be told (also with fewer than five years or across a change of definition). Rising is not better or worse. An SCR moves relative to Japan; it does not say that counts grew or fell.",
        ),
    ),
    (
        Text("状態", "State"),
        Text(
            "実績値は公表された値による。推計は、秘匿された内訳を補って計算した値で、[推計]と記す。秘匿は、件数が少ないため公表されず補うこともできない値で、0ではない。データなしは手元に統計がないことを示し、0ではない。",
            "Observed: from published figures. Estimated: hidden parts were filled in, marked est. Suppressed: not published because counts are small, and not to be filled in; not zero. No data: no statistics at hand; not zero.",
        ),
    ),
    (
        Text("所在地と住所地", "Whose place"),
        Text(
            "NDBの件数は医療機関の所在地による集計で、患者の住所地による集計ではない。境を越えた受診や訪問の分だけ住民の利用と異なる。",
            "NDB counts are by the place of the institution, not of the patient; they differ from use by residents by care across borders.",
        ),
    ),
    (
        Text("年と年度", "Years"),
        Text(
            "「2022年度」は会計年度（4月～翌年3月）、「2023年」は暦年または調査日の年。指標によって年が異なるため、指標どうしを比べるときは年を確かめる。",
            "FY2022 is a fiscal year (April to March), 2023 a calendar year or the year of a survey. Years differ between indicators; check them before comparing one with another.",
        ),
    ),
]

H_SUMMARY = Text("要点", "Main points")
GLANCE = Text(
    "全国と比べて望ましいもの、望ましくないもの、何も言えないもの（主要指標、差の大きいものの順。▲▼△▽は統計的に区別できるもの）",
    "What is better or worse than Japan, and where nothing can be said (key indicators, then large differences, first; ▲ ▼ △ ▽: statistically distinguishable)",
)
GLANCE_COUNT = Text("{n}指標", "{n}")
GLANCE_NEUTRAL = Text("△▽ 高い・低い（良し悪しなし）", "△ ▽ Higher or lower, no judgement")
GLANCE_BETTER = Text("▲ 望ましい水準", "▲ Better")
GLANCE_WORSE = Text("▼ 望ましくない水準", "▼ Worse")
GLANCE_SIMILAR = Text("＝ 同程度", "＝ Similar")
GLANCE_NOTHING = Text("≈ 区別できない", "≈ Not distinguishable")
GLANCE_WITHOUT = Text("－ 秘匿・データなし", "－ Suppressed, no data")
GLANCE_CELL = Text("{n}指標：{listed}", "{n}: {listed}")
GLANCE_MORE = Text("、ほか{n}", " and {n} more")
IN_COMMON = Text("読むときの注意", "How to read these points")
KEY_ONLY = Text(
    "主要指標だけを示す。すべての指標の{n}行はワークブックの「PDCAシート」にある。",
    "Key indicators only; the sheet “PDCA sheet” of the workbook holds all {n} rows.",
)
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

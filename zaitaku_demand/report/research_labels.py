"""Headings, column heads and names of the research report, in both languages."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

from collections.abc import Mapping

from zaitaku_demand.indicators import declaration
from zaitaku_demand.research.validity.words import TOPICS
from zaitaku_demand.text import Language, Text

SECTIONS = {
    "summary": Text("要点", "In brief"),
    "judgement": Text("候補と、比較に用いてよいかの判定", "Candidates, and whether they may be compared"),
    "about": Text("この報告書の内容と限界", "What this is and what it is not"),
    "data": Text("データの版", "Data versions"),
    "plan": Text("事前に宣言した計画と、そこからの変更", "Declared plan and deviations"),
    "reliability": Text("信頼性", "Reliability"),
    "validity": Text("妥当性", "Validity"),
    "association": Text("関連", "Associations"),
    "designs": Text("前後比較", "Before and after"),
    "core_set": Text("コア指標の案", "Proposed core set"),
    "power": Text("今後の研究に必要な規模", "What a future study needs"),
    "methods": Text("方法と文献", "Methods and references"),
    "reproducibility": Text("再現の方法", "How to make this report again"),
    "files": Text("ファイル", "Files"),
}
LEVELS = {
    "prefecture": Text("都道府県", "Prefectures"),
    "area": Text("二次医療圏", "Secondary medical areas"),
    "national": Text("全国", "Japan"),
}
GROUPS = {
    **{f"validity.{topic}": name for topic, name in TOPICS.items()},
    "association.null": Text("関連がみられなかったもの", "No association seen (null)"),
    "association.fragile": Text(
        "分析方法により結果が変わるもの（頑健でない）", "Fragile: the result depends on the specification"
    ),
    "association.robust": Text(
        "分析方法を変えても同じ傾向のもの（頑健）", "Robust: the same tendency under the specifications"
    ),
    "association.declared": Text(
        "宣言したすべての対の主な推定値と、同じ地域の年ごとの変化による推定値",
        "All declared pairs: the main estimate, and that of changes within places",
    ),
    "designs.verdict": Text("まとめ", "Verdicts"),
    "designs.detail": Text("個々の推定値", "Single estimates"),
    "designs.series": Text(
        "診療報酬改定などの前後の水準（中断時系列）", "Levels after reforms (interrupted series)"
    ),
    "designs.absent": Text("求められなかったもの", "What could not be estimated"),
    "designs.assumed": Text("前提", "What is assumed"),
    "power.smallest": Text("見つけられる差", "Differences that a study finds"),
    "power.assumed": Text("前提", "What is assumed"),
}
"""Groups of the sentences of a section."""
FOLDED = (
    "validity.expectation",
    "validity.margin",
    "validity.case_mix",
    "validity.bounds",
    "association.declared",
    "designs.detail",
    "designs.series",
    "designs.absent",
)
"""Groups shown on demand: their figures stand in the tables."""
FUNCTIONS = {key: Text(name.ja, name.en.capitalize()) for key, name in declaration.FUNCTIONS.items()}
TYPES = {key: Text(name.ja, name.en.capitalize()) for key, name in declaration.TYPES.items()}
USES = {
    "yes": Text("○ 用いてよい", "○ yes"),
    "with_care": Text("△ 注意すれば可", "△ with care"),
    "no": Text("× 用いない", "× no"),
    "no_data": Text("－ データなし", "－ no data"),
    "not_studied": Text("－ 対象外", "－ not studied"),
}
FLOWS = {
    "japan": Text("全国が同じ率の場合", "all places at one rate"),
    **{
        f"flow_{share}": Text(f"件数の{share}％まで移動する場合", f"up to {share} % of cases move")
        for share in (5, 10, 20)
    },
}
EXAMPLES = {
    "null": Text("関連がみられなかった例", "Example of a null result"),
    "fragile": Text("分析方法により結果が変わる例", "Example of a fragile result"),
}

ABOUT = (
    Text(
        "在宅医療のアウトカム指標の候補について、信頼性・妥当性・関連・コア指標としての適否を、公的統計から調べた報告書である。",
        "This report examines candidate outcome indicators of home medical care on official statistics: reliability, validity, associations and fitness for a core set.",
    ),
    Text(
        "地域単位の集計データ（エコロジカルデータ）による。地域の間でみられた関連は、個人についての関連ではなく、因果関係を示すものでもない。",
        "It rests on figures of places (ecological data). An association between places is not one between persons, and it does not show cause.",
    ),
    Text(
        "NDBの算定回数は医療機関の所在地で集計され、患者の居住地ではない。秘匿された値（－）はゼロではなく、人数の少ない地域に偏っている。推計を含む値は推計と示した。",
        "Claims of the NDB are counted where the institution stands, not where the patient lives. A suppressed figure (－) is not zero, and suppression falls mostly on small places. Figures that are estimates are called so.",
    ),
    Text(
        "判定は、事前に宣言した計画（下記）に従う。計画からの変更は、理由とともに示す。",
        "All verdicts follow the plan that was declared beforehand (below). Deviations are listed with their reasons.",
    ),
)
NO_DEVIATION = Text("計画からの変更はない。", "Nothing deviates from the plan.")
COUNT_OF = Text("{title}（{n}件）", "{title} ({n})")
NOT_AVAILABLE = Text("この実行で示せる値がないもの：{names}。", "This run has nothing to show for: {names}.")
JUDGE_BY = Text(
    "○＝用いてよい、△＝注意すれば用いてよい、×＝用いない、－＝データなし。信頼性は1年分の値が偶然でない割合（0～1）で、1に近いだけでは比較に適するとはいえない。",
    "○ yes, △ with care, × no, － no data. Reliability is the share of differences in one year's figures that is not chance (0-1); a value near 1 alone does not make a comparison sound.",
)
DEVIATION_MARKS = Text(
    "○＝宣言した分析、－＝データの都合で推定できなかったもの。それ以外は宣言した値と用いた値。",
    "○ declared analysis, － could not be estimated from the data; otherwise the value declared and the value used.",
)
NOTES_BELOW = Text("注：", "Notes: ")
NO_PUBLIC_DATA = Text(
    "公表データがなく、判定していない（利用者が値を与えれば判定する）。",
    "No public data: not judged (it is, once a user supplies figures).",
)
NOTHING_TO_SHOW = Text(
    "この実行では、この分析は行っていないか、示せる結果がない。",
    "This run has no result of this analysis: it was not asked for, or nothing could be estimated.",
)
MORE_ROWS = Text(
    "{total}行のうち{shown}行を示す。すべての行はtables/{file}.csvにある。",
    "{shown} of {total} rows; all are in tables/{file}.csv.",
)
CODES = Text("記号の意味", "Notes in the tables")
CAVEATS = Text("すべての結果に共通する留意点", "What holds for every result")
CREATED = Text("作成日", "Date")
CODE_VERSION = Text("プログラムの版", "Code version")
SEED = Text("乱数の種", "Seed")
COMMAND = Text("コマンド", "Command")
CHECK_SUMS = Text(
    "各ファイルのチェックサムはmanifest.jsonにある。同じデータ・同じ版・同じ種からは同じ表ができる。",
    "Checksums of all files are in manifest.json. The same data, version and seed give the same tables.",
)
ON_THIS_PAGE = Text("このページの内容", "On this page")
SKIP = Text("本文へ移動", "Skip to the text")
OTHER_LANGUAGE = Text("English", "日本語")
FIGURE = Text("図{n}", "Figure {n}")
TABLE = Text("表{n}", "Table {n}")
FIGURE_NAMED = Text("図「{name}」", "the figure '{name}'")
TABLE_NAMED = Text("表「{name}」", "the table '{name}'")

OUTCOME = Text("アウトカムの候補", "Candidate outcome")
NAME = Text("名称", "Name")
ID = Text("ID", "ID")
UNIT = Text("単位", "Unit")
LEVEL = Text("単位とする地域", "Level")
PLACES = Text("地域数", "Places")
YEARS = Text("年", "Years")
N_OUTCOMES = Text("アウトカムの候補", "Candidate outcomes")
N_EXPOSURES = Text("プロセス・ストラクチャー", "Processes and structures")
N_CONFOUNDERS = Text("交絡因子", "Confounders")
RELIABILITY_AT = {
    "prefecture": Text("都道府県の信頼性［95％区間］", "Reliability, prefectures [95 % interval]"),
    "area": Text("二次医療圏の信頼性［95％区間］", "Reliability, areas [95 % interval]"),
}
USE_AT = {
    "compare_prefectures": Text("都道府県の比較", "Compare prefectures"),
    "compare_areas": Text("二次医療圏の比較", "Compare areas"),
}
SENTENCE = Text("判定", "Judgement")
SENTENCE_AT = {
    "prefectures": Text("都道府県：判定と理由", "Prefectures: judgement and reasons"),
    "areas": Text("二次医療圏：判定と理由", "Areas: judgement and reasons"),
}
WHY = Text("候補とした理由", "Why it is a candidate")
MAY_MEAN = Text("高い値が示しうる、良いケア以外のこと", "What a high value may mean besides good care")
LEVELS_AT_HAND = Text("データのある単位", "Levels with data")
STATISTIC = Text("指標", "Statistic")
METHOD = Text("方法", "Method")
ESTIMATE = Text("推定値", "Estimate")
INTERVAL = Text("区間", "Interval")
P_VALUE = Text("p値", "p-value")
TERM = Text("対比した変数", "Set against")
EXPOSURE = Text("プロセス・ストラクチャー", "Process or structure")
NOTE = Text("注", "Note")
FIGURES = {
    "reliability": Text("推定方法別の信頼性", "reliability by estimator"),
    "reliability_cases": Text("地域の規模と信頼性", "reliability against size"),
    "agreement_limits": Text("2つの出典の一致限界", "limits of agreement"),
    "agreement": Text("2つの出典の散らばり", "agreement plots"),
    "institution_bias": Text("所在地で集計したことによる偏り", "place-of-institution bias"),
    "associations_prefecture": Text("関連（都道府県）", "associations, prefectures"),
    "associations_area": Text("関連（二次医療圏）", "associations, areas"),
    "curves": Text("関連の曲線", "curves of association"),
    "specification_null": Text("関連がみられなかった例", "example of a null result"),
    "specification_fragile": Text("分析方法により結果が変わる例", "example of a fragile result"),
    "event_study": Text("該当の前後の変化", "event study"),
    "interrupted": Text("中断時系列", "interrupted time series"),
    "core_stability": Text("コア指標の安定性", "stability of the core set"),
    "power": Text("検出力", "power"),
}
"""All figures a report may have, in its order, by a short name."""
ITEM = Text("項目", "Item")
DECLARED = Text("宣言", "Declared")
DONE = Text("実際", "Done")
REASON = Text("理由", "Reason")
TABLE_NAME = Text("表", "Table")
TITLE = Text("内容", "Content")
SOURCE_FILES = Text("出典", "Source")
EDITION = Text("版", "Edition")
CHECKSUM = Text("チェックサム（先頭）", "Checksum (first digits)")
FUNCTION = Text("機能", "Function")
TYPE = Text("種類", "Type")
ORDER = Text("優先順位", "Priority")
STAY_SHARE = Text("重要度±20％で残る割合", "Stays under importance ±20 %")
STAY = Text("安定性", "Stability")
DESIGN = Text("研究の形", "Design")
PLACES_YEARS = Text("地域数、年", "Places, years")
Q_VALUE = Text("q値", "q-value")
VERDICT = Text("まとめ", "Verdict")
SPECIFICATIONS = Text("推定の数", "Specifications")
MEDIAN_RANGE = Text("率の比の中央値（最小～最大）", "Median rate ratio (smallest to largest)")
RANGE = Text("{middle}（{low}～{high}）", "{middle} ({low} to {high})")
SAME_SIGN = Text("同じ向きの割合", "Same direction")
SIGNIFICANT = Text("有意な割合", "Significant")
P_SHUFFLED = Text("並べ替えによるp値", "p by shuffling")
WITHOUT = Text("1都道府県を除いた範囲", "Range without one prefecture")
MORAN = Text("残差のMoran's I（p値）", "Moran's I of residuals (p)")
FILTERED = Text("空間的な偏りを補正した率の比", "Rate ratio, spatially corrected")
E_VALUE = Text("E値（区間の端）", "E-value (limit)")
SHOWN_SHARE = Text("値のある地域", "Places with a figure")
ICC = Text("年次間の級内相関", "ICC over years")
LASTING = Text("続く差の割合", "Share that lasts")
WITHIN = Text("都道府県内の信頼性", "Within prefectures")
CASES = {
    "0.7": Text("信頼性0.7に必要な規模（分母の単位）", "Size for reliability 0.7 (unit of the denominator)"),
    "0.9": Text("信頼性0.9に必要な規模（分母の単位）", "Size for reliability 0.9 (unit of the denominator)"),
}
YEARS_NEEDED = Text("続く差を0.7でみるのに必要な年数", "Years for 0.7 of lasting differences")
WRONG = Text("上位群を誤る地域", "Wrongly in or out of the top group")
DIFFERENCE = Text("率の比", "Rate ratio")
SIZE = Text("規模", "Size")
REFERENCE = Text("文献", "Reference")
FILE = Text("ファイル", "File")

T_PANELS = Text("パネル：単位ごとの地域・年・変数の数", "The panel: places, years and variables by level")
T_JUDGEMENT = Text("候補ごとの信頼性と判定", "Reliability and judgement by candidate")
T_CANDIDATES = Text("アウトカムの候補", "Candidate outcomes")
T_DATA = Text("用いた表と出典の版", "Tables used and the editions of their sources")
T_PLAN = Text("事前に宣言した計画", "The declared plan")
T_DEVIATIONS = Text("計画からの変更", "Deviations from the plan")
T_ESTIMATORS = Text("信頼性：推定方法の比較", "Reliability by estimator")
T_NEEDED = Text("必要な症例数・年数、誤分類", "Cases and years needed, misclassification")
T_VALIDITY = Text("妥当性の結果", "Results on validity")
T_ASSOCIATION = Text("関連の推定値（調整後）", "Associations (adjusted)")
T_ROBUSTNESS = Text("関連の頑健性", "Robustness of the associations")
ROBUST = {
    "robust": Text("頑健", "robust"),
    "fragile": Text("頑健でない（方法により変わる）", "fragile (depends on the specification)"),
    "null": Text("関連はみられない", "no association seen"),
}
T_CURVE = Text("分析方法を変えた場合のまとめ", "Summary of the specification curves")
T_DESIGNS = Text("前後比較の結果", "Results of the before-after designs")
T_CORE = Text("コア指標の案", "Proposed core indicators")
T_LEFT_OUT = Text("案に近かったが入らなかった指標", "Indicators close to the set but not in it")
T_EMPTY = Text("指標のない区分", "Cells without an indicator")
T_CHAINS = Text(
    "ストラクチャー・プロセス・アウトカムの関連", "Associations of structure, process and outcome"
)
T_CRITERIA = Text("選ばれた指標の基準別の得点（0～1）", "Scores of the members by criterion (0-1)")
T_POWER = Text("検出力", "Power")
T_METHODS = Text("用いた方法", "Methods used")
T_CODES = Text("注の記号", "Note codes")


def label_of(names: Mapping[str, Text], key: object, language: Language) -> str:
    """Name of a key; a key without a name stands for itself."""
    return names[str(key)].to(language) if str(key) in names else str(key)

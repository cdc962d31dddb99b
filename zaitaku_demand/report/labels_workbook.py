"""Labels of the workbook."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

from zaitaku_demand.text import Text

COVER = Text("表紙", "Cover")
CONTENTS = Text("目次", "Contents")
NOTES = Text("注記", "Notes")
SOURCES = Text("出典", "Sources")
ISSUES = Text("既知の課題", "Known issues")
BACK = Text("目次へ戻る", "Back to contents")

PEAK_SUMMARY = Text("ピーク集計", "Peak summary")
BAND_SHEET = Text("最高階級とピーク", "Open band and peak")
AREA_SHEET = Text("圏域別", "Areas")
PREFECTURE_SHEET = Text("都道府県別", "Prefectures")
AGE_SHEET = Text("年齢階級別", "By age")
CERTIFIED_SHEET = Text("認定者数", "Certified persons")
LEVEL_SHEET = Text("認定者数（要介護度別）", "Certified by level")
NEED_SHEET = Text("医療介護の重なり", "Medical and care need")
COMPARISON_SHEET = Text("厚労省推計との比較", "Comparison with ministry")

PEAK_SUMMARY_TITLE = Text("ピーク年の区分ごとの圏域数：{scope}", "Number of areas by peak class: {scope}")
BAND_TITLE = Text(
    "最高年齢階級の取り方とピークの圏域数（{service}）", "Open age band and areas by peak ({service})"
)
AREA_TITLE = Text("圏域別の{service}とピーク年", "{service} and peak year by area")
PREFECTURE_TITLE = Text("都道府県別の推計値（圏域の合計）", "Projection by prefecture (sums of areas)")
AGE_TITLE = Text("年齢階級別の推計値（毎年）：{scope}", "Projection by age, annual: {scope}")
CERTIFIED_TITLE = Text(
    "圏域別の要介護・要支援認定者数（65歳以上、総数）", "People of 65+ certified for long-term care by area"
)
LEVEL_TITLE = Text(
    "圏域別・要介護度別の認定者数（65歳以上）", "People of 65+ certified, by area and level of care"
)
NEED_TITLE = Text(
    "訪問診療を受け、要介護・要支援認定も受けている人の範囲（65歳以上）",
    "Bounds of home-visit patients who are also certified (65+)",
)
COMPARISON_TITLE = Text(
    "圏域別の伸びの厚生労働省推計（令和7年）との比較", "Growth by area against the ministry's R7 projection"
)

AREA_LEGEND = Text(
    "ピーク年の区分・ピーク年（5年ごと）は公表年のうち値が最大の年。ピーク年（毎年）は補間した毎年の値が最大の年。"
    "高原期間はピーク値の1％以内の期間。打切りは推計期間の最終年が最大で、実際のピークはそれより後の可能性がある。"
    "増減率はピーク年（5年ごと）の値÷基準年の値－1。空欄は算出できないことを示す。",
    "Peak class and peak year (grid): the published year with the largest value. Peak year (annual): the same on "
    "interpolated years. Plateau: within 1 % of the peak. Censored: the last year is the largest, so the true peak may "
    "come later. Change: value at the grid peak over the base year, minus 1. Blank: cannot be given.",
)
PREFECTURE_LEGEND = Text(
    "都道府県の値はその圏域の合計。先頭の行は全体の合計。",
    "A prefecture is the sum of its areas; the first row is the sum of all.",
)
AGE_LEGEND = Text(
    "5年ごとの公表値の間は補間による推計。総数は年齢階級の合計。",
    "Interpolated between the published years. The total is the sum of the age groups.",
)
PEAK_LEGEND = Text(
    "区分はピーク年（5年ごと）による。構成比は圏域数に対する割合。",
    "Classes are by the five-year grid. The share is of the number of areas.",
)
BAND_LEGEND = Text(
    "同じ率と人口で、最高年齢階級だけを変えた場合の圏域数。低い年齢で打ち切るほどピークが早く見える。",
    "The same rates and population with another open band. The lower it starts, the earlier the peak seems.",
)
CERTIFIED_LEGEND = Text(
    "2022年9月の全国の年齢別認定率を人口に乗じ、2024年3月末の都道府県別・要介護度別の認定者数に合わせた推計値。",
    "National rates by age of September 2022 times the population, scaled to the prefectures' counts by level of March 2024 "
    "(estimated).",
)
NEED_LEGEND = Text(
    "両方を同時に受ける人の率は公表されていないため、訪問診療患者数と認定者数の2つだけから論理的にありうる下限・上限を示す。"
    "「独立を仮定した値」は年齢階級の中で両者が無関係とした場合の参考値で、実数ではない。",
    "No joint rate is published, so only the bounds that patients and certified persons allow are shown. “If independent” "
    "takes the two as unrelated inside every age group: a reference, not a count.",
)
COMPARISON_LEGEND = Text(
    "両推計の圏域別の比（比較年÷比較の基準年）を比べた。本推計は厚生労働省の推計に当てはめていない。",
    "Ratios of two years by area in both projections. Nothing here is fitted to the ministry's projection.",
)

ABOUT = Text(
    "この資料は、公的統計（NDBオープンデータと将来推計人口）から、圏域ごとの在宅医療の患者数等とそのピーク年を推計したものです。",
    "This workbook projects home medical care by area, and when it peaks, from official statistics (NDB Open Data and the "
    "population projections).",
)
ABOUT_ESTIMATED = Text(
    "数値はすべて推計値（estimated）で、実績ではありません。小数を含む値を四捨五入して表示しているため、表示上の合計が一致しないことがあります。",
    "Every figure is an estimate. Cells hold decimals and show whole numbers, so shown figures may not add up exactly.",
)
ABOUT_PLACE = Text(
    "地域ごとの率は医療機関の所在地による集計です。患者の住所地による集計ではないため、圏域や都道府県を越えて受診する分だけ実際の住民の需要とは異なります。",
    "Rates of places are counted where the institution stands, not where the patient lives: they differ from the need of the "
    "residents by the visits that cross borders.",
)
ABOUT_USE = Text(
    "はじめに「ピーク集計」と「圏域別」のシートをご覧ください。読み方は「注記」、統計の出典は「出典」にあります。",
    "Begin with the sheets “Peak summary” and “Areas”. “Notes” says how to read them, “Sources” where they come from.",
)
POINTS = Text("要点", "Main points")
CONDITIONS = Text("推計の条件", "What was asked for")
SOFTWARE = Text("使用したソフトウェア", "Software")

HOW_TO_READ = Text("ピークの読み方", "How to read the peak")
NOTES_TITLE = Text("注記：数値の読み方", "Notes: how to read the figures")
NOTE = Text("注記", "Note")
ISSUES_TITLE = Text(
    "既知の課題（元データの性質と本資料での扱い）", "Known issues of the sources and what is done"
)
ISSUE_ID = Text("識別名", "Id")
ISSUE_TITLE = Text("課題", "Issue")
ISSUE_SCOPE = Text("対象の表", "Tables")
ISSUE_EVIDENCE = Text("根拠", "Evidence")
ISSUE_ACTION = Text("本資料での扱い", "What is done")
SOURCES_TITLE = Text("出典の一覧", "Sources")
PUBLISHER = Text("公表者", "Publisher")
SOURCE_TITLE = Text("統計・資料名", "Title")
EDITION = Text("版・年度", "Edition")
ADDRESS = Text("掲載先", "Address")
LICENCE = Text("利用条件", "Licence")
CHECKSUM = Text("SHA-256", "SHA-256")
PAGE_FOOT = Text("&P／&Nページ", "Page &P of &N")
EACH_COLUMN = Text("各列の見出しのとおり", "as each column says")
EACH_ROW = Text("各行のとおり", "as each row says")
EMPTY = Text("該当なし", "None")


def about(by_institution: bool) -> list[Text]:
    """General sentences; that on the institution's place only where the rates differ by place."""
    return [ABOUT_ESTIMATED, ABOUT_PLACE] if by_institution else [ABOUT_ESTIMATED]

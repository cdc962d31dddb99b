"""Headings and sentences of the page."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

from zaitaku_demand.text import Text

OTHER_LANGUAGE = Text("English", "日本語")
ON_THIS_PAGE = Text("このページの内容", "On this page")
SKIP = Text("本文へ移動", "Skip to the text")
FILES = Text("このページのもとになった表", "The tables behind this page")
WORKBOOK = Text("Excelワークブック", "Excel workbook")
FILES_NOTE = Text(
    "CSVは文字コードUTF-8（BOM付き）です。圏域コードの先頭の0を保つには、Excelではワークブックの方をお使いください。",
    "CSV files are UTF-8 with BOM. In Excel use the workbook: opening a CSV there drops leading zeros of the codes.",
)

H_OUTLOOK = Text("全体の見通し", "Outlook")
H_MAP = Text("圏域ごとのピーク年", "When the areas peak")
H_SUMS = Text("都道府県別の推計値", "Projection by prefecture")
H_AREAS = Text("圏域の一覧", "All areas")
H_PREFECTURES = Text("都道府県ごとの圏域の推移", "Areas of each prefecture")
H_READING = Text("ピークの読み方", "How to read the peak")
H_COMPARISON = Text("厚生労働省の推計との比較", "Against the ministry's projection")
H_CARE = Text(
    "要介護・要支援認定者と、医療と介護の重なり", "Certified persons, and the overlap with medical care"
)
H_BENCHMARK = Text("共通指標による都道府県比較", "Prefectures compared by the common indicators")
BENCHMARK_NOTE = Text(
    "ストラクチャー・プロセス・アウトカムの共通指標を、4つの機能ごとに47都道府県で比べた。",
    "Common indicators of structure, process and outcome, by the four functions, compared over 47 prefectures. ",
)
BENCHMARK_LINK = Text(
    "指標・順位・図・PDCAシートを開く", "Open indicators, ranks, figures and the PDCA sheet"
)
H_NOTES = Text("注記", "Notes")
H_ISSUES = Text("既知の課題", "Known issues")
H_SOURCES = Text("出典", "Sources")
H_CONDITIONS = Text("推計の条件", "What was asked for")

OUTLOOK_TABLE = Text("{service}の推計値（単位：{unit}、推計値）", "{service}, {unit} (estimated)")
CLASS_TABLE = Text("ピーク年の区分ごとの圏域数（{service}）", "Areas by peak class ({service})")
AREA_TABLE = Text(
    "圏域別の{service}とピーク年（単位：{unit}、推計値）",
    "{service} and peak year by area ({unit}, estimated)",
)
COURSE = Text("{first}～{last}年の推移", "{first}-{last}")
SEARCH = Text("圏域名・コードで絞り込み", "Filter by name or code")
ALL_PREFECTURES = Text("すべての都道府県", "All prefectures")
ALL_CLASSES = Text("すべての区分", "All classes")
SHOWN = Text("件を表示", "areas shown")
CHOOSE = Text("都道府県を選ぶ", "Choose a prefecture")
CHOOSE_NONE = Text("選択してください", "Choose one")
PREFECTURES_NOTE = Text(
    "都道府県名を開くと、圏域ごとの推移・高原期間・ピーク年が表示されます。",
    "Open a prefecture to see course, plateau and peak of its areas.",
)
PLATEAU_SHORT = Text("高原期間", "Plateau")
GROWTH_SHORT = Text("増減率", "Change")
CENSORED_SHORT = Text("打切り", "censored")

PLATEAU_NOTE = Text(
    "ピーク年は1つの年で示しますが、頂上は平らなことが多く、ピークの値の1％以内にある期間（高原期間）もあわせてご覧ください。"
    "高原期間が長い圏域では、ピーク年が数年ずれても患者数はほとんど変わりません。",
    "The peak is given as one year, but most tops are flat: see the plateau, the years within 1 % of the peak, as well. Where "
    "it is long, a shift of the peak by some years hardly changes the number of patients.",
)
BAND_TABLE = Text("最高年齢階級の取り方とピークの圏域数", "Open age band and areas by peak")
BAND_NOTE = Text(
    "同じ率と人口を用い、最高年齢階級だけを変えた場合の圏域数です。他の資料と圏域数を比べるときは、最高年齢階級・推計人口の版・推計期間がそろっているかを確かめてください。",
    "The same rates and population with another open band. Before comparing counts with other papers, check that open band, "
    "edition of the population and horizon agree.",
)
COMPARISON_TABLE = Text("圏域別の伸びの比較", "Growth by area compared")
COMPARISON_NOTE = Text(
    "厚生労働省の令和7年推計と、圏域ごとの伸び（比較年÷比較の基準年）を比べたものです。本推計を厚生労働省の推計に当てはめてはいません。",
    "Growth by area (one year over another) against the ministry's R7 projection. Nothing here is fitted to it.",
)
CARE_TABLE = Text(
    "要介護・要支援認定者数：{scope}、65歳以上、単位：人、推計値",
    "People of 65+ certified for long-term care: {scope}; persons, estimated",
)
CARE_NOTE = Text(
    "2022年9月の全国の年齢別認定率を将来の人口に乗じ、2024年3月末の都道府県別・要介護度別の認定者数に合わせた推計値です。圏域別の値はワークブックにあります。",
    "National rates by age of September 2022 times the projected population, scaled to the prefectures' counts by level of March "
    "2024 (estimated). The workbook has them by area.",
)
NEED_TABLE = Text(
    "訪問診療を受け、かつ要介護・要支援認定を受けている人の範囲：{scope}、65歳以上、単位：人／月、推計値",
    "Home-visit patients of 65+ who are also certified, bounds: {scope}; persons a month, estimated",
)
NEED_NOTE = Text(
    "訪問診療と認定の両方を受ける人の割合は公表されていません。そこで、それぞれの人数だけから論理的にありうる範囲を、年齢階級ごとに求めて合計しました。"
    "下限は「重なりが最も小さい場合」、上限は「少ない方の全員が両方を受ける場合」です。実際の人数はこの間のどこかにあります。"
    "「独立を仮定した値」は、年齢階級の中で両者が無関係とした場合の参考値です。訪問診療を受ける人は認定を受けていることが多いため、実際はこれより多いと考えられます。",
    "How many receive both is not published. Age group by age group the two numbers alone bound it: the lower bound is the smallest "
    "overlap possible, the upper bound takes everyone of the smaller group to be in both. The truth lies between. “If "
    "independent” takes the two as unrelated inside every age group: a reference. As patients visited at home are "
    "mostly certified, the truth is probably higher.",
)
ALT_MAP = Text(
    "地図：圏域ごとのピーク年の区分。同じ内容は「圏域の一覧」の表にある。",
    "Map of the peak class of every area; the table of all areas holds the same.",
)
ALT_AGE = Text(
    "グラフ：年齢階級別の推計値の推移。同じ内容はワークブックの「年齢階級別」シートにある。",
    "Chart of the projection by age group; the sheet “By age” of the workbook holds the same.",
)
ALT_PREFECTURES = Text(
    "グラフ：都道府県ごとに、各圏域の指数の推移を全国と比べたもの。",
    "Charts: the index of every area, prefecture by prefecture, against the country.",
)
ALT_AREAS = Text(
    "グラフ：{name}の圏域ごとの推移とピーク年。同じ値は「圏域の一覧」の表とワークブックにある。",
    "Charts: course and peak of every area of {name}; table and workbook hold the same figures.",
)
MAP_NONE = Text(
    "この圏域の境界データがないため、地図はありません。",
    "No boundaries are at hand for these areas, so there is no map.",
)
RATIO = Text("比較した伸び", "Growth compared")
RATIO_OF = Text("{late}年÷{early}年", "{late} / {early}")

"""Words of what a planner is told of the certainty of a run."""

# Sentences stay whole, so that both halves can be read side by side.

from __future__ import annotations

from zaitaku_demand.text import Text

HEAD_INTERVAL = Text(
    "この見込みには幅があり、{year}年の値は80％の確からしさで約{low}～{high}{unit}に入ると見込まれます。",
    "This is not sure: with 80 % probability the value of {year} lies between about {low} and {high} {unit}.",
)
HEAD_CONSTANT = Text(
    "利用率を{base}年度のまま一定とした場合（現状投影）の{year}年の値は、約{value}{unit}です。",
    "If the rates of use stayed as in FY{base} (constant rates), the value of {year} would be about {value} {unit}.",
)

HEAD_LATE = Text(
    "不確実性を入れた試行では、{late}年以降にピークを迎える確率が80％以上なのは{n}圏域のうち{sure}圏域、50％以上なのは{likely}圏域です。",
    "With what is uncertain taken in, {late} or later is the peak with a probability of at least 80 % in {sure} of {n} areas, and of at "
    "least 50 % in {likely}.",
)

CLASS_UNTIL = Text("～{high}年", "to {high}")
CLASS = Text("{low}～{short}年", "{low}-{short}")
CLASS_FROM = Text("{low}年以降", "{low} or later")
CLASS_TABLE = Text(
    "5年の区分でみたピーク年の確率：{place}", "Probability of the peak by five-year class: {place}"
)
STRIPES = Text(
    "年ではなく幅で読む。将来推計人口は5年ごとに公表され、間の年は補間した推計値のため、ピークは{listed}年の前後に集まって見える。",
    "Read the range, not the year. Population is published every five years and interpolated between, so peaks seem to crowd "
    "around {listed}.",
)

AREA_WIDE = Text(
    "1つの圏域を見る方へ：圏域の{year}年の80％区間は、上限が下限の約{ratio}倍（全圏域の中央値）と広くなっています。"
    "この推計は都道府県の率を圏域にも当てはめており、圏域自身の今の水準が都道府県の平均より高いか低いかを使っていないためです。",
    "For a reader of one area: the upper end of the 80 % interval of {year} is about {ratio} times the lower one (median over areas). "
    "The prefecture's rates are used for its areas, and whether an area now lies above or below its prefecture is not used.",
)
AREA_SHARE = Text(
    "圏域の{year}年の値のばらつき（分散）のうち、この「現在の水準」によるものが{share}（全圏域の中央値）を占めます。",
    "This unknown present level makes {share} of the variance of an area's value of {year} (median over areas).",
)
AREA_BACKTEST = Text(
    "過去検証での圏域の平均絶対誤差率は、都道府県の比を使う方法が{borrowed}％、圏域自身の比を使う方法が{own}％でした。"
    "ただし検証の答えも医療機関の所在地による件数なので、これは圏域自身の比に有利な比べ方です。住民の需要を見る標準の計算は、このため都道府県の比のままとしています。",
    "In the backtest the mean absolute error by area was {borrowed} % with the prefecture's ratio and {own} % with the area's own. "
    "What is to be hit there are again claims by place of the institution, which favours the area's own ratio; this is why the default, "
    "meant for the demand of the residents, keeps the prefecture's ratio.",
)
AREA_OPTION = Text(
    "圏域を計画する場合は、圏域自身の算定件数を使う「--rates area」で計算し直すことをお勧めします。"
    "ただし算定件数は患者の住所ではなく医療機関の所在地で数えたものなので、圏域をまたぐ訪問診療が多い所では、圏域内の住民の需要とは異なります。",
    "To plan for an area, run it again with --rates area, which uses the area's own claims. They are counted where the institution "
    "stands, not where the patient lives: where visits cross the border of the area, they are not the demand of its people.",
)
AREA_GROWTH = Text(
    "「今の何倍になるか」は今の水準に左右されないため幅が狭く、{base}年から{year}年への倍率では80％区間の上限は下限の約{ratio}倍です（全圏域の中央値）。"
    "圏域の今の実績が手元にあれば、それに倍率を掛けて使うこともできます。",
    "How many times as much as now does not depend on the present level: the upper end of the 80 % interval of the growth from "
    "{base} to {year} is about {ratio} times the lower one (median over areas). Where the present number of an area is known, "
    "it can be multiplied by that growth.",
)
AREA_TABLE = Text(
    "{place}の圏域：{year}年の値、伸び、ピーク年（{unit}、推計値）",
    "Areas of {place}: value of {year}, growth, peak ({unit}, estimated)",
)
VALUE_80 = Text("80％区間", "80 % interval")
GROWTH = Text("{base}年の何倍か", "Times {base}")
SPAN = Text("{low}～{high}", "{low} to {high}")

SPLIT_SENTENCE = Text(
    "「{scenario}」は合計を変えず、内訳を変えるシナリオです。", '"{scenario}" changes the split, not the sum.'
)
SPLIT_OPTION = Text(
    "内訳の変化は、内訳のサービス（自宅等・施設）を加えて計算すると示されます（`zaitaku services` の一覧を参照）。",
    "How the split changes is shown when the services of own home and facilities are added to the run (see `zaitaku services`).",
)
SPLIT_TABLE = Text(
    "「{scenario}」による内訳の変化：{place}、{year}年（推計値）",
    'The split under "{scenario}": {place}, {year} (estimated)',
)
SERVICE = Text("サービス", "Service")
THIS_RUN = Text("{name}（今回の推計）", "{name} (this run)")

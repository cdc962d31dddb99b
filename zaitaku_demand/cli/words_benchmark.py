"""Texts of `zaitaku benchmark`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.cli.words import say
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    from zaitaku_demand.report.benchmark_content import BenchmarkContent

HELP: dict[str, Text] = {
    "benchmark": Text(
        "共通指標を47都道府県・335圏域で比べ、表・図・Excel・HTMLを書き出す",
        "Compare the common indicators of 47 prefectures or 335 areas",
    ),
    "level": Text("比較の単位（prefecture・area）", "What is compared (prefecture or area)"),
    "prefecture": Text(
        "対象の都道府県（--level area ではその県の圏域。既定は類型ごとの例）",
        "Prefecture the report is about (with --level area: its areas; default: one place of each type)",
    ),
    "peers": Text(
        "比較相手：nearest・type、または名称かコード（コンマ区切り）",
        "Peers: nearest, type, or names or codes separated by commas",
    ),
    "year": Text("用いるデータの最終年", "Last year of data to use"),
    "period": Text("計画期間（例：2027-2029、繰り返し可）", "Plan period, such as 2027-2029 (repeatable)"),
    "target": Text(
        "目標の根拠（peers＝類似地域の上位5分の1、demand＝需要推計の伸び）",
        "Basis of targets (peers: their best fifth; demand: growth of projected demand)",
    ),
    "targets": Text(
        "目標のCSV（indicator_id・area_code・target）", "CSV of targets (indicator_id, area_code, target)"
    ),
    "values": Text(
        "利用者の値のCSV（zaitaku indicators template の様式、繰り返し可）",
        "CSV of own values (layout of `zaitaku indicators template`; repeatable)",
    ),
    "home_care": Text(
        "厚生労働省「在宅医療にかかる地域別データ集」のワークブック（利用者が入手したもの）",
        "The ministry's workbook 在宅医療にかかる地域別データ集, as the user obtained it",
    ),
    "shrink": Text(
        "縮約の方向（all＝全体の平均へ、neighbours＝隣接地域の平均へ）",
        "Where small counts are shrunk to (all: mean of all; neighbours: mean of the neighbourhood)",
    ),
    "core_set": Text(
        "コア指標のファイル（zaitaku research core-set で書き出したもの）。その指標だけを、その順に比べる",
        "Core set written by `zaitaku research core-set`: only its indicators are compared, in their order",
    ),
    "settings": Text(
        "しきい値・重み・計画期間の設定（TOML。docs/benchmark.md を参照）",
        "Settings of thresholds, weights and plan periods (TOML, see docs/benchmark.md)",
    ),
    "computing": Text("指標を計算しています", "Computing the indicators"),
}


def benchmark_summary(content: BenchmarkContent, folder: Path) -> str:
    """The last lines of `zaitaku benchmark`: what can be said of each place, and where the report is."""
    names = dict(content.focus)
    lines = []
    for code, sentences in content.summary.items():
        lines.append(f"■ {names[code]}")
        lines += [f"  {say(sentence)}" for sentence in sentences]
    page = folder / "benchmark.html"
    lines.append(say(Text(f"報告書：{page}", f"Report: {page}")))
    return "\n".join(lines)

"""Texts of `zaitaku indicators`."""

from __future__ import annotations

from zaitaku_demand.text import Text

HELP: dict[str, Text] = {
    "app": Text(
        "共通指標の一覧・定義・データの有無・入力様式",
        "The common indicators: list, definition, coverage, template",
    ),
    "folder": Text(
        "指標の宣言のフォルダ（既定は環境変数 ZAITAKU_INDICATORS）",
        "Folder of declarations (default: ZAITAKU_INDICATORS)",
    ),
    "list": Text("指標とデータのある年を一覧する", "List the indicators and the years with data"),
    "show": Text("1つの指標の定義を表示する", "Show one indicator"),
    "coverage": Text(
        "指標×地域×年のデータの状態（観測・推計・秘匿・欠測）を数える",
        "Count observed, estimated, suppressed and missing places by indicator and year",
    ),
    "template": Text(
        "利用者が値を入れるCSVの様式を書き出す", "Write the CSV in which a user gives an indicator's values"
    ),
    "reference": Text(
        "全指標の解説をMarkdownで出力する", "Print the reference page of all indicators (Markdown)"
    ),
    "id": Text("指標のID（例：S-D-1）", "Id of the indicator, such as S-D-1"),
    "type": Text("種別（structure・process・outcome）", "Type (structure, process, outcome)"),
    "function": Text(
        "機能（discharge・everyday・acute・end_of_life・all）",
        "Function (discharge, everyday, acute, end_of_life, all)",
    ),
    "level": Text("地域の単位（prefecture・area）", "Level (prefecture or area)"),
    "csv": Text("指標×地域×年の全ての行を書き出すCSV", "CSV for every indicator, place and year"),
    "values": Text(
        "利用者の値のCSV（繰り返し可、名前は指標のIDで始める）",
        "CSV of the user's values (repeatable, named after the indicator)",
    ),
    "home_care": Text(
        "厚生労働省「在宅医療にかかる地域別データ集」のワークブック（利用者が入手したもの）",
        "The ministry's workbook 在宅医療にかかる地域別データ集, as the user obtained it",
    ),
    "out": Text("書き出すファイル（既定は <ID>.csv）", "File to write (default: <ID>.csv)"),
    "year": Text("全ての行に入れる年", "Year put into every row"),
}

NO_DATA = Text("データなし", "no data")
NO_DATA_HINT = Text(
    "データなしの指標は「zaitaku indicators template ID」で様式を書き出し、値を入れて「zaitaku benchmark --values ID.csv」で"
    "計算する。単位と定義は「zaitaku indicators show ID」。",
    "Indicators without data: write the file with `zaitaku indicators template ID`, fill it in and run "
    "`zaitaku benchmark --values ID.csv`. Units and definitions: `zaitaku indicators show ID`.",
)
LEVELS = {"prefecture": Text("都道府県", "prefectures"), "area": Text("圏域", "areas")}
LIST_HEAD = (
    Text("ID", "id"),
    Text("種別", "type"),
    Text("機能", "function"),
    Text("主要", "key"),
    Text("データ", "data"),
    Text("指標", "indicator"),
)
KEY_MARK = Text("主要", "key")
COVERAGE_HEAD = (
    Text("ID", "id"),
    Text("年", "year"),
    Text("観測", "observed"),
    Text("推計", "estimated"),
    Text("秘匿", "suppressed"),
    Text("欠測", "missing"),
    Text("指標", "indicator"),
)
DATA_IN_HAND = Text("データ", "Data")
WRITTEN = Text("書き出した：{path}", "Written: {path}")
SUPPLEMENT_MARK = Text("（補足）", " (supplement)")

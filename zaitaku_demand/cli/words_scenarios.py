"""Texts of `zaitaku scenarios`."""

from __future__ import annotations

from zaitaku_demand.text import Text

HELP: dict[str, Text] = {
    "app": Text("シナリオの一覧・内容・比較・様式", "List, show and compare scenarios; write their template"),
    "list": Text("同梱のシナリオの一覧", "List the scenarios that come with the toolkit"),
    "show": Text("シナリオの内容とTOMLを表示する", "Show what a scenario changes, and its TOML"),
    "compare": Text(
        "シナリオを現状投影と並べて比べる（指定がなければ同梱のもの全て）",
        "Compare scenarios with constant rates (default: all of `list`)",
    ),
    "template": Text(
        "病床から在宅医療に移る患者数（医療計画の値）を入れるCSVを書き出す",
        "Write a CSV for the patients who are to leave hospital beds",
    ),
    "name": Text("シナリオの名称・ID・TOMLファイル", "Name or id of a scenario, or a TOML file"),
    "names": Text(
        "シナリオの名称・ID・TOMLファイル（a+b で組合せ）",
        "Names or ids of scenarios or TOML files (a+b combines them)",
    ),
    "scenario": Text(
        "シナリオの名称・ID・TOMLファイル（省略時は default。率を一定とするには base。繰り返し・a+b で組合せ。一覧は zaitaku scenarios list）",
        "Name or id of a scenario, or a TOML file (default: default; base for constant rates; repeat or a+b to combine; see `zaitaku scenarios list`)",
    ),
    "set": Text(
        "現状投影からの変更をその場で書く（例：--set 'rate: factor=0.9, ages=75-84, to=2035'、繰り返し可）",
        "Write a difference from constant rates, such as --set 'rate: factor=0.9, ages=75-84, to=2035' (repeatable)",
    ),
    "set_for_run": Text(
        "現状投影からの変更をその場で書く（例：--set 'rate: factor=0.9, ages=75-84, to=2035'、繰り返し可。標準に加えるには --scenario default を併記）",
        "Write a difference from constant rates, such as --set 'rate: factor=0.9, ages=75-84, to=2035' (repeatable; from the default with --scenario default)",
    ),
    "area": Text(
        "表示する圏域のコードまたは名称（繰り返し可）", "Area to show, by code or name (repeatable)"
    ),
    "year": Text(
        "表示する年（繰り返し可、既定は基準年と5年ごと）",
        "Year to show (repeatable; default: base year and grid)",
    ),
    "out": Text("表を書き出すファイル（.csv・.xlsx）", "File to write the table to (.csv or .xlsx)"),
    "template_out": Text("書き出すCSV（既定は beds.csv）", "CSV to write (default: beds.csv)"),
    "service": Text("サービス（一覧は zaitaku services）", "Service (see `zaitaku services`)"),
}

COMPUTING = Text("シナリオを計算しています", "Computing the scenarios")
WRITTEN = Text("書き出しました：{path}", "Written: {path}")
TOML = Text("TOML：", "TOML:")
CHANGES = Text("現状投影との違い：", "Differences from constant rates:")
SKIPPED = Text("「{name}」は計算できない：{why}", "'{name}' could not be computed: {why}")
TITLE = Text("シナリオの比較：{service}（{unit}、推計値）", "Scenarios: {service} ({unit}, estimated)")
DIFFERENCE = Text("（ ）内は現状投影との差。", "In brackets: difference from constant rates.")
UNMET = Text(
    "「{name}」：供給の上限を超えて満たされない需要は、最大の年（{year}年）に{place}で{unmet}{unit}。",
    "'{name}': demand beyond the limit of supply is largest in {year}, {unmet} {unit} ({place}).",
)

COLUMNS: dict[str, Text] = {
    "scenario": Text("シナリオID", "Scenario id"),
    "scenario_name": Text("シナリオ", "Scenario"),
    "level": Text("単位", "Level"),
    "code": Text("コード", "Code"),
    "name": Text("地域", "Place"),
    "year": Text("年", "Year"),
    "value": Text("推計値", "Value"),
    "against_base": Text("現状投影との差", "Against constant rates"),
    "unmet": Text("満たされない需要", "Unmet demand"),
    "unit": Text("値の単位", "Unit of the values"),
    "peak_year": Text("ピーク（毎年）", "Peak (annual)"),
    "peak_year_grid": Text("ピーク（5年ごと）", "Peak (grid)"),
    "censored": Text("打切り", "Censored"),
    "peak_value": Text("ピーク値", "Peak value"),
}
LEVELS: dict[str, Text] = {
    "nation": Text("全国", "nation"),
    "prefecture": Text("都道府県", "prefecture"),
    "area": Text("圏域", "area"),
}
SHEETS = {
    "about": Text("シナリオ", "Scenarios"),
    "values": Text("推計値", "Values"),
    "peaks": Text("ピーク", "Peaks"),
}
LATER = Text("（打切り）", " (censored)")
REMARKS = Text(
    "推計値。現状投影（基準年の利用率のまま）との差を併記する。シナリオの仮定はシート「シナリオ」にある。",
    "Estimates. Beside each value the difference from constant rates. What each scenario assumes stands on the sheet 'Scenarios'.",
)
EXTENSION = Text(".csv または .xlsx のファイル名にしてください", "give a name that ends in .csv or .xlsx")
EXTENSION_FOUND = Text("書き出せる形式でない", "this kind of file cannot be written")
NO_YEAR = Text("{year}年は推計の期間にない", "{year} lies outside the projection")
NO_YEAR_ACTION = Text("{first}～{last}年を指定してください", "choose {first} to {last}")
NO_AREA = Text("圏域「{area}」が見つからない", "there is no area '{area}'")
NO_AREA_ACTION = Text(
    "コードか名称を指定してください（一覧は zaitaku peak）", "give its code or name (see `zaitaku peak`)"
)
SEVERAL_AREAS = Text("「{area}」という圏域は複数ある", "more than one area is called '{area}'")
SEVERAL_AREAS_ACTION = Text("コードで指定してください：{codes}", "give one of the codes {codes}")


def service_title(identifier: str) -> Text:
    """Short name of a service; a user's own is called as he calls it."""
    from zaitaku_demand.rates.services import services

    known = services()
    return known[identifier].short if identifier in known else Text(identifier, identifier)

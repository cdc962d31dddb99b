"""Texts of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.text import Text, language_of_terminal

if TYPE_CHECKING:
    from zaitaku_demand.report.content import ReportContent
    from zaitaku_demand.report.forecast_content import ForecastContent

HELP: dict[str, Text] = {
    "app": Text(
        "在宅医療の需要推計とピーク年（二次医療圏・在宅医療圏別）",
        "Demand for home medical care and its peak year, by area",
    ),
    "version": Text("版を表示する", "Show the version"),
    "run": Text(
        "推計を行い、表・地図・Excel・HTMLの報告書を書き出す",
        "Compute the projection; write tables, maps, workbook and page",
    ),
    "with_benchmark": Text(
        "共通指標による都道府県比較も書き出す", "Also write the comparison of the common indicators"
    ),
    "peak": Text("圏域ごとのピーク年を端末に表示する", "Print the peak year of every area"),
    "compare": Text("公式の推計と比べる", "Compare with official projections"),
    "compare_official": Text(
        "厚生労働省の令和7年推計との比較を表示する（ともに率を一定とする）",
        "Compare with the ministry's R7 projection, both at constant rates",
    ),
    "services": Text("推計できるサービスの一覧", "List the services that can be projected"),
    "area_of": Text("市区町村コードが属する圏域を表示する", "Show the area of a municipal code"),
    "municipality_code": Text(
        "5桁の市区町村コード（2000年以降のもの）", "Five-digit municipal code of any year since 2000"
    ),
    "area_edition": Text("圏域の版（330・335・339・344）", "Area edition (330, 335, 339, 344)"),
    "on": Text("コードが使われていた日（YYYY-MM-DD）", "Day on which the code was in force (YYYY-MM-DD)"),
    "edition": Text(
        "将来推計人口の版（2023＝令和5年推計、2018＝平成30年推計）",
        "Edition of the population projection (2023 or 2018)",
    ),
    "areas": Text(
        "圏域：330・335・339・344、または市区町村と圏域の対応表（CSV）",
        "Areas: 330, 335, 339, 344, or a CSV of municipalities and areas",
    ),
    "population": Text(
        "社人研の市区町村別・男女5歳階級別人口のファイル", "Municipal age tables downloaded from the IPSS"
    ),
    "rates": Text(
        "利用率：national・prefecture・area、または率のCSV",
        "Rates: national, prefecture, area, or a CSV of rates",
    ),
    "rate_year": Text(
        "利用率の年度（2014～2022。趨勢を求められない古い年度は --scenario base とともに）",
        "Fiscal year of the rates (2014-2022; early years allow no trend and need --scenario base)",
    ),
    "service": Text(
        "サービス（繰り返し可、all で全て。一覧は zaitaku services）",
        "Service (repeatable, or all; see `zaitaku services`)",
    ),
    "prefecture": Text("都道府県の名称またはコード", "Prefecture by name or code"),
    "horizon": Text("推計の最終年（5年ごとの公表年）", "Last year (one of the published five-year steps)"),
    "open_band": Text(
        "最高年齢階級の下限（75・80・85・90・95）", "Lower bound of the open age band (75, 80, 85, 90, 95)"
    ),
    "ratio_95plus": Text(
        "95歳以上の率÷90～94歳の率（既定は率の年齢勾配から）",
        "Rate of 95+ over 90-94 (default: from the age gradient of the rates)",
    ),
    "certified": Text(
        "公式の認定者数の表（性別×年齢×要介護度のCSV）。推計を含む同梱の表に代えて使う",
        "Official certified persons by sex, age and level (CSV), in place of the partly estimated ones",
    ),
    "out": Text("出力フォルダ（既定は reports/<名称>）", "Output folder (default: reports/<name>)"),
    "lang": Text("言語（ja・en）", "Language (ja or en)"),
    "data": Text("データフォルダ（既定は環境変数 ZAITAKU_DATA）", "Data folder (default: ZAITAKU_DATA)"),
    "summary": Text("ピーク年の階級ごとの圏域数だけを表示する", "Only count the areas by class of peak year"),
    "json": Text("JSONで出力する", "Print JSON"),
    "computing": Text("推計しています", "Computing"),
    "writing": Text("報告書を書き出しています", "Writing the report"),
    "data_app": Text("元データの取得・検査・加工", "Fetch, verify and build the data"),
    "fetch": Text(
        "元ファイルを公式サイトまたはミラーから取得する",
        "Fetch raw files from the official addresses or a mirror",
    ),
    "mirror": Text("同じ構成のミラーフォルダ", "Mirror folder of the same layout"),
    "only": Text("取得するグループ（繰り返し可）", "Group to fetch (repeatable)"),
    "status": Text("元ファイルと処理済みの表の有無を表示する", "Show which raw files and tables are there"),
    "verify": Text("元ファイルのチェックサムを検査する", "Check the checksums of the raw files"),
    "build": Text("元ファイルから処理済みの表を作る", "Build the processed tables from the raw files"),
    "check": Text(
        "作り直した表が同梱の表と同じかを検査する", "Check that the rebuilt tables equal the shipped ones"
    ),
    "catalog": Text(
        "処理済みの表の目録（出典・手順・単位）", "Catalogue of the processed tables (sources, steps, unit)"
    ),
    "issues": Text("元データの既知の問題の一覧", "Known issues of the sources"),
    "table": Text("表の名称", "Name of the table"),
    "markdown": Text("Markdownで出力する", "Print Markdown"),
}


def say(text: Text) -> str:
    """The text in the language of the terminal."""
    return text.to(language_of_terminal())


def run_summary(content: ReportContent, folder: Path, forecast: ForecastContent | None = None) -> str:
    """The last lines of `zaitaku run`: the headline figures, how sure they are, and where the report is."""
    from zaitaku_demand.projection.peak import LATE_PEAK

    national = content.national[content.national["service"] == content.main_service].set_index("year")[
        "value"
    ]
    label = content.services[content.main_service]
    base = content.base_year if content.base_year in national.index else int(national.index[0])
    top = max(content.grid_years, key=lambda year: float(national[year]))
    peaks = content.peaks[content.peaks["service"] == content.main_service]
    late = int((peaks["peak_year_grid"] >= LATE_PEAK).sum())
    censored = int(peaks["censored"].sum())
    sure = Text("", "") if forecast is None else _certainty(forecast, top)
    summary = Text(
        f"{label.name.ja}：{base}年 {national[base]:,.0f} → {top}年 {national[top]:,.0f}（{label.unit.ja}、推計値）\n"
        f"ピークが2040年以降の圏域：{len(peaks)}圏域中{late}（うち期間末でピーク・打切り {censored}）\n"
        f"{sure.ja}報告書：{folder / 'index.html'}",
        f"{label.name.en}: {national[base]:,.0f} in {base} → {national[top]:,.0f} in {top} ({label.unit.en}, estimated)\n"
        f"Areas peaking in 2040 or later: {late} of {len(peaks)} (censored at the horizon: {censored})\n"
        f"{sure.en}Report: {folder / 'index.html'}",
    )
    return say(summary)


def _certainty(forecast: ForecastContent, year: int) -> Text:
    """Interval of the nation or prefecture, the same year at constant rates, and the method; lines end with a break."""
    top = forecast.intervals["level"].iloc[0]
    own = forecast.intervals[(forecast.intervals["level"] == top) & (forecast.intervals["year"] == year)]
    constant = forecast.constant[
        (forecast.constant["level"] == top) & (forecast.constant["year"] == year)
    ].set_index("code")["value"]
    if len(own) != 1:
        return Text(f"{forecast.method.ja}\n", f"{forecast.method.en}\n")
    row = own.iloc[0]
    low, high, same = row["lower_80"], row["upper_80"], constant[row["code"]]
    return Text(
        f"{year}年の80％区間：{low:,.0f}～{high:,.0f}、現状投影（率を一定とした場合）：{same:,.0f}\n{forecast.method.ja}\n",
        f"80 % interval of {year}: {low:,.0f}-{high:,.0f}; at constant rates: {same:,.0f}\n{forecast.method.en}\n",
    )

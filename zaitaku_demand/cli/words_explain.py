"""Texts of `zaitaku explain`."""

from __future__ import annotations

from zaitaku_demand.text import Text

HELP: dict[str, Text] = {
    "explain": Text(
        "2つの年・シナリオの間で推計がなぜ変わるかを、人口・年齢構成・利用率に分けて示す",
        "Why two years or scenarios differ: people, ages, rates of use",
    ),
    "from": Text("比較元の年（既定は率の年度）", "Year before (default: year of the rates)"),
    "to": Text("比較先の年（既定は推計の最終年）", "Year after (default: last year)"),
    "from_scenario": Text("比較元のシナリオ（繰り返すと組み合わせ）", "Scenario before (repeat to combine)"),
    "to_scenario": Text("比較先のシナリオ（繰り返すと組み合わせ）", "Scenario after (repeat to combine)"),
    "area": Text("圏域のコードまたは名称", "Area by code or name"),
    "service": Text(
        "サービス（繰り返すと合計を説明し、利用率の効果をサービス別に分ける）",
        "Service (repeat to explain the sum, with the rates of each apart)",
    ),
    "view": Text(
        "分け方（ages＝年齢階級別の人口、factors＝人口総数と年齢・性別構成、rates_by_age＝利用率も年齢階級別、places＝地域別）",
        "How to split: ages, factors (size and mix), rates_by_age, or places",
    ),
    "out": Text("表を書き出すCSVファイル", "CSV file for the table"),
}

VIEW_VALUES = Text(
    "ages・factors・rates_by_age・places のいずれかを指定してください",
    "choose ages, factors, rates_by_age or places",
)

COLUMNS: dict[str, Text] = {
    "factor": Text("要因", "Factor"),
    "place": Text("地域", "Place"),
    "effect": Text("効果", "Effect"),
    "per_cent": Text("比較元の値に対する％", "% of the value before"),
    "people": Text("うち人口", "of which people"),
    "structure": Text("うち地域間の偏り", "of which shift between areas"),
    "rates": Text("うち利用率", "of which rates"),
    "added": Text("うち移行による患者", "of which patients shifted"),
    "ceiling": Text("うち供給の上限", "of which ceiling of supply"),
    "total": Text("合計", "Total"),
}


def footnote(edition: str, unit: Text, base_year: int, scenario: Text) -> Text:
    """What stands below the table."""
    return Text(
        f"推計値（{unit.ja}）。シナリオ：{scenario.ja}。将来推計人口 {edition}年版、利用率の基準年 {base_year}年度。"
        "要因の順序によらない分解（Das Gupta）で、合計は変化に一致する。",
        f"Estimates ({unit.en}). Scenario: {scenario.en}. Population edition {edition}; base year of the rates FY{base_year}. "
        "The decomposition (Das Gupta) does not depend on an order of factors and adds up to the change.",
    )

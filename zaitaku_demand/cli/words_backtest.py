"""Texts of `zaitaku backtest`."""

from __future__ import annotations

from zaitaku_demand.text import Text

HELP: dict[str, Text] = {
    "backtest": Text(
        "過去に遡って予測の誤差と区間の的中率を示す（全ての方法）",
        "Errors and coverage of past forecasts, all methods",
    ),
    "service": Text(
        "サービス（繰り返し可、all で全て。一覧は zaitaku services）",
        "Service (repeatable, or all; see `zaitaku services`)",
    ),
    "level": Text(
        "水準：nation・prefecture・area（繰り返し可、既定は全て）",
        "Level: nation, prefecture or area (repeatable; default: all)",
    ),
    "json": Text("JSONで出力する", "Print JSON"),
    "population": Text(
        "将来推計人口の誤差だけを示す（--service・--level・--full は使わない）",
        "Only the errors of the population projections (--service, --level and --full play no part)",
    ),
    "full": Text(
        "JSONに、各方法の全予測・実績人口・平成30年推計公表後の基準年度だけの行も含める",
        "With --json: also rows of all forecasts of a method, of the population as it came, and of origins after the 2018 edition",
    ),
}

LEVELS: dict[str, Text] = {
    "nation": Text("全国", "nation"),
    "prefecture": Text("47都道府県", "47 prefectures"),
    "area": Text("335圏域", "335 areas"),
}

SIZES: dict[str, Text] = {
    "small": Text("75歳以上2万人未満", "under 20,000 of 75+"),
    "medium": Text("75歳以上2万～5万人", "20,000-50,000 of 75+"),
    "large": Text("75歳以上5万人以上", "50,000 of 75+ and more"),
}

COLUMNS = Text(
    "期間\tn\t平均絶対誤差率%\t中央値%\t偏り%\t80%区間\t95%区間\t80%(他年度)\t95%(他年度)\t方法",
    "years\tn\tMAPE %\tmedian %\tbias %\tin 80%\tin 95%\tin 80% (years)\tin 95% (years)\tmethod",
)
SIZE_COLUMNS = Text(
    "圏域の規模\tn\t平均絶対誤差率%\t中央値%\t偏り%\t80%区間\t95%区間\t80%(他年度)\t95%(他年度)\t方法",
    "size of area\tn\tMAPE %\tmedian %\tbias %\tin 80%\tin 95%\tin 80% (years)\tin 95% (years)\tmethod",
)
ALL_HORIZONS = Text("全て", "all")
DEFAULT = Text("（標準）", " (default)")
POPULATION = Text(
    "将来推計人口の誤差（その後の人口との差、前後の推計の差、定義の差）",
    "Errors of the population projections (against what came, between editions, between definitions)",
)
COMMON = Text(
    "全ての方法に予測がある場合だけを比べる。",
    "Only forecasts that every method has are compared.",
)


def damping_sentence(damping: float, low: float, high: float) -> Text:
    """phi, and how far it moves with the services it is chosen on."""
    return Text(
        f"減衰係数 {damping:.2f}（サービスの系列を再抽出した80%区間 {low:.2f}～{high:.2f}、全サービス共通）",
        f"damping {damping:.2f} (80 % of resamples of the families of services: {low:.2f}-{high:.2f}; one for all services)",
    )

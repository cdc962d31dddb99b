"""What a benchmark report says of the request, the indicators and itself, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.places import Places
from zaitaku_demand.benchmark.request import REQUEST_NAMES, BenchmarkRequest
from zaitaku_demand.benchmark.sets import SHOWN_STATES
from zaitaku_demand.indicators.declaration import Indicator
from zaitaku_demand.indicators.measures import Measure
from zaitaku_demand.text import Text


def benchmark_title(request: BenchmarkRequest, places: Places) -> Text:
    """Title of the report."""
    if request.level == "prefecture" and len(places.focus) == 1:
        name = places.names[places.focus[0]]
        return Text(
            f"{name}：在宅医療の共通指標と都道府県比較",
            f"{name}: common indicators of home medical care, compared",
        )
    if request.level == "prefecture":
        return Text(
            "在宅医療の共通指標と都道府県比較", "Common indicators of home medical care: prefectures compared"
        )
    return Text(
        "在宅医療の共通指標と二次医療圏比較",
        "Common indicators of home medical care: secondary medical areas compared",
    )


def year_note(rows: pd.DataFrame) -> Text:
    """Which years the figures are of."""
    years = rows.loc[rows["state"].isin(SHOWN_STATES), "year"]
    first, last = int(years.min()), int(years.max())
    return Text(
        f"年は、NDBは年度、人口動態統計等は暦年、調査は調査日の年（{first}～{last}年）。指標ごとに値のある最新の年を用いる。",
        f"Years are fiscal years (NDB), calendar years (vital statistics) or the survey's year, {first}-{last}; each indicator is shown for its latest year.",
    )


def described_request(request: BenchmarkRequest, places: Places) -> list[tuple[Text, Text]]:
    """What was asked for, as label and value."""
    levels = {
        "prefecture": Text("47都道府県", "47 prefectures"),
        "area": Text("335二次医療圏（第7次医療計画）", "335 secondary medical areas (7th plan)"),
    }
    ways = {
        "nearest": Text("特徴が最も近い地域", "places nearest by declared features"),
        "type": Text("同じ類型の地域", "places of the same type"),
    }
    bases = {
        "peers": Text("類似地域の上位5分の1", "best fifth of the peers"),
        "demand": Text("需要推計の伸び", "growth of projected demand"),
    }
    names = "、".join(places.names[code] for code in places.focus)
    listed = Text(request.peers, request.peers)
    periods = ", ".join(period.name for period in request.parts.pdca.periods)
    out = [
        (REQUEST_NAMES["level"], levels[request.level]),
        (REQUEST_NAMES["prefecture"], Text(names, names)),
        (REQUEST_NAMES["peers"], ways.get(request.peers, listed)),
        (REQUEST_NAMES["target"], bases[request.target]),
        (REQUEST_NAMES["periods"], Text(periods, periods)),
    ]
    if request.year is not None:
        out.append((REQUEST_NAMES["year"], Text(f"{request.year}年", str(request.year))))
    files = [*request.values_files, *([request.targets_file] if request.targets_file else [])]
    if files:
        shown = ", ".join(path.name for path in files)
        out.append((REQUEST_NAMES["values_files"], Text(shown, shown)))
    return out


def benchmark_notes() -> list[Text]:
    """Notes that stand with every benchmark."""
    return [
        Text(
            "SCRは、全国の性・年齢別の算定率をその地域の人口に当てはめた期待件数に対する実際の件数の比（全国＝100）である。",
            "An SCR is the actual count over the count expected if the nation's rates by sex and age held in the place (Japan = 100).",
        ),
        Text(
            "NDBの件数は医療機関の所在地で数え、公費のみのレセプトを含まない。同じ患者の複数回の算定は独立でないため、区間は患者1人当たりの算定回数で補正した。",
            "NDB counts are by the place of the institution and leave out receipts paid by public funds alone. Claims of one patient are not independent, so intervals allow for the number of claims a patient.",
        ),
        Text(
            "「秘匿」は公表されない値で、0ではない。「推計」は一部の秘匿値を推計したもので、区間はその幅を含む。「データなし」は手元に資料がないことを示す。",
            "Suppressed figures are not published and are not zero. Estimated figures contain estimates of hidden parts, and their interval covers them. No data means that no source is in hand.",
        ),
        Text(
            "管理限界と順位の区間は地域間のばらつきを考慮する。差があることは、その原因や良し悪しを直ちに示すものではない。",
            "Limits and rank intervals allow for the spread between places. A difference does not by itself show a cause.",
        ),
    ]


def described_indicators(
    declared: Mapping[str, Indicator], known: Mapping[str, Measure], table: pd.DataFrame
) -> pd.DataFrame:
    """What the report says of every indicator, one row each."""
    from zaitaku_demand.indicators.template import data_need

    shown = table[table["state"].isin(SHOWN_STATES) & (table["level"] != "national")]
    latest = shown.groupby("indicator_id")["year"].max()
    rows = []
    for name, each in declared.items():
        in_hand = name in latest.index
        need = Text("", "") if in_hand else data_need(each)
        rows.append(
            {
                "indicator_id": name,
                "name_ja": each.name.ja,
                "name_en": each.name.en,
                "type": each.type,
                "function": each.function,
                "unit_ja": each.unit.ja,
                "unit_en": each.unit.en,
                "better": each.better,
                "comparison": each.comparison,
                "key": each.key,
                "supplement_of": each.supplement_of or "",
                "place": each.place,
                "caveat_ja": each.caveats.ja,
                "caveat_en": each.caveats.en,
                "source_ja": each.official_source.ja,
                "source_en": each.official_source.en,
                "minimum_count": each.minimum_count,
                "fiscal_year": all(known[measure].source == "ndb" for measure in each.numerator),
                "latest_year": float(latest[name]) if in_hand else np.nan,
                "data_need_ja": need.ja,
                "data_need_en": need.en,
            }
        )
    return pd.DataFrame(rows)

"""What a benchmark report says of the request, the indicators and itself, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from zaitaku_demand.benchmark.parameters import AREA_TYPE_NAMES
from zaitaku_demand.benchmark.places import Places
from zaitaku_demand.benchmark.request import REQUEST_NAMES, BenchmarkRequest
from zaitaku_demand.benchmark.sets import SHOWN_STATES
from zaitaku_demand.indicators.declaration import Indicator
from zaitaku_demand.indicators.measures import Measure
from zaitaku_demand.text import Text

PREFECTURES, AREAS = 47, 335
_WAYS = {"neutral": Text("多い方から", " from the largest"), "judged": Text("", "")}


def benchmark_title(request: BenchmarkRequest, places: Places) -> Text:
    """Title of the report."""
    if request.level == "prefecture" and len(places.focus) == 1:
        name = _place_name(places.focus[0], places.names)
        return Text(
            f"{name.ja}：在宅医療の共通指標と都道府県比較",
            f"{name.en}: common indicators of home medical care, compared",
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
        f"年は、NDBは年度、人口動態統計等は暦年、調査や届出は調査日の年（{first}～{last}）。指標ごとに値のある最新の年を用いるため、指標により年が異なる。",
        f"Years are fiscal years (NDB, marked FY), calendar years (vital statistics) or the year of the survey or notice, {first}-{last}; each indicator is shown for its latest year, so years differ between indicators.",
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
    shrunk_to = {
        "all": Text("全地域の平均", "mean of all places"),
        "neighbours": Text("隣接する地域の平均", "mean of the neighbourhood"),
    }
    bases = {
        "peers": Text("類似地域の上位2割", "best fifth of the peers"),
        "demand": Text("需要推計の伸び", "growth of projected demand"),
    }
    kinds = dict(zip(places.types["area_code"], places.types["type"], strict=True))
    shown = [_with_type(_place_name(code, places.names), kinds.get(code, "")) for code in places.focus]
    names = Text("、".join(name.ja for name in shown), ", ".join(name.en for name in shown))
    listed = Text(request.peers, request.peers)
    periods = ", ".join(period.name for period in request.parts.pdca.periods)
    out = [
        (REQUEST_NAMES["level"], levels[request.level]),
        (REQUEST_NAMES["prefecture"], names),
        (REQUEST_NAMES["peers"], ways.get(request.peers, listed)),
        (REQUEST_NAMES["shrink"], shrunk_to[request.shrink]),
        (REQUEST_NAMES["target"], bases[request.target]),
        (REQUEST_NAMES["periods"], Text(periods, periods)),
    ]
    if request.year is not None:
        out.append((REQUEST_NAMES["year"], Text(f"{request.year}年", str(request.year))))
    if request.core_set_file is not None:
        core = request.core_set_file.name
        out.append((REQUEST_NAMES["core_set_file"], Text(core, core)))
    files = [*request.values_files, *([request.targets_file] if request.targets_file else [])]
    if files:
        listed_files = ", ".join(path.name for path in files)
        out.append((REQUEST_NAMES["values_files"], Text(listed_files, listed_files)))
    return out


def _place_name(code: str, names: Mapping[str, str]) -> Text:
    """Areas have no official English names; in English their prefecture is added."""
    from zaitaku_demand.report.labels import prefecture_label

    name = names[code]
    if len(code) == 2:
        return Text(name, prefecture_label(code, name, "en"))
    return Text(name, f"{name} ({prefecture_label(code[:2], name, 'en')})")


def _with_type(name: Text, kind: str) -> Text:
    label = {str(key): text for key, text in AREA_TYPE_NAMES.items()}.get(kind)
    return name if label is None else Text(f"{name.ja}（{label.ja}）", f"{name.en} ({label.en})")


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
            "ファンネルプロットの管理限界は、偶然のばらつきに加えて地域間の通常のばらつき（過分散）を見込む。順位の区間は偶然のばらつきだけを見込む。"
            "差があることは、その原因や良し悪しを直ちに示すものではない。",
            "Funnel limits allow for chance and for the usual spread between places (overdispersion); rank intervals allow for chance alone. A difference does not by itself show a cause.",
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


def named_year(year: int, fiscal: bool) -> Text:
    """A year as it is said: 2022年度 and FY2022 for fiscal years, 2023年 and 2023 for the others."""
    return Text(f"{year}年度", f"FY{year}") if fiscal else Text(f"{year}年", f"{year}")


def ranked_among(number: int, code: str, within_type: bool) -> Text:
    """The places that a rank counts among, as ``47 prefectures`` or ``48 areas of its type``.

    Parameters
    ----------
    number : int
        Places ranked together; those without figures or with too few expected events are not among them.
    code : str
        Code of the place: two digits for prefectures, four for areas, "" if not known.
    within_type : bool
        Whether areas are compared within their type only; prefectures never are.
    """
    if len(code) == 2:
        whole = number == PREFECTURES
        return Text(
            f"{'' if whole else '比較できる'}{number}都道府県中",
            f"{number} prefectures{'' if whole else ' that can be ranked'}",
        )
    if len(code) == 4:
        if within_type:
            return Text(f"同じ類型で比較できる{number}圏域中", f"{number} areas of its type")
        whole = number == AREAS
        return Text(
            f"{'' if whole else '比較できる'}{number}圏域中",
            f"{number} areas{'' if whole else ' that can be ranked'}",
        )
    return Text(f"{number}地域中", f"{number}")


def item_text(row: pd.Series) -> Text:
    """One indicator of one place with its year, ratio to Japan and rank; columns of the profile and of the indicators."""
    ratio = float(row["ratio"])
    year = named_year(int(row["year"]), bool(row.get("fiscal_year", False)))
    size = Text(f"全国の{ratio:.2f}倍", f"{ratio:.2f} times Japan") if ratio else Text("0件", "none at all")
    ja, en = [year.ja, size.ja], [year.en, size.en]
    if not np.isnan(float(row["rank"])):
        rank, low, high = (int(row[column]) for column in ("rank", "rank_lower", "rank_upper"))
        within = row.get("comparison", "all") == "peers"
        among = ranked_among(int(row["n_places"]), str(row.get("area_code", "")), within)
        way = _WAYS["neutral" if row.get("better") == "neutral" else "judged"]
        ja.append(f"{among.ja}{way.ja}{rank}位、順位の区間{low}～{high}位")
        en.append(f"rank {rank}{way.en} of {among.en}, interval {low} to {high}")
    if _exceeds_spread(row.get("funnel_status", "")):
        ja.append("地域間の通常のばらつきも超える")
        en.append("beyond the usual spread between places")
    return Text(f"{row['name_ja']}（{'、'.join(ja)}）", f"{row['name_en']} ({', '.join(en)})")


def reading_cautions(rows: pd.DataFrame) -> list[Text]:
    """How sentences on one place must be read; by institution only where an indicator is."""
    cautions = []
    if (rows["place"] == "institution").any():
        cautions.append(
            Text(
                "医療機関や事業所の所在地で数えた指標は、住民が地域の外で受けた医療を含まず、地域の外から来た人に提供した"
                "医療を含む。",
                "Indicators counted by the place of the institution leave out care that residents receive elsewhere and "
                "hold care given to people from elsewhere.",
            )
        )
    named = rows[rows["verdict"].isin(["better", "worse", "higher", "lower"])]
    if "funnel_status" in named and not named["funnel_status"].map(_exceeds_spread).all():
        cautions.append(
            Text(
                "「地域間の通常のばらつきも超える」と記していない差は、全国値とは区別できるが、地域どうしに普通に見られる差の"
                "範囲内にある。",
                "Differences not marked as beyond the usual spread are distinguishable from Japan, but lie within what is "
                "usual between places.",
            )
        )
    if len(rows):
        cautions.append(
            Text(
                "差があることを示すもので、その原因を示すものではない。「望ましい」は各指標の定義で決めた向きをいい、順位は"
                "望ましい方から数える。",
                "These sentences show where places differ, not why; 'better' is the direction declared with the indicator, "
                "and rank 1 the most desirable.",
            )
        )
    return cautions


def _exceeds_spread(status: object) -> bool:
    return str(status).startswith(("low_", "high_"))

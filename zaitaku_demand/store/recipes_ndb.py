"""Recipes of the facts from the NDB Open Data (measures of ``indicators/measures/ndb.toml``)."""

from __future__ import annotations

from zaitaku_demand.sources.ndb_headings import Section
from zaitaku_demand.store import build_areas, build_facts_ndb, build_ndb, build_population
from zaitaku_demand.store.recipe import Recipe
from zaitaku_demand.text import Text

_MEASURES = Text(
    "診療行為を指標の材料（indicators/measures/ndb.toml）ごとに合計する。外来と入院の表に同じ診療行為があれば両方を合計する。",
    "Add items up to measures (indicators/measures/ndb.toml); an item on both the outpatient and the inpatient sheet counts on both.",
)
_HIDDEN_ITEMS = Text(
    "全国の総計が秘匿された診療行為（10未満）はどの集計からも除き、全国計を公表値の合計と一致させる。",
    "Items whose national total is hidden (below 10) are left out everywhere, so that national counts are sums of published totals.",
)
_HIDDEN_CELLS = Text(
    "秘匿値「-」は0とせず、行の表示値と総計から下限・上限を求め、総計との差を秘匿セルに配分して推計値とする。",
    "A suppressed “-” is not zero: bounds follow from the counts shown and the total, and what is missing to the total is divided among the hidden cells (estimated).",
)
_SECTIONS: tuple[Section, ...] = ("A", "B", "C")


def _claims(*breakdowns: str) -> list[str]:
    return [
        path
        for section in _SECTIONS
        for path in build_ndb.section_paths(section)
        if any(f"_{breakdown}_claims_" in path for breakdown in breakdowns)
    ]


def _sexage() -> list[str]:
    return [
        path
        for section in _SECTIONS
        for path in build_ndb.section_paths(section)
        if f"FY{build_facts_ndb.YEAR_OF_PATIENTS}" in path and "_sexage_" in path
    ]


NDB_FACT_RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "facts_ndb",
        Text(
            "NDBオープンデータによる指標の材料：全国・都道府県（2014～2022年度）・335圏域（2019～2022年度）",
            "Measures from the NDB Open Data: nation, prefectures (FY2014-2022) and 335 areas (FY2019-2022)",
        ),
        Text("件／年", "claims a year"),
        (
            _MEASURES,
            _HIDDEN_ITEMS,
            _HIDDEN_CELLS,
            Text(
                "秘匿された圏域には、診療行為ごとの都道府県計との差を75歳以上人口に比例して配分する（推計、下限0、上限は差の全部）。乳幼児加算も同じ重みによる。",
                "Hidden areas share what is missing to the prefecture, item by item, in proportion to their population of 75+ (estimated; bounds 0 and all of it); the infant additions use the same weight.",
            ),
            Text(
                "表示値が1つもない地域・年度は「秘匿」とし、値を示さず上下限だけを残す。",
                "A place and year that shows no count at all is *suppressed*: no value, only bounds.",
            ),
        ),
        lambda: [
            *_claims("sexage", "pref", "iryoken2"),
            build_population.CENSUS_AREAS,
            build_areas.MEMBERSHIP,
        ],
        lambda given: build_facts_ndb.facts_ndb(given.ndb_published, given.weights_335),
    ),
    Recipe(
        "ndb_measure_ages",
        Text(
            "NDBオープンデータによる指標の材料：年度×性×5歳階級（全国）",
            "Measures from the NDB Open Data: fiscal year × sex × age, nation",
        ),
        Text("件／年", "claims a year"),
        (
            _MEASURES,
            _HIDDEN_ITEMS,
            _HIDDEN_CELLS,
            Text(
                "指標の材料と年度ごとに、合計が公表された総計と一致するようにそろえる。",
                "Each measure and year adds up to its published total exactly.",
            ),
        ),
        lambda: _claims("sexage"),
        lambda given: build_facts_ndb.measure_ages(given.ndb_published),
    ),
    Recipe(
        "ndb_event_size",
        Text(
            "NDBオープンデータによる指標の材料：患者1人あたり算定回数（2022年度、全国）",
            "Measures from the NDB Open Data: claims per patient, FY2022, nation",
        ),
        Text("件／人・年", "claims a patient and year"),
        (
            _MEASURES,
            Text(
                "患者数が公表された診療行為だけについて、算定回数の合計を患者数の合計で割る。患者は診療行為間で重複して数えられるため、1人あたりの回数の下限である。",
                "Claims over patients, both summed over the items whose patients are published; a patient can be counted under several items, so this is a lower bound of claims a person.",
            ),
        ),
        _sexage,
        lambda given: build_facts_ndb.event_size(given.ndb_published),
    ),
)

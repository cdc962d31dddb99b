"""Recipes of the facts from the SSDS, of points, populations by area, features and neighbours."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from zaitaku_demand.indicators.measures import measures
from zaitaku_demand.sources import census_history, ssds
from zaitaku_demand.sources.registry import verified_path
from zaitaku_demand.store import area_censuses, build_areas, build_facts_deaths, build_population
from zaitaku_demand.store import build_facts_population as population
from zaitaku_demand.store import build_facts_statistics as statistics
from zaitaku_demand.store.recipe import Recipe
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from zaitaku_demand.store.ingredients import Ingredients

PERSONS = Text("人", "persons")

_CENSUS = Text(
    "2010年・2015年は市区町村別国勢調査、2020年は構想区域別国勢調査を335圏域に合計し、年齢不詳は圏域・性ごとに按分する。2圏域にまたがる川崎市は2015年の区の人口（平成30年推計）で分ける。",
    "Censuses of 2010 and 2015 by municipality and of 2020 by 構想区域 added up to the 335 areas, unknown ages distributed by area and sex; 川崎市, which lies in two areas, is divided as its wards were in 2015 (edition of 2018).",
)
_RAKED = Text(
    "2020～2022年は、330圏域の令和5年推計（補間、男女計）と都道府県の性・年齢別人口の両方に合うよう反復比例補正する。2016～2019年は2015年と2020年の間を直線で結ぶ。",
    "2020-2022 are raked to both the 330 areas of the 2023 edition (interpolated, both sexes) and the prefectures' population by sex and age; 2016-2019 lie on straight lines between 2015 and 2020.",
)
_EXACT = Text(
    "都道府県×年×性×年齢ごとの圏域の和は表 population_reference に一致する。",
    "Areas add up to the table population_reference in every prefecture, year, sex and age.",
)
_OLDEST = Text(
    "90～94歳と95歳以上は、和が90歳以上に等しくなるよう都道府県ごとに調整する（最大0.6%）。",
    "90-94 and 95+ are scaled by prefecture to add up to 90+ (by 0.6 % at most).",
)
_OFFICIAL = Text(
    "国勢調査と将来推計人口を年次に補間した値を「観測」として扱う（補間による差は既知の問題に記す）。",
    "Census and official projection interpolated to single years count as observed; what interpolation does to them stands among the known issues.",
)

_AREA_POPULATION = (
    build_population.IPSS_2018,
    build_population.IPSS_2023_AREAS,
    build_population.CENSUS_PREFECTURES,
    build_population.CENSUS_AREAS,
    build_population.CENSUS_HISTORY,
    build_population.JUKI_AGES,
    area_censuses.CENSUS_MUNICIPALITIES,
    build_areas.MEMBERSHIP,
    build_areas.CROSSWALK,
)
_SSDS = (statistics.SSDS, statistics.SSDS_CATALOGUE)


@lru_cache(maxsize=1)
def _areas(given: Ingredients) -> population.AreaPopulations:
    return population.area_populations(
        given.raw,
        given.municipal_2018,
        given.areas_2023,
        given.reference,
        given.codes,
        given.units,
        given.system_330,
    )


def _statistics(given: Ingredients) -> pd.DataFrame:
    import pandas as pd

    published = statistics.statistics_facts(
        given.raw, measures().values(), given.codes, population.area_codes(given.units)
    )
    estimated = build_facts_deaths.death_facts(
        _areas(given),
        ssds.load_deaths(verified_path(statistics.SSDS, given.raw)),
        census_history.load_history(verified_path(build_population.CENSUS_HISTORY, given.raw)),
    )
    return pd.concat([published, estimated], ignore_index=True)


def _features(given: Ingredients) -> pd.DataFrame:
    return statistics.area_features(
        given.raw,
        population.denominators(_areas(given)),
        statistics.ssds_facts(given.raw, measures().values()),
    )


STATISTICS_RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "area_population_335",
        Text(
            "比の分母：335圏域×年度×性×5歳階級", "Denominators by area: 335 areas × fiscal year × sex × age"
        ),
        PERSONS,
        (_CENSUS, _RAKED, _EXACT, _OLDEST),
        lambda: list(_AREA_POPULATION),
        lambda given: population.denominators(_areas(given)),
    ),
    Recipe(
        "facts_population",
        Text(
            "指標の材料 人口：全国・都道府県・335圏域、2014～2026年",
            "Measures, population: Japan, prefectures and 335 areas, 2014-2026",
        ),
        PERSONS,
        (
            _CENSUS,
            _RAKED,
            Text(
                "2023年以降は令和5年推計の補間値で、330圏域を分けた秋田県の圏域は2022年の年齢別構成比による。",
                "From 2023 the 2023 edition, interpolated; areas of 秋田県 within one of the 330 keep their shares of 2022 at every age.",
            ),
            Text(
                "都道府県は圏域の和、全国は都道府県の和である。",
                "Prefectures are sums of areas, Japan of prefectures.",
            ),
            _OFFICIAL,
        ),
        lambda: list(_AREA_POPULATION),
        lambda given: population.population_facts(_areas(given), given.areas_2023, given.system_330),
    ),
    Recipe(
        "facts_statistics",
        Text(
            "指標の材料 社会・人口統計体系と所在地：全国・都道府県・335圏域",
            "Measures from the SSDS and from locations: Japan, prefectures and 335 areas",
        ),
        Text("材料ごとの単位", "the unit of each measure"),
        (
            Text(
                "社会・人口統計体系の項目を材料（indicators/measures/ssds.toml）ごとに合計する。「-」は欠測とし、0としない。",
                "Items of the SSDS added up to measures (indicators/measures/ssds.toml); “-” is missing, never zero.",
            ),
            Text(
                "全国は47都道府県の和で、1つでも欠ける年には置かない。",
                "Japan is the sum of the 47 prefectures, and absent where one of them is missing.",
            ),
            Text(
                "所在地は市区町村境界との重なりで335圏域に数える。同じ位置・名称の重複は1件とし、どの境界にも入らない点は3km以内の最も近い圏域に入れ、それより遠い点は数えない。",
                "Locations are counted into the 335 areas by municipal boundaries; repeated place and name count once; a point in no boundary goes to the nearest area within 3 km and is left out beyond.",
            ),
            Text(
                "圏域の65歳以上死亡数（2014～2022年）は推計で、都道府県の性別死亡数を、圏域の性・5歳階級別人口（表 area_population_335 と同じ推計）と2007年の全国の死亡率による期待死亡数に比例して配分し、都道府県の公表値に一致させる。",
                "Deaths of 65+ by area (2014-2022) are estimated: deaths of the prefecture by sex spread in proportion to those that the areas' population by sex and five-year age (estimated as in area_population_335) and the national rates of 2007 let expect; they add up to the published number of the prefecture.",
            ),
        ),
        lambda: list(
            dict.fromkeys(
                [
                    *_SSDS,
                    *(statistics.point_path(layer) for layer in statistics.POINT_LAYERS),
                    statistics.MUNICIPAL_SHAPES,
                    *_AREA_POPULATION,
                ]
            )
        ),
        _statistics,
    ),
    Recipe(
        "area_features",
        Text("地域の特徴（比較相手の選定用、2020年）", "Features of places for finding peers (2020)"),
        Text("列ごとの単位", "the unit of each column"),
        (
            Text(
                "335圏域の人口・面積から人口密度と類型（大都市型・地方都市型・人口の少ない地域）を求める。都道府県の類型は75歳以上人口の最も多い類型とする。",
                "Density and type of the 335 areas from population and km2; a prefecture's type is the one in which most of its people of 75 and over live.",
            ),
            Text(
                "都道府県には単独世帯の割合、75歳以上人口千対の介護施設等定員、人口10万対の医師数を加える。",
                "For prefectures also single households, places in care homes per 1,000 of 75+ and physicians per 100,000.",
            ),
        ),
        lambda: [statistics.AREA_TYPES, *_SSDS, *_AREA_POPULATION],
        _features,
    ),
    Recipe(
        "area_neighbours",
        Text("隣接する都道府県・335圏域", "Neighbouring prefectures and 335 areas"),
        Text("コード", "codes"),
        (
            Text(
                "339構想区域の隣接を335圏域にまとめる。陸続きの隣のない島には隣接がない。",
                "Neighbours of the 339 areas merged into the 335; islands without a land border have none.",
            ),
        ),
        lambda: [statistics.ADJACENCY_AREAS, statistics.ADJACENCY_PREFECTURES, build_areas.MEMBERSHIP],
        lambda given: statistics.area_neighbours(given.raw, given.units),
    ),
)

"""Recipes of the backtest's tables."""

from __future__ import annotations

from zaitaku_demand.store import area_censuses, build_areas, build_ndb, build_population
from zaitaku_demand.store.build_backtest import backtest
from zaitaku_demand.store.recipe import Recipe
from zaitaku_demand.text import Text

_ORIGINS = Text(
    "2014～2021年度の各年度を基準とし、それまでの値だけで以後の年度を予測して公表値と比べる（都道府県は2014～2022年度、335圏域は2019～2022年度）。",
    "Every fiscal year from FY2014 to FY2021 is an origin: later years are forecast from nothing counted after it and compared with what was published (prefectures FY2014-22, 335 areas FY2019-22).",
)
_POPULATION = Text(
    "人口は基準年度の分母に平成30年推計の年齢階級別の伸びを掛ける（observed は実績を用いる）。福島県の圏域は県の伸びによる。",
    "Population: denominators of the origin times the growth of every age group in the 2018 edition (observed: as it came); areas of 福島県 grow as the prefecture does.",
)
_JUDGED = Text(
    "制度改定で対象が変わったサービスは改定後だけを比べ、秘匿が2割を超える件数と月10件未満の地域は比べない。",
    "Services whose scope was changed by a reform are judged after it only; counts of which more than a fifth is suppressed and places with fewer than 10 a month are not judged.",
)
_VARIANCE = Text(
    "誤差の分散を全国（ランダムウォークと趨勢の誤差）・都道府県・圏域の成分に分けて推計する。減衰係数は全サービスに共通で、検証の誤差が最も小さい値である。",
    "The variance of the errors is divided into parts of nation (random walk and error of the drift), prefecture and area. The damping, one for all services, is the one with the smallest error in the backtest.",
)
_CHOICE = Text(
    "標準の方法は、率一定・減衰する趨勢・都道府県ごとの変化を加えた趨勢のうち、都道府県別の平均絶対誤差率が最も小さいもの。より複雑な方法は誤差が2%以上小さい場合に限る。",
    "Default method: of constant rates, the damped trend, and that trend with own changes of prefectures, the one with the smallest mean absolute percentage error by prefecture; a more complex one only if its error is at least 2 % smaller.",
)


def _sources() -> list[str]:
    return [
        *(path for path in build_ndb.section_c_paths() if "_claims_" in path and "_month_" not in path),
        *(path for path in build_ndb.section_c_paths() if "FY2022_C_sexage_patients" in path),
        *_POPULATION_SOURCES,
    ]


_POPULATION_SOURCES = tuple(
    dict.fromkeys(
        (
            build_population.IPSS_2018,
            build_population.IPSS_2023_AREAS,
            build_population.CENSUS_PREFECTURES,
            build_population.CENSUS_AREAS,
            build_population.CENSUS_HISTORY,
            build_population.JUKI_AGES,
            build_areas.MEMBERSHIP,
            build_areas.CROSSWALK,
            build_areas.CITY_LEVEL,
            area_censuses.CENSUS_MUNICIPALITIES,
        )
    )
)

BACKTEST_RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "backtest_errors",
        Text(
            "過去に遡った予測の誤差：方法×水準×期間×サービス",
            "Errors of past forecasts: method × level × horizon × service",
        ),
        Text("誤差は%、的中率は割合", "errors in per cent, coverage as a share"),
        (_ORIGINS, _POPULATION, _JUDGED),
        _sources,
        lambda given: backtest(given).errors,
    ),
    Recipe(
        "rate_forecast_error",
        Text("将来の率の誤差の母数", "Parameters of the error of future rates"),
        Text("対数の分散など、行ごとの単位", "variance of the logarithm and others, by row"),
        (_ORIGINS, _JUDGED, _VARIANCE, _CHOICE),
        _sources,
        lambda given: backtest(given).parameters,
    ),
)

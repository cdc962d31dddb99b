"""The table of facts about facilities: what it is made from and how, in sentences."""

from __future__ import annotations

from zaitaku_demand.store import build_areas, build_facts_notices, build_population
from zaitaku_demand.store import build_facts_facilities as facilities
from zaitaku_demand.store.recipe import Recipe
from zaitaku_demand.text import Text

_SOURCES = (
    facilities.CLINICS,
    facilities.HOSPITALS,
    facilities.SUPPORT_CLINICS,
    facilities.SUPPORT_CLINICS_AREAS,
    build_facts_notices.NOTICES_PREFECTURES,
    build_facts_notices.NOTICES_MUNICIPALITIES,
    build_facts_notices.NOTICES,
    facilities.HOME_CARE,
    facilities.TRANSPORTED,
    facilities.SSDS,
    facilities.CENSUS_PREFECTURES,
    facilities.CENSUS_MUNICIPALITIES,
    build_population.IPSS_2018,
    build_areas.MEMBERSHIP,
    build_areas.CROSSWALK,
)

FACILITY_RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "facts_facilities",
        Text(
            "在宅医療の施設・届出・自宅死・救急搬送：指標の材料×全国・都道府県・335圏域×年",
            "Facilities, notices, deaths at home and ambulances: measure × nation, prefecture, 335 areas × year",
        ),
        Text("材料ごとの単位", "unit of the measure"),
        (
            Text(
                "医療施設調査（2023年）は診療所（第107表）と病院（第68表）を合計し、都道府県の和を全国の値と、圏域（第24表）の和を都道府県（第108表）の値と照合する。",
                "Facility survey 2023: clinics (T107) and hospitals (T68) added up; prefectures must add up to the nation and the areas (T24) to the prefectures (T108).",
            ),
            Text(
                "施設基準の届出（2025年10月、34県）は名簿の所在地から市区町村を定めて1医療機関1回数え、公表の2つの集計表と照合する。名簿のない13都府県と全国には行がない。",
                "Notices of October 2025 (34 prefectures): each institution of the list counted once, placed by its address, and compared with both tables of counts. The 13 other prefectures and the nation have no row.",
            ),
            Text(
                "地域別データ集（2014～2017年）は市区町村を合計する。2つの圏域にまたがる川崎市は、区の2015年人口（施設と死亡は65歳以上人口）で按分した推計とし、下限0・上限を市の全数とする。",
                "Regional data collection 2014-2017: municipalities added up. Kawasaki lies in two areas and is shared out by the wards' population of 2015 (facilities and deaths: of 65 and over), estimated, between 0 and all of the city.",
            ),
            Text(
                "市区町村の死亡数は、都道府県の死亡数（性×65歳未満・以上）を、2007年の全国の性・年齢別死亡率、2015年国勢調査の年齢構成、各年の住民基本台帳人口による期待死亡数に比例して配分した推計。福島県の避難地域など、国勢調査の65歳以上人口が住民基本台帳の半分に満たない市町村は県の年齢構成を用いる。",
                "Deaths by municipality are estimated: the prefecture's deaths by sex and under / over 65 spread in proportion to deaths expected from the national rates by sex and age of 2007, the age structure of the census 2015 and the register's population of the year. Where the census found less than half of the registered residents of 65 and over (evacuated towns of Fukushima), the prefecture's structure is used.",
            ),
            Text(
                "自宅死は公表割合×推計死亡数。割合が公表されない市区町村は分子・分母から除き、その自宅死を0%・100%とした下限・上限を付ける。",
                "Deaths at home are the published share times the estimated deaths. Municipalities without a share are left out of both; the bounds take 0 % and 100 % of their deaths.",
            ),
        ),
        lambda: list(_SOURCES),
        facilities.facts_facilities,
    ),
)

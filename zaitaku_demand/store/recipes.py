"""The processed tables: what each is called, what it is made from, and how, in sentences."""

from __future__ import annotations

from collections.abc import Callable

from zaitaku_demand.store import build_areas, build_care, build_ndb, build_population
from zaitaku_demand.store.recipe import Recipe
from zaitaku_demand.store.recipes_backtest import BACKTEST_RECIPES
from zaitaku_demand.store.recipes_beds import BED_RECIPES
from zaitaku_demand.store.recipes_facilities import FACILITY_RECIPES
from zaitaku_demand.store.recipes_ndb import NDB_FACT_RECIPES
from zaitaku_demand.store.recipes_population_error import POPULATION_ERROR_RECIPES
from zaitaku_demand.store.recipes_statistics import STATISTICS_RECIPES
from zaitaku_demand.text import Text

__all__ = ["RECIPES", "Recipe"]

PERSONS = Text("人", "persons")
CLAIMS = Text("件／年", "claims a year")
CODES = Text("コード", "codes")

_SUPPRESSION = Text(
    "秘匿値「-」は0とせず、行の表示値と総計から下限・上限を求め、総計との差を秘匿セルに配分して推計値とする。",
    "A suppressed “-” is not zero: bounds follow from the counts shown and the total, and what is missing to the total is divided among the hidden cells (estimated).",
)
_SERVICES = Text(
    "診療行為をサービス（services.toml）ごとに合計する。", "Add items up to services (services.toml)."
)


def _paths(*paths: str) -> Callable[[], list[str]]:
    return lambda: list(paths)


_REFERENCE = (
    build_population.IPSS_2018,
    build_population.IPSS_2023_AREAS,
    build_population.CENSUS_PREFECTURES,
    build_population.CENSUS_AREAS,
    build_population.CENSUS_HISTORY,
    build_population.JUKI_AGES,
)

RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "area_units",
        Text(
            "二次医療圏・構想区域4版に共通する最小の単位", "Smallest common units of the four area editions"
        ),
        CODES,
        (
            Text(
                "構成市区町村を4版の圏域コードの組ごとにまとめる。",
                "Group the municipalities by their areas in the four editions.",
            ),
            Text("福島県の県計（0700）を1単位として加える。", "Add Fukushima as a whole (0700) as one unit."),
        ),
        _paths(build_areas.MEMBERSHIP),
        lambda given: given.units,
    ),
    Recipe(
        "population_2023_area330",
        Text(
            "将来推計人口（令和5年推計）330圏域×年×5歳階級",
            "Population projection, 2023 edition, 330 areas × year × age",
        ),
        PERSONS,
        (
            Text(
                "公表値を縦持ちにし、全国計を公表値と照合する。",
                "Put in long form; check the national sums against the published ones.",
            ),
        ),
        _paths(build_population.IPSS_2023_AREAS),
        lambda given: given.areas_2023,
    ),
    Recipe(
        "population_2018_units",
        Text(
            "将来推計人口（平成30年推計）単位×年×性×5歳階級",
            "Population projection, 2018 edition, unit × year × sex × age",
        ),
        PERSONS,
        (
            Text(
                "市区町村（区のある市は区）を単位ごとに合計する。",
                "Add municipalities (wards where a city has them) up to units.",
            ),
        ),
        _paths(
            build_population.IPSS_2018, build_areas.MEMBERSHIP, build_areas.CITY_LEVEL, build_areas.CROSSWALK
        ),
        lambda given: build_population.units_2018(
            given.municipal_2018, build_areas.unit_of_code(given.membership, given.codes)
        ),
    ),
    Recipe(
        "population_reference",
        Text(
            "利用率の分母：都道府県×年度×性×5歳階級",
            "Denominators of the rates: prefecture × fiscal year × sex × age",
        ),
        PERSONS,
        (
            Text(
                "2020～2022年の男女計は330圏域の補間人口の合計とする。",
                "Both sexes of 2020-2022 are the sums of the 330 areas' interpolated populations.",
            ),
            Text(
                "2010年国勢調査、2015年・2020年の基準人口の間は直線で結ぶ。",
                "Straight lines between the census of 2010 and the base populations of 2015 and 2020.",
            ),
            Text(
                "2020年の男女比は国勢調査、以後は2025年1月の住民基本台帳へ直線で移す。",
                "Sex ratios of 2020 follow the census, later years move to the resident register of January 2025.",
            ),
        ),
        _paths(*_REFERENCE),
        lambda given: given.reference,
    ),
    Recipe(
        "census_2020_oldest",
        Text("令和2年国勢調査 高齢人口（339構想区域）", "Census 2020, oldest ages by the 339 areas"),
        PERSONS,
        (
            Text(
                "年齢の分かる人口を75歳以上・85～89歳・90～94歳・95歳以上にまとめる。",
                "Known ages added up to 75+, 85-89, 90-94 and 95+.",
            ),
        ),
        _paths(build_population.CENSUS_AREAS),
        lambda given: given.oldest,
    ),
    Recipe(
        "old_age_survival",
        Text("高齢者の5年生残率（2015→2020年）", "Five-year survival into the oldest ages (2015 to 2020)"),
        Text("割合", "share"),
        (
            Text(
                "2015年基準人口の85～89歳・90歳以上に対する2020年の90～94歳・95歳以上の比。",
                "90-94 and 95+ of 2020 over 85-89 and 90+ of 2015.",
            ),
        ),
        _paths(build_population.IPSS_2018, build_population.IPSS_2023_AREAS, build_population.CENSUS_AREAS),
        lambda given: given.survival,
    ),
    Recipe(
        "ndb_sex_age",
        Text(
            "NDBオープンデータ C在宅医療：サービス×年度×性×5歳階級",
            "NDB Open Data, section C: service × fiscal year × sex × age",
        ),
        CLAIMS,
        (_SERVICES, _SUPPRESSION),
        lambda: [path for path in build_ndb.section_c_paths() if "_sexage_claims_" in path],
        lambda given: build_ndb.services_by(given.section_c, "sex_age"),
    ),
    Recipe(
        "ndb_prefecture",
        Text(
            "NDBオープンデータ C在宅医療：サービス×年度×都道府県",
            "NDB Open Data, section C: service × fiscal year × prefecture",
        ),
        CLAIMS,
        (_SERVICES, _SUPPRESSION),
        lambda: [path for path in build_ndb.section_c_paths() if "_pref_claims_" in path],
        lambda given: build_ndb.services_by(given.section_c, "prefecture"),
    ),
    Recipe(
        "ndb_area",
        Text(
            "NDBオープンデータ C在宅医療：サービス×年度×335圏域",
            "NDB Open Data, section C: service × fiscal year × 335 areas",
        ),
        CLAIMS,
        (
            _SERVICES,
            Text(
                "秘匿された圏域には、診療行為ごとの都道府県計との差を75歳以上人口に比例して配分する（推計、下限0、上限は差の全部）。",
                "Hidden areas share what is missing to the prefecture, item by item, in proportion to their population of 75+ (estimated; bounds 0 and all of it).",
            ),
        ),
        lambda: [
            *(path for path in build_ndb.section_c_paths() if re_area(path)),
            build_population.CENSUS_AREAS,
            build_areas.MEMBERSHIP,
        ],
        lambda given: build_ndb.services_by_area(given.section_c, given.weights_335),
    ),
    Recipe(
        "ndb_month",
        Text(
            "NDBオープンデータ C在宅医療：サービス×年度×診療月",
            "NDB Open Data, section C: service × fiscal year × month",
        ),
        Text("件／月", "claims a month"),
        (_SERVICES, _SUPPRESSION),
        lambda: [path for path in build_ndb.section_c_paths() if "_month_claims_" in path],
        lambda given: build_ndb.services_by(given.section_c, "month"),
    ),
    Recipe(
        "ndb_totals",
        Text(
            "NDBオープンデータ C在宅医療：サービスの総計（公表値）",
            "NDB Open Data, section C: published totals of the services",
        ),
        CLAIMS,
        (_SERVICES,),
        lambda: [path for path in build_ndb.section_c_paths() if "_sexage_claims_" in path],
        lambda given: build_ndb.service_totals(given.section_c),
    ),
    Recipe(
        "certification_rates",
        Text("要介護認定率：時点×性×5歳階級×要介護度", "Certification rates: date × sex × age × level"),
        Text("人口に対する割合", "share of the population"),
        build_care.RATE_STEPS,
        lambda: [*build_care.RATE_SOURCES, *_REFERENCE],
        lambda given: given.care.rates,
    ),
    Recipe(
        "certification_national",
        Text(
            "要介護認定者数（全国、令和4年度末）性×5歳階級×要介護度",
            "Certified persons of March 2023: sex × age × level",
        ),
        PERSONS,
        build_care.NATIONAL_STEPS,
        lambda: [*build_care.RATE_SOURCES, *_REFERENCE],
        lambda given: given.care.national,
    ),
    Recipe(
        "certification_prefectures",
        Text(
            "要介護認定者数（令和5年度末）都道府県×要介護度",
            "Certified persons of March 2024: prefecture × level",
        ),
        PERSONS,
        (Text("第1号被保険者の認定者数を縦持ちにする。", "Certified persons of 65 and over in long form."),),
        _paths(build_care.PREFECTURE_COUNTS),
        lambda given: given.care.prefectures,
    ),
    Recipe(
        "ministry_home_visits",
        Text(
            "厚生労働省 令和7年の在宅（訪問診療）需要推計（339構想区域）",
            "The ministry's R7 projection of home visits (339 areas)",
        ),
        Text("レセプト件数／月", "receipts a month"),
        (Text("公表値を縦持ちにする。", "Published figures in long form."),),
        _paths(build_areas.MINISTRY),
        lambda given: build_areas.ministry(given.raw),
    ),
    Recipe(
        "boundaries",
        Text("圏域の簡略境界（4版）", "Simplified boundaries of the areas (four editions)"),
        Text("緯度経度", "degrees"),
        (
            Text(
                "簡略化済みの境界を読み、不正な図形を修復する（表示専用）。",
                "Read the simplified boundaries and repair invalid shapes (for display only).",
            ),
        ),
        _paths(*build_areas.BOUNDARIES.values()),
        lambda given: build_areas.boundaries(given.raw),
    ),
    Recipe(
        "municipal_codes",
        Text("市区町村コードの対応（2000～2024年）と圏域", "Municipal codes 2000-2024 and their areas"),
        CODES,
        (
            Text(
                "廃置分合の対応表に政令指定都市と区の親子関係を加える。",
                "Crosswalk of codes with cities and their wards.",
            ),
        ),
        _paths(build_areas.CROSSWALK),
        lambda given: given.codes,
        local=True,
    ),
    Recipe(
        "municipal_population_2018",
        Text(
            "将来推計人口（平成30年推計）市区町村×年×性×5歳階級",
            "Population projection, 2018 edition, by municipality",
        ),
        PERSONS,
        (Text("区のある政令指定都市は区だけを残す。", "Of cities with wards only the wards are kept."),),
        _paths(build_population.IPSS_2018),
        lambda given: given.municipal_2018,
        local=True,
    ),
    Recipe(
        "municipal_totals_2023",
        Text(
            "将来推計人口（令和5年推計）市区町村別 総人口・65歳以上・75歳以上",
            "2023 edition: municipal totals, 65+ and 75+",
        ),
        PERSONS,
        (
            Text(
                "結果表1・3-3・3-4の割合から人数を復元する。",
                "Persons recovered from the shares of tables 1, 3-3 and 3-4.",
            ),
        ),
        _paths(*build_population.IPSS_2023_TOTALS),
        lambda given: build_population.totals_2023(given.raw),
        local=True,
    ),
    Recipe(
        "ndb_items",
        Text("NDBオープンデータ C在宅医療：全セル", "NDB Open Data, section C: every cell"),
        Text("件または人／年", "claims or patients a year"),
        (
            Text(
                "全ての表のセルを値と状態（観測・秘匿）で縦持ちにする。",
                "Every cell in long form with its value and state (observed, suppressed).",
            ),
        ),
        build_ndb.section_c_paths,
        lambda given: build_ndb.items_tidy(given.section_c),
        local=True,
    ),
    *NDB_FACT_RECIPES,
    *FACILITY_RECIPES,
    *STATISTICS_RECIPES,
    *POPULATION_ERROR_RECIPES,
    *BED_RECIPES,
    *BACKTEST_RECIPES,
)


def re_area(path: str) -> bool:
    """Whether a workbook goes into the area table: claims by area, and by prefecture of the same years."""
    years = ("FY2019", "FY2020", "FY2021", "FY2022")
    return (
        "_claims_" in path
        and any(year in path for year in years)
        and ("_iryoken2_" in path or "_pref_" in path)
    )

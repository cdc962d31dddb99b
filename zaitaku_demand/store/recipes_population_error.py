"""Recipes of the errors of the population projections and of the split of the open band."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from zaitaku_demand.store import build_areas
from zaitaku_demand.store import build_population as population
from zaitaku_demand.store import build_population_error as build
from zaitaku_demand.store import fit_population_error as fit
from zaitaku_demand.store.recipe import Recipe
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from zaitaku_demand.store.ingredients import Ingredients

_SOURCES = (
    population.IPSS_2018,
    population.IPSS_2023_AREAS,
    population.CENSUS_AREAS,
    population.JUKI_AGES,
    build.HOME_CARE,
    build_areas.MEMBERSHIP,
    build_areas.CROSSWALK,
)
_COMPARED = Text(
    "平成30年推計を2020年国勢調査（令和5年推計の基準人口）・2025年1月1日の住民基本台帳・令和5年推計（2020～2045年）と、令和5年推計を2025年1月1日の住民基本台帳と比べる。5年の間は補間する。福島県は県計とする。",
    "The 2018 edition against the census of 2020 (base population of the 2023 edition), the resident register of 1 January 2025 and the 2023 edition (2020-2045); the 2023 edition against the register; interpolated within five years. Fukushima is one place.",
)
_REGISTER = Text(
    "住民基本台帳と推計の定義の差は、2016年1月1日の65歳以上（横浜市・川崎市のある神奈川県を除く）で示す。台帳の年齢不公表（外国人6,712人）は含めない。2021年以後の超過死亡は誤差に含まれる。",
    "What the register counts differently is shown by its 65+ of 1 January 2016 (without Kanagawa, where cities lie in several units). Ages withheld in the register (6,712 foreigners) are left out. Excess deaths since 2021 are part of the errors.",
)
_MODEL = Text(
    "平成30年推計から令和5年推計への改定（対数比）の共分散を、全国・都道府県・圏域に分け、年齢7区分×経過6時点で推定する。改定は5年ごとに独立に繰り返すとみなす。圏域の大きさ5階級の相対的な標準偏差で調整し、2025年の住民基本台帳で見た散らばりを超えないようにする。",
    "Covariance of the revision from the 2018 to the 2023 edition (log ratio) for nation, prefecture and area, seven ages × six horizons; revisions are taken to repeat independently every five years. Scaled by five classes of size, and bounded by the spread at the register of 2025.",
)
_NATION = Text(
    "全国の部分は2回（2015→2020年、2020→2025年）の改定だけから求めた2乗平均で、自由度2の粗い推定である。",
    "The national part is the mean square of two rounds only (2015-2020, 2020-2025): a poor estimate with two degrees of freedom.",
)


@lru_cache(maxsize=1)
def _errors(given: Ingredients) -> pd.DataFrame:
    return build.population_errors(given)


def _sources() -> list[str]:
    return list(_SOURCES)


POPULATION_ERROR_RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "population_errors",
        Text(
            "将来推計人口の誤差：比較×圏域×年齢（推計と実績）",
            "Errors of the population projections: comparison × area × age, projected and actual",
        ),
        Text("人", "persons"),
        (_COMPARED, _REGISTER),
        _sources,
        _errors,
    ),
    Recipe(
        "population_error_model",
        Text("将来推計人口の改定の共分散", "Covariance of the revisions of the population projections"),
        Text("対数の共分散", "covariance of logarithms"),
        (_COMPARED, _REGISTER, _MODEL, _NATION),
        _sources,
        lambda given: fit.error_model(_errors(given)),
    ),
    Recipe(
        "population_error_size",
        Text(
            "将来推計人口の誤差：圏域の大きさによる比",
            "Errors of the population projections by size of the area",
        ),
        Text("標準偏差の比", "ratio of standard deviations"),
        (
            _COMPARED,
            Text(
                "75歳以上人口の5階級ごとに、誤差の2乗平均の平方根を全圏域のそれで割る。",
                "Root mean square of the errors in five classes of the population of 75 and over, over that of all areas.",
            ),
        ),
        _sources,
        lambda given: fit.error_size(_errors(given)),
    ),
    Recipe(
        "oldest_share_errors",
        Text(
            "90歳以上に占める95歳以上の割合：推計と2025年住民基本台帳（都道府県）",
            "Share of the 95+ in the 90+: split and resident register of 2025, by prefecture",
        ),
        Text("割合", "share"),
        (
            Text(
                "令和5年推計の90歳以上を分割し、2025年1月1日に補間して、住民基本台帳の割合と比べる。",
                "The 90+ of the 2023 edition, split and interpolated to 1 January 2025, against the register.",
            ),
        ),
        _sources,
        build.oldest_share_errors,
    ),
)

"""Ratios of observed to expected by prefecture and by area.

Both use the place of the institution that claims: a patient visited across a border counts where the
clinic is. The age profile stays the national one; the ratio moves its level.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.rates.national import MONTHS, reference_population
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

AREA_YEARS = (2019, 2020, 2021, 2022)
PREFECTURES = [f"{number:02d}" for number in range(1, 48)]


def prefecture_ratio(
    services: tuple[str, ...], year: int, profile: FloatArray, population: Population
) -> tuple[FloatArray, FloatArray]:
    """Observed over expected claims of every area's prefecture.

    Parameters
    ----------
    services : tuple of str
    year : int
        Fiscal year.
    profile : array (services, sexes, ages)
        National rates.
    population : Population
        Its sexes, age bands and areas are used; the expected count takes the population of that year.

    Returns
    -------
    ratio, estimated_share : arrays (services, areas)
    """
    people = _reference_like(year, population)
    expected = np.einsum("psg,ksg->kp", people, profile)
    observed, estimated = _observed("ndb_prefecture", "prefecture_code", services, year, PREFECTURES)
    ratio = np.divide(observed / MONTHS, expected, out=np.ones_like(expected), where=expected > 0)
    place = [PREFECTURES.index(code) for code in population.areas["prefecture_code"]]
    return ratio[:, place], estimated[:, place]


def area_ratio(
    services: tuple[str, ...], year: int, profile: FloatArray, population: Population
) -> tuple[FloatArray, FloatArray, tuple[Text, ...]]:
    """Observed over expected claims of every area.

    The NDB counts by the 335 areas of the 7th plan. Where the population's areas are not those, the
    ratio is that of the smallest union of areas in which both systems agree.

    Returns
    -------
    ratio, estimated_share : arrays (services, areas)
    notes : tuple of Text

    Raises
    ------
    InputError
        If the NDB has no area table for the year, or the population does not reach back to it.
    """
    if year not in AREA_YEARS:
        raise InputError(
            Text(f"{year}年度のNDBには二次医療圏別の表がない", f"the NDB has no table by area for FY{year}"),
            Text("--rate-year に2019～2022を指定してください", "choose 2019 to 2022 with --rate-year"),
        )
    base = population.at_years((year,)).values[:, 0]
    expected = np.einsum("asg,ksg->ka", base, profile)
    codes, component = common_unions(population)
    observed, estimated = _observed("ndb_area", "area_code", services, year, codes)
    unions = int(component.max()) + 1
    of_area, of_335 = component[: len(population.areas)], component[len(population.areas) :]
    observed_union = _sum_by(observed, of_335, unions)
    estimated_union = _sum_by(observed * estimated, of_335, unions)
    expected_union = _sum_by(expected, of_area, unions)
    ratio = np.divide(
        observed_union / MONTHS, expected_union, out=np.ones_like(expected_union), where=expected_union > 0
    )
    share = np.divide(
        estimated_union, observed_union, out=np.zeros_like(observed_union), where=observed_union > 0
    )
    members = np.bincount(of_335, minlength=unions)
    pooled = population.areas.loc[
        (members[of_area] > 1) | (np.bincount(of_area, minlength=unions)[of_area] > 1), "area_code"
    ]
    notes: tuple[Text, ...] = ()
    if len(pooled):
        listed = ", ".join(pooled.head(12)) + (" …" if len(pooled) > 12 else "")
        notes = (
            Text(
                f"NDBの335圏域と境界が異なる圏域（{listed}）の圏域比は、両者が一致する最小の合併範囲の値である。",
                f"Areas whose borders differ from the NDB's 335 ({listed}) take the ratio of the smallest common union.",
            ),
        )
    return ratio[:, of_area], share[:, of_area], notes


def _reference_like(year: int, population: Population) -> FloatArray:
    from zaitaku_demand.ages import merge_ages
    from zaitaku_demand.rates.national import NDB_AGES, SPLIT_AGES

    source = SPLIT_AGES if population.ages.open_from == 95 else NDB_AGES
    people = reference_population(year, population.sexes, source)
    return merge_ages(people, source, population.ages)


def _observed(
    table_name: str, key: str, services: tuple[str, ...], year: int, codes: list[str]
) -> tuple[FloatArray, FloatArray]:
    table = read_table(table_name)
    table = table[(table["fiscal_year"] == year) & table["service"].isin(services)].set_index(
        ["service", key]
    )
    value = table["value"].unstack(key).reindex(index=list(services), columns=codes)
    shown = table["shown"].unstack(key).reindex(index=list(services), columns=codes)
    if value.isna().to_numpy().any():
        name = str(value.index[value.isna().any(axis=1)][0])
        raise InputError(
            Text(
                f"{year}年度の「{name}」の地域別の値がない", f"'{name}' has no figures by place for FY{year}"
            ),
            Text(
                "別の年度か、--rates national を指定してください", "choose another year or --rates national"
            ),
        )
    observed = value.to_numpy(dtype=np.float64)
    hidden = observed - shown.to_numpy(dtype=np.float64)
    return observed, np.divide(hidden, observed, out=np.zeros_like(observed), where=observed > 0)


def _sum_by(values: FloatArray, labels: npt.NDArray[np.int64], size: int) -> FloatArray:
    return np.stack([np.bincount(labels, weights=row, minlength=size) for row in values])


def common_unions(population: Population) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Codes of the 335 areas, and the union of every area of the population and then of each of the 335."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    areas = list(population.areas["area_code"])
    members = population.system.membership
    members = members[members["area_code"].isin(areas)].dropna(subset=["area335_code"])
    pairs = members[["area_code", "area335_code"]].drop_duplicates()
    pairs = pairs.assign(area335_code=pairs["area335_code"].str.split(";")).explode("area335_code")
    # The 2018 edition knows Fukushima as a whole only: it is the union of its six areas.
    table = read_table("ndb_area")
    fukushima = sorted(code for code in table["area_code"].unique() if code.startswith("07"))
    whole = pairs[pairs["area335_code"] == "0700"]
    if len(whole):
        extra = pd.DataFrame({"area_code": "0700", "area335_code": fukushima})
        pairs = pd.concat([pairs[pairs["area335_code"] != "0700"], extra], ignore_index=True)
    codes = sorted(pairs["area335_code"].unique())
    rows = pairs["area_code"].map({code: place for place, code in enumerate(areas)}).to_numpy()
    columns = pairs["area335_code"].map({code: place for place, code in enumerate(codes)}).to_numpy() + len(
        areas
    )
    size = len(areas) + len(codes)
    links = coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    _, labels = connected_components(links, directed=False)
    return codes, labels.astype(np.int64)

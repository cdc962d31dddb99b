"""Compact population tables: projections by area units, denominators of the rates, and the oldest ages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.ages import AgeBands, merge_ages, ordered_bands
from zaitaku_demand.areas.municipalities import finest_municipalities
from zaitaku_demand.areas.system import AreaSystem
from zaitaku_demand.open_band import OldestTables, split_open_band
from zaitaku_demand.population import Population, from_table
from zaitaku_demand.sources import census, ipss2018, ipss2023, juki
from zaitaku_demand.sources.registry import verified_path

FloatArray = npt.NDArray[np.float64]

IPSS_2018 = "ipss/2018/all_areas_sex_age5_wide.csv"
IPSS_2023_AREAS = "ipss/2023/area330_year_age5_bothsexes.csv"
IPSS_2023_TOTALS = ("ipss/2023/kekkahyo1.xlsx", "ipss/2023/kekkahyo3_3.xlsx", "ipss/2023/kekkahyo3_4.xlsx")
CENSUS_AREAS = "census/census2020_area339_sex_age5.csv"
CENSUS_PREFECTURES = "census/census2020_prefecture_sex_age5.csv"
CENSUS_HISTORY = "census/census_1980_2015_prefecture_age5_sex.csv"
JUKI_AGES = "juki/juki_age_muni_2025.xlsx"

SEXES = ("male", "female")
AGES = AgeBands.five_year(90)
OLDEST = ("90-94", "95+")
HAMADORI = ("0706", "0707")
JUKI_DATE = 2024.25
"""1 January 2025, in years of which the whole numbers are 1 October."""


def municipal_2018(raw: Path) -> pd.DataFrame:
    """The finest municipalities of the 2018 edition: code, kind, prefecture_name, name, year, sex, age, persons."""
    return finest_municipalities(ipss2018.load_municipalities(verified_path(IPSS_2018, raw)))


def units_2018(municipal: pd.DataFrame, unit_of: pd.Series[str]) -> pd.DataFrame:
    """The 2018 edition added up to area units: code (unit), year, sex, age, persons."""
    table = municipal.assign(code=municipal["code"].map(unit_of))
    summed = table.groupby(["code", "year", "sex", "age"], sort=True)["persons"].sum().reset_index()
    return summed.astype({"persons": "int32", "year": "int16"})


def areas_2023(raw: Path) -> pd.DataFrame:
    """The 2023 edition by the 330 areas: area_code, year, sex, age, persons, state."""
    table = ipss2023.load_area_ages(verified_path(IPSS_2023_AREAS, raw))
    table["state"] = np.where(table["area_code"].isin(HAMADORI), "estimated", "official")
    table = table.sort_values(["area_code", "year", "age"], ignore_index=True)
    return table.astype({"persons": "int32", "year": "int16"})


def totals_2023(raw: Path) -> pd.DataFrame:
    """Municipal totals, 65+ and 75+ of the 2023 edition (built locally only)."""
    return ipss2023.load_totals(*(verified_path(path, raw) for path in IPSS_2023_TOTALS))


def census_oldest(raw: Path) -> pd.DataFrame:
    """Census 2020 by the 339 areas (and Fukushima as a whole, 0700): area_code, sex, aged_75plus, aged_85_89, aged_90_94, aged_95plus."""
    table = census.load_areas_2020(verified_path(CENSUS_AREAS, raw))
    groups = {
        "aged_75plus": ["75-79", "80-84", "85-89", "90-94", "95-99", "100+"],
        "aged_85_89": ["85-89"],
        "aged_90_94": ["90-94"],
        "aged_95plus": ["95-99", "100+"],
    }
    wide = table.pivot_table(index=["area_code", "sex"], columns="age", values="persons", aggfunc="sum")
    out = pd.DataFrame({name: wide[bands].sum(axis=1) for name, bands in groups.items()})
    both = out.groupby("area_code").sum()
    both.index = pd.MultiIndex.from_product([both.index, ["both"]], names=["area_code", "sex"])
    out = pd.concat([out, both])
    fukushima = out[out.index.get_level_values("area_code").str.startswith("07")].groupby("sex").sum()
    fukushima.index = pd.MultiIndex.from_product([["0700"], fukushima.index], names=["area_code", "sex"])
    return pd.concat([out, fukushima]).reset_index().sort_values(["area_code", "sex"], ignore_index=True)


def survival(municipal: pd.DataFrame, areas: pd.DataFrame, oldest: pd.DataFrame) -> pd.DataFrame:
    """National five-year survival 2015-2020 into the oldest ages: sex, from_age, survival.

    Persons of 2015 are the base population of the 2018 edition. Persons of 2020 are the 90+ of the 2023
    edition's base population, divided by sex and age as in the census.
    """
    start = municipal[(municipal["year"] == 2015) & municipal["age"].isin(["85-89", "90+"])]
    start_by = start.groupby(["sex", "age"])["persons"].sum()
    top = float(areas[(areas["year"] == 2020) & (areas["age"] == "90+")]["persons"].sum())
    known = oldest[oldest["area_code"] != "0700"].groupby("sex")[["aged_90_94", "aged_95plus"]].sum()
    scaled = known * (top / known.loc["both"].sum())
    rows = []
    for sex in (*SEXES, "both"):
        of = [sex] if sex != "both" else list(SEXES)
        for age, column in (("85-89", "aged_90_94"), ("90+", "aged_95plus")):
            before = sum(float(start_by[(one, age)]) for one in of)
            rows.append((sex, age, float(scaled[column].loc[sex]) / before))
    return pd.DataFrame(rows, columns=["sex", "from_age", "survival"])


def reference(
    raw: Path, municipal: pd.DataFrame, areas: pd.DataFrame, tables: OldestTables, system: AreaSystem
) -> pd.DataFrame:
    """Population of 1 October 2014-2022 by prefecture, sex and age: the denominators of the rates.

    Both sexes of 2020-2022 are the sums of the areas' interpolated populations (2023 edition), so that a
    projection with national rates gives back the national count of its base year. 2015 is the base
    population of the 2018 edition, 2010 the census; between 2010, 2015 and 2020 the way is straight. Men and
    women of 2020 follow the census, later years move towards the resident register of January 2025.

    Returns
    -------
    DataFrame
        prefecture_code, year, sex (both, male, female), age (19 bands, and 90-94 and 95+), persons
    """
    population = from_table(areas, system, "2023", by_area=True)
    years = (2020, 2021, 2022)
    both = _by_prefecture(population.at_years(years))
    split = _by_prefecture(split_open_band(population, tables).at_years(years))[..., -2:]
    both = np.concatenate([both, split], axis=-1)[:, :, 0]

    men_2020, men_2025 = _share_of_men_census(raw), _share_of_men_register(raw)
    by_sex: dict[int, FloatArray] = {}
    for place, year in enumerate(years):
        weight = (year - 2020) / (JUKI_DATE - 2020)
        men = men_2020 + weight * (men_2025 - men_2020)
        by_sex[year] = np.stack([both[:, place] * men, both[:, place] * (1 - men)], axis=1)

    share_95 = _census_share_95plus(tables.census)
    base_2015 = _with_oldest(_prefecture_ages_2015(municipal), share_95)
    base_2010 = _with_oldest(_prefecture_ages_2010(raw), share_95)
    for year in range(2014, 2020):
        if year < 2015:
            by_sex[year] = base_2010 + (year - 2010) / 5 * (base_2015 - base_2010)
        else:
            by_sex[year] = base_2015 + (year - 2015) / 5 * (by_sex[2020] - base_2015)

    labels = [*AGES.labels, *OLDEST]
    parts = []
    for year in range(2014, 2023):
        total = both[:, years.index(year)] if year in years else by_sex[year].sum(axis=1)
        stacked = np.concatenate([total[:, None], by_sex[year]], axis=1)
        index = pd.MultiIndex.from_product(
            [[f"{number:02d}" for number in range(1, 48)], [year], ["both", *SEXES], labels],
            names=["prefecture_code", "year", "sex", "age"],
        )
        parts.append(pd.Series(stacked.ravel(), index=index, name="persons").reset_index())
    return pd.concat(parts, ignore_index=True).astype({"year": "int16"})


def _by_prefecture(population: Population) -> FloatArray:
    codes = population.areas["prefecture_code"]
    return np.stack(
        [population.values[(codes == f"{number:02d}").to_numpy()].sum(axis=0) for number in range(1, 48)]
    )


def _with_oldest(values: FloatArray, share: FloatArray) -> FloatArray:
    top = values[..., -1]
    return np.concatenate([values, (top * (1 - share))[..., None], (top * share)[..., None]], axis=-1)


def _census_share_95plus(oldest: pd.DataFrame) -> FloatArray:
    """Share of the 95+ among the 90+ of 2020, array (47, 2)."""
    known = oldest[(oldest["area_code"] != "0700") & oldest["sex"].isin(SEXES)]
    known = known.assign(prefecture=known["area_code"].str[:2])
    sums = known.groupby(["prefecture", "sex"])[["aged_90_94", "aged_95plus"]].sum()
    share = sums["aged_95plus"] / sums.sum(axis=1)
    return share.unstack("sex")[list(SEXES)].sort_index().to_numpy(dtype=np.float64)


def _share_of_men_census(raw: Path) -> FloatArray:
    table = census.load_prefectures_2020(verified_path(CENSUS_PREFECTURES, raw))
    return _share_of_men(table[table["age"] != "unknown"])


def _share_of_men_register(raw: Path) -> FloatArray:
    table = juki.load_ages(verified_path(JUKI_AGES, raw))
    return _share_of_men(table[(table["kind"] == "a") & table["sex"].isin(SEXES)])


def _share_of_men(table: pd.DataFrame) -> FloatArray:
    """Share of men by prefecture and age (19 bands, 90-94, 95+), array (47, 21)."""
    table = table.assign(prefecture=table["code"].str[:2])
    labels = list(table["age"].unique())
    bands, order = ordered_bands(labels)
    wide = table.groupby(["sex", "prefecture", "age"])["persons"].sum().unstack("age")
    wide = wide[[labels[place] for place in order]]
    by_sex = [wide.loc[sex].sort_index().to_numpy(dtype=np.float64) for sex in SEXES]
    split = AgeBands((*AGES.bands[:-1], (90, 95), (95, None)))
    merged = [
        np.hstack([merge_ages(one, bands, AGES), merge_ages(one, bands, split)[:, -2:]]) for one in by_sex
    ]
    return np.asarray(merged[0] / (merged[0] + merged[1]))


def _prefecture_ages_2015(municipal: pd.DataFrame) -> FloatArray:
    table = municipal[municipal["year"] == 2015]
    return _prefecture_sex_age(table.assign(prefecture=table["code"].str[:2]))


def _prefecture_ages_2010(raw: Path) -> FloatArray:
    table = census.load_history(verified_path(CENSUS_HISTORY, raw))
    table = table[(table["year"] == 2010) & table["sex"].isin(SEXES)].assign(
        prefecture=lambda frame: frame["code"].str[:2]
    )
    known = _prefecture_sex_age(table[table["age"] != "unknown"])
    totals = table.groupby(["prefecture", "sex"])["persons"].sum().unstack("sex")[list(SEXES)].sort_index()
    return np.asarray(known * (totals.to_numpy(dtype=np.float64) / known.sum(axis=2))[..., None])


def _prefecture_sex_age(table: pd.DataFrame) -> FloatArray:
    wide = table.groupby(["prefecture", "sex", "age"])["persons"].sum().unstack("age")[list(AGES.labels)]
    return np.stack(
        [wide.xs(sex, level="sex").sort_index().to_numpy(dtype=np.float64) for sex in SEXES], axis=1
    )

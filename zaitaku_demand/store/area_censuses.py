"""Censuses of 2010, 2015 and 2020 (国勢調査) by the 335 areas, with unknown ages distributed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.sources import census
from zaitaku_demand.sources.registry import verified_path
from zaitaku_demand.store.build_population import AGES, CENSUS_AREAS, SEXES

FloatArray = npt.NDArray[np.float64]

CENSUS_MUNICIPALITIES = "census/census_1980_2015_municipality_age5_sex.csv.gz"


def census_2020(raw: Path, units: pd.DataFrame, areas: tuple[str, ...]) -> FloatArray:
    """Census 2020 by the 335 areas, array (335, 2, 21): 19 bands to 90 and over, 90-94 and 95+.

    Persons of unknown age are distributed in proportion by area and sex.

    Parameters
    ----------
    raw : Path
        Folder of the raw files.
    units : DataFrame
        Area units; each 構想区域 (339) lies in one of the 335 areas.
    areas : tuple of str
        The 335 areas in the order wanted.

    Raises
    ------
    InputError
        If the raw file is absent, altered or inconsistent.
    """
    table = census.load_areas_2020(verified_path(CENSUS_AREAS, raw))
    nested = (
        units[["area339_code", "area335_code"]].drop_duplicates().set_index("area339_code")["area335_code"]
    )
    table = table.assign(area=table["area_code"].map(nested))
    known = _wide(table[table["age"] != census.UNKNOWN], areas, census.BANDS_2020)
    unknown = _wide(table[table["age"] == census.UNKNOWN], areas, None)
    filled = known * (1 + unknown / known.sum(axis=-1, keepdims=True))
    coarse = AgeBands((*AGES.bands[:-1], (90, 95), (95, None)))
    parts = (filled @ census.BANDS_2020.merge_matrix(coarse))[..., -2:]
    return np.concatenate([filled @ census.BANDS_2020.merge_matrix(AGES), parts], axis=-1)


def census_2010_2015(
    raw: Path, municipal_2018: pd.DataFrame, codes: pd.DataFrame, areas: tuple[str, ...]
) -> tuple[FloatArray, FloatArray]:
    """Censuses of 2010 and 2015 by the 335 areas, arrays (335, 2, 19).

    Persons of unknown age are distributed in proportion by area and sex. A city that lies in two areas
    (川崎市) is divided as its wards were in the base population of 2015 of the 2018 edition.

    Parameters
    ----------
    raw, areas
        As in :func:`census_2020`.
    municipal_2018 : DataFrame
        Finest municipalities of the 2018 edition.
    codes : DataFrame
        Municipal codes with their areas and, for designated cities, wards.

    Raises
    ------
    InputError
        If the raw file is absent, altered or inconsistent.
    """
    table = census.load_history(verified_path(CENSUS_MUNICIPALITIES, raw))
    table = table[table["year"].isin([2010, 2015]) & table["sex"].isin(SEXES)]
    current = codes.sort_values("valid_to").drop_duplicates("code", keep="last").set_index("code")
    area = table["code"].map(current["area335"])
    divided = area.str.contains(";")
    table = table.assign(area=area)
    table = pd.concat([table[~divided], _divide(table[divided], municipal_2018, current)], ignore_index=True)
    out = []
    for year in (2010, 2015):
        one = table[table["year"] == year]
        known = _wide(one[one["age"] != census.UNKNOWN], areas, AGES)
        unknown = _wide(one[one["age"] == census.UNKNOWN], areas, None)
        out.append(known * (1 + unknown / known.sum(axis=-1, keepdims=True)))
    return out[0], out[1]


def _divide(table: pd.DataFrame, municipal_2018: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Rows of cities that lie in two areas, divided as their wards were in 2015 by sex and age."""
    children = current.loc[table["code"].unique(), "children"].str.split(";").explode()
    ward_city = pd.Series(children.index, index=children.to_numpy())
    wards = municipal_2018[
        municipal_2018["code"].isin(ward_city.index)
        & (municipal_2018["year"] == 2015)
        & municipal_2018["sex"].isin(SEXES)
    ]
    wards = wards.assign(city=wards["code"].map(ward_city), area=wards["code"].map(current["area335"]))
    by_age = wards.groupby(["city", "area", "sex", "age"])["persons"].sum().reset_index()
    whole = wards.groupby(["city", "area", "sex"])["persons"].sum().reset_index().assign(age=census.UNKNOWN)
    shares = pd.concat([by_age, whole], ignore_index=True)
    shares["share"] = shares["persons"] / shares.groupby(["city", "sex", "age"])["persons"].transform("sum")
    joined = table.drop(columns="area").merge(
        shares[["city", "area", "sex", "age", "share"]],
        left_on=["code", "sex", "age"],
        right_on=["city", "sex", "age"],
        how="left",
        validate="many_to_many",
    )
    return joined.assign(persons=joined["persons"] * joined["share"])


def _wide(table: pd.DataFrame, areas: tuple[str, ...], bands: AgeBands | None) -> FloatArray:
    """Persons by area, sex and age (one column where `bands` is None), array (335, 2, ages)."""
    labels = [census.UNKNOWN] if bands is None else list(bands.labels)
    summed = table.groupby(["area", "sex", "age"])["persons"].sum()
    order = pd.MultiIndex.from_product([areas, SEXES, labels])
    values: FloatArray = summed.reindex(order).to_numpy(dtype=np.float64)
    if np.isnan(values).any() or len(summed) != len(order):
        raise ValueError("the census has other areas or ages than the 335 areas")
    return values.reshape(len(areas), len(SEXES), len(labels))

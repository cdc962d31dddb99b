"""Compact tables of certification: rates by age, sex and level, with women derived by raking."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.rates.certification import (
    CARE_AGES,
    LEVELS,
    RATE_DATES,
    people_of_rates,
    rake,
    rates_by_level,
)
from zaitaku_demand.sources import certification
from zaitaku_demand.sources.registry import verified_path
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

AGE_RATES = "long_term_care/nintei_rate_by_age5_slides.csv"
BY_AGE_LEVEL = "long_term_care/nintei_R4end_national_male_by_age_level.csv"
PREFECTURE_COUNTS = "long_term_care/nintei_R5end_pref_by_level_from_care_projection.csv"
WOMEN_BY_AGE = "long_term_care/nintei_R4end_national_FEMALE_by_age_ESTIMATE.csv"
RATE_SOURCES = (AGE_RATES, BY_AGE_LEVEL, WOMEN_BY_AGE)
_LEVEL_IDS = ("support1", "support2", "care1", "care2", "care3", "care4", "care5")
_LEVEL_LABELS = dict(zip(_LEVEL_IDS, LEVELS, strict=True))
_SEXES = ("male", "female")

NATIONAL_STEPS = (
    Text(
        "男性は公表値。女性の65～69歳の行と70～74歳の要支援1は公表値。",
        "Men are published; of women the row 65-69 and 要支援1 of 70-74.",
    ),
    Text(
        "女性の年齢別計は、2022年9月の男女計の認定率×人口推計から男性を引き、公表された女性計に合わせた推計値。",
        "Women by age: rates of both sexes of September 2022 times the official population estimate, less men, "
        "scaled to the published total of women (estimated).",
    ),
    Text(
        "女性の年齢×要介護度は、男性の分布を初期値に、年齢別計と公表された要介護度別計へ反復比例補正した推計値。",
        "Women by age and level: raked from the men's pattern to the totals by age and the published totals by level (estimated).",
    ),
)
RATE_STEPS = (
    Text(
        "男女計・要介護度計の率は公表値（2020年9月、2022年9月）。",
        "Rates of both sexes and all levels are published (September 2020 and 2022).",
    ),
    Text(
        "要介護度別・男女別は、令和4年度末の性・年齢・要介護度別の構成で配分した推計値。",
        "Levels and sexes follow the composition of March 2023 (estimated).",
    ),
    *NATIONAL_STEPS,
)


@dataclass(frozen=True)
class CareTables:
    """`rates`: as_of, sex, age, level, rate, state. `national`: sex, age, level, persons, state. `prefectures`: prefecture_code, level, persons, state."""

    rates: pd.DataFrame
    national: pd.DataFrame
    prefectures: pd.DataFrame


def care_tables(raw: Path, reference: pd.DataFrame) -> CareTables:
    """All certification tables.

    Parameters
    ----------
    raw : Path
    reference : DataFrame
        Population by prefecture, year, sex and age (`build_population.reference`).
    """
    published = certification.load_rates_by_age(verified_path(AGE_RATES, raw))
    counts = certification.load_by_age_level(verified_path(BY_AGE_LEVEL, raw))
    people = people_of_rates(reference)
    age_rates = {date: _age_rates(published, date) for date in RATE_DATES}
    men = _grid(counts, "male")
    women, known = _women(counts, men, _women_by_age(raw))
    national = _long(np.stack([men, women]), known)
    rates = _rates(age_rates, np.stack([men, women]), people)
    return CareTables(rates, national, _prefectures(raw))


def _age_rates(published: pd.DataFrame, date: str) -> pd.DataFrame:
    of_date = published[(published["as_of"] == date) & published["usable"]].set_index("age")
    return of_date.loc[list(CARE_AGES.labels)]


def _grid(counts: pd.DataFrame, sex: str) -> FloatArray:
    wide = counts[counts["sex"] == sex].pivot(index="age", columns="level", values="persons")
    return wide.loc[list(CARE_AGES.labels), list(_LEVEL_IDS)].to_numpy(dtype=np.float64, na_value=np.nan)


def _women_by_age(raw: Path) -> FloatArray:
    """Estimated totals of women by age, adding up to the published total."""
    table = certification.load_women_estimate(verified_path(WOMEN_BY_AGE, raw))
    women = table[table["sex"] == "female"].set_index("age")["persons"]
    return np.array([float(women[age]) for age in CARE_AGES.labels])


def _women(
    counts: pd.DataFrame, men: FloatArray, by_age: FloatArray
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Women by age and level, and which cells are published."""
    fixed = _grid(counts, "female")
    women = counts[counts["sex"] == "female"].set_index(["age", "level"])["persons"]
    by_level = np.array([float(women[("65+", level)]) for level in _LEVEL_IDS])
    total = float(women[("65+", "total")])
    first = float(women[("65-69", "total")])
    by_age = np.concatenate([[first], by_age[1:] * (total - first) / by_age[1:].sum()])
    return rake(men, by_age, by_level, fixed), ~np.isnan(fixed)


def _long(values: FloatArray, women_known: npt.NDArray[np.bool_]) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([_SEXES, CARE_AGES.labels, LEVELS], names=["sex", "age", "level"])
    frame = pd.Series(values.ravel(), index=index, name="persons").reset_index()
    known = np.concatenate([np.ones(women_known.size, dtype=bool), women_known.ravel()])
    frame["state"] = np.where(known, "observed", "estimated")
    return frame


def _rates(
    age_rates: dict[str, pd.DataFrame], counts: FloatArray, people: dict[str, FloatArray]
) -> pd.DataFrame:
    rows: list[tuple[str, str, str, str, float, str]] = []
    for date, table in age_rates.items():
        for age in CARE_AGES.labels:
            rows.append(
                (
                    date,
                    "both",
                    age,
                    "all",
                    float(np.float64(table["rate_percent"][age])) / 100,
                    str(table.at[age, "state"]),
                )
            )
    rate = age_rates["2022-09"]["rate_percent"].to_numpy() / 100
    for sex, divided in rates_by_level(rate, counts, people).items():
        for row, age in enumerate(CARE_AGES.labels):
            for column, level in enumerate(LEVELS):
                rows.append(("2022-09", sex, age, level, float(divided[row, column]), "estimated"))
    return pd.DataFrame(rows, columns=["as_of", "sex", "age", "level", "rate", "state"])


def _prefectures(raw: Path) -> pd.DataFrame:
    table = certification.load_by_prefecture(verified_path(PREFECTURE_COUNTS, raw))
    table = table[(table["prefecture_code"] != "00") & table["level"].isin(_LEVEL_IDS)].copy()
    table["level"] = table["level"].map(_LEVEL_LABELS)
    return table[["prefecture_code", "level", "persons", "state"]].reset_index(drop=True)

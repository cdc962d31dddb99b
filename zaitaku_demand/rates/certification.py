"""Certification rates for long-term care (要介護・要支援認定率) by age, sex and level.

Published: rates of both sexes by five-year age for September 2020 and 2022; men by age and level for March
2023 (令和4年度末); of women only the total by level, the row 65-69 and one cell of 70-74. The women are derived
from these margins by raking and stay *estimated*.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from zaitaku_demand.ages import AgeBands, parse_band
from zaitaku_demand.sources.reading import CORRECT_CELL, read_csv, tidy_text
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

LEVELS = ("要支援1", "要支援2", "要介護1", "要介護2", "要介護3", "要介護4", "要介護5")
CARE_AGES = AgeBands.five_year(90, start=65)
RATE_DATES = ("2020-09", "2022-09")
RATE_YEAR = 2022
MAX_ITERATIONS = 10_000
TOLERANCE = 1e-10
_FULL_WIDTH = str.maketrans("12345", "１２３４５")


def rake(
    seed: FloatArray, row_totals: FloatArray, column_totals: FloatArray, fixed: FloatArray | None = None
) -> FloatArray:
    """Fill a table so that it meets its margins and keeps the cells that are known.

    Iterative proportional fitting (Deming & Stephan 1940, Ann. Math. Statist. 11:427): rows and columns
    of the free cells are scaled in turn; the odds ratios of the seed survive.

    Parameters
    ----------
    seed : array (rows, columns)
        Positive pattern.
    row_totals : array (rows,)
    column_totals : array (columns,)
        With the same grand total.
    fixed : array (rows, columns), optional
        Known cells, NaN where free.

    Returns
    -------
    array (rows, columns)

    Raises
    ------
    ValueError
        If the grand totals differ, a margin is smaller than its known cells, or the fit does not converge.
    """
    known = np.zeros(seed.shape, dtype=bool) if fixed is None else ~np.isnan(fixed)
    held = np.zeros(seed.shape) if fixed is None else np.where(known, fixed, 0.0)
    rows = row_totals - held.sum(axis=1)
    columns = column_totals - held.sum(axis=0)
    scale = max(float(np.abs(row_totals).sum()), 1.0)
    if abs(row_totals.sum() - column_totals.sum()) > 1e-9 * scale:
        raise ValueError("row and column totals do not have the same grand total")
    if (rows < -1e-9 * scale).any() or (columns < -1e-9 * scale).any():
        raise ValueError("a margin is smaller than its known cells")
    free = np.where(known, 0.0, seed)
    for _ in range(MAX_ITERATIONS):
        sums = free.sum(axis=1)
        free = free * np.divide(rows, sums, out=np.zeros_like(rows), where=sums > 0)[:, None]
        sums = free.sum(axis=0)
        free = free * np.divide(columns, sums, out=np.zeros_like(columns), where=sums > 0)[None, :]
        if np.abs(free.sum(axis=1) - rows).max() <= TOLERANCE * scale:
            return np.asarray(free + held)
    raise ValueError("the margins cannot be met together")


def certification_rates(
    as_of: str = "2022-09", sexes: tuple[str, ...] = ("both",), counts: FloatArray | None = None
) -> FloatArray:
    """Rates by sex, age and level, as a share of the population.

    Parameters
    ----------
    as_of : str
        ``2022-09`` (by level) or ``2020-09`` (all levels together).
    sexes : tuple of str
    counts : array (2, 6, 7), optional
        Official certified persons by sex, age and level, in place of the partly estimated ones; they decide how
        the published rate of an age divides into sexes and levels.

    Returns
    -------
    array (sexes, 6 ages from 65-69 to 90+, 7 levels), or (sexes, 6 ages, 1) for 2020-09
    """
    table = read_table("certification_rates")
    table = table[table["as_of"] == as_of]
    wide = table.set_index(["sex", "age", "level"])["rate"]
    if counts is not None:
        published = np.array([float(wide[("both", age, "all")]) for age in CARE_AGES.labels])
        by_sex = rates_by_level(published, counts, people_of_rates(read_table("population_reference")))
        return np.stack([by_sex[sex] for sex in sexes])
    levels = ["all"] if as_of == "2020-09" else list(LEVELS)
    return np.array(
        [[[float(wide[(sex, age, level)]) for level in levels] for age in CARE_AGES.labels] for sex in sexes]
    )


def rates_by_level(
    published: FloatArray, counts: FloatArray, people: dict[str, FloatArray]
) -> dict[str, FloatArray]:
    """Divide the published rates of both sexes by the composition of the certified.

    Parameters
    ----------
    published : array (ages,)
        Rate of both sexes, all levels.
    counts : array (2, ages, levels)
        Certified men and women.
    people : dict of arrays (ages,)
        Population ``both``, ``male``, ``female``.

    Returns
    -------
    dict of arrays (ages, levels)
        Rates of ``both``, ``male`` and ``female``; the sexes, weighted by their population, give both.
    """
    everyone = counts.sum(axis=(0, 2))
    persons = published * people["both"]
    rates = {"both": published[:, None] * counts.sum(axis=0) / everyone[:, None]}
    for place, sex in enumerate(("male", "female")):
        rates[sex] = (persons / people[sex])[:, None] * counts[place] / everyone[:, None]
    return rates


def read_certified(path: Path) -> FloatArray:
    """A user's official table of certified persons by sex, age and level.

    Parameters
    ----------
    path : Path
        CSV with the headings 性別 (or sex), 年齢 (or age) and 要支援1 ... 要介護5; one row for men (男) and women (女)
        in each of 65-69, 70-74 ... 90+ (as in 介護保険事業状況報告, 第1号被保険者).

    Returns
    -------
    array (2, 6, 7)

    Raises
    ------
    InputError
        If a heading or row is missing or stands twice, or a cell is no count.
    """
    sheet = read_csv(path)
    levels = {name: (name, name.translate(_FULL_WIDTH)) for name in LEVELS}
    places = sheet.columns_among(
        0,
        {"sex": ("sex", "性別"), "age": ("age", "年齢"), **levels},
        Text(
            "見出しを性別,年齢,要支援1～要介護5にしてください",
            "head the columns sex, age, 要支援1 to 要介護5",
        ),
    )
    counts = np.full((2, len(CARE_AGES), len(LEVELS)), np.nan)
    for row in range(1, len(sheet.rows)):
        if not any(tidy_text(cell) for cell in sheet.rows[row]):
            continue
        sex = {"男": 0, "male": 0, "女": 1, "female": 1}.get(sheet.text(row, places["sex"]))
        band = parse_band(sheet.text(row, places["age"]))
        if sex is None or band not in CARE_AGES.bands:
            raise sheet.error(
                Text("性別または年齢階級を読み取れない", "the sex or age band is not understood"),
                Text(
                    "男・女と65～69歳から90歳以上の行だけにしてください",
                    "keep only rows of men and women from 65-69 to 90+",
                ),
                row,
            )
        age = CARE_AGES.bands.index(band)
        if not np.isnan(counts[sex, age, 0]):
            raise sheet.error(
                Text("同じ性別・年齢の行が2つある", "a sex and age stands twice"), CORRECT_CELL, row
            )
        counts[sex, age] = [sheet.count(row, places[name]) for name in LEVELS]
    if np.isnan(counts).any():
        sex, age, _ = (int(place) for place in np.argwhere(np.isnan(counts))[0])
        label = CARE_AGES.labels[age]
        raise sheet.error(
            Text(
                f"{'男女'[sex]}の{label}歳の行がない", f"the row {('men', 'women')[sex]} {label} is missing"
            ),
            Text("男女それぞれ6つの年齢階級の行を入れてください", "give six age bands for each sex"),
        )
    if (counts.sum(axis=(0, 2)) <= 0).any():
        raise sheet.error(
            Text("認定者のいない年齢階級がある", "an age band has no certified person"), CORRECT_CELL
        )
    return counts


def people_of_rates(reference: pd.DataFrame) -> dict[str, FloatArray]:
    """Population by age that the rates of 2022-09 are of: ``both``, ``male`` and ``female``, arrays (6 ages,).

    `reference` is the table ``population_reference``.
    """
    table = reference[(reference["year"] == RATE_YEAR) & reference["age"].isin(CARE_AGES.labels)]
    sums = table.groupby(["sex", "age"])["persons"].sum()
    return {
        sex: np.array([float(sums[(sex, age)]) for age in CARE_AGES.labels])
        for sex in ("both", "male", "female")
    }

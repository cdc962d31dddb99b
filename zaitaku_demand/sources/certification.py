"""Persons certified as needing support or care (要介護・要支援認定者), by age, sex, level and prefecture.

Figures of 介護保険事業状況報告 and of the ministry's slides (厚生労働省), transcribed. What each figure is
stands in the column `state`: ``observed`` (published), ``derived`` (follows from published figures),
``estimated`` (by a method of ours) or ``missing`` (published nowhere that could be read; no value).
Levels are support1, support2 (要支援), care1 to care5 (要介護) and total.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.ages import AgeBands
from zaitaku_demand.sources.certification_rates import (
    AGES,
    age_label,
    load_broad_age_rates,
    load_rates_by_age,
    state_of,
)
from zaitaku_demand.sources.checks import require_equal, require_grid, require_unique
from zaitaku_demand.sources.frames import with_text
from zaitaku_demand.sources.places import PREFECTURES, prefecture_code, require_all_prefectures
from zaitaku_demand.sources.reading import CORRECT_CELL, FETCH_AGAIN, OFFICIAL_LAYOUT
from zaitaku_demand.sources.schemas import LEVELS, validated
from zaitaku_demand.sources.tabular import (
    counts,
    counts_or_blank,
    data_rows,
    filled_texts,
    iso_date,
    naming,
    numbers,
    read_copy,
    require_text,
)
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AGES",
    "load_broad_age_rates",
    "load_by_age_level",
    "load_by_prefecture",
    "load_national_levels",
    "load_rates_by_age",
    "load_women_estimate",
]

MARCHES = ("2020-03-31", "2021-03-31", "2022-03-31")
TOTALS_R4 = (2_133_133, 4_681_211)
"""Certified men and women of the first class on 31 March 2023, as published."""

END_R4, END_R5 = "2023-03-31", "2024-03-31"

_COPY_LEVELS = ("youshien1", "youshien2", *(f"youkaigo{level}" for level in range(1, 6)))
_PREFECTURE_LEVELS = ("要支援1", "要支援2", *(f"要介護{level}" for level in range(1, 6)))
_SEXES = {"男": "male", "女": "female"}
_SUMS = {"第1号計": "65+", "第2号": "40-64", "合計": "40+"}
_ROUNDING_SHARE = 0.005 + 1e-9


def load_by_age_level(path: Path) -> pd.DataFrame:
    """Certified persons at the end of fiscal 2022 by sex, age and level; women in part only.

    Parameters
    ----------
    path : path
        ``nintei_R4end_national_male_by_age_level.csv`` (介護保険事業状況報告 令和4年度).

    Returns
    -------
    DataFrame
        `as_of` (2023-03-31), `sex`, `age` (65-69 to 90+; 65+ is 第1号, 40-64 第2号, 40+ their sum), `level`,
        `persons` (Int64), `state` (observed, or missing with no value). Every combination has a row.

    Raises
    ------
    InputError
        If a man's cell is blank, levels do not add up to their total, ages not to 65+, or a row is
        missing.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ("sex", "age", *_COPY_LEVELS, "total"))
    rows = data_rows(sheet, 1)
    sexes = require_text(sheet, rows, columns["sex"], _SEXES)
    ages = [
        _SUMS.get(sheet.text(row, columns["age"])) or age_label(sheet, row, columns["age"]) for row in rows
    ]
    keys = list(zip(sexes, ages, strict=True))
    require_unique(sheet, rows, keys)
    wanted = (*_SUMS.values(), *AGES.labels)
    require_grid(sheet, [key for key in keys if key[0] == "男"], wanted, Text("男の年齢", "age of men"))
    require_grid(
        sheet,
        [("女", age) for sex, age in keys if sex == "女"],
        ("65+", "65-69"),
        Text("女の行", "row of women"),
    )
    value_columns = [columns[name] for name in (*_COPY_LEVELS, "total")]
    of: dict[tuple[str, str], list[int | None]] = {}
    for row, (sex, age) in zip(rows, keys, strict=True):
        if age not in wanted:
            raise sheet.error(
                Text(f"知らない年齢「{age}」がある", f"the age {age} is not known here"),
                CORRECT_CELL,
                row,
                columns["age"],
            )
        cells = counts_or_blank(sheet, row, value_columns, () if sex == "男" else ("",))
        of[sex, age] = cells
        known = [cell for cell in cells if cell is not None]
        if len(known) == len(cells):
            values = np.array([known], dtype=np.int64)
            added = values[:, :-1].sum(axis=1, keepdims=True)
            require_equal(
                sheet,
                [row],
                value_columns[-1:],
                values[:, -1:],
                added,
                Text("段階別の和", "sum of the levels"),
            )
    if ("女", "65+") not in of or None in of["女", "65+"] + of["女", "65-69"]:
        raise sheet.error(
            Text("女の第1号計か65-69歳に空白がある", "a cell of women 65+ or 65-69 is blank"), FETCH_AGAIN
        )
    row_of = dict(zip(keys, rows, strict=True))
    men = {age: np.array([of["男", age]], dtype=np.int64) for age in wanted}
    for total, parts in (("65+", AGES.labels), ("40+", ("65+", "40-64"))):
        added = np.sum([men[age] for age in parts], axis=0)
        where = [row_of["男", total]]
        require_equal(sheet, where, value_columns, men[total], added, Text("年齢別の和", "sum of the ages"))
    records = [
        (END_R4, _SEXES[sex], age, level, value)
        for sex in _SEXES
        for age in wanted
        for level, value in zip(LEVELS, of.get((sex, age), [None] * len(LEVELS)), strict=True)
    ]
    frame = pd.DataFrame(records, columns=["as_of", "sex", "age", "level", "persons"])
    frame["persons"] = pd.array([record[4] for record in records], dtype="Int64")
    frame["state"] = ["missing" if record[4] is None else "observed" for record in records]
    return validated(
        with_text(frame, ("as_of", "sex", "age", "level", "state")), "certified_by_age_level", path
    )


def load_women_estimate(path: Path) -> pd.DataFrame:
    """Certified persons at the end of fiscal 2022 by sex and age, with women of 70 and over estimated.

    An estimate to check with, never official: 2 to 3 percent a cell.

    Parameters
    ----------
    path : path
        ``nintei_R4end_national_FEMALE_by_age_ESTIMATE.csv``.

    Returns
    -------
    DataFrame
        `as_of` (2023-03-31), `sex`, `age` (65-69 to 90+, and 65+), `persons`, `state` (observed or
        estimated), `method`.

    Raises
    ------
    InputError
        If an age is missing or stands twice, or the ages do not add up to 65+ for men or women.
    """
    import pandas as pd

    headings = ("age", "men_official", "women_estimate", "women_kind", "women_rate_pct_est_of_all")
    sheet, columns = read_copy(path, headings)
    rows = data_rows(sheet, 1)
    ages = [age_label(sheet, row, columns["age"]) for row in rows]
    require_unique(sheet, rows, ages, columns["age"])
    with naming(sheet):
        AgeBands.of(age for age in ages if age != "65+")
    if ages != [*AGES.labels, "65+"]:
        raise sheet.error(
            Text("年齢が65-69から90+と65+ではない", "the ages are not 65-69 to 90+ and 65+"), OFFICIAL_LAYOUT
        )
    number_columns = [columns["men_official"], columns["women_estimate"]]
    persons = counts(sheet, rows, number_columns)
    require_equal(
        sheet,
        rows[-1:],
        number_columns,
        persons[-1:],
        persons[:-1].sum(axis=0, keepdims=True),
        Text("年齢別の和", "ages"),
    )
    require_equal(
        sheet,
        rows[-1:],
        number_columns,
        persons[-1:],
        np.array([TOTALS_R4]),
        Text("公表値", "published total"),
    )
    states = [state_of(sheet, row, columns["women_kind"]) for row in rows]
    kinds = filled_texts(sheet, rows, columns["women_kind"])
    frame = pd.DataFrame(
        {
            "as_of": END_R4,
            "sex": ["male"] * len(ages) + ["female"] * len(ages),
            "age": ages * 2,
            "persons": persons.T.reshape(-1),
            "state": ["observed"] * len(ages) + states,
            "method": ["OFFICIAL"] * len(ages) + kinds,
        }
    )
    texts = ("as_of", "sex", "age", "state", "method")
    return validated(with_text(frame, texts), "certified_women_estimate", path)


def load_by_prefecture(path: Path) -> pd.DataFrame:
    """Certified persons of the first class (65 and over) at the end of fiscal 2023 by prefecture and level.

    Parameters
    ----------
    path : path
        ``nintei_R5end_pref_by_level_from_care_projection.csv``: recovered from a secondary file, so every
        value is derived; their national sum fits the published 19.4 percent.

    Returns
    -------
    DataFrame
        `as_of` (2024-03-31), `prefecture_code` (01 to 47; 00 is the nation), `prefecture_name`, `level`,
        `persons`, `state` (derived).

    Raises
    ------
    InputError
        If a prefecture is missing or stands twice, levels do not add up to the total, prefectures not
        to the nation, or the rate does not follow from total and population.
    """
    import pandas as pd

    others = ("total_sum_of_levels", "total_sum_of_area_totals", "n_areas")
    people, rate = "pop65plus_2023-10-01_ssds_A1303", "crude_rate_pct_total_over_pop65"
    sheet, columns = read_copy(path, ("pref_code", "pref", *_PREFECTURE_LEVELS, *others, people, rate))
    rows = data_rows(sheet, 1)
    codes, names = [], []
    for row in rows:
        nation = sheet.text(row, columns["pref_code"]).zfill(2) == "00"
        code = "00" if nation else prefecture_code(sheet, row, columns["pref_code"])
        expected = "全国" if nation else PREFECTURES[int(code) - 1]
        require_text(sheet, [row], columns["pref"], (expected,))
        codes.append(code)
        names.append(expected)
    require_unique(sheet, rows, codes, columns["pref_code"])
    require_all_prefectures(sheet, codes)
    require_grid(sheet, [("", code) for code in codes], ("00",), Text("全国の行", "row of the nation"))
    level_columns = [columns[name] for name in (*_PREFECTURE_LEVELS, others[0])]
    values = counts(sheet, rows, level_columns)
    added = values[:, :-1].sum(axis=1, keepdims=True)
    require_equal(
        sheet, rows, level_columns[-1:], values[:, -1:], added, Text("段階別の和", "sum of the levels")
    )
    nation_at = codes.index("00")
    summed = [*level_columns, columns["total_sum_of_area_totals"], columns["n_areas"]]
    every = counts(sheet, rows, summed)
    parts = np.delete(every, nation_at, axis=0).sum(axis=0, keepdims=True)
    where = [rows[nation_at]]
    require_equal(
        sheet, where, summed, every[[nation_at]], parts, Text("都道府県の和", "sum of the prefectures")
    )
    population = counts(sheet, rows, [columns[people]])
    stated = numbers(sheet, rows, [columns[rate]], largest=100)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected_rate = values[:, -1:] / population * 100
    require_equal(
        sheet, rows, [columns[rate]], stated, expected_rate, Text("認定率", "rate"), _ROUNDING_SHARE
    )
    repeat = np.repeat(np.arange(len(rows)), len(LEVELS))
    frame = pd.DataFrame(
        {
            "as_of": END_R5,
            "prefecture_code": [codes[position] for position in repeat],
            "prefecture_name": [names[position] for position in repeat],
            "level": list(LEVELS) * len(rows),
            "persons": values.reshape(-1),
            "state": "derived",
        }
    )
    texts = ("as_of", "prefecture_code", "prefecture_name", "level", "state")
    return validated(with_text(frame, texts), "certified_by_prefecture", path)


def load_national_levels(path: Path) -> pd.DataFrame:
    """Certified persons of the nation by level at the end of March of 2020 to 2022.

    Parameters
    ----------
    path : path
        ``nintei_by_level_national_march_2020_2022.csv`` (介護保険事業状況報告).

    Returns
    -------
    DataFrame
        `as_of`, `level`, `persons`, `state` (observed).

    Raises
    ------
    InputError
        If a date stands twice or the levels do not add up to the total.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ("as_of", *_COPY_LEVELS, "total"))
    rows = data_rows(sheet, 1)
    dates = [iso_date(sheet, row, columns["as_of"]) for row in rows]
    require_unique(sheet, rows, dates, columns["as_of"])
    require_grid(sheet, [("", date) for date in dates], MARCHES, Text("時点", "date"))
    level_columns = [columns[name] for name in (*_COPY_LEVELS, "total")]
    values = counts(sheet, rows, level_columns)
    added = values[:, :-1].sum(axis=1, keepdims=True)
    require_equal(
        sheet, rows, level_columns[-1:], values[:, -1:], added, Text("段階別の和", "sum of the levels")
    )
    frame = pd.DataFrame(
        {
            "as_of": [date for date in dates for _ in LEVELS],
            "level": list(LEVELS) * len(rows),
            "persons": values.reshape(-1),
            "state": "observed",
        }
    )
    return validated(with_text(frame, ("as_of", "level", "state")), "certified_national", path)

"""Share of persons certified as needing support or care (認定率), by five-year and by broad age.

Figures of 介護保険事業状況報告 and of the ministry's slides (厚生労働省), transcribed; `state` says what each
is (see :mod:`zaitaku_demand.sources.certification`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.ages import AgeBands, band_label, parse_band
from zaitaku_demand.sources.checks import require_grid, require_unique
from zaitaku_demand.sources.frames import with_text
from zaitaku_demand.sources.reading import CORRECT_CELL, FETCH_AGAIN, Sheet, shorten
from zaitaku_demand.sources.schemas import validated
from zaitaku_demand.sources.tabular import (
    data_rows,
    filled_texts,
    iso_date,
    numbers,
    read_copy,
    require_text,
)
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

AGES = AgeBands.five_year(90, start=65)
"""Ages of the certified that are insured in the first class (第1号被保険者)."""


OPEN_AGES = ("65+", "75+", "85+")

_STATES = {"TRANSCRIBED": "observed", "OFFICIAL": "observed", "DERIVED": "derived", "ESTIMATE": "estimated"}
_DO_NOT_USE = "do not use"
_NEEDS = {"要支援": "support", "要介護": "care", "計": "all"}


def load_rates_by_age(path: Path) -> pd.DataFrame:
    """Share of the population certified, both sexes, by five-year age and for open ages.

    Parameters
    ----------
    path : path
        ``nintei_rate_by_age5_slides.csv`` (社会保障審議会 介護保険部会 and 医療部会).

    Returns
    -------
    DataFrame
        `as_of` (2019-09, 2020-09, 2022-09), `denominator`, `age` (65-69 to 90+, and 65+, 75+, 85+),
        `rate_percent`, `state`, `usable` (False for the 85+ of 2019, which contradicts its parts), `kind`
        (the transcriber's remark), `source`.

    Raises
    ------
    InputError
        If a date lacks one of the five-year ages, an age stands twice, a rate is not within 0 and 100
        or an open age is outside the range of its parts.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ("as_of", "denominator", "age", "rate_pct", "kind", "source"))
    rows = data_rows(sheet, 1)
    dates = [_month(sheet, row, columns["as_of"]) for row in rows]
    ages = [age_label(sheet, row, columns["age"]) for row in rows]
    keys = list(zip(dates, ages, strict=True))
    require_unique(sheet, rows, keys)
    # Slides of 2022 leave out 75 and over.
    require_grid(sheet, keys, (*AGES.labels, "65+", "85+"), Text("時点の年齢階級", "age of a date"))
    rates = numbers(sheet, rows, [columns["rate_pct"]], largest=100)[:, 0]
    kinds = filled_texts(sheet, rows, columns["kind"])
    rate_of = dict(zip(keys, rates.tolist(), strict=True))
    usable = [_DO_NOT_USE not in kind for kind in kinds]
    for row, (date, age), good in zip(rows, keys, usable, strict=True):
        if age not in (*AGES.labels, *OPEN_AGES):
            raise sheet.error(
                Text(f"知らない年齢「{age}」がある", f"the age {age} is not known here"),
                CORRECT_CELL,
                row,
                columns["age"],
            )
        if age in OPEN_AGES and good:
            _require_between(sheet, row, columns["rate_pct"], age, date, rate_of)
    frame = pd.DataFrame(
        {
            "as_of": dates,
            "denominator": filled_texts(sheet, rows, columns["denominator"]),
            "age": ages,
            "rate_percent": rates,
            "state": [state_of(sheet, row, columns["kind"]) for row in rows],
            "usable": usable,
            "kind": kinds,
            "source": _sources(sheet, rows, columns["source"]),
        }
    )
    texts = ("as_of", "denominator", "age", "state", "kind", "source")
    return validated(with_text(frame, texts), "certification_rates", path)


def load_broad_age_rates(path: Path) -> pd.DataFrame:
    """Share of the insured certified, both sexes, by broad age and need.

    Parameters
    ----------
    path : path
        ``nintei_rate_by_broad_age.csv`` (高齢社会白書, 介護保険事業状況報告 年報のポイント).

    Returns
    -------
    DataFrame
        `as_of`, `denominator`, `age` (65-74, 75-84, 85+, 75+, 65+), `need` (support, care, all),
        `rate_percent`, `state`, `source`.

    Raises
    ------
    InputError
        If a cell is not understood, a combination stands twice or a rate is not within 0 and 100.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ("as_of", "denominator", "age", "need", "rate_pct", "kind", "source"))
    rows = data_rows(sheet, 1)
    needs = require_text(sheet, rows, columns["need"], _NEEDS)
    frame = pd.DataFrame(
        {
            "as_of": [iso_date(sheet, row, columns["as_of"]) for row in rows],
            "denominator": filled_texts(sheet, rows, columns["denominator"]),
            "age": [age_label(sheet, row, columns["age"]) for row in rows],
            "need": [_NEEDS[need] for need in needs],
            "rate_percent": numbers(sheet, rows, [columns["rate_pct"]], largest=100)[:, 0],
            "state": [state_of(sheet, row, columns["kind"]) for row in rows],
            "source": _sources(sheet, rows, columns["source"]),
        }
    )
    keys = frame[["as_of", "denominator", "age", "need"]].itertuples(index=False, name=None)
    require_unique(sheet, rows, list(keys))
    texts = ("as_of", "denominator", "age", "need", "state", "source")
    return validated(with_text(frame, texts), "certification_broad_rates", path)


def _month(sheet: Sheet, row: int, column: int) -> str:
    text = sheet.text(row, column)
    if not re.fullmatch(r"(19|20)\d{2}-(0[1-9]|1[0-2])", text):
        raise sheet.error(
            Text(
                f"年月を「{shorten(text)}」から読み取れない",
                f"'{shorten(text)}' is no month of the form 2022-09",
            ),
            CORRECT_CELL,
            row,
            column,
        )
    return text


def age_label(sheet: Sheet, row: int, column: int) -> str:
    """The age band in a cell as the label used everywhere; InputError where it is none."""
    text = sheet.text(row, column)
    band = parse_band(text)
    if band is None:
        raise sheet.error(
            Text(
                f"年齢階級「{shorten(text)}」を読み取れない",
                f"the age band '{shorten(text)}' is not understood",
            ),
            CORRECT_CELL,
            row,
            column,
        )
    return band_label(band)


def state_of(sheet: Sheet, row: int, column: int) -> str:
    """What kind of value the transcriber's remark in a cell says a value is: an item of `STATES`."""
    text = sheet.text(row, column)
    for word, state in _STATES.items():
        if re.match(rf"{word}\b", text):
            return state
    raise sheet.error(
        Text(
            f"値の種類「{shorten(text)}」が分からない",
            f"what kind of value '{shorten(text)}' is, is not known",
        ),
        CORRECT_CELL,
        row,
        column,
    )


def _sources(sheet: Sheet, rows: Sequence[int], column: int) -> list[str]:
    """Sources with ``same`` replaced by the one above, its remark in brackets kept."""
    result: list[str] = []
    for row, text in zip(rows, filled_texts(sheet, rows, column), strict=True):
        match = re.fullmatch(r"same( \(.*\))?", text)
        if match and not result:
            raise sheet.error(
                Text("最初の行の出典が「same」である", "the first source is 'same'"),
                CORRECT_CELL,
                row,
                column,
            )
        above = re.sub(r" \[.*\]$", "", result[-1]) if result else ""
        result.append(
            f"{above} [{match[1].strip(' ()')}]" if match and match[1] else above if match else text
        )
    return result


def _require_between(
    sheet: Sheet, row: int, column: int, age: str, date: str, rate_of: dict[tuple[str, str], float]
) -> None:
    start = int(age.rstrip("+"))
    parts = [rate_of[date, label] for label in AGES.labels[AGES.index_from(start) :]]
    if not min(parts) <= rate_of[date, age] <= max(parts):
        raise sheet.error(
            Text(
                f"{age}歳の率{rate_of[date, age]:g}が内訳の{min(parts):g}～{max(parts):g}の外にある",
                f"the rate {rate_of[date, age]:g} of {age} is not within {min(parts):g}-{max(parts):g}",
            ),
            FETCH_AGAIN,
            row,
            column,
        )

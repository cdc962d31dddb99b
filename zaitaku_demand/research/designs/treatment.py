"""Which place had something first in which year: read from a series of counts or from the user's file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.intervals import FloatArray
from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.reading import parse_number, read_csv, shorten
from zaitaku_demand.sources.tabular import blank_row
from zaitaku_demand.text import Text

STATUSES: dict[str, Text] = {
    "never": Text("期間中に一度もない", "never in the period"),
    "always": Text("初年度からある", "from the first year on"),
    "switched": Text("期間中に新たに生じ、その後も続いた", "new in the period and kept"),
    "reversed": Text("期間中になくなった年がある", "lost again in the period"),
    "unknown": Text("年の一部の値がない", "not known in all years"),
}

_HEADINGS = {"area_code": ("area_code", "地域コード"), "year": ("year", "年")}
_LAYOUT = Text(
    "見出しを「area_code」「year」の2列とし、事象のあった地域と最初の年を1行ずつ書いてください",
    "write two columns headed 'area_code' and 'year', one row for each place with the event and its first year",
)


class Treatment(NamedTuple):
    """First year with the event by place.

    Attributes
    ----------
    name : str
        Indicator, or name of the user's file.
    first : array (places,)
        First year; inf: never; NaN: left out (lost again, not known).
    status : array (places,) of str
        Key of ``STATUSES``.
    years : tuple of int
        Years in which the event is known; empty for a user's file (known in all).
    """

    name: str
    first: FloatArray
    status: npt.NDArray[np.str_]
    years: tuple[int, ...]

    def counts(self) -> dict[str, int]:
        """Places by status, all statuses named."""
        return {name: int((self.status == name).sum()) for name in STATUSES}


def first_presence(name: str, count: npt.ArrayLike, years: Sequence[int]) -> Treatment:
    """First year with a count of at least 1 after a year with 0.

    Places that had it from the first year on get that year (no change can be seen in them), places that lost it again
    and places with an unknown year are left out (NaN): the methods take the event as lasting.

    Parameters
    ----------
    name : str
    count : array (places, years)
        NaN where not known.
    years : sequence of int
        Ascending.
    """
    number = np.asarray(count, np.float64)
    has = number > 0
    known = np.isfinite(number).all(axis=1)
    lost = (has[:, :-1] & ~has[:, 1:]).any(axis=1)
    start = np.asarray(years, np.float64)[has.argmax(axis=1)]
    status = np.select(
        [~known, lost, ~has.any(axis=1), has[:, 0]], ["unknown", "reversed", "never", "always"], "switched"
    )
    first = np.select([status == "never", np.isin(status, ["unknown", "reversed"])], [np.inf, np.nan], start)
    return Treatment(name, first, status.astype(np.str_), tuple(int(year) for year in years))


def read_treatment(path: Path, codes: Sequence[str]) -> Treatment:
    """First years from the user's CSV: area_code and year, one row for each place with the event.

    Places that are not in the file never had it.

    Parameters
    ----------
    path : Path
    codes : sequence of str
        Codes of the places, in the order of the result.

    Raises
    ------
    InputError
        If a heading is missing, a code is unknown or stands twice, a year is none, or the file has no row.
    """
    sheet = read_csv(path)
    columns = sheet.columns_among(0, _HEADINGS, _LAYOUT)
    position = {code: at for at, code in enumerate(codes)}
    digits = max((len(code) for code in codes), default=0)
    first = np.full(len(codes), np.inf)
    rows: dict[str, int] = {}
    for row in range(1, len(sheet.rows)):
        if blank_row(sheet, row):
            continue
        code = sheet.text(row, columns["area_code"]).zfill(digits)
        if code not in position:
            raise sheet.error(
                Text(
                    f"地域コード「{shorten(code)}」はない",
                    f"there is no place with the code '{shorten(code)}'",
                ),
                Text("パネルの地域の単位に合ったコードにしてください", "use the codes of the panel's level"),
                row,
                columns["area_code"],
            )
        if code in rows:
            raise sheet.error(
                Text(
                    f"{rows[code] + 1}行目と同じ地域である",
                    f"the row repeats the place of row {rows[code] + 1}",
                ),
                Text("最初の年の行だけを残してください", "keep the row of the first year only"),
                row,
                columns["area_code"],
            )
        rows[code] = row
        year = parse_number(sheet.cell(row, columns["year"]))
        if year is None or year != int(year) or not 1900 <= year <= 2100:
            cell = shorten(sheet.cell(row, columns["year"]))
            raise sheet.error(
                Text(f"年「{cell}」を西暦として読み取れない", f"'{cell}' is not a year"),
                Text("西暦4桁で入れてください", "give four digits"),
                row,
                columns["year"],
            )
        first[position[code]] = year
    if not rows:
        raise InputError(
            Text("事象のあった地域が1つもない", "no place with the event stands in the file"),
            _LAYOUT,
            file=path,
        )
    status = np.where(np.isfinite(first), "switched", "never").astype(np.str_)
    return Treatment(path.stem, first, status, ())


def treatment_table(treatment: Treatment, codes: Sequence[str]) -> pd.DataFrame:
    """One row a place: area_code, first_year (missing: never or left out), status."""
    year = np.where(np.isfinite(treatment.first), treatment.first, np.nan)
    return pd.DataFrame(
        {
            "area_code": list(codes),
            "first_year": pd.array(year, dtype="Float64").astype("Int64"),
            "status": treatment.status,
        }
    )

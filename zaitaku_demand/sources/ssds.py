"""System of Social and Demographic Statistics by prefecture (社会・人口統計体系, 総務省統計局).

The file holds 1.3 million figures in long form (item, year, prefecture); only the items asked for are
kept while it is read. ``-`` marks a figure that does not exist for that year and prefecture: it is missing,
never zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.checks import listed, require_unique
from zaitaku_demand.sources.places import PREFECTURES
from zaitaku_demand.sources.reading import (
    CORRECT_CELL,
    FETCH_AGAIN,
    OFFICIAL_LAYOUT,
    require_file,
    shorten,
)
from zaitaku_demand.sources.tabular import data_rows, filled_texts, read_copy, require_text
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

HEADINGS = ("code", "name", "unit", "kind", "year", "pref_code", "pref", "value")
CATALOGUE_HEADINGS = ("code", "name", "unit", "kind", "first", "last", "n_years", "selected")
KINDS = ("basic", "indicator")
MISSING = "-"
YEARS = (1975, 2100)

LARGEST_VALUE = 1e12
"""No figure of a prefecture is larger in any of the file's units; a larger one is two cells run together."""

_CODE = re.compile(r"#?[A-Z]\d{4,7}", re.ASCII)

DEATHS_TOTAL = {"A4200": "both", "A420001": "male", "A420002": "female"}
DEATHS_65 = {"A4231": "both", "A423101": "male", "A423102": "female"}
DEATH_AGES = (*(f"{age}-{age + 4}" for age in range(0, 100, 5)), "100+")
"""Ages of A4201 to A4221, in that order."""

CONTRADICTIONS = frozenset({("22", 1976), ("03", 1977), ("18", 1977), ("45", 1978)})
"""Prefectures and years in which the published deaths by sex or age do not add up (by 2 to 200 deaths)."""


def load_catalogue(path: Path) -> pd.DataFrame:
    """Catalogue of the items: code, name, unit, kind (basic, indicator).

    Parameters
    ----------
    path : path
        ``ssds_item_catalogue.csv``.

    Raises
    ------
    InputError
        If a heading is missing or unknown, a cell is blank, a code or kind is none, or a code stands twice.
    """
    import pandas as pd

    sheet, columns = read_copy(path, CATALOGUE_HEADINGS)
    rows = data_rows(sheet, 1)
    texts = {name: filled_texts(sheet, rows, columns[name]) for name in ("code", "name", "unit")}
    for row, code in zip(rows, texts["code"], strict=True):
        if not _CODE.fullmatch(code):
            raise sheet.error(
                Text(f"「{shorten(code)}」は項目コードではない", f"'{shorten(code)}' is no item code"),
                CORRECT_CELL,
                row,
                columns["code"],
            )
    texts["kind"] = require_text(sheet, rows, columns["kind"], KINDS)
    require_unique(sheet, rows, texts["code"], columns["code"])
    return pd.DataFrame(texts).astype("str")


def load_items(
    path: Path, codes: Sequence[str], catalogue: pd.DataFrame | None = None, *, first_year: int = YEARS[0]
) -> pd.DataFrame:
    """Figures of the items `codes` by prefecture and year.

    Parameters
    ----------
    path : path
        ``ssds_pref_IJ_and_related_all_years.csv.gz``.
    codes : sequence of str
        Item codes such as ``I5601``.
    catalogue : DataFrame, optional
        :func:`load_catalogue`; name and unit of every item are compared with it.
    first_year : int
        Earlier years are left out.

    Returns
    -------
    DataFrame
        code, unit, year (int64), prefecture_code, value (float64, NaN where the file says ``-``). Every
        item and year has each of the 47 prefectures exactly once.

    Raises
    ------
    InputError
        If the file is no such table, an item is absent, name or unit differ from the catalogue, a prefecture is
        missing or stands twice in an item and year, or a value is neither ``-`` nor a number from 0 up.
    """
    table = _read(path, codes)
    absent = sorted(set(codes) - set(table["code"]))
    if absent:
        raise InputError(
            Text(f"項目がない：{listed(absent)}", f"items are absent: {listed(absent)}"),
            FETCH_AGAIN,
            file=path,
            column="code",
        )
    if catalogue is not None:
        _require_catalogue(path, table, catalogue)
    table["year"] = _years(path, table)
    table = table[table["year"] >= first_year]
    _require_prefectures(path, table)
    table = table.assign(value=_values(path, table))
    table = table.rename(columns={"pref_code": "prefecture_code"})
    columns = ["code", "unit", "year", "prefecture_code", "value"]
    return table[columns].sort_values(["code", "year", "prefecture_code"], ignore_index=True)


def load_deaths(path: Path, catalogue: pd.DataFrame | None = None) -> pd.DataFrame:
    """Deaths by prefecture of residence, year, sex and age (人口動態統計 in the SSDS, items A42).

    Parameters
    ----------
    path, catalogue
        As in :func:`load_items`.

    Returns
    -------
    DataFrame
        prefecture_code, year, sex (both, male, female), age (total, 65+, and 0-4 to 95-99, 100+), deaths.
        Five-year ages end in 2007 (both sexes: 0-4 goes on); total and 65+ go to 2023. The figures of
        :data:`CONTRADICTIONS` are given as published.

    Raises
    ------
    InputError
        As :func:`load_items`, or if men and women do not add up to both, or the ages exceed the total.
    """
    import pandas as pd

    key = {code: (sex, "total") for code, sex in DEATHS_TOTAL.items()}
    key |= {code: (sex, "65+") for code, sex in DEATHS_65.items()}
    for number, age in enumerate(DEATH_AGES, 1):
        key |= {
            f"A42{number:02d}{end}": (sex, age)
            for end, sex in (("", "both"), ("01", "male"), ("02", "female"))
        }
    table = load_items(path, sorted(key), catalogue)
    names = pd.DataFrame([(code, *of) for code, of in key.items()], columns=["code", "sex", "age"])
    table = table.merge(names, on="code", validate="many_to_one").rename(columns={"value": "deaths"})
    _require_consistent_deaths(path, table)
    columns = ["prefecture_code", "year", "sex", "age"]
    return table[[*columns, "deaths"]].sort_values(columns, ignore_index=True)


def _read(path: Path, codes: Iterable[str]) -> pd.DataFrame:
    """Rows of the wanted items as text, indexed by their row in the file (counted from 1)."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv as pa_csv

    require_file(path)
    try:
        read = pa_csv.read_csv(
            path,
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(HEADINGS, pa.string()), strings_can_be_null=False
            ),
        )
        headings = read.column_names  # in UTF-8 only when they are asked for
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise InputError(
            Text("途中で切れているかCSVとして読めない", "the file is truncated or cannot be read as CSV"),
            FETCH_AGAIN,
            file=path,
        ) from error
    if sorted(headings) != sorted(HEADINGS):
        shown = shorten(", ".join(headings), 60)
        raise InputError(
            Text(
                f"見出しが{'、'.join(HEADINGS)}ではない（{shown}）",
                f"the headings are {shown} instead of {', '.join(HEADINGS)}",
            ),
            OFFICIAL_LAYOUT,
            file=path,
            row=1,
        )
    wanted = pc.is_in(read["code"], value_set=pa.array(sorted(set(codes)), pa.string()))
    rows = np.flatnonzero(wanted.to_numpy(zero_copy_only=False)) + 2
    table: pd.DataFrame = read.filter(wanted).to_pandas()
    return table.set_axis(rows, axis=0)


def _require_catalogue(path: Path, table: pd.DataFrame, catalogue: pd.DataFrame) -> None:
    known = catalogue.set_index("code")
    for column in ("name", "unit", "kind"):
        expected = table["code"].map(known[column])
        wrong = table[(table[column] != expected).to_numpy()]
        if len(wrong):
            row = int(wrong.index[0])
            code, found, right = str(wrong.at[row, "code"]), shorten(wrong.at[row, column]), expected.at[row]
            raise InputError(
                Text(
                    f"{code}の「{found}」が項目一覧の「{right}」と異なる",
                    f"'{found}' of {code} is not the catalogue's '{right}'",
                ),
                FETCH_AGAIN,
                file=path,
                row=row,
                column=column,
            )


def _years(path: Path, table: pd.DataFrame) -> npt.NDArray[np.int64]:
    plain = table["year"].str.fullmatch(r"(?:19|20)\d{2}").to_numpy(dtype=bool)
    numbers = table["year"].where(plain, "0").to_numpy(dtype=np.int64)
    _refuse(path, table, ~plain | (numbers < YEARS[0]) | (numbers > YEARS[1]), "year", Text("年", "a year"))
    return np.asarray(numbers)


def _values(path: Path, table: pd.DataFrame) -> npt.NDArray[np.float64]:
    text = table["value"]
    missing = (text == MISSING).to_numpy(dtype=bool)
    plain = text.map(lambda value: bool(re.fullmatch(r"\d+(?:\.\d+)?", value, re.ASCII)), na_action=None)
    values = np.asarray(text.where(plain, "nan").to_numpy(dtype=np.float64))
    _refuse(
        path,
        table,
        ~(missing | (values <= LARGEST_VALUE)),
        "value",
        Text(f"0以上{LARGEST_VALUE:g}以下の数値または「-」", f"a number from 0 to {LARGEST_VALUE:g} or '-'"),
    )
    return values


def _refuse(path: Path, table: pd.DataFrame, wrong: npt.NDArray[np.bool_], column: str, what: Text) -> None:
    """InputError at the first row where `wrong`."""
    if wrong.any():
        row = int(table.index[int(np.flatnonzero(wrong)[0])])
        shown = shorten(table.at[row, column])
        raise InputError(
            Text(f"「{shown}」は{what.ja}ではない", f"'{shown}' is not {what.en}"),
            CORRECT_CELL,
            file=path,
            row=row,
            column=column,
        )


def _require_prefectures(path: Path, table: pd.DataFrame) -> None:
    """Every item and year has each prefecture once, under its own name."""
    name_of = {f"{number:02d}": name for number, name in enumerate(PREFECTURES, 1)}
    _refuse(
        path,
        table,
        (table["pref"] != table["pref_code"].map(name_of)).to_numpy(dtype=bool),
        "pref",
        Text("そのコードの都道府県名", "the prefecture of its code"),
    )
    twice = table.duplicated(["code", "year", "pref_code"]).to_numpy()
    if twice.any():
        row = int(table.index[int(np.flatnonzero(twice)[0])])
        shown: Any = "・".join(str(table.at[row, column]) for column in ("code", "year", "pref_code"))
        raise InputError(
            Text(f"「{shown}」が2度ある", f"'{shown}' stands a second time"),
            Text("重複した行を取り除いてください", "remove the row that is there twice"),
            file=path,
            row=row,
            column="pref_code",
        )
    size = table.groupby(["code", "year"]).size()
    incomplete = size[size != len(PREFECTURES)].reset_index(name="number")
    short = [
        f"{code} {year} ({number})"
        for code, year, number in zip(
            incomplete["code"], incomplete["year"], incomplete["number"], strict=True
        )
    ]
    if short:
        raise InputError(
            Text(
                f"47都道府県がそろわない項目・年がある：{listed(short)}",
                f"items and years without all 47 prefectures: {listed(short)}",
            ),
            FETCH_AGAIN,
            file=path,
            column="pref_code",
        )


def _require_consistent_deaths(path: Path, table: pd.DataFrame) -> None:
    """Men and women add up to both, and the ages from 65 to 65+ and all ages to no more than the total."""
    place = ["prefecture_code", "year"]
    known = np.array([key in CONTRADICTIONS for key in zip(table[place[0]], table[place[1]], strict=True)])
    table = table[~known]
    wide = table.pivot(index=[*place, "age"], columns="sex", values="deaths").dropna()
    _refuse_deaths(
        path, wide["male"] + wide["female"] != wide["both"], Text("男女の和と総数", "men and women and both")
    )
    ages = table.pivot(index=[*place, "sex"], columns="age", values="deaths").dropna()
    _refuse_deaths(
        path,
        ages[list(DEATH_AGES)].sum(axis=1) > ages["total"],
        Text("年齢別の和と総数", "the ages and the total"),
    )
    from_65 = ages[list(DEATH_AGES[13:])].sum(axis=1)
    _refuse_deaths(path, from_65 != ages["65+"], Text("年齢別の和と65歳以上", "the ages from 65 and 65+"))


def _refuse_deaths(path: Path, wrong: pd.Series[bool], what: Text) -> None:
    if wrong.any():
        place = "・".join(map(str, wrong.index[wrong][0]))
        raise InputError(
            Text(f"死亡数の{what.ja}が合わない（{place}）", f"deaths: {what.en} do not agree ({place})"),
            FETCH_AGAIN,
            file=path,
            column="value",
        )

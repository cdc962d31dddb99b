"""Persons carried by ambulance: 救急・救助の現況 (総務省消防庁), by prefecture, by age and by place of the incident."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.sources.checks import problems_error, require_equal, require_unique
from zaitaku_demand.sources.frames import with_text
from zaitaku_demand.sources.national_rows import code_of_name, level_of_code, require_nation
from zaitaku_demand.sources.reading import CORRECT_CELL
from zaitaku_demand.sources.tabular import (
    counts,
    counts_or_blank,
    data_rows,
    filled_texts,
    read_copy,
    year_of,
)
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

YEAR = 2023
AGES = ("neonate", "infant", "juvenile", "adult", "elderly_65plus")
"""新生児, 乳幼児, 少年, 成人 and 高齢者 as the agency divides them."""

OLDER_AGES = ("age65_74", "age75_84", "age85plus")
WHOLE, SUBTOTAL = "全体", "計"
PLACES: Mapping[str, tuple[str, ...]] = {
    "住宅": ("居室", "廊下・玄関等", "庭・テラス等", "便所", "浴室", "その他"),
    "公衆出入場所": ("病院・診療所", "老人ホーム", "マーケット等", "料理店等", "駅構内", "その他"),
    "道路": (),
    "仕事場": (),
    "その他": (),
    WHOLE: (),
}
"""Places of the incident and their parts, as table 42 of the report names them."""


def load_transported(path: Path) -> pd.DataFrame:
    """Persons carried in 2023 by prefecture.

    Parameters
    ----------
    path : path
        ``transported_total_by_pref_2023.csv``.

    Returns
    -------
    DataFrame
        `level` (national, prefecture), `code` (00, 01-47), `name`, `persons` (int64; the place is that of the
        ambulance service, whoever lives there).

    Raises
    ------
    InputError
        If a heading or place is missing, wrong or there twice, a code does not fit its name, a cell is no count,
        or the prefectures do not add up to the nation.
    """
    import pandas as pd

    headings = ("pref_code", "pref", "transported_total_2023")
    sheet, columns = read_copy(path, headings)
    rows = data_rows(sheet, 1)
    codes = [code_of_name(sheet, row, columns["pref"], {}) for row in rows]
    for row, code in zip(rows, codes, strict=True):
        if sheet.text(row, columns["pref_code"]).zfill(2) != code:
            raise sheet.error(
                Text(
                    f"コード「{sheet.text(row, columns['pref_code'])}」が{sheet.text(row, columns['pref'])}に合わない",
                    f"the code '{sheet.text(row, columns['pref_code'])}' is not that of "
                    f"{sheet.text(row, columns['pref'])}",
                ),
                CORRECT_CELL,
                row,
                columns["pref_code"],
            )
    at = [columns["transported_total_2023"]]
    values = counts(sheet, rows, at)
    require_nation(sheet, rows, codes, values, at, {}, place_column=columns["pref"])
    frame = pd.DataFrame(
        {
            "level": [level_of_code(code) for code in codes],
            "code": codes,
            "name": filled_texts(sheet, rows, columns["pref"]),
            "persons": values[:, 0],
        }
    )
    return with_text(frame, ("level", "code", "name"))


def load_transported_by_age(path: Path) -> pd.DataFrame:
    """Persons carried in the nation by age.

    Parameters
    ----------
    path : path
        ``national_transported_by_age.csv`` or, with the older ages only, ``national_by_age_extra.csv``.

    Returns
    -------
    DataFrame
        `year`, `age` (`AGES`, `OLDER_AGES`, ``total``), `persons` (Int64, missing where not published).

    Raises
    ------
    InputError
        If a year stands twice, a total or the ages under 65 are blank, or ages do not add up.
    """
    import pandas as pd

    sheet, columns = read_copy(path, _age_headings(path))
    rows = data_rows(sheet, 1)
    years = [year_of(sheet, row, columns["year"]) for row in rows]
    require_unique(sheet, rows, years, columns["year"])
    young = [name for name in AGES[:-1] if name in columns]
    fixed = [*young, "elderly_65plus", "total"]
    values = counts(sheet, rows, [columns[name] for name in fixed])
    if young:
        added = values[:, :-1].sum(axis=1, keepdims=True)
        require_equal(sheet, rows, [columns["total"]], values[:, -1:], added, Text("年齢別の和", "ages"))
    parts = []
    for place, (row, year) in enumerate(zip(rows, years, strict=True)):
        older = counts_or_blank(sheet, row, [columns[name] for name in OLDER_AGES], {""})
        if None not in older:
            added = np.array([[sum(each for each in older if each is not None)]])
            stated = values[[place], -2:-1]
            require_equal(
                sheet,
                [row],
                [columns["elderly_65plus"]],
                stated,
                added,
                Text("65歳以上の内訳の和", "ages of 65+"),
            )
        given = [*zip(fixed, values[place].tolist(), strict=True), *zip(OLDER_AGES, older, strict=True)]
        parts += [(year, age, persons) for age, persons in given]
    frame = pd.DataFrame(parts, columns=["year", "age", "persons"])
    frame["persons"] = pd.array([part[2] for part in parts], dtype="Int64")
    return with_text(frame, ("age",))


def load_places(path: Path) -> pd.DataFrame:
    """Persons carried in the nation in 2022 by place of the incident.

    Parameters
    ----------
    path : path
        ``transported_by_place_2022.csv``.

    Returns
    -------
    DataFrame
        `place` (住宅, 公衆出入場所 with 老人ホーム and 病院・診療所, 道路 ...), `part` (計 for all of it), `persons` (int64).

    Raises
    ------
    InputError
        If a row of `PLACES` is missing, stands twice or is not among them, or parts do not add up to their place, or
        places to the whole.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ("place", "sub", "persons", "source"))
    rows = data_rows(sheet, 1)
    places = filled_texts(sheet, rows, columns["place"])
    parts = filled_texts(sheet, rows, columns["sub"])
    keys = list(zip(places, parts, strict=True))
    require_unique(sheet, rows, keys)
    values = counts(sheet, rows, [columns["persons"]])
    known = [(place, part) for place, inside in PLACES.items() for part in (SUBTOTAL, *inside)]
    odd = [f"{place} {part}" for place, part in keys if (place, part) not in known]
    odd += [f"{place} {part} (-)" for place, part in known if (place, part) not in keys]
    if odd:
        raise problems_error(
            sheet, odd, Text("公表された発生場所と合わない", "places that are not the published ones")
        )
    of = dict(zip(keys, values[:, 0].tolist(), strict=True))
    for place, inside in PLACES.items():
        added = (
            [(each, SUBTOTAL) for each in PLACES if each != WHOLE]
            if place == WHOLE
            else [(place, part) for part in inside]
        )
        total = (place, SUBTOTAL)
        require_equal(
            sheet,
            [rows[keys.index(total)]],
            [columns["persons"]],
            np.array([[of[total]]]),
            np.array([[sum(of[key] for key in added) if added else of[total]]]),
            Text(f"「{place}」の内訳の和", f"parts of '{place}'"),
        )
    frame = pd.DataFrame({"place": places, "part": parts, "persons": values[:, 0]})
    return with_text(frame, ("place", "part"))


def _age_headings(path: Path) -> tuple[str, ...]:
    """The file of older ages has no column of younger ones; its name tells."""
    older = ("year", "total", "elderly_65plus", *OLDER_AGES, "source")
    return older if "extra" in path.name else (*older, *AGES[:-1])

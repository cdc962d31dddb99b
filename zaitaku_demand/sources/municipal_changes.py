"""How municipalities changed: 廃置分合 and the standard area codes (総務省統計局), with their areas today."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.sources.checks import problems_error, require_number, require_unique
from zaitaku_demand.sources.places import (
    EDITIONS,
    NORTHERN_TERRITORIES,
    municipality_code,
)
from zaitaku_demand.sources.reading import FETCH_AGAIN, Sheet
from zaitaku_demand.sources.schemas import validated
from zaitaku_demand.sources.tabular import counts, data_rows, filled_texts, iso_date, read_copy, require_text
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

CODES, CHANGES = 3752, 2248
"""Rows of the two files, which end in January 2024."""

REASONS = frozenset(
    {
        "establishmentOfNewMunicipalityByMerging",
        "absorption",
        "abolishmentOfDistrict",
        "changesToCity",
        "shiftToDesignatedCity",
        "changesOfBoundariesOfDistrict",
        "changesOfNames",
        "reorganizationOfWards",
        "divisionIntoSeveralMunicipalities",
    }
)
_KINDS = frozenset(
    {
        "city",
        "town",
        "village",
        "tokyo_ward",
        "designated_city",
        "designated_city_ward",
        "core_city",
        "special_city",
    }
)
_CROSSWALK_AREAS = {
    "area344": "area344",
    "area335": "area335",
    "area330": "area330",
    "area339": "kosokuiki339",
}


def load_crosswalk(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Municipality codes in force at any time from 2000 and their successors.

    Parameters
    ----------
    path : path
        ``muni_code_crosswalk_2000-2024.csv``.
    nationwide : bool
        Require as many codes as the file has for the whole country; switch off for an extract.

    Returns
    -------
    DataFrame
        `code`, `name`, `kind` (city, town, ...), `valid_from`, `valid_to` (dates; 9999-12-31 where still in
        force), `successors_2020`, `successors_2024` (codes, joined by ``;`` where a municipality was
        split; blank in 2020 for a code that is younger), `area344`, `area335`, `area330`, `area339`
        (joined by ``;`` where its parts lie in several areas; blank for the Northern Territories).

    Raises
    ------
    InputError
        If a code stands twice, a successor is not in the file or not in force, an area lies in another
        prefecture than the successors, or a date is none.
    """
    import pandas as pd

    headings = [
        "code",
        "name",
        "kind",
        "valid_from",
        "valid_to",
        "code_2020_10",
        "code_2024_01",
        "n_succ_2024",
    ]
    sheet, columns = read_copy(path, [*headings, *_CROSSWALK_AREAS.values()])
    rows = data_rows(sheet, 1)
    codes = [municipality_code(sheet, row, columns["code"]) for row in rows]
    require_unique(sheet, rows, codes, columns["code"])
    if nationwide:
        require_number(sheet, len(rows), CODES, Text("市区町村コード", "municipality codes"))
    frame = pd.DataFrame(
        {
            "code": codes,
            "name": filled_texts(sheet, rows, columns["name"]),
            "kind": require_text(sheet, rows, columns["kind"], _KINDS),
            "valid_from": [iso_date(sheet, row, columns["valid_from"]) for row in rows],
            "valid_to": [iso_date(sheet, row, columns["valid_to"]) for row in rows],
            "successors_2020": [sheet.text(row, columns["code_2020_10"]) for row in rows],
            "successors_2024": [sheet.text(row, columns["code_2024_01"]) for row in rows],
            **{name: [sheet.text(row, columns[of]) for row in rows] for name, of in _CROSSWALK_AREAS.items()},
        },
        dtype="str",
    )
    number = counts(sheet, rows, [columns["n_succ_2024"]])[:, 0].tolist()
    _require_successors(sheet, frame, number)
    return validated(frame, "crosswalk", path)


def load_changes(path: Path, *, nationwide: bool = True) -> pd.DataFrame:
    """Mergers, splits, renamings and other changes of municipalities from 1970.

    Parameters
    ----------
    path : path
        ``municipal_changes_structured_1970-2024.csv``.
    nationwide : bool
        Require as many changes as the file has for the whole country; switch off for an extract.

    Returns
    -------
    DataFrame
        `date` (2005-03-31), `reason`, `old_code`, `old_name`, `new_code`, `new_name`; one row for each pair
        of an old and a new municipality, in the order of the dates.

    Raises
    ------
    InputError
        If a date or code is none, a reason is not known, a row stands twice, or the dates go back.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ("date", "reason", "old_code", "old_name", "new_code", "new_name"))
    rows = data_rows(sheet, 1)
    dates = [iso_date(sheet, row, columns["date"]) for row in rows]
    if nationwide:
        require_number(sheet, len(rows), CHANGES, Text("廃置分合の行", "changes"))
    back = next((i for i in range(1, len(dates)) if dates[i] < dates[i - 1]), None)
    if back is not None:
        raise sheet.error(
            Text("日付が前の行より古い", "the date is before that of the row above"),
            FETCH_AGAIN,
            rows[back],
            columns["date"],
        )
    table = {
        "date": dates,
        "reason": require_text(sheet, rows, columns["reason"], REASONS),
        "old_code": [municipality_code(sheet, row, columns["old_code"]) for row in rows],
        "old_name": filled_texts(sheet, rows, columns["old_name"]),
        "new_code": [municipality_code(sheet, row, columns["new_code"]) for row in rows],
        "new_name": filled_texts(sheet, rows, columns["new_name"]),
    }
    require_unique(sheet, rows, list(zip(*table.values(), strict=True)))
    return validated(pd.DataFrame(table, dtype="str"), "changes", path)


def _require_successors(sheet: Sheet, frame: pd.DataFrame, number: Sequence[int]) -> None:
    in_force = set(frame.loc[frame["valid_to"] == "9999-12-31", "code"])
    known = set(frame["code"])
    problems = []
    for record, expected in zip(frame.itertuples(index=False), number, strict=True):
        code = str(record.code)
        later = str(record.successors_2024).split(";")
        earlier = [item for item in str(record.successors_2020).split(";") if item]
        if len(later) != expected or not in_force.issuperset(later) or not known.issuperset(earlier):
            problems.append(f"{code} → {record.successors_2020} → {record.successors_2024}")
        if str(record.valid_from) >= str(record.valid_to):
            problems.append(f"{code} {record.valid_from} > {record.valid_to}")
        for edition in EDITIONS:
            areas = [item for item in str(getattr(record, f"area{edition}")).split(";") if item]
            # 山口村 of Nagano joined 中津川市 of Gifu, so an area must fit the successor, not the old code.
            foreign = {area[:2] for area in areas} - {item[:2] for item in later}
            if foreign or bool(areas) == (code in NORTHERN_TERRITORIES):
                problems.append(f"{code} ({edition}: {';'.join(areas) or '-'})")
    if problems:
        raise problems_error(
            sheet,
            problems,
            Text("後継コードか圏域が合わない", "successors or areas that do not fit"),
        )

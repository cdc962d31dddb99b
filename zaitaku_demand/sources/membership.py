"""Which municipality lies in which area, by edition, and how municipalities changed.

Membership: 二次医療圏 and 構想区域 (国土交通省 国土数値情報 A38, 厚生労働省). Changes: 廃置分合 and the
standard area codes (総務省統計局). A code such as 0501 means different areas in different editions,
so the edition is part of every column name or row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from zaitaku_demand.sources.checks import problems_error, require_number, require_unique
from zaitaku_demand.sources.municipal_changes import load_changes, load_crosswalk
from zaitaku_demand.sources.places import (
    EDITIONS,
    PREFECTURES,
    area_code,
    municipality_code,
    prefecture_code,
    prefecture_of,
)
from zaitaku_demand.sources.reading import CORRECT_CELL, Sheet, tidy_text
from zaitaku_demand.sources.schemas import validated
from zaitaku_demand.sources.tabular import counts, data_rows, filled_texts, read_copy
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Membership", "load_area_list", "load_changes", "load_crosswalk", "load_membership"]

MUNICIPALITIES = 1899
"""Codes in the file: municipalities and wards of 2020 and the three wards of 浜松市 of 2024."""


class Membership(NamedTuple):
    """Two tables: the areas of each municipality, and the names of the areas."""

    municipalities: pd.DataFrame
    areas: pd.DataFrame


def load_membership(path: Path, *, nationwide: bool = True) -> Membership:
    """The area of every municipality and ward in four editions.

    Parameters
    ----------
    path : path
        ``muni_to_area_all_editions.csv``.
    nationwide : bool
        Require the published numbers of municipalities and areas; switch off for an extract.

    Returns
    -------
    Membership
        `municipalities`: `code`, `name`, `prefecture_code`, `area344`, `area335`, `area330`, `area339`
        (four digits), `source`. `areas`: `edition` (344, 335, 330, 339), `area_code`, `area_name`,
        `prefecture_code`, `prefecture_name`, `municipalities` (how many codes of the file lie in it).

    Raises
    ------
    InputError
        Listing every municipality that stands twice, lacks an area or has one of another prefecture.
    """
    import pandas as pd

    pairs = [column for stem in EDITIONS.values() for column in (f"{stem}_code", f"{stem}_name")]
    sheet, columns = read_copy(
        path, ["muni_code", "muni_name", "pref_code", "pref_name", *pairs, "mapping_source"]
    )
    rows = data_rows(sheet, 1)
    _require_members(sheet, rows, columns)
    codes = [municipality_code(sheet, row, columns["muni_code"]) for row in rows]
    names = {stem: _area_names(sheet, rows, columns, stem) for stem in EDITIONS.values()}
    if nationwide:
        require_number(sheet, len(codes), MUNICIPALITIES, Text("市区町村", "municipalities"))
    by_edition = {
        edition: [sheet.text(row, columns[f"{stem}_code"]) for row in rows]
        for edition, stem in EDITIONS.items()
    }
    municipalities = pd.DataFrame(
        {
            "code": codes,
            "name": filled_texts(sheet, rows, columns["muni_name"]),
            "prefecture_code": [code[:2] for code in codes],
            **{f"area{edition}": found for edition, found in by_edition.items()},
            "source": [sheet.text(row, columns["mapping_source"]) for row in rows],
        },
        dtype="str",
    )
    parts = []
    for edition, stem in EDITIONS.items():
        found = sorted(names[stem])
        if nationwide:
            require_number(sheet, len(found), edition, Text("圏域", "areas"))
        parts.append(_areas(edition, found, names[stem], [by_edition[edition].count(area) for area in found]))
    areas = pd.concat(parts, ignore_index=True)
    return Membership(validated(municipalities, "membership", path), validated(areas, "areas", path))


def load_area_list(path: Path, edition: int | None = None, *, nationwide: bool = True) -> pd.DataFrame:
    """The areas of one edition.

    Parameters
    ----------
    path : path
        ``area_list_330.csv`` and the like.
    edition : int, optional
        330, 335, 339 or 344; read from the file's name where it is not given.
    nationwide : bool
        Require as many areas as the edition has; switch off for an extract.

    Returns
    -------
    DataFrame
        `edition`, `area_code`, `area_name`, `prefecture_code`, `prefecture_name`, `municipalities` (number of
        municipality codes as the file gives it).

    Raises
    ------
    InputError
        If the edition is unknown, an area stands twice, has another prefecture's code, or is missing.
    """
    sheet, columns = read_copy(path, ("area_code", "area_name", "pref_code", "pref_name", "n_muni_codes"))
    if edition is None:
        match = re.search(r"(?<!\d)(330|335|339|344)(?!\d)", path.name)
        edition = int(match[1]) if match else None
    if edition not in EDITIONS:
        raise sheet.error(
            Text("どの版の圏域か分からない", "the edition of the areas is not known"),
            Text("版（330・335・339・344）を指定してください", "give the edition: 330, 335, 339 or 344"),
        )
    rows = data_rows(sheet, 1)
    codes = [area_code(sheet, row, columns["area_code"]) for row in rows]
    require_unique(sheet, rows, codes, columns["area_code"])
    names = filled_texts(sheet, rows, columns["area_name"])
    problems = []
    for row, code in zip(rows, codes, strict=True):
        prefecture = prefecture_code(sheet, row, columns["pref_code"]), sheet.text(row, columns["pref_name"])
        if prefecture != (code[:2], prefecture_of(code)):
            problems.append(f"{code} ({' '.join(prefecture)})")
    if problems:
        raise problems_error(
            sheet,
            problems,
            Text("都道府県が圏域コードに合わない", "the prefecture does not fit the area code"),
        )
    if nationwide:
        require_number(sheet, len(codes), edition, Text("圏域", "areas"))
    number = counts(sheet, rows, [columns["n_muni_codes"]])[:, 0].tolist()
    return validated(_areas(edition, codes, dict(zip(codes, names, strict=True)), number), "areas", path)


def _require_members(sheet: Sheet, rows: Sequence[int], columns: dict[str, int]) -> None:
    seen: dict[str, int] = {}
    problems = []
    for row in rows:
        code = municipality_code(sheet, row, columns["muni_code"])
        label = f"{code} {sheet.text(row, columns['muni_name'])}"
        if code in seen:
            problems.append(f"{label} (×2: {seen[code] + 1}, {row + 1})")
        seen.setdefault(code, row)
        stated = sheet.text(row, columns["pref_code"]).zfill(2), sheet.text(row, columns["pref_name"])
        if stated != (code[:2], prefecture_of(code)):
            problems.append(f"{label} (pref {' '.join(stated)})")
        for edition, stem in EDITIONS.items():
            area = tidy_text(sheet.cell(row, columns[f"{stem}_code"]))
            if not re.fullmatch(r"[0-9]{4}", area) or area[:2] != code[:2]:
                problems.append(f"{label} ({edition}: {area or '-'})")
    if problems:
        raise problems_error(
            sheet,
            problems,
            Text(
                "重複、圏域の欠落、または他の都道府県の圏域がある",
                "municipalities that stand twice, lack an area or have one of another prefecture",
            ),
        )


def _area_names(sheet: Sheet, rows: Sequence[int], columns: dict[str, int], stem: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for row, name in zip(rows, filled_texts(sheet, rows, columns[f"{stem}_name"]), strict=True):
        code = sheet.text(row, columns[f"{stem}_code"])
        if names.setdefault(code, name) != name:
            raise sheet.error(
                Text(
                    f"圏域{code}の名称が「{names[code]}」と「{name}」の2通りある",
                    f"the area {code} has two names, '{names[code]}' and '{name}'",
                ),
                CORRECT_CELL,
                row,
                columns[f"{stem}_name"],
            )
    return names


def _areas(edition: int, codes: Sequence[str], names: dict[str, str], number: Sequence[int]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "edition": edition,
            "area_code": list(codes),
            "area_name": [names[code] for code in codes],
            "prefecture_code": [code[:2] for code in codes],
            "prefecture_name": [PREFECTURES[int(code[:2]) - 1] for code in codes],
            "municipalities": list(number),
        }
    )
    texts = ("area_code", "area_name", "prefecture_code", "prefecture_name")
    return frame.astype({"edition": "int64", "municipalities": "int64", **{name: "str" for name in texts}})

"""Patients who leave hospital beds, by area."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.population import Population
from zaitaku_demand.rates.model import Rates
from zaitaku_demand.scenarios.base_year import base_population
from zaitaku_demand.scenarios.changes import divided_among
from zaitaku_demand.scenarios.places import area_codes, area_mask
from zaitaku_demand.scenarios.schema import BedShift
from zaitaku_demand.sources.reading import CORRECT_CELL, Sheet, read_csv
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]

HEADINGS = {
    "area_code": ("area_code", "圏域コード"),
    "kind": ("kind", "病床"),
    "patients": ("patients", "患者数"),
}
KINDS = ("療養病床", "一般病床")
SHARED_AGE = 75
"""What is known for a prefecture only is divided among its areas by their people of this age and over."""


def leaving_patients(shift: BedShift, population: Population, rates: Rates) -> FloatArray:
    """Patients who have left the beds once all have moved, array (areas,).

    Figures of a prefecture are divided among its areas by their people of 75 and over in the base year: an
    estimate, until figures by area are given.

    Raises
    ------
    InputError
        If a place is not known or stands twice, or the file or table cannot be used.
    """
    if shift.patients is not None:
        figures = list(shift.patients.items())
    elif shift.file is not None:
        figures = read_bed_file(Path(shift.file), shift.kind)
    else:
        figures = _beds_in_hand(shift, rates.base_year)
    older = base_population(population, rates).aged(SHARED_AGE)[:, 0]
    return _by_area(figures, population, older) * area_mask(shift.areas, population)


def read_bed_file(path: Path, kind: str) -> list[tuple[str, float]]:
    """Place and patients of the rows of one kind of beds.

    Raises
    ------
    InputError
        If a heading is missing, a kind is none of `KINDS`, or the number of patients is blank, no number or negative.
    """
    sheet = read_csv(path)
    columns = sheet.columns_among(
        0,
        HEADINGS,
        Text(
            "「zaitaku scenarios template」の様式に合わせてください",
            "use the layout of `zaitaku scenarios template`",
        ),
    )
    figures = []
    for row in range(1, len(sheet.rows)):
        if not any(sheet.text(row, column) for column in columns.values()):
            continue
        found = sheet.text(row, columns["kind"])
        if found not in KINDS:
            raise sheet.error(
                Text(f"病床の種類「{found}」はない", f"there is no kind of beds '{found}'"),
                Text(f"{'・'.join(KINDS)} のいずれかにしてください", f"use one of {', '.join(KINDS)}"),
                row,
                columns["kind"],
            )
        if found == kind:
            figures.append(
                (_code(sheet, row, columns["area_code"]), _patients(sheet, row, columns["patients"]))
            )
    if not figures:
        raise sheet.error(
            Text(f"{kind}の行がない", f"there is no row of {kind}"),
            Text("病床の種類を確かめてください", "check the kind of beds"),
        )
    return figures


def _code(sheet: Sheet, row: int, column: int) -> str:
    """The code with the leading zero that spreadsheet programs drop."""
    code = sheet.text(row, column)
    if not code:
        raise sheet.error(Text("圏域コードが空である", "the area code is blank"), CORRECT_CELL, row, column)
    return f"0{code}" if code.isdigit() and len(code) in (1, 3) else code


def _patients(sheet: Sheet, row: int, column: int) -> float:
    if not sheet.text(row, column):
        raise sheet.error(
            Text("患者数が空である", "the number of patients is blank"),
            Text(
                "移行がなければ0を入れ、数値のない圏域は行を除いてください",
                "write 0 where nobody moves and drop the rows of areas without a figure",
            ),
            row,
            column,
        )
    return sheet.number(row, column)


def _beds_in_hand(shift: BedShift, base_year: int) -> list[tuple[str, float]]:
    """Patients by prefecture who leave: a share of those in the beds in the year nearest to the base year."""
    table = read_table("hospital_beds")
    table = table[table["kind"] == shift.kind]
    year = min(table["year"].unique(), key=lambda each: abs(int(each) - base_year))
    rows = table[table["year"] == year]
    share = shift.share_of_inpatients or 0.0
    return [
        (str(code), share * float(number))
        for code, number in zip(rows["prefecture_code"], rows["patients"], strict=True)
    ]


def _by_area(figures: Iterable[tuple[str, float]], population: Population, older: FloatArray) -> FloatArray:
    codes = population.areas["area_code"].to_numpy()
    out = np.zeros(len(codes))
    seen: set[str] = set()
    for place, number in figures:
        members = area_codes(place, population)
        if seen & set(members):
            raise InputError(
                Text(f"「{place}」の患者数が2回ある", f"the patients of '{place}' stand twice"),
                Text("圏域か都道府県のどちらか1つにしてください", "give the area or its prefecture, once"),
            )
        seen |= set(members)
        inside = np.isin(codes, members)
        if inside.any():
            out[inside] += divided_among(number, older[inside])
    return out

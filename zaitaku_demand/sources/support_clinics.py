"""Home-care support clinics (在宅療養支援診療所): 医療施設静態調査, 1 October 2023 (厚生労働省), tables 108, 24 and 168.

T108 counts the clinics that gave notice by prefecture, T24 by the 335 secondary areas of the 7th plan, and T168 in the
nation by the patients in their charge.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.sources.checks import problems_error, require_equal, require_number, require_unique
from zaitaku_demand.sources.facility_survey import by_place, require_within
from zaitaku_demand.sources.frames import with_text
from zaitaku_demand.sources.places import area_code
from zaitaku_demand.sources.reading import FETCH_AGAIN, Sheet
from zaitaku_demand.sources.tabular import IntArray, counts, data_rows, filled_texts, read_copy, require_text
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

CLINIC_ITEMS = ("clinics_total", "zaishishin_notified", "linked_institutions", "homecare_patients_managed")
PATIENT_CLASSES = ("総数", "0-19", "20-39", "40-59", "60-79", "80-99", "100-149", "150+", "不詳")
BEDS = ("総数", "有床", "無床")
LINKED = ("linked_1", "linked_2", "linked_3", "linked_4", "linked_5", "linked_6plus")


def load_support_clinics(path: Path) -> pd.DataFrame:
    """Notified home-care support clinics by prefecture (T108).

    Parameters
    ----------
    path : path
        ``T108_zaishishin_pref.csv``.

    Returns
    -------
    DataFrame
        `level` (national, prefecture), `code`, `name` and, as int64, `clinics_total`, `zaishishin_notified`,
        `linked_institutions`, `homecare_patients_managed` (patients in the clinics' charge).

    Raises
    ------
    InputError
        As :func:`~zaitaku_demand.sources.facility_survey.load_services`.
    """
    sheet, columns = read_copy(path, ("area", *CLINIC_ITEMS))
    frame, values = by_place(sheet, columns, CLINIC_ITEMS, {})
    _require_clinics(sheet, columns, values)
    return frame


def load_support_clinics_by_area(
    path: Path, names: Mapping[str, str], prefectures: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Notified home-care support clinics by secondary area of the 7th plan (T24).

    Parameters
    ----------
    path : path
        ``T24_zaishishin_iryoken2.csv``.
    names : mapping
        Code → name of the 335 areas; every one must be there under that name.
    prefectures : DataFrame, optional
        What :func:`load_support_clinics` gives; the areas must add up to its prefectures.

    Returns
    -------
    DataFrame
        `area_code`, `area_name` and the columns of :func:`load_support_clinics`.

    Raises
    ------
    InputError
        If an area is missing, unknown, there twice or has another name, a cell is no count, or the areas do not
        add up to a prefecture.
    """
    import pandas as pd

    sheet, columns = read_copy(path, ("area_code", "area", *CLINIC_ITEMS))
    rows = data_rows(sheet, 1)
    codes = [area_code(sheet, row, columns["area_code"]) for row in rows]
    require_unique(sheet, rows, codes, columns["area_code"])
    found = filled_texts(sheet, rows, columns["area"])
    odd = [f"{code} {name}" for code, name in zip(codes, found, strict=True) if names.get(code) != name]
    odd += [f"{code} {name} (-)" for code, name in names.items() if code not in codes]
    if odd:
        raise problems_error(
            sheet,
            odd,
            Text("第7次医療計画の335圏域と合わない", "areas that are not those of the 7th plan"),
        )
    require_number(sheet, len(codes), len(names), Text("圏域", "areas"))
    values = counts(sheet, rows, [columns[item] for item in CLINIC_ITEMS])
    _require_clinics(sheet, columns, values)
    frame = pd.DataFrame({"area_code": codes, "area_name": found})
    frame[list(CLINIC_ITEMS)] = values
    if prefectures is not None:
        _require_prefecture_sums(sheet, columns, frame, prefectures)
    return with_text(frame, ("area_code", "area_name"))


def load_patient_classes(path: Path) -> pd.DataFrame:
    """Home-care support clinics by patients in charge, beds and number of linked institutions (T168).

    Parameters
    ----------
    path : path
        ``T168_zaishishin_by_patient_class.csv``.

    Returns
    -------
    DataFrame
        `beds` (総数, 有床 with beds, 無床 without), `patients` (a class, 総数 all, 不詳 not known) and, as int64,
        `facilities` and `LINKED` (clinics by number of linked institutions).

    Raises
    ------
    InputError
        If a row is missing, unknown or there twice, a cell is no count, or rows or columns do not add up.
    """
    import pandas as pd

    headings = ("facilities", *LINKED)
    sheet, columns = read_copy(path, ("beds", "patients_class", *headings))
    rows = data_rows(sheet, 1)
    beds = require_text(sheet, rows, columns["beds"], BEDS)
    classes = require_text(sheet, rows, columns["patients_class"], PATIENT_CLASSES)
    keys = list(zip(beds, classes, strict=True))
    require_unique(sheet, rows, keys)
    require_number(sheet, len(keys), len(BEDS) * len(PATIENT_CLASSES), Text("行", "rows"))
    at = [columns[heading] for heading in headings]
    values = counts(sheet, rows, at)
    require_equal(
        sheet,
        rows,
        at[:1],
        values[:, :1],
        values[:, 1:].sum(axis=1, keepdims=True),
        Text("内訳の和", "parts"),
    )
    index = {key: place for place, key in enumerate(keys)}
    cube = values[[[index[bed, each] for each in PATIENT_CLASSES] for bed in BEDS]]
    first = [rows[index[bed, PATIENT_CLASSES[0]]] for bed in BEDS]
    require_equal(sheet, first, at, cube[:, 0], cube[:, 1:].sum(axis=1), Text("患者数階級の和", "classes"))
    both = [rows[index[BEDS[0], each]] for each in PATIENT_CLASSES]
    require_equal(
        sheet, both, at, cube[0], cube[1] + cube[2], Text("有床と無床の和", "with and without beds")
    )
    frame = pd.DataFrame({"beds": beds, "patients": classes})
    frame[list(headings)] = values
    return with_text(frame, ("beds", "patients"))


def _require_clinics(sheet: Sheet, columns: dict[str, int], values: IntArray) -> None:
    position = {item: index for index, item in enumerate(CLINIC_ITEMS)}
    require_within(
        sheet, data_rows(sheet, 1), columns, values, "zaishishin_notified", "clinics_total", position
    )


def _require_prefecture_sums(
    sheet: Sheet, columns: dict[str, int], areas: pd.DataFrame, prefectures: pd.DataFrame
) -> None:
    items = list(CLINIC_ITEMS)
    published = prefectures[prefectures["level"] == "prefecture"].set_index("code")[items]
    added = areas.groupby(areas["area_code"].str[:2])[items].sum().reindex(published.index)
    sums, stated = added.to_numpy(), published.to_numpy()
    odd = np.argwhere(sums != stated)
    if len(odd):
        place, item = odd[0]
        code, found, wanted = published.index[place], int(sums[place, item]), int(stated[place, item])
        raise sheet.error(
            Text(
                f"{code}の圏域の和{found:,}が都道府県の表の{wanted:,}と合わない",
                f"the areas of {code} add up to {found:,}, but the table of prefectures has {wanted:,}",
            ),
            FETCH_AGAIN,
            column=columns[items[item]],
        )

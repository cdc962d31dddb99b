"""Home-care services of clinics and hospitals: 医療施設静態調査, 1 October 2023 (厚生労働省).

Facilities are those that gave the service in September 2023, cases those of that month. T107 (clinics) and T68
(hospitals) list the nation, the prefectures and, inside those, 21 large cities; T108 and T24 count notified
home-care support clinics (在宅療養支援診療所) by prefecture and by the 335 secondary areas of the 7th plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zaitaku_demand.sources.frames import with_text
from zaitaku_demand.sources.national_rows import (
    code_of_name,
    level_of_code,
    name_of_code,
    require_nation,
)
from zaitaku_demand.sources.reading import FETCH_AGAIN, Sheet
from zaitaku_demand.sources.tabular import IntArray, counts, data_rows, read_copy
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

YEAR = 2023
AREAS = 335

MEDICAL_SERVICES = (
    "oushin",
    "houmon_shinryo",
    "dental_visit",
    "kyukyu_hansou_shinryo",
    "houmon_kango_shidou",
    "seishin_houmon_kango",
    "houmon_reha_kanri",
    "houkan_shijisho",
    "mitori",
)
"""Services under medical insurance, as the headings of T107 and T68 name them."""

CARE_SERVICES = ("kyotaku_ryouyou_kanri", "kaigo_houkan", "kaigo_houmon_reha")
"""Services under long-term care insurance."""

TOTAL, ANY_MEDICAL, ANY_CARE = "facilities_total", "homecare_any_facilities", "kaigo_any_facilities"
SERVICE_ITEMS = (
    TOTAL,
    ANY_MEDICAL,
    *(f"{service}_{part}" for service in MEDICAL_SERVICES for part in ("fac", "cases")),
    ANY_CARE,
    *(f"{service}_{part}" for service in CARE_SERVICES for part in ("fac", "cases")),
)

CITIES = {
    "札幌市": "01100",
    "仙台市": "04100",
    "さいたま市": "11100",
    "千葉市": "12100",
    "東京都の区部": "13100",
    "横浜市": "14100",
    "川崎市": "14130",
    "相模原市": "14150",
    "新潟市": "15100",
    "静岡市": "22100",
    "浜松市": "22130",
    "名古屋市": "23100",
    "京都市": "26100",
    "大阪市": "27100",
    "堺市": "27140",
    "神戸市": "28100",
    "岡山市": "33100",
    "広島市": "34100",
    "北九州市": "40100",
    "福岡市": "40130",
    "熊本市": "43100",
}
"""Large cities with rows of their own in T107 and T68; each lies inside a prefecture."""


def load_services(path: Path) -> pd.DataFrame:
    """Facilities and cases of the home-care services of clinics (T107) or hospitals (T68).

    Parameters
    ----------
    path : path
        ``T107_clinics_homecare_services_pref_city.csv`` or ``T68_hospitals_homecare_services_pref_city.csv``.

    Returns
    -------
    DataFrame
        `level` (national, prefecture, city), `code` (00, two digits, five digits), `name` and, as int64,
        `SERVICE_ITEMS`: facilities (``_fac``) and cases of September 2023 (``_cases``).

    Raises
    ------
    InputError
        If a heading or place is missing, wrong or there twice, a cell is no count, the prefectures do not add
        up to the nation, cities exceed their prefecture, more facilities give a service than there are, or a
        service has cases without facilities or fewer cases than facilities.
    """
    sheet, columns = read_copy(path, ("area", *SERVICE_ITEMS))
    frame, values = by_place(sheet, columns, SERVICE_ITEMS, CITIES)
    rows = data_rows(sheet, 1)
    position = {item: index for index, item in enumerate(SERVICE_ITEMS)}
    for services, whole in ((MEDICAL_SERVICES, ANY_MEDICAL), (CARE_SERVICES, ANY_CARE)):
        require_within(sheet, rows, columns, values, whole, TOTAL, position)
        for service in services:
            require_within(sheet, rows, columns, values, f"{service}_fac", whole, position)
            _require_cases(sheet, rows, columns, values, service, position)
    return frame


def by_place(
    sheet: Sheet, columns: dict[str, int], items: Sequence[str], cities: Mapping[str, str]
) -> tuple[pd.DataFrame, IntArray]:
    """The table of places with `items`, checked as :func:`require_nation` does; also the counts as an array.

    Parameters
    ----------
    columns : dict
        Column of ``area`` and of each item.
    cities : mapping
        Name → code of the cities that must be there.
    """
    import pandas as pd

    rows = data_rows(sheet, 1)
    codes = [code_of_name(sheet, row, columns["area"], cities) for row in rows]
    at = [columns[item] for item in items]
    values = counts(sheet, rows, at)
    require_nation(sheet, rows, codes, values, at, cities, place_column=columns["area"])
    frame = pd.DataFrame(
        {
            "level": [level_of_code(code) for code in codes],
            "code": codes,
            "name": [name_of_code(code, cities) for code in codes],
        }
    )
    frame[list(items)] = values
    return with_text(frame, ("level", "code", "name")), values


def require_within(
    sheet: Sheet,
    rows: Sequence[int],
    columns: dict[str, int],
    values: IntArray,
    part: str,
    whole: str,
    position: dict[str, int],
) -> None:
    """InputError at the first place where the item `part` exceeds the item `whole`."""
    more = np.flatnonzero(values[:, position[part]] > values[:, position[whole]])
    if len(more):
        given, limit = values[more[0], position[part]], values[more[0], position[whole]]
        raise sheet.error(
            Text(
                f"「{part}」の{given:,}が「{whole}」の{limit:,}を上回る",
                f"'{part}' has {given:,}, more than the {limit:,} of '{whole}'",
            ),
            FETCH_AGAIN,
            rows[more[0]],
            columns[part],
        )


def _require_cases(
    sheet: Sheet,
    rows: Sequence[int],
    columns: dict[str, int],
    values: IntArray,
    service: str,
    position: dict[str, int],
) -> None:
    facilities, cases = values[:, position[f"{service}_fac"]], values[:, position[f"{service}_cases"]]
    odd = np.flatnonzero((cases < facilities) | ((facilities == 0) & (cases > 0)))
    if len(odd):
        raise sheet.error(
            Text(
                f"「{service}」の施設数{facilities[odd[0]]:,}と件数{cases[odd[0]]:,}が合わない",
                f"'{service}' has {facilities[odd[0]]:,} facilities and {cases[odd[0]]:,} cases",
            ),
            FETCH_AGAIN,
            rows[odd[0]],
            columns[f"{service}_cases"],
        )

"""Area systems: partitions of the municipalities into areas, always with their edition.

Official editions (secondary medical areas 二次医療圏 and 構想区域):

=====  =============================================================
344    6th medical plan, 2013-2017
335    7th medical plan, 2018-2023 (the areas of the NDB area tables)
330    8th medical plan, 2024-
339    構想区域 of the ministry's R7 projection
=====  =============================================================

A code means something only together with its edition: Akita's 0501-0503 are three areas of the 330
edition and three other, smaller areas of the 335, 339 and 344 editions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

OFFICIAL_EDITIONS = ("330", "335", "339", "344")
WHOLE_PREFECTURE = "00"


@dataclass(frozen=True)
class AreaSystem:
    """A partition into areas.

    Attributes
    ----------
    edition : str
        ``330``, ``335``, ``339``, ``344``, or ``user`` for a planner's own areas.
    areas : DataFrame
        One row an area, ascending: area_code, area_name, prefecture_code, prefecture_name.
    membership : DataFrame
        code (unit of the official editions, or municipality), area_code and area335_code.
    by : str
        ``unit`` or ``municipality``: what `membership.code` is.
    """

    edition: str
    areas: pd.DataFrame
    membership: pd.DataFrame
    by: str

    @property
    def label(self) -> Text:
        """Name of the edition for a reader."""
        return {
            "330": Text("二次医療圏（第8次医療計画・330圏域）", "secondary medical areas (8th plan, 330)"),
            "335": Text("二次医療圏（第7次医療計画・335圏域）", "secondary medical areas (7th plan, 335)"),
            "339": Text("構想区域（339区域）", "regional medical vision areas (339)"),
            "344": Text("二次医療圏（第6次医療計画・344圏域）", "secondary medical areas (6th plan, 344)"),
        }.get(self.edition, Text("利用者が設定した在宅医療圏", "home-care areas drawn by the user"))


def official_system(edition: str) -> AreaSystem:
    """One of the official editions.

    Raises
    ------
    InputError
        If the edition is not 330, 335, 339 or 344.
    """
    if edition not in OFFICIAL_EDITIONS:
        known = ", ".join(OFFICIAL_EDITIONS)
        raise InputError(
            Text(f"圏域の版「{edition}」はない", f"there is no area edition '{edition}'"),
            Text(
                f"{known} のいずれか、または市区町村と圏域の対応表（CSV）を指定してください",
                f"choose {known} or a CSV of municipalities and areas",
            ),
        )
    return system_from_units(read_table("area_units"), edition)


def system_from_units(units: pd.DataFrame, edition: str) -> AreaSystem:
    """An official edition from the table of area units."""
    membership = units[["unit_code", f"area{edition}_code", "area335_code"]].copy()
    membership.columns = pd.Index(["code", "area_code", "area335_code"])
    areas = units[[f"area{edition}_code", f"area{edition}_name", "prefecture_code", "prefecture_name"]].copy()
    areas.columns = pd.Index(["area_code", "area_name", "prefecture_code", "prefecture_name"])
    areas = areas.drop_duplicates("area_code").sort_values("area_code", ignore_index=True)
    return AreaSystem(edition, areas, membership.reset_index(drop=True), by="unit")


def user_system(path: Path) -> AreaSystem:
    """A planner's own areas from a CSV (municipality code → area).

    Parameters
    ----------
    path : Path
        Columns ``municipality_code`` (5 digits), ``area_code``, ``area_name``; or 市区町村コード, 圏域コード,
        圏域名. Codes of merged municipalities are followed to their successors. The table may cover
        the whole country or whole prefectures.

    Raises
    ------
    InputError
        If a municipality is unknown or stands twice (all of them are listed), an area has two names or
        lies in two prefectures. A municipality that is missing is found, and all of them listed, when
        the population is added up.
    """
    from zaitaku_demand.areas.municipalities import assign_municipalities
    from zaitaku_demand.sources.reading import read_csv, tidy_text

    sheet = read_csv(path)
    columns = sheet.columns_among(
        0,
        {
            "code": ("municipality_code", "市区町村コード"),
            "area_code": ("area_code", "圏域コード"),
            "area_name": ("area_name", "圏域名"),
        },
        Text(
            "見出しを「市区町村コード,圏域コード,圏域名」にしてください",
            "head the columns municipality_code,area_code,area_name",
        ),
    )
    listed: dict[str, str] = {}
    name_of: dict[str, str] = {}
    twice: list[str] = []
    renamed: list[str] = []
    for row in range(1, len(sheet.rows)):
        if not any(tidy_text(cell) for cell in sheet.rows[row]):
            continue
        code = sheet.text(row, columns["code"]).zfill(5)
        area_code = sheet.text(row, columns["area_code"])
        area_name = sheet.text(row, columns["area_name"])
        if not area_code or not area_name:
            raise sheet.error(
                Text("圏域コードまたは圏域名が空である", "the area code or name is blank"),
                Text("すべての市区町村に圏域を入れてください", "give every municipality an area"),
                row,
                columns["area_code"],
            )
        if code in listed:
            twice.append(code)
        if name_of.setdefault(area_code, area_name) != area_name:
            renamed.append(area_code)
        listed[code] = area_code
    if not listed:
        raise sheet.error(
            Text("市区町村の行がない", "there is no row of municipalities"),
            Text("対応表を入れてください", "fill in the table"),
        )
    membership, unknown = assign_municipalities(listed)
    if unknown or twice or renamed:
        ja, en = [], []
        for wrong, label in (
            (unknown, Text("存在しないコード", "unknown codes")),
            (twice, Text("重複", "codes that stand twice")),
            (renamed, Text("名称が2つある圏域", "areas with two names")),
        ):
            if wrong:
                ja.append(f"{label.ja} {'、'.join(sorted(set(wrong)))}")
                en.append(f"{label.en} {', '.join(sorted(set(wrong)))}")
        raise sheet.error(
            Text(f"対応表に誤りがある（{'；'.join(ja)}）", f"the table of areas is wrong ({'; '.join(en)})"),
            Text("すべての市区町村をちょうど1回ずつ並べてください", "list every municipality exactly once"),
        )
    prefectures: dict[str, set[str]] = {}
    for code, area_code in listed.items():
        prefectures.setdefault(area_code, set()).add(code[:2])
    spread = sorted(area for area, where in prefectures.items() if len(where) > 1)
    if spread:
        raise sheet.error(
            Text(
                f"圏域 {'、'.join(spread)} が2つの都道府県にまたがる",
                f"the areas {', '.join(spread)} lie in two prefectures",
            ),
            Text("圏域を都道府県の中に収めてください", "keep an area inside one prefecture"),
        )
    units = read_table("area_units").drop_duplicates("prefecture_code").set_index("prefecture_code")
    areas = pd.DataFrame(
        [
            (area, name_of[area], prefecture, units.at[prefecture, "prefecture_name"])
            for area, where in sorted(prefectures.items())
            for prefecture in where
        ],
        columns=["area_code", "area_name", "prefecture_code", "prefecture_name"],
    )
    return AreaSystem("user", areas, membership, by="municipality")


def resolve_system(areas: str | Path | AreaSystem) -> AreaSystem:
    """An official edition by its number, or the user's own areas by the CSV's path."""
    if isinstance(areas, AreaSystem):
        return areas
    text = str(areas)
    return user_system(Path(areas)) if text.lower().endswith(".csv") else official_system(text)


def require_members(system: AreaSystem, codes: set[str], names: dict[str, str]) -> None:
    """Check that every population code has an area; InputError listing those that have none."""
    missing = sorted(codes - set(system.membership["code"]))
    if missing:
        listed_ja = "、".join(f"{code} {names.get(code, '')}".strip() for code in missing)
        raise InputError(
            Text(
                f"圏域の割り当てがない市区町村がある（{len(missing)}件：{listed_ja}）",
                f"{len(missing)} municipalities have no area ({listed_ja})",
            ),
            Text(
                "対応表にこれらの市区町村を加えてください", "add these municipalities to the table of areas"
            ),
        )


def inside_prefecture(areas: pd.DataFrame, prefecture: str) -> npt.NDArray[np.bool_]:
    """Which areas lie in a prefecture.

    Parameters
    ----------
    areas : DataFrame
        prefecture_code and prefecture_name, one row an area.
    prefecture : str
        Official name (島根県), name without its last character (島根), or code (32).

    Returns
    -------
    ndarray (areas,) of bool

    Raises
    ------
    InputError
        If no area lies in a prefecture of that name or code.
    """
    wanted = prefecture.strip()
    names = areas["prefecture_name"]
    inside = (names == wanted) | (areas["prefecture_code"] == wanted.zfill(2))
    if not inside.any():
        inside = names.str[:-1] == wanted
    if not inside.any():
        raise InputError(
            Text(f"都道府県「{prefecture}」が見つからない", f"there is no prefecture '{prefecture}'"),
            Text(
                "「島根県」のような名称か「32」のようなコードを指定してください",
                "give a name such as 島根県 or a code such as 32",
            ),
        )
    return inside.to_numpy(dtype=bool)

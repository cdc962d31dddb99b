"""Municipalities as building stones: which codes a table of municipalities really consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zaitaku_demand.areas.changes import AREA_COLUMNS, municipal_codes
from zaitaku_demand.areas.system import AreaSystem
from zaitaku_demand.errors import InputError
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FUKUSHIMA = "07000"
WHOLE_FUKUSHIMA = ("0700", "福島県（県計のみ）")


def finest_municipalities(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that partition the country: wards instead of their city, cities without wards, towns.

    Fukushima stays as one row where the edition has no figures for its municipalities.

    Parameters
    ----------
    table : DataFrame
        code, kind (a prefecture, 0 ward, 1 designated city, 2 city, 3 town or village, 9 block) and more.
    """
    kinds = table.drop_duplicates("code").set_index("code")["kind"].astype(str)
    wards = sorted(kinds.index[kinds == "0"])
    cities = sorted(kinds.index[kinds == "1"])
    with_wards = {parent for parent in (parent_city(ward, cities) for ward in wards) if parent}
    leaves = set(kinds.index[kinds.isin(["0", "2", "3", "9"])]) | (set(cities) - with_wards)
    covered = {code[:2] for code in leaves}
    leaves |= {code for code in kinds.index[kinds == "a"] if code[:2] not in covered}
    return table[table["code"].isin(leaves)].reset_index(drop=True)


def parent_city(ward: str, cities: list[str]) -> str | None:
    """Designated city of a ward: the nearest city code below it in its prefecture (Tokyo's wards have none)."""
    below = [city for city in cities if city < ward and city[:2] == ward[:2]]
    return max(below) if below and int(ward) - int(max(below)) < 30 else None


def municipal_system(system: AreaSystem) -> AreaSystem:
    """The same areas with municipalities as members instead of units."""
    if system.by == "municipality":
        return system
    import pandas as pd

    table = municipal_codes()
    column = AREA_COLUMNS[system.edition]
    single = table[~table[column].str.contains(";") & ~table["area335"].str.contains(";")]
    single = single.sort_values("valid_to").drop_duplicates("code", keep="last")
    membership = single[["code", column, "area335"]].copy()
    membership.columns = pd.Index(["code", "area_code", "area335_code"])
    whole = pd.DataFrame(
        {"code": [FUKUSHIMA], "area_code": [WHOLE_FUKUSHIMA[0]], "area335_code": [WHOLE_FUKUSHIMA[0]]}
    )
    return AreaSystem(
        system.edition, system.areas, pd.concat([membership, whole], ignore_index=True), by="municipality"
    )


def assign_municipalities(listed: dict[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Areas of all municipal codes from the codes a planner listed.

    A ward takes the area of its city, a city that of its wards if they agree, an old code that of its
    successors.

    Parameters
    ----------
    listed : dict
        Municipal code → area code.

    Returns
    -------
    membership : DataFrame
        code, area_code, area335_code
    unknown : list of str
        Listed codes that no municipality has had.
    """
    import pandas as pd

    table = municipal_codes().sort_values("valid_to").drop_duplicates("code", keep="last")
    rows = table.set_index("code")
    unknown = sorted(set(listed) - set(rows.index))
    area = {code: value for code, value in listed.items() if code in rows.index}
    for code, value in list(area.items()):
        for successor in str(rows.at[code, "code_2024"]).split(";"):
            area.setdefault(successor, value)
    for code in rows.index:
        if code in area:
            continue
        parent = str(rows.at[code, "parent"])
        if parent in area:
            area[code] = area[parent]
            continue
        successors = {area.get(each) for each in str(rows.at[code, "code_2024"]).split(";")}
        children = {area.get(child) for child in str(rows.at[code, "children"]).split(";") if child}
        for group in (successors, children):
            if len(group) == 1 and None not in group:
                area[code] = str(next(iter(group)))
    membership = pd.DataFrame(sorted(area.items()), columns=["code", "area_code"])
    membership["area335_code"] = membership["code"].map(rows["area335"])
    return membership, unknown


def require_no_fukushima(system: AreaSystem) -> None:
    """The 2018 edition has no municipalities of Fukushima; say so instead of failing later."""
    if (system.areas["prefecture_code"] == FUKUSHIMA[:2]).any():
        raise InputError(
            Text(
                "平成30年推計には福島県の市町村別の値がない",
                "the 2018 edition has no figures for the municipalities of Fukushima",
            ),
            Text("福島県の行を除いてください", "leave the rows of Fukushima out"),
        )

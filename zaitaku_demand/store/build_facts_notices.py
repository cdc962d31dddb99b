"""Facts of the notices of facility standards: institutions placed by their address, compared with the published counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources import facility_notices
from zaitaku_demand.sources.addresses import folded, locate
from zaitaku_demand.sources.membership import Membership
from zaitaku_demand.sources.places import PREFECTURES
from zaitaku_demand.sources.reading import FETCH_AGAIN
from zaitaku_demand.sources.registry import verified_path
from zaitaku_demand.store.exact_facts import exact_facts, measures_of
from zaitaku_demand.text import Text

NOTICES_PREFECTURES = "facility_notices/todokede_counts_by_pref_34_2025-10.csv"
NOTICES_MUNICIPALITIES = "facility_notices/todokede_counts_by_municipality_34pref_2025-10.csv"
NOTICES = "facility_notices/todokede_homecare_facilities_34pref_2025-10.csv.gz"


def notice_facts(raw: Path, membership: Membership) -> pd.DataFrame:
    """Facts of the notices: the prefectures in hand and their areas; no row for the others, none for the nation.

    An institution is placed by its address. The counts so found must equal both published tables of counts, whose row
    不明 stands for whatever the table of municipalities could not place.

    Raises
    ------
    InputError
        If an address lies in no municipality, or the list and the tables disagree.
    """
    path = verified_path(NOTICES, raw)
    notices = facility_notices.load_notices(path)
    prefectures = facility_notices.load_by_prefecture(verified_path(NOTICES_PREFECTURES, raw))
    municipalities = facility_notices.load_by_municipality(verified_path(NOTICES_MUNICIPALITIES, raw))
    headings = list(facility_notices.STANDARDS)
    by_prefecture = facility_notices.institutions_by(notices, notices["prefecture_code"])
    _require_equal_counts(
        prefectures.set_index("prefecture_code")[headings], by_prefecture, NOTICES_PREFECTURES
    )
    placed = municipality_of(notices, membership, path)
    by_municipality = facility_notices.institutions_by(notices, placed)
    require_municipal_counts(municipalities, by_municipality, membership)
    area = membership.municipalities.set_index("code")["area335"]
    by_area = by_municipality.groupby(area.loc[by_municipality.index].to_numpy()).sum()
    # Areas of a listed prefecture in which nobody gave notice have none: that is known.
    known = membership.areas[
        (membership.areas["edition"] == 335) & membership.areas["prefecture_code"].isin(by_prefecture.index)
    ]["area_code"]
    by_area = by_area.reindex(sorted(known), fill_value=0)
    wanted = measures_of("facility_notices")
    return pd.concat(
        [
            exact_facts(by_prefecture, wanted, "prefecture", facility_notices.YEAR),
            exact_facts(by_area, wanted, "area", facility_notices.YEAR),
        ],
        ignore_index=True,
    )


def municipality_of(notices: pd.DataFrame, membership: Membership, path: Path) -> pd.Series[str]:
    """Code of the municipality (ward) in which each institution of the list lies.

    Parameters
    ----------
    notices : DataFrame
        `prefecture_code`, `address`, `row`.
    membership : Membership
    path : path
        File of `notices`, to name in an error.

    Raises
    ------
    InputError
        At the first address that begins with no municipality of its prefecture.
    """
    names = _names_by_prefecture(membership)
    once = notices.drop_duplicates(["prefecture_code", "address"])
    at = {
        (code, address): locate(address, names[code], PREFECTURES[int(code) - 1])
        for code, address in zip(once["prefecture_code"], once["address"], strict=True)
    }
    lost = once[[value is None for value in at.values()]]
    if len(lost):
        raise InputError(
            Text(
                f"所在地「{lost['address'].iloc[0]}」の市区町村が分からない",
                f"the municipality of the address '{lost['address'].iloc[0]}' is not known",
            ),
            Text("所在地を直してください", "correct the address"),
            file=path,
            row=int(lost["row"].iloc[0]),
            column="address",
        )
    found = [at[key] for key in zip(notices["prefecture_code"], notices["address"], strict=True)]
    return pd.Series(found, index=notices.index, dtype="str")


def require_municipal_counts(published: pd.DataFrame, counted: pd.DataFrame, membership: Membership) -> None:
    """Check that the list gives the published counts of every municipality.

    Parameters
    ----------
    published : DataFrame
        What :func:`~zaitaku_demand.sources.facility_notices.load_by_municipality` gives; 不明 stands for the rest of its
        prefecture.
    counted : DataFrame
        Institutions with each standard by municipal code (index), counted in the list.
    membership : Membership

    Raises
    ------
    InputError
        Naming the municipality and standard whose count differs.
    """
    names = _names_by_prefecture(membership)
    headings = list(facility_notices.STANDARDS)
    keys = [
        code + facility_notices.UNPLACED
        if name == facility_notices.UNPLACED
        else locate(name, names[code], prefecture) or name
        for code, prefecture, name in zip(
            published["prefecture_code"], published["prefecture_name"], published["municipality"], strict=True
        )
    ]
    table = published[headings].groupby(pd.Series(keys, index=published.index)).sum()
    rest = {key[:2] for key in table.index if key.endswith(facility_notices.UNPLACED)}
    labels = [
        code if code in table.index or code[:2] not in rest else code[:2] + facility_notices.UNPLACED
        for code in counted.index
    ]
    _require_equal_counts(
        table, counted.groupby(pd.Series(labels, index=counted.index)).sum(), NOTICES_MUNICIPALITIES
    )


def _names_by_prefecture(membership: Membership) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {}
    table = membership.municipalities
    for code, name in zip(table["code"], table["name"], strict=True):
        names.setdefault(code[:2], {})[folded(name)] = code
    return names


def _require_equal_counts(published: pd.DataFrame, counted: pd.DataFrame, file: str) -> None:
    left, right = published.align(counted, join="outer", fill_value=0)
    odd = np.argwhere(left.to_numpy() != right.to_numpy())
    if len(odd):
        place, heading = odd[0]
        given, found = int(left.to_numpy()[place, heading]), int(right.to_numpy()[place, heading])
        raise InputError(
            Text(
                f"「{left.index[place]}」の数{given:,}が名簿から数えた{found:,}と合わない",
                f"'{left.index[place]}' has {given:,}, but the list of notices gives {found:,}",
            ),
            FETCH_AGAIN,
            file=file,
            column=str(left.columns[heading]),
        )

"""Hospital beds and the patients in them by prefecture, from the SSDS."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources import ssds
from zaitaku_demand.sources.registry import verified_path
from zaitaku_demand.store.build_facts_statistics import SSDS, SSDS_CATALOGUE
from zaitaku_demand.text import Text

FIRST_YEAR = 2014
ALL, PSYCHIATRIC, INFECTIOUS, GENERAL = "I5211", "I521130", "I521140", "I521150"
OCCUPANCY = "#I10104"
LONG_TERM_KIND, GENERAL_KIND = "療養病床", "一般病床"


def hospital_beds(raw: Path) -> pd.DataFrame:
    """Beds of hospitals by kind, their occupancy and the patients in them.

    The SSDS has no item for 療養病床: they are what is left of all beds without 精神, 感染症 and 一般病床, and so
    include 結核病床 (1.4 % of them in the nation: 3,863 of 282,557, 医療施設調査 2022). Occupancy is that of all wards of
    the prefecture's 一般病院 (病院報告), the only one in the SSDS.

    Returns
    -------
    DataFrame
        prefecture_code, year, kind, beds, occupancy (share), patients (on an average day).

    Raises
    ------
    InputError
        If a raw file is absent or altered, or the kinds exceed all beds.
    """
    catalogue = ssds.load_catalogue(verified_path(SSDS_CATALOGUE, raw))
    path = verified_path(SSDS, raw)
    codes = [ALL, PSYCHIATRIC, INFECTIOUS, GENERAL, OCCUPANCY]
    table = ssds.load_items(path, codes, catalogue, first_year=FIRST_YEAR)
    wide = table.pivot(index=["prefecture_code", "year"], columns="code", values="value").dropna()
    kinds = {
        LONG_TERM_KIND: wide[ALL] - wide[PSYCHIATRIC] - wide[INFECTIOUS] - wide[GENERAL],
        GENERAL_KIND: wide[GENERAL],
    }
    if (kinds[LONG_TERM_KIND] < 0).any():
        raise InputError(
            Text("病床の種類の合計が総数を超える", "the kinds of beds exceed all beds"),
            Text("公式のファイルを取り直してください", "download the official file again"),
            file=path,
        )
    parts = [
        pd.DataFrame({"kind": kind, "beds": beds, "occupancy": wide[OCCUPANCY] / 100}).reset_index()
        for kind, beds in kinds.items()
    ]
    out = pd.concat(parts, ignore_index=True)
    out["patients"] = out["beds"] * out["occupancy"]
    out = out.astype({"year": "int16", "kind": "str", "prefecture_code": "str"})
    columns = ["prefecture_code", "year", "kind", "beds", "occupancy", "patients"]
    return out[columns].sort_values(["year", "kind", "prefecture_code"], ignore_index=True)

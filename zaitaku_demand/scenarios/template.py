"""The CSV that a planner fills in with the patients of the medical plan who move from hospital beds to home care."""

from __future__ import annotations

import pandas as pd

from zaitaku_demand.areas.system import inside_prefecture, resolve_system
from zaitaku_demand.scenarios.beds import KINDS


def beds_template(areas: str = "330", prefecture: str | None = None) -> pd.DataFrame:
    """One row an area and kind of beds, the patients blank.

    Parameters
    ----------
    areas : str
        330, 335, 339, 344 or a CSV of municipalities and areas.
    prefecture : str, optional
        Name or code; the whole country if None.

    Returns
    -------
    DataFrame
        area_code, area_name, kind, patients; all text.

    Raises
    ------
    InputError
        If the areas or the prefecture are not known.
    """
    table = resolve_system(areas).areas
    if prefecture is not None:
        table = table[inside_prefecture(table, prefecture)]
    rows = table.loc[table.index.repeat(len(KINDS)), ["area_code", "area_name"]].reset_index(drop=True)
    rows["kind"] = list(KINDS) * len(table)
    rows["patients"] = ""
    return rows.astype("str")

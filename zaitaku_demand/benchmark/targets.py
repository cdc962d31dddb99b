"""Targets of the PDCA sheet: the user's file, and the growth of demand in the main job's projection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from zaitaku_demand.parameters import RunParameters
from zaitaku_demand.projection.job import main_job
from zaitaku_demand.sources.reading import Sheet, read_csv, shorten
from zaitaku_demand.sources.tabular import blank_row
from zaitaku_demand.store.tables import read_table
from zaitaku_demand.text import Text

_HEADINGS: dict[str, tuple[str, str]] = {
    "indicator_id": ("indicator_id", "指標ID"),
    "area_code": ("area_code", "地域コード"),
    "target": ("target", "目標"),
}
_LAYOUT = Text(
    "見出しを indicator_id・area_code・target の3列にしてください",
    "give the three columns indicator_id, area_code and target",
)


def projected_demand(level: str) -> pd.DataFrame:
    """Projected home-visit patients by year at constant rates: area_code, year, value.

    Prefectures are sums of the 330 areas of the 2023 edition. Of the 335 areas those of Akita, which the 330 pool,
    take the series of the area they belong to: only its growth is used.
    """
    annual = main_job(RunParameters(scenarios=("base",))).annual
    table = annual.tidy()[["area_code", "year", "value"]]
    if level == "prefecture":
        prefecture = table["area_code"].str[:2].rename("prefecture")
        sums = table.groupby([prefecture, "year"])["value"].sum().reset_index()
        return sums.rename(columns={"prefecture": "area_code"})
    units = read_table("area_units")[["area335_code", "area330_code"]].drop_duplicates()
    joined = units.merge(table, left_on="area330_code", right_on="area_code")
    return joined[["area335_code", "year", "value"]].rename(columns={"area335_code": "area_code"})


def read_targets(path: Path, indicators: Collection[str], names: Mapping[str, str]) -> pd.DataFrame:
    """The user's targets.

    Parameters
    ----------
    path : Path
        CSV with the columns indicator_id, area_code, target (in the unit of the indicator's value).
    indicators : collection of str
        Known ids.
    names : mapping
        Known places of the level.

    Returns
    -------
    DataFrame
        indicator_id, area_code, target.

    Raises
    ------
    InputError
        Naming row and column of an unknown indicator or place, a target that is no number of 0 or more, or a pair
        that stands twice.
    """
    sheet = read_csv(path)
    columns = sheet.columns_among(0, _HEADINGS, _LAYOUT)
    records: dict[tuple[str, str], float] = {}
    for row in range(1, len(sheet.rows)):
        if blank_row(sheet, row):
            continue
        indicator = _listed(sheet, row, columns["indicator_id"], indicators)
        code = _listed(sheet, row, columns["area_code"], names)
        if (indicator, code) in records:
            raise sheet.error(
                Text(
                    f"「{indicator}」の地域{code}の目標が2回書かれている",
                    f"the target of '{indicator}' for {code} stands twice",
                ),
                Text("どちらかの行を消してください", "remove one of the rows"),
                row,
                columns["indicator_id"],
            )
        records[indicator, code] = sheet.number(row, columns["target"])
    return pd.DataFrame(
        [(*key, target) for key, target in records.items()], columns=["indicator_id", "area_code", "target"]
    )


def _listed(sheet: Sheet, row: int, column: int, known: Collection[str]) -> str:
    text = sheet.text(row, column)
    # A spreadsheet drops the first 0 of a code.
    found = text if text in known else text.zfill(max(map(len, known), default=0))
    if found not in known:
        raise sheet.error(
            Text(
                f"「{shorten(text)}」は指標または地域の一覧にない",
                f"'{shorten(text)}' is no known indicator or place",
            ),
            Text(
                "指標は「zaitaku indicators list」のID、地域はコードで書いてください",
                "use the ids of `zaitaku indicators list` and the codes of places",
            ),
            row,
            column,
        )
    return found

"""The CSV that a planner fills in with the patients of the medical plan who move from hospital beds to home care."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from zaitaku_demand.areas.system import resolve_system
from zaitaku_demand.errors import InputError
from zaitaku_demand.report.csvfile import write_csv
from zaitaku_demand.scenarios.beds import KINDS
from zaitaku_demand.store.tables import atomic_path
from zaitaku_demand.text import Text


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
        wanted = prefecture.strip()
        names = table["prefecture_name"]
        inside = (
            (names == wanted) | (names.str[:-1] == wanted) | (table["prefecture_code"] == wanted.zfill(2))
        )
        if not inside.any():
            raise InputError(
                Text(f"都道府県「{prefecture}」が見つからない", f"there is no prefecture '{prefecture}'"),
                Text(
                    "「島根県」のような名称か「32」のようなコードを指定してください",
                    "give a name such as 島根県 or a code such as 32",
                ),
            )
        table = table[inside]
    rows = table.loc[table.index.repeat(len(KINDS)), ["area_code", "area_name"]].reset_index(drop=True)
    rows["kind"] = list(KINDS) * len(table)
    rows["patients"] = ""
    return rows.astype("str")


def write_new_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table for a person to fill in; a file that is there already is left alone.

    Raises
    ------
    InputError
        If the file exists or its folder does not.
    """
    if path.exists():
        raise InputError(
            Text("同名のファイルが既にある", "the file is there already"),
            Text("--out で別の名前を指定してください", "give another name with --out"),
            file=path,
        )
    require_parent(path)
    with atomic_path(path) as part:
        write_csv(table, part)


def require_parent(path: Path) -> None:
    """InputError if a file cannot be written there."""
    if path.is_dir():
        raise InputError(
            Text("フォルダの名前である", "this is a folder"),
            Text("ファイル名を指定してください", "give the name of a file"),
            file=path,
        )
    if not path.absolute().parent.is_dir():
        raise InputError(
            Text(f"フォルダ「{path.parent}」がない", f"there is no folder '{path.parent}'"),
            Text("今あるフォルダを指定してください", "give a folder that exists"),
            file=path,
        )

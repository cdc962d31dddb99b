"""CSV for spreadsheet programs: UTF-8 with BOM, numbers as numbers, no cell that acts as a formula."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.errors import InputError
from zaitaku_demand.store.tables import atomic_path
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

DECIMALS = 4
# The full-width forms act as formulas too when a Japanese Excel reads them.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def neutralise(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet program would evaluate."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table; figures are rounded to four decimals, codes keep their leading zeros."""
    from pandas.api.types import is_bool_dtype, is_float_dtype, is_numeric_dtype

    safe = frame.copy()
    for name in frame.columns:
        column = frame[name]
        if is_bool_dtype(column):
            continue
        if is_float_dtype(column):
            safe[name] = column.round(DECIMALS)
        elif not is_numeric_dtype(column):
            texts = {value: neutralise(value) for value in column.unique() if isinstance(value, str)}
            changed = {value: new for value, new in texts.items() if new != value}
            if changed:
                safe[name] = column.astype(object).map(lambda value, new=changed: new.get(value, value))
    safe.columns = [neutralise(str(name)) for name in frame.columns]
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def write_new_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table for a person to fill in; it appears whole or not at all, and never over another file.

    Raises
    ------
    InputError
        If the file exists (it may hold figures filled in by hand) or its folder does not.
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
            Text("--out に今あるフォルダを指定してください", "give a folder that exists with --out"),
            file=path,
        )

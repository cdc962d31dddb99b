"""CSV for spreadsheet programs: UTF-8 with BOM, numbers as numbers, no cell that acts as a formula."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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

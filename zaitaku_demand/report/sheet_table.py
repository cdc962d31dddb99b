"""What one table sheet of the workbook holds, and the cells that many sheets share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zaitaku_demand.report import labels
from zaitaku_demand.report.sheets import Cell, Column
from zaitaku_demand.text import Language

if TYPE_CHECKING:
    import pandas as pd

YEAR_WIDTH = 11


@dataclass(frozen=True)
class SheetTable:
    """One sheet; `basis` replaces what stands beside the unit where the sheet does not rest on the run's assumptions."""

    name: str
    title: str
    unit: str
    legend: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    frozen: int
    basis: Sequence[str] | None = None


def place_columns(language: Language) -> list[Column]:
    return [
        Column(labels.PREFECTURE_CODE.to(language), "text", 9),
        Column(labels.PREFECTURE_NAME.to(language), "text", 12),
        Column(labels.AREA_CODE.to(language), "text", 9),
        Column(labels.AREA_NAME.to(language), "text", 18),
    ]


def place_cells(row: pd.Series[Any], language: Language) -> list[Cell]:
    code, name = str(row["prefecture_code"]), str(row["prefecture_name"])
    shown = labels.prefecture_label(code, name, language)
    return [code, shown, str(row["area_code"]), str(row["area_name"])]


def number(value: object) -> Cell:
    """A plain number; what is missing becomes None."""
    import pandas as pd

    if value is None or value is pd.NA or value != value:
        return None
    return float(value)  # type: ignore[arg-type]

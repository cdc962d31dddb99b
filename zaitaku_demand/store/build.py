"""`data build`: run the loaders and write every processed table with its provenance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.errors import InputError
from zaitaku_demand.sources.issues import issues_of
from zaitaku_demand.store.home import DataHome
from zaitaku_demand.store.recipes import RECIPES, Recipe
from zaitaku_demand.store.tables import Provenance, write_table
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class BuiltTable:
    """A table that was written: its name, path and number of rows."""

    name: str
    path: Path
    rows: int
    local: bool


def build(home: DataHome, progress: Callable[[str], None] = lambda name: None) -> list[BuiltTable]:
    """Build every table from the raw files of a data home.

    All tables are computed before the first is written, so bad input leaves the tables there are as they were.

    Parameters
    ----------
    home : DataHome
    progress : callable, optional
        Called with the name of each table before it is computed.

    Raises
    ------
    InputError
        If a raw file is absent, differs from its registered checksum, or cannot be read.
    """
    from zaitaku_demand.store.ingredients import Ingredients

    ingredients = Ingredients(home.raw)
    frames: list[tuple[Recipe, pd.DataFrame]] = []
    for recipe in RECIPES:
        progress(recipe.name)
        frames.append((recipe, recipe.make(ingredients)))
    built = []
    for recipe, frame in frames:
        folder = home.local if recipe.local else home.processed
        path = folder / f"{recipe.name}.parquet"
        write_table(frame, path, provenance_of(recipe))
        built.append(BuiltTable(recipe.name, path, len(frame), recipe.local))
    return built


def provenance_of(recipe: Recipe) -> Provenance:
    """Provenance of a table as its recipe declares it."""
    return Provenance(
        title=recipe.title,
        unit=recipe.unit,
        sources=tuple(recipe.sources()),
        steps=recipe.steps,
        issues=issues_of(recipe.name),
        local=recipe.local,
    )


def differing_tables(home: DataHome, committed: Path) -> list[str]:
    """Names of compact tables whose bytes differ from those in `committed` (or that are missing there)."""
    differing = []
    for recipe in RECIPES:
        if recipe.local:
            continue
        fresh = home.processed / f"{recipe.name}.parquet"
        shipped = committed / f"{recipe.name}.parquet"
        if not shipped.is_file() or shipped.read_bytes() != fresh.read_bytes():
            differing.append(recipe.name)
    return differing


def require_same(home: DataHome, committed: Path) -> None:
    """InputError naming the compact tables that differ from the shipped ones."""
    differing = differing_tables(home, committed)
    if differing:
        listed = ", ".join(differing)
        raise InputError(
            Text(
                f"作り直した表が同梱の表と異なる（{listed}）",
                f"rebuilt tables differ from the shipped ones ({listed})",
            ),
            Text(
                "元ファイルとパッケージの版（constraints.txt）を確かめてください",
                "check the raw files and the package versions (constraints.txt)",
            ),
        )

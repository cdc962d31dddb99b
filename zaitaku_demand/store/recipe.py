"""One processed table: what it is called, what it is made from, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from zaitaku_demand.store.ingredients import Ingredients


@dataclass(frozen=True)
class Recipe:
    """One processed table.

    Attributes
    ----------
    name : str
    title, unit : Text
    steps : tuple of Text
    sources : callable
        Registered paths of its raw files.
    make : callable
        Ingredients → table.
    local : bool
        By municipality or item: built locally, never shipped.
    """

    name: str
    title: Text
    unit: Text
    steps: tuple[Text, ...]
    sources: Callable[[], list[str]]
    make: Callable[[Ingredients], pd.DataFrame]
    local: bool = False

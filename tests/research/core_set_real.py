"""The core set of the shipped data, made once for all tests of it."""

from __future__ import annotations

from functools import cache

from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.core_set.run import CoreSet, core_set
from zaitaku_demand.research.core_set.settings import CoreSetSettings
from zaitaku_demand.research.panel import Panel


@cache
def panels() -> dict[str, Panel]:
    """Both levels."""
    return {level: build_panel(level) for level in ("prefecture", "area")}


@cache
def proposed() -> CoreSet:
    """The set by the declared plan."""
    return core_set(panels(), CoreSetSettings())

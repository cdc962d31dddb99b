"""The real panels and their reliability tables with few replications, made once for all tests."""

from __future__ import annotations

from functools import cache

import pandas as pd

from zaitaku_demand.research.build import build_panel
from zaitaku_demand.research.panel import Panel
from zaitaku_demand.research.reliability.run import reliability_table
from zaitaku_demand.research.reliability.settings import ReliabilitySettings

QUICK = ReliabilitySettings(bootstrap=50, splits=4, draws=50)


@cache
def real_panel(level: str) -> Panel:
    """Panel of a level from what is shipped."""
    return build_panel(level)


@cache
def real_table(level: str) -> pd.DataFrame:
    """Its reliability table."""
    return reliability_table(real_panel(level), QUICK)

"""Tables of facts: every measure by place and year in one layout, whatever it comes from.

Columns of every table of facts:

=============  ====================================================================================
measure        id of the measure
level          ``national``, ``prefecture`` or ``area``
area_code      ``00``, ``01``-``47``, or one of the 335 areas of the 7th plan
year           fiscal year (NDB), calendar year (vital statistics, SSDS) or year of the survey date
value          count in the measure's unit; where something is hidden, the best estimate
lower, upper   bounds that hold for certain (equal to value where nothing is hidden)
state          ``observed``; ``estimated`` (value is an estimate inside its bounds); ``suppressed``
               (the publisher hides all of it: value is NaN, the bounds stand). Missing is no row.
=============  ====================================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zaitaku_demand.store.tables import read_table

if TYPE_CHECKING:
    import pandas as pd

FACT_TABLES = ("facts_ndb", "facts_facilities", "facts_statistics", "facts_population")
FACT_COLUMNS = ("measure", "level", "area_code", "year", "value", "lower", "upper", "state")
LEVELS = ("national", "prefecture", "area")
STATES = ("observed", "estimated", "suppressed")
NATION = "00"


def read_facts(tables: tuple[str, ...] = FACT_TABLES) -> pd.DataFrame:
    """All facts in one table (columns as in the module's description)."""
    import pandas as pd

    parts = [read_table(name)[list(FACT_COLUMNS)] for name in tables]
    return pd.concat(parts, ignore_index=True)

"""Tables of the backtest from the other processed tables of the same `data build`."""

from __future__ import annotations

from functools import lru_cache

from zaitaku_demand.backtest.panel import Tables
from zaitaku_demand.backtest.results import BacktestTables, backtest_tables
from zaitaku_demand.store import (
    build_areas,
    build_facts_ndb,
    build_facts_population,
    build_ndb,
    build_population,
)
from zaitaku_demand.store.ingredients import Ingredients


@lru_cache(maxsize=1)
def backtest(given: Ingredients) -> BacktestTables:
    """Run the backtest on what this build reads, never on tables of an earlier one."""
    areas = build_facts_population.area_populations(
        given.raw,
        given.municipal_2018,
        given.areas_2023,
        given.reference,
        given.codes,
        given.units,
        given.system_330,
    )
    return backtest_tables(
        Tables(
            ndb_sex_age=build_ndb.services_by(given.section_c, "sex_age"),
            ndb_prefecture=build_ndb.services_by(given.section_c, "prefecture"),
            ndb_area=build_ndb.services_by_area(given.section_c, given.weights_335),
            ndb_event_size=build_facts_ndb.event_size(given.ndb_published),
            population_reference=given.reference,
            area_population_335=build_facts_population.denominators(areas),
            population_2018_units=build_population.units_2018(
                given.municipal_2018, build_areas.unit_of_code(given.membership, given.codes)
            ),
            area_units=given.units,
        )
    )

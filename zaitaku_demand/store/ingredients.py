"""What the recipes of processed tables are made from: every raw file is read once, when first needed."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pandas as pd

from zaitaku_demand.areas.system import AreaSystem
from zaitaku_demand.open_band import OldestTables
from zaitaku_demand.sources.membership import Membership
from zaitaku_demand.sources.ndb import NdbTable
from zaitaku_demand.store import build_areas, build_care, build_facts_ndb, build_ndb, build_population


class Ingredients:
    """Loaded sources and intermediate tables of one `data build`.

    Parameters
    ----------
    raw : Path
        Folder of the raw files.
    """

    def __init__(self, raw: Path) -> None:
        self.raw = raw

    @cached_property
    def membership(self) -> Membership:
        """Municipalities and their areas in the four editions."""
        return build_areas.membership(self.raw)

    @cached_property
    def units(self) -> pd.DataFrame:
        """Area units: the finest common parts of the four editions."""
        return build_areas.units(self.membership)

    @cached_property
    def codes(self) -> pd.DataFrame:
        """Municipal codes through time."""
        return build_areas.codes(self.raw)

    @cached_property
    def system_330(self) -> AreaSystem:
        """The 330 areas."""
        return build_areas.system_330(self.units)

    @cached_property
    def municipal_2018(self) -> pd.DataFrame:
        """The 2018 edition by municipality."""
        return build_population.municipal_2018(self.raw)

    @cached_property
    def areas_2023(self) -> pd.DataFrame:
        """The 2023 edition by the 330 areas."""
        return build_population.areas_2023(self.raw)

    @cached_property
    def oldest(self) -> pd.DataFrame:
        """Census 2020, oldest ages."""
        return build_population.census_oldest(self.raw)

    @cached_property
    def survival(self) -> pd.DataFrame:
        """Five-year survival into the oldest ages."""
        return build_population.survival(self.municipal_2018, self.areas_2023, self.oldest)

    @cached_property
    def reference(self) -> pd.DataFrame:
        """Denominators of the rates."""
        return build_population.reference(
            self.raw,
            self.municipal_2018,
            self.areas_2023,
            OldestTables(self.oldest, self.survival, self.units),
            self.system_330,
        )

    @cached_property
    def section_c(self) -> dict[build_ndb.TableKey, list[NdbTable]]:
        """All sheets of NDB section C."""
        return build_ndb.load_section_c(self.raw)

    @cached_property
    def ndb_published(self) -> build_facts_ndb.Sections:
        """Sections A, B and C of the NDB without items whose national total is hidden."""
        sections: build_facts_ndb.Sections = {
            "A": build_ndb.load_section(self.raw, "A"),
            "B": build_ndb.load_section(self.raw, "B"),
            "C": self.section_c,
        }
        return {
            section: build_facts_ndb.without_hidden_totals(tables) for section, tables in sections.items()
        }

    @cached_property
    def weights_335(self) -> pd.Series:
        """Population of 75 and over in 2020 by the 335 areas."""
        return build_areas.aged_75plus_335(self.oldest, self.units)

    @cached_property
    def care(self) -> build_care.CareTables:
        """Certification: rates, national counts, prefectures."""
        return build_care.care_tables(self.raw, self.reference)

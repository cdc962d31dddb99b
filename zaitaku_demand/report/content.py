"""Everything a report shows, computed before anything is written.

Tables, workbook, figures and page all read this one object; none of them computes a figure of its own
beyond rounding and percentages of what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from zaitaku_demand.sources.issues import KnownIssue
from zaitaku_demand.sources.registry import SourceFile
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


class SharedContent(Protocol):
    """What the content of every report carries: of a run (`ReportContent`) and of a benchmark (`BenchmarkContent`)."""

    @property
    def title(self) -> Text: ...
    @property
    def parameters(self) -> list[tuple[Text, Text]]: ...
    @property
    def notes(self) -> list[Text]: ...
    @property
    def sources(self) -> list[SourceFile]: ...
    @property
    def issues(self) -> list[KnownIssue]: ...
    @property
    def generated_with(self) -> dict[str, str]: ...


@dataclass(frozen=True)
class ServiceLabel:
    """How a service is called."""

    id: str
    name: Text
    short: Text
    unit: Text


@dataclass(frozen=True)
class ReportContent:
    """One run, ready to be shown.

    Attributes
    ----------
    title : Text
    parameters : list of (label, value)
        What was asked for: edition, areas, rates, open band, horizon ...
    main_service : str
        The service the figures show (the first one asked for).
    services : dict of ServiceLabel
    grid_years : tuple of int
        Years of the five-year grid, without the base year.
    base_year : int
    projection : DataFrame
        Contract of ``tables/projection``: area_edition, area_code, area_name, prefecture_code,
        prefecture_name, population_edition, base_year, rate_level, open_band, service, unit, year,
        value, state, estimated_share. Years are the grid and the base year.
    annual : DataFrame
        area_code, service, year, value on annual steps.
    prefecture : DataFrame
        prefecture_code, prefecture_name, service, unit, year, value (sums of areas).
    national : DataFrame
        service, unit, year, value (sums of prefectures).
    national_by_age : DataFrame
        service, year (annual), age_group, value.
    peaks : DataFrame
        Contract of ``tables/peaks`` (one row an area and service): the keys, peak_year_grid, peak_class,
        peak_year_annual, censored, plateau_start, plateau_end, base_value, base_value_year, peak_value, growth,
        and peak_year_grid_75, _85, _90, _95 (nullable: how the peak moves with the open band).
    certified : DataFrame
        Contract of ``tables/certified``: the keys, year, age, level, unit, value, state.
    certified_summary : DataFrame
        area_code, area_name, prefecture_code, prefecture_name, year, level (要支援1 ... 要介護5), value.
    double_need : DataFrame
        area_code, area_name, prefecture_code, prefecture_name, year, lower, independent, upper.
    band_counts : DataFrame
        open_band, areas, peak_2040_or_later, by_class (text).
    comparison : DataFrame
        Against the ministry's R7 projection: from_year, to_year, n, correlation, median_abs, p95_abs
        (percent). Empty for prefecture runs or areas other than the 330 and 339.
    explanation : list of Text
        Paragraphs that say how to read the peak and why other published counts differ.
    notes, sources, issues : lists
    boundaries : GeoDataFrame or None
        area_code, geometry; None where no boundaries are at hand.
    prefecture_name : str or None
        What the areas cover, where that is not the whole country: a prefecture, or how many of them.
    """

    title: Text
    parameters: list[tuple[Text, Text]]
    main_service: str
    services: dict[str, ServiceLabel]
    grid_years: tuple[int, ...]
    base_year: int
    projection: pd.DataFrame
    annual: pd.DataFrame
    prefecture: pd.DataFrame
    national: pd.DataFrame
    national_by_age: pd.DataFrame
    peaks: pd.DataFrame
    certified: pd.DataFrame
    certified_summary: pd.DataFrame
    double_need: pd.DataFrame
    band_counts: pd.DataFrame
    comparison: pd.DataFrame
    explanation: list[Text]
    notes: list[Text]
    sources: list[SourceFile]
    issues: list[KnownIssue]
    boundaries: gpd.GeoDataFrame | None = None
    prefecture_name: str | None = None
    generated_with: dict[str, str] = field(default_factory=dict)

"""Everything the benchmark report shows, computed before anything is written.

Tables, workbook, figures and page read this one object; none of them computes a figure of its own beyond
rounding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from zaitaku_demand.sources.issues import KnownIssue
from zaitaku_demand.sources.registry import SourceFile
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True)
class BenchmarkContent:
    """One benchmark, ready to be shown.

    Attributes
    ----------
    title : Text
    level : str
        ``prefecture`` or ``area``: what is compared.
    year_note : Text
        One sentence on the years the figures are of.
    parameters : list of (label, value)
        What was asked for.
    benchmark : DataFrame
        `zaitaku_demand.benchmark.table.COLUMNS`: every indicator, place and year of `level`, and the rows of Japan (level ``national``,
        code 00). state is observed, estimated, suppressed or no_data; the latter two have no figures.
    indicators : DataFrame
        One row a declared indicator: indicator_id, name_ja, name_en, type, function, unit_ja, unit_en, better
        (more | less | neutral), comparison (all | peers: areas are ranked within their type), key (bool), supplement_of, place (institution | residence | incident),
        caveat_ja, caveat_en, latest_year (NaN without data), data_need_ja, data_need_en (what would fill it;
        empty where data are in hand). Optional: source_ja, source_en, fiscal_year (bool).
    focus : list of (area_code, area_name)
        The places the report is about; all are of `level`.
    profile : DataFrame
        For the focus places, one row an indicator, place and year: indicator_id, area_code, year, state, value,
        lower, upper, japan, peer_median, peer_best_fifth, ratio, verdict (better | similar | worse | higher |
        lower | not_distinguishable | no_data), rank, rank_lower, rank_upper, n_places (places ranked together), trend.
    peers : DataFrame
        area_code, peer_code, peer_name, distance, reason_ja, reason_en.
    consistency : DataFrame
        check, indicator_id (or measure), area_code, area_name, year, finding_ja, finding_en, severity
        (note | warning | error), the gravest first.
    functions : DataFrame
        area_code, area_name, function, structure_score, quantity_score, coverage_score, quality_score, score,
        score_lower, score_upper, rank, rank_lower, rank_upper, distinguishable (bool), sensitivity_rank_low,
        sensitivity_rank_high, sentence_ja, sentence_en.
    pdca : DataFrame
        indicator_id, area_code, period, baseline_year, baseline, target, target_basis_ja, target_basis_en,
        actual_year, actual, gap, attainment (a share), expected_at_trend, verdict_ja, verdict_en. Optional: figure
        (value | numerator: what the row is about), expected_lower, expected_upper.
    funnel : DataFrame
        indicator_id, year, expected, lower_95, upper_95, lower_998, upper_998: limits of the ratio
        (1 = Japan) on a grid of expected numbers in the unit of `benchmark`'s column expected.
    summary : dict
        Sentences on each focus place, by its code.
    notes, sources, issues : lists
    boundaries : GeoDataFrame or None
        area_code, geometry of the places of `level`; for prefectures those of areas do as well (their codes
        begin with that of the prefecture).
    figure_indicators : tuple of str
        Indicators that get a funnel plot, a caterpillar plot and a map; if empty, the first two key process
        indicators with data, those of everyday and end-of-life care before the others.
    """

    title: Text
    level: Literal["prefecture", "area"]
    year_note: Text
    parameters: list[tuple[Text, Text]]
    benchmark: pd.DataFrame
    indicators: pd.DataFrame
    focus: list[tuple[str, str]]
    profile: pd.DataFrame
    peers: pd.DataFrame
    consistency: pd.DataFrame
    functions: pd.DataFrame
    pdca: pd.DataFrame
    funnel: pd.DataFrame
    summary: dict[str, list[Text]]
    notes: list[Text]
    sources: list[SourceFile]
    issues: list[KnownIssue]
    boundaries: gpd.GeoDataFrame | None = None
    figure_indicators: tuple[str, ...] = ()
    generated_with: dict[str, str] = field(default_factory=dict)

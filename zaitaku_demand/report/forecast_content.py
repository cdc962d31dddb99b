"""What the report shows of "how sure is it": intervals, peak probabilities, sources, scenarios, reasons, backtest.

All of it is computed before anything is written; page, workbook, figures and tables read this one object. Codes: the
nation is ``00``, a prefecture its two digits, an area its code; `level` says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ForecastContent:
    """Uncertainty, scenarios, decomposition and backtest of one service.

    Attributes
    ----------
    service : str
    unit : Text
    runs, seed : int
        Number of random runs and their seed.
    years : tuple of int
        Annual steps.
    base_year : int
    method : Text
        How the rates of the principal projection go on, and why that way (result of the backtest).
    method_id : str
        As in `backtest`.
    level_methods : dict of str to str
        Method of `backtest` that stands for this run at a level; a level whose way of projecting was not tested is absent.
    course : Text
        How the rates go on in plain words, for the head of the report.
    intervals : DataFrame
        level, code, name, prefecture_code, year, principal, median, lower_80, upper_80, lower_95, upper_95.
    peak_years : DataFrame
        level, code, name, prefecture_code, year, probability (that the peak is in the year), by_year (in it or before),
        plateau (that the year is within 1 % of the run's peak). The last year stands for "then or later".
    peaks : DataFrame
        level, code, name, prefecture_code, principal (year), median, lower_80, upper_80 (years), censored (probability
        that the peak is the last year of the horizon).
    growth : DataFrame
        level, code, name, prefecture_code, year, principal, median, lower_80, upper_80, lower_95, upper_95: value over that of
        the base year, with every source of uncertainty but the present level, which does not change the growth.
    shares : DataFrame
        level, code, name, quantity (``value_2040`` ..., ``peak_year``), source, share (of the variance, sums to 1; NaN
        where nothing varies), low, high (10th and 90th percentile if only this source is on), principal.
    sources : dict of str to Text
        Names of the sources of uncertainty.
    constant : DataFrame
        level, code, name, year, value: the projection at constant rates (現状投影), for comparison.
    scenarios : DataFrame
        scenario, level, code, name, year, value, against_base (difference from 現状投影).
    scenario_names, scenario_notes : dict of str to Text
    scenario_peaks : DataFrame
        scenario, level, code, name, peak_year, censored, peak_value.
    splits : DataFrame
        scenario, service, service_ja, service_en, level, code, name, year, value, against_base: further services of the run
        between which a scenario moves patients without changing the sum; empty if there are none.
    splitting : tuple of str
        Ids of the scenarios that only move patients between their own home and facilities.
    changes : DataFrame
        level, code, name, from_year, to_year, factor, effect, per_cent (of the value in from_year), before, after.
    change_names : dict of str to Text
        Names of the factors.
    change_sentences : dict of str to Text
        One sentence a code ("+31 %: 90歳以上の増加 +24 …").
    backtest : DataFrame
        method, level, horizon, service, n, mape, median_ape, bias (per cent), coverage_80, coverage_95 (share; NaN where a
        method has no intervals). All methods, the losing ones too.
    method_names : dict of str to Text
    population_backtest : DataFrame
        comparison_ja, comparison_en, area_type_ja, area_type_en, age_group, n, mape, bias (per cent).
    official : DataFrame
        area_code, area_name, prefecture_code, prefecture_name, our_peak, their_peak, from_year, to_year (years), our_index,
        their_index (value of to_year over that of from_year), difference (per cent), reason_ja, reason_en: the largest
        differences from the ministry's projection, both at constant rates.
    official_summary : list of Text
        Peak class agreement, rank correlation and what explains the gap, as sentences.
    dots : DataFrame
        level, code, series (``edition_2018`` or ``ministry``), year, value: other projections on the scale of this one.
    dot_names : dict of str to Text
    notes : list of Text
    """

    service: str
    unit: Text
    runs: int
    seed: int
    years: tuple[int, ...]
    base_year: int
    method: Text
    method_id: str
    level_methods: dict[str, str]
    course: Text
    intervals: pd.DataFrame
    peak_years: pd.DataFrame
    peaks: pd.DataFrame
    growth: pd.DataFrame
    shares: pd.DataFrame
    sources: dict[str, Text]
    constant: pd.DataFrame
    scenarios: pd.DataFrame
    scenario_names: dict[str, Text]
    scenario_notes: dict[str, Text]
    scenario_peaks: pd.DataFrame
    splits: pd.DataFrame
    splitting: tuple[str, ...]
    changes: pd.DataFrame
    change_names: dict[str, Text]
    change_sentences: dict[str, Text]
    backtest: pd.DataFrame
    method_names: dict[str, Text]
    population_backtest: pd.DataFrame
    official: pd.DataFrame
    official_summary: list[Text]
    dots: pd.DataFrame
    dot_names: dict[str, Text]
    notes: list[Text]

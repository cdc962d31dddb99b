"""What a planner is told of the certainty of a run: the head of the report, one area alone, classes of the peak year."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from zaitaku_demand.projection.peak import LATE_PEAK
from zaitaku_demand.report import forecast_labels_reading as words
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_figure_backtest import overall_error
from zaitaku_demand.report.forecast_view import (
    Place,
    interval_at,
    known,
    method_at,
    per_cent,
    rows_of,
    shown_year,
    top_places,
)
from zaitaku_demand.report.view import about, both, key_of
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FIRST_CLASS = 2035
"""Peaks before this year are one class: the rest is by the five years of the published population."""
CLASS_YEARS = 5
SURE, LIKELY = 0.8, 0.5
UNTOUCHED = 1e-9
"""Relative difference below which two projections are the same."""


@dataclass(frozen=True)
class PeakClass:
    """Peak years from `first` to `last`, both included."""

    name: Text
    first: int
    last: int


def five_year_classes(years: tuple[int, ...]) -> list[PeakClass]:
    """Five-year classes of the peak year; the last year of the horizon ("then or later") is one of its own.

    Parameters
    ----------
    years : tuple of int
        Annual steps of the projection.

    Returns
    -------
    list of PeakClass
        They cover `years` without a gap.
    """
    first, last = years[0], years[-1]
    starts = [year for year in range(FIRST_CLASS, last, CLASS_YEARS) if year > first]
    bounds = [first, *starts, last]
    found = []
    for low, following in pairwise(bounds):
        name = (words.CLASS_UNTIL if low == first else words.CLASS).format(
            low=low, high=following - 1, short=f"{(following - 1) % 100:02d}"
        )
        found.append(PeakClass(name, low, following - 1))
    return [*found, PeakClass(words.CLASS_FROM.format(low=last), last, last)]


def class_shares(forecast: ForecastContent, place: Place) -> list[float]:
    """Probability of every class of `five_year_classes`; NaN where a place has none."""
    rows = rows_of(forecast.peak_years, place)
    if rows.empty:
        return [float("nan")] * len(five_year_classes(forecast.years))
    return [
        float(rows.loc[rows["year"].between(one.first, one.last), "probability"].sum())
        for one in five_year_classes(forecast.years)
    ]


def stripes_words(forecast: ForecastContent) -> Text:
    """Why peaks seem to crowd around the years in which population is published."""
    years = [str(one.first) for one in five_year_classes(forecast.years)[1:-1]]
    years = years or [str(forecast.years[-1])]
    return both(words.STRIPES, listed=Text("・".join(years), ", ".join(years)))


def certainty_sentences(forecast: ForecastContent, content: ReportContent, year: int) -> list[Text]:
    """80 % interval of the sum of the run in a year, its value at constant rates, and how the rates go on."""
    found = []
    top = top_places(forecast)
    # Several prefectures are no place of their own, so their sum has no interval.
    if len(top) == 1 and top[0].level != "area":
        values = interval_at(forecast, top[0], year)
        kept = rows_of(forecast.constant, top[0])
        kept = kept[kept["year"] == year] if len(kept) else kept
        constant = float("nan") if kept.empty else known(kept["value"].iloc[0])
        if values["lower_80"] == values["lower_80"]:
            found.append(
                both(
                    words.HEAD_INTERVAL,
                    year=year,
                    low=about(values["lower_80"]),
                    high=about(values["upper_80"]),
                    unit=forecast.unit,
                )
            )
        if abs(constant - values["principal"]) > UNTOUCHED * abs(values["principal"]):
            found.append(
                both(
                    words.HEAD_CONSTANT,
                    year=year,
                    base=forecast.base_year,
                    value=about(constant),
                    unit=forecast.unit,
                )
            )
    return [*found, forecast.course]


def late_sentences(forecast: ForecastContent) -> list[Text]:
    """In how many areas a late peak is nearly sure or likely; nothing where the horizon ends before or without areas."""
    rows = forecast.peak_years
    rows = rows[(rows["level"] == "area") & (rows["year"] >= LATE_PEAK)] if len(rows) else rows
    if not len(rows) or forecast.years[-1] <= LATE_PEAK:
        return []
    shares = rows.groupby("code")["probability"].sum()
    found = words.HEAD_LATE.format(
        late=LATE_PEAK,
        n=len(shares),
        sure=int((shares >= SURE).sum()),
        likely=int((shares >= LIKELY).sum()),
    )
    return [found]


def area_level_sentences(forecast: ForecastContent, content: ReportContent) -> list[Text]:
    """Why the interval of an area is so wide at the rates of its prefecture, and what to do about it.

    Returns
    -------
    list of Text
        Empty at other rates, or where the run has no intervals of areas.
    """
    year = shown_year(forecast)
    areas = forecast.intervals
    areas = areas[(areas["level"] == "area") & (areas["year"] == year)].dropna(subset=["lower_80"])
    areas = areas[areas["lower_80"] > 0]
    if key_of(content, "rate_level") != "prefecture" or areas.empty:
        return []
    ratio = float((areas["upper_80"] / areas["lower_80"]).median())
    found = [words.AREA_WIDE.format(year=year, ratio=f"{ratio:.1f}")]
    share = _level_share(forecast, year)
    if share == share:
        found.append(words.AREA_SHARE.format(year=year, share=per_cent(share)))
    borrowed, own = (
        overall_error(forecast, "area", method)
        for method in (method_at(forecast, "area"), forecast.method_id)
    )
    if borrowed == borrowed and own == own:
        found.append(words.AREA_BACKTEST.format(borrowed=f"{borrowed:.1f}", own=f"{own:.1f}"))
    found.append(words.AREA_OPTION)
    growth = _growth_ratio(forecast, year)
    if growth == growth:
        found.append(words.AREA_GROWTH.format(base=forecast.base_year, year=year, ratio=f"{growth:.1f}"))
    return found


def own_scenario(forecast: ForecastContent, place: Place) -> str:
    """Id of the scenario that is this run's own projection; empty where none is."""
    rows = rows_of(forecast.scenarios, place)
    principal = rows_of(forecast.intervals, place).set_index("year")["principal"]
    for scenario in rows["scenario"].unique() if len(rows) else ():
        own = rows[rows["scenario"] == scenario].set_index("year")["value"]
        there = principal.index.intersection(own.index)
        gap = (own[there] - principal[there]).abs()
        if len(there) and bool((gap <= UNTOUCHED * principal[there].abs()).all()):
            return str(scenario)
    return ""


def _level_share(forecast: ForecastContent, year: int) -> float:
    """Median over areas of the share of the present level in the variance."""
    rows: pd.DataFrame = forecast.shares
    if not len(rows):
        return float("nan")
    mine = (rows["level"] == "area") & (rows["quantity"] == f"value_{year}") & (rows["source"] == "level")
    return float(rows.loc[mine, "share"].median())


def _growth_ratio(forecast: ForecastContent, year: int) -> float:
    """Median over areas of upper over lower end of the growth."""
    rows = forecast.growth
    if not len(rows):
        return float("nan")
    rows = rows[(rows["level"] == "area") & (rows["year"] == year) & (rows["lower_80"] > 0)]
    return float((rows["upper_80"] / rows["lower_80"]).median())

"""What the forecast's figures, page, workbook and tables share: places, their rows and the wording of a peak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaitaku_demand.report import forecast_labels as words
from zaitaku_demand.report import labels
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.view import NOTHING, with_sign
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FOCUS_YEAR = 2040
LEVELS = ("nation", "prefecture", "area")
PEAK_MEASURES = ("principal", "median", "lower_80", "upper_80", "censored")
MEASURES = ("principal", "median", "lower_80", "upper_80", "lower_95", "upper_95")
GROWTH_MEASURES = ("principal", "lower_80", "upper_80")
_FEW = 10


@dataclass(frozen=True)
class Place:
    """The nation, a prefecture or an area."""

    level: str
    code: str
    name: str
    prefecture_code: str

    def text(self) -> Text:
        """Its name; prefectures have an English one."""
        if self.level == "nation":
            return words.JAPAN
        if self.level == "prefecture":
            return Text(self.name, labels.prefecture_label(self.code, self.name, "en"))
        return Text(f"{self.name}（{self.code}）", f"{self.name} ({self.code})")


def places(forecast: ForecastContent, level: str, prefecture_code: str | None = None) -> list[Place]:
    """Places of a level, in the order of the content; of one prefecture if it is given."""
    frame = forecast.intervals
    frame = frame[frame["level"] == level].drop_duplicates("code")
    if prefecture_code is not None:
        frame = frame[frame["prefecture_code"] == prefecture_code]
    return [
        Place(level, str(row["code"]), str(row["name"]), str(row["prefecture_code"]))
        for row in frame.to_dict("records")
    ]


def top_places(forecast: ForecastContent) -> list[Place]:
    """Places that the figures show alone: the nation, or else the prefectures of the run, or else its areas."""
    for level in LEVELS:
        found = places(forecast, level)
        if found:
            return found
    return []


def strip_places(forecast: ForecastContent) -> list[tuple[Place, list[Place]]]:
    """Every place with the smaller ones whose peaks are shown together: prefectures in the nation, areas in each."""
    nation = [(place, places(forecast, "prefecture")) for place in places(forecast, "nation")]
    inside = [
        (place, places(forecast, "area", place.prefecture_code)) for place in places(forecast, "prefecture")
    ]
    return [(place, rows) for place, rows in [*nation, *inside] if rows]


def rows_of(frame: pd.DataFrame, place: Place) -> pd.DataFrame:
    """Rows of one place, in their order."""
    if not len(frame):
        return frame
    return frame[(frame["level"] == place.level) & (frame["code"].astype(str) == place.code)]


def peak_of(forecast: ForecastContent, place: Place) -> dict[str, float] | None:
    """Principal peak of a place, its median, 80 % range and `censored`; what is unknown is NaN, None without a peak."""
    found = rows_of(forecast.peaks, place)
    if found.empty:
        return None
    row = {name: known(found[name].iloc[0]) for name in PEAK_MEASURES}
    return None if row["principal"] != row["principal"] else row


def known(value: object) -> float:
    """A figure as a float; every kind of missing value becomes NaN."""
    import pandas as pd

    return float("nan") if value is None or value is pd.NA or value != value else float(value)  # type: ignore[arg-type]


def interval_at(forecast: ForecastContent, place: Place, year: int) -> dict[str, float]:
    """Principal, median and interval ends of a place in a year; all NaN where the year is not there."""
    rows = rows_of(forecast.intervals, place)
    found = rows[rows["year"] == year]
    return {name: float("nan") if found.empty else known(found[name].iloc[0]) for name in MEASURES}


def year_words(year: float, last: int) -> Text:
    """A year; the last one of the horizon stands for itself and later ones."""
    return (labels.OR_LATER if int(year) >= last else labels.YEAR).format(year=int(year))


def span_words(row: dict[str, float], last: int) -> Text:
    """The 80 % range of a peak; one year where both ends agree."""
    low, high = row["lower_80"], row["upper_80"]
    if low != low or high != high:
        return Text(NOTHING, NOTHING)
    if int(low) == int(high):
        return year_words(low, last)
    template = words.TO_LATER if int(high) >= last else words.TO_YEAR
    return template.format(low=int(low), high=int(high))


def peak_words(row: dict[str, float], last: int) -> Text:
    """``2045年（80％の範囲 2040～2050年以降）``."""
    peak, span = year_words(row["principal"], last), span_words(row, last)
    return Text(
        words.RANGE_80.ja.format(peak=peak.ja, span=span.ja),
        words.RANGE_80.en.format(peak=peak.en, span=span.en),
    )


def amount(value: float) -> str:
    """A number of patients: whole, with one decimal below ten."""
    if value != value:
        return NOTHING
    return f"{value:,.1f}" if abs(value) < _FEW else f"{value:,.0f}"


def signed(value: float) -> str:
    """A difference with its sign."""
    return with_sign(value, 1 if abs(value) < _FEW else 0)


def per_cent(share: float, decimals: int = 0) -> str:
    """A share as per cent; what a split of a variance leaves slightly below zero is none."""
    return NOTHING if share != share else f"{max(100 * share, 0.0):.{decimals}f}%"


def times(value: float) -> str:
    """How many times as much."""
    return NOTHING if value != value else f"{value:.2f}" if value < _FEW else f"{value:.0f}"


def growth_of(forecast: ForecastContent, place: Place, year: int) -> dict[str, float] | None:
    """How many times the base year a year is, with its 80 % interval; None where it is unknown."""
    found = rows_of(forecast.growth, place)
    found = found[found["year"] == year] if len(found) else found
    if found.empty:
        return None
    row = {name: known(found[name].iloc[0]) for name in GROWTH_MEASURES}
    return None if row["lower_80"] != row["lower_80"] else row


def growth_words(forecast: ForecastContent, place: Place) -> Text | None:
    """``2040年は2022年の1.53倍（80％区間 1.20～2.05倍）``."""
    year = shown_year(forecast)
    row = growth_of(forecast, place, year)
    if row is None:
        return None
    said = {name: times(value) for name, value in row.items()}
    return words.GROWTH_RANGE.format(
        year=year,
        base=forecast.base_year,
        value=said["principal"],
        low=said["lower_80"],
        high=said["upper_80"],
    )


def method_at(forecast: ForecastContent, level: str) -> str:
    """Method of the backtest that stands for this run at a level; empty where none does."""
    return forecast.level_methods.get(level, "")


def shown_year(forecast: ForecastContent) -> int:
    """The year that sentences are about: 2040, or the last one of a shorter horizon."""
    return FOCUS_YEAR if FOCUS_YEAR in forecast.years else forecast.years[-1]


def table_years(forecast: ForecastContent) -> list[int]:
    """Base year, five-year grid and last year: the years of the page's tables."""
    last = forecast.years[-1]
    return [year for year in forecast.years if year in (forecast.base_year, last) or year % 5 == 0]


def late_share(forecast: ForecastContent, place: Place, year: int) -> float:
    """Probability that the peak is in `year` or later."""
    rows = rows_of(forecast.peak_years, place)
    return float("nan") if rows.empty else float(rows.loc[rows["year"] >= year, "probability"].sum())


def quantity_words(quantity: str) -> Text:
    """``value_2040`` and ``peak_year`` as a reader says them."""
    if quantity.startswith("value_"):
        return words.QUANTITY_VALUE.format(year=quantity.removeprefix("value_"))
    return words.QUANTITY_PEAK


def change_years(forecast: ForecastContent, place: Place) -> tuple[int, int] | None:
    """The pair of years that is shown: from the base year to 2040 if there, else the last pair."""
    rows = rows_of(forecast.changes, place)
    pairs = sorted({(int(a), int(b)) for a, b in zip(rows["from_year"], rows["to_year"], strict=True)})
    wanted = (forecast.base_year, FOCUS_YEAR)
    return wanted if wanted in pairs else pairs[-1] if pairs else None


def service_words(content: ReportContent, forecast: ForecastContent) -> Text:
    """Short name of the service."""
    return content.services[forecast.service].short


def name_of(names: dict[str, Text], id: str) -> Text:
    """A name by its id; the id itself where nobody named it."""
    return names.get(id, Text(id, id))

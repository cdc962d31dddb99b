"""The tables of the forecast, each as Parquet with full precision and as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.report import forecast_labels_book as words
from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.csvfile import write_csv
from zaitaku_demand.report.forecast_content import ForecastContent
from zaitaku_demand.report.forecast_view import MEASURES
from zaitaku_demand.report.view import KEYS
from zaitaku_demand.sources.registry import registry
from zaitaku_demand.store.tables import Provenance, write_table
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

FORECAST_TITLES: dict[str, Text] = {
    "intervals": words.INTERVALS_TITLE,
    "peak_probability": words.PEAK_TITLE,
    "peak_intervals": words.PEAK_INTERVALS_TITLE,
    "uncertainty_sources": words.SOURCES_TITLE,
    "scenarios": words.SCENARIOS_TITLE,
    "scenario_peaks": words.SCENARIO_PEAKS_TITLE,
    "scenario_splits": words.SPLITS_TITLE,
    "changes": words.CHANGES_TITLE,
    "backtest": words.BACKTEST_TITLE,
    "backtest_population": words.POPULATION_TITLE,
    "official_differences": words.OFFICIAL_TITLE,
}
_MEASURED = frozenset({"backtest", "backtest_population"})
"""Errors against what came: neither an estimate of the run nor of its service's unit."""


def forecast_tables(forecast: ForecastContent, content: ReportContent) -> dict[str, pd.DataFrame]:
    """All tables by their file name.

    Every row of an estimate carries the keys of the run, service, unit and state, and where it comes from random
    runs, their number and seed; ids stand beside their names in both languages.
    """
    drawn = {"runs": forecast.runs, "seed": forecast.seed}
    constant = forecast.constant
    intervals = forecast.intervals
    if len(intervals) and len(constant):
        kept = constant[["level", "code", "year", "value"]].rename(columns={"value": "constant_rates"})
        intervals = intervals.merge(kept, on=["level", "code", "year"], how="left", sort=False)
    if len(intervals) and len(forecast.growth):
        grown = forecast.growth.drop(columns=["name", "prefecture_code"])
        names = {name: f"growth_{name}" for name in MEASURES}
        intervals = intervals.merge(
            grown.rename(columns=names), on=["level", "code", "year"], how="left", sort=False
        )
    tables = {
        "intervals": intervals.assign(**drawn),
        "peak_probability": forecast.peak_years.assign(**drawn),
        "peak_intervals": forecast.peaks.assign(**drawn),
        "uncertainty_sources": _named(forecast.shares, "source", forecast.sources).assign(**drawn),
        "scenarios": _named(forecast.scenarios, "scenario", forecast.scenario_names),
        "scenario_peaks": _named(forecast.scenario_peaks, "scenario", forecast.scenario_names),
        "scenario_splits": _named(forecast.splits, "scenario", forecast.scenario_names),
        "changes": _named(forecast.changes, "factor", forecast.change_names),
        "backtest": _named(forecast.backtest, "method", forecast.method_names),
        "backtest_population": forecast.population_backtest,
        "official_differences": forecast.official,
    }
    return {
        name: frame if name in _MEASURED else _complete(frame, forecast, content)
        for name, frame in tables.items()
    }


def write_forecast_tables(forecast: ForecastContent, content: ReportContent, folder: Path) -> list[Path]:
    """Write every table as ``<name>.parquet`` and ``<name>.csv`` into `folder`.

    Parameters
    ----------
    forecast : ForecastContent
    content : ReportContent
        For the keys of the run and for the sources.
    folder : Path

    Returns
    -------
    list of Path
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in forecast_tables(forecast, content).items():
        table, twin = folder / f"{name}.parquet", folder / f"{name}.csv"
        write_table(frame, table, _provenance(forecast, content, name))
        write_csv(frame, twin)
        paths += [table, twin]
    return paths


def _named(frame: pd.DataFrame, id: str, names: dict[str, Text]) -> pd.DataFrame:
    """Add the names of an id, the id itself where it has none."""
    if id not in frame:
        return frame
    ids = frame[id].astype(str)
    return frame.assign(
        **{
            f"{id}_{language}": ids.map({key: name.to(language) for key, name in names.items()}).fillna(ids)
            for language in ("ja", "en")
        }
    )


def _complete(frame: pd.DataFrame, forecast: ForecastContent, content: ReportContent) -> pd.DataFrame:
    out = frame.copy()
    run = content.projection
    for place, name in enumerate(name for name in KEYS if name in run and len(run)):
        out.insert(place, name, run[name].iloc[0])
    if "service" not in out:
        out["service"] = forecast.service
    out["unit"] = forecast.unit.ja
    out["state"] = "estimated"
    return out


def _provenance(forecast: ForecastContent, content: ReportContent, name: str) -> Provenance:
    return Provenance(
        title=FORECAST_TITLES[name],
        unit=words.PER_CENT_UNIT if name in _MEASURED else forecast.unit,
        # Files a user brought himself are not registered and have no official address.
        sources=tuple(source.path for source in content.sources if source.path in registry()),
        steps=(forecast.method, *forecast.notes),
        issues=tuple(issue.id for issue in content.issues),
    )

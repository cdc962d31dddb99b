"""The tables of a report, each as Parquet with full precision and as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zaitaku_demand.report.content import ReportContent
from zaitaku_demand.report.csvfile import write_csv
from zaitaku_demand.report.view import KEYS
from zaitaku_demand.sources.registry import registry
from zaitaku_demand.store.tables import Provenance, write_table
from zaitaku_demand.text import Text

if TYPE_CHECKING:
    import pandas as pd

PERSONS_A_MONTH = "人／月"
PERSONS = "人"

TABLE_TITLES: dict[str, Text] = {
    "projection": Text(
        "圏域別の推計値（基準年と5年ごと）", "Projection by area (base year and five-year grid)"
    ),
    "projection_annual": Text("圏域別の推計値（毎年、補間）", "Projection by area (annual, interpolated)"),
    "prefecture": Text("都道府県別の推計値", "Projection by prefecture"),
    "national": Text("合計の推計値", "Projection, total"),
    "national_by_age": Text("年齢階級別の推計値（毎年）", "Projection by age (annual)"),
    "peaks": Text("ピーク年", "Peak years"),
    "certified": Text("要介護・要支援認定者数（年齢・要介護度別）", "Certified persons by age and level"),
    "certified_summary": Text("要介護・要支援認定者数（要介護度別）", "Certified persons by level"),
    "double_need": Text("訪問診療と認定の重なり", "Patients who are also certified: bounds"),
    "band_counts": Text("最高年齢階級とピークの圏域数", "Open band and the number of areas by peak"),
    "comparison": Text("厚生労働省推計との比較", "Comparison with the ministry"),
}


def report_tables(content: ReportContent) -> dict[str, pd.DataFrame]:
    """All tables by their file name; every row names editions, unit and state."""
    units = {name: label.unit.ja for name, label in content.services.items()}
    places = content.projection.drop_duplicates("area_code")[
        ["area_code", "area_name", "prefecture_code", "prefecture_name"]
    ]
    annual = content.annual
    if "area_name" not in annual:
        annual = annual.merge(places, on="area_code", how="left", sort=False)
    run = content.projection
    care = content.certified if len(content.certified) else run
    return {
        "projection": content.projection,
        "projection_annual": _complete(annual, run, units),
        "prefecture": _complete(content.prefecture, run, units),
        "national": _complete(content.national, run, units),
        "national_by_age": _complete(content.national_by_age, run, units),
        "peaks": _complete(content.peaks, run, units),
        "certified": content.certified,
        "certified_summary": _complete(content.certified_summary, care, PERSONS),
        "double_need": _complete(content.double_need, run, PERSONS_A_MONTH),
        "band_counts": content.band_counts,
        "comparison": content.comparison,
    }


def write_tables(content: ReportContent, folder: Path) -> list[Path]:
    """Write every table as ``<name>.parquet`` and ``<name>.csv`` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, frame in report_tables(content).items():
        target = folder / f"{name}.parquet"
        write_table(frame, target, _provenance(content, name))
        twin = folder / f"{name}.csv"
        write_csv(frame, twin)
        paths += [target, twin]
    return paths


def _complete(frame: pd.DataFrame, keyed: pd.DataFrame, units: dict[str, str] | str) -> pd.DataFrame:
    """Add the keys of the run, the unit and the state where a table lacks them."""
    out = frame.copy()
    for place, name in enumerate(KEYS):
        if name not in out and name in keyed and len(keyed):
            out.insert(place, name, keyed[name].iloc[0])
    if "unit" not in out:
        out["unit"] = units if isinstance(units, str) else out["service"].map(units)
    if "state" not in out:
        out["state"] = "estimated"
    return out


def _provenance(content: ReportContent, name: str) -> Provenance:
    label = content.services[content.main_service]
    return Provenance(
        title=TABLE_TITLES[name],
        unit=Text("列unitを参照", "see the column unit") if name != "national" else label.unit,
        # Files a user brought himself are not registered and have no official address.
        sources=tuple(source.path for source in content.sources if source.path in registry()),
        steps=tuple(content.notes),
        issues=tuple(issue.id for issue in content.issues),
    )

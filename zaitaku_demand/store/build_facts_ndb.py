"""Facts from the NDB Open Data: the measures of ``indicators/measures/ndb.toml`` by place, by age, and claims per patient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.facts import FACT_COLUMNS, NATION
from zaitaku_demand.indicators.home import declarations_folder
from zaitaku_demand.indicators.measures import NdbItems, measures
from zaitaku_demand.sources.ndb_headings import Section
from zaitaku_demand.store.build_ndb import (
    TableKey,
    Tables,
    published_totals,
    sums_by,
    sums_by_area,
)
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
Sections = dict[Section, Tables]

YEAR_OF_PATIENTS = 2022
"""Round 9 is the first and so far the only one to publish 患者数."""
_FRACTION = 1024.0
"""Estimated counts by age are rounded to multiples of 1/1024: sums of such numbers are exact in any order."""


@dataclass(frozen=True)
class MeasureItems:
    """Items of one measure, as the summing code of the NDB tables wants them."""

    id: str
    declared: NdbItems

    @property
    def kind(self) -> str:
        """``medical`` or ``dental``."""
        return self.declared.kind

    def selects(self, part: str, class_code: str, item_code: str) -> bool:
        """Whether an item of a sheet (`part` base or addition) belongs to the measure."""
        declared = self.declared
        of_class = part == "base" and class_code in declared.class_codes
        kept = item_code not in declared.excluded and (not declared.only or item_code in declared.only)
        return item_code in declared.item_codes or (of_class and kept)


def facts_ndb(sections: Sections, weights: pd.Series[float]) -> pd.DataFrame:
    """Every measure by nation, prefecture (FY2014-2022) and the 335 areas (FY2019-2022).

    Parameters
    ----------
    sections : dict
        Section (A, B, C) → tables without items of hidden totals (`without_hidden_totals`).
    weights : Series
        Population of 75 and over by area code: what is hidden in a prefecture is shared by it.

    Returns
    -------
    DataFrame
        Columns of ``indicators.facts.FACT_COLUMNS``. National values are the published totals. A place is
        ``observed`` if no cell of it is hidden, ``suppressed`` (value NaN) if it shows nothing, ``estimated``
        otherwise.

    Raises
    ------
    InputError
        If no workbook holds an item of a declared measure.
    """
    parts = []
    for section, chosen in _by_section().items():
        tables = sections[section]
        totals = published_totals(tables, chosen)
        _require_all_found(chosen, totals)
        nation = totals.rename(columns={"total": "value"}).assign(
            place=NATION, shown=totals["total"], lower=totals["total"], upper=totals["total"], suppressed=0
        )
        prefectures = sums_by(tables, "prefecture", chosen).rename(columns={"prefecture_code": "place"})
        areas = sums_by_area(tables, weights, chosen).rename(columns={"area_code": "place"})
        parts += [_facts(nation, "national"), _facts(prefectures, "prefecture"), _facts(areas, "area")]
    return pd.concat(parts, ignore_index=True).sort_values(
        ["measure", "level", "area_code", "year"], ignore_index=True
    )


def measure_ages(sections: Sections) -> pd.DataFrame:
    """National claims of every measure by sex and five-year age.

    Returns
    -------
    DataFrame
        measure, year, sex, age, value, estimated_share (part of the value that stands for hidden cells). The
        values of a measure and year add up exactly to its published total.
    """
    parts = []
    for section, chosen in _by_section().items():
        totals = published_totals(sections[section], chosen)
        frame = sums_by(sections[section], "sex_age", chosen).merge(
            totals[["service", "fiscal_year", "total"]], on=["service", "fiscal_year"], validate="many_to_one"
        )
        for _, group in frame.groupby(["service", "fiscal_year"], sort=False):
            value = scaled_to_total(group["value"].to_numpy(dtype=np.float64), float(group["total"].iloc[0]))
            hidden = np.maximum(value - group["shown"].to_numpy(dtype=np.float64), 0.0)
            share = np.divide(hidden, value, out=np.zeros_like(value), where=value > 0)
            parts.append(group.assign(value=value, estimated_share=share))
    named = pd.concat(parts, ignore_index=True).rename(columns={"service": "measure", "fiscal_year": "year"})
    return named[["measure", "year", "sex", "age", "value", "estimated_share"]].sort_values(
        ["measure", "year", "sex", "age"], ignore_index=True
    )


def event_size(sections: Sections) -> pd.DataFrame:
    """Claims per patient of FY2022: measure, claims, patients, event_size.

    Both are summed over the measure's items whose patients are published. A patient can be counted under several
    items, so `event_size` is a lower bound of claims per person. Measures without published patients have no row.
    """
    parts = []
    for section, chosen in _by_section().items():
        year = {key: sheets for key, sheets in sections[section].items() if key[1] == YEAR_OF_PATIENTS}
        both = _with_published_patients(year)
        claims = published_totals(both, chosen).set_index("service")["total"]
        patients = published_totals(both, chosen, "patients").set_index("service")["total"]
        parts.append(pd.DataFrame({"claims": claims, "patients": patients}))
    frame = pd.concat(parts).rename_axis("measure").reset_index()
    frame = frame[frame["patients"] > 0].sort_values("measure", ignore_index=True)
    return frame.assign(event_size=frame["claims"] / frame["patients"])


def without_hidden_totals(tables: Tables) -> Tables:
    """The tables without items whose national total is hidden (below 10) on the same sheet by sex and age.

    Left out of every breakdown, so that places and ages add up to the published national count.
    """
    kept: Tables = {}
    for (kind, year, breakdown, measure), sheets in tables.items():
        by_age = tables[(kind, year, "sex_age", measure)]
        of_sheet = {(sheet.setting, sheet.part): _shown_items(sheet.items) for sheet in by_age}
        kept[(kind, year, breakdown, measure)] = [
            sheet.take(_positions(sheet.items, of_sheet[(sheet.setting, sheet.part)])) for sheet in sheets
        ]
    return kept


def scaled_to_total(values: FloatArray, total: float) -> FloatArray:
    """`values` in proportion, adding up to `total` exactly (multiples of 1/1024, the rest on the largest).

    Parameters
    ----------
    values : array (cells,)
        Not negative.
    total : float
        A whole number.
    """
    sum_of_values = values.sum()
    if sum_of_values == 0 or total == 0:
        return np.zeros_like(values)
    scaled: FloatArray = np.round(values / sum_of_values * total * _FRACTION) / _FRACTION
    scaled[np.argmax(scaled)] += total - scaled.sum()
    return scaled


def _by_section() -> dict[Section, tuple[MeasureItems, ...]]:
    chosen: dict[Section, list[MeasureItems]] = {}
    for measure in measures().values():
        if measure.ndb is not None:
            chosen.setdefault(measure.ndb.section, []).append(MeasureItems(measure.id, measure.ndb))
    return {section: tuple(items) for section, items in chosen.items()}


def _require_all_found(chosen: Iterable[MeasureItems], totals: pd.DataFrame) -> None:
    for measure in chosen:
        if measure.id not in set(totals["service"]):
            raise InputError(
                Text(
                    f"指標の材料「{measure.id}」の診療行為がNDBオープンデータのどの表にもない",
                    f"no table of the NDB Open Data holds an item of the measure '{measure.id}'",
                ),
                Text("分類コードと診療行為コードを確かめてください", "check its class codes and item codes"),
                file=declarations_folder() / "measures" / "ndb.toml",
            )


def _facts(frame: pd.DataFrame, level: str) -> pd.DataFrame:
    hidden = frame["suppressed"].to_numpy() > 0
    nothing_shown = hidden & (frame["shown"].to_numpy(dtype=np.float64) == 0)
    named = frame.rename(columns={"service": "measure", "fiscal_year": "year", "place": "area_code"})
    named = named.assign(
        level=level,
        value=np.where(nothing_shown, np.nan, frame["value"]),
        state=np.select([~hidden, nothing_shown], ["observed", "suppressed"], "estimated"),
    )
    return named[list(FACT_COLUMNS)]


def _with_published_patients(tables: Tables) -> Tables:
    """Sheets by sex and age of claims and of patients, both with the items that have patients."""
    out: Tables = {}
    for kind, year, breakdown, measure in tables:
        if breakdown != "sex_age" or measure != "patients":
            continue
        of_patients = tables[(kind, year, "sex_age", "patients")]
        of_claims = tables[(kind, year, "sex_age", "claims")]
        common = {
            (sheet.setting, sheet.part): _shown_items(sheet.items) & _shown_items(claims.items)
            for sheet, claims in zip(of_patients, of_claims, strict=True)
        }
        for name, sheets in (("patients", of_patients), ("claims", of_claims)):
            key: TableKey = (kind, year, "sex_age", name)
            out[key] = [
                sheet.take(_positions(sheet.items, common[(sheet.setting, sheet.part)])) for sheet in sheets
            ]
    return out


def _shown_items(items: pd.DataFrame) -> frozenset[str]:
    return frozenset(items.loc[items["total"].notna(), "item_code"])


def _positions(items: pd.DataFrame, codes: Iterable[str]) -> npt.NDArray[np.int64]:
    return np.flatnonzero(items["item_code"].isin(list(codes)).to_numpy())

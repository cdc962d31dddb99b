"""Compact NDB tables: services by sex and age, prefecture, area and month, with what suppression leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.errors import InputError
from zaitaku_demand.rates.services import services
from zaitaku_demand.sources import ndb
from zaitaku_demand.sources.ndb_headings import UNIDENTIFIED_AREA, Section
from zaitaku_demand.sources.reading import FETCH_AGAIN
from zaitaku_demand.sources.registry import registry, verified_path
from zaitaku_demand.suppression import Bounded
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
TableKey = tuple[str, int, str, str]
Tables = dict[TableKey, list[ndb.NdbTable]]

_PATH = re.compile(
    r"ndb/(?P<kind>medical|dental)(?:_a_b)?/ndb\d\d_FY(?P<year>\d{4})_(?P<section>[ABC])(?:_kasan)?"
    r"_(?P<breakdown>sexage|pref|iryoken2|month)_(?P<measure>claims|patients)_"
)
_BREAKDOWNS = {"sexage": "sex_age", "pref": "prefecture", "iryoken2": "area", "month": "month"}
_KEY_COLUMNS = {"sex_age": ["sex", "age"], "prefecture": ["prefecture_code"], "month": ["month"]}


class Selection(Protocol):
    """What is summed: a service or a measure."""

    @property
    def id(self) -> str: ...

    @property
    def kind(self) -> str: ...

    def selects(self, part: str, class_code: str, item_code: str) -> bool:
        """Whether an item of a sheet (`part` base or addition) belongs to it."""
        ...


def section_paths(section: Section) -> list[str]:
    """Registered paths of the workbooks of a section."""
    matches = ((path, _PATH.match(path)) for path in registry())
    return [path for path, match in matches if match is not None and match["section"] == section]


def section_c_paths() -> list[str]:
    """Registered paths of the workbooks of section C, medical and dental."""
    return section_paths("C")


def load_section(raw: Path, section: Section) -> Tables:
    """All sheets of a section by (kind, fiscal year, breakdown, measure).

    Raises
    ------
    InputError
        If a workbook holds another year, breakdown or measure than its registered name says.
    """
    tables: Tables = {}
    for path in section_paths(section):
        match = _PATH.match(path)
        if match is None:
            continue
        key = (match["kind"], int(match["year"]), _BREAKDOWNS[match["breakdown"]], match["measure"])
        sheets = ndb.load(verified_path(path, raw), section)
        first = sheets[0]
        if (first.kind, first.fiscal_year, first.breakdown, first.measure) != key:
            raise InputError(
                Text(
                    "登録された年度・区分と中身が異なる",
                    "the content is not the registered year and breakdown",
                ),
                FETCH_AGAIN,
                file=raw / path,
            )
        tables[key] = sheets
    return tables


def load_section_c(raw: Path) -> Tables:
    """All sheets of section C (see `load_section`)."""
    return load_section(raw, "C")


def services_by(tables: Tables, breakdown: str) -> pd.DataFrame:
    """Yearly claims of every service by the cells of a breakdown (see `sums_by`)."""
    return sums_by(tables, breakdown, services().values())


def services_by_area(tables: Tables, weights: pd.Series[float]) -> pd.DataFrame:
    """Yearly claims of every service by the 335 areas (see `sums_by_area`)."""
    return sums_by_area(tables, weights, services().values())


def service_totals(tables: Tables) -> pd.DataFrame:
    """Published yearly totals of every service (see `published_totals`)."""
    return published_totals(tables, services().values())


def sums_by(tables: Tables, breakdown: str, chosen: Iterable[Selection]) -> pd.DataFrame:
    """Yearly claims of every selection by the cells of a breakdown whose rows add up to their totals.

    Returns
    -------
    DataFrame
        service (id of the selection), fiscal_year, the keys, value, shown, lower, upper, suppressed.
    """
    parts = []
    selections = list(chosen)
    for (kind, year, found, measure), sheets in sorted(tables.items()):
        if found != breakdown or measure != "claims":
            continue
        for declared in selections:
            if declared.kind != kind:
                continue
            summed = _sum_items(sheets, declared)
            if summed is None:
                continue
            bounded, shown, keys = summed
            part = keys.rename(columns={"code": _KEY_COLUMNS[breakdown][0]})[_KEY_COLUMNS[breakdown]].copy()
            parts.append(_frame(part, declared.id, year, bounded, shown))
    return _sorted(pd.concat(parts, ignore_index=True), _KEY_COLUMNS[breakdown])


def sums_by_area(tables: Tables, weights: pd.Series[float], chosen: Iterable[Selection]) -> pd.DataFrame:
    """Yearly claims of every selection by the 335 areas.

    A hidden area takes its part of what is missing to its prefecture, item by item, in proportion to `weights`;
    its bounds are 0 and all that is missing.

    Parameters
    ----------
    tables : dict
        As `load_section` gives them.
    weights : Series
        Population of 75 and over by area code.
    chosen : iterable of Selection
    """
    parts = []
    selections = list(chosen)
    for (kind, year, breakdown, measure), sheets in sorted(tables.items()):
        if breakdown != "area" or measure != "claims":
            continue
        prefectures = tables[(kind, year, "prefecture", "claims")]
        for declared in selections:
            if declared.kind != kind:
                continue
            items = _area_items(sheets, prefectures, declared, weights)
            if items is None:
                continue
            bounded, shown, codes = items
            parts.append(_frame(pd.DataFrame({"area_code": codes}), declared.id, year, bounded, shown))
    return _sorted(pd.concat(parts, ignore_index=True), ["area_code"])


def published_totals(tables: Tables, chosen: Iterable[Selection], measure: str = "claims") -> pd.DataFrame:
    """Published yearly totals: service (id of the selection), fiscal_year, items, total, hidden_items.

    `hidden_items` counts items whose total is itself hidden (below 10); they add nothing to `total`.
    """
    rows = []
    selections = list(chosen)
    for (kind, year, breakdown, found), sheets in sorted(tables.items()):
        if breakdown != "sex_age" or found != measure:
            continue
        for declared in selections:
            if declared.kind != kind:
                continue
            totals = np.concatenate([_totals(sheet, declared) for sheet in sheets])
            if totals.size:
                rows.append(
                    (declared.id, year, totals.size, float(np.nansum(totals)), int(np.isnan(totals).sum()))
                )
    frame = pd.DataFrame(rows, columns=["service", "fiscal_year", "items", "total", "hidden_items"])
    return frame.sort_values(["service", "fiscal_year"], ignore_index=True)


def items_tidy(tables: Tables) -> pd.DataFrame:
    """Every cell of every workbook (built locally only)."""
    parts = [sheet.tidy() for _, sheets in sorted(tables.items()) for sheet in sheets]
    frame = pd.concat(parts, ignore_index=True)
    for column in (
        "kind",
        "measure",
        "breakdown",
        "part",
        "item_code",
        "class_code",
        "sex",
        "age",
        "code",
        "name",
        "state",
    ):
        frame[column] = frame[column].astype("string")
    return frame


def _chosen(sheet: ndb.NdbTable, declared: Selection) -> npt.NDArray[np.int64]:
    return np.flatnonzero(
        [
            declared.selects(sheet.part, class_code, item_code)
            for class_code, item_code in zip(sheet.items["class_code"], sheet.items["item_code"], strict=True)
        ]
    )


def _totals(sheet: ndb.NdbTable, declared: Selection) -> FloatArray:
    return sheet.items["total"].to_numpy(dtype=np.float64)[_chosen(sheet, declared)]


def _sum_items(
    sheets: list[ndb.NdbTable], declared: Selection
) -> tuple[Bounded, FloatArray, pd.DataFrame] | None:
    values, lower, upper, hidden, shown = [], [], [], [], []
    for sheet in sheets:
        rows = _chosen(sheet, declared)
        if not rows.size:
            continue
        bounded = sheet.take(rows).bounded()
        values.append(bounded.value)
        lower.append(bounded.lower)
        upper.append(bounded.upper)
        hidden.append(bounded.suppressed)
        shown.append(np.where(sheet.suppressed[rows], 0.0, sheet.values[rows]))
    if not values:
        return None
    stacked = Bounded(
        _spread_whole_rows(np.vstack(values), np.vstack(hidden)),
        np.vstack(lower),
        np.vstack(upper),
        np.vstack(hidden),
    )
    return stacked.sum(axis=0), np.vstack(shown).sum(axis=0), sheets[0].keys


def _spread_whole_rows(values: FloatArray, hidden: npt.NDArray[np.int64]) -> FloatArray:
    """Give a row that is hidden whole the pattern of the service's other items.

    Dividing it equally would put as many patients among infants as among the 85-89.
    """
    whole = (hidden > 0).all(axis=1)
    pattern = values[~whole].sum(axis=0)
    if not whole.any() or not pattern.sum():
        return values
    spread = values.copy()
    spread[whole] = values[whole].sum(axis=1, keepdims=True) * pattern / pattern.sum()
    return spread


def _area_items(
    sheets: list[ndb.NdbTable],
    prefectures: list[ndb.NdbTable],
    declared: Selection,
    weights: pd.Series[float],
) -> tuple[Bounded, FloatArray, list[str]] | None:
    codes = [code for code in sheets[0].keys["code"] if code != UNIDENTIFIED_AREA]
    weight = weights.reindex(codes).to_numpy(dtype=np.float64)
    prefecture = np.array([int(code[:2]) - 1 for code in codes])
    totals = [np.zeros(len(codes)) for _ in range(5)]
    found = False
    for sheet, by_prefecture in zip(sheets, prefectures, strict=True):
        rows = _chosen(sheet, declared)
        if not rows.size:
            continue
        found = True
        bounded = by_prefecture.bounded()
        place = {code: row for row, code in enumerate(by_prefecture.items["item_code"])}
        for row in rows:
            hidden = sheet.suppressed[row, : len(codes)]
            shown = np.where(hidden, 0.0, sheet.values[row, : len(codes)])
            # An item can stand in the area table only (rounding of layouts between tables): then nothing bounds it.
            item = place[sheet.items["item_code"].iloc[row]]
            by_shown = np.bincount(prefecture, weights=shown, minlength=47)
            gap = np.maximum(bounded.value[item] - by_shown, 0.0)
            most = np.maximum(bounded.upper[item] - by_shown, 0.0)
            share = np.bincount(prefecture, weights=np.where(hidden, weight, 0.0), minlength=47)
            part = np.divide(
                weight, share[prefecture], out=np.zeros_like(weight), where=share[prefecture] > 0
            )
            estimate = np.where(hidden, gap[prefecture] * part, 0.0)
            for total, addition in zip(
                totals,
                (shown + estimate, shown, shown + np.where(hidden, most[prefecture], 0.0), hidden, shown),
                strict=True,
            ):
                total += addition
    if not found:
        return None
    value, lower, upper, suppressed, shown_sum = totals
    return Bounded(value, lower, upper, suppressed.astype(np.int64)), shown_sum, codes


def _frame(keys: pd.DataFrame, name: str, year: int, bounded: Bounded, shown: FloatArray) -> pd.DataFrame:
    out = keys.copy()
    out.insert(0, "fiscal_year", year)
    out.insert(0, "service", name)
    out["value"] = bounded.value
    out["shown"] = shown
    out["lower"] = bounded.lower
    out["upper"] = bounded.upper
    out["suppressed"] = bounded.suppressed
    return out


def _sorted(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return frame.sort_values(["service", "fiscal_year", *keys], ignore_index=True, kind="stable")

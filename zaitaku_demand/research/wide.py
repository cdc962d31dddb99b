"""The panel as one wide table, one row a place and year, with names that every statistics program takes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from zaitaku_demand.indicators.declaration import LEVEL_NAMES
from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.research.panel import Panel, Series
from zaitaku_demand.text import Text

KEYS: dict[str, Text] = {
    "level": Text("地域の単位", "level"),
    "area_code": Text("地域コード", "code of the place"),
    "area_name": Text("地域名", "name of the place"),
    "prefecture_code": Text("都道府県コード", "code of the prefecture"),
    "type": Text("地域の類型", "type of area"),
    "year": Text("年（NDBは年度）", "year (fiscal year of the NDB)"),
}
LEVELS = tuple(LEVEL_NAMES)

LONGEST_NAME = 26
"""Stata takes 32 characters, six of which the longest suffix takes."""

NUMERATOR, EXPOSURE, STATE = "_num", "_den", "_state"
"""Longer than one letter: P-E-1-D is no denominator of P-E-1."""


class Column(NamedTuple):
    """One column of the wide table: its variable (empty for a key), what of it, and its label in both languages.

    `part` is ``key``, ``value``, ``numerator``, ``exposure`` or ``state``.
    """

    name: str
    variable: str
    part: str
    label: Text


def wide(panels: Iterable[Panel]) -> pd.DataFrame:
    """One row a place and year, in which any variable has a figure or a state.

    Parameters
    ----------
    panels : iterable of Panel
        Of different levels; rows stand below each other.

    Returns
    -------
    DataFrame
        The `KEYS`; then for every variable with data its value under its safe name, of an indicator also the numerator
        (``_num``) and the exposure (``_den``), and the state (``_state``: one of ``STATE_NAMES``, ``no_data`` outside its
        years). Hidden and missing figures are NaN. A characteristic of one year stands in that year only.
    """
    given = list(panels)
    names = safe_names(given)
    described = columns(given)
    table = pd.concat([_wide(panel, names) for panel in given], ignore_index=True)
    table = table.reindex(columns=[column.name for column in described])
    states = [column.name for column in described if column.part == "state"]
    # A variable of one level has no state at the other one; there are no data either.
    table[states] = table[states].astype(object).fillna(STATE_NAMES[0]).astype("str")
    return table


def columns(panels: Iterable[Panel]) -> list[Column]:
    """The columns of `wide` in their order, with labels."""
    given = list(panels)
    found = [Column(name, "", "key", label) for name, label in KEYS.items()]
    for variable, name in safe_names(given).items():
        panel = next(each for each in given if variable in each.series)
        label = panel.label(variable)
        unit = panel.unit(variable)
        named = Text(
            f"{label.ja}（{unit.ja}）" if unit.ja else label.ja,
            f"{label.en} ({unit.en})" if unit.en else label.en,
        )
        found.append(Column(name, variable, "value", named))
        if panel.series[variable].kind != "normal":
            found.append(
                Column(
                    name + NUMERATOR,
                    variable,
                    "numerator",
                    Text(f"{label.ja}：分子", f"{label.en}: numerator"),
                )
            )
            found.append(
                Column(
                    name + EXPOSURE,
                    variable,
                    "exposure",
                    Text(f"{label.ja}：分母・期待数", f"{label.en}: exposure"),
                )
            )
        found.append(Column(name + STATE, variable, "state", Text(f"{label.ja}：状態", f"{label.en}: state")))
    return found


def safe_names(panels: Iterable[Panel]) -> dict[str, str]:
    """Variable → name of at most 26 lower-case letters, digits and underscores, each once.

    Variables without a figure at every level are left out. Signs other than ASCII are replaced by a checksum of the
    whole name, so that a file's name in Japanese gives the same name in every run.
    """
    found: dict[str, str] = {}
    taken = set(KEYS)
    for panel in panels:
        for variable, series in panel.series.items():
            if series.years and variable not in found:
                found[variable] = _safe(variable, taken)
                taken |= _with_suffixes(found[variable])
    return found


def _with_suffixes(name: str) -> set[str]:
    return {name, name + NUMERATOR, name + EXPOSURE, name + STATE}


def _safe(variable: str, taken: set[str]) -> str:
    name = re.sub(r"[^0-9a-z]+", "_", variable.lower()).strip("_")
    short = variable.isascii() and len(name) <= LONGEST_NAME and name[:1].isalpha()
    if short and not _with_suffixes(name) & taken:
        return name
    suffix = f"_{zlib.crc32(variable.encode()):08x}"
    stem = name if name[:1].isalpha() else f"v_{name}"
    return stem[: LONGEST_NAME - len(suffix)].rstrip("_") + suffix


def _wide(panel: Panel, names: dict[str, str]) -> pd.DataFrame:
    used = {variable: panel.series[variable] for variable in names if variable in panel.series}
    years = sorted({year for series in used.values() for year in series.years})
    count = len(years)
    places = panel.places.loc[np.repeat(panel.places.index, count)].reset_index(drop=True)
    table: dict[str, object] = {
        "level": np.repeat(panel.level, len(places)),
        **{name: places[name].to_numpy() for name in ("area_code", "area_name", "prefecture_code", "type")},
        "year": np.tile(np.array(years, dtype=np.int16), len(panel.places)),
    }
    states = np.array(STATE_NAMES, dtype=object)
    for variable, series in used.items():
        at = np.searchsorted(years, series.years)
        name = names[variable]
        table[name] = _spread(series.value, series, at, count)
        if series.kind != "normal":
            table[name + NUMERATOR] = _spread(series.numerator, series, at, count)
            table[name + EXPOSURE] = _spread(series.exposure, series, at, count)
        state = np.zeros((len(panel.places), count), dtype=np.int8)
        state[:, at] = series.state
        table[name + STATE] = states[state.ravel()]
    return pd.DataFrame(table)


def _spread(
    figures: np.ndarray[tuple[int, ...], np.dtype[np.float64]], series: Series, at: object, count: int
) -> object:
    out = np.full((len(series.state), count), np.nan)
    out[:, np.asarray(at)] = figures
    return out.ravel()

"""The panel: every variable of one level as arrays (places, years), with its role in the research.

Two kinds of variables stand side by side. *Indicators* have a numerator and something to divide it by, so chance can
be computed for them. *Characteristics* of a place (shares of the old, density, beds …) are figures without
a sampling error of their own; they serve as confounders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zaitaku_demand.benchmark.intervals import divide
from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.text import Text

FloatArray = npt.NDArray[np.float64]
StateArray = npt.NDArray[np.int8]
Kind = Literal["binomial", "poisson", "normal"]
Role = Literal["outcome", "exposure", "confounder"]

ROLES: dict[Role, Text] = {
    "outcome": Text("アウトカムの候補", "candidate outcome"),
    "exposure": Text("プロセス・ストラクチャー", "process or structure"),
    "confounder": Text("交絡因子", "confounder"),
}


class Series(NamedTuple):
    """One variable in the years in which any place has a figure.

    Attributes
    ----------
    name : str
        Id of the indicator or characteristic.
    kind : str
        ``binomial`` (proportion), ``poisson`` (rate, ratio of counts, SCR: count and what it is divided by) or
        ``normal`` (a figure without counts).
    years : tuple of int
    numerator : array (places, years)
        Count as published or estimated (the figure itself for ``normal``); NaN where not shown.
    exposure : array (places, years)
        What it is divided by: persons, cases or expected count; 1 for ``normal``. NaN where the numerator is.
    event_size : float
        Entries of the numerator that belong to one case (claims per patient); 1 where each counts alone.
    multiplier : float
        Turns numerator / exposure into the unit in which the variable is read.
    state : array (places, years) of int8
        Position in ``STATE_NAMES``: 0 no_data, 1 observed, 2 estimated, 3 suppressed.
    """

    name: str
    kind: Kind
    years: tuple[int, ...]
    numerator: FloatArray
    exposure: FloatArray
    event_size: float
    multiplier: float
    state: StateArray

    @property
    def rate(self) -> FloatArray:
        """Numerator / exposure, array (places, years); NaN where not shown."""
        return divide(self.numerator, self.exposure)

    @property
    def value(self) -> FloatArray:
        """The rate in the variable's unit, array (places, years)."""
        return self.rate * self.multiplier

    @property
    def events(self) -> FloatArray:
        """Independent cases, numerator / event size; array (places, years)."""
        return self.numerator / self.event_size

    @property
    def size(self) -> FloatArray:
        """Exposure on the scale of `events`, so that events / size is the rate; array (places, years)."""
        return self.exposure / self.event_size

    def in_years(self, years: Sequence[int]) -> Series:
        """The same in these years only (those at hand among them)."""
        keep = [position for position, year in enumerate(self.years) if year in set(years)]
        return self._replace(
            years=tuple(self.years[position] for position in keep),
            numerator=self.numerator[:, keep],
            exposure=self.exposure[:, keep],
            state=self.state[:, keep],
        )


@dataclass(frozen=True)
class Panel:
    """All variables of one level.

    Attributes
    ----------
    level : str
        ``prefecture`` or ``area``.
    places : DataFrame
        area_code, area_name, prefecture_code, type; one row a place, in the order of the arrays.
    variables : DataFrame
        Index: name of the variable. Columns role, kind, type and function (of an indicator), statistic, key, better,
        place (by whose place it is counted), numerator, denominator (names of the measures), event_size,
        denominator_event_size, multiplier, and in both languages label_, unit_, definition_, source_ and caveats_
        with ja or en (see `variable_row`).
    series : mapping
        Name → :class:`Series`, arrays in the order of `places`.
    """

    level: str
    places: pd.DataFrame
    variables: pd.DataFrame
    series: Mapping[str, Series]

    def __getitem__(self, name: str) -> Series:
        """The series of a variable.

        Raises
        ------
        InputError
            If the panel has no variable of that name.
        """
        if name not in self.series:
            raise InputError(
                Text(f"パネルに変数「{name}」がない", f"the panel has no variable '{name}'"),
                Text(
                    "「zaitaku research panel --codebook」で変数を一覧してください",
                    "list the variables with `zaitaku research panel --codebook`",
                ),
            )
        return self.series[name]

    def label(self, name: str) -> Text:
        """Name of a variable for a reader."""
        row = self.variables.loc[name]
        return Text(str(row["label_ja"]), str(row["label_en"]))

    def unit(self, name: str) -> Text:
        """Unit in which a variable is read."""
        row = self.variables.loc[name]
        return Text(str(row["unit_ja"]), str(row["unit_en"]))

    def names(self, role: Role) -> list[str]:
        """Variables of a role that have a figure at this level, in the order of the table."""
        chosen = self.variables.index[self.variables["role"] == role]
        return [str(name) for name in chosen if self.series[str(name)].years]

    def studying(self, outcomes: Sequence[str]) -> Panel:
        """The same with these variables as the only outcomes; other candidates become exposures.

        Raises
        ------
        InputError
            If the panel has no variable of one of the names.
        """
        chosen = {self[name].name for name in outcomes}
        variables = self.variables.copy()
        variables.loc[variables["role"] == "outcome", "role"] = "exposure"
        variables.loc[variables.index.isin(chosen), "role"] = "outcome"
        return replace(self, variables=variables)

    def values(self, names: Sequence[str], years: Sequence[int]) -> FloatArray:
        """Values of several variables, array (variables, places, years).

        A characteristic known in one year only stands for all; otherwise a year without figure is NaN.
        """
        out = np.full((len(names), len(self.places), len(years)), np.nan)
        for position, name in enumerate(names):
            series = self[name]
            value = series.value
            if series.kind == "normal" and len(series.years) == 1:
                out[position] = value
                continue
            for column, year in enumerate(years):
                if year in series.years:
                    out[position, :, column] = value[:, series.years.index(year)]
        return out

    @property
    def clusters(self) -> npt.NDArray[np.int64]:
        """Number of the prefecture of each place, array (places,)."""
        return self.places["prefecture_code"].to_numpy().astype(np.int64)

    def tidy(self) -> pd.DataFrame:
        """One row a variable, place and year: name, role, level, area_code, year, numerator, exposure, value, state."""
        parts = []
        for name, series in self.series.items():
            places, years = series.state.shape
            parts.append(
                pd.DataFrame(
                    {
                        "variable": name,
                        "role": str(self.variables.loc[name, "role"]),
                        "level": self.level,
                        "area_code": np.repeat(self.places["area_code"].to_numpy(), years),
                        "year": np.tile(np.array(series.years, dtype=np.int64), places),
                        "numerator": series.numerator.ravel(),
                        "exposure": series.exposure.ravel(),
                        "value": series.value.ravel(),
                        "state": np.array(STATE_NAMES, dtype=object)[series.state.ravel()],
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)


def variable_row(
    series: Series,
    role: Role,
    *,
    label: Text,
    unit: Text,
    definition: Text,
    source: Text,
    caveats: Text,
    **further: object,
) -> dict[str, object]:
    """One row of `Panel.variables`, with its name; what is not given `further` is empty or 1.

    Raises
    ------
    KeyError
        If a further column is none of the layout.
    """
    row: dict[str, object] = {
        "name": series.name,
        "role": role,
        "kind": series.kind,
        "type": "",
        "function": "",
        "statistic": "",
        "key": False,
        "better": "neutral",
        "place": "residence",
        "numerator": "",
        "denominator": "",
        "event_size": series.event_size,
        "denominator_event_size": 1.0,
        "multiplier": series.multiplier,
    }
    unknown = set(further) - set(row)
    if unknown:
        raise KeyError(f"no such column: {sorted(unknown)}")
    row |= further
    texts = {"label": label, "unit": unit, "definition": definition, "source": source, "caveats": caveats}
    for name, text in texts.items():
        row |= {f"{name}_ja": text.ja, f"{name}_en": text.en}
    return row

"""Outcome, exposure and confounders of one association as plain arrays, one row a place and year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zaitaku_demand.errors import InputError
from zaitaku_demand.indicators.expected import STATE_NAMES
from zaitaku_demand.research.panel import FloatArray, Kind, Panel, Series
from zaitaku_demand.text import Text

IntArray = npt.NDArray[np.int64]
SCALES = ("sd", "log2", "unit")
LEAST_SPARE_CLUSTERS = 5
"""Clusters that must remain beyond the coefficients of exposure and confounders."""
_SMALLEST_SINGULAR_VALUE = 1e-8


class DesignError(InputError):
    """No design can be made of these variables.

    Attributes
    ----------
    code : str
        Why, a code of ``estimate.NOTES``.
    """

    def __init__(self, code: str, found: Text, action: Text) -> None:
        self.code = code
        super().__init__(found, action)


@dataclass(frozen=True)
class Design:
    """One association: rows are the place-years in which every figure is known.

    Attributes
    ----------
    outcome, exposure : str
        Names of the variables.
    confounders : tuple of str
        Columns of `z`.
    level : str
    events : array (rows,)
        Independent cases (claims divided by claims per patient).
    size : array (rows,)
        What they are divided by on the same scale: persons, deaths, expected cases; trials of a ``binomial`` outcome.
    kind : str
        ``binomial`` or ``poisson``.
    x : array (rows,)
        Exposure, centred for ``sd``.
    z : array (rows, confounders)
        Confounders, mean 0 and sd 1 between places.
    place, prefecture, year : arrays (rows,)
        Position of the place in the panel, number of its prefecture, year of the outcome.
    scale : str
        Unit of `x`: ``sd`` one standard deviation between places, ``log2`` a doubling, ``unit`` the variable's own.
    step : float
        That standard deviation in the unit of the variable, over the places of these rows; 1 for the other scales.
    """

    outcome: str
    exposure: str
    confounders: tuple[str, ...]
    level: str
    events: FloatArray
    size: FloatArray
    kind: Kind
    x: FloatArray
    z: FloatArray
    place: IntArray
    prefecture: IntArray
    year: IntArray
    scale: str
    step: float = 1.0

    @property
    def n_rows(self) -> int:
        """Place-years."""
        return len(self.events)

    @cached_property
    def n_places(self) -> int:
        """Places with at least one row."""
        return len(np.unique(self.place))

    @cached_property
    def n_prefectures(self) -> int:
        """Prefectures (clusters) with at least one row."""
        return len(np.unique(self.prefecture))

    @cached_property
    def years(self) -> IntArray:
        """Years with at least one row, in order."""
        return np.unique(self.year)

    def year_columns(self) -> FloatArray:
        """One indicator column a year, array (rows, years); they hold the constant."""
        return np.asarray(self.year[:, None] == self.years, np.float64)

    def matrix(self) -> FloatArray:
        """Columns of the regression: x first, then years, then confounders; array (rows, columns)."""
        return np.asarray(np.column_stack([self.x, self.year_columns(), self.z]))

    def levels(self) -> tuple[IntArray, ...]:
        """Groupings that differ from single rows and from each other, fine to coarse; arrays (rows,)."""
        kept: list[IntArray] = []
        count = self.n_rows
        for codes in (self.place, self.prefecture):
            groups = len(np.unique(codes))
            if groups < count:
                kept.append(codes)
                count = groups
        return tuple(kept)

    def problem(self, matrix: FloatArray) -> str:
        """Code of the reason (see ``estimate.NOTES``) why no model of these columns can be fitted; empty if none."""
        if np.bincount(np.searchsorted(self.years, self.year), self.events).min() <= 0:
            return "no_events"
        if self.n_prefectures < matrix.shape[1] - len(self.years) + LEAST_SPARE_CLUSTERS:
            return "few_places"
        return "collinear" if _collinear(matrix) else ""

    def subset(self, mask: npt.ArrayLike) -> Design:
        """The rows where `mask` is true (or at these positions); x and z keep their scale."""
        chosen = np.asarray(mask)
        parts = {
            name: getattr(self, name)[chosen]
            for name in ("events", "size", "x", "z", "place", "prefecture", "year")
        }
        return replace(self, **parts)

    def without(self, prefecture: int) -> Design:
        """The rows of all other prefectures."""
        return self.subset(self.prefecture != prefecture)

    def crude(self) -> Design:
        """The same rows without confounders."""
        return replace(self, confounders=(), z=np.empty((self.n_rows, 0)))

    def as_matrix(self, values: npt.ArrayLike) -> tuple[IntArray, IntArray, FloatArray]:
        """Values by row laid out as places × years.

        Returns
        -------
        places : array (places,)
            Positions in the panel.
        years : array (years,)
        values : array (places, years)
            NaN where the design has no row.
        """
        places, at = np.unique(self.place, return_inverse=True)
        years, when = np.unique(self.year, return_inverse=True)
        out = np.full((len(places), len(years)), np.nan)
        out[at, when] = np.asarray(values, np.float64)
        return places, years, out


def make_design(
    panel: Panel,
    outcome: str,
    exposure: str,
    confounders: Sequence[str] = (),
    years: Sequence[int] | None = None,
    lag: int = 0,
    scale: str = "sd",
    places: npt.ArrayLike | None = None,
    states: Sequence[str] = ("observed", "estimated"),
) -> Design:
    """The rows in which outcome, exposure and all confounders have a figure.

    Parameters
    ----------
    panel : Panel
    outcome, exposure : str
    confounders : sequence of str
        A characteristic known in one year only stands for all years.
    years : sequence of int, optional
        Years of the outcome; all by default.
    lag : int
        The exposure is that of `lag` years before the outcome (negative: after it).
    scale : {"sd", "log2", "unit"}
    places : array of bool or of positions, optional
        Places of the panel to use.
    states : sequence of str
        States of outcome and exposure that are used.

    Raises
    ------
    DesignError
        If nothing overlaps, the exposure does not differ between places, or a value of 0 should be doubled.
    InputError
        If a variable or scale is unknown, or the outcome has no counts.
    """
    _check(panel, outcome, exposure, scale)
    series = panel[outcome]
    used = [year for year in series.years if years is None or year in set(years)]
    shape = (len(panel.places), len(used))
    columns = [series.years.index(year) for year in used]
    events, size = series.events[:, columns], series.size[:, columns]
    x = _in_states(panel, exposure, [year - lag for year in used], states)
    z = panel.values(list(confounders), used) if confounders else np.empty((0, *shape))
    usable = _of_states(series, states)[:, columns] & (size > 0) & np.isfinite(events) & np.isfinite(x)
    usable &= np.isfinite(z).all(axis=0) & _chosen(places, len(panel.places))[:, None]
    if not usable.any():
        raise DesignError(
            "no_overlap",
            Text(
                f"「{outcome}」と「{exposure}」がともに得られる年・地域がない",
                f"'{outcome}' and '{exposure}' are not known together for any place and year",
            ),
            Text("年、地域、交絡因子の指定を見直してください", "choose other years, places or confounders"),
        )
    place, when = np.nonzero(usable)
    scaled = _scaled(x[usable], place, scale, exposure)
    confounding = [_standardised(each[usable], place) for each in z]
    return Design(
        outcome=outcome,
        exposure=exposure,
        confounders=tuple(confounders),
        level=panel.level,
        events=events[usable],
        size=size[usable],
        kind=series.kind,
        x=scaled,
        z=np.column_stack(confounding) if confounding else np.empty((len(place), 0)),
        place=place.astype(np.int64),
        prefecture=panel.clusters[place],
        year=np.array(used, dtype=np.int64)[when],
        scale=scale,
        step=float(place_means(x[usable], place)[1].std(ddof=1)) if scale == "sd" else 1.0,
    )


def place_means(values: FloatArray, place: IntArray) -> tuple[IntArray, FloatArray]:
    """Position of each row's place among the places at hand, and the mean of the place; arrays (rows,), (places,)."""
    _, at = np.unique(place, return_inverse=True)
    return at, np.bincount(at, values) / np.bincount(at)


def _collinear(matrix: FloatArray) -> bool:
    length = np.sqrt((matrix * matrix).sum(axis=0))
    if not length.all() or len(matrix) < matrix.shape[1]:
        return True
    return bool(np.linalg.svd(matrix / length, compute_uv=False)[-1] < _SMALLEST_SINGULAR_VALUE)


def _check(panel: Panel, outcome: str, exposure: str, scale: str) -> None:
    if scale not in SCALES:
        raise InputError(
            Text(f"尺度「{scale}」はない", f"there is no scale '{scale}'"),
            Text(f"{'、'.join(SCALES)}のいずれかを指定してください", f"choose one of {', '.join(SCALES)}"),
        )
    if panel[outcome].kind == "normal":
        raise InputError(
            Text(f"「{outcome}」には件数と分母がない", f"'{outcome}' has no counts and denominators"),
            Text("件数と分母のある指標をアウトカムにしてください", "choose an outcome with counts"),
        )
    if outcome == exposure:
        raise InputError(
            Text(
                f"アウトカムと説明変数がともに「{outcome}」である",
                f"outcome and exposure are both '{outcome}'",
            ),
            Text("別の変数を指定してください", "choose another variable"),
        )


def _of_states(series: Series, states: Sequence[str]) -> npt.NDArray[np.bool_]:
    return np.asarray(np.isin(series.state, [STATE_NAMES.index(state) for state in states]))


def _in_states(panel: Panel, name: str, years: Sequence[int], states: Sequence[str]) -> FloatArray:
    """Values of a variable in these years, NaN in other states; array (places, years)."""
    series = panel[name]
    numerator = np.where(_of_states(series, states), series.numerator, np.nan)
    only = Panel(panel.level, panel.places, panel.variables, {name: series._replace(numerator=numerator)})
    return np.asarray(only.values([name], years)[0])


def _chosen(places: npt.ArrayLike | None, count: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(count, dtype=bool)
    mask[slice(None) if places is None else np.asarray(places)] = True
    return mask


def _scaled(x: FloatArray, place: IntArray, scale: str, exposure: str) -> FloatArray:
    if scale == "unit":
        return x
    if scale == "log2":
        if (x <= 0).any():
            raise DesignError(
                "zeros",
                Text(f"「{exposure}」に0の値がある", f"'{exposure}' has values of 0"),
                Text("尺度をsdまたはunitにしてください", "use the scale sd or unit"),
            )
        return np.asarray(np.log2(x))
    out = _standardised(x, place)
    if not out.any():
        raise DesignError(
            "no_between_variation",
            Text(f"「{exposure}」の地域間に差がない", f"'{exposure}' does not differ between places"),
            Text("別の変数か、より多くの地域を指定してください", "choose another variable or more places"),
        )
    return out


def _standardised(values: FloatArray, place: IntArray) -> FloatArray:
    """Centred over places and divided by the sd between the places' means; 0 where they do not differ."""
    _, means = place_means(values, place)
    spread = means.std(ddof=1) if len(means) > 1 else 0.0
    if spread <= 1e-12 * max(float(np.abs(means).max()), 1e-300):
        return np.zeros_like(values)
    return np.asarray((values - means.mean()) / spread)
